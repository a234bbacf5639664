//! MarkdownText: a text to the parser's events, as every part of Goldbook sees them.
//!
//! In: Markdown. Out: events with the ranges of the text that they stand for. It never changes what is said. What stands in
//! a quiz is Markdown too: its events come between the beginning and the end of its block of code.
//!
//! A definition is a line of `: ` below its term. The parser takes any line that begins with a colon for one, and a
//! colon inside code too; such a colon is kept from it behind another character, and put back into what it says.

use super::inner::InnerText;
use super::quiz::{self, QuizFault};
use super::rules::SpokenRules;
use super::{RangedEvent, is_quiz, losses, options};
use goldbook_ground::text::spliced;
use pulldown_cmark::{BrokenLink, CodeBlockKind, CowStr, Event, LinkType, Parser, Tag, TagEnd};
use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;
use std::vec::IntoIter;

/// A text that can be read.
pub struct MarkdownText<'a> {
    text: Cow<'a, str>,
    /// What stands for colons that begin no definition.
    guard: Option<char>,
}

/// A reference without a definition.
pub struct UndefinedReference {
    /// Where it stands.
    pub range: Range<usize>,
    /// What it refers to.
    pub label: String,
    /// Whether it can only be meant as one: `[text][nowhere]`, and not `[words]`.
    pub certain: bool,
}

/// What a text refers to, and what is wrong with its quizzes.
#[derive(Default)]
pub struct TextReferences {
    /// Definitions of references in the order of the text, each with its label.
    pub definitions: Vec<(Range<usize>, String)>,
    /// References without a definition.
    pub undefined: Vec<UndefinedReference>,
    /// What is wrong with quizzes.
    pub faults: Vec<QuizFault>,
}

impl<'a> MarkdownText<'a> {
    /// Makes a text ready.
    pub fn of(text: &'a str) -> Self {
        let colons = colons(text);
        let free = |c: &char| !text.contains(*c);
        let Some(guard) = ('\u{1}'..='\u{8}').find(free).filter(|_| !colons.is_empty()) else {
            return Self { text: Cow::Borrowed(text), guard: None };
        };
        let guarded = spliced(text, colons.into_iter().map(|at| (at..at + 1, guard.to_string())));
        Self { text: Cow::Owned(guarded), guard: Some(guard) }
    }

    /// The events in order.
    pub fn events(&'a self) -> impl Iterator<Item = RangedEvent<'a>> {
        let events = Parser::new_ext(&self.text, options()).into_offset_iter();
        OpenedQuizzes::of(self.as_read(events))
    }

    /// Goes through the events in order, and tells what the text refers to.
    pub fn each(&'a self, mut pass: impl FnMut(Event<'a>, Range<usize>)) -> TextReferences {
        self.read(|events| {
            let mut opened = OpenedQuizzes::of(events);
            opened.by_ref().for_each(|(event, range)| pass(event, range));
            opened.found
        })
    }

    /// Goes through the events of the text itself, in which a quiz is code, and adds what the text refers to.
    pub fn read(
        &'a self,
        pass: impl FnOnce(&mut dyn Iterator<Item = RangedEvent<'a>>) -> TextReferences,
    ) -> TextReferences {
        let undefined = RefCell::new(Vec::new());
        let note = |link: BrokenLink<'a>| {
            let certain = matches!(link.link_type, LinkType::Reference | LinkType::Collapsed);
            undefined.borrow_mut().push(UndefinedReference {
                range: link.span,
                label: link.reference.to_string(),
                certain,
            });
            None
        };
        let parser = Parser::new_with_broken_link_callback(&self.text, options(), Some(note));
        let mut events = parser.into_offset_iter();
        let mut found = pass(&mut self.as_read(events.by_ref()));
        found.definitions.extend(losses::definitions(events.reference_definitions()));
        found.definitions.sort_by_key(|(span, _)| span.start);
        drop(events);
        found.undefined.extend(undefined.into_inner());
        found
    }

