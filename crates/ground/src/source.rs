//! Sources: what a site consists of, held in memory with names for its places.
//!
//! In: bytes that `load` read. Out: text by file, and spans that diagnostics point with.
//! It never touches the disk and never interprets what it holds.

use crate::digest::{Digest, Inputs};
use ahash::AHashMap;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

/// Names one file by its path, so that it stays the same whatever files come and go beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(u64);

impl FileId {
    fn of(path: &str) -> Self {
        Self(Digest::of(path.as_bytes()).number())
    }

    /// The name as a number.
    pub fn number(self) -> u64 {
        self.0
    }
}

/// A byte range of one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// The file the range lies in.
    pub file: FileId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// A range of `file` from byte `start` to before byte `end`.
    pub fn new(file: FileId, start: usize, end: usize) -> Self {
        let clamp = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Self { file, start: clamp(start), end: clamp(end.max(start)) }
    }
}

/// One file: its path below the root (with `/`), and what it holds.
#[derive(Clone, Debug)]
pub struct Source {
    /// Its name among the sources of a run.
    pub id: FileId,
    /// Path below the site's root, with forward slashes.
    pub path: Arc<str>,
    /// What the file holds.
    pub content: Content,
    /// SHA-256 of its bytes.
    pub digest: Digest,
}

/// Text where the file is one that Goldbook reads as text, else bytes.
#[derive(Clone, Debug)]
pub enum Content {
    /// Valid UTF-8.
    Text(Arc<str>),
    /// Anything else.
    Bytes(Arc<[u8]>),
}

impl Source {
    /// A file that holds this.
    pub fn new(path: impl Into<Arc<str>>, content: Content) -> Self {
        let digest = Digest::of(content.bytes());
        let path = path.into();
        Self { id: FileId::of(&path), path, content, digest }
    }

    /// The same file, standing for another path: findings still point into the file that was read.
    pub fn standing_for(&self, path: &str) -> Self {
        Self { path: path.into(), ..self.clone() }
    }

    /// The text, if this is a text file.
    pub fn text(&self) -> Option<&Arc<str>> {
        match &self.content {
            Content::Text(text) => Some(text),
            Content::Bytes(_) => None,
        }
    }

    /// The bytes as they are on disk.
    pub fn bytes(&self) -> &[u8] {
        self.content.bytes()
    }
}

impl Content {
    fn bytes(&self) -> &[u8] {
        match self {
            Self::Text(text) => text.as_bytes(),
            Self::Bytes(bytes) => bytes,
        }
    }

    /// The bytes, to be held by another.
    pub fn shared(&self) -> Arc<[u8]> {
        match self {
            Self::Text(text) => Arc::clone(text).into(),
            Self::Bytes(bytes) => Arc::clone(bytes),
        }
    }
}

/// The files that lie side by side in one folder.
#[derive(Debug)]
pub struct Folder {
    /// Its path, with a `/` at the end; empty for the root.
    pub path: Arc<str>,
    /// Its files, by path.
    pub files: Vec<Source>,
    /// The paths of files that are there and could not be read.
    pub unreadable: BTreeSet<String>,
    /// The digest of their paths.
    pub names: Digest,
    /// The digest of their paths and of what they hold.
    pub digest: Digest,
}

impl Folder {
    /// A folder of these files, which are sorted by path.
    pub fn new(path: &str, files: Vec<Source>, unreadable: BTreeSet<String>) -> Self {
        let names = Inputs::of("names").list(files.iter(), |inputs, file| inputs.text(&file.path));
        let names = names.list(unreadable.iter(), |inputs, path| inputs.text(path)).end();
        let whole = Inputs::of("folder").digest(&names).list(files.iter(), |inputs, file| inputs.digest(&file.digest));
        Self { path: path.into(), names, digest: whole.end(), files, unreadable }
    }

    /// The file at a path.
    fn find(&self, path: &str) -> Option<&Source> {
        let index = self.files.binary_search_by(|file| (*file.path).cmp(path)).ok()?;
        Some(&self.files[index])
    }
}

/// Folders of files, by path. What has many files is looked at folder by folder.
#[derive(Clone, Debug, Default)]
pub struct Folders(Vec<Arc<Folder>>);

