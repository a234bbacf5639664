//! Text without the codes that colour it on a terminal, which may stand within a word.
//!
//! In: a text. Out: the same without such codes, and where a part of it stood before. Codes that hold text of their own (a
//! link, a window's title) stay, so that it is looked through too.

use std::borrow::Cow;
use std::ops::Range;

/// A text without codes.
pub struct PlainText<'a> {
    /// What is left.
    pub text: Cow<'a, str>,
    /// Where in it codes were taken out, and how many bytes of them up to and with there.
    taken: Vec<(usize, usize)>,
}

/// How the character that begins a code is written, raw or in JSON and in programs.
const ESCAPES: [&str; 4] = ["\u{1b}", "\\u001b", "\\x1b", "\\033"];

impl<'a> PlainText<'a> {
    /// Takes the codes out.
    pub fn of(text: &'a str) -> Self {
        let mut plain = Self { text: Cow::Borrowed(text), taken: Vec::new() };
        let mut left = String::new();
        let (mut copied, mut bytes) = (0, 0);
        for code in codes(text) {
            left.push_str(&text[copied..code.start]);
            bytes += code.len();
            copied = code.end;
            plain.taken.push((left.len(), bytes));
        }
        if copied > 0 {
            left.push_str(&text[copied..]);
            plain.text = Cow::Owned(left);
        }
        plain
    }

    /// Where a part of it stood; codes at its edges are no part of it.
    pub fn original(&self, range: Range<usize>) -> Range<usize> {
        let before = |at: usize| {
            let count = self.taken.partition_point(|(taken_at, _)| *taken_at <= at);
            count.checked_sub(1).map_or(0, |last| self.taken[last].1)
        };
        if range.is_empty() {
            return range.start + before(range.start)..range.start + before(range.start);
        }
        range.start + before(range.start)..range.end + before(range.end - 1)
    }
}

/// Where codes stand that colour text or move the cursor: an escape, `[`, parameters and a letter.
pub fn codes(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut from = 0;
    std::iter::from_fn(move || {
        loop {
            let rest = text.get(from..)?;
            let (at, escape) = first_escape(rest)?;
            let start = from + at;
            let after = &rest[at + escape.len()..];
            from = start + escape.len();
            let Some(code) = after.strip_prefix('[') else { continue };
            let parameters = code.bytes().take_while(|byte| matches!(byte, b'0'..=b'?' | b' '..=b'/')).count();
            if code.as_bytes().get(parameters).is_some_and(|byte| matches!(byte, b'@'..=b'~')) {
                from += 1 + parameters + 1;
                return Some(start..from);
            }
        }
    })
}

fn first_escape(text: &str) -> Option<(usize, &'static str)> {
    let candidates = memchr::memchr2_iter(0x1b, b'\\', text.as_bytes());
    candidates
        .filter_map(|at| {
            Some((at, ESCAPES.into_iter().find(|escape| text.as_bytes()[at..].starts_with(escape.as_bytes()))?))
        })
        .next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_stand_where_they_stood_and_codes_at_their_edges_are_no_part_of_them() {
        let text = "a \u{1b}[1mgh\u{1b}[31mp\u{1b}[0m \\u001b[2mb \u{1b} \u{1b}]0;t\u{7}";
        let plain = PlainText::of(text);
        assert_eq!(plain.text, "a ghp b \u{1b} \u{1b}]0;t\u{7}");
        assert_eq!(&text[plain.original(2..5)], "gh\u{1b}[31mp");
        assert_eq!(&text[plain.original(0..1)], "a");
        assert_eq!(&text[plain.original(6..7)], "b");
        assert_eq!(PlainText::of("a\\b").original(0..3), 0..3);
    }
}
