//! Tables: the one reader of rows, for ratings with and without a site, for gold, and for what must stay secret.
//!
//! In: a named reader of bytes, packed or not, in any encoding that is named. Out: the names of its columns, then what the
//! caller makes of each block of rows, in the order of the source; or what is wrong, with its line. It holds a bounded
//! number of blocks, works in parallel, and knows nothing of what a cell means but what its column is usually called.

mod blocks;
mod cell;
mod columns;
pub mod encoding;
mod fault;
mod format;
mod frozen;
pub mod head;
mod interner;
mod json;
mod list;
mod marks;
mod names;
mod objects;
mod packing;
#[cfg(feature = "parquet")]
mod parquet;
mod records;
mod rewrite;
mod rows;
mod same;
mod sheet_places;
mod source;
mod spreadsheet;
mod start;
mod stream;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
mod text;
mod views;

#[cfg(feature = "parquet")]
pub use self::parquet::ParquetTable;
pub use blocks::Sizes;
pub use cell::{Cell, PARTING};
pub use fault::{Faults, KEPT};
pub use format::TableFormat;
pub use frozen::Frozen;
pub use head::ColumnRole;
pub use interner::Interner;
pub use names::Names;
pub use objects::Meant;
pub use packing::plain;
pub use rewrite::{NamedCells, rewrite};
pub use rows::{Purpose, Rows};
pub use same::same;
pub use source::{TableFile, TableSource};
pub use stream::{Stream, without_parquet};
pub use views::{Batch, Cache};
