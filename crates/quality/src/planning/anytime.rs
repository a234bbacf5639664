//! Bounds on a proportion that hold at every look, so that one may look each week and stop at any.
//!
//! In: right and asked so far, a level. Out: a lower and an upper bound, or the evidence against a bar.
//! The price is a bound that is wider at any one look than the exact one for a planned number.
//! Never depends on the order of the answers, on when one looked, or on how often.

use statrs::function::gamma::ln_gamma;

use crate::bar::{GoldYield, WITHIN_REASON};
use crate::clustered::Clustered;
use crate::{Estimate, Method, Undefined, settings};

/// A round that changes the continued fraction by less than this is the last.
const SETTLED: f64 = 1e-15;
/// The standard normal quantile of 80 %.
const POWER_QUANTILE: f64 = 0.841_621_233_572_914_2;
/// Enough rounds for more answers than there will ever be.
const MOST_ROUNDS: u32 = 100_000;
/// The shorter tail cannot hold more than this; rounding might.
const CERTAIN: f64 = 0.9;

/// The proportion with two-sided bounds at `level` that hold at all looks together.
///
/// Each bound is one-sided at (1 + level)/2; `n` is the number asked, rounded down. Errors as `bounds`.
pub fn estimate(right: f64, asked: f64, level: f64) -> Result<Estimate, Undefined> {
    let (low, high) = bounds(right, asked, f64::midpoint(1.0, settings::level(level)?))?;
    Ok(Estimate { point: right / asked, low, high, level, n: asked as u64, method: Method::AnytimeValid })
}

/// One-sided bounds (lower, upper), each of which holds at all looks together with probability `level`.
///
/// Bet against "p is at most b": with stake u from 0 to 1, each right answer multiplies the capital by
/// 1 + u(1-b)/b, each wrong one by 1 - u. If the claim is true no stake gains on average, so by Ville's inequality
/// capital 1 reaches 1/α with probability at most α, ever. Spread evenly, stakes make the capital
///
///   M(b) = ∫₀¹ (1 + u(1-b)/b)ᵏ (1-u)ⁿ⁻ᵏ du = P(Beta(k+1, n-k+1) > b) B(k+1, n-k+1) / (bᵏ (1-b)ⁿ⁻ᵏ⁺¹)
///
/// for k right of n. It falls as b rises, so the lower bound is the b at which M(b) = 1/α, α = 1 - level: 0 without a
/// right answer. The upper bound is that of wrong answers, from 1. The mixture is Robbins' with the prior cut at
/// b, which is what a one-sided claim allows, and gains a factor of up to 1/(1-b) over the uncut one.
///
/// Against .85 at 95 %, flawless answers suffice from 28 on (planned: 19); of 100 it takes 94 right (92), of 1000
/// it takes 884 (869). At 900 of 1000 the lower bound is .8684, against .8830 planned for this one look. The bound on
/// the side of the rarer outcome is the wider one (here .9311 against .9152), as stakes that suit it are few.
///
/// Looking each week for a year, 20 answers a week with the truth at .85, this lower bound was once too high on 2 % of
/// simulated paths, the exact bound for a planned number on 25 %.
///
/// Valid for independent answers with one p, and for answers each of which is right with chance at most p given those
/// before it. For clustered data give right and asked as effective numbers (`clustered`): the bound is then an
/// approximation, because the design effect is itself an estimate and changes from look to look. Counts may be
/// fractions for that reason.
///
/// `NoData` when nothing was asked, `BadCount` when counts contradict each other, `BadParameter` when the level is not
/// between 0.5 and 1. Sources: Ville 1939; Robbins 1970; Waudby-Smith and Ramdas 2024.
pub fn bounds(right: f64, asked: f64, level: f64) -> Result<(f64, f64), Undefined> {
    let needed = -(1.0 - settings::level(level)?).ln();
    check_counts(right, asked)?;
    Ok((lower_bound(right, asked, needed), 1.0 - lower_bound(asked - right, asked, needed)))
}

