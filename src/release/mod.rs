//! Releases: sealed versions of a task's instructions.
//!
//! In: an instruction set, or locks and objects. Out: a lock with its objects, or Instructions that are proven to be
//! what was sealed. What was sealed never changes, and must build for good.

mod account;
pub mod act;
mod chain;
pub mod changes;
pub mod journal;
mod lock;
pub mod log;
pub mod lost_ids;
pub mod moved_gold;
mod open;
mod proof;
pub mod receipt;
pub mod seal;
mod serving;
pub mod sign;
pub mod state;
pub mod status_file;
pub mod text;
mod verify;
pub mod version;
mod when;

pub use account::next_log;
pub use lock::{Lock, LockedFile};
pub use open::{SealedFiles, files, open, read_log};
pub use proof::own_objects;
pub use serving::{last_scheduled, may_serve, newest_unscheduled, serving};
pub use verify::{FaultyRelease, Verified, VerifiedRelease, verify};
pub use when::When;

use crate::source::{Source, Sources};
use semver::Version;

/// Folder of the releases.
pub const FOLDER: &str = "content/releases/";

/// Folder of what releases seal, by digest.
pub const OBJECTS: &str = "content/releases/objects/";

/// Where a lock lies.
pub fn lock_path(task: &str, version: &Version) -> String {
    format!("{FOLDER}{task}/{version}.yaml")
}

/// Where the object of a sealed file lies: by digest, with the file's extension so that tools know what it is.
pub fn object_path(digest: &str, path: &str) -> String {
    let (folder, rest) = digest.split_at_checked(2).unwrap_or((digest, ""));
    let name = path.rsplit('/').next().unwrap_or(path);
    match name.rsplit_once('.') {
        Some((_, extension)) => format!("{OBJECTS}{folder}/{rest}.{extension}"),
        None => format!("{OBJECTS}{folder}/{rest}"),
    }
}

/// The locks of a store, each with the task in whose folder it lies.
pub fn lock_files(sources: &Sources) -> impl Iterator<Item = (&str, &Source)> {
    sources.below(FOLDER).filter_map(|source| {
        let (task, name) = source.path[FOLDER.len()..].split_once('/')?;
        let is_lock = task != "objects" && name.ends_with(".yaml") && name != state::NAME;
        is_lock.then_some((task, source))
    })
}
