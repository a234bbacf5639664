//! Tests of clustered accuracy: reference figures, edge cases, and what must hold for any cells.

use super::simulation::{Cohort, Random};
use super::*;
use crate::{Proportion, bar::items_to_decide, proportion::clopper_pearson};
use proptest::prelude::*;

/// Eight items by four raters.
const TABLE: [[u8; 4]; 8] =
    [[1, 1, 1, 0], [1, 1, 0, 0], [1, 1, 1, 1], [0, 1, 0, 0], [1, 1, 1, 1], [1, 0, 1, 1], [1, 1, 1, 0], [1, 1, 1, 1]];

fn cell(item: u32, rater: u32, right: f64, asked: f64) -> ScoredCell {
    ScoredCell { item, rater, right, asked }
}

/// `items` by `raters`, all right but for the first `errors` items, on which rater 0 errs.
fn nearly_flawless(items: u32, raters: u32, errors: u32) -> Vec<ScoredCell> {
    let right = |item: u32, rater: u32| if rater == 0 && item < errors { 0.0 } else { 1.0 };
    (0..items).flat_map(|item| (0..raters).map(move |rater| cell(item, rater, right(item, rater), 1.0))).collect()
}

fn assert_near(found: &[f64], expected: &[f64], tolerance: f64) {
    for (found_one, expected_one) in found.iter().zip(expected) {
        assert!((found_one - expected_one).abs() < tolerance, "{found:?} v {expected:?}");
    }
}

/// statsmodels 0.15.0 `cov_cluster_2groups` on a constant gives the three variances; bounds by SciPy 1.17.1.
#[test]
fn a_complete_table_agrees_with_statsmodels() {
    let rows = TABLE.iter().enumerate();
    let cells: Vec<ScoredCell> = rows
        .flat_map(|(item, row)| (0..4).map(move |rater| cell(item as u32, rater, f64::from(row[rater as usize]), 1.0)))
        .collect();
    let found = ratio(&cells, 0.95).unwrap();
    assert_near(
        &[found.design_effect_items.unwrap(), found.design_effect_raters.unwrap(), found.design_effect],
        &[1.5238095238095253, 1.3333333333333346, 1.8248847926267302],
        1e-9,
    );
    let bounds = [found.estimate.low, found.estimate.high, found.lower, found.upper, found.effective_n];
    let expected = [0.3491970139867267, 0.9681330249781083, 0.43813392549236857, 0.9411180979024666];
    assert_near(&bounds[..4], &expected, 1e-6);
    assert_near(&bounds[4..], &[8.002014679094387], 1e-5);
    assert_eq!((found.n_ratings, found.n_items, found.n_raters), (32, 8, 4));
}

/// From the definition with NumPy and SciPy 1.17.1: several criteria pooled, raters missing, a weight of 2.5.
#[test]
fn an_incomplete_weighted_table_agrees_with_the_definition() {
    let right_asked = [
        (1, 7, 2.0, 3.0),
        (1, 8, 3.0, 3.0),
        (1, 9, 1.0, 3.0),
        (2, 7, 3.0, 3.0),
        (2, 8, 2.0, 2.0),
        (3, 8, 0.0, 3.0),
        (3, 9, 1.0, 3.0),
        (4, 7, 3.0, 3.0),
        (4, 9, 3.0, 3.0),
        (5, 7, 1.0, 3.0),
        (5, 8, 3.0, 3.0),
        (5, 9, 2.0, 3.0),
        (6, 8, 1.5, 2.5),
    ];
    let cells: Vec<ScoredCell> = right_asked.iter().map(|&(i, r, right, asked)| cell(i, r, right, asked)).collect();
    let found = ratio(&cells, 0.95).unwrap();
    assert_near(&[found.estimate.point, found.design_effect], &[0.68, 2.386644841985874], 1e-9);
    assert_near(&[found.design_effect_raters.unwrap()], &[0.3965167797888386], 1e-9);
    let bounds = [found.estimate.low, found.estimate.high, found.lower, found.upper];
    assert_near(&bounds, &[0.2867146068564075, 0.9415346479359703, 0.36493362663302426, 0.9059525237492558], 1e-6);
}

