//! How close numeric answers come to gold: level, size of errors, and order.
//!
//! In: pairs of numbers (gold, given), or a confusion table with the number behind each category. Out: bias, mean
//! absolute and root mean square error, Spearman's and Kendall's correlations; intervals are in `answers`, where
//! items are units. A correlation does not see bias: print both. Never rounds, and never pairs anything itself.

pub mod answers;
pub mod rank;
#[cfg(test)]
mod tests;

use super::Undefined;
use super::confusion::Confusion;

/// Numbers from here on are refused, so that squares and sums of them stay finite.
const TOO_GREAT: f64 = 1e100;

/// A gold number, the number given for it, and how often that happened.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NumberPair {
    /// What is right.
    pub gold: f64,
    /// What was answered.
    pub given: f64,
    /// How many answers were so; at least 1.
    pub times: u64,
}

/// Answers beside their gold, each distinct pair once, by gold and then given; there is at least one.
///
/// The order in which answers come in never shows in a figure.
#[derive(Clone, Debug, PartialEq)]
pub struct Scores {
    cells: Vec<NumberPair>,
    total: u64,
}

impl Scores {
    /// Collects pairs of (gold, given).
    ///
    /// Undefined: `NoGold` without a pair, `NotNumbers` when a number is not finite (or 1e100 and beyond).
    pub fn of(pairs: impl IntoIterator<Item = (f64, f64)>) -> Result<Self, Undefined> {
        Self::of_cells(pairs.into_iter().map(|(gold, given)| NumberPair { gold, given, times: 1 }).collect())
    }

    /// Reads a confusion table whose rows are gold; `numbers` holds the number behind each category.
    ///
    /// Undefined: `NoGold` when it is empty, `NotNumbers` when a category in use has no finite number. Panics when
    /// there is not one number for each category.
    pub fn of_confusion(confusion: &Confusion, numbers: &[f64]) -> Result<Self, Undefined> {
        assert_eq!(numbers.len(), confusion.n_categories(), "each category has a number");
        let cell = |(row, column, times): (usize, usize, u64)| NumberPair {
            gold: numbers[row],
            given: numbers[column],
            times,
        };
        Self::of_cells(confusion.cells().map(cell).collect())
    }

    fn of_cells(mut cells: Vec<NumberPair>) -> Result<Self, Undefined> {
        if cells.is_empty() {
            return Err(Undefined::NoGold);
        }
        if !cells.iter().all(|cell| is_number(cell.gold) && is_number(cell.given)) {
            return Err(Undefined::NotNumbers);
        }
        for cell in &mut cells {
            // Adding zero turns -0 into 0, so that the two are one number in the order as well.
            (cell.gold, cell.given) = (cell.gold + 0.0, cell.given + 0.0);
        }
        cells.sort_unstable_by(|a, b| a.gold.total_cmp(&b.gold).then(a.given.total_cmp(&b.given)));
        cells.dedup_by(|next, kept| {
            let alike = (next.gold, next.given) == (kept.gold, kept.given);
            kept.times += if alike { next.times } else { 0 };
            alike
        });
        let total = cells.iter().map(|cell| cell.times).sum();
        Ok(Self { cells, total })
    }

    /// The distinct pairs, by gold and then given.
    pub fn cells(&self) -> &[NumberPair] {
        &self.cells
    }

    /// How many answers there are.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// The mean of a figure over all answers.
    fn mean(&self, of_cell: impl Fn(&NumberPair) -> f64) -> f64 {
        self.cells.iter().map(|cell| of_cell(cell) * cell.times as f64).sum::<f64>() / self.total as f64
    }
}

/// The mean of given - gold: above zero for answers that are too high. In units of the scale.
///
/// Errors in both directions cancel, so print the mean absolute error beside it.
pub fn bias(scores: &Scores) -> f64 {
    scores.mean(|cell| cell.given - cell.gold)
}

/// The mean of |given - gold|, in units of the scale.
pub fn mean_absolute_error(scores: &Scores) -> f64 {
    scores.mean(|cell| (cell.given - cell.gold).abs())
}

/// The root of the mean of (given - gold)², in units of the scale; great errors count more.
pub fn root_mean_square_error(scores: &Scores) -> f64 {
    scores.mean(|cell| (cell.given - cell.gold).powi(2)).sqrt()
}

/// Whether figures can be made from this.
fn is_number(value: f64) -> bool {
    value.abs() < TOO_GREAT
}
