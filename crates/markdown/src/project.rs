//! Projection: a text as one audience may have it, and what includes stand for.
//!
//! In: a text with its outline. Out: the text without the passages of narrower audiences, without HTML comments,
//! or with includes put in. It cuts whole byte ranges and never rewrites what it keeps.

use super::outline::Outline;
use goldbook_ground::source::{FileId, Span};
use std::ops::Range;
use std::sync::Arc;

/// A text made of pieces of several files; links are relative to the file that their piece came from.
#[derive(Clone, Debug)]
pub struct Pieces {
    /// The text.
    pub text: Arc<str>,
    /// From which byte on what comes from where; the first entry is at 0.
    pub origins: Arc<[(usize, Origin)]>,
}

/// A text with its outline.
#[derive(Clone, Debug)]
pub struct OutlinedText {
    /// The text.
    pub pieces: Pieces,
    /// What it holds.
    pub outline: Arc<Outline>,
}

impl OutlinedText {
    /// Reads the outline of a text.
    pub fn of(pieces: Pieces) -> Self {
        let outline = Arc::new(Outline::of(&pieces.text));
        Self { pieces, outline }
    }

    /// The same, as brought by an include.
    pub fn included(self, include: usize) -> Self {
        Self { pieces: self.pieces.included(include), ..self }
    }
}

/// Where a piece of a text comes from.
#[derive(Clone, Debug)]
pub struct Origin {
    /// The path that its file stands for.
    pub path: Arc<str>,
    /// The file that it was read from.
    pub file: FileId,
    /// Where in that file.
    pub at: usize,
    /// Which of the includes of its text brought it here, from 1; 0 for the page's own file.
    pub include: usize,
}

impl Pieces {
    /// A text of one file.
    pub fn whole(text: Arc<str>, origin: Origin) -> Self {
        Self { text, origins: Arc::new([(0, origin)]) }
    }

    /// A text of a file that is nowhere.
    #[cfg(test)]
    pub fn of_test(text: &str, path: &str) -> Self {
        use goldbook_ground::source::{Content, Source};
        let file = Source::new(path, Content::Text(text.into()));
        Self::whole(text.into(), Origin { path: path.into(), file: file.id, at: 0, include: 0 })
    }

    /// The path of the file that byte `offset` came from.
    pub fn base(&self, offset: usize) -> &str {
        &self.origin(offset).1.path
    }

    /// Where a range of the text stands in the file that it came from.
    pub fn span(&self, range: &Range<usize>) -> Span {
        let (start, origin) = self.origin(range.start);
        let at = origin.at + (range.start - start);
        Span::new(origin.file, at, at + range.len())
    }

    /// These pieces one after the other.
    pub fn joined(all: &[Self], between: &str) -> Self {
        let mut text = String::new();
        let mut origins = Vec::new();
        for (index, pieces) in all.iter().enumerate() {
            if index > 0 {
                text.push_str(between);
            }
            origins.extend(pieces.origins.iter().map(|(start, origin)| (text.len() + start, origin.clone())));
            text.push_str(&pieces.text);
        }
        Self { text: text.into(), origins: origins.into() }
    }

    /// Other words that stand for what begins at byte `offset`.
    pub fn standing_at(&self, offset: usize, words: &str) -> Self {
        let (start, origin) = self.origin(offset);
        let at = origin.at + (offset - start);
        Self::whole(words.into(), Origin { at, ..origin.clone() })
    }

    /// The same, as brought by an include; what other includes brought stays theirs.
    pub fn included(self, include: usize) -> Self {
        let own = |origin: &Origin| if origin.include == 0 { include } else { origin.include };
        let origins =
            self.origins.iter().map(|(start, origin)| (*start, Origin { include: own(origin), ..origin.clone() }));
        Self { origins: origins.collect(), ..self }
    }

    /// Where what stands at byte `offset` comes from.
    pub fn origin_at(&self, offset: usize) -> &Origin {
        &self.origin(offset).1
    }