#[test]
fn one_rater_with_one_answer_an_item_is_a_plain_proportion() {
    let cells: Vec<ScoredCell> = (0..50).map(|item| cell(item, 3, f64::from(u8::from(item % 7 > 0)), 1.0)).collect();
    let found = ratio(&cells, 0.95).unwrap();
    let plain = clopper_pearson(Proportion::new(42, 50).unwrap(), 0.95);
    assert_near(&[found.estimate.low, found.estimate.high], &[plain.low, plain.high], 1e-9);
    assert_eq!(found.design_effect_raters, None);
    assert_eq!(items_to_decide(0.9, 0.85, 0.95, &found.gold), Some(302));
}

#[test]
fn flawless_answers_count_as_items_and_an_error_never_helps() {
    let flawless = ratio(&nearly_flawless(100, 20, 0), 0.95).unwrap();
    assert!(flawless.degenerate && flawless.design_effect_items.is_none());
    assert_near(&[flawless.design_effect], &[20.0], 1e-9);
    // 100 items times (1.95996 / 2.09302)², t at 19 degrees of freedom.
    assert_near(&[flawless.effective_n, flawless.estimate.low], &[87.6897, 0.0250_f64.powf(1.0 / 87.6897)], 1e-3);
    for (items, raters) in [(100, 20), (40, 6), (20, 3), (50, 2), (30, 1)] {
        let bound = |errors| ratio(&nearly_flawless(items, raters, errors), 0.95).unwrap().lower;
        assert!((1..items).all(|errors| bound(errors) <= bound(0)), "{items} x {raters}");
    }
}

#[test]
fn one_rater_all_right_shows_a_bar_from_the_planned_number_of_items_on() {
    let lower = |items| ratio(&nearly_flawless(items, 1, 0), 0.95).unwrap().lower;
    assert!(lower(29) >= 0.90 && lower(28) < 0.90);
}

#[test]
fn one_item_and_two_raters_leave_nearly_everything_open() {
    let one_item = ratio(&nearly_flawless(1, 30, 0), 0.95).unwrap();
    assert_near(&[one_item.effective_n, one_item.estimate.low, one_item.estimate.high], &[1.0, 0.025, 1.0], 1e-9);
    assert_eq!(one_item.design_effect_items, None);
    let mixed = ratio(&nearly_flawless(1, 30, 1), 0.95).unwrap();
    assert!(mixed.estimate.low <= 0.025 && mixed.effective_n < 1.0 + 1e-9, "{mixed:?}");
    let two_raters = ratio(&nearly_flawless(100, 2, 10), 0.95).unwrap();
    assert!(two_raters.estimate.low < 0.25 && two_raters.effective_n >= 2.0 - 1e-9, "{two_raters:?}");
    assert_eq!(items_to_decide(two_raters.estimate.point, 0.90, 0.95, &two_raters.gold), None);
    assert!(ratio(&nearly_flawless(2, 2, 1), 0.95).unwrap().effective_n >= 2.0 - 1e-9);
}

#[test]
fn one_weightless_answer_still_has_ordered_bounds() {
    let found = ratio(&[cell(0, 0, 2.4462481365731916e-5, 0.001)], 0.774057296128368).unwrap();
    assert!(is_sound(&found), "{found:?}");
}

#[test]
fn without_answers_or_with_impossible_counts_it_is_undefined() {
    assert_eq!(ratio(&[], 0.95), Err(Undefined::NoData));
    assert_eq!(ratio(&[cell(1, 1, 0.0, 0.0)], 0.95), Err(Undefined::NoData));
    for (right, asked) in [(2.0, 1.0), (-1.0, 1.0), (f64::NAN, 1.0), (1.0, f64::NAN), (1.0, f64::INFINITY), (0.0, -1.0)]
    {
        assert_eq!(ratio(&[cell(1, 1, right, asked)], 0.95), Err(Undefined::BadCount), "{right} of {asked}");
    }
}

/// Owen 2007: resampling items and raters independently; a cell counts as often as both were drawn. It counts the
/// noise of single answers about three times, so it is too wide, the more so the emptier the table.
fn pigeonhole_half_width(cells: &[ScoredCell], items: u32, raters: u32, random: &mut Random) -> f64 {
    let mut replicates: Vec<f64> = (0..2000)
        .map(|_| {
            let mut draw = |of: u32| {
                let mut counts = vec![0.0; of as usize];
                (0..of).for_each(|_| counts[(random.uniform() * f64::from(of)) as usize] += 1.0);
                counts
            };
            let (by_item, by_rater) = (draw(items), draw(raters));
            let weight = |cell: &ScoredCell| by_item[cell.item as usize] * by_rater[cell.rater as usize];
            let right: f64 = cells.iter().map(|cell| weight(cell) * cell.right).sum();
            right / cells.iter().map(|cell| weight(cell) * cell.asked).sum::<f64>()
        })
        .collect();
    replicates.sort_by(f64::total_cmp);
    (replicates[1949] - replicates[50]) / 2.0
}

