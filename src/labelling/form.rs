//! Forms: what each criterion asks of a rater, for any tool.
//!
//! In: a criterion. Out: the kind of its question, its values as they are shown, and the words that stand for no value. It
//! knows no tool.

use super::AskedRubric;
use crate::document::{Choice, Criterion, Outcome};
use crate::text::{capitalized, letters};

/// What is asked of one criterion.
pub struct FormQuestion<'a> {
    /// The criterion.
    pub criterion: &'a Criterion,
    /// What its section is called.
    pub title: String,
    /// What is answered.
    pub kind: FormKind<'a>,
    /// Whether there is no submission without an answer.
    pub is_needed: bool,
    /// What may be answered in place of a value.
    pub outcomes: Vec<(String, Outcome)>,
}

/// What is answered, as far as tools differ in it.
pub enum FormKind<'a> {
    /// One of these.
    One(&'a [Choice]),
    /// Any number of these.
    Several(&'a [Choice]),
    /// A number.
    Number,
    /// Flags of these kinds at steps.
    Flags(&'a [Choice]),
    /// Text.
    Text,
}

impl FormQuestion<'_> {
    /// How it is answered, in words.
    pub fn help(&self) -> String {
        format!("{}.", capitalized(&self.criterion.scale.in_words(self.criterion.each)))
    }
}

/// The questions of a rubric. What is not scored may be left out, unless nothing is.
pub fn questions<'a>(asked: &AskedRubric<'a>) -> Vec<FormQuestion<'a>> {
    let criteria = &asked.rubric.criteria;
    let is_any_scored = criteria.iter().any(|criterion| criterion.scale.is_scored());
    let question = |criterion: &'a Criterion| FormQuestion {
        criterion,
        title: (asked.titles)(&criterion.id),
        kind: kind(criterion),
        is_needed: criterion.scale.is_scored() || !is_any_scored,
        outcomes: outcomes(criterion),
    };
    criteria.iter().map(question).collect()
}

fn kind(criterion: &Criterion) -> FormKind<'_> {
    let scale = &criterion.scale;
    match () {
        () if scale.has_flags() => FormKind::Flags(scale.choices()),
        () if scale.has_sets() => FormKind::Several(scale.choices()),
        () if scale.has_numbers() => FormKind::Number,
        () if scale.has_values() => FormKind::One(scale.choices()),
        () => FormKind::Text,
    }
}

/// What may be answered in place of a value: that there is nothing of it, and that the rater is unsure. The word is none
/// that a value of the scale is spelled like.
fn outcomes(criterion: &Criterion) -> Vec<(String, Outcome)> {
    let is_free = |word: &&str| !criterion.scale.values().any(|value| letters(value) == letters(word));
    let word = |words: [&str; 2]| words.into_iter().find(is_free).unwrap_or(words[1]).to_owned();
    let none = criterion.scale.allows_none().then(|| (word(["Nothing of it", "No value of it"]), Outcome::None));
    let unsure = criterion.unsure.then(|| (word(["Unsure", "I am unsure"]), Outcome::Unsure));
    none.into_iter().chain(unsure).collect()
}

/// The name of the control for answers that the criterion's own control can't take.
pub fn other_control(criterion: &Criterion) -> String {
    format!("{}-other", criterion.id)
}

/// A value as raters read it: with what it means, if that is said.
pub fn shown(choice: &Choice) -> String {
    match choice.meaning.as_str() {
        "" => choice.value.clone(),
        meaning => format!("{}: {meaning}", choice.value),
    }
}
