//! Detection: how well the steps that raters flag match those of the gold.
//!
//! In: readings of runs, matched with gold one to one (`quality::detection`), and what is known of the runs. Out:
//! precision, recall, F1, the share of equal kinds among the matched, what became of each kind's flags, and what somebody
//! would score who does not read.
//! Readings without an answer (skipped, unsure) are left out by whoever counts: the share answered stands beside these.

use super::{LEVEL, Share};
use crate::quality::Undefined;
use crate::quality::clustered::ratio;
use crate::quality::detection::{
    Blind, Counts, Flag, FlagMeasure, GoldTrajectory, Reading, blind_f1, cells, match_flags,
};

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
    pub precision: Share,
    /// Matched out of gold.
    pub recall: Share,
    /// Their harmonic mean.
    pub f1: Share,
    /// Of the matched, those of the gold's kind.
    pub kinds: Share,
    /// What became of each kind's flags, by the kinds' numbers.
    pub by_kind: Vec<KindCounts>,
    /// The best F1 of flagging every so many steps without reading.
    pub blind: Result<Blind, Undefined>,
}

/// What became of the flags of a kind, over readings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KindCounts {
    /// The kind.
    pub kind: String,
    /// Gold flags of this kind.
    pub gold: u64,
    /// Of those, the ones that a flag of any kind matches.
    pub found: u64,
    /// Of those, the ones that a flag of this kind matches.
    pub named: u64,
    /// Flags given of this kind.
    pub given: u64,
    /// Of those, the ones that match no gold.
    pub invented: u64,
}

impl KindCounts {
    /// Gold flags of this kind that nothing matches.
    pub fn missed(&self) -> u64 {
        self.gold - self.found
    }
}

/// The flags of some readings of a run, all alike, and those of its gold.
#[derive(Clone, Debug)]
pub struct FlagsGiven {
    /// The gold's.
    pub gold: Vec<Flag>,
    /// The readings'.
    pub given: Vec<Flag>,
    /// How many readings.
    pub times: u64,
}

/// A run that was read, and has gold.
#[derive(Clone, Debug)]
pub struct FlaggedRun {
    /// The steps that the gold flags.
    pub gold: Vec<Flag>,
    /// The last step that any reading flags; 0 where none does.
    pub last_flag: u32,
    /// How many steps it has, where that is known.
    pub length: Option<u32>,
}

impl Detection {
    /// The figures of all readings of these runs, and of their flags, whose kinds are named by number; `without` is the
    /// reason where there are none.
    pub fn of(
        readings: &[Reading],
        runs: &[FlaggedRun],
        (flags, kinds): (&[FlagsGiven], &[&str]),
        tolerance: u32,
        without: Undefined,
    ) -> Self {
        Self {
            items: runs.len() as u64,
            readings: readings.len() as u64,
            counts: counts(readings),
            precision: share(FlagMeasure::Precision, readings, without),
            recall: share(FlagMeasure::Recall, readings, without),
            f1: share(FlagMeasure::F1, readings, without),
            kinds: share(FlagMeasure::KindAccuracy, readings, without),
            by_kind: by_kind(flags, kinds, tolerance),
            blind: blind(runs, tolerance, without),
        }
    }
}

/// What became of the flags of each kind.
fn by_kind(flags: &[FlagsGiven], kinds: &[&str], tolerance: u32) -> Vec<KindCounts> {
    let of = |kind: &&str| KindCounts { kind: (*kind).to_owned(), ..KindCounts::default() };
    let mut counts: Vec<KindCounts> = kinds.iter().map(of).collect();
    for FlagsGiven { gold, given, times } in flags {
        let kind = |flag: &Flag| flag.kind as usize;
        let mut is_invented = vec![true; given.len()];
        for (wanted, answer) in match_flags(gold, given, tolerance).pairs {
            is_invented[answer] = false;
            let of_kind = &mut counts[kind(&gold[wanted])];
            of_kind.found += times;
            of_kind.named += if gold[wanted].kind == given[answer].kind { *times } else { 0 };
        }
        gold.iter().for_each(|flag| counts[kind(flag)].gold += times);
        for (flag, is_invented) in given.iter().zip(is_invented) {
            let of_kind = &mut counts[kind(flag)];
            of_kind.given += times;
            of_kind.invented += if is_invented { *times } else { 0 };
        }
    }
    counts
}

/// The counts of all readings.
pub fn counts(readings: &[Reading]) -> Counts {
    readings.iter().fold(Counts::default(), |sum, reading| sum.merged(reading.counts))
}

/// One figure over readings; `without` is the reason where there are none.
pub fn share(measure: FlagMeasure, readings: &[Reading], without: Undefined) -> Share {
    if readings.is_empty() {
        return Err(without);
    }
    measure.over(readings).and_then(|_| ratio(&cells(readings, measure), LEVEL))
}

/// What flagging without reading gets. A run whose length is not known is taken to end with the last flag of anyone; it
/// may be longer, which makes the figure rough. `without` is the reason where there are no runs.
pub fn blind(runs: &[FlaggedRun], tolerance: u32, without: Undefined) -> Result<Blind, Undefined> {
    if runs.is_empty() {
        return Err(without);
    }
    // Runs that have a step 0 count from there.
    let first = u32::from(!runs.iter().flat_map(|run| &run.gold).any(|flag| flag.step == 0));
    let last = |run: &FlaggedRun| {
        let flagged = run.gold.iter().map(|flag| flag.step).max().unwrap_or(0).max(run.last_flag);
        run.length.unwrap_or(flagged).max(flagged).max(first)
    };
    let trajectories = runs.iter().map(|run| GoldTrajectory { first, last: Some(last(run)), gold: &run.gold });
    blind_f1(&trajectories.collect::<Vec<_>>(), tolerance)
}
