//! Exports: what other tools keep ratings in, as rows of the canonical form.
//!
//! In: a table, or a tool's own file, and how it is to be read (`reading`). Out: rows with a cell for each column, in the
//! order of the file, or why one is no rating. A tool's file is told by what it looks like, or by what is said. It never
//! asks whether an answer is on its scale.

mod label_studio;
mod plan;
mod reading;
mod times;
mod tools;

pub use label_studio::{annotations_of, is_label_studio, rows as label_studio_rows};
pub use plan::RowPlan;
pub use reading::RatingsReading;
pub use times::TimeReading;
pub use tools::for_head;

use super::columns::{Column, Row};
use super::rejected::Refusal;
use crate::table::Cell;

/// A row that a tool's own file gives.
#[derive(Debug)]
pub struct ExportRow {
    /// Line of the file on which what it was made from begins, from 1.
    pub line: u64,
    /// Its cells, or why it is no rating.
    pub cells: Result<Vec<(Column, Cell<'static>)>, Refusal>,
}

impl ExportRow {
    /// The row of its cells.
    pub fn row<'c>(line: u64, cells: &'c [(Column, Cell<'static>)]) -> Row<'c, 'static> {
        let mut row = Row::empty(line);
        cells.iter().for_each(|(column, cell)| row.put(*column, cell));
        row
    }
}
