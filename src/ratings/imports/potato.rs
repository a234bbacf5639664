//! Potato's JSON lines as 2.12.1 exports them: an object for each user and instance.
//!
//! In: the objects. Out: a row for each question that was answered, with several answers as a set; a question that nobody
//! touched has no key. What was chosen at turns is flags at steps. Spans and links are no answers, and named. It has no times,
//! and reads no instance.

use super::controls::{several, text};
use super::form_names::About;
use super::{RatingsReading, ToolRow};
use crate::ratings::columns::Column;
use crate::ratings::expected::Expected;
use crate::ratings::rejected::{Reason, Refusal};
use crate::table::Cell;
use crate::text::quoted;
use serde::Deserialize;
use serde_json::{Map, Value as Json};
use std::collections::BTreeMap;

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

/// The only option of a question that is asked at turns: JSON with what was chosen at each.
const OF_TURNS: &str = "_data";

/// What was chosen at turns.
#[derive(Deserialize)]
struct TurnAnswers {
    turns: BTreeMap<String, TurnAnswer>,
}

/// What was chosen at one turn.
#[derive(Deserialize)]
struct TurnAnswer {
    #[serde(default)]
    value: Option<Json>,
    #[serde(default)]
    values: Vec<Json>,
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
    let of_instance = of_instance(&of, reading);
    let is_question = |question: &str| !reading.columns.values().any(|name| name == question);
    let answers = of.labels.iter().filter(|(question, _)| is_question(question)).flat_map(|(question, options)| {
        let about = About::of(question, reading, expected);
        let row = |said: PotatoAnswer| match said {
            Err(found) => refused(Reason::NoValue, format!("{found} of {}", quoted(question))),
            Ok(own) => {
                let cells = of_instance.iter().cloned().chain(about.cells()).chain(own);
                ToolRow::of(line, reading.meant(cells.map(|(column, text)| (column, Cell::Own(text))).collect()))
            }
        };
        said(options).into_iter().map(row).collect::<Vec<_>>()
    });
    let marks = [("spans", &of.spans), ("links", &of.links)].into_iter().flat_map(|(what, all)| {
        let filled = all.iter().filter(|(_, marks)| marks.as_array().is_none_or(|marks| !marks.is_empty()));
        filled.map(move |(question, _)| refused(Reason::NoValue, format!("{what} of {}", quoted(question))))
    });
    let rows: Vec<ToolRow> = answers.chain(marks).collect();
    if rows.is_empty() { vec![refused(Reason::NoValue, "nothing was answered".to_owned())] } else { rows }
}

/// What an object says of each of its answers: the instance, the user, and what is said to be the answer to a question.
fn of_instance(of: &AnnotatedInstance, reading: &RatingsReading) -> Vec<(Column, String)> {
    let others = reading.columns.iter().filter_map(|(column, name)| Some((*column, value(of.labels.get(name)?)?)));
    let own = [(Column::Item, text(&of.instance_id)), (Column::Rater, text(&of.user_id))];
    own.into_iter().chain(others).collect()
}

/// What one answer says, or what it is that is none.
type PotatoAnswer = Result<Vec<(Column, String)>, String>;

/// What a question has: one answer, or one for each turn.
fn said(options: &Json) -> Vec<PotatoAnswer> {
    match options.get(OF_TURNS).and_then(Json::as_str) {
        Some(turns) => of_turns(turns),
        None => {
            let value = value(options).filter(|value| !value.is_empty());
            vec![value.map(|value| vec![(Column::Value, value)]).ok_or_else(|| "nothing".to_owned())]
        }
    }
}

/// What was chosen at turns: one each, or several. What was chosen and taken back leaves an empty turn.
fn of_turns(turns: &str) -> Vec<PotatoAnswer> {
    let turns: TurnAnswers = match serde_json::from_str(turns) {
        Ok(turns) => turns,
        Err(error) => return vec![Err(format!("answers at turns that can't be read ({error})"))],
    };
    let of = |(turn, TurnAnswer { value, values }): (&String, &TurnAnswer)| -> Vec<PotatoAnswer> {
        let chosen = values.iter().chain(value).map(text).filter(|value| !value.is_empty());
        let at = |value| Ok(vec![(Column::Value, value), (Column::Step, step(turn)?)]);
        chosen.map(at).collect()
    };
    turns.turns.iter().flat_map(of).collect()
}

/// The step that a turn is: by its number in the data, or else by its place, which is counted from 0.
fn step(turn: &str) -> Result<String, String> {
    let (digits, first) = turn.strip_prefix('t').map_or((turn, 0), |place| (place, 1));
    let number: Option<u32> = digits.parse().ok();
    let step = number.and_then(|number| number.checked_add(first));
    step.map(|step| step.to_string())
        .ok_or_else(|| format!("a flag at the turn {}, which is no step's number,", quoted(turn)))
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

    #[test]
    fn what_is_chosen_at_turns_is_flags_at_steps() {
        let rubric = "criteria:
  - {id: flaws, scale: {steps: [slow, wrong]}, with: {origin: [real, spurious]}}";
        let site = Site::with(rubric).cohort("atlas", "u", "tasks: [t]\n").file(
            "content/ratings/ratings.yaml",
            "tool: potato\ncolumns: {cohort: who}\nanswers: {flaws: flaws-other}\nvalues: {flaws: {Nothing of it: {outcome: none}}}\n",
        );
        let turns = |turns: &str| serde_json::json!(format!(r#"{{"v": 1, "turns": {{{turns}}}}}"#));
        let line = |item: &str, labels: String| {
            format!(
                r#"{{"instance_id": "{item}", "user_id": "u", "labels": {{{labels}}}, "spans": {{}}, "links": {{}}}}"#
            )
        };
        let flags = turns(
            r#""t1": {"values": ["slow", "wrong"]}, "3": {"values": ["wrong"]}, "4": {"values": []}, "x": {"values": ["slow"]}"#,
        );
        let origin = turns(r#""3": {"value": "real"}"#);
        let lines = [
            line(
                "i",
                format!(
                    r#""flaws": {{"_data": {flags}}}, "flaws__origin": {{"_data": {origin}}}, "who": {{"atlas": "atlas"}}"#
                ),
            ),
            line("j", r#""flaws-other": {"Nothing of it": "Nothing of it"}"#.to_owned()),
            line("k", r#""flaws": {"_data": "{"}"#.to_owned()),
        ];
        let (table, _) = site.read(&[("content/ratings/annotations.jsonl", lines.join("\n"))]);
        assert_eq!(said(&table), ["i u flaws - 1 [2:slow 2:wrong 3:wrong/real]", "j u flaws - 1 []"]);
        let [refused] = &rejected(&table)[..] else { panic!("{:?}", rejected(&table)) };
        assert!(refused.contains("1 a flag at the turn `x`, which is no step's number, of `flaws`"), "{refused}");
        assert!(refused.contains("3 answers at turns that can't be read"), "{refused}");
    }

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
