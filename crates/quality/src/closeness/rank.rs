//! Rank correlations of given and gold: whether answers come in the right order, whatever their level.
//!
//! In: scores. Out: Spearman's rho with its interval, and Kendall's tau-b; both from -1 to 1.
//! Only the order of the numbers matters, so any increasing change of either side leaves both as they are.
//! Never sees categories. Costs O(m log m) for m distinct pairs, however many answers share them.

use super::{NumberPair, Scores};
use crate::{Estimate, Method, Undefined, assert_level, quantile};

/// The fewest answers for Bonett and Wright's interval.
const FEWEST: u64 = 10;

/// Spearman's rho: the product-moment correlation of the ranks, equal numbers sharing their mean rank.
///
/// Undefined: `Constant` when gold or given is always the same. Source: Spearman 1904.
pub fn spearman(scores: &Scores) -> Result<f64, Undefined> {
    let gold = Levels::of(scores, |cell| cell.gold).centred_ranks();
    let given = Levels::of(scores, |cell| cell.given).centred_ranks();
    let sum = |one: &[f64], other: &[f64]| -> f64 {
        let cells = one.iter().zip(other).zip(scores.cells());
        cells.map(|((one, other), cell)| one * other * cell.times as f64).sum()
    };
    let (of_gold, of_given) = (sum(&gold, &gold), sum(&given, &given));
    if of_gold == 0.0 || of_given == 0.0 {
        return Err(Undefined::Constant);
    }
    Ok((sum(&gold, &given) / (of_gold * of_given).sqrt()).clamp(-1.0, 1.0))
}

/// Spearman's rho with an interval: tanh(atanh ρ ± z √((1 + ρ²/2) / (n - 3))).
///
/// Assumes that each answer is to an item of its own; with several raters on an item, use a bootstrap over items.
/// Coverage is close to `level` below |ρ| = 0.95; many ties make it approximate.
///
/// Undefined as `spearman`, `TooFew` below 10 answers, and `NoSpread` at exactly 1 or -1, where Fisher's z has no
/// end. Source: Bonett and Wright 2000. Panics when `level` is not between 0.5 and 1.
pub fn spearman_estimate(scores: &Scores, level: f64) -> Result<Estimate, Undefined> {
    assert_level(level);
    let (point, n) = (spearman(scores)?, scores.total());
    if n < FEWEST {
        return Err(Undefined::TooFew);
    }
    let middle = point.atanh();
    if middle.is_infinite() {
        return Err(Undefined::NoSpread);
    }
    let half = quantile::normal(f64::midpoint(1.0, level)) * ((1.0 + point * point / 2.0) / (n - 3) as f64).sqrt();
    // Rounding in atanh and tanh must not leave the point outside.
    let (low, high) = ((middle - half).tanh().min(point), (middle + half).tanh().max(point));
    Ok(Estimate { point, low, high, level, n, method: Method::FisherZ })
}

/// Kendall's tau-b: (C - D) / √((n₀ - n₁)(n₀ - n₂)).
///
/// C and D are the pairs of answers in the same and in opposite order, n₀ all pairs, n₁ and n₂ the pairs that are
/// equal in gold and in given. Counted in whole numbers (Knight 1966).
///
/// Undefined: `Constant` when gold or given is always the same. Source: Kendall 1945.
pub fn kendall_tau_b(scores: &Scores) -> Result<f64, Undefined> {
    let given = Levels::of(scores, |cell| cell.given);
    let all = pairs(scores.total());
    let (equal_gold, equal_given) = (Levels::of(scores, |cell| cell.gold).equal_pairs(), given.equal_pairs());
    let equal_both: u128 = scores.cells().iter().map(|cell| pairs(cell.times)).sum();
    let (of_gold, of_given) = (all - equal_gold, all - equal_given);
    if of_gold == 0 || of_given == 0 {
        return Err(Undefined::Constant);
    }
    // Pairs that differ on both sides are C + D, so C - D is these less twice D.
    let ordered = all + equal_both - equal_gold - equal_given;
    let balance = ordered as f64 - 2.0 * opposite_pairs(scores, &given) as f64;
    Ok((balance / (of_gold as f64 * of_given as f64).sqrt()).clamp(-1.0, 1.0))
}

/// The pairs among `n` things.
fn pairs(n: u64) -> u128 {
    let n = u128::from(n);
    n * n.saturating_sub(1) / 2
}

/// One side's distinct numbers in order, by their places from 0.
struct Levels {
    /// The level of each cell's number.
    of_cells: Vec<usize>,
    /// How many answers are at each level.
    times: Vec<u64>,
}

impl Levels {
    fn of(scores: &Scores, side: fn(&NumberPair) -> f64) -> Self {
        let cells = scores.cells();
        let mut sorted: Vec<(f64, usize)> = cells.iter().map(side).zip(0..).collect();
        sorted.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
        let (mut of_cells, mut times) = (vec![0; cells.len()], Vec::new());
        for (level, alike) in sorted.chunk_by(|a, b| a.0 == b.0).enumerate() {
            alike.iter().for_each(|&(_, cell)| of_cells[cell] = level);
            times.push(alike.iter().map(|&(_, cell)| cells[cell].times).sum());
        }
        Self { of_cells, times }
    }

    /// The pairs of answers at the same level.
    fn equal_pairs(&self) -> u128 {
        self.times.iter().map(|&times| pairs(times)).sum()
    }

    /// For each cell the mean rank of its number, less the mean of all ranks.
    fn centred_ranks(&self) -> Vec<f64> {
        let total: u64 = self.times.iter().sum();
        let mut before = 0;
        let mut rank = |&times: &u64| {
            // The mean rank is before + (times + 1)/2, and the mean of all is (total + 1)/2.
            let rank = (2 * before + times) as f64 / 2.0 - total as f64 / 2.0;
            before += times;
            rank
        };
        let ranks: Vec<f64> = self.times.iter().map(&mut rank).collect();
        self.of_cells.iter().map(|&level| ranks[level]).collect()
    }
}

/// The pairs of answers in opposite order, by a tree of counts over the given numbers (Fenwick 1994).
fn opposite_pairs(scores: &Scores, given: &Levels) -> u128 {
    let mut tree = vec![0_u64; given.times.len() + 1];
    let (mut before, mut opposite, mut start) = (0_u64, 0_u128, 0);
    for alike in scores.cells().chunk_by(|a, b| a.gold == b.gold) {
        let levels = &given.of_cells[start..start + alike.len()];
        for (cell, level) in alike.iter().zip(levels) {
            let not_above = count_up_to(&tree, level + 1);
            opposite += u128::from(before - not_above) * u128::from(cell.times);
        }
        for (cell, level) in alike.iter().zip(levels) {
            count_at(&mut tree, level + 1, cell.times);
            before += cell.times;
        }
        start += alike.len();
    }
    opposite
}

/// How many were counted at places 1 to `place`.
fn count_up_to(tree: &[u64], mut place: usize) -> u64 {
    let mut sum = 0;
    while place > 0 {
        sum += tree[place];
        place &= place - 1;
    }
    sum
}

/// Counts `times` more at a place from 1.
fn count_at(tree: &mut [u64], mut place: usize, times: u64) {
    while place < tree.len() {
        tree[place] += times;
        place += place & place.wrapping_neg();
    }
}
