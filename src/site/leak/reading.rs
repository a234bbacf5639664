//! Reading: a file's bytes as everything that they may be read as.
//!
//! In: the path and the bytes of a file. Out: its name, its text and what stands in its markup, decoded, in normal form.
//! It never knows what is looked for.

use super::decoded::{entities, escapes_decoded, percent_decoded};
use super::{markup, picture};
use crate::limits::LARGEST_FILE;
use crate::markdown;
use crate::model::asset::{self, AssetKind};
use crate::table::encoding;
use crate::text::normal::NormalText;
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
        markup::read(&text, &mut out.text, &mut out.noise);
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
    fn data_in_a_page_is_read_as_what_it_stands_for() {
        let gold = data_encoding::BASE64.encode(br#"[{"why": "It was never started."}]"#);
        let page = format!("<section data-gold=\"data:application/json;base64,{gold}\">");
        let noise = String::from_utf8(FileText::of("a.html", page.as_bytes()).noise.words).unwrap();
        assert!(noise.contains("it was never started"), "{noise}");
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
