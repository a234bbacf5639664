//! Simulations and timings of detection, run by hand: `cargo test --release detection -- --ignored --nocapture`.
//!
//! In: planted differences between trajectories and raters. Out: how often intervals hold the truth; seconds.
//! The seeds are fixed, so every figure printed here can be printed again.

use super::*;
use crate::clustered;
use crate::random::Random;

/// Reported at `cells`.
#[test]
#[ignore = "simulates for minutes"]
fn coverage_of_the_clustered_interval_for_f1() {
    for (items, raters) in [(20, 3), (40, 6), (100, 20)] {
        let truth = FlagMeasure::F1.over(&simulate(u64::MAX, 4000, 400)).unwrap();
        let replicates = 2000;
        let (mut held, mut too_high) = (0, 0);
        for number in 0..replicates {
            let readings = simulate(number, items, raters);
            let found = clustered::ratio(&cells(&readings, FlagMeasure::F1), 0.95).unwrap();
            held += u32::from(found.estimate.low <= truth && truth <= found.estimate.high);
            too_high += u32::from(found.lower > truth);
        }
        let percent = |n: u32| 100.0 * f64::from(n) / replicates as f64;
        println!(
            "{items} × {raters}, F1 {truth:.3}: {:.1}, lower bound too high {:.1}",
            percent(held),
            percent(too_high)
        );
    }
}

/// Gold flags are found with a chance that depends on trajectory and rater; false flags come as often as misses.
fn simulate(number: u64, items: u32, raters: u32) -> Vec<Reading> {
    let [mut random, mut effects] = [3, 4].map(|seed| Random::stream(seed, number));
    let mut normal = || (0..12).map(|_| effects.unit()).sum::<f64>() - 6.0;
    let ease: Vec<(f64, u32)> = (0..items).map(|_| (0.7 * normal(), 1 + random.below(7) as u32)).collect();
    let skill: Vec<f64> = (0..raters).map(|_| 0.5 * normal()).collect();
    let mut readings = Vec::new();
    for (item, (ease, n_gold)) in (0..).zip(ease) {
        for (rater, skill) in (0..).zip(&skill) {
            let chance = 1.0 / (1.0 + (-0.6 - ease - skill).exp());
            let found = (0..n_gold).filter(|_| random.unit() < chance).count() as u32;
            let false_flags = (0..n_gold).filter(|_| random.unit() > chance).count() as u32;
            let counts = Counts::new(found, false_flags, n_gold - found, 0).unwrap();
            readings.push(Reading { item, rater, counts, first_right: false });
        }
    }
    readings
}

/// Hostile input.
#[test]
#[ignore = "measures time"]
fn the_slowest_matchings() {
    let all: Vec<u32> = (0..2000).collect();
    let squares: Vec<u32> = (0..2000).map(|i| i * i % 3989).collect();
    let kinds = |steps: &[u32], n: u32| -> Vec<Flag> {
        steps.iter().map(|&step| Flag { step, kind: step.wrapping_mul(2_654_435_761) >> 7 & n }).collect()
    };
    let shifted: Vec<u32> = all.iter().map(|step| step + 900).collect();
    let cases: [(&str, Vec<Flag>, Vec<Flag>, u32); 7] = [
        ("every step, tolerance 2", kinds(&all, 7), kinds(&all[1..], 3), 2),
        ("scattered, tolerance 5", kinds(&all, 7), kinds(&squares, 3), 5),
        ("scattered, tolerance 100", kinds(&all, 7), kinds(&squares, 3), 100),
        ("scattered, any distance", kinds(&all, 7), kinds(&squares, 3), 10_000),
        ("shifted, any distance", kinds(&all, 7), kinds(&shifted, 3), 10_000),
        ("one step against many", kinds(&[1000; 1000], 0), kinds(&all, 0), 10_000),
        ("200 scattered, any distance", kinds(&all[..200], 7), kinds(&squares[..200], 3), 10_000),
    ];
    for (name, gold, given, tolerance) in cases {
        let start = std::time::Instant::now();
        let matched = match_flags(&gold, &given, tolerance);
        println!("{name}: {} pairs, {:.3} s", matched.pairs.len(), start.elapsed().as_secs_f64());
    }
}
