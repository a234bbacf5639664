//! Label Studio's JSON_MIN, CSV and TSV: an object or a line an annotation, with a key a control, as the SDK 2.1.2 writes
//! them.
//!
//! In: the objects, one a line. Out: a row for each criterion that a control answers. What these forms leave out nobody can
//! tell from them: that is said of each file (`LACKING`). Answers about regions have lost their region and are no ratings.

use super::controls::{text, value};
use super::label_studio::{Annotation, LabelledTask, TaskRows, item};
use super::reading::RatingsReading;
use super::{Lacking, ToolRow};
use crate::ratings::columns::Column;
use crate::ratings::expected::Expected;
use crate::ratings::rejected::{Reason, Refusal};
use serde_json::{Map, Value as Json};

/// What these forms lack.
pub const LACKING: Lacking = Lacking {
    what: "JSON_MIN, CSV and TSV of Label Studio lack what was skipped, what is ground truth, and predictions: nobody can tell \
           gold from ratings in it",
    instead: "export the raw JSON instead",
};

/// Keys, or names of columns, by which these forms are told.
pub const KEYS: [&str; 4] = ["annotator", "annotation_id", "lead_time", "updated_at"];

/// The columns that these forms have.
pub const COLUMNS: [(Column, &str); 4] = [
    (Column::Rater, KEYS[0]),
    (Column::Submission, KEYS[1]),
    (Column::Seconds, KEYS[2]),
    (Column::SubmittedAt, KEYS[3]),
];

/// Whether a file that begins so is such a list.
pub fn is_minimal(start: &[u8]) -> bool {
    let start = String::from_utf8_lossy(start);
    KEYS.iter().all(|key| start.contains(&format!("\"{key}\"")))
}

/// The rows of an annotation, which begins on a line.
pub fn rows(line: u64, annotation: &str, reading: &RatingsReading, expected: &Expected<'_>) -> Vec<ToolRow> {
    let keys: Map<String, Json> = match serde_json::from_str(annotation) {
        Ok(keys) => keys,
        Err(error) => return vec![ToolRow::refused(line, Refusal::new(Reason::UnreadableRow, error.to_string()))],
    };
    let get = |key: &str| keys.get(key).cloned().unwrap_or_default();
    let time = |key: &str| get(key).as_str().map(str::to_owned);
    let own = Annotation {
        id: get("annotation_id"),
        completed_by: get("annotator"),
        created_at: time("created_at"),
        updated_at: time("updated_at"),
        lead_time: get("lead_time").as_f64(),
        ..Annotation::default()
    };
    if own.completed_by.is_null() {
        return vec![ToolRow::refused(line, Refusal::new(Reason::NoRater, "a task that nobody has annotated"))];
    }
    let answers: Vec<(String, &Json)> = answers(&keys, reading, expected);
    let task = LabelledTask { id: get("id"), data: keys.clone(), ..LabelledTask::default() };
    let writer = TaskRows { line, item: item(&task, reading), reading, expected };
    let id = text(&own.id);
    if answers.is_empty() {
        return vec![ToolRow::refused(line, Refusal::new(Reason::NoValue, format!("annotation {id}")))];
    }
    let row = |(criterion, said): (String, &Json)| match value(said) {
        Some(value) => writer.row(&own, vec![(Column::Criterion, criterion), (Column::Value, value)]),
        None => ToolRow::refused(
            line,
            Refusal::new(Reason::NoValue, format!("annotation {id}: `{criterion}` is of regions, which are lost")),
        ),
    };
    answers.into_iter().map(row).collect()
}

/// The criteria that a key answers, as is said or else as they are called.
fn answers<'k>(
    keys: &'k Map<String, Json>,
    reading: &RatingsReading,
    expected: &Expected<'_>,
) -> Vec<(String, &'k Json)> {
    if !reading.answers.is_empty() {
        let said =
            reading.answers.iter().filter_map(|answer| Some((answer.criterion.clone(), keys.get(&answer.column)?)));
        return said.collect();
    }
    let called = keys.iter().filter_map(|(key, said)| Some((expected.criterion(key)?.to_owned(), said)));
    called.collect()
}

/// Whether an annotation is of a user for whom `is_rater` holds.
pub fn annotations_of(annotation: &str, is_rater: &dyn Fn(&str) -> bool) -> Result<usize, String> {
    let keys: Map<String, Json> = serde_json::from_str(annotation).map_err(|error| error.to_string())?;
    Ok(usize::from(keys.get("annotator").is_some_and(|user| is_rater(&text(user)))))
}
