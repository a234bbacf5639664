//! Argilla's records as 2.8.0 exports them: objects, each with what users answered to each question.
//!
//! In: the objects, flat (`to_list(flatten=True)`) or nested (`to_json`). Out: a row for each response that was submitted; one
//! that was discarded is the outcome `skipped`, and drafts and suggestions are no ratings, and named. The nested form does
//! not say which is which. Spans of a run are flags at its steps (`argilla_run`). Raters are Argilla's ids of users. It reads no
//! other field of a record but the one that names the item.

use super::argilla_run;
use super::controls::{several, text};
use super::form_names::About;
use super::{Lacking, RatingsReading, ToolRow};
use crate::ratings::columns::Column;
use crate::ratings::expected::Expected;
use crate::ratings::rejected::{Reason, Refusal};
use crate::table::Cell;
use crate::text::quoted;
use serde_json::{Map, Value as Json};

/// What the nested form lacks.
pub const LACKING: Lacking = Lacking {
    what: "Argilla's nested records lack whether a response was submitted: drafts and discarded ones count as ratings",
    instead: "export the flat ones, which say it: `dataset.records(with_responses=True).to_list(flatten=True)`",
};

const USERS: &str = ".responses.users";
const RESPONSES: &str = ".responses";
const SUGGESTION: &str = ".suggestion";

/// Whether a file that begins so has flat records.
pub fn is_argilla(start: &[u8]) -> bool {
    String::from_utf8_lossy(start).contains(&format!("{USERS}\""))
}

/// Whether a file that begins so has nested records.
pub fn is_nested(start: &[u8]) -> bool {
    let start = String::from_utf8_lossy(start);
    let keys = ["fields", "metadata", "suggestions", "responses", "vectors", "_server_id"];
    keys.iter().all(|key| start.contains(&format!("\"{key}\"")))
}

/// What one user said to one question.
struct UserResponse<'o> {
    question: &'o str,
    user: String,
    value: &'o Json,
    /// None where the form does not say it.
    status: Option<&'o str>,
}

/// The responses of a record, flat or nested; or why they can't be told apart.
fn responses(record: &Map<String, Json>) -> Result<Vec<UserResponse<'_>>, String> {
    let mut found = Vec::new();
    for (key, all) in record {
        let Some(question) = key.strip_suffix(RESPONSES) else { continue };
        let beside = |name: &str| record.get(&format!("{key}.{name}")).and_then(Json::as_array);
        let (Some(all), Some(users)) = (all.as_array(), beside("users")) else { continue };
        let states = beside("status").filter(|states| states.len() == all.len() && users.len() == all.len());
        let states =
            states.ok_or_else(|| format!("the responses to {} and their users differ in number", quoted(question)))?;
        let each = all.iter().zip(users).zip(states);
        found.extend(each.map(|((value, user), status)| {
            let status = Some(status.as_str().unwrap_or_default());
            UserResponse { question, user: text(user), value, status }
        }));
    }
    for (question, all) in record.get("responses").and_then(Json::as_object).into_iter().flatten() {
        let each = all.as_array().into_iter().flatten();
        found.extend(each.map(|response| UserResponse {
            question,
            user: text(&response["user_id"]),
            value: &response["value"],
            status: None,
        }));
    }
    Ok(found)
}

/// How many suggestions a record has: what a model says before anybody did.
fn suggestions(record: &Map<String, Json>) -> usize {
    let flat = record.iter().filter(|(key, value)| key.ends_with(SUGGESTION) && !value.is_null());
    flat.count() + record.get("suggestions").and_then(Json::as_object).map_or(0, Map::len)
}

/// The rows of a record, which begins on a line.
pub fn rows(line: u64, object: &str, reading: &RatingsReading, expected: &Expected<'_>) -> Vec<ToolRow> {
    let refused = |reason, found: String| ToolRow::refused(line, Refusal::new(reason, found));
    let record: Map<String, Json> = match serde_json::from_str(object) {
        Ok(record) => record,
        Err(error) => return vec![refused(Reason::UnreadableRow, error.to_string())],
    };
    let mut responses = match responses(&record) {
        Ok(responses) => responses,
        Err(found) => return vec![refused(Reason::UnreadableRow, found)],
    };
    // That nothing is marked says less than any other answer to the same criterion, and the last answer counts.
    responses.sort_by_key(|response| response.value.as_array().is_none_or(|all| !all.is_empty()));
    let of_record = of_record(&record, reading);
    let run = find(&record, argilla_run::RUN).and_then(Json::as_str).unwrap_or_default();
    let answers = responses.iter().flat_map(|response| {
        let about = About::of(response.question, reading, expected);
        let row = |said: ArgillaAnswer| match said {
            Err((reason, found)) => refused(reason, format!("{found} to {}", quoted(response.question))),
            Ok(UserAnswer { cells, attributes }) => {
                let rater = (Column::Rater, response.user.clone());
                let cells = of_record.iter().cloned().chain([rater]).chain(about.cells()).chain(cells);
                let cells = cells.map(|(column, text)| (column, Cell::Own(text))).collect();
                ToolRow { attributes, ..ToolRow::of(line, reading.meant(cells)) }
            }
        };
        said(response, run, expected).into_iter().map(row).collect::<Vec<_>>()
    });
    let suggested = (0..suggestions(&record)).map(|_| refused(Reason::NotSubmitted, "suggestion".to_owned()));
    answers.chain(suggested).collect()
}

