//! `goldbook check`.

use super::{Common, counted};
use crate::command::check::{CheckRequest, CheckSummary, check};
use crate::diagnostic::rules;
use crate::ratings::{FileRows, Ledger, RowCounts};
use crate::text;
use clap::Args;
use serde_json::{Value as Json, json};
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

/// Check a site without writing anything into it
///
/// Does all that a build does, the search for leaks included, and shows every finding with its place. A rule's
/// severity is set in goldbook.yaml: `checks: {broken-link: warning}`.
///
/// Says what became of each row of ratings, in all and of each file that has rows which are not used.
#[derive(Args)]
pub struct CheckArguments {
    /// List the rules, their usual severity, and whether a site may change it
    #[arg(long)]
    list: bool,
    /// Write every row of ratings that can't be used to this CSV: with its file, line, reason and cells
    #[arg(long, value_name = "FILE", conflicts_with = "list")]
    rejects: Option<PathBuf>,
    /// Also say what raters stumble over in a task's working text: criteria and values that nothing shows, gold without a
    /// reason, examples of one answer, long sentences. A rule is switched off with a reason: `checks: {hard-to-read: {off: "…"}}`
    #[arg(long, conflicts_with = "list")]
    lint: bool,
    /// Replace a file of rejected rows that is there
    #[arg(long, requires = "rejects")]
    force: bool,
}

pub fn run(arguments: &CheckArguments, common: &Common) -> ExitCode {
    if arguments.list {
        let written = std::io::stdout().lock().write_all(list().as_bytes());
        return if written.is_ok() { ExitCode::SUCCESS } else { ExitCode::from(3) };
    }
    let CheckArguments { rejects, lint, force, .. } = arguments;
    let request = CheckRequest { root: common.root(), rejects: rejects.clone(), lint: *lint, force: *force };
    common.finish(check(&request, &common.progress()), |checked| match common.json {
        true => format!("{}\n", json(&checked)),
        false => summary(&checked),
    })
}

fn summary(checked: &CheckSummary) -> String {
    format!(
        "checked {}, {} and {}\n{}",
        counted(checked.documents, "Markdown file"),
        counted(checked.tasks, "task"),
        counted(checked.releases, "sealed version"),
        ledger(&checked.ledger)
    )
}

/// What became of the rows: in all, then of each file that has some which are not used.
fn ledger(ledger: &Ledger) -> String {
    if ledger.files.is_empty() {
        return String::new();
    }
    let files = ledger.files.len();
    let noun = if files == 1 { "file" } else { "files" };
    let mut told = format!("{files} {noun} of ratings: {}\n", became(&ledger.counts()));
    let is_whole = |file: &&FileRows| file.fault.is_none() && file.counts().used == file.read;
    for file in ledger.files.iter().filter(|file| !is_whole(file)) {
        let rest = match (&file.fault, file.read) {
            (None, _) => "",
            (Some(_), 0) => "; it is not read",
            (Some(_), _) => "; the rest is not read",
        };
        told.push_str(&format!("  {}: {}{rest}\n", text::line(&file.path), became(&file.counts())));
    }
    let whole = ledger.files.iter().filter(is_whole).count();
    if whole > 0 && whole < files {
        let rows = ledger.files.iter().filter(is_whole).map(|file| file.read).sum::<u64>();
        told.push_str(&format!("  in the other {}: {rows} used\n", counted(whole, "file")));
    }
    told
}

/// `7 rows = 4 used + 2 replaced + 1 rejected (1 no-item)`.
pub fn became(counts: &RowCounts) -> String {
    let some = counts.kinds().into_iter().filter(|kind| kind.rows > 0);
    let some: Vec<String> = some.map(|kind| format!("{} {}", kind.rows, kind.words)).collect();
    let reasons = counts.rejected.iter().map(|(reason, rejected)| format!("{} {}", rejected.count, reason.id()));
    let reasons: Vec<String> = reasons.collect();
    let reasons = if reasons.is_empty() { String::new() } else { format!(" ({})", reasons.join(", ")) };
    let rows = if counts.rows() == 1 { "row" } else { "rows" };
    let sum = if some.is_empty() { String::new() } else { format!(" = {}{reasons}", some.join(" + ")) };
    format!("{} {rows}{sum}", counts.rows())
}

fn json(checked: &CheckSummary) -> Json {
    let file = |file: &FileRows| {
        let mut rows = rows(&file.counts());
        rows["file"] = json!(file.path);
        rows["fault"] = json!(file.fault.as_ref().map(ToString::to_string));
        rows
    };
    let mut all = rows(&checked.ledger.counts());
    all["files"] = checked.ledger.files.iter().map(file).collect();
    json!({
        "documents": checked.documents, "tasks": checked.tasks, "releases": checked.releases, "ratings": all,
    })
}

fn rows(counts: &RowCounts) -> Json {
    let reasons = counts.rejected.iter().map(|(reason, rejected)| (reason.id().to_owned(), json!(rejected.count)));
    let mut rows = json!({"rows": counts.rows(), "reasons": reasons.collect::<serde_json::Map<_, _>>()});
    counts.kinds().iter().for_each(|kind| rows[kind.key] = json!(kind.rows));
    rows
}

fn list() -> String {
    let lines = rules::ALL.iter().map(|rule| {
        let fixed = if rule.mildest.is_some() { "" } else { ", fixed" };
        format!("{:<22} {:<15} {}\n", rule.id, format!("{}{fixed}", rule.severity.name()), rule.about)
    });
    lines.collect()
}
