//! Scales: what may be answered to a criterion.
//!
//! In: `text`, `number`, or a mapping of one kind to its values (`yaml`). Out: a `Scale`, which says of an answer whether
//! it is on it, and how it differs from what it was (`changes`). It never knows which criterion it is of.

mod changes;
mod distances;
mod yaml;

pub use changes::ScaleChange;

use super::Measure;
use crate::quality::agreement::Level;
use crate::quality::weights::Weighting;
use crate::schema::merged;
use crate::table::PARTING;
use crate::text::letters;
use serde_json::{Value as Json, json};
use std::borrow::Cow;

/// What may be answered.
#[derive(Clone, Debug, PartialEq)]
pub struct Scale(Kind);

/// The kinds of scales. It stays in this folder: what others ask of a kind is a question that `Scale` answers, so that a new
/// kind is asked all of them here, by the compiler.
#[derive(Clone, Debug, PartialEq)]
enum Kind {
    /// One of several, without order.
    Nominal(Vec<Choice>),
    /// One of several, in order.
    Ordinal(Vec<Choice>),
    /// Any number of several, none included.
    Set(Vec<Choice>),
    /// A number.
    Number {
        /// Smallest allowed.
        min: Option<f64>,
        /// Largest allowed.
        max: Option<f64>,
        /// Such as `min`.
        unit: Option<String>,
    },
    /// Flags on steps, each of a kind.
    Steps(Vec<Choice>),
    /// Free text: kept, never scored.
    Text,
}

/// One value of a scale and what it means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// As raters write it.
    pub value: String,
    /// What it means; empty if only its section says.
    pub meaning: String,
}

impl Choice {
    /// What it means; the value itself where only its section says.
    pub fn meaning_or_value(&self) -> String {
        if self.meaning.is_empty() { self.value.clone() } else { self.meaning.clone() }
    }
}

impl Scale {
    /// The scales' names.
    pub const NAMES: [&str; 6] = ["nominal", "ordinal", "set", "number", "steps", "text"];

