//! States: what `releases/<task>/status.yaml` says, held against what is sealed.
//!
//! In: the files, and the releases of each task. Out: a `State` for each task that has such a file, and findings on
//! what in it can't be. It never writes one.

use super::FOLDER;
use crate::config::Config;
use crate::diagnostic::{Diagnostics, one_of, rules};
use crate::document::{COHORTS, EndKeys, ServingKeys, StatusKeys, TASKS, WithdrawalKeys};
use crate::model::{Ending, Release, SealTime, ServingPeriod, State};
use crate::schema::{FromYaml, Moment, Several, Spanned};
use crate::source::{Sources, Span};
use crate::yaml;
use jiff::ToSpan;
use jiff::tz::TimeZone;
use std::collections::BTreeMap;

/// The name of such a file in a task's folder of releases.
pub const NAME: &str = "status.yaml";

/// Where the state of a task lies.
pub fn path(task: &str) -> String {
    format!("{FOLDER}{task}/{NAME}")
}

/// What the files say, by task.
pub fn read(sources: &Sources, diagnostics: &mut Diagnostics) -> BTreeMap<String, StatusKeys> {
    let files = sources.below(FOLDER).filter_map(|source| {
        let (task, name) = source.path[FOLDER.len()..].split_once('/')?;
        let text = source.text().filter(|_| name == NAME)?;
        let keys = StatusKeys::from_yaml(&yaml::parse(text, source.id, 0, diagnostics)?, diagnostics)?;
        Some((task.to_owned(), keys))
    });
    files.collect()
}

/// What a task is called, and what it was called before.
pub fn called(task: &str, sources: &Sources) -> Vec<String> {
    let written = read(sources, &mut Diagnostics::default());
    let former = written.get(task).into_iter().flat_map(former).map(|id| id.value.0.clone());
    [task.to_owned()].into_iter().chain(former).collect()
}

/// The ids that a task had before.
pub fn former(keys: &StatusKeys) -> impl Iterator<Item = &Spanned<crate::schema::Id>> {
    keys.was.iter().flat_map(|Several(ids)| ids)
}

/// The state of a task that has these releases, of which those are marked that were withdrawn.
pub fn settle(
    keys: &StatusKeys,
    releases: &mut [Release],
    sources: &Sources,
    config: &Config,
    diagnostics: &mut Diagnostics,
) -> State {
    let zone = &config.time_zone;
    for id in former(keys) {
        let old = &id.value.0;
        if sources.find(&format!("{TASKS}{old}/task.md")).is_some() {
            diagnostics
                .add(rules::DUPLICATE_ID, id.span, format!("this task was `{old}`, and there is a task `{old}`"))
                .help("a task that was renamed keeps its old name, so that what names it is understood");
        }
    }
    for WithdrawalKeys { version, from, because } in keys.withdrawn.iter().flatten() {
        let (Some(version), Some(from), Some(because)) = (version, from, because) else { continue };
        if let Some(at) = find(version, releases, diagnostics) {
            let ending = Ending { time: SealTime::at(from.first(zone), zone), because: because.clone() };
            releases[at].withdrawn.get_or_insert(ending);
        }
    }
    let mut serves: Vec<(Span, ServingPeriod)> = Vec::new();
    for keys in keys.serves.iter().flatten() {
        let Some((span, period)) = period(keys, releases, sources, zone, diagnostics) else { continue };
        if let Some((other, _)) = serves.iter().find(|(_, other)| clash(other, &period)) {
            diagnostics
                .add(rules::INVALID_VALUE, span, "two versions begin to serve the same raters at the same time")
                .related(*other, "the other one")
                .help("name the `cohorts` of either");
            continue;
        }
        serves.push((span, period));
    }
    check_first(releases, &serves, diagnostics);
    State {
        was: former(keys).map(|id| id.value.0.clone()).collect(),
        serves: serves.into_iter().map(|(_, period)| period).collect(),
        retired: keys.retired.as_ref().and_then(|keys| ending(keys, zone)),
    }
}

