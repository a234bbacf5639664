//! Projection: a text as one audience may have it, and what includes stand for.
//!
//! In: a text with its outline. Out: the text without the passages of narrower audiences, without HTML comments,
//! or with includes put in. It cuts whole byte ranges and never rewrites what it keeps.

use super::outline::Outline;
use std::ops::Range;
use std::sync::Arc;

/// A text made of pieces of several files; links are relative to the file that their piece came from.
#[derive(Clone, Debug)]
pub struct Pieces {
    /// The text.
    pub text: Arc<str>,
    /// From which byte on which file's path counts; the first entry is at 0.
    pub bases: Arc<[(usize, Arc<str>)]>,
}

impl Pieces {
    /// A text of one file.
    pub fn whole(text: Arc<str>, path: Arc<str>) -> Self {
        Self { text, bases: Arc::new([(0, path)]) }
    }

    /// The path of the file that byte `offset` came from.
    pub fn base(&self, offset: usize) -> &str {
        let after = self.bases.partition_point(|(start, _)| *start <= offset);
        &self.bases[after.saturating_sub(1)].1
    }

    /// Puts other pieces in the place of ranges, which are in order and apart.
    pub fn replace(&self, edits: &[(Range<usize>, Option<Pieces>)]) -> Self {
        let mut text = String::with_capacity(self.text.len());
        let mut bases = Vec::new();
        let mut from = 0;
        for (range, replacement) in edits {
            self.copy(from..range.start.max(from), &mut text, &mut bases);
            if let Some(pieces) = replacement {
                let indent = indent_before(&self.text, range.start);
                pieces.copy_indented(&indent, &mut text, &mut bases);
            }
            let ends_line = range.end > range.start && self.text[..range.end].ends_with('\n');
            if ends_line && !text.ends_with('\n') {
                text.push('\n');
            }
            from = range.end.max(from);
        }
        self.copy(from..self.text.len(), &mut text, &mut bases);
        if bases.is_empty() {
            bases.push((0, self.bases[0].1.clone()));
        }
        Self { text: text.into(), bases: bases.into() }
    }

    fn copy(&self, range: Range<usize>, text: &mut String, bases: &mut Vec<(usize, Arc<str>)>) {
        if range.is_empty() {
            return;
        }
        let first = self.bases.partition_point(|(start, _)| *start <= range.start).saturating_sub(1);
        for (start, path) in self.bases[first..].iter().take_while(|(start, _)| *start < range.end) {
            bases.push((text.len() + start.saturating_sub(range.start), path.clone()));
        }
        text.push_str(&self.text[range]);
    }

    fn copy_indented(&self, indent: &str, text: &mut String, bases: &mut Vec<(usize, Arc<str>)>) {
        let mut at = 0;
        for (index, line) in self.text.split_inclusive('\n').enumerate() {
            if index > 0 {
                text.push_str(indent);
            }
            self.copy(at..at + line.len(), text, bases);
            at += line.len();
        }
    }
}

/// What must stand before each further line of a block that starts at `offset`, such as `> ` or the width of a list mark.
fn indent_before(text: &str, offset: usize) -> String {
    let line = text[..offset].rfind('\n').map_or(0, |at| at + 1);
    text[line..offset].chars().map(|c| if c == '>' || c == '\t' { c } else { ' ' }).collect()
}

/// The text without passages that `visible` refuses and without HTML comments.
/// A passage whose name `visible` does not know (`None`) is ordinary text.
pub fn project(pieces: &Pieces, outline: &Outline, visible: &dyn Fn(&str) -> Option<bool>) -> Option<Pieces> {
    let mut projected = cut(pieces, outline, visible)?;
    // Where a comment stood before `[!INTERNAL]`, the mark begins its quote only now.
    while let Some(again) = cut(&projected, &Outline::of(&projected.text), visible) {
        projected = again;
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
        let pieces = Pieces::whole(text.into(), "a.md".into());
        let visible = |name: &str| (name == "internal").then_some(false);
        project(&pieces, &Outline::of(text), &visible).map_or(text.to_owned(), |pieces| pieces.text.to_string())
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
        let host = Pieces::whole("- a\n\n  XX\n".into(), "host.md".into());
        let other = Pieces::whole("one\n\ntwo\n".into(), "other.md".into());
        let merged = host.replace(&[(7..10, Some(other))]);
        assert_eq!(&*merged.text, "- a\n\n  one\n  \n  two\n");
        assert_eq!(merged.base(0), "host.md");
        assert_eq!(merged.base(8), "other.md");
    }

    proptest! {
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
