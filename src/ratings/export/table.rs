//! Tables of exported rows: CSV that a spreadsheet may open, JSON lines, or Parquet.
//!
//! In: rows with a cell for each column. Out: bytes, as they come. Of a cell that a spreadsheet would run, CSV says that it
//! is text. It holds no row but those of one row group of Parquet.

use super::rows::ExportedRow;
use crate::diagnostic::Fault;
use crate::ratings::columns::{Column, KEPT};
use crate::ratings::exported::FateColumn;
use crate::schema::Words;
#[cfg(feature = "parquet")]
use crate::table::ParquetTable;
use crate::table::without_parquet;
use crate::text;
use serde_json::Value as Json;
use std::io::{self, Write};

/// What a table is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportFormat {
    /// Cells with commas between them.
    Csv,
    /// A JSON object a line.
    JsonLines,
    /// Columns of text.
    Parquet,
}

impl Words for ExportFormat {
    const WORDS: &'static [(&'static str, Self)] =
        &[("csv", Self::Csv), ("jsonl", Self::JsonLines), ("parquet", Self::Parquet)];
}

impl ExportFormat {
    /// Why it can't be written by this program, if it can't.
    pub fn fault(self) -> Option<Fault> {
        without_parquet("a Parquet file", "write CSV").filter(|_| self == Self::Parquet)
    }
}

/// A table that is being written.
pub struct ExportTable<W: Write + Send> {
    out: WrittenForm<W>,
    columns: Vec<String>,
    /// The columns behind those of the canonical form.
    fate: &'static [FateColumn],
    /// How many columns stand behind those, without a cell.
    empty: usize,
}

/// What rows are written into.
enum WrittenForm<W: Write + Send> {
    Csv(W),
    JsonLines(W),
    #[cfg(feature = "parquet")]
    Parquet(Box<ParquetTable<W>>),
}

impl<W: Write + Send> WrittenForm<W> {
    fn begin(mut out: W, format: ExportFormat, columns: &[String]) -> io::Result<Self> {
        match format {
            ExportFormat::Csv => {
                let head: Vec<&str> = columns.iter().map(String::as_str).collect();
                out.write_all(&text::csv_line(&head))?;
                Ok(Self::Csv(out))
            }
            ExportFormat::JsonLines => Ok(Self::JsonLines(out)),
            #[cfg(feature = "parquet")]
            ExportFormat::Parquet => ParquetTable::begin(out, columns).map(|table| Self::Parquet(Box::new(table))),
            #[cfg(not(feature = "parquet"))]
            ExportFormat::Parquet => Err(io::ErrorKind::Unsupported.into()),
        }
    }
}

impl<W: Write + Send> ExportTable<W> {
    /// Begins the table of the rows that are counted.
    pub fn of_used(out: W, format: ExportFormat, attributes: &[&str], with_gold: bool) -> io::Result<Self> {
        let fate: &[FateColumn] =
            if with_gold { &[FateColumn::Became, FateColumn::Gold] } else { &[FateColumn::Became] };
        Self::begin(out, format, attributes, fate, &[])
    }

    /// Begins the table of all other rows; its head also names the columns that nothing reads.
    pub fn of_others(out: W, attributes: &[&str], unread: &[&str]) -> io::Result<Self> {
        let fate = &[FateColumn::Became, FateColumn::Reason, FateColumn::Found];
        Self::begin(out, ExportFormat::Csv, attributes, fate, unread)
    }

    fn begin(
        out: W,
        format: ExportFormat,
        attributes: &[&str],
        fate: &'static [FateColumn],
        unread: &[&str],
    ) -> io::Result<Self> {
        let own = Column::NAMES.iter().chain(attributes).chain(&KEPT).copied();
        let columns = own.chain(fate.iter().map(|column| column.name())).chain(unread.iter().copied());
        let columns: Vec<String> = columns.map(str::to_owned).collect();
        Ok(Self { out: WrittenForm::begin(out, format, &columns)?, columns, fate, empty: unread.len() })
    }

    /// Adds a row.
    pub fn add(&mut self, row: &ExportedRow) -> io::Result<()> {
        let fate = self.fate.iter().map(|column| row.fate_cell(*column));
        let cells: Vec<&str> = row.cells.iter().map(String::as_str).chain(fate).collect();
        match &mut self.out {
            WrittenForm::Csv(out) => {
                let mut written: Vec<_> = cells.into_iter().map(text::cell).collect();
                written.extend(std::iter::repeat_n("".into(), self.empty));
                let written: Vec<&str> = written.iter().map(|cell| &**cell).collect();
                out.write_all(&text::csv_line(&written))
            }
            WrittenForm::JsonLines(out) => {
                let pairs = self.columns.iter().zip(cells).filter(|(_, cell)| !cell.is_empty());
                let pairs: Vec<String> =
                    pairs.map(|(name, cell)| format!("{}:{}", Json::from(name.as_str()), Json::from(cell))).collect();
                writeln!(out, "{{{}}}", pairs.join(","))
            }
            #[cfg(feature = "parquet")]
            WrittenForm::Parquet(table) => table.add(&cells),
        }
    }

    /// Ends the table: what it was written to.
    pub fn end(self) -> io::Result<W> {
        match self.out {
            WrittenForm::Csv(mut out) | WrittenForm::JsonLines(mut out) => out.flush().map(|()| out),
            #[cfg(feature = "parquet")]
            WrittenForm::Parquet(table) => table.end(),
        }
    }
}
