//! Markup: HTML as everything that it may be read as.
//!
//! In: HTML. Out: the text between tags, as it is read; then what stands in tags and comments, each apart. What is read
//! alike is told by where signs stand, so that most tags and the text between them are passed in a few steps each. It
//! never knows what is looked for, or what an element means.

use super::decoded::{entities, percent_decoded, special_at};
use super::picture;
use crate::text::normal::{NormalText, small_ascii};
use crate::text::signs::{Signs, each_byte};
use crate::text::tags;
use std::ops::Range;

/// Reads HTML.
pub fn read(html: &str, out: &mut NormalText, noise: &mut NormalText) {
    let signs = MarkupSigns::of(html.as_bytes());
    let mut tags = Tags::default();
    let mut at = 0;
    while let Some(sign) = signs.special.next(at) {
        out.push_small_ascii(&signs.small[at..], sign - at);
        let is_tag = html.as_bytes()[sign] == b'<';
        at = if is_tag { tags.pass(html, sign + 1, &signs, out) } else { sign + special_at(&html[sign..], out) };
    }
    out.push(&html[at..]);
    let data = memchr::memmem::find(html.as_bytes(), DATA.as_bytes()).map(|_| DATA);
    for Range { start, end } in tags.inside {
        out.part();
        if data.is_none() && signs.special.next(start).is_none_or(|special| special >= end) {
            out.push_small_ascii(&signs.small[start..], end - start);
            continue;
        }
        let mut rest = &html[start..end];
        // A picture that lies in the page itself is read as a picture.
        while let Some((before, after)) = data.and_then(|data| rest.split_once(data)) {
            entities(&percent_decoded(before), out);
            let length =
                after.bytes().position(|byte| matches!(byte, b'"' | b'\'' | b')' | b'<')).unwrap_or(after.len());
            picture::read(&base64_decoded(&after[..length]), out, noise);
            rest = &after[length..];
        }
        entities(&percent_decoded(rest), out);
    }
}

/// What stands before the bytes of a file in an address that holds them.
const DATA: &str = ";base64,";

/// The bytes that Base64 stands for; what is no part of it is passed over.
fn base64_decoded(text: &str) -> Vec<u8> {
    let (mut out, mut bits, mut held) = (Vec::with_capacity(text.len() / 4 * 3), 0u32, 0);
    for byte in text.bytes() {
        let six = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => continue,
        };
        bits = bits << 6 | u32::from(six);
        held += 6;
        if held >= 8 {
            held -= 8;
            out.push((bits >> held) as u8);
        }
    }
    out
}

/// Where the signs of some HTML stand.
struct MarkupSigns {
    /// The HTML with small letters for capitals, where it is ASCII.
    small: Vec<u8>,
    /// What may not stand for itself: `<`, `&`, `%` in an address, and all that is not ASCII.
    special: Signs,
    /// `>`.
    ends: Signs,
}

impl MarkupSigns {
    fn of(html: &[u8]) -> Self {
        let room = html.len().next_multiple_of(64);
        let mut signs =
            Self { small: Vec::with_capacity(room), special: Signs::with_room(room), ends: Signs::with_room(room) };
        let (blocks, rest) = html.as_chunks::<64>();
        blocks.iter().for_each(|block| signs.add(block));
        let mut last = [b' '; 64];
        last[..rest.len()].copy_from_slice(rest);
        signs.add(&last);
        signs.special.end();
        signs.ends.end();
        signs
    }

    #[inline]
    fn add(&mut self, block: &[u8; 64]) {
        self.small.extend_from_slice(&each_byte(block, small_ascii));
        self.special.add(&each_byte(block, |byte| {
            u8::from(byte == b'<') | u8::from(byte == b'&') | u8::from(byte == b'%') | byte >> 7
        }));
        self.ends.add(&each_byte(block, |byte| u8::from(byte == b'>')));
    }
}

/// The tags of some HTML.
struct Tags<'h> {
    /// What stands in them beside names, once for those that are alike and near each other.
    inside: Vec<Range<usize>>,
    /// Those that were passed, each until another takes its place.
    known: [KnownTag<'h>; KNOWN],
}

