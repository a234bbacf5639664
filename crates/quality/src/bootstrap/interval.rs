//! Intervals from the replicates of one figure.
//!
//! In: the figure, its replicates (some may be undefined), and the figure without each item. Out: two intervals.
//! Never draws anything.

use super::super::{Estimate, Method, Undefined, quantile};
use super::{Resampling, TOLERATED};

/// Replicates that differ from the point by no more than this share of it (or of 1) differ by rounding.
const ROUNDING: f64 = 1e-12;
/// An item that moves the figure by no more than this share of it (or of 1) does not move it.
const NO_CHANGE: f64 = 1e-14;

/// The defined replicates of a figure, in order of size.
pub struct Replicates {
    point: f64,
    items: u64,
    level: f64,
    replicates: u32,
    sorted: Vec<f64>,
}

impl Replicates {
    /// Refuses when more than one replicate in twenty is undefined.
    pub fn of(
        point: f64,
        items: u64,
        resampling: &Resampling,
        replicates: Vec<Option<f64>>,
    ) -> Result<Self, Undefined> {
        let rounding = ROUNDING * point.abs().max(1.0);
        let snap = |value: f64| if (value - point).abs() <= rounding { point } else { value };
        let mut sorted: Vec<f64> = replicates.into_iter().flatten().map(snap).collect();
        sorted.sort_unstable_by(f64::total_cmp);
        let replicates = Self { point, items, level: resampling.level, replicates: resampling.replicates, sorted };
        if replicates.undefined() > resampling.replicates / TOLERATED {
            Err(Undefined::UnstableBootstrap)
        } else {
            Ok(replicates)
        }
    }

    /// How many replicates are undefined.
    pub fn undefined(&self) -> u32 {
        self.replicates - self.sorted.len() as u32
    }

    /// The quantiles that leave out the same share on both sides.
    pub fn percentile(&self) -> Estimate {
        let (low, high) = (f64::midpoint(1.0, -self.level), f64::midpoint(1.0, self.level));
        self.estimate(low, high, Method::Percentile)
    }

    /// Efron's BCa interval.
    ///
    /// With z₀ = Φ⁻¹(share of replicates below the point, ties counted half) and a = Σ d³ / (6 (Σ d²)^1.5), where d is
    /// the mean of the figures without one item minus each of them, the bounds are the quantiles at
    /// Φ(z₀ + (z₀ + z) / (1 - a (z₀ + z))) for the normal quantiles z of the percentile interval.
    pub fn bca(&self, frequencies: &[u64], without_item: Vec<Result<f64, Undefined>>) -> Result<Estimate, Undefined> {
        if self.items == 1 {
            return Err(Undefined::OneItem);
        }
        if self.sorted.first() == self.sorted.last() {
            return Err(Undefined::NoSpread);
        }
        let acceleration = acceleration(frequencies, without_item)?;
        let bias = self.bias().ok_or(Undefined::UnstableBootstrap)?;
        let share = |z: f64| {
            let stretch = 1.0 - acceleration * (bias + z);
            (stretch > 0.0)
                .then(|| quantile::normal_below(bias + (bias + z) / stretch))
                .ok_or(Undefined::UnstableBootstrap)
        };
        let reach = quantile::normal(f64::midpoint(1.0, self.level));
        Ok(self.estimate(share(-reach)?, share(reach)?, Method::Bca))
    }

    /// z₀; `None` when all replicates lie on one side.
    fn bias(&self) -> Option<f64> {
        let below = self.sorted.partition_point(|&value| value < self.point);
        let ties = self.sorted.partition_point(|&value| value <= self.point) - below;
        let share = (below as f64 + ties as f64 / 2.0) / self.sorted.len() as f64;
        (share > 0.0 && share < 1.0).then(|| quantile::normal(share))
    }

    fn estimate(&self, low: f64, high: f64, method: Method) -> Estimate {
        let (low, high) = (self.quantile(low), self.quantile(high));
        Estimate { point: self.point, low, high, level: self.level, n: self.items, method }
    }

    /// The value at a share, linear between order statistics (type 7 of Hyndman and Fan 1996, as numpy has it).
    fn quantile(&self, share: f64) -> f64 {
        let place = share * (self.sorted.len() - 1) as f64;
        let (below, above) = (self.sorted[place.floor() as usize], self.sorted[place.ceil() as usize]);
        below + (above - below) * place.fract()
    }
}

/// The acceleration, from the figures without one item of each pattern, each as often as it has items.
fn acceleration(frequencies: &[u64], without_item: Vec<Result<f64, Undefined>>) -> Result<f64, Undefined> {
    let values = without_item.into_iter().collect::<Result<Vec<f64>, Undefined>>()?;
    let weighted = || frequencies.iter().map(|&items| items as f64).zip(&values);
    let items: f64 = weighted().map(|(items, _)| items).sum();
    let mean = weighted().map(|(items, value)| items * value).sum::<f64>() / items;
    let power = |exponent: i32| weighted().map(|(items, value)| items * (mean - value).powi(exponent)).sum::<f64>();
    let squares = power(2);
    let rounding = NO_CHANGE * mean.abs().max(1.0);
    if squares <= items * rounding * rounding {
        Err(Undefined::NoSpread)
    } else {
        Ok(power(3) / (6.0 * squares.powf(1.5)))
    }
}
