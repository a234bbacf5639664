//! A criterion's part of a span of time: its counts, as figures take them.
//!
//! In: strata of a tally, and counts of values by item. Out: answers to gold with the criterion's weight, and the shares
//! of right ones over several criteria. It counts, and leaves every formula to `figures`.

use super::work::Volume;
use crate::document::Criterion;
use crate::figures::accuracy::{self, Accuracy};
use crate::figures::{AnswerCount, Share};
use crate::quality::Undefined;
use crate::ratings::{ByWeek, Cell, CellCount, Counted};

/// A criterion and its counts in a span of time.
pub struct Part<'a> {
    /// The criterion's number.
    pub question: u16,
    /// The criterion.
    pub criterion: &'a Criterion,
    /// Its strata.
    pub counted: Vec<&'a Counted>,
    /// The same as answers to gold.
    pub answers: Vec<AnswerCount>,
    /// All values that were given, whenever.
    pub units: Vec<&'a ByWeek>,
}

impl<'a> Part<'a> {
    /// The counts of a criterion.
    pub fn of(question: u16, criterion: &'a Criterion, counted: Vec<&'a Counted>, units: Vec<&'a ByWeek>) -> Self {
        let answer = |(cell, count): (&Cell, &CellCount)| AnswerCount {
            item: cell.item,
            rater: cell.rater,
            gold: cell.gold,
            given: cell.given,
            asked: count.asked,
            answered: count.answered,
            right: count.right,
        };
        let answers = counted.iter().copied().flatten().map(answer).collect();
        Self { question, criterion, counted, answers, units }
    }

    /// The weight in overall figures; none if it is no part of them.
    pub fn weight(&self) -> Option<f64> {
        Some(self.criterion.weight).filter(|weight| self.criterion.scale.has_values() && *weight > 0.0)
    }

    /// Its accuracy.
    pub fn accuracy(&self, work: Volume) -> Accuracy {
        Accuracy::of(&[(1.0, &self.answers)], without(work))
    }
}

/// Accuracy over all criteria with values, by weight.
pub fn overall(parts: &[Part<'_>], work: Volume) -> Accuracy {
    Accuracy::of(&weighted(parts), without(work))
}

/// Right out of asked alone, over all criteria with values.
pub fn overall_of_asked(parts: &[Part<'_>], work: Volume) -> Share {
    accuracy::of_asked(&weighted(parts), without(work))
}

fn weighted<'a>(parts: &'a [Part<'_>]) -> Vec<(f64, &'a [AnswerCount])> {
    parts.iter().filter_map(|part| Some((part.weight()?, part.answers.as_slice()))).collect()
}

/// Why there is no accuracy where nothing met gold.
fn without(work: Volume) -> Undefined {
    if work.ratings == 0 { Undefined::NoData } else { Undefined::NoGold }
}
