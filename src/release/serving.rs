//! Serving: which version was in force when.
//!
//! In: a task, a cohort and an instant. Out: the version that what was made then was made under. Nothing is given a
//! version that was sealed after it was made.

use crate::model::{Model, Release, Task};
use jiff::Timestamp;
use jiff::civil::Date;
use semver::Version;

/// The version that served a cohort at an instant, if one did; for what has no time, the newest.
///
/// Of the versions that are there the one that began to serve last does: one that the task's state names in its periods,
/// any other from when it was sealed, and none after it was withdrawn. What is of no cohort is served by periods of all.
pub fn serving<'t>(task: &'t Task, cohort: Option<&str>, at: Option<Timestamp>) -> Option<&'t Version> {
    let Some(at) = at else { return task.latest().map(|release| &release.version) };
    let there = task.releases.iter().filter(|release| {
        release.time.instant() <= at && release.withdrawn.as_ref().is_none_or(|end| at < end.time.instant())
    });
    let begun = there.filter_map(|release| Some((begin(task, release, cohort, at)?, &release.version)));
    begun.max().map(|(_, version)| version)
}

/// Whether a cohort may work under a version since the newest was sealed: it serves some, or what was begun under it may
/// be finished. No cohort's id is asked, for not all readers have them.
pub fn may_serve(task: &Task, release: &Release) -> bool {
    let Some(newest) = task.latest().filter(|_| release.withdrawn.is_none()) else { return false };
    let now = newest.time.instant();
    let is_open = |period: &Service<'_>| period.until.is_none_or(|until| now <= until);
    // Since when one version serves all, whatever served before.
    let valid = task.releases.iter().filter(|release| release.withdrawn.is_none());
    let of_all = valid.flat_map(|release| periods(task, release)).filter(|period| period.cohorts.is_none());
    let replaced = of_all.filter(|period| period.from <= now && is_open(period)).map(|period| period.from).max();
    let serves = periods(task, release).any(|period| is_open(&period) && Some(period.from) >= replaced);
    let next = task.releases.iter().skip_while(|other| other.version != release.version).nth(1);
    let mut graces = next.iter().flat_map(|next| task.state.of(&next.version)).filter_map(|period| period.grace);
    release.version == newest.version || serves || graces.any(|last| newest.time.day() <= last)
}

/// When a release began to serve, if it does at an instant. A period that names the cohort stands before one of all.
fn begin(task: &Task, release: &Release, cohort: Option<&str>, at: Timestamp) -> Option<(Timestamp, bool)> {
    let is_for = |cohorts: &[String]| cohort.is_some_and(|cohort| cohorts.iter().any(|id| id == cohort));
    let holds = |period: &Service<'_>| {
        period.cohorts.is_none_or(is_for) && period.from <= at && period.until.is_none_or(|until| at <= until)
    };
    periods(task, release).filter(holds).map(|period| (period.from, period.cohorts.is_some())).max()
}

/// A time in which a release serves all, or the cohorts of these ids.
struct Service<'t> {
    from: Timestamp,
    until: Option<Timestamp>,
    cohorts: Option<&'t [String]>,
}

/// Those of a release: the ones that the task's state names, else from when it was sealed.
fn periods<'t>(task: &'t Task, release: &'t Release) -> impl Iterator<Item = Service<'t>> {
    let named = task.state.of(&release.version);
    let named =
        named.map(|period| Service { from: period.from, until: period.until, cohorts: period.cohorts.as_deref() });
    let mut named = named.peekable();
    let sealed = Service { from: release.time.instant(), until: None, cohorts: None };
    let sealed = Some(sealed).filter(|_| named.peek().is_none());
    named.chain(sealed)
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
