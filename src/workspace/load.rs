//! Loading: the site's files as `Sources`.
//!
//! In: the root folder, and what is known of it from before. Out: settings, every file that pages are made from, and
//! the paths of the ratings (which are streamed later, not held). It never interprets a file beyond telling text from
//! bytes, and never reads one again that is as it was.

use super::unfinished::StoreState;
use crate::config::{self, Config};
use crate::diagnostic::{Diagnostics, Halt, Place, rules};
use crate::digest::{Digest, Inputs};
use crate::disk::{self, FoundFile, Stamp};
use crate::document::{RATINGS, REPORTS, is_reading};
use crate::limits::{LARGEST_DOCUMENT, LARGEST_FILE, mebibytes};
use crate::ratings;
use crate::release;
use crate::source::{Content, Folder, Source, Sources, folder_of};
use crate::table::encoding;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What a root folder holds.
pub struct Loaded {
    /// The settings.
    pub config: Config,
    /// The files, sorted by path.
    pub sources: Sources,
    /// The files of ratings.
    pub ratings: RatingsFiles,
}

/// Files that are read when reports are made.
pub struct RatingsFiles {
    /// Path below the root, and path on this machine.
    pub files: Vec<(String, PathBuf)>,
    /// A digest that changes when one of them does.
    pub digest: Digest,
}

/// What is known of a root folder since it was last looked at.
#[derive(Default)]
pub struct KnownFiles {
    /// The folders below it, by path with a `/` at the end.
    folders: BTreeMap<String, Listed>,
}

/// What lies in one folder.
#[derive(Default)]
struct Listed {
    entries: BTreeMap<String, ListedPath>,
    /// What was made of the entries; none if one of them is new.
    made: Option<(Arc<Folder>, Diagnostics)>,
}

/// What stands at one path.
struct ListedPath {
    place: PathBuf,
    stamp: Option<Stamp>,
    /// What was read; none for ratings, which are not held.
    read: Option<Result<Source, Diagnostics>>,
}

/// Which files may have changed since the last look.
pub enum Changes {
    /// Any.
    Everything,
    /// Those at and below these places.
    At(BTreeSet<PathBuf>),
}

/// How much of a site is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// All that pages are made from.
    Whole,
    /// What is sealed.
    Releases,
}

/// How often a site is read again because an act ended meanwhile.
const MOST_LOOKS: usize = 20;

/// Reads the site below `root`. Unreadable files are recorded and left out.
pub fn site(
    root: &Path,
    extent: Extent,
    known: &mut KnownFiles,
    changes: &Changes,
    diagnostics: &mut Diagnostics,
) -> Result<Loaded, Halt> {
    let settings = Sources::new(vec![read_settings(root, diagnostics)?]);
    let config = parse_settings(&settings, diagnostics)?;
    let theme = config.theme.as_ref().filter(|_| extent == Extent::Whole).map(|theme| format!("themes/{theme}"));
    if let Some(theme) = theme.as_ref().filter(|theme| !disk::exists(&root.join(theme))) {
        let message = format!("the theme's folder {theme} is not there");
        diagnostics.add(rules::INVALID_SETTINGS, Place::file(config::FILE), message);
    }
    let content: &[&str] = match extent {
        Extent::Whole => &["content"],
        Extent::Releases => &[release::FOLDER, REPORTS],
    };
    let content = content.iter().map(|folder| folder.trim_end_matches('/'));
    let folders: Vec<&str> = content.chain(theme.as_deref()).collect();
    let store = known.look_whole(root, &folders, changes, diagnostics);
    let made = known.folders.values().filter_map(|listed| listed.made.as_ref());
    made.clone().for_each(|(_, found)| diagnostics.append_shared(found));
    let made = store
        .before_the_act(made.map(|(folder, _)| folder).cloned().collect(), &|path, bytes| source(path, bytes).ok());
    let folders = settings.folders.iter().cloned().chain(made).collect();
    Ok(Loaded { config, sources: Sources::of(folders), ratings: known.ratings() })
}

impl KnownFiles {
    /// Lists and reads the folders, once more where an act on the releases ended meanwhile; returns the state that the
    /// releases were in.
    fn look_whole(
        &mut self,
        root: &Path,
        folders: &[&str],
        changes: &Changes,
        diagnostics: &mut Diagnostics,
    ) -> StoreState {
        let mut state = StoreState::of(root);
        for changes in std::iter::once(changes).chain([&Changes::Everything; MOST_LOOKS]) {
            let mut found = Diagnostics::default();
            self.look(root, folders, changes, &mut found);
            self.read();
            let now = StoreState::of(root);
            if now == state {
                diagnostics.append(found);
                return state;
            }
            state = now;
        }
        state
    }

