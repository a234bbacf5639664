//! Intervals for bias and size of errors, with items as units.
//!
//! In: numeric answers, each with its item and gold; several raters may have answered an item. Out: estimates.
//! Answers to one item share what is hard about it, so they are never taken for independent. The interval speaks of
//! more items like these for the same raters; raters are not resampled. Order never shows: answers are sorted.

use super::is_number;
use crate::{Estimate, Method, Undefined, assert_level, quantile};

/// A standard error below this part of the greatest error is rounding.
const NO_ERROR: f64 = 1e-12;

/// A numeric answer to an item with gold.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Answer {
    /// The item, by any number.
    pub item: u32,
    /// What is right.
    pub gold: f64,
    /// What was answered.
    pub given: f64,
}

/// Answers in the order of their items; there is at least one, and all are numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Answers {
    answers: Vec<Answer>,
}

impl Answers {
    /// Collects answers.
    ///
    /// Undefined: `NoGold` without one, `NotNumbers` when a number is not finite (or 1e100 and beyond).
    pub fn of(answers: impl IntoIterator<Item = Answer>) -> Result<Self, Undefined> {
        let mut answers: Vec<Answer> = answers.into_iter().collect();
        if answers.is_empty() {
            return Err(Undefined::NoGold);
        }
        if !answers.iter().all(|answer| is_number(answer.gold) && is_number(answer.given)) {
            return Err(Undefined::NotNumbers);
        }
        answers.sort_unstable_by(|a, b| {
            a.item.cmp(&b.item).then(a.gold.total_cmp(&b.gold)).then(a.given.total_cmp(&b.given))
        });
        Ok(Self { answers })
    }

    /// The pairs of (gold, given), for `Scores::of`.
    pub fn pairs(&self) -> impl Iterator<Item = (f64, f64)> {
        self.answers.iter().map(|answer| (answer.gold, answer.given))
    }

    /// The answers to each item in turn.
    fn by_item(&self) -> impl Iterator<Item = &[Answer]> {
        self.answers.chunk_by(|a, b| a.item == b.item)
    }
}

/// The bias with its interval; `point` and bounds are in units of the scale, `n` counts items.
///
/// The mean b of d = given - gold over all answers, ± t(n - 1) · √(n/(n-1) · Σ e_i²) / N for n items and N answers,
/// with e_i the sum of d - b over the answers to item i. One answer an item: the usual t interval of a mean.
/// Assumes items drawn independently. With few items and skewed errors the coverage is approximate.
///
/// Undefined: `OneItem`, and `NoSpread` when no item departs from the mean (all answers right, say): items without
/// any spread do not show how far others would be. Source: linearisation of a ratio, Cochran 1977, ch. 6.
///
/// Panics when `level` is not between 0.5 and 1.
pub fn bias(answers: &Answers, level: f64) -> Result<Estimate, Undefined> {
    mean(answers, level, f64::NEG_INFINITY, |answer| answer.given - answer.gold)
}

/// The mean absolute error with its interval, as `bias` finds it, cut at 0; |given - gold| in place of d.
pub fn mean_absolute_error(answers: &Answers, level: f64) -> Result<Estimate, Undefined> {
    mean(answers, level, 0.0, |answer| (answer.given - answer.gold).abs())
}

/// The root mean square error with its interval: the roots of the mean square's, which is found as in `bias`.
pub fn root_mean_square_error(answers: &Answers, level: f64) -> Result<Estimate, Undefined> {
    let square = mean(answers, level, 0.0, |answer| (answer.given - answer.gold).powi(2))?;
    Ok(Estimate { point: square.point.sqrt(), low: square.low.sqrt(), high: square.high.sqrt(), ..square })
}

/// The mean of a figure over all answers, with items as units; no bound is below `least`.
fn mean(answers: &Answers, level: f64, least: f64, figure: fn(&Answer) -> f64) -> Result<Estimate, Undefined> {
    assert_level(level);
    let total = answers.answers.len() as f64;
    let point = answers.answers.iter().map(figure).sum::<f64>() / total;
    let departure = |item: &[Answer]| item.iter().map(|answer| figure(answer) - point).sum::<f64>();
    let squares = answers.by_item().map(|item| departure(item).powi(2)).sum::<f64>();
    let n = answers.by_item().count() as u64;
    if n == 1 {
        return Err(Undefined::OneItem);
    }
    let items = n as f64;
    let error = (items / (items - 1.0) * squares).sqrt() / total;
    let greatest = answers.answers.iter().map(|answer| figure(answer).abs()).fold(0.0, f64::max);
    if error <= NO_ERROR * greatest {
        return Err(Undefined::NoSpread);
    }
    let half = quantile::student(items - 1.0, f64::midpoint(1.0, level)) * error;
    let (low, high) = ((point - half).max(least), point + half);
    Ok(Estimate { point, low, high, level, n, method: Method::Linearised })
}
