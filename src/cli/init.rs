//! `goldbook init`.

use super::Common;
use crate::command::init::init;
use clap::Args;
use std::path::PathBuf;
use std::process::ExitCode;

/// Write a small site to start from
///
/// It holds one task with a rubric, two examples and a sealed first version, a cohort, and a few made-up ratings.
/// Then run `goldbook build` in it.
#[derive(Args)]
pub struct InitArguments {
    /// The folder to write into
    #[arg(default_value = ".", value_name = "DIR")]
    folder: PathBuf,
}

pub fn run(arguments: &InitArguments, common: &Common) -> ExitCode {
    let folder = &arguments.folder;
    common.finish(init(folder), |released| {
        let enter = if folder.as_os_str() == "." { String::new() } else { format!("cd {} && ", folder.display()) };
        format!(
            "wrote a site to {}; its task `{}` is sealed as {}\nnext: {enter}goldbook build\n",
            folder.display(),
            released.task,
            released.version
        )
    })
}
