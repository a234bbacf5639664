//! A trend over weeks: whether shares rise or fall along a score.
//!
//! In: counts by week and a score for each. Out: the test of Cochran and Armitage, and the slope.
//! Finds a steady change; a jump is `cusum`'s, and a known date of change is `effect`'s.
//! Never says why: what was asked may have changed with the weeks.

use crate::{Proportion, Undefined, quantile, settings};

/// A trend and its test.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Trend {
    /// The test statistic, standard normal without a trend; negative when shares fall as scores rise.
    pub z: f64,
    /// The two-sided p-value, large-sample.
    pub p_value: f64,
    /// Change of the share for one unit of score, by least squares weighted with the numbers asked.
    pub slope: f64,
}

/// The test of Cochran and Armitage for a trend of proportions along scores.
///
/// With p̄ the pooled share and s̄ the mean score of all N trials: z = Σ sᵢ (kᵢ - nᵢ p̄) / √(p̄(1-p̄) Σ nᵢ (sᵢ - s̄)²);
/// no continuity correction, and N, not N - 1. The square is R's `prop.trend.test`. Trials are independent; where they
/// share items or raters, a `design_effect` above 1 divides z by its root, and 1 leaves it as it is.
///
/// `UnequalLengths` when there is not one score a week, `NoData` without a week, `NotNumbers` for scores that are
/// not finite, `Constant` when all scores are equal, or all trials alike; `BadParameter` for a design effect below 1.
/// Sources: Cochran 1954; Armitage 1955.
pub fn cochran_armitage(weeks: &[Proportion], scores: &[f64], design_effect: f64) -> Result<Trend, Undefined> {
    let design_effect = settings::at_least(design_effect, 1.0)?;
    if weeks.len() != scores.len() {
        return Err(Undefined::UnequalLengths);
    }
    if !scores.iter().all(|score| score.is_finite()) {
        return Err(Undefined::NotNumbers);
    }
    let pooled = super::pooled(weeks)?.share();
    let each = || weeks.iter().zip(scores).map(|(week, &score)| (week.successes() as f64, week.trials() as f64, score));
    let trials: f64 = each().map(|(_, n, _)| n).sum();
    let mean_score = each().map(|(_, n, score)| n * score).sum::<f64>() / trials;
    let spread: f64 = each().map(|(_, n, score)| n * (score - mean_score).powi(2)).sum();
    let rise: f64 = each().map(|(k, n, score)| (score - mean_score) * (k - n * pooled)).sum();
    let variance = pooled * (1.0 - pooled) * spread * design_effect;
    if scores.iter().all(|score| *score == scores[0]) || variance <= 0.0 {
        return Err(Undefined::Constant);
    }
    if !variance.is_finite() {
        return Err(Undefined::NotNumbers);
    }
    let z = rise / variance.sqrt();
    Ok(Trend { z, p_value: 2.0 * quantile::normal_below(-z.abs()), slope: rise / spread })
}