    /// The parser's events with what was kept from it, and with the marks of rules as words.
    fn as_read(&'a self, events: impl Iterator<Item = RangedEvent<'a>>) -> impl Iterator<Item = RangedEvent<'a>> {
        SpokenRules::of(&self.text, events.map(|(event, range)| (self.restored(event), range)))
    }

    fn restored(&self, event: Event<'a>) -> Event<'a> {
        let Some(guard) = self.guard else { return event };
        let restore = |text: CowStr<'a>| {
            if text.contains(guard) { text.replace(guard, ":").into() } else { text }
        };
        match event {
            Event::Text(text) => Event::Text(restore(text)),
            Event::Code(text) => Event::Code(restore(text)),
            Event::Html(text) => Event::Html(restore(text)),
            Event::InlineHtml(text) => Event::InlineHtml(restore(text)),
            Event::Start(Tag::Link { link_type, dest_url, title, id }) => Event::Start(Tag::Link {
                link_type,
                dest_url: restore(dest_url),
                title: restore(title),
                id: restore(id),
            }),
            Event::Start(Tag::Image { link_type, dest_url, title, id }) => Event::Start(Tag::Image {
                link_type,
                dest_url: restore(dest_url),
                title: restore(title),
                id: restore(id),
            }),
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(restore(info))))
            }
            other => other,
        }
    }
}

/// The events of a text, those of its quizzes included. A quiz in a quiz stays code.
struct OpenedQuizzes<'a, I> {
    events: I,
    /// What is left of the quiz that is open.
    inside: IntoIter<RangedEvent<'a>>,
    /// What the quizzes so far refer to, and what is wrong with them.
    found: TextReferences,
}

impl<'a, I: Iterator<Item = RangedEvent<'a>>> OpenedQuizzes<'a, I> {
    /// Opens the quizzes of a text.
    fn of(events: I) -> Self {
        Self { events, inside: Vec::new().into_iter(), found: TextReferences::default() }
    }

    /// Reads what stands in the quiz that begins here.
    fn open(&mut self, kind: &CodeBlockKind<'_>, range: &Range<usize>) {
        let mut text = InnerText::default();
        let mut end = None;
        for (event, place) in self.events.by_ref() {
            match event {
                Event::Text(words) => text.add(&words, place),
                event @ Event::End(TagEnd::CodeBlock) => {
                    end = Some((event, place));
                    break;
                }
                _ => {}
            }
        }
        let mut events = inner_events(&text, &mut self.found);
        self.found.faults.extend(quiz::faults(kind, range, &events));
        events.extend(end);
        self.inside = events.into_iter();
    }
}

impl<'a, I: Iterator<Item = RangedEvent<'a>>> Iterator for OpenedQuizzes<'a, I> {
    type Item = RangedEvent<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(inside) = self.inside.next() {
            return Some(inside);
        }
        let (event, range) = self.events.next()?;
        if let Event::Start(Tag::CodeBlock(kind)) = &event
            && is_quiz(kind)
        {
            self.open(kind, &range);
        }
        Some((event, range))
    }
}

/// The events of what stands in a quiz, with the ranges of the text around it; what it refers to is added to what was found.
fn inner_events<'a>(inner: &InnerText, found: &mut TextReferences) -> Vec<RangedEvent<'a>> {
    let mut events = Vec::new();
    let own = MarkdownText::of(&inner.text).read(|own| {
        events.extend(own.map(|(event, range)| (event.into_static(), inner.place(&range))));
        TextReferences::default()
    });
    let placed =
        |reference: UndefinedReference| UndefinedReference { range: inner.place(&reference.range), ..reference };
    found.definitions.extend(own.definitions.into_iter().map(|(range, label)| (inner.place(&range), label)));
    found.undefined.extend(own.undefined.into_iter().map(placed));
    events
}

