//! The walk that an evidence sum takes between two bounds, followed exactly.
//!
//! In: what errors and right answers add, the bounds, an error rate. Out: the chances of leaving, answer by answer.
//! After t answers of which i were errors the sum is one number, whatever their order; so only as many values are
//! inside the bounds at once as fit between them, and the chances are exact: no grid, no simulation.
//! Never restarts; CUSUM's returns to zero are its caller's.

use std::collections::VecDeque;

use super::Shift;
use crate::Undefined;

/// Sums this close to a bound have reached it: rounding must not decide.
const TOUCH: f64 = 1e-9;
/// What is left inside no longer matters when it is this much less likely than what went through the top.
const SETTLED: f64 = 1e-13;
/// Longer walks than this are out of reach.
const LONGEST: usize = 2_000_000;

/// Chances of leaving with one particular answer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Exit {
    pub bottom: f64,
    pub top: f64,
}

/// A walk as a whole.
#[derive(Clone, Copy, Debug)]
pub(super) struct Passage {
    /// The chance of leaving through the top.
    pub top: f64,
    /// The chance of leaving through the bottom.
    pub bottom: f64,
    /// The mean number of answers until it leaves.
    pub mean_length: f64,
}

/// A walk that starts at 0 and is followed answer by answer.
pub(super) struct Walk {
    scores: [f64; 2],
    bounds: (f64, f64),
    error_rate: f64,
    answers: u64,
    /// Chances of being inside after `first_errors`, and one more each, errors.
    inside: VecDeque<f64>,
    first_errors: u64,
}

impl Walk {
    /// Leaves as soon as the sum is at or below `bounds.0`, or at or above `bounds.1`.
    pub fn new(shift: Shift, bounds: (f64, f64), error_rate: f64) -> Self {
        let scores = [shift.score(false), shift.score(true)];
        Self { scores, bounds, error_rate, answers: 0, inside: VecDeque::from([1.0]), first_errors: 0 }
    }

    /// The chance of being inside still.
    pub fn remaining(&self) -> f64 {
        self.inside.iter().sum()
    }

    /// Takes one answer.
    pub fn step(&mut self) -> Exit {
        self.answers += 1;
        let mut carried = 0.0;
        for chance in &mut self.inside {
            let errs = *chance * self.error_rate;
            *chance = *chance * (1.0 - self.error_rate) + carried;
            carried = errs;
        }
        self.inside.push_back(carried);
        let mut exit = Exit { bottom: 0.0, top: 0.0 };
        let most_errors = self.first_errors + self.inside.len() as u64 - 1;
        if self.sum(most_errors) >= self.bounds.1 - TOUCH {
            exit.top = self.inside.pop_back().unwrap_or_default();
        }
        while !self.inside.is_empty() && self.sum(self.first_errors) <= self.bounds.0 + TOUCH {
            exit.bottom += self.inside.pop_front().unwrap_or_default();
            self.first_errors += 1;
        }
        exit
    }

    /// The evidence after the answers so far, of which `errors` were errors.
    fn sum(&self, errors: u64) -> f64 {
        errors as f64 * self.scores[1] + (self.answers - errors) as f64 * self.scores[0]
    }

    /// Follows the walk until it has left, but for a chance that no longer matters.
    ///
    /// `OutOfReach` when that takes too long, or the top is so far off that its chance cannot be computed.
    pub fn finish(mut self) -> Result<Passage, Undefined> {
        let mut passage = Passage { top: 0.0, bottom: 0.0, mean_length: 0.0 };
        for _ in 0..LONGEST {
            let remaining = self.remaining();
            if remaining <= SETTLED * passage.top.min(1.0) {
                return if passage.top > 0.0 { Ok(passage) } else { Err(Undefined::OutOfReach) };
            }
            passage.mean_length += remaining;
            let exit = self.step();
            passage.top += exit.top;
            passage.bottom += exit.bottom;
        }
        Err(Undefined::OutOfReach)
    }
}
