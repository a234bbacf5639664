//! How many independent answers the data are worth.
//!
//! In: how residuals spread over items and raters. Out: effective numbers of answers, and bounds from them.
//! The rules and their reasons stand at `clustered::ratio`.
//! Never sees a cell.

use super::spread::Spread;
use crate::{bar::GoldYield, proportion, quantile};

/// Below this many degrees of freedom t has no useful quantile.
pub(super) const FEWEST_DEGREES: f64 = 0.2;

/// A number of independent answers, and how well it is known.
#[derive(Clone, Copy)]
pub(super) struct Worth {
    /// n / design effect.
    pub answers: f64,
    /// Degrees of freedom of the variance behind it.
    pub df: f64,
}

/// What the data are worth, and what flawless answers from the same items and raters would be.
pub(super) struct ClusteredEvidence {
    pub seen: Worth,
    flawless: Worth,
    /// Effective n is never less.
    floor: f64,
}

impl Worth {
    /// Effective n for one-sided bounds at `level`: falls by (z/t)², because the variance is itself an estimate.
    fn at(self, level: f64) -> f64 {
        let certainty = |df: f64| (quantile::normal(level) / quantile::student(df, level)).powi(2);
        if self.df < FEWEST_DEGREES { 0.0 } else { self.answers * certainty(self.df) }
    }
}

impl ClusteredEvidence {
    pub fn of(spread: &Spread) -> Self {
        let floor = spread.ways.fewest();
        let flawless = Worth { answers: spread.ways.items.effective, df: floor - 1.0 };
        let seen = if spread.unmeasured() { flawless } else { seen(spread) };
        Self { seen, flawless, floor }
    }

    /// Effective n for one-sided bounds at `level`.
    pub fn effective(&self, level: f64) -> f64 {
        self.seen.at(level).max(self.floor)
    }

    /// What flawless answers from the same items and raters would be worth, for one-sided bounds at `level`.
    pub fn flawless(&self, level: f64) -> f64 {
        self.flawless.at(level).max(self.floor)
    }

    /// One-sided bounds at `level`; neither goes beyond that of flawless answers.
    pub fn bounds(&self, point: f64, level: f64) -> (f64, f64) {
        let n = self.effective(level);
        let (low, high) = proportion::exact_bounds(point * n, n, level);
        let n_flawless = self.flawless(level);
        let (lowest, _) = proportion::exact_bounds(n_flawless, n_flawless, level);
        (low.min(lowest).min(point), high.max(1.0 - lowest).max(point))
    }

    /// How effective n would grow with gold items, at one-sided `level` and with today's degrees of freedom.
    pub fn gold(&self, spread: &Spread, level: f64) -> GoldYield {
        let n_items = spread.ways.items.clusters as f64;
        let at_least = if spread.ways.raters.clusters == 1 { self.floor } else { 0.0 };
        let flawless = self.flawless.at(level).max(at_least) / n_items;
        if spread.unmeasured() {
            return GoldYield { per_item: flawless, ceiling: f64::INFINITY, per_flawless_item: flawless };
        }
        let total = spread.ways.variance().max(spread.independent_variance());
        let of_raters = spread.ways.variance() - spread.ways.items.variance.unwrap_or(0.0);
        // Effective n belongs to the whole variance; a part of the variance alone would be worth more.
        let now = self.seen.at(level);
        let alone = |part: f64| if now > 0.0 { now * (total / part) } else { 0.0 };
        let per_item = alone(total - of_raters).max(at_least) / n_items;
        GoldYield { per_item, ceiling: alone(of_raters), per_flawless_item: flawless }
    }
}

/// From the two-way variance, which counts for no less than that of independent answers.
fn seen(spread: &Spread) -> Worth {
    let variance = spread.ways.variance().max(spread.independent_variance());
    let answers = spread.point * (1.0 - spread.point) / variance;
    Worth { answers, df: spread.ways.degrees_of_freedom() }
}
