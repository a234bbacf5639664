//! Ids: the names that files, pages and ratings speak of things by.
//!
//! In: a YAML node. Out: an id with the place it stands at, and findings on what is none. It never asks whether the
//! thing exists.

use super::{FromYaml, merged};
use crate::diagnostic::{Diagnostics, rules};
use crate::source::Span;
use crate::yaml::Node;
use serde_json::json;

/// The name of something that pages and ratings speak of.
#[derive(Clone, Debug)]
pub struct Id(pub String);

/// What `check_id` asks.
pub const ID_PATTERN: &str = "^[a-z][a-z0-9-]*$";

impl FromYaml for Id {
    fn schema() -> serde_json::Value {
        json!({ "type": ["string", "boolean"], "pattern": ID_PATTERN })
    }

    /// What is not an id is a finding, and still a name by which other findings can speak of the thing.
    fn from_yaml(node: &Node, diagnostics: &mut Diagnostics) -> Option<Self> {
        let id = node.text(diagnostics)?.to_owned();
        check_id(&id, node.span, diagnostics);
        Some(Self(id))
    }
}

/// A mapping whose keys are ids.
pub fn keyed_by_ids(mapping: serde_json::Value) -> serde_json::Value {
    merged(mapping, json!({ "propertyNames": { "pattern": ID_PATTERN } }))
}

/// Whether a text is an id: `[a-z][a-z0-9-]*`.
pub fn is_id(id: &str) -> bool {
    let starts = id.starts_with(|c: char| c.is_ascii_lowercase());
    starts && id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

/// What is no id is a finding.
pub fn check_id(id: &str, span: Span, diagnostics: &mut Diagnostics) -> bool {
    let is_id = is_id(id);
    if !is_id {
        let slug = crate::markdown::slug::path(id);
        diagnostics
            .add(rules::INVALID_VALUE, span, format!("`{id}` is not an id"))
            .help(format!("ids are lower-case letters, digits and `-`, beginning with a letter: `{slug}`"));
    }
    is_id
}
