//! The one-coin model: a rater is right with one probability, and wrong in all ways alike.
//!
//! In: a table of coded ratings and how to fit. Out: the posterior of each item, and every rater's confusions.
//! One number a rater, so it holds with few ratings, and on scales whose categories are confused at random.
//! Never says in which direction a rater errs.

use super::super::Undefined;
use super::super::table::Table;
use super::by_rater::RaterModel;
use super::fit::fit;
use super::{Consensus, Fitting};

/// Labels and one accuracy a rater, by EM.
///
/// As `dawid_skene`, but rater k gives the true category with chance a_k, and any other with (1 - a_k)/(q - 1):
/// a_k = (expected right + s) / (ratings + q s) for `smoothing` s and q declared categories, which is s for every
/// category that could be given. The log-likelihood plus Σ_k (s ln a_k + (q - 1) s ln((1 - a_k)/(q - 1))) never falls.
///
/// Undefined without ratings. Panics as `dawid_skene` does.
///
/// Source: Zhang, Chen, Zhou and Jordan 2016, Journal of Machine Learning Research 17(102):1-44; there is no
/// smoothing there, and the prior is uniform.
pub fn one_coin(table: &Table, fitting: &Fitting) -> Result<Consensus, Undefined> {
    fit(table, fitting, &OneCoin { smoothing: fitting.smoothing })
}

/// A rater with one chance to be right.
struct OneCoin {
    smoothing: f64,
}

impl RaterModel for OneCoin {
    type Parameters = ();

    fn estimate(&self, (): &mut (), counts: &mut [f64], totals: &[f64]) {
        let categories = totals.len();
        let diagonal = |cell: usize| cell / categories == cell % categories;
        let all = totals.iter().sum::<f64>() + self.smoothing * categories as f64;
        if all == 0.0 {
            return;
        }
        let right: f64 = counts.iter().step_by(categories + 1).sum();
        let accuracy = ((right + self.smoothing) / all).min(1.0);
        let error = (1.0 - accuracy) / (categories - 1).max(1) as f64;
        counts
            .iter_mut()
            .enumerate()
            .for_each(|(cell, chance)| *chance = if diagonal(cell) { accuracy } else { error });
    }
}
