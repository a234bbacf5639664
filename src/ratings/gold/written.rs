//! Written gold: `gold.csv` of a task.
//!
//! In: the file's text and the rubrics. Out: one `Written` for each answer. Gold is ours, so that whatever is wrong
//! with it is an error with its line. Flags of one answer are rows that agree in all but step and value.

use super::{Rank, Shown, Written, answers};
use crate::diagnostic::{Diagnostics, Place, did_you_mean, one_of, rules};
use crate::document::{Criterion, Rubric, Scale, TASKS};
use crate::model::Task;
use crate::ratings::scheme::Scheme;
use crate::ratings::time::Submitted;
use crate::release;
use crate::source::{FileId, Sources, Span};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use semver::Version;
use std::collections::BTreeMap;

const COLUMNS: [&str; 13] = [
    "item",
    "criterion",
    "step",
    "value",
    "any_of",
    "outcome",
    "version",
    "by",
    "method",
    "made_at",
    "reason",
    "shown_from",
    "sampling",
];

/// Reads the gold of a task.
pub fn read(task: u16, scheme: &Scheme<'_>, sources: &Sources, diagnostics: &mut Diagnostics) -> Vec<Written> {
    let path = format!("{TASKS}{}/gold.csv", scheme.model.tasks[usize::from(task)].id);
    let Some(file) = sources.find(&path) else { return Vec::new() };
    let Some(text) = file.text() else { return Vec::new() };
    let model = scheme.model;
    let reader = Reader { index: task, task: &model.tasks[usize::from(task)], zone: &model.config.time_zone };
    let mut table = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
    let head = match table.headers() {
        Ok(head) => head.clone(),
        Err(error) => {
            diagnostics.add(rules::INVALID_VALUE, Span::new(file.id, 0, 0), error.to_string());
            return Vec::new();
        }
    };
    if !reader.head(&head, file.id, diagnostics) {
        return Vec::new();
    }
    let mut rows: BTreeMap<RowKey, Vec<Cells>> = BTreeMap::new();
    for (number, record) in table.records().enumerate() {
        let Ok(record) = record else { continue };
        let start = record.position().map_or(0, |at| at.byte() as usize);
        let length = text.get(start..).map_or(0, |rest| rest.find('\n').unwrap_or(rest.len()));
        let span = Span::new(file.id, start, start + length);
        let cells =
            Cells { values: head.iter().map(str::to_owned).zip(record.iter().map(str::to_owned)).collect(), span };
        if let Some(key) = reader.key(&cells, number, diagnostics) {
            rows.entry(key).or_default().push(cells);
        }
    }
    rows.values().filter_map(|rows| reader.answer(rows, diagnostics)).collect()
}

/// What rows of one answer have in common; rows that are no flags stand alone by their number.
type RowKey = ([String; 7], usize);

/// One row.
pub struct Cells {
    values: BTreeMap<String, String>,
    /// Where it stands.
    pub span: Span,
}

impl Cells {
    /// A cell, empty if the table has no such column.
    pub fn get(&self, column: &str) -> &str {
        self.values.get(column).map_or("", String::as_str)
    }
}

struct Reader<'a> {
    index: u16,
    task: &'a Task,
    zone: &'a TimeZone,
}

impl<'a> Reader<'a> {
    /// Rubrics that gold may speak of, the newest first.
    fn rubrics(&self) -> impl Iterator<Item = &'a Rubric> + use<'a> {
        let working = self.task.working.iter().map(|working| &working.rubric);
        working.chain(self.task.releases.iter().rev().map(|release| &release.instructions.rubric))
    }

