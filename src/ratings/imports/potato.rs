//! Potato's JSON lines as 2.12.1 exports them: an object for each user and instance.
//!
//! In: the objects. Out: a row for each question that was answered, with several answers as a set; a question that nobody
//! touched has no key. Spans and links are no answers, and named. It has no times, and reads no instance.

use super::controls::{several, text};
use super::{RatingsReading, ToolRow};
use crate::ratings::columns::Column;
use crate::ratings::expected::Expected;
use crate::ratings::rejected::{Reason, Refusal};
use crate::table::Cell;
use crate::text::quoted;
use serde::Deserialize;
use serde_json::{Map, Value as Json};

/// What one user said of one instance.
#[derive(Deserialize)]
struct AnnotatedInstance {
    #[serde(default)]
    instance_id: Json,
    #[serde(default)]
    user_id: Json,
    #[serde(default)]
    labels: Map<String, Json>,
    #[serde(default)]
    spans: Map<String, Json>,
    #[serde(default)]
    links: Map<String, Json>,
}

/// Whether a file that begins so has such objects.
pub fn is_potato(start: &[u8]) -> bool {
    let start = String::from_utf8_lossy(start);
    ["instance_id", "user_id", "labels", "spans", "links"].iter().all(|key| start.contains(&format!("\"{key}\"")))
}

/// The rows of an object, which begins on a line.
pub fn rows(line: u64, object: &str, reading: &RatingsReading, expected: &Expected<'_>) -> Vec<ToolRow> {
    let refused = |reason, found: String| ToolRow::refused(line, Refusal::new(reason, found));
    let of: AnnotatedInstance = match serde_json::from_str(object) {
        Ok(of) => of,
        Err(error) => return vec![refused(Reason::UnreadableRow, error.to_string())],
    };
    let row = |(question, said): (&String, &Json)| {
        let Some(value) = value(said).filter(|value| !value.is_empty()) else {
            return refused(Reason::NoValue, format!("of {}", quoted(question)));
        };
        let criterion = reading.criterion(question).or_else(|| expected.criterion(question)).unwrap_or(question);
        let cells = [
            (Column::Item, text(&of.instance_id)),
            (Column::Rater, text(&of.user_id)),
            (Column::Criterion, criterion.to_owned()),
            (Column::Value, value),
        ];
        ToolRow::of(line, reading.meant(cells.map(|(column, text)| (column, Cell::Own(text))).into()))
    };
    let marks = [("spans", &of.spans), ("links", &of.links)].into_iter().flat_map(|(what, all)| {
        let filled = all.iter().filter(|(_, marks)| marks.as_array().is_none_or(|marks| !marks.is_empty()));
        filled.map(move |(question, _)| refused(Reason::NoValue, format!("{what} of {}", quoted(question))))
    });
    let rows: Vec<ToolRow> = of.labels.iter().map(row).chain(marks).collect();
    if rows.is_empty() { vec![refused(Reason::NoValue, "nothing was answered".to_owned())] } else { rows }
}

/// Whether an object is of a user for whom `is_rater` holds.
pub fn instances_of(object: &str, is_rater: &dyn Fn(&str) -> bool) -> Result<usize, String> {
    let of: AnnotatedInstance = serde_json::from_str(object).map_err(|error| error.to_string())?;
    Ok(usize::from(is_rater(&text(&of.user_id))))
}

/// The answer to a question: the values of its options, of which most questions have one.
fn value(said: &Json) -> Option<String> {
    match said {
        Json::Object(options) => several(&options.values().cloned().collect::<Vec<_>>()),
        Json::Array(values) => several(values),
        value => Some(text(value)),
    }
}

#[cfg(test)]
mod tests {
    use crate::ratings::testing::{Site, messages, rejected, said};

    const CRITERIA: &str = "criteria:
  - {id: goal, scale: {nominal: [yes, no]}}
  - {id: seen, scale: {set: [a, b, c]}}
  - {id: minutes, scale: {number: {min: 0}}}";

    fn read(lines: &str) -> (Vec<String>, Vec<String>, Vec<String>) {
        let site = Site::with(CRITERIA).cohort("atlas", "u", "tasks: [t]\n");
        let (table, found) = site.read(&[("content/ratings/annotations.jsonl", lines)]);
        (said(&table), rejected(&table), messages(&found))
    }

    #[test]
    fn each_question_that_was_answered_is_a_rating() {
        let (made, refused, told) = read(
            r#"{"instance_id": "i", "user_id": "u", "labels": {"goal": {"yes": "yes"}, "seen": {"c": "c", "a": "a"}, "minutes": {"number": "12.5"}}, "spans": {"seen": [{"start": 1}], "goal": []}, "links": {}}
{"instance_id": "j", "user_id": "u", "labels": {"goal": {"yes": "yes", "no": "no"}}, "spans": {}, "links": {}}
{"instance_id": "k", "user_id": "u", "labels": {}, "spans": {}, "links": {}}
"#,
        );
        assert_eq!(made, ["i u goal - 1 yes", "j u goal - 1 invalid", "i u seen - 1 a|c", "i u minutes - 1 12.5"]);
        assert_eq!(refused[0], "no-value 2: 1 spans of `seen`; 3 nothing was answered");
        assert!(refused[1].starts_with("value-off-scale 1: 2 "), "{refused:?}");
        assert!(told.contains(&"guessed-columns: read as an export of `potato`".to_owned()), "{told:?}");
    }
}
