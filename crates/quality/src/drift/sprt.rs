//! Wald's sequential test: as few gold answers as it takes to tell two error rates apart.
//!
//! In: gold answers in order, two error rates, two risks. Out: the path, the bounds, and the decision.
//! Suited to admitting a rater, where it ends; a rater at work is watched by `cusum`, which does not.
//! Never decides between the bounds.

use super::Shift;
use super::walk::Walk;
use crate::{Undefined, settings};

/// A sequential test with its bounds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SequentialTest {
    shift: Shift,
    lower: f64,
    upper: f64,
}

/// What a sequential test has come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// The lower bound was reached: the error rate is taken to be acceptable.
    Acceptable {
        /// Answers until then.
        after: usize,
    },
    /// The upper bound was reached: the error rate is taken to be unacceptable.
    Unacceptable {
        /// Answers until then.
        after: usize,
    },
    /// More answers are needed.
    Undecided,
}

/// How a sequential test behaves at one error rate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Behaviour {
    /// The chance that it ends with "unacceptable".
    pub chance_unacceptable: f64,
    /// The mean number of answers until it ends.
    pub mean_answers: f64,
}

impl SequentialTest {
    /// Bounds from the risks: ln(β/(1-α)) and ln((1-β)/α).
    ///
    /// `false_alarm` α is the chance to call the acceptable rate unacceptable, `miss` β the reverse; both hold roughly,
    /// and together never exceed α + β (Wald). Answers are independent. `BadParameter` when a risk is not between 0 and
    /// 1, or both together are not below 1. Source: Wald 1945.
    pub fn new(shift: Shift, false_alarm: f64, miss: f64) -> Result<Self, Undefined> {
        let (alpha, beta) = (settings::probability(false_alarm)?, settings::probability(miss)?);
        if alpha + beta >= 1.0 {
            return Err(Undefined::BadParameter);
        }
        Ok(Self { shift, lower: (beta / (1.0 - alpha)).ln(), upper: ((1.0 - beta) / alpha).ln() })
    }

    /// At or below it the rate is taken to be acceptable.
    pub fn lower(self) -> f64 {
        self.lower
    }

    /// At or above it the rate is taken to be unacceptable.
    pub fn upper(self) -> f64 {
        self.upper
    }

    /// The log-likelihood ratio after each answer; it goes on after a decision.
    pub fn path(self, errors: &[bool]) -> Vec<f64> {
        let step = |sum: &mut f64, &error: &bool| {
            *sum += self.shift.score(error);
            Some(*sum)
        };
        errors.iter().scan(0.0, step).collect()
    }

    /// The first decision on the way.
    pub fn decide(self, errors: &[bool]) -> Decision {
        let path = self.path(errors);
        match path.iter().position(|&sum| sum <= self.lower || sum >= self.upper) {
            Some(place) if path[place] <= self.lower => Decision::Acceptable { after: place + 1 },
            Some(place) => Decision::Unacceptable { after: place + 1 },
            None => Decision::Undecided,
        }
    }

    /// How the test behaves when errors come at `error_rate`: exact, where Wald's own formulas neglect the overshoot.
    ///
    /// `BadParameter` when the rate is not between 0 and 1; `OutOfReach` when it takes millions of answers.
    pub fn behaviour(self, error_rate: f64) -> Result<Behaviour, Undefined> {
        let walk = Walk::new(self.shift, (self.lower, self.upper), settings::probability(error_rate)?);
        let passage = walk.finish()?;
        let chance_unacceptable = passage.top / (passage.top + passage.bottom);
        Ok(Behaviour { chance_unacceptable, mean_answers: passage.mean_length })
    }
}
