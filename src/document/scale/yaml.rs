//! Scales as they are written in front matter.
//!
//! In: a node. Out: a `Scale`, or findings; and the schema of what may be written.

use super::{Choice, Kind, NONE, Scale};
use crate::diagnostic::{Diagnostics, did_you_mean, one_of, rules};
use crate::limits::MOST_CHOICES;
use crate::schema::{FromYaml, mapping, merged};
use crate::table::PARTING;
use crate::yaml::{Key, Node, Value};
use serde_json::{Value as Json, json};

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
