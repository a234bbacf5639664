//! Where to look, as templates and files see it.
//!
//! In: items with what was answered to them. Out: their views. Comments are text of raters, and may hold anything.

use crate::figures::words;
use crate::report::look::{MissedItem, SplitItem, WhereToLook};
use serde::{Deserialize, Serialize};

/// Where to look on one criterion.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct LookView {
    /// The criterion's id.
    pub criterion: String,
    /// Gold items that were missed, the most often missed first.
    pub missed: Vec<MissedItemView>,
    /// Items on which raters differ, the most split first.
    pub split: Vec<SplitItemView>,
}

/// A gold item that was missed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MissedItemView {
    /// The item's name, or a number that stands for it on this report.
    pub item: String,
    /// The gold answer.
    pub gold: String,
    /// Why it is right; none where nobody wrote it down.
    pub why: Option<String>,
    /// Ratings of it.
    pub asked: u64,
    /// Those that are not right.
    pub wrong: u64,
    /// Answers that are not right, the most frequent first.
    pub answers: Vec<AnswerCountView>,
    /// Beginnings of what raters wrote beside it, without addresses.
    pub comments: Vec<String>,
    /// How many more comments there are.
    pub further_comments: u64,
}

/// An item on which raters differ.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SplitItemView {
    /// The item's name, or a number that stands for it on this report.
    pub item: String,
    /// Answers, the most frequent first.
    pub answers: Vec<AnswerCountView>,
    /// The share of pairs of ratings that differ.
    pub differing: f64,
    /// The same in words.
    pub differing_text: String,
    /// Beginnings of what raters wrote beside it, without addresses.
    pub comments: Vec<String>,
    /// How many more comments there are.
    pub further_comments: u64,
}

/// An answer and how often it was given.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AnswerCountView {
    /// The answer.
    pub answer: String,
    /// How often it was given.
    pub count: u64,
}

impl LookView {
    /// The view of a criterion.
    pub fn of(look: &WhereToLook) -> Self {
        let missed = look.missed.iter().map(MissedItemView::of).collect();
        Self { criterion: look.criterion.clone(), missed, split: look.split.iter().map(SplitItemView::of).collect() }
    }
}

impl LookView {
    /// Drops what raters wrote; how much it was stays.
    pub fn drop_comments(&mut self) {
        let missed = self.missed.iter_mut().map(|item| (&mut item.comments, &mut item.further_comments));
        let split = self.split.iter_mut().map(|item| (&mut item.comments, &mut item.further_comments));
        for (comments, further) in missed.chain(split) {
            *further += comments.len() as u64;
            comments.clear();
        }
    }
}

impl MissedItemView {
    fn of(of: &MissedItem) -> Self {
        Self {
            item: of.item.clone(),
            gold: of.gold.clone(),
            why: of.why.clone(),
            asked: of.asked,
            wrong: of.wrong,
            answers: counts(&of.answers),
            comments: of.comments.clone(),
            further_comments: of.further_comments,
        }
    }
}

impl SplitItemView {
    fn of(of: &SplitItem) -> Self {
        Self {
            item: of.item.clone(),
            answers: counts(&of.answers),
            differing: of.differing,
            differing_text: words::percent(of.differing),
            comments: of.comments.clone(),
            further_comments: of.further_comments,
        }
    }
}

fn counts(answers: &[(String, u64)]) -> Vec<AnswerCountView> {
    answers.iter().map(|(answer, count)| AnswerCountView { answer: answer.clone(), count: *count }).collect()
}
