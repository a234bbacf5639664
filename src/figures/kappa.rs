//! Kappa: how far answers agree with gold beyond chance.
//!
//! In: answers to gold, both as places on the scale. Out: Cohen's kappa over all raters, with weights or without, and
//! what it is called. Answers without a value, and gold that takes several for right, have no place in such a table:
//! whoever counts leaves them out.

use super::{Agreed, LEVEL};
use crate::quality::Undefined;
use crate::quality::clustered::kappa::{Answered, against_gold};
use crate::quality::weights::{Weighting, Weights};

/// Kappa against gold, with weights of the scale's categories; `without` is the reason where there are no answers.
pub fn of_gold(answers: &[Answered], weights: &Weights, without: Undefined) -> Agreed {
    against_gold(answers, weights, LEVEL).map_err(|undefined| match undefined {
        Undefined::NoData => without,
        other => other,
    })
}

/// What it is called.
pub fn name(weighting: Weighting) -> &'static str {
    match weighting {
        Weighting::Identity => "Cohen's kappa",
        Weighting::Linear => "Linear weighted kappa",
        Weighting::Quadratic => "Quadratic weighted kappa",
        Weighting::Ordinal => "Ordinal weighted kappa",
    }
}
