//! Kinds: what a site's files are, each with the schema that editors complete and check it by, or programs read it by.
//!
//! In: the name of a kind. Out: its JSON Schema, made from what reads or writes such files. It never reads a file.

use crate::config::{self, SiteKeys};
use crate::diagnostic::{Fault, did_you_mean};
use crate::document::{CohortKeys, ExampleKeys, PageKeys, ReadingKeys, RubricKeys, StatusKeys, TaskKeys};
use crate::ratings;
use crate::report;
use crate::schema::{DIALECT, FromYaml, merged};
use serde_json::{Value as Json, json};

/// One kind of file.
pub struct FileKind {
    /// Its name.
    pub name: &'static str,
    /// Where such files lie.
    pub files: &'static str,
    /// What of such a file it is that the schema describes.
    pub part: &'static str,
    schema: fn() -> Json,
}

/// Every kind.
pub const KINDS: [FileKind; 10] = [
    FileKind { name: "site", files: config::FILE, part: "the file", schema: SiteKeys::schema },
    FileKind { name: "task", files: "content/tasks/<task>/task.md", part: FRONT, schema: TaskKeys::schema },
    FileKind { name: "rubric", files: "content/tasks/<task>/rubric.md", part: FRONT, schema: RubricKeys::schema },
    FileKind {
        name: "example",
        files: "content/tasks/<task>/examples/<id>.md",
        part: FRONT,
        schema: ExampleKeys::schema,
    },
    FileKind { name: "page", files: "content/pages/**.md", part: FRONT, schema: PageKeys::schema },
    FileKind { name: "cohort", files: "content/cohorts/<cohort>.yaml", part: "the file", schema: CohortKeys::schema },
    FileKind {
        name: "status",
        files: "content/releases/<task>/status.yaml",
        part: "the file",
        schema: StatusKeys::schema,
    },
    FileKind {
        name: "reading",
        files: "content/ratings/**/ratings.yaml",
        part: "the file",
        schema: ReadingKeys::schema,
    },
    FileKind { name: "rating", files: "content/ratings/**", part: "a row as an object", schema: ratings::row_schema },
    FileKind { name: "report", files: "reports/<cohort>/<week>/report.json", part: "the file", schema: report::schema },
];

const FRONT: &str = "front matter";

/// The kind of this name, else why there is none.
pub fn kind(name: &str) -> Result<&'static FileKind, Fault> {
    KINDS.iter().find(|kind| kind.name == name).ok_or_else(|| {
        let hint = did_you_mean(name, KINDS.iter().map(|kind| kind.name));
        let hint = hint.map_or_else(String::new, |hint| format!(" ({hint})"));
        Fault::whole(format!("`{name}` is not a kind of file{hint}")).help("`goldbook schema` lists the kinds")
    })
}

impl FileKind {
    /// The JSON Schema of such a file.
    pub fn schema(&self) -> Json {
        let head = json!({ "$schema": DIALECT, "title": format!("Goldbook {}", self.name) });
        merged(head, (self.schema)())
    }
}
