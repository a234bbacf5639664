//! Charts of a share by week, with limits that chance alone seldom leaves.
//!
//! In: right (or wrong) of asked by week, a centre, a width in standard deviations. Out: points with limits.
//! The p-chart takes each week by itself; the EWMA remembers earlier weeks and so notices small lasting changes.
//! Limits say what chance does to independent answers: give the design effect where answers share items.
//! A chart raises questions; it never decides on a bar.

use crate::{Proportion, Undefined, settings};

/// What the limits of a chart are drawn from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Basis {
    centre: f64,
    sigma: f64,
    design_effect: f64,
}

/// One week of a chart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// The week's share, or the average that has the earlier weeks in it.
    pub value: f64,
    /// Lower limit, not below 0.
    pub low: f64,
    /// Upper limit, not above 1.
    pub high: f64,
}

impl Point {
    /// Whether the point lies outside its limits.
    pub fn is_outside(self) -> bool {
        self.value < self.low || self.value > self.high
    }
}

impl Basis {
    /// Refuses (`BadParameter`) a centre outside 0 to 1, a width that is not above zero, a design effect below 1.
    ///
    /// The centre is a standard from an earlier, quiet time; or the pooled share of the same weeks (`drift::pooled`),
    /// which a drift in them moves. The width is 3 standard deviations as a rule.
    pub fn new(centre: f64, sigma: f64, design_effect: f64) -> Result<Self, Undefined> {
        Ok(Self {
            centre: settings::share(centre)?,
            sigma: settings::above_zero(sigma)?,
            design_effect: settings::at_least(design_effect, 1.0)?,
        })
    }

    /// Limits at the centre, plus or minus the width times the root of `variance_factor` · p(1-p) · design effect.
    fn point(self, value: f64, variance_factor: f64) -> Point {
        let variance = self.centre * (1.0 - self.centre) * self.design_effect * variance_factor;
        let reach = self.sigma * variance.sqrt();
        Point { value, low: (self.centre - reach).max(0.0), high: (self.centre + reach).min(1.0) }
    }
}

/// The p-chart: limits p̄ ± σ √(p̄(1-p̄)/nₜ), cut at 0 and 1.
///
/// With fewer than about 20 answers a week the limits say next to nothing, and one of them is usually cut. `NoData`
/// without a week. Sources: Shewhart 1931; Montgomery, Statistical Quality Control, ch. 7; for design effects
/// compare Laney 2002.
pub fn p_chart(weeks: &[Proportion], basis: Basis) -> Result<Vec<Point>, Undefined> {
    if weeks.is_empty() {
        return Err(Undefined::NoData);
    }
    Ok(weeks.iter().map(|week| basis.point(week.share(), 1.0 / week.trials() as f64)).collect())
}

/// The EWMA chart: zₜ = λ pₜ + (1-λ) zₜ₋₁ from the centre, limits from its exact variance p̄(1-p̄) Σ λ²(1-λ)²⁽ᵗ⁻ⁱ⁾/nᵢ.
///
/// `weight` λ is that of the newest week, above 0 and at most 1 (then it is the p-chart); .2 to .3 is usual. Weeks
/// weigh the same, however many answers they have; their numbers only show in the limits.
///
/// `NoData` without a week, `BadParameter` for another λ. Sources: Roberts 1959; Montgomery, ch. 9.
pub fn ewma(weeks: &[Proportion], weight: f64, basis: Basis) -> Result<Vec<Point>, Undefined> {
    if weeks.is_empty() {
        return Err(Undefined::NoData);
    }
    let (weight, kept) = (settings::above_zero(settings::share(weight)?)?, 1.0 - weight);
    let mut average = basis.centre;
    let mut variance_factor = 0.0;
    let step = |week: &Proportion| {
        average = weight * week.share() + kept * average;
        variance_factor = weight * weight / week.trials() as f64 + kept * kept * variance_factor;
        basis.point(average, variance_factor)
    };
    Ok(weeks.iter().map(step).collect())
}