    fn origin(&self, offset: usize) -> &(usize, Origin) {
        let after = self.origins.partition_point(|(start, _)| *start <= offset);
        &self.origins[after.saturating_sub(1)]
    }

    /// Puts other pieces in the place of ranges, which are in order and apart.
    pub fn replace(&self, edits: &[(Range<usize>, Option<Pieces>)]) -> Self {
        let mut text = String::with_capacity(self.text.len());
        let mut origins = Vec::new();
        let mut from = 0;
        for (range, replacement) in edits {
            self.copy(from..range.start.max(from), &mut text, &mut origins);
            if let Some(pieces) = replacement {
                let indent = indent_before(&self.text, range.start);
                pieces.copy_indented(&indent, &mut text, &mut origins);
            }
            let ends_line = range.end > range.start && self.text[..range.end].ends_with('\n');
            if ends_line && !text.ends_with('\n') {
                text.push('\n');
            }
            from = range.end.max(from);
        }
        self.copy(from..self.text.len(), &mut text, &mut origins);
        if origins.is_empty() {
            origins.push((0, self.origins[0].1.clone()));
        }
        Self { text: text.into(), origins: origins.into() }
    }

    fn copy(&self, range: Range<usize>, text: &mut String, origins: &mut Vec<(usize, Origin)>) {
        if range.is_empty() {
            return;
        }
        let first = self.origins.partition_point(|(start, _)| *start <= range.start).saturating_sub(1);
        for (start, origin) in self.origins[first..].iter().take_while(|(start, _)| *start < range.end) {
            let at = origin.at + range.start.saturating_sub(*start);
            origins.push((text.len() + start.saturating_sub(range.start), Origin { at, ..origin.clone() }));
        }
        text.push_str(&self.text[range]);
    }

    fn copy_indented(&self, indent: &str, text: &mut String, origins: &mut Vec<(usize, Origin)>) {
        let mut at = 0;
        for (index, line) in self.text.split_inclusive('\n').enumerate() {
            if index > 0 {
                text.push_str(indent);
            }
            self.copy(at..at + line.len(), text, origins);
            at += line.len();
        }
    }
}

/// What must stand before each further line of a block that starts at `offset`, such as `> ` or the width of a list mark.
fn indent_before(text: &str, offset: usize) -> String {
    let line = text[..offset].rfind('\n').map_or(0, |at| at + 1);
    text[line..offset].chars().map(|c| if c == '>' || c == '\t' { c } else { ' ' }).collect()
}

/// The text without passages that `visible` refuses and without HTML comments; none if it has neither.
/// A passage whose name `visible` does not know (`None`) is ordinary text.
pub fn project(pieces: &Pieces, outline: &Outline, visible: &dyn Fn(&str) -> Option<bool>) -> Option<OutlinedText> {
    let mut projected = OutlinedText::of(cut(pieces, outline, visible)?);
    // Where a comment stood before `[!INTERNAL]`, the mark begins its quote only now.
    while let Some(again) = cut(&projected.pieces, &projected.outline, visible) {
        projected = OutlinedText::of(again);
    }
    Some(projected)
}

