//! Releasing: a task's working text becomes a sealed version.
//!
//! In: a request. Out: the release's lock and objects, written whole or not at all, once every audience's site with the
//! release in it could be made. A version that is there is never touched.

use crate::audience::AudienceId;
use crate::diagnostic::{Diagnosed, Diagnostics, Halt};
use crate::disk::{self, Claim, DiskError};
use crate::document::TASKS;
use crate::model::Model;
use crate::progress::Progress;
use crate::release::When;
use crate::release::seal::{self, SealRequest};
use crate::workspace::{self, Viewer, Workspace};
use jiff::Timestamp;
use semver::Version;
use std::path::{Path, PathBuf};

/// A complete, checked request to seal a release.
pub struct ReleaseRequest {
    /// The folder of `goldbook.yaml`.
    pub root: PathBuf,
    /// The task.
    pub task: String,
    /// Its new version.
    pub version: Version,
    /// What is new.
    pub note: String,
    /// When it is to count as sealed.
    pub when: When,
    /// What the machine's clock says.
    pub now: Timestamp,
    /// Whether it is sealed for a later time.
    pub scheduled: bool,
}

/// What was sealed.
pub struct Released {
    /// The task.
    pub task: String,
    /// Its version.
    pub version: Version,
    /// SHA-256 of the lock: the release's id.
    pub digest: String,
    /// Where the lock is, below the root.
    pub lock: String,
    /// How many files it holds.
    pub files: usize,
}

/// Seals the working text of a task. Whoever else seals it waits from before it is read until its lock is written, and
/// then reads what was sealed.
pub fn release(request: &ReleaseRequest, progress: &Progress) -> Diagnosed<Released> {
    let mut diagnostics = Diagnostics::default();
    let Ok(_claim) = claim(request).map_err(|error| diagnostics.machine(&error, &request.root)) else {
        return Diagnosed { value: None, diagnostics };
    };
    workspace::once(&request.root, progress, |workspace, diagnostics| {
        let model = workspace.model(progress, diagnostics);
        workspace.gate(diagnostics)?;
        let wanted = SealRequest {
            task: request.task.clone(),
            version: request.version.clone(),
            note: request.note.clone(),
            when: request.when,
            now: request.now,
            scheduled: request.scheduled,
            commit: disk::git::commit(&request.root),
        };
        let sealed = seal::seal(&model, &wanted, diagnostics).ok_or(Halt)?;
        rehearse(workspace, &model, &sealed, progress, diagnostics)?;
        store(&sealed, &request.root, diagnostics)?;
        Ok(Released {
            task: sealed.lock.task,
            version: sealed.lock.version,
            digest: sealed.digest,
            lock: sealed.lock_file.0,
            files: sealed.lock.files.len(),
        })
    })
}

/// A claim on the task, where there is one.
fn claim(request: &ReleaseRequest) -> Result<Option<Claim>, DiskError> {
    let spec = request.root.join(TASKS).join(&request.task).join("task.md");
    disk::is_file(&spec).then(|| Claim::on(&spec)).transpose()
}

/// Makes every audience's site with the release in it, since a seal that can't be published can't be mended.
fn rehearse(
    workspace: &Workspace<'_>,
    model: &Model,
    sealed: &seal::Sealed,
    progress: &Progress,
    diagnostics: &mut Diagnostics,
) -> Result<(), Halt> {
    let mut released = model.clone();
    if let Some(task) = released.tasks.iter_mut().find(|task| task.id == sealed.lock.task) {
        // What is scheduled is shown one day, so that it is looked at as if it were shown already.
        task.releases.append(&mut task.waiting);
        task.releases.push(sealed.release.clone());
    }
    let audiences: Vec<AudienceId> = released.config.audiences.iter().collect();
    workspace.sites(&Viewer::each(&audiences, None), &released, model, &[], progress, diagnostics).map(drop)
}

/// Writes a sealed release: objects that are not there yet, then the lock, which must be new.
fn store(sealed: &seal::Sealed, root: &Path, diagnostics: &mut Diagnostics) -> Result<(), Halt> {
    let mut halt = |error: DiskError| diagnostics.machine(&error, root);
    let (attributes, text) = seal::ATTRIBUTES;
    let place = root.join(attributes);
    let old = disk::read(&place).unwrap_or_default();
    if !old.windows(text.len()).any(|line| line == text) {
        disk::write(&place, &[&old, text].concat()).map_err(&mut halt)?;
    }
    for (path, bytes) in &sealed.objects {
        let place = root.join(path);
        if !disk::read(&place).is_ok_and(|old| old == *bytes) {
            disk::write(&place, bytes).map_err(&mut halt)?;
        }
    }
    disk::write_new(&root.join(&sealed.lock_file.0), &sealed.lock_file.1).map_err(&mut halt)
}
