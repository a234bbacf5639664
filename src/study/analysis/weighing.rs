//! Weighing: how much two categories of a study agree, by what is known of them.
//!
//! In: the study, the level of measurement if it was named, a kind of weights. Out: the weights, or why there are none:
//! words have no order unless it is declared, and no distances.

use super::Study;
use crate::quality::Undefined;
use crate::quality::agreement::Level;
use crate::quality::weights::{Weighting, Weights};
use serde_json::{Value, json};

/// The weights of a kind: by places on the scale, or by the distances of its numbers where the level is that of numbers.
pub fn weights(study: &Study<'_>, level: Option<Level>, kind: Weighting) -> Result<Weights, Undefined> {
    let count = study.categories.len();
    if kind == Weighting::Identity {
        return Ok(Weights::of(kind, count));
    }
    if !by_distances(level, kind) {
        return check_order(study).map(|()| Weights::of(kind, count));
    }
    let numbers = study.numbers();
    if numbers.is_empty() {
        return Err(Undefined::NotNumbers);
    }
    let distance = |i: usize, j: usize| {
        let apart = (numbers[i] - numbers[j]).abs();
        let sum = (numbers[i] + numbers[j]).abs();
        let apart = if level == Some(Level::Ratio) && apart > 0.0 { apart / sum } else { apart };
        if kind == Weighting::Linear { apart } else { apart * apart }
    };
    if level == Some(Level::Ratio) && numbers.iter().any(|number| *number < 0.0) {
        return Err(Undefined::NegativeRatio);
    }
    let pairs = (0..count).flat_map(|i| (0..i).map(move |j| (i, j)));
    let greatest = pairs.map(|(i, j)| distance(i, j)).fold(0.0, f64::max);
    Ok(Weights::by(count, |i, j| 1.0 - distance(i, j) / greatest))
}

/// What is said of weights in a figure's arguments.
pub fn args(study: &Study<'_>, level: Option<Level>, kind: Weighting, name: &str) -> Value {
    let mut args = json!({ "weights": name, "categories": study.categories });
    if by_distances(level, kind) {
        args["distances"] = json!(if level == Some(Level::Ratio) { "ratios" } else { "values" });
    }
    args
}

/// Whether weights are those of distances, and not of places.
fn by_distances(level: Option<Level>, kind: Weighting) -> bool {
    let of_numbers = matches!(level, Some(Level::Interval | Level::Ratio));
    of_numbers && matches!(kind, Weighting::Linear | Weighting::Quadratic)
}

/// Two categories stand in any order; more of them must have one.
pub fn check_order(study: &Study<'_>) -> Result<(), Undefined> {
    if study.is_ordered || study.categories.len() < 3 { Ok(()) } else { Err(Undefined::NoOrder) }
}
