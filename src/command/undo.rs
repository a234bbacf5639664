//! Undoing: the newest release of a task that nobody can have seen yet.
//!
//! In: a request. Out: the store without its lock, signature and own objects, and a line more in the log; or why somebody
//! may have it already. The working text stays as it is.

use super::act::{StoreChanges, in_store};
use crate::diagnostic::{Diagnosed, Diagnostics, Fault, Halt, Place, rules};
use crate::disk;
use crate::document::TASKS;
use crate::model::{Model, Release, Task};
use crate::progress::Progress;
use crate::ratings::{Reason, RejectedRow};
use crate::release::act::{ReleaseAct, SealedLock};
use crate::release::{self, FOLDER, sign};
use crate::site::write;
use crate::workspace::Workspace;
use std::path::{Path, PathBuf};

/// A complete, checked request to undo a release.
pub struct UndoRequest {
    /// The folder of `goldbook.yaml`.
    pub root: PathBuf,
    /// The task.
    pub task: String,
    /// Where the audiences' folders are.
    pub out: PathBuf,
}

/// What was undone.
pub struct Undone {
    /// The task.
    pub task: String,
    /// The version that is gone.
    pub version: String,
    /// How many files are.
    pub files: usize,
}

/// Undoes the newest release of a task, unless somebody may have it.
pub fn undo(request: &UndoRequest, progress: &Progress) -> Diagnosed<Undone> {
    // Where nothing is sealed, no folder is made.
    let is_there = disk::is_folder(&request.root.join(FOLDER));
    in_store(&request.root, is_there, progress, |workspace, model, store, diagnostics| {
        let task = model.find_task(&request.task, diagnostics)?;
        let newest = task.last_sealed().ok_or_else(|| Fault::whole(format!("nothing of `{}` is sealed", task.id)));
        let newest = newest.and_then(|release| match seen(request, task, release, model, workspace, progress) {
            None => Ok(release),
            Some(why) => Err(refused(task, release, &why)),
        });
        let place = Place::file(format!("{FOLDER}{}", request.task));
        let release = newest.map_err(|fault| diagnostics.stop(rules::INVALID_RELEASE, place, fault))?;
        let gone = files(release, workspace);
        let changes: StoreChanges = gone.iter().map(|path| (path.clone(), None)).collect();
        let act = ReleaseAct::Undo(line(release));
        store.ok_or(Halt)?.act(Some(act), changes, &workspace.sources, &workspace.config, diagnostics)?;
        Ok(Undone { task: task.id.clone(), version: release.version.to_string(), files: gone.len() })
    })
}

fn refused(task: &Task, release: &Release, why: &str) -> Fault {
    let (id, version) = (&task.id, &release.version);
    Fault::whole(format!("{id} {version} can't be undone: {why}"))
        .help(format!("`goldbook withdraw {id} {version} --because \"…\"` says that it must not be worked from"))
}

/// Who may have a release already, as the end of a sentence.
fn seen(
    request: &UndoRequest,
    task: &Task,
    release: &Release,
    model: &Model,
    workspace: &Workspace<'_>,
    progress: &Progress,
) -> Option<String> {
    let version = release.version.to_string();
    if release.withdrawn.is_some() || task.state.of(&release.version).next().is_some() {
        return Some("the state of the task names it".to_owned());
    }
    let gold = format!("{TASKS}{}/gold.csv", task.id);
    if workspace.sources.find(&gold).and_then(|file| file.text()).is_some_and(|text| names(text, &version)) {
        return Some(format!("{gold} names it"));
    }
    let rows = rated(task, release, model, workspace, progress);
    if rows > 0 {
        return Some(format!("ratings name it ({rows})"));
    }
    let pages = format!("tasks/{}/v/{version}/", task.id);
    let built =
        disk::folders(&request.out).into_iter().find(|name| write::holds_below(&request.out.join(name), &pages));
    if let Some(name) = built {
        return Some(format!("a build wrote it for `{name}`"));
    }
    match disk::git::remotes_with(&request.root, Path::new(&release.lock)) {
        None => Some("git can't be asked whether others have it".to_owned()),
        Some(branches) => branches.first().map(|branch| format!("the branch {branch} has it")),
    }
}

/// Whether a cell of a table is this text.
fn names(table: &str, version: &str) -> bool {
    let cells = table.split([',', ';', '\t', '\n', '\r']);
    cells.map(|cell| cell.trim().trim_matches('"')).any(|cell| cell == version)
}

/// How many rows of ratings name a release themselves: those that are of another version, or refused, without it.
fn rated(task: &Task, release: &Release, model: &Model, workspace: &Workspace<'_>, progress: &Progress) -> u64 {
    let mut without = model.clone();
    let is_other = |other: &Release| other.version != release.version;
    for known in without.tasks.iter_mut().filter(|known| known.id == task.id) {
        known.releases.retain(is_other);
        known.waiting.retain(is_other);
    }
    let [with, without] = [model, &without].map(|model| {
        let mut refused = 0;
        let mut count = |_: &str, row: &RejectedRow| refused += u64::from(row.reason == Reason::BadVersion);
        let ratings = workspace.read_ratings(model, &mut count, progress, &mut Diagnostics::default());
        // Where nothing else is sealed, any version is taken as it is named.
        let is_first = model.tasks.iter().any(|known| known.id == task.id && known.sealed().next().is_none());
        let named = ratings.ratings.iter().filter(|rating| {
            let version = rating.of.version().map(|version| &ratings.names.versions[usize::from(version)]);
            let of = ratings.names.questions[usize::from(rating.question)].task;
            is_first && version == Some(&release.version) && model.tasks[usize::from(of)].id == task.id
        });
        named.count() as u64 + refused
    });
    without.saturating_sub(with)
}

/// The files that go with a release: its lock, its signature, and the objects that no other one has.
fn files(release: &Release, workspace: &Workspace<'_>) -> Vec<String> {
    let signature = sign::signature_path(&release.lock);
    let signature = workspace.sources.find(&signature).map(|_| signature);
    let objects = release::own_objects(&release.lock, &workspace.sources, &workspace.config);
    [release.lock.clone()].into_iter().chain(signature).chain(objects).collect()
}

/// A release as the log names it: by the folder that its lock lies in.
fn line(release: &Release) -> SealedLock {
    let folder = release.lock.strip_prefix(FOLDER).and_then(|path| path.split('/').next()).unwrap_or_default();
    SealedLock { task: folder.to_owned(), version: release.version.to_string(), digest: release.digest.clone() }
}
