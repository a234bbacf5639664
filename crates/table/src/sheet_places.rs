//! Places of a sheet: whether the parts of a workbook speak only of rows and columns that a sheet can have.
//!
//! In: the bytes of a part, as they are unpacked. Out: an error at the first place beyond the last row or column, at a range
//! that ends before it begins, and at a formula shared under a number that is none. It judges nothing else: the reader
//! of workbooks does, which counts on these.

use std::io::{self, Write};

/// The last row and the last column of a sheet, from 1.
const LAST: (u32, u32) = (1 << 20, 1 << 14);

/// Most bytes of an attribute that can be a place.
const LONGEST: usize = 32;

/// Elements by which a workbook speaks of places.
const ELEMENTS: [&[u8]; 5] = [b"c", b"row", b"dimension", b"mergeCell", b"f"];

/// Takes a part's bytes, and refuses them at the first place that no sheet has.
#[derive(Default)]
pub struct PlaceCheck {
    at: Within,
    /// The element, or the attribute, that is being read: no more of it than is looked at.
    element: Vec<u8>,
    attribute: Vec<u8>,
    value: Vec<u8>,
}

/// Where in the markup a byte stands.
#[derive(Clone, Copy, Default)]
enum Within {
    #[default]
    Text,
    Element,
    Between,
    Tag,
    Value(u8),
}

impl PlaceCheck {
    fn take(&mut self, byte: u8) -> io::Result<()> {
        let keep = |into: &mut Vec<u8>| {
            if into.len() <= LONGEST {
                into.push(byte);
            }
        };
        self.at = match (self.at, byte) {
            (Within::Text, b'<') => {
                self.element.clear();
                Within::Element
            }
            (Within::Text, _) => Within::Text,
            (Within::Element | Within::Between | Within::Tag, b'>') => Within::Text,
            (Within::Element | Within::Between | Within::Tag, _) if byte.is_ascii_whitespace() => Within::Between,
            (Within::Element, b':') => {
                self.element.clear();
                Within::Element
            }
            (Within::Element, _) => {
                keep(&mut self.element);
                Within::Element
            }
            (Within::Between | Within::Tag, b'"' | b'\'') => {
                self.value.clear();
                Within::Value(byte)
            }
            (Within::Between | Within::Tag, b'=') => Within::Tag,
            (Within::Between, _) => {
                self.attribute.clear();
                keep(&mut self.attribute);
                Within::Tag
            }
            (Within::Tag, _) => {
                keep(&mut self.attribute);
                Within::Tag
            }
            (Within::Value(mark), _) if byte == mark => {
                self.check()?;
                Within::Between
            }
            (Within::Value(mark), _) => {
                keep(&mut self.value);
                Within::Value(mark)
            }
        };
        Ok(())
    }

    fn check(&self) -> io::Result<()> {
        let value = String::from_utf8_lossy(&self.value);
        let is_right = match &*self.attribute {
            _ if !ELEMENTS.contains(&&*self.element) => true,
            b"r" | b"ref" => is_place(&value),
            b"si" => value.parse::<u32>().is_ok_and(|number| number < LAST.0),
            _ => true,
        };
        let wrong = || io::Error::new(io::ErrorKind::InvalidData, format!("no sheet has a place `{value}`"));
        if is_right { Ok(()) } else { Err(wrong()) }
    }
}

impl Write for PlaceCheck {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        bytes.iter().try_for_each(|byte| self.take(*byte))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Whether a text is a row, a cell or a range of cells of a sheet.
fn is_place(text: &str) -> bool {
    let corners: Option<Vec<(u32, u32)>> = text.split(':').map(corner).collect();
    corners.is_some_and(|corners| match *corners {
        [_] => true,
        [first, last] => first.0 <= last.0 && first.1 <= last.1,
        _ => false,
    })
}

/// Row and column of a cell, from 1; the column is 0 where it is not said.
fn corner(text: &str) -> Option<(u32, u32)> {
    let (letters, digits) = text.split_at(text.find(|c: char| !c.is_ascii_alphabetic())?);
    let column = match letters.len() {
        0..=3 => letters.bytes().fold(0, |column, letter| column * 26 + u32::from(letter & 0x1f)),
        _ => return None,
    };
    let row = digits.parse().ok().filter(|row| (1..=LAST.0).contains(row))?;
    (column <= LAST.1).then_some((row, column))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_places_that_a_sheet_has_are_let_through() {
        for (xml, is_right) in [
            ("<row r=\"1\"><c r=\"A1\" s=\"2\"/><c r='XFD1048576'/></row><mergeCell ref=\"A1:B2\"/>", true),
            ("<x:c r=\"XFE1\"/>", false),
            ("<c\n s=\"1\" r = 'A1048577'/>", false),
            ("<row r=\"1048577\"/>", false),
            ("<row r=\"0\"/>", false),
            ("<mergeCell ref=\"A1:XFE2\"/>", false),
            ("<f t=\"shared\" si=\"0\">A1&gt;\"x\"</f>", true),
            ("<hyperlink ref=\"XFE5\" r:id=\"rId1\"/><si><t>r=\"Z0\"</t></si>", true),
        ] {
            assert_eq!(PlaceCheck::default().write_all(xml.as_bytes()).is_ok(), is_right, "{xml}");
        }
    }
}
