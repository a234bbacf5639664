//! The journal of an act: `content/releases/.act`, written before the first file that the act changes, removed after its
//! line stands in the log. Until then the act's files are not there for anybody who reads.
//!
//! In: what an act makes and replaces. Out: the file's bytes, and how a path reads while the act is not finished.

use super::{FOLDER, log};
use crate::digest::Digest;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Component, Path};

/// Where the journal lies.
pub const PATH: &str = "content/releases/.act";

/// What an act changes, and how it was before.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Journal {
    /// SHA-256 of the log before the act; of nothing where there was none. With another one, the act is done with.
    log: Digest,
    /// What each file held before; none where there was no file.
    before: BTreeMap<String, Option<Vec<u8>>>,
}

impl Journal {
    /// The journal of an act on a store with this log.
    pub fn new(log: &[u8], before: BTreeMap<String, Option<Vec<u8>>>) -> Self {
        Self { log: Digest::of(log), before }
    }

    /// The bytes of the file.
    pub fn bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("paths and bytes are JSON")
    }

    /// How the files of an unfinished act were before it; nothing where the journal is of an act that is done with, or is
    /// no journal.
    pub fn unfinished(journal: Option<&[u8]>, log: &[u8]) -> BTreeMap<String, Option<Vec<u8>>> {
        let read = journal.and_then(|bytes| serde_json::from_slice::<Self>(bytes).ok());
        let read = read.filter(|journal| journal.log == Digest::of(log));
        let files = read.map_or_else(BTreeMap::new, |journal| journal.before);
        files.into_iter().filter(|(path, _)| is_of_store(path)).collect()
    }
}

/// Whether an act may change a file: it lies in the store, and is neither the log nor the journal.
fn is_of_store(path: &str) -> bool {
    let is_plain = Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
    path.starts_with(FOLDER) && is_plain && path != log::PATH && path != PATH
}
