//! Change over time: charts, alarms, trends, and what a release changed.
//!
//! In: right and asked by week, or errors one by one, and the rates to tell apart. Out: paths, limits, alarms, effects.
//! Answers are taken in the order in which they were given. A rater's repeated answer to one gold item counts once,
//! and monitors start anew with a new instruction version: gold under a new text is a new target.
//! No alarm is set by habit: each has a false-alarm rate that was chosen, for the whole programme.

pub mod charts;
pub mod cusum;
pub mod effect;
pub mod run_length;
pub mod sprt;
#[cfg(test)]
mod tests;
pub mod trend;
mod walk;
pub mod watch;

use super::{Proportion, Undefined, settings};

/// Two error rates to tell apart: one that is acceptable, and a higher one that should raise an alarm.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shift {
    acceptable: f64,
    unacceptable: f64,
}

impl Shift {
    /// Refuses (`BadParameter`) rates that are not between 0 and 1, or of which the first is not the lower.
    pub fn new(acceptable: f64, unacceptable: f64) -> Result<Self, Undefined> {
        let shift =
            Self { acceptable: settings::probability(acceptable)?, unacceptable: settings::probability(unacceptable)? };
        if acceptable < unacceptable { Ok(shift) } else { Err(Undefined::BadParameter) }
    }

    /// The error rate that is acceptable.
    pub fn acceptable(self) -> f64 {
        self.acceptable
    }

    /// The error rate that should raise an alarm.
    pub fn unacceptable(self) -> f64 {
        self.unacceptable
    }

    /// What an answer says for the higher rate: ln(p₁/p₀) for an error, else ln((1-p₁)/(1-p₀)), which is negative.
    pub fn score(self, error: bool) -> f64 {
        if error {
            (self.unacceptable / self.acceptable).ln()
        } else {
            ((1.0 - self.unacceptable) / (1.0 - self.acceptable)).ln()
        }
    }
}

/// Counts by week, in order; weeks in which nothing was asked are left out by whoever counts.
///
/// `UnequalLengths` when the lists differ in length, `NoData` when they are empty or a week has nothing asked,
/// `BadCount` when a week has more than were asked.
pub fn weeks(counts: &[u64], asked: &[u64]) -> Result<Vec<Proportion>, Undefined> {
    if counts.len() != asked.len() {
        return Err(Undefined::UnequalLengths);
    }
    if counts.is_empty() {
        return Err(Undefined::NoData);
    }
    counts.iter().zip(asked).map(|(&count, &asked)| Proportion::new(count, asked)).collect()
}

/// All weeks taken together. `NoData` without a week.
pub fn pooled(weeks: &[Proportion]) -> Result<Proportion, Undefined> {
    Proportion::new(weeks.iter().map(|week| week.successes()).sum(), weeks.iter().map(|week| week.trials()).sum())
}
