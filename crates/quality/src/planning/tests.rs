//! Tests of planning: published plans, exact searches done elsewhere, and coverage of the anytime bounds.

use super::anytime::{
    RatersAndItems, answers_to_decide, bounds, clustered_bounds, estimate, items_to_decide as items_to_decide_at_looks,
    log_evidence, raters_to_decide,
};
use super::power::{chance_to_pass, pass_mark};
use super::sample_size::{GoldToShow, allowing_errors, to_show, to_tell_apart};
use super::weekly::{Watch, to_notice};
use crate::bar::{GoldYield, items_to_decide};
use crate::clustered::{ScoredCell, ratio};
use crate::drift::{Shift, cusum};
use crate::proportion::exact_bounds;
use crate::random::Random;
use crate::{Undefined, binomial};
use proptest::prelude::*;

/// SciPy 1.12.0 `binom.cdf`.
#[test]
fn plans_that_allow_errors_agree_with_scipy() {
    let table = [
        (0.80, [14, 22, 30, 37, 50]),
        (0.85, [19, 30, 40, 50, 68]),
        (0.90, [29, 46, 61, 76, 103]),
        (0.95, [59, 93, 124, 153, 208]),
    ];
    for (bar, expected) in table {
        assert_eq!([0, 1, 2, 3, 5].map(|errors| allowing_errors(bar, 0.95, errors).unwrap()), expected);
    }
    assert_eq!(allowing_errors(0.5, 0.75, 0), Ok(2));
    assert_eq!(allowing_errors(1.0 - 1e-12, 0.95, 0), Err(Undefined::OutOfReach));
    assert_eq!(allowing_errors(1.0, 0.95, 0), Err(Undefined::BadParameter));
}

/// SciPy 1.12.0 `binom.sf`.
#[test]
fn pass_marks_agree_with_scipy() {
    let marks = |n| [0.80, 0.85, 0.90, 0.95].map(|bar| pass_mark(n, bar, 0.95).unwrap());
    assert_eq!(marks(100), [Some(87), Some(92), Some(96), Some(99)]);
    assert_eq!(marks(50), [Some(45), Some(47), Some(49), None]);
    assert_eq!(pass_mark(0, 0.9, 0.95), Ok(None));
    assert_eq!(pass_mark(1 << 40, 0.9, 0.95), Err(Undefined::OutOfReach));
    assert_eq!(pass_mark(10, 0.9, f64::NAN), Err(Undefined::BadParameter));
}

/// SciPy 1.17.1: `binom.sf(91, 100, .9)`.
#[test]
fn a_good_rater_often_fails_a_short_test() {
    assert!((chance_to_pass(100, 0.85, 0.95, 0.90).unwrap() - 0.32087388836283975).abs() < 1e-12);
    assert_eq!(chance_to_pass(20, 0.90, 0.95, 1.0), Ok(0.0));
    assert_eq!(chance_to_pass(100, 0.85, 0.95, 1.0), Ok(1.0));
    assert_eq!(chance_to_pass(100, 0.85, 0.95, 1.1), Err(Undefined::BadParameter));
}

/// Exact search in SciPy 1.17.1 over all numbers up to three times as many.
#[test]
fn the_saw_tooth_search_agrees_with_one_over_every_number() {
    let cases = [
        (0.85, 0.9, 0.95, 281, 304),
        (0.85, 0.9, 0.975, 356, 379),
        (0.85, 0.8, 0.95, 360, 381),
        (0.85, 0.95, 0.95, 59, 68),
        (0.85, 0.99, 0.95, 19, 30),
        (0.9, 0.95, 0.95, 179, 203),
        (0.8, 0.82, 0.95, 2398, 2476),
        (0.8, 0.9, 0.95, 82, 94),
        (0.95, 0.98, 0.95, 234, 286),
        (0.85, 1.0, 0.95, 19, 19),
        (0.3, 0.2, 0.95, 119, 130),
    ];
    for (bar, truth, confidence, first, for_good) in cases {
        assert_eq!(to_show(bar, truth, confidence, 0.8), Ok(GoldToShow { first, for_good }), "{truth} against {bar}");
    }
    assert_eq!(to_show(0.85, 0.85, 0.95, 0.8), Err(Undefined::BadParameter));
    assert_eq!(to_show(0.85, 0.8501, 0.95, 0.8), Err(Undefined::OutOfReach));
}

#[test]
fn the_approximation_for_clusters_is_within_six_per_cent_of_the_search() {
    for (bar, truth) in [(0.85, 0.90), (0.85, 0.95), (0.90, 0.95), (0.80, 0.82), (0.80, 0.90), (0.85, 0.80)] {
        let exact = to_show(bar, truth, 0.95, 0.8).unwrap().for_good;
        let near = items_to_decide(truth, bar, 0.95, &GoldYield::ONE_ANSWER).unwrap();
        assert!((near as f64 / exact as f64 - 1.0).abs() < 0.06, "{near} v {exact}");
    }
}

