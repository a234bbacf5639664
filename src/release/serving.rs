//! Serving: which version was in force when.
//!
//! In: the releases of a task, and an instant. Out: the version that what was made then was made under. Nothing is given
//! a version that was sealed after it was made.

use crate::model::{Model, Release};
use jiff::Timestamp;
use jiff::civil::Date;
use semver::Version;

/// The newest version sealed by `at`, if one was; the newest of all for what has no time.
pub fn serving(releases: &[Release], at: Option<Timestamp>) -> Option<&Version> {
    let is_there = |release: &&Release| at.is_none_or(|at| release.time.instant() <= at);
    releases.iter().rev().find(is_there).map(|release| &release.version)
}

/// The last day for which a release is scheduled.
pub fn last_scheduled(model: &Model) -> Option<Date> {
    days(model, true).max()
}

/// The newest day of the releases that were not scheduled.
pub fn newest_unscheduled(model: &Model) -> Option<Date> {
    days(model, false).max()
}

fn days(model: &Model, scheduled: bool) -> impl Iterator<Item = Date> {
    let releases = model.tasks.iter().flat_map(|task| &task.releases);
    releases.filter(move |release| release.scheduled == scheduled).map(|release| release.time.day())
}