impl Folders {
    /// Takes the files and puts them in order.
    pub fn of_files(files: impl IntoIterator<Item = Source>) -> Self {
        let mut folders: BTreeMap<String, BTreeMap<Arc<str>, Source>> = BTreeMap::new();
        for file in files {
            let folder = folders.entry(folder_of(&file.path).to_owned()).or_default();
            folder.insert(Arc::clone(&file.path), file);
        }
        let made =
            folders.into_iter().map(|(path, files)| Folder::new(&path, files.into_values().collect(), BTreeSet::new()));
        made.map(Arc::new).collect()
    }

    /// These and some more files; one at a path that is taken stands in the place of the other.
    #[must_use]
    pub fn with(self, more: Vec<Source>) -> Self {
        let mut folders: BTreeMap<Arc<str>, Arc<Folder>> =
            self.0.into_iter().map(|folder| (Arc::clone(&folder.path), folder)).collect();
        for new in Self::of_files(more).0 {
            let old = folders.get(&new.path);
            let (kept, unreadable) = old.map_or_else(Default::default, |old| (&*old.files, old.unreadable.clone()));
            let files = kept.iter().chain(&new.files).map(|file| (Arc::clone(&file.path), file.clone()));
            let files: BTreeMap<Arc<str>, Source> = files.collect();
            let whole = Folder::new(&new.path, files.into_values().collect(), unreadable);
            folders.insert(Arc::clone(&new.path), Arc::new(whole));
        }
        folders.into_values().collect()
    }

    /// The file at exactly this path.
    pub fn find(&self, path: &str) -> Option<&Source> {
        self.folder(folder_of(path))?.find(path)
    }

    /// The folder of this path.
    pub fn folder(&self, path: &str) -> Option<&Arc<Folder>> {
        let index = self.0.binary_search_by(|folder| (*folder.path).cmp(path)).ok()?;
        Some(&self.0[index])
    }

    /// All folders in order.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Folder>> {
        self.0.iter()
    }

    /// The folders at and below a path that ends in `/`.
    pub fn below<'a>(&'a self, path: &'a str) -> impl Iterator<Item = &'a Arc<Folder>> {
        let first = self.0.partition_point(|folder| *folder.path < *path);
        self.0[first..].iter().take_while(move |folder| folder.path.starts_with(path))
    }

    /// The files at and below a path that ends in `/`: folder by folder, in each by path.
    pub fn files_below<'a>(&'a self, path: &'a str) -> impl Iterator<Item = &'a Source> {
        self.below(path).flat_map(|folder| &folder.files)
    }
}

/// The folders, which are in order.
impl FromIterator<Arc<Folder>> for Folders {
    fn from_iter<T: IntoIterator<Item = Arc<Folder>>>(folders: T) -> Self {
        Self(folders.into_iter().collect())
    }
}

/// The folder of a path, with a `/` at the end; empty at the root.
pub fn folder_of(path: &str) -> &str {
    &path[..path.rfind('/').map_or(0, |at| at + 1)]
}

/// All files of a run.
#[derive(Debug, Default)]
pub struct Sources {
    /// The files, folder by folder.
    pub folders: Folders,
    by_id: OnceLock<AHashMap<FileId, Source>>,
}

impl Sources {
    /// Takes the files and puts them in order.
    pub fn new(files: Vec<Source>) -> Self {
        Self::of(Folders::of_files(files))
    }

    /// These folders of files.
    pub fn of(folders: Folders) -> Self {
        Self { folders, by_id: OnceLock::new() }
    }

    /// The file behind an id.
    pub fn get(&self, id: FileId) -> Option<&Source> {
        let all = || self.folders.files_below("").map(|file| (file.id, file.clone())).collect();
        self.by_id.get_or_init(all).get(&id)
    }

    /// The file at exactly this path.
    pub fn find(&self, path: &str) -> Option<&Source> {
        self.folders.find(path)
    }

    /// The files at and below a path that ends in `/`.
    pub fn below<'a>(&'a self, path: &'a str) -> impl Iterator<Item = &'a Source> {
        self.folders.files_below(path)
    }
}
