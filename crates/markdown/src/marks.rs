//! Marks: what looks as if it hid something, and does not.
//!
//! In: a text with its outline, and the names of audiences. Out: the places at which an author may have meant a passage
//! for some: `[INTERNAL]`, `:::internal`, a bracket that never closes, a quote after an empty line behind a passage. It
//! never hides anything itself.

use super::events::MarkdownText;
use super::outline::Outline;
use super::quote_mark::mark_place;
use super::{is_quiz, lies_in};
use pulldown_cmark::{Event, Tag};
use std::collections::BTreeSet;
use std::ops::Range;

/// A place at which something is shown that may have been meant to be hidden.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Doubtful {
    /// A mark that is none.
    Mark(Range<usize>),
    /// A quote right after a passage, which an empty line ended.
    Quote(Range<usize>),
}

/// All such places; `names` are those that a mark could have.
pub fn doubtful(text: &str, outline: &Outline, names: &[&str]) -> Vec<Doubtful> {
    let marks = marks(text, outline, names);
    if marks.is_empty() && outline.passages.is_empty() {
        return Vec::new();
    }
    let blocks = MarkdownBlocks::of(text);
    let links: BTreeSet<usize> = outline.links.iter().map(|link| link.range.start).collect();
    let is_text = |range: &Range<usize>| !lies_in(&blocks.code, range.start);
    let marks = marks.into_iter().filter(|range| is_text(range) && links.range(range.clone()).next().is_none());
    marks.map(Doubtful::Mark).chain(quotes(text, outline, &blocks).into_iter().map(Doubtful::Quote)).collect()
}

/// The blocks of a text that matter here.
struct MarkdownBlocks {
    code: Vec<Range<usize>>,
    quotes: Vec<Range<usize>>,
}

impl MarkdownBlocks {
    fn of(text: &str) -> Self {
        let mut blocks = Self { code: Vec::new(), quotes: Vec::new() };
        for (event, range) in MarkdownText::of(text).events() {
            match event {
                Event::Start(Tag::CodeBlock(kind)) if is_quiz(&kind) => {}
                Event::Code(_) | Event::Start(Tag::CodeBlock(_)) => blocks.code.push(range),
                Event::Start(Tag::BlockQuote(_)) => blocks.quotes.push(range),
                _ => {}
            }
        }
        blocks
    }
}

/// Quotes without a mark of their own that follow a passage, with nothing but empty lines between.
fn quotes(text: &str, outline: &Outline, blocks: &MarkdownBlocks) -> Vec<Range<usize>> {
    let end = |at: usize| text[..at].trim_end().len();
    let ends: BTreeSet<usize> = outline.passages.iter().map(|passage| end(passage.range.end)).collect();
    let is_marked = |quote: &Range<usize>| mark_place(text, quote).is_none_or(|at| text[at..].starts_with("[!"));
    let follows = |quote: &&Range<usize>| ends.contains(&end(quote.start)) && !is_marked(quote);
    blocks.quotes.iter().filter(follows).cloned().collect()
}

/// The lines that begin with something like a mark, and brackets of marks that never close.
fn marks(text: &str, outline: &Outline, names: &[&str]) -> Vec<Range<usize>> {
    let known: BTreeSet<usize> = outline.passages.iter().chain(&outline.strays).map(|passage| passage.mark).collect();
    let known = |range: Range<usize>| known.range(range).next().is_some();
    let mut found = Vec::new();
    let mut start = 0;
    let has_marks = text.contains("[!");
    for line in text.split_inclusive('\n') {
        // Most lines begin with a letter: such a line is in no quote, and no sign stands before its first word.
        let is_plain = line.trim_start().starts_with(char::is_alphabetic);
        if is_plain && !has_marks {
            start += line.len();
            continue;
        }
        let (inside, is_quote) = without_containers(line);
        let at = start + (line.len() - inside.len());
        if let Some(length) = like_a_mark(inside, is_quote, names)
            && !known(at..at + length)
        {
            found.push(at..at + length);
        }
        for (open, _) in inside.match_indices("[!").filter(|(open, _)| *open > 0 && !known(at + open..at + open + 1)) {
            if let Some((_, length)) = word_after(&inside[open + 2..], names) {
                found.push(at + open..at + open + 2 + length);
            }
        }
        start += line.len();
    }
    found
}

/// A line without the marks of the quotes and lists that it stands in, and whether it stands in a quote.
fn without_containers(line: &str) -> (&str, bool) {
    let (mut rest, mut is_quote) = (line.trim_start(), false);
    loop {
        let inner = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        let numbered = (inner.len() < rest.len()).then(|| inner.strip_prefix(['.', ')'])).flatten();
        let listed = rest.strip_prefix(['-', '*', '+']).or(numbered).filter(|rest| rest.starts_with([' ', '\t']));
        match rest.strip_prefix('>') {
            Some(inner) => (rest, is_quote) = (inner.trim_start(), true),
            None => match listed {
                Some(inner) => rest = inner.trim_start(),
                None => return (rest, is_quote),
            },
        }
    }
}

/// Most characters before the name of an audience that may be meant as a mark.
const LONGEST: usize = 12;