/// statsmodels 0.15.0 `samplesize_proportions_2indep_onetail(alternative='two-sided')`: 905.37, 198.96, 685.60.
#[test]
fn cohorts_are_told_apart_by_the_textbook_number() {
    let needed = |first, second| to_tell_apart(first, second, 0.95, 0.8).unwrap();
    assert_eq!([needed(0.80, 0.85), needed(0.80, 0.90), needed(0.90, 0.85)], [906, 199, 686]);
    assert_eq!(to_tell_apart(0.8, 0.8, 0.95, 0.8), Err(Undefined::BadParameter));
    assert_eq!(to_tell_apart(0.8, 0.8 + 1e-12, 0.95, 0.8), Err(Undefined::OutOfReach));
    assert_eq!(to_tell_apart(0.8, 0.9, 0.95, 0.01), Err(Undefined::BadParameter));
}

fn watch() -> Watch {
    let shift = Shift::new(0.1, 0.25).unwrap();
    Watch { shift, raters: 20, weeks_between_false_alarms: 26.0, within_weeks: 4, chance: 0.8 }
}

#[test]
fn weekly_gold_keeps_both_promises() {
    let found = to_notice(watch()).unwrap();
    let alarms = cusum::average_run_length(watch().shift, found.threshold, 0.1).unwrap();
    assert!(alarms >= (20 * 26 * found.answers) as f64);
    let noticed = cusum::chance_of_alarm(watch().shift, found.threshold, 0.25, 4 * found.answers).unwrap();
    assert!(noticed >= 0.8 && noticed == found.chance);
    assert_eq!(found.answers, 22);
}

#[test]
fn weekly_gold_refuses_what_makes_no_sense() {
    let refused = |watch: Watch| to_notice(watch) == Err(Undefined::BadParameter);
    assert!(refused(Watch { raters: 0, ..watch() }) && refused(Watch { within_weeks: 0, ..watch() }));
    assert!(refused(Watch { chance: 1.0, ..watch() }));
    assert!(refused(Watch { weeks_between_false_alarms: f64::NAN, ..watch() }));
}

/// The capital as a sum over whole counts: P(Bin(n+1, b) ≤ k) / ((n+1-k) P(Bin(n+1, b) = k)).
#[test]
fn the_capital_agrees_with_its_binomial_form() {
    let cases = [
        (92, 100, 0.85),
        (900, 1000, 0.85),
        (5, 5, 0.3),
        (0, 7, 0.2),
        (899_000, 1_000_000, 0.898),
        (3, 9, 0.6),
        (900_000, 1_000_000, 0.8999),
        (8_999_000, 10_000_000, 0.9),
        (9_001_000, 10_000_000, 0.9),
        (1, 200, 0.9),
        (9_999_900, 10_000_000, 0.999_98),
        (40, 500, 0.09),
    ];
    for (k, n, bar) in cases {
        let one = (n + 1 - k) as f64 * binomial::exactly(k, n + 1, bar);
        let expected = (binomial::at_most(k, n + 1, bar) / one).ln();
        let found = log_evidence(k as f64, n as f64, bar).unwrap();
        assert!((found - expected).abs() < 1e-7 * expected.abs().max(1.0), "{k}/{n}: {found} v {expected}");
    }
    assert!((log_evidence(0.0, 9.0, 1e-9).unwrap() - 0.1_f64.ln()).abs() < 1e-6);
    assert!(log_evidence(0.0, 9.0, 1e-300).unwrap().is_finite());
    assert!(log_evidence(0.0, 1e7, 0.999).unwrap().is_finite() && log_evidence(1e7, 1e7, 1e-300).unwrap().is_finite());
}

#[test]
fn anytime_bounds_cost_more_answers_than_planned_ones() {
    let flawless = |bar| (1..200).find(|&n| bounds(f64::from(n), f64::from(n), 0.95).unwrap().0 >= bar);
    assert_eq!([0.80, 0.85, 0.90, 0.95].map(flawless), [Some(20), Some(28), Some(43), Some(88)]);
    let mark = |n: u32| (0..=n).find(|&k| bounds(f64::from(k), f64::from(n), 0.95).unwrap().0 >= 0.85);
    assert_eq!([50, 100, 200, 1000].map(mark), [Some(49), Some(94), Some(184), Some(884)]);
}

