//! Columns: the canonical form of ratings, one row a value.
//!
//! In: nothing. Out: every column with what may stand in it, and the row that holds a cell for each.

use super::allowed::{any, anys, filled, pass, time, version, word};
use super::entry::{RatingBasis, Status};
use crate::model::Outcome;
use crate::schema::Words;
use crate::table::Cell;
use serde_json::Value as Json;

macro_rules! columns {
    ($($name:ident $text:literal $allowed:expr, $about:literal;)*) => {
        /// A column of the canonical form that is read.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Column { $(#[doc = $about] $name,)* }

        impl Column {
            /// Every column's name, in the order of the enum.
            pub const NAMES: &[&str] = &[$($text,)*];

            /// Every column.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The column of this name.
            pub fn named(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|column| column.name() == name)
            }

            /// Its name.
            pub fn name(self) -> &'static str {
                Self::NAMES[self as usize]
            }

            /// Every column's name, what may stand in it, and what it means.
            pub fn described() -> Vec<(&'static str, Json, &'static str)> {
                vec![$(($text, $allowed, $about),)*]
            }
        }
    };
}

columns! {
    Task "task" any(), "The task, by its folder's name; may be left out where the site has one task only.";
    Item "item" filled(), "The item that was rated.";
    Rater "rater" filled(), "The rater's pseudonymous id.";
    Criterion "criterion" any(), "The criterion; without it, an outcome is of the whole item.";
    Value "value" anys(), "The value, as the criterion's scale has it; of a flag, its kind; of a set, its values with `|` \
        between them, or a list in JSON.";
    Version "version" version(), "The version of the instructions; that which served when it was made unless said.";
    Cohort "cohort" any(), "The cohort; that of the rater unless said.";
    Submission "submission" any(), "The submission the row belongs to; the newest for an item replaces the others.";
    Pass "pass" pass(), "Which time the rater was asked this, from 1.";
    Basis "basis" word(&RatingBasis::WORDS), "How independent the rating is: the others enter no agreement and no accuracy.";
    Status "status" word(&Status::WORDS), "Whether the submission is paid.";
    Step "step" any(), "Of a flag: the number of the step that it is on.";
    StepTo "step_to" any(), "Of a flag over several steps: the last of them.";
    Attribute "attribute" any(), "The attribute, of the flag at this step, that the value is of.";
    Outcome "outcome" word(Outcome::WORDS), "Why there is no value.";
    SubmittedAt "submitted_at" time(), "When it was submitted: ISO 8601, best with a zone.";
    Seconds "seconds" any(), "How long the submission took.";
}

/// Columns of the canonical form that no figure needs.
pub const KEPT: [&str; 4] = ["lang", "option", "quote", COMMENT];

/// The column of what a rater wrote beside an answer.
pub const COMMENT: &str = "comment";

const COUNT: usize = Column::NAMES.len();

/// What a column holds that the table does not have.
static EMPTY: Cell<'static> = Cell::Slice("");

/// One row's cells, trimmed; a missing one is empty.
#[derive(Clone)]
pub struct Row<'c, 'a> {
    /// Line of the file, from 1.
    pub line: u64,
    cells: [&'c Cell<'a>; COUNT],
    /// Columns named like an attribute of a flag, where they are filled.
    pub attributes: Vec<(&'c str, &'c str)>,
    /// Columns that no figure needs, where they are filled and wanted.
    pub kept: Vec<(&'static str, &'c str)>,
}

impl<'c, 'a> Row<'c, 'a> {
    /// A row without a filled cell.
    pub fn empty(line: u64) -> Self {
        Self { line, cells: [&EMPTY; COUNT], attributes: Vec::new(), kept: Vec::new() }
    }

    /// Fills the cell of a column.
    pub fn put(&mut self, column: Column, cell: &'c Cell<'a>) {
        self.cells[column as usize] = cell;
    }

    /// A cell, empty if the table has no such column.
    pub fn cell(&self, column: Column) -> &'c Cell<'a> {
        self.cells[column as usize]
    }

    /// The texts of all cells in the order of the canonical form: its columns, these attributes, what no figure needs.
    pub fn texts(&self, attributes: &[&str]) -> Vec<String> {
        let find = |pairs: &[(&str, &str)], name: &str| {
            pairs.iter().find(|(known, _)| *known == name).map_or(String::new(), |(_, cell)| (*cell).to_owned())
        };
        let own = self.cells.iter().map(|cell| cell.to_string());
        let attributes = attributes.iter().map(|name| find(&self.attributes, name));
        let kept = KEPT.iter().map(|name| find(&self.kept, name));
        own.chain(attributes).chain(kept).collect()
    }

    /// Its text.
    pub fn get(&self, column: Column) -> &'c str {
        self.cells[column as usize]
    }
}
