//! Closeness to gold: whether numbers are too high or too low, and how far off they are.
//!
//! In: answers and their gold as numbers. Out: bias and mean absolute error, with intervals that honour items and raters
//! (`quality::clustered::mean`). Answers without a value, and gold that takes several for right, are left out by whoever
//! counts.

use super::LEVEL;
use crate::quality::Undefined;
use crate::quality::clustered::mean::{ClusteredMean, NumberCell, mean};

/// A mean with its interval where it has one, or why it is undefined.
pub type Mean = Result<ClusteredMean, Undefined>;

/// How far answers are from gold, in units of the scale.
#[derive(Clone, Debug)]
pub struct Closeness {
    /// What it is counted in.
    pub unit: String,
    /// The mean of answer minus gold: above 0 where answers are too high. Errors in both directions cancel.
    pub bias: Mean,
    /// The mean of how far answers are from gold, whichever way.
    pub mean_absolute_error: Mean,
}

/// How often one rater gave one number to an item, and the item's gold.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AnsweredNumber {
    /// The item, by any number.
    pub item: u32,
    /// The rater, by any number.
    pub rater: u32,
    /// What is right.
    pub gold: f64,
    /// What was answered.
    pub given: f64,
    /// How often.
    pub times: u32,
}

impl Closeness {
    /// The closeness of answers in this unit, on a scale whose values are at most `span` apart; `without` is the reason
    /// where there is none.
    pub fn of(answers: &[AnsweredNumber], unit: &str, span: Option<f64>, without: Undefined) -> Self {
        let span = span.unwrap_or(f64::INFINITY);
        let of = |error: fn(f64) -> f64, bounds: (f64, f64)| {
            let cell = |of: &AnsweredNumber| NumberCell {
                item: of.item,
                rater: of.rater,
                sum: error(of.given - of.gold) * f64::from(of.times),
                answers: u64::from(of.times),
            };
            mean(answers.iter().map(cell).collect(), bounds, LEVEL).map_err(|undefined| match undefined {
                Undefined::NoData => without,
                other => other,
            })
        };
        Self {
            unit: unit.to_owned(),
            bias: of(|error| error, (-span, span)),
            mean_absolute_error: of(f64::abs, (0.0, span)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quality::closeness::{Scores, bias, mean_absolute_error};
    use proptest::prelude::*;

    fn answer((item, rater, gold, given, times): (u32, u32, i32, i32, u32)) -> AnsweredNumber {
        AnsweredNumber { item, rater, gold: f64::from(gold), given: f64::from(given), times }
    }

    /// 7 answers to 3 items, by hand: errors 1, 1, 0, -2, -2, 0, 1 have a mean of -1/7, and are 1 off on average.
    #[test]
    fn errors_cancel_in_bias_and_add_up_in_the_absolute_error() {
        let answers = [(1, 1, 3, 4, 2), (1, 2, 3, 3, 1), (2, 1, 5, 3, 2), (2, 2, 5, 5, 1), (3, 2, 1, 2, 1)].map(answer);
        let of = Closeness::of(&answers, "min", Some(4.0), Undefined::NoGold);
        let [bias, absolute] = [of.bias.unwrap(), of.mean_absolute_error.unwrap()];
        assert!((bias.point - -1.0 / 7.0).abs() < 1e-12 && (absolute.point - 1.0).abs() < 1e-12);
        assert_eq!((bias.n_ratings, bias.n_items, bias.n_raters), (7, 3, 2));
        // Two raters leave nearly everything open, but not what the scale has no room for.
        let estimate = absolute.interval.unwrap().estimate;
        assert!(estimate.low >= 0.0 && estimate.high <= 4.0, "{estimate:?}");
    }

    #[test]
    fn without_answers_it_says_why() {
        let none = Closeness::of(&[], "", None, Undefined::NoGoldValue);
        assert_eq!((none.bias, none.mean_absolute_error), (Err(Undefined::NoGoldValue), Err(Undefined::NoGoldValue)));
    }

    proptest! {
        #[test]
        fn a_shift_of_all_answers_moves_the_bias_by_as_much_and_the_definitions_agree(
            answers in prop::collection::vec((0_u32..8, 0_u32..4, -5_i32..6, -5_i32..6, 1_u32..3), 1..40),
            shift in -20_i32..21,
        ) {
            let shifted = answers.iter().map(|of| answer((of.0, of.1, of.2, of.3 + shift, of.4)));
            let shifted = Closeness::of(&shifted.collect::<Vec<_>>(), "", None, Undefined::NoGold);
            let plain: Vec<AnsweredNumber> = answers.into_iter().map(answer).collect();
            let of = Closeness::of(&plain, "", None, Undefined::NoGold);
            let (bias_of, shifted_bias) = (of.bias.unwrap().point, shifted.bias.unwrap().point);
            prop_assert!((shifted_bias - bias_of - f64::from(shift)).abs() < 1e-9);
            let pairs = plain.iter().flat_map(|of| (0..of.times).map(|_| (of.gold, of.given)));
            let scores = Scores::of(pairs).unwrap();
            prop_assert!((bias(&scores) - bias_of).abs() < 1e-9);
            prop_assert!((mean_absolute_error(&scores) - of.mean_absolute_error.unwrap().point).abs() < 1e-9);
        }
    }
}
