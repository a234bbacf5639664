//! Rewriting: a table with some of its rows changed, and every other byte as it was.
//!
//! In: the bytes of a table, packed or not, and what is to become of a row. Out: the bytes of the new table, packed and
//! encoded as the old one; none if no row changed. A table that can't be read to its end is not rewritten. It holds the
//! table whole.

use super::blocks::Sizes;
use super::encoding::{Encoding, in_utf8};
use super::fault::Faults;
use super::format::{TableFormat, is_parquet};
use super::json;
use super::list;
use super::objects::Meant;
use super::packing::Packing;
use super::records::{self, Grammar, TablePart};
use super::rows::{Purpose, Rows, Syntax};
use super::source::TableSource;
use super::spreadsheet;
use super::start::Bytes;
use super::stream::{Stream, declared_delimiter};
use goldbook_ground::diagnostic::Fault;
use goldbook_ground::text::spliced;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt;
use std::io::Read;
use std::ops::Range;

/// One row: the name of each column, or key, none beyond the head; and its text, none for what is no text or number.
pub type NamedCells<'a> = [(Option<Cow<'a, str>>, Option<String>)];

/// Rewrites the table of this name. `edit` changes the cells of a row and says whether it did. Of a JSON list and of a
/// workbook it is an error if a row is to change: they are only read here.
pub fn rewrite(
    name: &str,
    bytes: &[u8],
    sizes: Sizes,
    mut edit: impl FnMut(&mut NamedCells<'_>) -> bool + Send,
) -> Result<Option<Vec<u8>>, Fault> {
    let unread = |error: std::io::Error| Fault::whole(format!("it can't be read: {error}"));
    let packing = Packing::of(bytes);
    let plain = packing.unpack(bytes, sizes.unpacked).map_err(unread)?;
    if is_parquet(&plain) {
        let help = "change it where it was written; or write it as CSV, and take the Parquet file away";
        let is_theirs = is_changed(TableSource::new(name, plain.as_slice()), sizes, &mut edit)?;
        return if is_theirs { Err(Fault::whole("it is a Parquet file").help(help)) } else { Ok(None) };
    }
    let (sheet, is_sheet) = spreadsheet::as_lines(Box::new(plain.as_slice()), sizes.unpacked).map_err(unread)?;
    if is_sheet {
        let edits = in_lines(sheet, ".tsv", sizes, &mut edit)?;
        let help = "change it in the workbook; or save that as CSV, and take the workbook away";
        return if edits.is_empty() { Ok(None) } else { Err(Fault::whole("it is a workbook").help(help)) };
    }
    drop(sheet);
    let encoding = Encoding::of(&plain);
    let text = String::from_utf8(in_utf8(plain)).map_err(|_| Fault::whole("it is not text in UTF-8 or UTF-16"))?;
    let is_table = matches!(TableFormat::named(name), Some(TableFormat::Table { .. }));
    let bytes: Bytes<'_> = Box::new(text.as_bytes());
    let (lines, is_list) = if is_table { (bytes, false) } else { list::as_lines(bytes).map_err(unread)? };
    let edits =
        if is_list { in_lines(lines, ".jsonl", sizes, &mut edit) } else { edits(name, &text, sizes, &mut edit) }?;
    if edits.is_empty() {
        return Ok(None);
    }
    if is_list {
        return Err(Fault::whole("it is one JSON list").help("write one object a line, without brackets around them"));
    }
    packing
        .pack(&encoding.encode(spliced(&text, edits)))
        .map(Some)
        .map_err(|error| Fault::whole(format!("it can't be packed: {error}")))
}

/// Whether a row of columns changes. One that can't be read may be one of those.
fn is_changed(source: TableSource<'_>, sizes: Sizes, edit: &mut EditRow<'_>) -> Result<bool, Fault> {
    let stream = Stream::open(source, sizes)?;
    let (names, read) = (stream.head().to_vec(), stream.single());
    let rows_of = |rows: &mut Rows<'_>| {
        let mut found: Vec<Vec<String>> = Vec::new();
        rows.read(|_, cells, _| found.push(cells.iter().map(|cell| (**cell).to_owned()).collect()));
        found
    };
    let mut is_changed = false;
    let mut look = |rows: Vec<Vec<String>>| {
        for row in rows {
            let named = names.iter().zip(row).zip(&read).filter(|(_, read)| **read);
            let mut row: Vec<_> =
                named.map(|((name, cell), _)| (Some(Cow::Borrowed(name.as_str())), Some(cell))).collect();
            is_changed |= edit(&mut row);
        }
    };
    let purpose = Purpose { read: &read, lists: &[], means: &|_| Meant::Nothing };
    let mut faults = stream.each_block(&purpose, rows_of, &mut look).faults;
    let first = if faults.kept.is_empty() { None } else { Some(faults.kept.swap_remove(0)) };
    faults.end.or(first).map_or(Ok(is_changed), Err)
}

