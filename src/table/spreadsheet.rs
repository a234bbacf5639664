//! Spreadsheets: the one sheet of an `.xlsx` workbook, as lines with tabs between cells.
//!
//! In: the bytes of a workbook. Out: a line for each row, at its own number: texts, whole numbers without a point, dates
//! as ISO 8601 without a zone, each cell of merged ones with what the first holds; or why it can't be read. Of a formula
//! the value that was stored counts, but in a column of notes, where programs write what begins with `=` as one. Line
//! ends and tabs within a cell are blanks. It looks at no cell that is not there, and unpacks no more than a limit.

use super::head::is_of_notes;
use super::start::{Bytes, looked_at};
use crate::limits::mebibytes;
use calamine::{DataRef, Dimensions, ExcelDateTime, Reader, SheetVisible, Xlsx, XlsxError, open_workbook_from_rs};
use std::collections::BTreeMap;
use std::io::{self, Cursor, Read};
use zip::ZipArchive;

/// First bytes of a ZIP archive.
const ZIP: &[u8] = b"PK\x03\x04";

/// Most bytes that a workbook may have, packed; and unpacked where the source allows more.
const LARGEST: u64 = 1 << 30;

/// The bytes as lines, if they are a workbook; and whether they were. More than `most` bytes unpacked are an error
/// (`FileTooLarge`).
pub fn as_lines(bytes: Bytes<'_>, most: u64) -> io::Result<(Bytes<'_>, bool)> {
    let (start, bytes) = looked_at(bytes, ZIP.len())?;
    if start != ZIP {
        return Ok((bytes, false));
    }
    let mut workbook = Vec::new();
    bytes.take(LARGEST + 1).read_to_end(&mut workbook)?;
    if workbook.len() as u64 > LARGEST {
        return Err(too_large(LARGEST));
    }
    let lines = lines(workbook, most.min(LARGEST))?;
    Ok((Box::new(Cursor::new(lines)), true))
}

fn too_large(most: u64) -> io::Error {
    io::Error::new(io::ErrorKind::FileTooLarge, format!("unpacked it has more than {}", mebibytes(most)))
}

fn unreadable(why: impl std::fmt::Display) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("this workbook is damaged, or is no `.xlsx`: {why}"))
}

fn lines(bytes: Vec<u8>, most: u64) -> io::Result<Vec<u8>> {
    check_size(&bytes, most)?;
    let mut workbook: Xlsx<_> =
        open_workbook_from_rs(Cursor::new(bytes)).map_err(|error: XlsxError| unreadable(error))?;
    let sheet = only_sheet(&mut workbook)?;
    let merged = workbook.merge_cells_by_sheet_name(&sheet).map_err(unreadable)?;
    let mut cells = workbook.worksheet_cells_reader(&sheet).map_err(unreadable)?;
    let mut lines = SheetLines::new(merged);
    while let Some(cell) = cells.next_cell_with_formula().map_err(unreadable)? {
        let (row, column) = cell.pos;
        let formula = cell.formula.filter(|_| lines.is_notes(column)).map(|formula| format!("={formula}"));
        lines.put(row, column, formula.unwrap_or_else(|| text(&cell.value)))?;
        if lines.out.len() as u64 > most {
            return Err(too_large(most));
        }
    }
    lines.end_row();
    Ok(lines.out)
}

/// Refuses a workbook whose parts, whatever it says of their sizes, have more bytes than `most`.
fn check_size(bytes: &[u8], most: u64) -> io::Result<()> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(unreadable)?;
    let mut left = most;
    for at in 0..archive.len() {
        let part = archive.by_index(at).map_err(unreadable)?;
        let read = io::copy(&mut part.take(left + 1), &mut io::sink()).map_err(unreadable)?;
        left = left.checked_sub(read).ok_or_else(|| too_large(most))?;
    }
    Ok(())
}

/// The one sheet that is shown and holds something.
fn only_sheet<R: Read + io::Seek>(workbook: &mut Xlsx<R>) -> io::Result<String> {
    let is_shown = |sheet: &&calamine::Sheet| sheet.visible == SheetVisible::Visible;
    let shown: Vec<String> =
        workbook.sheets_metadata().iter().filter(is_shown).map(|sheet| sheet.name.clone()).collect();
    let mut filled = Vec::new();
    for name in shown {
        // A sheet of pictures has no cells to read.
        let Ok(mut cells) = workbook.worksheet_cells_reader(&name) else { continue };
        if cells.next_cell().map_err(unreadable)?.is_some() {
            filled.push(name);
        }
    }
    match filled.as_slice() {
        [only] => Ok(only.clone()),
        [] => Err(io::Error::new(io::ErrorKind::InvalidData, "no sheet of this workbook holds anything")),
        several => {
            let names = crate::text::listed(several.iter().map(String::as_str));
            let message =
                format!("this workbook has several sheets, {names}: leave the one with the rows, or save it as CSV");
            Err(io::Error::new(io::ErrorKind::InvalidData, message))
        }
    }
}

