//! Conservation: whether what a text says is in the HTML that was made of it.
//!
//! In: the events of a text as the parser gives them, and the finished HTML. Out: the ranges of the text whose words are
//! not in the HTML. It knows nothing of how the HTML is made, so that whatever takes a word away on the way is found.

use super::FENCES;
use super::raw_html::{HtmlPart, HtmlTag, RawHtml};
use super::sanitize::{self, Treatment};
use pulldown_cmark::{CodeBlockKind, Event, Tag, TagEnd};
use std::collections::BTreeMap;
use std::ops::Range;

/// What a text says: its words in order, in segments that no markup parts.
#[derive(Default)]
pub struct SpokenText {
    words: String,
    /// Where each segment ends in the words, and where it stands in the text.
    segments: Vec<(usize, Range<usize>)>,
    /// Whether the last segment goes on.
    open: bool,
    /// Whether a block is passed whose text stands for something else.
    directive: bool,
    raw: Option<RawHtml>,
    /// How many elements of raw HTML have begun and not ended, by name.
    begun: BTreeMap<String, usize>,
    /// The titles of the images that are open.
    titles: Vec<String>,
}

impl SpokenText {
    /// Nothing yet of a text of so many bytes.
    pub fn with_room(bytes: usize) -> Self {
        Self { words: String::with_capacity(bytes), segments: Vec::with_capacity(bytes / SEGMENT), ..Self::default() }
    }

    /// Goes past an event.
    pub fn pass(&mut self, event: &Event<'_>, range: &Range<usize>) {
        if let Some(raw) = &mut self.raw {
            raw.add(event, range);
        }
        match event {
            Event::End(TagEnd::CodeBlock) => (self.directive, self.open) = (false, false),
            _ if self.directive => {}
            Event::End(TagEnd::HtmlBlock) => {
                let raw = self.raw.take().unwrap_or_default();
                self.html(&raw);
                self.open = false;
            }
            Event::Start(Tag::HtmlBlock) => (self.raw, self.open) = (Some(RawHtml::default()), false),
            Event::InlineHtml(_) => self.html(&RawHtml::of(event, range)),
            _ if self.raw.is_some() => {}
            Event::Text(text) => self.say(text, range),
            Event::SoftBreak => self.say(" ", range),
            Event::Code(code) => self.say_apart(code, range),
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                let name = info.split_whitespace().next().unwrap_or("");
                (self.directive, self.open) = (FENCES.contains(&name), false);
            }
            Event::Start(Tag::Link { title, .. }) => self.say_apart(title, range),
            Event::Start(Tag::Image { title, .. }) => {
                self.open = false;
                self.titles.push(title.to_string());
            }
            Event::End(TagEnd::Image) => {
                let title = self.titles.pop().unwrap_or_default();
                self.say_apart(&title, range);
            }
            // The words of an image are one text, whatever stands in them.
            _ if !self.titles.is_empty() => {}
            _ => self.open = false,
        }
    }

    fn say(&mut self, words: &str, range: &Range<usize>) {
        self.words.push_str(words);
        match self.segments.last_mut().filter(|_| self.open) {
            Some((end, place)) => {
                *end = self.words.len();
                place.end = range.end;
            }
            None => self.segments.push((self.words.len(), range.clone())),
        }
        self.open = true;
    }

    fn say_apart(&mut self, words: &str, range: &Range<usize>) {
        let inside = !self.titles.is_empty();
        self.open &= inside;
        self.say(words, range);
        self.open &= inside;
    }

    fn html(&mut self, raw: &RawHtml) {
        for (part, range) in raw.parts() {
            let place = raw.place(&range);
            match part {
                // Which character an entity stands for is the browser's business.
                HtmlPart::Text(text) if text.contains('&') => self.open = false,
                HtmlPart::Text(text) => self.say(text, &place),
                HtmlPart::Tag(tag) => match sanitize::treatment(&tag) {
                    Treatment::Kept => self.open &= self.ends_nothing(&tag),
                    Treatment::Shown => self.say(&raw.html[range], &place),
                    Treatment::Dropped => {}
                },
                HtmlPart::Comment(_) | HtmlPart::Declaration | HtmlPart::Code => {}
            }
        }
    }

    /// Whether a tag ends nothing, so that a word goes on where it stood: `he</div>re`. Of `</p>` and `</br>` browsers
    /// make an element all the same.
    fn ends_nothing(&mut self, tag: &HtmlTag<'_>) -> bool {
        let begun = self.begun.entry(tag.name.to_string()).or_default();
        let ends_nothing = tag.closes && *begun == 0 && !matches!(&*tag.name, "p" | "br");
        *begun = if tag.closes { begun.saturating_sub(1) } else { *begun + 1 };
        ends_nothing
    }

    /// The ranges of the text whose words are not in the HTML.
    pub fn missing_in(&self, html: &str) -> Vec<Range<usize>> {
        let mut shown =
            ShownHtml { nodes: nodes(html.as_bytes()), left: MOST_COMPARED * (html.len() + self.words.len()) };
        let mut missing = Vec::new();
        let mut from = 0;
        let mut cursor = (0, 0);
        for (end, place) in &self.segments {
            let segment = &self.words.as_bytes()[from..*end];
            from = *end;
            match shown.find(segment, cursor) {
                SegmentPlace::After(place) => cursor = place,
                SegmentPlace::Elsewhere => {}
                SegmentPlace::Nowhere => missing.push(place.clone()),
            }
        }
        missing
    }
}

