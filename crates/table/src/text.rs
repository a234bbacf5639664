//! Text: the bytes of a block as text, and the lines on which they are none.
//!
//! In: a block. Out: its text, in which each byte that is no text has a stand-in, so that the rows around it can still be
//! cut; a row with one is refused. It never changes a line that is text.

use super::blocks::Block;
use goldbook_ground::diagnostic::Fault;
use memchr::{memchr, memchr_iter, memchr2_iter};

/// The text of a block.
pub struct BlockText {
    /// The text, with stand-ins.
    pub text: String,
    /// Line of the file on which it begins, from 1.
    pub first_line: u64,
    /// Lines with bytes that are no text, in order, and what they hold.
    bad: Vec<(u64, &'static str)>,
}

impl BlockText {
    /// Reads a block as UTF-8.
    pub fn of(block: Block) -> Self {
        let Block { bytes, first_line } = block;
        let (text, mut bad) = match String::from_utf8(bytes) {
            Ok(text) => (text, Vec::new()),
            Err(error) => with_stand_ins(error.as_bytes(), first_line),
        };
        if memchr(0, text.as_bytes()).is_some() {
            bad.extend(lines_with_nul(&text, first_line).map(|line| (line, "a NUL byte: this is no text in UTF-8")));
            bad.sort_unstable();
        }
        Self { text, first_line, bad }
    }

    /// Whether all of it is text.
    #[inline]
    pub fn is_clean(&self) -> bool {
        self.bad.is_empty()
    }

    /// What is wrong with the bytes of a row that stands on these lines.
    pub fn fault(&self, first: u64, last: u64) -> Option<Fault> {
        let from = self.bad.partition_point(|(line, _)| *line < first);
        let (line, what) = self.bad.get(from).filter(|(line, _)| *line <= last)?;
        Some(Fault::on(*line, *what).help("save the table as text in UTF-8"))
    }

    /// The memory it takes.
    pub fn into_bytes(self) -> Vec<u8> {
        self.text.into_bytes()
    }
}

fn lines_with_nul(text: &str, first_line: u64) -> impl Iterator<Item = u64> {
    let mut line = first_line;
    memchr2_iter(0, b'\n', text.as_bytes()).filter_map(move |at| {
        let is_end = text.as_bytes()[at] == b'\n';
        line += u64::from(is_end);
        (!is_end).then_some(line)
    })
}

fn with_stand_ins(bytes: &[u8], first_line: u64) -> (String, Vec<(u64, &'static str)>) {
    let (mut text, mut line) = (String::with_capacity(bytes.len()), first_line);
    let mut bad = Vec::new();
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        line += memchr_iter(b'\n', chunk.valid().as_bytes()).count() as u64;
        if !chunk.invalid().is_empty() {
            text.push(char::REPLACEMENT_CHARACTER);
            bad.push((line, "bytes that are not UTF-8"));
        }
    }
    (text, bad)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_are_no_text_are_known_and_the_others_are_as_they_were() {
        let text = BlockText::of(Block { bytes: b"a\n\xffb\xc3\nc\nd\0\n\xef\xbf\xbd\n".to_vec(), first_line: 5 });
        assert_eq!(text.text, "a\n\u{fffd}b\u{fffd}\nc\nd\0\n\u{fffd}\n");
        let wrong = |first, last| text.fault(first, last).map(|fault| fault.line.unwrap());
        assert_eq!(
            [wrong(5, 5), wrong(6, 6), wrong(7, 7), wrong(8, 8), wrong(9, 9)],
            [None, Some(6), None, Some(8), None]
        );
        assert_eq!(wrong(5, 7), Some(6));
        assert!(text.fault(8, 8).unwrap().message.starts_with("a NUL byte"));
    }
}
