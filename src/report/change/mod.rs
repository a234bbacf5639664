//! What changed: for each cohort, task and week what fell or rose, since when, and what coincides with it.
//!
//! In: the tally, who rated, and the releases. Out: a `WeekChange` for each task, whose findings the report opens with.
//! Counts come from the tally, week by week, so that one more week costs one more week. Thresholds
//! are those of the whole programme (`policy`). It never says why something changed, and names no rater.

mod beside;
mod compared;
mod facts;
mod findings;
mod policy;
mod series;
mod shown;
mod split;
#[cfg(test)]
mod tests;

pub use compared::{Compared, ComparedBeside, Movement, SeriesChange, SpanShare, TREND_WEEKS, WeekTrend};
pub use facts::{SealedVersion, WeekFacts};
pub use findings::{ChangeFinding, ChangeKind};
pub use policy::{ChangePolicy, WEEKS};
pub use series::{AllSeries, all as all_series};
pub use split::DifferenceSplit;

use super::Data;
use crate::ratings::Week;
use beside::BesideSeries;
use findings::Telling;
use series::TaskSeries;
use split::SplitSpans;

/// What changed in a cohort's work on a task by the end of a week.
#[derive(Clone, Debug)]
pub struct WeekChange {
    /// Whose, and of which task, by their places in the Model.
    of: (u16, u16),
    week: Week,
    /// All criteria with values together, then each; empty without gold.
    pub series: Vec<SeriesChange>,
    /// What fell or rose: all together first. Empty where nothing is shown.
    pub findings: Vec<ChangeFinding>,
    /// Facts of the week.
    pub facts: WeekFacts,
    /// How sure it had to be.
    pub policy: ChangePolicy,
}

/// What changes are computed from for a cohort and task, whatever the week.
pub struct ChangeData<'a> {
    of: (u16, u16),
    data: &'a Data<'a>,
    series: &'a [series::Series],
    beside: Vec<Option<BesideSeries>>,
    releases: Vec<SealedVersion>,
}

impl<'a> ChangeData<'a> {
    /// Gathers what does not depend on the week.
    pub(super) fn of(cohort: u16, task: u16, data: &'a Data<'a>) -> Self {
        let series = data.series.get(&(task, cohort)).map_or(&[][..], TaskSeries::as_slice);
        let beside = series.iter().map(|of| BesideSeries::of(of, (task, cohort), &data.series, data.model));
        let releases = facts::sealed(&data.model.tasks[usize::from(task)]);
        Self { of: (cohort, task), data, beside: beside.collect(), series, releases }
    }

    /// What changed by the end of a week; what is shown is judged with the whole report.
    pub fn week(&self, week: Week) -> WeekChange {
        let series = self.series.iter().zip(&self.beside);
        let (cohort, task) = self.of;
        WeekChange {
            of: self.of,
            week,
            series: series.filter_map(|(series, beside)| SeriesChange::of(series, beside.as_ref(), week)).collect(),
            findings: Vec::new(),
            facts: WeekFacts::of(
                &self.releases,
                self.data.work.turnover(cohort, task, week),
                self.series.first(),
                week,
            ),
            policy: self.data.policy,
        }
    }
}

/// Judges what changed in all tasks of a report together, and tells it.
pub(super) fn judge(changes: &mut [&mut WeekChange], data: &Data<'_>) {
    let mut series: Vec<&mut SeriesChange> = changes.iter_mut().flat_map(|of| &mut of.series).collect();
    shown::judge(&mut series, &data.policy);
    let titles: Vec<&str> = data.model.cohorts.iter().map(|cohort| cohort.title.as_str()).collect();
    for change in changes {
        let releases = facts::sealed(&data.model.tasks[usize::from(change.of.1)]);
        let telling = Telling { week: change.week, releases: &releases, titles: &titles };
        let told = change.series.iter().flat_map(|series| {
            let mut findings = findings::of(series, &telling);
            findings.iter_mut().for_each(|of| of.split = split_of(of, series, change, data));
            findings
        });
        change.findings = told.collect();
    }
}

/// The parts of a difference; a trend has none.
fn split_of(
    finding: &ChangeFinding,
    series: &SeriesChange,
    change: &WeekChange,
    data: &Data<'_>,
) -> Option<DifferenceSplit> {
    let spans: SplitSpans = [(finding.since, change.week), (finding.from, finding.since.before(1))];
    let is_difference = finding.kind != ChangeKind::Trend;
    let counts = (&data.ratings, &data.tally);
    is_difference.then(|| split::split(change.of.0, &series.questions, spans, counts)).flatten()
}
