//! Comparison: how far two qualities are apart, and whether one is shown to be no worse than the other.
//!
//! In: counts, estimates, or cells of two cohorts. Out: differences with their intervals, tests, standings.
//! Whoever compares says first whether both sides saw the same items (`paired`) or different ones (`difference`):
//! the same items need far fewer answers, because what is hard is hard for both.
//! Nothing here asks why two figures differ; a difference in what was asked shows as one in quality.

pub mod difference;
pub mod exact;
pub mod non_inferiority;
pub mod paired;
#[cfg(test)]
mod simulation;
#[cfg(test)]
mod tests;

use super::Estimate;

/// How far the first figure is above the second.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Difference {
    /// First minus second, from -1 to 1, with the two-sided interval; `n` counts items on both sides together, an
    /// item that both sides saw as one.
    pub estimate: Estimate,
    /// One-sided lower bound at the estimate's level.
    pub lower: f64,
    /// One-sided upper bound at the estimate's level.
    pub upper: f64,
}

/// A figure and two bounds, of which only the distances matter here.
#[derive(Clone, Copy)]
struct Side {
    point: f64,
    low: f64,
    high: f64,
}

/// Bounds of a difference from the bounds of its two sides: the method of variance estimates recovery.
///
/// low = d - √(b₁² - 2ρb₁a₂ + a₂²) with b₁ = p₁ - l₁ and a₂ = u₂ - p₂, and high likewise with the other two
/// distances (Zou and Donner 2008); Newcombe's methods for two proportions are its best-known cases.
fn recovered(first: Side, second: Side, correlation: f64) -> (f64, f64) {
    let spread = |a: f64, b: f64| (a * a - 2.0 * correlation * a * b + b * b).max(0.0).sqrt();
    let point = first.point - second.point;
    let below = spread(first.point - first.low, second.high - second.point);
    let above = spread(first.high - first.point, second.point - second.low);
    ((point - below).clamp(-1.0, point), (point + above).clamp(point, 1.0))
}