/// A tag that ends at its first `>`, whatever follows.
#[derive(Clone, Copy, Default)]
struct KnownTag<'h> {
    /// All that stands in it.
    inside: &'h str,
    is_inline: bool,
}

/// How many tags are remembered.
const KNOWN: usize = 256;

impl Default for Tags<'_> {
    fn default() -> Self {
        Self { inside: Vec::new(), known: [KnownTag::default(); KNOWN] }
    }
}

impl<'h> Tags<'h> {
    /// Passes the tag or comment behind the `<` that stands before `at`; returns where it ends. Most are like one that was
    /// passed before, and need no look at what they hold.
    #[inline]
    fn pass(&mut self, html: &'h str, at: usize, signs: &MarkupSigns, out: &mut NormalText) -> usize {
        if let Some(end) = signs.ends.next(at)
            && let Some(place) = place(html.as_bytes(), at, end)
        {
            let (known, inside) = (self.known[place], &html[at..end]);
            if known.inside == inside {
                out.seam(known.is_inline);
                return end + 1;
            }
            let (name, is_plain) = name(inside);
            if is_plain || is_closed(inside.as_bytes()) {
                let is_inline = is_inline(name);
                self.known[place] = KnownTag { inside, is_inline };
                out.seam(is_inline);
                if !is_plain {
                    self.inside.push(at..end);
                }
                return end + 1;
            }
        }
        self.pass_slowly(html, at, out)
    }

    #[cold]
    fn pass_slowly(&mut self, html: &'h str, at: usize, out: &mut NormalText) -> usize {
        let (name, inside, length) = tag(&html[at..]);
        out.seam(is_inline(name));
        if !inside.is_empty() {
            self.inside.push(at + inside.start..at + inside.end);
        }
        at + length
    }
}

/// Whether a tag ends behind what stands in it, whatever follows: it is no comment, and opens no quote that it leaves open.
#[inline]
fn is_closed(inside: &[u8]) -> bool {
    // Eight bytes at a time, each sign of which changes one bit of eight: so an even number of it changes none in all.
    let (mut double, mut single) = (0, 0);
    let (eights, rest) = inside.as_chunks::<8>();
    for eight in eights {
        double ^= are_byte(*eight, b'"');
        single |= are_byte(*eight, b'\'');
    }
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    double ^= are_byte(last, b'"');
    single |= are_byte(last, b'\'');
    !inside.starts_with(b"!") && single == 0 && double.count_ones().is_multiple_of(2)
}

/// The high bit of each of eight bytes that is `byte`.
#[inline]
fn are_byte(eight: [u8; 8], byte: u8) -> u64 {
    const SEVEN: u64 = u64::from_le_bytes([0x7f; 8]);
    let others = u64::from_le_bytes(eight) ^ u64::from_le_bytes([byte; 8]);
    !(((others & SEVEN) + SEVEN) | others | SEVEN)
}

/// The name of a tag, and whether there is nothing else in it.
#[inline]
fn name(text: &str) -> (&str, bool) {
    let length = text.bytes().position(|byte| !byte.is_ascii_alphanumeric() && byte != b'/').unwrap_or(text.len());
    // What is longer is no name of an element, and is read.
    (&text[..length], length == text.len() && length <= LONGEST_NAME)
}

