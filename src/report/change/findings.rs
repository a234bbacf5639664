//! Findings: what changed, each with a sentence, what coincides with it, and what would tell causes apart.
//!
//! In: figures of a week that were judged, and releases. Out: `ChangeFinding`s. The words are neutral: they say what fell or
//! rose, since when, and what else there was in those weeks; never why.

use super::compared::{Compared, ComparedBeside, Movement, SeriesChange};
use super::facts::SealedVersion;
use super::split::DifferenceSplit;
use crate::figures::words;
use crate::quality::contrast::Contrast;
use crate::ratings::Week;

/// What found it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChangeKind {
    /// The watch rang.
    Watch,
    /// The change of four weeks differs from that of others on the same items.
    Beside,
    /// The week differs from the four before it.
    Week,
    /// Six weeks go one way.
    Trend,
}

/// Something that changed.
#[derive(Clone, Debug)]
pub struct ChangeFinding {
    /// What found it.
    pub kind: ChangeKind,
    /// The criterion's id; none for all with values together.
    pub criterion: Option<String>,
    /// Whether it fell or rose.
    pub movement: Movement,
    /// The first week that is counted as after the change.
    pub since: Week,
    /// The first week of those before it.
    pub from: Week,
    /// Whether it is told for the first time: an alarm stands for four weeks.
    pub is_new: bool,
    /// What is found, with its figure and interval.
    pub sentence: String,
    /// What else there was in those weeks, a sentence each.
    pub coincides: Vec<String>,
    /// What would tell causes apart, a sentence each.
    pub apart: Vec<String>,
    /// The difference in parts, where raters are in both spans; of watches, weeks and cohorts beside others.
    pub split: Option<DifferenceSplit>,
}

impl ChangeKind {
    /// Its name for machines.
    pub fn name(self) -> &'static str {
        match self {
            Self::Watch => "watch",
            Self::Beside => "beside",
            Self::Week => "week",
            Self::Trend => "trend",
        }
    }
}

/// What findings are told with.
pub struct Telling<'a> {
    /// The week of the report.
    pub week: Week,
    /// The versions of the task, oldest first.
    pub releases: &'a [SealedVersion],
    /// What cohorts are called, by their places in the Model.
    pub titles: &'a [&'a str],
}

/// What is found of a series, its parts not yet told.
pub fn of(series: &SeriesChange, telling: &Telling<'_>) -> Vec<ChangeFinding> {
    [watch(series, telling), beside(series, telling), week(series, telling), trend(series, telling)]
        .into_iter()
        .flatten()
        .collect()
}

fn watch(series: &SeriesChange, telling: &Telling<'_>) -> Option<ChangeFinding> {
    let alarm = series.watch.alarm.as_ref()?;
    let Compared { now, before, change, .. } = &alarm.compared;
    let moved = change.as_ref().map_or_else(|undefined| undefined.reason().to_owned(), moved);
    let sentence = format!(
        "{} has been lower since about {}: {} since then, {} before. {moved} The watch rang in {}.",
        name(series),
        alarm.since,
        words::percent(now.share?),
        words::percent(before.share?),
        alarm.rang
    );
    let mut finding = ChangeFinding {
        since: alarm.since,
        is_new: alarm.rang == telling.week,
        ..finding(ChangeKind::Watch, series, Movement::Fell, before.weeks?.0, sentence)
    };
    finding.add_releases(telling);
    finding.add_others(alarm.beside.as_ref(), telling);
    Some(finding)
}

fn beside(series: &SeriesChange, telling: &Telling<'_>) -> Option<ChangeFinding> {
    let beside = series.beside.as_ref()?;
    let (own, others) = (&beside.own, beside.others);
    let change = shown(own)?;
    let sentence = format!(
        "{} went from {} to {} in the last four weeks, against the four before them, on gold items that {} rated too; \
         there from {} to {}. Beside theirs its change is {}.",
        name(series),
        words::percent(own.before.share?),
        words::percent(own.now.share?),
        titles(&beside.cohorts, telling),
        words::percent(others[1].share?),
        words::percent(others[0].share?),
        with_interval(change),
    );
    let mut finding = finding(ChangeKind::Beside, series, own.movement, own.before.weeks?.0, sentence);
    finding.since = own.now.weeks?.0;
    finding.add_releases(telling);
    finding.add_apart(true);
    Some(finding)
}

