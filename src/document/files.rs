//! A set of files that belong together: the working text, or what one release sealed.
//!
//! In: sources, each at the path that it stands for. Out: look-ups by path, and what was read in them before.
//! It never reads the disk.

use super::{FolderDocuments, body::Split};
use crate::digest::{Digest, Inputs};
use crate::memo::{Latest, Memo};
use crate::source::{Folders, Source, Sources, folder_of};
use crate::trajectory::Trajectory;
use std::sync::Arc;

/// What was read in files, kept by what they hold.
#[derive(Default)]
pub struct Readings {
    /// Markdown files, taken apart.
    pub bodies: Memo<Arc<Split>>,
    /// Folders of shared pages.
    pub folders: Latest<Arc<FolderDocuments>>,
    /// Recorded runs, or why they can't be read.
    pub runs: Memo<Result<Arc<Trajectory>, String>>,
}

impl Readings {
    /// Forgets what was not asked for since the last time.
    pub fn end_round(&self) {
        self.bodies.end_round();
        self.folders.end_round();
        self.runs.end_round();
    }
}

/// Files by the path they have in the site.
pub struct FileSet<'a> {
    /// What was read in them.
    pub readings: &'a Readings,
    /// The files, folder by folder.
    pub folders: Folders,
}

impl<'a> FileSet<'a> {
    /// The working text: every file of `content/` except what releases hold.
    pub fn working(sources: &Sources, readings: &'a Readings) -> Self {
        let folders = sources.folders.below("content/").filter(|folder| !folder.path.starts_with("content/releases/"));
        Self { readings, folders: folders.cloned().collect() }
    }

    /// The files of a release, which stand for paths in the site.
    pub fn sealed(files: impl IntoIterator<Item = Source>, readings: &'a Readings) -> Self {
        Self { readings, folders: Folders::of_files(files) }
    }

    /// The file at a path.
    pub fn get(&self, path: &str) -> Option<&Source> {
        self.folders.find(path)
    }

    /// Whether a file is at this path.
    pub fn contains(&self, path: &str) -> bool {
        self.get(path).is_some()
    }

    /// Whether a file is at this path that could not be read, which was found when it was.
    pub fn is_unreadable(&self, path: &str) -> bool {
        self.folders.folder(folder_of(path)).is_some_and(|folder| folder.unreadable.contains(path))
    }

    /// The digest of all files.
    pub fn digest(&self) -> Digest {
        self.folders.iter().fold(Inputs::of("files"), |inputs, folder| inputs.digest(&folder.digest)).end()
    }

    /// The Markdown files of the content.
    pub fn markdown(&self) -> impl Iterator<Item = &str> {
        self.under("content/").filter(|path| path.ends_with(".md"))
    }

    /// The paths at and below a folder, whose path ends in `/`.
    pub fn under<'b>(&'b self, folder: &'b str) -> impl Iterator<Item = &'b str> {
        self.folders.files_below(folder).map(|file| &*file.path)
    }
}
