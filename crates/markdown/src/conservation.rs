//! Conservation: whether what a text says is in the HTML that was made of it.
//!
//! In: the events of a text as the parser gives them, and the finished HTML. Out: the ranges of the text whose words are
//! not in the HTML. It knows nothing of how the HTML is made, so that whatever takes a word away on the way is found.

use super::is_replaced;
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
                (self.directive, self.open) = (is_replaced(info), false);
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
        let html = html.as_bytes();
        let mut shown = ShownHtml { html, nodes: None, left: MOST_COMPARED * (html.len() + self.words.len()) };
        let mut missing = Vec::new();
        let mut from = 0;
        let mut at = ShownPlace::default();
        for (end, place) in &self.segments {
            let segment = &self.words.as_bytes()[from..*end];
            from = *end;
            if let Some(end) = end_of_next(segment, html, at) {
                at = ShownPlace { byte: end, tag: None };
                continue;
            }
            match shown.find(segment, at) {
                SegmentPlace::After(place) => at = place,
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
    html: &'h [u8],
    /// All of it: looked through once something is not where it is expected.
    nodes: Option<Nodes<'h>>,
    /// How many bytes may be compared still.
    left: usize,
}

/// The text of some HTML from tag to tag, and the words of images and links, from some place on; as far as was asked for.
struct Nodes<'h> {
    html: &'h [u8],
    found: Vec<ShownNode>,
    /// Where the next one is looked for.
    next: usize,
}

/// One of them.
struct ShownNode {
    range: Range<usize>,
    /// Where the tag begins in which it stands, if it does.
    tag: Option<usize>,
}

/// A place in what a reader sees.
#[derive(Clone, Copy, Default)]
struct ShownPlace {
    byte: usize,
    /// Where the tag begins in which it is, if it is in one.
    tag: Option<usize>,
}

enum SegmentPlace {
    /// Here or later; what follows is after it.
    After(ShownPlace),
    /// Elsewhere: HTML moves what stands in a table beside its cells.
    Elsewhere,
    Nowhere,
}

impl ShownHtml<'_> {
    /// Looks for a segment from a place on, then everywhere.
    fn find(&mut self, segment: &[u8], at: ShownPlace) -> SegmentPlace {
        if let Some(end) = matches(segment, &mut Nodes::of(self.html, at), 0, 0, &mut self.left) {
            return SegmentPlace::After(end);
        }
        let nodes = self.nodes.get_or_insert_with(|| Nodes::of(self.html, ShownPlace::default()));
        while nodes.go_on() {}
        let later = nodes.found.partition_point(|node| node.range.start <= at.byte);
        for later in later..nodes.found.len() {
            if let Some(end) = matches(segment, nodes, later, 0, &mut self.left) {
                return SegmentPlace::After(end);
            }
        }
        let earlier = (0..nodes.found.len()).any(|node| {
            let text = &self.html[nodes.found[node].range.clone()];
            let begins = |at: &usize| is_word(text, *at) && (*at == 0 || !is_word(text, *at - 1));
            (0..text.len()).filter(begins).any(|at| matches(segment, nodes, node, at, &mut self.left).is_some())
        });
        if earlier || self.left == 0 { SegmentPlace::Elsewhere } else { SegmentPlace::Nowhere }
    }
}

