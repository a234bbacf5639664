//! The fit: raters from labels, then labels from raters, until the labels settle.
//!
//! In: a table of coded ratings, how to fit, and a model that turns a rater's expected counts into chances.
//! Out: the consensus. It starts at vote shares, so nothing is drawn at random and there is one result.
//! Never holds more than the posteriors, the raters' confusions and 8 bytes a rating beside the table.

use super::super::Undefined;
use super::super::table::Table;
use super::by_rater::{ByRater, RaterModel};
use super::expectation::{ExpectationStep, expect};
use super::majority::shares;
use super::{Consensus, Convergence, Fitting};

/// A fit under way.
pub(super) struct Fit<'a> {
    table: &'a Table,
    fitting: &'a Fitting<'a>,
    by_rater: ByRater,
    /// What it has come to.
    pub consensus: Consensus,
}

impl<'a> Fit<'a> {
    /// A fit at its start; there must be a rating.
    pub fn start(table: &'a Table, fitting: &'a Fitting) -> Result<Self, Undefined> {
        fitting.assert_sound(table);
        if table.ratings().is_empty() {
            return Err(Undefined::NoData);
        }
        let consensus = before_any_iteration(table, fitting);
        Ok(Self { table, fitting, by_rater: ByRater::of(table), consensus })
    }

    /// Forgets the labels that were found.
    pub fn restart(&mut self) {
        self.consensus.posterior = first_posterior(self.table, self.fitting);
    }

    /// Iterates until no posterior changes by more than `tolerance`. The prior and the chances that are kept are
    /// those which gave the posteriors and the log-likelihood.
    pub fn run<M: RaterModel>(&mut self, model: &M, parameters: &mut [M::Parameters], tolerance: f64) {
        let consensus = &mut self.consensus;
        let mut step = ExpectationStep::of(&consensus.posterior, consensus.categories);
        for iterations in 1..=self.fitting.most_iterations {
            consensus.prior = step.prior();
            self.by_rater.maximise(model, parameters, consensus);
            step = expect(self.table, self.fitting, consensus);
            let converged = step.change <= tolerance;
            let (last_change, log_likelihood) = (step.change, step.log_likelihood);
            assert!(log_likelihood.is_finite(), "every item has a category that allows all of its ratings");
            consensus.convergence = Convergence { iterations, converged, last_change, log_likelihood };
            if converged {
                break;
            }
        }
    }
}

/// A model without parameters, fitted from start to end.
pub(super) fn fit<M: RaterModel<Parameters = ()>>(
    table: &Table,
    fitting: &Fitting,
    model: &M,
) -> Result<Consensus, Undefined> {
    let mut fit = Fit::start(table, fitting)?;
    fit.run(model, &mut vec![(); table.n_raters()], fitting.tolerance);
    Ok(fit.consensus)
}

fn before_any_iteration(table: &Table, fitting: &Fitting) -> Consensus {
    let (raters, categories) = (table.n_raters(), table.n_categories());
    Consensus {
        categories,
        posterior: first_posterior(table, fitting),
        prior: Vec::new(),
        chances: vec![0.0; raters * categories * categories],
        effective: vec![0.0; raters * categories],
        convergence: Convergence { iterations: 0, converged: false, last_change: 1.0, log_likelihood: 0.0 },
    }
}

/// Vote shares, and certainty where gold is known.
fn first_posterior(table: &Table, fitting: &Fitting) -> Vec<f64> {
    let mut posterior = shares(table, None);
    for (item, row) in posterior.chunks_exact_mut(table.n_categories()).enumerate() {
        if let Some(gold) = fitting.gold(item).filter(|_| !table.of_item(item).is_empty()) {
            row.fill(0.0);
            row[gold] = 1.0;
        }
    }
    posterior
}
