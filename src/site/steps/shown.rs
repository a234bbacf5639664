//! Text of a run as HTML: escaped, highlighted, with what the gold quotes of it marked.
//!
//! In: text from outside, and passages that are quoted. Out: HTML in which nothing but colours and marks was added, how
//! much it is, and whether it is folded. It never reads markup.

use crate::markdown::highlight;
use crate::text;
use serde::Serialize;
use std::ops::Range;

/// Text that keeps its lines.
#[derive(Clone, Debug, Serialize)]
pub struct ShownText {
    /// What is read, as HTML.
    pub html: String,
    /// How much it is, in words.
    pub extent: String,
    /// Whether it is folded.
    pub long: bool,
}

/// What the gold of a step quotes of it.
#[derive(Clone, Copy)]
pub struct Quotes<'a>(pub &'a [&'a str]);

/// Longest text that is shown without folding, in lines and in bytes.
const LONG: usize = 24;
const LARGE: usize = 4000;

impl Quotes<'_> {
    /// A text as code is shown: in its language if it has one, folded if it is long.
    pub fn code(self, language: &str, text: &str) -> ShownText {
        let lines = text.lines().count();
        let long = lines > LONG || text.len() > LARGE;
        ShownText { html: self.html(language, text), extent: extent(text, lines, lines <= LONG && long), long }
    }

    /// A text as words are shown, which wrap: folded only if a line of it has no end.
    pub fn words(self, text: &str) -> ShownText {
        let long = text.lines().any(|line| line.len() > LARGE);
        ShownText { html: self.html("", text), extent: extent(text, text.lines().count(), true), long }
    }

    /// A text as HTML.
    pub fn html(self, language: &str, text: &str) -> String {
        highlight::code(language, text, &self.marks(text))
    }

    /// Where the text is quoted: ranges in order and apart.
    fn marks(self, text: &str) -> Vec<Range<usize>> {
        let mut found: Vec<Range<usize>> = self.0.iter().filter_map(|quote| text::find_passage(text, quote)).collect();
        found.sort_by_key(|range| (range.start, range.end));
        let mut marks: Vec<Range<usize>> = Vec::new();
        for range in found {
            match marks.last_mut().filter(|last| range.start <= last.end) {
                Some(last) => last.end = last.end.max(range.end),
                None => marks.push(range),
            }
        }
        marks
    }
}

fn extent(text: &str, lines: usize, says_characters: bool) -> String {
    match (lines, says_characters) {
        (1, true) => format!("1 line of {} characters", text.chars().count()),
        (1, false) => "1 line".to_owned(),
        (lines, true) => format!("{lines} lines of {} characters", text.chars().count()),
        (lines, false) => format!("{lines} lines"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_long_is_folded_whether_it_has_lines_or_not() {
        let long = |text: String| {
            let shown = Quotes(&[]).code("", &text);
            (shown.extent, shown.long)
        };
        assert_eq!(long("a\n".repeat(LONG)), ("24 lines".to_owned(), false));
        assert_eq!(long("a\n".repeat(LONG + 1)), ("25 lines".to_owned(), true));
        assert_eq!(long("y".repeat(200_000)), ("1 line of 200000 characters".to_owned(), true));
        assert!(Quotes(&[]).words(&"y".repeat(5000)).long && !Quotes(&[]).words(&"y \n".repeat(5000)).long);
    }

    #[test]
    fn quotes_that_overlap_are_one_mark() {
        let shown = Quotes(&["b c", "a b", "absent"]).code("", "a b\nc d");
        assert_eq!(shown.html, "<mark>a b\nc</mark> d");
    }
}
