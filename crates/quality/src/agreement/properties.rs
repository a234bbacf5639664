//! What holds for any ratings: bounds, symmetries, and what twice as many items change.

use super::tests::{FIVE, every};
use super::*;
use crate::weights::Weighting;
use proptest::prelude::*;

/// Items rated 1 to 5 times on 4 categories.
fn items() -> impl Strategy<Value = Vec<Vec<u32>>> {
    prop::collection::vec(prop::collection::vec(0_u32..4, 1..6), 1..25)
}

fn assert_alike(one: Result<f64, Undefined>, other: Result<f64, Undefined>) -> Result<(), TestCaseError> {
    match (one, other) {
        (Ok(one), Ok(other)) => prop_assert!((one - other).abs() < 1e-9, "{one} v {other}"),
        _ => prop_assert_eq!(one, other),
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn agreement_is_one_exactly_when_no_item_has_two_values(items in items()) {
        let has_two = items.iter().any(|item| item.iter().any(|rating| *rating != item[0]));
        let patterns = Patterns::of(4, items);
        let weights = Weights::of(Weighting::Linear, 4);
        for coefficient in every(&weights, &FIVE[..4]) {
            if let Ok(value) = coefficient.of(&patterns) {
                prop_assert!(value <= 1.0 && (value == 1.0) != has_two, "{coefficient:?}: {value}");
                let error = coefficient.standard_error(&patterns);
                prop_assert!(error.is_err() || error.is_ok_and(|error| error.is_finite() && error >= 0.0));
            }
        }
    }

    #[test]
    fn names_of_categories_leave_nominal_figures_as_they_are(items in items(), turn in 1_u32..4) {
        let renamed: Vec<Vec<u32>> =
            items.iter().map(|item| item.iter().map(|rating| (rating + turn) % 4).collect()).collect();
        let (patterns, renamed) = (Patterns::of(4, items), Patterns::of(4, renamed));
        let weights = Weights::of(Weighting::Identity, 4);
        for coefficient in every(&weights, &[]) {
            assert_alike(coefficient.of(&patterns), coefficient.of(&renamed)).or_else(|error| match coefficient {
                Coefficient::Alpha { level: Level::Ordinal, .. } => Ok(()),
                _ => Err(error),
            })?;
        }
    }

    #[test]
    fn a_reversed_scale_leaves_ordered_figures_as_they_are(items in items()) {
        let reversed: Vec<Vec<u32>> = items.iter().map(|item| item.iter().map(|rating| 3 - rating).collect()).collect();
        let (patterns, reversed) = (Patterns::of(4, items), Patterns::of(4, reversed));
        for kind in Weighting::ALL {
            let weights = Weights::of(kind, 4);
            for coefficient in every(&weights, &FIVE[..4]) {
                if !matches!(coefficient, Coefficient::Alpha { level: Level::Ratio, .. }) {
                    assert_alike(coefficient.of(&patterns), coefficient.of(&reversed))?;
                    assert_alike(coefficient.standard_error(&patterns), coefficient.standard_error(&reversed))?;
                }
            }
        }
    }

    /// 1 - alpha carries the factor (N - 1) / N, and nothing else in any figure knows how many items there are.
    #[test]
    fn items_given_twice_change_alpha_by_its_small_sample_factor_only(items in items()) {
        let ratings: usize = items.iter().map(Vec::len).filter(|&ratings| ratings > 1).sum();
        let factor = |times: usize| (times * ratings - 1) as f64 / (times * ratings) as f64;
        let twice: Vec<Vec<u32>> = items.iter().chain(&items).cloned().collect();
        let (patterns, twice) = (Patterns::of(4, items), Patterns::of(4, twice));
        let weights = Weights::of(Weighting::Quadratic, 4);
        for coefficient in every(&weights, &FIVE[..4]) {
            let (once, twice) = (coefficient.of(&patterns), coefficient.of(&twice));
            match coefficient {
                Coefficient::Alpha { .. } | Coefficient::AlphaOf(_) => {
                    let limit = |value: Result<f64, Undefined>, times| value.map(|value| (1.0 - value) / factor(times));
                    assert_alike(limit(once, 1), limit(twice, 2))?;
                }
                _ => prop_assert_eq!(once, twice),
            }
        }
    }

    #[test]
    fn the_order_of_items_and_ratings_does_not_change_a_bit(items in items()) {
        let mut other: Vec<Vec<u32>> = items.iter().rev().cloned().collect();
        other.iter_mut().for_each(|item| item.reverse());
        let (patterns, other) = (Patterns::of(4, items), Patterns::of(4, other));
        let weights = Weights::of(Weighting::Linear, 4);
        for coefficient in every(&weights, &FIVE[..4]) {
            prop_assert_eq!(coefficient.of(&patterns), coefficient.of(&other));
            prop_assert_eq!(coefficient.standard_error(&patterns), coefficient.standard_error(&other));
        }
    }

    /// However few items there are: what bends a figure too far gives way to the linearised interval.
    #[test]
    fn an_interval_holds_its_figure(items in items()) {
        let patterns = Patterns::of(4, items);
        let weights = Weights::of(Weighting::Linear, 4);
        for coefficient in every(&weights, &FIVE[..4]) {
            for found in coefficient.estimates_by(IntervalRule::Abc, &patterns, [0.95, 0.9]).into_iter().flatten() {
                let holds = found.low <= found.point + 1e-9 && found.point <= found.high + 1e-9;
                prop_assert!(holds, "{coefficient:?}: {} not in {} to {}", found.point, found.low, found.high);
            }
        }
    }
}
