//! Checks of coefficients, standard errors and intervals.
//!
//! Reference figures: krippendorff 0.9.0 for alpha, irrCAC 0.4.4 (PyPI) and irrCAC 1.4 (R) for the others and for
//! standard errors, unless a test names another source. Data are published tables.

use super::*;
use crate::weights::Weighting;

pub(super) const FIVE: [f64; 5] = [1.0, 2.0, 3.0, 4.0, 5.0];

/// Krippendorff 2011, Computing Krippendorff's Alpha-Reliability, section D: 4 observers, 12 units, missing values.
fn krippendorff_2011() -> Patterns {
    let units = ["111", "2232", "3333", "3333", "2222", "1234", "4444", "1121", "2222", "555", "11", "3"];
    Patterns::of(5, units.map(|unit| unit.bytes().map(|digit| u32::from(digit - b'1')).collect::<Vec<_>>()))
}

/// Items given by their numbers of ratings of each category, digit by digit.
fn of_counts<const N: usize>(categories: usize, items: [&str; N]) -> Patterns {
    let ratings = |(category, digit): (usize, char)| {
        let times = digit.to_digit(36).expect("a digit") as usize;
        std::iter::repeat_n(category as u32, times)
    };
    Patterns::of(categories, items.map(|item| item.chars().enumerate().flat_map(ratings).collect::<Vec<_>>()))
}

/// Fleiss 1971, table 1: 30 patients, 6 psychiatrists, 5 diagnoses.
fn fleiss_1971() -> Patterns {
    of_counts(
        5,
        [
            "00060", "03003", "01401", "00006", "03030", "20400", "00402", "20310", "20040", "00006", "10050", "11040",
            "03300", "10050", "02031", "00501", "30012", "51000", "02040", "10203", "00006", "01050", "02013", "20040",
            "10041", "05010", "40002", "02040", "10500", "00006",
        ],
    )
}

/// The example of Wikipedia's article on Fleiss' kappa: 10 items, 14 raters; e stands for 14.
fn fleiss_wikipedia() -> Patterns {
    of_counts(5, ["0000e", "02642", "00356", "03920", "22811", "77000", "32630", "25322", "65210", "02237"])
}

/// A square table of two raters' ratings.
fn of_table<const Q: usize>(table: [[usize; Q]; Q]) -> Patterns {
    let cells = (0..Q).flat_map(|i| (0..Q).map(move |j| (i, j)));
    Patterns::of(Q, cells.flat_map(|(i, j)| std::iter::repeat_n([i as u32, j as u32], table[i][j])))
}

fn alpha(level: Level, numbers: &[f64]) -> Coefficient<'_> {
    Coefficient::Alpha { level, numbers }
}

/// Every coefficient with these weights and numbers.
pub(super) fn every<'a>(weights: &'a Weights, numbers: &'a [f64]) -> Vec<Coefficient<'a>> {
    let mut all: Vec<Coefficient<'a>> = Averaging::ALL.map(Coefficient::Percent).to_vec();
    all.extend([Coefficient::Fleiss(weights), Coefficient::BrennanPrediger(weights), Coefficient::Gwet(weights)]);
    all.push(Coefficient::AlphaOf(weights));
    all.extend(Level::ALL.map(|level| alpha(level, numbers)));
    all
}

fn assert_near(found: Result<f64, Undefined>, expected: f64, tolerance: f64) {
    let found = found.expect("the figure is defined");
    assert!((found - expected).abs() <= tolerance, "{found} v {expected}");
}

#[test]
fn percent_agreement_depends_on_what_counts_the_same() {
    assert_near(Coefficient::Percent(Averaging::Items).of(&krippendorff_2011()), 0.8181818181818182, 1e-12);
    assert_near(Coefficient::Percent(Averaging::Pairs).of(&krippendorff_2011()), 0.7818181818181819, 1e-12);
    assert_near(Coefficient::Percent(Averaging::Pairs).of(&fleiss_1971()), 0.5555555555555556, 1e-12);
    assert_near(Coefficient::Percent(Averaging::Items).of(&fleiss_wikipedia()), 0.378021978021978, 1e-12);
}

