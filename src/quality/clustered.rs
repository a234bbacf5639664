//! Accuracy over answers that share items and raters.
//!
//! In: a cell for each item and rater, with the weight that was right and the weight that was asked.
//! Out: the accuracy with its interval, one-sided bounds for bars, and the design effects that explain its width.
//! The answers are never taken for independent: items and raters are both samples, and rows are neither.
//! The order of the cells never shows: they are sorted before anything is summed.

#[cfg(test)]
mod simulation;
mod spread;
#[cfg(test)]
mod tests;

use super::bar::GoldYield;
use super::{Estimate, Method, Undefined, assert_level, proportion, quantile};
use spread::Spread;

/// Below this many degrees of freedom t has no useful quantile.
const FEWEST_DEGREES: f64 = 0.2;
/// With fewer (two clusters and a bit), what the sample says of its own variances is not trusted.
const DEGREES_TO_TRUST: f64 = 1.5;

/// One rater's scored answers on one item; several criteria may be pooled.
///
/// Weights, where there are any, average one over the ratings, so that `asked` adds up to their number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cell {
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
    /// Independent answers that would give the two-sided interval.
    pub effective_n: f64,
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
/// samples can make that too small or negative, so it is never less than V_i or V_r (the "max" rule of MacKinnon,
/// Nielsen and Webb 2024).
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
/// lower bound from 100 items would be too high for 52 % of samples of 6 raters, 29 % of 12, 12 % of 20.
/// Undefined without any rating, or when a cell has more right than asked.
///
/// Panics when `level` is not between 0.5 and 1.
pub fn ratio(cells: &[Cell], level: f64) -> Result<Clustered, Undefined> {
    assert_level(level);
    let both = f64::midpoint(1.0, level);
    let spread = Spread::of(cells)?;
    let evidence = Evidence::of(&spread);
    let (low, high) = evidence.bounds(spread.point, both);
    let (lower, upper) = evidence.bounds(spread.point, level);
    let n_items = spread.items.clusters;
    Ok(Clustered {
        estimate: Estimate { point: spread.point, low, high, level, n: n_items, method: Method::KornGraubard },
        lower,
        upper,
        design_effect_items: spread.design_effect(spread.items.variance),
        design_effect_raters: spread.design_effect(spread.raters.variance),
        design_effect: (spread.asked / evidence.answers).max(1.0),
        n_ratings: spread.asked.round() as u64,
        n_items,
        n_raters: spread.raters.clusters,
        effective_n: evidence.effective(both),
        degenerate: spread.degenerate,
        gold: evidence.gold(&spread, level),
    })
}

/// What the data weigh: independent answers, and how well that number is known.
struct Evidence {
    /// n / design effect.
    answers: f64,
    /// Degrees of freedom of the variance behind it.
    df: f64,
    /// The same two for flawless answers from these items and raters.
    flawless_answers: f64,
    flawless_df: f64,
    /// Effective n is never less.
    floor: f64,
}

impl Evidence {
    fn of(spread: &Spread) -> Self {
        let (items, raters) = (spread.items.effective, spread.raters.effective);
        let fewest = if spread.raters.clusters == 1 { items } else { items.min(raters) };
        let flawless = Self {
            answers: items,
            df: fewest - 1.0,
            flawless_answers: items,
            flawless_df: fewest - 1.0,
            floor: fewest,
        };
        if spread.unmeasured() {
            return flawless;
        }
        let variance = spread.variance().max(spread.independent_variance());
        let answers = spread.point * (1.0 - spread.point) / variance;
        Self { answers, df: degrees_of_freedom(spread, fewest - 1.0), ..flawless }
    }

    /// Effective n for one-sided bounds at `level`.
    fn effective(&self, level: f64) -> f64 {
        (self.answers * shrink(self.df, level)).max(self.floor)
    }

    /// One-sided bounds at `level`, neither beyond that of flawless answers, which is level^(1/n) away from its end.
    fn bounds(&self, point: f64, level: f64) -> (f64, f64) {
        let n = self.effective(level);
        let (low, high) = proportion::exact_bounds(point * n, n, level);
        let flawless = (self.flawless_answers * shrink(self.flawless_df, level)).max(self.floor);
        let reach = (1.0 - level).powf(1.0 / flawless);
        (low.min(reach).min(point), high.max(1.0 - reach).max(point))
    }

    /// How effective n would grow with gold items, at one-sided `level` and with today's degrees of freedom.
    fn gold(&self, spread: &Spread, level: f64) -> GoldYield {
        let n_items = spread.items.clusters as f64;
        let at_least = if spread.raters.clusters == 1 { self.floor } else { 0.0 };
        let flawless = (self.flawless_answers * shrink(self.flawless_df, level)).max(at_least) / n_items;
        if spread.unmeasured() {
            return GoldYield { per_item: flawless, ceiling: f64::INFINITY, per_flawless_item: flawless };
        }
        let information = spread.point * (1.0 - spread.point) * shrink(self.df, level);
        let total = spread.variance().max(spread.independent_variance());
        let of_raters = spread.variance() - spread.items.variance.unwrap_or(0.0);
        let worth = |variance: f64| if information > 0.0 { information / variance } else { 0.0 };
        let per_item = worth(total - of_raters).max(at_least) / n_items;
        GoldYield { per_item, ceiling: worth(of_raters), per_flawless_item: flawless }
    }
}

/// Satterthwaite's degrees of freedom of the two-way variance, between the smaller and the larger of the two.
fn degrees_of_freedom(spread: &Spread, smaller: f64) -> f64 {
    let (Some(by_item), Some(by_rater)) = (spread.items.variance, spread.raters.variance) else {
        return smaller;
    };
    if smaller < DEGREES_TO_TRUST {
        return smaller;
    }
    let (items, raters) = (spread.items.effective - 1.0, spread.raters.effective - 1.0);
    let doubt = by_item.powi(2) / items + by_rater.powi(2) / raters;
    if doubt > 0.0 { (spread.variance().powi(2) / doubt).clamp(smaller, items.max(raters)) } else { smaller }
}

/// Korn and Graubard's (z/t)², by which effective n falls because the variance is itself an estimate.
fn shrink(df: f64, level: f64) -> f64 {
    if df < FEWEST_DEGREES { 0.0 } else { (quantile::normal(level) / quantile::student(df, level)).powi(2) }
}
