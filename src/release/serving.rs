//! Serving: which version was in force when.
//!
//! In: a task, a cohort and an instant. Out: the version that what was made then was made under. Nothing is given a
//! version that was sealed after it was made.

use crate::model::{Model, Release, ServingPeriod, Task};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
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

/// Whether a cohort may work under a version since the newest was sealed: it serves some, now or once another's time is over,
/// or what was begun under it may be finished. No cohort's id is asked, for not all readers have them.
pub fn may_serve(task: &Task, release: &Release) -> bool {
    let Some(newest) = task.latest().filter(|_| release.withdrawn.is_none()) else { return false };
    let now = newest.time.instant();
    let ends = task.state.serves.iter().filter_map(|period| just(period.until?, 1));
    let begins = task.state.serves.iter().map(|period| period.from);
    let later = ends.chain(begins).filter(|at| now < *at);
    let may_finish = |period: &ServingPeriod| {
        let is_graced = period.grace.is_some_and(|last| newest.time.day() <= last);
        let before = just(period.from, -1).filter(|_| is_graced && period.version != release.version);
        before.is_some_and(|before| serves_some(task, release, before))
    };
    release.version == newest.version
        || later.chain([now]).any(|at| serves_some(task, release, at))
        || valid(task).flat_map(|other| task.state.of(&other.version)).any(may_finish)
}

/// Whether a version that was not withdrawn serves a cohort at an instant, whichever: since it began, none began to serve all.
fn serves_some(task: &Task, release: &Release, at: Timestamp) -> bool {
    let is_open = |service: &Service<'_>| service.from <= at && service.until.is_none_or(|until| at <= until);
    let of_all = valid(task).flat_map(|other| services(task, other)).filter(|service| service.cohorts.is_none());
    let replaced = of_all.filter(is_open).map(|service| service.from).max();
    services(task, release).any(|service| is_open(&service) && Some(service.from) >= replaced)
}

/// Versions that were not withdrawn.
fn valid(task: &Task) -> impl Iterator<Item = &Release> {
    task.releases.iter().filter(|release| release.withdrawn.is_none())
}

/// So many seconds after an instant.
fn just(at: Timestamp, seconds: i64) -> Option<Timestamp> {
    at.checked_add(SignedDuration::from_secs(seconds)).ok()
}

/// When a release began to serve, if it does at an instant. A period that names the cohort stands before one of all.
fn begin(task: &Task, release: &Release, cohort: Option<&str>, at: Timestamp) -> Option<(Timestamp, bool)> {
    let is_for = |cohorts: &[String]| cohort.is_some_and(|cohort| cohorts.iter().any(|id| id == cohort));
    let holds = |service: &Service<'_>| {
        service.cohorts.is_none_or(is_for) && service.from <= at && service.until.is_none_or(|until| at <= until)
    };
    services(task, release).filter(holds).map(|service| (service.from, service.cohorts.is_some())).max()
}

/// A time in which a release serves all, or the cohorts of these ids.
struct Service<'t> {
    from: Timestamp,
    until: Option<Timestamp>,
    cohorts: Option<&'t [String]>,
}

/// Those of a release: the ones that the task's state names, else from when it was sealed.
fn services<'t>(task: &'t Task, release: &'t Release) -> impl Iterator<Item = Service<'t>> {
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
