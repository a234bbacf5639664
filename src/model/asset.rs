//! Assets: files beside pages that are shipped as they are.
//!
//! In: a path. Out: what kind of file it is, and so whether it ships: pictures and plain text do, and are searched for
//! what is hidden; what can't be searched ships only if the settings name it; what a browser would run never does.

use super::text::is_picture;
use crate::config::{self, Config};
use crate::diagnostic::{Diagnostics, Place, rules};
use crate::document::{FileSet, PAGES, TASKS, TRAJECTORIES};

/// Kinds of files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AssetKind {
    /// Its metadata is searched.
    Picture,
    /// Plain text, tables and JSON.
    Text,
    /// Anything else.
    Unsearched,
    /// A source of pages, or what a browser would run as a page of its own (without an extension it guesses).
    Never,
}

const PICTURES: [&str; 10] = ["png", "jpg", "jpeg", "gif", "webp", "avif", "bmp", "ico", "svg", "jfif"];

const TEXTS: [&str; 13] =
    ["txt", "text", "log", "csv", "tsv", "tab", "json", "jsonl", "ndjson", "yaml", "yml", "toml", "css"];

const NEVER: [&str; 22] = [
    "", "md", "markdown", "html", "htm", "xhtml", "xht", "shtml", "mht", "mhtml", "hta", "htc", "xml", "xsl", "xslt",
    "rdf", "js", "cjs", "mjs", "wasm", "swf", "svgz",
];

/// The kind of the file at a path.
pub fn kind(path: &str) -> AssetKind {
    let name = path.rsplit('/').next().unwrap_or(path);
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension).to_lowercase();
    let is_in = |list: &[&str]| list.contains(&extension.as_str());
    if is_in(&NEVER) {
        AssetKind::Never
    } else if is_in(&PICTURES) {
        AssetKind::Picture
    } else if is_in(&TEXTS) {
        AssetKind::Text
    } else {
        AssetKind::Unsearched
    }
}

/// Whether a path may be an image or another file beside pages, rather than something with a meaning of its own.
pub fn is_asset(path: &str) -> bool {
    let beside_pages = path.starts_with(PAGES);
    let in_task = path.strip_prefix(TASKS).and_then(|rest| rest.split_once('/'));
    let of_task = in_task.is_some_and(|(_, name)| {
        let is_run = name.starts_with(TRAJECTORIES) && !is_picture(name);
        !is_run && !name.ends_with(".csv")
    });
    (beside_pages || of_task) && kind(path) != AssetKind::Never
}

/// Whether the settings name the files that cannot be searched for what they are.
pub fn check_declared(config: &Config, files: &FileSet<'_>, diagnostics: &mut Diagnostics) {
    for path in config.assets.keys() {
        let why = if !files.contains(path) {
            "there is no such file"
        } else if !is_asset(path) {
            "files of its type, or in its place, never ship"
        } else if kind(path) != AssetKind::Unsearched {
            "files of its type are searched, and ship where a page leads to them: leave it out here"
        } else {
            continue;
        };
        let message = format!("`assets` names `{path}`: {why}");
        diagnostics
            .add(rules::MISSING_FILE, Place::file(config::FILE), message)
            .help("paths are those of findings, such as `content/pages/guide.pdf`");
    }
}
