//! Fates: what becomes of rows, and what became of each, told by its number among the rows of its file.
//!
//! In: rows as they are settled, in any order. Out: for a row that was understood what became of it. It is kept only where
//! rows are written out again; a report needs the counts alone (`ledger`).

use super::entry::At;

/// What becomes of a row that can be used; of one that speaks of several criteria, the last of these that holds for one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fate {
    /// It is taken back, or takes others back.
    Withdrawn,
    /// Another stands in its place.
    Replaced,
    /// It makes a rating, or a part of one.
    Used,
}

/// A row: number of its file, and its number in it, from 1.
type NumberedRow = (u32, u32);

/// What became of rows.
#[derive(Debug, Default)]
pub struct RowFates {
    used: Vec<NumberedRow>,
    withdrawn: Vec<NumberedRow>,
    orphans: Vec<NumberedRow>,
}

/// What became of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowFate {
    /// It is a rating, or part of one.
    Used,
    /// It was taken back.
    Withdrawn,
    /// It is the attribute of a flag that is not there.
    Orphan,
    /// Another stands in its place.
    Replaced,
}

impl RowFates {
    /// Notes what becomes of a row's word on one criterion.
    pub fn add(&mut self, file: u32, row: u32, fate: Fate) {
        match fate {
            Fate::Used => self.used.push((file, row)),
            Fate::Withdrawn => self.withdrawn.push((file, row)),
            Fate::Replaced => {}
        }
    }

    /// Adds what became of other words of the same rows, and of other rows.
    pub fn join(&mut self, other: Self) {
        self.used.extend(other.used);
        self.withdrawn.extend(other.withdrawn);
    }

    /// The same, ready to be asked, with the attributes of flags that are not there.
    pub fn with_orphans(mut self, orphans: impl Iterator<Item = At>) -> Self {
        self.orphans = orphans.map(|at| (at.file, u32::try_from(at.line).unwrap_or(u32::MAX))).collect();
        [&mut self.used, &mut self.withdrawn, &mut self.orphans].into_iter().for_each(|rows| rows.sort_unstable());
        self
    }

    /// What became of a row that was understood, and takes nothing back itself.
    pub fn of(&self, file: u32, row: u32) -> RowFate {
        let is_in = |rows: &[NumberedRow]| rows.binary_search(&(file, row)).is_ok();
        match () {
            () if is_in(&self.used) => RowFate::Used,
            () if is_in(&self.orphans) => RowFate::Orphan,
            () if is_in(&self.withdrawn) => RowFate::Withdrawn,
            () => RowFate::Replaced,
        }
    }
}
