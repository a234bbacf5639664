//! Proof: what a lock sealed, taken from the store and held against its digests.
//!
//! In: a lock, and the files of the site. Out: the very bytes that were sealed, or a finding for each that is missing or
//! is not what it was. It never reads what they say.

use super::chain::{self, FoundLock, MENDING, locks};
use super::{Lock, lock_files, lock_path, object_path, text};
use crate::config::Config;
use crate::diagnostic::{Diagnostics, Fault, FileFault, Place, rules};
use crate::document::TASKS;
use crate::source::{Source, Sources};
use std::collections::{BTreeMap, BTreeSet};

/// What a release sealed, each file proven to be what its lock says.
pub struct ProvenFiles {
    /// The files, in the order of the lock, at the places that they have today.
    pub files: Vec<Source>,
    /// The text of each audience, by its name at that time.
    pub texts: BTreeMap<String, Source>,
}

/// What a release of the task that is called `task` today sealed; nothing if something of it is not what it was.
pub fn proven(task: &str, found: &FoundLock, sources: &Sources, diagnostics: &mut Diagnostics) -> Option<ProvenFiles> {
    let lock = &found.lock;
    let mut take = |sha256: &str, path: &str| {
        let object = object(sha256, path, sources);
        object.map_err(|broken| broken_object(broken, found, diagnostics)).ok().cloned()
    };
    let files = lock.files.iter().map(|file| {
        let object = take(&file.sha256, &file.path);
        object.map(|object| object.standing_for(&path_today(&file.path, lock, task)))
    });
    // All of it is looked at, whatever is missing.
    let files: Vec<Option<Source>> = files.collect();
    let texts = lock.projected.iter().map(|(audience, sha256)| Some((audience.clone(), take(sha256, text::NAME)?)));
    let texts: Vec<Option<(String, Source)>> = texts.collect();
    let has = |name: &str| lock.files.iter().any(|file| file.path == format!("{TASKS}{}/{name}", lock.task));
    if !(has("task.md") && has("rubric.md")) {
        chain::nothing_to_show(found, diagnostics);
        return None;
    }
    Some(ProvenFiles {
        files: files.into_iter().collect::<Option<_>>()?,
        texts: texts.into_iter().collect::<Option<_>>()?,
    })
}

/// The paths of all objects that locks name; none where a lock can't be read.
pub fn named_objects(locks: &BTreeMap<String, Vec<FoundLock>>, sources: &Sources) -> Option<BTreeSet<String>> {
    let all: Vec<&Lock> = locks.values().flatten().map(|found| &found.lock).collect();
    (all.len() == lock_files(sources).count()).then(|| all.into_iter().flat_map(objects).collect())
}

/// The paths of the objects that a lock names.
fn objects(lock: &Lock) -> impl Iterator<Item = String> + '_ {
    let files = lock.files.iter().map(|file| object_path(&file.sha256, &file.path));
    files.chain(lock.projected.values().map(|sha256| object_path(sha256, text::NAME)))
}

/// The paths of the objects that the lock at `path` names, and no other; nothing where a lock can't be read.
pub fn own_objects(path: &str, sources: &Sources, config: &Config) -> BTreeSet<String> {
    let locks = locks(sources, config, &mut Diagnostics::default());
    let all: Vec<&Lock> = locks.values().flatten().map(|found| &found.lock).collect();
    if all.len() != lock_files(sources).count() {
        return BTreeSet::new();
    }
    let (own, others): (Vec<&Lock>, Vec<&Lock>) =
        all.into_iter().partition(|lock| lock_path(&lock.task, &lock.version) == path);
    let others: BTreeSet<String> = others.into_iter().flat_map(objects).collect();
    own.into_iter().flat_map(objects).filter(|path| !others.contains(path)).collect()
}

/// Where a sealed file lies in the folder that its task has today.
pub fn path_today(path: &str, lock: &Lock, task: &str) -> String {
    let inside = path.strip_prefix(TASKS).and_then(|path| path.strip_prefix(&lock.task)?.strip_prefix('/'));
    inside.map_or_else(|| path.to_owned(), |inside| format!("{TASKS}{task}/{inside}"))
}

/// Reports a sealed file that is not what was sealed, and which lock says so.
fn broken_object(broken: FileFault, found: &FoundLock, diagnostics: &mut Diagnostics) {
    let lock = lock_path(&found.lock.task, &found.lock.version);
    diagnostics
        .fault(rules::BROKEN_SEAL, broken.fault.place(broken.file), broken.fault)
        .related(Place::file(lock), "sealed by")
        .help(MENDING);
}

/// The object of a sealed file, if it is there and is what was sealed; else where it should be, and what is wrong.
fn object<'a>(sha256: &str, path: &str, sources: &'a Sources) -> Result<&'a Source, FileFault> {
    let place = object_path(sha256, path);
    let Some(file) = sources.find(&place) else {
        return Err(Fault::whole(format!("the sealed text of `{path}` is missing")).of(place));
    };
    let found = file.digest.to_string();
    if found == sha256 {
        return Ok(file);
    }
    let message = format!("the sealed text of `{path}` has changed: expected {sha256}, found {found}");
    Err(Fault::whole(message).of(place))
}
