//! Docent's labels and judges' results, as the models of 0.1.88 are dumped: a list of objects.
//!
//! In: the objects, and what lies beside them. Out: a row for each answer: a key that is left out was not asked for, a slice
//! is a flag at its steps, and a judge is a rater whose id changes with it. It reads no score, and no target of a run.

use super::controls::{several, text};
use super::docent_folder::DocentFolder;
use super::docent_record::DocentRecord;
use super::docent_target::{LabelledRun, LabelledRuns};
use super::{RatingsReading, ToolRow};
use crate::diagnostic::Fault;
use crate::ratings::columns::Column;
use crate::ratings::expected::Expected;
use crate::ratings::rejected::{Reason, Refusal};
use crate::table::{Cell, Sizes, TableSource};
use crate::text::quoted;
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// The key that says why, and answers no criterion unless one is called so.
const EXPLANATION: &str = "explanation";

/// Whether a file that begins so is a list of labels or results.
pub fn is_docent(start: &[u8]) -> bool {
    let start = String::from_utf8_lossy(start);
    let has = |key: &str| start.contains(&format!("\"{key}\""));
    let is_label = has("label_value") && (has("label_set_id") || has("general_label_set_id"));
    is_label || ["rubric_id", "rubric_version", "output", "result_type"].into_iter().all(has)
}

/// The rows of a file.
pub fn rows(
    source: TableSource<'_>,
    sizes: Sizes,
    reading: &RatingsReading,
    expected: &Expected<'_>,
) -> Result<Vec<ToolRow>, Fault> {
    let nothing = DocentFolder::default();
    let folder = reading.docent.as_deref().unwrap_or(&nothing);
    let writer = RecordRows { folder, reading, expected, runs: LabelledRuns::of(folder, reading, expected) };
    let objects = source.objects(sizes)?;
    let records = objects.iter().map(|(line, object)| (*line, serde_json::from_str::<DocentRecord>(object)));
    let records: Vec<(u64, Result<DocentRecord, serde_json::Error>)> = records.collect();
    let has_judge = records.iter().any(|(_, record)| record.as_ref().is_ok_and(|record| record.judge().is_some()));
    if has_judge && reading.says(Column::Version).is_none() {
        let help = "say it with `--version`, or `version` in ratings.yaml";
        return Err(Fault::whole("nothing says which version of the instructions the judge was given").help(help));
    }
    let (mut rows, mut seen) = (Vec::new(), BTreeMap::new());
    for (line, record) in records {
        match record {
            Ok(record) => {
                let pass = pass(&record, &mut seen);
                let made = writer.record(line, &record, pass);
                rows.extend(made.unwrap_or_else(|refusal| vec![ToolRow::refused(line, refusal)]));
            }
            Err(error) => rows.push(ToolRow::refused(line, Refusal::new(Reason::UnreadableRow, error.to_string()))),
        }
    }
    Ok(rows)
}

/// Where a source first has something of this rater, if it does.
pub fn first_of(
    source: TableSource<'_>,
    sizes: Sizes,
    reading: &RatingsReading,
    rater: &str,
) -> Result<Option<u64>, Fault> {
    for (line, object) in source.objects(sizes)? {
        let record: DocentRecord =
            serde_json::from_str(&object).map_err(|error| Fault::on(line, format!("it can't be read: {error}")))?;
        if record.person(reading).is_ok_and(|person| person.as_deref() == Some(rater)) {
            return Ok(Some(line));
        }
    }
    Ok(None)
}

/// For the how many-th time a judge answers on a run: the same result twice is once.
fn pass(record: &DocentRecord, seen: &mut BTreeMap<(String, u64, String), Vec<String>>) -> usize {
    let Some((rubric, version)) = record.judge() else { return 1 };
    let key = (rubric.to_owned(), version, record.agent_run_id.clone().unwrap_or_default());
    let before = seen.entry(key).or_default();
    if let Some(place) = before.iter().position(|id| *id == record.id) {
        return place + 1;
    }
    before.push(record.id.clone());
    before.len()
}

/// Rows are made for the objects of one file.
struct RecordRows<'r> {
    folder: &'r DocentFolder,
    reading: &'r RatingsReading,
    expected: &'r Expected<'r>,
    runs: LabelledRuns<'r>,
}

/// Cells of its own that an answer has, and a comment.
type DocentAnswer = (Vec<(Column, String)>, String);

