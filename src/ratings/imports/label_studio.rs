//! Label Studio's raw JSON: a list of tasks, each with its annotations, as the SDK 2.1.2 and the export page write it.
//!
//! In: the tasks, one a line. Out: a row for each answer of each annotation; an annotation that was skipped is the outcome
//! `skipped` of the whole item; ground truth, predictions and drafts are no ratings, and named. A region of a dialogue is
//! at the step of its paragraph, and an answer about a region is an attribute of the flag there. Raters are the numbers
//! of users: addresses that stand beside them are never taken.

use super::ToolRow;
use super::controls::{lines, several, text};
use super::reading::RatingsReading;
use crate::ratings::columns::Column;
use crate::ratings::expected::Expected;
use crate::ratings::gold_rows::GoldRow;
use crate::ratings::rejected::{Reason, Refusal};
use crate::table::Cell;
use crate::table::head::ColumnRole;
use crate::text::quoted;
use serde::Deserialize;
use serde_json::{Map, Value as Json};

/// One task.
#[derive(Default, Deserialize)]
pub(super) struct LabelledTask {
    pub(super) id: Json,
    #[serde(default)]
    pub(super) data: Map<String, Json>,
    #[serde(default)]
    pub(super) annotations: Vec<Annotation>,
    #[serde(default)]
    pub(super) predictions: Vec<Json>,
    #[serde(default)]
    pub(super) drafts: Vec<Json>,
}

/// One submission.
#[derive(Default, Deserialize)]
pub(super) struct Annotation {
    pub(super) id: Json,
    #[serde(default)]
    pub(super) completed_by: Json,
    #[serde(default)]
    pub(super) result: Vec<RegionResult>,
    #[serde(default)]
    pub(super) was_cancelled: bool,
    #[serde(default)]
    pub(super) ground_truth: bool,
    #[serde(default)]
    pub(super) created_at: Option<String>,
    #[serde(default)]
    pub(super) updated_at: Option<String>,
    #[serde(default)]
    pub(super) lead_time: Option<f64>,
}

/// One answer, or one region.
#[derive(Deserialize)]
pub(super) struct RegionResult {
    #[serde(default)]
    id: String,
    #[serde(default)]
    from_name: String,
    #[serde(default, rename = "type")]
    kind: String,
    #[serde(default)]
    value: Map<String, Json>,
}

/// Whether a file that begins so is such an export: a list of objects with annotations.
pub fn is_label_studio(start: &[u8]) -> bool {
    let start = String::from_utf8_lossy(start);
    let is_list = start.trim_start_matches('\u{feff}').trim_start().starts_with('[');
    let has = |key: &str| start.contains(&format!("\"{key}\""));
    is_list && has("annotations") && has("data") && (has("completed_by") || has("was_cancelled") || has("result"))
}

/// The rows of a task, which begins on a line.
pub fn rows(line: u64, task: &str, reading: &RatingsReading, expected: &Expected<'_>) -> Vec<ToolRow> {
    let task: LabelledTask = match serde_json::from_str(task) {
        Ok(task) => task,
        Err(error) => return vec![ToolRow::refused(line, Refusal::new(Reason::UnreadableRow, error.to_string()))],
    };
    let writer = TaskRows { line, item: item(&task, reading), reading, expected };
    let others = [(&task.predictions, "prediction"), (&task.drafts, "draft")];
    let unsubmitted = others.into_iter().flat_map(|(all, what)| all.iter().map(move |_| what));
    let unsubmitted = unsubmitted.map(|what| ToolRow::refused(line, Refusal::new(Reason::NotSubmitted, what)));
    task.annotations.iter().flat_map(|annotation| writer.annotation(annotation)).chain(unsubmitted).collect()
}

/// How many annotations and drafts of a task are of a user for whom `is_rater` holds.
pub fn annotations_of(task: &str, is_rater: &dyn Fn(&str) -> bool) -> Result<usize, String> {
    let task: LabelledTask = serde_json::from_str(task).map_err(|error| error.to_string())?;
    let drafts = task.drafts.iter().filter_map(|draft| draft.get("user"));
    let users = task.annotations.iter().map(|annotation| &annotation.completed_by).chain(drafts);
    Ok(users.filter(|user| is_rater(&rater(user))).count())
}

/// What names the item: the part of the data that is said to, or is usually called so; else the task's number.
pub(super) fn item(task: &LabelledTask, reading: &RatingsReading) -> String {
    let said = reading.columns.get(&Column::Item).map(|name| task.data.get(name));
    let usual = || task.data.iter().find(|(name, _)| ColumnRole::Item.is_usual(name)).map(|(_, value)| value);
    let value = said.unwrap_or_else(usual);
    match value {
        Some(value) => text(value),
        None if reading.columns.contains_key(&Column::Item) => String::new(),
        None => text(&task.id),
    }
}

/// The number of a user, who may be written with name and address.
fn rater(user: &Json) -> String {
    let own = text(user.get("id").unwrap_or(user));
    if own.contains('@') { String::new() } else { own }
}