    /// Lists the folders again, or the changed parts of them.
    fn look(&mut self, root: &Path, folders: &[&str], changes: &Changes, diagnostics: &mut Diagnostics) {
        match changes {
            Changes::At(places) if !places.contains(&root.join(config::FILE)) => {
                for part in changed_parts(root, folders, places) {
                    self.forget(&part);
                    self.add(list(root, &part, diagnostics));
                }
            }
            _ => {
                let mut listed: Vec<(String, ListedPath)> = Vec::new();
                for folder in folders {
                    listed.append(&mut list(root, folder, diagnostics));
                }
                self.replace(listed);
            }
        }
    }

    fn add(&mut self, listed: Vec<(String, ListedPath)>) {
        for (path, entry) in listed {
            let folder = self.folders.entry(folder_of(&path).to_owned()).or_default();
            folder.entries.insert(path, entry);
            folder.made = None;
        }
    }

    /// Takes over a new list, and keeps what was read in files that are as they were.
    fn replace(&mut self, mut listed: Vec<(String, ListedPath)>) {
        listed.par_iter_mut().for_each(|(_, entry)| entry.stamp = disk::stamp(&entry.place).ok());
        let mut old = std::mem::take(&mut self.folders);
        for (path, entry) in &mut listed {
            let known = old.get_mut(folder_of(path)).and_then(|folder| folder.entries.remove(path));
            let same = |old: &ListedPath| old.stamp.is_some() && old.stamp == entry.stamp && old.place == entry.place;
            if let Some(old) = known.filter(same) {
                entry.read = old.read;
            }
        }
        self.add(listed);
    }

    /// Forgets what stands at and below a path.
    fn forget(&mut self, path: &str) {
        if let Some(beside) = self.folders.get_mut(folder_of(path)) {
            beside.entries.remove(path);
            beside.made = None;
        }
        let inside = format!("{path}/");
        let below = self.folders.range::<str, _>((Bound::Included(&*inside), Bound::Unbounded));
        let below = below.map(|(path, _)| path.clone()).take_while(|path| path.starts_with(&inside));
        for path in below.collect::<Vec<_>>() {
            self.folders.remove(&path);
        }
    }

    /// Reads what is new.
    fn read(&mut self) {
        self.folders.retain(|_, listed| !listed.entries.is_empty());
        let new: Vec<(&String, &mut Listed)> =
            self.folders.iter_mut().filter(|(_, listed)| listed.made.is_none()).collect();
        new.into_par_iter().for_each(|(path, listed)| listed.read(path));
    }

    fn ratings(&self) -> RatingsFiles {
        let below = self.folders.range::<str, _>((Bound::Included(RATINGS), Bound::Unbounded));
        let below = below.take_while(|(path, _)| path.starts_with(RATINGS));
        let readable = |(path, entry): &(&String, &ListedPath)| is_ratings(path) && entry.read.is_none();
        let files: Vec<(&String, &ListedPath)> =
            below.flat_map(|(_, listed)| &listed.entries).filter(readable).collect();
        let digest = Inputs::of("ratings").list(files.iter(), |inputs, (path, entry)| {
            let numbers = disk::stamp(&entry.place).map_or([0; 4], Stamp::numbers);
            numbers.into_iter().fold(inputs.text(path), Inputs::number)
        });
        let files = files.iter().map(|(path, entry)| ((*path).clone(), entry.place.clone())).collect();
        RatingsFiles { files, digest: digest.end() }
    }
}

impl Listed {
    fn read(&mut self, path: &str) {
        let unread: Vec<(&String, &mut ListedPath)> =
            self.entries.iter_mut().filter(|(path, entry)| entry.read.is_none() && !is_ratings(path)).collect();
        unread.into_par_iter().for_each(|(path, entry)| {
            entry.stamp = entry.stamp.or_else(|| disk::stamp(&entry.place).ok());
            entry.read = Some(read(path, &entry.place));
        });
        let mut found = Diagnostics::default();
        let mut files = Vec::new();
        let mut unreadable = BTreeSet::new();
        for (path, entry) in &self.entries {
            match &entry.read {
                Some(Ok(source)) => files.push(source.clone()),
                Some(Err(fault)) => {
                    // Nothing that is wrong with ratings keeps instructions from being made.
                    let fault = fault.clone();
                    found.append(if path.starts_with(RATINGS) && is_reading(path) {
                        fault.under(rules::INVALID_READING)
                    } else {
                        fault
                    });
                    unreadable.insert(path.clone());
                }
                None => {}
            }
        }
        self.made = Some((Arc::new(Folder::new(path, files, unreadable)), found));
    }
}