impl RecordRows<'_> {
    fn record(&self, line: u64, record: &DocentRecord, pass: usize) -> Result<Vec<ToolRow>, Refusal> {
        let labelled = self.runs.labelled(record)?;
        let rater = self.rater(record)?;
        let row = |answer| match answer {
            Ok(answer) => self.row(line, record, (&labelled.item, rater.as_deref(), pass), answer),
            Err(refusal) => ToolRow::refused(line, refusal),
        };
        Ok(self.answers(record, &labelled)?.into_iter().map(row).collect())
    }

    /// Whose answers they are, if that is said.
    fn rater(&self, record: &DocentRecord) -> Result<Option<String>, Refusal> {
        let Some((rubric, version)) = record.judge() else { return record.person(self.reading) };
        let model = || self.folder.rubric(rubric, version).and_then(|rubric| rubric.model.as_deref());
        match self.reading.says(Column::Rater).or_else(model) {
            Some(name) => Ok(Some(self.folder.judge(name, rubric, version))),
            None => {
                let found = "is a judge's: `rater`, or `docent-rubrics.json` beside it, says whose";
                Err(Refusal::new(Reason::NoRater, format!("{} {found}", quoted(&record.id))))
            }
        }
    }

    /// The criterion that a key answers.
    fn criterion(&self, key: &str) -> String {
        let own = self.reading.criterion(key).or_else(|| self.expected.criterion(key));
        own.map_or_else(|| key.replace('_', "-"), str::to_owned)
    }

    /// Whether a key says why, and no more.
    fn is_explanation(&self, key: &str) -> bool {
        key == EXPLANATION && self.reading.criterion(key).or_else(|| self.expected.criterion(key)).is_none()
    }

    /// What is said of each criterion that was asked for.
    fn answers(&self, record: &DocentRecord, of: &LabelledRun) -> Result<Vec<Result<DocentAnswer, Refusal>>, Refusal> {
        if record.result_type.as_deref() == Some("FAILURE") {
            return self.failed(record);
        }
        let nothing = || Refusal::new(Reason::NoValue, format!("{} says nothing", quoted(&record.id)));
        let said = record.label_value.as_ref().or(record.output.as_ref()).ok_or_else(nothing)?;
        let why = said.iter().filter(|(key, _)| self.is_explanation(key)).map(|(_, why)| words(why)).next();
        let why = why.unwrap_or_default();
        let keys: Vec<_> = said.iter().filter(|(key, _)| !self.is_explanation(key)).collect();
        if keys.is_empty() {
            return Err(nothing());
        }
        Ok(keys.into_iter().flat_map(|(key, value)| self.key(key, value, &why, of)).collect())
    }

    /// A judge who failed gave up on what was asked, if that is known.
    fn failed(&self, record: &DocentRecord) -> Result<Vec<Result<DocentAnswer, Refusal>>, Refusal> {
        let rubric = record.judge().and_then(|(id, version)| self.folder.rubric(id, version));
        let unknown = "failed, and no `docent-rubrics.json` beside it says what was asked";
        let unknown = || Refusal::new(Reason::NoCriterion, format!("{} {unknown}", quoted(&record.id)));
        let asked = rubric.ok_or_else(unknown)?.asked.iter().filter(|key| !self.is_explanation(key));
        let gave_up = |key: &String| {
            Ok((
                vec![(Column::Criterion, self.criterion(key)), (Column::Outcome, "gave-up".to_owned())],
                record.failure(),
            ))
        };
        Ok(asked.map(gave_up).collect())
    }

    /// What one key says.
    fn key(&self, key: &str, value: &Json, why: &str, of: &LabelledRun) -> Vec<Result<DocentAnswer, Refusal>> {
        let criterion = self.criterion(key);
        let one = |column: Column, said: String| {
            Ok((vec![(Column::Criterion, criterion.clone()), (column, said)], why.to_owned()))
        };
        let refused = |reason, found: String| vec![Err(Refusal::new(reason, format!("{} {found}", quoted(key))))];
        match value {
            Json::Array(all) if all.is_empty() => vec![one(Column::Outcome, "none".to_owned())],
            Json::Array(all) if all.iter().any(Json::is_object) => {
                all.iter().flat_map(|flag| self.flag(key, flag, why)).collect()
            }
            Json::Array(all) if !of.slices.is_empty() => {
                all.iter().flat_map(|value| self.key(key, value, why, of)).collect()
            }
            Json::Array(all) => match several(all) {
                Some(all) => vec![one(Column::Value, all)],
                None => refused(Reason::NoValue, "has a value that holds `|`, which parts values".to_owned()),
            },
            value if words(value).is_empty() => refused(Reason::NoValue, "has no value".to_owned()),
            value if of.slices.is_empty() => vec![one(Column::Value, words(value))],
            value => {
                let at = |slice: &(usize, usize)| {
                    let (mut cells, why) = one(Column::Value, words(value))?;
                    cells.extend(steps(slice.0, slice.1));
                    Ok((cells, why))
                };
                of.slices.iter().map(at).collect()
            }
        }
    }

    /// A flag in a list of them: its kind, its step, and what else it says.
    fn flag(&self, key: &str, flag: &Json, why: &str) -> Vec<Result<DocentAnswer, Refusal>> {
        let criterion = self.criterion(key);
        let kind = ["value", "label", "kind"].into_iter().map(|key| words(&flag[key])).find(|kind| !kind.is_empty());
        let Some(kind) = kind else {
            return vec![Err(Refusal::new(Reason::NoValue, format!("a flag of {} without a kind", quoted(key))))];
        };
        let place = |key: &str| flag[key].as_u64().and_then(|step| usize::try_from(step).ok());
        let Some(step) = place("step") else {
            return vec![Err(Refusal::new(Reason::BadStep, format!("{} has no step", quoted(&kind))))];
        };
        let own = words(&flag[EXPLANATION]);
        let comment = if own.is_empty() { why.to_owned() } else { own };
        let at = steps(step, place("step_to").unwrap_or(step));
        let cells = |own: Vec<(Column, String)>| {
            [(Column::Criterion, criterion.clone())].into_iter().chain(own).chain(at.clone()).collect::<Vec<_>>()
        };
        let attribute = |name: &str| {
            let value = words(&flag[name]);
            let own = vec![(Column::Attribute, name.to_owned()), (Column::Value, value.clone())];
            (!value.is_empty()).then(|| Ok((cells(own), String::new())))
        };
        let attributes: Vec<_> = self.expected.attributes().filter_map(attribute).collect();
        [Ok((cells(vec![(Column::Value, kind)]), comment))].into_iter().chain(attributes).collect()
    }

    /// A row with what the rows of a record have in common.
    fn row(
        &self,
        line: u64,
        record: &DocentRecord,
        (item, rater, pass): (&str, Option<&str>, usize),
        (own, comment): DocentAnswer,
    ) -> ToolRow {
        let when = record.updated_at.as_ref().or(record.created_at.as_ref());
        let mut said = vec![(Column::Item, item.to_owned()), (Column::Submission, record.id.clone())];
        said.extend(when.map(|when| (Column::SubmittedAt, when.clone())));
        said.extend((pass > 1).then(|| (Column::Pass, pass.to_string())));
        let said = said.into_iter().chain(own).map(|(column, text)| (column, Cell::Own(text))).collect();
        let mut cells = self.reading.meant(said);
        cells.extend(rater.map(|rater| (Column::Rater, Cell::Own(rater.to_owned()))));
        ToolRow::of(line, cells).commented(&comment)
    }
}

