//! Series: how a cohort answered gold, week by week, by one criterion or by all with values together.
//!
//! In: cells of the tally. Out: for each series its weeks in order, each with its answers added up. Where a criterion's
//! meaning changed, its series begins anew: answers under the earlier meaning are left out from then on. It judges nothing.

use super::policy::has_overall;
use crate::model::Model;
use crate::quality::clustered::ScoredCell;
use crate::quality::contrast::AnswerSums;
use crate::quality::drift::watch::{WatchedWeek, watch};
use crate::ratings::{Meanings, Ratings, Stratum, Tallied, Tally, Week};
use crate::report::part::weight;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// How a cohort answered gold by one criterion, or by all together.
#[derive(Clone, Debug)]
pub struct Series {
    /// The criterion's id; none for all with values together.
    pub criterion: Option<String>,
    /// The criteria by number, each with its weight, which are one on average.
    pub questions: Vec<(u16, f64)>,
    /// The weeks in which gold was rated, in order.
    pub weeks: Vec<SeriesWeek>,
    /// What the watch says of each.
    pub watched: Vec<WatchedWeek>,
}

/// A week of a series.
#[derive(Clone, Debug)]
pub struct SeriesWeek {
    /// The week.
    pub week: Week,
    /// How often meanings had changed by then: weeks with different numbers are never compared.
    pub meaning: u16,
    /// The newest version that was rated under.
    pub version: Option<u16>,
    /// Its answers by item and rater.
    pub cells: Vec<ScoredCell>,
    /// The same, added up.
    pub sums: AnswerSums,
    /// Weight that had a value, or what the gold has in place of one.
    pub answered: f64,
}

/// The series of a cohort and task, all together first.
pub type TaskSeries = Vec<Series>;

/// The series of the tasks that are reported, by task and cohort.
pub type AllSeries = BTreeMap<(u16, u16), TaskSeries>;

/// Answers of one item by one rater.
struct WeekAnswer {
    week: Week,
    version: Option<u16>,
    cell: ScoredCell,
    answered: f64,
}

/// The answers by one criterion in order of weeks, and the weeks in which its meaning changed.
struct QuestionAnswers {
    question: u16,
    answers: Vec<WeekAnswer>,
    changes: BTreeSet<Week>,
}

/// The series of all cohorts for some tasks.
pub fn all(tasks: &BTreeSet<u16>, model: &Model, ratings: &Ratings, tally: &Tally, threshold: f64) -> AllSeries {
    let meanings = Meanings::of(ratings, model);
    let cohorts = 0..model.cohorts.len() as u16;
    let pairs: Vec<(u16, u16)> = tasks.iter().flat_map(|task| cohorts.clone().map(|of| (*task, of))).collect();
    let of = |(task, cohort): (u16, u16)| {
        let questions = ratings.names.questions.iter().zip(0_u16..);
        let of_task = questions.filter(|(of, _)| of.task == task && of.criterion.scale.is_scored());
        let answers = of_task.filter_map(|(of, question)| {
            let cells = tally.of_stratum(Stratum { cohort, question, shown: false });
            let answers = QuestionAnswers::of(question, cells, &meanings);
            Some((&of.criterion, answers)).filter(|_| !cells.is_empty())
        });
        let answers: Vec<_> = answers.collect();
        let weights = answers.iter().filter_map(|(criterion, of)| Some((of, weight(criterion)?))).collect::<Vec<_>>();
        let overall = has_overall(weights.len()).then(|| Series::of_all(&weights, threshold));
        let each = answers.iter().map(|(of, answers)| Series::of(Some(&of.id), &[(answers, 1.0)], threshold));
        overall.into_iter().chain(each).filter(|series| !series.weeks.is_empty()).collect()
    };
    pairs.into_par_iter().map(|pair| (pair, of(pair))).collect()
}

