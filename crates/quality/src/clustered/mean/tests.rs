//! Tests of clustered means: reference figures, edge cases, what must hold for any numbers, and coverage.

use super::*;
use crate::clustered::simulation::Random;
use crate::{Method, quantile};
use proptest::prelude::*;

const NO_BOUNDS: (f64, f64) = (f64::NEG_INFINITY, f64::INFINITY);
const GOLD: [u8; 8] = [3, 1, 4, 2, 5, 2, 3, 4];
const GIVEN: [[u8; 4]; 8] =
    [[4, 4, 2, 3], [3, 3, 1, 2], [4, 5, 3, 4], [3, 3, 2, 2], [5, 5, 4, 4], [4, 4, 2, 3], [3, 3, 2, 2], [5, 5, 4, 5]];

/// The errors of the table, by item and rater, but for those that are missing.
fn errors(missing: &[(u32, u32)], of_error: fn(f64) -> f64) -> Vec<NumberCell> {
    let pairs = (0..8_u32).flat_map(|item| (0..4_u32).map(move |rater| (item, rater)));
    let cell = |(item, rater): (u32, u32)| {
        let error = f64::from(GIVEN[item as usize][rater as usize]) - f64::from(GOLD[item as usize]);
        NumberCell { item, rater, sum: of_error(error), answers: 1 }
    };
    pairs.filter(|pair| !missing.contains(pair)).map(cell).collect()
}

fn assert_near(found: ClusteredMean, expected: [f64; 6]) {
    let interval = found.interval.unwrap();
    let bounds = [interval.estimate.low, interval.estimate.high, interval.lower, interval.upper];
    let found = [found.point, interval.standard_error].into_iter().chain(bounds);
    for (found, expected) in found.zip(expected) {
        assert!((found - expected).abs() < 1e-6, "{found} v {expected}");
    }
}

/// statsmodels 0.15.0: `OLS` on a constant, `cov_cluster_2groups` (variance .15494192 for the bias; for the absolute
/// error its parts are less than that of the cells, from NumPy 2.4.6); t bounds by SciPy 1.17.1.
#[test]
fn a_complete_table_agrees_with_statsmodels() {
    let bias = mean(errors(&[], |error| error), NO_BOUNDS, 0.95).unwrap();
    let expected = [0.375, 0.39362662039, -0.68362630466, 1.43362630466, -0.44487654493, 1.19487654493];
    assert_near(bias, expected);
    assert_eq!((bias.n_ratings, bias.n_items, bias.n_raters), (32, 8, 4));
    let estimate = bias.interval.unwrap().estimate;
    assert_eq!((estimate.n, estimate.method), (8, Method::LinearisedTwoWay));
    let absolute = mean(errors(&[], f64::abs), NO_BOUNDS, 0.95).unwrap();
    let expected = [0.75, 0.11879774083, 0.37193256863, 1.12806743137, 0.47042574060, 1.02957425940];
    assert_near(absolute, expected);
}

/// By the definition, with statsmodels 0.15.0 (its uncorrected parts), NumPy 2.4.6 and SciPy 1.17.1.
#[test]
fn an_incomplete_table_agrees_with_the_definition() {
    let missing = [(0, 1), (2, 3), (5, 0), (7, 2), (7, 3)];
    let expected = [0.29629629630, 0.41045417880, -0.81732343237, 1.40991602497, -0.56413233016, 1.15672492275];
    assert_near(mean(errors(&missing, |error| error), NO_BOUNDS, 0.95).unwrap(), expected);
}

#[test]
fn what_shows_nothing_has_no_interval_and_says_why() {
    let cell = |item, rater, sum| NumberCell { item, rater, sum, answers: 1 };
    let of = |cells: &[NumberCell]| mean(cells.to_vec(), NO_BOUNDS, 0.95);
    assert_eq!(of(&[]), Err(Undefined::NoData));
    assert_eq!(of(&[NumberCell { answers: 0, ..cell(0, 0, 1.0) }]), Err(Undefined::NoData));
    assert_eq!(of(&[cell(0, 0, f64::NAN)]), Err(Undefined::NotNumbers));
    assert_eq!(of(&[cell(0, 0, 1e100)]), Err(Undefined::NotNumbers));
    assert_eq!(of(&[cell(0, 0, 1.0), cell(0, 1, 2.0)]).unwrap().interval, Err(Undefined::OneItem));
    assert_eq!(of(&[cell(0, 0, 0.1), cell(1, 1, 0.1), cell(2, 1, 0.1)]).unwrap().interval, Err(Undefined::NoSpread));
    // Errors that cancel by item and by rater are errors all the same.
    let cancels = [cell(0, 0, 1.0), cell(0, 1, -1.0), cell(1, 0, -1.0), cell(1, 1, 1.0)];
    assert!(of(&cancels).unwrap().interval.is_ok());
    let within = mean(errors(&[], f64::abs), (0.7, 0.8), 0.95).unwrap().interval.unwrap();
    assert_eq!((within.estimate.low, within.estimate.high), (0.7, 0.8));
}

