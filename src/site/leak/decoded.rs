//! Decoded: letters that are written as something else, by name, by number or by an escape.
//!
//! In: text of a page or of a file. Out: the same as it is read, in normal form or as text. It never knows what is looked
//! for.

use crate::document::links;
use crate::text::{normal::NormalText, numbered_character};
use std::borrow::Cow;

/// Text with `&amp;` and the like read as what they stand for.
pub fn entities(text: &str, out: &mut NormalText) {
    let mut rest = text;
    while let Some(before) = memchr::memchr(b'&', rest.as_bytes()) {
        out.push(&rest[..before]);
        rest = &rest[before..];
        rest = &rest[special_at(rest, out)..];
    }
    out.push(rest);
}

/// Adds the entity or the character that begins a text; returns how long it is, which is nothing at the end.
pub fn special_at(text: &str, out: &mut NormalText) -> usize {
    let Some(first) = text.chars().next() else { return 0 };
    let behind = &text[first.len_utf8()..];
    let end = behind.bytes().take(LONGEST_ENTITY).position(|byte| first == '&' && byte == b';');
    match end.and_then(|end| entity(&behind[..end]).map(|c| (c, end + 2))) {
        Some((c, length)) => {
            out.push_char(c);
            length
        }
        None => {
            out.push_char(first);
            first.len_utf8()
        }
    }
}

const LONGEST_ENTITY: usize = 12;

fn entity(name: &str) -> Option<char> {
    let c = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => ' ',
        "shy" => '\u{ad}',
        "zwj" => '\u{200d}',
        "zwnj" => '\u{200c}',
        "hyphen" | "dash" => '-',
        "ndash" => '\u{2013}',
        "mdash" => '\u{2014}',
        name => return numbered_character(name),
    };
    Some(c)
}

/// Text in which `\n` and `\u00e9` stand as in JSON, YAML or scripts, as it is meant.
pub fn escapes_decoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = memchr::memchr(b'\\', rest.as_bytes()) {
        out.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        if let Some((c, used)) = code(after) {
            out.push(c);
            rest = &after[used..];
            continue;
        }
        let mut chars = after.chars();
        match chars.next() {
            Some('n' | 'r' | 't' | 'b' | 'f') | None => out.push(' '),
            Some(c) => out.push(c),
        }
        rest = chars.as_str();
    }
    out.push_str(rest);
    out
}

/// The character of `u00e9` or of a pair `ud83d\ude00`, and how long it is written.
fn code(text: &str) -> Option<(char, usize)> {
    let unit = |text: &str| u32::from_str_radix(text.strip_prefix('u')?.get(..4)?, 16).ok();
    let first = unit(text)?;
    if let Some(c) = char::from_u32(first) {
        return Some((c, 5));
    }
    let second = unit(text[5..].strip_prefix('\\')?).filter(|second| (0xdc00..0xe000).contains(second))?;
    let c = char::from_u32(0x1_0000 + ((first & 0x3ff) << 10) + (second & 0x3ff));
    c.map(|c| (c, 11))
}

/// Text of an address, as it is meant.
pub fn percent_decoded(text: &str) -> Cow<'_, str> {
    if memchr::memchr(b'%', text.as_bytes()).is_some() { Cow::Owned(links::decode(text)) } else { Cow::Borrowed(text) }
}
