//! Inspect's logs, as 0.3.285 writes them: what people said of samples by editing their scores.
//!
//! In: an archive, which is held, or a log in JSON. Out: a row for each edit that gives a score a value, by its author; and
//! for what a scorer says by itself, if it is said whose that is. An author is a rater only through `raters`: names and
//! addresses go nowhere. It reads no target, and takes no letter for an answer.

use super::controls::{several, text};
use super::{RatingsReading, ToolRow};
use crate::diagnostic::Fault;
use crate::limits::at_most;
use crate::ratings::columns::Column;
use crate::ratings::expected::Expected;
use crate::ratings::rejected::{Reason, Refusal};
use crate::table::{Cell, TableSource};
use crate::text::quoted;
use crate::trajectory::{SampleScores, scores_of_archive, scores_of_json};
use serde_json::Value as Json;
use std::io::Cursor;

/// What an archive's name ends in.
pub const ARCHIVE: &str = ".eval";

/// How a log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InspectForm {
    /// As an archive.
    Archive,
    /// As JSON.
    Json,
}

impl InspectForm {
    /// Whether a name is an archive's.
    pub fn is_archive(name: &str) -> bool {
        name.to_ascii_lowercase().ends_with(ARCHIVE)
    }
}

/// Bytes of the largest archive that is read.
const LARGEST: u64 = 2 << 30;

/// What an edit says that leaves something as it was.
const UNCHANGED: &str = "UNCHANGED";

/// Whether a file that begins so is a log in JSON.
pub fn is_log(start: &[u8]) -> bool {
    let start = String::from_utf8_lossy(start);
    let is_object = start.trim_start_matches('\u{feff}').trim_start().starts_with('{');
    is_object && ["version", "status", "eval", "run_id"].iter().all(|key| start.contains(&format!("\"{key}\"")))
}

/// The rows of a log; the number of a sample stands in the place of a line.
pub fn rows(
    form: InspectForm,
    source: TableSource<'_>,
    reading: &RatingsReading,
    expected: &Expected<'_>,
) -> Result<Vec<ToolRow>, Fault> {
    let samples = samples(form, source)?;
    let rows: Vec<ToolRow> = samples.iter().flat_map(|sample| SampleRows { sample, reading, expected }.all()).collect();
    if rows.is_empty() {
        // Not a file that can't be read: there is nothing in it to lose.
        return Err(Fault::on(1, "no sample of the log has a score"));
    }
    Ok(rows)
}

/// The number of the first sample of which this rater is said to have edited a score.
pub fn first_of(
    form: InspectForm,
    source: TableSource<'_>,
    reading: &RatingsReading,
    rater: &str,
) -> Result<Option<u64>, Fault> {
    let is_theirs = |edit: &ScoreEdit<'_>| edit.author.and_then(|author| reading.person(author)) == Some(rater);
    for sample in samples(form, source)? {
        let scores = sample.scores.map_err(|fault| Fault { line: Some(sample.number), ..fault })?;
        if scores.values().flat_map(edits).any(|edit| is_theirs(&edit)) {
            return Ok(Some(sample.number));
        }
    }
    Ok(None)
}

fn samples(form: InspectForm, source: TableSource<'_>) -> Result<Vec<SampleScores>, Fault> {
    match form {
        InspectForm::Json => scores_of_json(source.bytes),
        InspectForm::Archive => {
            let held = at_most(source.bytes, LARGEST);
            let held = held.map_err(|error| Fault::whole(format!("it can't be read: {error}")))?;
            let too_large = || Fault::whole("the archive has more than 2 GiB").help("import it in parts");
            scores_of_archive(Cursor::new(held.ok_or_else(too_large)?))
        }
    }
}

/// What was once said of a score.
struct ScoreEdit<'s> {
    /// None where it stays as it was.
    value: Option<&'s Json>,
    author: Option<&'s str>,
    when: Option<&'s str>,
    why: Option<&'s str>,
}

impl<'s> ScoreEdit<'s> {
    fn of(edit: &'s Json) -> Self {
        let provenance = &edit["provenance"];
        let explained = words(&edit["explanation"]);
        Self {
            value: Some(&edit["value"]).filter(|value| value.as_str() != Some(UNCHANGED)),
            author: provenance["author"].as_str(),
            when: provenance["timestamp"].as_str(),
            why: explained.or_else(|| words(&provenance["reason"])),
        }
    }
}

/// What was said of a score, the oldest first.
fn edits(score: &Json) -> Vec<ScoreEdit<'_>> {
    let history = score["history"].as_array().filter(|history| !history.is_empty());
    history.map_or_else(|| vec![ScoreEdit::of(score)], |history| history.iter().map(ScoreEdit::of).collect())
}

