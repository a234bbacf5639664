//! Inner texts: what stands in a block of code, as a text of its own.
//!
//! In: the lines of the block, each with where it stands in the text around it. Out: one text, and where each range of it
//! stands there: what is before its lines (`> `, the indent of a list) is not in it.

use std::ops::Range;

/// What stands in a block of code.
#[derive(Default)]
pub struct InnerText {
    /// Its lines.
    pub text: String,
    /// Where each piece of it begins, and where that stands in the text around it.
    places: Vec<(usize, Range<usize>)>,
}

impl InnerText {
    /// Adds what comes next, and where it stands.
    pub fn add(&mut self, words: &str, place: Range<usize>) {
        if !words.is_empty() {
            self.places.push((self.text.len(), place));
            self.text.push_str(words);
        }
    }

    /// Where a range of it stands in the text around it.
    pub fn place(&self, range: &Range<usize>) -> Range<usize> {
        if range.is_empty() {
            let at = self.at(range.start);
            return at..at;
        }
        let start = self.at(range.start);
        start..self.end(range.end).max(start)
    }

    /// The piece that the byte at an offset is of: where it begins, how long it is, and where it stands.
    fn piece(&self, offset: usize) -> Option<(usize, usize, &Range<usize>)> {
        let at = self.places.partition_point(|(begin, _)| *begin <= offset).checked_sub(1)?;
        let (begin, place) = &self.places[at];
        let end = self.places.get(at + 1).map_or(self.text.len(), |(next, _)| *next);
        Some((*begin, end - begin, place))
    }

    /// Where a byte stands; of what the parser made up (spaces for a tab), where that begins.
    fn at(&self, offset: usize) -> usize {
        self.piece(offset).map_or(
            0,
            |(begin, length, place)| {
                if length == place.len() { place.start + (offset - begin) } else { place.start }
            },
        )
    }

    /// Where what ends at an offset ends.
    fn end(&self, offset: usize) -> usize {
        self.piece(offset - 1).map_or(
            0,
            |(begin, length, place)| {
                if length == place.len() { place.start + (offset - begin) } else { place.end }
            },
        )
    }
}

#[cfg(test)]
mod tests {
    use crate::outline::Outline;
    use crate::project::{Pieces, project};
    use proptest::prelude::*;

    /// The text as one who is no part of the team gets it.
    fn shown(text: &str) -> String {
        let pieces = Pieces::of_test(text, "a.md");
        let visible = |name: &str| (name == "internal").then_some(false);
        project(&pieces, &Outline::of(text), &visible).map_or(text.to_owned(), |shown| shown.pieces.text.to_string())
    }

    #[test]
    fn what_a_quiz_holds_stands_where_it_is_written() {
        for before in ["", "> ", "> > ", "   ", "\t"] {
            let begun = if before == "\t" { "1. a\n\n" } else { "" };
            let lines =
                ["```quiz", "Is it [this](b.md)?", "", "- [x] ![yes](c.png)", "- [ ] no <a id=\"d\"></a>", "```"];
            let text: String = lines.map(|line| format!("{before}{line}\n")).concat();
            let text = format!("{begun}{text}");
            let outline = Outline::of(&text);
            let links: Vec<&str> = outline.links.iter().map(|link| &text[link.range.clone()]).collect();
            assert_eq!(links, ["[this](b.md)", "![yes](c.png)"], "{text}");
            assert_eq!(outline.html_ids.keys().collect::<Vec<_>>(), ["d"], "{text}");
            assert!(outline.quiz_faults.is_empty() && outline.losses.is_empty(), "{text}{:?}", outline.losses);
        }
    }

    #[test]
    fn a_passage_and_a_comment_in_a_quiz_are_cut() {
        let text =
            "```quiz\nA?\n\n- [x] b <!-- secret -->\n- [ ] c\n\n> [!INTERNAL]\n> secret\n\n[//]: # (secret)\n```\nd\n";
        assert_eq!(shown(text), "```quiz\nA?\n\n- [x] b \n- [ ] c\n\n\n\n```\nd\n");
        let quoted: String = text.lines().map(|line| format!("> {line}\n")).collect();
        assert!(!shown(&quoted).contains("secret"), "{}", shown(&quoted));
        assert!(shown("```text\n> [!INTERNAL]\n> code\n```\n").contains("code"));
    }

    proptest! {
        #[test]
        fn nothing_hidden_in_a_quiz_is_shown(
            before in "(> |- |  |\t){0,3}",
            inner in "(- \\[x\\] a\n|\n|> \\[!INTERNAL\\]\n> SECRET\n|<!-- SECRET -->\n|a `b\n|~~~\n|<div>\n|\r\n){0,8}",
        ) {
            let lines = format!("````quiz\n{inner}````\n");
            let text: String = lines.split_inclusive('\n').map(|line| format!("{before}{line}")).collect();
            let outline = Outline::of(&text);
            let places = outline.links.iter().map(|link| &link.range).chain(outline.losses.iter().map(|loss| &loss.range));
            for range in places.chain(outline.quiz_faults.iter().map(|fault| &fault.range)) {
                prop_assert!(text.get(range.clone()).is_some());
            }
            let again = shown(&shown(&text));
            prop_assert_eq!(&again, &shown(&text));
            let passages = Outline::of(&again).passages.len();
            prop_assert_eq!(passages, 0);
        }
    }
}
