//! Tests of Cohen's kappa: published tables, independent packages, edge cases, and what must hold for any table.

use super::*;
use crate::table::Coded;
use crate::weights::Weighting;
use proptest::prelude::*;

fn confusion(rows: &[&[u64]]) -> Confusion {
    let mut confusion = Confusion::new(rows.len());
    for (row, counts) in rows.iter().enumerate() {
        counts.iter().enumerate().for_each(|(column, &count)| confusion.add(row, column, count));
    }
    confusion
}

fn of(kind: Weighting, confusion: &Confusion) -> Weights {
    Weights::of(kind, confusion.n_categories())
}

fn assert_near(found: f64, expected: f64, tolerance: f64) {
    assert!((found - expected).abs() <= tolerance, "{found} v {expected}");
}

/// Cohen 1960, Educational and Psychological Measurement 20:37-46: .492; Cohen 1968, Psychological Bulletin
/// 70:213-220: .348. Standard errors and bounds by statsmodels 0.15.0 `cohens_kappa`.
#[test]
fn the_published_tables_of_cohen_are_met() {
    let table = confusion(&[&[88, 14, 18], &[10, 40, 10], &[2, 6, 12]]);
    let identity = of(Weighting::Identity, &table);
    let found = estimate(&table, &identity, 0.95).unwrap();
    assert_near(found.point, 0.492, 5e-4);
    assert_near(found.point, 0.49152542372881347, 1e-12);
    assert_near(standard_error(&table, &identity).unwrap(), 0.05100181557607786, 1e-12);
    assert_near(found.low, 0.3915637020535469, 1e-12);
    assert_near(found.high, 0.59148714540408, 1e-12);
    assert_eq!((found.n, found.method), (200, Method::LargeSample));
    let apart = [vec![0.0, 1.0, 3.0], vec![1.0, 0.0, 6.0], vec![3.0, 6.0, 0.0]];
    assert_near(kappa(&table, &Weights::from_disagreements(&apart).unwrap()).unwrap(), 0.348, 5e-4);
}

/// Kappa and standard error by statsmodels 0.15.0 `cohens_kappa`.
#[test]
fn weighted_kappa_agrees_with_statsmodels() {
    let table = confusion(&[&[10, 4, 1], &[3, 12, 9], &[0, 2, 14]]);
    let expected = [
        (Weighting::Identity, 0.4811320754716982, 0.09537724448050966),
        (Weighting::Linear, 0.5739736638264911, 0.08471668227692573),
        (Weighting::Quadratic, 0.6745562130177514, 0.07881741442916217),
    ];
    for (kind, point, error) in expected {
        assert_near(kappa(&table, &of(kind, &table)).unwrap(), point, 1e-12);
        assert_near(standard_error(&table, &of(kind, &table)).unwrap(), error, 1e-12);
    }
}

/// Gwet 2002: raw agreement .944 and kappa -.0234 for the same ratings; standard error by statsmodels 0.15.0.
#[test]
fn the_paradox_of_a_frequent_category_is_met() {
    let table = confusion(&[&[118, 5], &[2, 0]]);
    let identity = of(Weighting::Identity, &table);
    assert_near(kappa(&table, &identity).unwrap(), -0.02339181286549608, 1e-12);
    assert_near(standard_error(&table, &identity).unwrap(), 0.012286756672845256, 1e-12);
}

/// scikit-learn 1.9.1 `cohen_kappa_score`, with `labels=[0, 1, 2, 3]` and without (which drops category 2).
#[test]
fn a_declared_category_that_nobody_used_keeps_its_place() {
    let declared = confusion(&[&[5, 1, 0, 0], &[1, 5, 0, 0], &[0, 0, 0, 0], &[0, 1, 0, 3]]);
    assert_near(kappa(&declared, &of(Weighting::Linear, &declared)).unwrap(), 0.7837837837837838, 1e-12);
    let used = confusion(&[&[5, 1, 0], &[1, 5, 0], &[0, 1, 3]]);
    assert_near(kappa(&used, &of(Weighting::Linear, &used)).unwrap(), 0.7692307692307692, 1e-12);
}

#[test]
fn a_constant_side_has_a_kappa_of_exactly_zero_and_no_error() {
    for table in [confusion(&[&[0, 3, 0], &[0, 7, 0], &[0, 1, 0]]), confusion(&[&[0, 9, 0], &[0, 0, 0], &[0, 0, 0]])] {
        for kind in Weighting::ALL {
            let weights = of(kind, &table);
            assert_eq!(kappa(&table, &weights), Ok(0.0));
            assert_eq!(kappa(&table.transposed(), &weights), Ok(0.0));
            assert_eq!(standard_error(&table, &weights), Err(Undefined::Constant));
            assert_eq!(estimate(&table, &weights, 0.95), Err(Undefined::Constant));
        }
    }
}

#[test]
fn undefined_cases_are_named() {
    let reason = |table: &Confusion| kappa(table, &of(Weighting::Identity, table)).unwrap_err();
    assert_eq!(reason(&confusion(&[&[0, 0], &[0, 0]])), Undefined::NoOverlap);
    assert_eq!(reason(&confusion(&[&[4]])), Undefined::OneDeclared);
    assert_eq!(reason(&confusion(&[&[0, 0], &[0, 8]])), Undefined::OneCategory);
}

