//! Spreadsheets: the one sheet of an `.xlsx` workbook, as lines with tabs between cells.
//!
//! In: the bytes of a workbook. Out: a line for each row, at its own number: texts, whole numbers without a point, dates
//! as ISO 8601 without a zone, each cell of merged ones with what the first holds; or why it can't be read. Of a formula
//! the value that was stored counts, but in a column of notes, where programs write what begins with `=` as one. Line
//! ends and tabs within a cell are blanks. It looks at no cell that is not there, and unpacks no more than a limit.

use super::head::is_of_notes;
use super::sheet_places::PlaceCheck;
use super::start::{Bytes, looked_at};
use calamine::{DataRef, Dimensions, ExcelDateTime, Reader, SheetVisible, Xlsx, XlsxError, open_workbook_from_rs};
use goldbook_ground::caught::caught;
use goldbook_ground::limits::{at_most, mebibytes};
use std::collections::BTreeMap;
use std::io::{self, Cursor, Read};
use std::rc::Rc;
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
    let workbook = at_most(bytes, LARGEST)?.ok_or_else(|| too_large(LARGEST))?;
    let most = most.min(LARGEST);
    // What the library does not expect of a damaged workbook is no reason to stop at.
    let lines = caught(|| lines(workbook, most));
    let lines = lines.unwrap_or_else(|| Err(unreadable("its parts do not fit together")))?;
    Ok((Box::new(Cursor::new(lines)), true))
}

fn too_large(most: u64) -> io::Error {
    io::Error::new(io::ErrorKind::FileTooLarge, format!("unpacked it has more than {}", mebibytes(most)))
}

fn unreadable(why: impl std::fmt::Display) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("this workbook is damaged, or is no `.xlsx`: {why}"))
}

fn lines(bytes: Vec<u8>, most: u64) -> io::Result<Vec<u8>> {
    check_parts(&bytes, most)?;
    let mut workbook: Xlsx<_> =
        open_workbook_from_rs(Cursor::new(bytes)).map_err(|error: XlsxError| unreadable(error))?;
    let sheet = only_sheet(&mut workbook)?;
    let merged = workbook.merge_cells_by_sheet_name(&sheet).map_err(unreadable)?;
    let mut cells = workbook.worksheet_cells_reader(&sheet).map_err(unreadable)?;
    let mut lines = SheetLines::new(merged, most);
    while let Some(cell) = cells.next_cell_with_formula().map_err(unreadable)? {
        let (row, column) = cell.pos;
        let formula = cell.formula.filter(|_| lines.is_notes(column)).map(|formula| format!("={formula}"));
        lines.put(row, column, formula.unwrap_or_else(|| text(&cell.value)))?;
    }
    lines.end_row()?;
    Ok(lines.out)
}

/// Refuses a workbook whose parts, whatever it says of their sizes, have more bytes than `most`, or speak of places that no
/// sheet has.
fn check_parts(bytes: &[u8], most: u64) -> io::Result<()> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(unreadable)?;
    let mut left = most;
    for at in 0..archive.len() {
        let part = archive.by_index(at).map_err(unreadable)?;
        let read = io::copy(&mut part.take(left + 1), &mut PlaceCheck::default()).map_err(unreadable)?;
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
            let names = goldbook_ground::text::listed(several.iter().map(String::as_str));
            let message =
                format!("this workbook has several sheets, {names}: leave the one with the rows, or save it as CSV");
            Err(io::Error::new(io::ErrorKind::InvalidData, message))
        }
    }
}

/// The lines of a sheet, as its cells come.
struct SheetLines {
    out: Vec<u8>,
    /// Bytes of lines that are too many.
    most: u64,
    /// The row that is being written, from 0, its cells, and how many bytes these have.
    row: u32,
    cells: BTreeMap<u32, Rc<str>>,
    held: u64,
    /// Merged cells over several rows that are yet to come, the last ones first.
    merged: Vec<Dimensions>,
    /// By column: what merged cells say there, and their last row.
    spread: BTreeMap<u32, (Rc<str>, u32)>,
    /// The columns of notes; none until the head is there.
    notes: Option<Vec<u32>>,
    /// The last column of the head.
    last: u32,
}

impl SheetLines {
    fn new(merged: Vec<Dimensions>, most: u64) -> Self {
        // A title over the whole width says nothing of any column.
        let mut merged: Vec<Dimensions> = merged.into_iter().filter(|area| area.end.0 > area.start.0).collect();
        merged.sort_by_key(|area| std::cmp::Reverse(area.start));
        let (cells, spread) = (BTreeMap::new(), BTreeMap::new());
        Self { out: Vec::new(), most, row: 0, cells, held: 0, merged, spread, notes: None, last: 0 }
    }

    fn is_notes(&self, column: u32) -> bool {
        self.notes.as_ref().is_some_and(|notes| notes.contains(&column))
    }

    fn put(&mut self, row: u32, column: u32, text: String) -> io::Result<()> {
        if row < self.row {
            return Err(unreadable("its rows are not in order"));
        }
        while self.row < row {
            self.end_row()?;
        }
        if text.is_empty() {
            return Ok(());
        }
        self.hold(column, text.into())
    }

    /// Keeps a cell of the row; one that is there already stays.
    fn hold(&mut self, column: u32, text: Rc<str>) -> io::Result<()> {
        self.held += text.len() as u64 + 1;
        if self.held + self.out.len() as u64 > self.most {
            return Err(too_large(self.most));
        }
        self.cells.entry(column).or_insert(text);
        Ok(())
    }

