//! The site: from a projected Model to files.
//!
//! In: the Model of one audience, and its reports. Out: `Plan` (which pages exist), then `Site` (their bytes), then
//! a folder. Each step only carries out what the one before decided.

mod ask;
pub mod dead_links;
mod default_theme;
mod edition;
pub mod findings;
pub mod frame;
mod host;
mod inputs;
pub mod leak;
mod own_files;
pub mod page;
pub mod places;
pub mod plan;
pub mod render;
pub mod search;
mod shelf;
mod state;
pub mod steps;
mod terms;
pub mod theme;
mod view;
pub mod write;

use crate::digest::{Digest, Inputs};
use crate::disk::{self, DiskError};
use crate::source::{Source, Span};
use dead_links::DeadLink;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;
use std::sync::Arc;

/// The finished output of one audience. Its files are kept in parts, so that a part that is as it was is looked at once.
#[derive(Default)]
pub struct Site {
    /// A part for each folder of shared pages, by its path, and one named "" for the rest.
    pub parts: BTreeMap<String, Arc<SitePart>>,
    /// Links of its texts that lead nowhere in it.
    pub dead_links: Vec<DeadLink>,
}

/// Some files of a site.
pub struct SitePart {
    /// By path below the audience's root, with forward slashes.
    pub files: BTreeMap<Arc<str>, File>,
    /// The digest of all of them.
    pub digest: Digest,
}

impl SitePart {
    /// A part of these files.
    pub fn new(files: BTreeMap<Arc<str>, File>) -> Self {
        let inputs =
            Inputs::of("part").list(files.iter(), |inputs, (path, file)| inputs.text(path).digest(&file.digest));
        Self { digest: inputs.end(), files }
    }
}

impl Site {
    /// All files: part by part, in each by path.
    pub fn files(&self) -> impl Iterator<Item = (&Arc<str>, &File)> {
        self.parts.values().flat_map(|part| &part.files)
    }

    /// How many files there are.
    pub fn len(&self) -> usize {
        self.parts.values().map(|part| part.files.len()).sum()
    }

    /// What of its texts is on no page of it.
    pub fn lost(&self) -> impl Iterator<Item = &LostText> {
        self.files().flat_map(|(_, file)| &*file.lost)
    }

    /// The ids that more than one thing on a page has, each with the pages, in order.
    pub fn ids_twice(&self) -> BTreeMap<&str, Vec<&str>> {
        let mut twice: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (path, file) in self.files() {
            file.ids_twice.iter().for_each(|id| twice.entry(id).or_default().push(path));
        }
        twice
    }

    /// The file at a path.
    pub fn find(&self, path: &str) -> Option<(&str, &File)> {
        let folders = path.match_indices('/').map(|(at, _)| &path[..=at]).chain([""]);
        let mut parts = folders.filter_map(|folder| self.parts.get(folder));
        parts.find_map(|part| part.files.get_key_value(path)).map(|(path, file)| (&**path, file))
    }

    /// The paths that only one of two sites has, or that differ in them.
    pub fn difference(&self, other: &Self) -> Vec<String> {
        let unlike = |one: &'_ Self, other: &'_ Self| {
            let same =
                |name: &str, part: &SitePart| other.parts.get(name).is_some_and(|other| other.digest == part.digest);
            let parts = one.parts.iter().filter(|(name, part)| !same(name, part));
            let files = parts.flat_map(|(_, part)| &part.files);
            let differs =
                |path: &str, file: &File| other.find(path).is_none_or(|(_, other)| other.digest != file.digest);
            files.filter(|(path, file)| differs(path, file)).map(|(path, _)| path.to_string()).collect::<BTreeSet<_>>()
        };
        unlike(self, other).union(&unlike(other, self)).cloned().collect()
    }
}

/// A finished file.
#[derive(Clone)]
pub struct File {
    content: FileContent,
    /// SHA-256 of what it holds.
    pub digest: Digest,
    /// What of the texts that it was made from is not in it.
    pub lost: Arc<[LostText]>,
    /// Ids that more than one thing in it has.
    pub ids_twice: Arc<[String]>,
}

/// What is said of a stored file that somebody else wrote since.
const NOT_AS_WRITTEN: &str = "this is not what the last build wrote: remove the folder .goldbook and build again";