/// With n pairs all alike, up to 1 - 0.025^(1/n) of others may be unseen.
#[test]
fn perfect_agreement_is_one_but_not_certain() {
    let table = confusion(&[&[6, 0], &[0, 4]]);
    let found = estimate(&table, &of(Weighting::Identity, &table), 0.95).unwrap();
    assert_eq!((found.point, found.high, found.method), (1.0, 1.0, Method::ClopperPearson));
    assert_near(found.low, 1.0 - (1.0 - 0.025_f64.powf(0.1)) / 0.48, 1e-12);
    let opposite = confusion(&[&[0, 5], &[5, 0]]);
    let found = estimate(&opposite, &of(Weighting::Identity, &opposite), 0.95).unwrap();
    assert_eq!((found.point, found.method), (-1.0, Method::ClopperPearson));
    assert!(found.low == -1.0 && found.high > -0.5 && found.high < 0.0, "{found:?}");
}

fn four_raters() -> Table {
    let rows: [&[(u32, u32)]; 4] =
        [&[(0, 0), (1, 0), (2, 1)], &[(0, 1), (1, 1)], &[(0, 0), (1, 1), (2, 1)], &[(0, 1), (1, 1), (3, 0)]];
    let coded = |(item, row): (usize, &&[(u32, u32)])| -> Vec<Coded> {
        row.iter().map(|&(rater, category)| Coded { item: item as u32, rater, category }).collect()
    };
    Table::new(4, 4, 2, rows.iter().enumerate().flat_map(coded).collect())
}

/// By hand: raters 0 and 1 have kappa 1/2; in every other pair one side is constant.
#[test]
fn light_is_the_mean_over_pairs_with_a_kappa() {
    let weights = Weights::of(Weighting::Identity, 2);
    let found = light(&four_raters(), &weights).unwrap();
    let kappas: Vec<_> = pairs(&four_raters()).map(|pair| kappa(&pair.confusion, &weights)).collect();
    assert_eq!(kappas, [Ok(0.5), Ok(0.0), Ok(0.0), Ok(0.0), Ok(0.0)]);
    assert_eq!(found, Light { kappa: 0.1, pairs_used: 5, pairs_undefined: 0 });
    let coded = |item, rater, category| Coded { item, rater, category };
    let ratings = [(0, 0, 0), (0, 1, 0), (0, 2, 1), (1, 0, 0), (1, 1, 0), (1, 2, 0)].map(|(i, r, c)| coded(i, r, c));
    let found = light(&Table::new(2, 3, 2, ratings.to_vec()), &weights).unwrap();
    assert_eq!(found, Light { kappa: 0.0, pairs_used: 2, pairs_undefined: 1 });
}

#[test]
fn light_names_why_it_is_undefined() {
    let coded = |item, rater| Coded { item, rater, category: 1 };
    let reason = |ratings| light(&Table::new(3, 3, 2, ratings), &Weights::of(Weighting::Linear, 2)).unwrap_err();
    assert_eq!(reason(vec![]), Undefined::NoData);
    assert_eq!(reason(vec![coded(0, 1), coded(1, 1)]), Undefined::OneRater);
    assert_eq!(reason(vec![coded(0, 1), coded(1, 2)]), Undefined::NoOverlap);
    assert_eq!(reason(vec![coded(0, 1), coded(0, 2)]), Undefined::OneCategory);
}

fn any_confusion() -> impl Strategy<Value = Confusion> {
    (2_usize..5).prop_flat_map(|categories| {
        prop::collection::vec(0_u64..6, categories * categories).prop_map(move |counts| {
            let mut confusion = Confusion::new(categories);
            let place = |(index, count): (usize, u64)| confusion.add(index / categories, index % categories, count);
            counts.into_iter().enumerate().for_each(place);
            confusion
        })
    })
}

fn renamed(confusion: &Confusion, name: impl Fn(usize) -> usize) -> Confusion {
    let mut renamed = Confusion::new(confusion.n_categories());
    confusion.cells().for_each(|(row, column, count)| renamed.add(name(row), name(column), count));
    renamed
}

/// Both undefined for the same reason, or close.
fn alike(one: Result<f64, Undefined>, other: Result<f64, Undefined>) -> bool {
    match (one, other) {
        (Ok(one), Ok(other)) => (one - other).abs() < 1e-9,
        (one, other) => one == other,
    }
}

proptest! {
    #[test]
    fn exchanging_the_sides_changes_nothing(table in any_confusion(), kind in 0_usize..4) {
        let weights = of(Weighting::ALL[kind], &table);
        prop_assert!(alike(kappa(&table, &weights), kappa(&table.transposed(), &weights)));
        prop_assert!(alike(standard_error(&table, &weights), standard_error(&table.transposed(), &weights)));
    }

    #[test]
    fn names_do_not_matter_unweighted_and_direction_does_not_when_weighted(table in any_confusion(), turn in 1_usize..4) {
        let last = table.n_categories() - 1;
        let turned = renamed(&table, |category| (category + turn) % (last + 1));
        let identity = of(Weighting::Identity, &table);
        prop_assert!(alike(kappa(&table, &identity), kappa(&turned, &identity)));
        let backwards = renamed(&table, |category| last - category);
        for kind in Weighting::ALL {
            let weights = of(kind, &table);
            prop_assert!(alike(kappa(&table, &weights), kappa(&backwards, &weights)));
            prop_assert!(alike(standard_error(&table, &weights), standard_error(&backwards, &weights)));
        }
    }

    #[test]
    fn an_interval_is_finite_and_holds_its_point(table in any_confusion(), kind in 0_usize..4) {
        if let Ok(e) = estimate(&table, &of(Weighting::ALL[kind], &table), 0.95) {
            prop_assert!(e.low.is_finite() && e.low < e.high && e.low <= e.point && e.point <= e.high, "{e:?}");
            prop_assert!(e.high <= 1.0, "{e:?}");
        }
    }
}
