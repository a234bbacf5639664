//! Tests of drift: reference figures, exact chances against other computations, edge cases.

use super::charts::{Basis, ewma, p_chart};
use super::cusum::{Programme, alarm, average_run_length, chance_of_alarm, path};
use super::cusum::{threshold_for_distance, threshold_for_programme};
use super::effect::{Evidence, between_counts, between_periods, on_anchors};
use super::run_length::{normal_run_length, normal_threshold};
use super::sprt::{Decision, SequentialTest};
use super::trend::cochran_armitage;
use super::*;
use crate::clustered::ScoredCell;
use proptest::prelude::*;

/// Ten answers with errors at the third, seventh and eighth.
const ERRORS: [bool; 10] = [false, false, true, false, false, false, true, true, false, false];

fn shift() -> Shift {
    Shift::new(0.1, 0.25).unwrap()
}

fn assert_near(found: &[f64], expected: &[f64], tolerance: f64) {
    assert_eq!(found.len(), expected.len());
    let near = found.iter().zip(expected).all(|(a, b)| (a - b).abs() <= tolerance * b.abs().max(1.0));
    assert!(near, "{found:?} v {expected:?}");
}

/// From the definition, in Python.
#[test]
fn the_cusum_path_is_that_of_the_definition() {
    let expected = [
        0.0,
        0.0,
        0.9162907318741551,
        0.7339691750802004,
        0.5516476182862458,
        0.3693260614922911,
        1.2856167933664462,
        2.2019075252406015,
        2.0195859684466466,
        1.837264411652692,
    ];
    let found = path(&ERRORS, shift());
    assert_near(&found, &expected, 1e-12);
    assert_eq!((alarm(&found, 2.0), alarm(&found, 3.0), alarm(&[], 1.0)), (Some(8), None, None));
}

/// A Markov chain over every reachable sum, in Python, and Brook and Evans' chain on a grid of 10,007 (376.38, 27.21,
/// 1535.8, 49.42); simulation in NumPy gave 374.1 ± 1.8 and 27.10 ± .10.
#[test]
fn run_lengths_agree_with_the_chain_of_all_reachable_sums() {
    let other = Shift::new(0.05, 0.15).unwrap();
    let found = [
        average_run_length(shift(), 3.0, 0.1).unwrap(),
        average_run_length(shift(), 3.0, 0.25).unwrap(),
        average_run_length(shift(), 2.0, 0.1).unwrap(),
        average_run_length(other, 4.0, 0.05).unwrap(),
        average_run_length(other, 4.0, 0.15).unwrap(),
    ];
    let expected = [376.3823776283988, 27.20960631506228, 107.51586225003187, 1535.9129390729088, 49.419513035760424];
    assert_near(&found, &expected, 1e-10);
}

/// The same chain in Python.
#[test]
fn chances_of_an_alarm_agree_with_the_chain_of_all_reachable_sums() {
    let of = |rate, answers| chance_of_alarm(shift(), 3.0, rate, answers).unwrap();
    let found = [of(0.1, 100), of(0.1, 380), of(0.1, 1000), of(0.25, 100), of(0.25, 0)];
    let expected = [0.21791632022040536, 0.6361750835084927, 0.9331731468427608, 0.9925418989653891, 0.0];
    assert_near(&found, &expected, 1e-11);
}

#[test]
fn a_threshold_is_the_lowest_that_keeps_alarms_apart() {
    let threshold = threshold_for_distance(shift(), 380.0).unwrap();
    assert!(average_run_length(shift(), threshold, 0.1).unwrap() >= 380.0);
    assert!(average_run_length(shift(), threshold - 1e-6, 0.1).unwrap() < 380.0);
    let programme = Programme { raters: 30, answers_each: 200, chance: 0.05 };
    let threshold = threshold_for_programme(shift(), programme).unwrap();
    let any = |threshold| 1.0 - (1.0 - chance_of_alarm(shift(), threshold, 0.1, 200).unwrap()).powi(30);
    assert!(any(threshold) <= 0.05 && any(threshold - 1e-6) > 0.05);
}

