//! Tables of exported rows: CSV that a spreadsheet may open, or JSON lines.
//!
//! In: rows with a cell for each column. Out: bytes, as they come. Of a cell that a spreadsheet would run, CSV says that it
//! is text. It holds no row.

use super::rows::ExportedRow;
use crate::ratings::columns::{Column, KEPT};
use crate::ratings::exported::FateColumn;
use crate::schema::Words;
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
}

impl Words for ExportFormat {
    const WORDS: &'static [(&'static str, Self)] = &[("csv", Self::Csv), ("jsonl", Self::JsonLines)];
}

/// A table that is being written.
pub struct ExportTable<W> {
    out: W,
    format: ExportFormat,
    columns: Vec<String>,
    /// The columns behind those of the canonical form.
    fate: &'static [FateColumn],
    /// How many columns stand behind those, without a cell.
    empty: usize,
}

impl<W: Write> ExportTable<W> {
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
        let mut table = Self { out, format, columns, fate, empty: unread.len() };
        if format == ExportFormat::Csv {
            let head: Vec<&str> = table.columns.iter().map(String::as_str).collect();
            table.out.write_all(&text::csv_line(&head))?;
        }
        Ok(table)
    }

    /// Adds a row.
    pub fn add(&mut self, row: &ExportedRow) -> io::Result<()> {
        let fate = self.fate.iter().map(|column| row.fate_cell(*column));
        let cells: Vec<&str> = row.cells.iter().map(String::as_str).chain(fate).collect();
        match self.format {
            ExportFormat::Csv => {
                let mut written: Vec<_> = cells.into_iter().map(text::cell).collect();
                written.extend(std::iter::repeat_n("".into(), self.empty));
                let written: Vec<&str> = written.iter().map(|cell| &**cell).collect();
                self.out.write_all(&text::csv_line(&written))
            }
            ExportFormat::JsonLines => {
                let pairs = self.columns.iter().zip(cells).filter(|(_, cell)| !cell.is_empty());
                let pairs: Vec<String> =
                    pairs.map(|(name, cell)| format!("{}:{}", Json::from(name.as_str()), Json::from(cell))).collect();
                writeln!(self.out, "{{{}}}", pairs.join(","))
            }
        }
    }

    /// Ends the table: what it was written to.
    pub fn end(mut self) -> io::Result<W> {
        self.out.flush()?;
        Ok(self.out)
    }
}