/// How many responses of a record are of a user for whom `is_rater` holds.
pub fn responses_of(object: &str, is_rater: &dyn Fn(&str) -> bool) -> Result<usize, String> {
    let record: Map<String, Json> = serde_json::from_str(object).map_err(|error| error.to_string())?;
    Ok(responses(&record)?.iter().filter(|response| is_rater(&response.user)).count())
}

/// What a record says of each of its answers: the item, which its id names unless that is said otherwise, and what else is
/// said to stand in a record.
fn of_record(record: &Map<String, Json>, reading: &RatingsReading) -> Vec<(Column, String)> {
    let item = reading.columns.get(&Column::Item).map_or("id", String::as_str);
    let others = reading.columns.iter().filter(|(column, _)| **column != Column::Item);
    let others = others.filter_map(|(column, name)| Some((*column, find(record, name).map(text)?)));
    let item = (Column::Item, find(record, item).map(text).unwrap_or_default());
    [item].into_iter().chain(others.filter(|(_, said)| !said.is_empty())).collect()
}

/// What a record has under a name, in its metadata and fields if it is nested.
fn find<'o>(record: &'o Map<String, Json>, name: &str) -> Option<&'o Json> {
    let inside = |of: &str| record.get(of)?.get(name);
    record.get(name).or_else(|| inside("metadata")).or_else(|| inside("fields"))
}

/// What one answer says.
#[derive(Default)]
struct UserAnswer {
    cells: Vec<(Column, String)>,
    /// Of the flag that it is.
    attributes: Vec<(String, String)>,
}

impl UserAnswer {
    fn of(column: Column, text: &str) -> Self {
        Self { cells: vec![(column, text.to_owned())], attributes: Vec::new() }
    }
}

/// An answer, or why it is no rating.
type ArgillaAnswer = Result<UserAnswer, (Reason, String)>;

/// What a response says: one answer, or one for each span of the run.
fn said(response: &UserResponse<'_>, run: &str, expected: &Expected<'_>) -> Vec<ArgillaAnswer> {
    match (response.status, response.value) {
        (Some("discarded"), _) => vec![Ok(UserAnswer::of(Column::Outcome, "skipped"))],
        (Some(status), _) if status != "submitted" => vec![Err((Reason::NotSubmitted, "a draft".to_owned()))],
        (_, Json::Array(all)) if all.is_empty() => vec![Ok(UserAnswer::of(Column::Outcome, "none"))],
        (_, Json::Array(all)) if all.iter().any(Json::is_object) => {
            all.iter().map(|of| span(of, run, expected)).collect()
        }
        (_, value) => {
            let value = value.as_array().map_or_else(|| text(value), |all| several(all).unwrap_or_default());
            let none = || Err((Reason::NoValue, "no answer".to_owned()));
            vec![if value.is_empty() { none() } else { Ok(UserAnswer::of(Column::Value, &value)) }]
        }
    }
}

/// What a span of the run says.
fn span(span: &Json, run: &str, expected: &Expected<'_>) -> ArgillaAnswer {
    let refused = |found: String| (Reason::NoValue, found);
    let (Some(start), Some(end)) = (span["start"].as_u64(), span["end"].as_u64()) else {
        return Err(refused("an answer of ranks".to_owned()));
    };
    let (first, last) = argilla_run::steps(run, start, end)
        .map_err(|why| refused(format!("a span whose step can't be told ({why})")))?;
    let label = text(&span["label"]);
    let (kind, attributes) = argilla_run::parts(&label, |name| expected.attributes().any(|known| known == name));
    let ends = (last > first).then(|| (Column::StepTo, last.to_string()));
    let own = [(Column::Value, kind.to_owned()), (Column::Step, first.to_string())];
    Ok(UserAnswer { cells: own.into_iter().chain(ends).collect(), attributes })
}

#[cfg(test)]
mod tests {
    use crate::ratings::testing::{Site, messages, rejected, said};
    use serde_json::{Value as Json, json};

    const CRITERIA: &str = "criteria:
  - {id: goal-reached, scale: {nominal: [yes, no]}}
  - {id: seen, scale: {set: [a, b, c]}}
  - {id: minutes, scale: {number: {min: 0}}}";

