//! Exports: what other tools keep ratings in, as rows of the canonical form.
//!
//! In: a table, or a tool's own file, and how it is to be read (`reading`). Out: rows with a cell for each column, in the
//! order of the file, or why one is no rating. A tool's file is told by what it looks like, or by what is said. It never
//! asks whether an answer is on its scale.

mod controls;
mod folders;
mod label_studio;
mod label_studio_min;
mod plan;
mod reading;
mod scan;
mod scout;
#[cfg(test)]
mod tests;
mod times;
mod tools;

pub use folders::Readings;
pub use label_studio_min::LOST;
pub use plan::RowPlan;
pub use reading::RatingsReading;
pub use scout::{ScanRows, is_scan};
pub use times::TimeReading;
pub use tools::for_head;

use super::columns::{Column, Row};
use super::expected::Expected;
use super::rejected::Refusal;
use crate::table::Cell;

/// A form of Label Studio's JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LabelStudioForm {
    /// A list of tasks, with all there is.
    Raw,
    /// A list of annotations, which lack some of it.
    Minimal,
}

impl LabelStudioForm {
    /// The form of a file that begins so, if it is one.
    pub fn told(start: &[u8]) -> Option<Self> {
        let minimal = || label_studio_min::is_minimal(start).then_some(Self::Minimal);
        label_studio::is_label_studio(start).then_some(Self::Raw).or_else(minimal)
    }

    /// The rows of an object, which begins on a line.
    pub fn rows(self, line: u64, object: &str, reading: &RatingsReading, expected: &Expected<'_>) -> Vec<ExportRow> {
        match self {
            Self::Raw => label_studio::rows(line, object, reading, expected),
            Self::Minimal => label_studio_min::rows(line, object, reading, expected),
        }
    }

    /// How much of an object is of the user who is this rater.
    pub fn annotations_of(self, object: &str, rater: &str) -> Result<usize, String> {
        match self {
            Self::Raw => label_studio::annotations_of(object, rater),
            Self::Minimal => label_studio_min::annotations_of(object, rater),
        }
    }
}

/// A row that a tool's own file gives.
#[derive(Debug)]
pub struct ExportRow {
    /// Line of the file on which what it was made from begins, from 1.
    pub line: u64,
    /// Its cells, or why it is no rating.
    pub cells: Result<Vec<(Column, Cell<'static>)>, Refusal>,
    /// What was said about it.
    pub comment: String,
}

impl ExportRow {
    /// What is no rating.
    pub fn refused(line: u64, refusal: Refusal) -> Self {
        Self { line, cells: Err(refusal), comment: String::new() }
    }

    /// The row of its cells.
    pub fn row(&self) -> Result<Row<'_, 'static>, &Refusal> {
        let cells = self.cells.as_ref()?;
        let mut row = Row::empty(self.line);
        cells.iter().for_each(|(column, cell)| row.put(*column, cell));
        if !self.comment.is_empty() {
            row.kept.push(("comment", &self.comment));
        }
        Ok(row)
    }
}
