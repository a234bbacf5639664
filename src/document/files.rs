//! A set of files that belong together: the working text, or what one release sealed.
//!
//! In: sources, and which of them stands for which path. Out: look-ups by path, and what was read in them before.
//! It never reads the disk.

use super::{PageDocument, body::Split};
use crate::diagnostic::Diagnostics;
use crate::digest::{Digest, Inputs};
use crate::memo::Memo;
use crate::source::{FileId, Source, Sources};
use crate::trajectory::Trajectory;
use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;

/// A page as it was read, and what was found in it.
pub type PageReading = (Option<Arc<PageDocument>>, Arc<Diagnostics>);

/// What was read in files, kept by what they hold.
#[derive(Default)]
pub struct Readings {
    /// Markdown files, taken apart.
    pub bodies: Memo<Arc<Split>>,
    /// Pages.
    pub pages: Memo<PageReading>,
    /// Recorded runs, or why they can't be read.
    pub runs: Memo<Result<Arc<Trajectory>, String>>,
}

impl Readings {
    /// Forgets what was not asked for since the last time.
    pub fn end_round(&self) {
        self.bodies.end_round();
        self.pages.end_round();
        self.runs.end_round();
    }
}

/// Files by the path they have in the site.
pub struct FileSet<'a> {
    /// What was read in them.
    pub readings: &'a Readings,
    sources: &'a Sources,
    files: BTreeMap<&'a str, FileId>,
}

impl<'a> FileSet<'a> {
    /// The working text: every file of `content/` except what releases hold.
    pub fn working(sources: &'a Sources, readings: &'a Readings) -> Self {
        let files = sources.under("content/").filter(|(_, file)| !file.path.starts_with("content/releases/"));
        Self { readings, sources, files: files.map(|(id, file)| (&*file.path, id)).collect() }
    }

    /// The files of a release: path in the site, and the object that holds it.
    pub fn sealed(
        sources: &'a Sources,
        readings: &'a Readings,
        files: impl IntoIterator<Item = (&'a str, FileId)>,
    ) -> Self {
        Self { readings, sources, files: files.into_iter().collect() }
    }

    /// The id behind a path.
    pub fn find(&self, path: &str) -> Option<FileId> {
        self.files.get(path).copied()
    }

    /// The file at a path.
    pub fn get(&self, path: &str) -> Option<&'a Source> {
        self.entry(path).map(|(_, source)| source)
    }

    /// The file at a path, with its id.
    pub fn entry(&self, path: &str) -> Option<(FileId, &'a Source)> {
        self.find(path).map(|id| (id, self.sources.get(id)))
    }

    /// Whether a file is at this path.
    pub fn contains(&self, path: &str) -> bool {
        self.files.contains_key(path)
    }

    /// The digest of which files there are.
    pub fn names(&self) -> Digest {
        Inputs::of("names").list(self.files.keys(), |inputs, path| inputs.text(path)).end()
    }

    /// The paths that start with `prefix`, in order.
    pub fn under<'b>(&'b self, prefix: &'b str) -> impl Iterator<Item = &'a str> + use<'a, 'b> {
        let from = (Bound::Included(prefix), Bound::Unbounded);
        self.files.range::<str, _>(from).map(|(path, _)| *path).take_while(move |path| path.starts_with(prefix))
    }
}