/// The same of answers that share items and raters: on as many independent ones as they are worth, and neither bound beyond
/// that of flawless answers from the same items and raters, as few raters show little however alike they are.
///
/// `BadParameter` as there.
pub fn clustered_bounds(of: &Clustered, level: f64) -> Result<(f64, f64), Undefined> {
    let (lower, upper) = bounds(of.estimate.point * of.effective_n, of.effective_n, level)?;
    let (lowest, _) = bounds(of.flawless_n, of.flawless_n, level)?;
    Ok((lower.min(lowest), upper.max(1.0 - lowest)))
}

/// How many answers would decide the bar at some look with 80 % chance if `point` were the truth: the fewest whose bound
/// reaches the bar (falls short of it) with so few (so many) right as come in one of five samples.
///
/// The chance is that at the last look alone, by the normal approximation of the binomial; looking earlier adds to it.
/// From .90 against .85 at level .95 it is 668, where one planned look needs 302: of 400 simulated samples 75 % decide
/// with the last of them, and 83 % at it or at one of the weekly looks before, 20 answers each.
///
/// `None` when the point is on the bar, outside of 0 to 1, or more answers than `most` would be needed.
pub fn answers_to_decide(point: f64, bar: f64, level: f64, most: f64) -> Option<f64> {
    let is_inside = (0.0..=1.0).contains(&point) && bar > 0.0 && bar < 1.0 && point != bar;
    // Below the bar, wrong answers are what is to be shown.
    let (share, bar) = if point > bar { (point, bar) } else { (1.0 - point, 1.0 - bar) };
    let decides = |answers: f64| {
        let right = share * answers - POWER_QUANTILE * (answers * share * (1.0 - share)).sqrt();
        bounds(right.max(0.0), answers, level).is_ok_and(|(lower, _)| lower >= bar)
    };
    if !is_inside || !decides(most) {
        return None;
    }
    let (mut too_few, mut enough) = (0.0, most);
    while enough - too_few > 0.5 {
        let middle = f64::midpoint(too_few, enough);
        if decides(middle) { enough = middle } else { too_few = middle }
    }
    Some(enough.ceil())
}

/// How many gold items in all would decide the bar at some look with 80 % chance if `point` were the truth: the answers of
/// `answers_to_decide`, turned into items by `gold`.
///
/// `None` as there, and where raters differ so much that only more raters would help.
pub fn items_to_decide(point: f64, bar: f64, level: f64, gold: &GoldYield) -> Option<u64> {
    let most = WITHIN_REASON * gold.per_item.max(gold.per_flawless_item);
    let answers = answers_to_decide(point, bar, level, most)?;
    // No bound goes beyond that of flawless answers, so that as many items are needed as these would want.
    let flawless = answers_to_decide(if point > bar { 1.0 } else { 0.0 }, bar, level, most)? / gold.per_flawless_item;
    let is_flawless = point == 0.0 || point == 1.0;
    let items = if is_flawless { flawless } else { flawless.max(gold.items_for(answers)) };
    let needed = items.ceil();
    (needed <= WITHIN_REASON).then_some(needed as u64)
}

/// Raters, and gold items that they rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RatersAndItems {
    /// Raters.
    pub raters: u64,
    /// Gold items, each rated as often as today.
    pub items: u64,
}

/// How many raters and gold items in all would decide the bar at some look with 80 % chance, where no number of items by
/// these `raters` does: as many raters as leave half of the error to them, and items for the other half.
///
/// The effective answers that gold without end comes to (`gold.ceiling`) grow with the number of raters, if more of them
/// differ as these do. `None` where raters set no limit, or neither number is within reason.
pub fn raters_to_decide(point: f64, bar: f64, level: f64, gold: &GoldYield, raters: u64) -> Option<RatersAndItems> {
    let answers = answers_to_decide(point, bar, level, WITHIN_REASON * gold.per_item)?;
    let share = gold.ceiling / raters as f64;
    let needed = (2.0 * answers / share).ceil();
    let items = GoldYield { ceiling: share * needed, ..*gold }.items_for(answers).ceil();
    let is_limited = gold.ceiling.is_finite() && gold.ceiling > 0.0;
    let within_reason = |number: f64| number <= WITHIN_REASON;
    (is_limited && within_reason(needed) && within_reason(items))
        .then_some(RatersAndItems { raters: needed as u64, items: items as u64 })
}

