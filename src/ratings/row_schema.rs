//! The schema of one row of ratings, as an object with the columns' names as keys.
//!
//! In: the columns. Out: their JSON Schema in the canonical spelling: names in lower case, no space around values.
//! What depends on the rubric (which criteria there are, which values they have) is in the schema of a rubric's rows alone.

use super::allowed::{any, empty, filled, some};
use super::columns::{Column, KEPT};
use crate::document::{Criterion, Rubric};
use crate::model::Outcome;
use crate::schema::{DIALECT, Words, merged, words};
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

/// What one row of a task may hold under a rubric.
pub fn row_schema_of(task: &str, rubric: &Rubric) -> Json {
    let mut schema = merged(json!({ "$schema": DIALECT }), row_schema());
    let ids: Vec<Json> = rubric.criteria.iter().map(|criterion| json!(criterion.id)).collect();
    let nothing = [json!(""), Json::Null];
    schema["properties"]["task"]["enum"] = json!([&[json!(task)], &nothing[..]].concat());
    schema["properties"]["criterion"]["enum"] = json!([&ids[..], &nothing[..]].concat());
    let of_criterion = |criterion: &Criterion| {
        json!({
            "if": { "properties": { "criterion": { "const": criterion.id } }, "required": ["criterion"] },
            "then": criterion_rows(criterion),
        })
    };
    let whole = json!({
        "if": { "properties": { "criterion": empty() } },
        "then": { "properties": { "outcome": { "enum": outcomes(&rubric.criteria) } } },
    });
    schema["allOf"] = rubric.criteria.iter().map(of_criterion).chain([whole]).collect();
    schema
}

/// What rows of one criterion may hold.
fn criterion_rows(criterion: &Criterion) -> Json {
    let mut ways = vec![json!({
        "required": ["outcome"],
        "properties": { "value": empty(), "outcome": { "enum": outcomes(std::slice::from_ref(criterion)) } },
    })];
    let value = criterion.scale.answer_schema();
    if !criterion.scale.has_flags() {
        ways.push(json!({ "required": ["value"], "properties": { "value": value, "attribute": empty() } }));
        return json!({ "anyOf": ways });
    }
    let step = json!({ "type": ["integer", "string"], "minimum": 1, "pattern": r"^0*[1-9][0-9]*$" });
    let own = criterion.attributes.iter().map(|attribute| {
        let values = attribute.values.iter().map(|value| json!(value)).chain([json!(""), Json::Null]);
        (attribute.name.clone(), json!({ "enum": values.collect::<Vec<_>>() }))
    });
    let flag = [("value".to_owned(), value), ("step".to_owned(), step.clone()), ("attribute".to_owned(), empty())];
    let flag: Map<String, Json> = own.chain(flag).collect();
    ways.push(json!({ "required": ["value", "step"], "properties": flag }));
    // An attribute may stand in a row of its own.
    ways.extend(criterion.attributes.iter().map(|attribute| {
        json!({
            "required": ["value", "step", "attribute"],
            "properties": {
                "value": { "enum": attribute.values },
                "step": step,
                "attribute": { "const": attribute.name },
            },
        })
    }));
    json!({ "anyOf": ways })
}

/// Why there may be no value of one of these criteria, and nothing where there is one.
fn outcomes(criteria: &[Criterion]) -> Vec<Json> {
    let is_allowed = |outcome: Outcome| match outcome {
        Outcome::Unsure => criteria.iter().any(|criterion| criterion.unsure),
        Outcome::None => criteria.iter().any(|criterion| criterion.scale.allows_none()),
        _ => true,
    };
    let words = Outcome::WORDS.iter().filter(|(_, outcome)| is_allowed(*outcome));
    words.map(|(word, _)| json!(word)).collect()
}
