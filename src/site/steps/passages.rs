//! The passages of what was said: words, headings, code and tables, told apart so that each keeps its shape.
//!
//! In: a message or a thought, which models often write in Markdown. Out: its lines in passages, every character of them
//! there as it was written. It never carries markup out: nothing of it becomes a link, a picture or an element, so that
//! what an agent writes can't look like what Goldbook says.

use super::shown::{Quotes, ShownText};
use serde::Serialize;

/// Some lines of what was said.
#[derive(Debug, Serialize)]
pub struct SaidPassage {
    /// `words`, `heading`, `code` or `table`.
    kind: &'static str,
    /// What is read.
    #[serde(flatten)]
    shown: ShownText,
}

impl SaidPassage {
    /// A passage of this kind, for a template to be tried on.
    pub fn specimen(kind: &'static str, long: bool) -> Self {
        Self { kind, shown: ShownText { html: "text".to_owned(), extent: "text".to_owned(), long } }
    }
}

/// The passages of a text, in order. Blank lines between them are left to their margins.
pub fn passages(text: &str, quotes: Quotes<'_>) -> Vec<SaidPassage> {
    let lines: Vec<&str> = text.split('\n').collect();
    let mut found = Vec::new();
    let (mut at, mut from) = (0, 0);
    while at < lines.len() {
        let (kind, length) = match (fence(lines[at]), lines[at]) {
            (Some(fence), _) => ("code", fence.length(&lines[at..])),
            (None, line) if is_heading(line) => ("heading", 1),
            _ => ("table", lines[at..].iter().take_while(|line| line.trim_start().starts_with('|')).count()),
        };
        // A single row is no table.
        if kind == "table" && length < 2 {
            at += 1;
            continue;
        }
        found.extend(words(&lines[from..at], quotes));
        found.push(passage(kind, &lines[at..at + length], quotes));
        at += length;
        from = at;
    }
    found.extend(words(&lines[from..], quotes));
    found
}

/// Lines of words, unless all are blank.
fn words(lines: &[&str], quotes: Quotes<'_>) -> Option<SaidPassage> {
    let is_blank = |line: &&str| line.trim().is_empty();
    let first = lines.iter().position(|line| !is_blank(line))?;
    let last = lines.iter().rposition(|line| !is_blank(line))?;
    Some(passage("words", &lines[first..=last], quotes))
}

fn passage(kind: &'static str, lines: &[&str], quotes: Quotes<'_>) -> SaidPassage {
    let text = lines.join("\n");
    let shown = match kind {
        "code" => code(&text, lines, quotes),
        "table" => quotes.code("", &text),
        _ => quotes.words(&text),
    };
    SaidPassage { kind, shown }
}

/// Code between its fences, which are shown as they were written.
fn code(text: &str, lines: &[&str], quotes: Quotes<'_>) -> ShownText {
    let opening = lines[0].len();
    let is_closed = lines.len() > 1 && fence(lines[lines.len() - 1]).is_some();
    let closing = text.len() - if is_closed { lines[lines.len() - 1].len() } else { 0 };
    let language = lines[0].trim_start_matches([' ', '`', '~']).trim();
    let parts = [("", &text[..opening]), (language, &text[opening..closing]), ("", &text[closing..])];
    let html = parts.map(|(language, part)| quotes.html(language, part)).concat();
    ShownText { html, ..quotes.code("", text) }
}

/// What opens a block of code, and must close it.
struct CodeFence<'a>(&'a str);

/// The fence that a line is, if it is one.
fn fence(line: &str) -> Option<CodeFence<'_>> {
    let start = line.trim_start_matches(' ');
    let sign = start.chars().next().filter(|sign| matches!(sign, '`' | '~'))?;
    let end = start.find(|c| c != sign).unwrap_or(start.len());
    // Code within a line may begin it.
    (end >= 3 && !start[end..].contains('`')).then(|| CodeFence(&start[..end]))
}

impl CodeFence<'_> {
    /// How many of the lines it takes: up to the one that closes it, else all.
    fn length(&self, lines: &[&str]) -> usize {
        let closes = |line: &&str| {
            let line = line.trim();
            line.starts_with(self.0) && line.trim_start_matches(&self.0[..1]).is_empty()
        };
        lines.iter().skip(1).position(closes).map_or(lines.len(), |inside| inside + 2)
    }
}

fn is_heading(line: &str) -> bool {
    let signs = line.len() - line.trim_start_matches('#').len();
    (1..=6).contains(&signs) && line[signs..].starts_with(' ')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(text: &str) -> Vec<(&'static str, String)> {
        passages(text, Quotes(&[])).into_iter().map(|passage| (passage.kind, passage.shown.html)).collect()
    }

    #[test]
    fn code_tables_and_headings_stand_apart_from_words() {
        let text = "# Plan\nFirst:\n\n```py\nx = 1\n```\n| a | b |\n|---|---|\n\n`code` and | no table\n#no heading";
        let kinds: Vec<&str> = shown(text).iter().map(|(kind, _)| *kind).collect();
        assert_eq!(kinds, ["heading", "words", "code", "table", "words"]);
        assert_eq!(shown(text)[2].1, "```py\nx = <span class=\"hl-number\">1</span>\n```");
        assert_eq!(shown("~~~\nnever closed").len(), 1);
        assert_eq!(shown("<b>**Gold**</b> [a](b)"), [("words", "&lt;b&gt;**Gold**&lt;/b&gt; [a](b)".to_owned())]);
    }

    proptest! {
        #[test]
        fn every_character_but_white_space_is_there(
            text in prop::collection::vec("```|~~~|# |\\| a|\n|x y|  ", 0..20).prop_map(|parts| parts.concat())
        ) {
            let solid = |text: &str| text.split_whitespace().collect::<String>();
            let html: String = shown(&text).into_iter().map(|(_, html)| html).collect();
            let said = html.split('<').map(|part| part.split_once('>').map_or(part, |(_, said)| said)).collect::<String>();
            prop_assert_eq!(solid(&said), solid(&text));
        }
    }
}
