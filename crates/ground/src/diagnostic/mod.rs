//! Diagnostics: what is wrong with what was read, as values.
//!
//! In: findings from every stage. Out: one sorted list, and the exit code it stands for.
//! A finding never stops a stage; `gate` stops the run between stages.

mod fault;
mod kept;
mod print;
pub mod rules;

pub use fault::{Fault, FileFault};
pub use kept::KeptFinding;
pub use print::{Format, print};
pub use rules::Rule;

use crate::disk::DiskError;
use crate::limits::{LONGEST_GUESSED, MOST_COMPARED};
use crate::source::{FileId, Sources, Span};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Severity {
    /// Not reported.
    Off,
    /// Worth knowing; changes nothing.
    Note,
    /// Should be mended; the build goes on (unless `--strict`).
    Warning,
    /// Must be mended; nothing is written.
    Error,
}

impl Severity {
    /// The word printed.
    pub fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
            Self::Off => "off",
        }
    }
}

/// Where a finding is.
#[derive(Clone, Debug)]
pub enum Place {
    /// A range of a file that was read.
    Span(Span),
    /// A line (from 1) of a file that is streamed, such as ratings; line 0 means the whole file.
    Line(String, u64),
    /// A span whose text has been looked up, ready to be printed without the sources.
    Located(Located),
    /// Nowhere in particular, such as the command line.
    Nowhere,
}

impl From<Span> for Place {
    fn from(span: Span) -> Self {
        Self::Span(span)
    }
}

impl Place {
    /// A whole file.
    pub fn file(path: impl Into<String>) -> Self {
        Self::Line(path.into(), 0)
    }

    /// The path of its file; empty where there is none.
    fn path(&self) -> &str {
        self.sort_key().0
    }

    fn sort_key(&self) -> (&str, u64, u64) {
        match self {
            Self::Located(at) => (&at.path, at.line, at.column),
            Self::Line(path, line) => (path, *line, 0),
            Self::Span(_) | Self::Nowhere => ("", 0, 0),
        }
    }
}

/// A span with the text it lies in.
#[derive(Clone, Debug)]
pub struct Located {
    /// Path below the site's root.
    pub path: String,
    /// Line, from 1.
    pub line: u64,
    /// Column in characters, from 1.
    pub column: u64,
    text: Arc<str>,
    start: usize,
    end: usize,
}

/// One finding.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// What kind of finding this is.
    pub rule: &'static Rule,
    /// How much it matters on this site.
    pub severity: Severity,
    /// Whether its severity stays, whatever the site chose for its rule.
    pub strict: bool,
    /// What was found, in a sentence.
    pub message: String,
    /// Where.
    pub place: Place,
    /// A second place that belongs to it, with a word on why.
    pub related: Vec<(Place, String)>,
    /// Ways out.
    pub help: Vec<String>,
}

impl Diagnostic {
    /// The path of the file that it is at.
    fn path(&self, sources: &Sources) -> Option<String> {
        match &self.place {
            Place::Span(span) => sources.get(span.file).map(|source| source.path.to_string()),
            Place::Line(path, _) => Some(path.clone()),
            Place::Located(_) | Place::Nowhere => None,
        }
    }

    /// Keeps its severity, whatever the site chose for its rule.
    pub fn strict(&mut self) -> &mut Self {
        self.strict = true;
        self
    }

    /// Adds a way out.
    pub fn help(&mut self, text: impl Into<String>) -> &mut Self {
        self.help.push(text.into());
        self
    }

    /// Adds a way out, if there is one.
    pub fn maybe_help(&mut self, text: Option<String>) -> &mut Self {
        self.help.extend(text);
        self
    }

    /// Adds a second place.
    pub fn related(&mut self, place: impl Into<Place>, why: impl Into<String>) -> &mut Self {
        self.related.push((place.into(), why.into()));
        self
    }
}

/// Says that errors were recorded, and that the run ends here.
#[derive(Debug)]
pub struct Halt;

/// What a command did, and what was found on the way.
pub struct Diagnosed<T> {
    /// What it did; none if findings stopped it.
    pub value: Option<T>,
    /// What was found, with places ready to be printed.
    pub diagnostics: Diagnostics,
}

/// All findings of a run.
#[derive(Clone, Debug, Default)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
}

impl Diagnostics {
    /// Records a finding; add help to what comes back.
    pub fn add(&mut self, rule: &'static Rule, place: impl Into<Place>, message: impl Into<String>) -> &mut Diagnostic {
        self.list.push(Diagnostic {
            rule,
            severity: rule.severity,
            strict: rule.mildest.is_none(),
            message: message.into(),
            place: place.into(),
            related: Vec::new(),
            help: Vec::new(),
        });
        let last = self.list.len() - 1;
        &mut self.list[last]
    }

    /// Records what is wrong with something that was read.
    pub fn fault(&mut self, rule: &'static Rule, place: impl Into<Place>, fault: Fault) -> &mut Diagnostic {
        let finding = self.add(rule, place, fault.message);
        finding.help = fault.help;
        finding
    }

