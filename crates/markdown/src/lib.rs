//! Markdown: CommonMark with GFM, read by pulldown-cmark and turned into an outline, a projection, or HTML.
//!
//! In: text. Out: what a text holds (`outline`), what one audience may see of it (`project`), and HTML (`render`).
//! It never touches files and never knows about pages: a `Host` tells it where links lead.

pub mod blocks;
mod conservation;
mod events;
pub mod highlight;
mod idioms;
pub mod ids;
mod inner;
pub mod losses;
pub mod manual;
pub mod marks;
mod nesting;
pub mod outline;
pub mod plain;
pub mod project;
pub mod quiz;
pub mod quote;
mod quote_mark;
mod raw_html;
pub mod redline;
pub mod render;
pub mod rules;
mod sanitize;
pub mod scope;
pub mod slug;

pub use raw_html::unescaped;

use events::MarkdownText;
use pulldown_cmark::{CodeBlockKind, Event, Options, TagEnd};
use std::ops::Range;

/// An event of the parser with the range of the text that it stands for.
type RangedEvent<'a> = (Event<'a>, Range<usize>);

/// Fenced blocks that mean something.
const FENCES: [&str; 3] = ["include", QUIZ, "trajectory"];

/// The fenced block whose own text is Markdown, and is on the page.
const QUIZ: &str = "quiz";

/// The name that a fenced block begins with.
fn fence_name(info: &str) -> &str {
    info.split_whitespace().next().unwrap_or("")
}

/// Whether something else than its own text stands for a fenced block.
fn is_replaced(info: &str) -> bool {
    let name = fence_name(info);
    FENCES.contains(&name) && name != QUIZ
}

/// Whether a block of code is a quiz.
fn is_quiz(kind: &CodeBlockKind<'_>) -> bool {
    matches!(kind, CodeBlockKind::Fenced(info) if fence_name(info) == QUIZ)
}

/// What is understood beyond CommonMark.
fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_GFM
        | Options::ENABLE_DEFINITION_LIST
}

/// The label of a reference as it is compared with others: letter case and the number of spaces do not count.
fn label(label: &str) -> String {
    label.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// Whether byte `at` lies in one of these ranges, which are in order and apart.
fn lies_in(ranges: &[Range<usize>], at: usize) -> bool {
    let begun = ranges.partition_point(|range| range.start <= at);
    begun > 0 && ranges[begun - 1].contains(&at)
}

/// The words of a text without markup, a block a line.
pub fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let reading = MarkdownText::of(text);
    for (event, _) in reading.events() {
        match event {
            Event::Text(text) | Event::Code(text) => out.push_str(&text),
            Event::SoftBreak | Event::HardBreak => out.push(' '),
            Event::End(TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link | TagEnd::Image) => {}
            Event::End(_) => out.push('\n'),
            _ => {}
        }
    }
    out
}