#[test]
fn the_interval_is_about_as_wide_as_a_two_way_bootstrap() {
    let mut random = Random(7);
    for (items, raters, each) in [(80, 16, 16), (150, 25, 8)] {
        let cohort = Cohort { items, raters, each, tilt: 1.0, spread: (1.0, 0.6), truth: 0.85 };
        let cells = cohort.draw(cohort.middle(), &mut random);
        let found = ratio(&cells, 0.95).unwrap().estimate;
        let bootstrap = pigeonhole_half_width(&cells, items, raters, &mut random);
        let quotient = (found.high - found.low) / 2.0 / bootstrap;
        assert!((0.75..1.1).contains(&quotient), "{items} x {raters}: {quotient} times the bootstrap's {bootstrap}");
    }
}

/// Whole counts, few ids, so that cells repeat and clusters are small.
fn some_cells() -> impl Strategy<Value = Vec<ScoredCell>> {
    let one = (0_u32..9, 0_u32..6, 0_u8..4, 0_u8..4);
    let counted = one.prop_map(|(item, rater, a, b)| cell(item, rater, f64::from(a.min(b)), f64::from(a.max(b))));
    prop::collection::vec(counted, 1..60)
}

/// Any ids, and weights that differ by many orders of magnitude.
fn weighted_cells() -> impl Strategy<Value = Vec<ScoredCell>> {
    let one = (any::<u32>(), 0_u32..20, 0.0..=1.0_f64, -48.0..48.0_f64);
    let weighed = one.prop_map(|(item, rater, share, size)| cell(item, rater, share * size.exp2(), size.exp2()));
    prop::collection::vec(weighed, 1..60)
}

fn is_sound(found: &Clustered) -> bool {
    let e = found.estimate;
    let numbers = [found.effective_n, found.design_effect, found.gold.per_item, found.gold.ceiling];
    0.0 <= e.low
        && e.low <= found.lower
        && found.lower <= e.point
        && e.point <= found.upper
        && found.upper <= e.high
        && e.high <= 1.0
        && numbers.iter().all(|number| *number >= 0.0)
        && found.design_effect >= 1.0
        && found.gold.per_flawless_item >= 0.0
        && [found.design_effect_items, found.design_effect_raters].iter().flatten().all(|effect| effect.is_finite())
}

proptest! {
    #[test]
    fn bounds_are_ordered_and_nothing_is_nan(cells in some_cells(), weighted in weighted_cells(), level in 0.6..0.999_f64) {
        for found in [ratio(&cells, level), ratio(&weighted, level)].into_iter().flatten() {
            prop_assert!(is_sound(&found), "{found:?}");
        }
    }

    #[test]
    fn the_order_of_cells_never_shows(cells in weighted_cells(), turn in 0_usize..60) {
        let mut turned = cells.clone();
        turned.rotate_left(turn % cells.len());
        turned.reverse();
        prop_assert_eq!(ratio(&cells, 0.95), ratio(&turned, 0.95));
    }

    #[test]
    fn a_cell_given_in_parts_is_one_cell(cells in some_cells()) {
        let parts = |c: &ScoredCell| [cell(c.item, c.rater, 0.0, c.asked - c.right), cell(c.item, c.rater, c.right, c.right)];
        let split: Vec<ScoredCell> = cells.iter().flat_map(parts).collect();
        prop_assert_eq!(ratio(&cells, 0.95), ratio(&split, 0.95));
    }

    #[test]
    fn right_and_wrong_are_mirrors(cells in some_cells()) {
        let swapped: Vec<ScoredCell> = cells.iter().map(|c| cell(c.item, c.rater, c.asked - c.right, c.asked)).collect();
        if let (Ok(a), Ok(b)) = (ratio(&cells, 0.95), ratio(&swapped, 0.95)) {
            prop_assert!((a.lower - (1.0 - b.upper)).abs() < 1e-6 && (a.upper - (1.0 - b.lower)).abs() < 1e-6);
        }
    }
}