/// One rater, one answer an item: the t interval of a mean. SciPy 1.17.1, `t.interval` of 1, 0, 2, -1, 0.
#[test]
fn one_rater_has_the_usual_t_interval() {
    let numbers = (0..).zip([1.0, 0.0, 2.0, -1.0, 0.0]);
    let cells = numbers.map(|(item, sum)| NumberCell { item, rater: 3, sum, answers: 1 }).collect();
    let estimate = mean(cells, NO_BOUNDS, 0.95).unwrap().interval.unwrap().estimate;
    assert!((estimate.low - -1.0157148).abs() < 1e-6 && (estimate.high - 1.8157148).abs() < 1e-6, "{estimate:?}");
}

proptest! {
    #[test]
    fn a_shift_of_all_numbers_moves_the_mean_and_its_bounds_by_as_much_and_order_never_shows(
        numbers in prop::collection::vec((0_u32..8, 0_u32..4, -5_i32..6), 2..40),
        shift in -20_i32..21,
    ) {
        let of = |by: i32| -> Vec<NumberCell> {
            let cell = |(item, rater, sum): &(u32, u32, i32)| {
                NumberCell { item: *item, rater: *rater, sum: f64::from(sum + by), answers: 1 }
            };
            numbers.iter().map(cell).collect()
        };
        let [plain, shifted] = [0, shift].map(|by| mean(of(by), NO_BOUNDS, 0.95).unwrap());
        let shift = f64::from(shift);
        prop_assert!((shifted.point - plain.point - shift).abs() < 1e-9);
        match (plain.interval, shifted.interval) {
            (Ok(plain), Ok(shifted)) => {
                let near = |a: f64, b: f64| (b - a - shift).abs() < 1e-6 * (b - a).abs().max(1.0 + a.abs());
                prop_assert!(near(plain.estimate.low, shifted.estimate.low), "{plain:?} {shifted:?}");
                prop_assert!(near(plain.estimate.high, shifted.estimate.high), "{plain:?} {shifted:?}");
            }
            (plain, shifted) => prop_assert_eq!(plain.err(), shifted.err()),
        }
        let mut turned = of(0);
        turned.reverse();
        prop_assert_eq!(mean(turned, NO_BOUNDS, 0.95), mean(of(0), NO_BOUNDS, 0.95));
    }
}

/// Answers on a scale of 1 to 5: gold plus normal effects of rater, item and answer, to the nearest value.
struct Scored {
    items: u32,
    raters: u32,
    /// What every answer is off by.
    off: f64,
    /// Standard deviations of the effects of items, of raters, and of answers.
    spread: [f64; 3],
}

fn nearest(value: f64) -> f64 {
    value.round().clamp(1.0, 5.0)
}

impl Scored {
    fn drawn(&self, of_error: fn(f64) -> f64, random: &mut Random) -> Vec<NumberCell> {
        let raters: Vec<f64> = (0..self.raters).map(|_| self.spread[1] * random.normal()).collect();
        let mut cells = Vec::new();
        for item in 0..self.items {
            let gold = (1.0 + 5.0 * random.uniform()).floor();
            let ease = self.off + self.spread[0] * random.normal();
            for (rater, of_rater) in (0..).zip(&raters) {
                let given = nearest(gold + ease + of_rater + self.spread[2] * random.normal());
                cells.push(NumberCell { item, rater, sum: of_error(given - gold), answers: 1 });
            }
        }
        cells
    }

    /// The mean over all items and raters there could be.
    fn truth(&self, of_error: fn(f64) -> f64) -> f64 {
        let deviation = self.spread.iter().map(|of| of * of).sum::<f64>().sqrt();
        let below = |edge: f64, gold: f64| quantile::normal_below((edge - gold - self.off) / deviation);
        let mut mean = 0.0;
        for gold in (1..=5).map(f64::from) {
            for given in (1..=5).map(f64::from) {
                let low = if given > 1.0 { below(given - 0.5, gold) } else { 0.0 };
                let high = if given < 5.0 { below(given + 0.5, gold) } else { 1.0 };
                mean += (high - low) * of_error(given - gold) / 5.0;
            }
        }
        mean
    }

    /// Of 400 cohorts, the share whose interval holds the truth; one without an interval does not.
    fn coverage(&self, of_error: fn(f64) -> f64) -> f64 {
        let (truth, mut random) = (self.truth(of_error), Random(20_261_201));
        let held = (0..400).filter(|_| {
            let found = mean(self.drawn(of_error, &mut random), NO_BOUNDS, 0.95).unwrap();
            found.interval.is_ok_and(|of| of.estimate.low <= truth && truth <= of.estimate.high)
        });
        held.count() as f64 / 400.0
    }
}

#[test]
fn the_interval_holds_the_truth_about_as_often_as_it_says() {
    for (items, raters) in [(20, 3), (40, 6), (100, 20)] {
        for spread in [[0.4, 0.4, 0.6], [0.2, 0.1, 0.2]] {
            let scored = Scored { items, raters, off: 0.15, spread };
            let [bias, absolute] = [|error| error, f64::abs].map(|of_error| scored.coverage(of_error));
            assert!(bias >= 0.90 && absolute >= 0.88, "{items} x {raters}: {bias} {absolute}");
        }
    }
}
