//! Serving: which version was in force when.
//!
//! In: a task, a cohort and an instant. Out: the version that what was made then was made under. Nothing is given a
//! version that was sealed after it was made.

use crate::model::{Model, Release, ServingPeriod, Task};
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

/// When a release began to serve, if it does at an instant. A period that names the cohort stands before one of all.
fn begin(task: &Task, release: &Release, cohort: Option<&str>, at: Timestamp) -> Option<(Timestamp, bool)> {
    let mut periods = task.state.of(&release.version).peekable();
    if periods.peek().is_none() {
        return Some((release.time.instant(), false));
    }
    let holds = |period: &&ServingPeriod| {
        period.is_for(cohort) && period.from <= at && period.until.is_none_or(|until| at <= until)
    };
    periods.filter(holds).map(|period| (period.from, period.cohorts.is_some())).max()
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
