//! `goldbook gold`.

use super::{Common, counted};
use crate::command::gold_add::{GoldAddRequest, GoldAdded, add};
use crate::ratings::AddedGold;
use clap::{Args, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;

/// Make gold of what experts answered
#[derive(Args)]
pub struct GoldArguments {
    #[command(subcommand)]
    what: GoldAct,
}

#[derive(Subcommand)]
enum GoldAct {
    Add(AddArguments),
}

/// Take experts' answers into the gold of a task
///
/// Experts answer blind: in the form of an example with `use: gold`, in a folder of `goldbook packet`, or in a labelling tool.
/// This reads what they send back as ratings are read, and appends each expert's answers to the task's gold.csv as rows of
/// their own, with reason, day and version. What more than half of the experts say of an item then scores ratings; what they
/// are split on scores none, and is listed until another expert answers or a row with `method` adjudicated settles it. Nothing
/// is added if a row can't be used, or if somebody contradicts what they said before.
///
/// Example: goldbook gold add agent-setup-mistakes answers/*.csv
#[derive(Args)]
struct AddArguments {
    /// The task
    task: String,
    /// What came back
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

pub fn run(arguments: &GoldArguments, common: &Common) -> ExitCode {
    let GoldAct::Add(arguments) = &arguments.what;
    let request = GoldAddRequest { root: common.root(), task: arguments.task.clone(), files: arguments.files.clone() };
    common.finish(add(&request, &common.progress()), |GoldAdded { gold, path }| said(&gold, &path))
}

/// What became of the answers, a line each.
fn said(gold: &AddedGold, path: &str) -> String {
    let AddedGold { answers, rows, known, left_out, agreed, single, ties, .. } = gold;
    let mut lines = match answers {
        0 => vec![format!("nothing is new: {path} stays as it is")],
        _ => vec![format!("added {} to {path}: {}", counted(*rows, "row"), counted(*answers, "answer"))],
    };
    if *known > 0 {
        lines.push(format!("{} stood there already", counted(*known, "answer")));
    }
    lines.extend(left_out.iter().map(|(outcome, count)| match outcome {
        Some(outcome) => format!("{} {}: no gold", counted(*count, "answer"), outcome.name()),
        None => format!("{} to questions that have no gold", counted(*count, "answer")),
    }));
    let of = |count: usize, what: &str| (count > 0).then(|| format!("{} {what}", counted(count, "question")));
    lines.extend(of(*agreed, "settled by several experts"));
    lines.extend(of(*single, "with the answer of one expert"));
    lines.extend(of(ties.len(), "on which experts are split"));
    lines.into_iter().map(|line| line + "\n").collect()
}
