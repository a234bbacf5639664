//! The site: from a projected Model to files.
//!
//! In: the Model of one audience, and its reports. Out: `Plan` (which pages exist), then `Site` (their bytes), then
//! a folder. Each step only carries out what the one before decided.

mod edition;
mod frame;
mod host;
mod inputs;
mod pages;
pub mod plan;
pub mod render;
mod steps;
pub mod theme;
pub mod view;
pub mod write;

pub use pages::canary;

use crate::digest::Digest;
use crate::disk::{self, DiskError};
use crate::source::Source;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// The finished output of one audience: files by path.
#[derive(Default)]
pub struct Site {
    /// Path below the audience's root, with forward slashes.
    pub files: BTreeMap<Arc<str>, File>,
}

impl Site {
    /// The paths that only one of two sites has, or that differ in them.
    pub fn difference(&self, other: &Self) -> Vec<String> {
        let differs =
            |(path, file): &(&Arc<str>, &File)| other.files.get(*path).is_none_or(|other| other.digest != file.digest);
        let own = self.files.iter().filter(differs).map(|(path, _)| path);
        let others = other.files.keys().filter(|path| !self.files.contains_key(*path));
        own.chain(others).map(|path| path.to_string()).collect()
    }
}

/// A finished file.
#[derive(Clone)]
pub struct File {
    content: Content,
    /// SHA-256 of what it holds.
    pub digest: Digest,
}

#[derive(Clone)]
enum Content {
    Held(Arc<[u8]>),
    /// In a folder that an earlier build wrote and nobody has touched since.
    Stored(Arc<Path>),
}

impl File {
    /// A file that holds these bytes.
    pub fn new(bytes: impl Into<Arc<[u8]>>) -> Self {
        let bytes = bytes.into();
        Self { digest: Digest::of(&bytes), content: Content::Held(bytes) }
    }

    /// The same bytes as a source.
    pub fn of(source: &Source) -> Self {
        Self { content: Content::Held(source.content.shared()), digest: source.digest }
    }

    /// A file that an earlier build wrote to `place`.
    pub fn stored(place: Arc<Path>, digest: Digest) -> Self {
        Self { content: Content::Stored(place), digest }
    }

    /// Whether an earlier build wrote it to `place`.
    pub fn is_stored_at(&self, place: &Path) -> bool {
        matches!(&self.content, Content::Stored(stored) if **stored == *place)
    }

    /// What it holds. Fails only if it is stored and can't be read.
    pub fn bytes(&self) -> Result<Arc<[u8]>, DiskError> {
        match &self.content {
            Content::Held(bytes) => Ok(Arc::clone(bytes)),
            Content::Stored(place) => disk::read(place).map(Into::into),
        }
    }
}

/// What leads from a page at `path` up to the root: one `../` for each folder.
fn up(path: &str) -> String {
    "../".repeat(path.matches('/').count())
}
