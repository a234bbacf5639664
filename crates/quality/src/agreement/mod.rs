//! Agreement among raters, corrected for chance or not, where it does not matter who rated.
//!
//! In: the patterns in which items were rated, and for some figures agreement weights or the categories' numbers.
//! Out: coefficients, their standard errors and intervals over items.
//! Each coefficient is defined once, as a function of sums over items, which also serves the bootstrap.
//! Never sees raters: pairs of raters have their own kappa elsewhere.

mod alpha;
mod chance;
mod linearise;
#[cfg(test)]
mod properties;
mod rule;
#[cfg(test)]
mod simulation;
#[cfg(test)]
mod tests;

pub use rule::IntervalRule;

use super::bootstrap::{Additive, sums_over_items};
use super::patterns::{Pattern, Patterns};
use super::weights::Weights;
use super::{Estimate, Method, Undefined, assert_level, quantile};
use alpha::Distances;

/// Standard errors up to this are rounding.
const NO_ERROR: f64 = 1e-12;

/// What may be said of the categories' distances: the level of measurement of Krippendorff's alpha.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// The same or not.
    Nominal,
    /// Their order, as declared; distances count the ratings in between.
    Ordinal,
    /// Differences of their numbers.
    Interval,
    /// Differences of their numbers, relative to the numbers; zero is a true zero.
    Ratio,
}

impl Level {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Nominal, Self::Ordinal, Self::Interval, Self::Ratio];

    /// The name in figures.
    pub fn name(self) -> &'static str {
        match self {
            Self::Nominal => "nominal",
            Self::Ordinal => "ordinal",
            Self::Interval => "interval",
            Self::Ratio => "ratio",
        }
    }
}

/// What counts the same in a percent agreement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Averaging {
    /// Each item with two or more ratings.
    Items,
    /// Each pair of ratings of one item, so that items with more ratings weigh more.
    Pairs,
}

impl Averaging {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Items, Self::Pairs];

    /// The name in figures.
    pub fn name(self) -> &'static str {
        match self {
            Self::Items => "item",
            Self::Pairs => "pair",
        }
    }
}

