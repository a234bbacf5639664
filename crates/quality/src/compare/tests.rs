//! Tests of comparisons: published tables, edge cases, and what must hold for any counts.

use super::difference::{newcombe, of_clustered, of_estimates};
use super::non_inferiority::{Standing, p_value_at_least, p_value_within_margin, standing, standing_against_bar};
use super::paired::{Pairs, mcnemar, on_shared_items, tango};
use super::*;
use crate::clustered::{ScoredCell, ratio};
use crate::proportion::{exact_bounds, wilson};
use crate::{Proportion, Undefined};
use proptest::prelude::*;

fn of(right: u64, asked: u64) -> Proportion {
    Proportion::new(right, asked).unwrap()
}

fn pairs(both: u64, only_first: u64, only_second: u64, neither: u64) -> Pairs {
    Pairs { both, only_first, only_second, neither }
}

fn assert_near(found: (f64, f64), expected: (f64, f64), tolerance: f64) {
    let near = (found.0 - expected.0).abs() < tolerance && (found.1 - expected.1).abs() < tolerance;
    assert!(near, "{found:?} v {expected:?}");
}

/// Newcombe 1998, Statistics in Medicine 17:873-890, table II, method 10, as printed.
#[test]
fn the_published_table_of_newcombe_1998_is_met() {
    let table = [
        ((56, 70), (48, 80), (0.0524, 0.3339)),
        ((9, 10), (3, 10), (0.1705, 0.8090)),
        ((6, 7), (2, 7), (0.0582, 0.8062)),
        ((5, 56), (0, 29), (-0.0381, 0.1926)),
        ((0, 10), (0, 20), (-0.1611, 0.2775)),
        ((0, 10), (0, 10), (-0.2775, 0.2775)),
        ((10, 10), (0, 20), (0.6791, 1.0)),
        ((10, 10), (0, 10), (0.6075, 1.0)),
    ];
    for ((k, n), (l, m), bounds) in table {
        let found = newcombe(of(k, n), of(l, m), 0.95).unwrap().estimate;
        assert_near((found.low, found.high), bounds, 6e-5);
        assert_eq!(found.n, n + m);
    }
}

/// statsmodels 0.15.0 `confint_proportions_2indep(method='newcomb')`; one-sided bounds at 95 % are those at 90 %.
#[test]
fn newcombe_agrees_with_statsmodels() {
    let found = newcombe(of(56, 70), of(48, 80), 0.95).unwrap();
    assert_near((found.estimate.low, found.estimate.high), (0.05243147240236498, 0.33387265403690614), 1e-9);
    assert_near((found.lower, found.upper), (0.07656419154407207, 0.31364458358294384), 1e-9);
    let found = newcombe(of(412, 480), of(371, 455), 0.95).unwrap();
    assert_near((found.estimate.low, found.estimate.high), (-0.004436596153707804, 0.0905541717064165), 1e-9);
    assert_near((found.lower, found.upper), (0.0031980329598928353, 0.08285661984442083), 1e-9);
}

#[test]
fn the_hybrid_of_two_wilson_intervals_is_newcombes() {
    let (first, second) = (of(56, 70), of(48, 80));
    let hybrid = of_estimates(&wilson(first, 0.95), &wilson(second, 0.95)).unwrap();
    let direct = newcombe(first, second, 0.95).unwrap().estimate;
    assert_near((hybrid.low, hybrid.high), (direct.low, direct.high), 1e-12);
    assert_eq!(of_estimates(&wilson(first, 0.95), &wilson(second, 0.9)), Err(Undefined::BadParameter));
    assert_eq!(newcombe(first, second, 1.0), Err(Undefined::BadParameter));
    assert_eq!(tango(pairs(1, 1, 1, 1), f64::NAN), Err(Undefined::BadParameter));
}

/// Bentur et al. 2009, 21 children before and after, as analysed by Fagerland, Lydersen and Laake 2013 (.070, .039)
/// and 2014 (-.517 to -.026); digits from SciPy 1.17.1 with the restricted likelihood maximised numerically.
#[test]
fn the_published_analysis_of_airway_pairs_is_met() {
    let airways = pairs(1, 1, 7, 12);
    let test = mcnemar(airways).unwrap();
    assert_near((test.exact, test.mid_p), (0.0703125, 0.0390625), 1e-12);
    let found = tango(airways, 0.95).unwrap().estimate;
    assert_near((found.low, found.high), (-0.5172322764, -0.0260030325), 1e-9);
}

