//! Reports: how close a cohort's ratings are to gold, by ISO week and so far, and how sure we are.
//!
//! In: the Model, and ratings with their gold. Out: one `CohortReport` for each cohort and week, as plain data, and the
//! `ReportView` that its page, Markdown, JSON and CSV are all made from. No figure without n and interval, no verdict
//! beyond what the interval shows. It never reads a file or a clock; only `raters` names anybody.

mod bar_plan;
mod bars;
mod behind;
mod ceiling;
mod change;
mod chart;
mod cited;
mod cost;
mod criterion_trend;
mod csv;
mod evidence;
mod figures;
mod files;
mod gold;
mod hidden_comments;
mod json;
mod look;
mod looked;
mod notes;
mod part;
mod published;
mod raters;
mod reports;
mod restated;
mod shown;
mod task;
#[cfg(test)]
mod tests;
mod turnover;
mod view;
mod weeks;
mod work;

pub use chart::{criterion_charts, trend_chart, trend_lines};
pub use csv::raters as raters_table;
pub use files::file;
pub use json::schema;
pub use published::{Publication, PublicationFacts, publications};
pub use raters::CohortRaters;
pub use reports::Reports;
pub use shown::WeekReport;
pub use view::{FigureView, RatersView, ReportView, TaskView};

use crate::diagnostic::{Diagnostics, Place, rules};
use crate::digest::Digest;
use crate::document::{COHORTS, CohortRole};
use crate::model::{Cohort, Model, Task};
use crate::ratings::{
    Ledger, LeftOutCounts, Meanings, PeerAnswers, QuestionRatings, Ratings, RowCounts, Scope, Tally, Values, Week,
    peer_answers, score, values,
};
use change::{AllSeries, ChangePolicy};
use hidden_comments::HiddenCounts;
use jiff::civil::Date;
use notes::Note;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;
use task::{TaskData, TaskReport};
use work::Work;

/// The folder of a report in a site, with a `/` at the end.
pub fn folder(cohort: &str, week: &str) -> String {
    format!("reports/{cohort}/{week}/")
}

/// A complete request for reports.
#[derive(Clone, Copy)]
pub struct ReportRequest<'a> {
    /// The day on which they are made: later ratings are left out. The newest rating's day if none.
    pub date: Option<Date>,
    /// The one cohort to report, by its place in the Model; all cohorts if none.
    pub cohort: Option<u16>,
    /// Files of ratings that are left out on purpose.
    pub without: &'a [String],
    /// The digest of everything they are made from.
    pub inputs: Digest,
}

/// One cohort's report for one week.
#[derive(Clone, Debug)]
pub struct CohortReport {
    /// The cohort's id.
    pub cohort: String,
    /// What it is called.
    pub title: String,
    /// The contracting service.
    pub vendor: Option<String>,
    /// Whose ratings these are.
    pub role: CohortRole,
    /// The ISO week, such as `2026-W45`.
    pub week: String,
    /// Its Monday and its Sunday.
    pub days: (Date, Date),
    /// What is reported of each task that the cohort rated by then.
    pub tasks: Vec<TaskReport>,
    /// What became of each row of the cohort, and of no known one, by file.
    pub rows: Arc<Vec<FileCounts>>,
    /// What was left out, replaced or assumed.
    pub notes: Vec<Note>,
    /// Files of ratings that were left out on purpose.
    pub without: Arc<[String]>,
    /// Who stands behind it, a sentence each.
    pub behind: Vec<String>,
}

/// What became of the rows of one file.
#[derive(Clone, Debug)]
pub struct FileCounts {
    /// Its path.
    pub path: String,
    /// The rows that were read.
    pub counts: RowCounts,
    /// Whether there are rows that were not read.
    pub cut_short: bool,
}

impl FileCounts {
    /// The rows of a cohort, and of no known one, in the files that have any.
    fn of(cohort: u16, ledger: &Ledger) -> Vec<Self> {
        let files = ledger.files.iter().map(|file| Self {
            path: file.path.clone(),
            counts: file.counts_of(cohort),
            cut_short: file.fault.is_some(),
        });
        files.filter(|file| file.counts.rows() > 0 || file.cut_short).collect()
    }
}

