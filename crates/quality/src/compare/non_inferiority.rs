//! Whether a quality is shown to be no worse than a bar or another quality, but for a margin.
//!
//! In: right answers against a bar, or a difference, and a margin. Out: an exact p-value, or a standing.
//! Both need the margin to be fixed before the answers are seen. "Not shown to be worse" is never said as "as good".
//! Never decides from a p-value that was found large.

use super::Difference;
use crate::{Proportion, Undefined, binomial, settings};

/// What the data say about the first of two qualities against the second, given a margin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// The lower bound of the difference is above zero: better, whatever the margin.
    Better,
    /// The lower bound is at or above minus the margin: no worse than the margin allows.
    NotWorse,
    /// The upper bound is below minus the margin: worse by more than the margin.
    Worse,
    /// None of these is shown.
    NotYetShown,
}

impl Standing {
    /// The standing in the words of a report.
    pub fn words(self) -> &'static str {
        match self {
            Self::Better => "better",
            Self::NotWorse => "no worse than the margin allows",
            Self::Worse => "worse by more than the margin",
            Self::NotYetShown => "not yet shown",
        }
    }
}

/// Where the first quality stands against the second, from one-sided bounds of their difference.
///
/// With a cohort first and the experts' ceiling second, this is non-inferiority to the ceiling; with two cohorts it
/// compares vendors. The bounds are one-sided at the difference's level, 0.95 for a test at 5 % each way; testing
/// `Better` after `NotWorse` needs no adjustment, because the one implies the other (Morikawa and Yoshida 1995).
///
/// `BadParameter` when the margin is negative or not below 1.
pub fn standing(difference: &Difference, margin: f64) -> Result<Standing, Undefined> {
    let margin = checked_margin(margin)?;
    Ok(if difference.lower > 0.0 {
        Standing::Better
    } else if difference.lower >= -margin {
        Standing::NotWorse
    } else if difference.upper < -margin {
        Standing::Worse
    } else {
        Standing::NotYetShown
    })
}

/// The exact one-sided p-value of "the accuracy is at most the bar": P(X ≥ k) for X binomial with n and the bar.
///
/// Trials are independent; on answers that share items or raters it is too small (see `clustered`). It is at most
/// 1 - level exactly when the exact lower bound at that level reaches the bar. 1 when nothing is right.
///
/// `BadParameter` when the bar is not between 0 and 1. Source: Clopper and Pearson 1934.
pub fn p_value_at_least(right: Proportion, bar: f64) -> Result<f64, Undefined> {
    let bar = settings::probability(bar)?;
    Ok(binomial::at_least(right.successes(), right.trials(), bar))
}

/// The same against a bar that is lowered by a margin: the exact non-inferiority test.
///
/// `BadParameter` when the margin is negative, or leaves no bar above 0.
pub fn p_value_within_margin(right: Proportion, bar: f64, margin: f64) -> Result<f64, Undefined> {
    p_value_at_least(right, settings::probability(bar)? - checked_margin(margin)?)
}

/// Where an accuracy from independent answers stands against a bar with a margin, by exact tests at 1 - `level`.
///
/// `BadParameter` as `p_value_within_margin`, or when the level is not between 0.5 and 1.
pub fn standing_against_bar(right: Proportion, bar: f64, margin: f64, level: f64) -> Result<Standing, Undefined> {
    let error = 1.0 - settings::level(level)?;
    let wrong = Proportion::new(right.trials() - right.successes(), right.trials())?;
    let lowered = settings::probability(bar)? - checked_margin(margin)?;
    Ok(if p_value_at_least(right, bar)? <= error {
        Standing::Better
    } else if p_value_at_least(right, lowered)? <= error {
        Standing::NotWorse
    } else if p_value_at_least(wrong, 1.0 - lowered)? <= error {
        Standing::Worse
    } else {
        Standing::NotYetShown
    })
}

/// A margin is a share that may be given up, from 0 to below 1.
fn checked_margin(margin: f64) -> Result<f64, Undefined> {
    if margin == 0.0 { Ok(0.0) } else { settings::probability(margin) }
}
