//! Losses: what of a text no reader would see, or not as its author means it.
//!
//! In: the events of a text, with their ranges. Out: each such place and why. What the parser passes over without a word
//! is found by what its events leave uncovered, whatever the reason. It never judges how bad a loss is.

use pulldown_cmark::{CodeBlockKind, Event, RefDefs, Tag, TagEnd};
use std::ops::Range;

/// A place of a text that does not reach its readers as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loss {
    /// Where.
    pub range: Range<usize>,
    /// Why.
    pub kind: LossKind,
}

/// Why something does not reach its readers as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LossKind {
    /// A comment that takes all that follows with it.
    UnclosedComment,
    /// An element that ends nowhere.
    UnclosedElement(String),
    /// A tag that ends nothing.
    ClosesNothing(String),
    /// An element that no page has.
    Element(String),
    /// An element outside of the one that it belongs into.
    OutOfPlace(String, &'static str),
    /// Attributes of an element that no page has.
    Attributes(String, Vec<String>),
    /// An element that is meant not to be seen.
    Hidden,
    /// `<?php … ?>`, `<![CDATA[ … ]]>`.
    Declaration,
    /// Cells of a table beyond its head.
    Cells,
    /// Words behind the language of a block of code.
    CodeInfo,
    /// Words in the braces behind a heading.
    HeadingAttributes,
    /// Words that the parser passes over for another reason.
    Passed,
    /// A reference to a footnote that is nowhere.
    UndefinedFootnote,
    /// A link whose target is defined nowhere.
    UndefinedReference,
    /// What looks like a link, and is none because of its target.
    NoLink,
    /// A comment of another program, which is text here.
    ForeignComment(&'static str),
    /// A comment that is none where it stands.
    MisplacedComment,
    /// A rule without an id that gold could cite.
    UnnamedRule,
    /// The mark of a rule that begins no quote.
    MisplacedRule,
}

/// What the events of a text have covered so far.
pub struct Coverage<'t> {
    text: &'t str,
    at: usize,
    heading: bool,
    losses: Vec<Loss>,
}

impl<'t> Coverage<'t> {
    /// Nothing is covered yet.
    pub fn of(text: &'t str) -> Self {
        Self { text, at: 0, heading: false, losses: Vec::new() }
    }

    /// Goes past an event.
    pub fn pass(&mut self, event: &Event<'_>, range: &Range<usize>) {
        match event {
            Event::Start(tag) => {
                self.reach(range.start, LossKind::Passed);
                self.begin(tag, range);
            }
            Event::End(TagEnd::Link | TagEnd::Image) => self.skip(range.end),
            Event::End(TagEnd::TableRow | TagEnd::TableHead) => self.reach(range.end, LossKind::Cells),
            Event::End(TagEnd::Heading(_)) if self.heading => self.reach(range.end, LossKind::HeadingAttributes),
            Event::End(TagEnd::Heading(_) | TagEnd::CodeBlock) => self.skip(range.end),
            Event::End(_) => {}
            _ => {
                self.reach(range.start, LossKind::Passed);
                self.skip(range.end);
            }
        }
    }

    /// The marks that a block begins with are no words.
    fn begin(&mut self, tag: &Tag<'_>, range: &Range<usize>) {
        let block = &self.text[range.clone()];
        let behind = |mark: &str| block.find(mark).map_or(range.start, |at| range.start + at + mark.len());
        match tag {
            Tag::Item => {
                let number = block.bytes().take_while(u8::is_ascii_digit).count();
                self.skip(range.start + number);
            }
            Tag::FootnoteDefinition(_) => self.skip(behind("]:")),
            Tag::BlockQuote(Some(_)) => self.skip(behind("]")),
            Tag::Heading { classes, attrs, .. } => self.heading = !classes.is_empty() || !attrs.is_empty(),
            Tag::CodeBlock(CodeBlockKind::Fenced(info)) => {
                let end = block.find(['\n', '\r']).map_or(range.end, |at| range.start + at);
                let language = info.split_whitespace().next().unwrap_or("");
                if !super::FENCES.contains(&language) {
                    self.skip(block.find(language).map_or(range.start, |at| range.start + at + language.len()));
                    self.reach(end, LossKind::CodeInfo);
                }
                self.skip(end);
            }
            _ => {}
        }
    }

    fn skip(&mut self, to: usize) {
        self.at = self.at.max(to);
    }

    /// Goes on to a place; words on the way there are lost.
    fn reach(&mut self, to: usize, kind: LossKind) {
        let range = self.at..to;
        self.skip(to);
        if self.text.get(range.clone()).is_some_and(|passed| says(passed, &kind)) {
            self.losses.push(Loss { range, kind });
        }
    }

    /// Ends, and returns what was lost: all that is neither covered nor a definition of a reference.
    pub fn end(mut self, definitions: &[Range<usize>]) -> Vec<Loss> {
        self.reach(self.text.len(), LossKind::Passed);
        let mut losses = Vec::new();
        for Loss { range, kind } in self.losses {
            let mut from = range.start;
            let first = definitions.partition_point(|definition| definition.end <= range.start);
            let inside = definitions[first..].iter().take_while(|definition| definition.start < range.end);
            let after = range.end..range.end;
            for definition in inside.chain([&after]) {
                let left = from..definition.start.max(from);
                from = definition.end;
                let words = &self.text[left.clone()];
                let trimmed = words.trim_matches(|c: char| !c.is_alphanumeric());
                if says(trimmed, &kind) {
                    let start = left.start + words.find(trimmed).unwrap_or(0);
                    losses.push(Loss { range: start..start + trimmed.len(), kind: kind.clone() });
                }
            }
        }
        losses
    }
}

/// Whether what is passed says something. Numbers alone, as in `{1,4-7}`, are no words; in a cell they are what it says.
fn says(passed: &str, kind: &LossKind) -> bool {
    match kind {
        LossKind::Cells => passed.contains(char::is_alphanumeric),
        _ => passed.contains(char::is_alphabetic),
    }
}

/// The definitions of references in the order of the text, each with its label.
pub fn definitions(found: &RefDefs<'_>) -> Vec<(Range<usize>, String)> {
    let mut definitions: Vec<_> =
        found.iter().map(|(label, definition)| (definition.span.clone(), super::label(label))).collect();
    definitions.sort_by_key(|(span, _)| span.start);
    definitions
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outline::Outline;

    fn losses(text: &str) -> Vec<(LossKind, &str)> {
        Outline::of(text).losses.into_iter().map(|loss| (loss.kind, &text[loss.range])).collect()
    }

    #[test]
    fn a_number_beyond_a_table_is_lost_and_one_behind_a_language_says_nothing() {
        assert_eq!(losses("| a |\n|---|\n| 1 | 30 |\n"), [(LossKind::Cells, "30")]);
        assert_eq!(losses("```json {1,4-7}\n{}\n```\n"), []);
    }

    #[test]
    fn what_pages_have_no_element_for_is_not_taken_for_hidden() {
        let element = |name: &str| LossKind::Element(name.to_owned());
        assert_eq!(losses("<dialog hidden>x</dialog>\n"), [(element("dialog"), "<dialog hidden>")]);
        assert_eq!(losses("a <b hidden>x</b>\n"), [(LossKind::Hidden, "<b hidden>")]);
        assert_eq!(losses("a <answer hidden> b\n"), []);
    }
}