/// The place of a tag among those that are remembered, by how it ends: most begin alike. There are eight bytes before
/// the first tag's end in any page.
#[inline]
fn place(html: &[u8], start: usize, end: usize) -> Option<usize> {
    let last = html[..end].last_chunk()?;
    let before = 8usize.saturating_sub((end - start).max(1));
    let hash = (u64::from_le_bytes(*last) >> (8 * before)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    Some((hash >> PLACES) as usize)
}

/// Bits of a hash that say nothing of a place.
const PLACES: u32 = u64::BITS - KNOWN.trailing_zeros();

/// The name of a tag, where it stands in the tag or comment what is read, and how long it is with its end.
fn tag(text: &str) -> (&str, Range<usize>, usize) {
    let ended = |inside: usize, end: usize| (inside + end).min(text.len());
    if let Some(comment) = text.strip_prefix("!--") {
        let end = memchr::memmem::find(comment.as_bytes(), b"-->").unwrap_or(comment.len());
        return ("", 3..3 + end, ended(3 + end, 3));
    }
    let end = tags::end(text).or_else(|| memchr::memchr(b'>', text.as_bytes())).unwrap_or(text.len());
    let (name, is_plain) = name(&text[..end]);
    let is_plain = is_plain && end < text.len();
    (name, if is_plain { end..end } else { 0..end }, ended(end, 1))
}

const LONGEST_NAME: usize = 11;

/// Whether a tag, of which this is the name with its slashes, stands inside a word as well as between two.
fn is_inline(name: &str) -> bool {
    tags::is_inline(name.trim_start_matches('/'))
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Pieces of HTML, well formed and not: what is alike stands often, as on a page.
    pub fn html() -> impl Strategy<Value = String> {
        let known = prop::sample::select(
            &[
                "<p>",
                "</p>\n",
                "<B>",
                "<b>",
                "</b>",
                "<code>",
                "</code>",
                "<br/>",
                "<>",
                "< ",
                ">",
                "\"",
                "'",
                "&amp;",
                "&#x61;",
                "&nbsp",
                "&",
                "<span class=\"hl-string\">",
                "</span>",
                "<a href=\"../a%20b/index.html\">",
                "</a>",
                "<a b='c > d'>",
                "<img alt=\"one\" title=\"the Café &lt;two>\">",
                "<!-- a > b -->",
                "<!--",
                "-->",
                "<!DOCTYPE html>",
                "<i \"x>",
                "<i 'y>",
                "<q a=\"it's\">",
                "<ofalongername>",
                "</ofalongername>",
                "\u{1}",
                "\u{2}",
                "Read the Gauge. ",
                "100 %",
                "é",
                "漢字",
                "\u{ad}",
                "by r-0042, ",
                "log",
                "-",
                "_a",
            ][..],
        );
        let piece = prop_oneof![8 => known.prop_map(str::to_owned), 1 => "\\PC{0,8}", 2 => "[a-zA-Z0-9 ]{1,40}"];
        prop::collection::vec(piece, 0..90).prop_map(|pieces| pieces.concat())
    }

    /// The text of a page, and then what stands in each of its tags, read letter by letter.
    pub fn plainly(html: &str) -> Vec<NormalText> {
        let mut texts = vec![NormalText::default()];
        let mut rest = html;
        while let Some(first) = rest.chars().next() {
            let length = if first == '<' {
                let (name, inside, length) = tag(&rest[1..]);
                texts[0].seam(is_inline(name));
                texts.push(NormalText::default());
                let last = texts.len() - 1;
                entities(&percent_decoded(&rest[1..][inside]), &mut texts[last]);
                1 + length
            } else {
                special_at(rest, &mut texts[0])
            };
            rest = &rest[length..];
        }
        texts.retain(|text| !text.words.is_empty());
        texts
    }

    proptest! {
        /// Nothing is passed over but what stands in a tag that is like another.
        #[test]
        fn markup_is_read_as_it_is_letter_by_letter(html in html()) {
            let mut read = NormalText::default();
            super::read(&html, &mut read, &mut NormalText::default());
            let mut parts = read.words.split(|byte| *byte == 2);
            let mut plain = plainly(&html);
            let has_text = read.words.first().is_some_and(|first| *first != 2);
            if has_text {
                prop_assert_eq!(parts.next(), Some(&*plain.remove(0).words));
            } else {
                parts.next();
            }
            let plain: std::collections::BTreeSet<&[u8]> = plain.iter().map(|text| &*text.words).collect();
            let parts: std::collections::BTreeSet<&[u8]> = parts.filter(|part| !part.is_empty()).collect();
            prop_assert_eq!(parts, plain);
        }
    }
}