#[test]
fn settings_that_make_no_sense_are_refused() {
    let bad = Err(Undefined::BadParameter);
    for (low, high) in [(0.25, 0.1), (0.1, 0.1), (0.0, 0.5), (0.5, 1.0), (f64::NAN, 0.5)] {
        assert_eq!(Shift::new(low, high), Err(Undefined::BadParameter));
    }
    assert_eq!(average_run_length(shift(), 0.0, 0.1), bad);
    assert_eq!(average_run_length(shift(), 3.0, 1.0), bad);
    assert_eq!(average_run_length(shift(), 100.0, 0.1), Err(Undefined::OutOfReach));
    assert_eq!(threshold_for_distance(shift(), f64::INFINITY), bad);
    assert_eq!(threshold_for_distance(shift(), 1e300), Err(Undefined::OutOfReach));
    assert_eq!(threshold_for_programme(shift(), Programme { raters: 0, answers_each: 9, chance: 0.1 }), bad);
    assert_eq!(SequentialTest::new(shift(), 0.6, 0.4), Err(Undefined::BadParameter));
    assert_eq!(Basis::new(1.2, 3.0, 1.0), Err(Undefined::BadParameter));
    assert_eq!(Basis::new(0.2, 3.0, 0.9), Err(Undefined::BadParameter));
    assert_eq!(weeks(&[1], &[2, 3]), Err(Undefined::UnequalLengths));
    assert_eq!(weeks(&[4], &[3]), Err(Undefined::BadCount));
    assert_eq!(weeks(&[], &[]), Err(Undefined::NoData));
}

/// Bounds and path from the definition (Wald 1945), in Python.
#[test]
fn the_sequential_test_is_walds() {
    let test = SequentialTest::new(shift(), 0.05, 0.1).unwrap();
    assert_near(&[test.upper(), test.lower()], &[2.8903717578961645, -2.251291798606495], 1e-12);
    let expected = [
        -0.1823215567939547,
        -0.3646431135879094,
        0.5516476182862458,
        0.3693260614922911,
        0.18700450469833638,
        0.0046829479043816735,
        0.9209736797785368,
        1.837264411652692,
        1.6549428548587373,
        1.4726212980647826,
    ];
    assert_near(&test.path(&ERRORS), &expected, 1e-12);
    assert_eq!(test.decide(&ERRORS), Decision::Undecided);
    assert_eq!(test.decide(&[false; 20]), Decision::Acceptable { after: 13 });
    assert_eq!(test.decide(&[true; 9]), Decision::Unacceptable { after: 4 });
}

/// All paths merged by their counts of errors and right answers, in Python.
#[test]
fn the_behaviour_of_the_sequential_test_is_exact() {
    let test = SequentialTest::new(shift(), 0.05, 0.1).unwrap();
    let cases = [
        (0.1, 0.037185595585517, 29.694221511703837),
        (0.15, 0.28488213043826194, 43.75791590530527),
        (0.25, 0.908826515699915, 29.394847116933366),
    ];
    for (rate, chance, answers) in cases {
        let found = test.behaviour(rate).unwrap();
        assert_near(&[found.chance_unacceptable, found.mean_answers], &[chance, answers], 1e-10);
    }
}

/// From the definitions (Montgomery), in Python.
#[test]
fn charts_are_those_of_the_definitions() {
    let weeks = weeks(&[5, 6, 9, 10], &[50; 4]).unwrap();
    let centre = pooled(&weeks).unwrap().share();
    let basis = Basis::new(centre, 3.0, 1.0).unwrap();
    let points = p_chart(&weeks, basis).unwrap();
    assert!((centre - 0.15).abs() < 1e-12);
    assert!(points.iter().all(|p| p.low == 0.0 && (p.high - 0.3014925740754312).abs() < 1e-12 && !p.is_outside()));
    let averages: Vec<f64> = ewma(&weeks, 0.3, basis).unwrap().iter().map(|point| point.value).collect();
    assert_near(&averages, &[0.135, 0.1305, 0.14534999999999998, 0.16174499999999997], 1e-12);
    assert_eq!(p_chart(&[], basis), Err(Undefined::NoData));
    assert_eq!(ewma(&weeks, 0.0, basis), Err(Undefined::BadParameter));
}

#[test]
fn limits_of_the_moving_average_settle_and_widen_with_the_design_effect() {
    let weeks = vec![Proportion::new(80, 100).unwrap(); 60];
    let last = |design_effect| {
        let points = ewma(&weeks, 0.2, Basis::new(0.8, 3.0, design_effect).unwrap()).unwrap();
        points[59].high - 0.8
    };
    let settled = 3.0 * (0.8 * 0.2 / 100.0 * 0.2 / 1.8_f64).sqrt();
    assert!((last(1.0) - settled).abs() < 1e-9 && (last(4.0) - 2.0 * settled).abs() < 1e-9);
    let alone = ewma(&weeks, 1.0, Basis::new(0.8, 3.0, 1.0).unwrap()).unwrap();
    assert_eq!(alone, p_chart(&weeks, Basis::new(0.8, 3.0, 1.0).unwrap()).unwrap());
}

