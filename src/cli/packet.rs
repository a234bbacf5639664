//! `goldbook packet`.

use super::{Common, counted};
use crate::command::packet::{PacketRequest, Packets, make};
use clap::Args;
use serde_json::json;
use std::path::PathBuf;
use std::process::ExitCode;

/// Write items with their forms as a folder for each rater
///
/// Where there is no labelling tool, this is one: each folder opens without a server and holds the instructions of the task's newest sealed version, the items with their
/// runs, and the rubric as a form beside each. Answers stay in the rater's browser until they save them as one file, which
/// names task, version and receipt: put it into content/ratings, and it counts as it is. Without `--items` the items are the
/// task's examples with `use: gold`, which experts answer blind: `goldbook gold add` takes what they send back. No folder
/// holds gold of a test, and nothing in it says whose it is: who answered is the sender's word.
///
/// FILE is a table (CSV, TSV, .xlsx, JSON lines) with the columns `item` and `run`, a path from its own place; an item without
/// a run is one of the task's examples with `use: gold`. If it has them, `title` names the page, `sample` one of a log's
/// samples, `against` and `against_sample` the second run of a pair, and `rater` who answers the item: a row for each.
///
/// Example: goldbook packet agent-setup-mistakes --items week-48.csv --rater a-07 --rater a-11 --out packets
#[derive(Args)]
pub struct PacketArguments {
    /// The task
    task: String,
    /// A table of items [default: the task's examples with `use: gold`]
    #[arg(long, value_name = "FILE")]
    items: Option<PathBuf>,
    /// Who answers: the id that their answers will have; may be given several times
    #[arg(long, value_name = "ID", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    rater: Vec<String>,
    /// The folder in which each rater gets one
    #[arg(short, long, value_name = "DIR")]
    out: PathBuf,
}

pub fn run(arguments: &PacketArguments, common: &Common) -> ExitCode {
    let request = PacketRequest {
        root: common.root(),
        task: arguments.task.clone(),
        items: arguments.items.clone(),
        raters: arguments.rater.clone(),
        out: arguments.out.clone(),
    };
    common.finish(make(&request, &common.progress()), |Packets { folders, version }| {
        if common.json {
            let of = |(folder, items): &(PathBuf, usize)| json!({ "folder": folder, "items": items });
            let said = json!({ "version": version, "packets": folders.iter().map(of).collect::<Vec<_>>() });
            return format!("{said:#}\n");
        }
        let line = |(folder, items): &(PathBuf, usize)| {
            format!("wrote {}: {} under {version}\n", folder.display(), counted(*items, "item"))
        };
        folders.iter().map(line).collect::<String>()
    })
}
