//! The one printer of diagnostics: for people (with the line and a way out) or as JSON lines.
//!
//! In: a list of findings. Out: text. It never decides anything and never exits.

use super::{Diagnostic, Diagnostics, Located, Place, Severity};
use crate::limits::{LONGEST_MESSAGE, MOST_FINDINGS_SHOWN};
use crate::text;
use annotate_snippets::{AnnotationKind, Element, Group, Level, Origin, Renderer, Snippet};
use std::collections::BTreeMap;
use std::io::{self, Write};

/// How findings are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For people, with colour.
    Colour,
    /// For people, without.
    Plain,
    /// One JSON object a line.
    Json,
}

/// Prints all findings in file and line order, then (for people) how many there are.
pub fn print(diagnostics: &Diagnostics, format: Format, out: &mut impl Write) -> io::Result<()> {
    let mut shown: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for finding in diagnostics.sorted() {
        if format != Format::Json {
            let same = shown.entry((finding.place.path(), finding.rule.id)).or_default();
            *same += 1;
            if *same > MOST_FINDINGS_SHOWN {
                continue;
            }
        }
        match format {
            Format::Json => writeln!(out, "{}", json(finding))?,
            Format::Plain => writeln!(out, "{}\n", human(finding, &Renderer::plain()))?,
            Format::Colour => writeln!(out, "{}\n", human(finding, &Renderer::styled()))?,
        }
    }
    for ((path, rule), count) in shown.iter().filter(|(_, count)| **count > MOST_FINDINGS_SHOWN) {
        let more = count - MOST_FINDINGS_SHOWN;
        writeln!(out, "{path}: {more} more of {rule}; `--json` shows all\n", path = text::line(path))?;
    }
    if format != Format::Json && !diagnostics.list.is_empty() {
        writeln!(out, "{}", summary(diagnostics))?;
    }
    Ok(())
}

/// `2 errors, 1 warning`.
fn summary(diagnostics: &Diagnostics) -> String {
    let counts = [Severity::Error, Severity::Warning, Severity::Note].map(|severity| {
        let count = diagnostics.count(severity);
        let plural = if count == 1 { "" } else { "s" };
        (count, format!("{count} {}{plural}", severity.name()))
    });
    let words: Vec<String> = counts.into_iter().filter(|(count, _)| *count > 0).map(|(_, text)| text).collect();
    words.join(", ")
}

fn human(finding: &Diagnostic, renderer: &Renderer) -> String {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note | Severity::Off => Level::NOTE,
    };
    let message = printable(&finding.message);
    let mut group = match place_element(&finding.place, AnnotationKind::Primary, None) {
        Some(element) => level.clone().primary_title(message.as_str()).id(finding.rule.id).element(element),
        None => Group::with_title(level.clone().primary_title(message.as_str()).id(finding.rule.id)),
    };
    for (place, why) in &finding.related {
        match place {
            Place::Line(path, _) => group = group.element(Level::NOTE.message(printable(&format!("{why}: {path}")))),
            place => group = group.elements(place_element(place, AnnotationKind::Context, Some(why))),
        }
    }
    for help in &finding.help {
        group = group.element(Level::HELP.message(printable(help)));
    }
    renderer.render(&[group])
}

fn place_element<'a>(place: &'a Place, kind: AnnotationKind, why: Option<&'a str>) -> Option<Element<'a>> {
    match place {
        Place::Located(at) => {
            let annotation = kind.span(at.excerpt_range()).label(why);
            let (excerpt, line) = at.excerpt();
            let snippet = Snippet::source(excerpt).line_start(line).path(text::line(&at.path).into_owned());
            Some(snippet.annotation(annotation).into())
        }
        Place::Line(path, 0) => Some(Origin::path(text::line(path)).into()),
        Place::Line(path, line) => {
            let line = usize::try_from(*line).unwrap_or(usize::MAX);
            Some(Origin::path(text::line(path)).line(line).into())
        }
        Place::Span(_) | Place::Nowhere => None,
    }
}

/// Longest line and longest span that are quoted; a one-line file of a gigabyte is not.
const LONGEST_EXCERPT: usize = 240;

impl Located {
    /// The line the span starts in, cut near the span where it is very long, and its number.
    fn excerpt(&self) -> (&str, usize) {
        let (start, end) = self.bounds();
        (&self.text[start..end], usize::try_from(self.line).unwrap_or(usize::MAX))
    }

    fn excerpt_range(&self) -> std::ops::Range<usize> {
        let (start, end) = self.bounds();
        self.start - start..self.end.clamp(self.start, end) - start
    }

    fn bounds(&self) -> (usize, usize) {
        let line_start = self.text[..self.start].rfind('\n').map_or(0, |at| at + 1);
        let line_end = self.text[self.start..].find('\n').map_or(self.text.len(), |at| self.start + at);
        let line_end = line_end - usize::from(self.text[..line_end].ends_with('\r')).min(line_end - self.start);
        let start = line_start.max(self.start.saturating_sub(LONGEST_EXCERPT));
        let end = line_end.min(self.start + LONGEST_EXCERPT);
        let start = super::floor_char_boundary(&self.text, start);
        (start, super::floor_char_boundary(&self.text, end).max(self.start))
    }
}

/// Control characters from hostile input must not reach a terminal, nor those that turn the direction of text so that
/// it reads as what it is not. What is very long is cut.
fn printable(text: &str) -> String {
    match text.char_indices().nth(LONGEST_MESSAGE) {
        Some((end, _)) => format!("{}…", text::visible(&text[..end])),
        None => text::visible(text).into_owned(),
    }
}

fn json(finding: &Diagnostic) -> serde_json::Value {
    let place = |place: &Place| match place {
        Place::Located(at) => (Some(at.path.clone()), Some(at.line), Some(at.column)),
        Place::Line(path, line) => (Some(path.clone()), (*line > 0).then_some(*line), None),
        Place::Span(_) | Place::Nowhere => (None, None, None),
    };
    let (path, line, column) = place(&finding.place);
    let related: Vec<_> = finding
        .related
        .iter()
        .map(|(at, why)| {
            let (path, line, column) = place(at);
            serde_json::json!({"path": path, "line": line, "column": column, "message": why})
        })
        .collect();
    serde_json::json!({
        "rule": finding.rule.id, "severity": finding.severity.name(), "message": finding.message,
        "path": path, "line": line, "column": column, "help": finding.help, "related": related,
    })
}
