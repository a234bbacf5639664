//! Blocks: a stream of bytes cut at the ends of rows, so that each block can be read on its own.
//!
//! In: a reader. Out: blocks with the number of their first line. A line end inside quotes ends no row: a row ends
//! where the quotes before it are even in number. Holds one block and never more than one row beyond it.

use goldbook_ground::limits::LARGEST_UNPACKED;
use memchr::{memchr, memchr_iter, memchr2_iter, memrchr};
use std::io::{self, Read};

/// How much is held at a time.
#[derive(Clone, Copy, Debug)]
pub struct Sizes {
    /// Bytes of a block, if a row fits into it.
    pub block: usize,
    /// Bytes of the longest row that is read.
    pub row: usize,
    /// Columns of the widest table that is read.
    pub columns: usize,
    /// Bytes to which a packed source may expand.
    pub unpacked: u64,
}

impl Default for Sizes {
    fn default() -> Self {
        Self { block: 64 << 10, row: 16 << 20, columns: 1 << 16, unpacked: LARGEST_UNPACKED }
    }
}

/// Whole rows, or a row that is too long to be read, or the start of one that has no end.
pub struct Block {
    pub bytes: Vec<u8>,
    /// Line of the file on which it begins, from 1.
    pub first_line: u64,
}

/// A stream, cut.
pub struct Blocks<R> {
    input: R,
    sizes: Sizes,
    /// What was read and not handed out; begins with a row.
    rest: Vec<u8>,
    line: u64,
    at_end: bool,
    /// Why no more comes, though this is not the end.
    failed: Option<io::Error>,
    /// Whether the rest of a line that is too long is still to come.
    inside_long: bool,
    quotes: bool,
}

impl<R: Read> Blocks<R> {
    /// Reads as much as a block holds, without a byte order mark.
    pub fn open(input: R, sizes: Sizes) -> io::Result<Self> {
        let mut blocks = Self {
            input,
            sizes,
            rest: Vec::new(),
            line: 1,
            at_end: false,
            failed: None,
            inside_long: false,
            quotes: false,
        };
        blocks.fill(sizes.block.max(8))?;
        if blocks.rest.starts_with(b"\xef\xbb\xbf") {
            blocks.rest.drain(..3);
        }
        Ok(blocks)
    }

    /// The first bytes: a block of them, or all there are.
    pub fn start(&self) -> &[u8] {
        &self.rest
    }

    /// From now on, line ends inside double quotes end no row.
    pub fn mind_quotes(&mut self) {
        self.quotes = true;
    }

    /// The first row that is not blank, with the line it begins on; it stays to be read again. Blank ones before it
    /// are gone. None if there is none.
    pub fn head(&mut self) -> io::Result<Option<(u64, &[u8])>> {
        let end = loop {
            self.skip_blank_lines();
            if let Some(end) = self.first_end() {
                break end;
            }
            if self.at_end || self.rest.len() > self.sizes.row {
                break self.rest.len();
            }
            self.fill(2 * self.rest.len().max(self.sizes.block))?;
        };
        Ok((end > 0).then(|| (self.line, &self.rest[..end])))
    }

    /// Leaves out the first `count` bytes of what is to come.
    pub fn skip(&mut self, count: usize) {
        self.line += memchr_iter(b'\n', &self.rest[..count]).count() as u64;
        self.rest.drain(..count);
    }

    fn skip_blank_lines(&mut self) {
        while let Some(end) = memchr(b'\n', &self.rest)
            && self.rest[..end].trim_ascii().is_empty()
        {
            self.skip(end + 1);
        }
        if self.at_end && self.rest.trim_ascii().is_empty() {
            self.rest.clear();
        }
    }

    /// The line that comes next.
    pub fn line(&self) -> u64 {
        self.line
    }

    /// The next block, in the memory of one that is no longer needed; none at the end. Where the stream breaks off, the
    /// whole rows before that come first.
    pub fn next(&mut self, spare: Vec<u8>) -> io::Result<Option<Block>> {
        self.pass_long_line()?;
        let mut wanted = self.sizes.block;
        let end = loop {
            if self.failed.is_none() {
                self.failed = self.fill(wanted.max(1)).err();
            }
            match self.failed.take() {
                None if self.at_end => break self.rest.len(),
                None => {}
                Some(error) => match self.last_end() {
                    None => return Err(error),
                    Some(end) => {
                        self.failed = Some(error);
                        break end;
                    }
                },
            }
            match self.last_end() {
                Some(end) => break end,
                None if self.rest.len() > self.sizes.row + 2 => {
                    // Where no line end stands inside quotes, the next line can be told.
                    self.inside_long = !self.quotes;
                    break self.rest.len();
                }
                None => wanted = 2 * self.rest.len(),
            }
        };
        if end == 0 {
            return Ok(None);
        }
        let first_line = self.line;
        self.line += memchr_iter(b'\n', &self.rest[..end]).count() as u64;
        let mut rest = spare;
        rest.clear();
        rest.extend_from_slice(&self.rest[end..]);
        let mut bytes = std::mem::replace(&mut self.rest, rest);
        bytes.truncate(end);
        Ok(Some(Block { bytes, first_line }))
    }

