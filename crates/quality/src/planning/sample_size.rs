//! How many gold answers a claim needs.
//!
//! In: a bar or two accuracies, a confidence, a power. Out: the number of independent gold answers.
//! Numbers are exact binomial searches, but for the comparison of two cohorts, which is the textbook formula.
//! Never rounds down.

use crate::{Undefined, binomial, quantile, settings};

/// More answers than this are not within reason.
const MOST_ANSWERS: u64 = 100_000;
/// The same for plans that take no search over a saw-tooth.
pub(super) const MOST_ALLOWING_ERRORS: u64 = 100_000_000;
/// Relative room for rounding where a chance equals the risk to the last digit.
pub(super) const ROUNDING: f64 = 1e-12;

/// The smallest number of answers that shows the bar even with `max_errors` of them wrong.
///
/// The smallest n with P(errors ≤ c | n, 1 - bar) ≤ 1 - confidence: were the accuracy only the bar, so few errors would
/// be rarer than that. Without errors it is ⌈ln(1 - confidence)/ln(bar)⌉. Answers are independent.
///
/// `BadParameter` when the bar or the confidence is not between 0 and 1; `OutOfReach` above a hundred million.
/// Source: the plan of acceptance sampling (Dodge and Romig 1929), from the tail of Clopper and Pearson 1934.
pub fn allowing_errors(bar: f64, confidence: f64, max_errors: u64) -> Result<u64, Undefined> {
    let (error_rate, risk) = (1.0 - settings::probability(bar)?, 1.0 - settings::probability(confidence)?);
    let shows = |n: u64| binomial::at_most(max_errors, n, error_rate) <= risk * (1.0 + ROUNDING);
    let mut high = max_errors.saturating_add(1);
    while !shows(high) {
        if high > MOST_ALLOWING_ERRORS {
            return Err(Undefined::OutOfReach);
        }
        high *= 2;
    }
    let mut low = max_errors;
    while high - low > 1 {
        let middle = u64::midpoint(low, high);
        if shows(middle) { high = middle } else { low = middle }
    }
    Ok(high)
}

/// How many answers show a bar with the wanted chance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GoldToShow {
    /// The smallest number that has the chance; a few more may have it no longer.
    pub first: u64,
    /// From this number on all have it.
    pub for_good: u64,
}

/// How many answers decide the bar with chance `power`, if the accuracy is truly `truth`.
///
/// With a truth above the bar: P(X ≥ pass mark | n, truth) ≥ power, where the pass mark is the smallest count that
/// shows the bar (`power::pass_mark`). The chance is a saw-tooth in n: it falls until one more error is allowed, and
/// then jumps. So both the first such number is given, and the one from which on no tooth falls below (looked
/// at up to twice that number). With a truth below the bar the mirror image: to show that the bar is missed.
///
/// `bar::items_to_decide` approximates `for_good` (within 6 %), and carries it over to items that share raters; here is
/// what it approximates. At 95 % and 80 % power, .90 against .85: first 281, for good 304.
///
/// `BadParameter` when bar, confidence or power is not between 0 and 1, the truth is not from 0 to 1, or truth and
/// bar are the same; `OutOfReach` above 100,000 answers.
pub fn to_show(bar: f64, truth: f64, confidence: f64, power: f64) -> Result<GoldToShow, Undefined> {
    let (bar, truth) = (settings::probability(bar)?, settings::share(truth)?);
    let (risk, power) = (1.0 - settings::probability(confidence)?, settings::probability(power)?);
    if truth == bar {
        return Err(Undefined::BadParameter);
    }
    // "Errors" are whatever should be few: wrong answers above the bar, right answers below it.
    let (at_bar, at_truth) = if truth > bar { (1.0 - bar, 1.0 - truth) } else { (bar, truth) };
    let mut teeth = SawTooth { at_bar, at_truth, risk, n: 0, allowed: None, tail_at_bar: 0.0, tail_at_truth: 0.0 };
    let (mut first, mut last_short) = (None, 0);
    while teeth.n <= 2 * last_short + 100 || first.is_none() {
        teeth.step();
        if teeth.tail_at_truth >= power {
            first = first.or(Some(teeth.n));
        } else {
            last_short = teeth.n;
        }
        if last_short >= MOST_ANSWERS {
            return Err(Undefined::OutOfReach);
        }
    }
    let for_good = last_short + 1;
    Ok(GoldToShow { first: first.unwrap_or(for_good), for_good })
}

/// The number of errors allowed, and the chance of no more than that, as answers are added one by one.
struct SawTooth {
    at_bar: f64,
    at_truth: f64,
    risk: f64,
    n: u64,
    /// `None` while even flawless answers would not do.
    allowed: Option<u64>,
    tail_at_bar: f64,
    tail_at_truth: f64,
}

impl SawTooth {
    /// One more answer: P(E ≤ c | n+1) = P(E ≤ c | n) - q P(E = c | n), and one more error when the risk has room.
    fn step(&mut self) {
        if let Some(allowed) = self.allowed {
            self.tail_at_bar -= self.at_bar * binomial::exactly(allowed, self.n, self.at_bar);
            self.tail_at_truth -= self.at_truth * binomial::exactly(allowed, self.n, self.at_truth);
        }
        self.n += 1;
        let next = self.allowed.map_or(0, |allowed| allowed + 1);
        let with_next = self.tail_at_bar + binomial::exactly(next, self.n, self.at_bar);
        if with_next <= self.risk * (1.0 + ROUNDING) {
            self.allowed = Some(next);
            self.tail_at_bar = with_next;
            self.tail_at_truth += binomial::exactly(next, self.n, self.at_truth);
        }
    }
}

/// How many answers each of two cohorts needs, on different items, to be told apart.
///
/// ((z √(2p̄(1-p̄)) + z' √(p₁(1-p₁) + p₂(1-p₂))) / (p₁ - p₂))², rounded up: the two-sided test with pooled variance at
/// 1 - `confidence` (z at its two-sided quantile), with power z'. At 95 % and 80 %: .80 from .85 takes 906 a side,
/// .80 from .90 takes 199, .85 from .90 takes 686. On the same items far fewer do (see `compare::paired`).
///
/// `BadParameter` when a setting is not between 0 and 1, the accuracies are the same, or the power is not above half
/// of 1 - confidence; `OutOfReach` above 10¹⁵. Source: Fleiss, Levin and Paik 2003, section 4.2, without continuity
/// correction.
pub fn to_tell_apart(first: f64, second: f64, confidence: f64, power: f64) -> Result<u64, Undefined> {
    let (first, second) = (settings::share(first)?, settings::share(second)?);
    let (risk, power) = (1.0 - settings::probability(confidence)?, settings::probability(power)?);
    if first == second || power <= risk / 2.0 {
        return Err(Undefined::BadParameter);
    }
    let pooled = f64::midpoint(first, second);
    let spread = first * (1.0 - first) + second * (1.0 - second);
    let of_test = quantile::normal(1.0 - risk / 2.0) * (2.0 * pooled * (1.0 - pooled)).sqrt();
    let reach = of_test + quantile::normal(power) * spread.sqrt();
    let needed = (reach / (first - second)).powi(2).ceil().max(1.0);
    if needed <= 1e15 { Ok(needed as u64) } else { Err(Undefined::OutOfReach) }
}
