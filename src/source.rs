//! Sources: what a site consists of, held in memory with names for its places.
//!
//! In: bytes that `load` read. Out: text by file, and spans that diagnostics point with.
//! It never touches the disk and never interprets what it holds.

use crate::digest::Digest;
use std::sync::Arc;

/// Names one file among the `Sources` of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(u32);

impl FileId {
    /// Its number among the sources it is from.
    pub fn number(self) -> u64 {
        self.0.into()
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
        Self { path: path.into(), content, digest }
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

/// All files of a run, sorted by path.
#[derive(Debug, Default)]
pub struct Sources {
    files: Vec<Source>,
}

impl Sources {
    /// Takes the files and puts them in path order.
    pub fn new(mut files: Vec<Source>) -> Self {
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Self { files }
    }

    /// The file behind an id.
    pub fn get(&self, id: FileId) -> &Source {
        &self.files[id.0 as usize]
    }

    /// The id of the file at exactly this path.
    pub fn find(&self, path: &str) -> Option<FileId> {
        let index = self.files.binary_search_by(|file| (*file.path).cmp(path)).ok()?;
        Some(Self::id(index))
    }

    /// All files with their ids, in path order.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &Source)> {
        self.files.iter().enumerate().map(|(index, file)| (Self::id(index), file))
    }

    /// The files whose path starts with `prefix`, in path order.
    pub fn under<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = (FileId, &'a Source)> {
        let first = self.files.partition_point(|file| *file.path < *prefix);
        self.files[first..]
            .iter()
            .take_while(move |file| file.path.starts_with(prefix))
            .enumerate()
            .map(move |(index, file)| (Self::id(first + index), file))
    }

    fn id(index: usize) -> FileId {
        FileId(u32::try_from(index).unwrap_or(u32::MAX))
    }
}
