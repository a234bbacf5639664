//! The watch: a CUSUM over weeks that knows no rate beforehand, and notices when errors become more frequent.
//!
//! In: answers added up by week, a threshold. Out: by week the evidence, the sum, and alarms with the week in which the
//! change began. Each week is compared with all weeks before it. It never says why, and never looks at a later week.

use crate::contrast::{AnswerSums, AnswerTotal, ContrastSide, PooledEffect};

/// By how much evidence is lessened each week: half a standard error of a week's figure, which notices a fall of about one
/// soonest. The usual choice (Montgomery, Statistical Quality Control, ch. 9).
pub const ALLOWANCE: f64 = 0.5;

/// A week of a watch.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct WatchedWeek {
    /// How far the week speaks for more errors than before, as a standard normal score; none where nothing was asked,
    /// or before.
    pub evidence: Option<f64>,
    /// The sum after this week.
    pub sum: f64,
    /// The design effect, learnt from all weeks so far.
    pub effect: PooledEffect,
    /// The place of the week in which the change began, if the alarm rings in this week.
    pub alarm: Option<usize>,
}

/// Watches weeks that are in order.
///
/// Errors are those of Bernoulli trials whose rate nobody knows beforehand. The evidence of a week is
/// z = (φ - φ₀) / √(1/(4n+2) + 1/(4n₀+2)), φ = arcsin √((x + 3/8)/(n + 3/4)), with x errors of n answers in the week and
/// those with a naught in all weeks before: standard normal and independent from week to week while the rate stays
/// (Anscombe 1948; Quesenberry 1991 on charts that start by themselves), also where errors are few. Answers on one item
/// are one cluster: x and n are divided by the design effect of items, which is the variance of "this week less the weeks
/// before" with items as clusters by that of independent answers, both summed over the weeks so far, and never below 1.
/// Raters are taken for the same people in all weeks, so that what one is like cancels; where they change, that is part of
/// what is noticed.
///
/// Sₜ = max(0, Sₜ₋₁ + z - ½). At the threshold it rings (Page 1954): the change began in one of the weeks since the sum was
/// zero, most likely where the evidence before and since differs most. Then it starts anew, with the weeks since the change
/// as what was before.
///
/// The threshold is `run_length::normal_threshold`'s for the mean distance of false alarms.
pub fn watch(weeks: &[AnswerSums], threshold: f64) -> Vec<WatchedWeek> {
    let mut watched: Vec<WatchedWeek> = Vec::with_capacity(weeks.len());
    let mut before = AnswerSums::default();
    let (mut sum, mut began, mut effect) = (0.0_f64, 0, PooledEffect::default());
    for (place, week) in weeks.iter().enumerate() {
        let comparable = week.total().asked > 0.0 && before.total().asked > 0.0;
        if comparable {
            effect.add(&[&less(week, &before)], &[]);
        }
        let evidence = comparable.then(|| evidence(week.total(), before.total(), effect.of_items()));
        if sum == 0.0 {
            began = place;
        }
        sum = (sum + evidence.map_or(0.0, |z| z - ALLOWANCE)).max(0.0);
        watched.push(WatchedWeek { evidence, sum, effect, alarm: None });
        let alarm = (sum >= threshold).then(|| began + likeliest_start(&watched[began..]));
        watched[place].alarm = alarm;
        if let Some(began) = alarm {
            sum = 0.0;
            before = AnswerSums::joined(weeks[began..=place].iter());
        } else {
            before.join(week);
        }
    }
    watched
}

/// Where the scores most likely rose, when they are standard normal before and have another mean since: the start from
/// which (Σ z)² / number is largest (Hinkley 1970).
fn likeliest_start(weeks: &[WatchedWeek]) -> usize {
    let (mut sum, mut best, mut start) = (0.0_f64, f64::NEG_INFINITY, 0);
    for (number, place) in (1_u32..).zip((0..weeks.len()).rev()) {
        sum += weeks[place].evidence.unwrap_or(0.0);
        let likelihood = sum.signum() * sum * sum / f64::from(number);
        if likelihood > best {
            (best, start) = (likelihood, place);
        }
    }
    start
}

/// A week less what was before.
fn less<'a>(week: &'a AnswerSums, before: &'a AnswerSums) -> [ContrastSide<'a>; 2] {
    [(1.0, week), (-1.0, before)].map(|(coefficient, sums)| ContrastSide { coefficient, sums })
}

/// The evidence of a week for more errors than before.
fn evidence(week: AnswerTotal, before: AnswerTotal, design_effect: f64) -> f64 {
    let angle = |of: AnswerTotal| {
        let (errors, asked) = ((of.asked - of.right).max(0.0) / design_effect, of.asked / design_effect);
        (((errors + 0.375) / (asked + 0.75)).min(1.0).sqrt().asin(), 1.0 / (4.0 * asked + 2.0))
    };
    let ((now, variance), (then, variance_then)) = (angle(week), angle(before));
    (now - then) / (variance + variance_then).sqrt()
}
