//! The last build: what it left in `.goldbook/`, so that the next one does only what is new.
//!
//! In: the digest of a request to build. Out: the last build's own outcome if neither its sources nor its folders have
//! changed since, else a memory of what it rendered. Files are compared by their stamps, as version control does, and
//! of the output a sample by what it holds; nothing else is read that is as it was. A record that can't be used is no
//! error: everything is made anew.

use super::Memory;
use super::load::as_read;
use crate::config;
use crate::diagnostic::{Diagnosed, Diagnostics, KeptFinding};
use crate::digest::{Digest, Inputs};
use crate::disk::{self, Stamp};
use crate::model::secrets::CANARIES;
use crate::progress::Progress;
use crate::site::write::{self, Built, WriteSummary};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The last build, as far as it helps this one.
pub struct LastBuild<'a> {
    root: &'a Path,
    /// Everything that decides what a build does, as it was before this one began; none where it can't be told.
    sources: Option<Digest>,
    last: Option<KeptBuild>,
}

/// What is kept of a build.
#[derive(Serialize, Deserialize)]
struct KeptBuild {
    /// The program that made it: another one may render the same differently.
    program: Digest,
    sources: Digest,
    /// The state in which it left its folders.
    folders: Digest,
    /// What lay beside them in the end.
    beside: Digest,
    /// What it remembered of its pages.
    pages: Digest,
    built: Vec<Built>,
    findings: Vec<KeptFinding>,
}

/// The folder of what is kept, below the root.
pub const FOLDER: &str = ".goldbook";
/// What is kept of the last build as a whole.
const LAST: &str = "last-build.json";
/// What is kept of its pages.
const PAGES: &str = "pages.json";

impl<'a> LastBuild<'a> {
    /// Looks at what the last build of the site below `root` left, and at the state that everything is in now.
    pub fn open(root: &'a Path, request: Digest, progress: &Progress) -> Self {
        let _stage = progress.stage("Looking for changes", 0);
        let last = disk::read(&root.join(FOLDER).join(LAST)).ok();
        let last: Option<KeptBuild> = last.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        let holds = |last: &KeptBuild| last.built.par_iter().all(|built| write::sample_holds(&built.folder));
        let known = |last: &KeptBuild| state(&last.built) == Some(last.folders) && holds(last);
        let (sources, untouched) = rayon::join(|| sources(root, request), || last.as_ref().is_some_and(known));
        let ours = |last: &KeptBuild| untouched && program() == Some(last.program);
        Self { root, sources, last: last.filter(ours) }
    }

    /// The outcome of a build that would only repeat the last one.
    pub fn as_last_time(&self) -> Option<Diagnosed<Vec<Built>>> {
        let last = self.last.as_ref()?;
        if self.sources != Some(last.sources) || beside(self.root, &last.built) != last.beside {
            return None;
        }
        let bytes = |path: &str| disk::read(&self.root.join(path)).ok().map(|bytes| as_read(path, bytes));
        let text = |path: &str| bytes(path).and_then(|bytes| String::from_utf8(bytes).ok());
        let diagnostics = Diagnostics::of_kept(&last.findings, &|path| text(path).map(Arc::from))?;
        let built = last.built.iter().map(|built| Built {
            audience: built.audience.clone(),
            folder: built.folder.clone(),
            written: WriteSummary { changed: 0, ..built.written.clone() },
        });
        Some(Diagnosed { value: Some(built.collect()), diagnostics })
    }

    /// What the last build rendered, where its folders still hold it.
    pub fn memory(&self) -> Memory {
        self.last.as_ref().and_then(|last| self.pages_of(last)).unwrap_or_default()
    }

    fn pages_of(&self, last: &KeptBuild) -> Option<Memory> {
        let bytes = disk::read(&self.root.join(FOLDER).join(PAGES)).ok()?;
        let pages = serde_json::from_slice(&bytes).ok().filter(|_| Digest::of(&bytes) == last.pages)?;
        Some(Memory::of_pages(pages, &write::stored(last.built.iter().map(|built| &*built.folder))))
    }

