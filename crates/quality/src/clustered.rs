//! Accuracy over answers that share items and raters.
//!
//! In: a cell for each item and rater, with the weight that was right and the weight that was asked.
//! Out: the accuracy with its interval, one-sided bounds for bars, and the design effects that explain its width.
//! The answers are never taken for independent: items and raters are both samples, and rows are neither.
//! The order of the cells never shows: they are sorted before anything is summed.

mod evidence;
pub mod kappa;
pub mod mean;
#[cfg(test)]
mod simulation;
mod spread;
mod student;
#[cfg(test)]
mod tests;

use super::bar::GoldYield;
use super::{Estimate, Method, Undefined, assert_level};
use evidence::ClusteredEvidence;
use spread::Spread;

/// One rater's scored answers on one item; several criteria may be pooled.
///
/// Weights, where there are any, average one over the ratings, so that `asked` adds up to their number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ScoredCell {
    /// The item, by any number.
    pub item: u32,
    /// The rater, by any number.
    pub rater: u32,
    /// Weighted number right.
    pub right: f64,
    /// Weighted number asked or answered; a cell without any is left out.
    pub asked: f64,
}

/// An accuracy with what explains its interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Clustered {
    /// The accuracy and its two-sided interval; `n` counts items.
    pub estimate: Estimate,
    /// One-sided lower bound at the estimate's level, for bars.
    pub lower: f64,
    /// One-sided upper bound at the estimate's level, for bars.
    pub upper: f64,
    /// How much wider items make the variance than that of independent answers; `None` where nothing shows it.
    pub design_effect_items: Option<f64>,
    /// The same for raters; `None` with one rater, whose interval speaks of that rater only.
    pub design_effect_raters: Option<f64>,
    /// The two-way design effect that is used, never below 1.
    pub design_effect: f64,
    /// Ratings asked, by weight.
    pub n_ratings: u64,
    /// Items with at least one rating.
    pub n_items: u64,
    /// Raters with at least one rating.
    pub n_raters: u64,
    /// Independent answers that the data are worth at the coverage of the two-sided interval.
    pub effective_n: f64,
    /// What flawless answers from the same items and raters would be worth: no bound goes beyond theirs.
    pub flawless_n: f64,
    /// Whether all answers were right, or all wrong.
    pub degenerate: bool,
    /// What more gold items would bring, for `bar::items_to_decide`; it holds for one-sided bounds at the level.
    pub gold: GoldYield,
}

/// Accuracy as a ratio, with an interval that speaks of this cohort's raters and of items like these in future.
///
/// p = Σ right / Σ asked. The linearised residual of a cell is (right - p · asked) / Σ asked. Summed by item, by
/// rater and by cell and squared, residuals give V_i, V_r and V_c (each times 1/(1 - Σ share²), which is G/(G-1)
/// for G clusters of one size). The two-way variance is V_i + V_r - V_c (Cameron, Gelbach and Miller 2011); small
/// samples can make that too small or negative, so it is never less than V_i or V_r (as in MacKinnon, Nielsen
/// and Webb 2024).
///
/// The design effect is V / (p(1-p)/n) for n ratings, at least 1. Effective n is n / design effect times
/// (z/t)², and the bounds are Clopper and Pearson's on it (Korn and Graubard 1998). Degrees of freedom after
/// Satterthwaite 1946: V² / (V_i²/(G_i-1) + V_r²/(G_r-1)), kept between the smaller and the larger of G-1;
/// with two raters or two items they are one. G is the effective number of clusters, 1 / Σ share², so that one
/// rater with most of the answers does not count as many.
///
/// Three rules hold the interval in bounds:
/// - Effective n is never below the smaller effective number of clusters. Answers that fall together wholly
///   within a cluster are as many trials as there are clusters, and for those Clopper-Pearson is exact.
/// - All right (or all wrong) leaves no variance to measure. Answers are then taken to fall together wholly by
///   item: effective n is the number of items, times (z/t)² at the smaller G-1.
/// - No bound goes beyond that of flawless answers from the same items and raters, so an error never helps.
///
/// One rater: that rater's future items; effective n is at least the number of items, as for a plain proportion.
/// Give every cell one rater's number to speak of these raters and no others. One item: it shows nothing of other
/// items, so effective n is 1. Two raters: t has one degree of freedom, and the interval spans most of the range.
///
/// Assumes that raters and items are drawn independently and like those to come. A rare kind of rater that the
/// sample may lack is not covered: were one rater in ten right half the time and the others 99 times in 100, the
/// lower bound from 100 items would be too high for 54 % of samples of 6 raters, 31 % of 12, 11 % of 20.
///
/// Coverage at 95 %, simulated with normal effects on the log-odds at accuracies of .75, .90 and .98 (the table is
/// in `simulation`): 20 items × 3 raters 99.0 to 100 %; 40 × 6, 96.2 to 99.9 %; 100 × 20, 94.5 to 99.0 %; 177 × 34
/// with 10 raters an item, 94.6 to 98.9 %. The lower bound is too high in 8.6 % at worst (nominally 5), where
/// raters differ by a standard deviation of 1 on the log-odds and carry unequal loads.
///
/// Undefined without any rating, or when a cell has more right than asked.
///
/// Panics when `level` is not between 0.5 and 1.
pub fn ratio(cells: &[ScoredCell], level: f64) -> Result<Clustered, Undefined> {
    ratio_of(cells.to_vec(), level)
}

/// The same of cells that are no longer needed.
pub fn ratio_of(cells: Vec<ScoredCell>, level: f64) -> Result<Clustered, Undefined> {
    assert_level(level);
    let both = f64::midpoint(1.0, level);
    let spread = Spread::of(cells)?;
    let evidence = ClusteredEvidence::of(&spread);
    let (lower, upper) = evidence.bounds(spread.point, level);
    let (low, high) = evidence.bounds(spread.point, both);
    // Quantiles close to 0 and 1 are rounded; the two-sided interval holds the one-sided bounds all the same.
    let (low, high) = (low.min(lower), high.max(upper));
    let n = spread.ways.items.clusters;
    Ok(Clustered {
        estimate: Estimate { point: spread.point, low, high, level, n, method: Method::KornGraubard },
        lower,
        upper,
        design_effect_items: spread.design_effect(spread.ways.items.variance),
        design_effect_raters: spread.design_effect(spread.ways.raters.variance),
        design_effect: (spread.asked / evidence.seen.answers).max(1.0),
        n_ratings: spread.asked.round() as u64,
        n_items: n,
        n_raters: spread.ways.raters.clusters,
        effective_n: evidence.effective(both),
        flawless_n: evidence.flawless(both),
        degenerate: spread.degenerate,
        gold: evidence.gold(&spread, level),
    })
}