    /// This scale's name.
    pub fn name(&self) -> &'static str {
        match &self.0 {
            Kind::Nominal(_) => "nominal",
            Kind::Ordinal(_) => "ordinal",
            Kind::Set(_) => "set",
            Kind::Number { .. } => "number",
            Kind::Steps(_) => "steps",
            Kind::Text => "text",
        }
    }

    /// The values of a scale that lists them.
    pub fn choices(&self) -> &[Choice] {
        match &self.0 {
            Kind::Nominal(choices) | Kind::Ordinal(choices) | Kind::Set(choices) | Kind::Steps(choices) => choices,
            Kind::Number { .. } | Kind::Text => &[],
        }
    }

    /// The values of a scale that lists them, as raters write them.
    pub fn values(&self) -> impl Iterator<Item = &str> {
        self.choices().iter().map(|choice| choice.value.as_str())
    }

    /// Whether answers are compared with gold and with each other.
    pub fn is_scored(&self) -> bool {
        match &self.0 {
            Kind::Nominal(_) | Kind::Ordinal(_) | Kind::Set(_) | Kind::Number { .. } | Kind::Steps(_) => true,
            Kind::Text => false,
        }
    }

    /// Whether an answer is one value of an item, so that it has a part in overall figures.
    pub fn has_values(&self) -> bool {
        match &self.0 {
            Kind::Nominal(_) | Kind::Ordinal(_) | Kind::Set(_) | Kind::Number { .. } => true,
            Kind::Steps(_) | Kind::Text => false,
        }
    }

    /// Whether an answer is a list of flags on steps.
    pub fn has_flags(&self) -> bool {
        match &self.0 {
            Kind::Steps(_) => true,
            Kind::Nominal(_) | Kind::Ordinal(_) | Kind::Set(_) | Kind::Number { .. } | Kind::Text => false,
        }
    }

    /// Whether every value can be listed and counted.
    pub fn has_categories(&self) -> bool {
        match &self.0 {
            Kind::Nominal(_) | Kind::Ordinal(_) => true,
            Kind::Set(_) | Kind::Number { .. } | Kind::Steps(_) | Kind::Text => false,
        }
    }

    /// Whether one value can be higher than another.
    pub fn is_ordered(&self) -> bool {
        match &self.0 {
            Kind::Ordinal(_) | Kind::Number { .. } => true,
            Kind::Nominal(_) | Kind::Set(_) | Kind::Steps(_) | Kind::Text => false,
        }
    }

    /// The number that a value is; none on a scale of anything else.
    pub fn number(&self, value: &str) -> Option<f64> {
        match &self.0 {
            Kind::Number { .. } => value.parse().ok(),
            Kind::Nominal(_) | Kind::Ordinal(_) | Kind::Set(_) | Kind::Steps(_) | Kind::Text => None,
        }
    }

    /// Whether the values are numbers, which no list has all of.
    pub fn has_numbers(&self) -> bool {
        match &self.0 {
            Kind::Number { .. } => true,
            Kind::Nominal(_) | Kind::Ordinal(_) | Kind::Set(_) | Kind::Steps(_) | Kind::Text => false,
        }
    }

    /// The level of measurement at which answers are compared with each other; none where that has no meaning.
    pub fn level(&self) -> Option<Level> {
        match &self.0 {
            Kind::Nominal(_) | Kind::Set(_) => Some(Level::Nominal),
            Kind::Ordinal(_) => Some(Level::Ordinal),
            Kind::Number { .. } => Some(Level::Interval),
            Kind::Steps(_) | Kind::Text => None,
        }
    }

    /// How much two categories agree; none where there are none.
    pub fn weighting(&self) -> Option<Weighting> {
        match &self.0 {
            Kind::Nominal(_) => Some(Weighting::Identity),
            Kind::Ordinal(_) => Some(Weighting::Quadratic),
            Kind::Set(_) | Kind::Number { .. } | Kind::Steps(_) | Kind::Text => None,
        }
    }

    /// Whether an answer is a set of values.
    pub fn has_sets(&self) -> bool {
        match &self.0 {
            Kind::Set(_) => true,
            Kind::Nominal(_) | Kind::Ordinal(_) | Kind::Number { .. } | Kind::Steps(_) | Kind::Text => false,
        }
    }

    /// Whether nothing may be the answer: no flag, or none of the values.
    pub fn allows_none(&self) -> bool {
        match &self.0 {
            Kind::Set(_) | Kind::Steps(_) => true,
            Kind::Nominal(_) | Kind::Ordinal(_) | Kind::Number { .. } | Kind::Text => false,
        }
    }

    /// Whether gold may take one of several answers for right; where `|` parts the values of one answer, it can't.
    pub fn allows_any_of(&self) -> bool {
        match &self.0 {
            Kind::Nominal(_) | Kind::Ordinal(_) | Kind::Number { .. } => true,
            Kind::Set(_) | Kind::Steps(_) | Kind::Text => false,
        }
    }

    /// The places on the scale of an answer that is a set, in order; none on other scales.
    pub fn set(&self, answer: &str) -> Option<Vec<u32>> {
        match &self.0 {
            Kind::Set(choices) => Some(places(choices, answer).0),
            Kind::Nominal(_) | Kind::Ordinal(_) | Kind::Number { .. } | Kind::Steps(_) | Kind::Text => None,
        }
    }

    /// An answer as it is compared: a set's values once each and in declared order, everything else as it is.
    pub fn in_order<'v>(&self, answer: &'v str) -> Cow<'v, str> {
        match &self.0 {
            Kind::Set(choices) => {
                let values = places(choices, answer).0.into_iter().map(|place| choices[place as usize].value.as_str());
                Cow::Owned(values.collect::<Vec<_>>().join(&PARTING.to_string()))
            }
            Kind::Nominal(_) | Kind::Ordinal(_) | Kind::Number { .. } | Kind::Steps(_) | Kind::Text => {
                Cow::Borrowed(answer)
            }
        }
    }

    /// The answer as the scale writes it, where each of its values differs from just one of the scale's in case or outer
    /// space alone.
    pub fn spelled(&self, answer: &str) -> Option<String> {
        let only = |value: &str| {
            let mut alike = self.values().filter(|known| letters(known) == letters(value));
            alike.next().filter(|_| alike.next().is_none())
        };
        match &self.0 {
            Kind::Nominal(_) | Kind::Ordinal(_) | Kind::Steps(_) => only(answer).map(str::to_owned),
            Kind::Set(_) => {
                let values: Option<Vec<&str>> = answer.split(PARTING).map(only).collect();
                values.map(|values| self.in_order(&values.join(&PARTING.to_string())).into_owned())
            }
            Kind::Number { .. } | Kind::Text => None,
        }
    }

    /// What a bar can be set on.
    pub fn measures(&self) -> &'static [Measure] {
        use Measure::{Ac, Accuracy, Agreement, Alpha, Answered, F1, Kappa, Overlap, Precision, Recall};
        match &self.0 {
            Kind::Nominal(_) | Kind::Ordinal(_) => &[Accuracy, Answered, Kappa, Agreement, Alpha, Ac],
            Kind::Set(_) => &[Accuracy, Answered, Overlap, Agreement, Alpha],
            Kind::Number { .. } => &[Accuracy, Answered, Agreement, Alpha],
            Kind::Steps(_) => &[Accuracy, Answered, Precision, Recall, F1],
            Kind::Text => &[],
        }
    }

    /// What a tolerance is counted in, of one and of several; none where an answer is right or not.
    pub fn tolerance_unit(&self) -> Option<[&str; 2]> {
        match &self.0 {
            Kind::Number { unit, .. } => Some([unit.as_deref().unwrap_or(""); 2]),
            Kind::Steps(_) => Some(["step", "steps"]),
            Kind::Nominal(_) | Kind::Ordinal(_) | Kind::Set(_) | Kind::Text => None,
        }
    }

    /// What is answered, for the page of the rubric; `each` says whether every step gets a value.
    pub fn in_words(&self, each: bool) -> String {
        match &self.0 {
            Kind::Nominal(_) => "one of these".to_owned(),
            Kind::Ordinal(_) => "one of these, in order".to_owned(),
            Kind::Set(_) => "any number of these, or none".to_owned(),
            Kind::Steps(_) if each => "one of these for every step".to_owned(),
            Kind::Steps(_) => "a flag of one of these kinds on each step concerned, or none".to_owned(),
            Kind::Number { min, max, unit } => {
                let unit = unit.as_ref().map_or(String::new(), |unit| format!(", in {unit}"));
                match (min, max) {
                    (Some(min), Some(max)) => format!("a number from {min} to {max}{unit}"),
                    (Some(min), None) => format!("a number from {min} up{unit}"),
                    (None, Some(max)) => format!("a number up to {max}{unit}"),
                    (None, None) => format!("a number{unit}"),
                }
            }
            Kind::Text => "free text, never scored".to_owned(),
        }
    }

    /// What the sealed text says of a scale that lists no values; it never changes, as the seal stands on it.
    pub fn bounds(&self) -> Option<String> {
        let bound = |bound: &Option<f64>| bound.map_or("any".to_owned(), |bound| bound.to_string());
        match &self.0 {
            Kind::Number { min, max, unit } => {
                Some(format!("from {} to {} {}", bound(min), bound(max), unit.as_deref().unwrap_or("")))
            }
            Kind::Nominal(_) | Kind::Ordinal(_) | Kind::Set(_) | Kind::Steps(_) | Kind::Text => None,
        }
    }

    /// The scale for other programs: its kind, and its values with what they mean, or its range.
    pub fn in_json(&self) -> Json {
        let name = self.name();
        match &self.0 {
            Kind::Nominal(choices) | Kind::Ordinal(choices) | Kind::Set(choices) | Kind::Steps(choices) => {
                let value = |choice: &Choice| json!({ "value": choice.value, "meaning": choice.meaning });
                json!({ "kind": name, "values": choices.iter().map(value).collect::<Vec<_>>() })
            }
            Kind::Number { min, max, unit } => json!({ "kind": name, "min": min, "max": max, "unit": unit }),
            Kind::Text => json!({ "kind": name }),
        }
    }

    /// The JSON Schema of a row's value as the scale writes it; numbers are numbers.
    pub fn answer_schema(&self) -> Json {
        let values = |choices: &[Choice]| json!({ "enum": choices.iter().flat_map(spellings).collect::<Vec<_>>() });
        match &self.0 {
            Kind::Nominal(choices) | Kind::Ordinal(choices) | Kind::Steps(choices) => values(choices),
            Kind::Set(choices) => {
                let one = choices.iter().map(|choice| escaped(&choice.value)).collect::<Vec<_>>().join("|");
                let parted = json!({ "type": "string", "pattern": format!("^({one})(\\|({one}))*$") });
                let list = json!({ "type": "array", "items": values(choices), "minItems": 1 });
                json!({ "anyOf": [parted, list] })
            }
            Kind::Number { min, max, .. } => {
                let bounds = [("minimum", min), ("maximum", max)];
                let bounds = bounds.into_iter().filter_map(|(key, bound)| Some((key.to_owned(), json!((*bound)?))));
                merged(json!({ "type": "number" }), Json::Object(bounds.collect()))
            }
            Kind::Text => json!({ "type": "string", "minLength": 1 }),
        }
    }

    /// Whether two values say the same: numbers up to `tolerance` apart, but for rounding; else the same text.
    pub fn equals(&self, one: &str, other: &str, tolerance: f64) -> bool {
        let near = |one: f64, other: f64| (one - other).abs() <= tolerance + 1e-9 * one.abs().max(1.0);
        one == other || self.number(one).zip(self.number(other)).is_some_and(|(one, other)| near(one, other))
    }

    /// Why `value` is not on this scale; none if it is.
    pub fn refuses(&self, value: &str) -> Option<String> {
        match &self.0 {
            Kind::Nominal(choices) | Kind::Ordinal(choices) | Kind::Steps(choices) => {
                let known = choices.iter().any(|choice| choice.value == value);
                (!known).then(|| format!("`{value}` is not on the scale"))
            }
            Kind::Set(choices) => {
                let unknown = places(choices, value).1;
                unknown.first().map(|value| format!("`{value}` is not on the scale"))
            }
            Kind::Number { min, max, .. } => match value.parse::<f64>().ok().filter(|number| number.is_finite()) {
                None => Some(format!("`{value}` is not a number")),
                Some(number) if min.is_some_and(|min| number < min) => Some(format!("{value} is below the scale")),
                Some(number) if max.is_some_and(|max| number > max) => Some(format!("{value} is above the scale")),
                Some(_) => None,
            },
            Kind::Text => None,
        }
    }
}

/// A value as JSON may write it: text, and the number or the truth value that reads the same.
fn spellings(choice: &Choice) -> Vec<Json> {
    let other: Option<Json> = serde_json::from_str(&choice.value).ok();
    let reads_the_same = |other: &Json| {
        let text = other.to_string();
        (other.is_number() || other.is_boolean()) && text == choice.value
    };
    [json!(choice.value)].into_iter().chain(other.filter(reads_the_same)).collect()
}

/// A text as a pattern that only it matches.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if r"\^$.*+?()[]{}|/".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// The outcome of a set without values.
const NONE: &str = "none";

/// The places of a set's values, once each and in order; and the values that are not on the scale.
fn places<'v>(choices: &[Choice], answer: &'v str) -> (Vec<u32>, Vec<&'v str>) {
    let (mut places, mut unknown) = (Vec::new(), Vec::new());
    for value in answer.split(PARTING).map(str::trim) {
        match choices.iter().zip(0..).find(|(choice, _)| choice.value == value) {
            Some((_, place)) => places.push(place),
            None => unknown.push(value),
        }
    }
    places.sort_unstable();
    places.dedup();
    (places, unknown)
}