/// The lines of a sheet, as its cells come.
struct SheetLines {
    out: Vec<u8>,
    /// The row that is being written, from 0, and its cells.
    row: u32,
    cells: BTreeMap<u32, String>,
    /// Merged cells, by the row that they begin in.
    merged: Vec<Dimensions>,
    /// What those above and to the left say.
    spread: BTreeMap<usize, String>,
    /// The columns of notes; none until the head is there.
    notes: Option<Vec<u32>>,
    /// The last column of the head.
    last: u32,
}

impl SheetLines {
    fn new(merged: Vec<Dimensions>) -> Self {
        Self { out: Vec::new(), row: 0, cells: BTreeMap::new(), merged, spread: BTreeMap::new(), notes: None, last: 0 }
    }

    fn is_notes(&self, column: u32) -> bool {
        self.notes.as_ref().is_some_and(|notes| notes.contains(&column))
    }

    fn put(&mut self, row: u32, column: u32, text: String) -> io::Result<()> {
        if row < self.row {
            return Err(unreadable("its rows are not in order"));
        }
        while self.row < row {
            self.end_row();
        }
        if !text.is_empty() {
            self.cells.insert(column, text);
        }
        Ok(())
    }

    /// Writes a row, which may be empty.
    fn end_row(&mut self) {
        self.fill_merged();
        // What stands alone above the head is a title.
        if self.notes.is_none() && self.cells.len() < 2 {
            self.cells.clear();
        }
        if self.notes.is_none() && !self.cells.is_empty() {
            let notes = self.cells.iter().filter(|(_, name)| is_of_notes(name)).map(|(column, _)| *column);
            self.notes = Some(notes.collect());
            self.last = self.cells.keys().next_back().copied().unwrap_or(0);
        }
        let mut column = 0;
        if !self.cells.is_empty() {
            // A row has a cell for each name of the head.
            self.cells.entry(self.last).or_default();
        }
        for (at, text) in std::mem::take(&mut self.cells) {
            self.out.extend(std::iter::repeat_n(b'\t', (at - column) as usize));
            column = at;
            write_cell(&mut self.out, &text);
        }
        self.out.push(b'\n');
        self.row += 1;
    }

    fn fill_merged(&mut self) {
        let row = self.row;
        for (at, area) in self.merged.iter().enumerate() {
            if !(area.start.0..=area.end.0).contains(&row) {
                continue;
            }
            if row == area.start.0 {
                self.spread.insert(at, self.cells.get(&area.start.1).cloned().unwrap_or_default());
            }
            let Some(text) = self.spread.get(&at).filter(|text| !text.is_empty()) else { continue };
            // A title over the whole width says nothing of any column.
            let last = if area.end.0 > area.start.0 { area.end.1 } else { area.start.1 };
            for column in area.start.1..=last {
                self.cells.entry(column).or_insert_with(|| text.clone());
            }
        }
    }
}

fn write_cell(out: &mut Vec<u8>, text: &str) {
    let plain = text.replace(['\t', '\n', '\r'], " ");
    if plain.contains('"') {
        out.push(b'"');
        out.extend(plain.replace('"', "\"\"").bytes());
        out.push(b'"');
    } else {
        out.extend(plain.bytes());
    }
}

fn text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::String(text) => text.trim().to_owned(),
        DataRef::SharedString(text) => text.trim().to_owned(),
        DataRef::Bool(is_so) => is_so.to_string(),
        DataRef::DateTime(time) => moment(*time),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(error) => error.to_string(),
        DataRef::Empty => String::new(),
    }
}

/// A date or a time as ISO 8601; a duration in seconds.
fn moment(time: ExcelDateTime) -> String {
    const DAY: f64 = 86_400.0;
    if time.is_duration() {
        return ((time.as_f64() * DAY * 1000.0).round() / 1000.0).to_string();
    }
    let (year, month, day, hour, minute, second, _) = time.to_ymd_hms_milli();
    match (hour, minute, second) {
        (0, 0, 0) => format!("{year:04}-{month:02}-{day:02}"),
        _ => format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}"),
    }
}
