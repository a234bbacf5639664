//! Releasing: a task's working text becomes a sealed version.
//!
//! In: a request. Out: the release's lock and objects, written whole or not at all, once every audience's site with the
//! release in it could be made; or only what it would be. A version that is there is never touched.

use super::act::{StoreChanges, in_store};
use crate::audience::AudienceId;
use crate::config::Config;
use crate::diagnostic::{Diagnosed, Diagnostics, Halt, Place, rules};
use crate::digest::Digest;
use crate::disk;
use crate::document::TASKS;
use crate::model::{Model, Task, project};
use crate::progress::Progress;
use crate::release::When;
use crate::release::act::{ReleaseAct, SealedLock};
use crate::release::changes::{ChangeList, Claims, Class, JudgedChanges, TaskChange};
use crate::release::seal::{self, SealRequest};
use crate::release::sign;
use crate::release::version::WantedVersion;
use crate::release::{lost_ids, moved_gold};
use crate::report::Reports;
use crate::workspace::{Viewer, Workspace};
use jiff::Timestamp;
use semver::Version;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// A complete, checked request to seal a release.
pub struct ReleaseRequest {
    /// The folder of `goldbook.yaml`.
    pub root: PathBuf,
    /// The task.
    pub task: String,
    /// Which version it is to be.
    pub wanted: WantedVersion,
    /// What its author says of the changes.
    pub claims: Claims,
    /// Whether to show what it would be, and to write nothing.
    pub dry_run: bool,
    /// What is new.
    pub note: String,
    /// When it is to count as sealed.
    pub when: When,
    /// What the machine's clock says.
    pub now: Timestamp,
    /// Whether it is sealed for a later time.
    pub scheduled: bool,
    /// The key that signs it; none if it is not signed.
    pub key: Option<PathBuf>,
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
    /// What changed since the version before it; none for the first.
    pub changes: Option<JudgedChanges>,
    /// Where nothing was written: what each audience would be told that changed, by its name.
    pub by_audience: Option<Vec<(String, ChangeList)>>,
}

/// Asks the author what the changes at one place do to ratings, if there is somebody to ask.
pub type Ask<'a> = &'a dyn Fn(&[&TaskChange]) -> Option<Class>;

/// Seals the working text of a task. Whoever else seals something waits from before it is read until its line is in the
/// log, and then reads what was sealed.
pub fn release(request: &ReleaseRequest, ask: Ask<'_>, progress: &Progress) -> Diagnosed<Released> {
    // Where nothing is to be written, or there is no such task, no folder is made.
    let may_seal = !request.dry_run && disk::is_file(&request.root.join(TASKS).join(&request.task).join("task.md"));
    in_store(&request.root, may_seal, progress, |workspace, model, store, diagnostics| {
        lost_ids::note(model, diagnostics);
        moved_gold::check(model, diagnostics);
        let task = model.find_task(&request.task, diagnostics)?;
        workspace.note_secrets(task, &model.config, diagnostics);
        let changes = seal::changes(task, &model.config.audiences);
        let wanted = SealRequest {
            task: request.task.clone(),
            wanted: request.wanted.clone(),
            claims: answered(request, changes.as_ref(), ask),
            note: request.note.clone(),
            when: request.when,
            now: request.now,
            scheduled: request.scheduled,
            commit: disk::git::commit(&request.root),
        };
        let sealed = seal::seal(model, changes, &wanted, diagnostics)?;
        rehearse(workspace, model, &sealed, progress, diagnostics)?;
        let by_audience = request.dry_run.then(|| by_audience(model, task));
        if let Some(store) = store {
            let signature = sign(request, &sealed, &workspace.config, diagnostics)?;
            let (act, files) = (act(&sealed, signature.as_deref()), files(&sealed, signature));
            store.act(Some(act), files, &workspace.sources, &workspace.config, diagnostics)?;
        }
        Ok(Released {
            changes: sealed.changes,
            by_audience,
            task: sealed.lock.task,
            version: sealed.lock.version,
            digest: sealed.digest,
            lock: sealed.lock_file.0,
            files: sealed.lock.files.len(),
        })
    })
}

/// What the author says of the changes, those included that could be asked about.
fn answered(request: &ReleaseRequest, changes: Option<&ChangeList>, ask: Ask<'_>) -> Claims {
    let mut claims = request.claims.clone();
    let is_open = |change: &&TaskChange| change.presumed.class.is_none() && request.claims.of(change).is_none();
    let mut by_place: BTreeMap<String, Vec<&TaskChange>> = BTreeMap::new();
    for change in changes.iter().flat_map(|list| &list.changes).filter(is_open) {
        by_place.entry(change.name()).or_default().push(change);
    }
    // What is said of a place holds for all that changed there, so all of it is shown.
    for (place, changes) in by_place {
        claims.at.extend(ask(&changes).map(|class| (place, class)));
    }
    claims
}

/// What each audience would be told that changed.
fn by_audience(model: &Model, task: &Task) -> Vec<(String, ChangeList)> {
    let audiences = &model.config.audiences;
    let (Some(latest), Some(working)) = (task.last_sealed(), &task.working) else { return Vec::new() };
    let lists = audiences.iter().filter_map(|reader| {
        let [old, new] = [&latest.instructions, working].map(|set| project::instructions(model, set, reader));
        Some((audiences.name(reader).to_owned(), ChangeList::between(&old?, &new?)))
    });
    lists.collect()
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
    workspace
        .sites(&Viewer::each(&audiences, None), &released, model, &Reports::default(), progress, diagnostics)
        .map(drop)
}

/// Signs the lock, if that is asked for; where the site wants it, it must be.
fn sign(
    request: &ReleaseRequest,
    sealed: &seal::Sealed,
    config: &Config,
    diagnostics: &mut Diagnostics,
) -> Result<Option<Vec<u8>>, Halt> {
    let (path, lock) = &sealed.lock_file;
    match &request.key {
        Some(key) => sign::sign(key, lock)
            .map(Some)
            .map_err(|fault| diagnostics.stop(rules::INVALID_RELEASE, Place::file(path), fault)),
        None if config.signing_required => {
            diagnostics
                .add(
                    rules::INVALID_RELEASE,
                    Place::file(path),
                    "goldbook.yaml says `signing: required`: this release must be signed",
                )
                .help("`--sign KEY` signs it");
            Err(Halt)
        }
        None => Ok(None),
    }
}

/// What the log says of a release.
fn act(sealed: &seal::Sealed, signature: Option<&[u8]>) -> ReleaseAct {
    let (task, version) = (sealed.lock.task.clone(), sealed.lock.version.to_string());
    let lock = SealedLock { task, version, digest: sealed.digest.clone() };
    ReleaseAct::Release { lock, signature: signature.map(|bytes| Digest::of(bytes).to_string()) }
}

/// The files of a release.
fn files(sealed: &seal::Sealed, signature: Option<Vec<u8>>) -> StoreChanges {
    let (lock, bytes) = &sealed.lock_file;
    let signature = signature.map(|bytes| (sign::signature_path(lock), bytes));
    let objects = sealed.objects.iter().chain([(lock, bytes)]).map(|(path, bytes)| (path.clone(), bytes.clone()));
    objects.chain(signature).map(|(path, bytes)| (path, Some(bytes))).collect()
}