fn is_ratings(path: &str) -> bool {
    path.starts_with(RATINGS) && !path.ends_with(".md") && !is_reading(path)
}

/// The changed places as paths below the root, without those that no site is made from.
fn changed_parts(root: &Path, folders: &[&str], places: &BTreeSet<PathBuf>) -> Vec<String> {
    let parts = places.iter().filter_map(|place| place.strip_prefix(root).ok()?.to_str());
    let visible = |path: &&str| !path.split('/').any(|part| part.starts_with('.'));
    let inside = |path: &&str| folders.iter().any(|folder| Path::new(path).starts_with(folder));
    parts.filter(visible).filter(inside).map(str::to_owned).collect()
}

/// Reads one text file that may lie outside of the site, named as it was typed. It must exist and be UTF-8.
pub fn text_file(place: &Path, diagnostics: &mut Diagnostics) -> Result<Sources, Halt> {
    let path = place.display().to_string();
    let bytes = disk::read(place).map_err(|error| {
        diagnostics.add(rules::UNREADABLE, Place::file(&path), error.error.to_string());
        Halt
    })?;
    let text = text(&path, bytes).map_err(|found| {
        diagnostics.append(found);
        Halt
    })?;
    Ok(Sources::new(vec![Source::new(path, Content::Text(text.into()))]))
}

/// The settings of the site below `root`; none if there is no site.
pub fn settings(root: &Path, diagnostics: &mut Diagnostics) -> Result<Option<Config>, Halt> {
    if !disk::is_file(&root.join(config::FILE)) {
        return Ok(None);
    }
    let settings = Sources::new(vec![read_settings(root, diagnostics)?]);
    parse_settings(&settings, diagnostics).map(Some)
}

fn read_settings(root: &Path, diagnostics: &mut Diagnostics) -> Result<Source, Halt> {
    let path = root.join(config::FILE);
    if !disk::is_file(&path) {
        let message = format!("there is no {} in {}", config::FILE, root.display());
        diagnostics
            .add(rules::INVALID_SETTINGS, Place::Nowhere, message)
            .help("`goldbook init DIR` writes a small site to start from")
            .help("`--root DIR` names a site that lies elsewhere");
        return Err(Halt);
    }
    read(config::FILE, &path).map_err(|mut found| {
        found.as_settings();
        diagnostics.append(found);
        Halt
    })
}

fn parse_settings(settings: &Sources, diagnostics: &mut Diagnostics) -> Result<Config, Halt> {
    let file = settings.find(config::FILE).ok_or(Halt)?;
    let text = file.text().cloned().unwrap_or_default();
    let mut found = Diagnostics::default();
    let config = config::parse(&text, file.id, &mut found);
    found.locate(settings);
    diagnostics.append(found);
    config.ok_or(Halt)
}

/// What stands at and below a path; what can't be a source is an entry that says why.
fn list(root: &Path, folder: &str, diagnostics: &mut Diagnostics) -> Vec<(String, ListedPath)> {
    let (found, errors) = disk::walk(root, folder);
    for error in &errors {
        diagnostics.machine(error, root);
    }
    let wrong = |path: String, found: Diagnostics| {
        let place = root.join(&path);
        (path, ListedPath { place, stamp: None, read: Some(Err(found)) })
    };
    let entries = found.into_iter().filter_map(|found| match found {
        FoundFile::File(path, place) => Some((path, ListedPath { place, stamp: None, read: None })),
        FoundFile::Hidden(path) if !may_be_ratings(&path, root) => None,
        FoundFile::Hidden(path) => {
            let mut diagnostics = Diagnostics::default();
            diagnostics
                .add(rules::UNKNOWN_FOLDER, Place::file(path.clone()), "hidden, so that no ratings are read from it")
                .help("give it a name without a dot at its beginning, or take it out of content/ratings");
            Some(wrong(path, diagnostics))
        }
        FoundFile::Outside(path) => {
            let mut diagnostics = Diagnostics::default();
            let message = "a symbolic link that leads out of its part of the site, or nowhere";
            diagnostics
                .add(rules::SYMBOLIC_LINK, Place::file(path.clone()), message)
                .help("copy the file into the site, so that what is published is what is in the repository");
            Some(wrong(path, diagnostics))
        }
        FoundFile::NoFile(path) => {
            let mut diagnostics = Diagnostics::default();
            let message = "a pipe, a socket or a device: nothing reads it";
            diagnostics.add(rules::UNKNOWN_FOLDER, Place::file(path.clone()), message);
            Some(wrong(path, diagnostics))
        }
        FoundFile::NotText(path) => {
            let mut diagnostics = Diagnostics::default();
            diagnostics.add(rules::INVALID_UTF8, Place::file(path.clone()), "a file name that is not UTF-8");
            Some(wrong(path, diagnostics))
        }
    });
    entries.collect()
}