    /// Leaves out what is left of a line whose beginning was handed out because it is too long.
    fn pass_long_line(&mut self) -> io::Result<()> {
        while self.inside_long {
            match memchr(b'\n', &self.rest) {
                Some(end) => {
                    self.inside_long = false;
                    self.skip(end + 1);
                }
                None => {
                    self.rest.clear();
                    self.inside_long = !self.at_end;
                    self.fill(self.sizes.block.max(1))?;
                }
            }
        }
        Ok(())
    }

    /// Reads until there are `wanted` bytes or no more come.
    fn fill(&mut self, wanted: usize) -> io::Result<()> {
        let room = wanted.saturating_sub(self.rest.len());
        if room > 0 && !self.at_end {
            self.rest.reserve_exact(room);
            self.at_end = self.input.by_ref().take(room as u64).read_to_end(&mut self.rest)? < room;
        }
        Ok(())
    }

    /// Where the first row ends, behind its line end.
    fn first_end(&self) -> Option<usize> {
        let mut inside = false;
        for at in memchr2_iter(b'"', b'\n', &self.rest) {
            if self.rest[at] == b'"' {
                inside = self.quotes && !inside;
            } else if !inside {
                return Some(at + 1);
            }
        }
        None
    }

    /// Where the last whole row ends, behind its line end.
    fn last_end(&self) -> Option<usize> {
        if !self.quotes || memchr(b'"', &self.rest).is_none() {
            return memrchr(b'\n', &self.rest).map(|at| at + 1);
        }
        let mut inside = memchr_iter(b'"', &self.rest).count() % 2 == 1;
        for at in memchr2_iter(b'"', b'\n', &self.rest).rev() {
            if self.rest[at] == b'"' {
                inside = !inside;
            } else if !inside {
                return Some(at + 1);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str, block: usize, row: usize) -> Vec<(u64, String)> {
        let mut blocks = Blocks::open(text.as_bytes(), Sizes { block, row, columns: 9, ..Sizes::default() }).unwrap();
        blocks.mind_quotes();
        let mut found = Vec::new();
        while let Some(block) = blocks.next(Vec::new()).unwrap() {
            found.push((block.first_line, String::from_utf8(block.bytes).unwrap()));
        }
        found
    }

    #[test]
    fn blocks_end_where_rows_end_and_know_their_line() {
        let text = "a,b\n\"c\n,\"\"\",d\ne,f\ng";
        for size in 1..30 {
            let blocks = cut(text, size, 100);
            assert_eq!(blocks.iter().map(|block| block.1.as_str()).collect::<String>(), text);
            let mut line = 1;
            for (index, (first_line, block)) in blocks.iter().enumerate() {
                assert_eq!((*first_line, block.matches('"').count() % 2), (line, 0), "{size} {block:?}");
                assert!(block.ends_with('\n') || index + 1 == blocks.len(), "{size} {block:?}");
                line += block.matches('\n').count() as u64;
            }
        }
        assert_eq!(cut(text, 1, 100)[0], (1, "a,b\n".to_owned()));
    }

    #[test]
    fn a_row_without_end_is_handed_out_once_it_is_too_long() {
        let text = format!("a\n\"{}", "x\n".repeat(1000));
        let blocks = cut(&text, 1, 50);
        assert_eq!(blocks[0], (1, "a\n".to_owned()));
        assert!(blocks[1].1.len() > 52 && blocks[1].1.len() < 200);
    }

    #[test]
    fn a_line_that_is_too_long_is_passed_over_where_no_quotes_hold_line_ends() {
        let text = format!("a\n{}\nb\n{}", "x".repeat(1000), "y".repeat(90));
        let mut blocks =
            Blocks::open(text.as_bytes(), Sizes { block: 4, row: 50, columns: 9, ..Sizes::default() }).unwrap();
        let mut found = Vec::new();
        while let Some(block) = blocks.next(Vec::new()).unwrap() {
            found.push((block.first_line, block.bytes[0], block.bytes.len() > 50));
        }
        assert_eq!(found, [(1, b'a', false), (2, b'x', true), (3, b'b', false), (4, b'y', true)]);
    }

    #[test]
    fn the_head_is_the_first_row_that_is_not_blank() {
        for size in 1..20 {
            let mut blocks = Blocks::open(
                "\u{feff}\n \r\n\"a\nb\",c\r\n1".as_bytes(),
                Sizes { block: size, row: 99, columns: 9, ..Sizes::default() },
            )
            .unwrap();
            blocks.mind_quotes();
            assert_eq!(blocks.head().unwrap(), Some((3, "\"a\nb\",c\r\n".as_bytes())));
            blocks.skip(9);
            let next = blocks.next(Vec::new()).unwrap().unwrap();
            assert_eq!((next.first_line, next.bytes.as_slice()), (5, b"1".as_slice()));
        }
        let mut empty = Blocks::open(" \n\n ".as_bytes(), Sizes::default()).unwrap();
        assert_eq!(empty.head().unwrap(), None);
    }
}
