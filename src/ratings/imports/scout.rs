//! Results of Inspect Scout 0.6.1: one Parquet file a scanner in the folder of a scan.
//!
//! In: the cells of a row, which is one result, and what is known of the scan and of the runs. Out: a row for each answer;
//! a reply that nobody could read is the outcome `gave-up`, never a `no`. Of what a row holds besides (the whole run, its
//! score and target) nothing is asked for. It never asks whether an answer is on its scale.

use super::ToolRow;
use super::controls::{several, text};
use super::reading::RatingsReading;
use super::scan::Scan;
use crate::diagnostic::Fault;
use crate::ratings::columns::Column;
use crate::ratings::expected::{Expected, KnownRun};
use crate::ratings::rejected::{Reason, Refusal};
use crate::table::Cell;
use crate::text::{listed, quoted};
use serde_json::Value as Json;

/// Columns that are read.
const COLUMNS: [&str; 16] = [
    "transcript_id",
    "transcript_task_id",
    "transcript_task_repeat",
    "scan_id",
    "scanner_key",
    "input_type",
    "value",
    "value_type",
    "answer",
    "label",
    "explanation",
    "message_references",
    "metadata",
    "scan_error",
    "scan_error_type",
    "timestamp",
];

/// Whether a table with this head has results of a scan.
pub fn is_scan(head: &[String]) -> bool {
    COLUMNS.iter().filter(|name| head.iter().any(|known| known == *name)).count() >= COLUMNS.len() / 2
        && ["transcript_id", "scanner_key", "value_type"].iter().all(|name| head.iter().any(|known| known == name))
}

/// Makes rows of the results of one scan.
pub struct ScanRows<'r> {
    places: Vec<usize>,
    scan: &'r Scan,
    reading: &'r RatingsReading,
    expected: &'r Expected<'r>,
}

impl<'r> ScanRows<'r> {
    /// Those of a table with this head.
    pub fn of(head: &[String], reading: &'r RatingsReading, expected: &'r Expected<'r>) -> Result<Self, Fault> {
        let lone = "a result of Inspect Scout is read as the folder that it wrote, with `_scan.json` beside it";
        let scan = reading.scan.as_deref().ok_or_else(|| Fault::whole(lone))?;
        let place = |name: &&str| head.iter().position(|known| known == *name);
        let lacking: Vec<&str> = COLUMNS.iter().filter(|name| place(name).is_none()).copied().collect();
        if !lacking.is_empty() {
            return Err(Fault::whole(format!("it lacks {}, which results of Inspect Scout have", listed(lacking))));
        }
        if scan.version.is_none() && reading.says(Column::Version).is_none() {
            let help =
                "say it with `--version`, `version` in ratings.yaml, or `goldbook.version` in the scan's metadata";
            return Err(Fault::whole("nothing says which version of the instructions the judge was given").help(help));
        }
        Ok(Self { places: COLUMNS.iter().filter_map(place).collect(), scan, reading, expected })
    }

    /// By column: whether its cells are read.
    pub fn read(&self, columns: usize) -> Vec<bool> {
        (0..columns).map(|place| self.places.contains(&place)).collect()
    }

    /// The rows of a result.
    pub fn rows(&self, line: u64, cells: &[Cell<'_>]) -> Vec<ToolRow> {
        let found = ScanResult { rows: self, line, cells };
        found.answers().unwrap_or_else(|refusal| vec![ToolRow::refused(line, refusal)])
    }
}

/// What one thing that was found says: cells of its own, and a comment.
type Finding = (Vec<(Column, String)>, String);

/// One result.
struct ScanResult<'s> {
    rows: &'s ScanRows<'s>,
    line: u64,
    cells: &'s [Cell<'s>],
}

