//! `goldbook show`.

use super::{Common, release_name};
use crate::command::show::{ShowRequest, Shown, ShownPart, show};
use crate::release::SealedFiles;
use clap::Args;
use semver::Version;
use std::process::ExitCode;

/// Show what a release sealed
///
/// Lists every file that a version holds, with its SHA-256 and who may see it, and the text of each audience; or prints
/// one of them, byte by byte. What is shown is what was sealed, or the command fails.
///
/// Example: goldbook show agent-setup-mistakes@1.0.0 rubric.md
#[derive(Args)]
pub struct ShowArguments {
    /// The release: a task, `@` and a version
    #[arg(value_name = "TASK@VERSION", value_parser = release_name)]
    release: (String, Version),
    /// Print this file: a path in the site, or in the task's folder
    path: Option<String>,
    /// Print the text that this audience has (instructions.md)
    #[arg(long, value_name = "AUDIENCE", conflicts_with = "path")]
    text: Option<String>,
    /// Print the version's pages for this audience as a zip archive: a folder that opens on any machine
    #[arg(long, value_name = "AUDIENCE", conflicts_with_all = ["path", "text"])]
    zip: Option<String>,
}

pub fn run(arguments: &ShowArguments, common: &Common) -> ExitCode {
    let (task, version) = arguments.release.clone();
    let part = match (&arguments.path, &arguments.text, &arguments.zip) {
        (Some(path), ..) => ShownPart::File(path.clone()),
        (None, Some(audience), _) => ShownPart::Text(audience.clone()),
        (None, None, Some(audience)) => ShownPart::Pages(audience.clone()),
        (None, None, None) => ShownPart::List,
    };
    let request = ShowRequest { root: common.root(), task, version, part };
    common.finish(show(&request, &common.progress()), |shown| match shown {
        Shown::Bytes(bytes) => bytes,
        Shown::List(sealed) => if common.json { as_json(&sealed) } else { in_words(&sealed) }.into_bytes(),
    })
}

fn in_words(sealed: &SealedFiles) -> String {
    let file = |(file, sealed): (&crate::release::LockedFile, usize)| {
        let audience = file.audience.as_deref().unwrap_or("nobody");
        format!("{} {:>8} {audience} {}\n", file.sha256, sealed, crate::text::line(&file.path))
    };
    let sizes = sealed.files.iter().map(|file| file.bytes().len());
    let files = sealed.lock.files.iter().zip(sizes).map(file);
    let texts = sealed
        .texts
        .iter()
        .map(|(audience, text)| format!("{} {:>8} {audience} {}\n", text.digest, text.bytes().len(), text.path));
    files.chain(texts).collect()
}

fn as_json(sealed: &SealedFiles) -> String {
    let files = sealed.lock.files.iter().zip(&sealed.files).map(|(file, source)| {
        serde_json::json!({
            "path": file.path, "sha256": file.sha256, "audience": file.audience, "bytes": source.bytes().len(),
        })
    });
    let texts = sealed.texts.iter().map(|(audience, text)| {
        serde_json::json!({"audience": audience, "sha256": text.digest.to_string(), "bytes": text.bytes().len()})
    });
    let value = serde_json::json!({
        "task": sealed.lock.task, "version": sealed.lock.version.to_string(),
        "files": files.collect::<Vec<_>>(), "texts": texts.collect::<Vec<_>>(),
    });
    format!("{value}\n")
}