/// Where a segment ends that begins at a place. Only letters and digits count, and no word may go on after it.
fn matches(
    segment: &[u8],
    nodes: &mut Nodes<'_>,
    mut node: usize,
    mut offset: usize,
    left: &mut usize,
) -> Option<ShownPlace> {
    let mut at = 0;
    *left = left.checked_sub(1)?;
    loop {
        while at < segment.len() && !is_word(segment, at) {
            at += 1;
        }
        let text = loop {
            let Some(text) = nodes.text(node) else {
                return (at == segment.len()).then(|| nodes.place(node, 0));
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
            let parts_a_word = goes_on && is_word(text, offset - 1) && is_word(text, offset);
            return (!parts_a_word).then(|| nodes.place(node, offset));
        }
        let same = same_bytes(&segment[at..], &text[offset..]);
        (at, offset, *left) = (at + same, offset + same, left.saturating_sub(same));
        let stuck = at < segment.len() && is_word(segment, at) && offset < text.len() && is_word(text, offset);
        if stuck || *left == 0 {
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

/// How many bytes are the same in both, first in steps of eight, as long as no entity begins there.
fn same_bytes(one: &[u8], other: &[u8]) -> usize {
    let eights = one.as_chunks::<8>().0.iter().zip(other.as_chunks::<8>().0);
    let goes_on = |(one, other): &(&[u8; 8], &[u8; 8])| one == other && each(u64::from_le_bytes(**one), b'&') == 0;
    let same = 8 * eights.take_while(goes_on).count();
    let rest = one[same..].iter().zip(&other[same..]);
    same + rest.take_while(|(one, other)| one == other && **one != b'&').count()
}

/// The high bit of the first of eight bytes that is `byte`, if one is; what it says of those behind it may be wrong.
#[inline]
fn each(eight: u64, byte: u8) -> u64 {
    let others = eight ^ u64::from_le_bytes([byte; 8]);
    others.wrapping_sub(0x0101_0101_0101_0101) & !others & 0x8080_8080_8080_8080
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

/// Where a segment ends that is all of the next text of some HTML, byte for byte, as most are; `place` is where one
/// ended. It is found without looking for where that text ends.
fn end_of_next(segment: &[u8], html: &[u8], place: ShownPlace) -> Option<usize> {
    let mut at = place.byte;
    if place.tag.is_some() || at > 0 && html.get(at) != Some(&b'<') {
        return None;
    }
    loop {
        match html.get(at..)? {
            [b'<', ..] => {
                let mut has_words = false;
                at = past_tag(html, at, |_| has_words = true);
                if has_words {
                    return None;
                }
            }
            [b'\n', b'<', ..] => at += 1,
            text => {
                let is_same = !segment.is_empty() && is_shown_so(segment, text.get(..segment.len())?);
                return (is_same && matches!(text.get(segment.len()), None | Some(b'<'))).then_some(at + segment.len());
            }
        }
    }
}

/// Whether a text is a segment as it is; a line may end where a space was.
#[inline]
fn is_shown_so(segment: &[u8], text: &[u8]) -> bool {
    // All are looked at, many at once; an entity may stand for anything.
    let differs =
        |(said, shown): (&u8, &u8)| (said != shown) & !((*said == b' ') & (*shown == b'\n')) | (*said == b'&');
    segment.iter().zip(text).fold(0, |differ, bytes| differ | u8::from(differs(bytes))) == 0
}

impl<'h> Nodes<'h> {
    fn of(html: &'h [u8], from: ShownPlace) -> Self {
        let mut nodes = Self { html, found: Vec::new(), next: from.tag.unwrap_or(from.byte) };
        if from.tag.is_some() {
            nodes.go_on();
            nodes.found.retain(|node| node.range.end > from.byte);
            nodes.found.iter_mut().for_each(|node| node.range.start = node.range.start.max(from.byte));
        }
        nodes
    }

    /// Finds one text more, or passes one tag; says whether there was any.
    fn go_on(&mut self) -> bool {
        let from = self.next;
        if self.html.get(from) == Some(&b'<') {
            self.next = past_tag(self.html, from, |words| self.found.push(ShownNode { range: words, tag: Some(from) }));
        } else if from < self.html.len() {
            let length = memchr::memchr(b'<', &self.html[from..]);
            self.next = length.map_or(self.html.len(), |length| from + length);
            self.found.push(ShownNode { range: from..self.next, tag: None });
        }
        from < self.html.len()
    }

    fn text(&mut self, node: usize) -> Option<&'h [u8]> {
        while self.found.len() <= node && self.go_on() {}
        self.found.get(node).map(|node| &self.html[node.range.clone()])
    }

    /// The place at an offset of a text; the end of the HTML if there is no such text.
    fn place(&self, node: usize, offset: usize) -> ShownPlace {
        let end = ShownPlace { byte: self.html.len(), tag: None };
        self.found.get(node).map_or(end, |node| ShownPlace { byte: node.range.start + offset, tag: node.tag })
    }
}

/// Where the tag ends that begins at `open`; `words` hears of the words in its attributes.
#[inline]
fn past_tag(html: &[u8], open: usize, mut words: impl FnMut(Range<usize>)) -> usize {
    let mut at = open;
    loop {
        let Some(found) = sign_in_tag(html, at) else { return html.len() };
        if html[found] == b'>' {
            return found + 1;
        }
        let Some(length) = memchr::memchr(b'"', &html[found + 1..]) else { return html.len() };
        at = found + length + 2;
        let before = &html[open..found];
        if (before.ends_with(b" alt=") || before.ends_with(b" title=")) && has_words(before) {
            words(found + 1..at - 1);
        }
    }
}

/// The next `"` or `>`; most are near.
#[inline]
fn sign_in_tag(html: &[u8], from: usize) -> Option<usize> {
    let near = html[from..].first_chunk().map_or(0, |eight| {
        let eight = u64::from_le_bytes(*eight);
        each(eight, b'"') | each(eight, b'>')
    });
    match near {
        0 => memchr::memchr2(b'"', b'>', &html[from..]).map(|found| from + found),
        near => Some(from + near.trailing_zeros() as usize / 8),
    }
}

/// Whether readers see the words in a tag's attributes.
fn has_words(tag: &[u8]) -> bool {
    [&b"<img"[..], b"<a", b"<span"].iter().any(|name| tag.starts_with(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::events::MarkdownText;
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
        let image = "<img src=\"a.png\" alt=\"one\" loading=\"lazy\">";
        assert_eq!(missing("![one](a.png) *lazy*", image), ["lazy"]);
        assert_eq!(missing("![one](a.png) *one*", image), ["one"; 0]);
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
