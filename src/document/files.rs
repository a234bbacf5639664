//! A set of files that belong together: the working text, or what one release sealed.
//!
//! In: sources, each at the path that it stands for. Out: look-ups by path.
//! It never reads the disk.

use crate::digest::{Digest, Inputs};
use crate::memo::Memo;
use crate::source::{Folders, Source, Sources, folder_of};

/// Files by the path they have in the site.
pub struct FileSet<'a> {
    /// What was made of them before.
    pub memo: &'a Memo,
    /// The files, folder by folder.
    pub folders: Folders,
}

impl<'a> FileSet<'a> {
    /// The working text: every file of `content/` except what releases hold.
    pub fn working(sources: &Sources, memo: &'a Memo) -> Self {
        let folders = sources.folders.below("content/").filter(|folder| !folder.path.starts_with("content/releases/"));
        Self { memo, folders: folders.cloned().collect() }
    }

    /// The files of a release, which stand for paths in the site.
    pub fn sealed(files: impl IntoIterator<Item = Source>, memo: &'a Memo) -> Self {
        Self { memo, folders: Folders::of_files(files) }
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
