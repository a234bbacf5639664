//! What is looked at: the counts of a criterion, and what they are of.
//!
//! In: nothing. Out: the counts together, and what raters wrote beside an item.

use super::Data;
use crate::document::Criterion;
use crate::ratings::{Comment, Given, Tallied, Week};

/// The counts of a criterion, and what they are of.
pub struct Looked<'a> {
    /// What all reports are computed from.
    pub data: &'a Data<'a>,
    /// The cohort's place in the Model.
    pub cohort: u16,
    /// The criterion's number.
    pub question: u16,
    /// The criterion.
    pub criterion: &'a Criterion,
    /// Its answers to gold.
    pub cells: &'a [Tallied],
    /// Its values, with gold and without.
    pub given: &'a [Given],
}

impl Looked<'_> {
    /// What raters of the cohort wrote beside an item in some weeks.
    pub fn told(&self, item: u32, is_in: &dyn Fn(Option<Week>) -> bool) -> impl Iterator<Item = &Comment> {
        let all = &self.data.ratings.comments;
        let key = |comment: &Comment| (comment.question, comment.item);
        let own = (self.question, item);
        let of_item = all[all.partition_point(|comment| key(comment) < own)..].iter();
        let of_item = of_item.take_while(move |comment| key(comment) == own);
        of_item.filter(|comment| comment.cohort == Some(self.cohort) && is_in(comment.day.map(Week::of)))
    }
}
