//! Lists: rows written as one JSON list of objects, as an object a line.
//!
//! In: a reader of the list. Out: a reader in which each object begins on a line of its own: the one that it begins on in
//! the list, where no two objects share a line, else the one of its number. It holds nothing of it, and judges no object.

use super::start::{Bytes, looked_at};
use std::io::{self, Read};

/// Bytes of blank space before the list that are looked past.
const LOOKED_AT: usize = 1 << 10;

/// The bytes as lines, if they are a list; and whether they were.
pub fn as_lines(bytes: Bytes<'_>) -> io::Result<(Bytes<'_>, bool)> {
    let (start, bytes) = looked_at(bytes, LOOKED_AT)?;
    let start = start.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&start);
    let is_list = start.trim_ascii_start().first() == Some(&b'[');
    Ok(if is_list { (Box::new(ListLines::of(bytes)), true) } else { (bytes, false) })
}

/// A list that is read as lines.
struct ListLines<'a> {
    input: Bytes<'a>,
    /// How many brackets and braces are open.
    depth: usize,
    in_text: bool,
    is_escaped: bool,
    has_begun: bool,
    /// Line ends within the last object, which stand behind it.
    owed: usize,
    /// Line ends that parted objects on one line: as many of the list's own are passed over.
    ahead: usize,
    out: Vec<u8>,
    /// How much of `out` was read.
    at: usize,
    is_over: bool,
}

impl<'a> ListLines<'a> {
    fn of(input: Bytes<'a>) -> Self {
        let (depth, owed, ahead, at) = (0, 0, 0, 0);
        let out = Vec::new();
        Self { input, depth, in_text: false, is_escaped: false, has_begun: false, owed, ahead, out, at, is_over: false }
    }

    fn take(&mut self, byte: u8) {
        if self.in_text {
            self.out.push(byte);
            self.in_text = self.is_escaped || byte != b'"';
            self.is_escaped = !self.is_escaped && byte == b'\\';
            return;
        }
        let outside = self.depth <= 1;
        match byte {
            b'[' if self.depth == 0 && !self.has_begun => (self.depth, self.has_begun) = (1, true),
            b']' if self.depth == 1 => self.depth = 0,
            b',' if self.depth == 1 => self.part(),
            b'\n' if outside && self.ahead > 0 => self.ahead -= 1,
            b'\n' if outside => self.out.push(b'\n'),
            b'\n' => {
                self.owed += 1;
                self.out.push(b' ');
            }
            _ => {
                self.out.push(byte);
                match byte {
                    b'"' => self.in_text = true,
                    b'{' | b'[' => self.depth += 1,
                    b'}' | b']' => self.depth = self.depth.saturating_sub(1),
                    _ => {}
                }
            }
        }
    }

    /// Ends an object: the next one begins on another line.
    fn part(&mut self) {
        let owed = std::mem::take(&mut self.owed);
        let ends = owed.saturating_sub(self.ahead).max(1);
        self.ahead = self.ahead + ends - owed;
        self.out.extend(std::iter::repeat_n(b'\n', ends));
    }
}

impl Read for ListLines<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.at == self.out.len() && !self.is_over {
            self.out.clear();
            self.at = 0;
            let mut read = [0; 1 << 14];
            match self.input.read(&mut read)? {
                0 if self.depth > 0 || self.in_text => {
                    return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the list has no end: was it cut off?"));
                }
                0 => self.is_over = true,
                count => read[..count].iter().for_each(|byte| self.take(*byte)),
            }
        }
        let count = into.len().min(self.out.len() - self.at);
        into[..count].copy_from_slice(&self.out[self.at..self.at + count]);
        self.at += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> io::Result<String> {
        let (mut lines, is_list) = as_lines(Box::new(text.as_bytes()))?;
        assert!(is_list);
        let mut out = String::new();
        lines.read_to_string(&mut out).map(|_| out)
    }

    #[test]
    fn each_object_begins_on_its_own_line() {
        assert_eq!(lines("[{\"a\": \"x,\\\"]\"}, {\"b\": [1, 2]}]").unwrap(), "{\"a\": \"x,\\\"]\"}\n {\"b\": [1, 2]}");
        let text = "[\n  {\n    \"a\": 1\n  },\n  {\"a\": 2}\n]\n";
        let numbered: Vec<(usize, String)> = lines(text)
            .unwrap()
            .lines()
            .enumerate()
            .filter(|(_, line)| !line.trim().is_empty())
            .map(|(at, line)| (at + 1, line.split_whitespace().collect()))
            .collect();
        assert_eq!(numbered, [(2, "{\"a\":1}".to_owned()), (5, "{\"a\":2}".to_owned())]);
    }

    #[test]
    fn objects_on_lines_of_their_own_keep_these() {
        assert_eq!(lines("[\n1,\n2,\n3]").unwrap(), "\n1\n2\n3");
        assert_eq!(lines("[1, 2,\n{\n},\n4]").unwrap(), "1\n 2\n{ }\n4");
    }

    #[test]
    fn a_list_that_was_cut_off_is_an_error() {
        for text in ["[{\"a\": 1}, ", "[{\"a\": \"x", "["] {
            assert!(lines(text).is_err(), "{text}");
        }
        assert_eq!(lines("[]").unwrap(), "");
    }
}
