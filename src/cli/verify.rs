//! `goldbook verify`.

use super::Common;
use crate::verify;
use clap::Args;
use std::process::ExitCode;

/// Check every seal
///
/// Reads all locks and objects of content/releases and compares each digest, and each lock's link to the one before
/// it. A changed byte is an error that names the file, what was expected and what was found.
#[derive(Args)]
pub struct Arguments {}

pub fn run(_: &Arguments, common: &Common) -> ExitCode {
    common.finish(verify(&common.root(), &common.progress()), |verified| {
        if common.json {
            return format!("{}\n", serde_json::json!({"releases": verified.releases, "objects": verified.objects}));
        }
        format!("all seals hold: {} releases, {} objects\n", verified.releases, verified.objects)
    })
}
