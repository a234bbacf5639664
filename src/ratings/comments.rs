//! Comments: what raters wrote beside their answers.
//!
//! In: the comments of rows, as they are read. Out: those of ratings that count, by criterion and item, each with the place
//! of its row. A report shows some of them; no figure needs any. It changes no word.

use super::answer::GivenFlag;
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
    /// Which time the rater was asked, from 1.
    pub pass: u8,
    /// The number of the version that was answered.
    pub version: Option<u16>,
    /// Step and kind of the flag that the row is, if it is one.
    pub flag: Option<(u32, Arc<str>)>,
    /// Where its row stands.
    pub at: At,
    /// The text.
    pub text: Arc<str>,
}

/// The rating of a criterion that a comment is on.
pub struct CommentedRating {
    /// Number of the item.
    pub item: u32,
    /// Number of the rater.
    pub rater: u32,
    /// Which time the rater was asked, from 1.
    pub pass: u8,
    /// Number of the version.
    pub version: Option<u16>,
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
    /// The kind of its flag, among the texts; its own text where there is none.
    kind: u32,
}

impl CommentRows {
    /// Adds the comment of a row that speaks of these criteria, and is a flag if one is given. Equal texts are held once.
    pub fn add(&mut self, text: &str, questions: &[u16], occasion: u32, line: u64, flag: Option<&GivenFlag>) {
        let text = self.texts.add(text.into());
        let (step, kind) = flag.map_or((0, text), |flag| (flag.step, self.texts.add(flag.kind.as_str().into())));
        let row = |question: &u16| CommentRow { question: *question, occasion, line, text, step, kind };
        self.rows.extend(questions.iter().map(row));
    }

    /// Those of ratings: `rated` knows the rating of a criterion that was made on an occasion.
    pub fn of_ratings(&self, rated: impl Fn(u16, u32) -> Option<CommentedRating>, entries: &Entries) -> Vec<Comment> {
        let comment = |row: &CommentRow| {
            let CommentedRating { item, rater, pass, version } = rated(row.question, row.occasion)?;
            let Occasion { file, cohort, day, .. } = entries.occasions()[row.occasion as usize];
            let text = Arc::clone(self.texts.get(row.text));
            let at = At { file, line: row.line };
            let flag = (row.step > 0).then(|| (row.step, Arc::clone(self.texts.get(row.kind))));
            Some(Comment { question: row.question, item, rater, cohort, day, pass, version, flag, at, text })
        };
        let mut comments: Vec<Comment> = self.rows.iter().filter_map(comment).collect();
        comments.sort_unstable();
        comments
    }
}
