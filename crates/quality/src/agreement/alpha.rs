//! Krippendorff's alpha as a function of sums over items, at four levels of measurement or with distances of one's own.
//!
//! In: a pattern, or the sums over items. Out: what the pattern adds, or alpha. Nominal, ratio and given distances:
//! ratings of each category, after the disagreement within items. Interval: that and the moments of the numbers.
//! Ordinal distances change with the ratings of a sample, so there the upper triangle of the coincidences follows the
//! ratings of each category. Items with one rating add nothing.

use super::super::Undefined;
use super::super::patterns::{Count, Pattern};
use super::super::weights::Weights;
use super::{Coefficient, Level};

/// Where alpha's distances come from.
#[derive(Clone, Copy)]
pub(super) enum Distances<'a> {
    /// A level of measurement, and the numbers of its categories.
    Level(Level, &'a [f64]),
    /// One minus these weights.
    Given(&'a Weights),
}

impl<'a> Distances<'a> {
    /// Those of a coefficient; none unless it is alpha.
    pub(super) fn of(coefficient: &Coefficient<'a>) -> Option<Self> {
        match *coefficient {
            Coefficient::Alpha { level, numbers } => Some(Self::Level(level, numbers)),
            Coefficient::AlphaOf(weights) => Some(Self::Given(weights)),
            _ => None,
        }
    }

    /// δ of two categories, where it does not depend on the ratings.
    pub(super) fn between(self, one: usize, other: usize) -> f64 {
        match self {
            Self::Level(Level::Ratio, numbers) => ratio(numbers, one, other),
            Self::Level(Level::Interval, numbers) => (numbers[one] - numbers[other]).powi(2),
            Self::Level(Level::Nominal | Level::Ordinal, _) => f64::from(u8::from(one != other)),
            Self::Given(weights) => 1.0 - weights.get(one, other),
        }
    }
}

/// A variance below this share of the mean square is rounding.
const NO_VARIANCE: f64 = 1e-12;

/// How many sums there are.
pub(super) fn width(distances: Distances<'_>, categories: usize) -> usize {
    match distances {
        Distances::Level(Level::Nominal | Level::Ratio, _) | Distances::Given(_) => 1 + categories,
        Distances::Level(Level::Interval, _) => 4,
        Distances::Level(Level::Ordinal, _) => categories * (categories + 1) / 2,
    }
}

/// What one item with this pattern adds; nothing where the level's numbers are missing.
pub(super) fn each_feature(
    distances: Distances<'_>,
    pattern: &Pattern<'_>,
    categories: usize,
    add: &mut dyn FnMut(usize, f64),
) {
    if pattern.ratings < 2 || check(distances, categories).is_err() {
        return;
    }
    match distances {
        Distances::Level(Level::Interval, numbers) => {
            let middle = numbers[numbers.len() / 2];
            let moment = |exponent: i32| {
                let term = |count: &Count| {
                    f64::from(count.ratings) * (numbers[count.category as usize] - middle).powi(exponent)
                };
                pattern.counts.iter().map(term).sum::<f64>()
            };
            add(0, within_scores(pattern, |category| numbers[category]));
            (0..3).for_each(|exponent| add(1 + exponent as usize, moment(exponent)));
        }
        Distances::Level(Level::Ordinal, _) => {
            let each_other = (pattern.ratings - 1) as f64;
            for (index, one) in pattern.counts.iter().enumerate() {
                let (ratings, row) = (f64::from(one.ratings), one.category as usize);
                add(row, ratings);
                for other in &pattern.counts[index + 1..] {
                    let place = cell(row, other.category as usize, categories);
                    add(place, ratings * f64::from(other.ratings) / each_other);
                }
            }
        }
        Distances::Level(Level::Nominal | Level::Ratio, _) | Distances::Given(_) => {
            add(0, within(pattern, |one, other| distances.between(one, other)));
            pattern.counts.iter().for_each(|count| add(1 + count.category as usize, f64::from(count.ratings)));
        }
    }
}

/// Alpha from the sums.
pub(super) fn value(distances: Distances<'_>, sums: &[f64], categories: usize) -> Result<f64, Undefined> {
    check(distances, categories)?;
    let disagreement = disagreement(distances, sums, categories);
    if disagreement.ratings < 1.5 {
        return Err(Undefined::NoPairs);
    }
    if disagreement.expected <= 0.0 {
        return Err(Undefined::OneCategory);
    }
    Ok(1.0 - (disagreement.ratings - 1.0) * disagreement.observed / disagreement.expected)
}

/// The parts of alpha.
pub(super) struct Disagreement {
    /// N, the ratings of items with two or more.
    pub(super) ratings: f64,
    /// Σ_ck o_ck δ_ck.
    pub(super) observed: f64,
    /// Σ_ck n_c n_k δ_ck; exactly 0 when all ratings have one value.
    pub(super) expected: f64,
}

/// The parts of alpha from sums that passed `check`.
pub(super) fn disagreement(distances: Distances<'_>, sums: &[f64], categories: usize) -> Disagreement {
    match distances {
        Distances::Level(Level::Interval, _) => {
            let (ratings, sum, squares) = (sums[1], sums[2], sums[3]);
            let variance = ratings * squares - sum * sum;
            let is_rounding = variance <= NO_VARIANCE * ratings * squares;
            let expected = if is_rounding { 0.0 } else { 2.0 * variance };
            Disagreement { ratings, observed: sums[0], expected }
        }
        Distances::Level(Level::Ordinal, _) => ordinal(sums, categories),
        Distances::Level(Level::Nominal, _) => {
            let of_category = &sums[1..];
            let ratings: f64 = of_category.iter().sum();
            let expected = of_category.iter().map(|n| n * (ratings - n)).sum();
            Disagreement { ratings, observed: sums[0], expected }
        }
        Distances::Level(Level::Ratio, _) | Distances::Given(_) => {
            let of_category = &sums[1..];
            let used = || of_category.iter().enumerate().filter(|&(_, &n)| n > 0.0);
            let beyond = |one: usize| {
                used()
                    .skip_while(move |&(other, _)| other <= one)
                    .map(move |(other, n)| n * distances.between(one, other))
            };
            let expected = 2.0 * used().map(|(one, n)| n * beyond(one).sum::<f64>()).sum::<f64>();
            Disagreement { ratings: of_category.iter().sum(), observed: sums[0], expected }
        }
    }
}

/// Ordinal distances are differences of the middles of the categories' ranks, whose mean is N/2.
fn ordinal(sums: &[f64], categories: usize) -> Disagreement {
    let (of_category, mut rows) = sums.split_at(categories);
    let ratings: f64 = of_category.iter().sum();
    let middles = middle_ranks(of_category);
    let (mut observed, mut expected) = (0.0, 0.0);
    for (category, (n, middle)) in of_category.iter().zip(&middles).enumerate() {
        expected += n * (middle - ratings / 2.0) * (middle - ratings / 2.0);
        let (row, later) = rows.split_at(categories - 1 - category);
        rows = later;
        let apart = row.iter().zip(&middles[category + 1..]).map(|(n, other)| n * (other - middle) * (other - middle));
        observed += apart.sum::<f64>();
    }
    Disagreement { ratings, observed: 2.0 * observed, expected: 2.0 * ratings * expected }
}

/// The middle of each category's ranks; exact for whole numbers of ratings.
pub(super) fn middle_ranks(of_category: &[f64]) -> Vec<f64> {
    let mut before = 0.0;
    let middle = |n: &f64| {
        before += n;
        before - n / 2.0
    };
    of_category.iter().map(middle).collect()
}

/// Where the pairs of two categories, the lower first, are among the ordinal sums.
fn cell(row: usize, column: usize, categories: usize) -> usize {
    categories + row * (2 * categories - row - 1) / 2 + column - row - 1
}

/// The disagreement within an item, Σ_ck (ordered pairs of c and k) δ_ck / (r - 1), for any distance.
pub(super) fn within(pattern: &Pattern<'_>, distance: impl Fn(usize, usize) -> f64) -> f64 {
    let mut sum = 0.0;
    for (index, one) in pattern.counts.iter().enumerate() {
        for other in &pattern.counts[index + 1..] {
            let apart = distance(one.category as usize, other.category as usize);
            sum += f64::from(one.ratings) * f64::from(other.ratings) * apart;
        }
    }
    2.0 * sum / (pattern.ratings - 1) as f64
}

/// The same for squared differences of scores, by moments about the first: 2 r Σ r_c (y_c - ȳ)² / (r - 1).
pub(super) fn within_scores(pattern: &Pattern<'_>, score: impl Fn(usize) -> f64) -> f64 {
    let ratings = pattern.ratings as f64;
    let first = pattern.counts.first().map_or(0.0, |count| score(count.category as usize));
    let scored = || pattern.counts.iter().map(|c| (f64::from(c.ratings), score(c.category as usize) - first));
    let mean = scored().map(|(n, score)| n * score).sum::<f64>() / ratings;
    let squares: f64 = scored().map(|(n, score)| n * (score - mean) * (score - mean)).sum();
    2.0 * ratings * squares / (ratings - 1.0)
}

fn ratio(numbers: &[f64], one: usize, other: usize) -> f64 {
    let sum = numbers[one] + numbers[other];
    if sum > 0.0 { ((numbers[one] - numbers[other]) / sum).powi(2) } else { 0.0 }
}

/// Whether the distances are those of these categories.
fn check(distances: Distances<'_>, categories: usize) -> Result<(), Undefined> {
    let (level, numbers) = match distances {
        Distances::Given(weights) => {
            assert_eq!(weights.n_categories(), categories, "each category has weights");
            return Ok(());
        }
        Distances::Level(Level::Nominal | Level::Ordinal, _) => return Ok(()),
        Distances::Level(level, numbers) => (level, numbers),
    };
    if numbers.is_empty() {
        return Err(Undefined::NotNumbers);
    }
    assert_eq!(numbers.len(), categories, "each category has a number");
    if !numbers.iter().all(|number| number.is_finite()) {
        return Err(Undefined::NotNumbers);
    }
    let is_negative = |number: &f64| *number < 0.0;
    if level == Level::Ratio && numbers.iter().any(is_negative) { Err(Undefined::NegativeRatio) } else { Ok(()) }
}
