//! The schema of one row of ratings, as an object with the columns' names as keys.
//!
//! In: the columns. Out: their JSON Schema in the canonical spelling: names in lower case, no space around values.
//! What depends on the rubric (which criteria there are, which values they have) is not in it.

use super::columns::{Column, KEPT};
use crate::model::Outcome;
use crate::schema::{Words, merged, words};
use serde_json::{Map, Value as Json, json};

/// What one row may hold.
pub fn row_schema() -> Json {
    let described = |(name, allowed, about): (&str, Json, &str)| {
        (name.to_owned(), merged(allowed, json!({ "description": about })))
    };
    let kept = KEPT.map(|name| (name, any(), "Kept; no figure needs it."));
    let properties: Map<String, Json> = Column::described().into_iter().chain(kept).map(described).collect();
    let outcomes = words(Outcome::WORDS);
    json!({
        "type": "object",
        "description": "One row: a rater's value for one criterion of one item, or the outcome that stands for it. \
                        Attributes of flags, and what only you know of a row, may stand beside.",
        "properties": properties,
        "required": ["item", "rater"],
        "anyOf": [
            {
                "required": ["criterion", "value"],
                "properties": { "criterion": filled(), "value": filled(), "outcome": empty() },
            },
            { "required": ["outcome"], "properties": { "outcome": { "enum": outcomes }, "value": empty() } },
            { "required": ["outcome"], "properties": { "outcome": { "const": "withdrawn" } } },
        ],
    })
}

/// One value, or none.
pub fn any() -> Json {
    json!({ "type": ["string", "number", "boolean", "null"] })
}

/// One value.
pub fn filled() -> Json {
    json!({ "type": ["string", "number", "boolean"], "pattern": r"\S" })
}

fn empty() -> Json {
    json!({ "type": ["string", "null"], "maxLength": 0 })
}

/// One of these words, or nothing.
pub fn word<T>(of: &[(&'static str, T)]) -> Json {
    let words = words(of).into_iter().map(Json::from).chain([json!(""), Json::Null]);
    json!({ "enum": words.collect::<Vec<Json>>() })
}

/// A number from 1 to 255, also as text and as spreadsheets write it.
pub fn pass() -> Json {
    json!({
        "type": ["integer", "string", "null"],
        "minimum": 1,
        "maximum": u8::MAX,
        "pattern": r"^(\+?[0-9]+(\.0*)?)?$",
    })
}

/// A version number.
pub fn version() -> Json {
    json!({ "type": ["string", "null"], "pattern": r"^([0-9]+\.[0-9]+\.[0-9]+([-+].+)?)?$", "examples": ["1.0.0"] })
}

/// A time.
pub fn time() -> Json {
    json!({ "type": ["string", "integer", "null"], "examples": ["2026-11-02T08:07:45Z"] })
}
