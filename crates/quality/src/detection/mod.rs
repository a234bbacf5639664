//! Detection: how well raters find the steps at which a trajectory goes wrong.
//!
//! In: flags (a step and a kind) of a rater and of the gold, for every trajectory that the rater read.
//! Out: counts, precision, recall, F1, the share of right kinds; cells for `clustered`, which gives the intervals.
//! A trajectory that was read without flagging anything is a reading; one that was not rated never enters.
//! Never mixes finding with naming: a flag of the wrong kind on the right step is found, and its kind is wrong.

mod assignment;
mod blind;
mod matching;
#[cfg(test)]
mod simulation;
#[cfg(test)]
mod tests;

use super::Undefined;
use super::clustered::ScoredCell;
pub use blind::{Blind, GoldTrajectory, blind_f1};
pub use matching::{Matched, match_flags};

/// A flag: this step is a mistake, of this kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Flag {
    /// The step's number in its trajectory.
    pub step: u32,
    /// The kind of mistake as a code; one code for all where a rubric knows no kinds.
    pub kind: u32,
}

/// What matching has counted; counts of several trajectories add up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Counts {
    true_positives: u32,
    false_positives: u32,
    false_negatives: u32,
    kinds_right: u32,
}

impl Counts {
    /// Refuses more right kinds than true positives (`BadCount`).
    pub fn new(
        true_positives: u32,
        false_positives: u32,
        false_negatives: u32,
        kinds_right: u32,
    ) -> Result<Self, Undefined> {
        let counts = Self { true_positives, false_positives, false_negatives, kinds_right };
        (kinds_right <= true_positives).then_some(counts).ok_or(Undefined::BadCount)
    }

    /// Counts one reading of one trajectory; see `match_flags` for what matches.
    pub fn of(gold: &[Flag], given: &[Flag], tolerance: u32) -> Self {
        let matched = match_flags(gold, given, tolerance);
        let pairs = matched.pairs.len();
        Self {
            true_positives: pairs as u32,
            false_positives: (given.len() - pairs) as u32,
            false_negatives: (gold.len() - pairs) as u32,
            kinds_right: matched.kinds_equal,
        }
    }

    /// The counts of both.
    #[must_use]
    pub fn merged(self, other: Self) -> Self {
        Self {
            true_positives: self.true_positives.saturating_add(other.true_positives),
            false_positives: self.false_positives.saturating_add(other.false_positives),
            false_negatives: self.false_negatives.saturating_add(other.false_negatives),
            kinds_right: self.kinds_right.saturating_add(other.kinds_right),
        }
    }

    /// Flags that match gold.
    pub fn true_positives(self) -> u64 {
        self.true_positives.into()
    }

    /// Flags that match no gold.
    pub fn false_positives(self) -> u64 {
        self.false_positives.into()
    }

    /// Gold that no flag matches.
    pub fn false_negatives(self) -> u64 {
        self.false_negatives.into()
    }

    /// Flags given, matched or not.
    pub fn given(self) -> u64 {
        self.true_positives() + self.false_positives()
    }

    /// Gold flags, found or not.
    pub fn gold(self) -> u64 {
        self.true_positives() + self.false_negatives()
    }

    /// Whether every flag matches gold in step and kind, and all gold is found.
    pub fn is_flawless(self) -> bool {
        self.false_positives == 0 && self.false_negatives == 0 && self.kinds_right == self.true_positives
    }

    /// Flags that match gold and have its kind.
    pub fn kinds_right(self) -> u64 {
        self.kinds_right.into()
    }

    /// tp / (tp + fp): the share of the rater's flags that are right. Undefined where nothing was flagged.
    pub fn precision(self) -> Result<f64, Undefined> {
        FlagMeasure::Precision.of(self)
    }

    /// tp / (tp + fn): the share of the gold that was found. Undefined where there is no gold flag.
    pub fn recall(self) -> Result<f64, Undefined> {
        FlagMeasure::Recall.of(self)
    }

    /// 2tp / (2tp + fp + fn), the harmonic mean of precision and recall; 0 when only one side flagged, and undefined
    /// when neither did. Read it beside `blind_f1`: flagging blindly scores more than 0.
    pub fn f1(self) -> Result<f64, Undefined> {
        FlagMeasure::F1.of(self)
    }

    /// The share of right kinds among the flags that match gold. Undefined where none does.
    pub fn kind_accuracy(self) -> Result<f64, Undefined> {
        FlagMeasure::KindAccuracy.of(self)
    }

    /// Nothing flagged on either side.
    fn is_empty(self) -> bool {
        self.true_positives == 0 && self.false_positives == 0 && self.false_negatives == 0
    }
}

/// One rater's reading of one trajectory that has gold, whether or not anything was flagged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reading {
    /// The trajectory, by any number.
    pub item: u32,
    /// The rater, by any number.
    pub rater: u32,
    /// What matching has counted.
    pub counts: Counts,
    /// Whether the rater's first flag is on the step of the first gold flag; see `first_mistake_is_right`.
    pub first_right: bool,
}

