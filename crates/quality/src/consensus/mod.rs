//! Consensus: one label an item, from many raters, with the chance that it is right.
//!
//! In: a table of coded ratings, and the gold of some items where it is known. Out: the chance of each category for
//! each item, the share of each category, and how each rater confuses them; or plain and weighted votes.
//! Items without ratings get no label, and ties are said and never broken. Never reads text, weeks or instructions.

mod by_rater;
mod dawid_skene;
mod expectation;
mod fit;
mod held_out;
mod majority;
mod one_coin;
mod ordinal;
#[cfg(test)]
mod properties;
mod rows;
#[cfg(test)]
mod simulation;
#[cfg(test)]
mod tests;

pub use dawid_skene::dawid_skene;
pub use held_out::{Band, HeldOut, accuracy_on_held_out_gold};
pub use majority::{agreement_with_majority, majority, weighted_majority};
pub use one_coin::one_coin;
pub use ordinal::ordinal;

use super::Undefined;
use super::table::Table;

/// Two categories closer than this are tied: less is the rounding of the fit and not the raters' doubt.
const TIE: f64 = 1e-9;

/// The ways to make one label of many ratings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Aggregation {
    /// The category with most votes.
    Majority,
    /// The category with most votes, each weighted by how often its rater votes with the majority.
    WeightedMajority,
    /// One accuracy a rater.
    OneCoin,
    /// One confusion matrix a rater.
    DawidSkene,
    /// One confusion matrix a rater, drawn towards a shift and a spread on the ordered scale.
    Ordinal,
}

impl Aggregation {
    /// All of them, from the simplest.
    pub const ALL: [Self; 5] = [Self::Majority, Self::WeightedMajority, Self::OneCoin, Self::DawidSkene, Self::Ordinal];

    /// The name as a report prints it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Majority => "majority vote",
            Self::WeightedMajority => "majority vote weighted by agreement",
            Self::OneCoin => "one-coin Dawid-Skene",
            Self::DawidSkene => "Dawid-Skene",
            Self::Ordinal => "ordinal Dawid-Skene",
        }
    }

    /// Where the method was published.
    pub fn source(self) -> &'static str {
        match self {
            Self::Majority => "Condorcet 1785",
            Self::WeightedMajority => "Wawa, as in crowd-kit (Ustalov, Pavlichenko and Tseitlin 2024)",
            Self::OneCoin => "Zhang, Chen, Zhou and Jordan 2016",
            Self::DawidSkene => "Dawid and Skene 1979",
            Self::Ordinal => "DeCarlo 2005; Dawid and Skene 1979; Paun et al. 2018",
        }
    }

    /// Whether known gold takes part.
    fn sees_gold(self) -> bool {
        !matches!(self, Self::Majority | Self::WeightedMajority)
    }

    /// The chances of each category, items × categories: votes as shares, or the posterior of a fit.
    fn chances(self, table: &Table, fitting: &Fitting) -> Result<Vec<f64>, Undefined> {
        let fit = match self {
            Self::Majority => return Ok(majority::shares(table, None)),
            Self::WeightedMajority => {
                return Ok(majority::shares(table, Some(&agreement_with_majority(table))));
            }
            Self::OneCoin => one_coin,
            Self::DawidSkene => dawid_skene,
            Self::Ordinal => ordinal,
        };
        Ok(fit(table, fitting)?.posterior)
    }
}

/// How to fit raters and labels together.
#[derive(Clone, Copy, Debug)]
pub struct Fitting<'a> {
    /// The gold category of each item, where there is one: it stays certain in every step. Gold of an item that
    /// nobody rated takes no part.
    pub known: Option<&'a [Option<u32>]>,
    /// What is added to every cell of a rater's expected counts before shares are taken: a Dirichlet prior with
    /// `smoothing` + 1, of which the fit is the mode. 0 is maximum likelihood, which lets a rater with few ratings
    /// be certain of anything. At most a million.
    pub smoothing: f64,
    /// The fit ends when no posterior changed by more than this in one iteration.
    pub tolerance: f64,
    /// The fit ends, not converged, after this many iterations.
    pub most_iterations: u32,
}

impl Default for Fitting<'_> {
    /// No gold, a tenth of a rating in every cell, and posteriors that have settled to ten digits.
    fn default() -> Self {
        Self { known: None, smoothing: 0.1, tolerance: 1e-10, most_iterations: 2000 }
    }
}

impl Fitting<'_> {
    /// What a caller must hold to.
    fn assert_sound(&self, table: &Table) {
        assert!((0.0..=1e6).contains(&self.smoothing), "smoothing is a count, from 0 to a million");
        assert!(self.tolerance.is_finite() && self.tolerance >= 0.0, "the tolerance is 0 or more");
        assert!(self.most_iterations > 0, "there is at least one iteration");
        if let Some(known) = self.known {
            assert!(known.len() == table.n_items(), "there is one entry of gold, or none, for every item");
            let inside = |gold: &u32| (*gold as usize) < table.n_categories();
            assert!(known.iter().flatten().all(inside), "gold names declared categories");
        }
    }

    /// The gold of an item.
    fn gold(&self, item: usize) -> Option<usize> {
        self.known.and_then(|known| known[item]).map(|gold| gold as usize)
    }
}

