//! Ratings as JSON lines: an object a line, with the columns' names as keys.
//!
//! In: a reader of plain bytes. Out: one `Row` after another, or the line that can't be read. Numbers and booleans
//! count as their text, null as nothing. It never interprets a cell.

use super::columns::{Column, Expected, Header, Refused, Row, Unreadable};
use super::rows::LONGEST;
use serde::de::{self, Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::io::{BufRead, BufReader, Read};

/// Reads objects line by line, and returns the keys that nothing reads.
pub fn read(
    input: impl Read,
    expected: &Expected<'_>,
    take: &mut dyn FnMut(Result<&Row<'_>, Unreadable>),
) -> Result<BTreeSet<String>, Refused> {
    let mut input = BufReader::with_capacity(1 << 16, input);
    let mut header = Header::open();
    let mut bytes = Vec::new();
    for line in 1.. {
        bytes.clear();
        let whole = read_line(&mut input, &mut bytes).map_err(|error| Refused::from(line, error.to_string()))?;
        if bytes.is_empty() {
            break;
        }
        let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
        if !whole {
            let why = format!("a line of more than {} MiB", LONGEST >> 20);
            take(Err(Unreadable { line, why }));
        } else if !text.trim_ascii().is_empty() {
            take_line(text, line, &mut header, expected, take);
        }
    }
    Ok(header.unknown)
}

/// One line without more bytes than are read; tells whether it is whole.
fn read_line(input: &mut impl BufRead, bytes: &mut Vec<u8>) -> std::io::Result<bool> {
    let most = LONGEST as u64;
    input.by_ref().take(most).read_until(b'\n', bytes)?;
    if bytes.ends_with(b"\n") || (bytes.len() as u64) < most {
        return Ok(true);
    }
    input.skip_until(b'\n')?;
    Ok(false)
}

fn take_line(
    text: &[u8],
    line: u64,
    header: &mut Header,
    expected: &Expected<'_>,
    take: &mut dyn FnMut(Result<&Row<'_>, Unreadable>),
) {
    let object: BTreeMap<Cow<'_, str>, Cell<'_>> = match std::str::from_utf8(text).map(serde_json::from_str) {
        Ok(Ok(object)) => object,
        Ok(Err(error)) => return take(Err(Unreadable { line, why: format!("not a JSON object: {error}") })),
        Err(_) => return take(Err(Unreadable { line, why: "not UTF-8".to_owned() })),
    };
    let is_read = |key: &str| Column::NAMES.contains(&key) || expected.attributes.contains(key);
    let nested = object.iter().find(|(key, cell)| matches!(cell, Cell::Nested) && is_read(key));
    if let Some((key, _)) = nested {
        return take(Err(Unreadable { line, why: format!("`{key}` holds more than one value") }));
    }
    let entries = object.iter().map(|(key, cell)| match cell {
        Cell::Text(text) => (&**key, &**text),
        Cell::Nested => (&**key, ""),
    });
    take(Ok(&header.object(line, entries, expected)));
}

/// A value as text.
enum Cell<'a> {
    Text(Cow<'a, str>),
    Nested,
}

impl<'de> Deserialize<'de> for Cell<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(CellVisitor)
    }
}

struct CellVisitor;

impl<'de> Visitor<'de> for CellVisitor {
    type Value = Cell<'de>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a value")
    }

    fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<Cell<'de>, E> {
        Ok(Cell::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Cell<'de>, E> {
        Ok(Cell::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Cell<'de>, E> {
        Ok(Cell::Text(Cow::Borrowed(if value { "true" } else { "false" })))
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Cell<'de>, E> {
        Ok(Cell::Text(Cow::Owned(number.to_string())))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Cell<'de>, E> {
        Ok(Cell::Text(Cow::Owned(number.to_string())))
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Cell<'de>, E> {
        Ok(Cell::Text(Cow::Owned(number.to_string())))
    }

    fn visit_unit<E: de::Error>(self) -> Result<Cell<'de>, E> {
        Ok(Cell::Text(Cow::Borrowed("")))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Cell<'de>, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Cell::Nested)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Cell<'de>, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Cell::Nested)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_all(bytes: &[u8]) -> (Vec<String>, BTreeSet<String>) {
        let expected = Expected { attributes: ["origin"].into(), names_task: false };
        let mut seen = Vec::new();
        let mut take = |row: Result<&Row<'_>, Unreadable>| {
            seen.push(match row {
                Ok(row) => {
                    let attributes: String =
                        row.attributes.iter().map(|(name, value)| format!(" {name}={value}")).collect();
                    format!("{} {} {}{attributes}", row.line, row.get(Column::Step), row.get(Column::Value))
                }
                Err(unreadable) => format!("{} {}", unreadable.line, unreadable.why),
            });
        };
        let unknown = read(bytes, &expected, &mut take).unwrap();
        (seen, unknown)
    }

    #[test]
    fn numbers_are_taken_as_text_and_null_as_nothing() {
        let text = "\u{feff}{\"step\": 12, \"value\": \"a\\\"b\", \"origin\": \"real\", \"colour\": [1, {}]}\n\n{\"value\": 2.5, \"step\": null}";
        let (seen, unknown) = read_all(text.as_bytes());
        assert_eq!(seen, ["1 12 a\"b origin=real", "3  2.5"]);
        assert_eq!(unknown, ["colour".to_owned()].into());
    }

    #[test]
    fn a_line_that_is_no_object_costs_itself_only() {
        let text = b"{\"value\": [1]}\nnot json\n{\"value\": \"\xff\"}\n{\"value\": \"x\"}\n";
        let (seen, _) = read_all(text);
        assert_eq!(seen[0], "1 `value` holds more than one value");
        assert!(seen[1].starts_with("2 not a JSON object"));
        assert_eq!(seen[2..], ["3 not UTF-8".to_owned(), "4  x".to_owned()]);
    }

    #[test]
    fn a_line_without_end_is_passed_over() {
        let text = [b"{\"value\": \"".as_slice(), &b"y".repeat(LONGEST), b"\"}\n{\"value\": \"x\"}\n"].concat();
        assert_eq!(read_all(&text).0, ["1 a line of more than 16 MiB", "2  x"]);
    }
}
