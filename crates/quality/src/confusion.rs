//! Confusion tables: how often one side said one thing while the other side said another.
//!
//! In: pairs of categories, or a table and two of its raters. Out: counts, their margins and their diagonal.
//! What compares two sides category by category (accuracy, Cohen's kappa, closeness to gold) reads this.
//! Never knows which item a count came from, and never weighs anything.

use super::table::{Coded, Table};
use super::{Proportion, Undefined};

/// Counts of pairs of categories: rows are one side (gold, or the first rater), columns the other (given, or the
/// second rater).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confusion {
    categories: usize,
    counts: Vec<u64>,
}

impl Confusion {
    /// An empty table for `categories` declared categories.
    pub fn new(categories: usize) -> Self {
        Self { categories, counts: vec![0; categories * categories] }
    }

    /// Counts a pair `times` times. Panics when the row or the column is not a category.
    pub fn add(&mut self, row: usize, column: usize, times: u64) {
        assert!(row < self.categories && column < self.categories, "({row}, {column}) are categories");
        self.counts[row * self.categories + column] += times;
    }

    /// The sum of two tables, as of two halves of the data. Panics when they differ in their categories.
    pub fn merged(mut self, other: Self) -> Self {
        assert_eq!(self.categories, other.categories, "both tables have the same scale");
        self.counts.iter_mut().zip(other.counts).for_each(|(count, more)| *count += more);
        self
    }

    /// Two raters of a table, over the items that both rated: rows the first, columns the second.
    ///
    /// Where one of them rated an item more than once, each of the ratings is paired with each of the other
    /// rater's: a table has no order in time, so none can be called the first. The counts are then more than the
    /// items and a standard error from them is too small; settle repeats before coding the ratings.
    ///
    /// Panics when the two are the same rater.
    pub fn of_raters(table: &Table, first: u32, second: u32) -> Self {
        assert_ne!(first, second, "two raters are compared");
        let mut confusion = Self::new(table.n_categories());
        for ratings in table.by_item() {
            for row in of_rater(ratings, first) {
                for column in of_rater(ratings, second) {
                    confusion.add(row.category as usize, column.category as usize, 1);
                }
            }
        }
        confusion
    }

    /// How many categories the scale declares, used or not.
    pub fn n_categories(&self) -> usize {
        self.categories
    }

    /// How often this pair was seen.
    pub fn count(&self, row: usize, column: usize) -> u64 {
        assert!(column < self.categories, "{column} is a category");
        self.counts[row * self.categories + column]
    }

    /// Every pair that was seen, as row, column and count; by row, then column.
    pub fn cells(&self) -> impl Iterator<Item = (usize, usize, u64)> {
        let place = |(index, &count): (usize, &u64)| (index / self.categories, index % self.categories, count);
        self.counts.iter().enumerate().map(place).filter(|&(_, _, count)| count > 0)
    }

    /// How often the first side used each category.
    pub fn row_sums(&self) -> Vec<u64> {
        (0..self.categories).map(|row| (0..self.categories).map(|column| self.count(row, column)).sum()).collect()
    }

    /// How often the second side used each category.
    pub fn column_sums(&self) -> Vec<u64> {
        (0..self.categories).map(|column| (0..self.categories).map(|row| self.count(row, column)).sum()).collect()
    }

    /// How often both sides used the same category, for each.
    pub fn diagonal(&self) -> Vec<u64> {
        (0..self.categories).map(|category| self.count(category, category)).collect()
    }

    /// All pairs.
    pub fn total(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// Whether nothing was counted.
    pub fn is_empty(&self) -> bool {
        self.total() == 0
    }

    /// Pairs of equal categories out of all: the accuracy, when rows are gold. `NoData` for an empty table.
    pub fn agreement(&self) -> Result<Proportion, Undefined> {
        Proportion::new(self.diagonal().iter().sum(), self.total())
    }

    /// The table with its sides exchanged.
    pub fn transposed(&self) -> Self {
        let mut exchanged = Self::new(self.categories);
        self.cells().for_each(|(row, column, count)| exchanged.add(column, row, count));
        exchanged
    }
}

/// One rater's ratings of an item, whose ratings are in the order of raters.
fn of_rater(ratings: &[Coded], rater: u32) -> &[Coded] {
    let start = ratings.partition_point(|rating| rating.rater < rater);
    let end = ratings.partition_point(|rating| rating.rater <= rater);
    &ratings[start..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn margins_diagonal_and_transposition_fit_each_other() {
        let mut confusion = Confusion::new(3);
        for (row, column, times) in [(0, 0, 4), (0, 2, 1), (1, 1, 2), (2, 0, 3)] {
            confusion.add(row, column, times);
        }
        assert_eq!((confusion.row_sums(), confusion.column_sums()), (vec![5, 2, 3], vec![7, 2, 1]));
        assert_eq!((confusion.diagonal(), confusion.total()), (vec![4, 2, 0], 10));
        assert_eq!(confusion.agreement(), Proportion::new(6, 10));
        assert_eq!(confusion.transposed().count(2, 0), 1);
        assert_eq!(confusion.transposed().transposed(), confusion);
        assert_eq!(confusion.clone().merged(confusion.transposed()).row_sums(), [12, 4, 4]);
        assert_eq!(Confusion::new(2).agreement(), Err(Undefined::NoData));
    }

    #[test]
    fn two_raters_meet_on_the_items_that_both_rated() {
        let coded = |item, rater, category| Coded { item, rater, category };
        let ratings = vec![
            coded(0, 0, 1),
            coded(0, 2, 0),
            coded(1, 0, 1),
            coded(1, 1, 1),
            coded(2, 2, 1),
            coded(2, 0, 0),
            coded(2, 2, 0),
        ];
        let confusion = Confusion::of_raters(&Table::new(4, 3, 2, ratings), 0, 2);
        assert_eq!(confusion.cells().collect::<Vec<_>>(), [(0, 0, 1), (0, 1, 1), (1, 0, 1)]);
    }

    #[test]
    #[should_panic(expected = "are categories")]
    fn a_column_beyond_the_scale_is_refused() {
        Confusion::new(2).add(0, 2, 1);
    }
}
