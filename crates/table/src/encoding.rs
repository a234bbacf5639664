//! Encodings: text in UTF-16 that says so by its first bytes, as UTF-8.
//!
//! In: bytes of text. Out: the same in UTF-8, mark included; all that does not begin with such a mark is left as it is.
//! What is no character becomes bytes that are not UTF-8, so that its row is refused and not changed in silence.

use super::start::{Bytes, looked_at};
use std::io::{self, Read};

/// Bytes that are read at a time.
const CHUNK: usize = 1 << 14;

/// A byte that no text in UTF-8 holds.
const NO_TEXT: u8 = 0xff;

/// Whether text that begins so is in UTF-16: with its smaller byte first, or its larger one.
fn small_byte_first(start: &[u8]) -> Option<bool> {
    match start {
        [0xff, 0xfe, 0, 0] => None,
        [0xff, 0xfe, ..] => Some(true),
        [0xfe, 0xff, ..] => Some(false),
        _ => None,
    }
}

/// The text in UTF-8.
pub fn decoded(bytes: Bytes<'_>) -> io::Result<Bytes<'_>> {
    let (start, bytes) = looked_at(bytes, 4)?;
    Ok(match small_byte_first(&start) {
        Some(small_first) => Box::new(Utf16 { input: bytes, units: Units::of(small_first), out: Vec::new(), at: 0 }),
        None => bytes,
    })
}

/// How text is encoded, as its first bytes say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Encoding {
    /// Of UTF-16: whether the smaller byte comes first. None for UTF-8.
    small_first: Option<bool>,
}

impl Encoding {
    /// That of text which begins with these bytes.
    pub fn of(start: &[u8]) -> Self {
        Self { small_first: small_byte_first(&start[..start.len().min(4)]) }
    }

    /// Text in this encoding.
    pub fn encode(self, text: String) -> Vec<u8> {
        match self.small_first {
            None => text.into_bytes(),
            Some(true) => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            Some(false) => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        }
    }
}

/// Text that is held, in UTF-8.
pub fn in_utf8(bytes: Vec<u8>) -> Vec<u8> {
    let Some(small_first) = small_byte_first(&bytes[..bytes.len().min(4)]) else { return bytes };
    let mut text = Vec::with_capacity(bytes.len());
    let mut units = Units::of(small_first);
    units.take(&bytes, &mut text);
    units.end(&mut text);
    text
}

/// What was begun and goes on in the bytes that follow.
struct Units {
    small_first: bool,
    /// The first byte of a unit.
    byte: Option<u8>,
    /// The first unit of a pair.
    high: Option<u16>,
}

impl Units {
    fn of(small_first: bool) -> Self {
        Self { small_first, byte: None, high: None }
    }

    fn take(&mut self, bytes: &[u8], out: &mut Vec<u8>) {
        for byte in bytes {
            let Some(first) = self.byte.take() else {
                self.byte = Some(*byte);
                continue;
            };
            let pair = [first, *byte];
            self.unit(if self.small_first { u16::from_le_bytes(pair) } else { u16::from_be_bytes(pair) }, out);
        }
    }

    fn unit(&mut self, unit: u16, out: &mut Vec<u8>) {
        let waiting = self.high.take();
        if let (Some(high), 0xdc00..0xe000) = (waiting, unit) {
            push(0x1_0000 + (u32::from(high - 0xd800) << 10) + u32::from(unit - 0xdc00), out);
            return;
        }
        out.extend(waiting.map(|_| NO_TEXT));
        match unit {
            0xd800..0xdc00 => self.high = Some(unit),
            _ => push(unit.into(), out),
        }
    }

    /// What was begun goes on no further.
    fn end(&mut self, out: &mut Vec<u8>) {
        if self.byte.take().is_some() || self.high.take().is_some() {
            out.push(NO_TEXT);
        }
    }
}

fn push(code: u32, out: &mut Vec<u8>) {
    match char::from_u32(code) {
        Some(character) => out.extend(character.encode_utf8(&mut [0; 4]).bytes()),
        None => out.push(NO_TEXT),
    }
}

/// A stream of UTF-16, read as UTF-8.
struct Utf16<'a> {
    input: Bytes<'a>,
    units: Units,
    out: Vec<u8>,
    at: usize,
}

impl Read for Utf16<'_> {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        if self.at == self.out.len() {
            self.fill()?;
        }
        let count = (&self.out[self.at..]).read(room)?;
        self.at += count;
        Ok(count)
    }
}

impl Utf16<'_> {
    fn fill(&mut self) -> io::Result<()> {
        let mut chunk = [0; CHUNK];
        (self.at, self.out) = (0, std::mem::take(&mut self.out));
        self.out.clear();
        while self.out.is_empty() {
            let count = self.input.read(&mut chunk)?;
            if count == 0 {
                self.units.end(&mut self.out);
                return Ok(());
            }
            self.units.take(&chunk[..count], &mut self.out);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Hands out one byte at a time.
    struct Slow<'a>(&'a [u8]);

    impl Read for Slow<'_> {
        fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
            let room = out.len().min(1);
            self.0.read(&mut out[..room])
        }
    }

    fn written(text: &str, small_first: bool) -> Vec<u8> {
        let order = |unit: u16| if small_first { unit.to_le_bytes() } else { unit.to_be_bytes() };
        text.encode_utf16().flat_map(order).collect()
    }

    fn read(bytes: &[u8]) -> Vec<u8> {
        let mut text = Vec::new();
        decoded(Box::new(Slow(bytes))).unwrap().read_to_end(&mut text).unwrap();
        assert_eq!(in_utf8(bytes.to_vec()), text);
        text
    }

    #[test]
    fn both_orders_are_read_however_the_bytes_come() {
        let text = "\u{feff}item,ü\r\n\u{1f600}\n";
        for small_first in [true, false] {
            assert_eq!(read(&written(text, small_first)), text.as_bytes());
        }
        for other in [text.as_bytes(), b"", b"\xff", b"\xff\xfe\0\0i\0\0\0"] {
            assert_eq!(read(other), other);
        }
    }

    #[test]
    fn what_is_no_character_stays_none() {
        let broken = |units: &[u16]| {
            let bytes: Vec<u8> = [0xfeff].iter().chain(units).flat_map(|unit| unit.to_le_bytes()).collect();
            String::from_utf8_lossy(&read(&bytes)).replace('\u{feff}', "")
        };
        assert_eq!(broken(&[0xd800, 0x61]), "\u{fffd}a");
        assert_eq!(broken(&[0xdc00, 0xd800, 0xd83d, 0xde00]), "\u{fffd}\u{fffd}\u{1f600}");
        assert_eq!(broken(&[0x61, 0xd800]), "a\u{fffd}");
        assert_eq!(String::from_utf8_lossy(&read(b"\xff\xfea\0b")), "\u{feff}a\u{fffd}");
    }
}
