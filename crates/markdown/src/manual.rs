//! A page of the manual as HTML, for sites that show it to their own readers.
//!
//! In: Markdown that is ours, front matter included. Out: HTML and its headings. A link to another page of the manual is
//! its words alone there: only links within the page lead somewhere.

use super::options;
use super::render::{CODE_BEGINS, CODE_ENDS};
use pulldown_cmark::{Event, Parser, Tag, TagEnd, html};

const WIDE_TABLE: &str = "<div class=\"scroll\" role=\"group\" aria-label=\"Table\" tabindex=\"0\">";

/// A page of the manual.
pub struct ManualPage {
    /// What it says.
    pub html: String,
    /// Its headings below its title: level, id and text.
    pub headings: Vec<(u8, String, String)>,
}

impl ManualPage {
    /// Reads a page.
    pub fn of(text: &str) -> Self {
        let body = text.split_once("\n---\n").map_or(text, |(_, body)| body);
        let mut headings = Vec::new();
        let mut heading: Option<(u8, String, String)> = None;
        let mut leads_out = false;
        let events = Parser::new_ext(body, options()).filter(|event| {
            match event {
                Event::Start(Tag::Heading { level, id: Some(id), .. }) => {
                    heading = Some((*level as u8, id.to_string(), String::new()));
                }
                Event::End(TagEnd::Heading(_)) => headings.extend(heading.take()),
                Event::Text(text) | Event::Code(text) => {
                    if let Some((.., title)) = &mut heading {
                        title.push_str(text);
                    }
                }
                Event::Start(Tag::Link { dest_url, .. }) => leads_out = !dest_url.starts_with('#'),
                _ => {}
            }
            !(leads_out && matches!(event, Event::Start(Tag::Link { .. }) | Event::End(TagEnd::Link)))
        });
        // What is wide is moved within the page, by keys, too.
        let events = events.flat_map(|event| match event {
            Event::Start(Tag::Table(_)) => vec![Event::Html(WIDE_TABLE.into()), event],
            Event::End(TagEnd::Table) => vec![event, Event::Html("</div>\n".into())],
            Event::Start(Tag::CodeBlock(_)) => vec![Event::Html(CODE_BEGINS.into())],
            Event::End(TagEnd::CodeBlock) => vec![Event::Html(CODE_ENDS.into())],
            event => vec![event],
        });
        let mut html = String::new();
        html::push_html(&mut html, events);
        Self { html, headings }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_within_the_page_lead_on_and_others_are_words() {
        let page =
            ManualPage::of("---\ntitle: T\n---\n\n## A *b* `c` {#here}\n\n[in](#here), [out](other.md#x) and more.\n");
        assert_eq!(page.headings, [(2, "here".to_owned(), "A b c".to_owned())]);
        assert!(page.html.contains("<h2 id=\"here\">"), "{}", page.html);
        assert!(page.html.contains("<a href=\"#here\">in</a>, out and more."), "{}", page.html);
    }
}