/// How a fit ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Convergence {
    /// Iterations done; each estimates the raters, then the labels.
    pub iterations: u32,
    /// Whether the last change was within the tolerance.
    pub converged: bool,
    /// The largest change of a posterior in the last iteration.
    pub last_change: f64,
    /// Natural logarithm of the probability of all ratings, and of the known gold, under the estimates: observed
    /// data, without the prior that smoothing stands for.
    pub log_likelihood: f64,
}

/// Labels and raters, fitted together.
///
/// The posterior is what the model believes; how far to trust it is measured by `accuracy_on_held_out_gold`.
#[derive(Clone, Debug, PartialEq)]
pub struct Consensus {
    categories: usize,
    /// Items × categories; all zero where nobody rated.
    posterior: Vec<f64>,
    prior: Vec<f64>,
    /// Raters × given × true category.
    chances: Vec<f64>,
    /// Raters × true category.
    effective: Vec<f64>,
    convergence: Convergence,
}

impl Consensus {
    /// The chance of each category; none for an item that nobody rated.
    pub fn posterior(&self, item: usize) -> Option<&[f64]> {
        let row = &self.posterior[item * self.categories..][..self.categories];
        row.iter().any(|&chance| chance > 0.0).then_some(row)
    }

    /// The most likely category; none for an item that nobody rated, and none when two are equally likely (to 10⁻⁹).
    pub fn label(&self, item: usize) -> Option<usize> {
        match tied_for_most(self.posterior(item)?)[..] {
            [label] => Some(label as usize),
            _ => None,
        }
    }

    /// The share of each category among the items that were rated.
    pub fn prior(&self) -> &[f64] {
        &self.prior
    }

    /// How a rater's ratings spread over the categories; none for a rater without ratings.
    pub fn confusion(&self, rater: usize) -> Option<RaterConfusion> {
        let q = self.categories;
        let effective = self.effective[rater * q..][..q].to_vec();
        let chances = &self.chances[rater * q * q..][..q * q];
        let cells = (0..q * q).map(|cell| chances[cell % q * q + cell / q]);
        effective.iter().any(|&n| n > 0.0).then(|| RaterConfusion { chances: cells.collect(), effective })
    }

    /// The chance that a rater is right about an item drawn from those rated: Σ_j p_j π_jj over the true categories j
    /// that the rater met, by their shares p among these. None for a rater without ratings.
    pub fn accuracy_of_rater(&self, rater: usize) -> Option<f64> {
        let confusion = self.confusion(rater)?;
        Some(self.met(&confusion).map(|(truth, share)| share * confusion.row(truth)[truth]).sum())
    }

    /// What one rating of a rater tells of an item, in bits: the mutual information of rating and true category,
    /// I = Σ_j p_j Σ_l π_jl log₂(π_jl / Σ_j p_j π_jl), over the true categories that the rater met.
    ///
    /// 0 for a rater who answers blindly. A rater who always swaps two categories tells as much as one who is always
    /// right. None for a rater without ratings.
    ///
    /// Source: Shannon 1948.
    pub fn weight_of_rater(&self, rater: usize) -> Option<f64> {
        let confusion = self.confusion(rater)?;
        let mut given = vec![0.0; self.categories];
        for (truth, share) in self.met(&confusion) {
            given.iter_mut().zip(confusion.row(truth)).for_each(|(sum, chance)| *sum += share * chance);
        }
        let bits = |row: &[f64]| -> f64 {
            let cells = row.iter().zip(&given).filter(|(chance, sum)| **chance > 0.0 && **sum > 0.0);
            cells.map(|(&chance, &sum)| chance * (chance / sum).log2()).sum()
        };
        let told: f64 = self.met(&confusion).map(|(truth, share)| share * bits(confusion.row(truth))).sum();
        Some(told.max(0.0))
    }

    /// How the fit ended.
    pub fn convergence(&self) -> Convergence {
        self.convergence
    }

    /// The true categories that a rater met, with their shares among these.
    fn met<'a>(&'a self, confusion: &'a RaterConfusion) -> impl Iterator<Item = (usize, f64)> + 'a {
        let met = |truth: &usize| confusion.effective[*truth] > 0.0;
        let total: f64 = (0..self.categories).filter(met).map(|truth| self.prior[truth]).sum();
        (0..self.categories).filter(met).map(move |truth| (truth, self.prior[truth] / total))
    }
}

/// How one rater's ratings spread over the categories, for each true one.
#[derive(Clone, Debug, PartialEq)]
pub struct RaterConfusion {
    chances: Vec<f64>,
    effective: Vec<f64>,
}

impl RaterConfusion {
    /// The chance of each given category on items of a true one. All zero when the rater never met that category
    /// and nothing is smoothed; when something is, see `effective_n` before reading anything into it.
    pub fn row(&self, truth: usize) -> &[f64] {
        let categories = self.effective.len();
        &self.chances[truth * categories..][..categories]
    }

    /// How many ratings the row rests on: the expected number of this rater's on items of that true category.
    pub fn effective_n(&self, truth: usize) -> f64 {
        self.effective[truth]
    }
}

/// The categories whose share is the largest, up to rounding.
fn tied_for_most(shares: &[f64]) -> Vec<u32> {
    let most = shares.iter().copied().fold(0.0, f64::max);
    (0..shares.len() as u32).filter(|&category| shares[category as usize] >= most - TIE).collect()
}
