//! Tables: simulated submissions in the canonical form of ratings.
//!
//! In: submissions. Out: the bytes of a CSV or of JSON lines, one row a value.

use super::submission::SimulatedSubmission;
use crate::model::{GoldAnswer, GoldFlag, Outcome};
use crate::ratings::Week;
use std::collections::BTreeSet;
use std::path::Path;

/// Simulated ratings.
pub struct SimulatedTable<'m> {
    /// The seed they were drawn with.
    pub seed: u64,
    /// The submissions by time.
    pub submissions: Vec<SimulatedSubmission<'m>>,
}

/// How a table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutputFormat {
    /// Comma-separated values.
    Csv,
    /// A JSON object a line.
    JsonLines,
}

impl OutputFormat {
    /// The form that a file's name asks for.
    pub fn of(file: &Path) -> Option<Self> {
        match file.extension()?.to_str()? {
            "csv" => Some(Self::Csv),
            "jsonl" => Some(Self::JsonLines),
            _ => None,
        }
    }
}

/// Columns before and after those of flags' attributes.
pub const BEFORE: [&str; 7] = ["task", "item", "rater", "criterion", "value", "outcome", "step"];
pub const AFTER: [&str; 7] = ["version", "cohort", "submission", "status", "submitted_at", "seconds", "comment"];

impl SimulatedTable<'_> {
    /// How many raters there are.
    pub fn raters(&self) -> usize {
        self.submissions.iter().map(|submission| submission.rater).collect::<BTreeSet<_>>().len()
    }

    /// The weeks in which something was sent.
    pub fn weeks(&self) -> BTreeSet<Week> {
        self.submissions.iter().map(|submission| submission.week).collect()
    }

    /// The table as text, and how many rows it has below its head.
    pub fn text(&self, form: OutputFormat) -> (Vec<u8>, usize) {
        let attributes = self.attributes();
        let columns: Vec<&str> = BEFORE.into_iter().chain(attributes.iter().copied()).chain(AFTER).collect();
        let rows: Vec<Vec<String>> =
            self.submissions.iter().flat_map(|submission| rows(submission, &attributes)).collect();
        let bytes = match form {
            OutputFormat::Csv => csv(&columns, &rows),
            OutputFormat::JsonLines => json_lines(&columns, &rows),
        };
        (bytes, rows.len())
    }

    fn attributes(&self) -> BTreeSet<&str> {
        let answers = self.submissions.iter().flat_map(|submission| &submission.answers);
        let flags = answers.flat_map(|(_, answer)| answer.flags());
        flags.flat_map(|flag| flag.attributes.keys()).map(String::as_str).collect()
    }
}

/// What one row says of a criterion.
struct SimulatedValue<'a> {
    criterion: &'a str,
    value: &'a str,
    outcome: &'a str,
    flag: Option<&'a GoldFlag>,
}

fn rows(submission: &SimulatedSubmission<'_>, attributes: &BTreeSet<&str>) -> Vec<Vec<String>> {
    let mut said: Vec<SimulatedValue<'_>> = Vec::new();
    for (criterion, answer) in &submission.answers {
        let row = |value, outcome, flag| SimulatedValue { criterion, value, outcome, flag };
        match answer {
            GoldAnswer::Values(values) => said.extend(values.iter().map(|value| row(value, "", None))),
            GoldAnswer::Flags(flags) if flags.is_empty() => said.push(row("", Outcome::None.name(), None)),
            GoldAnswer::Flags(flags) => said.extend(flags.iter().map(|flag| row(&flag.kind, "", Some(flag)))),
            GoldAnswer::Outcome(outcome) => said.push(row("", outcome.name(), None)),
        }
    }
    let rows = said.iter().enumerate().map(|(index, one)| {
        let is_first = index == 0 || said[index - 1].criterion != one.criterion;
        let comment = submission.comments.get(one.criterion).filter(|_| is_first);
        row(submission, one, attributes, comment.map_or("", String::as_str))
    });
    rows.collect()
}

fn row(
    submission: &SimulatedSubmission<'_>,
    said: &SimulatedValue<'_>,
    attributes: &BTreeSet<&str>,
    comment: &str,
) -> Vec<String> {
    let step = said.flag.map(|flag| flag.step.to_string()).unwrap_or_default();
    let before = [submission.task, &submission.item, submission.rater, said.criterion, said.value, said.outcome, &step];
    let attribute = |name: &&str| said.flag.and_then(|flag| flag.attributes.get(*name)).cloned().unwrap_or_default();
    let status = if submission.accepted { "accepted" } else { "rejected" };
    let (at, seconds) = (submission.at.to_string(), submission.seconds.to_string());
    let after = [&submission.version, submission.cohort, &submission.id, status, &at, &seconds, comment];
    let before = before.into_iter().map(str::to_owned);
    before.chain(attributes.iter().map(attribute)).chain(after.into_iter().map(str::to_owned)).collect()
}

fn csv(columns: &[&str], rows: &[Vec<String>]) -> Vec<u8> {
    let mut table = csv::Writer::from_writer(Vec::new());
    table.write_record(columns).expect("memory can be written to");
    for row in rows {
        table.write_record(row).expect("every row has a cell for each column");
    }
    table.into_inner().expect("memory can be written to")
}

fn json_lines(columns: &[&str], rows: &[Vec<String>]) -> Vec<u8> {
    let mut text = String::new();
    for row in rows {
        let cells = columns.iter().zip(row).filter(|(_, cell)| !cell.is_empty());
        let object: serde_json::Map<String, serde_json::Value> =
            cells.map(|(column, cell)| ((*column).to_owned(), cell.as_str().into())).collect();
        text.push_str(&serde_json::Value::from(object).to_string());
        text.push('\n');
    }
    text.into_bytes()
}
