//! Tests of Conger's kappa: an independent package, its relation to Cohen's, edge cases.

use super::*;
use crate::cohen;
use crate::confusion::Confusion;
use crate::weights::Weighting;
use proptest::prelude::*;

/// Rows are items, columns raters; a dot is no rating.
fn table(categories: usize, rows: &[&str]) -> Table {
    let coded = |(item, row): (usize, &&str)| -> Vec<Coded> {
        let given = row.chars().enumerate().filter_map(|(rater, sign)| Some((rater as u32, sign.to_digit(10)?)));
        given.map(|(rater, category)| Coded { item: item as u32, rater, category }).collect()
    };
    let raters = rows.iter().map(|row| row.len()).max().unwrap_or(0);
    Table::new(rows.len(), raters, categories, rows.iter().enumerate().flat_map(coded).collect())
}

/// Krippendorff 2011, Computing Krippendorff's Alpha-Reliability; categories from 0.
const KRIPPENDORFF: [&str; 12] =
    ["00.0", "1121", "2222", "2222", "1111", "0123", "3333", "0010", "1111", ".444", "..00", ".2.."];

fn assert_near(found: f64, expected: f64, tolerance: f64) {
    assert!((found - expected).abs() <= tolerance, "{found} v {expected}");
}

fn compare(table: &Table, expected: &[(Weighting, f64, f64, f64)]) {
    for &(kind, point, low, high) in expected {
        let weights = Weights::of(kind, table.n_categories());
        let found = estimate(table, &weights, 0.95).unwrap();
        assert_near(kappa(table, &weights).unwrap(), point, 1e-12);
        // The quantile of t is good to 5e-6.
        assert_near(found.low, low, 2e-6);
        assert_near(found.high, high, 2e-6);
    }
}

/// irrCAC 0.4.4 (PyPI) `CAC(...).conger()`, which cuts at 1.
#[test]
fn missing_ratings_agree_with_irrcac() {
    compare(
        &table(5, &KRIPPENDORFF),
        &[
            (Weighting::Identity, 0.76206689365111, 0.43167966330444, 1.0),
            (Weighting::Linear, 0.81313703284258, 0.49208329607366, 1.0),
            (Weighting::Quadratic, 0.85716822409163, 0.53943226461396, 1.0),
            (Weighting::Ordinal, 0.84308249679221, 0.52433023605848, 1.0),
        ],
    );
    let small = table(3, &["001.", "22..", "1...", "0112", ".222", "11.0", "0000"]);
    compare(
        &small,
        &[
            (Weighting::Identity, 0.46938775510204, -0.09678899084188, 1.0),
            (Weighting::Quadratic, 0.68627450980392, 0.10194339072652, 1.0),
        ],
    );
    let weights = Weights::of(Weighting::Quadratic, 3);
    assert_near(Conger::of(&small, &weights).unwrap().standard_error(), 0.23880350220461, 1e-12);
}

#[test]
fn items_and_raters_without_a_rating_do_not_count() {
    let weights = Weights::of(Weighting::Linear, 3);
    let full = table(3, &["012", "002", "211", "22."]);
    let padded = table(3, &["0.12.", ".....", "0.02.", "2.11.", "2.2..", "....."]);
    assert_eq!(estimate(&full, &weights, 0.9), estimate(&padded, &weights, 0.9));
}

#[test]
fn undefined_cases_are_named() {
    let reason = |categories, rows: &[&str]| {
        kappa(&table(categories, rows), &Weights::of(Weighting::Identity, categories)).unwrap_err()
    };
    assert_eq!(reason(2, &["..", ".."]), Undefined::NoData);
    assert_eq!(reason(2, &[".1", ".0"]), Undefined::OneRater);
    assert_eq!(reason(2, &[".1", "0."]), Undefined::NoPairs);
    assert_eq!(reason(1, &["00", "00"]), Undefined::OneDeclared);
    assert_eq!(reason(2, &["11", "11"]), Undefined::OneCategory);
    let coded = |rater, category| Coded { item: 0, rater, category };
    let twice = Table::new(1, 2, 2, vec![coded(0, 0), coded(0, 1), coded(1, 1)]);
    assert_eq!(kappa(&twice, &Weights::of(Weighting::Identity, 2)), Err(Undefined::Repeated));
    let one_item = table(2, &["01"]);
    assert_eq!(estimate(&one_item, &Weights::of(Weighting::Identity, 2), 0.95), Err(Undefined::OneItem));
}

#[test]
fn perfect_agreement_is_one_but_not_certain() {
    let found = estimate(&table(2, &["00", "11", "11", "00"]), &Weights::of(Weighting::Identity, 2), 0.95).unwrap();
    assert_eq!((found.point, found.high, found.method), (1.0, 1.0, Method::ClopperPearson));
    assert_near(found.low, 1.0 - (1.0 - 0.025_f64.powf(0.25)) / 0.5, 1e-12);
}

proptest! {
    #[test]
    fn with_two_raters_and_no_gap_it_is_cohens_kappa(
        rows in prop::collection::vec((0_u32..3, 0_u32..3), 1..20), kind in 0_usize..4,
    ) {
        let coded = |item, rater, category| Coded { item, rater, category };
        let both = |(item, &(a, b)): (usize, &(u32, u32))| [coded(item as u32, 0, a), coded(item as u32, 1, b)];
        let table = Table::new(rows.len(), 2, 3, rows.iter().enumerate().flat_map(both).collect());
        let weights = Weights::of(Weighting::ALL[kind], 3);
        match (kappa(&table, &weights), cohen::kappa(&Confusion::of_raters(&table, 0, 1), &weights)) {
            (Ok(conger), Ok(cohen)) => prop_assert!((conger - cohen).abs() < 1e-9),
            (conger, cohen) => prop_assert_eq!(conger, cohen),
        }
    }

    #[test]
    fn an_interval_is_finite_and_holds_its_point(
        cells in prop::collection::vec(prop::option::weighted(0.7, 0_u32..3), 4 * 8),
    ) {
        let coded = |(place, category): (usize, &Option<u32>)| {
            Some(Coded { item: place as u32 / 4, rater: place as u32 % 4, category: (*category)? })
        };
        let table = Table::new(8, 4, 3, cells.iter().enumerate().filter_map(coded).collect());
        if let Ok(e) = estimate(&table, &Weights::of(Weighting::Quadratic, 3), 0.95) {
            prop_assert!(e.low.is_finite() && e.low <= e.point && e.point <= e.high && e.high <= 1.0, "{e:?}");
        }
    }
}
