//! Standard errors by linearisation: what each item brings to a coefficient, to first order.
//!
//! In: a coefficient, its value and the patterns. Out: the standard error over items.
//! Follows Gwet 2008 and 2014 as irrCAC computes them, written with disagreements in place of agreements; for ordinal
//! alpha, adds how the distances move with the ratings. Never used where the coefficient is undefined.

use super::super::Undefined;
use super::super::bootstrap::sums_over_items;
use super::super::patterns::{Pattern, Patterns};
use super::alpha::Distances;
use super::chance::{self, Chance};
use super::{Averaging, Coefficient, Level, alpha};

/// √(Σ_i deviation_i² / (n (n - 1))) over the items that count for the coefficient.
pub(super) fn standard_error(coefficient: &Coefficient<'_>, value: f64, patterns: &Patterns) -> Result<f64, Undefined> {
    let units = coefficient.units(patterns);
    if units < 2 {
        return Err(Undefined::OneItem);
    }
    let squares = match *coefficient {
        Coefficient::Percent(averaging) => percent(averaging, value, patterns),
        Coefficient::Alpha { level: Level::Ordinal, .. } => ordinal(patterns),
        _ => match Distances::of(coefficient) {
            Some(distances) => fixed_distances(coefficient, distances, patterns),
            None => corrected(coefficient, patterns)?,
        },
    };
    Ok((squares / (units as f64 * (units - 1) as f64)).sqrt())
}

