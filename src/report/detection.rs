//! Detection: how well raters find the steps that the gold flags.
//!
//! In: counts of a criterion of steps, and the gold flags of its items. Out: precision, recall, F1, right kinds among the
//! matched, and what somebody would score who does not read. Readings without an answer (skipped, unsure) are left out: the
//! share answered stands beside these figures.

use super::figures::{Figure, LEVEL, Part};
use crate::document::Scale;
use crate::model;
use crate::quality::Undefined;
use crate::quality::clustered::ratio;
use crate::quality::detection::{self, Blind, Counts, Flag, Reading, Trajectory, blind_f1};
use crate::ratings::Ratings;
use std::collections::BTreeMap;

/// How well flags match gold.
#[derive(Clone, Debug)]
pub struct Detection {
    /// Items that were read and have gold.
    pub items: u64,
    /// Readings of them: one rater's answer to one item.
    pub readings: u64,
    /// Flags that match gold, that do not, and gold that nothing matches.
    pub counts: Counts,
    /// Matched out of given.
    pub precision: Figure,
    /// Matched out of gold.
    pub recall: Figure,
    /// Their harmonic mean.
    pub f1: Figure,
    /// Of the matched, those of the gold's kind.
    pub kinds: Figure,
    /// The best F1 of flagging every so many steps without reading. An item is taken to be as long as the last
    /// step that anyone flags; it may be longer, so the figure is rough.
    pub blind: Result<Blind, Undefined>,
}

impl Detection {
    /// The figures of a criterion; none unless its answers are flags.
    pub fn of(part: &Part<'_>, ratings: &Ratings) -> Option<Self> {
        let Scale::Steps(_) = part.criterion.scale else { return None };
        let answered = part.cells().filter(|(_, count)| count.answered > 0);
        let readings: Vec<Reading> = answered
            .map(|(cell, count)| Reading {
                item: cell.item,
                rater: cell.rater,
                counts: count.flags,
                first_right: false,
            })
            .collect();
        let figure = |figure: detection::Figure| match readings.is_empty() {
            true => Err(Undefined::NoGold),
            false => figure.over(&readings).and_then(|_| ratio(&detection::cells(&readings, figure), LEVEL)),
        };
        let runs = Runs::of(part, ratings);
        Some(Self {
            items: runs.by_item.len() as u64,
            readings: readings.len() as u64,
            counts: readings.iter().fold(Counts::default(), |sum, reading| sum.merged(reading.counts)),
            precision: figure(detection::Figure::Precision),
            recall: figure(detection::Figure::Recall),
            f1: figure(detection::Figure::F1),
            kinds: figure(detection::Figure::KindAccuracy),
            blind: runs.blind(part.criterion.tolerance as u32),
        })
    }
}

/// Gold flags, and the last step that anyone flags, by item.
struct Runs {
    by_item: BTreeMap<u32, (Vec<Flag>, u32)>,
}

impl Runs {
    fn of(part: &Part<'_>, ratings: &Ratings) -> Self {
        let mut by_item: BTreeMap<u32, (Vec<Flag>, u32)> = BTreeMap::new();
        for (cell, _) in part.cells().filter(|(_, count)| count.answered > 0) {
            let (gold, last) = by_item.entry(cell.item).or_insert_with(|| {
                let gold = gold_flags(part.question, cell.item, ratings);
                let last = gold.iter().map(|flag| flag.step).max().unwrap_or(1);
                (gold, last)
            });
            let given = ratings.names.answers[cell.given as usize].last_step().unwrap_or(0);
            *last = given.max(*last);
            debug_assert!(gold.iter().all(|flag| flag.step <= *last));
        }
        Self { by_item }
    }

    fn blind(&self, tolerance: u32) -> Result<Blind, Undefined> {
        let runs = self.by_item.values().map(|(gold, last)| Trajectory { first: 1, last: Some(*last), gold });
        blind_f1(&runs.collect::<Vec<_>>(), tolerance)
    }
}

/// The steps that the gold of an item flags; kinds do not matter to somebody who does not read.
fn gold_flags(question: u16, item: u32, ratings: &Ratings) -> Vec<Flag> {
    let answer = ratings.gold.of(question, item).map(|(_, standard)| &standard.answer).next();
    let Some(model::Answer::Flags(flags)) = answer else { return Vec::new() };
    flags.iter().filter_map(|flag| Some(Flag { step: u32::try_from(flag.step).ok()?, kind: 0 })).collect()
}
