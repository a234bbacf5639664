//! Scales: what may be answered to a criterion.
//!
//! In: `text`, `number`, or a mapping of one kind to its values. Out: a `Scale`, which says of an answer whether it
//! is on it. It never knows which criterion it is of.

use super::Measure;
use crate::diagnostic::{Diagnostics, did_you_mean, one_of, rules};
use crate::limits::MOST_CHOICES;
use crate::quality::agreement::Level;
use crate::quality::weights::Weighting;
use crate::schema::{FromYaml, mapping, merged};
use crate::table::PARTING;
use crate::text::letters;
use crate::yaml::{Key, Node, Value};
use serde_json::{Value as Json, json};
use std::borrow::Cow;

/// What may be answered.
#[derive(Clone, Debug, PartialEq)]
pub struct Scale(Kind);

/// The kinds of scales. It stays in this file: what others ask of a kind is a question that `Scale` answers, so that a new
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

/// How a scale differs from what it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScaleChange {
    /// It is of another kind.
    Kind,
    /// A value is gone.
    Gone(Choice),
    /// A value is new.
    Come(Choice),
    /// Its values stand in another order, which says something.
    Order {
        /// As it was, in a line.
        before: String,
        /// As it is.
        after: String,
    },
    /// The same meanings stand beside other values.
    Swapped {
        /// As they were, in a line.
        before: String,
        /// As they are.
        after: String,
    },
    /// The words beside a value are others.
    Meaning {
        /// The value.
        value: String,
        /// The words as they were; may be empty.
        before: String,
        /// The words as they are; may be empty.
        after: String,
    },
    /// Its smallest or largest number is another.
    Bounds {
        /// As it was.
        before: String,
        /// As it is.
        after: String,
    },
    /// Its unit is another.
    Unit {
        /// As it was; may be empty.
        before: String,
        /// As it is; may be empty.
        after: String,
    },
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

    /// How it differs from what it was, in the order of its values.
    pub fn changes_since(&self, old: &Self) -> Vec<ScaleChange> {
        if let (Kind::Number { min, max, unit }, Kind::Number { min: least, max: most, unit: of }) = (&self.0, &old.0) {
            let range = |min: &Option<f64>, max: &Option<f64>| {
                let bound = |bound: &Option<f64>| bound.map_or("any".to_owned(), |bound| bound.to_string());
                format!("from {} to {}", bound(min), bound(max))
            };
            let named = |unit: &Option<String>| unit.clone().unwrap_or_default();
            let bounds = ScaleChange::Bounds { before: range(least, most), after: range(min, max) };
            let counted = ScaleChange::Unit { before: named(of), after: named(unit) };
            let differs = [((least, most) != (min, max), bounds), (of != unit, counted)];
            return differs.into_iter().filter_map(|(is_so, change)| is_so.then_some(change)).collect();
        }
        if self.name() != old.name() {
            return vec![ScaleChange::Kind];
        }
        choices_since(old.choices(), self.choices(), self.is_ordered())
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

/// How a list of values differs from what it was.
fn choices_since(old: &[Choice], new: &[Choice], ordered: bool) -> Vec<ScaleChange> {
    let find = |choices: &[Choice], value: &str| choices.iter().find(|choice| choice.value == value).cloned();
    let line = |choices: &[Choice]| {
        choices
            .iter()
            .map(|choice| format!("{}: {}", choice.value, choice.meaning_or_value()))
            .collect::<Vec<_>>()
            .join("; ")
    };
    let gone = old.iter().filter(|choice| find(new, &choice.value).is_none());
    let come = new.iter().filter(|choice| find(old, &choice.value).is_none());
    let mut changes: Vec<ScaleChange> =
        gone.cloned().map(ScaleChange::Gone).chain(come.cloned().map(ScaleChange::Come)).collect();
    let kept = |choices: &[Choice], others: &[Choice]| -> Vec<String> {
        let kept = choices.iter().filter(|choice| find(others, &choice.value).is_some());
        kept.map(|choice| choice.value.clone()).collect()
    };
    let (was, is) = (kept(old, new), kept(new, old));
    if ordered && was != is {
        changes.push(ScaleChange::Order { before: was.join(", "), after: is.join(", ") });
    }
    let reworded: Vec<(Choice, Choice)> = new
        .iter()
        .filter_map(|choice| Some((find(old, &choice.value)?, choice.clone())))
        .filter(|(was, is)| was.meaning != is.meaning)
        .collect();
    // The same words beside other values: that no value kept its own is what makes it more than an edit.
    let meanings = |side: fn(&(Choice, Choice)) -> &String| {
        let mut meanings: Vec<&String> = reworded.iter().map(side).collect();
        meanings.sort_unstable();
        meanings
    };
    if reworded.len() > 1 && meanings(|pair| &pair.0.meaning) == meanings(|pair| &pair.1.meaning) {
        changes.push(ScaleChange::Swapped { before: line(old), after: line(new) });
        return changes;
    }
    changes.extend(reworded.into_iter().map(|(was, is)| ScaleChange::Meaning {
        value: is.value,
        before: was.meaning,
        after: is.meaning,
    }));
    changes
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

mapping! {
    /// A number.
    struct NumberKeys = "a number scale" {
        /// Smallest allowed.
        optional min: f64 = "0";
        /// Largest allowed.
        optional max: f64 = "100";
        /// What is counted.
        optional unit: String = "min";
    }
}

impl FromYaml for Scale {
    fn schema() -> Json {
        let described = |about: &str, schema: Json| merged(schema, json!({ "description": about }));
        let kinds = json!({
            "nominal": described("One of several values, without order.", choices_schema(2)),
            "ordinal": described("One of several values, in order.", choices_schema(2)),
            "set": described("Any number of several values, none included.", set_schema()),
            "number": described("A number.", json!({ "anyOf": [NumberKeys::schema(), { "const": "number" }] })),
            "steps": described("Flags on steps, each of one of these kinds.", choices_schema(1)),
        });
        let one = json!({
            "type": "object",
            "properties": kinds,
            "minProperties": 1,
            "maxProperties": 1,
            "additionalProperties": false,
        });
        json!({ "anyOf": [one, { "enum": ["text", "number"] }] })
    }

    fn from_yaml(node: &Node, diagnostics: &mut Diagnostics) -> Option<Self> {
        scale(node, diagnostics)
    }
}

fn scale(node: &Node, diagnostics: &mut Diagnostics) -> Option<Scale> {
    if matches!(&node.value, Value::Scalar { text, .. } if text == "text") {
        return Some(Scale(Kind::Text));
    }
    if let Value::Map(entries) = &node.value
        && let Some((key, _)) = entries.get(1)
    {
        let message = format!("a scale is of one kind; `{}` is a second one", key.text);
        diagnostics
            .add(rules::INVALID_VALUE, key.span, message)
            .help("what is not the scale, such as `unsure`, stands beside it");
    }
    let found = match &node.value {
        Value::Map(entries) => entries.first().map(|(key, value)| (key.text.as_str(), value)),
        Value::Scalar { text, .. } => Some((text.as_str(), node)),
        Value::List(_) => None,
    };
    let kind = match found {
        Some(("nominal", value)) => choices(value, 2, diagnostics).map(Kind::Nominal),
        Some(("ordinal", value)) => choices(value, 2, diagnostics).map(Kind::Ordinal),
        Some(("set", value)) => set(value, diagnostics).map(Kind::Set),
        Some(("steps", value)) => choices(value, 1, diagnostics).map(Kind::Steps),
        Some(("number", value)) => number(value, diagnostics),
        other => {
            let typed = other.map_or("", |(name, _)| name);
            diagnostics
                .add(rules::INVALID_VALUE, node.span, format!("`{typed}` is not a scale"))
                .maybe_help(did_you_mean(typed, Scale::NAMES))
                .help(format!("scales are {}", one_of(Scale::NAMES)))
                .help("for example `scale: {nominal: {yes: It works, no: It does not}}`");
            None
        }
    };
    kind.map(Scale)
}

/// The values of a set, none of which holds what parts them.
fn set(node: &Node, diagnostics: &mut Diagnostics) -> Option<Vec<Choice>> {
    let choices = choices(node, 1, diagnostics)?;
    for Choice { value, .. } in &choices {
        if value.contains(PARTING) {
            diagnostics
                .add(
                    rules::INVALID_VALUE,
                    node.span,
                    format!("`{value}` holds `{PARTING}`, which parts the values of a set"),
                )
                .help("an answer is written as its values with `|` between them");
        }
        if value == NONE {
            diagnostics
                .add(rules::INVALID_VALUE, node.span, format!("`{NONE}` is the outcome of a set without values"))
                .help("leave it out: every set may be without values");
        }
    }
    Some(choices)
}

fn number(node: &Node, diagnostics: &mut Diagnostics) -> Option<Kind> {
    if matches!(&node.value, Value::Scalar { text, .. } if text == "number") {
        return Some(Kind::Number { min: None, max: None, unit: None });
    }
    let NumberKeys { min, max, unit } = NumberKeys::from_yaml(node, diagnostics)?;
    if let (Some(min), Some(max)) = (min, max)
        && min >= max
    {
        diagnostics.add(rules::INVALID_VALUE, node.span, format!("`min` ({min}) is not below `max` ({max})"));
    }
    Some(Kind::Number { min, max, unit })
}

/// What `set` reads.
fn set_schema() -> Json {
    let parts = json!({ "type": "string", "pattern": format!("[{PARTING}]") });
    let value = json!({ "not": { "anyOf": [parts, { "const": NONE }] } });
    merged(choices_schema(1), json!({ "items": value, "propertyNames": value }))
}

/// What `choices` reads.
fn choices_schema(fewest: usize) -> Json {
    let list = merged(Vec::<String>::schema(), json!({ "minItems": fewest }));
    let mut meaning = String::schema();
    meaning["type"] = json!(["string", "number", "boolean"]);
    let mapping = |value: Json| json!({ "type": "object", "additionalProperties": value, "minProperties": fewest });
    json!({ "anyOf": [mapping(meaning), mapping(json!({ "type": "null" })), list] })
}

/// Beside values with a meaning, one that has none is mostly what stood behind a comma in the meaning before it.
fn check_meanings(entries: &[(Key, Node)], diagnostics: &mut Diagnostics) {
    let mut before: Option<&(Key, Node)> = None;
    if entries.iter().all(|(_, meaning)| meaning.is_null()) {
        return;
    }
    for entry @ (key, meaning) in entries {
        if !meaning.is_null() {
            before = Some(entry);
            continue;
        }
        let message = format!("`{}` would be an answer of its own, and has no meaning as the others have", key.text);
        let whole = |(value, meaning): &(Key, Node)| match &meaning.value {
            Value::Scalar { text, .. } => {
                Some(format!("a meaning with a comma stands in quotes: `{}: \"{text}, {}\"`", value.text, key.text))
            }
            _ => None,
        };
        diagnostics
            .add(rules::INVALID_VALUE, key.span, message)
            .maybe_help(before.and_then(whole))
            .help(format!("if it is a value, say what it means: `{}: …`", key.text));
    }
}

/// `[yes, no]` or `{yes: meaning, no: meaning}`.
fn choices(node: &Node, fewest: usize, diagnostics: &mut Diagnostics) -> Option<Vec<Choice>> {
    let mut choices: Vec<Choice> = Vec::new();
    match &node.value {
        Value::List(nodes) => {
            for node in nodes {
                let value = node.text(diagnostics)?.to_owned();
                choices.push(Choice { value, meaning: String::new() });
            }
        }
        Value::Map(entries) => {
            for (key, meaning) in entries {
                let meaning = if meaning.is_null() { "" } else { meaning.text(diagnostics)? };
                choices.push(Choice { value: key.text.clone(), meaning: meaning.to_owned() });
            }
            check_meanings(entries, diagnostics);
        }
        Value::Scalar { .. } => {
            node.wrong("the scale's values: `[yes, no]` or `{yes: It works, no: It does not}`", diagnostics);
            return None;
        }
    }
    if choices.len() > MOST_CHOICES {
        diagnostics.add(rules::BEYOND_LIMIT, node.span, format!("a scale has at most {MOST_CHOICES} values"));
        return None;
    }
    let mut values: Vec<&str> = choices.iter().map(|choice| choice.value.as_str()).collect();
    values.sort_unstable();
    if let Some(twice) = values.windows(2).find(|pair| pair[0] == pair[1]) {
        diagnostics.add(rules::DUPLICATE_ID, node.span, format!("the scale has `{}` twice", twice[0]));
    }
    if choices.len() < fewest {
        diagnostics.add(rules::INVALID_VALUE, node.span, format!("a scale needs at least {fewest} values"));
    }
    Some(choices)
}
