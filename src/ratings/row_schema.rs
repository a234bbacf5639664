//! The schema of one row of ratings, as an object with the columns' names as keys.
//!
//! In: the columns. Out: their JSON Schema in the canonical spelling: names in lower case, no space around values.
//! What depends on the rubric (which criteria there are, which values they have) is not in it.

use super::allowed::{any, empty, filled, some};
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
                "properties": { "criterion": filled(), "value": some(), "outcome": empty() },
            },
            { "required": ["outcome"], "properties": { "outcome": { "enum": outcomes }, "value": empty() } },
            { "required": ["outcome"], "properties": { "outcome": { "const": "withdrawn" } } },
        ],
    })
}