impl<'s> ScanResult<'s> {
    fn get(&self, name: &str) -> &'s str {
        let at = COLUMNS.iter().position(|known| *known == name);
        at.and_then(|at| self.cells.get(self.rows.places[at])).map_or("", |cell| cell)
    }

    fn json(&self, name: &str) -> Json {
        serde_json::from_str(self.get(name)).unwrap_or(Json::Null)
    }

    fn answers(&self) -> Result<Vec<ToolRow>, Refusal> {
        if self.get("input_type") != "transcript" {
            let found = format!("a result of one {}, not of a run", quoted(self.get("input_type")));
            return Err(Refusal::new(Reason::NotOfRun, found));
        }
        let run = self.rows.expected.run(self.rows.reading.says(Column::Task), self.get("transcript_id"));
        let item = self.item(run)?;
        let findings = self.findings(run);
        Ok(findings.into_iter().map(|finding| self.row(&item, finding)).collect())
    }

    /// The item: that whose run this is, else the task's sample with its epoch.
    fn item(&self, run: Option<&KnownRun<'_>>) -> Result<String, Refusal> {
        if let Some(run) = run {
            return Ok(run.item.to_owned());
        }
        let (id, repeat) = (self.get("transcript_task_id"), self.get("transcript_task_repeat"));
        if id.is_empty() || repeat.is_empty() {
            return Err(Refusal::new(Reason::NoItem, format!("no run is {}", quoted(self.get("transcript_id")))));
        }
        Ok(format!("{id}#{repeat}"))
    }

    /// The criterion that a scanner, or a key of an object, answers.
    fn criterion(&self, name: &str) -> String {
        let own = self.rows.reading.criterion(name).or_else(|| self.rows.expected.criterion(name));
        own.map_or_else(|| name.replace('_', "-"), str::to_owned)
    }

    /// Why the model that judges stopped, as far as it was asked.
    fn stop(&self) -> String {
        text(&self.json("metadata")["stop_reason"])
    }

    /// What the judge says of its answer.
    fn comment(&self) -> String {
        let cut = if self.stop() == "max_tokens" { " (max_tokens)" } else { "" };
        format!("{}{cut}", self.get("explanation")).trim().to_owned()
    }

    /// Of a result that is no answer, what is said of that.
    fn no_answer(&self) -> Option<String> {
        let error = self.get("scan_error");
        if !error.is_empty() {
            let is_refusal = self.get("scan_error_type") == "refusal";
            let why = if is_refusal { "refusal" } else { error.lines().next().unwrap_or_default() };
            return Some(why.to_owned());
        }
        let (kind, stop) = (self.get("value_type"), self.stop());
        // Scout writes what it could not read in a reply as false, of numbers too.
        let is_false = kind == "boolean" && self.get("value") == "false";
        let is_unread = is_false && self.get("answer").is_empty() && !stop.is_empty() && stop != "tool_calls";
        (is_unread || kind == "null" || kind.is_empty()).then(|| self.comment())
    }

    /// What was found, a row each; what can't be a row is refused.
    fn findings(&self, run: Option<&KnownRun<'_>>) -> Vec<Result<Finding, Refusal>> {
        let criterion = self.criterion(self.get("scanner_key"));
        let one = |column: Column, said: &str, comment: String| {
            vec![Ok((vec![(Column::Criterion, criterion.clone()), (column, said.to_owned())], comment))]
        };
        if let Some(comment) = self.no_answer() {
            return one(Column::Outcome, "gave-up", comment);
        }
        let refused = |found: String| vec![Err(Refusal::new(Reason::NoValue, found))];
        let (kind, value, comment) = (self.get("value_type"), self.get("value"), self.comment());
        match (kind, self.json("value")) {
            ("resultset", Json::Array(found)) => {
                let flags: Vec<_> = found.iter().filter(|flag| is_present(flag)).collect();
                if flags.is_empty() {
                    return one(Column::Outcome, "none", comment);
                }
                flags.into_iter().map(|flag| self.flag(&criterion, flag, run)).collect()
            }
            ("array", Json::Array(values)) if values.is_empty() => one(Column::Outcome, "none", comment),
            ("array", Json::Array(values)) => match several(&values) {
                Some(value) => one(Column::Value, &value, comment),
                None => refused("a value holds `|`, which parts values".to_owned()),
            },
            ("object", Json::Object(keys)) if !keys.is_empty() => {
                let answer = |(key, value): (&String, &Json)| {
                    let cells = vec![(Column::Criterion, self.criterion(key)), (Column::Value, text(value))];
                    Ok((cells, comment.clone()))
                };
                keys.iter().map(answer).collect()
            }
            ("number", Json::Number(number)) => one(Column::Value, &text(&Json::Number(number)), comment),
            ("string", _) if self.rows.scan.is_labelled(self.get("scanner_key")) && !self.get("answer").is_empty() => {
                one(Column::Value, self.get("answer"), comment)
            }
            ("string" | "boolean", _) => one(Column::Value, value, comment),
            (kind, _) => refused(format!("a value of the type {} that says nothing", quoted(kind))),
        }
    }

    /// A flag: its kind, and the step of the first message that it refers to; the others are named beside its comment.
    fn flag(&self, criterion: &str, flag: &Json, run: Option<&KnownRun<'_>>) -> Result<Finding, Refusal> {
        let label = text(&flag["label"]);
        let kind = if label.is_empty() { text(&flag["value"]) } else { label };
        let references = flag["references"].as_array().map_or(&[][..], Vec::as_slice);
        let messages = references.iter().filter(|reference| reference["type"] == "message");
        let mut steps = messages.filter_map(|reference| run?.step(reference["id"].as_str()?));
        let Some(step) = steps.next() else {
            let found = format!("{} leads to no step", quoted(&kind));
            return Err(Refusal::new(Reason::BadStep, found));
        };
        let others: Vec<String> = steps.map(|step| format!("step {step}")).collect();
        let others = others.join(", ");
        let explanation = text(&flag["explanation"]);
        let comment = if others.is_empty() { explanation } else { format!("{explanation} (also {others})") };
        let cells =
            [(Column::Criterion, criterion.to_owned()), (Column::Value, kind), (Column::Step, step.to_string())];
        Ok((cells.into(), comment))
    }

    /// A row with what the rows of a result have in common.
    fn row(&self, item: &str, finding: Result<Finding, Refusal>) -> ToolRow {
        let (own, comment) = match finding {
            Ok(finding) => finding,
            Err(refusal) => return ToolRow::refused(self.line, refusal),
        };
        let (scan, reading) = (self.rows.scan, self.rows.reading);
        let transcript = self.get("transcript_id");
        let mut cells = vec![
            (Column::Item, item.to_owned()),
            (Column::Rater, scan.rater(reading.says(Column::Rater))),
            (Column::Submission, format!("{}-{transcript}", self.get("scan_id"))),
            (Column::Pass, scan.pass(transcript).to_string()),
            (Column::SubmittedAt, self.get("timestamp").to_owned()),
        ];
        cells.extend(scan.version.clone().map(|version| (Column::Version, version)));
        cells.extend(own);
        let said = cells.into_iter().map(|(column, text)| (column, Cell::Own(text))).collect();
        ToolRow::of(self.line, reading.meant(said)).commented(&comment)
    }
}