/// Σ over items of the squared deviation of each.
fn squares(patterns: &Patterns, least_ratings: u64, deviation: impl Fn(&Pattern<'_>) -> f64) -> f64 {
    let counted = patterns.iter().filter(|pattern| pattern.ratings >= least_ratings);
    counted.map(|pattern| pattern.items as f64 * deviation(&pattern).powi(2)).sum()
}

/// A ratio of means over the items with two ratings or more: (agreeing - value · pairs) / mean number of pairs.
fn percent(averaging: Averaging, value: f64, patterns: &Patterns) -> f64 {
    let coefficient = Coefficient::Percent(averaging);
    let units = patterns.n_pairable() as f64;
    let mean = sums_over_items(&coefficient, patterns)[0] / units;
    squares(patterns, 2, |pattern| {
        let pairs = pattern.ratings as f64 * (pattern.ratings - 1) as f64;
        let weight = if averaging == Averaging::Items { 1.0 } else { pairs };
        weight * (1.0 - chance::disagreeing(&coefficient, pattern) / pairs - value) / mean
    })
}

/// Fleiss, Brennan-Prediger and Gwet: with ρ = D_o / D_e and e_i the item's mean chance disagreement,
/// x_i - x = (n/n') [r_i ≥ 2] (1 - d_i / D_e) - 2 ρ (1 - e_i / D_e)·[chance varies] - (1 - ρ).
fn corrected(coefficient: &Coefficient<'_>, patterns: &Patterns) -> Result<f64, Undefined> {
    let categories = patterns.n_categories();
    let sums = sums_over_items(coefficient, patterns);
    let chance = Chance::of(coefficient, &sums, categories)?;
    let by_chance = chance.disagreement();
    let with: Vec<f64> = (0..categories).map(|category| chance.disagreement_with(category)).collect();
    let relative = sums[1] / sums[0] / by_chance;
    let inflation = patterns.n_items() as f64 / patterns.n_pairable() as f64;
    Ok(squares(patterns, 1, |pattern| {
        let ratings = pattern.ratings as f64;
        let agreement = if pattern.ratings < 2 {
            0.0
        } else {
            let disagreement = chance::disagreeing(coefficient, pattern) / (ratings * (ratings - 1.0));
            inflation * (1.0 - disagreement / by_chance)
        };
        let met =
            pattern.counts.iter().map(|c| f64::from(c.ratings) * with[c.category as usize]).sum::<f64>() / ratings;
        agreement - 2.0 * relative * (by_chance - met) / by_chance - (1.0 - relative)
    }))
}

/// What alpha's deviations are made of; shares are of all pairable ratings.
struct Parts {
    /// Mean ratings of an item.
    mean: f64,
    /// N, all ratings.
    ratings: f64,
    /// D_o, the observed disagreement of a rating.
    observed: f64,
    /// D_e, by chance and without the correction for small N.
    expected: f64,
}

impl Parts {
    fn of(coefficient: &Coefficient<'_>, distances: Distances<'_>, patterns: &Patterns) -> Self {
        let sums = sums_over_items(coefficient, patterns);
        let found = alpha::disagreement(distances, &sums, patterns.n_categories());
        let (ratings, observed) = (found.ratings, found.observed / found.ratings);
        let expected = found.expected / (ratings * ratings);
        Self { mean: ratings / patterns.n_pairable() as f64, ratings, observed, expected }
    }

    /// x_i - x for fixed distances: with r̄ the mean of r_i, ρ = D_o / D_e, `within` = Σ r_ic r_ik δ_ck / (r_i - 1) and
    /// `met` = Σ_ck r_ic π_k δ_ck, it is ρ - within / (r̄ D_e) + ((N-1)/N) ρ (r_i - r̄) / r̄ - 2 ρ (r_i D_e - met) /
    /// (r̄ D_e).
    fn deviation(&self, pattern: &Pattern<'_>, within: f64, met: f64) -> f64 {
        let (ratings, relative) = (pattern.ratings as f64, self.observed / self.expected);
        let small = (self.ratings - 1.0) / self.ratings;
        let scale = self.mean * self.expected;
        relative - within / scale + small * relative * (ratings - self.mean) / self.mean
            - 2.0 * relative * (ratings * self.expected - met) / scale
    }
}

/// Alpha at the levels whose distances do not depend on the ratings.
fn fixed_distances(coefficient: &Coefficient<'_>, distances: Distances<'_>, patterns: &Patterns) -> f64 {
    let parts = Parts::of(coefficient, distances, patterns);
    let shares = pairable_shares(patterns, parts.ratings);
    let used = || shares.iter().enumerate().filter(|&(_, &share)| share > 0.0);
    let distance = |one, other| distances.between(one, other);
    let met_by = |one: usize| used().map(|(other, share)| share * distance(one, other)).sum::<f64>();
    let met: Vec<f64> = shares.iter().enumerate().map(|(one, &n)| if n > 0.0 { met_by(one) } else { 0.0 }).collect();
    squares(patterns, 2, |pattern| {
        let within = match distances {
            Distances::Level(Level::Interval, numbers) => alpha::within_scores(pattern, |category| numbers[category]),
            _ => alpha::within(pattern, distance),
        };
        parts.deviation(pattern, within, over_ratings(pattern, &met))
    })
}

/// Ordinal alpha: what fixed distances would give, and how D_o and D_e move with the distances.
///
/// Distances are squared differences of middle ranks m_c = Σ_{g<c} π_g + π_c / 2. With
/// u_c = Σ_k (o_ck / N) (m_c - m_k) - ρ π_c (m_c - 1/2), a change of π_g brings -4 / D_e · (u_g / 2 + Σ_{c>g} u_c).
fn ordinal(patterns: &Patterns) -> f64 {
    let coefficient = Coefficient::Alpha { level: Level::Ordinal, numbers: &[] };
    let parts = Parts::of(&coefficient, Distances::Level(Level::Ordinal, &[]), patterns);
    // The parts have distances between ranks; here they are between shares of ranks.
    let rank = parts.ratings * parts.ratings;
    let parts = Parts { observed: parts.observed / rank, expected: parts.expected / rank, ..parts };
    let shares = pairable_shares(patterns, parts.ratings);
    let middles = alpha::middle_ranks(&shares);
    let pulls = pulls(patterns, &parts, &shares, &middles);
    let mut after = 0.0;
    let mut moved: Vec<f64> = Vec::with_capacity(pulls.len());
    for pull in pulls.iter().rev() {
        moved.push(-4.0 / parts.expected * (pull / 2.0 + after));
        after += pull;
    }
    moved.reverse();
    let mean_moved: f64 = moved.iter().zip(&shares).map(|(moved, share)| moved * share).sum();
    let middle_squares: f64 = middles.iter().zip(&shares).map(|(middle, share)| middle * middle * share).sum();
    let met: Vec<f64> = middles.iter().map(|middle| middle * middle - middle + middle_squares).collect();
    squares(patterns, 2, |pattern| {
        let within = alpha::within_scores(pattern, |category| middles[category]);
        let with_distances = (over_ratings(pattern, &moved) - pattern.ratings as f64 * mean_moved) / parts.mean;
        parts.deviation(pattern, within, over_ratings(pattern, &met)) + with_distances
    })
}

/// u_c of each category.
fn pulls(patterns: &Patterns, parts: &Parts, shares: &[f64], middles: &[f64]) -> Vec<f64> {
    let relative = parts.observed / parts.expected;
    let by_chance = |(share, middle): (&f64, &f64)| -relative * share * (middle - 0.5);
    let mut pulls: Vec<f64> = shares.iter().zip(middles).map(by_chance).collect();
    for pattern in patterns.iter().filter(|pattern| pattern.ratings >= 2) {
        let mean = over_ratings(&pattern, middles) / pattern.ratings as f64;
        let weight = pattern.items as f64 * pattern.ratings as f64 / ((pattern.ratings - 1) as f64 * parts.ratings);
        for count in pattern.counts {
            let category = count.category as usize;
            pulls[category] += weight * f64::from(count.ratings) * (middles[category] - mean);
        }
    }
    pulls
}

/// Shares of the categories among the ratings of items with two or more.
fn pairable_shares(patterns: &Patterns, ratings: f64) -> Vec<f64> {
    let mut shares = vec![0.0; patterns.n_categories()];
    for pattern in patterns.iter().filter(|pattern| pattern.ratings >= 2) {
        for count in pattern.counts {
            shares[count.category as usize] += pattern.items as f64 * f64::from(count.ratings) / ratings;
        }
    }
    shares
}

/// Σ_k r_ik of what each category brings.
fn over_ratings(pattern: &Pattern<'_>, by_category: &[f64]) -> f64 {
    pattern.counts.iter().map(|count| f64::from(count.ratings) * by_category[count.category as usize]).sum()
}