/// Words of a text, or of a run that it shows, that are not on its page.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LostText {
    /// Where they stand, or where the run is shown.
    pub place: Span,
    /// The first words of the run; none of a text.
    pub of_run: Vec<String>,
    /// The release that holds the text, if it is sealed.
    pub release: Option<String>,
}

#[derive(Clone)]
enum FileContent {
    Held(Arc<[u8]>),
    /// In a folder that an earlier build wrote and nobody has touched since.
    Stored(Arc<Path>),
}

impl File {
    /// A file that holds these bytes.
    pub fn new(bytes: impl Into<Arc<[u8]>>) -> Self {
        let bytes = bytes.into();
        Self {
            digest: Digest::of(&bytes),
            content: FileContent::Held(bytes),
            lost: Arc::default(),
            ids_twice: Arc::default(),
        }
    }

    /// The same file, not all of whose text is in it.
    fn without(self, lost: &[LostText]) -> Self {
        Self { lost: lost.into(), ..self }
    }

    /// The same bytes as a source.
    pub fn of(source: &Source) -> Self {
        Self {
            content: FileContent::Held(source.content.shared()),
            digest: source.digest,
            lost: Arc::default(),
            ids_twice: Arc::default(),
        }
    }

    /// Whether nothing has to be said of it.
    pub fn is_flawless(&self) -> bool {
        self.lost.is_empty() && self.ids_twice.is_empty()
    }

    /// A file that an earlier build wrote to `place`.
    pub fn stored(place: Arc<Path>, digest: Digest) -> Self {
        Self { content: FileContent::Stored(place), digest, lost: Arc::default(), ids_twice: Arc::default() }
    }

    /// Whether an earlier build wrote it to `place`.
    pub fn is_stored_at(&self, place: &Path) -> bool {
        matches!(&self.content, FileContent::Stored(stored) if **stored == *place)
    }

    /// What it holds. Fails only if it is stored and can't be read, or is not what was stored.
    pub fn bytes(&self) -> Result<Arc<[u8]>, DiskError> {
        match &self.content {
            FileContent::Held(bytes) => Ok(Arc::clone(bytes)),
            FileContent::Stored(place) => {
                let bytes = disk::read(place)?;
                if Digest::of(&bytes) != self.digest {
                    return Err(DiskError { path: place.to_path_buf(), error: io::Error::other(NOT_AS_WRITTEN) });
                }
                Ok(bytes.into())
            }
        }
    }
}

/// What leads from a page at `path` up to the root: one `../` for each folder.
fn up(path: &str) -> String {
    "../".repeat(path.matches('/').count())
}

/// What leads from the page at `path` to an address: no farther up than the folder that both lie in, so that the pages
/// of a version say the same wherever it lies.
fn relative(path: &str, address: &str) -> String {
    let folders = |path: &str| path.match_indices('/').map(|(at, _)| at + 1).collect::<Vec<_>>();
    let common = folders(path).into_iter().take_while(|end| address.starts_with(&path[..*end])).last().unwrap_or(0);
    let (up, down) = (up(&path[common..]), &address[common..]);
    // What stands before a colon would be the scheme of an address.
    let is_scheme = up.is_empty() && down.split('/').next().is_some_and(|first| first.contains(':'));
    if is_scheme { format!("./{down}") } else { up + down }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_relative_address_leads_from_one_page_to_the_other() {
        for (from, to, address) in [
            ("a/b/index.html", "a/c/index.html", "../c/index.html"),
            ("a/b/index.html", "a/b/c.png", "c.png"),
            ("a/b/index.html", "a/index.html", "../index.html"),
            ("a/index.html", "ab/index.html", "../ab/index.html"),
            ("index.html", "a/index.html", "a/index.html"),
            ("index.html", "a:b/index.html", "./a:b/index.html"),
        ] {
            assert_eq!(relative(from, to), address, "{from} to {to}");
        }
    }

    #[test]
    fn what_is_stored_is_given_out_only_as_it_was_written() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("index.html");
        let file = File::stored(place.as_path().into(), Digest::of(b"A page"));
        for (text, is_whole) in [("A page", true), ("A pane", false)] {
            std::fs::write(&place, text).unwrap();
            assert_eq!(file.bytes().is_ok(), is_whole, "{text}");
        }
    }
}