#[test]
fn alpha_agrees_with_an_independent_package_at_every_level() {
    let skin = of_table([[10, 4, 1, 0], [5, 10, 12, 2], [2, 4, 12, 5], [0, 2, 6, 13]]);
    let cases = [
        (krippendorff_2011(), [0.743421052631579, 0.8153875037548814, 0.8491071428571428, 0.7974027747116121]),
        (fleiss_1971(), [0.4334098282820289, 0.3358575221739839, 0.28804962598066053, 0.2400102941476887]),
        (fleiss_wikipedia(), [0.21557405653322692, 0.5407502747568197, 0.5437397490856346, 0.4526247420432411]),
        (skin, [0.34434085562429195, 0.6552968233746796, 0.6624879459980713, 0.6315267963285733]),
    ];
    for (patterns, expected) in cases {
        let numbers = &FIVE[..patterns.n_categories()];
        for (level, expected) in Level::ALL.into_iter().zip(expected) {
            assert_near(alpha(level, numbers).of(&patterns), expected, 1e-12);
        }
    }
}

/// Krippendorff 2011, as printed.
#[test]
fn the_published_alphas_are_met() {
    for (level, printed) in Level::ALL.into_iter().zip([0.743, 0.815, 0.849, 0.797]) {
        assert_near(alpha(level, &FIVE).of(&krippendorff_2011()), printed, 6e-4);
    }
}

/// Values and standard errors of AC, Fleiss' kappa and Brennan-Prediger, by kind of weights.
#[test]
fn coefficients_and_standard_errors_agree_with_irrcac() {
    let cohen_1960 = of_table([[88, 14, 18], [10, 40, 10], [2, 6, 12]]);
    let cases = [
        (
            krippendorff_2011(),
            Weighting::Identity,
            [0.775444068127, 0.1429499506408, 0.7611692754224, 0.1530192034695, 0.7727272727273, 0.1447166198995],
        ),
        (
            krippendorff_2011(),
            Weighting::Linear,
            [0.8587391364326, 0.1173290218814, 0.8179447670973, 0.1485043554995, 0.8484848484848, 0.1233561244941],
        ),
        (
            krippendorff_2011(),
            Weighting::Quadratic,
            [0.9140007235516, 0.1039622446451, 0.8649350649351, 0.1460336107569, 0.9015151515152, 0.110894374974],
        ),
        (
            krippendorff_2011(),
            Weighting::Ordinal,
            [0.8989397699075, 0.1069035238154, 0.850206189397, 0.147035693874, 0.8863636363636, 0.1139059039777],
        ),
        (
            fleiss_1971(),
            Weighting::Identity,
            [0.4478845158446, 0.0556621416816, 0.4302445200601, 0.0541989355153, 0.4444444444444, 0.0551228358557],
        ),
        (
            fleiss_wikipedia(),
            Weighting::Quadratic,
            [0.600692916335, 0.0822464154685, 0.5404573012373, 0.1383649745998, 0.5815934065934, 0.0825711329079],
        ),
        (
            cohen_1960,
            Weighting::Linear,
            [0.609756097561, 0.0508703163651, 0.4666666666667, 0.0571090102093, 0.55, 0.0528995920038],
        ),
    ];
    for (patterns, kind, [ac, ac_error, fleiss, fleiss_error, bp, bp_error]) in cases {
        let weights = Weights::of(kind, patterns.n_categories());
        let expected = [
            (Coefficient::Gwet(&weights), ac, ac_error),
            (Coefficient::Fleiss(&weights), fleiss, fleiss_error),
            (Coefficient::BrennanPrediger(&weights), bp, bp_error),
        ];
        for (coefficient, value, error) in expected {
            assert_near(coefficient.of(&patterns), value, 1e-12);
            assert_near(coefficient.standard_error(&patterns), error, 1e-12);
        }
    }
}

/// Nominal: irrCAC. Interval and ratio: its formula in numpy, with 1 - distance / greatest distance as weights.
#[test]
fn standard_errors_of_alpha_agree_with_irrcac_at_levels_with_fixed_distances() {
    let cases = [
        (krippendorff_2011(), [0.1455738869848, 0.12912996571488866, 0.14048105377514278]),
        (fleiss_1971(), [0.0541989355153, 0.11117940853061814, 0.10165426776430389]),
    ];
    for (patterns, expected) in cases {
        for (level, expected) in [Level::Nominal, Level::Interval, Level::Ratio].into_iter().zip(expected) {
            assert_near(alpha(level, &FIVE).standard_error(&patterns), expected, 1e-12);
        }
    }
}