/// statsmodels 0.15.0 `mcnemar(exact=True)` and SciPy 1.17.1 `binomtest`.
#[test]
fn mcnemars_tests_agree_with_statsmodels() {
    let cases = [
        (7, 1, 0.0703125, 0.0390625, 0.03515625),
        (12, 0, 0.00048828125, 0.000244140625, 0.000244140625),
        (5, 5, 1.0, 0.876953125, 0.623046875),
        (40, 20, 0.01348929373119186, 0.009853448195259268, 0.00674464686559593),
        (0, 1, 1.0, 0.5, 1.0),
    ];
    for (b, c, exact, mid_p, first_is_better) in cases {
        let found = mcnemar(pairs(3, b, c, 2)).unwrap();
        assert_near((found.exact, found.mid_p), (exact, mid_p), 1e-12);
        assert!((found.first_is_better - first_is_better).abs() < 1e-12);
    }
    assert_eq!(mcnemar(pairs(9, 0, 0, 1)).unwrap().mid_p, 1.0);
    assert_eq!(mcnemar(pairs(0, 0, 0, 0)), Err(Undefined::NoData));
}

/// The second line at 90 % is R's `PropCIs::scoreci.mp(25, 28, 618)`, printed as -.0148 to .0247; the others are
/// SciPy 1.17.1 `brentq` on Tango's statistic with the restricted likelihood maximised numerically.
#[test]
fn tangos_interval_agrees_with_independent_solutions() {
    let cases = [
        (40, 20, 160, 0.95, (0.0308645331, 0.2180642442)),
        (28, 25, 618, 0.90, (-0.0148, 0.0247)),
        (28, 25, 618, 0.95, (-0.0187850565, 0.0287320213)),
        (12, 0, 50, 0.95, (0.1429739140, 0.3741268376)),
        (3, 1, 44, 0.90, (-0.0383910296, 0.1405009770)),
    ];
    for (b, c, n, level, bounds) in cases {
        let found = tango(pairs(n - b - c, b, c, 0), level).unwrap().estimate;
        assert_near((found.low, found.high), bounds, if level == 0.90 && n == 618 { 5e-5 } else { 1e-9 });
    }
    let alike = tango(pairs(27, 0, 0, 3), 0.95).unwrap().estimate;
    let reach = 3.841458820694124 / (30.0 + 3.841458820694124);
    assert_near((alike.low, alike.high), (-reach, reach), 1e-9);
    assert_eq!(tango(pairs(0, 5, 0, 0), 0.95).unwrap().estimate.high, 1.0);
}

/// SciPy 1.12.0 `binomtest(alternative='greater')`; ten million answers by mpmath with 40 digits.
#[test]
fn exact_tests_against_a_bar_agree_with_scipy() {
    let p_value = |k, n, bar| p_value_at_least(of(k, n), bar).unwrap();
    assert!((p_value(92, 100, 0.85) - 0.027475691410310345).abs() < 1e-12);
    assert!((p_value(45, 50, 0.8) - 0.04802721937073359).abs() < 1e-12);
    assert!((p_value(8_502_000, 10_000_000, 0.85) - 0.03827970337693598).abs() < 1e-12);
    assert_eq!(p_value_within_margin(of(88, 100), 0.9, 0.05).unwrap(), p_value(88, 100, 0.85));
    assert_eq!(p_value_at_least(of(1, 2), 1.0), Err(Undefined::BadParameter));
    assert_eq!(p_value_within_margin(of(1, 2), 0.04, 0.05), Err(Undefined::BadParameter));
    assert_eq!(p_value_within_margin(of(1, 2), 0.9, -0.05), Err(Undefined::BadParameter));
}

#[test]
fn a_standing_says_only_what_is_shown() {
    let against = |right, asked| standing_against_bar(of(right, asked), 0.85, 0.05, 0.95).unwrap();
    assert_eq!(against(92, 100), Standing::Better);
    assert_eq!(against(88, 100), Standing::NotWorse);
    assert_eq!(against(80, 100), Standing::NotYetShown);
    assert_eq!(against(70, 100), Standing::Worse);
    let between = |k, l| standing(&newcombe(of(k, 500), of(l, 500), 0.95).unwrap(), 0.05).unwrap();
    assert_eq!(between(450, 400), Standing::Better);
    assert_eq!(between(420, 420), Standing::NotWorse);
    assert_eq!(between(400, 420), Standing::NotYetShown);
    assert_eq!(between(350, 420), Standing::Worse);
    let equal = newcombe(of(420, 500), of(420, 500), 0.95).unwrap();
    assert_eq!(standing(&equal, 0.0), Ok(Standing::NotYetShown));
    assert_eq!(standing(&equal, 1.0), Err(Undefined::BadParameter));
}

/// `items` items, one answer each by rater `rater`, right where `right` says so.
fn single(items: u32, rater: u32, right: impl Fn(u32) -> bool) -> Vec<ScoredCell> {
    let cell = |item| ScoredCell { item, rater, right: f64::from(u8::from(right(item))), asked: 1.0 };
    (0..items).map(cell).collect()
}

