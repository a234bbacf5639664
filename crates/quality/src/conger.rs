//! Conger's kappa: Cohen's kappa for any number of raters, who may have rated different items.
//!
//! In: a table of ratings and agreement weights. Out: the coefficient, and its interval over items.
//! Chance agreement comes from each rater's own habits, so raters who differ in them are not called less in
//! agreement than their pairs are; Fleiss' kappa pools the habits instead. Never says whether a kappa is good.

use super::cohen::{cut, unseen_bounds};
use super::table::{Coded, Table};
use super::weights::Weights;
use super::{Estimate, Method, Undefined, assert_level, quantile};

/// Below this a standard error is rounding.
const NO_ERROR: f64 = 1e-10;

/// Conger's kappa: (p_a - p_e) / (1 - p_e).
///
/// p_a is the weighted share of agreeing pairs of ratings, averaged over the items with at least two. p_e is the
/// mean of Σ w_kl p_gk p_hl over all ordered pairs of raters g and h, with p_gk the share of category k among the
/// ratings of g, on any item. Two raters with complete data: Cohen's kappa. Raters without a rating and items
/// without a rating do not count.
///
/// Undefined: `NoData`; `OneRater`; `NoPairs` when no item has two ratings; `Repeated` when a rater rated an item
/// more than once, since agreeing with oneself is not agreement; `OneDeclared` on a scale of one category;
/// `OneCategory` when chance alone agrees always. Sources: Conger 1980; with missing ratings, Gwet 2014, ch. 2.
///
/// Panics when the weights are of another scale.
pub fn kappa(table: &Table, weights: &Weights) -> Result<f64, Undefined> {
    Ok(Conger::of(table, weights)?.kappa())
}

/// Conger's kappa with its interval: κ ± t(n - 1) · standard error over n items, cut at -1 and 1.
///
/// The standard error is Gwet's linearisation; raters are taken as they are, items as a sample of many. Items that
/// show no spread (all agree) have an error of 0; the interval then allows for what n items may not have shown, as
/// `cohen::estimate` does, with `Method::ClopperPearson`.
///
/// Undefined as `kappa`, and `OneItem`. Source: Gwet 2014; as in his irrCAC.
///
/// Panics when `level` is not between 0.5 and 1 or the weights are of another scale.
pub fn estimate(table: &Table, weights: &Weights, level: f64) -> Result<Estimate, Undefined> {
    assert_level(level);
    let conger = Conger::of(table, weights)?;
    let (point, n) = (conger.kappa(), conger.items as u64);
    if n == 1 {
        return Err(Undefined::OneItem);
    }
    let error = conger.standard_error();
    let (bounds, method) = if error <= NO_ERROR {
        (unseen_bounds(conger.observed, conger.expected, conger.pairable as u64, level), Method::ClopperPearson)
    } else {
        let half = quantile::student((n - 1) as f64, f64::midpoint(1.0, level)) * error;
        ((point - half, point + half), Method::Linearised)
    };
    let (low, high) = cut(bounds, point);
    Ok(Estimate { point, low, high, level, n, method })
}

/// Observed and expected disagreement, and what each rating adds to the expected.
struct Conger<'a> {
    table: &'a Table,
    weights: &'a Weights,
    habits: Habits,
    /// Items with a rating, as a number for the formulas.
    items: f64,
    /// Items with at least two ratings.
    pairable: f64,
    observed: f64,
    expected: f64,
}

impl<'a> Conger<'a> {
    fn of(table: &'a Table, weights: &'a Weights) -> Result<Self, Undefined> {
        assert_eq!(table.n_categories(), weights.n_categories(), "the weights are of the same scale");
        let repeats = |pair: &[Coded]| (pair[0].item, pair[0].rater) == (pair[1].item, pair[1].rater);
        let habits = Habits::of(table, weights);
        let items = table.by_item().filter(|ratings| !ratings.is_empty()).count() as f64;
        let pairable = table.by_item().filter(|ratings| ratings.len() >= 2).count() as f64;
        let reason = match habits.raters {
            0.0 => Some(Undefined::NoData),
            1.0 => Some(Undefined::OneRater),
            _ if table.ratings().windows(2).any(repeats) => Some(Undefined::Repeated),
            _ if pairable == 0.0 => Some(Undefined::NoPairs),
            _ if table.n_categories() == 1 => Some(Undefined::OneDeclared),
            _ => None,
        };
        if let Some(reason) = reason {
            return Err(reason);
        }
        let expected = habits.expected();
        if expected <= 0.0 {
            return Err(Undefined::OneCategory);
        }
        let mut counts = vec![0; table.n_categories()];
        let apart = table.by_item().map(|ratings| disagreement(ratings, weights, &mut counts)).sum::<f64>();
        Ok(Self { table, weights, habits, items, pairable, observed: apart / pairable, expected })
    }