impl QuestionAnswers {
    fn of(question: u16, cells: &[Tallied], meanings: &Meanings) -> Self {
        let answer = |of: &Tallied| {
            let (cell, count) = (of.counted.cell, of.counted.count);
            let (right, asked) = (f64::from(count.right), f64::from(count.asked));
            let cell = ScoredCell { item: cell.item, rater: cell.rater, right, asked };
            Some(WeekAnswer { week: of.week?, version: of.version, cell, answered: f64::from(count.answered) })
        };
        let mut answers: Vec<WeekAnswer> = cells.iter().filter_map(answer).collect();
        // Cells are in order of items and raters: a stable sort keeps that within a week.
        answers.sort_by_key(|of| of.week);
        let meaning = |of: &WeekAnswer| meanings.of_version(question, of.version);
        let (mut changes, mut newest) = (BTreeSet::new(), None);
        let mut kept = Vec::with_capacity(answers.len());
        for of_week in answers.chunk_by(|a, b| a.week == b.week) {
            let latest = of_week.iter().map(meaning).max();
            if newest.is_some() && newest < latest {
                changes.insert(of_week[0].week);
            }
            newest = newest.max(latest);
            kept.extend(of_week.iter().map(|of| Some(meaning(of)) == newest));
        }
        let mut kept = kept.into_iter();
        answers.retain(|_| kept.next().unwrap_or_default());
        Self { question, answers, changes }
    }
}

impl Series {
    /// All criteria with values together.
    fn of_all(weighted: &[(&QuestionAnswers, f64)], threshold: f64) -> Self {
        let mean = weighted.iter().map(|(_, weight)| weight).sum::<f64>() / weighted.len() as f64;
        let scaled: Vec<_> = weighted.iter().map(|(of, weight)| (*of, weight / mean)).collect();
        Self::of(None, &scaled, threshold)
    }

    fn of(criterion: Option<&str>, weighted: &[(&QuestionAnswers, f64)], threshold: f64) -> Self {
        let changes: BTreeSet<Week> = weighted.iter().flat_map(|(of, _)| &of.changes).copied().collect();
        let mut answers: Vec<(&WeekAnswer, f64)> =
            weighted.iter().flat_map(|(of, weight)| of.answers.iter().map(move |answer| (answer, *weight))).collect();
        if weighted.len() > 1 {
            answers.par_sort_by_key(|(of, _)| (of.week, of.cell.item, of.cell.rater));
        }
        let by_week: Vec<_> = answers.chunk_by(|(a, _), (b, _)| a.week == b.week).collect();
        let weeks = by_week.into_par_iter().map(|of_week| {
            let week = of_week[0].0.week;
            SeriesWeek::of(week, changes.range(..=week).count() as u16, of_week)
        });
        let weeks: Vec<SeriesWeek> = weeks.collect();
        let watched = weeks.chunk_by(|a, b| a.meaning == b.meaning).flat_map(|of_meaning| {
            let sums: Vec<AnswerSums> = of_meaning.iter().map(|week| week.sums.clone()).collect();
            watch(&sums, threshold)
        });
        Self {
            criterion: criterion.map(str::to_owned),
            questions: weighted.iter().map(|(of, weight)| (of.question, *weight)).collect(),
            watched: watched.collect(),
            weeks,
        }
    }

    /// The weeks from one to another, of the meaning that the last of them has; with the place of the first.
    pub fn span(&self, from: Week, until: Week) -> (usize, &[SeriesWeek]) {
        let end = self.weeks.partition_point(|of| of.week <= until);
        let last = self.weeks[..end].last().map(|of| of.meaning);
        let start = self.weeks[..end].partition_point(|of| of.week < from || Some(of.meaning) < last);
        (start, &self.weeks[start..end])
    }
}

impl SeriesWeek {
    fn of(week: Week, meaning: u16, answers: &[(&WeekAnswer, f64)]) -> Self {
        let weighted = |(of, weight): &(&WeekAnswer, f64)| ScoredCell {
            right: weight * of.cell.right,
            asked: weight * of.cell.asked,
            ..of.cell
        };
        let cells: Vec<ScoredCell> = answers.iter().map(weighted).collect();
        Self {
            week,
            meaning,
            version: answers.iter().filter_map(|(of, _)| of.version).max(),
            sums: AnswerSums::of(&cells),
            answered: answers.iter().map(|(of, weight)| weight * of.answered).sum(),
            cells,
        }
    }
}
