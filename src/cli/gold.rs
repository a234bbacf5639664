//! `goldbook gold`.

use super::{Common, counted};
use crate::command::gold_add::{GoldAddRequest, GoldAdded, add};
use crate::ratings::{AddedGold, GoldStanding, NoGold};
use clap::{Args, Subcommand};
use serde_json::json;
use std::collections::BTreeMap;
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
    common.finish(add(&request, &common.progress()), |added| if common.json { in_json(&added) } else { said(&added) })
}

/// What became of the answers, a line each.
fn said(GoldAdded { gold, standing, path }: &GoldAdded) -> String {
    let AddedGold { answers, rows, known, left_out, .. } = gold;
    let GoldStanding { adjudicated, agreed, single, ties } = standing;
    let mut lines = match answers {
        0 => vec![format!("nothing is new: {path} stays as it is")],
        _ => vec![format!("added {} to {path}: {}", counted(*rows, "row"), counted(*answers, "answer"))],
    };
    if *known > 0 {
        lines.push(format!("{} stood there already; the reasons beside them stay", counted(*known, "answer")));
    }
    lines.extend(left_out.iter().map(|(why, count)| format!("{} {}", counted(*count, "answer"), no_gold(*why))));
    let of = |count: usize, what: &str| (count > 0).then(|| format!("{} {what}", counted(count, "question")));
    lines.extend(of(*adjudicated, "settled already, by stronger gold"));
    lines.extend(of(*agreed, "settled by several experts"));
    lines.extend(of(*single, "with the answer of one expert"));
    lines.extend(of(ties.len(), "on which experts are split"));
    lines.into_iter().map(|line| line + "\n").collect()
}

fn no_gold(why: NoGold) -> String {
    match why {
        NoGold::Outcome(outcome) => format!("{}: no gold", outcome.name()),
        NoGold::FreeText => "to questions that have no gold".to_owned(),
        NoGold::NotAlone => "not made alone: no gold".to_owned(),
    }
}

fn in_json(GoldAdded { gold, standing, path }: &GoldAdded) -> String {
    let left_out: BTreeMap<String, usize> = gold.left_out.iter().map(|(why, count)| (no_gold(*why), *count)).collect();
    let said = json!({
        "file": path,
        "answers": gold.answers,
        "rows": gold.rows,
        "known": gold.known,
        "left_out": left_out,
        "adjudicated": standing.adjudicated,
        "agreed": standing.agreed,
        "single": standing.single,
        "split": standing.ties,
    });
    format!("{said:#}\n")
}
