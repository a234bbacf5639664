//! The Bernoulli CUSUM: an alarm that soon notices when errors become more frequent.
//!
//! In: a rater's gold answers in order (right or wrong), two error rates, a threshold. Out: the path, and the alarm.
//! Also how long it takes to an alarm, and the threshold that keeps false alarms as rare as they should be.
//! All of it is computed exactly; nothing is simulated. Answers are independent given the error rate.

use std::collections::VecDeque;

use super::Shift;
use super::walk::{Exit, Walk};
use crate::{Undefined, settings};

/// Thresholds beyond this belong to false alarms so rare that nobody means them.
const HIGHEST_THRESHOLD: f64 = 32.0;
/// Answers beyond this many are out of reach for `chance_of_alarm`.
const MOST_ANSWERS: u64 = 200_000;
/// Nor are ways of so many lengths, over so many answers, that adding them up would take longer than seconds.
const MOST_SUMS: u64 = 2_000_000_000;
/// A way back to zero that is less likely than this is left out.
const NEGLIGIBLE: f64 = 1e-16;

/// The sum after each answer: Sₜ = max(0, Sₜ₋₁ + w), with w the score of the answer (`Shift::score`).
///
/// It does not restart after an alarm. Empty for no answers. Sources: Page 1954; Steiner et al. 2000.
pub fn path(errors: &[bool], shift: Shift) -> Vec<f64> {
    let step = |sum: &mut f64, &error: &bool| {
        *sum = (*sum + shift.score(error)).max(0.0);
        Some(*sum)
    };
    errors.iter().scan(0.0, step).collect()
}

/// The number of the answer at which the sum first reaches the threshold, counted from 1; `None` without an alarm.
pub fn alarm(path: &[f64], threshold: f64) -> Option<usize> {
    path.iter().position(|&sum| sum >= threshold).map(|place| place + 1)
}

/// The mean number of answers until an alarm, when errors come at `error_rate` and the sum starts at zero.
///
/// At the acceptable rate this is the mean distance of false alarms; at the unacceptable one, how soon it is caught if
/// the change comes at the worst moment. Page's identity: the mean length of a way from zero back to zero or to the
/// alarm, by the chance that it ends in the alarm; both exact. It is a step function of the threshold.
///
/// With p₀ = .10, p₁ = .25, h = 3: 376.4 answers to a false alarm, 27.2 to a true one.
///
/// `BadParameter` when the threshold is not above zero or the rate not between 0 and 1; `OutOfReach` beyond what can
/// be computed (a threshold above 32, or rates so close that a way takes millions of answers).
/// Sources: Page 1954; Brook and Evans 1972; Reynolds and Stoumbos 1999.
pub fn average_run_length(shift: Shift, threshold: f64, error_rate: f64) -> Result<f64, Undefined> {
    let threshold = checked_threshold(threshold)?;
    let passage = Walk::new(shift, (0.0, threshold), settings::probability(error_rate)?).finish()?;
    Ok(passage.mean_length / passage.top)
}

/// The chance of at least one alarm within a number of answers, when errors come at `error_rate` from zero on.
///
/// By renewal: uₜ, the chance to be back at zero after t answers without an alarm, is Σ fₖ uₜ₋ₖ over the lengths k of
/// a way back, and an alarm falls on answer t with chance Σ gₖ uₜ₋ₖ over the lengths of a way to the alarm.
///
/// `BadParameter` and `OutOfReach` as in `average_run_length`, and `OutOfReach` above 200,000 answers, or for
/// rates so close that there are too many ways.
pub fn chance_of_alarm(shift: Shift, threshold: f64, error_rate: f64, answers: u64) -> Result<f64, Undefined> {
    let threshold = checked_threshold(threshold)?;
    if answers > MOST_ANSWERS {
        return Err(Undefined::OutOfReach);
    }
    let ways = ways(Walk::new(shift, (0.0, threshold), settings::probability(error_rate)?), answers as usize);
    if ways.len() as u64 * answers > MOST_SUMS {
        return Err(Undefined::OutOfReach);
    }
    let mut at_zero = VecDeque::from([1.0]);
    let mut alarmed = 0.0;
    for _ in 0..answers {
        let earlier = at_zero.iter().rev().zip(&ways);
        let (back, alarm) = earlier.fold((0.0, 0.0), |(b, a), (u, exit)| (b + u * exit.bottom, a + u * exit.top));
        alarmed += alarm;
        at_zero.push_back(back);
        if at_zero.len() > ways.len() {
            at_zero.pop_front();
        }
    }
    Ok(alarmed.min(1.0))
}

