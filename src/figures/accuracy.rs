//! Accuracy against gold: right out of answered, right out of asked, answered out of asked.
//!
//! In: answers to gold, of one criterion or of several with their weights. Out: shares with intervals that honour items
//! and raters (`quality::clustered`). It never decides what is right.

use super::{AnswerCount, LEVEL, Share};
use crate::quality::Undefined;
use crate::quality::clustered::{ScoredCell, ratio_of};
use std::iter;

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

/// How often a rater was asked about an item by one criterion, answered, and was right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Marks {
    /// The item, by any number.
    pub item: u32,
    /// The rater, by any number.
    pub rater: u32,
    /// The criterion's place among the weights.
    pub place: u16,
    /// Ratings, those without a value included.
    pub asked: u32,
    /// Ratings that answered.
    pub answered: u32,
    /// Ratings that are right.
    pub right: u32,
}

/// One of the counts of an answer.
type MarkCount = fn(&Marks) -> u32;

impl Marks {
    /// The marks of an answer by the criterion of this place.
    pub fn of(answer: &AnswerCount, place: u16) -> Self {
        let AnswerCount { item, rater, asked, answered, right, .. } = *answer;
        Self { item, rater, place, asked, answered, right }
    }
}

/// The marks of answers by one criterion alone, whose weight is 1.
pub fn of_one(answers: &[AnswerCount]) -> impl Iterator<Item = Marks> + Clone {
    answers.iter().map(|answer| Marks::of(answer, 0))
}

impl Accuracy {
    /// Accuracy over criteria with these weights; `without` is the reason where nothing was asked, and `NoAnswer` where
    /// nobody answered what was. It costs least where marks are in order of items, raters and weights.
    pub fn of(marks: impl Iterator<Item = Marks> + Clone, weights: &[f64], without: Undefined) -> Self {
        let total = |count: MarkCount| marks.clone().map(|of| u64::from(count(&of))).sum();
        let (asked, answered, right) = (total(|of| of.asked), total(|of| of.answered), total(|of| of.right));
        Self {
            asked,
            answered,
            right,
            of_answered: share(marks.clone(), weights, |of| of.right, |of| of.answered, unanswered(asked, without)),
            of_asked: of_asked(marks.clone(), weights, without),
            share_answered: share(marks, weights, |of| of.answered, |of| of.asked, without),
        }
    }
}

/// Why nothing is known of answers where there is none; `without` is the reason where nothing was asked.
pub fn unanswered(asked: u64, without: Undefined) -> Undefined {
    if asked > 0 { Undefined::NoAnswer } else { without }
}

/// Right out of asked alone.
pub fn of_asked(marks: impl Iterator<Item = Marks> + Clone, weights: &[f64], without: Undefined) -> Share {
    share(marks, weights, |of| of.right, |of| of.asked, without)
}

fn share(
    marks: impl Iterator<Item = Marks> + Clone,
    weights: &[f64],
    part: MarkCount,
    whole: MarkCount,
    without: Undefined,
) -> Share {
    let counted = marks.filter(|of| whole(of) > 0);
    let (scale, n_marks) = scale(counted.clone().map(|of| (of.place, whole(&of))), weights).ok_or(without)?;
    let scaled: Vec<f64> = weights.iter().map(|weight| weight * scale).collect();
    let cell = |of: Marks| ScoredCell {
        item: of.item,
        rater: of.rater,
        right: scaled[usize::from(of.place)] * f64::from(part(&of)),
        asked: scaled[usize::from(of.place)] * f64::from(whole(&of)),
    };
    let mut cells = Vec::with_capacity(n_marks);
    cells.extend(counted.map(cell));
    ratio_of(cells, LEVEL)
}

/// What makes weights average one over the ratings, so that the number of ratings stays what it is, and the number of
/// marks; none without any.
fn scale(ratings: impl Iterator<Item = (u16, u32)>, weights: &[f64]) -> Option<(f64, usize)> {
    let (mut numbers, mut n_marks) = (vec![0_usize; weights.len()], 0);
    ratings.for_each(|(place, number)| {
        numbers[usize::from(place)] += number as usize;
        n_marks += 1;
    });
    let number: usize = numbers.iter().sum();
    // Rating by rating and criterion by criterion, so that the sum does not depend on how cells are ordered.
    let weighted: f64 = weights.iter().zip(numbers).flat_map(|(weight, number)| iter::repeat_n(*weight, number)).sum();
    (number > 0).then(|| (number as f64 / weighted, n_marks))
}
