//! Raters as templates and files see them.
//!
//! In: `CohortRaters`. Out: a `RatersView`, numbers beside the words that people read. It names raters, and is no part of
//! the view of a report.

use super::vendor::SMALLEST_COUNT;
use crate::figures::words;
use crate::quality::{Estimate, Undefined};
use crate::report::raters::{CohortRaters, FEWEST_ITEMS, Misreading, RaterFigures, TaskRaters};
use serde::Serialize;
use std::borrow::Cow;

/// The raters of a cohort.
#[derive(Serialize)]
pub struct RatersView {
    /// What the page is called.
    pub title: String,
    /// The cohort's id.
    pub cohort: String,
    /// The newest week with ratings.
    pub week: String,
    /// By task.
    pub tasks: Vec<TaskRatersView>,
    /// On how few gold items there is no figure on accuracy.
    pub fewest_items: u64,
    /// Files of ratings that were left out on purpose.
    pub without: Vec<String>,
}

/// The raters at a task.
#[derive(Serialize)]
pub struct TaskRatersView {
    /// The task's id.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// The raters, by id.
    pub raters: Vec<RaterView>,
}

/// A rater.
#[derive(Serialize)]
pub struct RaterView {
    /// The rater's id.
    pub rater: String,
    /// Ratings made.
    pub ratings: u64,
    /// Acts of rating an item.
    pub submissions: u64,
    /// The time that half of them took at most, in seconds.
    pub median_seconds: Option<f64>,
    /// The same in words.
    pub time_text: Option<String>,
    /// Gold items among what was rated.
    pub gold_items: u64,
    /// Answers to gold that were asked, over all criteria with values.
    pub asked: u64,
    /// Those that answered.
    pub answered: u64,
    /// Those that are right.
    pub right: u64,
    /// The share of asked that answered, in words.
    pub answered_text: Option<String>,
    /// Right out of asked with partial pooling.
    pub point: Option<f64>,
    /// Its 95 % interval.
    pub low: Option<f64>,
    /// Its 95 % interval.
    pub high: Option<f64>,
    /// The figure in words, or `undefined`.
    pub value: String,
    /// Its interval in words.
    pub interval: Option<String>,
    /// Why it is undefined.
    pub undefined: Option<Cow<'static, str>>,
    /// Answers that stood where the gold says others.
    pub misreadings: Vec<MisreadingView>,
    /// A comment that stands beside several items, in words.
    pub repeated_comment: Option<String>,
}

/// An answer that a rater gave where the gold says another.
#[derive(Serialize)]
pub struct MisreadingView {
    /// The criterion's id.
    pub criterion: String,
    /// The gold.
    pub gold: String,
    /// The answer.
    pub answer: String,
    /// How often the rater gave it to this gold.
    pub count: u64,
    /// How often the rater was asked where this is the gold.
    pub asked: u64,
    /// How often the others gave it.
    pub others_count: u64,
    /// How often the others were asked.
    pub others_asked: u64,
    /// Whether it is more than raters who are alike would show.
    pub stands_out: bool,
    /// All of it in words.
    pub text: String,
}

impl RatersView {
    /// The view of a cohort's raters.
    pub fn of(raters: &CohortRaters) -> Self {
        Self {
            title: format!("{}: raters", raters.title),
            cohort: raters.cohort.clone(),
            week: raters.week.clone(),
            tasks: raters.tasks.iter().map(TaskRatersView::of).collect(),
            fewest_items: FEWEST_ITEMS,
            without: raters.without.to_vec(),
        }
    }

    /// The view as the vendor of the cohort gets it: without small counts, which tell of single items.
    #[must_use]
    pub fn for_vendor(mut self) -> Self {
        self.without.clear();
        for rater in self.tasks.iter_mut().flat_map(|task| &mut task.raters) {
            let is_small = |count: u64| (1..SMALLEST_COUNT).contains(&count);
            rater.misreadings.retain(|of| !is_small(of.count) && !is_small(of.others_count));
            // What a rater wrote may name anybody.
            rater.repeated_comment = None;
        }
        self
    }
}

impl TaskRatersView {
    fn of(task: &TaskRaters) -> Self {
        let raters = task.raters.iter().map(RaterView::of).collect();
        Self { id: task.id.clone(), title: task.title.clone(), raters }
    }
}

impl RaterView {
    fn of(of: &RaterFigures) -> Self {
        let estimate: Result<Estimate, Undefined> = of.accuracy;
        let shown = estimate.ok();
        let share = |part: u64| words::percent(part as f64 / of.asked as f64);
        let repeated = |(text, items): &(String, u64)| {
            format!("the same comment beside {}: {text}", words::counted(*items, "item", "items"))
        };
        Self {
            rater: of.rater.to_string(),
            ratings: of.work.ratings,
            submissions: of.work.submissions,
            median_seconds: of.work.median_seconds,
            time_text: of.work.median_seconds.map(words::duration),
            gold_items: of.gold_items,
            asked: of.asked,
            answered: of.answered,
            right: of.right,
            answered_text: (of.asked > 0).then(|| share(of.answered)),
            point: shown.map(|of| of.point),
            low: shown.map(|of| of.low),
            high: shown.map(|of| of.high),
            value: shown.map_or_else(|| words::UNDEFINED.to_owned(), |of| words::percent(of.point)),
            interval: shown.map(|of| words::interval(of.low, of.high)),
            undefined: estimate.err().map(|undefined| undefined.reason().into()),
            misreadings: of.misreadings.iter().map(MisreadingView::of).collect(),
            repeated_comment: of.repeated_comment.as_ref().map(repeated),
        }
    }
}

impl MisreadingView {
    fn of(of: &Misreading) -> Self {
        let Misreading { criterion, gold, answer, count, asked, others_count, others_asked, stands_out } = of.clone();
        let text = format!(
            "{criterion}: gold “{gold}” answered “{answer}” {} of {} times; the others {} of {}",
            words::number(count),
            words::number(asked),
            words::number(others_count),
            words::number(others_asked)
        );
        Self { criterion, gold, answer, count, asked, others_count, others_asked, stands_out, text }
    }
}
