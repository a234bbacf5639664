//! `goldbook restore`.

use super::{Common, counted, release_name};
use crate::command::restore::{RestoreRequest, Restored, restore};
use crate::text::line;
use clap::Args;
use semver::Version;
use std::process::ExitCode;

/// Put a release back as working text
///
/// Writes the files that a version holds to their places in content/, all of them or none. Working text that no release
/// holds is not overwritten; files of the task that are no part of the version stay and are named.
///
/// Example: goldbook restore agent-setup-mistakes@1.0.0 --dry-run
#[derive(Args)]
pub struct RestoreArguments {
    /// The release: a task, `@` and a version
    #[arg(value_name = "TASK@VERSION", value_parser = release_name)]
    release: (String, Version),
    /// Overwrite working text that no release holds
    #[arg(long)]
    force: bool,
    /// Say what would be written, and write nothing
    #[arg(long)]
    dry_run: bool,
}

pub fn run(arguments: &RestoreArguments, common: &Common) -> ExitCode {
    let (task, version) = arguments.release.clone();
    let RestoreArguments { force, dry_run, .. } = *arguments;
    let request = RestoreRequest { root: common.root(), task, version, force, dry_run };
    common.finish(restore(&request, &common.progress()), |restored| {
        if common.json { as_json(&restored, dry_run) } else { in_words(&restored, dry_run) }
    })
}

fn in_words(restored: &Restored, dry_run: bool) -> String {
    let Restored { added, replaced, same, others } = restored;
    let lists = [("added", added), ("replaced", replaced), ("left, as it is no part of the version", others)];
    let lines =
        lists.into_iter().flat_map(|(what, paths)| paths.iter().map(move |path| format!("{what}: {}\n", line(path))));
    let end = match (dry_run, added.len() + replaced.len()) {
        (true, _) => "; nothing was written",
        (false, 0) => "; nothing was to be written",
        (false, _) => "",
    };
    lines.collect::<String>() + &format!("{} as sealed already{end}\n", counted(same.len(), "file"))
}

fn as_json(Restored { added, replaced, same, others }: &Restored, dry_run: bool) -> String {
    let value = serde_json::json!({
        "added": added, "replaced": replaced, "same": same, "others": others, "written": !dry_run,
    });
    format!("{value}\n")
}
