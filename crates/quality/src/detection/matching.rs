//! Matching: which flag of a rater answers which flag of the gold.
//!
//! In: two lists of flags on one trajectory, and how many steps apart a match may be. Out: pairs of flags.
//! An exact assignment, not a greedy one: with kinds, the best pairs may cross.
//! Never looks at the order of the lists, except to tell apart flags that are equal in every respect.

use super::Flag;
use super::assignment::{self, Indexed};

/// Pairs of flags that match, and how well they do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Matched {
    /// Index in the gold and index in the given flags, in order of the gold; each index at most once.
    pub pairs: Vec<(usize, usize)>,
    /// How many pairs have the same kind.
    pub kinds_equal: u32,
    /// Steps between the flags of a pair, summed over pairs.
    pub distance: u64,
}

/// Matches flags one to one, at most `tolerance` steps apart: most pairs; among those most equal kinds; among those
/// the least total distance.
///
/// The number of pairs does not depend on kinds (it is what `mir_eval.util.match_events` counts). Several flags on
/// one step are several flags. Among matchings that are equally good the one returned is always the same, and
/// another order of the lists can only exchange flags that are equal in step and kind.
///
/// Time grows with the flags of a side times those within reach of each other: 2,000 on a side take a millisecond
/// with a tolerance of 5 steps and 60 with one of 100. Where all can match all it grows with the cube at worst: 200 on
/// a side take 50 milliseconds, 2,000 up to half a minute.
///
/// Source: the shortest augmenting paths of Jonker and Volgenant 1987, with a cost for staying unmatched.
pub fn match_flags(gold: &[Flag], given: &[Flag], tolerance: u32) -> Matched {
    let (gold_sorted, given_sorted) = (sorted(gold), sorted(given));
    // Rows that are alike are searched once, so the side with more repetition is the better one.
    let pairs = if distinct(&gold_sorted) <= distinct(&given_sorted) {
        assignment::cheapest(&gold_sorted, &given_sorted, tolerance)
    } else {
        let turned = assignment::cheapest(&given_sorted, &gold_sorted, tolerance);
        turned.into_iter().map(|(given, gold)| (gold, given)).collect()
    };
    let mut matched = Matched::default();
    for ((gold, gold_index), (given, given_index)) in pairs {
        matched.pairs.push((gold_index, given_index));
        matched.kinds_equal += u32::from(gold.kind == given.kind);
        matched.distance += u64::from(gold.step.abs_diff(given.step));
    }
    matched.pairs.sort_unstable();
    matched
}

/// By step, kind and index.
fn sorted(flags: &[Flag]) -> Vec<Indexed> {
    let mut sorted: Vec<Indexed> = flags.iter().copied().zip(0..).collect();
    sorted.sort_unstable();
    sorted
}

/// How many different flags there are.
fn distinct(sorted: &[Indexed]) -> usize {
    sorted.chunk_by(|a, b| a.0 == b.0).count()
}