/// The evidence that the proportion is above the bar: ln M(bar), where M is the capital won by betting on it.
///
/// At ln 20 ≈ 3.0 or more the bar is shown at 95 %, whenever one looks. May be negative without end: betting can lose.
/// `NoData` and `BadCount` as in `bounds`; `BadParameter` when the bar is not between 0 and 1.
pub fn log_evidence(right: f64, asked: f64, bar: f64) -> Result<f64, Undefined> {
    check_counts(right, asked)?;
    Ok(log_capital(right, asked, settings::probability(bar)?))
}

/// Counts are finite, something was asked, and no more was right.
fn check_counts(right: f64, asked: f64) -> Result<(), Undefined> {
    if asked == 0.0 && right == 0.0 {
        Err(Undefined::NoData)
    } else if right >= 0.0 && right <= asked && asked.is_finite() {
        Ok(())
    } else {
        Err(Undefined::BadCount)
    }
}

/// The bar at which the log of the capital is just what is needed, by bisection below the share that was right.
fn lower_bound(right: f64, asked: f64, needed: f64) -> f64 {
    let (mut shown, mut not_shown) = (0.0, right / asked);
    for _ in 0..60 {
        let middle = f64::midpoint(shown, not_shown);
        if middle > 0.0 && log_capital(right, asked, middle) >= needed { shown = middle } else { not_shown = middle }
    }
    shown
}

/// ln M(bar), from whichever tail of Beta(k+1, n-k+1) is the shorter one.
fn log_capital(right: f64, asked: f64, bar: f64) -> f64 {
    let wrong = asked - right;
    if right <= bar * asked {
        // Here the beta functions cancel, so evidence against the claim cannot underflow.
        let share = (1.0 - bar).min(1.0 - f64::EPSILON);
        return (bar / (wrong + 1.0) * tail_fraction(wrong + 1.0, right + 1.0, share)).ln();
    }
    let beta = ln_gamma(right + 1.0) + ln_gamma(wrong + 1.0) - ln_gamma(asked + 2.0);
    let unlikely = right * bar.ln() + (wrong + 1.0) * (-bar).ln_1p() - beta;
    let below = bar / (right + 1.0) * unlikely.exp() * tail_fraction(right + 1.0, wrong + 1.0, bar);
    (-below.min(CERTAIN)).ln_1p() - unlikely
}

/// P(Beta(a, b) < x) over xᵃ (1-x)ᵇ / (a B(a, b)), for x at or below the mode: a continued fraction.
///
/// Source: DLMF 8.17.22, evaluated after Lentz 1976; takes about as many rounds as the root of a + b.
fn tail_fraction(a: f64, b: f64, x: f64) -> f64 {
    let apart_from_zero = |value: f64| if value.abs() < f64::MIN_POSITIVE { f64::MIN_POSITIVE } else { value };
    let (mut numerator, mut denominator) = (1.0, 1.0 / apart_from_zero(1.0 - (a + b) * x / (a + 1.0)));
    let mut value = denominator;
    for round in 1..MOST_ROUNDS {
        let m = f64::from(round);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        let before = value;
        for coefficient in [even, odd] {
            numerator = apart_from_zero(1.0 + coefficient / numerator);
            denominator = 1.0 / apart_from_zero(1.0 + coefficient * denominator);
            value *= numerator * denominator;
        }
        if (value / before - 1.0).abs() < SETTLED {
            break;
        }
    }
    value
}