/// Bytes for each of which there is seldom more than one segment of a text, or one node of its HTML.
const SEGMENT: usize = 16;

/// How often all of the HTML may be looked at, on average, before the rest is taken to be there.
const MOST_COMPARED: usize = 200;

/// What a reader sees of some HTML.
struct ShownHtml<'h> {
    /// Its text, from tag to tag, and the words of images and links.
    nodes: Vec<&'h [u8]>,
    /// How many bytes may be compared still.
    left: usize,
}

enum SegmentPlace {
    /// Here or later; what follows is after it.
    After((usize, usize)),
    /// Elsewhere: HTML moves what stands in a table beside its cells.
    Elsewhere,
    Nowhere,
}

impl ShownHtml<'_> {
    fn find(&mut self, segment: &[u8], (node, offset): (usize, usize)) -> SegmentPlace {
        if let Some(end) = self.is_next(segment, node, offset) {
            return SegmentPlace::After(end);
        }
        if let Some(end) = self.matches(segment, node, offset) {
            return SegmentPlace::After(end);
        }
        for later in node + 1..self.nodes.len() {
            if let Some(end) = self.matches(segment, later, 0) {
                return SegmentPlace::After(end);
            }
        }
        let earlier = (0..self.nodes.len()).any(|node| {
            let text = self.nodes[node];
            let begins = |at: &usize| is_word(text, *at) && (*at == 0 || !is_word(text, *at - 1));
            (0..text.len()).filter(begins).any(|at| self.matches(segment, node, at).is_some())
        });
        if earlier || self.left == 0 { SegmentPlace::Elsewhere } else { SegmentPlace::Nowhere }
    }

    /// Where a segment ends that is the whole of the next node, byte for byte, as most are.
    fn is_next(&self, segment: &[u8], node: usize, offset: usize) -> Option<(usize, usize)> {
        let left = self.nodes.get(node).map_or(0, |text| text.len() - offset);
        let begun = if left == 0 { node + 1 } else { node };
        let blank = self.nodes.get(begun..)?.iter().take_while(|text| text == &b"\n").count();
        let (next, text) = (begun + blank, *self.nodes.get(begun + blank)?);
        let is_whole = next > node || offset == 0;
        (is_whole && text == segment && memchr::memchr(b'&', segment).is_none()).then_some((next, text.len()))
    }

    /// Where a segment ends that begins at a place. Only letters and digits count, and no word may go on after it.
    fn matches(&mut self, segment: &[u8], mut node: usize, mut offset: usize) -> Option<(usize, usize)> {
        let mut at = 0;
        self.left = self.left.checked_sub(1)?;
        loop {
            while at < segment.len() && !is_word(segment, at) {
                at += 1;
            }
            let text = loop {
                let Some(text) = self.nodes.get(node) else {
                    return (at == segment.len()).then_some((node, 0));
                };
                while offset < text.len() && !is_word(text, offset) && at < segment.len() {
                    offset += if text[offset] == b'&' { entity(&text[offset..]) } else { 1 };
                }
                if offset < text.len() || at == segment.len() {
                    break text;
                }
                (node, offset) = (node + 1, 0);
            };
            if at == segment.len() {
                let goes_on = at > 0 && is_word(segment, at - 1) && offset > 0 && offset < text.len();
                return (!(goes_on && is_word(text, offset - 1) && is_word(text, offset))).then_some((node, offset));
            }
            let same = same_bytes(&segment[at..], &text[offset..]);
            (at, offset, self.left) = (at + same, offset + same, self.left.saturating_sub(same));
            let stuck = at < segment.len() && is_word(segment, at) && offset < text.len() && is_word(text, offset);
            if stuck || self.left == 0 {
                return None;
            }
            // A word ends here or goes on in the next tag; where only one of both ends, they differ.
            let ends = at == segment.len() || !is_word(segment, at);
            let inside = at > 0 && is_word(segment, at - 1);
            if inside && offset < text.len() && (!ends || is_word(text, offset)) {
                return None;
            }
        }
    }
}

