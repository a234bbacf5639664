//! The difference of two qualities that were measured on the same items.
//!
//! In: a table of pairs, or the cells of two cohorts. Out: McNemar's tests, and differences with their intervals.
//! Items are the units: an item that is hard for one side is hard for the other, and that part of chance cancels.
//! Never counts an item that only one side saw.

use super::difference::{difference_of, of_estimate, one_sided};
use super::{Difference, recovered};
use crate::clustered::{Clustered, ScoredCell, ratio};
use crate::{Estimate, Method, Undefined, binomial, quantile, settings};

/// Items that each side answered once, by who was right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pairs {
    /// Right on both sides.
    pub both: u64,
    /// Right on the first side only.
    pub only_first: u64,
    /// Right on the second side only.
    pub only_second: u64,
    /// Right on neither.
    pub neither: u64,
}

impl Pairs {
    /// All items.
    pub fn total(self) -> u64 {
        self.both + self.only_first + self.only_second + self.neither
    }
}

/// McNemar's tests of whether two sides are right equally often.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct McNemar {
    /// Exact two-sided p-value; never too small, often too large.
    pub exact: f64,
    /// Mid-p-value: half the chance of the observed table is taken off each tail.
    pub mid_p: f64,
    /// Exact one-sided p-value for "the first side is right more often".
    pub first_is_better: f64,
}

/// Tests whether two sides that answered the same items once each are right equally often.
///
/// Given b + c items on which they differ, b (first right) is binomial with chance 1/2. Exact: twice the smaller
/// tail, at most 1. Mid-p: that less the chance of b itself (less half of it where b = c). Without an item on which
/// they differ nothing speaks against equality, and all are 1. Items are independent.
///
/// `NoData` without pairs. Sources: McNemar 1947; Fagerland, Lydersen and Laake 2013.
pub fn mcnemar(pairs: Pairs) -> Result<McNemar, Undefined> {
    let (differ, smaller) = (pairs.only_first + pairs.only_second, pairs.only_first.min(pairs.only_second));
    if pairs.total() == 0 {
        return Err(Undefined::NoData);
    }
    if differ == 0 {
        return Ok(McNemar { exact: 1.0, mid_p: 1.0, first_is_better: 1.0 });
    }
    let here = binomial::exactly(smaller, differ, 0.5);
    let both_tails = 2.0 * binomial::at_most(smaller, differ, 0.5);
    let mid_p = if pairs.only_first == pairs.only_second { 1.0 - here / 2.0 } else { both_tails - here };
    let first_is_better = binomial::at_least(pairs.only_first, differ, 0.5);
    Ok(McNemar { exact: both_tails.min(1.0), mid_p, first_is_better })
}

/// Tango's score interval of the difference of two paired proportions.
///
/// All δ that a score test at 1 - `level` would not reject: (b - c - nδ)² ≤ z² n (2q + δ(1-δ)), where q is the
/// likeliest chance of "only the second is right" under that δ: the larger root of
/// 2n q² + (-b - c + (2n - b + c) δ) q - cδ(1-δ) = 0. Items are independent, each answered once on each side.
/// Without an item on which the sides differ it is ± z²/(n + z²), not a single point.
///
/// `NoData` without pairs, `BadParameter` for a level not between 0.5 and 1. Source: Tango 1998.
pub fn tango(pairs: Pairs, level: f64) -> Result<Difference, Undefined> {
    settings::level(level)?;
    let n = pairs.total();
    if n == 0 {
        return Err(Undefined::NoData);
    }
    let point = (pairs.only_first as f64 - pairs.only_second as f64) / n as f64;
    let bounds = |share: f64| {
        let z = quantile::normal(share);
        let mirrored = Pairs { only_first: pairs.only_second, only_second: pairs.only_first, ..pairs };
        (score_bound(pairs, z), -score_bound(mirrored, z))
    };
    let ((low, high), (lower, upper)) = (bounds(f64::midpoint(1.0, level)), bounds(level));
    Ok(Difference { estimate: Estimate { point, low, high, level, n, method: Method::Tango }, lower, upper })
}

