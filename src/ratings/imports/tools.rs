//! Tools whose tables are told by their heads: which of their columns is what.
//!
//! In: the names at the head of a table, and what is said of it. Out: a reading with all of it. What was said wins.

use super::label_studio_min::{self, COLUMNS, KEYS};
use super::reading::{AnswerColumn, RatingsReading};
use super::{Lacking, inspect_table};
use crate::document::{DateOrder, RatingTool};
use crate::ratings::columns::Column;
use crate::ratings::expected::{ColumnPlace, Expected};
use crate::schema::Words;
use crate::text::listed;
use jiff::tz::TimeZone;
use std::borrow::Cow;

/// The tool that writes such a head, if it is one of those known.
fn told(head: &[String]) -> Option<RatingTool> {
    let has = |name: &str| head.iter().any(|known| known == name);
    if has("HITId") && has("WorkerId") {
        Some(RatingTool::MechanicalTurk)
    } else if has("ASSIGNMENT:worker_id") {
        Some(RatingTool::Toloka)
    } else if has("_unit_id") && has("_worker_id") {
        Some(RatingTool::Appen)
    } else if KEYS.iter().all(|name| has(name)) {
        Some(RatingTool::LabelStudio)
    } else if inspect_table::is_head(head.iter().map(String::as_str)) {
        Some(RatingTool::Inspect)
    } else {
        None
    }
}

/// What is known of a table by its head.
pub struct ReadHead<'r> {
    /// How it is read.
    pub reading: Cow<'r, RatingsReading>,
    /// The tool that was told by it, or the criteria that have columns of their own, where nothing was said.
    pub guess: Option<String>,
    /// What it lacks.
    pub lacks: Option<Lacking>,
}

/// Whether a table with this head is no tool's, and has columns called like criteria.
pub fn has_criteria(head: &[String], expected: &Expected<'_>) -> bool {
    told(head).is_none() && !criteria(head, expected).answers.is_empty()
}

/// What is known of a table with this head.
pub fn for_head<'r>(reading: &'r RatingsReading, head: &[String], expected: &Expected<'_>) -> ReadHead<'r> {
    let tool = reading.tool.or_else(|| told(head));
    let usual = match tool {
        Some(RatingTool::MechanicalTurk) => mechanical_turk(head, expected),
        Some(RatingTool::Toloka) => toloka(head, expected),
        Some(RatingTool::Appen) => appen(head, expected),
        Some(RatingTool::LabelStudio) => label_studio(head, expected),
        Some(RatingTool::Inspect) => inspect(head, expected),
        Some(_) | None => criteria(head, expected),
    };
    if usual.answers.is_empty() && usual.columns.is_empty() || !reading.answers.is_empty() && tool.is_none() {
        return ReadHead { reading: Cow::Borrowed(reading), guess: None, lacks: None };
    }
    let mut whole = reading.clone();
    for (column, name) in usual.columns.into_iter().filter(|(_, name)| head.contains(name)) {
        whole.columns.entry(column).or_insert(name);
    }
    let is_guess = reading.answers.is_empty() && reading.tool.is_none();
    if reading.answers.is_empty() {
        whole.answers = usual.answers;
    }
    if tool == Some(RatingTool::Inspect) {
        inspect_table::name_raters(&mut whole, head, reading.answers.is_empty());
    }
    whole.is_minimal = usual.is_minimal;
    whole.times.order = whole.times.order.or(usual.times.order);
    whole.times.zone = whole.times.zone.or(usual.times.zone);
    let guess = is_guess.then(|| in_words(tool, &whole));
    let lacks = match tool {
        Some(RatingTool::LabelStudio) => Some(label_studio_min::LACKING),
        Some(RatingTool::Inspect) => Some(inspect_table::LACKING),
        _ => None,
    };
    ReadHead { reading: Cow::Owned(whole), guess, lacks }
}

/// What was guessed, as it could be said.
fn in_words(tool: Option<RatingTool>, reading: &RatingsReading) -> String {
    let columns = reading.columns.iter().map(|(column, name)| format!("{} `{name}`", column.name()));
    let alike = |one: &AnswerColumn, other: &AnswerColumn| one.criterion == other.criterion;
    let answers = reading.answers.chunk_by(alike).map(|answers| {
        let places = listed(answers.iter().map(|answer| answer.column.as_str()));
        format!("answers to `{}` in {places}", answers[0].criterion)
    });
    let parts: Vec<String> = columns.chain(answers).collect();
    let tool = tool.map_or_else(
        || "a table with a column a criterion".to_owned(),
        |tool| format!("an export of `{}`", tool.word()),
    );
    format!("read as {tool}: {}", parts.join(", "))
}

fn columns(pairs: &[(Column, &str)]) -> RatingsReading {
    RatingsReading {
        columns: pairs.iter().map(|(column, name)| (*column, (*name).to_owned())).collect(),
        ..RatingsReading::default()
    }
}

/// A column of answers to the criterion of this name, as the rubric spells it if it has one like it.
fn answer(name: &str, column: &str, option: Option<&str>, expected: &Expected<'_>) -> AnswerColumn {
    let criterion = expected.criterion(name).unwrap_or(name).to_owned();
    AnswerColumn { criterion, column: column.to_owned(), option: option.map(str::to_owned), rater: None }
}

