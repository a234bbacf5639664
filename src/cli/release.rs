//! `goldbook release`.

use super::{Common, counted};
use crate::command::release::{ReleaseRequest, release};
use crate::release::When;
use clap::Args;
use jiff::Timestamp;
use semver::Version;
use std::process::ExitCode;

/// Seal a version of a task's instructions
///
/// The spec, the rubric, further pages, shipped examples and their runs are stored by digest, and a lock file lists
/// them. A sealed version never changes; from the next build on it is what contractors read. Commit the folder
/// content/releases with the rest of the site.
///
/// Example: goldbook release agent-setup-mistakes --version 1.1.0 -m "Say what to do with a broken item"
#[derive(Args)]
pub struct ReleaseArguments {
    /// The task: the name of its folder in content/tasks
    task: String,
    /// The new version, such as 1.1.0: major for meaning, minor for rules, patch for wording
    #[arg(long, value_name = "VERSION", value_parser = super::version)]
    version: Version,
    /// What is new, in a sentence for readers
    #[arg(short, long, value_name = "TEXT")]
    message: String,
    /// When it is sealed, if not now: a time such as 2026-11-29T10:15 (of the site's time zone unless it
    /// names another), or a day, which is its end
    #[arg(long, value_name = "TIME", value_parser = when)]
    date: Option<When>,
    /// Seal it for a time that has not come: readers see it from that day on
    #[arg(long, requires = "date")]
    scheduled: bool,
}

/// Reads a time.
fn when(text: &str) -> Result<When, String> {
    When::parse(text).ok_or_else(|| "a time is a day such as 2026-11-29, or a time such as 2026-11-29T10:15".to_owned())
}

pub fn run(arguments: &ReleaseArguments, common: &Common) -> ExitCode {
    let request = ReleaseRequest {
        root: common.root(),
        task: arguments.task.clone(),
        version: arguments.version.clone(),
        note: arguments.message.clone(),
        when: arguments.date.unwrap_or(When::Now),
        now: Timestamp::now(),
        scheduled: arguments.scheduled,
    };
    common.finish(release(&request, &common.progress()), |released| {
        if common.json {
            let value = serde_json::json!({
                "task": released.task, "version": released.version.to_string(), "id": released.digest,
                "lock": released.lock, "files": released.files,
            });
            return format!("{value}\n");
        }
        format!(
            "sealed {} {} ({})\nid {}\nlock {}\n",
            released.task,
            released.version,
            counted(released.files, "file"),
            released.digest,
            released.lock
        )
    })
}