/// The lowest threshold whose false alarms are at least `answers` apart on average.
///
/// The false-alarm rate of a whole programme is the sum over raters, however many they are: "one false alarm in N
/// gold answers, all raters together" is `answers` = N, and "one in N gold answers of each of R raters" is
/// `answers` = R · N. Reported to about 1e-9 above the step at which the mean distance is reached.
///
/// `BadParameter` when `answers` is below 1 or not finite; `OutOfReach` when no threshold up to 32 will do.
pub fn threshold_for_distance(shift: Shift, answers: f64) -> Result<f64, Undefined> {
    let answers = settings::at_least(answers, 1.0)?;
    lowest_threshold(|threshold| Ok(average_run_length(shift, threshold, shift.acceptable())? >= answers))
}

/// A programme that is watched for a while: many raters, each with a CUSUM of their own.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Programme {
    /// Raters who are watched.
    pub raters: u64,
    /// Gold answers of each, until the next look at the whole.
    pub answers_each: u64,
    /// The chance of any false alarm in all of it.
    pub chance: f64,
}

/// The lowest threshold at which the chance of any false alarm in a programme stays within what was allowed.
///
/// With F the chance of an alarm for one rater at the acceptable rate, all R together have 1 - (1 - F)^R (Šidák),
/// because raters are independent. Each must keep F ≤ 1 - (1 - chance)^(1/R), a little above chance / R.
///
/// `BadParameter` when the chance is not between 0 and 1 or there are no raters or answers; `OutOfReach` as in
/// `chance_of_alarm` and when no threshold up to 32 will do.
pub fn threshold_for_programme(shift: Shift, programme: Programme) -> Result<f64, Undefined> {
    let chance = settings::probability(programme.chance)?;
    if programme.raters == 0 || programme.answers_each == 0 {
        return Err(Undefined::BadParameter);
    }
    let allowed = -((-chance).ln_1p() / programme.raters as f64).exp_m1();
    let within =
        |threshold| Ok(chance_of_alarm(shift, threshold, shift.acceptable(), programme.answers_each)? <= allowed);
    lowest_threshold(within)
}

/// The ways from zero by their length, until hardly any is left.
fn ways(mut walk: Walk, longest: usize) -> Vec<Exit> {
    let mut ways = Vec::new();
    while ways.len() < longest && walk.remaining() > NEGLIGIBLE {
        ways.push(walk.step());
    }
    ways
}

/// Doubles, then halves, between a threshold that does not do and one that does.
fn lowest_threshold(does: impl Fn(f64) -> Result<bool, Undefined>) -> Result<f64, Undefined> {
    let (mut low, mut high) = (0.0, 1.0);
    while !does(high)? {
        (low, high) = (high, high * 2.0);
        if high > HIGHEST_THRESHOLD {
            return Err(Undefined::OutOfReach);
        }
    }
    for _ in 0..34 {
        let middle = f64::midpoint(low, high);
        if does(middle)? { high = middle } else { low = middle }
    }
    Ok(high)
}

/// A threshold is above zero and not out of reach.
fn checked_threshold(threshold: f64) -> Result<f64, Undefined> {
    let threshold = settings::above_zero(threshold)?;
    if threshold <= HIGHEST_THRESHOLD { Ok(threshold) } else { Err(Undefined::OutOfReach) }
}
