//! Hints: what a table that was taken for a wide one may be instead.
//!
//! In: the columns that were taken for raters', and what stands in them. Out: another form that is as plausible, for a
//! note. It never changes how a table is read.

use super::categories::whole;
use super::columns::TableForm;
use crate::quality::table::Coded;
use crate::table::Frozen;
use std::collections::{BTreeMap, BTreeSet};

/// Nobody has so many more raters than items that the columns are so many times as many as the rows.
const FAR_MORE: u64 = 3;
/// Counts of raters are no greater.
const MOST_COUNTED: u32 = 100;
/// Fewer rows show no pattern.
const FEWEST_ROWS: usize = 3;

/// A table as it was guessed to be.
pub(super) struct Guessed<'g> {
    /// The columns that were taken for raters'.
    pub raters: &'g BTreeSet<u32>,
    /// Rows that are not blank.
    pub rows: u64,
    /// Whether the first column has no name.
    pub is_first_unnamed: bool,
    /// What stands in the columns, with the numbers of labels.
    pub ratings: &'g [Coded],
    pub labels: &'g Frozen,
}

impl Guessed<'_> {
    /// The form that the table may have instead.
    pub fn hint(&self) -> Option<TableForm> {
        let columns = self.raters.len() as u64;
        if self.is_first_unnamed && self.rows > 1 && columns >= FAR_MORE * self.rows {
            return Some(TableForm::Sideways);
        }
        self.are_like_counts().then_some(TableForm::Counts)
    }

    /// Whether cells may count raters: all are whole numbers up to 100, no row is without any, and either no row has more
    /// raters than the fullest cell, as where the raters of an item all agree and some items have fewer; or nine in ten
    /// rows have the same number of raters, most of these not with the same number in each cell, as ratings that are
    /// all alike would.
    fn are_like_counts(&self) -> bool {
        let columns = self.raters.len();
        let mut rows: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for rating in self.ratings {
            let Some(count) = whole(self.labels.get(rating.category)).filter(|count| *count <= MOST_COUNTED) else {
                return false;
            };
            rows.entry(rating.item).or_default().push(count);
        }
        let is_full = rows.len() as u64 == self.rows && rows.values().all(|row| row.len() == columns);
        let sums: Vec<u32> = rows.values().map(|row| row.iter().sum()).collect();
        if !is_full || columns < 2 || rows.len() < FEWEST_ROWS || sums.contains(&0) {
            return false;
        }
        let fullest = rows.values().flatten().max();
        let mut by_sum: BTreeMap<u32, (usize, usize)> = BTreeMap::new();
        for (row, sum) in rows.values().zip(&sums) {
            let (all, even) = by_sum.entry(*sum).or_default();
            *all += 1;
            *even += usize::from(row.iter().all(|count| *count == row[0]));
        }
        let (all, even) = by_sum.into_values().max().unwrap_or_default();
        sums.iter().max() <= fullest || 10 * all >= 9 * rows.len() && 2 * even < all
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::Interner;

    fn hint(rows: &[&[&str]]) -> Option<TableForm> {
        let known = Interner::default();
        let cells = rows.iter().zip(0..).flat_map(|(row, item)| row.iter().zip(0..).map(move |cell| (item, cell)));
        let ratings: Vec<Coded> =
            cells.map(|(item, (label, rater))| Coded { item, rater, category: known.id(label) }).collect();
        let (raters, labels) = ((0..rows[0].len() as u32).collect(), Frozen::of(known));
        let rows = rows.len() as u64;
        Guessed { raters: &raters, rows, is_first_unnamed: true, ratings: &ratings, labels: &labels }.hint()
    }

    #[test]
    fn counts_are_told_from_ratings_by_the_sums_of_rows() {
        let counts = Some(TableForm::Counts);
        assert_eq!(hint(&[&["3", "0"], &["1", "1"], &["0", "2"]]), counts);
        assert_eq!(hint(&[&["2", "1", "0"], &["1", "1", "1"], &["1", "0", "2"]]), counts);
        assert_eq!(hint(&[&["1", "1"], &["1", "1"], &["0", "1"]]), None, "ratings of which most are alike");
        assert_eq!(hint(&[&["1", "2"], &["2", "2"], &["3", "1"], &["3", "3"]]), None);
        assert_eq!(hint(&[&["1", "0"], &["0", "0"], &["0", "1"]]), None);
        assert_eq!(hint(&[&["yes", "no"], &["no", "no"], &["no", "yes"]]), None);
    }

    #[test]
    fn far_more_columns_than_rows_may_lie_on_their_side() {
        assert_eq!(
            hint(&[&["1", "2", "2", "3", "4", "5"], &["1", "2", "2", "3", "4", "5"]]),
            Some(TableForm::Sideways)
        );
        assert_eq!(hint(&[&["1", "2", "2", "3", "5"], &["1", "2", "2", "3", "4"]]), None);
    }
}
