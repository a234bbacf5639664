//! Acts that are not finished: what somebody is sealing right now, or was when they were killed, is not there yet.
//!
//! In: the site's root, and the folders as they were read. Out: the folders as they were before the act. It writes
//! nothing: the next act sets right what is on the disk.

use crate::disk;
use crate::release::{journal, journal::Journal, log};
use crate::source::{Folder, Source, folder_of};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

/// The log of a store and the journal of an act on it; the same twice, and no act has ended between.
#[derive(PartialEq, Eq)]
pub struct StoreState {
    log: Option<Vec<u8>>,
    journal: Option<Vec<u8>>,
}

impl StoreState {
    /// The state of the store below `root` at this moment.
    pub fn of(root: &Path) -> Self {
        let read = |path: &str| disk::read(&root.join(path)).ok();
        // In this order: a journal that is read belongs to this log or a later one.
        Self { log: read(log::PATH), journal: read(journal::PATH) }
    }

    /// The folders without what an unfinished act did; `source` makes a file of its path and bytes.
    pub fn before_the_act(
        &self,
        folders: Vec<Arc<Folder>>,
        source: &dyn Fn(&str, Vec<u8>) -> Option<Source>,
    ) -> Vec<Arc<Folder>> {
        let log = self.log.as_deref().unwrap_or_default();
        let files = Journal::unfinished(self.journal.as_deref(), log);
        if files.is_empty() {
            return folders;
        }
        let mut folders: BTreeMap<String, Arc<Folder>> =
            folders.into_iter().map(|folder| (folder.path.to_string(), folder)).collect();
        let changed: BTreeSet<&str> = files.keys().map(|path| folder_of(path)).collect();
        for path in changed {
            let old = folders.remove(path);
            let old = old.iter().flat_map(|folder| &folder.files).filter(|file| !files.contains_key(&*file.path));
            let here = files.iter().filter(|(file, _)| folder_of(file) == path);
            let back = here.filter_map(|(file, bytes)| source(file, bytes.clone()?));
            let mut all: Vec<Source> = old.cloned().chain(back).collect();
            all.sort_by(|a, b| a.path.cmp(&b.path));
            if !all.is_empty() {
                folders.insert(path.to_owned(), Arc::new(Folder::new(path, all, BTreeSet::new())));
            }
        }
        folders.into_values().collect()
    }
}
