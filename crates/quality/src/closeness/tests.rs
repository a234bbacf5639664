//! Tests of closeness to gold: independent packages, the plain definitions, edge cases, and what must hold always.

use super::answers::{Answer, Answers};
use super::rank::{kendall_tau_b, spearman, spearman_estimate};
use super::*;
use crate::Method;
use proptest::prelude::*;

const GOLD: [f64; 12] = [1.0, 2.0, 2.0, 3.0, 3.0, 3.0, 4.0, 5.0, 5.0, 1.0, 4.0, 2.0];
const GIVEN: [f64; 12] = [1.0, 2.0, 3.0, 3.0, 2.0, 4.0, 4.0, 4.0, 5.0, 2.0, 5.0, 2.5];
const ITEMS: [u32; 12] = [0, 0, 0, 1, 1, 2, 3, 3, 3, 4, 5, 5];

fn scores() -> Scores {
    Scores::of(GOLD.into_iter().zip(GIVEN)).unwrap()
}

/// One answer to each item, or several.
fn answers(items: impl IntoIterator<Item = u32>) -> Answers {
    let answer = |(item, (gold, given))| Answer { item, gold, given };
    Answers::of(items.into_iter().zip(GOLD.into_iter().zip(GIVEN)).map(answer)).unwrap()
}

fn assert_near(found: f64, expected: f64, tolerance: f64) {
    assert!((found - expected).abs() <= tolerance, "{found} v {expected}");
}

/// NumPy 1.26.4 for the means; SciPy 1.12.0 `spearmanr` and `kendalltau`.
#[test]
fn points_agree_with_scipy() {
    assert_near(bias(&scores()), 0.20833333333333334, 1e-14);
    assert_near(mean_absolute_error(&scores()), 0.5416666666666667, 1e-14);
    assert_near(root_mean_square_error(&scores()), 0.7216878364870323, 1e-14);
    assert_near(spearman(&scores()).unwrap(), 0.8493661901095344, 1e-14);
    assert_near(kendall_tau_b(&scores()).unwrap(), 0.7478543617580122, 1e-14);
}

/// SciPy 1.12.0: `t.interval` of the differences.
#[test]
fn the_bias_of_one_rater_has_the_usual_t_interval() {
    let found = answers::bias(&answers(0..12), 0.95).unwrap();
    assert_near(found.low, -0.25020524168394764, 5e-6);
    assert_near(found.high, 0.6668719083506143, 5e-6);
    assert_eq!((found.point, found.n, found.method), (bias(&scores()), 12, Method::Linearised));
}

/// statsmodels 0.15.0: `OLS` on a constant, `cov_type='cluster'` by item, `use_t`.
#[test]
fn answers_to_one_item_are_one_unit() {
    let answers = answers(ITEMS);
    let found = answers::bias(&answers, 0.95).unwrap();
    assert_near(found.low, -0.4219957403577751, 5e-6);
    assert_near(found.high, 0.8386624070244418, 5e-6);
    assert_eq!((found.point, found.n), (bias(&scores()), 6));
    let found = answers::mean_absolute_error(&answers, 0.95).unwrap();
    assert_near(found.low, 0.26580833606386917, 5e-6);
    assert_near(found.high, 0.8175249972694643, 5e-6);
    let found = answers::root_mean_square_error(&answers, 0.95).unwrap();
    assert_near(found.point, 0.7216878364870323, 1e-12);
    assert_near(found.low, 0.5201894705434802, 5e-6);
    assert_near(found.high, 0.8781056778101145, 5e-6);
}

/// From the definition with NumPy 1.26.4 and SciPy 1.12.0.
#[test]
fn spearman_has_the_interval_of_bonett_and_wright() {
    let found = spearman_estimate(&scores(), 0.95).unwrap();
    assert_near(found.low, 0.4556256173286657, 1e-12);
    assert_near(found.high, 0.9651386420844688, 1e-12);
    assert_eq!((found.n, found.method), (12, Method::FisherZ));
    let few = Scores::of(GOLD.into_iter().zip(GIVEN).take(9)).unwrap();
    assert_eq!(spearman_estimate(&few, 0.95), Err(Undefined::TooFew));
    let perfect = Scores::of((0..20).map(|n| (f64::from(n), f64::from(n * n)))).unwrap();
    assert_eq!((spearman(&perfect), kendall_tau_b(&perfect)), (Ok(1.0), Ok(1.0)));
    assert_eq!(spearman_estimate(&perfect, 0.95), Err(Undefined::NoSpread));
}

