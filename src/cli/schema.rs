//! `goldbook schema`.

use super::{Common, refuse};
use crate::command::schema::{KINDS, kind};
use clap::Args;
use serde_json::{Value, json};
use std::process::ExitCode;

/// Print the JSON Schema of a kind of file
///
/// Editors complete and check files by it; the README shows how they are told. Alone it lists the kinds.
///
/// Example: goldbook schema cohort > cohort.schema.json
#[derive(Args)]
pub struct SchemaArguments {
    /// The kind of file [default: list what there is]
    kind: Option<String>,
}

pub fn run(arguments: &SchemaArguments, common: &Common) -> ExitCode {
    let Some(name) = &arguments.kind else {
        return common.write(&list(common.json));
    };
    match kind(name) {
        Ok(kind) => common.write(&format!("{:#}\n", kind.schema())),
        Err(fault) => refuse(&fault),
    }
}

fn list(json: bool) -> String {
    if json {
        let kinds = KINDS.iter().map(|kind| json!({"name": kind.name, "files": kind.files, "part": kind.part}));
        return format!("{}\n", json!({ "kinds": kinds.collect::<Vec<Value>>() }));
    }
    KINDS.iter().map(|kind| format!("{:<8} {:<38} {}\n", kind.name, kind.files, kind.part)).collect()
}
