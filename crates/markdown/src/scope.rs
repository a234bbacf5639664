//! Scope: a part of a file as it may stand in another one.
//!
//! In: a file's text, the part that is wanted, and a number that no other included file has. Out: the part, with its
//! footnotes and references under names of their own, and the definitions that it needs from the rest of its file. What
//! its own file does not define stays undefined, whatever the other file defines.

use super::events::{MarkdownText, TextReferences, UndefinedReference};
use super::label;
use super::losses::LossKind;
use super::outline::Outline;
use super::project::{OutlinedText, Pieces};
use pulldown_cmark::{Event, LinkType, Tag};
use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

/// A use of a label: where it stands, which part of that names it, and the label.
struct LabelUse {
    range: Range<usize>,
    named: Range<usize>,
    label: String,
}

/// What a text defines, and where it uses that.
#[derive(Default)]
pub struct LabelUses {
    references: Vec<LabelUse>,
    footnotes: Vec<LabelUse>,
    /// The footnotes: where each stands, and its name.
    notes: Vec<(Range<usize>, String)>,
    /// The definitions of references.
    definitions: Vec<(Range<usize>, String)>,
    /// Brackets whose label is defined nowhere, and the label.
    undefined: Vec<(usize, String)>,
}

/// The part of a text as it may stand in another file, which has these labels.
pub fn part(whole: &OutlinedText, part: Range<usize>, number: usize, outer: &LabelUses) -> Pieces {
    let pieces = &whole.pieces;
    let labels = LabelUses::of(&pieces.text, &whole.outline);
    let parts = labels.needed(part);
    let edits = labels.edits(&pieces.text, number, outer);
    let length = pieces.text.len();
    let cut = |part: &Range<usize>| {
        let first = edits.partition_point(|(range, _)| range.start < part.start);
        let inside = edits[first..].iter().take_while(|(range, _)| range.end <= part.end);
        let inside = inside.map(|(range, text)| (range.clone(), Some(pieces.standing_at(range.start, text))));
        let around = |range: Range<usize>| (!range.is_empty()).then_some((range, None));
        let edits = around(0..part.start).into_iter().chain(inside).chain(around(part.end..length));
        pieces.replace(&edits.collect::<Vec<_>>())
    };
    if let ([only], true) = (&parts[..], edits.is_empty()) {
        return if *only == (0..length) { pieces.clone() } else { cut(only) };
    }
    Pieces::joined(&parts.iter().map(cut).collect::<Vec<_>>(), "\n\n")
}

/// The uses that stand in a range. They are in order.
fn inside<'u>(uses: &'u [LabelUse], range: &Range<usize>) -> &'u [LabelUse] {
    let at = |offset: usize| uses.partition_point(|used| used.range.start < offset);
    &uses[at(range.start)..at(range.end)]
}

impl LabelUses {
    /// The labels of a text.
    pub fn of(text: &str, outline: &Outline) -> Self {
        let mut found = Self::default();
        let reading = MarkdownText::of(text);
        let references = reading.each(|event, range| found.pass(text, &event, range));
        let TextReferences { definitions, undefined, .. } = references;
        found.definitions = definitions;
        let footnotes = outline.losses.iter().filter(|loss| loss.kind == LossKind::UndefinedFootnote);
        let footnotes = footnotes.map(|loss| (loss.range.start, text[loss.range.clone()].to_owned()));
        let references = undefined.into_iter().flat_map(|UndefinedReference { range, label: name, .. }| {
            // `[text][name]` has two brackets, either of which could begin a link.
            let brackets = [text[range.clone()].find('['), text[range.clone()].rfind('[')].into_iter().flatten();
            brackets.map(|at| (range.start + at, label(&name))).collect::<Vec<_>>()
        });
        found.undefined = footnotes.chain(references).collect();
        found
    }

    /// All that is defined: labels, and footnotes as `[^name]`.
    fn defined(&self) -> BTreeSet<String> {
        let notes = self.notes.iter().map(|(_, name)| format!("[^{name}]"));
        notes.chain(self.definitions.iter().map(|(_, label)| label.clone())).collect()
    }

    fn pass(&mut self, text: &str, event: &Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(Tag::Link { link_type, id, .. } | Tag::Image { link_type, id, .. }) => {
                let at = match link_type {
                    LinkType::Reference | LinkType::Collapsed => {
                        range.start + text[range.clone()].rfind('[').unwrap_or(range.len())
                    }
                    LinkType::Shortcut => range.end,
                    _ => return,
                };
                self.references.push(LabelUse { named: at..range.end, range, label: label(id) });
            }
            Event::FootnoteReference(name) => {
                self.footnotes.push(LabelUse { named: range.clone(), range, label: name.to_string() });
            }
            Event::Start(Tag::FootnoteDefinition(name)) => self.notes.push((range, name.to_string())),
            _ => {}
        }
    }

    /// The part, and what lies beyond it that it needs.
    fn needed(&self, part: Range<usize>) -> Vec<Range<usize>> {
        let notes: HashMap<&str, &Range<usize>> =
            self.notes.iter().rev().map(|(range, name)| (&**name, range)).collect();
        let definitions: HashMap<&str, &Range<usize>> =
            self.definitions.iter().map(|(range, label)| (&**label, range)).collect();
        let mut taken = BTreeSet::new();
        let mut parts = vec![part.clone()];
        let mut at = 0;
        while let Some(next) = parts.get(at).cloned() {
            let footnotes = inside(&self.footnotes, &next).iter().filter_map(|used| notes.get(&*used.label));
            let references = inside(&self.references, &next).iter().filter_map(|used| definitions.get(&*used.label));
            for range in footnotes.chain(references) {
                let beyond = range.start < part.start || range.end > part.end;
                if beyond && taken.insert(range.start) {
                    parts.push((*range).clone());
                }
            }
            at += 1;
        }
        parts
    }

    /// What is to stand where, in the order of the text.
    fn edits(&self, text: &str, number: usize, outer: &Self) -> Vec<(Range<usize>, String)> {
        let references = self.references.iter().map(|used| (used.named.clone(), format!("[{}:{number}]", used.label)));
        let footnotes = self.footnotes.iter().map(|used| (used.named.clone(), format!("[^{}:{number}]", used.label)));
        let name = |range: &Range<usize>, mark: &str, name: &str| {
            let end = text[range.clone()].find("]:").map_or(range.end, |at| range.start + at + 1);
            (range.start..end, format!("[{mark}{name}:{number}]"))
        };
        let notes = self.notes.iter().map(|(range, known)| name(range, "^", known));
        let definitions = self.definitions.iter().map(|(range, known)| name(range, "", known));
        let known = outer.defined();
        let undefined = self.undefined.iter().filter(|(_, name)| known.contains(name));
        let undefined = undefined.map(|(at, _)| (*at..*at, "\\".to_owned()));
        let edits = references.chain(footnotes).chain(notes).chain(definitions).chain(undefined);
        let mut edits: Vec<(Range<usize>, String)> = edits.collect();
        edits.sort_by_key(|(range, _)| (range.start, range.end));
        edits.dedup();
        // Where one lies in another, as an image in a link, the outer one's name comes last and both stand.
        let mut apart: Vec<(Range<usize>, String)> = Vec::new();
        for (range, text) in edits {
            if apart.last().is_none_or(|(last, _)| last.end <= range.start) {
                apart.push((range, text));
            }
        }
        apart
    }
}