/// The smallest difference whose score test has z at most `z`, by bisection below the observed difference.
fn score_bound(pairs: Pairs, z: f64) -> f64 {
    let (n, b, c) = (pairs.total() as f64, pairs.only_first as f64, pairs.only_second as f64);
    let rejected = |delta: f64| {
        let middle = -b - c + (2.0 * n - b + c) * delta;
        let product = -c * delta * (1.0 - delta);
        let only_second = ((middle * middle - 8.0 * n * product).max(0.0).sqrt() - middle) / (4.0 * n);
        let variance = n * (2.0 * only_second + delta * (1.0 - delta));
        b - c - n * delta > z * variance.max(0.0).sqrt()
    };
    let (mut outside, mut inside) = (-1.0, (b - c) / n);
    for _ in 0..60 {
        let middle = f64::midpoint(outside, inside);
        if rejected(middle) { outside = middle } else { inside = middle }
    }
    inside
}

/// The difference of two cohorts' accuracies on the items that both rated, with items and raters as samples.
///
/// Each side's bounds are those of `clustered::ratio` on the shared items; they are joined by Zou and Donner's
/// recovery with the correlation of the two accuracies, which is Newcombe's method for pairs where every item has
/// one answer a side. The covariance comes from the linearised residuals u of each side, summed by item:
/// G/(G-1) Σ u₁ᵢ u₂ᵢ over G items; where the same raters (by number) are on both sides, as when anchor items are
/// rated again, it is that by item, plus that by rater, less that by cell. A positive covariance is lessened by
/// 1/(2G²), Newcombe's correction, so that sides which never differed keep an interval.
///
/// Number raters apart where they are different people. Items that one side only saw are left out; a cell without
/// anything asked counts as not seen. Assumes what `clustered::ratio` does. Coverage at 95 %, simulated with normal
/// effects on the log-odds at 40 to 200 items, is 95.6 to 99.7 %, one-sided 95.8 to 99.4 % (the table is in
/// `simulation`).
///
/// `NoOverlap` when no item was rated on both sides, `BadParameter` for a level not between 0.5 and 1, else
/// undefined as `clustered::ratio`. Sources: Zou and Donner 2008; Newcombe 1998 (paired proportions), method 10.
pub fn on_shared_items(first: &[ScoredCell], second: &[ScoredCell], level: f64) -> Result<Difference, Undefined> {
    sides_on_shared_items(first, second, level).map(|of| of.difference)
}

/// Two accuracies on the items that both rated.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SharedAccuracies {
    /// That of the first side.
    pub first: Clustered,
    /// That of the second.
    pub second: Clustered,
    /// The first less the second.
    pub difference: Difference,
}

/// The same with both accuracies.
///
/// Undefined as `on_shared_items`.
pub fn sides_on_shared_items(
    first: &[ScoredCell],
    second: &[ScoredCell],
    level: f64,
) -> Result<SharedAccuracies, Undefined> {
    settings::level(level)?;
    let (cells_first, cells_second) = (seen_by(first, second), seen_by(second, first));
    if cells_first.is_empty() {
        return Err(if first.is_empty() && second.is_empty() { Undefined::NoData } else { Undefined::NoOverlap });
    }
    let (a, b) = (ratio(&cells_first, level)?, ratio(&cells_second, level)?);
    let correlation = correlation((&a, &cells_first), (&b, &cells_second));
    let two_sided = recovered(of_estimate(&a.estimate), of_estimate(&b.estimate), correlation);
    let (lower, upper) = recovered(one_sided(&a), one_sided(&b), correlation);
    let estimate = difference_of(&a.estimate, &b.estimate, two_sided, a.n_items);
    Ok(SharedAccuracies { first: a, second: b, difference: Difference { estimate, lower, upper } })
}

