//! Cohen's kappa of two sides: agreement beyond what their own margins would give by chance.
//!
//! In: a confusion table and agreement weights; for many raters, a table of ratings. Out: kappa, its standard error
//! and its interval, and the mean over pairs of raters.
//! Agreement is computed as disagreement (1 - weight), so that all alike is exactly 1 and one category is exactly
//! undefined. Never says whether a kappa is good.

#[cfg(test)]
mod tests;

use super::confusion::Confusion;
use super::pairs::pairs;
use super::table::Table;
use super::weights::Weights;
use super::{Estimate, Method, Undefined, assert_level, quantile};

/// Below this a variance of weights, which lie between 0 and 1, is rounding.
const NO_VARIANCE: f64 = 1e-20;

/// Cohen's kappa: (p_o - p_e) / (1 - p_e), with p_o = Σ w_kl p_kl and p_e = Σ w_kl p_k· p_·l.
///
/// p_kl is the share of pairs with category k from one side and l from the other. Unweighted with
/// `Weighting::Identity`. 1 when all pairs agree, 0 when they agree as often as chance would, and below 0 when less.
/// When one side always uses one category, kappa is exactly 0, however often the two agree; `standard_error` then
/// says `Constant`.
///
/// Undefined: `NoOverlap` without a pair, `OneDeclared` on a scale of one category, `OneCategory` when chance alone
/// agrees always. Sources: Cohen 1960; weighted, Cohen 1968.
///
/// Panics when the weights are of another scale.
pub fn kappa(confusion: &Confusion, weights: &Weights) -> Result<f64, Undefined> {
    Ok(WeightedDisagreement::of(confusion, weights)?.kappa())
}

/// The large-sample standard error of kappa, for an interval (not for a test of kappa = 0).
///
/// √[(Σ p_kl (w_kl - (w̄_k· + w̄_·l)(1 - κ))² - (κ - p_e(1 - κ))²) / (n (1 - p_e)²)], with w̄_k· = Σ_l p_·l w_kl and
/// w̄_·l = Σ_k p_k· w_kl. Assumes n pairs from independent items. It is 0 when all pairs agree, which says that the
/// formula has nothing to go by and not that kappa is certain: see `estimate`.
///
/// Undefined where kappa is, and `Constant` when a side always uses one category: kappa is then 0 whatever happens.
/// Source: Fleiss, Cohen and Everitt 1969. Panics when the weights are of another scale.
pub fn standard_error(confusion: &Confusion, weights: &Weights) -> Result<f64, Undefined> {
    WeightedDisagreement::of(confusion, weights)?.standard_error()
}

/// Kappa with its interval: κ ± z · standard error, cut at -1 and 1; `n` counts the pairs, one from each item.
///
/// Pairs that show no spread (all agree, or all disagree alike) have a standard error of 0. The interval then allows
/// for other kinds of pairs that n of them may not have shown, up to 1 - (α/2)^(1/n) of all (Clopper and Pearson
/// 1934), with `Method::ClopperPearson`. With few pairs the normal interval is rough: below about 30 of them, or with
/// a rare category, prefer a bootstrap over items.
///
/// Undefined as `standard_error`. Panics when `level` is not between 0.5 and 1 or the weights are of another scale.
pub fn estimate(confusion: &Confusion, weights: &Weights, level: f64) -> Result<Estimate, Undefined> {
    assert_level(level);
    let disagreement = WeightedDisagreement::of(confusion, weights)?;
    let (point, error, n) = (disagreement.kappa(), disagreement.standard_error()?, confusion.total());
    let (bounds, method) = if error == 0.0 {
        (unseen_bounds(disagreement.observed, disagreement.expected, n, level), Method::ClopperPearson)
    } else {
        let half = quantile::normal(f64::midpoint(1.0, level)) * error;
        ((point - half, point + half), Method::LargeSample)
    };
    let (low, high) = cut(bounds, point);
    Ok(Estimate { point, low, high, level, n, method })
}

/// Bounds within -1 and 1. No weights with a name can lead below -1; those of one's own can, and then stay.
pub(super) fn cut((low, high): (f64, f64), point: f64) -> (f64, f64) {
    let least = if point < -1.0 { f64::NEG_INFINITY } else { -1.0 };
    (low.max(least), high.min(1.0))
}

/// Bounds for a chance-corrected agreement 1 - `observed` / `expected` whose `n` items show no spread.
///
/// As all items were alike, others make up at most q = 1 - (α/2)^(1/n) of all (Clopper and Pearson 1934), and each
/// of them disagrees by 0 to 1. So the disagreement lies between (1-q) `observed` and that plus q; the expected
/// disagreement is taken as found.
pub(super) fn unseen_bounds(observed: f64, expected: f64, n: u64, level: f64) -> (f64, f64) {
    let unseen = 1.0 - f64::midpoint(1.0, -level).powf(1.0 / n as f64);
    let least = (1.0 - unseen) * observed;
    (1.0 - (least + unseen) / expected, 1.0 - least / expected)
}

