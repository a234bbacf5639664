//! Nesting: how deep lists, quotes and HTML elements stand inside each other, and which elements end nowhere.
//!
//! In: the events and tags of a text, in order. Out: whether they go deeper than is rendered. Browsers and sanitisers take
//! a time that grows with the square of the depth. It never judges HTML: an element that is not closed counts as open.

use super::losses::{Loss, LossKind};
use super::raw_html::HtmlTag;
use super::sanitize;
use goldbook_ground::limits::DEEPEST_TEXT;
use pulldown_cmark::Event;
use std::ops::Range;

/// What is open at a place of a text.
#[derive(Default)]
pub struct Nesting {
    blocks: usize,
    elements: Vec<(String, Range<usize>)>,
    deepest: usize,
    too_deep: bool,
}

impl Nesting {
    /// Goes past an event.
    pub fn pass(&mut self, event: &Event<'_>) {
        match event {
            Event::Start(_) => self.blocks += 1,
            Event::End(_) => self.blocks = self.blocks.saturating_sub(1),
            _ => {}
        }
        self.deepen();
    }

    /// Goes past a tag, and tells whether it begins or ends an element.
    pub fn tag(&mut self, tag: &HtmlTag<'_>, place: &Range<usize>) -> bool {
        if sanitize::needs_no_end(&tag.name) {
            return true;
        }
        // Only the element of this name ends: `<b>` goes on after the `<div>` that it was opened in.
        match self.elements.iter().rposition(|(open, _)| *open == tag.name) {
            Some(at) if tag.closes => drop(self.elements.remove(at)),
            None if tag.closes => return false,
            _ if self.elements.len() > DEEPEST_TEXT => {}
            _ => {
                self.elements.push((tag.name.to_string(), place.clone()));
                self.deepen();
            }
        }
        true
    }

    /// Goes past a tag, and tells where the element that it ends began.
    pub fn end_of(&mut self, tag: &HtmlTag<'_>, place: &Range<usize>) -> Option<Range<usize>> {
        let begun = self.elements.iter().rfind(|(open, _)| tag.closes && *open == tag.name);
        let begun = begun.map(|(_, place)| place.clone());
        self.tag(tag, place);
        begun
    }

    /// Whether an element of this name is open.
    pub fn is_in(&self, name: &str) -> bool {
        self.elements.iter().any(|(open, _)| open == name)
    }

    /// Whether the text is too deep just here for the first time.
    pub fn exceeds(&mut self) -> bool {
        self.deepest > DEEPEST_TEXT && !std::mem::replace(&mut self.too_deep, true)
    }

    /// At the end of a text: the elements that are open still.
    pub fn unclosed(&mut self) -> impl Iterator<Item = Loss> {
        self.elements.drain(..).map(|(name, range)| Loss { range, kind: LossKind::UnclosedElement(name) })
    }

    fn deepen(&mut self) {
        self.deepest = self.deepest.max(self.blocks + self.elements.len());
    }
}

#[cfg(test)]
mod tests {
    use crate::outline::Outline;

    fn is_too_deep(text: &str) -> bool {
        Outline::of(text).too_deep.is_some()
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