/// Rows are made for the annotations of one task.
pub(super) struct TaskRows<'t> {
    pub(super) line: u64,
    pub(super) item: String,
    pub(super) reading: &'t RatingsReading,
    pub(super) expected: &'t Expected<'t>,
}

impl TaskRows<'_> {
    fn annotation(&self, annotation: &Annotation) -> Vec<ToolRow> {
        let id = text(&annotation.id);
        if annotation.ground_truth {
            let refusal = Refusal::of_gold(format!("annotation {id}"), self.gold(annotation));
            return vec![ToolRow::refused(self.line, refusal)];
        }
        if annotation.was_cancelled {
            return vec![self.row(annotation, vec![(Column::Outcome, "skipped".to_owned())])];
        }
        if annotation.result.is_empty() {
            return vec![ToolRow::refused(
                self.line,
                Refusal::new(Reason::NoValue, format!("annotation {id} was submitted empty")),
            )];
        }
        let answer = |result| match self.answer(result, annotation) {
            Ok(cells) => self.row(annotation, cells),
            Err(found) => {
                ToolRow::refused(self.line, Refusal::new(Reason::NoValue, format!("annotation {id}: {found}")))
            }
        };
        annotation.result.iter().map(answer).collect()
    }

    /// What an annotation that is ground truth says: its answers, read as others are.
    fn gold(&self, annotation: &Annotation) -> Vec<GoldRow> {
        let answers = annotation.result.iter().filter_map(|result| self.answer(result, annotation).ok());
        let rows: Vec<ToolRow> = answers.map(|cells| self.row(annotation, cells)).collect();
        GoldRow::of_rows(rows.iter().filter_map(|row| row.row().ok()))
    }

    /// What one answer says: its criterion, value, and place; or what it is that can't be a rating.
    fn answer(&self, result: &RegionResult, of: &Annotation) -> Result<Vec<(Column, String)>, String> {
        let criterion = self.criterion(&result.from_name);
        let value = value(result)?;
        let region = of.result.iter().find(|other| other.id == result.id && is_region(other));
        let mut cells = Vec::new();
        match region.filter(|region| region.from_name != result.from_name) {
            Some(region) => {
                cells.push((Column::Criterion, self.criterion(&region.from_name)));
                cells.push((Column::Attribute, criterion));
            }
            None => cells.push((Column::Criterion, criterion)),
        }
        cells.push((Column::Value, value));
        let (first, last) = region.map_or((None, None), steps);
        cells.extend(first.map(|step| (Column::Step, step)));
        cells.extend(last.map(|step| (Column::StepTo, step)));
        Ok(cells)
    }

    /// The criterion that a control of the labelling interface answers.
    fn criterion(&self, control: &str) -> String {
        self.reading.criterion(control).or_else(|| self.expected.criterion(control)).unwrap_or(control).to_owned()
    }

    /// A row with what an annotation's rows have in common.
    pub(super) fn row(&self, of: &Annotation, own: Vec<(Column, String)>) -> ToolRow {
        let time = of.updated_at.as_ref().or(of.created_at.as_ref()).cloned();
        let common = [
            (Column::Item, Some(self.item.clone())),
            (Column::Rater, Some(rater(&of.completed_by))),
            (Column::Submission, Some(text(&of.id))),
            (Column::SubmittedAt, time),
            (Column::Seconds, of.lead_time.map(|seconds| seconds.to_string())),
        ];
        let common = common.into_iter().filter_map(|(column, said)| Some((column, said?)));
        let said: Vec<(Column, Cell<'static>)> =
            common.chain(own).map(|(column, text)| (column, Cell::Own(text))).collect();
        ToolRow::of(self.line, self.reading.meant(said))
    }
}

/// Whether a result marks a place.
fn is_region(result: &RegionResult) -> bool {
    ["paragraphlabels", "labels", "hypertextlabels", "timeserieslabels"].contains(&result.kind.as_str())
}

/// The steps of a region of a dialogue, whose paragraphs are numbered from 0; the last where it is another.
fn steps(region: &RegionResult) -> (Option<String>, Option<String>) {
    let step = |key: &str| {
        let paragraph: u32 = text(region.value.get(key).filter(|_| region.kind == "paragraphlabels")?).parse().ok()?;
        Some((paragraph + 1).to_string())
    };
    let (first, last) = (step("start"), step("end"));
    let is_one = first == last;
    (first, last.filter(|_| !is_one))
}

/// The value of a result, several with `|` between them.
fn value(result: &RegionResult) -> Result<String, String> {
    let key = match result.kind.as_str() {
        "textarea" => "text",
        "pairwise" => "selected",
        kind => kind,
    };
    let found = result
        .value
        .get(key)
        .ok_or_else(|| format!("a result of the type {} is none that is read", quoted(&result.kind)))?;
    match found {
        Json::Array(texts) if key == "text" => Ok(lines(texts)),
        Json::Array(choices) => several(choices).ok_or_else(|| "a choice holds `|`, which parts values".to_owned()),
        value => Ok(text(value)),
    }
}