/// The mean of Cohen's kappa over pairs of raters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Light {
    /// The mean over the pairs used, each counted alike.
    pub kappa: f64,
    /// Pairs with an item in common and a kappa.
    pub pairs_used: u64,
    /// Pairs with an item in common whose kappa is undefined, as both always used the same category; left out.
    pub pairs_undefined: u64,
}

/// Light's kappa: the mean of Cohen's kappa over all pairs of raters who rated an item in common.
///
/// Every pair counts alike, however few items it shares, so pairs with few items make it noisy; Conger's kappa
/// weighs by items. Undefined: `NoData` without ratings, `OneRater`, `NoOverlap` when no two raters share an item,
/// `OneDeclared` and `OneCategory` when no pair has a kappa. Source: Light 1971.
///
/// Panics when the weights are of another scale.
pub fn light(table: &Table, weights: &Weights) -> Result<Light, Undefined> {
    let (mut sum, mut pairs_used, mut pairs_undefined) = (0.0, 0_u64, 0);
    let mut reason = why_no_pair(table);
    for pair in pairs(table) {
        match kappa(&pair.confusion, weights) {
            Ok(kappa) => (sum, pairs_used) = (sum + kappa, pairs_used + 1),
            Err(undefined) => (reason, pairs_undefined) = (undefined, pairs_undefined + 1),
        }
    }
    if pairs_used == 0 {
        return Err(reason);
    }
    Ok(Light { kappa: sum / pairs_used as f64, pairs_used, pairs_undefined })
}

/// The reason to give when a table has no pair of raters.
fn why_no_pair(table: &Table) -> Undefined {
    match table.ratings() {
        [] => Undefined::NoData,
        [first, rest @ ..] if rest.iter().all(|rating| rating.rater == first.rater) => Undefined::OneRater,
        _ => Undefined::NoOverlap,
    }
}

/// Observed and expected disagreement of two sides; some is expected.
struct WeightedDisagreement<'a> {
    confusion: &'a Confusion,
    weights: &'a Weights,
    rows: Vec<u64>,
    columns: Vec<u64>,
    total: f64,
    observed: f64,
    expected: f64,
}

impl<'a> WeightedDisagreement<'a> {
    fn of(confusion: &'a Confusion, weights: &'a Weights) -> Result<Self, Undefined> {
        let categories = confusion.n_categories();
        assert_eq!(categories, weights.n_categories(), "the weights are of the same scale");
        let (rows, columns, total) = (confusion.row_sums(), confusion.column_sums(), confusion.total() as f64);
        match categories {
            _ if total == 0.0 => return Err(Undefined::NoOverlap),
            1 => return Err(Undefined::OneDeclared),
            _ => {}
        }
        let apart = |row, column| 1.0 - weights.get(row, column);
        let observed = confusion.cells().map(|(row, column, count)| apart(row, column) * count as f64).sum::<f64>();
        let by_chance = |(row, &count): (usize, &u64)| count as f64 * sum_apart(weights, &columns, row) / total;
        let expected = rows.iter().enumerate().map(by_chance).sum::<f64>() / total;
        if expected <= 0.0 {
            return Err(Undefined::OneCategory);
        }
        Ok(Self { confusion, weights, rows, columns, total, observed: observed / total, expected })
    }

    /// Whether one side always used one category.
    fn is_constant(&self) -> bool {
        let used = |margin: &[u64]| margin.iter().filter(|&&count| count > 0).count();
        used(&self.rows) == 1 || used(&self.columns) == 1
    }

    fn kappa(&self) -> f64 {
        if self.is_constant() { 0.0 } else { 1.0 - self.observed / self.expected }
    }

    /// The formula's numerator is the variance of w_kl - (w̄_k· + w̄_·l)(1 - κ) over the pairs, and is computed so.
    fn standard_error(&self) -> Result<f64, Undefined> {
        if self.is_constant() {
            return Err(Undefined::Constant);
        }
        let short = self.observed / self.expected;
        let means = |margin: &[u64]| -> Vec<f64> {
            let categories = 0..self.weights.n_categories();
            categories.map(|category| sum_apart(self.weights, margin, category) / self.total).collect()
        };
        let (of_rows, of_columns) = (means(&self.columns), means(&self.rows));
        let term = |row: usize, column: usize| {
            (of_rows[row] + of_columns[column]) * short - (1.0 - self.weights.get(row, column))
        };
        let mean = |value: &dyn Fn(usize, usize) -> f64| {
            self.confusion.cells().map(|(row, column, count)| value(row, column) * count as f64).sum::<f64>()
                / self.total
        };
        let middle = mean(&term);
        let variance = mean(&|row, column| (term(row, column) - middle).powi(2));
        Ok(if variance <= NO_VARIANCE { 0.0 } else { (variance / self.total).sqrt() / self.expected })
    }
}

/// How far a category lies from those of a margin: the sum of 1 - weight over the margin's counts.
fn sum_apart(weights: &Weights, margin: &[u64], category: usize) -> f64 {
    margin.iter().zip(weights.row(category)).map(|(&count, weight)| (1.0 - weight) * count as f64).sum()
}