/// The cells whose item the other side has too, in an order that does not depend on how they came.
fn seen_by(cells: &[ScoredCell], other: &[ScoredCell]) -> Vec<ScoredCell> {
    let asked = |cell: &&ScoredCell| cell.asked != 0.0;
    let mut items: Vec<u32> = other.iter().filter(asked).map(|cell| cell.item).collect();
    items.sort_unstable();
    items.dedup();
    let is_shared = |cell: &&ScoredCell| items.binary_search(&cell.item).is_ok();
    let mut shared: Vec<ScoredCell> = cells.iter().filter(asked).filter(is_shared).copied().collect();
    let numbers = |cell: &ScoredCell| (cell.item, cell.rater);
    shared.sort_by(|a, b| {
        let by_counts = || a.right.total_cmp(&b.right).then(a.asked.total_cmp(&b.asked));
        numbers(a).cmp(&numbers(b)).then_with(by_counts)
    });
    shared
}

/// How the two accuracies would vary together, from -1 to 1; 0 where one of them shows no variance.
fn correlation(first: (&Clustered, &[ScoredCell]), second: (&Clustered, &[ScoredCell])) -> f64 {
    let variance = |(accuracy, cells): (&Clustered, &[ScoredCell])| {
        let point = accuracy.estimate.point;
        point * (1.0 - point) * accuracy.design_effect / asked(cells)
    };
    let scale = (variance(first) * variance(second)).sqrt();
    if scale <= 0.0 {
        return 0.0;
    }
    let residuals = [residuals(first), residuals(second)];
    let together = |unit: fn(&ScoredCell) -> (u32, u32)| covariance(&residuals, unit);
    let covariance =
        together(|cell| (cell.item, 0)) + together(|cell| (0, cell.rater)) - together(|cell| (cell.item, cell.rater));
    let correction = 0.5 / (first.0.n_items as f64).powi(2);
    let corrected = if covariance > 0.0 { (covariance - correction).max(0.0) } else { covariance };
    (corrected / scale).clamp(-1.0, 1.0)
}

/// Ratings asked, by weight.
fn asked(cells: &[ScoredCell]) -> f64 {
    cells.iter().map(|cell| cell.asked).sum()
}

/// Each cell with its part in the accuracy's error: (right - p · asked) / Σ asked.
fn residuals<'a>((accuracy, cells): (&Clustered, &'a [ScoredCell])) -> Vec<(&'a ScoredCell, f64)> {
    let (point, asked) = (accuracy.estimate.point, asked(cells));
    cells.iter().map(|cell| (cell, (cell.right - point * cell.asked) / asked)).collect()
}

/// G/(G-1) Σ u₁ u₂ over the G units that both sides have; 0 with fewer than two.
fn covariance(sides: &[Vec<(&ScoredCell, f64)>; 2], unit: fn(&ScoredCell) -> (u32, u32)) -> f64 {
    let [first, second] = sides.each_ref().map(|residuals| {
        let mut by_unit: Vec<((u32, u32), f64)> =
            residuals.iter().map(|(cell, residual)| (unit(cell), *residual)).collect();
        by_unit.sort_by_key(|(unit, _)| *unit);
        let sum = |of: &[((u32, u32), f64)]| (of[0].0, of.iter().map(|(_, residual)| residual).sum::<f64>());
        by_unit.chunk_by(|a, b| a.0 == b.0).map(sum).collect::<Vec<_>>()
    });
    let other = |unit: &(u32, u32)| second.binary_search_by_key(unit, |of| of.0).ok().map(|at| second[at].1);
    let products: Vec<f64> = first.iter().filter_map(|(unit, u)| Some(u * other(unit)?)).collect();
    let units = products.len() as f64;
    if units < 2.0 { 0.0 } else { units / (units - 1.0) * products.iter().sum::<f64>() }
}
