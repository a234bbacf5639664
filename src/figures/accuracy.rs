//! Accuracy against gold: right out of answered, right out of asked, answered out of asked.
//!
//! In: answers to gold, of one criterion or of several with their weights. Out: shares with intervals that honour items
//! and raters (`quality::clustered`). It never decides what is right.

use super::{AnswerCount, LEVEL, Share};
use crate::quality::Undefined;
use crate::quality::clustered::{Cell, ratio};

/// Accuracy against gold.
#[derive(Clone, Debug)]
pub struct Accuracy {
    /// Ratings of gold, those without a value included.
    pub asked: u64,
    /// Ratings of gold that answered.
    pub answered: u64,
    /// Ratings of gold that are right.
    pub right: u64,
    /// Right out of answered.
    pub of_answered: Share,
    /// Right out of asked: what bars are set on.
    pub of_asked: Share,
    /// Answered out of asked.
    pub share_answered: Share,
}

/// Answers to gold by criterion, each with the criterion's weight.
pub type Weighted<'a> = [(f64, &'a [AnswerCount])];

/// One of the counts of an answer.
type Count = fn(&AnswerCount) -> u64;

impl Accuracy {
    /// Accuracy over weighted criteria; `without` is the reason where nothing was asked.
    pub fn of(criteria: &Weighted<'_>, without: Undefined) -> Self {
        let total = |count: Count| answers(criteria).map(|(_, of)| count(of)).sum();
        Self {
            asked: total(|of| of.asked),
            answered: total(|of| of.answered),
            right: total(|of| of.right),
            of_answered: share(criteria, |of| of.right, |of| of.answered, without),
            of_asked: of_asked(criteria, without),
            share_answered: share(criteria, |of| of.answered, |of| of.asked, without),
        }
    }
}

/// Right out of asked alone.
pub fn of_asked(criteria: &Weighted<'_>, without: Undefined) -> Share {
    share(criteria, |of| of.right, |of| of.asked, without)
}

fn answers<'a>(criteria: &Weighted<'a>) -> impl Iterator<Item = (f64, &'a AnswerCount)> + Clone {
    criteria.iter().flat_map(|(weight, answers)| answers.iter().map(|of| (*weight, of)))
}

/// Weights average one over the ratings, so that the number of ratings stays what it is.
fn share(criteria: &Weighted<'_>, part: Count, whole: Count, without: Undefined) -> Share {
    let counted = || answers(criteria).filter(|(_, of)| whole(of) > 0);
    let number: u64 = counted().map(|(_, of)| whole(of)).sum();
    if number == 0 {
        return Err(without);
    }
    let weighted: f64 = counted().map(|(weight, of)| weight * whole(of) as f64).sum();
    let scale = number as f64 / weighted;
    let scaled = |(weight, of): (f64, &AnswerCount)| Cell {
        item: of.item,
        rater: of.rater,
        right: weight * scale * part(of) as f64,
        asked: weight * scale * whole(of) as f64,
    };
    ratio(&counted().map(scaled).collect::<Vec<_>>(), LEVEL)
}
