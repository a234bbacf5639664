//! What a row says: its value, flag, attribute or outcome, checked against the criterion's scale.
//!
//! In: a row, and the rubric of the version it was made under. Out: a `Saying`, or the reason why it is refused.
//! It never looks at who says it, or when.

use super::answer::GivenFlag;
use super::columns::{Column, Row};
use super::entry::FlagAttribute;
use super::rejected::{Reason, Refusal, guess};
use crate::diagnostic::one_of;
use crate::document::{Criterion, Rubric};
use crate::model::Outcome;
use crate::schema::Words;
use crate::table::same;
use std::borrow::Cow;

/// What a row says, and of what.
#[derive(Debug)]
pub enum Saying<'a, 'v> {
    /// The submission is taken back.
    Withdrawn,
    /// One outcome for these criteria.
    Whole(Vec<&'a Criterion>, Outcome),
    /// A word on one criterion.
    One(&'a Criterion, Word<'v>),
}

/// A word on one criterion.
#[derive(Debug, PartialEq, Eq)]
pub enum Word<'v> {
    /// A value of its scale; borrowed if the row writes it as the rubric does.
    Value(Cow<'v, str>),
    /// A flag on a step.
    Flag(GivenFlag),
    /// An attribute of the flags at a step.
    Attribute(FlagAttribute),
    /// No value, for this reason.
    Outcome(Outcome),
}

/// Refuses a row that no rubric could make sense of: it must say who said what of which item.
pub fn check_complete(row: &Row<'_, '_>) -> Result<(), Refusal> {
    let [item, rater, criterion, value, outcome] =
        [Column::Item, Column::Rater, Column::Criterion, Column::Value, Column::Outcome].map(|column| row.get(column));
    let refused = |reason| Err(Refusal::new(reason, format!("criterion `{criterion}`")));
    match (item, rater, criterion, value, outcome) {
        ("", ..) => refused(Reason::NoItem),
        (_, "", ..) => refused(Reason::NoRater),
        (_, _, "", "", "") => Err(Refusal::new(Reason::NoCriterion, "nothing is said")),
        (_, _, "", value, "") => Err(Refusal::new(Reason::NoCriterion, format!("value `{value}`"))),
        (_, _, criterion, "", "") => Err(Refusal::new(Reason::NoValue, format!("of `{criterion}`"))),
        _ => Ok(()),
    }
}

/// Finds the last step of a row's run: few rows speak of steps.
pub type LastStep<'a> = &'a dyn Fn() -> Option<u32>;

/// A value that was taken for one of the scale that is written in another way: as written, and the scale's.
pub type Respelled = Option<(String, String)>;

/// Reads what a complete row says; `last` gives the last step of the item's run, where that is known, and `respelled` gets the
/// value that is not written as the scale has it.
pub fn read<'r, 'v>(
    row: &Row<'v, '_>,
    rubric: &'r Rubric,
    last: LastStep<'_>,
    respelled: &mut Respelled,
) -> Result<Saying<'r, 'v>, Refusal> {
    let (value, name) = (row.get(Column::Value), row.get(Column::Criterion));
    let outcome = outcome(row)?;
    if outcome == Some(Outcome::Withdrawn) {
        return Ok(Saying::Withdrawn);
    }
    if let (Some(outcome), false) = (outcome, value.is_empty()) {
        let found = format!("value `{value}` and outcome `{}`", outcome.name());
        return Err(Refusal::new(Reason::ValueAndOutcome, found));
    }
    match (outcome, name) {
        (Some(outcome), "") => whole(outcome, rubric),
        (outcome, name) => {
            let named = rubric.criteria.iter().find(|criterion| same(&criterion.id, name));
            let criterion = named.ok_or_else(|| unknown(name, rubric))?;
            let word = match outcome {
                Some(outcome) => Word::Outcome(allowed(outcome, criterion)?),
                None => word(row, value, criterion, last, respelled)?,
            };
            Ok(Saying::One(criterion, word))
        }
    }
}

fn outcome(row: &Row<'_, '_>) -> Result<Option<Outcome>, Refusal> {
    let text = row.get(Column::Outcome);
    let known = || Outcome::WORDS.iter().map(|(word, _)| *word);
    let unknown = || Refusal::new(Reason::UnknownOutcome, format!("`{text}` is not one of {}", one_of(known())));
    if text.is_empty() { Ok(None) } else { Outcome::parse(text).map(Some).ok_or_else(unknown) }
}

fn unknown(name: &str, rubric: &Rubric) -> Refusal {
    let known = rubric.criteria.iter().map(|criterion| criterion.id.as_str());
    Refusal::new(Reason::UnknownCriterion, with_guess(name, known))
}

fn with_guess<'a>(found: &str, known: impl Iterator<Item = &'a str>) -> String {
    format!("`{found}`{}", guess(found, known))
}

/// An outcome of the whole item stands for every criterion that can have it.
fn whole<'r>(outcome: Outcome, rubric: &'r Rubric) -> Result<Saying<'r, 'static>, Refusal> {
    let scored = rubric.criteria.iter().filter(|criterion| criterion.scale.is_scored());
    let meant: Vec<&Criterion> = match outcome {
        Outcome::None => scored.filter(|criterion| allowed(outcome, criterion).is_ok()).collect(),
        Outcome::Unsure if !rubric.criteria.iter().any(|criterion| criterion.unsure) => Vec::new(),
        _ => scored.collect(),
    };
    let reason = if outcome == Outcome::Unsure { Reason::UnsureNotAllowed } else { Reason::NoneNotAllowed };
    match meant.is_empty() {
        true => Err(Refusal::new(reason, "for the whole item")),
        false => Ok(Saying::Whole(meant, outcome)),
    }
}

