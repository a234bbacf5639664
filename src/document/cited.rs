//! Cited rules: the places of a task's text by which a gold answer was decided.
//!
//! In: `rubric#partly-counts`, as gold names it. Out: the page and the id. It never asks whether they are there.

use crate::diagnostic::{Diagnostics, Fault, rules};
use crate::schema::FromYaml;
use crate::yaml::Node;
use serde_json::{Value as Json, json};
use std::fmt::{self, Display, Formatter};

/// A place of a task's text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CitedRule {
    /// A page of the task: the path of its file in the task's folder without the ending, such as `rubric`.
    pub page: String,
    /// The id of a heading, a rule (`[!RULE] id`) or an element there.
    pub id: String,
}

impl CitedRule {
    /// The place with this id on this page.
    pub fn new(page: &str, id: &str) -> Self {
        Self { page: page.to_owned(), id: id.to_owned() }
    }

    /// Reads a name: a page with or without its ending, `#`, and an id.
    ///
    /// # Errors
    ///
    /// A text without the one or the other.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let parts = text.trim().split_once('#');
        let named = parts.map(|(page, id)| (page.strip_suffix(".md").unwrap_or(page), id));
        match named.filter(|(page, id)| !page.is_empty() && !id.is_empty()) {
            Some((page, id)) => Ok(Self::new(page, id)),
            None => Err(Fault::whole(format!("`{text}` does not name a rule")).help(HELP)),
        }
    }
}

const HELP: &str = "a page of the task and an id on it: `rubric#partly-counts`";

impl Display for CitedRule {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        write!(out, "{}#{}", self.page, self.id)
    }
}

impl FromYaml for CitedRule {
    fn schema() -> Json {
        json!({ "type": "string", "pattern": "^[^#]+#.+$" })
    }

    fn from_yaml(node: &Node, diagnostics: &mut Diagnostics) -> Option<Self> {
        let read = Self::parse(node.text(diagnostics)?);
        read.map_err(|fault| diagnostics.fault(rules::INVALID_VALUE, node.span, fault)).ok()
    }
}