    /// Records what is wrong with something, at which what needed it ends.
    pub fn stop(&mut self, rule: &'static Rule, place: impl Into<Place>, fault: Fault) -> Halt {
        self.fault(rule, place, fault);
        Halt
    }

    /// Records an error of the machine, its path seen from `root`; what needed the file ends here.
    pub fn machine(&mut self, error: &DiskError, root: &Path) -> Halt {
        let path = error.path.strip_prefix(root).unwrap_or(&error.path);
        self.add(rules::UNREADABLE, Place::file(path.display().to_string()), error.error.to_string());
        Halt
    }

    /// Does something with each item, in parallel; findings are recorded in the order of the items.
    pub fn in_parallel<T: Sync, V: Send>(&mut self, items: &[T], work: impl Fn(&T, &mut Self) -> V + Sync) -> Vec<V> {
        let one = |item: &T| {
            let mut found = Self::default();
            (work(item, &mut found), found)
        };
        let (values, found): (Vec<V>, Vec<Self>) = items.par_iter().map(one).unzip();
        found.into_iter().for_each(|found| self.append(found));
        values
    }

    /// Takes over another list.
    pub fn append(&mut self, mut other: Diagnostics) {
        self.list.append(&mut other.list);
    }

    /// Takes the findings of a rule out, so that they end nothing yet.
    #[must_use]
    pub fn take(&mut self, rule: &Rule) -> Self {
        let (taken, kept) = std::mem::take(&mut self.list).into_iter().partition(|finding| finding.rule == rule);
        self.list = kept;
        Self { list: taken }
    }

    /// Moves findings at files that are of `is_there` to another place.
    pub fn move_to(&mut self, is_there: &dyn Fn(&str) -> bool, place: &Place, sources: &Sources) {
        for finding in &mut self.list {
            if finding.path(sources).is_some_and(|path| is_there(&path)) {
                finding.place = place.clone();
            }
        }
    }

    /// Takes over a list that others keep too.
    pub fn append_shared(&mut self, other: &Self) {
        self.list.extend_from_slice(&other.list);
    }

    /// Turns errors and warnings into notes, as for sealed sources: what is sealed can't be mended.
    pub fn into_sealed(mut self, release: &str) -> Self {
        for finding in &mut self.list {
            finding.message = format!("in the sealed release {release}: {}", finding.message);
            finding.rule = rules::SEALED_FINDING;
            finding.severity = rules::SEALED_FINDING.severity;
            finding.strict = true;
        }
        self
    }

    /// The findings as ones of another rule, which says how much they matter.
    pub fn under(mut self, rule: &'static Rule) -> Self {
        for finding in &mut self.list {
            (finding.rule, finding.severity) = (rule, rule.severity);
        }
        self
    }

    /// The findings without their ways out, which are those of another command.
    pub fn without_help(mut self) -> Self {
        self.list.iter_mut().for_each(|finding| finding.help.clear());
        self
    }

    /// Marks the findings as settings, so that a run that stops at them exits with 2.
    pub fn as_settings(&mut self) {
        for finding in &mut self.list {
            finding.rule = match finding.rule.id {
                "unknown-key" => rules::UNKNOWN_SETTING,
                "unreadable" => rules::UNREADABLE,
                _ => rules::INVALID_SETTINGS,
            };
        }
    }

    /// Gives each adjustable finding the severity that the site chose for its rule.
    pub fn apply(&mut self, checks: &BTreeMap<String, Severity>) {
        for finding in &mut self.list {
            if let Some(severity) = checks.get(finding.rule.id).filter(|_| !finding.strict) {
                finding.severity = *severity;
            }
        }
        self.list.retain(|finding| finding.severity != Severity::Off);
    }

    /// Looks up the text of every span, so that the list can be printed without the sources.
    pub fn locate(&mut self, sources: &Sources) {
        let places = self.list.iter_mut().flat_map(|finding| {
            let related = finding.related.iter_mut().map(|(place, _)| place);
            std::iter::once(&mut finding.place).chain(related)
        });
        let spans = places.filter_map(|place| match place {
            Place::Span(span) => Some((*span, place)),
            _ => None,
        });
        let mut spans: Vec<(Span, &mut Place)> = spans.collect();
        spans.sort_by_key(|(span, _)| (span.file, span.start));
        let mut cursor = None;
        for (span, place) in spans {
            *place = locate(span, sources, &mut cursor);
        }
    }

    /// Ends the run if an error was recorded.
    pub fn gate(&self) -> Result<(), Halt> {
        if self.has(Severity::Error) { Err(Halt) } else { Ok(()) }
    }

    /// Whether a finding of this severity is there.
    pub fn has(&self, severity: Severity) -> bool {
        self.count(severity) > 0
    }

    /// The ranges of files at which something was found, as long as they are not looked up.
    pub fn spans(&self) -> impl Iterator<Item = Span> {
        self.list.iter().filter_map(|finding| match finding.place {
            Place::Span(span) => Some(span),
            _ => None,
        })
    }

