//! A set of files that belong together: the working text, or what one release sealed.
//!
//! In: sources, and which of them stands for which path. Out: look-ups by path. It never reads the disk.

use crate::source::{FileId, Source, Sources};
use std::collections::BTreeMap;
use std::ops::Bound;

/// Files by the path they have in the site.
pub struct FileSet<'a> {
    sources: &'a Sources,
    files: BTreeMap<&'a str, FileId>,
}

impl<'a> FileSet<'a> {
    /// The working text: every file of `content/` except what releases hold.
    pub fn working(sources: &'a Sources) -> Self {
        let files = sources.under("content/").filter(|(_, file)| !file.path.starts_with("content/releases/"));
        Self { sources, files: files.map(|(id, file)| (file.path.as_str(), id)).collect() }
    }

    /// The files of a release: path in the site, and the object that holds it.
    pub fn sealed(sources: &'a Sources, files: impl IntoIterator<Item = (&'a str, FileId)>) -> Self {
        Self { sources, files: files.into_iter().collect() }
    }

    /// The id behind a path.
    pub fn find(&self, path: &str) -> Option<FileId> {
        self.files.get(path).copied()
    }

    /// The file at a path.
    pub fn get(&self, path: &str) -> Option<&'a Source> {
        self.find(path).map(|id| self.sources.get(id))
    }

    /// Whether a file is at this path.
    pub fn contains(&self, path: &str) -> bool {
        self.files.contains_key(path)
    }

    /// The paths that start with `prefix`, in order.
    pub fn under<'b>(&'b self, prefix: &'b str) -> impl Iterator<Item = &'a str> + use<'a, 'b> {
        let from = (Bound::Included(prefix), Bound::Unbounded);
        self.files.range::<str, _>(from).map(|(path, _)| *path).take_while(move |path| path.starts_with(prefix))
    }
}