/// Words that an edit says.
fn words(text: &Json) -> Option<&str> {
    text.as_str().filter(|text| !text.is_empty() && *text != UNCHANGED)
}

/// Rows are made for the scores of one sample.
struct SampleRows<'s> {
    sample: &'s SampleScores,
    reading: &'s RatingsReading,
    expected: &'s Expected<'s>,
}

impl SampleRows<'_> {
    fn all(&self) -> Vec<ToolRow> {
        let scores = match &self.sample.scores {
            Ok(scores) => scores,
            Err(fault) => return vec![self.refused(Reason::UnreadableRow, fault.to_string())],
        };
        let of_score = |(scorer, score): (&String, &Json)| {
            let numbered: Vec<(usize, ScoreEdit<'_>)> = (1..).zip(edits(score)).collect();
            numbered.into_iter().flat_map(|(number, edit)| self.edit(scorer, number, &edit)).collect::<Vec<_>>()
        };
        scores.iter().flat_map(of_score).collect()
    }

    fn refused(&self, reason: Reason, found: impl Into<String>) -> ToolRow {
        ToolRow::refused(self.sample.number, Refusal::new(reason, found))
    }

    /// The rows of what was once said of a score.
    fn edit(&self, scorer: &str, number: usize, edit: &ScoreEdit<'_>) -> Vec<ToolRow> {
        let what = format!("{} of the sample {}", quoted(scorer), quoted(&self.sample.label));
        let refused = |reason, found: String| vec![self.refused(reason, found)];
        if self.sample.is_withdrawn {
            return refused(Reason::WithdrawnRun, what);
        }
        let rater = match edit.author {
            Some(author) => self.reading.person(author),
            None => self.reading.scorers.get(scorer).map(String::as_str),
        };
        let Some(value) = edit.value else {
            return refused(Reason::NoValue, format!("edit {number} of {what} leaves its value as it was"));
        };
        let Some(rater) = rater else {
            let unnamed = format!("edit {number} of {what}: no entry of `raters` is for its author");
            return match edit.author {
                Some(_) => refused(Reason::NoRater, unnamed),
                None => refused(Reason::ScorerValue, format!("{what}: no entry of `scorers` says whose it is")),
            };
        };
        let row = |(criterion, value): (String, String)| match value.is_empty() {
            true => self.refused(Reason::NoValue, format!("{what} has no value for {}", quoted(&criterion))),
            false => self.row(rater, criterion, value, edit),
        };
        self.answers(scorer, value).into_iter().map(row).collect()
    }

    /// What a value says of which criteria: of one with names in it, each by itself. What is none is empty.
    fn answers(&self, scorer: &str, value: &Json) -> Vec<(String, String)> {
        let own = |value: &Json| match value {
            Json::Array(values) => several(values).unwrap_or_default(),
            value => text(value),
        };
        match value {
            Json::Object(parts) => parts.iter().map(|(name, part)| (self.part(scorer, name), own(part))).collect(),
            whole => vec![(self.criterion(scorer).unwrap_or(scorer).to_owned(), own(whole))],
        }
    }

    /// The criterion that a part of a scorer's value answers.
    fn part(&self, scorer: &str, name: &str) -> String {
        let own = self.reading.criterion(&format!("{scorer}.{name}"));
        own.or_else(|| self.criterion(name)).unwrap_or(name).to_owned()
    }

    fn criterion(&self, name: &str) -> Option<&str> {
        self.reading.criterion(name).or_else(|| self.expected.criterion(name))
    }

    /// What names the item: the sample as a listing shows it, or its own id, if that is said.
    fn item(&self) -> Result<String, String> {
        match self.reading.columns.get(&Column::Item).map(String::as_str) {
            None | Some("id") => Ok(self.sample.label.clone()),
            Some("uuid") => Ok(self.sample.uuid.clone().unwrap_or_default()),
            Some(other) => Err(format!("{} names no item in a log: `id` and `uuid` do", quoted(other))),
        }
    }

    fn row(&self, rater: &str, criterion: String, value: String, edit: &ScoreEdit<'_>) -> ToolRow {
        let item = match self.item() {
            Ok(item) => item,
            Err(found) => return self.refused(Reason::NoItem, found),
        };
        let said = [(Column::Item, item), (Column::Criterion, criterion), (Column::Value, value)];
        let when = edit.when.map(|when| (Column::SubmittedAt, when.to_owned()));
        let said = said.into_iter().chain(when).map(|(column, text)| (column, Cell::Own(text))).collect();
        let mut cells = self.reading.meant(said);
        cells.push((Column::Rater, Cell::Own(rater.to_owned())));
        ToolRow::of(self.sample.number, cells).commented(edit.why.unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use crate::ratings::testing::{Site, messages, rejected, said};
    use serde_json::{Value as Json, json};

    const CRITERIA: &str = "criteria:
  - {id: goal, scale: {nominal: [yes, no]}}
  - {id: tone, scale: {nominal: [polite, rude]}}
  - {id: seen, scale: {set: [a, b, c]}}
  - {id: minutes, scale: {number: {min: 0}}}";

    /// An edit by somebody.
    fn edit(value: &Json, author: &str) -> Json {
        json!({"value": value, "explanation": "UNCHANGED",
            "provenance": {"timestamp": "2026-11-03T09:00:00Z", "author": author, "reason": "w"}})
    }

    fn read(reading: &str, samples: &Json) -> (Vec<String>, Vec<String>, Vec<String>) {
        let site = Site::with(CRITERIA).cohort("atlas", "a, b, j", "tasks: [t]\n");
        let site = site.file("content/ratings/ratings.yaml", reading);
        let log = json!({"version": 2, "status": "success", "eval": {"run_id": "r"}, "samples": samples}).to_string();
        let (table, diagnostics) = site.read(&[("content/ratings/log.json", log)]);
        (said(&table), rejected(&table), messages(&diagnostics))
    }

    #[test]
    fn a_score_with_names_in_it_answers_a_criterion_for_each() {
        let value = json!({"tone": "polite", "spent": 12.0, "seen": null});
        let edits = [edit(&value, "Jo")];
        let many = json!({"history": [edit(&json!(["c", "a"]), "Jo")]});
        let samples = json!([{"id": 7, "epoch": 1, "uuid": "u", "scores": {"all": {"history": edits}, "seen": many}}]);
        let (said, rejected, _) = read("raters: {Jo: a}\nanswers: {minutes: all.spent}\n", &samples);
        assert_eq!(said, ["7 a tone - 1 polite", "7 a seen - 1 a|c", "7 a minutes - 1 12"]);
        assert_eq!(rejected, ["no-value 1: 1 `all` of the sample `7` has no value for `seen`"]);
        let (said, ..) = read("raters: {Jo: a}\ncolumns: {item: uuid}\nanswers: {minutes: spent}\n", &samples);
        assert_eq!(said[2], "u a minutes - 1 12");
    }

    #[test]
    fn nobody_is_a_rater_who_is_not_named_and_no_name_is_told() {
        let history = json!([{"value": "yes"}, edit(&json!("no"), "jo@example.org")]);
        let samples = json!([{"id": "i", "epoch": 1, "scores": {"goal": {"value": "no", "history": history}}}]);
        let (said, rejected, told) = read("rater_prefix: x-\n", &samples);
        assert_eq!(said, [""; 0]);
        let unnamed = "no-rater 1: 1 edit 2 of `goal` of the sample `i`: no entry of `raters` is for its author";
        let own = "scorer-value 1: 1 `goal` of the sample `i`: no entry of `scorers` says whose it is";
        assert_eq!(rejected, [unnamed, own]);
        assert!(told.iter().all(|message| !message.contains("jo@")), "{told:?}");
        let (said, rejected, _) = read("scorers: {goal: j}\nraters: {jo@example.org: b}\n", &samples);
        assert_eq!((said, rejected), (vec!["i b goal - 1 no".to_owned(), "i j goal - 1 yes".to_owned()], Vec::new()));
    }

    #[test]
    fn letters_mean_what_is_said_and_nothing_by_themselves() {
        let samples = json!([{"id": "i", "scores": {"goal": {"history": [edit(&json!("C"), "Jo")]}}},
            {"id": "k", "scores": {"goal": {"value": null, "history": []}}}]);
        let (said, rejected, _) = read("raters: {Jo: a}\nscorers: {goal: j}\n", &samples);
        assert_eq!(said, ["i a goal - 1 invalid"]);
        assert!(
            rejected[0].starts_with("no-value 1: 2 `goal` of the sample `k` has no value for `goal`"),
            "{rejected:?}"
        );
        let (said, ..) = read("raters: {Jo: a}\nvalues: {goal: {C: yes}}\n", &samples);
        assert_eq!(said, ["i a goal - 1 yes"]);
    }

    #[test]
    fn a_log_that_cannot_be_read_or_says_nothing_is_left_out_and_named() {
        let (_, _, told) = read("tool: inspect\n", &json!([{"id": "i", "scores": {}}]));
        assert_eq!(told, ["rejected-ratings: the ratings from here on are not used: no sample of the log has a score"]);
        let (_, _, told) = read(
            "columns: {item: name}\nscorers: {goal: j}\n",
            &json!([{"id": "i", "scores": {"goal": {"value": 1}}}]),
        );
        assert!(told.iter().any(|message| message.contains("no item")), "{told:?}");
    }
}
