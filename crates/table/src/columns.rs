//! Columns: what rows are asked for of a file that has them in columns, whatever its format.
//!
//! In: nothing. Out: the two questions that a reader of such a file answers. It knows no format.

use super::cell::Cell;
use super::fault::Faults;
use goldbook_ground::diagnostic::Fault;

/// A file whose rows lie in columns.
pub trait ColumnSource: Send {
    /// The names of the columns.
    fn names(&self) -> &[String];

    /// By column: whether each of its cells is one value that can be read, not a list or a structure.
    fn single(&self) -> Vec<bool>;

    /// The row that comes next, from 1.
    fn row(&self) -> u64;

    /// The next rows of the columns that are read; none at the end.
    fn next(&mut self, read: &[bool]) -> Result<Option<Box<dyn ColumnRows>>, Fault>;
}

/// Some of its rows.
pub trait ColumnRows: Send + Sync {
    /// How many bytes their cells take.
    fn bytes(&self) -> usize;

    /// Hands each row that can be read to `take`: its number, a cell for each column, empty where that is not read, and
    /// where to put faults. `lists` says by column whether a list may stand there.
    fn read<'b>(&'b self, lists: &[bool], faults: &mut Faults, take: &mut dyn FnMut(u64, &[Cell<'b>], &mut Faults));
}
