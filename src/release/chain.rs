//! Locks: what a store says that it holds, and whether each follows the one before it.
//!
//! In: the files of `content/releases/`. Out: the locks of each task, oldest first, and a finding for each that does not
//! follow. It never looks at what they seal.

use super::{Lock, lock_files, lock_path, state};
use crate::config::Config;
use crate::diagnostic::{Diagnostics, rules};
use crate::document::StatusKeys;
use crate::source::{FileId, Sources, Span};
use std::collections::{BTreeMap, BTreeSet};

/// A lock, the bytes it was read from, and where it lies.
#[derive(Clone)]
pub struct FoundLock {
    /// What it says.
    pub lock: Lock,
    /// SHA-256 of its bytes.
    pub digest: String,
    /// Where it lies.
    pub file: FileId,
}

/// The way out of a broken seal.
pub const MENDING: &str = "restore the file from version control; to change a sealed text, make a new release";

/// All locks by task, oldest version first.
pub fn locks(sources: &Sources, config: &Config, diagnostics: &mut Diagnostics) -> BTreeMap<String, Vec<FoundLock>> {
    let mut locks: BTreeMap<String, Vec<FoundLock>> = BTreeMap::new();
    for (task, source) in lock_files(sources) {
        let Some(text) = source.text() else { continue };
        let Some(lock) = Lock::parse(text, source.id, &config.time_zone, diagnostics) else { continue };
        if lock_path(&lock.task, &lock.version) != *source.path {
            let message = format!("this lock is of {}: it lies in the wrong place", lock.name());
            diagnostics.add(rules::BROKEN_SEAL, Span::new(source.id, 0, 0), message).help(MENDING);
            continue;
        }
        locks.entry(task.to_owned()).or_default().push(FoundLock {
            lock,
            digest: source.digest.to_string(),
            file: source.id,
        });
    }
    for found in locks.values_mut() {
        found.sort_by(|a, b| a.lock.version.cmp(&b.lock.version));
    }
    locks
}

/// The locks of each task, by what it is called today, oldest first; `written` is what the files of states say.
pub fn by_task(
    mut locks: BTreeMap<String, Vec<FoundLock>>,
    written: &BTreeMap<String, StatusKeys>,
) -> BTreeMap<String, Vec<FoundLock>> {
    for (task, keys) in written {
        for old in state::former(keys) {
            let former = locks.remove(&old.value.0).unwrap_or_default();
            let all = locks.entry(task.clone()).or_default();
            all.extend(former);
            all.sort_by(|a, b| a.lock.version.cmp(&b.lock.version));
        }
    }
    locks
}

/// Checks how the locks of a task follow each other, and for whom they sealed.
pub fn check(locks: &[FoundLock], config: &Config, diagnostics: &mut Diagnostics) {
    check_chain(locks, diagnostics);
    note_lost_audiences(locks, config, diagnostics);
}

/// Says that what a lock seals is no task.
pub fn nothing_to_show(found: &FoundLock, diagnostics: &mut Diagnostics) {
    let message = "this lock lacks the task's spec or its rubric, so nothing can be shown";
    diagnostics.add(rules::BROKEN_SEAL, Span::new(found.file, 0, 0), message).help(MENDING);
}

/// Each lock names the digest of the one before it, and no two name the same.
fn check_chain(locks: &[FoundLock], diagnostics: &mut Diagnostics) {
    for (number, found) in locks.iter().enumerate() {
        let earlier = &locks[..number];
        let version = &found.lock.version;
        if let Some(other) = earlier.iter().find(|other| other.lock.previous == found.lock.previous) {
            forked(other, found, locks, diagnostics);
            continue;
        }
        match (earlier.last(), &found.lock.previous) {
            (None, None) => {}
            (Some(_), Some(expected)) if earlier.iter().any(|other| other.digest == *expected) => {}
            (Some(before), Some(expected)) => {
                let message = format!(
                    "this lock has changed, or one after it is missing: release {version} expects {expected}, found {}",
                    before.digest
                );
                diagnostics.add(rules::BROKEN_SEAL, Span::new(before.file, 0, 0), message).help(MENDING);
            }
            (None, Some(expected)) => {
                let message = format!("the release before {version} is missing: its lock had the digest {expected}");
                diagnostics.add(rules::BROKEN_SEAL, Span::new(found.file, 0, 0), message).help(MENDING);
            }
            (Some(_), None) => {
                let message = format!("release {version} names no release before it, and there is one");
                diagnostics.add(rules::BROKEN_SEAL, Span::new(found.file, 0, 0), message).help(MENDING);
            }
        }
    }
}

/// Reports two releases that were made from the same one, and how to go on with either.
fn forked(one: &FoundLock, other: &FoundLock, locks: &[FoundLock], diagnostics: &mut Diagnostics) {
    let (first, second) = (&one.lock.version, &other.lock.version);
    let parent = locks.iter().find(|found| one.lock.previous.as_ref() == Some(&found.digest));
    let from = parent.map_or("with none before them".to_owned(), |parent| format!("from {}", parent.lock.version));
    let keep = |kept: &FoundLock, gone: &FoundLock| {
        format!("if readers have {}, remove {}", kept.lock.version, branch(gone, locks).join(" and "))
    };
    diagnostics
        .add(
            rules::FORKED_RELEASE,
            Span::new(other.file, 0, 0),
            format!(
                "releases {first} and {second} were both made {from}: two branches that sealed one each were merged"
            ),
        )
        .related(Span::new(one.file, 0, 0), "made from the same release")
        .help(keep(one, other))
        .help(keep(other, one))
        .help("then seal the merged working text as a new version: it holds what the removed one said");
}

/// Where the locks of a release and of all that were made from it lie.
fn branch(of: &FoundLock, locks: &[FoundLock]) -> Vec<String> {
    let mut digests = BTreeSet::from([of.digest.as_str()]);
    let mut paths = vec![lock_path(&of.lock.task, &of.lock.version)];
    for found in locks {
        if found.lock.previous.as_ref().is_some_and(|previous| digests.contains(previous.as_str())) {
            digests.insert(&found.digest);
            paths.push(lock_path(&found.lock.task, &found.lock.version));
        }
    }
    paths
}

/// Says which audiences a task was sealed for that are not there any more, once each.
fn note_lost_audiences(locks: &[FoundLock], config: &Config, diagnostics: &mut Diagnostics) {
    let mut lost: BTreeMap<&str, &FoundLock> = BTreeMap::new();
    for found in locks {
        let of_files = found.lock.files.iter().filter_map(|file| file.audience.as_deref());
        let names = of_files.chain(found.lock.projected.keys().map(String::as_str));
        lost.extend(names.filter(|name| config.audiences.find(name).is_none()).map(|name| (name, found)));
    }
    for (name, found) in lost {
        let release = found.lock.name();
        let message = format!(
            "{release} was sealed for `{name}`, which goldbook.yaml does not declare: what was theirs, nobody sees"
        );
        let default = config.audiences.name(config.default_audience);
        diagnostics
            .add(rules::LOST_AUDIENCE, Span::new(found.file, 0, 0), message)
            .help(format!("if the audience has another name now, say so in goldbook.yaml: `renamed_audiences: {{{name}: {default}}}`"))
            .help(format!("goldbook.yaml declares {}", config.audiences.prose()));
    }
}