/// The words of a value, of one with citations those that cite.
fn words(value: &Json) -> String {
    text(value.get("text").unwrap_or(value))
}

/// The cells of a place.
fn steps(first: usize, last: usize) -> Vec<(Column, String)> {
    let last = (last != first).then(|| (Column::StepTo, last.to_string()));
    [(Column::Step, first.to_string())].into_iter().chain(last).collect()
}

#[cfg(test)]
mod tests {
    use crate::ratings::testing::{Site, messages, rejected, said};
    use serde_json::{Value as Json, json};

    const CRITERIA: &str = "criteria:
  - {id: goal, scale: {nominal: [yes, no]}}
  - {id: seen-by, scale: {set: [a, b, c]}}
  - {id: mistakes, scale: {steps: [wrong, late]}, with: {how-sure: [very, not]}}";

    const ANN: &str = "0b0d6f52-59a1-4c5b-9a65-5d7f2f9f1d10";

    fn label(id: &str, run: &str, by: &str, value: &Json) -> Json {
        json!({"id": id, "label_set_id": "s", "agent_run_id": run, "created_by": by, "label_value": value,
            "created_at": "2026-11-03T09:00:00Z"})
    }

    fn read(reading: &str, runs: Option<&Json>, records: &Json) -> (Vec<String>, Vec<String>, Vec<String>) {
        let raters = format!("a, b, j, {ANN}, j@5b96e2cd");
        let mut site = Site::with(CRITERIA).cohort("atlas", &raters, "tasks: [t]\n");
        site = site.file("content/ratings/ratings.yaml", reading);
        if let Some(runs) = runs {
            site = site.file("content/ratings/docent-runs.json", &runs.to_string());
        }
        let (table, found) = site.read(&[("content/ratings/labels.json", records.to_string())]);
        (said(&table), rejected(&table), messages(&found))
    }

    fn runs() -> Json {
        let run = |id: &str, key: &str, sample: &str, epoch: u8| {
            json!({"id": id, "metadata": {key: sample, "epoch": epoch},
            "transcripts": [{"id": format!("t-{id}"), "messages": [{"role": "user"}, {"role": "assistant"}, {"role": "tool"}]}]})
        };
        json!([run("r-1", "sample_id", "i", 1), run("r-2", "sample_id", "i", 2), run("r-3", "case", "k", 1)])
    }