    fn kappa(&self) -> f64 {
        1.0 - self.observed / self.expected
    }

    /// The spread over items of what each adds to kappa, with the expected disagreement linearised.
    fn standard_error(&self) -> f64 {
        let (kappa, n) = (self.kappa(), self.items);
        let mut counts = vec![0; self.table.n_categories()];
        let mut squares = 0.0;
        for ratings in self.table.by_item().filter(|ratings| !ratings.is_empty()) {
            let pairable = if ratings.len() >= 2 { self.expected } else { 0.0 };
            let seen = n / self.pairable * (pairable - disagreement(ratings, self.weights, &mut counts));
            let by_chance = self.habits.expected_beyond_mean(ratings, n);
            let part = (seen + 2.0 * (1.0 - kappa) * by_chance) / self.expected;
            squares += (part - kappa).powi(2);
        }
        (squares / (n * (n - 1.0))).sqrt()
    }
}

/// How each rater uses the categories.
struct Habits {
    categories: usize,
    /// Raters with a rating.
    raters: f64,
    /// Ratings of each rater.
    ratings: Vec<f64>,
    /// For each rater and category: how far it lies from what one of each other rater would say, summed.
    apart: Vec<f64>,
    /// For each rater: the mean of `apart` over the ratings given.
    mean_apart: Vec<f64>,
}

impl Habits {
    fn of(table: &Table, weights: &Weights) -> Self {
        let categories = table.n_categories();
        let mut shares = vec![0.0; table.n_raters() * categories];
        for rating in table.ratings() {
            shares[rating.rater as usize * categories + rating.category as usize] += 1.0;
        }
        let mut all = vec![0.0; categories];
        let mut ratings = Vec::with_capacity(table.n_raters());
        for own in shares.chunks_exact_mut(categories.max(1)) {
            let given: f64 = own.iter().sum();
            own.iter_mut().for_each(|share| *share /= given.max(1.0));
            all.iter_mut().zip(&*own).for_each(|(sum, share)| *sum += share);
            ratings.push(given);
        }
        let (mut apart, mut mean_apart) = (Vec::with_capacity(shares.len()), Vec::with_capacity(ratings.len()));
        for own in shares.chunks_exact(categories.max(1)) {
            let others: Vec<f64> = all.iter().zip(own).map(|(all, own)| (all - own).max(0.0)).collect();
            let start = apart.len();
            apart.extend((0..categories).map(|category| sum_apart(weights.row(category), &others)));
            mean_apart.push(apart[start..].iter().zip(own).map(|(apart, share)| apart * share).sum());
        }
        let raters = ratings.iter().filter(|&&given| given > 0.0).count() as f64;
        Self { categories, raters, ratings, apart, mean_apart }
    }

    /// The expected disagreement of two ratings by different raters.
    fn expected(&self) -> f64 {
        self.mean_apart.iter().sum::<f64>() / (self.raters * (self.raters - 1.0))
    }

    /// What the ratings of one of `items` items add to the expected disagreement, beyond its mean.
    fn expected_beyond_mean(&self, ratings: &[Coded], items: f64) -> f64 {
        let beyond = |rating: &Coded| {
            let rater = rating.rater as usize;
            let apart = self.apart[rater * self.categories + rating.category as usize];
            (apart - self.mean_apart[rater]) * items / self.ratings[rater]
        };
        ratings.iter().map(beyond).sum::<f64>() / (self.raters * (self.raters - 1.0))
    }
}

/// How far a category lies from those of a distribution.
fn sum_apart(row: &[f64], shares: &[f64]) -> f64 {
    row.iter().zip(shares).map(|(weight, share)| (1.0 - weight) * share).sum()
}

/// The mean disagreement of an item's pairs of ratings, 0 with fewer than two; `counts` are zeros, before and after.
fn disagreement(ratings: &[Coded], weights: &Weights, counts: &mut [u32]) -> f64 {
    if ratings.len() < 2 {
        return 0.0;
    }
    ratings.iter().for_each(|rating| counts[rating.category as usize] += 1);
    let apart = |(category, &count): (usize, &u32)| {
        let row = weights.row(category).iter().zip(&*counts);
        f64::from(count) * row.map(|(weight, &other)| (1.0 - weight) * f64::from(other)).sum::<f64>()
    };
    let sum = counts.iter().enumerate().filter(|&(_, &count)| count > 0).map(apart).sum::<f64>();
    ratings.iter().for_each(|rating| counts[rating.category as usize] = 0);
    let m = ratings.len() as f64;
    sum / (m * (m - 1.0))
}

#[cfg(test)]
mod tests;
