//! Rejects: the rows that can't be used as a table, so that whoever made them can mend them.
//!
//! In: rejected rows, one after the other. Out: a CSV, written as they come. A cell that a spreadsheet would run as a
//! formula gets a leading apostrophe. It holds no row.

use super::rejected::RejectedRow;
use crate::text;
use std::io::{self, Write};

/// A table of rejected rows that is being written.
pub struct RejectTable<W: Write> {
    table: csv::Writer<W>,
    written: Result<(), csv::Error>,
}

impl<W: Write> RejectTable<W> {
    /// Writes the head.
    pub fn begin(out: W) -> Self {
        let mut table = csv::Writer::from_writer(out);
        let cells = RejectedRow::CELLS.map(|column| column.name());
        let written = table.write_record(["file", "line", "reason", "found"].iter().chain(&cells));
        Self { table, written }
    }

    /// Writes a row; after an error there is no further one.
    pub fn add(&mut self, file: &str, row: &RejectedRow) {
        if self.written.is_err() {
            return;
        }
        let help = row.fault.help.iter().map(|help| format!(" ({help})"));
        let found = format!("{}{}", row.fault.message, help.collect::<String>());
        let line = row.fault.line.map_or_else(String::new, |line| line.to_string());
        let place = [text::line(file), line.into(), row.reason.id().into(), text::line(&found)];
        let cells = place.iter().map(|cell| &**cell).chain(row.cells.iter().map(String::as_str));
        let cells: Vec<_> = cells.map(text::cell).collect();
        self.written = self.table.write_record(cells.iter().map(|cell| cell.as_bytes()));
    }

    /// Ends the table: what it was written to.
    pub fn end(self) -> io::Result<W> {
        self.written.map_err(io::Error::from)?;
        self.table.into_inner().map_err(csv::IntoInnerError::into_error)
    }
}

#[cfg(test)]
mod tests {
    use super::super::rejected::{Reason, Refusal};
    use super::*;

    #[test]
    fn rows_are_written_as_they_come_and_nothing_in_them_acts() {
        let mut table = RejectTable::begin(Vec::new());
        let refusal = Refusal::new(Reason::ValueOffScale, "=1+1, \u{1b} \"quoted\"");
        let row = RejectedRow { cells: ["i", "@r", "c", "-1"].map(str::to_owned), ..RejectedRow::on(7, refusal, None) };
        table.add("content/ratings/a.csv", &row);
        let bytes = table.end().unwrap();
        let text = "file,line,reason,found,item,rater,criterion,value\n\
                    content/ratings/a.csv,7,value-off-scale,\"'=1+1, \\u{1b} \"\"quoted\"\"\",i,'@r,c,-1\n";
        assert_eq!(String::from_utf8(bytes).unwrap(), text);
    }

    #[test]
    fn an_error_of_the_machine_is_kept_until_the_end() {
        let mut table = RejectTable::begin(io::Cursor::new([0; 9]));
        let refusal = Refusal::new(Reason::NoItem, "x".repeat(1 << 16));
        table.add("a.csv", &RejectedRow::on(1, refusal, None));
        assert!(table.end().is_err());
    }
}