/// How many bytes are the same in both, first in steps of eight, as long as no entity begins there.
fn same_bytes(one: &[u8], other: &[u8]) -> usize {
    let eights = one.as_chunks::<8>().0.iter().zip(other.as_chunks::<8>().0);
    let goes_on = |(one, other): &(&[u8; 8], &[u8; 8])| one == other && !has_ampersand(u64::from_le_bytes(**one));
    let same = 8 * eights.take_while(goes_on).count();
    let rest = one[same..].iter().zip(&other[same..]);
    same + rest.take_while(|(one, other)| one == other && **one != b'&').count()
}

/// Whether one of eight bytes is `&`.
fn has_ampersand(eight: u64) -> bool {
    let others = eight ^ 0x2626_2626_2626_2626;
    others.wrapping_sub(0x0101_0101_0101_0101) & !others & 0x8080_8080_8080_8080 != 0
}

/// Whether a byte is of a letter or a digit, or of a sign beyond ASCII that no serializer writes otherwise.
#[inline]
fn is_word(text: &[u8], at: usize) -> bool {
    let byte = text[at];
    if byte.is_ascii() { byte.is_ascii_alphanumeric() } else { is_sign(text, at) }
}

#[cold]
fn is_sign(text: &[u8], at: usize) -> bool {
    match text[at] {
        // A space that breaks no line is written `&nbsp;` by some.
        0xc2 => text.get(at + 1) != Some(&0xa0),
        0xa0 => at == 0 || text[at - 1] != 0xc2,
        _ => true,
    }
}

/// How long an entity is. Those that are written all stand for what is no word.
fn entity(text: &[u8]) -> usize {
    text.iter().take(8).position(|byte| *byte == b';').map_or(1, |at| at + 1)
}

/// The text of some HTML from tag to tag, and the words of images and links.
fn nodes(html: &[u8]) -> Vec<&[u8]> {
    let mut nodes = Vec::with_capacity(html.len() / SEGMENT);
    let mut from = 0;
    while let Some(open) = memchr::memchr(b'<', &html[from..]).map(|at| from + at) {
        if open > from {
            nodes.push(&html[from..open]);
        }
        from = past_tag(html, open, &mut nodes);
    }
    if html.len() > from {
        nodes.push(&html[from..]);
    }
    nodes
}