/// Gwet 2002: two raters, 118 / 5 / 2 / 0. Agreement and AC1 are high, kappa and alpha below zero.
#[test]
fn the_paradox_of_kappa_is_shown() {
    let patterns = of_table([[118, 5], [2, 0]]);
    let weights = Weights::of(Weighting::Identity, 2);
    assert_near(Coefficient::Percent(Averaging::Items).of(&patterns), 0.944, 1e-12);
    assert_near(alpha(Level::Nominal, &[]).of(&patterns), -0.024691358024691468, 1e-12);
    assert_near(Coefficient::Fleiss(&weights).of(&patterns), -0.0288065843622, 1e-12);
    assert_near(Coefficient::Gwet(&weights).of(&patterns), 0.9407763376087, 1e-12);
}

#[test]
fn figures_without_pairs_or_ratings_are_undefined() {
    let weights = Weights::of(Weighting::Identity, 2);
    for coefficient in every(&weights, &FIVE[..2]) {
        assert_eq!(coefficient.of(&Patterns::of(2, Vec::<Vec<u32>>::new())), Err(Undefined::NoData));
        assert_eq!(coefficient.of(&Patterns::of(2, [vec![0], vec![1]])), Err(Undefined::NoPairs));
        assert_eq!(coefficient.estimate(&Patterns::of(2, [vec![0]]), 0.95), Err(Undefined::NoPairs));
    }
}

#[test]
fn one_category_leaves_alpha_and_kappa_undefined_but_not_the_others() {
    let patterns = Patterns::of(2, vec![vec![1, 1]; 8]);
    let weights = Weights::of(Weighting::Identity, 2);
    for level in Level::ALL {
        assert_eq!(alpha(level, &FIVE[..2]).of(&patterns), Err(Undefined::OneCategory));
        assert_eq!(alpha(level, &[0.1, 0.7]).of(&patterns), Err(Undefined::OneCategory));
    }
    assert_eq!(Coefficient::Fleiss(&weights).of(&patterns), Err(Undefined::OneCategory));
    for coefficient in [
        Coefficient::Gwet(&weights),
        Coefficient::BrennanPrediger(&weights),
        Coefficient::Percent(Averaging::Items),
        Coefficient::Percent(Averaging::Pairs),
    ] {
        assert_eq!(coefficient.of(&patterns), Ok(1.0));
        let estimate = coefficient.estimate(&patterns, 0.95).unwrap();
        assert!((estimate.low - 0.025_f64.powf(1.0 / 8.0)).abs() < 1e-12 && estimate.high == 1.0, "{estimate:?}");
    }
}

/// Every item has one disagreeing pair: nothing spreads, and nothing is flawless.
#[test]
fn items_that_all_disagree_alike_have_no_interval() {
    let patterns = Patterns::of(2, vec![vec![0, 1]; 8]);
    let percent = Coefficient::Percent(Averaging::Items);
    assert_eq!((percent.of(&patterns), percent.estimate(&patterns, 0.95)), (Ok(0.0), Err(Undefined::NoSpread)));
}

#[test]
fn one_declared_category_leaves_no_room_for_chance() {
    let patterns = Patterns::of(1, [vec![0, 0], vec![0, 0]]);
    let weights = Weights::of(Weighting::Identity, 1);
    assert_eq!(Coefficient::Gwet(&weights).of(&patterns), Err(Undefined::OneDeclared));
    assert_eq!(Coefficient::BrennanPrediger(&weights).of(&patterns), Err(Undefined::OneDeclared));
    assert_eq!(Coefficient::Fleiss(&weights).of(&patterns), Err(Undefined::OneCategory));
}

#[test]
fn levels_need_fitting_numbers() {
    let patterns = Patterns::of(3, [[0, 1], [2, 2], [1, 1]]);
    for level in [Level::Interval, Level::Ratio] {
        assert_eq!(alpha(level, &[]).of(&patterns), Err(Undefined::NotNumbers));
        assert_eq!(alpha(level, &[0.0, 1.0, f64::NAN]).of(&patterns), Err(Undefined::NotNumbers));
    }
    assert_eq!(alpha(Level::Ratio, &[-1.0, 0.0, 1.0]).of(&patterns), Err(Undefined::NegativeRatio));
    assert!(alpha(Level::Interval, &[-1.0, 0.0, 1.0]).of(&patterns).is_ok());
    assert!(alpha(Level::Ratio, &[0.0, 1.0, 2.0]).of(&patterns).is_ok());
}

