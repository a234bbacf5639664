//! Categories: a scale as agreement sees it, and the weights that go with it.
//!
//! In: a level of measurement. Out: weights, and what coefficients with them are called. It counts nothing.

use crate::quality::agreement::{Coefficient, Level};
use crate::quality::weights::{Weighting, Weights};
use std::sync::Arc;

/// The categories that patterns count.
#[derive(Clone, Debug, PartialEq)]
pub struct Categories<'a> {
    /// The level of measurement.
    pub level: Level,
    /// Their names, in the order of the scale.
    pub names: Vec<&'a str>,
    /// The numbers that they are; empty where they are none.
    pub numbers: Vec<f64>,
    /// What each two of them have in common, where that and no level is what alpha takes: sets of values.
    pub in_common: Option<Arc<Weights>>,
    /// The weights of Gwet's coefficient; none where the categories are those that happened to be given.
    pub weighting: Option<Weighting>,
}

impl Categories<'_> {
    /// Krippendorff's alpha of them, and what its distances are called.
    pub fn alpha(&self) -> (Coefficient<'_>, &'static str) {
        match &self.in_common {
            Some(weights) => (Coefficient::AlphaOf(weights), "MASI"),
            None => (Coefficient::Alpha { level: self.level, numbers: &self.numbers }, self.level.name()),
        }
    }
}

/// The weights that go with a level: by the categories' places wherever their order counts.
pub fn weighting(level: Level) -> Weighting {
    if level == Level::Nominal { Weighting::Identity } else { Weighting::Quadratic }
}

/// The weights of Gwet's coefficient on a scale; none on numbers, whose categories are those that happened to be given.
pub fn ac_weighting(level: Level) -> Option<Weighting> {
    matches!(level, Level::Nominal | Level::Ordinal).then(|| weighting(level))
}

/// What Gwet's coefficient is called with these weights.
pub fn ac_name(weighting: Option<Weighting>) -> &'static str {
    match weighting {
        None | Some(Weighting::Identity) => "AC1",
        Some(_) => "AC2",
    }
}