    fn read(reading: &str, records: &Json) -> (Vec<String>, Vec<String>, Vec<String>) {
        let site = Site::with(CRITERIA).cohort("atlas", "u, x-v", "tasks: [t]\n");
        let site = site.file("content/ratings/ratings.yaml", reading);
        let (table, found) = site.read(&[("content/ratings/records.json", records.to_string())]);
        (said(&table), rejected(&table), messages(&found))
    }

    #[test]
    fn what_was_submitted_counts_and_what_was_discarded_is_skipped() {
        let records = json!([{"id": "i", "name": "k", "goal_reached.responses": ["yes", "no", null],
            "goal_reached.responses.users": ["u", "v", "v"],
            "goal_reached.responses.status": ["submitted", "draft", "discarded"], "seen.responses": [["c", "a"], []],
            "seen.responses.users": ["u", "v"], "seen.responses.status": ["submitted", "submitted"],
            "minutes.responses": null, "minutes.responses.users": null, "minutes.responses.status": null,
            "minutes.suggestion": 3, "minutes.suggestion.agent": "m"}]);
        let (made, refused, told) = read("raters: {v: x-v}\n", &records);
        let expected =
            ["i u goal-reached - 1 yes", "i x-v goal-reached - 1 skipped", "i u seen - 1 a|c", "i x-v seen - 1 none"];
        assert_eq!(made, expected);
        assert_eq!(refused, ["not-submitted 2: 1 a draft to `goal_reached`; 1 suggestion"]);
        assert!(told.contains(&"guessed-columns: read as an export of `argilla`".to_owned()), "{told:?}");
        let (made, ..) = read("raters: {v: x-v}\ncolumns: {item: name}\n", &records);
        assert_eq!(made[0], "k u goal-reached - 1 yes");
    }

    #[test]
    fn nested_records_are_read_with_a_warning() {
        let records = json!([{"id": "i", "fields": {}, "metadata": {}, "suggestions": {"seen": {"value": ["a"]}}, "vectors": {},
            "responses": {"goal_reached": [{"value": "no", "user_id": "u"}], "minutes": [{"value": 2.5, "user_id": "u"}]},
            "status": "pending", "_server_id": null}]);
        let (made, refused, told) = read("tool: argilla\n", &records);
        assert_eq!(made, ["i u goal-reached - 1 no", "i u minutes - 1 2.5"]);
        assert_eq!(refused, ["not-submitted 1: 1 suggestion"]);
        assert!(told.iter().any(|told| told.starts_with("lossy-export: Argilla's nested records lack")), "{told:?}");
    }

    #[test]
    fn spans_are_flags_at_the_steps_that_they_are_in() {
        let rubric = "criteria:
  - {id: flaws, scale: {steps: [slow, wrong]}, with: {origin: [real, spurious]}, unsure: true}";
        let site = Site::with(rubric).cohort("atlas", "u, v, w", "tasks: [t]\n").file(
            "content/ratings/ratings.yaml",
            "tool: argilla\nanswers: {flaws: flaws-other}\nvalues: {flaws: {Unsure: {outcome: unsure}}}\n",
        );
        let span = |start: u64, label: &str| json!({"start": start, "end": start + 3, "label": label});
        let own = ["submitted", "submitted", "submitted"];
        let records = json!([{"id": "i", "run_text": "[step 1]\nOne.\n[step 2]\nTwo.\n",
            "flaws-other.responses": ["Unsure"], "flaws-other.responses.users": ["v"],
            "flaws-other.responses.status": ["submitted"],
            "flaws.responses": [[span(24, "wrong; origin: real"), span(9, "slow; origin: spurious"), span(9, "wrong"),
                span(29, "slow")], [], []],
            "flaws.responses.users": ["u", "v", "w"], "flaws.responses.status": own}]);
        let (table, _) = site.read(&[("content/ratings/records.json", records.to_string())]);
        assert_eq!(
            said(&table),
            ["i u flaws - 1 [1:slow/spurious 1:wrong 2:wrong/real]", "i v flaws - 1 unsure", "i w flaws - 1 []"]
        );
        assert_eq!(
            rejected(&table),
            ["no-value 1: 1 a span whose step can't be told (29 to 32 is not in the run) to `flaws`"]
        );
    }

    #[test]
    fn responses_that_nobody_can_tell_apart_and_answers_that_are_none_are_refused() {
        let of = |value: Json, users: Json| {
            json!([{"id": "i", "seen.responses": [value], "seen.responses.users": users,
            "seen.responses.status": ["submitted"]}])
        };
        let told = |records: &Json| read("tool: argilla\n", records).1;
        let apart = "unreadable-row 1: 1 the responses to `seen` and their users differ in number";
        assert_eq!(told(&of(json!(["a"]), json!(["u", "v"]))), [apart]);
        assert_eq!(
            told(&of(json!([{"value": "a", "rank": 1}]), json!(["u"]))),
            ["no-value 1: 1 an answer of ranks to `seen`"]
        );
        assert_eq!(told(&of(Json::Null, json!(["u"]))), ["no-value 1: 1 no answer to `seen`"]);
    }
}
