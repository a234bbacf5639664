//! `hidden_comments`: comments of raters that no page shows.
//!
//! In: a mapping of places to reasons. Out: the places; the reasons are for whoever reads the settings. It never asks whether
//! a comment stands there.

use crate::diagnostic::{Diagnostics, rules};
use crate::schema::{FromYaml, OpenMapping, merged};
use crate::source::Span;
use crate::yaml::Node;
use serde_json::{Value as Json, json};

/// A comment of a rater that no page shows.
#[derive(Clone, Debug)]
pub struct HiddenComment {
    /// Its file, as written: below `content/ratings/`, or with it.
    pub file: String,
    /// The line on which its row begins, from 1.
    pub line: u64,
    /// Where the settings name it.
    pub span: Span,
}

/// All of them.
#[derive(Clone, Debug)]
pub struct HiddenComments(pub Vec<HiddenComment>);

impl FromYaml for HiddenComments {
    fn schema() -> Json {
        let places = json!({ "propertyNames": { "pattern": "^.+:[1-9][0-9]{0,17}$" } });
        merged(OpenMapping::<String>::schema(), places)
    }

    fn from_yaml(node: &Node, diagnostics: &mut Diagnostics) -> Option<Self> {
        let OpenMapping::<String>(entries) = OpenMapping::from_yaml(node, diagnostics)?;
        let mut hidden = Vec::new();
        for (place, _) in entries {
            let parts = place.text.rsplit_once(':').filter(|(file, _)| !file.is_empty());
            let parts = parts.and_then(|(file, line)| Some((file, line_number(line)?)));
            if let Some((file, line)) = parts {
                hidden.push(HiddenComment { file: file.to_owned(), line, span: place.span });
            } else {
                let message = format!("`{}` is no place of a comment", place.text);
                diagnostics
                    .add(rules::INVALID_VALUE, place.span, message)
                    .help("a file below `content/ratings/` and a line, as reports name them: `2026-W49.csv:12: why`");
            }
        }
        Some(Self(hidden))
    }
}

/// A line number as people write it: digits, the first of which is not 0.
fn line_number(text: &str) -> Option<u64> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0') && text.len() <= 18;
    text.parse().ok().filter(|_| is_plain)
}
