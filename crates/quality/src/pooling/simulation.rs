//! Simulated cohorts of raters, run by hand: `cargo test --release pooling -- --ignored --nocapture`.
//!
//! In: how many raters, how much gold each, how much they differ. Out: how often intervals hold the accuracy.
//! The seeds are fixed, so every figure printed in the documentation can be printed again.

use super::*;
use crate::random::Random;
use std::collections::BTreeMap;

/// Of the intervals that are defined, how many hold the accuracy.
#[derive(Default)]
struct Held {
    intervals: u32,
    held: u32,
    width: f64,
}

impl Held {
    fn add(&mut self, estimate: &Estimate, truth: f64) {
        self.intervals += 1;
        self.held += u32::from(estimate.low <= truth && truth <= estimate.high);
        self.width += estimate.high - estimate.low;
    }

    fn words(&self) -> String {
        let n = f64::from(self.intervals);
        format!("{:.1} % of {}, width {:.3}", 100.0 * f64::from(self.held) / n, self.intervals, self.width / n)
    }
}

/// Reported at `Fitted::estimate`; the mean accuracy is .85.
#[test]
#[ignore = "simulates for minutes"]
fn coverage_of_raters_intervals() {
    for raters in [3, 8, 30] {
        for asked in [10, 50, 200] {
            for concentration in [5.0, 20.0, 100.0, f64::INFINITY] {
                let (integrated, plug_in) = coverage(raters, asked, concentration);
                let (integrated, plug_in) = (integrated.words(), plug_in.words());
                println!("{raters} raters × {asked}, a + b = {concentration}: {integrated} [plug-in {plug_in}]");
            }
        }
    }
}

/// Over all raters of many cohorts; raters with the same counts share their intervals.
fn coverage(raters: u64, asked: u64, concentration: f64) -> (Held, Held) {
    let (mut integrated, mut plug_in) = (Held::default(), Held::default());
    for number in 0..400 {
        let mut random = Random::stream(raters * 1000 + asked, number);
        let truths: Vec<f64> = (0..raters).map(|_| accuracy(&mut random, concentration)).collect();
        let counts: Vec<(u64, u64)> = truths.iter().map(|&truth| (right(&mut random, asked, truth), asked)).collect();
        let fitted = fit(&counts).unwrap();
        let mut known = BTreeMap::new();
        for (&(right, asked), &truth) in counts.iter().zip(&truths) {
            let (whole, at_fitted) = known.entry(right).or_insert_with(|| {
                (fitted.estimate(right, asked, 0.95).unwrap(), fitted.at_fitted_prior(right, asked, 0.95))
            });
            integrated.add(whole, truth);
            if let Ok(estimate) = at_fitted {
                plug_in.add(estimate, truth);
            }
        }
    }
    (integrated, plug_in)
}

/// A draw from the beta distribution of mean .85, by inversion.
fn accuracy(random: &mut Random, concentration: f64) -> f64 {
    if concentration.is_finite() {
        let alone = [vec![Component { weight: 1.0, alpha: 0.85 * concentration, beta: 0.15 * concentration }]];
        Posterior::of(&alone, 0, 0).quantile(random.unit())
    } else {
        0.85
    }
}

fn right(random: &mut Random, asked: u64, truth: f64) -> u64 {
    (0..asked).filter(|_| random.unit() < truth).count() as u64
}

/// A large rater table.
#[test]
#[ignore = "measures time"]
fn the_time_for_a_table_of_raters() {
    for (raters, asked) in [(60, 100), (1000, 300), (60, 1_000_000)] {
        let counts: Vec<(u64, u64)> = (0..raters).map(|rater| (asked * (80 + rater % 17) / 100, asked)).collect();
        let start = std::time::Instant::now();
        let fitted = fit(&counts).unwrap();
        let after_fit = start.elapsed().as_secs_f64();
        counts.iter().for_each(|&(right, asked)| _ = fitted.estimate(right, asked, 0.95).unwrap());
        let all = start.elapsed().as_secs_f64();
        println!("{raters} raters × {asked}: fit {after_fit:.3} s, all intervals {:.3} s", all - after_fit);
    }
}