/// A coefficient of agreement that needs no rater identities.
///
/// Item i has r_ik ratings of category k and r_i in all; n items have a rating, n' have two or more; q categories are
/// declared; w_kl is the weight of two categories, and d_i = Σ_kl r_ik r_il (1 - w_kl) / (r_i (r_i - 1)) the item's
/// disagreement. The observed disagreement D_o is the mean of d_i over the n' items, and category shares π_k are means
/// of r_ik / r_i over all n items (Gwet's way with missing ratings). All but alpha and pairs are 1 - D_o / D_e.
///
/// Every coefficient is exactly 1 when no item has two different values, and below 1 otherwise (if different values
/// have a distance). Without ratings it is undefined as `NoData`, without an item that has two as `NoPairs`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Coefficient<'a> {
    /// The share of agreeing pairs of ratings, without correction for chance: D_e = 1, identity weights.
    Percent(Averaging),
    /// Krippendorff's alpha, 1 - (N - 1) Σ_ck o_ck δ_ck / Σ_ck n_c n_k δ_ck.
    ///
    /// Over the items with two or more ratings, o_ck = Σ_i (ordered pairs of c and k in i) / (r_i - 1), n_c = Σ_k o_ck,
    /// N = Σ_c n_c. Distances δ: nominal 1 if c ≠ k; ordinal (n_c/2 + Σ of n between + n_k/2)²; interval (x_c - x_k)²;
    /// ratio ((x_c - x_k) / (x_c + x_k))², and 0 if both are 0. `OneCategory` when all pairable ratings have one
    /// value. For two raters who always differ it is above -1: N is finite.
    ///
    /// Interval alpha is found from moments about the number in the middle of the list, so it costs the same for
    /// hundreds of numbers. Numbers that differ by less than a millionth of their distance from that one count as one.
    ///
    /// Sources: Krippendorff 2004, 2011; Hayes and Krippendorff 2007.
    Alpha {
        /// The level of measurement.
        level: Level,
        /// The number of each declared category, for the interval and ratio levels; empty where they are no numbers
        /// (`NotNumbers`). Any negative one makes the ratio level undefined (`NegativeRatio`).
        numbers: &'a [f64],
    },
    /// Krippendorff's alpha with distances of one's own: δ = 1 - w, up to a factor that cancels out. For sets of labels,
    /// w is what MASI leaves (`sets::masi`).
    AlphaOf(&'a Weights),
    /// Fleiss' generalised kappa: D_e = Σ_kl π_k π_l (1 - w_kl). With two raters it is Scott's pi, not Cohen's kappa.
    ///
    /// `OneCategory` when all ratings have one value. Sources: Scott 1955; Fleiss 1971; Gwet 2014.
    Fleiss(&'a Weights),
    /// The coefficient of Brennan and Prediger: D_e = 1 - T_w / q², where T_w is the sum of all weights.
    ///
    /// Defined on ratings of one value, but `OneDeclared` when q = 1. With q = 2 it is PABAK.
    /// Sources: Bennett, Alpert and Goldstein 1954; Brennan and Prediger 1981.
    BrennanPrediger(&'a Weights),
    /// Gwet's AC1 (identity weights) or AC2: D_e = 1 - T_w / (q (q - 1)) · Σ_k π_k (1 - π_k).
    ///
    /// Defined on ratings of one value, but `OneDeclared` when q = 1. It grows with q: always name q beside it.
    /// Sources: Gwet 2008, 2014.
    Gwet(&'a Weights),
}

impl Coefficient<'_> {
    /// The coefficient for these items.
    ///
    /// Panics when weights or numbers are for another number of categories than the patterns.
    pub fn of(&self, patterns: &Patterns) -> Result<f64, Undefined> {
        if patterns.is_empty() {
            return Err(Undefined::NoData);
        }
        self.value(&sums_over_items(self, patterns), patterns.n_categories())
    }

    /// The standard error over items by linearisation, raters fixed; `OneItem` when there is only one.
    ///
    /// √(Σ_i (x_i - x)² / (n (n - 1))), where x_i is what item i brings to first order (Gwet 2008, 2014; irrCAC).
    /// n counts items with a rating for Fleiss, Brennan-Prediger and Gwet, and items with two or more for alpha and
    /// percent agreement. May be 0, or nearly so, where all items are alike.
    ///
    /// With many items of a single rating, the figures of Fleiss, Brennan-Prediger and Gwet are too large: the source
    /// takes n / n' for fixed, so that these items count as spread even where all pairs agree. The bootstrap does not.
    ///
    /// For alpha at levels other than nominal the distances stand for one minus the weights. Ordinal distances come
    /// from the ratings themselves; their change with each item is part of x_i here, while packages that take such
    /// distances for fixed weights miss it. It agrees with the jackknife.
    pub fn standard_error(&self, patterns: &Patterns) -> Result<f64, Undefined> {
        self.of(patterns).and_then(|value| linearise::standard_error(self, value, patterns))
    }

    /// The coefficient with the interval value ± t_(n-1) · standard error, cut at 1 and, unless the point lies
    /// below it, at -1; percent agreement at 0.
    ///
    /// n is that of the standard error. `OneItem` with one item that has two ratings. A standard error of 0 is a lack
    /// of information (all items are alike) and not certainty: where they all agree, `flawless_estimate` gives the
    /// bounds, otherwise there are none (`NoSpread`). With few items the interval is too short, and near 1 it is
    /// lopsided: see `IntervalRule`.
    ///
    /// Panics when `level` is not between 0.5 and 1.
    pub fn estimate(&self, patterns: &Patterns, level: f64) -> Result<Estimate, Undefined> {
        assert_level(level);
        let point = self.of(patterns)?;
        if patterns.n_pairable() < 2 {
            return Err(Undefined::OneItem);
        }
        let error = linearise::standard_error(self, point, patterns)?;
        let n = self.units(patterns);
        if error <= NO_ERROR {
            return flawless_estimate(point, patterns.n_pairable(), level).ok_or(Undefined::NoSpread);
        }
        let half = quantile::student((n - 1) as f64, f64::midpoint(1.0, level)) * error;
        let (low, high) = self.within_range(point, (point - half, point + half));
        Ok(Estimate { point, low, high, level, n, method: Method::Linearised })
    }

    /// Bounds cut at 1 and, unless the point lies below it, at -1; those of percent agreement at 0.
    fn within_range(&self, point: f64, (low, high): (f64, f64)) -> (f64, f64) {
        let least = if matches!(self, Self::Percent(_)) { 0.0 } else { (-1.0_f64).min(point) };
        (low.max(least), high.min(1.0))
    }

    /// The items that the standard error is over.
    fn units(&self, patterns: &Patterns) -> u64 {
        match self {
            Self::Percent(_) | Self::Alpha { .. } | Self::AlphaOf(_) => patterns.n_pairable(),
            Self::Fleiss(_) | Self::BrennanPrediger(_) | Self::Gwet(_) => patterns.n_items(),
        }
    }
}

/// Bounds of a coefficient that is 1 on every one of `items` items; none where it is not 1.
///
/// Items unlike these make up at most q = 1 - (α/2)^(1/n) of all (Clopper and Pearson 1934, for n right of n). If those
/// agree no more than chance would have them, the coefficient is 1 - q. So flawless agreement on 59 items shows, one-sided
/// at 95 %, a coefficient of at least .95.
pub fn flawless_estimate(point: f64, items: u64, level: f64) -> Option<Estimate> {
    let low = f64::midpoint(1.0, -level).powf(1.0 / items as f64);
    let is_flawless = (point - 1.0).abs() < 1e-9 && items > 1;
    is_flawless.then_some(Estimate { point, low, high: 1.0, level, n: items, method: Method::ClopperPearson })
}

impl Additive for Coefficient<'_> {
    fn width(&self, categories: usize) -> usize {
        match Distances::of(self) {
            Some(distances) => alpha::width(distances, categories),
            None => chance::width(self, categories),
        }
    }

    fn features(&self, pattern: &Pattern<'_>, categories: usize, into: &mut [f64]) {
        self.each_feature(pattern, categories, &mut |index, value| into[index] += value);
    }

    fn value(&self, sums: &[f64], categories: usize) -> Result<f64, Undefined> {
        match Distances::of(self) {
            Some(distances) => alpha::value(distances, sums, categories),
            None => chance::value(self, sums, categories),
        }
    }

    fn each_feature(&self, pattern: &Pattern<'_>, categories: usize, add: &mut dyn FnMut(usize, f64)) {
        match Distances::of(self) {
            Some(distances) => alpha::each_feature(distances, pattern, categories, add),
            None => chance::each_feature(self, pattern, add),
        }
    }
}
