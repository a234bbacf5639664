//! Tests of intraclass correlations: a published table, independent packages, edge cases, what must hold for any data.

use super::*;
use proptest::prelude::*;

/// Shrout and Fleiss 1979, Psychological Bulletin 86:420-428, table 2: six items by four judges.
const SHROUT_FLEISS: [[u32; 4]; 6] =
    [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]];

/// Four items by three judges who do not agree at all.
const CONTRARY: [[u32; 3]; 4] = [[1, 5, 3], [5, 1, 4], [3, 4, 2], [2, 3, 5]];

/// Categories are the numbers 0 to 10.
fn table<const K: usize>(rows: &[[u32; K]]) -> Table {
    let coded = |(item, row): (usize, &[u32; K])| -> Vec<Coded> {
        let cells = (0..).zip(row);
        cells.map(|(rater, &category)| Coded { item: item as u32, rater, category }).collect()
    };
    Table::new(rows.len(), K, 11, rows.iter().enumerate().flat_map(coded).collect())
}

fn numbers() -> Vec<f64> {
    (0..11).map(f64::from).collect()
}

fn assert_near(found: f64, expected: f64, tolerance: f64) {
    assert!((found - expected).abs() <= tolerance, "{found} v {expected}");
}

/// As printed in table 4 of Shrout and Fleiss 1979; more digits by pingouin 0.6.1 `intraclass_corr`.
#[test]
fn the_published_table_of_shrout_and_fleiss_is_met() {
    let expected = [
        (Form::OneOne, 0.17, 0.1657417684054755),
        (Form::TwoOne, 0.29, 0.28976377952755916),
        (Form::ThreeOne, 0.71, 0.7148407148407154),
        (Form::OneK, 0.44, 0.44279713367926876),
        (Form::TwoK, 0.62, 0.6200505475989893),
        (Form::ThreeK, 0.91, 0.9093155423770697),
    ];
    for (form, printed, full) in expected {
        let found = icc(&table(&SHROUT_FLEISS), &numbers(), form).unwrap();
        assert_near(found, printed, 0.005);
        assert_near(found, full, 1e-12);
    }
}

/// R irr 0.84.1 `icc`, except (2,k): from the definition with SciPy 1.12.0, which pingouin 0.6.1 meets to its two
/// digits (.07 to .93). irr multiplies by k once too often in that form's degrees of freedom and has .0394 to .9286.
#[test]
fn intervals_agree_with_independent_packages() {
    let expected = [
        (Form::OneOne, -0.132932324874751, 0.722560062328121),
        (Form::TwoOne, 0.018786513374712, 0.761084369648953),
        (Form::ThreeOne, 0.342464765033925, 0.94585825995536),
        (Form::OneK, -0.88444215523812, 0.912415420340775),
        (Form::TwoK, 0.07113681530250338, 0.9272320401677221),
        (Form::ThreeK, 0.675674713816305, 0.985891678169062),
    ];
    for (form, low, high) in expected {
        let found = estimate(&table(&SHROUT_FLEISS), &numbers(), form, 0.95).unwrap();
        assert_near(found.low, low, 1e-7);
        assert_near(found.high, high, 1e-7);
        assert_eq!((found.n, found.method), (6, Method::FDistribution));
    }
}

/// pingouin 0.6.1 `intraclass_corr`, whose bounds have two digits.
#[test]
fn correlations_may_be_negative() {
    let expected = [
        (Form::OneOne, -0.47196261682242985, -0.49, -0.17),
        (Form::ThreeOne, -0.47777777777777775, -0.5, -0.23),
        (Form::OneK, -25.24999999999998, -141.17, -0.81),
        (Form::ThreeK, -32.24999999999997, -218.41, -1.26),
    ];
    for (form, point, low, high) in expected {
        let found = estimate(&table(&CONTRARY), &numbers(), form, 0.95).unwrap();
        assert_near(found.point, point, 1e-10);
        assert_near(found.low, low, 0.0051);
        assert_near(found.high, high, 0.0051);
    }
}

/// The point by pingouin 0.6.1, the bounds from the definition with SciPy 1.12.0 at 2 degrees of freedom. pingouin
/// takes 0.41 and has -.73 to -.21, less than any true variances could give.
#[test]
fn absolute_agreement_keeps_its_degrees_of_freedom_in_reason() {
    let found = estimate(&table(&CONTRARY), &numbers(), Form::TwoOne, 0.95).unwrap();
    assert_near(found.point, -0.6935483870967741, 1e-12);
    assert_near(found.low, -0.7297985408603764, 1e-7);
    assert_near(found.high, -0.2795701257031781, 1e-7);
    // For the mean of all raters the formula would give 5.375, and correlations end at 1.
    assert_eq!(icc(&table(&CONTRARY), &numbers(), Form::TwoK), Err(Undefined::NoVariance));
}