/// What all reports are computed from.
struct Data<'a> {
    model: &'a Model,
    /// Names, gold and notes: the rows themselves are counted.
    ratings: Ratings,
    /// By cohort, reason and week: ratings that are not scored although they are there.
    left_out: LeftOutCounts,
    /// Which versions ask the same by each criterion.
    meanings: Meanings,
    /// How many comments a data lead keeps back.
    hidden_comments: HiddenCounts,
    tally: Tally,
    values: Values,
    /// By criterion: experts' answers by gold that the others make, and cohorts' by the same gold.
    peers: BTreeMap<u16, PeerAnswers>,
    work: Work,
    /// How each cohort answered gold week by week, of the tasks that are reported.
    series: AllSeries,
    policy: ChangePolicy,
    without: Arc<[String]>,
    inputs: Digest,
}

/// What can be reported: cohorts with the weeks in which they rated.
pub struct Reportable<'a> {
    data: Data<'a>,
    cohorts: Vec<(u16, &'a Cohort, Vec<Week>)>,
}

impl<'a> Reportable<'a> {
    /// Counts the ratings that a request asks for.
    pub fn of(
        model: &'a Model,
        mut ratings: Ratings,
        request: ReportRequest<'_>,
        diagnostics: &mut Diagnostics,
    ) -> Self {
        let ReportRequest { date, cohort: wanted, without, inputs } = request;
        let without: Arc<[String]> = without.into();
        let hidden_comments = hidden_comments::take_out(&mut ratings, model, diagnostics);
        let scope = Scope { until: date, cohort: wanted };
        // What changed is told beside other cohorts, also where one alone is reported.
        let beside = Scope { cohort: None, ..scope };
        let (work, (tally, left_out)) = rayon::join(|| Work::of(&ratings, scope), || tallied(&ratings, model, beside));
        let policy = ChangePolicy::of(model, &ratings, &tally);
        let tasks = (0..model.cohorts.len() as u16).flat_map(|cohort| work.tasks(cohort).collect::<Vec<_>>());
        let series = change::all_series(&tasks.collect(), model, &ratings, &tally, policy.threshold);
        let values = values(&ratings, model, scope);
        let peers = peer_answers(&ratings, model, beside);
        let newest = ratings.ratings.iter().filter_map(|rating| rating.of.day).max();
        let today = date.or(newest).map(Week::of);
        let data = Data {
            model,
            meanings: Meanings::of(&ratings, model),
            hidden_comments,
            ratings: ratings.without_rows(),
            left_out,
            tally,
            values,
            peers,
            work,
            series,
            policy,
            without,
            inputs,
        };
        let cohorts = (0_u16..).zip(&model.cohorts).filter(|(index, _)| wanted.is_none_or(|wanted| wanted == *index));
        let with_weeks =
            cohorts.map(|(index, cohort)| (index, cohort, weeks(index, cohort, &data, today, diagnostics)));
        Self { cohorts: with_weeks.collect(), data }
    }

    /// The weeks that can be reported, in order.
    pub fn weeks(&self) -> impl Iterator<Item = Week> {
        self.cohorts.iter().flat_map(|(_, _, weeks)| weeks.iter().copied())
    }

    /// Whether any of the cohorts has ratings, with a time or without.
    pub fn is_rated(&self) -> bool {
        self.cohorts.iter().any(|(index, ..)| self.data.work.has_rated(*index))
    }

    /// Since when a cohort has rated a task, in words; none if it has not.
    pub fn rated_since(&self, cohort: u16, task: &Task) -> Option<String> {
        let work = &self.data.work;
        let index = work.tasks(cohort).find(|index| self.data.model.tasks[usize::from(*index)].id == task.id)?;
        let first = work.begun(cohort, index).first_day;
        Some(first.map_or_else(|| "at a time that is not known".to_owned(), |day| format!("since {day}")))
    }

    /// Every report beside what was `published`, and the raters of each cohort that has one; says which words stand on no
    /// report, and which figures would not be published so any more.
    pub fn all(&self, published: Vec<Publication>, diagnostics: &mut Diagnostics) -> Reports {
        let with_weeks = self.cohorts.par_iter().filter(|(.., weeks)| !weeks.is_empty());
        let raters = with_weeks.map(|(index, cohort, weeks)| self.raters(*index, cohort, weeks));
        let reports = Reports { raters: raters.collect(), ..self.reports(published, |_| true) };
        reports.note_unshown(self.data.model, diagnostics);
        shown::note_restated(&reports, self.data.model, diagnostics);
        reports
    }

