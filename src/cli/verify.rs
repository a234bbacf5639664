//! `goldbook verify`.

use super::{Common, counted};
use crate::command::verify::verify;
use clap::Args;
use std::process::ExitCode;

/// Check every seal
///
/// Reads all locks and objects of content/releases and compares each digest, and each lock's link to the one before
/// it. A changed byte is an error that names the file, what was expected and what was found. The id of each release is
/// printed: it is what a note elsewhere, or version control, can be compared with.
#[derive(Args)]
pub struct VerifyArguments {}

pub fn run(_: &VerifyArguments, common: &Common) -> ExitCode {
    common.finish(verify(&common.root(), &common.progress()), |verified| {
        if common.json {
            let releases = verified
                .releases
                .iter()
                .map(|(task, version, id)| serde_json::json!({"task": task, "version": version, "id": id}));
            let releases: Vec<_> = releases.collect();
            return format!("{}\n", serde_json::json!({"releases": releases, "objects": verified.objects}));
        }
        let lines = verified.releases.iter().map(|(task, version, id)| format!("{task} {version} {id}\n"));
        let lines: String = lines.collect();
        let (releases, objects) = (verified.releases.len(), verified.objects);
        format!("{lines}all seals hold: {}, {}\n", counted(releases, "release"), counted(objects, "object"))
    })
}
