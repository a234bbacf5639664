//! `goldbook withdraw`.

use super::{Common, StateArguments};
use crate::command::withdraw::withdraw;
use clap::Args;
use semver::Version;
use std::process::ExitCode;

/// Withdraw a version that must not be worked from any more
///
/// It stays readable at its address, with a notice that says why and leads to the version to work from. Nothing sealed
/// is touched: a line is added to content/releases/<task>/status.yaml.
///
/// Example: goldbook withdraw agent-setup-mistakes 1.0.1 --because "It names a wrong limit."
#[derive(Args)]
pub struct WithdrawArguments {
    /// The task: the name of its folder in content/tasks
    task: String,
    /// The version
    #[arg(value_parser = super::version)]
    version: Version,
    #[command(flatten)]
    state: StateArguments,
}

pub fn run(arguments: &WithdrawArguments, common: &Common) -> ExitCode {
    let request = arguments.state.request(&arguments.task, common);
    let version = &arguments.version;
    common.finish(withdraw(&request, version, &common.progress()), |ended| {
        if common.json {
            let value = serde_json::json!({
                "task": ended.task, "version": version.to_string(), "from": ended.time.instant().to_string(),
                "path": ended.path,
            });
            return format!("{value}\n");
        }
        format!("withdrew {} {version}\n{}\n", ended.task, ended.path)
    })
}
