//! The sheet: figures as they are asked for, and what was not computed unless asked for by name.
//!
//! In: figures, lazily. Out: those that are wanted. Figures whose number or cost grows past what a person would want by
//! default are left out with a note that says how to get them. It knows no formula.

use super::figure::Figure;
use crate::quality::{Estimate, Undefined};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeSet;

/// Every figure there is.
pub const FIGURES: [&str; 59] = [
    "n_items",
    "n_raters",
    "n_ratings",
    "n_items_pairable",
    "percent_agreement",
    "percent_agreement_bootstrap_ci",
    "krippendorff_alpha",
    "krippendorff_alpha_se",
    "krippendorff_alpha_bootstrap_ci",
    "fleiss_kappa",
    "fleiss_kappa_se",
    "gwet_ac",
    "gwet_ac_se",
    "gwet_ac_bootstrap_ci",
    "brennan_prediger",
    "brennan_prediger_se",
    "conger_kappa",
    "light_kappa",
    "cohen_kappa",
    "cohen_kappa_se",
    "cohen_kappa_custom",
    "confusion",
    "icc",
    "icc_ci",
    "accuracy",
    "accuracy_counts",
    "design_effects",
    "constant_answer_accuracy",
    "ci_wilson",
    "ci_clopper_pearson",
    "ci_jeffreys",
    "confusion_vs_gold",
    "kappa_vs_gold",
    "bias_vs_gold",
    "mae_vs_gold",
    "rmse_vs_gold",
    "spearman_vs_gold",
    "kendall_tau_b_vs_gold",
    "majority_vote",
    "dawid_skene_prior",
    "dawid_skene_loglik",
    "dawid_skene_iterations",
    "dawid_skene_confusion",
    "dawid_skene_posterior",
    "dawid_skene_labels",
    "aggregate_accuracy",
    "held_out_accuracy",
    "held_out_confidence",
    "held_out_brier",
    "step_readings",
    "step_counts",
    "step_prf",
    "step_precision",
    "step_recall",
    "step_f1",
    "step_macro_f1",
    "step_kind_accuracy",
    "step_first_mistake_accuracy",
    "step_blind_f1",
];

/// What was not computed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LeftOut {
    /// The figure.
    pub metric: &'static str,
    /// Why, and how to get it.
    pub reason: String,
}

/// The figures of one analysis.
#[derive(Debug, Default)]
pub struct Sheet {
    /// Names of the figures that are wanted; all within reason if none are named.
    wanted: Option<BTreeSet<String>>,
    figures: Vec<Figure>,
    left_out: Vec<LeftOut>,
}

impl Sheet {
    /// An empty sheet for these figures; for all of them if none are named.
    pub fn wanting(names: &[String]) -> Self {
        let wanted = (!names.is_empty()).then(|| names.iter().cloned().collect());
        Self { wanted, ..Self::default() }
    }

    /// The figures in order, and what was left out. A figure that was named and that nothing asked of this table is undefined.
    pub fn finish(mut self) -> (Vec<Figure>, Vec<LeftOut>) {
        for name in self.wanted.iter().flatten() {
            let found = self.figures.iter().any(|figure| figure.metric == name);
            if let (false, Some(metric)) = (found, FIGURES.iter().find(|metric| *metric == name)) {
                self.figures.push(Figure::new(metric, Value::Null, Err(Undefined::NotInTable)));
            }
        }
        (self.figures, self.left_out)
    }

    /// Whether a figure is wanted.
    pub fn wants(&self, metric: &str) -> bool {
        self.wanted.as_ref().is_none_or(|wanted| wanted.contains(metric))
    }

    /// Whether a costly or long figure is wanted: by name always, else if `is_small`; what is left out is noted.
    pub fn wants_if(&mut self, metric: &'static str, is_small: bool, why: &str) -> bool {
        match &self.wanted {
            Some(wanted) => wanted.contains(metric),
            None if is_small => true,
            None => {
                let reason = format!("{why}; `--only {metric}` computes it all the same");
                self.left_out.push(LeftOut { metric, reason });
                false
            }
        }
    }

    /// Adds a figure if it is wanted.
    pub fn add<V: Into<Value>>(
        &mut self,
        metric: &'static str,
        args: Value,
        value: impl FnOnce() -> Result<V, Undefined>,
    ) {
        debug_assert!(FIGURES.contains(&metric), "{metric} is a figure");
        if self.wants(metric) {
            self.figures.push(Figure::new(metric, args, value().map(Into::into)));
        }
    }

    /// Adds a figure with its interval if it is wanted.
    pub fn add_with<V: Into<Value>>(
        &mut self,
        metric: &'static str,
        args: Value,
        value: impl FnOnce() -> Result<V, Undefined>,
        estimate: impl FnOnce() -> Result<Estimate, Undefined>,
    ) {
        debug_assert!(FIGURES.contains(&metric), "{metric} is a figure");
        if self.wants(metric) {
            self.figures.push(Figure::new(metric, args, value().map(Into::into)).with(estimate()));
        }
    }
}
