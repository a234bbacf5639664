//! Written gold: `gold.csv` of a task.
//!
//! In: the file's text and the rubrics. Out: one `Written` for each answer. Gold is ours, so that whatever is wrong
//! with it is an error with its line. Flags of one answer are rows that agree in all but step and value.

use super::cells::{Cells, GoldHead};
use super::{Rank, ShownFrom, Written, answers, joined_reasons, reason_of};
use crate::diagnostic::{Diagnostics, Fault, Place, did_you_mean, one_of, rules};
use crate::document::{CitedRule, Criterion, TASKS};
use crate::model::{Task, each_once};
use crate::ratings::scheme::Scheme;
use crate::ratings::time::Submitted;
use crate::release;
use crate::source::{Source, Sources, Span};
use crate::table::{self, PARTING, Sizes, Stream};
use jiff::tz::TimeZone;
use semver::Version;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Reads the gold of a task.
pub fn read(task: u16, scheme: &Scheme<'_>, sources: &Sources, diagnostics: &mut Diagnostics) -> Vec<Written> {
    let path = format!("{TASKS}{}/gold.csv", scheme.model.tasks[usize::from(task)].id);
    let Some(lines) = sources.find(&path).and_then(Lines::of) else { return Vec::new() };
    let model = scheme.model;
    let reader = GoldReader { index: task, task: &model.tasks[usize::from(task)], zone: &model.config.time_zone };
    let stream = match Stream::open(table::TableSource::new(path, lines.text.as_bytes()), Sizes::default()) {
        Ok(stream) => stream,
        Err(fault) => {
            lines.report(fault, diagnostics);
            return Vec::new();
        }
    };
    let head = GoldHead::of(stream.head(), &attributes(reader.task), lines.span(1, 0), diagnostics);
    let Some(head) = head else { return Vec::new() };
    let mut rows: BTreeMap<RowKey, Vec<Cells<'_>>> = BTreeMap::new();
    for (number, (line, cells)) in all_rows(stream, &lines, diagnostics).into_iter().enumerate() {
        let cells = Cells::of(&head, cells, lines.span(line, usize::MAX));
        if let Some(key) = reader.key(&cells, number, diagnostics) {
            rows.entry(key).or_default().push(cells);
        }
    }
    rows.values().filter_map(|rows| reader.answer(rows, diagnostics)).collect()
}

/// The rows of a table that say something, with their lines; each that can't be read is a finding.
fn all_rows(stream: Stream<'_>, lines: &Lines<'_>, diagnostics: &mut Diagnostics) -> Vec<(u64, Vec<String>)> {
    let (all, faults) = stream.all_rows();
    let more = faults.count - faults.kept.len() as u64;
    faults.kept.into_iter().chain(faults.end).for_each(|fault| lines.report(fault, diagnostics));
    if more > 0 {
        lines.report(Fault::whole(format!("{more} more rows cannot be read")), diagnostics);
    }
    all
}

/// The lines of a file, so that a finding can point at one.
struct Lines<'a> {
    file: &'a Source,
    text: &'a str,
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    fn of(file: &'a Source) -> Option<Self> {
        let text = file.text()?;
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Some(Self { file, text, starts })
    }

    /// A line, or as much of it as `most` bytes.
    fn span(&self, line: u64, most: usize) -> Span {
        let index = usize::try_from(line).unwrap_or(usize::MAX).saturating_sub(1);
        let start = self.starts.get(index).copied().unwrap_or(self.text.len());
        let end = self.starts.get(index.saturating_add(1)).map_or(self.text.len(), |next| next - 1);
        Span::new(self.file.id, start, end.min(start.saturating_add(most)))
    }

    fn report(&self, fault: Fault, diagnostics: &mut Diagnostics) {
        let span = fault.line.map_or_else(|| self.span(1, 0), |line| self.span(line, usize::MAX));
        diagnostics.fault(rules::INVALID_VALUE, span, fault);
    }
}

/// The attributes that flags of a task's gold may have.
pub fn attributes(task: &Task) -> BTreeSet<&str> {
    let criteria = task.rubrics().flat_map(|rubric| &rubric.criteria);
    criteria.flat_map(|criterion| &criterion.attributes).map(|attribute| attribute.name.as_str()).collect()
}

/// What rows of one answer have in common; rows that are no flags stand alone by their number.
type RowKey = ([String; 7], usize);

struct GoldReader<'a> {
    index: u16,
    task: &'a Task,
    zone: &'a TimeZone,
}

impl<'a> GoldReader<'a> {
    fn key(&self, cells: &Cells<'_>, number: usize, diagnostics: &mut Diagnostics) -> Option<RowKey> {
        for name in ["item", "criterion"] {
            if cells.get(name).is_empty() {
                diagnostics.add(rules::MISSING_KEY, cells.span, format!("this gold has no {name}"));
                return None;
            }
        }
        let steps = self.task.asks(cells.get("criterion"), None).is_some_and(|criterion| criterion.scale.has_flags());
        let shared = ["item", "criterion", "version", "by", "method", "made_at", "shown_from"];
        Some((shared.map(|name| cells.get(name).to_owned()), if steps { 0 } else { number }))
    }

