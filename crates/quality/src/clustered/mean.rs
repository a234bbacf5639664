//! The mean of numbers over answers that share items and raters, such as how far answers are from gold.
//!
//! In: a cell for each item and rater, with the sum of its numbers. Out: the mean, and bounds from a two-way clustered
//! standard error. The order of the cells never shows: they are sorted before anything is summed. It never knows what the
//! numbers stand for.

#[cfg(test)]
mod tests;

use super::spread::{Contribution, Ways};
use super::student::TwoWayError;
use crate::{Interval, Undefined, assert_level};

/// Numbers from here on are refused, so that their squares stay finite.
const TOO_GREAT: f64 = 1e100;
/// A standard error below this part of the greatest number is rounding.
const NO_ERROR: f64 = 1e-12;

/// The numbers of one rater's answers on one item.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NumberCell {
    /// The item, by any number.
    pub item: u32,
    /// The rater, by any number.
    pub rater: u32,
    /// The sum of the numbers.
    pub sum: f64,
    /// How many there are; a cell without any is left out.
    pub answers: u64,
}

/// A mean with its interval where it has one, and what it is of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ClusteredMean {
    /// The mean.
    pub point: f64,
    /// Its interval; none, with the reason, where nothing shows how items differ.
    pub interval: Result<Interval, Undefined>,
    /// Answers.
    pub n_ratings: u64,
    /// Items with at least one answer.
    pub n_items: u64,
    /// Raters with at least one answer.
    pub n_raters: u64,
}

/// The mean m of numbers d over all N answers, with an interval that speaks of this cohort's raters and of items like
/// these in future; in units of the numbers. No bound is below `least` or above `most`.
///
/// The residual of a cell is Σ (d - m) / N. Summed by item, by rater and by cell and squared, residuals give V_i, V_r and
/// V_c (each times 1/(1 - Σ share²)); the variance is V_i + V_r - V_c (Cameron, Gelbach and Miller 2011), no less than
/// any of the three. The bounds are t bounds with Satterthwaite's degrees of freedom, as those of `kappa`.
///
/// One rater: items alone are clusters, and the interval speaks of that rater. Two raters: one degree of freedom, and the
/// bounds are far apart.
///
/// Assumes items and raters drawn independently, and numbers of which none outweighs the others: where two answers in 100
/// are far off, by item, and all others right, 95 % intervals held the truth in 91 % of 2,000 cohorts of 100 items × 20
/// raters (simulated with NumPy 2.4.6). Coverage at 95 %, in 400 simulated cohorts of answers on a scale of 1 to
/// 5 (`tests`), of bias and of mean absolute error, with 56 % and with 89 % of the answers right: 20 items × 3 raters
/// 93.5 to 96.8 %; 40 × 6, 92.8 to 94.5 %; 100 × 20, 92.8 to 96.0 %.
///
/// Undefined: `NoData` without an answer, `NotNumbers` where a number is not finite (or 1e100 and beyond). Without an
/// interval: `OneItem`, `NoSpread` where all numbers are the same, `TooFew` where one item or rater has nearly all.
///
/// Panics when `level` is not between 0.5 and 1.
pub fn mean(cells: Vec<NumberCell>, (least, most): (f64, f64), level: f64) -> Result<ClusteredMean, Undefined> {
    assert_level(level);
    let cells = merged(cells)?;
    let n_ratings: u64 = cells.iter().map(|cell| cell.answers).sum();
    let total = n_ratings as f64;
    let point = cells.iter().map(|cell| cell.sum).sum::<f64>() / total;
    let part = |cell: &NumberCell| Contribution {
        residual: (cell.sum - point * cell.answers as f64) / total,
        share: cell.answers as f64 / total,
    };
    let ways = Ways::of(cells.iter().map(|cell| (cell.item, cell.rater, part(cell))));
    let greatest = cells.iter().map(|cell| cell.sum.abs()).fold(0.0, f64::max);
    let standard_error = ways.variance().max(ways.cells.variance.unwrap_or(0.0)).sqrt();
    let interval = if ways.items.clusters < 2 {
        Err(Undefined::OneItem)
    } else if standard_error <= NO_ERROR * greatest {
        Err(Undefined::NoSpread)
    } else {
        let degrees = ways.degrees_of_freedom();
        let error = TwoWayError { point, standard_error, degrees, n_items: ways.items.clusters };
        // Rounding may put the mean itself a hair beyond what it can't go beyond.
        error.interval((least.min(point), most.max(point)), level)
    };
    Ok(ClusteredMean { point, interval, n_ratings, n_items: ways.items.clusters, n_raters: ways.raters.clusters })
}

/// Sorted, with one cell for each item and rater, and without cells that have no answer.
fn merged(mut cells: Vec<NumberCell>) -> Result<Vec<NumberCell>, Undefined> {
    cells.retain(|cell| cell.answers > 0);
    if cells.is_empty() {
        return Err(Undefined::NoData);
    }
    let is_number = |cell: &NumberCell| cell.sum.abs() < TOO_GREAT;
    if !cells.iter().all(is_number) {
        return Err(Undefined::NotNumbers);
    }
    cells.sort_unstable_by(|a, b| {
        (a.item, a.rater, a.answers).cmp(&(b.item, b.rater, b.answers)).then(a.sum.total_cmp(&b.sum))
    });
    cells.dedup_by(|next, kept| {
        let same = (next.item, next.rater) == (kept.item, kept.rater);
        if same {
            kept.sum += next.sum;
            kept.answers += next.answers;
        }
        same
    });
    Ok(cells)
}
