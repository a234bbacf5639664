//! `goldbook retire`.

use super::{Common, StateArguments};
use crate::command::retire::retire;
use clap::Args;
use std::process::ExitCode;

/// Retire a task that is over
///
/// It goes from the list of tasks. Its versions stay readable at their addresses, with a notice that says why, and
/// without the pay. The working text may stay or go. A line is added to content/releases/<task>/status.yaml.
///
/// Example: goldbook retire agent-setup-mistakes --because "The runs are all rated."
#[derive(Args)]
pub struct RetireArguments {
    /// The task: the name of its folder in content/tasks
    task: String,
    #[command(flatten)]
    state: StateArguments,
}

pub fn run(arguments: &RetireArguments, common: &Common) -> ExitCode {
    let request = arguments.state.request(&arguments.task, common);
    common.finish(retire(&request, &common.progress()), |ended| {
        if common.json {
            let from = ended.time.instant().to_string();
            let value = serde_json::json!({ "task": ended.task, "from": from, "path": ended.path });
            return format!("{value}\n");
        }
        format!("retired {}\n{}\n", ended.task, ended.path)
    })
}
