//! `goldbook check`.

use super::{Common, counted};
use crate::command::check::check;
use crate::diagnostic::rules;
use clap::Args;
use std::io::Write;
use std::process::ExitCode;

/// Check a site without writing anything
///
/// Does all that a build does, the search for leaks included, and shows every finding with its place. A rule's
/// severity is set in goldbook.yaml: `checks: {broken-link: warning}`.
#[derive(Args)]
pub struct CheckArguments {
    /// List the rules, their usual severity, and whether a site may change it
    #[arg(long)]
    list: bool,
}

pub fn run(arguments: &CheckArguments, common: &Common) -> ExitCode {
    if arguments.list {
        let written = std::io::stdout().lock().write_all(list().as_bytes());
        return if written.is_ok() { ExitCode::SUCCESS } else { ExitCode::from(3) };
    }
    common.finish(check(&common.root(), &common.progress()), |checked| {
        if common.json {
            return String::new();
        }
        format!(
            "checked {}, {} and {}\n",
            counted(checked.documents, "Markdown file"),
            counted(checked.tasks, "task"),
            counted(checked.releases, "sealed version")
        )
    })
}

fn list() -> String {
    let lines = rules::ALL.iter().map(|rule| {
        let fixed = if rule.mildest.is_some() { "" } else { ", fixed" };
        format!("{:<22} {:<15} {}\n", rule.id, format!("{}{fixed}", rule.severity.name()), rule.about)
    });
    lines.collect()
}
