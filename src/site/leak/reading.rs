//! Reading: a file's bytes as everything that they may be read as.
//!
//! In: the path and the bytes of a file. Out: its name, its text and what stands in its markup, decoded, in normal form.
//! It never knows what is looked for.

use super::{markup, picture};
use crate::document::links;
use crate::limits::LARGEST_FILE;
use crate::markdown;
use crate::model::asset::{self, AssetKind};
use crate::table::encoding;
use crate::text::{normal::NormalText, numbered_character};
use std::borrow::Cow;
use std::io::{Cursor, Read};
use zip::ZipArchive;

/// All that a file says.
#[derive(Default)]
pub struct FileText {
    /// Its text.
    pub text: NormalText,
    /// What reads like text among bytes: a name of a few letters stands there by chance, a sentence does not.
    pub noise: NormalText,
}

impl FileText {
    /// Reads a file.
    pub fn of(path: &str, bytes: &[u8]) -> Self {
        let mut out = Self { text: NormalText::with_room(bytes.len()), noise: NormalText::default() };
        out.text.push(&percent_decoded(path));
        out.text.part();
        // Extensions may be written in letters of either case.
        let path = path.to_lowercase();
        match asset::kind(&path) {
            _ if is_archive(&path) => archive(bytes, &mut out),
            AssetKind::Picture if !is_markup(&path) => picture::read(bytes, &mut out.text, &mut out.noise),
            AssetKind::Unsearched => {}
            _ => text(&path, bytes, &mut out),
        }
        out
    }
}

/// Whether a file is an archive of pages, which is opened: no other is.
pub fn is_archive(path: &str) -> bool {
    path.rsplit('/').next() == Some("instructions.zip")
}

/// Reads what is packed in an archive, file by file, each with its name. What can't be opened is read as it is.
fn archive(bytes: &[u8], out: &mut FileText) {
    let Ok(mut archive) = ZipArchive::new(Cursor::new(bytes)) else { return text("", bytes, out) };
    for at in 0..archive.len() {
        let Ok(file) = archive.by_index(at) else { continue };
        let name = file.name().map_or_else(|_| String::new(), Cow::into_owned);
        let mut inside = Vec::new();
        // What is cut off is read up to there.
        let _ = file.take(LARGEST_FILE).read_to_end(&mut inside);
        if !is_archive(&name) {
            let inner = FileText::of(&name, &inside);
            out.text.append(&inner.text);
            out.noise.append(&inner.noise);
        }
    }
}

fn is_markup(path: &str) -> bool {
    [".html", ".svg", ".xml"].iter().any(|extension| path.ends_with(extension))
}

fn text(path: &str, bytes: &[u8], out: &mut FileText) {
    let is_utf16 = bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff");
    let bytes = if is_utf16 { Cow::Owned(encoding::in_utf8(bytes.to_vec())) } else { Cow::Borrowed(bytes) };
    // What is UTF-8 as a whole is quickly known.
    let text = str::from_utf8(&bytes).map_or_else(|_| String::from_utf8_lossy(&bytes), Cow::Borrowed);
    if is_markup(path) {
        markup::read(&text, out);
        return;
    }
    let out = &mut out.text;
    if [".csv", ".tsv", ".tab"].iter().any(|extension| path.ends_with(extension)) {
        // A cell may be a sentence.
        entities(&text.replace(',', "\n"), out);
        return;
    }
    entities(&text, out);
    if text.contains('\\') {
        out.part();
        entities(&escapes_decoded(&text), out);
    }
    if path.ends_with(".md") {
        out.part();
        out.push(&markdown::plain(&text));
    }
}

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

/// `\n` and `\u00e9` as in JSON, YAML or scripts.
fn escapes_decoded(text: &str) -> String {
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

pub fn percent_decoded(text: &str) -> Cow<'_, str> {
    if memchr::memchr(b'%', text.as_bytes()).is_some() { Cow::Owned(links::decode(text)) } else { Cow::Borrowed(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(path: &str, text: &str) -> String {
        String::from_utf8(FileText::of(path, text.as_bytes()).text.words).unwrap()
    }

    #[test]
    fn markup_is_read_between_tags_and_inside_them() {
        let html = "<p title='a > b'>x<b>y</b></p>z<!-- c > d --><a href=\"e%20f\">&#103;&lt;h&amp;</a><b class=\"i\">";
        let words = words("a.html", html).replace('\u{1}', "_").replace('\u{2}', "|");
        assert_eq!(words, "a.html|\nx_y_\nz\ng<h&|p title='a > b'| c > d |a href=\"e f\"|b class=\"i\"");
    }

    #[test]
    fn escapes_are_read_as_what_they_stand_for() {
        assert_eq!(escapes_decoded("a\\u00e9\\ud83d\\ude00\\n\\\"\\ud83d"), "aé😀 \"ud83d");
        assert!(words("a.json", "{\"a\\u002d16\": 1}").contains("\"a-16\""));
        assert!(words("a.md", "a caf&eacute; a\\-16").contains("cafe"));
    }

    #[test]
    fn a_picture_in_a_page_is_a_picture() {
        let uri = data_encoding::BASE64.encode(b"\xff\xd8\xff\xfe\0\x09by a-16");
        assert!(
            words("a.html", &format!("<img src=\"data:image/jpeg;base64,{uri}\" alt='a-17'>"))
                .contains("by a-16\" alt")
        );
        assert!(!words("a.html", "<img src=\"data:image/jpeg;base64,aaaa+a16/aaa\">").contains("a16"));
    }

    #[test]
    fn utf16_is_text() {
        let text: Vec<u8> = "\u{feff}a-16".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(FileText::of("a.txt", &text).text.words, b"a.txt\x02a-16");
    }
}
