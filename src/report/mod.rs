//! Reports: how close a cohort's ratings are to gold, by ISO week and so far, and how sure we are.
//!
//! In: the Model, and ratings with their gold. Out: one `CohortReport` for each cohort and week, as plain data, and the
//! `ReportView` that its page, Markdown, JSON and CSV are all made from. No figure without n and interval, no verdict
//! beyond what the interval shows. It never reads a file or a clock, and names no rater.

mod agreement;
mod bars;
mod chart;
mod csv;
mod figures;
mod files;
mod gold;
mod json;
mod notes;
mod part;
mod task;
#[cfg(test)]
mod tests;
mod view;
mod work;

pub use files::file;
pub use view::ReportView;

use crate::diagnostic::{Diagnostics, Place, rules};
use crate::digest::Digest;
use crate::document::COHORTS;
use crate::model::{Cohort, Model};
use crate::ratings::{Ratings, Scores, Tally, Values, Week, first_values, score};
use jiff::civil::Date;
use notes::Note;
use rayon::prelude::*;
use task::TaskReport;
use work::Work;

/// A complete request for reports.
pub struct ReportRequest {
    /// The day on which they are made: later ratings are left out. The newest rating's day if none.
    pub date: Option<Date>,
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
    /// Whether these are the experts.
    pub expert: bool,
    /// The ISO week, such as `2026-W45`.
    pub week: String,
    /// Its Monday and its Sunday.
    pub days: (Date, Date),
    /// What is reported of each task that the cohort rated by then.
    pub tasks: Vec<TaskReport>,
    /// What was left out, replaced or assumed.
    pub notes: Vec<Note>,
    /// The digest of everything that the reports of this run are made from.
    pub inputs: Digest,
}

/// What all reports are computed from.
struct Data<'a> {
    model: &'a Model,
    ratings: &'a Ratings,
    scores: Scores,
    tally: Tally,
    values: Values,
    work: Work,
    inputs: Digest,
}

/// How many ratings are counted at a time.
const CHUNK: usize = 1 << 15;

/// Makes the reports of every cohort, by cohort and week: every ISO week in which it rated.
pub fn compile(
    model: &Model,
    ratings: &Ratings,
    request: &ReportRequest,
    diagnostics: &mut Diagnostics,
) -> Vec<CohortReport> {
    let scores = score(ratings, model, request.date);
    let tally = scores.scored.par_chunks(CHUNK).map(Tally::of).reduce(Tally::default, Tally::merged);
    let given = first_values(ratings, model, request.date);
    let values = given.par_chunks(CHUNK).map(Values::of).reduce(Values::default, Values::merged);
    let work = Work::of(ratings, request.date);
    let newest = ratings.ratings.iter().filter_map(|rating| rating.day).max();
    let today = request.date.or(newest).map(Week::of);
    let data = Data { model, ratings, scores, tally, values, work, inputs: request.inputs };
    let mut planned: Vec<(u16, &Cohort, Vec<Week>)> = Vec::new();
    for (index, cohort) in (0_u16..).zip(&model.cohorts) {
        let weeks = weeks(index, cohort, &data, today, diagnostics);
        planned.push((index, cohort, weeks));
    }
    let by_cohort = planned.par_iter().map(|(index, cohort, weeks)| of_cohort(*index, cohort, weeks, &data));
    by_cohort.collect::<Vec<_>>().into_iter().flatten().collect()
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
    let tasks: Vec<task::TaskData<'_>> =
        data.work.tasks(index).map(|task| task::TaskData::of(index, task, data)).collect();
    let report = |week: &Week| CohortReport {
        cohort: cohort.id.clone(),
        title: cohort.title.clone(),
        vendor: cohort.vendor.clone(),
        expert: cohort.expert,
        week: week.to_string(),
        days: week.days(),
        tasks: tasks.iter().filter(|task| task.has_begun(*week)).map(|task| task.report(*week)).collect(),
        notes: notes::of(index, *week, data),
        inputs: data.inputs,
    };
    weeks.par_iter().map(report).collect()
}
