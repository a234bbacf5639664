//! The bootstrap's interval without a draw: DiCiccio and Efron's ABC, which stands for BCa.
//!
//! In: a figure that is a function of sums over items, and the patterns of the items. Out: bounds at any share.
//! It asks for the figure twice more for each pattern, so it costs next to nothing, and it has no seed.
//! Never resamples raters: an interval speaks of these raters on other items.

use super::super::patterns::{Pattern, Patterns};
use super::super::{Estimate, Method, Undefined, assert_level, quantile};
use super::{Additive, sums_over_items};

/// How far an item is weighed up and down to see how the figure moves, as a share of its weight.
const STEP: f64 = 0.01;
/// Most patterns times sums: above it there are thousands of items, where the interval is that of the linearised rule.
const MOST_WORK: usize = 100_000_000;
/// A standard error up to this is rounding.
const NO_ERROR: f64 = 1e-12;

/// What is needed for bounds of one figure at any share.
pub struct Abc<'a> {
    statistic: &'a dyn Additive,
    categories: usize,
    items: u64,
    point: f64,
    sums: Vec<f64>,
    /// What is added to the sums to raise the figure by a standard error, to first order.
    direction: Vec<f64>,
    bias: f64,
    acceleration: f64,
}

/// What one item of a pattern does to the figure when its weight grows: first and second derivative.
struct Pull {
    first: f64,
    second: f64,
}

impl<'a> Abc<'a> {
    /// Prepares the bounds.
    ///
    /// t(P) is the figure where item i of n has weight P_i, with 1/n for all at first, and t' and t'' are its
    /// derivatives in the direction of an item. With σ = √(Σ t'²) / n, a = Σ t'³ / (6 (Σ t'²)^1.5), δ = t' / (n² σ),
    /// c half the second derivative along δ divided by σ, and z₀ = Φ⁻¹(2 Φ(a) Φ(c - Σ t'' / (2 n² σ))), the bound that
    /// has the share s below it is t(1/n + λ δ), where λ = w / (1 - a w)² and w = z₀ + Φ⁻¹(s).
    ///
    /// Undefined for the figure's own reason, as `OneItem` with one item, as `NoSpread` where no item moves it, as `TooFew`
    /// where so few items bend the figure too much, and as `TooLarge` where it would take long.
    ///
    /// Sources: DiCiccio and Efron 1992; Efron and Tibshirani 1993, section 14.4 and chapter 22.
    pub fn of(statistic: &'a dyn Additive, patterns: &Patterns) -> Result<Self, Undefined> {
        if patterns.is_empty() {
            return Err(Undefined::NoData);
        }
        let (categories, items) = (patterns.n_categories(), patterns.n_items() as f64);
        if patterns.len().saturating_mul(statistic.width(categories)) > MOST_WORK {
            return Err(Undefined::TooLarge);
        }
        let sums = sums_over_items(statistic, patterns);
        let point = statistic.value(&sums, categories)?;
        if patterns.n_items() == 1 {
            return Err(Undefined::OneItem);
        }
        let direction = vec![0.0; sums.len()];
        let n = patterns.n_items();
        let mut abc = Self { statistic, categories, items: n, point, sums, direction, bias: 0.0, acceleration: 0.0 };
        let mut moved = Vec::with_capacity(abc.sums.len());
        let pulls = patterns.iter().map(|pattern| abc.pull(&pattern, &mut moved)).collect::<Result<Vec<_>, _>>()?;
        let over_items = |of: &dyn Fn(&Pull) -> f64| -> f64 {
            patterns.iter().zip(&pulls).map(|(pattern, pull)| pattern.items as f64 * of(pull)).sum()
        };
        let squares = over_items(&|pull| pull.first.powi(2));
        let error = squares.sqrt() / items;
        if error <= NO_ERROR {
            return Err(Undefined::NoSpread);
        }
        for (pattern, pull) in patterns.iter().zip(&pulls) {
            let weight = pattern.items as f64 * pull.first / (items * error);
            statistic.each_feature(&pattern, categories, &mut |index, value| abc.direction[index] += weight * value);
        }
        abc.acceleration = over_items(&|pull| pull.first.powi(3)) / (6.0 * squares.powf(1.5));
        let along = (abc.value(STEP)? - 2.0 * point + abc.value(-STEP)?) / (2.0 * error * STEP * STEP);
        let curvature = over_items(&|pull| pull.second) / (2.0 * items * items * error) - along;
        let below = 2.0 * quantile::normal_below(abc.acceleration) * quantile::normal_below(-curvature);
        // The share of samples below the figure: what few items suggest may be none.
        if below <= 0.0 || below >= 1.0 {
            return Err(Undefined::TooFew);
        }
        abc.bias = quantile::normal(below);
        Ok(abc)
    }

    /// The figure between bounds that leave out the same share on both sides.
    ///
    /// Normal quantiles are stretched to √(n / (n - 1)) times those of t with n - 1 degrees of freedom, because the
    /// spread within n items is on average less than that of the items they come from (Hesterberg 2015). `TooFew` where
    /// a bound then lies beyond all items, or on the wrong side of the figure: so few items bend it too much.
    pub fn estimate(&self, level: f64) -> Result<Estimate, Undefined> {
        assert_level(level);
        let others = (self.items - 1) as f64;
        let reach = (self.items as f64 / others).sqrt() * quantile::student(others, f64::midpoint(1.0, level));
        let (low, high) = (self.at(-reach)?, self.at(reach)?);
        if !(low <= self.point && self.point <= high) {
            return Err(Undefined::TooFew);
        }
        Ok(Estimate { point: self.point, low, high, level, n: self.items, method: Method::Abc })
    }

    /// The bound with this share of the figure's distribution below it.
    pub fn bound(&self, share: f64) -> Result<f64, Undefined> {
        self.at(quantile::normal(share))
    }

    /// The bound at a normal quantile.
    fn at(&self, normal: f64) -> Result<f64, Undefined> {
        let reach = self.bias + normal;
        let stretch = 1.0 - self.acceleration * reach;
        if stretch > 0.0 { self.value(reach / stretch.powi(2)) } else { Err(Undefined::TooFew) }
    }

    /// The figure this many standard errors away.
    fn value(&self, errors: f64) -> Result<f64, Undefined> {
        let moved: Vec<f64> = self.sums.iter().zip(&self.direction).map(|(sum, step)| sum + errors * step).collect();
        self.statistic.value(&moved, self.categories)
    }

    /// What a pattern does; `sums` is room to work in.
    fn pull(&self, pattern: &Pattern<'_>, sums: &mut Vec<f64>) -> Result<Pull, Undefined> {
        let items = self.items as f64;
        let shift = STEP / items;
        let mut beside = |step: f64| {
            sums.clear();
            sums.extend(self.sums.iter().map(|sum| (1.0 - step / items) * sum));
            self.statistic.each_feature(pattern, self.categories, &mut |index, value| sums[index] += step * value);
            self.statistic.value(sums, self.categories)
        };
        let (above, below) = (beside(STEP)?, beside(-STEP)?);
        Ok(Pull {
            first: (above - below) / (2.0 * shift),
            second: (above - 2.0 * self.point + below) / (shift * shift),
        })
    }
}