    /// The errors at files below a folder.
    pub fn errors_below(self, folder: &str, sources: &Sources) -> Self {
        let is_below = |finding: &Diagnostic| {
            finding.severity == Severity::Error && finding.path(sources).is_some_and(|path| path.starts_with(folder))
        };
        Self { list: self.list.into_iter().filter(is_below).collect() }
    }

    /// The paths of files at which an error was found.
    pub fn paths_of_errors(&self, sources: &Sources) -> BTreeSet<String> {
        let errors = self.list.iter().filter(|finding| finding.severity == Severity::Error);
        errors.filter_map(|finding| finding.path(sources)).collect()
    }

    /// Whether a rule is broken somewhere.
    pub fn breaks(&self, rule: &Rule) -> bool {
        self.list.iter().any(|finding| finding.rule == rule)
    }

    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// How many findings of this severity are there.
    pub fn count(&self, severity: Severity) -> usize {
        self.list.iter().filter(|finding| finding.severity == severity).count()
    }

    /// The findings by file, line and column.
    pub fn sorted(&self) -> Vec<&Diagnostic> {
        let mut list: Vec<&Diagnostic> = self.list.iter().collect();
        list.sort_by(|a, b| {
            (a.place.sort_key(), a.rule.id, &a.message).cmp(&(b.place.sort_key(), b.rule.id, &b.message))
        });
        list
    }

    /// 0 clean, 1 findings, 2 usage or settings, 3 the machine. With `strict`, warnings count.
    pub fn exit_code(&self, strict: bool) -> u8 {
        let errors = self.list.iter().filter(|finding| finding.severity == Severity::Error);
        let worst = errors.map(|finding| finding.rule.exit).max().unwrap_or(0);
        if worst == 0 && strict && self.has(Severity::Warning) { 1 } else { worst }
    }
}

/// How far the lines of a file have been counted: of many findings in one file, each goes on from the one before.
struct Cursor {
    file: FileId,
    at: usize,
    line: u64,
    column: u64,
}

impl Cursor {
    fn advance(&mut self, text: &str, to: usize) {
        let passed = &text[self.at..to];
        match passed.rfind('\n') {
            Some(last) => {
                self.line += passed.bytes().filter(|byte| *byte == b'\n').count() as u64;
                self.column = 1 + passed[last + 1..].chars().count() as u64;
            }
            None => self.column += passed.chars().count() as u64,
        }
        self.at = to;
    }
}

fn locate(span: Span, sources: &Sources, cursor: &mut Option<Cursor>) -> Place {
    let Some(source) = sources.get(span.file) else { return Place::Nowhere };
    let Some(text) = source.text() else {
        return Place::file(&*source.path);
    };
    let start = floor_char_boundary(text, span.start as usize);
    let end = floor_char_boundary(text, span.end as usize).max(start);
    let known = cursor.take().filter(|cursor| cursor.file == span.file && cursor.at <= start);
    let cursor = cursor.insert(known.unwrap_or(Cursor { file: span.file, at: 0, line: 1, column: 1 }));
    cursor.advance(text, start);
    let (line, column) = (cursor.line, cursor.column);
    Place::Located(Located { path: source.path.to_string(), line, column, text: text.clone(), start, end })
}

fn floor_char_boundary(text: &str, mut offset: usize) -> usize {
    offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

/// The nearest of `known` to what was typed, as a question; none when nothing is near.
pub fn did_you_mean<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let typed = typed.to_lowercase();
    let limit = typed.chars().count().max(3) / 3;
    let nearness = |word: &'a str| {
        let known = word.to_lowercase();
        let apart = distance(&typed, &known);
        // A slip at the first letter is rare: `alfa` may be `alpha`, and `rater` is no `date`.
        let starts_alike = known.chars().next() == typed.chars().next();
        (apart <= limit + usize::from(starts_alike)).then_some((apart, !starts_alike, word))
    };
    let (_, _, best) = known.into_iter().take(MOST_COMPARED).filter_map(nearness).min()?;
    Some(format!("did you mean `{best}`?"))
}

/// How many letters two words differ by; out of reach where one is too long to be guessed at.
pub fn distance(one: &str, other: &str) -> usize {
    let comparable = one.len().max(other.len()) <= LONGEST_GUESSED;
    if comparable { strsim::damerau_levenshtein(one, other) } else { usize::MAX }
}

/// The allowed words as prose: `` `a`, `b` or `c` ``.
pub fn one_of<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let words: Vec<String> = words.into_iter().map(|word| format!("`{word}`")).collect();
    match words.as_slice() {
        [] => "nothing".to_owned(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_suggested_that_begins_alike_or_is_nearer() {
        let meant = |typed, known: &[&'static str]| did_you_mean(typed, known.iter().copied());
        assert_eq!(meant("alfa", &["alpha", "kappa"]), Some("did you mean `alpha`?".to_owned()));
        assert_eq!(meant("rater", &["date"]), None);
        assert_eq!(meant("leed", &["feel", "leads"]), Some("did you mean `leads`?".to_owned()));
        assert_eq!(meant("Titel", &["item", "title"]), Some("did you mean `title`?".to_owned()));
    }
}