/// How long the mark is that a line seems to begin with.
fn like_a_mark(line: &str, is_quote: bool, names: &[&str]) -> Option<usize> {
    if let Some(length) = behind_another(line, names) {
        return Some(length);
    }
    let sign = line.find(char::is_alphanumeric).filter(|at| line[..*at].chars().count() <= LONGEST)?;
    let signs = &line[..sign];
    let (word, length) = word_after(&line[sign..], names)?;
    let rest = &line[sign + length..];
    if signs.starts_with("<!--") || signs.starts_with("[ ]") || signs.contains("[^") {
        return None;
    }
    // A link, a picture or the definition of a link.
    let closed = rest.split_once([']', '］']);
    if signs.contains('[') && closed.is_some_and(|(_, after)| after.starts_with(['(', '[', ':'])) {
        return None;
    }
    let ends =
        rest.trim_start_matches(['*', '_', ' ']).chars().next().is_none_or(|c| matches!(c, ':' | ']' | '\n' | '\r'));
    let is_loud = word.chars().any(char::is_uppercase) && !word.chars().any(char::is_lowercase);
    let is_sign = |c: char| matches!(c, '[' | '［' | '【');
    let brackets =
        signs.contains(is_sign) && (rest.starts_with([']', '］', '】']) || is_quote && is_loud || closed.is_none());
    let others = signs.contains(['!', '！', '{', '<']) || signs.contains(":::");
    let said = is_quote
        && signs.chars().all(|c| matches!(c, '*' | '_' | '('))
        && ends
        && (is_loud || !signs.is_empty() || rest.starts_with(':'));
    (brackets || others || said).then_some(sign + length)
}

/// `[!NOTE] INTERNAL`: a name in the place of a title.
fn behind_another(line: &str, names: &[&str]) -> Option<usize> {
    let (mark, title) = line.strip_prefix("[!")?.split_once(']')?;
    let is_other = !names.iter().any(|name| name.eq_ignore_ascii_case(mark.trim()));
    let sign = title.find(char::is_alphanumeric).filter(|_| is_other)?;
    let (word, length) = word_after(&title[sign..], names)?;
    let rest = title[sign + length..].trim_start_matches(['*', '_', ']']);
    let is_loud = !word.chars().any(char::is_lowercase);
    let is_whole = rest.trim().is_empty() || rest.starts_with(':');
    (is_loud || is_whole).then_some(line.len() - title.len() + sign + length)
}

/// The name that a text begins with, as it is written, spaces before it counted.
fn word_after<'a>(text: &'a str, names: &[&str]) -> Option<(&'a str, usize)> {
    let inner = text.trim_start_matches([' ', '\t']);
    let end = inner.find(|c: char| !c.is_alphanumeric() && c != '-' && c != '_').unwrap_or(inner.len());
    let word = &inner[..end];
    names.iter().any(|name| name.eq_ignore_ascii_case(word)).then_some((word, text.len() - inner.len() + end))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<Doubtful> {
        doubtful(text, &Outline::of(text), &["contractors", "internal", "leads"])
    }

    #[test]
    fn what_looks_like_a_mark_is_found() {
        for text in [
            "> [INTERNAL]\n> x",
            "[internal]\n\nx",
            "> !INTERNAL\n> x",
            "!internal x",
            "> [!INTERNAL\n> x",
            "> [!INTERNAL first part\n> x",
            "x [!internal y",
            ":::internal\nx\n:::",
            "::: {.internal}\nx\n:::",
            "!!! internal\n    x",
            "- {INTERNAL} x",
            "> [!NOTE] INTERNAL\n> x",
            "> [!TIP] Internal: x\n> y",
            "> ［!INTERNAL］\n> x",
            "> [INTERNAL ONLY]\n> x",
            "> **INTERNAL**\n> x",
            "> Internal: x",
            "> INTERNAL\n> x",
            "<internal>\nx\n</internal>",
        ] {
            assert!(matches!(found(text).first(), Some(Doubtful::Mark(_))), "{text}");
        }
    }

    #[test]
    fn what_is_none_is_left_alone() {
        for text in [
            "> [!INTERNAL]\n> x",
            "> [!internal] x",
            "[Internal](x.md) y",
            "[internal][x] y\n\n[internal]: x.md",
            "[leads]\n\n[leads]: x.md",
            "![internal](x.png)",
            "Internal: x",
            "Leads and contractors read this.",
            "> Leads read this.",
            "> \"Contractors wait.\"",
            "> Leads",
            "> [!NOTE] Internal pages are no secret\n> x",
            "- [ ] Internal review",
            "x[^internal]\n\n[^internal]: y",
            "`[INTERNAL]` and\n\n    [INTERNAL]\n\n```\n:::internal\n```",
            "<!-- internal: x -->",
            "[Contractors who wait for an answer] do so.",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }

    #[test]
    fn a_quote_behind_a_passage_is_found() {
        let quotes = |text: &str| found(text).len();
        assert_eq!(quotes("> [!INTERNAL]\n> a\n\n> b\n"), 1);
        assert_eq!(quotes("- > [!INTERNAL]\n  > a\n\n\n  > b\n"), 1);
        for text in [
            "> [!INTERNAL]\n> a\n\nb\n\n> c\n",
            "> [!INTERNAL]\n> a\n\n> [!NOTE]\n> b\n",
            "> [!INTERNAL]\n> a\n>\n> b\n",
            "> [!INTERNAL]\n> a\n> > b\n",
            "> [!NOTE]\n> a\n\n> b\n",
        ] {
            assert_eq!(quotes(text), 0, "{text}");
        }
    }
}
