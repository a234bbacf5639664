//! Showing: what a release sealed.
//!
//! In: a release. Out: its files and texts, each proven to be what was sealed, or its pages in one archive. It writes
//! nothing, and but for pages, which are made as a build makes them, it works whatever is wrong with the working text.

use crate::diagnostic::{Diagnosed, Diagnostics, Halt, Place, did_you_mean, rules};
use crate::document::TASKS;
use crate::model::release_name;
use crate::progress::Progress;
use crate::release::{self, SealedFiles};
use crate::report::Reports;
use crate::site::page::bundle;
use crate::source::Source;
use crate::workspace::{self, Viewer, Workspace};
use semver::Version;
use std::path::PathBuf;

/// A complete, checked request to show a release, or a part of it.
pub struct ShowRequest {
    /// The folder of `goldbook.yaml`.
    pub root: PathBuf,
    /// The task.
    pub task: String,
    /// Its version.
    pub version: Version,
    /// What of it.
    pub part: ShownPart,
}

/// What of a release is to be shown.
pub enum ShownPart {
    /// The list of all it holds.
    List,
    /// The file at a path, in the site or below the task's folder.
    File(String),
    /// The text of an audience, by its name when it was sealed.
    Text(String),
    /// Its pages for an audience, by its name today, in one archive.
    Pages(String),
}

/// What is shown.
pub enum Shown {
    /// All that the release holds.
    List(Box<SealedFiles>),
    /// The bytes of one file or text.
    Bytes(Vec<u8>),
}

/// Opens a release, or one file of it.
pub fn show(request: &ShowRequest, progress: &Progress) -> Diagnosed<Shown> {
    workspace::once(&request.root, progress, |workspace, diagnostics| {
        let ShowRequest { task, version, .. } = request;
        let sealed = release::files(&workspace.sources, task, version, &workspace.config, diagnostics).ok_or(Halt)?;
        let (found, typed, known): (_, _, Vec<&str>) = match &request.part {
            ShownPart::List => return Ok(Shown::List(Box::new(sealed))),
            ShownPart::Pages(audience) => {
                let pages = pages(workspace, request, audience, progress, diagnostics)?;
                return Ok(Shown::Bytes(pages));
            }
            ShownPart::File(path) => (file(&sealed, path), path, sealed.files.iter().map(|file| &*file.path).collect()),
            ShownPart::Text(name) => (sealed.texts.get(name), name, sealed.texts.keys().map(String::as_str).collect()),
        };
        if let Some(found) = found {
            return Ok(Shown::Bytes(found.bytes().to_vec()));
        }
        diagnostics
            .add(rules::MISSING_FILE, Place::Nowhere, format!("{} holds no `{typed}`", sealed.lock.name()))
            .maybe_help(did_you_mean(typed, known))
            .help(format!("`goldbook show {task}@{version}` lists what it holds"));
        Err(Halt)
    })
}

/// The pages of a version, as they were when it was the newest, searched like any output.
fn pages(
    workspace: &Workspace<'_>,
    request: &ShowRequest,
    audience: &str,
    progress: &Progress,
    diagnostics: &mut Diagnostics,
) -> Result<Vec<u8>, Halt> {
    let ShowRequest { task, version, .. } = request;
    let reader = workspace.config.audiences.typed(audience, diagnostics)?;
    let sealed = workspace.model(progress, diagnostics);
    let mut model = sealed.clone();
    for own in model.tasks.iter_mut().filter(|own| own.id == *task) {
        own.releases.retain(|release| release.version <= *version);
    }
    let sites =
        workspace.sites(&Viewer::each(&[reader], None), &model, &sealed, &Reports::default(), progress, diagnostics)?;
    let path = bundle::path(task, version);
    if let Some((_, file)) = sites.iter().find_map(|(_, site)| site.find(&path)) {
        let bytes = file.bytes().map_err(|error| diagnostics.machine(&error, &request.root))?;
        return Ok(bytes.to_vec());
    }
    let message = format!("`{audience}` gets no page of {}", release_name(task, version));
    diagnostics.add(rules::MISSING_FILE, Place::Nowhere, message);
    Err(Halt)
}

fn file<'a>(sealed: &'a SealedFiles, path: &str) -> Option<&'a Source> {
    let below = format!("{TASKS}{}/{path}", sealed.lock.task);
    sealed.files.iter().find(|file| *file.path == *path || *file.path == *below)
}
