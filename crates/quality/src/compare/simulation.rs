//! Coverage of the difference on shared items, on simulated cohorts whose true difference is known.
//!
//! In: the shape of two cohorts, and how much items and raters differ. Out: how often the interval misses.
//! Items and raters have normal effects on the log-odds of a right answer; the truth is the mean over both.
//! The seed is fixed, so every figure printed here can be printed again.

use super::paired::on_shared_items;
use crate::clustered::ScoredCell;
use crate::random::Random;

/// Two cohorts on the same items, or one cohort twice.
struct Twice {
    items: u32,
    raters: u32,
    each: u32,
    spread: (f64, f64),
    middles: (f64, f64),
    same_raters: bool,
}

fn normal(random: &mut Random) -> f64 {
    let radius = (-2.0 * (1.0 - random.unit()).ln()).sqrt();
    radius * (std::f64::consts::TAU * random.unit()).cos()
}

/// The mean of the logistic over a normal.
fn accuracy(middle: f64, deviation: f64) -> f64 {
    let steps = (-200..=200).map(|step| f64::from(step) / 25.0);
    let weight = |z: f64| (-z * z / 2.0).exp();
    let total: f64 = steps.clone().map(weight).sum();
    steps.map(|z| weight(z) / (1.0 + (-middle - deviation * z).exp())).sum::<f64>() / total
}

impl Twice {
    fn draw(&self, random: &mut Random) -> [Vec<ScoredCell>; 2] {
        let items: Vec<f64> = (0..self.items).map(|_| self.spread.0 * normal(random)).collect();
        let people = if self.same_raters { self.raters } else { 2 * self.raters };
        let raters: Vec<f64> = (0..people).map(|_| self.spread.1 * normal(random)).collect();
        [(self.middles.0, 0), (self.middles.1, people - self.raters)].map(|(middle, offset)| {
            let mut cells = Vec::new();
            for item in 0..self.items {
                let first = random.below(u64::from(self.raters)) as u32;
                for next in 0..self.each {
                    let rater = offset + (first + next) % self.raters;
                    let chance = 1.0 / (1.0 + (-middle - items[item as usize] - raters[rater as usize]).exp());
                    let right = f64::from(u8::from(random.unit() < chance));
                    cells.push(ScoredCell { item, rater, right, asked: 1.0 });
                }
            }
            cells
        })
    }

    /// Shares of draws whose interval misses, whose lower bound is too high, whose upper bound is too low; mean width.
    fn coverage(&self, draws: u64) -> [f64; 4] {
        let deviation = self.spread.0.hypot(self.spread.1);
        let truth = accuracy(self.middles.0, deviation) - accuracy(self.middles.1, deviation);
        let mut sums = [0.0; 4];
        for draw in 0..draws {
            let [first, second] = self.draw(&mut Random::stream(11, draw));
            let found = on_shared_items(&first, &second, 0.95).unwrap();
            let misses =
                [truth < found.estimate.low || truth > found.estimate.high, truth < found.lower, truth > found.upper];
            let values = misses.map(|missed| f64::from(u8::from(missed)));
            let width = found.estimate.high - found.estimate.low;
            sums.iter_mut().zip(values.into_iter().chain([width])).for_each(|(sum, value)| *sum += value);
        }
        sums.map(|sum| sum / draws as f64)
    }
}

#[test]
fn intervals_on_shared_items_hold_the_truth_in_simulation() {
    let cohorts = Twice { items: 60, raters: 6, each: 2, spread: (1.0, 0.5), middles: (2.2, 1.6), same_raters: false };
    let [both, lower, upper, _] = cohorts.coverage(300);
    assert!(both <= 0.06 && lower <= 0.08 && upper <= 0.08, "{both} {lower} {upper}");
}

/// Prints the table of coverage: `cargo test --release coverage_on_shared_items -- --ignored --nocapture`.
///
/// Misses in % (two-sided, nominally 5; lower and upper bound, nominally 5 each) and mean width, at worst over three
/// pairs of effects, 4,000 draws each:
///
/// ```text
/// effects .3 to 1, accuracies .8 to .9             other raters          the same raters
///  40 items,  6 raters, 2 an item             .9  1.2  1.7  .33-.43   1.1  1.4  1.2  .33-.37
/// 100 items,  6 raters, 2 an item            2.4  2.8  3.0  .20-.33   3.3  3.6  3.2  .19-.22
/// 100 items, 20 raters, 3 an item            3.3  3.4  3.5  .13-.18   2.7  3.4  3.2  .12-.15
/// 200 items, 12 raters, 1 an item            2.5  3.0  2.9  .16-.23   4.4  3.9  4.2  .15-.19
/// ```
#[test]
#[ignore = "takes a minute; the short form runs always"]
fn coverage_on_shared_items() {
    for (items, raters, each) in [(40, 6, 2), (100, 6, 2), (100, 20, 3), (200, 12, 1)] {
        for same_raters in [false, true] {
            for (spread, middles) in [((1.0, 0.3), (1.5, 1.5)), ((1.0, 0.8), (2.5, 2.0)), ((0.3, 0.3), (2.2, 2.2))] {
                let [both, lower, upper, width] =
                    Twice { items, raters, each, spread, middles, same_raters }.coverage(4000);
                let [both, lower, upper] = [both, lower, upper].map(|share| 100.0 * share);
                println!(
                    "{items:3} items {raters:2} raters {each} each, same raters {same_raters:5}, effects {spread:?}, \
                     log-odds {middles:?}: {both:4.1} {lower:4.1} {upper:4.1} {width:.3}"
                );
            }
        }
    }
}
