//! A criterion's part of a span of time: its counts, as figures take them.
//!
//! In: cells of a tally, and the patterns in which items were rated. Out: answers to gold with the criterion's weight. It
//! counts, and leaves every formula to `figures`; of weeks it knows nothing.

use super::weeks::Rated;
use super::work::Volume;
use crate::document::Criterion;
use crate::figures::AnswerCount;
use crate::figures::accuracy::{self, Accuracy, of_one};
use crate::quality::Undefined;
use crate::ratings::{Counted, Tallied};

/// A criterion and its counts in a span of time.
pub struct Part<'a> {
    /// The criterion's number.
    pub question: u16,
    /// The criterion.
    pub criterion: &'a Criterion,
    /// Its answers to gold, by item and rater.
    pub answers: Vec<AnswerCount>,
    /// The same with counts of flags, where its answers are flags.
    pub flagged: Vec<Counted>,
    /// How its items were rated; none where answers cannot agree.
    pub rated: Option<&'a Rated<'a>>,
}

impl<'a> Part<'a> {
    /// The counts of a criterion, of these cells.
    pub fn of<'t>(
        (question, criterion): (u16, &'a Criterion),
        tallied: impl Iterator<Item = &'t Tallied> + Clone,
        rated: Option<&'a Rated<'a>>,
    ) -> Self {
        let counted = tallied.map(|tallied| &tallied.counted);
        let mut answers = Vec::with_capacity(counted.clone().count());
        answers.extend(counted.clone().map(answer));
        let flagged = if criterion.scale.has_flags() { counted.copied().collect() } else { Vec::new() };
        Self { question, criterion, answers, flagged, rated }
    }

    /// Its accuracy.
    pub fn accuracy(&self, work: Volume) -> Accuracy {
        Accuracy::of(of_one(&self.answers), &[1.0], without(work))
    }

    /// Why nothing is known of its answers where there is none.
    pub fn unanswered(&self, work: Volume) -> Undefined {
        accuracy::unanswered(self.answers.iter().map(|of| u64::from(of.asked)).sum(), without(work))
    }
}

/// The weight of a criterion in overall figures; none if it is no part of them.
pub fn weight(criterion: &Criterion) -> Option<f64> {
    Some(criterion.weight).filter(|weight| criterion.scale.has_values() && *weight > 0.0)
}

/// A cell as an answer to gold.
pub fn answer(counted: &Counted) -> AnswerCount {
    let Counted { cell, count } = counted;
    AnswerCount {
        item: cell.item,
        rater: cell.rater,
        gold: cell.gold,
        given: cell.given,
        asked: count.asked,
        answered: count.answered,
        right: count.right,
    }
}

/// Why there is no accuracy where nothing met gold.
pub fn without(work: Volume) -> Undefined {
    if work.ratings == 0 { Undefined::NoData } else { Undefined::NoGold }
}
