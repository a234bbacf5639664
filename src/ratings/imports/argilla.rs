//! Argilla's records as 2.8.0 exports them: objects, each with what users answered to each question.
//!
//! In: the objects, flat (`to_list(flatten=True)`) or nested (`to_json`). Out: a row for each response that was submitted; one
//! that was discarded is the outcome `skipped`, and drafts and suggestions are no ratings, and named. The nested form does
//! not say which is which. Raters are Argilla's ids of users. It reads no field of a record but the one that names the item.

use super::controls::{several, text};
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
    let responses = match responses(&record) {
        Ok(responses) => responses,
        Err(found) => return vec![refused(Reason::UnreadableRow, found)],
    };
    let item = item(&record, reading);
    let row = |response: &UserResponse<'_>| match said(response) {
        Err((reason, found)) => refused(reason, format!("{found} to {}", quoted(response.question))),
        Ok((column, value)) => {
            let own = reading.criterion(response.question).or_else(|| expected.criterion(response.question));
            let criterion = own.unwrap_or(response.question).to_owned();
            let cells = [
                (Column::Item, item.clone()),
                (Column::Rater, response.user.clone()),
                (Column::Criterion, criterion),
                (column, value),
            ];
            ToolRow::of(line, reading.meant(cells.map(|(column, text)| (column, Cell::Own(text))).into()))
        }
    };
    let suggested = (0..suggestions(&record)).map(|_| refused(Reason::NotSubmitted, "suggestion".to_owned()));
    responses.iter().map(row).chain(suggested).collect()
}

/// How many responses of a record are of a user for whom `is_rater` holds.
pub fn responses_of(object: &str, is_rater: &dyn Fn(&str) -> bool) -> Result<usize, String> {
    let record: Map<String, Json> = serde_json::from_str(object).map_err(|error| error.to_string())?;
    Ok(responses(&record)?.iter().filter(|response| is_rater(&response.user)).count())
}

/// What names the item: the record's id, or what is said to.
fn item(record: &Map<String, Json>, reading: &RatingsReading) -> String {
    let name = reading.columns.get(&Column::Item).map_or("id", String::as_str);
    let inside = |of: &str| record.get(of)?.get(name);
    record.get(name).or_else(|| inside("metadata")).or_else(|| inside("fields")).map(text).unwrap_or_default()
}

/// What a response says, or why it is no rating.
fn said(response: &UserResponse<'_>) -> Result<(Column, String), (Reason, String)> {
    match response.status {
        Some("discarded") => return Ok((Column::Outcome, "skipped".to_owned())),
        Some("submitted") | None => {}
        Some(_) => return Err((Reason::NotSubmitted, "a draft".to_owned())),
    }
    let value = match response.value {
        Json::Array(all) if all.iter().any(Json::is_object) => {
            return Err((Reason::NoValue, "an answer of spans or ranks".to_owned()));
        }
        Json::Array(all) if all.is_empty() => return Ok((Column::Outcome, "none".to_owned())),
        Json::Array(all) => several(all).unwrap_or_default(),
        value => text(value),
    };
    if value.is_empty() { Err((Reason::NoValue, "no answer".to_owned())) } else { Ok((Column::Value, value)) }
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
            ["no-value 1: 1 an answer of spans or ranks to `seen`"]
        );
        assert_eq!(told(&of(Json::Null, json!(["u"]))), ["no-value 1: 1 no answer to `seen`"]);
    }
}