    /// One answer from its rows.
    fn answer(&self, rows: &[Cells<'_>], diagnostics: &mut Diagnostics) -> Option<Written> {
        let first = rows.first()?;
        let version = self.version(first, diagnostics)?;
        let name = first.get("criterion");
        let Some(criterion) = self.task.asks(name, version.as_ref()) else {
            let known =
                || self.task.rubrics().flat_map(|rubric| &rubric.criteria).map(|criterion| criterion.id.as_str());
            diagnostics
                .add(rules::UNKNOWN_CRITERION, first.span, format!("the rubric has no criterion `{name}`"))
                .maybe_help(did_you_mean(name, known()));
            return None;
        };
        let rank = self.word(first, "method", &Rank::WORDS, diagnostics)?.unwrap_or(Rank::Single);
        self.word(first, "sampling", &[("random", ()), ("picked", ())], diagnostics)?;
        let shown = self.time(first, "shown_from", diagnostics)?;
        let shown = shown.map_or(ShownFrom::Never, |shown| ShownFrom::From(shown.day));
        if !criterion.scale.is_scored() {
            let message = format!("`{name}` is free text, which is never scored: it has no gold");
            diagnostics.add(rules::INVALID_VALUE, first.span, message);
            return None;
        }
        let answer = match criterion.scale.has_flags() {
            true => answers::flags(rows, criterion, self.task.last_step(first.get("item")), diagnostics)?,
            false => answers::value(first, criterion, diagnostics)?,
        };
        let rules = self.rules(rows, version.as_ref(), diagnostics);
        Some(Written {
            task: self.index,
            item: first.get("item").to_owned(),
            criterion: name.to_owned(),
            answer,
            version,
            by: first.get("by").split('|').map(str::trim).filter(|by| !by.is_empty()).map(str::to_owned).collect(),
            rank,
            shown,
            why: self.reasons(rows, criterion),
            rules,
            is_held_out: false,
            place: Place::Span(first.span),
        })
    }

    /// The reasons of an answer's rows, those of flags with their steps.
    fn reasons(&self, rows: &[Cells<'_>], criterion: &Criterion) -> Option<Arc<str>> {
        let reason = |cells: &Cells<'_>| {
            let step = Some(cells.get("step")).filter(|_| criterion.scale.has_flags());
            reason_of(step.filter(|step| !step.is_empty()), cells.get("reason"))
        };
        joined_reasons(rows.iter().filter_map(reason))
    }

    /// The rules that an answer's rows cite: they stand in the working text, or in that of the version.
    fn rules(&self, rows: &[Cells<'_>], version: Option<&Version>, diagnostics: &mut Diagnostics) -> Vec<CitedRule> {
        let of_version = version.and_then(|version| self.task.release(version)).map(|release| &release.instructions);
        let mut rules = Vec::new();
        for cells in rows {
            for name in cells.get("rule").split(PARTING).map(str::trim).filter(|name| !name.is_empty()) {
                let rule = match CitedRule::parse(name) {
                    Ok(rule) => rule,
                    Err(fault) => {
                        diagnostics.fault(rules::INVALID_VALUE, cells.span, fault);
                        continue;
                    }
                };
                let mut texts = self.task.working.iter().chain(of_version);
                let with_it = texts.clone().find(|text| text.rule_page(&rule).is_some());
                if let Some(text) = with_it.or(texts.next()) {
                    text.check_cited(&rule, cells.span, diagnostics);
                }
                rules.push(rule);
            }
        }
        each_once(rules)
    }

    /// The version named, else the one serving when the gold was made, which is none if that was before any; else the
    /// latest. Outer none: a finding.
    fn version(&self, cells: &Cells<'_>, diagnostics: &mut Diagnostics) -> Option<Option<Version>> {
        let text = cells.get("version");
        let made = self.time(cells, "made_at", diagnostics)?;
        let releases = &self.task.releases;
        if text.is_empty() {
            return Some(release::serving(self.task, None, made.map(|made| made.earliest)).cloned());
        }
        let version = text.parse().ok();
        if version.as_ref().is_some_and(|version| releases.is_empty() || self.task.release(version).is_some()) {
            return Some(version);
        }
        let finding = diagnostics.add(rules::INVALID_VALUE, cells.span, format!("there is no release `{text}`"));
        finding.help("leave `version` empty for gold made under the text that served on `made_at`, or the newest");
        None
    }

    fn time(&self, cells: &Cells<'_>, column: &str, diagnostics: &mut Diagnostics) -> Option<Option<Submitted>> {
        let text = cells.get(column);
        let read = Submitted::parse(text, self.zone);
        if !text.is_empty() && read.is_none() {
            let message = format!("`{text}` in `{column}` is not a date such as 2026-11-01");
            diagnostics.add(rules::INVALID_VALUE, cells.span, message);
            return None;
        }
        Some(read)
    }

    fn word<T: Copy>(
        &self,
        cells: &Cells<'_>,
        column: &str,
        words: &[(&str, T)],
        diagnostics: &mut Diagnostics,
    ) -> Option<Option<T>> {
        let text = cells.get(column);
        let found = words.iter().find(|(word, _)| *word == text).map(|(_, meaning)| *meaning);
        if found.is_none() && !text.is_empty() {
            let known = || words.iter().map(|(word, _)| *word);
            diagnostics
                .add(
                    rules::INVALID_VALUE,
                    cells.span,
                    format!("`{text}` in `{column}` is not one of {}", one_of(known())),
                )
                .maybe_help(did_you_mean(text, known()));
            return None;
        }
        Some(found)
    }
}