    fn criterion(&self, name: &str, version: Option<&Version>) -> Option<&'a Criterion> {
        let sealed = version.and_then(|version| self.task.release(version));
        let sealed = sealed.and_then(|release| release.instructions.rubric.criterion(name));
        sealed.or_else(|| self.rubrics().find_map(|rubric| rubric.criterion(name)))
    }

    /// Checks the names of the columns.
    fn head(&self, head: &csv::StringRecord, file: FileId, diagnostics: &mut Diagnostics) -> bool {
        let top = Span::new(file, 0, 0);
        let criteria = || self.rubrics().flat_map(|rubric| &rubric.criteria);
        let attribute = |name: &str| criteria().flat_map(|criterion| &criterion.attributes).any(|one| one.name == name);
        for name in head.iter().filter(|name| !COLUMNS.contains(name) && !attribute(name)) {
            diagnostics
                .add(rules::UNKNOWN_KEY, top, format!("gold has no column `{name}`"))
                .maybe_help(did_you_mean(name, COLUMNS))
                .help(format!("it knows {}", one_of(COLUMNS)));
        }
        let missing = ["item", "criterion"].into_iter().filter(|name| !head.iter().any(|found| found == *name));
        let missing: Vec<&str> = missing.collect();
        for name in &missing {
            diagnostics.add(rules::MISSING_KEY, top, format!("gold needs the column `{name}`"));
        }
        missing.is_empty()
    }

    fn key(&self, cells: &Cells, number: usize, diagnostics: &mut Diagnostics) -> Option<RowKey> {
        for name in ["item", "criterion"] {
            if cells.get(name).is_empty() {
                diagnostics.add(rules::MISSING_KEY, cells.span, format!("this gold has no {name}"));
                return None;
            }
        }
        let steps = self
            .criterion(cells.get("criterion"), None)
            .is_some_and(|criterion| matches!(criterion.scale, Scale::Steps(_)));
        let shared = ["item", "criterion", "version", "by", "method", "made_at", "shown_from"];
        Some((shared.map(|name| cells.get(name).to_owned()), if steps { 0 } else { number }))
    }

    /// One answer from its rows.
    fn answer(&self, rows: &[Cells], diagnostics: &mut Diagnostics) -> Option<Written> {
        let first = rows.first()?;
        let version = self.version(first, diagnostics)?;
        let name = first.get("criterion");
        let Some(criterion) = self.criterion(name, version.as_ref()) else {
            let known = || self.rubrics().flat_map(|rubric| &rubric.criteria).map(|criterion| criterion.id.as_str());
            diagnostics
                .add(rules::UNKNOWN_CRITERION, first.span, format!("the rubric has no criterion `{name}`"))
                .maybe_help(did_you_mean(name, known()));
            return None;
        };
        let rank = self.word(first, "method", &Rank::WORDS, diagnostics)?.unwrap_or(Rank::Single);
        self.word(first, "sampling", &[("random", ()), ("picked", ())], diagnostics)?;
        let shown = self.day(first, "shown_from", diagnostics)?.map_or(Shown::Never, Shown::From);
        let answer = match criterion.scale {
            Scale::Steps(_) => answers::flags(rows, criterion, diagnostics)?,
            Scale::Text => {
                let message = format!("`{name}` is free text, which is never scored: it has no gold");
                diagnostics.add(rules::INVALID_VALUE, first.span, message);
                return None;
            }
            _ => answers::value(first, criterion, diagnostics)?,
        };
        Some(Written {
            task: self.index,
            item: first.get("item").to_owned(),
            criterion: name.to_owned(),
            answer,
            version,
            by: first.get("by").split('|').map(str::trim).filter(|by| !by.is_empty()).map(str::to_owned).collect(),
            rank,
            shown,
            place: Place::Span(first.span),
        })
    }

    /// The version named, else the one serving when the gold was made, else the latest. Outer none: a finding.
    fn version(&self, cells: &Cells, diagnostics: &mut Diagnostics) -> Option<Option<Version>> {
        let text = cells.get("version");
        let made = self.day(cells, "made_at", diagnostics)?;
        let releases = &self.task.releases;
        if text.is_empty() {
            let serving = made.and_then(|day| release::serving(releases, Some(day)));
            return Some(serving.or(self.task.latest().map(|release| &release.version)).cloned());
        }
        let version = text.parse().ok();
        if version.as_ref().is_some_and(|version| releases.is_empty() || self.task.release(version).is_some()) {
            return Some(version);
        }
        let finding = diagnostics.add(rules::INVALID_VALUE, cells.span, format!("there is no release `{text}`"));
        finding.help("leave `version` empty for gold made under the text that served on `made_at`, or the newest");
        None
    }

    fn day(&self, cells: &Cells, column: &str, diagnostics: &mut Diagnostics) -> Option<Option<Date>> {
        let text = cells.get(column);
        let read = Submitted::parse(text, self.zone).map(|submitted| submitted.day);
        if !text.is_empty() && read.is_none() {
            let message = format!("`{text}` in `{column}` is not a date such as 2026-11-01");
            diagnostics.add(rules::INVALID_VALUE, cells.span, message);
            return None;
        }
        Some(read)
    }

    fn word<T: Copy>(
        &self,
        cells: &Cells,
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
