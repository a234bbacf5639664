//! Comments: what raters wrote beside their answers.
//!
//! In: the comments of rows, as they are read. Out: those of ratings that count, by criterion and item, each with the place
//! of its row. A report shows some of them; no figure needs any. It changes no word.

use super::entry::{At, Entries, Occasion};
use super::names::Numbering;
use jiff::civil::Date;
use std::sync::Arc;

/// What a rater wrote beside an answer.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Comment {
    /// Number of the criterion.
    pub question: u16,
    /// Number of the item.
    pub item: u32,
    /// Number of the rater.
    pub rater: u32,
    /// The cohort it counts for, as a place in the Model.
    pub cohort: Option<u16>,
    /// Its day, if its time is known.
    pub day: Option<Date>,
    /// The step that the row flags, if it flags one.
    pub step: Option<u32>,
    /// Where its row stands.
    pub at: At,
    /// The text.
    pub text: Arc<str>,
}

/// Comments of all rows.
#[derive(Default)]
pub struct CommentRows {
    texts: Numbering<Arc<str>>,
    rows: Vec<CommentRow>,
}

/// The comment of a row on one criterion.
struct CommentRow {
    question: u16,
    occasion: u32,
    line: u64,
    text: u32,
    /// 0 of one that flags none.
    step: u32,
}

impl CommentRows {
    /// Adds the comment of a row that speaks of these criteria, and flags a step if it is of a flag. Equal ones are held once.
    pub fn add(&mut self, text: &str, questions: &[u16], occasion: u32, line: u64, step: Option<u32>) {
        let (text, step) = (self.texts.add(text.into()), step.unwrap_or(0));
        let row = |question: &u16| CommentRow { question: *question, occasion, line, text, step };
        self.rows.extend(questions.iter().map(row));
    }

    /// Those of ratings: `rated` knows the item and the rater of the rating of a criterion that was made on an occasion.
    pub fn of_ratings(&self, rated: impl Fn(u16, u32) -> Option<(u32, u32)>, entries: &Entries) -> Vec<Comment> {
        let comment = |row: &CommentRow| {
            let (item, rater) = rated(row.question, row.occasion)?;
            let Occasion { file, cohort, day, .. } = entries.occasions()[row.occasion as usize];
            let text = Arc::clone(self.texts.get(row.text));
            let at = At { file, line: row.line };
            let step = (row.step > 0).then_some(row.step);
            Some(Comment { question: row.question, item, rater, cohort, day, step, at, text })
        };
        let mut comments: Vec<Comment> = self.rows.iter().filter_map(comment).collect();
        comments.sort_unstable();
        comments
    }
}