impl Reading {
    /// Scores one reading. A rater's second reading of a trajectory should not be scored again.
    pub fn of(item: u32, rater: u32, gold: &[Flag], given: &[Flag], tolerance: u32) -> Self {
        let counts = Counts::of(gold, given, tolerance);
        Self { item, rater, counts, first_right: first_mistake_is_right(gold, given) }
    }
}

/// Whether the earliest flags of both sides are on the same step exactly, whatever their kinds; or neither has one.
///
/// The figure for rubrics that stop at the first mistake; what comes after it does not count.
pub fn first_mistake_is_right(gold: &[Flag], given: &[Flag]) -> bool {
    let first = |flags: &[Flag]| flags.iter().map(|flag| flag.step).min();
    first(gold) == first(given)
}

/// A figure over readings: each is a ratio of two sums.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FlagMeasure {
    /// Σ tp / Σ (tp + fp): micro, over flags.
    Precision,
    /// Σ tp / Σ (tp + fn): micro, over gold flags.
    Recall,
    /// Σ 2tp / Σ (2tp + fp + fn): micro, so that a trajectory with many mistakes counts for more.
    F1,
    /// Σ right kinds / Σ tp.
    KindAccuracy,
    /// The mean of F1 over readings, 1 where neither side flagged. Not comparable with figures of tools that count
    /// such trajectories as 0 or leave them out; where many trajectories have no mistake it is mostly about those.
    MacroF1,
    /// The share of readings in which the first mistake is right.
    FirstMistake,
}

impl FlagMeasure {
    /// The figure over readings. Undefined, with the reason, where nothing was asked.
    pub fn over(self, readings: &[Reading]) -> Result<f64, Undefined> {
        let parts = readings.iter().map(|reading| self.parts(reading));
        let (right, asked) = parts.fold((0.0, 0.0), |(r, a), (right, asked)| (r + right, a + asked));
        if readings.is_empty() {
            return Err(Undefined::NoData);
        }
        if asked > 0.0 { Ok(right / asked) } else { Err(self.reason()) }
    }

    /// The figure of one set of counts, `FirstMistake` apart.
    fn of(self, counts: Counts) -> Result<f64, Undefined> {
        self.over(&[Reading { item: 0, rater: 0, counts, first_right: false }])
    }

    /// What a reading adds to the two sums.
    fn parts(self, reading: &Reading) -> (f64, f64) {
        let counts = reading.counts;
        let [tp, fp, missed, kinds] =
            [counts.true_positives, counts.false_positives, counts.false_negatives, counts.kinds_right].map(f64::from);
        match self {
            Self::Precision => (tp, tp + fp),
            Self::Recall => (tp, tp + missed),
            Self::F1 => (2.0 * tp, 2.0 * tp + fp + missed),
            Self::KindAccuracy => (kinds, tp),
            Self::MacroF1 if counts.is_empty() => (1.0, 1.0),
            Self::MacroF1 => (2.0 * tp / (2.0 * tp + fp + missed), 1.0),
            Self::FirstMistake => (f64::from(u8::from(reading.first_right)), 1.0),
        }
    }

    /// Why there is no figure when nothing was asked.
    fn reason(self) -> Undefined {
        match self {
            Self::Precision => Undefined::NoFlagGiven,
            Self::Recall => Undefined::NoGoldFlag,
            Self::F1 => Undefined::NothingFlagged,
            Self::KindAccuracy => Undefined::NoMatch,
            Self::MacroF1 | Self::FirstMistake => Undefined::NoData,
        }
    }
}

/// Readings as cells for `clustered::ratio`, which gives the figure its interval, over raters and trajectories.
///
/// Sound because each figure is a ratio of sums over cells, and linearising a ratio is all that `ratio` does: a
/// trajectory's flags fall together, and so do a rater's. Its floor, the variance p(1-p)/n of n independent answers,
/// holds for flags (precision), gold flags (recall), matches (kinds) and readings (first mistake). F1 counts a match
/// twice, so its cells are weighed by 1/(2 - F1): then p(1-p)/n is the delta-method variance of F1 when matches,
/// false flags and misses are independent events. For the macro F1, whose parts may lie between 0 and 1, the floor
/// is on the safe side.
///
/// Readings in which a figure has nothing to ask (for F1, both sides empty) add no evidence, so the interval's number
/// of items leaves them out. Give all cells one rater's number to speak of these raters only.
///
/// Simulated (`simulation`), F1 .64, 1 to 7 gold flags a trajectory, with chances to find one that differ by a standard
/// deviation of .7 on the log-odds between trajectories and .5 between raters; coverage at 95 %, and how often the
/// lower bound is too high (nominally 5 %): 20 trajectories × 3 raters 99.8 and 0.0 %; 40 × 6, 95.9 and 3.6 %; 100 × 20,
/// 96.0 and 2.0 %.
pub fn cells(readings: &[Reading], figure: FlagMeasure) -> Vec<ScoredCell> {
    let weight = match (figure, figure.over(readings)) {
        (FlagMeasure::F1, Ok(f1)) => 1.0 / (2.0 - f1),
        _ => 1.0,
    };
    let cell = |reading: &Reading| {
        let (right, asked) = figure.parts(reading);
        ScoredCell { item: reading.item, rater: reading.rater, right: right * weight, asked: asked * weight }
    };
    readings.iter().map(cell).collect()
}
