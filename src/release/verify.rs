//! Verifying a store: the log, every lock, chain and object.
//!
//! In: the files of `content/releases/`. Out: the releases that are whole, those that are not, and a finding for each
//! byte that is not what was sealed. It reads no sealed text: what it says was checked when it was sealed.

use super::chain::{self, FoundLock, MENDING, locks};
use super::log::ReleaseLog;
use super::open::read_log;
use super::proof::{named_objects, proven};
use super::{OBJECTS, account, lock_path, object_path, state, text};
use crate::config::Config;
use crate::diagnostic::{Diagnostics, Place, rules};
use crate::model::SealTime;
use crate::source::Sources;
use jiff::Timestamp;
use semver::Version;
use std::collections::BTreeMap;

/// What `goldbook verify` says of a site.
pub struct Verified {
    /// Each release that is whole.
    pub releases: Vec<VerifiedRelease>,
    /// How many objects were checked.
    pub objects: usize,
    /// How many published reports were checked.
    pub reports: usize,
    /// The log, if there is one.
    pub log: Option<ReleaseLog>,
    /// Each release that is not what was sealed.
    pub faulty: Vec<FaultyRelease>,
}

/// A release that is not what was sealed.
pub struct FaultyRelease {
    /// The task.
    pub task: String,
    /// Its version.
    pub version: Version,
    /// When it was sealed, as far as can be told.
    pub time: SealTime,
    /// The files of it that are missing or changed; none if it is the lock, and with it all.
    pub files: Vec<String>,
}

/// A release that is what was sealed.
pub struct VerifiedRelease {
    /// The task.
    pub task: String,
    /// Its version.
    pub version: Version,
    /// When it was sealed.
    pub time: Timestamp,
    /// SHA-256 of its lock: the release's id.
    pub id: String,
    /// Where its lock lies.
    pub lock: String,
}

impl VerifiedRelease {
    fn of(task: &str, found: &FoundLock) -> Self {
        Self {
            task: task.to_owned(),
            version: found.lock.version.clone(),
            time: found.lock.time.instant(),
            id: found.digest.clone(),
            lock: lock_path(&found.lock.task, &found.lock.version),
        }
    }
}

/// Checks the log, every lock, chain and object, objects that no lock names included.
pub fn verify(sources: &Sources, config: &Config, diagnostics: &mut Diagnostics) -> Verified {
    let log = read_log(sources, config, diagnostics);
    account::note(log.as_ref(), sources, diagnostics);
    let locks = locks(sources, config, diagnostics);
    let named = log.as_ref().and_then(|_| named_objects(&locks, sources));
    let mut releases = Vec::new();
    for (task, locks) in chain::by_task(locks.clone(), &state::read(sources, &mut Diagnostics::default())) {
        chain::check(&locks, config, diagnostics);
        let whole = locks.iter().filter(|found| proven(&task, found, sources, diagnostics).is_some());
        releases.extend(whole.map(|found| VerifiedRelease::of(&task, found)));
    }
    let mut objects = 0;
    for source in sources.below(OBJECTS) {
        objects += 1;
        let found = source.digest.to_string();
        if object_path(&found, &source.path) != *source.path {
            let message = format!("this object no longer has the digest in its name; it has {found}");
            diagnostics.add(rules::BROKEN_SEAL, Place::file(&*source.path), message).help(MENDING);
        } else if named.as_ref().is_some_and(|named| !named.contains(&*source.path)) {
            let message = "no release names this object";
            diagnostics
                .add(rules::UNNAMED_OBJECT, Place::file(&*source.path), message)
                .help("remove it: nothing shows it");
        }
    }
    let faulty = faulty(&locks, log.as_ref(), sources, config, diagnostics);
    Verified { releases, objects, reports: account::report_files(sources).count(), log, faulty }
}

/// The releases at whose locks or objects an error was found.
fn faulty(
    locks: &BTreeMap<String, Vec<FoundLock>>,
    log: Option<&ReleaseLog>,
    sources: &Sources,
    config: &Config,
    diagnostics: &Diagnostics,
) -> Vec<FaultyRelease> {
    let errors = diagnostics.paths_of_errors(sources);
    let of_lock = |found: &FoundLock| {
        let lock = &found.lock;
        let is_all = errors.contains(&lock_path(&lock.task, &lock.version));
        let files = lock.files.iter().map(|file| (&*file.sha256, &*file.path));
        let texts = lock.projected.values().map(|sha256| (&**sha256, text::NAME));
        let broken = files.chain(texts).filter(|(sha256, path)| !is_all && errors.contains(&object_path(sha256, path)));
        let files: Vec<String> = broken.map(|(_, path)| path.to_owned()).collect();
        (is_all || !files.is_empty()).then(|| FaultyRelease {
            task: lock.task.clone(),
            version: lock.version.clone(),
            time: lock.time,
            files,
        })
    };
    let missing = log.into_iter().flat_map(|log| account::missing(log, sources)).filter_map(|(lock, time)| {
        let (version, time) = (lock.version.parse().ok()?, SealTime::at(time, &config.time_zone));
        Some(FaultyRelease { task: lock.task, version, time, files: Vec::new() })
    });
    locks.values().flatten().filter_map(of_lock).chain(missing).collect()
}