#[test]
fn undefined_cases_are_named() {
    let coded = |item, rater, category| Coded { item, rater, category };
    let reason = |ratings: &[Coded], numbers: &[f64]| {
        icc(&Table::new(3, 3, 3, ratings.to_vec()), numbers, Form::TwoOne).unwrap_err()
    };
    let full = [coded(0, 0, 0), coded(0, 2, 1), coded(2, 0, 1), coded(2, 2, 2)];
    let numbers = [1.0, 2.0, f64::NAN];
    assert_eq!(reason(&[], &numbers), Undefined::NoData);
    assert_eq!(reason(&[coded(0, 0, 0), coded(0, 0, 1), coded(2, 0, 1)], &numbers), Undefined::Repeated);
    assert_eq!(reason(&full[..2], &numbers), Undefined::OneItem);
    assert_eq!(reason(&[coded(0, 0, 0), coded(2, 0, 1)], &numbers), Undefined::OneRater);
    assert_eq!(reason(&full[..3], &numbers), Undefined::Incomplete);
    assert_eq!(reason(&full, &numbers), Undefined::NotNumbers);
    assert_eq!(reason(&full, &[1.0, 1.0, 1.0]), Undefined::NoVariance);
    // Items whose means differ by rounding only: 0.3 + 0.6 against 0.45 + 0.45.
    let alike = [coded(0, 0, 0), coded(0, 1, 2), coded(1, 0, 1), coded(1, 1, 1)];
    assert_eq!(reason(&alike, &[0.3, 0.45, 0.6]), Undefined::NoVariance);
}

#[test]
fn perfect_agreement_is_one_without_an_interval() {
    let same = table(&[[1, 1, 1], [4, 4, 4], [2, 2, 2]]);
    for form in Form::ALL {
        assert_eq!(icc(&same, &numbers(), form), Ok(1.0));
        assert_eq!(estimate(&same, &numbers(), form, 0.95), Err(Undefined::NoSpread));
    }
    // Raters who differ by a constant agree in (3,1) only, and (2,1) has an interval.
    let shifted = table(&[[1, 2], [4, 5], [2, 3], [7, 8]]);
    assert_eq!(estimate(&shifted, &numbers(), Form::ThreeOne, 0.95), Err(Undefined::NoSpread));
    let found = estimate(&shifted, &numbers(), Form::TwoOne, 0.95).unwrap();
    assert!(0.0 < found.low && found.low < found.point && found.point < found.high && found.high <= 1.0, "{found:?}");
}

#[test]
fn items_and_raters_without_a_rating_do_not_count() {
    let full = table(&[[1, 2], [4, 4], [2, 3]]);
    let moved = |rating: &Coded| Coded { item: rating.item * 2 + 1, rater: rating.rater * 3, ..*rating };
    let padded = Table::new(8, 5, 11, full.ratings().iter().map(moved).collect());
    let both = [full, padded].map(|table| estimate(&table, &numbers(), Form::TwoOne, 0.9));
    assert_eq!(both[0], both[1]);
}

/// SciPy 1.12.0 `f.ppf`.
#[test]
fn quantiles_of_f_agree_with_scipy() {
    let expected = [
        (5.0, 4.785143862212761, 0.975, 7.498627593144807),
        (1.0, 1.0, 0.975, 647.7890114778446),
        (2.0, 2.5, 0.6, 1.3517287731308534),
        (499_999.0, 1_000_000.0, 0.975, 1.004810505658376),
        (1.0, 200_000.0, 0.99995, 16.44882770293372),
        (19.0, 1.0, 0.99995, 248_037_057.49025062),
    ];
    for (df1, df2, share, quantile) in expected {
        assert_near(fisher(df1, df2, share) / quantile, 1.0, 1e-6);
    }
}

proptest! {
    #[test]
    fn moving_and_stretching_the_numbers_changes_nothing(
        rows in prop::collection::vec(prop::array::uniform3(0_u32..11), 2..8),
        by in -1000.0..1000.0_f64,
        times in 0.01..100.0_f64,
    ) {
        let changed: Vec<f64> = numbers().iter().map(|number| number * times + by).collect();
        for form in Form::ALL {
            let found = [numbers(), changed.clone()].map(|numbers| estimate(&table(&rows), &numbers, form, 0.95));
            match found {
                [Ok(one), Ok(other)] => {
                    let near = |a: f64, b: f64| (a - b).abs() <= 1e-6 * a.abs().max(1.0);
                    let same = near(one.point, other.point) && near(one.low, other.low) && near(one.high, other.high);
                    prop_assert!(same, "{one:?} v {other:?}");
                }
                [one, other] => prop_assert_eq!(one, other),
            }
        }
    }

    #[test]
    fn an_interval_is_finite_and_holds_its_point(
        rows in prop::collection::vec(prop::array::uniform4(0_u32..4), 2..8), level in 0.51..0.999_f64,
    ) {
        for form in Form::ALL {
            if let Ok(e) = estimate(&table(&rows), &numbers(), form, level) {
                prop_assert!(e.low.is_finite() && e.low <= e.point && e.point <= e.high, "{form:?} {e:?}");
                prop_assert!(e.high <= 1.0 + 1e-12, "{form:?} {e:?}");
            }
        }
    }
}
