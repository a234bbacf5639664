//! `goldbook forget`.

use super::{Common, counted};
use crate::command::forget::{ForgetRequest, Forgotten, forget, fresh_id, plan};
use crate::text::{line, listed};
use clap::Args;
use std::collections::BTreeMap;
use std::io::{IsTerminal, Write};
use std::process::ExitCode;

/// Give a rater's ratings a fresh id
///
/// In the cohorts and in every file of ratings the rater's id becomes a fresh one that says nothing of whose it was, and
/// the comments of the rater's rows go. Answers stay, so that no figure changes. All files change in one step, or none.
///
/// First it is shown what changes, and what will still hold the old id and is left alone: other files, git's history,
/// folders that were handed over.
///
/// Example: goldbook forget a-17
#[derive(Args)]
pub struct ForgetArguments {
    /// The rater's id, as ratings have it
    #[arg(value_parser = clap::builder::NonEmptyStringValueParser::new())]
    rater: String,
    /// Do it without asking
    #[arg(long)]
    yes: bool,
    /// The id that takes its place, which nobody may have [default: one made at random]
    #[arg(long = "as", value_name = "ID", value_parser = id)]
    fresh: Option<String>,
}

/// Reads an id that stands as it is in tables and in YAML.
fn id(text: &str) -> Result<String, String> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let is_id = text.starts_with(|c: char| c.is_ascii_alphabetic()) && text.chars().all(is_plain);
    is_id
        .then(|| text.to_owned())
        .ok_or_else(|| "an id is letters, digits, `-`, `_` and `.`, a letter first".to_owned())
}

pub fn run(arguments: &ForgetArguments, common: &Common) -> ExitCode {
    let request = ForgetRequest {
        root: common.root(),
        rater: arguments.rater.clone(),
        fresh: arguments.fresh.clone().unwrap_or_else(fresh_id),
    };
    if !arguments.yes {
        let planned = plan(&request, &common.progress());
        let Some(forgotten) = &planned.value else { return common.finish(planned, |_| String::new()) };
        common.print(&planned.diagnostics);
        let shown = common.write(&told(forgotten, &request, common, "becomes"));
        if shown != ExitCode::SUCCESS {
            return shown;
        }
        if !agreed() {
            // A closed standard error is no reason to fail otherwise.
            let _ = writeln!(std::io::stderr().lock(), "nothing was changed; `--yes` does it");
            return ExitCode::from(2);
        }
    }
    let done = forget(&request, &common.progress());
    let told_already = !arguments.yes;
    common.finish(
        done,
        |forgotten| {
            if told_already { "done\n".to_owned() } else { told(&forgotten, &request, common, "is now") }
        },
    )
}

/// Whether somebody at a terminal says yes.
fn agreed() -> bool {
    let (stdin, mut stderr) = (std::io::stdin(), std::io::stderr());
    if !stdin.is_terminal() || !stderr.is_terminal() {
        return false;
    }
    let mut answer = String::new();
    let asked = write!(stderr, "Change these files? [y/N] ").and_then(|()| stderr.flush());
    asked.is_ok() && stdin.read_line(&mut answer).is_ok() && matches!(answer.trim(), "y" | "Y" | "yes")
}

/// What changes, and what still holds the id.
fn told(forgotten: &Forgotten, request: &ForgetRequest, common: &Common, verb: &str) -> String {
    let ForgetRequest { rater, fresh, .. } = request;
    let Forgotten { changes, left, in_history, folders } = forgotten;
    if common.json {
        let changes = changes.iter().map(
            |(path, change)| serde_json::json!({"file": path, "places": change.places, "comments": change.comments, "unread": change.unread}),
        );
        let left = left.iter().map(|(path, line)| serde_json::json!({"file": path, "line": line}));
        let value = serde_json::json!({
            "rater": rater, "fresh": fresh, "changes": changes.collect::<Vec<_>>(), "left": left.collect::<Vec<_>>(),
            "git": in_history, "folders": folders,
        });
        return format!("{value}\n");
    }
    let mut text = format!("{} {verb} {} in\n", line(rater), line(fresh));
    for (path, change) in changes {
        let what = if path.starts_with("content/ratings/") { "row" } else { "entry" };
        let places = match (change.places, what) {
            (1, what) => format!("1 {what}"),
            (many, "entry") => format!("{many} entries"),
            (many, what) => counted(many, what),
        };
        let comments = (change.comments > 0).then(|| format!(", {} removed", counted(change.comments, "comment")));
        let columns = listed(change.unread.iter().map(String::as_str));
        let stays = if change.unread.len() == 1 { "stays" } else { "stay" };
        let unread = (!change.unread.is_empty()).then(|| format!("; {columns} {stays}, which nothing reads"));
        text += &format!("  {}: {places}{}{}\n", line(path), comments.unwrap_or_default(), unread.unwrap_or_default());
    }
    let mut by_folder: BTreeMap<&str, Vec<&(String, Option<usize>)>> = BTreeMap::new();
    for file in left {
        by_folder.entry(file.0.split_once('/').map_or("", |(folder, _)| folder)).or_default().push(file);
    }
    let files = by_folder.values().flat_map(|files| {
        let shown = if files.len() > MOST_SHOWN { 1 } else { files.len() };
        let more =
            (files.len() > shown).then(|| format!("    and {} more there\n", counted(files.len() - shown, "file")));
        files[..shown].iter().map(|(path, at)| left_in(path, *at)).chain(more)
    });
    let others = [
        in_history.then(|| "  git's history, as far as the files were committed\n".to_owned()),
        (!folders.is_empty()).then(|| {
            let folders: Vec<_> = folders.iter().map(|folder| line(folder)).collect();
            format!("  folders that were built, where a copy was handed over: {}\n", folders.join("; "))
        }),
    ];
    let still: String = files.chain(others.into_iter().flatten()).collect();
    if still.is_empty() { text } else { format!("{text}{} is left alone in\n{still}", line(rater)) }
}

/// Most files of one folder that are named each.
const MOST_SHOWN: usize = 8;

fn left_in(path: &str, at: Option<usize>) -> String {
    let at = at.map_or_else(String::new, |at| format!(":{at}"));
    let why = match path {
        path if path.starts_with("public/") || path.starts_with(".goldbook/") => " (the next build writes it anew)",
        path if path.starts_with("content/releases/") => " (sealed: it can't change)",
        _ => "",
    };
    format!("  {}{at}{why}\n", line(path))
}