/// Whether somebody could take what is hidden for ratings that are read.
fn may_be_ratings(path: &str, root: &Path) -> bool {
    path.starts_with(RATINGS) && (ratings::may_hold_ratings(path) || disk::is_folder(&root.join(path)))
}

/// Gold is a table, which may come in other encodings than documents.
const GOLD: &str = "/gold.csv";

/// Extensions of files that are read as text.
const TEXT: [&str; 4] = ["md", "yaml", "yml", "csv"];
/// The same in a theme.
const THEME_TEXT: [&str; 5] = ["html", "md", "css", "js", "svg"];
/// Extensions of further files that are made of lines.
const OTHER_LINES: [&str; 4] = ["json", "jsonl", "svg", "txt"];

/// Reads a file that a site has, or is to have, at `path`.
pub fn read(path: &str, place: &Path) -> Result<Source, Diagnostics> {
    // The text of a release is all of its documents in one.
    let is_document = matches!(extension(path), "md" | "yaml" | "yml") && !path.starts_with(release::OBJECTS);
    let most = if is_document { LARGEST_DOCUMENT } else { LARGEST_FILE };
    let mut found = Diagnostics::default();
    let bytes = match disk::read_within(place, most) {
        Ok(Some(bytes)) => bytes,
        Ok(None) => {
            let message = format!("a file of more than {}", mebibytes(most));
            found
                .add(rules::BEYOND_LIMIT, Place::file(path), message)
                .help("split it, or leave out what is not needed");
            return Err(found);
        }
        Err(error) => {
            found.add(rules::UNREADABLE, Place::file(path), error.error.to_string());
            return Err(found);
        }
    };
    source(path, bytes)
}

/// A file that holds these bytes on the disk.
pub fn source(path: &str, bytes: Vec<u8>) -> Result<Source, Diagnostics> {
    let bytes = as_read(path, bytes);
    let content = if is_text(path) { Content::Text(text(path, bytes)?.into()) } else { Content::Bytes(bytes.into()) };
    Ok(Source::new(path, content))
}

/// A file's bytes as every stage reads them, in which findings have their places. A checkout may end lines as its system
/// does, and that is no change of what they say; what is sealed stays as it is.
pub fn as_read(path: &str, bytes: Vec<u8>) -> Vec<u8> {
    let bytes = if path.ends_with(GOLD) { encoding::in_utf8(bytes) } else { bytes };
    let has_lines = is_text(path) || OTHER_LINES.contains(&extension(path));
    if has_lines && !path.starts_with(release::FOLDER) { crate::text::with_line_feeds(bytes) } else { bytes }
}

fn is_text(path: &str) -> bool {
    let extensions: &[&str] = if path.starts_with("themes/") { &THEME_TEXT } else { &TEXT };
    extensions.contains(&extension(path))
}

fn extension(path: &str) -> &str {
    path.rsplit_once('.').map_or("", |(_, extension)| extension)
}

fn text(path: &str, bytes: Vec<u8>) -> Result<String, Diagnostics> {
    let fault = |bytes: &[u8], at: usize, what: &str| {
        let line = 1 + bytes[..at].iter().filter(|byte| **byte == b'\n').count() as u64;
        let mut diagnostics = Diagnostics::default();
        diagnostics
            .add(rules::INVALID_UTF8, Place::Line(path.to_owned(), line), format!("byte {at} is {what}"))
            .help("save the file as UTF-8");
        diagnostics
    };
    if let Some(at) = memchr::memchr(0, &bytes) {
        return Err(fault(&bytes, at, "NUL, which no text holds"));
    }
    String::from_utf8(bytes).map_err(|error| fault(error.as_bytes(), error.utf8_error().valid_up_to(), "not UTF-8"))
}