#[test]
fn more_raters_decide_where_no_number_of_items_by_few_does() {
    // Six raters whose skills spread by .05 around .90: .05² / 6 of variance stay, whatever the gold.
    let gold = GoldYield { ceiling: 0.9 * 0.1 / (0.05_f64.powi(2) / 6.0), ..GoldYield::ONE_ANSWER };
    assert_eq!(items_to_decide_at_looks(0.90, 0.85, 0.95, &gold), None);
    let RatersAndItems { raters, items } = raters_to_decide(0.90, 0.85, 0.95, &gold, 6).unwrap();
    // 668 answers: half of the error to raters, 2 · 668 / 36 of them, and the other half to items.
    assert_eq!((raters, items), (38, 1306));
    let of_more = GoldYield { ceiling: gold.ceiling * 38.0 / 6.0, ..gold };
    let alone = items_to_decide_at_looks(0.90, 0.85, 0.95, &of_more).unwrap();
    assert!(alone == items, "{alone} {items}");
    assert_eq!(raters_to_decide(0.90, 0.85, 0.95, &GoldYield::ONE_ANSWER, 6), None);
    assert_eq!(raters_to_decide(0.85, 0.85, 0.95, &gold, 6), None);
}

#[test]
fn anytime_bounds_refuse_counts_that_are_none() {
    assert_eq!(bounds(0.0, 0.0, 0.95), Err(Undefined::NoData));
    assert_eq!(bounds(3.0, 2.0, 0.95), Err(Undefined::BadCount));
    assert_eq!(bounds(f64::NAN, 2.0, 0.95), Err(Undefined::BadCount));
    assert_eq!(bounds(1.0, f64::INFINITY, 0.95), Err(Undefined::BadCount));
    assert_eq!(bounds(1.0, 2.0, 1.0), Err(Undefined::BadParameter));
    assert_eq!(log_evidence(1.0, 2.0, 1.0), Err(Undefined::BadParameter));
    let flawless = estimate(10.0, 10.0, 0.95).unwrap();
    assert!(flawless.high == 1.0 && flawless.low < bounds(10.0, 10.0, 0.95).unwrap().0);
    assert_eq!(bounds(0.0, 10.0, 0.95).unwrap().0, 0.0);
}

/// Shares of paths on which a bound was wrong at some look: anytime lower and upper, planned lower.
fn ever_wrong(truth: f64, looks: u32, a_look: u32, paths: u64) -> [f64; 3] {
    let mut wrong = [0_u64; 3];
    for path in 0..paths {
        let mut random = Random::stream(7, path);
        let (mut right, mut asked, mut seen) = (0.0, 0.0, [false; 3]);
        for _ in 0..looks {
            right += (0..a_look).map(|_| f64::from(u8::from(random.unit() < truth))).sum::<f64>();
            asked += f64::from(a_look);
            seen[0] |= log_evidence(right, asked, truth).unwrap() >= 20.0_f64.ln();
            seen[1] |= log_evidence(asked - right, asked, 1.0 - truth).unwrap() >= 20.0_f64.ln();
            seen[2] |= binomial::at_least(right as u64, asked as u64, truth) <= 0.05;
        }
        wrong.iter_mut().zip(seen).for_each(|(count, seen)| *count += u64::from(seen));
    }
    wrong.map(|count| count as f64 / paths as f64)
}

/// Truth at the bar of .85, 20 gold answers a week for a year.
#[test]
fn a_year_of_weekly_looks_leaves_anytime_bounds_valid_and_planned_ones_not() {
    let [lower, upper, planned] = ever_wrong(0.85, 52, 20, 300);
    assert!(lower <= 0.05 && upper <= 0.05, "{lower} {upper}");
    assert!(planned > 0.08, "{planned}");
}

/// Shares of samples that decide at `answers`, and at some look of 20 answers until then.
fn decided(truth: f64, bar: f64, answers: f64, samples: u64) -> [f64; 2] {
    let mut decided = [0_u64; 2];
    for sample in 0..samples {
        let mut random = Random::stream(11, sample);
        let (mut right, mut asked, mut at_some_look) = (0.0, 0.0_f64, false);
        while asked < answers {
            right += f64::from(u8::from(random.unit() < truth));
            asked += 1.0;
            at_some_look |= asked % 20.0 == 0.0 && bounds(right, asked, 0.95).unwrap().0 >= bar;
        }
        let at_last = bounds(right, asked, 0.95).unwrap().0 >= bar;
        decided[0] += u64::from(at_last);
        decided[1] += u64::from(at_last || at_some_look);
    }
    decided.map(|count| count as f64 / samples as f64)
}

