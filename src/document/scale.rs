//! Scales: what may be answered to a criterion.
//!
//! In: `text`, `number`, or a mapping of one kind to its values. Out: a `Scale`, which says of an answer whether it
//! is on it. It never knows which criterion it is of.

use crate::diagnostic::{Diagnostics, did_you_mean, one_of, rules};
use crate::limits::MOST_CHOICES;
use crate::schema::{FromYaml, mapping, merged};
use crate::yaml::{Node, Value};
use serde_json::{Value as Json, json};

/// What may be answered.
#[derive(Clone, Debug, PartialEq)]
pub enum Scale {
    /// One of several, without order.
    Nominal(Vec<Choice>),
    /// One of several, in order.
    Ordinal(Vec<Choice>),
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

impl Scale {
    /// The scales' names.
    pub const NAMES: [&str; 5] = ["nominal", "ordinal", "number", "steps", "text"];

    /// This scale's name.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Nominal(_) => "nominal",
            Self::Ordinal(_) => "ordinal",
            Self::Number { .. } => "number",
            Self::Steps(_) => "steps",
            Self::Text => "text",
        }
    }

    /// The values of a scale that lists them.
    pub fn choices(&self) -> &[Choice] {
        match self {
            Self::Nominal(choices) | Self::Ordinal(choices) | Self::Steps(choices) => choices,
            Self::Number { .. } | Self::Text => &[],
        }
    }

    /// Why `value` is not on this scale; none if it is.
    pub fn refuses(&self, value: &str) -> Option<String> {
        match self {
            Self::Nominal(choices) | Self::Ordinal(choices) | Self::Steps(choices) => {
                let known = choices.iter().any(|choice| choice.value == value);
                (!known).then(|| format!("`{value}` is not on the scale"))
            }
            Self::Number { min, max, .. } => match value.parse::<f64>().ok().filter(|number| number.is_finite()) {
                None => Some(format!("`{value}` is not a number")),
                Some(number) if min.is_some_and(|min| number < min) => Some(format!("{value} is below the scale")),
                Some(number) if max.is_some_and(|max| number > max) => Some(format!("{value} is above the scale")),
                Some(_) => None,
            },
            Self::Text => None,
        }
    }
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
        return Some(Scale::Text);
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
    match found {
        Some(("nominal", value)) => choices(value, 2, diagnostics).map(Scale::Nominal),
        Some(("ordinal", value)) => choices(value, 2, diagnostics).map(Scale::Ordinal),
        Some(("steps", value)) => choices(value, 1, diagnostics).map(Scale::Steps),
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
    }
}

fn number(node: &Node, diagnostics: &mut Diagnostics) -> Option<Scale> {
    if matches!(&node.value, Value::Scalar { text, .. } if text == "number") {
        return Some(Scale::Number { min: None, max: None, unit: None });
    }
    let NumberKeys { min, max, unit } = NumberKeys::from_yaml(node, diagnostics)?;
    if let (Some(min), Some(max)) = (min, max)
        && min >= max
    {
        diagnostics.add(rules::INVALID_VALUE, node.span, format!("`min` ({min}) is not below `max` ({max})"));
    }
    Some(Scale::Number { min, max, unit })
}

/// What `choices` reads.
fn choices_schema(fewest: usize) -> Json {
    let list = merged(Vec::<String>::schema(), json!({ "minItems": fewest }));
    let mut meaning = String::schema();
    meaning["type"] = json!(["string", "number", "boolean", "null"]);
    let with_meanings = json!({ "type": "object", "additionalProperties": meaning, "minProperties": fewest });
    json!({ "anyOf": [with_meanings, list] })
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
