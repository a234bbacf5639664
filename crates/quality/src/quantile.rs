//! Quantiles of the normal, Student's t and the beta distribution, and the beta's distribution function.
//!
//! In: a probability and a distribution's parameters. Out: the value below which that share lies.
//! A thin cover over `statrs`, so that its errors are settled in one place; very large shapes are our own.
//! Never sees data. Against SciPy: normal to 1e-15, t to 5e-6, beta to 1e-8 at worst and mostly to 1e-13,
//! to 1e-6 for shapes above 500.

use statrs::distribution::{Beta, ContinuousCDF, Normal, StudentsT};
use statrs::function::beta::beta_reg;
use statrs::function::erf::erfc;
use std::f64::consts::SQRT_2;

/// Up to this, the continued fraction of the incomplete beta function settles within the terms that `statrs` allows.
const SMALL_SHAPE: f64 = 500.0;
/// Beyond this sum of shapes `statrs` may look for a quantile for minutes.
const SMALL_SUM: f64 = 1e5;

/// The standard normal.
pub(super) fn normal(share: f64) -> f64 {
    Normal::standard().inverse_cdf(share)
}

/// The share of the standard normal below `z`.
pub(super) fn normal_below(z: f64) -> f64 {
    0.5 * erfc(-z / SQRT_2)
}

/// Student's t with `df` degrees of freedom, above zero but not necessarily whole.
pub(super) fn student(df: f64, share: f64) -> f64 {
    StudentsT::new(0.0, 1.0, df).expect("degrees of freedom are above zero").inverse_cdf(share)
}

/// The share of Student's t below `x`.
pub(super) fn student_below(df: f64, x: f64) -> f64 {
    StudentsT::new(0.0, 1.0, df).expect("degrees of freedom are above zero").cdf(x)
}

/// The beta distribution; both shapes are above zero.
pub(super) fn beta(a: f64, b: f64, share: f64) -> f64 {
    if a.min(b) <= SMALL_SHAPE && a + b <= SMALL_SUM {
        return Beta::new(a, b).expect("shapes are above zero").inverse_cdf(share);
    }
    bisected(share, |x| beta_below(a, b, x))
}

/// Where a growing function from 0 to 1 reaches `share`, to the last bits of a number between 0 and 1.
fn bisected(share: f64, below: impl Fn(f64) -> f64) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    // Halving in the logarithm at first: quantiles of lopsided shapes lie close to one end.
    for _ in 0..200 {
        let middle = if low == 0.0 { high / 16.0 } else { f64::midpoint(low, high) };
        if middle <= low || middle >= high || high < 1e-300 {
            break;
        }
        if below(middle) < share { low = middle } else { high = middle }
    }
    f64::midpoint(low, high)
}

/// The chance that a beta-distributed number is below `x`: I_x(a, b).
pub(super) fn beta_below(a: f64, b: f64, x: f64) -> f64 {
    if x <= 0.0 || x >= 1.0 {
        return if x <= 0.0 { 0.0 } else { 1.0 };
    }
    if a.min(b) > SMALL_SHAPE { peizer_pratt(a, b, x) } else { beta_reg(a, b, x) }
}

/// Peizer and Pratt's normal approximation (1968), within 1e-7 for shapes above 500.
fn peizer_pratt(a: f64, b: f64, x: f64) -> f64 {
    let (y, n) = (1.0 - x, a + b - 1.0);
    let (below, above) = (b - 0.5, a - 0.5);
    let d = b - 1.0 / 3.0 - (n + 1.0 / 3.0) * y + 0.02 * (x / b - y / a + (x - 0.5) / (a + b));
    let skew = 1.0 + x * curve(below / (n * y)) + y * curve(above / (n * x));
    // So far out that rounding has eaten the correction, one side has it all.
    let certain = if d > 0.0 { 1.0 } else { 0.0 };
    if skew > 0.0 { normal_below(d * (skew / ((n + 1.0 / 6.0) * x * y)).sqrt()) } else { certain }
}

/// (1 - r² + 2r ln r) / (1 - r)², by its series near 1.
fn curve(r: f64) -> f64 {
    let d = 1.0 - r;
    if d.abs() > 0.1 {
        return (1.0 - r * r + 2.0 * r * r.ln()) / (d * d);
    }
    (1..=12).rev().fold(0.0, |sum, k| d * (sum + 2.0 / f64::from((k + 1) * (k + 2))))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// SciPy 1.12.0 `betaincinv`; some are beyond what `statrs` finds in a minute.
    #[test]
    fn quantiles_of_large_shapes_agree_with_scipy() {
        let cases = [
            (912.3, 1003.9, 0.975, 0.4984753567273034),
            (600.0, 900.5, 0.05, 0.37914749158815647),
            (50_000.0, 50_001.0, 0.95, 0.502595717953414),
            (9e6, 1e6, 0.975, 0.9001858627126503),
            (2.0, 1e7, 0.05, 3.5536148661649856e-8),
            (1.0, 1e7, 0.975, 3.6888787737224376e-7),
            (499.5, 2e6, 0.5, 0.0002495211183925627),
            (3e6, 0.5, 0.05, 0.9999993597570148),
        ];
        for (a, b, share, expected) in cases {
            let found = beta(a, b, share);
            assert!((found / expected - 1.0).abs() < 1e-6, "beta({a}, {b}) at {share}: {found} v {expected}");
        }
    }
}
