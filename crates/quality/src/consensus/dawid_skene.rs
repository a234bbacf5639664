//! Dawid and Skene's model: every rater has a confusion matrix of their own.
//!
//! In: a table of coded ratings and how to fit. Out: the posterior of each item, and every rater's confusions.
//! The best choice where raters have many ratings each; with few, see `ordinal` and `one_coin`.
//! Never labels an item that nobody rated.

use super::super::Undefined;
use super::super::table::Table;
use super::by_rater::RaterModel;
use super::fit::fit;
use super::{Consensus, Fitting};

/// Labels and raters' confusions by Dawid and Skene's EM algorithm.
///
/// With T_ij the posterior of category j for item i, p_j the share of j, π^k_jl the chance that rater k gives l when
/// j is true, and n^k_il how often k gave l to i (repeated ratings are counts), iterate from vote shares:
/// - p_j = mean of T_ij over rated items; π^k_jl = (Σ_i T_ij n^k_il + s) / (Σ_il T_ij n^k_il + q s) for `smoothing` s
///   and q declared categories;
/// - T_ij ∝ p_j Π_kl (π^k_jl)^(n^k_il) with 0⁰ = 1, and T_i certain where gold is known.
///
/// s = 0 is maximum likelihood as published; s > 0 is the mode under a Dirichlet(s + 1) prior on every row. The
/// log-likelihood plus s Σ ln π never falls. Raters answer independently of each other, given the true category.
///
/// With few ratings a rater, maximum likelihood is overconfident, and far-off solutions are as likely as the one that is
/// found: smooth. With one rater an item, or one rater at all, nothing tells raters from labels but the prior and known
/// gold. EM finds a local maximum, the one uphill of the votes. Nothing is drawn at random, so categories keep their
/// names while most votes are right; where raters share an error, known gold is the only cure.
///
/// Undefined without ratings. Panics when `fitting` has a number out of range, no iteration, or gold that does not fit
/// the table.
///
/// Source: Dawid and Skene 1979, Applied Statistics 28:20-28, eqs 2.3 to 2.5 and 3.1.
pub fn dawid_skene(table: &Table, fitting: &Fitting) -> Result<Consensus, Undefined> {
    fit(table, fitting, &FreeConfusion { smoothing: fitting.smoothing })
}

/// A rater each of whose confusions is free.
struct FreeConfusion {
    smoothing: f64,
}

impl RaterModel for FreeConfusion {
    type Parameters = ();

    fn estimate(&self, (): &mut (), counts: &mut [f64], totals: &[f64]) {
        let added = self.smoothing * totals.len() as f64;
        for row in counts.chunks_exact_mut(totals.len()) {
            for (cell, total) in row.iter_mut().zip(totals) {
                // Divided, for the reciprocal of a total that all but vanished would be infinite.
                *cell = if total + added > 0.0 { (*cell + self.smoothing) / (total + added) } else { 0.0 };
            }
        }
    }
}