/// `Answer.verdict` answers a criterion; `Answer.verdict.yes` says whether one of its values was chosen.
fn mechanical_turk(head: &[String], expected: &Expected<'_>) -> RatingsReading {
    let own = columns(&[
        (Column::Item, "HITId"),
        (Column::Rater, "WorkerId"),
        (Column::Submission, "AssignmentId"),
        (Column::SubmittedAt, "SubmitTime"),
        (Column::Seconds, "WorkTimeInSeconds"),
        (Column::Status, "AssignmentStatus"),
    ]);
    let answers = head.iter().filter_map(|column| {
        let name = column.strip_prefix("Answer.")?;
        Some(match name.rsplit_once('.') {
            Some((criterion, option)) => answer(criterion, column, Some(option), expected),
            None => answer(name, column, None, expected),
        })
    });
    RatingsReading { answers: answers.collect(), ..own }
}

/// What is shown is `INPUT:…`, and names the item where there is one such column.
fn toloka(head: &[String], expected: &Expected<'_>) -> RatingsReading {
    let mut own = columns(&[
        (Column::Rater, "ASSIGNMENT:worker_id"),
        (Column::Submission, "ASSIGNMENT:assignment_id"),
        (Column::SubmittedAt, "ASSIGNMENT:submitted"),
        (Column::Status, "ASSIGNMENT:status"),
    ]);
    if !head.iter().any(|name| name == "ASSIGNMENT:submitted") {
        own.columns.insert(Column::SubmittedAt, "ASSIGNMENT:started".to_owned());
    }
    let inputs: Vec<&String> = head.iter().filter(|name| name.starts_with("INPUT:")).collect();
    if let [only] = *inputs {
        own.columns.insert(Column::Item, only.clone());
    }
    let answers = head.iter().filter_map(|column| {
        let name = column.strip_prefix("OUTPUT:")?;
        Some(answer(name, column, None, expected))
    });
    own.times.zone = Some(TimeZone::UTC);
    RatingsReading { answers: answers.collect(), ..own }
}

/// A question is a column that has one with its gold beside it, or is called like a criterion.
fn appen(head: &[String], expected: &Expected<'_>) -> RatingsReading {
    let mut own = columns(&[
        (Column::Item, "_unit_id"),
        (Column::Rater, "_worker_id"),
        (Column::Submission, "_id"),
        (Column::SubmittedAt, "_created_at"),
    ]);
    let is_question = |name: &str| head.contains(&format!("{name}_gold")) || expected.criterion(name).is_some();
    let questions = head.iter().filter(|name| !name.starts_with('_') && is_question(name));
    let answers = questions.map(|name| answer(name, name, None, expected)).collect();
    own.times.order = Some(DateOrder::MonthFirst);
    RatingsReading { answers, ..own }
}

/// A table of Label Studio has a column for each control, and the number of the task where its data name no item.
fn label_studio(head: &[String], expected: &Expected<'_>) -> RatingsReading {
    let mut own = columns(&COLUMNS);
    if !head.iter().any(|name| expected.place(name) == ColumnPlace::Column(Column::Item)) {
        own.columns.insert(Column::Item, "id".to_owned());
    }
    RatingsReading { is_minimal: true, answers: criteria(head, expected).answers, ..own }
}

/// A line is a sample, and a column a scorer.
fn inspect(head: &[String], expected: &Expected<'_>) -> RatingsReading {
    let answers = head.iter().filter_map(|column| {
        let scorer = inspect_table::scorer(column)?;
        Some(answer(scorer, column, None, expected))
    });
    RatingsReading { answers: answers.collect(), ..columns(&[(Column::Item, inspect_table::ITEM)]) }
}

/// A table without a column of criteria that has columns called like some.
fn criteria(head: &[String], expected: &Expected<'_>) -> RatingsReading {
    let is_long = head.iter().any(|name| expected.place(name) == ColumnPlace::Column(Column::Criterion));
    let own = head.iter().filter(|_| !is_long);
    let answers = own.filter_map(|name| {
        let is_other = expected.place(name) != ColumnPlace::Unknown;
        let criterion = expected.criterion(name).filter(|_| !is_other)?;
        Some(AnswerColumn { criterion: criterion.to_owned(), column: name.clone(), option: None, rater: None })
    });
    RatingsReading { answers: answers.collect(), ..RatingsReading::default() }
}

/// Columns in which a tool says that a row is gold: what stands there if it is; anything unless said.
pub fn gold_columns(head: &[String]) -> Vec<(usize, Option<&'static str>)> {
    let of = |(place, name): (usize, &String)| match name.as_str() {
        "_golden" => Some((place, Some("true"))),
        name if name.starts_with("GOLDEN:") => Some((place, None)),
        _ => None,
    };
    head.iter().enumerate().filter_map(of).collect()
}

/// Where a table says which answer to a criterion is right.
#[derive(Debug)]
pub struct GoldAnswerPlace {
    /// The criterion.
    pub criterion: String,
    /// The column with the answer.
    pub place: usize,
    /// The column that says why.
    pub reason: Option<usize>,
}

/// The columns that say what is right of these answers, where some say that a row is gold: `GOLDEN:x` beside `OUTPUT:x`,
/// `x_gold` beside `x`.
pub fn gold_answers(head: &[String], answers: &[AnswerColumn]) -> Vec<GoldAnswerPlace> {
    if gold_columns(head).is_empty() {
        return Vec::new();
    }
    let find = |name: &str| head.iter().position(|known| known == name);
    let of = |answer: &AnswerColumn| {
        let AnswerColumn { criterion, column, .. } = answer;
        let (gold, reason) = match column.strip_prefix("OUTPUT:") {
            Some(name) => (format!("GOLDEN:{name}"), "HINT:text".to_owned()),
            None => (format!("{column}_gold"), format!("{column}_gold_reason")),
        };
        Some(GoldAnswerPlace { criterion: criterion.clone(), place: find(&gold)?, reason: find(&reason) })
    };
    answers.iter().filter_map(of).collect()
}
