//! What was said or printed, in pieces that a page can show.
//!
//! In: a message, a thought or a tool's answer, and where pictures lie. Out: text, pictures, and a line that names what
//! can't be shown, in the order of the log. Only what a tool printed is taken for a terminal's; whatever else is said is
//! text, in which a carriage return ends a line.

use super::passages::{SaidPassage, passages};
use super::screen::screen;
use super::shown::{Quotes, ShownText};
use crate::text;
use crate::trajectory::{ContentPart, StepContent};
use serde::Serialize;
use std::borrow::Cow;

/// Where a picture that a run names is on the site, if it is there.
pub type PicturePlaces<'a> = &'a dyn Fn(&str) -> Option<String>;

/// A part of a message or of an answer.
#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Piece {
    /// What was said.
    Said {
        /// Its words, code and tables, in order.
        passages: Vec<SaidPassage>,
        /// Its first line.
        #[serde(skip)]
        first_line: String,
    },
    /// What was printed.
    Text {
        /// What is read.
        #[serde(flatten)]
        shown: ShownText,
        /// Lines of which a screen does not show all; folded.
        unseen: String,
    },
    /// A picture.
    Picture {
        /// Its address.
        url: String,
    },
    /// Something that is not shown.
    Named {
        /// What it is.
        name: String,
    },
}

/// A message, without the blank lines and spaces that models begin with.
pub fn said(content: &StepContent, pictures: PicturePlaces<'_>, quotes: Quotes<'_>) -> Vec<Piece> {
    let mut pieces = pieces(content, pictures, |text| {
        let text = plain(text);
        let first_line = text.trim().lines().next().unwrap_or("").to_owned();
        Piece::Said { passages: passages(text.trim(), quotes), first_line }
    });
    pieces.retain(|piece| !matches!(piece, Piece::Said { passages, .. } if passages.is_empty()));
    pieces
}

/// What a tool printed.
pub fn printed(content: &StepContent, pictures: PicturePlaces<'_>, quotes: Quotes<'_>) -> Vec<Piece> {
    pieces(content, pictures, |text| {
        let screen = screen(text);
        Piece::Text { shown: quotes.code(language_of_text(&screen.text), &screen.text), unseen: screen.unseen }
    })
}

/// The language that a text is in by what it begins with: only of a diff can that be said.
pub fn language_of_text(text: &str) -> &'static str {
    let is_diff = ["diff --git ", "*** Begin Patch", "--- a/"].iter().any(|start| text.starts_with(start));
    if is_diff { "diff" } else { "" }
}

fn pieces(content: &StepContent, pictures: PicturePlaces<'_>, show: impl Fn(&str) -> Piece) -> Vec<Piece> {
    let parts = match content {
        StepContent::Text(text) => return vec![show(text)],
        StepContent::Parts(parts) => parts,
    };
    let piece = |part: &ContentPart| match part {
        ContentPart::Text(text) => show(text),
        ContentPart::Image { path, .. } => picture(path, pictures),
        ContentPart::Other(value) => match (value["text"].as_str(), value["source"]["path"].as_str()) {
            (Some(text), _) => show(text),
            (None, Some(path)) => named(value["type"].as_str().unwrap_or("part"), path),
            (None, None) => Piece::Named { name: format!("[{}]", plain(value["type"].as_str().unwrap_or("part"))) },
        },
    };
    parts.iter().map(piece).collect()
}

/// A picture that is part of the log itself, or a file of the site; none is fetched from elsewhere.
fn picture(path: &str, pictures: PicturePlaces<'_>) -> Piece {
    match path.starts_with("data:image/") {
        true => Piece::Picture { url: path.to_owned() },
        false => pictures(path).map_or_else(|| named("image", path), |url| Piece::Picture { url }),
    }
}

fn named(kind: &str, path: &str) -> Piece {
    let shown = if path.starts_with("data:") { "within the log" } else { path };
    Piece::Named { name: format!("[{}: {}, not shown]", plain(kind), text::beginning(shown, 200)) }
}

/// Text as it was said: every kind of line end is one, other control characters are made visible.
pub fn plain(said: &str) -> Cow<'_, str> {
    let acts = |c: char| c != '\n' && c != '\t' && (c.is_control() || text::turns_direction(c));
    if !said.contains(acts) {
        return Cow::Borrowed(said);
    }
    let mut out = String::with_capacity(said.len());
    let mut chars = said.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' if matches!(chars.peek(), None | Some('\r' | '\n')) => {}
            '\r' => out.push('\n'),
            c if acts(c) => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_carriage_return_in_what_is_said_ends_a_line() {
        assert_eq!(plain("a\rb\r\nc\r\r\nd\r"), "a\nb\nc\nd");
        assert_eq!(plain("\u{1b}[1m\u{0}\u{202e}"), "\u{fffd}[1m\u{fffd}\u{fffd}");
    }
}