/// Whether an entry of a set of results says that something is there; one without a value does.
fn is_present(flag: &Json) -> bool {
    let value = &flag["value"];
    *value != Json::Bool(false) && value.as_f64() != Some(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trajectory::{self, ReadOptions};
    use std::collections::BTreeSet;
    use std::sync::Arc;

    const SPEC: &[u8] = br#"{"scan_id": "s", "metadata": {"rater": "judge", "goldbook.version": "1.0.0"},
        "scanners": {"kind": {"params": {"answer": ["timeout", "crash"]}}}}"#;

    const RUN: &str = r#"{"schema_version": "ATIF-v1.7", "trajectory_id": "t-1", "session_id": "e", "agent": {"name": "a", "version": "1"},
        "steps": [{"step_id": 1, "source": "user", "message": "Go.", "extra": {"native_id": "m-1"}},
            {"step_id": 2, "source": "agent", "message": "I go.", "extra": {"native_id": "m-2"}}]}"#;

    /// What one result gives: a line for each row, with item, criterion, step, value or outcome, and comment.
    fn rows(result: &[(&str, &str)]) -> Vec<String> {
        let reading =
            RatingsReading { scan: Some(Arc::new(Scan::of(SPEC, None, true).unwrap())), ..RatingsReading::default() };
        let trajectory = trajectory::read(RUN.as_bytes(), &ReadOptions::default()).unwrap();
        let run = KnownRun { task: "t", item: "run-1", file: "run-1", trajectory: &trajectory };
        let expected = Expected::of(BTreeSet::new(), ["goal-reached"].into(), false).with_runs(vec![run]);
        let head = COLUMNS.map(str::to_owned);
        let scan = ScanRows::of(&head, &reading, &expected).unwrap();
        let usual = [("transcript_id", "t-1"), ("input_type", "transcript"), ("scanner_key", "goal_reached")];
        let said =
            |name: &str| result.iter().chain(&usual).find(|(known, _)| *known == name).map_or("", |(_, text)| text);
        let cells: Vec<Cell<'_>> = COLUMNS.iter().map(|name| Cell::Slice(said(name))).collect();
        let told = |row: &ToolRow| match row.row() {
            Ok(cells) => {
                let of = [Column::Item, Column::Criterion, Column::Step, Column::Value, Column::Outcome];
                let comment = cells.kept.first().map_or("", |(_, said)| said);
                format!("{} {comment}", of.map(|column| cells.get(column)).join(" "))
            }
            Err(refusal) => format!("{}: {}", refusal.reason.id(), refusal.fault),
        };
        scan.rows(1, &cells).iter().map(told).collect()
    }

    fn of(kind: &str, value: &str) -> Vec<String> {
        rows(&[("value_type", kind), ("value", value)])
    }

    #[test]
    fn a_value_is_read_by_its_type() {
        assert_eq!(of("boolean", "true"), ["run-1 goal-reached  true  "]);
        assert_eq!(of("number", "3.0"), ["run-1 goal-reached  3  "]);
        assert_eq!(of("array", r#"["a", "b"]"#), ["run-1 goal-reached  a|b  "]);
        assert_eq!(of("array", "[]"), ["run-1 goal-reached   none "]);
        assert_eq!(of("object", "{}"), ["no-value: a value of the type `object` that says nothing"]);
        assert_eq!(
            of("object", r#"{"goal_reached": "no", "how_bad": 2}"#),
            ["run-1 goal-reached  no  ", "run-1 how-bad  2  "]
        );
        let label = [("scanner_key", "kind"), ("value_type", "string"), ("value", "B"), ("answer", "crash")];
        assert_eq!(rows(&label), ["run-1 kind  crash  "]);
        assert_eq!(rows(&[("value_type", "string"), ("value", "B"), ("answer", "crash")]), ["run-1 goal-reached  B  "]);
    }

    #[test]
    fn what_was_not_read_is_never_a_no() {
        let false_with = |more: &[(&'static str, &'static str)]| {
            rows(&[&[("value_type", "boolean"), ("value", "false")], more].concat())
        };
        let stopped = ("metadata", r#"{"stop_reason": "max_tokens"}"#);
        assert_eq!(false_with(&[stopped]), ["run-1 goal-reached   gave-up (max_tokens)"]);
        assert_eq!(false_with(&[stopped, ("answer", "No")]), ["run-1 goal-reached  false  (max_tokens)"]);
        assert_eq!(false_with(&[("metadata", r#"{"stop_reason": "tool_calls"}"#)]), ["run-1 goal-reached  false  "]);
        assert_eq!(false_with(&[]), ["run-1 goal-reached  false  "], "a scanner in Python has no reply");
        assert_eq!(of("null", ""), ["run-1 goal-reached   gave-up "]);
        let failed =
            |kind| rows(&[("scan_error", "it is down\nat line 3"), ("scan_error_type", kind), ("value_type", "null")]);
        assert_eq!(failed(""), ["run-1 goal-reached   gave-up it is down"]);
        assert_eq!(failed("refusal"), ["run-1 goal-reached   gave-up refusal"]);
    }

    #[test]
    fn a_flag_is_at_the_step_of_the_first_message_that_it_cites() {
        let cited = |flags: &str| of("resultset", flags);
        let flag = |value: &str, ids: &[&str]| {
            let cites: Vec<String> = ids.iter().map(|id| format!(r#"{{"type": "message", "id": "{id}"}}"#)).collect();
            format!(
                r#"{{"label": "lie", "value": {value}, "explanation": "Why.", "references": [{}]}}"#,
                cites.join(",")
            )
        };
        assert_eq!(cited("[]"), ["run-1 goal-reached   none "]);
        assert_eq!(
            cited(&format!("[{}]", flag("null", &["m-2", "m-1"]))),
            ["run-1 goal-reached 2 lie  Why. (also step 1)"]
        );
        assert_eq!(
            cited(&format!("[{}, {}]", flag("false", &["m-2"]), flag("0", &["m-2"]))),
            ["run-1 goal-reached   none "]
        );
        assert_eq!(cited(&format!("[{}]", flag("true", &["gone"]))), ["bad-step: `lie` leads to no step"]);
    }

    #[test]
    fn a_run_is_told_by_its_id_or_its_session_or_else_by_its_sample() {
        let item = |id, sample| {
            rows(&[
                ("transcript_id", id),
                ("transcript_task_id", sample),
                ("transcript_task_repeat", "2"),
                ("value_type", "boolean"),
                ("value", "true"),
            ])
        };
        assert_eq!(item("e-run-1", "x"), ["run-1 goal-reached  true  "]);
        assert_eq!(item("other", "x"), ["x#2 goal-reached  true  "]);
        assert_eq!(item("other", ""), ["no-item: no run is `other`"]);
        let message = rows(&[("input_type", "message"), ("value_type", "boolean"), ("value", "true")]);
        assert_eq!(message, ["not-of-run: a result of one `message`, not of a run"]);
    }
}