/// Where the tag ends that begins at `open`; adds the words of its attributes.
fn past_tag<'h>(html: &'h [u8], open: usize, nodes: &mut Vec<&'h [u8]>) -> usize {
    let mut at = open;
    loop {
        let Some(found) = memchr::memchr2(b'"', b'>', &html[at..]).map(|found| at + found) else { return html.len() };
        if html[found] == b'>' {
            return found + 1;
        }
        let Some(length) = memchr::memchr(b'"', &html[found + 1..]) else { return html.len() };
        at = found + length + 2;
        let before = &html[open..found];
        if (before.ends_with(b" alt=") || before.ends_with(b" title=")) && has_words(before) {
            nodes.push(&html[found + 1..at - 1]);
        }
    }
}

/// Whether readers see the words in a tag's attributes.
fn has_words(tag: &[u8]) -> bool {
    [&b"<img"[..], b"<a", b"<span"].iter().any(|name| tag.starts_with(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::events::MarkdownText;
    use proptest::prelude::*;

    fn missing<'t>(text: &'t str, html: &str) -> Vec<&'t str> {
        let mut said = SpokenText::default();
        let reading = MarkdownText::of(text);
        reading.events().for_each(|(event, range)| said.pass(&event, &range));
        said.missing_in(html).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn what_is_there_is_found_whatever_surrounds_it() {
        for (text, html) in [
            ("a *b* `c`", "<p>a <em>b</em> <code>c</code></p>"),
            ("> [!NOTE]\n> a & \"b\"", "<p class=\"alert\">Note</p><p>a &amp; &quot;b&quot;</p>"),
            ("```rust\nlet a = 12px;\n```", "<pre><span>let</span> a = <span>12</span>px;</pre>"),
            ("![one *two*](a.png \"three\")", "<img src=\"a.png\" alt=\"one two\" title=\"three\">"),
            ("a&nbsp;b\u{a0}c", "a&nbsp;b&nbsp;c"),
            ("naïve caf&eacute;", "naïve café"),
            ("a\nb", "<p>a b</p>"),
            ("he</div>re <b>a</b></b>b", "<p>here <b>a</b>b</p>"),
        ] {
            assert!(missing(text, html).is_empty(), "{text}: {:?}", missing(text, html));
        }
    }

    #[test]
    fn what_is_not_there_is_missing() {
        assert_eq!(missing("one *two* three", "<p>one  three</p>"), ["two"]);
        assert_eq!(missing("one *two* three", "<p>one <em>twofold</em> three</p>"), ["two"]);
        assert_eq!(missing("| a | b |\n|--|--|\n| yes | no |", "<td>a</td><td>b</td><td>yes</td>"), ["no"]);
        assert_eq!(missing("![one](a.png \"two\")", "<img src=\"two\" alt=\"one\">"), ["![one](a.png \"two\")"]);
        assert_eq!(missing("a <b>c</b> d", "a  d"), ["c"]);
        assert_eq!(missing("a <x> d", "a  d"), ["a <x> d"]);
    }

    proptest! {
        #[test]
        fn a_word_that_is_taken_away_is_missed(words in prop::collection::vec("[a-z]{1,6}", 1..20), at in 0usize..20) {
            let text: String = words.iter().map(|word| format!("*{word}* and\n")).collect();
            let taken = at % words.len();
            prop_assume!(words.iter().enumerate().all(|(index, word)| index == taken || *word != words[taken]));
            prop_assume!(words[taken] != "and");
            let shown = |without: Option<usize>| -> String {
                let word = |(index, word)| if Some(index) == without { "" } else { word };
                let shown = words.iter().map(String::as_str).enumerate().map(word);
                shown.map(|word| format!("<em>{word}</em> and\n")).collect()
            };
            prop_assert_eq!(missing(&text, &shown(None)), Vec::<&str>::new());
            prop_assert_eq!(missing(&text, &shown(Some(taken))), vec![words[taken].as_str()]);
        }
    }
}
