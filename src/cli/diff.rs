//! `goldbook diff`.

use super::{Common, counted};
use crate::command::diff::{Diff, DiffRequest, diff};
use crate::markdown::redline::{WordFate, of_lines};
use crate::release::changes::{Class, TaskChange, class};
use crate::schema::Words;
use crate::text;
use clap::Args;
use semver::Version;
use serde_json::json;
use std::fmt::Write;
use std::io::IsTerminal;
use std::process::ExitCode;

/// Show what changed between two versions of a task's instructions
///
/// Compares what the texts say, block by block and word by word, and the front matter value by value. White space, the
/// width of lines, and which mark makes emphasis or a list are no change. A section or page that moved or was renamed is
/// said to have moved.
///
/// Each change has the class that a release will presume: editorial, scoring, clarification or meaning. Where only you
/// can tell, it says so.
///
/// Example: goldbook diff agent-setup-mistakes 1.0.0 1.1.0
#[derive(Args)]
pub struct DiffArguments {
    /// The task: the name of its folder in content/tasks
    task: String,
    /// The older version [default: the newest sealed one]
    #[arg(value_parser = super::version)]
    from: Option<Version>,
    /// The newer version [default: the working text]
    #[arg(value_parser = super::version)]
    to: Option<Version>,
    /// Compare only what this audience is given [default: everything]
    #[arg(long, value_name = "NAME")]
    audience: Option<String>,
    /// Print one line a file: how many changes it has
    #[arg(long)]
    stat: bool,
}

pub fn run(arguments: &DiffArguments, common: &Common) -> ExitCode {
    let request = DiffRequest {
        root: common.root(),
        task: arguments.task.clone(),
        from: arguments.from.clone(),
        to: arguments.to.clone(),
        audience: arguments.audience.clone(),
    };
    let colour = std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    common.finish(diff(&request, &common.progress()), |diff| match (common.json, arguments.stat) {
        (true, _) => as_json(&diff),
        (false, true) => head(&diff) + &files(&diff) + &end(&diff),
        (false, false) => {
            let changes = diff.list.changes.iter().zip(&diff.classes);
            let changes = changes.map(|(change, class)| shown(change, *class, colour));
            head(&diff) + &changes.collect::<String>() + &end(&diff)
        }
    })
}

fn head(diff: &Diff) -> String {
    let to = diff.to.as_ref().map_or("the working text".to_owned(), ToString::to_string);
    format!("{} {} → {to}: {}\n", diff.task, diff.from, counted(diff.list.changes.len(), "change"))
}

/// How many changes each file has.
fn files(diff: &Diff) -> String {
    let files = text::distinct(diff.list.changes.iter().map(|change| change.place.file.as_str()));
    let line = |file: &str| {
        let count = diff.list.changes.iter().filter(|change| change.place.file == file).count();
        format!("  {}: {}\n", text::line(file), counted(count, "change"))
    };
    files.into_iter().map(line).collect()
}

/// A change: where it is, what it is, and what was and is said.
pub fn shown(change: &TaskChange, class: Option<Class>, colour: bool) -> String {
    let class = class.map_or("to be told by its author", Words::word);
    let (bold, plain) = if colour { ("\x1b[1m", "\x1b[0m") } else { ("", "") };
    let mut out = format!("\n{bold}{}{plain}: {} ({class})\n", text::line(&change.name()), change.in_words());
    let mut said = String::new();
    for (fate, words) in of_lines(&change.before, &change.after) {
        let words = text::visible(&words);
        let _ = match (fate, colour) {
            (WordFate::Same, _) => write!(said, "{words}"),
            (WordFate::Added, true) => write!(said, "\x1b[32;4m{words}\x1b[0m"),
            (WordFate::Removed, true) => write!(said, "\x1b[31;9m{words}\x1b[0m"),
            (WordFate::Added, false) => write!(said, "{{+{words}+}}"),
            (WordFate::Removed, false) => write!(said, "[-{words}-]"),
        };
    }
    for line in said.lines() {
        let _ = writeln!(out, "  {line}");
    }
    out
}

fn end(diff: &Diff) -> String {
    let step = match &diff.judgement {
        _ if diff.list.is_empty() => return String::new(),
        Some(judgement) => format!("the smallest step for a release: {}", judgement.step.word()),
        None => "a release of this asks what some of these changes do: see `goldbook release --help`".to_owned(),
    };
    let known: Vec<Class> = diff.classes.iter().flatten().copied().collect();
    let counts = class::counts(&known).into_iter().map(|(class, count)| format!("{count} {}", class.word()));
    let open = diff.classes.iter().filter(|class| class.is_none()).count();
    let open = (open > 0).then(|| format!("{open} to be told by the author"));
    let counts: Vec<String> = counts.chain(open).collect();
    format!("\n{}; {step}\n", counts.join(", "))
}

fn as_json(diff: &Diff) -> String {
    let changes = diff.list.changes.iter().zip(&diff.classes).map(|(change, class)| {
        json!({
            "place": change.name(), "file": change.place.file, "section": change.place.sections.last(),
            "title": change.place.title, "what": change.in_words(), "action": change.action.word(),
            "criterion": change.criterion(), "class": class.map(Words::word),
            "before": change.before, "after": change.after,
        })
    });
    let value = json!({
        "task": diff.task, "from": diff.from.to_string(), "to": diff.to.as_ref().map(ToString::to_string),
        "step": diff.judgement.as_ref().map(|judgement| judgement.step.word()), "changes": changes.collect::<Vec<_>>(),
    });
    format!("{value}\n")
}
