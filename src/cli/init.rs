//! `goldbook init`.

use super::Common;
use crate::command::init::init;
use clap::Args;
use std::path::PathBuf;
use std::process::ExitCode;

/// Write a small site to start from
///
/// It holds one task with a rubric, two examples and a sealed first version, a cohort, and a few made-up ratings.
/// Then run `goldbook build` in it. A `.gitignore` that is there gets the lines that keep the output out of commits.
#[derive(Args)]
pub struct InitArguments {
    /// The folder to write into
    #[arg(default_value = ".", value_name = "DIR")]
    folder: PathBuf,
}

pub fn run(arguments: &InitArguments, common: &Common) -> ExitCode {
    let folder = &arguments.folder;
    common.finish(init(folder), |started| {
        let released = &started.released;
        let ignored = match &*started.ignored {
            [] => String::new(),
            lines => format!("added to .gitignore, so that the output stays out of commits: {}\n", lines.join(", ")),
        };
        let enter = if folder.as_os_str() == "." { String::new() } else { format!("cd {} && ", folder.display()) };
        format!(
            "wrote a site to {}; its task `{}` is sealed as {}\n{ignored}next: {enter}goldbook build\n",
            folder.display(),
            released.task,
            released.version
        )
    })
}