fn ending(keys: &EndKeys, zone: &TimeZone) -> Option<Ending> {
    let EndKeys { from, because } = keys;
    Some(Ending { time: SealTime::at((*from)?.first(zone), zone), because: because.clone()? })
}

/// The place of a release among those of its task.
fn find(version: &Spanned<String>, releases: &[Release], diagnostics: &mut Diagnostics) -> Option<usize> {
    let found = releases.iter().position(|release| release.version.to_string() == version.value);
    if found.is_none() {
        let known: Vec<String> = releases.iter().map(|release| release.version.to_string()).collect();
        let finding =
            diagnostics.add(rules::INVALID_VALUE, version.span, format!("there is no release `{}`", version.value));
        if known.is_empty() {
            finding.help("nothing of this task is sealed");
        } else {
            finding.help(format!("sealed are {}", one_of(known.iter().map(String::as_str))));
        }
    }
    found
}

fn period(
    keys: &ServingKeys,
    releases: &[Release],
    sources: &Sources,
    zone: &TimeZone,
    diagnostics: &mut Diagnostics,
) -> Option<(Span, ServingPeriod)> {
    let (version, from) = (keys.version.as_ref()?, keys.from?);
    let release = &releases[find(version, releases, diagnostics)?];
    let [first, last] = [Some(from.first(zone)), keys.until.map(|until: Moment| until.last(zone))];
    let [first_day, last_day] = [first, last].map(|at| at.map(|at| zone.to_datetime(at).date()));
    let (first, first_day) = (first?, first_day?);
    if first_day < release.time.day() {
        let sealed = release.time.in_words();
        let message = format!("{} was sealed on {sealed}: nobody can have worked from it before", version.value);
        diagnostics.add(rules::INVALID_VALUE, version.span, message);
        return None;
    }
    if last.is_some_and(|last| last < first) {
        diagnostics.add(rules::INVALID_VALUE, version.span, "`until` is before `from`");
        return None;
    }
    for cohort in keys.cohorts.iter().flatten() {
        if sources.find(&format!("{COHORTS}{}.yaml", cohort.value)).is_none() {
            let message = format!("there is no cohort `{}`", cohort.value);
            diagnostics.add(rules::UNKNOWN_COHORT, cohort.span, message).help("a cohort is a file in content/cohorts");
        }
    }
    let period = ServingPeriod {
        version: release.version.clone(),
        cohorts: keys.cohorts.as_ref().map(|ids| ids.iter().map(|id| id.value.clone()).collect()),
        from: first.max(release.time.instant()),
        first_day,
        until: last,
        last_day,
        grace: keys.grace.map(|days| first_day.saturating_add(i64::from(days).days())),
    };
    Some((version.span, period))
}

/// The first version has nothing before it that could serve until its first period.
fn check_first(releases: &[Release], serves: &[(Span, ServingPeriod)], diagnostics: &mut Diagnostics) {
    let Some(first) = releases.first() else { return };
    let periods = serves.iter().filter(|(_, period)| period.version == first.version);
    let Some((span, period)) = periods.min_by_key(|(_, period)| period.from) else { return };
    let (sealed, from, version) = (first.time.day(), period.first_day, &first.version);
    if sealed < from {
        diagnostics
            .add(
                rules::INVALID_VALUE,
                *span,
                format!("from {sealed}, when {version} was sealed, until {from} nothing serves"),
            )
            .help("a version serves in just the periods that are named, if there are any: name the first one, too")
            .help(format!("for example `{{version: {version}, from: {sealed}, until: {from}}}`"));
    }
}

/// Whether nobody can tell which of two periods holds.
fn clash(one: &ServingPeriod, other: &ServingPeriod) -> bool {
    let shares = match (&one.cohorts, &other.cohorts) {
        (Some(one), Some(other)) => one.iter().any(|id| other.contains(id)),
        (one, other) => one.is_none() && other.is_none(),
    };
    one.from == other.from && shares
}