    /// Writes a row, which may be empty.
    fn end_row(&mut self) -> io::Result<()> {
        self.fill_merged()?;
        // What stands alone above the head is a title.
        if self.notes.is_none() && self.cells.len() < 2 {
            self.cells.clear();
        }
        if self.notes.is_none() && !self.cells.is_empty() {
            let notes = self.cells.iter().filter(|(_, name)| is_of_notes(name)).map(|(column, _)| *column);
            self.notes = Some(notes.collect());
            self.last = self.last_filled();
        }
        let mut column = 0;
        if !self.cells.is_empty() {
            // A row has a cell for each name of the head.
            self.cells.entry(self.last).or_insert_with(|| "".into());
        }
        for (at, text) in std::mem::take(&mut self.cells) {
            self.out.extend(std::iter::repeat_n(b'\t', (at - column) as usize));
            column = at;
            write_cell(&mut self.out, &text);
        }
        self.out.push(b'\n');
        self.row += 1;
        self.held = 0;
        Ok(())
    }

    fn last_filled(&self) -> u32 {
        self.cells.keys().next_back().copied().unwrap_or(0)
    }

    /// Fills in what merged cells say of this row, under the head and no further; a row without a cell of its own is blank.
    fn fill_merged(&mut self) -> io::Result<()> {
        let row = self.row;
        let last = if self.notes.is_some() { self.last } else { self.last_filled() };
        while let Some(area) = self.merged.pop_if(|area| area.start.0 <= row) {
            let first = self.cells.get(&area.start.1).filter(|_| area.start.0 == row);
            if let Some(text) = first {
                let columns = area.start.1..=area.end.1.min(last);
                self.spread.extend(columns.map(|column| (column, (Rc::clone(text), area.end.0))));
            }
        }
        self.spread.retain(|_, (_, end)| *end >= row);
        if self.cells.is_empty() {
            return Ok(());
        }
        let spread: Vec<(u32, Rc<str>)> =
            self.spread.iter().map(|(column, (text, _))| (*column, Rc::clone(text))).collect();
        spread.into_iter().try_for_each(|(column, text)| self.hold(column, text))
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
    /// Days up to the year 10000.
    const DAYS: f64 = 2_958_466.0;
    if time.is_duration() {
        return ((time.as_f64() * DAY * 1000.0).round() / 1000.0).to_string();
    }
    // The reader takes what is beyond for the first day that it knows, or the last.
    if !(0.0..DAYS).contains(&time.as_f64()) {
        return time.as_f64().to_string();
    }
    let (year, month, day, hour, minute, second, _) = time.to_ymd_hms_milli();
    match (hour, minute, second) {
        (0, 0, 0) => format!("{year:04}-{month:02}-{day:02}"),
        _ => format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{of_sheet, workbook};
    use super::*;

    fn read(workbook: &[u8], most: u64) -> io::Result<String> {
        let mut text = String::new();
        let (mut lines, _) = as_lines(Box::new(workbook), most)?;
        lines.read_to_string(&mut text).map(|_| text)
    }

    const ROWS: &[&[&str]] = &[&["Week 45"], &["item", "rater", "value"], &["1", "a", "yes"], &[], &["2", "", "no"]];

    #[test]
    fn merged_cells_speak_for_rows_that_say_something_and_under_the_head_alone() {
        let merged = |area: &str| workbook(ROWS, &format!("<mergeCells><mergeCell ref=\"{area}\"/></mergeCells>"));
        let lines = |area: &str| read(&merged(area), 1 << 20).unwrap();
        assert_eq!(lines("A1:C1"), "\nitem\trater\tvalue\n1\ta\tyes\n\n2\t\tno\n");
        assert_eq!(lines("A1:XFD1048576"), lines("A1:C1"));
        assert_eq!(lines("B3:B1048576"), "\nitem\trater\tvalue\n1\ta\tyes\n\n2\ta\tno\n");
        assert_eq!(lines("B3:XFD5"), lines("B3:B5"));
        assert!(read(&merged("B3:XFE5"), 1 << 20).is_err());
    }

    #[test]
    fn a_sheet_that_is_damaged_or_larger_than_may_be_is_an_error() {
        let row = |place: &str| of_sheet(&format!("<sheetData><row><c r=\"{place}\"><v>1</v></c></row></sheetData>"));
        assert!(read(&row("XFD1"), 1 << 20).is_ok());
        assert!(read(&row("XFE1"), 1 << 20).is_err() && read(&row("A1048577"), 1 << 20).is_err());
        let whole = workbook(ROWS, "");
        for tenth in 1..10 {
            assert!(read(&whole[..whole.len() * tenth / 10], 1 << 20).is_err(), "{tenth}");
        }
        let error = read(&workbook(&[&["x"; 1000][..]; 10], ""), 10_000).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::FileTooLarge);
    }

    #[test]
    fn a_date_that_no_calendar_has_is_the_number_that_stands_there() {
        let date = |days| moment(ExcelDateTime::new(days, calamine::ExcelDateTimeType::DateTime, false));
        assert_eq!(date(46_328.395_833_333_4), "2026-11-02T09:30:00");
        assert_eq!([date(-1.0), date(3e9)], ["-1", "3000000000"]);
    }
}
