//! Nesting: how deep lists, quotes and HTML elements stand inside each other.
//!
//! In: the events of a text, in order. Out: whether they go deeper than is rendered. Browsers and sanitisers take a
//! time that grows with the square of the depth. It never judges HTML: an element that is not closed counts as open.

use crate::limits::DEEPEST_TEXT;
use pulldown_cmark::Event;

/// Elements that hold nothing, or end without being closed.
const UNCLOSED: [&str; 28] = [
    "area", "base", "br", "col", "dd", "dt", "embed", "hr", "image", "img", "input", "li", "link", "meta", "optgroup",
    "option", "p", "param", "source", "tbody", "td", "tfoot", "th", "thead", "tr", "track", "wbr", "command",
];

/// What is open at a place of a text.
#[derive(Default)]
pub struct Nesting {
    blocks: usize,
    elements: Vec<String>,
    deepest: usize,
    too_deep: bool,
}

impl Nesting {
    /// Goes past an event, and tells whether the text is too deep just here for the first time.
    pub fn exceeds(&mut self, event: &Event<'_>) -> bool {
        match event {
            Event::Start(_) => self.blocks += 1,
            Event::End(_) => self.blocks = self.blocks.saturating_sub(1),
            Event::Html(html) | Event::InlineHtml(html) => self.html(html),
            _ => {}
        }
        self.deepen();
        self.deepest > DEEPEST_TEXT && !std::mem::replace(&mut self.too_deep, true)
    }

    fn deepen(&mut self) {
        self.deepest = self.deepest.max(self.blocks + self.elements.len());
    }

    fn html(&mut self, html: &str) {
        for part in html.split('<').skip(1) {
            let closes = part.starts_with('/');
            let name = part.trim_start_matches('/');
            let end = name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len());
            let name = name[..end].to_ascii_lowercase();
            if name.is_empty() || UNCLOSED.contains(&name.as_str()) {
                continue;
            }
            // Only the element of this name ends: `<b>` goes on after the `<div>` that it was opened in.
            match self.elements.iter().rposition(|open| *open == name) {
                Some(at) if closes => drop(self.elements.remove(at)),
                None if closes => {}
                _ if self.elements.len() > DEEPEST_TEXT => {}
                _ => {
                    self.elements.push(name);
                    self.deepen();
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::options;
    use pulldown_cmark::Parser;

    fn is_too_deep(text: &str) -> bool {
        let mut nesting = Nesting::default();
        Parser::new_ext(text, options()).any(|event| nesting.exceeds(&event))
    }

    #[test]
    fn what_is_closed_is_not_deep() {
        assert!(!is_too_deep(&"<details><summary>x</summary>\n\n- a\n  - b\n\n</details>\n\n".repeat(300)));
        assert!(!is_too_deep(
            &"a<br>b <img src=x> <kbd>c</kbd> &lt;div <3\n\n<p>x\n\n<ul><li>a<li>b</ul>\n\n".repeat(300)
        ));
    }

    #[test]
    fn deep_blocks_and_open_elements_are() {
        for text in [">".repeat(200), "- ".repeat(200), "<div>\n\n".repeat(200), "x <b class=1>\n\n".repeat(200)] {
            assert!(is_too_deep(&format!("{text} x")), "{}", &text[..20]);
        }
        assert!(is_too_deep(&format!("{}x{}", "<div>".repeat(200), "</div>".repeat(200))));
        assert!(is_too_deep(&"<div><b class=x></div>\n\n".repeat(200)));
        assert!(is_too_deep(&format!("{} {}", "> ".repeat(60), "<span>".repeat(60))));
    }
}