/// Ten items, two raters who never agree: -(N - 1) / N · 2 + 1 with N = 20.
#[test]
fn alpha_of_raters_who_always_differ_stays_above_minus_one() {
    let patterns = of_table([[0, 5], [5, 0]]);
    assert_near(alpha(Level::Nominal, &[]).of(&patterns), -0.9, 1e-12);
    assert_near(Coefficient::Fleiss(&Weights::of(Weighting::Identity, 2)).of(&patterns), -1.0, 1e-12);
}

/// With t(11) = 2.200985, irrCAC prints .46081 to 1 for AC1 and .42438 to 1 for Fleiss' kappa.
#[test]
fn linearised_intervals_are_cut_at_one() {
    let weights = Weights::of(Weighting::Identity, 5);
    let found = Coefficient::Gwet(&weights).estimate(&krippendorff_2011(), 0.95).unwrap();
    assert!((found.low - 0.46081).abs() < 6e-6 && found.high == 1.0, "{found:?}");
    assert_eq!((found.n, found.method), (12, Method::Linearised));
    let found = Coefficient::Fleiss(&weights).estimate(&krippendorff_2011(), 0.95).unwrap();
    assert!((found.low - 0.42438).abs() < 6e-6 && found.high == 1.0, "{found:?}");
    assert_eq!(alpha(Level::Nominal, &[]).estimate(&krippendorff_2011(), 0.95).unwrap().n, 11);
    let one_item = Patterns::of(5, [[0, 1]]);
    assert_eq!(Coefficient::Gwet(&weights).estimate(&one_item, 0.95), Err(Undefined::OneItem));
}

/// With every item two hundred times, the jackknife is as good as the derivative that linearisation takes.
#[test]
fn standard_errors_agree_with_the_jackknife() {
    let units: Vec<Vec<u32>> =
        [vec![0, 0, 1], vec![1, 2, 1, 3], vec![2, 2], vec![3, 4, 4], vec![0, 1], vec![4, 4, 4, 1]].to_vec();
    let times = |short: Option<usize>| {
        let copies = |(unit, ratings): (usize, &Vec<u32>)| {
            std::iter::repeat_n(ratings.clone(), if short == Some(unit) { 199 } else { 200 })
        };
        Patterns::of(5, units.iter().enumerate().flat_map(copies))
    };
    let all = times(None);
    let weights = Weights::of(Weighting::Linear, 5);
    for coefficient in every(&weights, &FIVE) {
        let n = all.n_items() as f64;
        let without = |unit| coefficient.of(&times(Some(unit))).unwrap();
        let shortened: Vec<f64> = (0..units.len()).map(without).collect();
        let mean = shortened.iter().sum::<f64>() / units.len() as f64;
        let squares: f64 = shortened.iter().map(|value| 200.0 * (value - mean).powi(2)).sum();
        let jackknife = ((n - 1.0) / n * squares).sqrt();
        assert_near(coefficient.standard_error(&all), jackknife, 2e-3 * jackknife);
    }
}

/// What the source's treatment of items with one rating does: all pairs agree, and yet there is an error.
#[test]
fn single_ratings_are_spread_in_the_errors_of_the_source() {
    let mut items = vec![vec![0]; 90];
    items.extend([vec![0, 0], vec![1, 1]].iter().cycle().take(10).cloned());
    let (patterns, weights) = (Patterns::of(2, items), Weights::of(Weighting::Identity, 2));
    assert_eq!(Coefficient::BrennanPrediger(&weights).of(&patterns), Ok(1.0));
    assert!(Coefficient::BrennanPrediger(&weights).standard_error(&patterns).unwrap() > 0.3);
    assert_eq!(Coefficient::Percent(Averaging::Items).standard_error(&patterns), Ok(0.0));
}

/// Values far from zero and close together keep their alpha; many distinct ones need four sums.
#[test]
fn interval_alpha_does_not_move_with_the_origin() {
    let units: Vec<Vec<u32>> = (0..500).map(|item| vec![item, (item * 7 + item % 3) % 500, item]).collect();
    let patterns = Patterns::of(500, units);
    let near: Vec<f64> = (0..500).map(|number| f64::from(number) * 0.25).collect();
    let far: Vec<f64> = near.iter().map(|number| number + 1e9).collect();
    assert_eq!(alpha(Level::Interval, &near).width(500), 4);
    let expected = alpha(Level::Interval, &near).of(&patterns).unwrap();
    assert_near(alpha(Level::Interval, &far).of(&patterns), expected, 1e-12);
}
