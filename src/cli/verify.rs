//! `goldbook verify`.

use super::{Common, counted};
use crate::command::verify::{VerifySummary, verify};
use clap::Args;
use std::path::PathBuf;
use std::process::ExitCode;

/// Check every seal
///
/// Reads all locks and objects of content/releases and compares each digest, and each lock's link to the one before
/// it. A changed byte is an error that names the file, what was expected and what was found. The id of each release is
/// printed: it is what a note elsewhere, or version control, can be compared with.
///
/// Where a build has written, every file of its output is compared with what was written there; a build itself looks
/// into a sample of those that seem unchanged.
#[derive(Args)]
pub struct VerifyArguments {
    /// Where the audiences' folders are [default: public/ in the root]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

pub fn run(arguments: &VerifyArguments, common: &Common) -> ExitCode {
    let root = common.root();
    let out = arguments.out.clone().unwrap_or_else(|| root.join("public"));
    common.finish(verify(&root, &out, &common.progress()), |VerifySummary { seals: verified, folders, files }| {
        if common.json {
            let releases = verified
                .releases
                .iter()
                .map(|(task, version, id)| serde_json::json!({"task": task, "version": version, "id": id}));
            let releases: Vec<_> = releases.collect();
            let value = serde_json::json!({
                "releases": releases, "objects": verified.objects, "output": {"folders": folders, "files": files},
            });
            return format!("{value}\n");
        }
        let lines = verified.releases.iter().map(|(task, version, id)| format!("{task} {version} {id}\n"));
        let lines: String = lines.collect();
        let (releases, objects) = (verified.releases.len(), verified.objects);
        let seals = format!("all seals hold: {}, {}\n", counted(releases, "release"), counted(objects, "object"));
        if folders == 0 {
            return lines + &seals;
        }
        format!(
            "{lines}{seals}the output is as it was built: {}, {}\n",
            counted(folders, "folder"),
            counted(files, "file")
        )
    })
}
