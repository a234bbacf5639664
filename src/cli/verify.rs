//! `goldbook verify`.

use super::{Common, counted};
use crate::command::BUILT;
use crate::command::touched::{TouchedRatings, TouchedRelease};
use crate::command::verify::{VerifyRequest, VerifySummary, verify};
use crate::release::VerifiedRelease;
use crate::release::log::ReleaseLog;
use crate::release::sign::SignatureState;
use crate::text::listed;
use clap::Args;
use std::path::PathBuf;
use std::process::ExitCode;

/// Check every seal
///
/// Reads the log, all locks and objects of content/releases and compares each digest, and each lock's and each line's
/// link to the one before it. A changed byte is an error that names the file, what was expected and what was found. The
/// id of each release and the digest of the log's last line are printed: they are what a note elsewhere, or version
/// control, can be compared with.
///
/// Of a release that is not what was sealed it says which pages show what is faulty, and how many ratings were made under
/// it.
///
/// Where a build has written, every file of its output is compared with what was written there; a build itself looks
/// into a sample of those that seem unchanged.
#[derive(Args)]
pub struct VerifyArguments {
    /// Where the audiences' folders are [default: public/ in the root]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// The digest of a line of the log, as it was printed and noted once: that line must be there, and all after it
    /// must follow from it
    #[arg(long, value_name = "DIGEST", value_parser = digest)]
    expect: Option<String>,
    /// Join the lines that two merged branches added to the log, as the next release would
    #[arg(long)]
    join: bool,
    /// Check signatures against this list of who may sign, in git's form (allowed signers), kept elsewhere [default: the
    /// site's own content/releases/signers, which whoever edits a lock can edit too]
    #[arg(long, value_name = "FILE")]
    signers: Option<PathBuf>,
    /// A release without a good signature is an error
    #[arg(long, requires = "signers")]
    require_signature: bool,
}

/// Reads a digest, in the letters that are printed.
fn digest(text: &str) -> Result<String, String> {
    let is_digest = text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_digest.then(|| text.to_ascii_lowercase()).ok_or_else(|| "a digest has 64 letters from 0 to f".to_owned())
}

pub fn run(arguments: &VerifyArguments, common: &Common) -> ExitCode {
    let root = common.root();
    let request = VerifyRequest {
        out: arguments.out.clone().unwrap_or_else(|| root.join(BUILT)),
        root,
        expect: arguments.expect.clone(),
        join: arguments.join,
        signers: arguments.signers.clone(),
        require_signature: arguments.require_signature,
    };
    common.finish(verify(&request, &common.progress()), |summary| told(&summary, common.json))
}

fn told(summary: &VerifySummary, json: bool) -> String {
    let VerifySummary { seals, signatures, folders, files, joined, touched, holds } = summary;
    let ends: Vec<&str> = seals.log.iter().flat_map(ReleaseLog::ends).map(|end| &*end.digest).collect();
    let releases = seals.releases.iter().zip(signatures);
    if json {
        let releases = releases.map(|(release, signature)| {
            serde_json::json!({
                "task": release.task, "version": release.version.to_string(), "id": release.id,
                "signature": signature_json(signature),
            })
        });
        let value = serde_json::json!({
            "holds": holds, "touched": touched.iter().map(touched_json).collect::<Vec<_>>(),
            "releases": releases.collect::<Vec<_>>(), "objects": seals.objects, "reports": seals.reports, "log": ends, "joined": joined,
            "output": {"folders": folders, "files": files},
        });
        return format!("{value}\n");
    }
    if !holds {
        return touched.iter().map(touched_words).collect();
    }
    let line = |(release, signature): (&VerifiedRelease, &SignatureState)| {
        format!("{} {} {}{}\n", release.task, release.version, release.id, signature_words(signature))
    };
    let mut lines: String = releases.map(line).collect();
    if !joined.is_empty() {
        lines += &format!("joined {}\n", joined.join(" and "));
    }
    lines += &ends.iter().map(|end| format!("log {end}\n")).collect::<String>();
    let (releases, objects) = (seals.releases.len(), seals.objects);
    let reports = match seals.reports {
        0 => String::new(),
        reports => format!(", {}", counted(reports, "published report")),
    };
    lines += &format!("all seals hold: {}, {}{reports}\n", counted(releases, "release"), counted(objects, "object"));
    if *folders > 0 {
        let (folders, files) = (counted(*folders, "folder"), counted(*files, "file"));
        lines += &format!("the output is as it was built: {folders}, {files}\n");
    }
    lines
}

fn touched_words(TouchedRelease { release, pages, ratings }: &TouchedRelease) -> String {
    let what =
        if release.files.is_empty() { "its lock".to_owned() } else { listed(release.files.iter().map(String::as_str)) };
    let pages = listed(pages.iter().map(String::as_str));
    let ratings = match ratings {
        Some(TouchedRatings { all, assumed: 0 }) => counted(*all, "rating"),
        Some(TouchedRatings { all, assumed }) => {
            format!("{}, {assumed} of them by their time alone", counted(*all, "rating"))
        }
        None => "not known, as nothing says what they answer".to_owned(),
    };
    format!("{} {}: {what}\n  pages: {pages}\n  ratings: {ratings}\n", release.task, release.version)
}

fn touched_json(TouchedRelease { release, pages, ratings }: &TouchedRelease) -> serde_json::Value {
    let ratings = ratings.as_ref().map(|ratings| serde_json::json!({"all": ratings.all, "assumed": ratings.assumed}));
    serde_json::json!({
        "task": release.task, "version": release.version.to_string(), "files": release.files, "pages": pages,
        "ratings": ratings,
    })
}

fn signature_words(signature: &SignatureState) -> String {
    match signature {
        SignatureState::Missing => String::new(),
        SignatureState::Good { signer } => format!(", signed by {signer}"),
        SignatureState::Unlisted { key } => format!(", signed with the key {key}, whoever has it"),
        SignatureState::NotChecked => ", signature not checked".to_owned(),
        SignatureState::Bad => ", signature not good".to_owned(),
    }
}

fn signature_json(signature: &SignatureState) -> serde_json::Value {
    match signature {
        SignatureState::Missing => serde_json::json!(null),
        SignatureState::Good { signer } => serde_json::json!({"state": "good", "signer": signer}),
        SignatureState::Unlisted { key } => serde_json::json!({"state": "unlisted", "key": key}),
        SignatureState::NotChecked => serde_json::json!({"state": "not-checked"}),
        SignatureState::Bad => serde_json::json!({"state": "bad"}),
    }
}
