//! What may stand in a column, as JSON Schema.
//!
//! In: nothing, or words. Out: schemas of single cells. Which column has which is said by the columns.

use crate::schema::{merged, words};
use serde_json::{Value as Json, json};

/// One value, or none.
pub fn any() -> Json {
    json!({ "type": ["string", "number", "boolean", "null"] })
}

/// Several values, one, or none.
pub fn anys() -> Json {
    json!({ "anyOf": [any(), list()] })
}

/// One value, or several.
pub fn some() -> Json {
    json!({ "anyOf": [filled(), list()] })
}

/// Several values, none of which holds what parts them in a cell.
fn list() -> Json {
    json!({ "type": "array", "items": merged(any(), json!({ "pattern": r"^[^|]*$" })), "minItems": 1 })
}

/// One value.
pub fn filled() -> Json {
    json!({ "type": ["string", "number", "boolean"], "pattern": r"\S" })
}

/// Nothing.
pub fn empty() -> Json {
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