#[test]
fn cohorts_on_shared_items_gain_from_what_they_have_in_common() {
    let first = single(100, 1, |item| item % 5 != 0);
    let second = single(100, 2, |item| item % 5 != 0 && item % 50 != 1);
    let paired = on_shared_items(&first, &second, 0.95).unwrap();
    let apart = of_clustered(&ratio(&first, 0.95).unwrap(), &ratio(&second, 0.95).unwrap()).unwrap();
    let width = |difference: &Difference| difference.estimate.high - difference.estimate.low;
    assert!((paired.estimate.point - 0.02).abs() < 1e-12 && paired.estimate.n == 100);
    assert!(width(&paired) < 0.6 * width(&apart), "{paired:?} v {apart:?}");
    let tango = tango(pairs(78, 2, 0, 20), 0.95).unwrap();
    assert!((width(&paired) / width(&tango) - 1.0).abs() < 0.35, "{paired:?} v {tango:?}");
}

#[test]
fn cohorts_that_never_differ_keep_an_interval() {
    let first = single(50, 1, |item| item % 10 != 0);
    let second = single(50, 2, |item| item % 10 != 0);
    let found = on_shared_items(&first, &second, 0.95).unwrap();
    assert!(found.estimate.low < -0.03 && found.estimate.high > 0.03, "{found:?}");
    let flawless = on_shared_items(&single(50, 1, |_| true), &single(50, 2, |_| true), 0.95).unwrap();
    assert!(flawless.estimate.low < -0.03 && flawless.estimate.high > 0.03, "{flawless:?}");
}

#[test]
fn items_of_one_side_only_are_left_out_and_order_never_shows() {
    let first = single(60, 1, |item| item % 3 != 0);
    let mut second = single(90, 2, |item| item % 4 != 0);
    let found = on_shared_items(&first, &second, 0.95).unwrap();
    assert_eq!(found.estimate.n, 60);
    second.reverse();
    assert_eq!(on_shared_items(&first, &second, 0.95).unwrap(), found);
    let elsewhere: Vec<ScoredCell> = second.iter().map(|cell| ScoredCell { item: cell.item + 1000, ..*cell }).collect();
    assert_eq!(on_shared_items(&first, &elsewhere, 0.95), Err(Undefined::NoOverlap));
    assert_eq!(on_shared_items(&[], &[], 0.95), Err(Undefined::NoData));
    assert_eq!(on_shared_items(&first, &second, 1.5), Err(Undefined::BadParameter));
    let broken = vec![ScoredCell { right: 2.0, ..first[0] }];
    assert_eq!(on_shared_items(&broken, &second, 0.95), Err(Undefined::BadCount));
}

proptest! {
    #[test]
    fn differences_lie_in_range_hold_their_point_and_mirror(
        (k, l, n, m) in (1_u64..400, 1_u64..400).prop_flat_map(|(n, m)| (0..=n, 0..=m, Just(n), Just(m))),
        level in 0.51..0.999_f64,
    ) {
        let found = newcombe(of(k, n), of(l, m), level).unwrap();
        let mirror = newcombe(of(l, m), of(k, n), level).unwrap();
        let e = found.estimate;
        prop_assert!(-1.0 <= e.low && e.low <= found.lower && found.lower <= e.point);
        prop_assert!(e.point <= found.upper && found.upper <= e.high && e.high <= 1.0);
        prop_assert!((e.low + mirror.estimate.high).abs() < 1e-12 && (e.high + mirror.estimate.low).abs() < 1e-12);
    }

    #[test]
    fn tangos_bounds_lie_in_range_hold_their_point_and_mirror(
        counts in prop::array::uniform4(0_u64..60),
        level in 0.51..0.999_f64,
    ) {
        let [both, b, c, neither] = counts;
        prop_assume!(both + b + c + neither > 0);
        let found = tango(pairs(both, b, c, neither), level).unwrap();
        let mirror = tango(pairs(neither, c, b, both), level).unwrap();
        let e = found.estimate;
        prop_assert!(-1.0 <= e.low && e.low <= found.lower && found.lower <= e.point, "{found:?}");
        prop_assert!(e.point <= found.upper && found.upper <= e.high && e.high <= 1.0, "{found:?}");
        prop_assert!((e.low + mirror.estimate.high).abs() < 1e-9);
    }

    #[test]
    fn the_exact_test_passes_where_the_exact_bound_reaches_the_bar(
        n in 1_u64..400, part in 0.0..=1.0_f64, bar in 0.05..0.95_f64,
    ) {
        let k = (n as f64 * part) as u64;
        let (lower, _) = exact_bounds(k as f64, n as f64, 0.95);
        prop_assume!((lower - bar).abs() > 1e-6);
        prop_assert_eq!(p_value_at_least(of(k, n), bar).unwrap() <= 0.05, lower >= bar);
    }
}
