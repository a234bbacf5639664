//! The threshold of a CUSUM of normal scores, from how rare its false alarms should be.
//!
//! In: an allowance, and a mean distance of false alarms. Out: the mean run length by Brook and Evans' Markov chain, and
//! the lowest threshold that keeps alarms as far apart. Nothing is simulated. It never sees a score.

use crate::{Undefined, quantile, settings};

/// States of the chain between zero and the threshold; the run length is right to about 1 in 1000 with so many.
const STATES: usize = 60;
/// Thresholds beyond this belong to alarms that nobody lives to see.
const HIGHEST_THRESHOLD: f64 = 40.0;

/// The mean number of scores until Sₜ = max(0, Sₜ₋₁ + zₜ - k) first reaches h, when scores are standard normal and
/// independent, and the sum starts at zero.
///
/// The sum is taken for a Markov chain on the middles of equal parts of 0 to h: (I - Q) μ = 1. With k = ½, h = 4 gives 336
/// and h = 5 gives 931.
///
/// `BadParameter` when the threshold or the allowance is not above zero. Sources: Brook and Evans 1972; Montgomery,
/// Statistical Quality Control, ch. 9.
pub fn normal_run_length(threshold: f64, allowance: f64) -> Result<f64, Undefined> {
    let (threshold, allowance) = (settings::above_zero(threshold)?, settings::above_zero(allowance)?);
    let width = 2.0 * threshold / (2 * STATES - 1) as f64;
    // The chance of going from state i to j depends on how far they are apart, except for the lowest state.
    let below = |steps: f64| quantile::normal_below(steps * width + allowance);
    let edges: Vec<f64> = (0..2 * STATES).map(|place| below(place as f64 - STATES as f64 + 0.5)).collect();
    let edge = |steps: isize| edges[(steps + STATES as isize) as usize];
    let chance = |from: usize, to: usize| {
        let apart = to as isize - from as isize;
        if to == 0 { edge(apart) } else { edge(apart) - edge(apart - 1) }
    };
    let row = |from: usize| -> Vec<f64> {
        let stay = |to: usize| f64::from(u8::from(from == to)) - chance(from, to);
        (0..STATES).map(stay).chain([1.0]).collect()
    };
    Ok(first_unknown((0..STATES).map(row).collect()))
}

/// The lowest threshold whose false alarms are at least `distance` scores apart on average, to 1e-6.
///
/// `BadParameter` when the distance is below 1 or not finite, `OutOfReach` when no threshold up to 40 will do.
pub fn normal_threshold(distance: f64, allowance: f64) -> Result<f64, Undefined> {
    let distance = settings::at_least(distance, 1.0)?;
    let does = |threshold: f64| Ok(normal_run_length(threshold, allowance)? >= distance);
    let (mut low, mut high) = (0.0, 1.0);
    while !does(high)? {
        (low, high) = (high, high * 2.0);
        if high > HIGHEST_THRESHOLD {
            return Err(Undefined::OutOfReach);
        }
    }
    while high - low > 1e-6 {
        let middle = f64::midpoint(low, high);
        if does(middle)? { high = middle } else { low = middle }
    }
    Ok(high)
}

/// Solves a system that is dominated by its diagonal, each row with its right side last; the first unknown.
fn first_unknown(mut rows: Vec<Vec<f64>>) -> f64 {
    for place in (0..rows.len()).rev() {
        let (above, rest) = rows.split_at_mut(place);
        let pivot = &rest[0];
        let right = pivot.len() - 1;
        for row in above {
            let factor = row[place] / pivot[place];
            (0..place).for_each(|column| row[column] -= factor * pivot[column]);
            row[right] -= factor * pivot[right];
        }
    }
    let first = &rows[0];
    first[first.len() - 1] / first[0]
}
