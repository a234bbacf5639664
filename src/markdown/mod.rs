//! Markdown: CommonMark with GFM, read by pulldown-cmark and turned into an outline, a projection, or HTML.
//!
//! In: text. Out: what a text holds (`outline`), what one audience may see of it (`project`), and HTML (`render`).
//! It never touches files and never knows about pages: a `Host` tells it where links lead.

pub mod highlight;
mod nesting;
pub mod outline;
pub mod project;
pub mod quote;
pub mod render;
mod sanitize;
pub mod slug;

use pulldown_cmark::{Event, Options, Parser, TagEnd};

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

/// The words of a text without markup, a block a line.
pub fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for event in Parser::new_ext(text, options()) {
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
