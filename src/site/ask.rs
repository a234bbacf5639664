//! The way to ask: a link behind each heading of a text, into which the place is put.
//!
//! In: the HTML of a text, and where readers ask. Out: the same HTML with the links. Headings without an id have none.

use crate::config::{AskAddress, AskedPlace};
use crate::markdown::unescaped;
use crate::text::{self, tags};

/// Where readers ask about a page.
pub struct PageQuestions<'a> {
    /// The address of whoever answers.
    pub address: &'a AskAddress,
    /// The page.
    pub page: AskedPlace<'a>,
}

impl PageQuestions<'_> {
    /// The address at which a place of the page is asked about; of the page itself where it is empty.
    pub fn url(&self, place: &str) -> String {
        self.address.of(&AskedPlace { place, ..self.page.clone() })
    }

    /// A text with a link behind each heading.
    pub fn add(&self, html: &str) -> String {
        let mut out = String::with_capacity(html.len() + html.len() / 8);
        let mut rest = html;
        while let Some((before, heading, after)) = next_heading(rest) {
            out.push_str(before);
            out.push_str(heading.html);
            let (url, title) = (text::html(&self.url(&unescaped(heading.id))), heading.title());
            out.push_str(&format!(
                "\n<p class=\"ask\" data-unsearched><a href=\"{url}\" aria-label=\"Ask about this: {title}\">Ask about this</a></p>"
            ));
            rest = after;
        }
        out.push_str(rest);
        out
    }
}

/// A heading of a text, as it is written here.
struct WrittenHeading<'h> {
    html: &'h str,
    id: &'h str,
}

impl WrittenHeading<'_> {
    /// Its words, as an attribute has them.
    fn title(&self) -> String {
        let mut title = String::new();
        for (at, part) in self.html.split('<').enumerate() {
            let words = if at == 0 { part } else { tags::end(part).map_or("", |end| &part[end + 1..]) };
            title.push_str(words);
        }
        title.trim().replace('"', "&quot;")
    }
}

/// What stands before the first heading with an id, the heading, and what stands behind it.
fn next_heading(html: &str) -> Option<(&str, WrittenHeading<'_>, &str)> {
    let starts = html.match_indices("<h").map(|(start, _)| start);
    starts.into_iter().find_map(|start| {
        let level = html[start + 2..].chars().next().filter(|level| ('1'..='6').contains(level))?;
        let rest = html[start + 3..].strip_prefix(" id=\"")?;
        let id = rest.split('"').next()?;
        let close = format!("</h{level}>");
        let end = start + html[start..].find(&close)? + close.len();
        Some((&html[..start], WrittenHeading { html: &html[start..end], id }, &html[end..]))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heading_is_found_with_its_words() {
        let html = "<p>a</p>\n<h2 id=\"a&amp;b\"><a href=\"#x>y\">How \"bad\" <code>is</code> it?</a></h2>\n<p>b</p><h3>no</h3>";
        let (before, heading, after) = next_heading(html).unwrap();
        assert_eq!((before, heading.id, after), ("<p>a</p>\n", "a&amp;b", "\n<p>b</p><h3>no</h3>"));
        assert_eq!(heading.title(), "How &quot;bad&quot; is it?");
        assert!(next_heading(after).is_none());
    }
}
