//! What a planned number of gold answers can show.
//!
//! In: a number of answers, a bar, a confidence, a true accuracy. Out: the pass mark, and the chance to reach it.
//! Exact for independent answers; with clusters use as many answers as they are worth.
//! Says before any gold is spent whether it could decide at all.

use super::sample_size::{MOST_ALLOWING_ERRORS, ROUNDING};
use crate::{Undefined, binomial, settings};

/// The smallest count of right answers among `n` that shows the bar; `None` when even `n` right would not.
///
/// The smallest k with P(X ≥ k | n, bar) ≤ 1 - confidence; the same k from which on the exact lower bound at that
/// confidence reaches the bar. At 95 % and n = 100: 87, 92, 96, 99 for bars of .80, .85, .90, .95; at n = 50: 45, 47,
/// 49, none.
///
/// `BadParameter` when the bar or the confidence is not between 0 and 1; `OutOfReach` above a hundred million answers.
pub fn pass_mark(n: u64, bar: f64, confidence: f64) -> Result<Option<u64>, Undefined> {
    let (bar, risk) = (settings::probability(bar)?, 1.0 - settings::probability(confidence)?);
    if n > MOST_ALLOWING_ERRORS {
        return Err(Undefined::OutOfReach);
    }
    let shows = |right: u64| binomial::at_least(right, n, bar) <= risk * (1.0 + ROUNDING);
    if !shows(n) {
        return Ok(None);
    }
    let (mut low, mut high) = (0, n);
    while high - low > 1 {
        let middle = u64::midpoint(low, high);
        if shows(middle) { high = middle } else { low = middle }
    }
    Ok(Some(high))
}

/// The chance that `n` answers show the bar when the true accuracy is `truth`: P(X ≥ pass mark | n, truth).
///
/// 0 when no count of right answers would show it, which is a fact about the plan. From 100 answers against .85 at
/// 95 %, a rater truly at .90 passes 32 times in 100.
///
/// `BadParameter` when the bar or the confidence is not between 0 and 1, or the truth not from 0 to 1;
/// `OutOfReach` as `pass_mark`.
pub fn chance_to_pass(n: u64, bar: f64, confidence: f64, truth: f64) -> Result<f64, Undefined> {
    let truth = settings::share(truth)?;
    Ok(pass_mark(n, bar, confidence)?.map_or(0.0, |mark| binomial::at_least(mark, n, truth)))
}
