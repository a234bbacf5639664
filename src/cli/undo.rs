//! `goldbook undo`.

use super::{Common, counted};
use crate::command::BUILT;
use crate::command::undo::{UndoRequest, undo};
use clap::Args;
use std::path::PathBuf;
use std::process::ExitCode;

/// Undo the newest release of a task that nobody can have seen yet
///
/// Its lock goes, and what it alone sealed; the working text stays, and a line is added to the log. It is refused as soon
/// as somebody may have it: a rating, gold or the task's state names it, a build wrote it, or a branch elsewhere that git
/// knows has it. Then `goldbook withdraw` is the way.
///
/// Example: goldbook undo agent-setup-mistakes
#[derive(Args)]
pub struct UndoArguments {
    /// The task: the name of its folder in content/tasks
    task: String,
    /// Where the audiences' folders are [default: public/ in the root]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

pub fn run(arguments: &UndoArguments, common: &Common) -> ExitCode {
    let root = common.root();
    let out = arguments.out.clone().unwrap_or_else(|| root.join(BUILT));
    let request = UndoRequest { root, task: arguments.task.clone(), out };
    common.finish(undo(&request, &common.progress()), |undone| {
        if common.json {
            let value = serde_json::json!({ "task": undone.task, "version": undone.version, "files": undone.files });
            return format!("{value}\n");
        }
        format!("undid {} {}: {} gone\n", undone.task, undone.version, counted(undone.files, "file"))
    })
}
