//! The best blind F1: what someone gets who flags steps without reading.
//!
//! In: the steps of each trajectory, its gold flags, and the tolerance. Out: the F1 of flagging every k-th step, at
//! the best k. A rater's F1 means little until it is well above this.
//! Never needs a rater, and never draws at random: all spacings and all starts that matter are tried.

use super::Flag;
use crate::Undefined;

/// Wider spacings are not tried; they could only help with a tolerance above 100.
const WIDEST: u32 = 201;

/// The steps of one trajectory, and where its mistakes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GoldTrajectory<'a> {
    /// The number of the first step: 0 or 1.
    pub first: u32,
    /// The number of the last step. Where it isn't known, the last gold flag stands in for it: that is too short, and
    /// makes the blind F1 rough, mostly too high.
    pub last: Option<u32>,
    /// Gold flags; empty where there is no mistake.
    pub gold: &'a [Flag],
}

/// The best that flagging without reading does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Blind {
    /// Micro F1 at the best spacing, on average over its starts.
    pub f1: f64,
    /// That spacing: every so many steps, 1 for every step.
    pub every: u32,
    /// The best F1 of any spacing and start, chosen in hindsight; close to `f1` with many trajectories.
    pub best_f1: f64,
    /// Its spacing.
    pub best_every: u32,
    /// Its start: how many steps of each trajectory come before the first that is flagged.
    pub best_offset: u32,
    /// Trajectories whose number of steps is not known.
    pub n_unknown_length: u64,
}

/// The best micro F1 of flagging every k-th step of every trajectory, without kinds.
///
/// For a spacing k and a start o (0 ≤ o < k), the steps first + o, first + o + k, … are flagged. Their counts are
/// summed over trajectories, and for `f1` over the k starts as well: 2 Σ tp / Σ (2tp + fp + fn). With 20 steps, 4 gold
/// flags anywhere and tolerance 1 the best is every third step, with F1 .62.
///
/// Spacings up to 2 · tolerance + 1 are tried, and no more than the longest trajectory has. Beyond that, flags do not
/// compete for gold: with S steps, G gold flags and H steps within reach of gold, F1 is 2H / (S + kG) on average,
/// which falls with k.
///
/// Undefined without a trajectory (`NoData`), without a gold flag (`NoGoldFlag`), and when a gold flag lies outside
/// the steps (`StepOutside`).
pub fn blind_f1(trajectories: &[GoldTrajectory], tolerance: u32) -> Result<Blind, Undefined> {
    if trajectories.is_empty() {
        return Err(Undefined::NoData);
    }
    let all = trajectories.iter().filter_map(|one| GoldSteps::of(one).transpose()).collect::<Result<Vec<_>, _>>()?;
    let n_gold: u64 = all.iter().map(|steps| steps.gold.len() as u64).sum();
    let longest = all.iter().map(GoldSteps::count).max().unwrap_or(0);
    if n_gold == 0 {
        return Err(Undefined::NoGoldFlag);
    }
    let n_unknown_length = trajectories.iter().filter(|one| one.last.is_none()).count() as u64;
    let mut best = Blind { f1: 0.0, every: 1, best_f1: 0.0, best_every: 1, best_offset: 0, n_unknown_length };
    let widest = u64::from(tolerance.saturating_mul(2).saturating_add(1).min(WIDEST)).min(longest) as u32;
    for every in 1..=widest {
        let tried: Vec<BlindCounts> =
            (0..every).map(|offset| BlindCounts::of(&all, every, offset, tolerance)).collect();
        let f1 = tried.iter().fold(BlindCounts::default(), |sum, next| sum.plus(*next)).f1(n_gold * u64::from(every));
        if f1 > best.f1 {
            best = Blind { f1, every, ..best };
        }
        for (tally, offset) in tried.iter().zip(0..) {
            let best_f1 = tally.f1(n_gold);
            if best_f1 > best.best_f1 {
                best = Blind { best_f1, best_every: every, best_offset: offset, ..best };
            }
        }
    }
    Ok(best)
}

/// A trajectory whose ends are known, with its gold steps in order.
struct GoldSteps {
    first: u32,
    last: u32,
    gold: Vec<u32>,
}

impl GoldSteps {
    /// `None` when nothing is known of the trajectory's length, and it has no gold: there is nothing to count.
    fn of(trajectory: &GoldTrajectory) -> Result<Option<Self>, Undefined> {
        let mut gold: Vec<u32> = trajectory.gold.iter().map(|flag| flag.step).collect();
        gold.sort_unstable();
        let Some(last) = trajectory.last.or(gold.last().copied()) else {
            return Ok(None);
        };
        let inside = |step: &u32| (trajectory.first..=last).contains(step);
        let steps = Self { first: trajectory.first, last, gold };
        if steps.gold.iter().all(inside) { Ok(Some(steps)) } else { Err(Undefined::StepOutside) }
    }

    fn count(&self) -> u64 {
        (u64::from(self.last) + 1).saturating_sub(u64::from(self.first))
    }
}

/// What one way of flagging does.
#[derive(Clone, Copy, Default)]
struct BlindCounts {
    matched: u64,
    flagged: u64,
}

impl BlindCounts {
    fn of(all: &[GoldSteps], every: u32, offset: u32, tolerance: u32) -> Self {
        all.iter().map(|steps| Self::of_one(steps, every, offset, tolerance)).fold(Self::default(), Self::plus)
    }

    /// In order of the gold, each takes the earliest flag within reach: most pairs, as in `match_flags`.
    fn of_one(steps: &GoldSteps, every: u32, offset: u32, tolerance: u32) -> Self {
        let [every, tolerance, last] = [every, tolerance, steps.last].map(u64::from);
        let start = u64::from(steps.first) + u64::from(offset);
        let flagged = if start > last { 0 } else { (last - start) / every + 1 };
        let (mut next, mut matched) = (start, 0);
        for gold in steps.gold.iter().map(|step| u64::from(*step)) {
            let earliest = gold.saturating_sub(tolerance).max(next);
            let flag = start + (earliest - start).div_ceil(every) * every;
            if flag <= last && flag <= gold + tolerance {
                next = flag + every;
                matched += 1;
            }
        }
        Self { matched, flagged }
    }

    fn plus(self, other: Self) -> Self {
        Self { matched: self.matched + other.matched, flagged: self.flagged + other.flagged }
    }

    /// 2tp / (flags + gold).
    fn f1(self, n_gold: u64) -> f64 {
        2.0 * self.matched as f64 / (self.flagged + n_gold) as f64
    }
}