fn week(series: &SeriesChange, telling: &Telling<'_>) -> Option<ChangeFinding> {
    let of = &series.week;
    let change = shown(of)?;
    let sentence = format!(
        "{} was {} in this week and {} in the four weeks before: {}.",
        name(series),
        words::percent(of.now.share?),
        words::percent(of.before.share?),
        with_interval(change)
    );
    let mut finding = finding(ChangeKind::Week, series, of.movement, of.before.weeks?.0, sentence);
    finding.since = telling.week;
    finding.add_releases(telling);
    finding.add_apart(series.beside.as_ref().is_some_and(|beside| beside.others[0].items > 0));
    Some(finding)
}

fn trend(series: &SeriesChange, telling: &Telling<'_>) -> Option<ChangeFinding> {
    let trend = &series.trend;
    let slope = trend.slope.as_ref().ok().filter(|_| is_move(trend.movement))?;
    let since = telling.week.before(super::compared::TREND - 1);
    let sentence =
        format!("{}, over {} weeks with gold, is each week {}.", name(series), trend.weeks, with_interval(slope));
    let mut finding = finding(ChangeKind::Trend, series, trend.movement, since, sentence);
    finding.since = since;
    finding.add_releases(telling);
    finding.add_apart(series.beside.as_ref().is_some_and(|beside| beside.others[0].items > 0));
    Some(finding)
}

fn finding(kind: ChangeKind, series: &SeriesChange, movement: Movement, from: Week, sentence: String) -> ChangeFinding {
    ChangeFinding {
        kind,
        criterion: series.criterion.clone(),
        movement,
        since: from,
        from,
        is_new: true,
        sentence,
        coincides: Vec::new(),
        apart: Vec::new(),
        split: None,
    }
}

impl ChangeFinding {
    /// The releases since it began, the task's first one left out: there was no text before it.
    fn add_releases(&mut self, telling: &Telling<'_>) {
        let is_in = |release: &&SealedVersion| self.since <= release.week && release.week <= telling.week;
        let releases = telling.releases.iter().skip(1).filter(is_in);
        let told = releases.map(|of| format!("Version {} was sealed in {}, one of these weeks.", of.version, of.week));
        self.coincides.extend(told);
    }

    /// What others did on the same items.
    fn add_others(&mut self, beside: Option<&ComparedBeside>, telling: &Telling<'_>) {
        let others = beside.and_then(|beside| {
            let [now, before] = beside.others;
            Some((beside, now.share?, before.share?))
        });
        if let Some((beside, now, before)) = others {
            let text = if beside.same_version { " and worked from the same version" } else { "" };
            self.coincides.push(format!(
                "{} rated the same gold items{text}: {} since then, {} before.",
                titles(&beside.cohorts, telling),
                words::percent(now),
                words::percent(before)
            ));
        }
        self.add_apart(others.is_some());
    }

    fn add_apart(&mut self, has_others: bool) {
        if !self.coincides.iter().any(|sentence| sentence.starts_with("Version")) {
            self.apart.push(
                "Gold items of before, rated again by the same raters, would tell other items from other work."
                    .to_owned(),
            );
        } else {
            self.apart.push(
                "Gold items of before, rated again by the same raters under the new version, would tell the text from the \
                 items; an experiment, in which some raters keep the earlier version, would tell it from the time."
                    .to_owned(),
            );
        }
        if !has_others {
            self.apart.push(
                "The same gold items, rated by another cohort, would tell harder items from other work.".to_owned(),
            );
        }
    }
}

fn is_move(movement: Movement) -> bool {
    matches!(movement, Movement::Fell | Movement::Rose)
}

/// A difference that is shown.
fn shown(compared: &Compared) -> Option<&Contrast> {
    compared.change.as_ref().ok().filter(|_| is_move(compared.movement))
}

/// What a series is of.
pub fn name(series: &SeriesChange) -> String {
    series
        .criterion
        .as_ref()
        .map_or_else(|| "Right out of asked".to_owned(), |id| format!("Right out of asked by {id}"))
}

fn titles(cohorts: &[u16], telling: &Telling<'_>) -> String {
    let titles: Vec<&str> = cohorts.iter().filter_map(|of| telling.titles.get(usize::from(*of)).copied()).collect();
    titles.join(" and ")
}

fn moved(change: &Contrast) -> String {
    format!("That is {}.", with_interval(change))
}

fn with_interval(change: &Contrast) -> String {
    let between = words::points_between(change.estimate.low, change.estimate.high);
    format!("{} (95 % interval: {between})", words::points(change.estimate.point))
}