#[test]
fn the_answers_that_are_to_decide_at_some_look_do_so_in_four_of_five_samples() {
    for (truth, bar) in [(0.9, 0.85), (0.8, 0.7), (0.97, 0.9)] {
        let answers = answers_to_decide(truth, bar, 0.95, 1e5).unwrap();
        let [at_last, at_some_look] = decided(truth, bar, answers, 400);
        println!("{truth} against {bar}: {answers} answers, {at_last} {at_some_look}");
        assert!((0.74..0.86).contains(&at_last) && at_last <= at_some_look, "{truth} {answers} {at_last}");
        let mirrored = answers_to_decide(1.0 - truth, 1.0 - bar, 0.95, 1e5).unwrap();
        assert!((mirrored - answers).abs() <= 1.0, "{mirrored} {answers}");
    }
    assert_eq!(answers_to_decide(1.0, 0.85, 0.95, 1e5), Some(28.0), "flawless");
    assert_eq!(answers_to_decide(0.8501, 0.85, 0.95, 1e5), None);
    assert_eq!(answers_to_decide(0.85, 0.85, 0.95, 1e5), None);
}

/// Prints: `cargo test --release anytime_coverage -- --ignored --nocapture`. 20,000 paths each; shares in % of paths on
/// which the bound was wrong at some look (nominally at most 5): anytime lower and upper, planned lower.
///
/// ```text
/// truth 0.50,   12 looks of 20: [ 1.3,  1.3, 15.0]
/// truth 0.50,   52 looks of 20: [ 1.6,  1.6, 23.9]
/// truth 0.50, 1000 looks of  1: [ 3.7,  3.7, 33.6]
/// truth 0.85,   12 looks of 20: [ 1.6,  0.4, 15.7]
/// truth 0.85,   52 looks of 20: [ 2.2,  0.6, 24.6]
/// truth 0.85, 1000 looks of  1: [ 3.8,  2.9, 29.7]
/// truth 0.95,   12 looks of 20: [ 1.4,  0.4, 10.9]
/// truth 0.95,   52 looks of 20: [ 2.6,  0.5, 20.7]
/// truth 0.95, 1000 looks of  1: [ 3.6,  1.7, 23.6]
/// ```
#[test]
#[ignore = "takes minutes; the short form runs always"]
fn anytime_coverage() {
    for truth in [0.5, 0.85, 0.95] {
        for (looks, a_look) in [(12, 20), (52, 20), (1000, 1)] {
            let wrong = ever_wrong(truth, looks, a_look, 20_000).map(|share| 100.0 * share);
            println!("truth {truth:.2}, {looks:4} looks of {a_look:2}: {wrong:4.1?}");
            assert!(wrong[0] <= 5.0 && wrong[1] <= 5.0);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn anytime_bounds_hold_the_exact_ones_and_mirror(asked in 0.5..3000.0_f64, part in 0.0..=1.0_f64) {
        let right = asked * part;
        let (low, high) = bounds(right, asked, 0.95).unwrap();
        let exact = exact_bounds(right, asked, 0.95);
        let mirror = bounds(asked - right, asked, 0.95).unwrap();
        prop_assert!(0.0 <= low && low <= exact.0 + 1e-9 && exact.1 <= high + 1e-9 && high <= 1.0);
        prop_assert!((low - (1.0 - mirror.1)).abs() < 1e-9);
    }

    #[test]
    fn every_look_never_shows_more_than_one(
        cells in proptest::collection::vec((0_u32..12, 0_u32..5, proptest::bool::weighted(0.85)), 2..150),
    ) {
        let cell = |(item, rater, right): &(u32, u32, bool)| {
            ScoredCell { item: *item, rater: *rater, right: f64::from(u8::from(*right)), asked: 1.0 }
        };
        let of = ratio(&cells.iter().map(cell).collect::<Vec<_>>(), 0.95).unwrap();
        let (lower, upper) = clustered_bounds(&of, 0.95).unwrap();
        prop_assert!(lower <= of.lower + 1e-9 && of.upper <= upper + 1e-9, "{lower} {upper} {of:?}");
    }

    #[test]
    fn evidence_falls_as_the_bar_rises(asked in 1_u32..2000, part in 0.0..=1.0_f64, bar in 0.05..0.9_f64) {
        let right = (f64::from(asked) * part).floor();
        let evidence = |bar| log_evidence(right, f64::from(asked), bar).unwrap();
        let (near, far) = (evidence(bar), evidence(bar + 0.05));
        prop_assert!(far <= near + 1e-7 * near.abs().max(1.0), "{near} {far}");
    }

    #[test]
    fn a_pass_mark_is_the_smallest_count_that_shows_the_bar(n in 1_u64..600, bar in 0.05..0.99_f64) {
        let shows = |right: u64| binomial::at_least(right, n, bar) <= 0.05;
        match pass_mark(n, bar, 0.95).unwrap() {
            Some(mark) => prop_assert!(shows(mark) && !shows(mark - 1)),
            None => prop_assert!(!shows(n)),
        }
    }
}
