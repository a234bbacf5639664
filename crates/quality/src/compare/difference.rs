//! The difference of two qualities that were measured on different items.
//!
//! In: two proportions, two estimates, or two clustered accuracies. Out: the difference with its interval.
//! The two sides are independent: no item, no rater and no answer belongs to both. Shared items: see `paired`.
//! Does not adjust for what was asked: standardise or stratify first where one side had the harder items.

use super::{Difference, Side, recovered};
use crate::proportion::score_bounds;
use crate::{Estimate, Method, Proportion, Undefined, clustered::Clustered, quantile, settings};

/// Newcombe's hybrid score interval of p₁ - p₂ for two independent proportions.
///
/// With Wilson's intervals (l, u) of each: low = d - √((p₁-l₁)² + (u₂-p₂)²), high = d + √((u₁-p₁)² + (p₂-l₂)²).
/// Trials are independent with one probability on each side. Defined for all counts; with all right on one side
/// and none on the other it ends at 1. Coverage is close to `level` on average, and lowest for very small samples.
///
/// `BadParameter` when the level is not between 0.5 and 1. Source: Newcombe 1998 (independent proportions), method
/// 10, without continuity correction.
pub fn newcombe(first: Proportion, second: Proportion, level: f64) -> Result<Difference, Undefined> {
    settings::level(level)?;
    let bounds = |share: f64| {
        let z = quantile::normal(share);
        recovered(scored(first, z), scored(second, z), 0.0)
    };
    let ((low, high), (lower, upper)) = (bounds(f64::midpoint(1.0, level)), bounds(level));
    let point = first.share() - second.share();
    let n = first.trials() + second.trials();
    Ok(Difference { estimate: Estimate { point, low, high, level, n, method: Method::Newcombe }, lower, upper })
}

/// The difference of any two independent estimates that have the same level.
///
/// Zou and Donner's recovery of each side's variance from its own bounds, so it is as good as those bounds are: an
/// interval that knows of clusters gives a difference that does. `BadParameter` when the levels differ. Figures
/// are shares: the result is cut at -1 and 1. Source: Zou and Donner 2008.
pub fn of_estimates(first: &Estimate, second: &Estimate) -> Result<Estimate, Undefined> {
    if first.level != second.level {
        return Err(Undefined::BadParameter);
    }
    let (low, high) = recovered(of_estimate(first), of_estimate(second), 0.0);
    Ok(difference_of(first, second, (low, high), first.n + second.n))
}

/// The difference of two cohorts' accuracies on different items, rated by different people.
///
/// As `of_estimates`, from bounds that resample items and raters; so it speaks of the two cohorts in future, on items
/// like these. Both accuracies have the same level, else `BadParameter`.
pub fn of_clustered(first: &Clustered, second: &Clustered) -> Result<Difference, Undefined> {
    let estimate = of_estimates(&first.estimate, &second.estimate)?;
    let (lower, upper) = recovered(one_sided(first), one_sided(second), 0.0);
    Ok(Difference { estimate, lower, upper })
}

/// A difference that has the given two-sided bounds.
pub(super) fn difference_of(first: &Estimate, second: &Estimate, (low, high): (f64, f64), n: u64) -> Estimate {
    Estimate { point: first.point - second.point, low, high, level: first.level, n, method: Method::Mover }
}

/// The two-sided bounds of an estimate.
pub(super) fn of_estimate(estimate: &Estimate) -> Side {
    Side { point: estimate.point, low: estimate.low, high: estimate.high }
}

/// The one-sided bounds of an accuracy.
pub(super) fn one_sided(accuracy: &Clustered) -> Side {
    Side { point: accuracy.estimate.point, low: accuracy.lower, high: accuracy.upper }
}

/// A proportion with Wilson's bounds for any normal quantile.
fn scored(proportion: Proportion, z: f64) -> Side {
    let (low, high) = score_bounds(proportion, z);
    Side { point: proportion.share(), low, high }
}
