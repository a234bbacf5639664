//! Votes: the category that most raters gave, and the same with weighted raters.
//!
//! In: a table of coded ratings, and a weight for each rater. Out: the categories tied for most votes, by item.
//! Ties are returned whole. Never drops a rater and never looks at gold.

use super::super::table::{Coded, Table};
use super::tied_for_most;

/// All categories tied for most votes, by item, in order; empty for items that nobody rated.
///
/// Repeated ratings of one rater are as many votes.
pub fn majority(table: &Table) -> Vec<Vec<u32>> {
    let mut votes = vec![0_u64; table.n_categories()];
    let mut tied = |ratings: &[Coded]| {
        votes.fill(0);
        ratings.iter().for_each(|rating| votes[rating.category as usize] += 1);
        let most = votes.iter().copied().max().unwrap_or(0).max(1);
        (0..votes.len() as u32).filter(|&category| votes[category as usize] == most).collect()
    };
    table.by_item().map(&mut tied).collect()
}

/// All categories tied for most weight, by item, in order, when each rating counts as much as its rater's weight.
///
/// Ties are to 10⁻⁹ of the item's whole weight. Empty for items that nobody rated, or nobody with a weight above
/// zero. With `agreement_with_majority` as weights, this is crowd-kit's Wawa.
///
/// Panics unless there is one weight a rater, each from 0 to 10¹⁰⁰.
pub fn weighted_majority(table: &Table, weights: &[f64]) -> Vec<Vec<u32>> {
    let shares = shares(table, Some(weights));
    let tied = |row: &[f64]| if row.iter().any(|&share| share > 0.0) { tied_for_most(row) } else { Vec::new() };
    (0..table.n_items()).map(|item| tied(&shares[item * table.n_categories()..][..table.n_categories()])).collect()
}

/// The share of each rater's ratings that vote with the majority, their own vote included; 0 without ratings.
///
/// Where k categories tie, a vote for one of them counts 1/k. (crowd-kit's Wawa breaks such ties at random or by
/// order, so it differs there.) Raters who share an error look better than they are.
pub fn agreement_with_majority(table: &Table) -> Vec<f64> {
    let (mut agreed, mut given) = (vec![0.0; table.n_raters()], vec![0_u64; table.n_raters()]);
    for (ratings, tied) in table.by_item().zip(majority(table)) {
        for rating in ratings {
            given[rating.rater as usize] += 1;
            if tied.contains(&rating.category) {
                agreed[rating.rater as usize] += 1.0 / tied.len() as f64;
            }
        }
    }
    agreed.iter().zip(given).map(|(sum, n)| sum / n.max(1) as f64).collect()
}

/// The share of each category in an item's votes, items × categories; all zero without votes.
pub(super) fn shares(table: &Table, weights: Option<&[f64]>) -> Vec<f64> {
    if let Some(weights) = weights {
        assert!(weights.len() == table.n_raters(), "there is one weight a rater");
        assert!(weights.iter().all(|weight| (0.0..=1e100).contains(weight)), "weights are 0 or more, up to 1e100");
    }
    let mut shares = vec![0.0; table.n_items() * table.n_categories()];
    for rating in table.ratings() {
        let cell = rating.item as usize * table.n_categories() + rating.category as usize;
        shares[cell] += weights.map_or(1.0, |weights| weights[rating.rater as usize]);
    }
    for row in shares.chunks_exact_mut(table.n_categories().max(1)) {
        let total: f64 = row.iter().sum();
        if total > 0.0 {
            row.iter_mut().for_each(|share| *share /= total);
        }
    }
    shares
}
