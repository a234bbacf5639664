//! Comparing: what changed between two texts of a task.
//!
//! In: a task and two of its versions, or one and the working text. Out: the change list, of the whole text or of what
//! one audience gets of it. It writes nothing.

use crate::audience::AudienceId;
use crate::diagnostic::{Diagnosed, Diagnostics, Halt, Place, did_you_mean, one_of, rules};
use crate::model::{Instructions, Model, Task, project};
use crate::progress::Progress;
use crate::release::changes::{ChangeList, Claims, Class, Judgement};
use crate::workspace;
use semver::Version;
use std::path::PathBuf;

/// Which texts are to be compared.
pub struct DiffRequest {
    /// The folder of `goldbook.yaml`.
    pub root: PathBuf,
    /// The task.
    pub task: String,
    /// The older version; the newest unless said.
    pub from: Option<Version>,
    /// The newer version; the working text unless said.
    pub to: Option<Version>,
    /// Whose text is compared, by name; the whole unless said.
    pub audience: Option<String>,
}

/// What changed.
pub struct Diff {
    /// The task.
    pub task: String,
    /// The older text: a version.
    pub from: Version,
    /// The newer text: a version, or the working text.
    pub to: Option<Version>,
    /// What changed.
    pub list: ChangeList,
    /// The class that each change is presumed to have; none where only its author can tell.
    pub classes: Vec<Option<Class>>,
    /// What all of it comes to, if nothing is left to say.
    pub judgement: Option<Judgement>,
}

/// Compares two texts of a task.
pub fn diff(request: &DiffRequest, progress: &Progress) -> Diagnosed<Diff> {
    workspace::once(&request.root, progress, |workspace, diagnostics| {
        let model = workspace.model(progress, diagnostics);
        workspace.gate(diagnostics)?;
        let task = model.find_task(&request.task, diagnostics)?;
        let reader = reader(request, &model, diagnostics)?;
        let from = match &request.from {
            Some(version) => version.clone(),
            None => newest(task, diagnostics)?,
        };
        let old = text(task, Some(&from), reader, &model, diagnostics)?;
        let new = text(task, request.to.as_ref(), reader, &model, diagnostics)?;
        let list = match reader {
            Some(_) => ChangeList::between(&old, &new),
            None => ChangeList::of_whole(&old, &new, &model.config.audiences),
        };
        Ok(Diff {
            task: task.id.clone(),
            from,
            to: request.to.clone(),
            classes: list.changes.iter().map(|change| change.presumed.class).collect(),
            judgement: list.judge(&Claims::default()).ok().filter(|_| !list.is_empty()),
            list,
        })
    })
}

fn reader(request: &DiffRequest, model: &Model, diagnostics: &mut Diagnostics) -> Result<Option<AudienceId>, Halt> {
    let Some(name) = &request.audience else { return Ok(None) };
    let audiences = &model.config.audiences;
    if let Some(found) = audiences.find(name) {
        return Ok(Some(found));
    }
    let names = || audiences.iter().map(|id| audiences.name(id));
    diagnostics
        .add(rules::UNKNOWN_AUDIENCE, Place::Nowhere, format!("there is no audience `{name}`"))
        .maybe_help(did_you_mean(name, names()))
        .help(format!("goldbook.yaml declares {}", audiences.prose()));
    Err(Halt)
}

fn newest(task: &Task, diagnostics: &mut Diagnostics) -> Result<Version, Halt> {
    if let Some(latest) = task.last_sealed() {
        return Ok(latest.version.clone());
    }
    let message = format!("`{}` has no sealed version to compare with", task.id);
    diagnostics.add(rules::UNKNOWN_VERSION, Place::Nowhere, message).help("`goldbook release` seals one");
    Err(Halt)
}

/// The text of a version, or the working text, as a reader gets it.
fn text(
    task: &Task,
    version: Option<&Version>,
    reader: Option<AudienceId>,
    model: &Model,
    diagnostics: &mut Diagnostics,
) -> Result<Instructions, Halt> {
    let whole = match version {
        Some(version) => task.sealed().find(|release| release.version == *version).map(|of| &of.instructions),
        None => task.working.as_ref(),
    };
    let Some(whole) = whole else {
        let message = match version {
            Some(version) => format!("`{}` has no version {version}", task.id),
            None => format!("`{}` has no working text", task.id),
        };
        let sealed = task.sealed().map(|release| release.version.to_string()).collect::<Vec<_>>();
        diagnostics
            .add(rules::UNKNOWN_VERSION, Place::Nowhere, message)
            .help(format!("sealed are {}", one_of(sealed.iter().map(String::as_str))));
        return Err(Halt);
    };
    let Some(reader) = reader else { return Ok(whole.shipped()) };
    project::instructions(model, whole, reader).ok_or_else(|| {
        let name = model.config.audiences.name(reader);
        let message = format!("`{name}` is not given the text of `{}`", task.id);
        diagnostics.add(rules::UNKNOWN_AUDIENCE, Place::Nowhere, message);
        Halt
    })
}