/// What changes in rows that stand on lines only while they are read.
fn in_lines(mut lines: Bytes<'_>, name: &str, sizes: Sizes, edit: &mut EditRow<'_>) -> Result<Vec<Edit>, Fault> {
    let mut text = String::new();
    lines.read_to_string(&mut text).map_err(|error| Fault::whole(format!("it can't be read: {error}")))?;
    edits(name, &text, sizes, edit)
}

fn edits(name: &str, text: &str, sizes: Sizes, edit: &mut EditRow<'_>) -> Result<Vec<Edit>, Fault> {
    let stream = Stream::open(TableSource::new(name, text.as_bytes()), sizes)?;
    match stream.syntax() {
        Some(Syntax::Table(grammar)) => table_edits(text, &stream, *grammar, edit),
        Some(Syntax::Objects(_)) | None => object_edits(text, edit),
    }
}

/// What changes the cells of a row, and says whether it did.
type EditRow<'e> = dyn FnMut(&mut NamedCells<'_>) -> bool + Send + 'e;

/// A range of the text, and what is to stand there.
type Edit = (Range<usize>, String);

fn table_edits(text: &str, stream: &Stream<'_>, grammar: Grammar, edit: &mut EditRow<'_>) -> Result<Vec<Edit>, Fault> {
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let lines: Vec<usize> =
        std::iter::once(start).chain(text[start..].match_indices('\n').map(|(at, _)| start + at + 1)).collect();
    let line_start =
        |line: u64| lines.get(usize::try_from(line).unwrap_or(usize::MAX) - 1).copied().unwrap_or(text.len());
    let mut rows_before = if declared_delimiter(text[start..].lines().next().unwrap_or("")).is_some() { 2 } else { 1 };
    let (mut edits, mut faults) = (Vec::new(), Faults::default());
    let part = TablePart { text: &text[start..], first_line: 1 };
    records::read(&part, grammar, &mut faults, |(first, last), cells, _| {
        if rows_before > 0 {
            rows_before -= 1;
            return;
        }
        let names = stream.head().iter().map(|name| Some(Cow::Borrowed(name.as_str()))).chain(std::iter::repeat(None));
        let old: Vec<_> = names.zip(cells).map(|(name, cell)| (name, Some((**cell).to_owned()))).collect();
        let mut row = old.clone();
        if edit(&mut row) {
            let row_start = line_start(first);
            let written = written_cells(&text[row_start..line_start(last + 1)], grammar.delimiter);
            let changed = row.iter().zip(&old).zip(written).filter(|((new, old), _)| new != old);
            edits.extend(changed.map(|(((_, new), _), range)| {
                let new = quoted_cell(new.as_deref().unwrap_or(""), grammar.delimiter);
                (row_start + range.start..row_start + range.end, new)
            }));
        }
    });
    faults.end.map_or(Ok(edits), Err)
}

/// The ranges of the cells of a row as they are written, quotes and spaces included, without the line's end.
fn written_cells(row: &str, delimiter: u8) -> Vec<Range<usize>> {
    let row = row.trim_end_matches(['\r', '\n']);
    let (mut cells, mut start, mut quoted) = (Vec::new(), 0, false);
    for (at, byte) in row.bytes().enumerate() {
        quoted ^= byte == b'"';
        if byte == delimiter && !quoted {
            cells.push(start..at);
            start = at + 1;
        }
    }
    cells.push(start..row.len());
    cells
}

/// A cell as it is written in a table.
fn quoted_cell(text: &str, delimiter: u8) -> String {
    let is_plain = text.bytes().all(|byte| byte != delimiter && !matches!(byte, b'"' | b'\r' | b'\n'));
    if is_plain { text.to_owned() } else { format!("\"{}\"", text.replace('"', "\"\"")) }
}

fn object_edits(text: &str, edit: &mut EditRow<'_>) -> Result<Vec<Edit>, Fault> {
    let (mut edits, mut at) = (Vec::new(), 0);
    for (number, whole) in text.split_inclusive('\n').enumerate() {
        let line = whole.trim_start_matches('\u{feff}');
        let start = at + whole.len() - line.len();
        at += whole.len();
        let object = line.trim_end_matches(['\r', '\n']);
        if object.trim().is_empty() {
            continue;
        }
        let pairs: ObjectPairs<'_> =
            serde_json::from_str(object).map_err(|error| json::fault(number as u64 + 1, object, json::why(&error)))?;
        let old: Vec<_> = pairs.0.iter().map(|(key, value)| (Some(Cow::Borrowed(key.as_str())), cell(value))).collect();
        let mut row = old.clone();
        if edit(&mut row) {
            let changed = row.iter().zip(&old).zip(&pairs.0).filter(|((new, old), _)| new != old);
            edits.extend(changed.map(|(((_, new), _), (_, value))| {
                let start = start + (value.get().as_ptr() as usize - object.as_ptr() as usize);
                (start..start + value.get().len(), Value::from(new.as_deref().unwrap_or("")).to_string())
            }));
        }
    }
    Ok(edits)
}