    /// Keeps what the next build can use. What can't be kept is no reason to fail: the site is built.
    pub fn keep(&self, outcome: &Diagnosed<Vec<Built>>, memory: &Memory, progress: &Progress) {
        let _stage = progress.stage("Remembering the build", 0);
        let Some(built) = &outcome.value else { return };
        let (Some(program), Some(sources), Some(folders)) = (program(), self.sources, state(built)) else { return };
        let Some(findings) = outcome.diagnostics.keep() else { return };
        let Ok(pages) = serde_json::to_vec(&memory.pages()) else { return };
        let (beside, pages_digest) = (beside(self.root, built), Digest::of(&pages));
        let last = KeptBuild { program, sources, folders, beside, pages: pages_digest, built: built.clone(), findings };
        let Ok(last) = serde_json::to_vec(&last) else { return };
        for (name, bytes) in [(PAGES, pages), (LAST, last)] {
            let _ = disk::write(&self.root.join(FOLDER).join(name), &bytes);
        }
    }
}

/// The program that runs, by the state its file is in.
fn program() -> Option<Digest> {
    let stamp = disk::stamp(&std::env::current_exe().ok()?).ok()?;
    Some(stamp.numbers().into_iter().fold(Inputs::of("program"), Inputs::number).end())
}

/// Everything else that decides what a build does: the request, and the state of the sources. None while a
/// source may still be being written, as its stamp may then be the same before and after.
fn sources(root: &Path, request: Digest) -> Option<Digest> {
    let inputs = Inputs::of("build").digest(&request);
    let mut stamps = vec![(PathBuf::from(config::FILE), disk::stamp(&root.join(config::FILE)).ok()?)];
    for folder in ["content", "themes"] {
        stamps.extend(disk::stamps(&root.join(folder), &BTreeSet::new()).ok()?);
    }
    stamps.iter().all(|(_, stamp)| stamp.is_settled()).then(|| stamped(inputs, &stamps))
}

/// The state that the folders are in, but for what no build wrote; none if one holds more or less than what was built,
/// its manifest and what was kept, or something unfinished lies beside it, as somebody else is at it or was.
fn state(built: &[Built]) -> Option<Digest> {
    let mut stamps = Vec::new();
    for Built { folder, written, .. } in built {
        let kept: BTreeSet<PathBuf> = written.kept.iter().map(|path| folder.join(path)).collect();
        let whole = |found: &Vec<_>| found.len() == written.files + 1 && !disk::is_unfinished(folder);
        let found = disk::stamps(folder, &kept).ok().filter(whole)?;
        if !kept.iter().all(|place| disk::exists(place)) {
            return None;
        }
        stamps.extend(found);
    }
    Some(stamped(Inputs::of("folders"), &stamps))
}

/// What a build says or records besides its own folders: which other folders lie there, and the record of canaries.
fn beside(root: &Path, built: &[Built]) -> Digest {
    let places: BTreeSet<&Path> = built.iter().filter_map(|built| built.folder.parent()).collect();
    let names: Vec<String> = places.into_iter().flat_map(disk::folders).collect();
    let inputs = Inputs::of("beside").list(names.iter(), |inputs, name| inputs.text(name));
    let record = PathBuf::from(CANARIES);
    let stamps: Vec<_> = disk::stamp(&root.join(&record)).ok().map(|stamp| (record, stamp)).into_iter().collect();
    stamped(inputs, &stamps)
}

fn stamped(inputs: Inputs, stamps: &[(PathBuf, Stamp)]) -> Digest {
    let add = |inputs: Inputs, (path, stamp): &(PathBuf, Stamp)| {
        stamp.numbers().into_iter().fold(inputs.text(&path.to_string_lossy()), Inputs::number)
    };
    inputs.list(stamps.iter(), add).end()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn what_changed_without_a_new_stamp_is_found_in_a_sample() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        let page = root.join("public/readers/index.html");
        fs::create_dir_all(page.parent().unwrap()).unwrap();
        fs::write(root.join(config::FILE), "title: T\n").unwrap();
        let manifest = serde_json::json!({"format": 1, "files": {"index.html": Digest::of(b"A page")}});
        fs::write(page.with_file_name(write::MANIFEST), manifest.to_string()).unwrap();
        let written = WriteSummary { files: 1, ..WriteSummary::default() };
        let built = Built { audience: "readers".to_owned(), folder: page.parent().unwrap().to_owned(), written };
        let outcome = Diagnosed { value: Some(vec![built]), diagnostics: Diagnostics::default() };
        std::thread::sleep(std::time::Duration::from_millis(80));
        for (text, is_known) in [("A page", true), ("A pane", false)] {
            fs::write(&page, text).unwrap();
            // The stamps are taken after the change, as if it had left none.
            let open = || LastBuild::open(root, Digest::of(b"request"), &Progress::hidden());
            open().keep(&outcome, &Memory::default(), &Progress::hidden());
            assert_eq!(open().as_last_time().is_some(), is_known, "{text}");
        }
    }
}
