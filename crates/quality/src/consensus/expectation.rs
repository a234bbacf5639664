//! Labels from raters: the posterior of every item.
//!
//! In: the ratings of each item, the prior and the chances of the raters' answers. Out: posteriors, their sums, the
//! largest change and the log-likelihood.
//! Sums are taken by chunks of items of a fixed size and then chunk by chunk, so that threads do not show in a bit.
//! Never changes the posterior of an item whose gold is known, nor of one that nobody rated.

use super::super::table::{Coded, Table};
use super::rows::{add, at_width};
use super::{Consensus, Fitting};
use rayon::prelude::*;

/// Items whose sums are taken together.
const CHUNK: usize = 1024;
/// With a product above this nothing is lost: what vanished beside it was less than 10⁻¹⁰⁰ of the item's probability.
const SAFE_PRODUCT: f64 = 1e-200;

/// What a pass over the items brings beside the posteriors.
pub(super) struct ExpectationStep {
    /// Sums of the posteriors over all rated items, by category.
    sums: Vec<f64>,
    /// The largest change of a posterior.
    pub change: f64,
    /// Of the ratings and the known gold.
    pub log_likelihood: f64,
}

impl ExpectationStep {
    fn none(categories: usize) -> Self {
        Self { sums: vec![0.0; categories], change: 0.0, log_likelihood: 0.0 }
    }

    /// The step before the first.
    pub fn of(posterior: &[f64], categories: usize) -> Self {
        let mut step = Self::none(categories);
        posterior.chunks_exact(categories).for_each(|row| add(&mut step.sums, row));
        step
    }

    fn plus(mut self, other: &Self) -> Self {
        add(&mut self.sums, &other.sums);
        self.change = self.change.max(other.change);
        self.log_likelihood += other.log_likelihood;
        self
    }

    /// The share of each category: the mean posterior of the rated items.
    pub fn prior(&self) -> Vec<f64> {
        let items: f64 = self.sums.iter().sum();
        self.sums.iter().map(|sum| sum / items).collect()
    }
}

/// New posteriors, in place of the old ones.
pub(super) fn expect(table: &Table, fitting: &Fitting, consensus: &mut Consensus) -> ExpectationStep {
    let q = consensus.categories;
    let raters = RaterChances { prior: &consensus.prior, chances: &consensus.chances };
    let chunks = consensus.posterior.par_chunks_mut(CHUNK * q).enumerate();
    let step = |(chunk, rows)| at_width!(q, |q| raters.expect(table, fitting, chunk * CHUNK, rows, q));
    let steps: Vec<ExpectationStep> = chunks.map(step).collect();
    steps.iter().fold(ExpectationStep::none(q), ExpectationStep::plus)
}

/// What is known of raters and categories.
struct RaterChances<'a> {
    prior: &'a [f64],
    chances: &'a [f64],
}

impl RaterChances<'_> {
    /// New posteriors of the items from `first` on.
    #[inline(always)]
    fn expect(&self, table: &Table, fitting: &Fitting, first: usize, rows: &mut [f64], q: usize) -> ExpectationStep {
        let mut step = ExpectationStep::none(q);
        let mut posterior = vec![0.0; q];
        for (item, row) in (first..).zip(rows.chunks_exact_mut(q)) {
            let ratings = table.of_item(item);
            if ratings.is_empty() {
                continue;
            }
            if let Some(gold) = fitting.gold(item) {
                step.log_likelihood += self.log_likelihood(ratings, gold, q);
            } else {
                step.log_likelihood += self.posterior(ratings, &mut posterior[..q], q);
                for (old, &new) in row.iter_mut().zip(&posterior[..q]) {
                    step.change = step.change.max((*old - new).abs());
                    *old = new;
                }
            }
            add(&mut step.sums[..q], row);
        }
        step
    }

    /// The posterior of an item, into `row`, and the logarithm of its ratings' probability.
    ///
    /// Chances are multiplied, which is exact unless all products come close to vanishing; then logarithms are added.
    #[inline(always)]
    fn posterior(&self, ratings: &[Coded], row: &mut [f64], q: usize) -> f64 {
        row.copy_from_slice(self.prior);
        for rating in ratings {
            row.iter_mut().zip(self.of_rating(rating, q)).for_each(|(product, chance)| *product *= chance);
        }
        let mut scale = 0.0;
        if row.iter().all(|&product| product < SAFE_PRODUCT) {
            (0..q).for_each(|truth| row[truth] = self.log_likelihood(ratings, truth, q));
            scale = row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            assert!(scale.is_finite(), "some category allows all ratings of the item");
            row.iter_mut().for_each(|logarithm| *logarithm = (*logarithm - scale).exp());
        }
        let total: f64 = row.iter().sum();
        row.iter_mut().for_each(|chance| *chance /= total);
        scale + total.ln()
    }

    /// The logarithm of the probability of a true category and the ratings of its item.
    fn log_likelihood(&self, ratings: &[Coded], truth: usize, q: usize) -> f64 {
        let logarithms = ratings.iter().map(|rating| self.of_rating(rating, q)[truth].ln());
        self.prior[truth].ln() + logarithms.sum::<f64>()
    }

    /// The chance of a rating for each true category.
    #[inline(always)]
    fn of_rating(&self, rating: &Coded, q: usize) -> &[f64] {
        &self.chances[(rating.rater as usize * q + rating.category as usize) * q..][..q]
    }
}