/// The colons that begin a line and no definition.
fn colons(text: &str) -> Vec<usize> {
    let mut found = Vec::new();
    let begins_line = |at: usize| {
        let before = text[..at].trim_end_matches([' ', '\t', '>']);
        before.is_empty() || before.ends_with(['\n', '\r'])
    };
    if !memchr::memchr_iter(b':', text.as_bytes()).any(begins_line) {
        return found;
    }
    // Colons that would begin definitions in the paragraph that a line goes on, and where it begins.
    let (mut candidates, mut paragraph) = (Vec::new(), 0);
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let inner = line.trim_start_matches([' ', '\t', '>']);
        if inner.trim_end().is_empty() {
            outside_code(&text[paragraph..at], paragraph, &mut candidates, &mut found);
            paragraph = at + line.len();
        } else if let Some(rest) = inner.strip_prefix(':') {
            let colon = at + line.len() - inner.len();
            let rest = rest.trim_end();
            let is_table = rest.contains('-') && rest.bytes().all(|byte| b":-| \t".contains(&byte));
            match rest.starts_with([' ', '\t']) {
                true => candidates.push(colon),
                false if is_table => {}
                false => found.push(colon),
            }
        }
        at += line.len();
    }
    outside_code(&text[paragraph..], paragraph, &mut candidates, &mut found);
    found.sort_unstable();
    found
}

/// Finds the candidates that lie in code of their paragraph, which begins at `start`.
fn outside_code(paragraph: &str, start: usize, candidates: &mut Vec<usize>, found: &mut Vec<usize>) {
    let mut candidates = candidates.drain(..).peekable();
    if candidates.peek().is_none() || !paragraph.contains('`') {
        return;
    }
    for code in code_spans(paragraph) {
        while let Some(colon) = candidates.next_if(|colon| colon - start < code.end) {
            found.extend((colon - start > code.start).then_some(colon));
        }
    }
}

/// Code in a paragraph, backticks included.
fn code_spans(paragraph: &str) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    for at in memchr::memchr_iter(b'`', paragraph.as_bytes()) {
        match runs.last_mut().filter(|run| run.end == at) {
            Some(run) => run.end += 1,
            None => runs.push(at..at + 1),
        }
    }
    // For each run the next one of its length, which would close it.
    let mut nearest = HashMap::new();
    let mut closing: Vec<Option<usize>> = Vec::with_capacity(runs.len());
    for (index, run) in runs.iter().enumerate().rev() {
        closing.push(nearest.insert(run.len(), index));
    }
    closing.reverse();
    let mut spans = Vec::new();
    let mut index = 0;
    while index < runs.len() {
        match closing[index] {
            Some(close) => {
                spans.push(runs[index].start..runs[close].end);
                index = close + 1;
            }
            None => index += 1,
        }
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use pulldown_cmark::html;

    fn rendered(text: &str) -> String {
        let reading = MarkdownText::of(text);
        let mut out = String::new();
        html::push_html(&mut out, reading.events().map(|(event, _)| event));
        out
    }

    #[test]
    fn a_definition_needs_a_space_behind_its_colon() {
        assert!(rendered("Term\n\n: what it is\n").contains("<dt>Term</dt>"));
        assert!(rendered("Term\n:   what it is\n").contains("<dt>Term</dt>"));
        for text in ["a\n\n:warning: b\n", "A ratio of 3\n:1 exact.\n", "a\n\n::: note\ncontainer\n:::\n", "a\n:\n"] {
            let shown = rendered(text);
            assert!(!shown.contains("<dl>"), "{shown}");
            assert_eq!(shown.matches(':').count(), text.matches(':').count(), "{shown}");
        }
    }

    #[test]
    fn code_wins_over_a_definition() {
        assert!(rendered("Example `foo\n: bar` end.\n").contains("<code>foo : bar</code>"));
        assert!(rendered("Example `foo`\n: bar `end`.\n").contains("<dd>"));
    }

    #[test]
    fn a_table_may_begin_with_a_colon() {
        assert!(rendered("a | b\n:--|--:\n1 | 2\n").contains("<table>"));
    }

    proptest! {
        #[test]
        fn no_colon_is_lost(text in "[a:` >\\n|-]{0,40}") {
            let reading = MarkdownText::of(&text);
            let guarded = |text: &str| text.contains(|c: char| c.is_control() && c != '\n');
            for (event, _) in reading.events() {
                if let Event::Text(text) | Event::Code(text) = event {
                    prop_assert!(!guarded(&text));
                }
            }
        }
    }
}