    #[test]
    fn a_label_is_of_the_sample_that_its_run_is_of_or_of_what_is_said_to_name_it() {
        let labels =
            ["r-1", "r-2", "r-3"].map(|run| label(run, run, ANN, &json!({"goal": "yes", "seen_by": ["c", "a"]})));
        let labels = json!(labels);
        let (made, refused, told) = read("task: t\n", Some(&runs()), &labels);
        let of = |item: &str| [format!("{item} {ANN} goal - 1 yes"), format!("{item} {ANN} seen-by - 1 a|c")];
        let [one, two] = ["i#1", "i#2"].map(of);
        assert_eq!(made.iter().collect::<Vec<_>>(), [&one[0], &two[0], &one[1], &two[1]]);
        assert_eq!(refused, ["no-item 1: 3 nothing names the item of `r-3`"]);
        assert!(told.contains(&"guessed-columns: read as an export of `docent`".to_owned()), "{told:?}");
        let (made, ..) = read("columns: {item: case}\n", Some(&runs()), &labels);
        assert_eq!(made, of("k"));
        let (made, ..) = read("columns: {item: agent_run_id}\n", None, &labels);
        assert_eq!(made.len(), 6);
        let (_, refused, _) = read("tool: docent\n", None, &labels);
        assert!(refused[0].starts_with("no-item 3: 1 no run of `docent-runs.json` beside it is `r-1`"), "{refused:?}");
    }

    #[test]
    fn nobody_is_a_rater_by_name_or_address() {
        let value = json!({"goal": "no"});
        let mut labels = ["jo.doe@example.org", "Jo Doe", "jo", ANN].map(|by| label(by, "r-1", by, &value));
        labels[3]["creator_email"] = json!("jo.doe@example.org");
        let labels = json!(labels);
        let (made, refused, told) = read("tool: docent\n", Some(&runs()), &labels);
        assert_eq!(made, [format!("i#1 {ANN} goal - 1 no")]);
        assert!(
            refused[0].starts_with("no-rater 3: ") && !refused[0].contains("entry of `raters` is for jo"),
            "{refused:?}"
        );
        assert!(told.iter().all(|message| !message.contains("Doe")), "{told:?}");
        let (made, ..) = read("raters: {jo.doe@example.org: a}\n", Some(&runs()), &labels);
        assert_eq!(made, ["i#1 a goal - 1 no"]);
    }

    #[test]
    fn flags_have_steps_of_their_own_or_those_of_a_slice() {
        let flags = json!({"mistakes": [{"step": 2, "value": "wrong", "how-sure": "not"}, {"value": "late"}]});
        let slice = json!({"object_type": "transcript_slice", "transcript_id": "t-r-2", "transcript_slice_start_idx": 1,
            "transcript_slice_end_idx": 2});
        let general = json!({"id": "g", "general_label_set_id": "s", "created_by": ANN, "target": {"items": [slice]},
            "label_value": {"mistakes": ["late"]}, "created_at": "2026-11-03T09:00:00"});
        let records = json!([label("l", "r-1", ANN, &flags), general, label("m", "r-2", ANN, &json!({"seen-by": []}))]);
        let (made, refused, _) = read("tool: docent\n", Some(&runs()), &records);
        let expected = [
            format!("i#2 {ANN} seen-by - 1 none"),
            format!("i#1 {ANN} mistakes - 1 [2:wrong/not]"),
            format!("i#2 {ANN} mistakes - 1 [2:late]"),
        ];
        assert_eq!((made, refused), (expected.to_vec(), vec!["bad-step 1: 1 `late` has no step".to_owned()]));
    }

    #[test]
    fn a_judge_is_read_only_where_its_version_and_its_name_are_said() {
        let result = json!({"id": "x", "agent_run_id": "r-3", "rubric_id": "q", "rubric_version": 1, "output": {"goal": "yes"},
            "result_type": "DIRECT_RESULT"});
        let columns = "columns: {item: case}\n";
        let (_, _, told) = read(columns, Some(&runs()), &json!([result]));
        assert!(told.iter().any(|message| message.contains("which version of the instructions the judge was given")));
        let versioned = format!("{columns}version: 1.0.0\n");
        let (_, refused, _) = read(&versioned, Some(&runs()), &json!([result]));
        assert!(refused[0].starts_with("no-rater 1: 1 `x` is a judge's"), "{refused:?}");
        let failed = json!({"id": "y", "agent_run_id": "r-3", "rubric_id": "q", "rubric_version": 1, "output": {},
            "result_type": "FAILURE"});
        let (made, refused, _) = read(&format!("{versioned}rater: j\n"), Some(&runs()), &json!([result, failed]));
        assert_eq!(made.len(), 1, "{made:?}");
        assert!(made[0].starts_with("k j@") && made[0].ends_with(" goal 1.0.0 1 yes"), "{made:?}");
        assert!(refused[0].starts_with("no-criterion 1: 2 `y` failed"), "{refused:?}");
    }
}