/// The text without what its outline says is hidden; none if nothing is.
fn cut(pieces: &Pieces, outline: &Outline, visible: &dyn Fn(&str) -> Option<bool>) -> Option<Pieces> {
    let hidden = outline.passages.iter().filter(|passage| visible(&passage.audience) == Some(false));
    let mut cuts: Vec<Range<usize>> = hidden.map(|passage| passage.range.clone()).collect();
    cuts.extend(outline.comments.iter().cloned());
    if cuts.is_empty() {
        return None;
    }
    cuts.sort_by_key(|range| (range.start, std::cmp::Reverse(range.end)));
    let mut kept: Vec<(Range<usize>, Option<Pieces>)> = Vec::new();
    for cut in cuts {
        match kept.last_mut() {
            Some((last, _)) if cut.start < last.end => last.end = last.end.max(cut.end),
            _ => kept.push((cut, None)),
        }
    }
    Some(pieces.replace(&kept))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn hide(text: &str) -> String {
        let pieces = Pieces::of_test(text, "a.md");
        let visible = |name: &str| (name == "internal").then_some(false);
        project(&pieces, &Outline::of(text), &visible).map_or(text.to_owned(), |shown| shown.pieces.text.to_string())
    }

    #[test]
    fn internal_passages_go_wherever_they_stand() {
        assert_eq!(hide("a\n\n> [!INTERNAL]\n> secret\nlazy\n\nb\n"), "a\n\n\nb\n");
        assert!(!hide("- one\n\n  > [!INTERNAL]\n  > secret\n\n  two\n").contains("secret"));
        assert!(!hide("> > [!internal] secret\n> > secret\n\nafter\n").contains("secret"));
        assert!(
            !hide("1. x\n   > [!INTERNAL]\n   > - secret\n   >   ```\n   >   secret\n   >   ```\n").contains("secret")
        );
        assert!(!hide("a <!-- secret --> b\n\n<!-- secret\n\nsecret -->\n\nc\n").contains("secret"));
        assert_eq!(hide("> [!NOTE]\n> kept\n"), "> [!NOTE]\n> kept\n");
    }

    #[test]
    fn a_passage_that_begins_where_a_comment_ended_goes_too() {
        assert!(!hide("> <!-- x -->[!INTERNAL]\n> secret\n").contains("secret"));
        assert!(!hide("> <!-- x -->\n> [!INTERNAL]\n> secret\n").contains("secret"));
    }

    #[test]
    fn an_include_in_a_list_keeps_its_indent() {
        let host = Pieces::of_test("- a\n\n  XX\n", "host.md");
        let other = Pieces::of_test("one\n\ntwo\n", "other.md");
        let merged = host.replace(&[(7..10, Some(other))]);
        assert_eq!(&*merged.text, "- a\n\n  one\n  \n  two\n");
        assert_eq!(merged.base(0), "host.md");
        assert_eq!(merged.base(8), "other.md");
        let two = merged.span(&(16..19));
        assert_eq!((&merged.text[16..19], two.file, two.start), ("two", merged.span(&(8..9)).file, 5));
    }

    #[test]
    fn what_no_page_shows_goes_as_comments_do() {
        assert_eq!(hide("a\n\n[//]: # (secret)\n[comment]: <> (secret)\n").trim_end(), "a");
        assert_eq!(hide("a <template>secret</template> b\n"), "a  b\n");
        assert_eq!(hide("<template>\n\n*secret*\n\n</template>\n\nb\n"), "\n\nb\n");
        assert_eq!(hide("a <?php secret ?> b\n"), "a  b\n");
        assert_eq!(hide("see [a]\n\n[A]: b.md\n[b]: secret.md\n").trim_end(), "see [a]\n\n[A]: b.md");
    }

    proptest! {
        #[test]
        fn nothing_hidden_is_left_to_hide(text in "(<!--|-->|<template>|</template>|<\\?|\\?>|<!|\\[a\\]|: b|> |\\[!INTERNAL\\]|\n|x){0,24}") {
            let shown = hide(&text);
            prop_assert_eq!(hide(&shown), shown);
        }

        #[test]
        fn nothing_of_a_hidden_passage_stays(before in "[a-z \\n#>*-]{0,60}", after in "[a-z \\n#>*-]{0,60}", list in 0usize..3) {
            let indent = " ".repeat(list * 2);
            let text = format!("{before}\n\n{indent}> [!INTERNAL]\n{indent}> SECRET one\n{indent}> SECRET two\n\n{after}\n");
            let found = Outline::of(&text).passages.len();
            prop_assume!(found > 0);
            prop_assert!(!hide(&text).contains("SECRET"));
        }
    }
}