/// z² = X-squared of R's `prop.trend.test`; digits from the definition, in Python.
#[test]
fn the_trend_test_agrees_with_r() {
    let weeks = weeks(&[45, 44, 41, 40], &[50; 4]).unwrap();
    let found = cochran_armitage(&weeks, &[1.0, 2.0, 3.0, 4.0], 1.0).unwrap();
    assert_near(&[found.z, found.p_value], &[-1.5941067939721716, 0.11091211748658869], 1e-9);
    assert!((found.slope + 0.036).abs() < 1e-12);
    let clustered = cochran_armitage(&weeks, &[1.0, 2.0, 3.0, 4.0], 4.0).unwrap();
    assert!((clustered.z - found.z / 2.0).abs() < 1e-12);
}

#[test]
fn a_trend_needs_scores_and_answers_that_vary() {
    let varied = weeks(&[45, 40], &[50; 2]).unwrap();
    let flawless = weeks(&[50, 50], &[50; 2]).unwrap();
    assert_eq!(cochran_armitage(&varied, &[3.0, 3.0], 1.0), Err(Undefined::Constant));
    assert_eq!(cochran_armitage(&varied, &[0.1, 0.1], 1.0), Err(Undefined::Constant));
    assert_eq!(cochran_armitage(&flawless, &[1.0, 2.0], 1.0), Err(Undefined::Constant));
    assert_eq!(cochran_armitage(&varied, &[1.0], 1.0), Err(Undefined::UnequalLengths));
    assert_eq!(cochran_armitage(&varied, &[1.0, f64::NAN], 1.0), Err(Undefined::NotNumbers));
    assert_eq!(cochran_armitage(&varied, &[0.0, 1e300], 1.0), Err(Undefined::NotNumbers));
    assert_eq!(cochran_armitage(&[], &[], 1.0), Err(Undefined::NoData));
    assert_eq!(cochran_armitage(&varied, &[1.0, 2.0], 0.5), Err(Undefined::BadParameter));
}

#[test]
fn an_effect_is_observational_unless_items_were_rated_again() {
    let rated = |offset: u32, wrong: u32| -> Vec<ScoredCell> {
        let cell = |item: u32| ScoredCell {
            item: item + offset,
            rater: item % 4,
            right: f64::from(u8::from(item % 10 >= wrong)),
            asked: 1.0,
        };
        (0..80).map(cell).collect()
    };
    let (before, again, later) = (rated(0, 3), rated(0, 1), rated(500, 1));
    let anchored = on_anchors(&before, &again, 0.95).unwrap();
    let observed = between_periods(&before, &later, 0.95).unwrap();
    assert_eq!((anchored.evidence, observed.evidence), (Evidence::Anchored, Evidence::Observational));
    let (anchored, observed) = (anchored.change.estimate, observed.change.estimate);
    assert!((anchored.point - 0.2).abs() < 1e-12 && (observed.point - 0.2).abs() < 1e-12);
    assert!(anchored.low > observed.low && anchored.n == 80 && observed.n == 160);
    assert_eq!(on_anchors(&before, &later, 0.95), Err(Undefined::NoOverlap));
    assert_eq!(between_periods(&before, &later, 0.0), Err(Undefined::BadParameter));
    let counted = between_counts(Proportion::new(56, 80).unwrap(), Proportion::new(72, 80).unwrap(), 0.95).unwrap();
    assert!((counted.change.estimate.point - 0.2).abs() < 1e-12);
}

/// Twice those of Montgomery's table, 168 and 465, which is of alarms on both sides.
#[test]
fn run_lengths_of_normal_scores_are_the_published_ones() {
    for (threshold, published) in [(4.0, 336.0), (5.0, 930.0)] {
        let found = normal_run_length(threshold, 0.5).unwrap();
        assert!((found / published - 1.0).abs() < 0.003, "{found} v {published}");
    }
    let threshold = normal_threshold(1000.0, 0.5).unwrap();
    assert!(normal_run_length(threshold, 0.5).unwrap() >= 1000.0);
    assert!(normal_run_length(threshold - 1e-5, 0.5).unwrap() < 1000.0);
    assert_eq!(normal_threshold(0.5, 0.5), Err(Undefined::BadParameter));
    assert_eq!(normal_threshold(1e300, 0.5), Err(Undefined::OutOfReach));
    assert_eq!(normal_run_length(0.0, 0.5), Err(Undefined::BadParameter));
}

proptest! {
    #[test]
    fn a_higher_threshold_never_alarms_sooner(
        low in 0.02..0.3_f64, gap in 0.05..0.3_f64, threshold in 0.2..3.0_f64, more in 0.0..1.0_f64,
    ) {
        let shift = Shift::new(low, low + gap).unwrap();
        let run = |threshold| average_run_length(shift, threshold, low).unwrap();
        prop_assert!(run(threshold) <= run(threshold + more) * (1.0 + 1e-9));
        prop_assert!(average_run_length(shift, threshold, low + gap).unwrap() <= run(threshold) * (1.0 + 1e-9));
    }
}
