//! `goldbook rename`.

use super::Common;
use crate::command::rename::{RenameRequest, rename};
use clap::Args;
use std::process::ExitCode;

/// Give a task another name
///
/// Its folder moves, and content/releases/<new>/status.yaml says what it was called. No lock changes: what was sealed
/// stays where it lies. Old addresses lead to the new ones, and ratings and cohorts that name the old one count for the
/// new one. A folder that was moved by hand is left where it is.
///
/// Example: goldbook rename setup-mistakes agent-setup-mistakes
#[derive(Args)]
pub struct RenameArguments {
    /// The task: the name of its folder in content/tasks
    task: String,
    /// Its new name
    new: String,
}

pub fn run(arguments: &RenameArguments, common: &Common) -> ExitCode {
    let request = RenameRequest { root: common.root(), old: arguments.task.clone(), new: arguments.new.clone() };
    common.finish(rename(&request, &common.progress()), |renamed| {
        if common.json {
            let value = serde_json::json!({
                "task": request.new, "was": request.old, "folder": renamed.folder, "path": renamed.state,
            });
            return format!("{value}\n");
        }
        format!("renamed {} to {}\n{}\n{}\n", request.old, request.new, renamed.folder, renamed.state)
    })
}