    /// The raters of a cohort, by all that it rated so far.
    fn raters(&self, index: u16, cohort: &Cohort, weeks: &[Week]) -> CohortRaters {
        let tasks: Vec<u16> = self.data.work.tasks(index).collect();
        CohortRaters {
            cohort: cohort.id.clone(),
            title: cohort.title.clone(),
            week: weeks.last().map_or_else(String::new, ToString::to_string),
            tasks: tasks.par_iter().map(|task| raters::of_task(index, *task, &self.data)).collect(),
            without: Arc::clone(&self.data.without),
        }
    }

    /// The reports of one week beside what was `published`.
    pub fn of_week(&self, week: Week, published: Vec<Publication>) -> Reports {
        self.reports(published, |of| of == week)
    }

    fn reports(&self, published: Vec<Publication>, wanted: impl Fn(Week) -> bool + Sync) -> Reports {
        let by_cohort = self.cohorts.par_iter().map(|(index, cohort, weeks)| {
            let weeks: Vec<Week> = weeks.iter().copied().filter(|week| wanted(*week)).collect();
            of_cohort(*index, cohort, &weeks, &self.data)
        });
        let weekly = by_cohort.collect::<Vec<_>>().into_iter().flatten().collect();
        Reports { weekly, published, raters: Vec::new(), is_for_vendor: false, inputs: Some(self.data.inputs) }
    }
}

/// Counts of right answers, and of ratings that are not scored. Criteria have nothing in common, and are counted at the
/// same time.
fn tallied(ratings: &Ratings, model: &Model, scope: Scope) -> (Tally, LeftOutCounts) {
    let of_question = |of: QuestionRatings<'_>| {
        let scores = score(of, ratings, model, scope);
        (Tally::of(&scores.scored), scores.left_out)
    };
    let both = |(tally, mut left_out): (Tally, LeftOutCounts), (other, more): (Tally, LeftOutCounts)| {
        more.into_iter().for_each(|(key, count)| *left_out.entry(key).or_default() += count);
        (tally.merged(other), left_out)
    };
    ratings.ratings.by_question().into_par_iter().map(of_question).reduce(Default::default, both)
}

/// The weeks to report: those with ratings, or today's where no rating of the cohort has a time.
fn weeks(
    index: u16,
    cohort: &Cohort,
    data: &Data<'_>,
    today: Option<Week>,
    diagnostics: &mut Diagnostics,
) -> Vec<Week> {
    let weeks = data.work.weeks(index);
    if !weeks.is_empty() || !data.work.has_rated(index) {
        return weeks;
    }
    if today.is_none() {
        let message = format!("no rating of `{}` has a time, so there is no week to report it under", cohort.id);
        diagnostics
            .add(rules::REJECTED_RATINGS, Place::file(format!("{COHORTS}{}.yaml", cohort.id)), message)
            .help("add the column `submitted_at`, or name a day with `--date`");
    }
    today.into_iter().collect()
}

fn of_cohort(index: u16, cohort: &Cohort, weeks: &[Week], data: &Data<'_>) -> Vec<CohortReport> {
    let tasks: Vec<u16> = data.work.tasks(index).collect();
    let tasks = tasks.par_iter().map(|task| TaskData::of(index, *task, data).reports(weeks));
    let mut tasks: Vec<_> = tasks.collect::<Vec<_>>().into_iter().map(Vec::into_iter).collect();
    let ledger = &data.ratings.notes.ledger;
    let (rows, became) = (Arc::new(FileCounts::of(index, ledger)), ledger.counts_of(index));
    let report = |week: &Week| {
        let mut of_week: Vec<TaskReport> = tasks.iter_mut().filter_map(|task| task.next().flatten()).collect();
        change::judge(&mut of_week.iter_mut().map(|task| &mut task.change).collect::<Vec<_>>(), data);
        CohortReport {
            cohort: cohort.id.clone(),
            title: cohort.title.clone(),
            vendor: cohort.vendor.clone(),
            role: cohort.role,
            week: week.to_string(),
            days: week.days(),
            tasks: of_week,
            rows: Arc::clone(&rows),
            notes: notes::of(index, *week, &became, data),
            without: Arc::clone(&data.without),
            behind: behind::sentences(index, *week, data),
        }
    };
    weeks.iter().map(report).collect()
}
