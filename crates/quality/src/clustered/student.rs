//! The t interval of a figure from its two-way clustered standard error.
//!
//! In: a figure, its standard error with degrees of freedom, and what it can't go beyond. Out: two-sided and one-sided
//! bounds. It never finds the standard error: that is its callers', with `spread`.

use super::evidence::FEWEST_DEGREES;
use crate::{Estimate, Interval, Method, Undefined, quantile};

/// A figure, and how well it is known.
pub(super) struct TwoWayError {
    /// The figure.
    pub point: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// The degrees of freedom of that.
    pub degrees: f64,
    /// Items behind it.
    pub n_items: u64,
}

impl TwoWayError {
    /// Bounds at `level`, none below `least` or above `most`; `TooFew` where t has no useful quantile.
    pub fn interval(&self, (least, most): (f64, f64), level: f64) -> Result<Interval, Undefined> {
        let Self { point, standard_error, degrees, n_items: n } = *self;
        if degrees < FEWEST_DEGREES {
            return Err(Undefined::TooFew);
        }
        let bounds = |share: f64| {
            let reach = quantile::student(degrees, share) * standard_error;
            ((point - reach).max(least), (point + reach).min(most))
        };
        let (low, high) = bounds(f64::midpoint(1.0, level));
        let (lower, upper) = bounds(level);
        let estimate = Estimate { point, low, high, level, n, method: Method::LinearisedTwoWay };
        Ok(Interval { estimate, lower, upper, standard_error })
    }
}