/// A value as the reader of tables reads it.
fn cell(value: &RawValue) -> Option<String> {
    match serde_json::from_str(value.get()).ok()? {
        Value::String(text) => Some(text.trim().to_owned()),
        Value::Number(number) => Some(match number.as_f64().filter(|_| number.is_f64()) {
            Some(number) => number.to_string(),
            None => number.to_string(),
        }),
        _ => None,
    }
}

/// The keys of an object in their order, and the values as they are written.
struct ObjectPairs<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for ObjectPairs<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;
        impl<'de> Visitor<'de> for InOrder {
            type Value = ObjectPairs<'de>;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<ObjectPairs<'de>, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(ObjectPairs(pairs))
            }
        }
        deserializer.deserialize_map(InOrder)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rater `a` is `b`, and says nothing.
    fn renamed(name: &str, bytes: &[u8]) -> Result<Option<Vec<u8>>, Fault> {
        rewrite(name, bytes, Sizes::default(), |row| {
            let of_a = row.iter().any(|(name, cell)| name.as_deref() == Some("rater") && cell.as_deref() == Some("a"));
            for (name, cell) in row.iter_mut().filter(|_| of_a) {
                match name.as_deref() {
                    Some("rater") => *cell = Some("b".to_owned()),
                    Some("comment") | None => *cell = Some(String::new()),
                    _ => {}
                }
            }
            of_a
        })
    }

    fn text(name: &str, table: &str) -> Option<String> {
        renamed(name, table.as_bytes()).unwrap().map(|bytes| String::from_utf8(bytes).unwrap())
    }

    #[test]
    fn only_rows_that_change_are_written_anew() {
        let table = concat!(
            "\u{feff}sep=;\r\nitem ;rater; comment\r\n\r\n 1 ;  c ;\"x\"\r\n",
            " \"2\" ; a ;\"two\nlines; \"\"a\"\"\"\r\n3;c; a"
        );
        let new = "\u{feff}sep=;\r\nitem ;rater; comment\r\n\r\n 1 ;  c ;\"x\"\r\n \"2\" ;b;\r\n3;c; a";
        assert_eq!(text("t.csv", table).as_deref(), Some(new));
        assert_eq!(text("t.csv", "item,rater\n1,c\n"), None);
        assert_eq!(text("t.csv", "item,rater\n\"1,2\",a").as_deref(), Some("item,rater\n\"1,2\",b"));
        assert_eq!(text("t.tsv", "item\trater\n1\ta\textra\n").as_deref(), Some("item\trater\n1\tb\t\n"));
    }

    #[test]
    fn of_objects_only_the_values_that_change_are_written_anew() {
        let lines = "{\"z\": 1.50,\"rater\" : \"a\", \"comment\": \"me\", \"n\": 12345678901234567890123}\r\n\n{\"rater\":\"c\"}\n";
        let new = "{\"z\": 1.50,\"rater\" : \"b\", \"comment\": \"\", \"n\": 12345678901234567890123}\r\n\n{\"rater\":\"c\"}\n";
        assert_eq!(text("t.jsonl", lines).as_deref(), Some(new));
        assert_eq!(cell(serde_json::from_str("17.0").unwrap()).as_deref(), Some("17"));
    }

    #[test]
    fn a_table_is_packed_and_encoded_as_it_was() {
        let table = "item,rater\nü,a\n";
        let utf16: Vec<u8> = "\u{feff}".encode_utf16().chain(table.encode_utf16()).flat_map(u16::to_be_bytes).collect();
        let expected: Vec<u8> = "\u{feff}item,rater\nü,b\n".encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(renamed("t.csv", &utf16).unwrap(), Some(expected.clone()));
        for packing in [Packing::Gzip, Packing::Zstandard] {
            let new = renamed("t.csv", &packing.pack(&utf16).unwrap()).unwrap().unwrap();
            assert_eq!(Packing::of(&new), packing);
            assert_eq!(packing.unpack(&new, 1 << 20).unwrap(), expected);
        }
    }

    #[test]
    fn what_cannot_be_read_to_its_end_is_left_alone() {
        assert!(renamed("t.csv", b"item,rater\n1,a\n2,\"a\n").is_err());
        assert!(renamed("t.jsonl", b"{\"rater\": \"a\"}\n{\"rater\": \n").is_err());
        assert!(renamed("t.csv", b"item,rater\n1,a\n\xff,a\n").is_err());
    }
}