fn allowed(outcome: Outcome, criterion: &Criterion) -> Result<Outcome, Refusal> {
    match outcome {
        Outcome::Unsure if !criterion.unsure => Err(Refusal::new(Reason::UnsureNotAllowed, of(criterion))),
        Outcome::None if !criterion.scale.allows_none() => Err(Refusal::new(Reason::NoneNotAllowed, of(criterion))),
        _ => Ok(outcome),
    }
}

fn of(criterion: &Criterion) -> String {
    format!("of `{}`", criterion.id)
}

fn word<'v>(
    row: &Row<'v, '_>,
    value: &'v str,
    criterion: &Criterion,
    last: LastStep<'_>,
    respelled: &mut Respelled,
) -> Result<Word<'v>, Refusal> {
    let attribute = row.get(Column::Attribute);
    match criterion.scale.has_flags() {
        _ if !attribute.is_empty() => {
            let step = step(row, last)?;
            let value = attribute_value(attribute, value, criterion)?;
            Ok(Word::Attribute(FlagAttribute { step, name: attribute.to_owned(), value }))
        }
        true => flag(row, value, criterion, last, respelled).map(Word::Flag),
        false => given(value, criterion, respelled).map(Word::Value),
    }
}

fn flag(
    row: &Row<'_, '_>,
    value: &str,
    criterion: &Criterion,
    last: LastStep<'_>,
    respelled: &mut Respelled,
) -> Result<GivenFlag, Refusal> {
    let step = step(row, last)?;
    let kind = given(value, criterion, respelled)?.into_owned();
    let mut attributes = Vec::new();
    for (name, value) in &row.attributes {
        if criterion.attributes.iter().any(|attribute| attribute.name == *name) {
            attributes.push(((*name).to_owned(), attribute_value(name, value, criterion)?));
        }
    }
    attributes.sort();
    Ok(GivenFlag { step, kind, attributes })
}

/// The step of a flag; where the flag ends at a later one, that must be a later one.
fn step(row: &Row<'_, '_>, last: LastStep<'_>) -> Result<u32, Refusal> {
    let last = last();
    let read = |column| step_number(row.get(column), last).map_err(|found| Refusal::new(Reason::BadStep, found));
    let step = read(Column::Step)?;
    if !row.get(Column::StepTo).is_empty() && read(Column::StepTo)? < step {
        let found = format!("`{}` to `{}`", row.get(Column::Step), row.get(Column::StepTo));
        return Err(Refusal::new(Reason::BadStep, found));
    }
    Ok(step)
}

fn attribute_value(name: &str, value: &str, criterion: &Criterion) -> Result<String, Refusal> {
    let Some(attribute) = criterion.attributes.iter().find(|attribute| attribute.name == name) else {
        return Err(Refusal::new(Reason::UnknownAttribute, format!("`{name}` {}", of(criterion))));
    };
    if attribute.values.iter().any(|known| known == value) {
        return Ok(value.to_owned());
    }
    let found = format!(
        "`{value}` as the {name} {}, which is {}",
        of(criterion),
        one_of(attribute.values.iter().map(String::as_str))
    );
    Err(Refusal::new(Reason::ValueOffScale, found))
}

/// The value as the rubric writes it.
pub fn on_scale<'v>(value: &'v str, criterion: &Criterion) -> Result<Cow<'v, str>, Refusal> {
    as_written(value, criterion).ok_or_else(|| off_scale(value, criterion))
}

/// The same of a rater's value: what differs from one of the scale in case or outer space alone is that one.
fn given<'v>(value: &'v str, criterion: &Criterion, respelled: &mut Respelled) -> Result<Cow<'v, str>, Refusal> {
    if let Some(value) = as_written(value, criterion) {
        return Ok(value);
    }
    let spelled = criterion.scale.spelled(value).ok_or_else(|| off_scale(value, criterion))?;
    *respelled = Some((value.to_owned(), spelled.clone()));
    Ok(spelled.into())
}

/// Spreadsheets turn 3 into 3.0; a number that is whole means the whole number.
fn as_written<'v>(value: &'v str, criterion: &Criterion) -> Option<Cow<'v, str>> {
    let scale = &criterion.scale;
    if scale.refuses(value).is_none() {
        let number = scale.number(value).map(|number| (number + 0.0).to_string().into());
        return Some(number.unwrap_or_else(|| scale.in_order(value)));
    }
    let whole = whole_number(value)?.to_string();
    scale.refuses(&whole).is_none().then(|| whole.into())
}

fn off_scale(value: &str, criterion: &Criterion) -> Refusal {
    let refusal = criterion.scale.refuses(value).unwrap_or_default();
    let guess = guess(value, criterion.scale.values());
    Refusal::new(Reason::ValueOffScale, format!("{refusal} {}{guess}", of(criterion)))
}

/// The number of a step: from 1 to the last one, where that is known; else what was found.
pub fn step_number(text: &str, last: Option<u32>) -> Result<u32, String> {
    match (whole_number(text), last) {
        (None, _) => Err(format!("`{text}`")),
        (Some(0), _) => Err(format!("`{text}`: steps are counted from 1 (where a tool counts from 0, add 1)")),
        (Some(step), Some(last)) if step > last => Err(format!("`{text}`: the run has {last} steps")),
        (Some(step), _) => Ok(step),
    }
}

/// A whole number from 0, also if it is written as 12.0.
pub fn whole_number(text: &str) -> Option<u32> {
    let digits = match text.split_once('.') {
        Some((digits, zeros)) if zeros.chars().all(|c| c == '0') => digits,
        _ => text,
    };
    digits.parse().ok()
}
