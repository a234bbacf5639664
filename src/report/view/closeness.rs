//! How far answers are from gold, in a view.
//!
//! In: a `Closeness`. Out: what templates and files see of it. It computes nothing.

use super::figure::FigureView;
use crate::figures::closeness::Closeness;
use crate::figures::words;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How far answers are from gold.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ClosenessView {
    /// What it is counted in.
    pub unit: String,
    /// The mean of answer minus gold.
    pub bias: FigureView,
    /// The mean of how far off answers are.
    pub mean_absolute_error: FigureView,
}

impl ClosenessView {
    /// The view of a closeness.
    pub fn of(closeness: &Closeness) -> Self {
        let Closeness { unit, bias, mean_absolute_error } = closeness;
        Self {
            unit: unit.clone(),
            bias: FigureView::of_mean(bias, words::signed, words::signed_interval),
            mean_absolute_error: FigureView::of_mean(mean_absolute_error, words::amount, words::amount_interval),
        }
    }

    /// The figures, each with its name in files.
    pub fn named(&self) -> [(&'static str, &FigureView); 2] {
        [("bias", &self.bias), ("mean-absolute-error", &self.mean_absolute_error)]
    }
}