#[test]
fn undefined_cases_are_named() {
    assert_eq!(Scores::of([]), Err(Undefined::NoGold));
    assert_eq!(Scores::of([(1.0, f64::NAN)]), Err(Undefined::NotNumbers));
    assert_eq!(Scores::of([(f64::INFINITY, 1.0)]), Err(Undefined::NotNumbers));
    for pairs in [[(1.0, 2.0), (1.0, 3.0)], [(1.0, 2.0), (3.0, 2.0)], [(0.0, 1.0), (-0.0, 2.0)]] {
        let constant = Scores::of(pairs).unwrap();
        assert_eq!(
            (spearman(&constant), kendall_tau_b(&constant)),
            (Err(Undefined::Constant), Err(Undefined::Constant))
        );
    }
    let answer = |item, given| Answer { item, gold: 2.0, given };
    let reason = |answers: &[Answer]| answers::bias(&Answers::of(answers.to_vec())?, 0.95);
    assert_eq!(reason(&[]), Err(Undefined::NoGold));
    assert_eq!(reason(&[answer(0, f64::NAN)]), Err(Undefined::NotNumbers));
    assert_eq!(reason(&[answer(4, 1.0), answer(4, 3.0)]), Err(Undefined::OneItem));
    assert_eq!(reason(&[answer(4, 2.0), answer(5, 2.0)]), Err(Undefined::NoSpread));
}

#[test]
fn a_confusion_table_gives_the_same_scores_as_its_answers() {
    let mut confusion = Confusion::new(3);
    for (row, column, times) in [(0, 0, 2), (0, 2, 1), (1, 2, 3), (2, 0, 1)] {
        confusion.add(row, column, times);
    }
    let pairs = [(1.0, 1.0), (7.0, 1.0), (1.0, 1.0), (3.0, 7.0), (1.0, 7.0), (3.0, 7.0), (3.0, 7.0)];
    let scores = Scores::of_confusion(&confusion, &[1.0, 3.0, 7.0]).unwrap();
    assert_eq!(scores, Scores::of(pairs).unwrap());
    assert_eq!((scores.total(), scores.cells().len()), (7, 4));
    assert_eq!(Scores::of_confusion(&confusion, &[1.0, f64::NAN, 7.0]), Err(Undefined::NotNumbers));
    assert_eq!(Scores::of_confusion(&Confusion::new(1), &[1.0]), Err(Undefined::NoGold));
}

/// Pair by pair, as defined.
fn tau_by_definition(pairs: &[(f64, f64)]) -> f64 {
    let sign = |a: f64, b: f64| f64::from(i8::from(a > b) - i8::from(a < b));
    let (mut balance, mut gold, mut given) = (0.0, 0.0, 0.0);
    for (index, one) in pairs.iter().enumerate() {
        for other in &pairs[..index] {
            let (by_gold, by_given) = (sign(one.0, other.0), sign(one.1, other.1));
            balance += by_gold * by_given;
            gold += by_gold * by_gold;
            given += by_given * by_given;
        }
    }
    balance / (gold * given).sqrt()
}

fn any_pairs() -> impl Strategy<Value = Vec<(f64, f64)>> {
    let number = || (0_i32..7).prop_map(f64::from);
    prop::collection::vec((number(), number()), 2..40)
}

proptest! {
    #[test]
    fn tau_is_what_its_definition_says(pairs in any_pairs()) {
        match kendall_tau_b(&Scores::of(pairs.clone()).unwrap()) {
            Ok(tau) => prop_assert!((tau - tau_by_definition(&pairs)).abs() < 1e-12),
            Err(_) => prop_assert!(tau_by_definition(&pairs).is_nan()),
        }
    }

    #[test]
    fn rank_correlations_see_nothing_but_order(pairs in any_pairs()) {
        let changed = pairs.iter().rev().map(|&(gold, given)| (gold.powi(3) - 50.0, given.exp()));
        let (scores, changed) = (Scores::of(pairs.clone()).unwrap(), Scores::of(changed).unwrap());
        prop_assert_eq!(spearman(&scores), spearman(&changed));
        prop_assert_eq!(kendall_tau_b(&scores), kendall_tau_b(&changed));
        let backwards = Scores::of(pairs.iter().map(|&(gold, given)| (gold, -given))).unwrap();
        if let (Ok(rho), Ok(tau)) = (spearman(&scores), kendall_tau_b(&scores)) {
            prop_assert!((-1.0..=1.0).contains(&rho) && (-1.0..=1.0).contains(&tau));
            prop_assert!((spearman(&backwards).unwrap() + rho).abs() < 1e-12);
            prop_assert!((kendall_tau_b(&backwards).unwrap() + tau).abs() < 1e-12);
        }
    }

    #[test]
    fn errors_bound_each_other_and_intervals_hold_their_point(pairs in any_pairs(), per_item in 1_u32..4) {
        let scores = Scores::of(pairs.clone()).unwrap();
        let (bias, absolute, square) = (bias(&scores), mean_absolute_error(&scores), root_mean_square_error(&scores));
        prop_assert!(bias.abs() <= absolute + 1e-12 && absolute <= square + 1e-12);
        let answers = Answers::of((0..).zip(&pairs).map(|(place, &(gold, given))| {
            Answer { item: place / per_item, gold, given }
        })).unwrap();
        let figures = [answers::bias, answers::mean_absolute_error, answers::root_mean_square_error];
        for (figure, point) in figures.into_iter().zip([bias, absolute, square]) {
            if let Ok(e) = figure(&answers, 0.95) {
                prop_assert!((e.point - point).abs() < 1e-12 && e.low <= e.point && e.point <= e.high, "{e:?}");
            }
        }
    }
}
