//! The sheet: figures as they are asked for, and what was not computed unless asked for by name.
//!
//! In: figures, lazily. Out: those that are wanted. Figures whose number or cost grows past what a person would want by
//! default are left out with a note that says how to get them. It knows no formula.

use super::figure::Figure;
use crate::figures::{Agreed, Share};
use crate::quality::{Estimate, Undefined};
use serde::Serialize;
use serde_json::Value;

/// Every figure there is.
pub const FIGURES: [&str; 61] = [
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
    "accuracy_difference",
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
    "dawid_skene_base_rate_only",
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
pub struct OmittedFigure {
    /// The figure.
    pub metric: &'static str,
    /// Why, and how to get it.
    pub reason: String,
}

/// Which figures are wanted.
#[derive(Clone, Debug)]
pub enum Wanted {
    /// All of them, within reason.
    All,
    /// Those of a page for people, within reason.
    Page(&'static [&'static str]),
    /// These, however long they take.
    Named(Vec<String>),
}

impl Wanted {
    /// Whether figures were asked for by name.
    pub fn is_named(&self) -> bool {
        matches!(self, Self::Named(_))
    }

    /// Whether a figure is one of them.
    pub fn names(&self, metric: &str) -> bool {
        match self {
            Self::All => true,
            Self::Page(page) => page.contains(&metric),
            Self::Named(names) => names.iter().any(|name| name == metric),
        }
    }

    /// The part of it whose names fit: what is of groups, or what is of one table.
    pub fn part(&self, fits: impl Fn(&str) -> bool) -> Self {
        match self {
            Self::Named(names) => Self::Named(names.iter().filter(|name| fits(name)).cloned().collect()),
            other => other.clone(),
        }
    }
}

/// The figures of one analysis.
#[derive(Debug)]
pub struct Sheet {
    wanted: Wanted,
    figures: Vec<Figure>,
    left_out: Vec<OmittedFigure>,
}

impl Sheet {
    /// An empty sheet.
    pub fn wanting(wanted: Wanted) -> Self {
        Self { wanted, figures: Vec::new(), left_out: Vec::new() }
    }

    /// The figures in order, and what was left out. A figure that was named and that nothing asked of this table is
    /// undefined.
    pub fn finish(mut self) -> (Vec<Figure>, Vec<OmittedFigure>) {
        let Wanted::Named(names) = &self.wanted else { return (self.figures, self.left_out) };
        for name in names {
            let found = self.figures.iter().any(|figure| figure.metric == name);
            let found = found || self.left_out.iter().any(|left_out| left_out.metric == name);
            if let (false, Some(metric)) = (found, FIGURES.iter().find(|metric| *metric == name)) {
                self.figures.push(Figure::new(metric, Value::Null, Err(Undefined::NotInTable)));
            }
        }
        (self.figures, self.left_out)
    }

    /// Leaves figures out for their cost or length, with a note, unless they were named.
    pub fn leave_out(&mut self, metrics: &[&'static str], why: &str) {
        for metric in metrics.iter().filter(|metric| self.wants(metric)).collect::<Vec<_>>() {
            if !self.wanted.is_named() {
                let reason = format!("{why}; `--only {metric}` computes it all the same");
                self.left_out.push(OmittedFigure { metric, reason });
            }
        }
    }

    /// Leaves figures out that cannot be computed for a table of this size, named or not.
    pub fn forgo(&mut self, metrics: &[&'static str], why: &str) {
        for metric in metrics.iter().filter(|metric| self.wants(metric)).collect::<Vec<_>>() {
            self.left_out.push(OmittedFigure { metric, reason: why.to_owned() });
        }
    }

    /// Whether a figure is wanted.
    pub fn wants(&self, metric: &str) -> bool {
        assert!(FIGURES.contains(&metric), "{metric} is a figure");
        self.wanted.names(metric) && !self.left_out.iter().any(|left_out| left_out.metric == metric)
    }

    /// Whether any of these is wanted.
    pub fn wants_any(&self, metrics: &[&str]) -> bool {
        metrics.iter().any(|metric| self.wants(metric))
    }

    /// Adds a figure if it is wanted.
    pub fn add<V: Into<Value>>(
        &mut self,
        metric: &'static str,
        args: Value,
        value: impl FnOnce() -> Result<V, Undefined>,
    ) {
        if self.wants(metric) {
            self.figures.push(Figure::new(metric, args, value().map(Into::into)));
        }
    }

    /// Adds a figure of agreement if it is wanted.
    pub fn add_agreed(&mut self, metric: &'static str, args: Value, agreed: impl FnOnce() -> Agreed) {
        if self.wants(metric) {
            let agreed = agreed();
            let estimate = || Ok(agreed?.interval?.estimate);
            self.add_with(metric, args, || agreed.map(|of| of.point), estimate);
        }
    }

    /// Adds a share if it is wanted.
    pub fn add_share(&mut self, metric: &'static str, args: Value, share: impl FnOnce() -> Share) {
        if self.wants(metric) {
            let estimate = share().map(|of| of.estimate);
            self.add_with(metric, args, || estimate.map(|of| of.point), || estimate);
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
        if self.wants(metric) {
            self.figures.push(Figure::new(metric, args, value().map(Into::into)).with(estimate()));
        }
    }
}
