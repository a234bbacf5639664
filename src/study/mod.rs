//! Study: a table of ratings on its own, without a site.
//!
//! In: readers of tables, and what is asked of them. Out: what `read` makes of them, ratings or flagged steps in
//! numbers with their names, and every figure that `analysis` finds in those. It never opens a file, never prints, and
//! knows no programme: what `ratings` and `report` do is theirs.

pub(crate) mod analysis;
pub(crate) mod notes;
mod read;

pub use crate::table::{ColumnRole, Names, TableSource};
pub use read::{
    Columns, FileNote, Grouping, Groups, LabelErrors, LabelPart, Labels, Notes, ReadRequest, RespelledLabel, TableForm,
    WideGuess, read, steps,
};
