//! Renaming: a task gets another id.
//!
//! In: a request. Out: its folder under the new name, a state that says what it was called, and a line of the log. No
//! lock is touched: what was sealed stays where it lies, and is of the task that says it was called so.

use super::act::{Store, StoreChanges, in_store};
use crate::diagnostic::{Diagnosed, Diagnostics, Fault, Halt, Place, did_you_mean, rules};
use crate::disk;
use crate::document::TASKS;
use crate::model::{Model, Task};
use crate::progress::Progress;
use crate::release::act::ReleaseAct;
use crate::release::{FOLDER, state, status_file};
use crate::schema::is_id;
use crate::workspace::Workspace;
use std::path::PathBuf;

/// A complete, checked request to rename a task.
pub struct RenameRequest {
    /// The folder of `goldbook.yaml`.
    pub root: PathBuf,
    /// What it is called.
    pub old: String,
    /// What it is to be called.
    pub new: String,
}

/// What was renamed.
pub struct Renamed {
    /// The folder of the task, below the root.
    pub folder: String,
    /// Where it is written what the task was called, below the root.
    pub state: String,
}

/// Renames a task. A folder that somebody moved already is left where it is.
pub fn rename(request: &RenameRequest, progress: &Progress) -> Diagnosed<Renamed> {
    // Where there is no such task, no folder is made.
    let is_there = [TASKS, FOLDER].iter().any(|folder| disk::is_folder(&request.root.join(folder).join(&request.old)));
    in_store(&request.root, is_there, progress, |workspace, model, store, diagnostics| {
        let place = Place::file(format!("{TASKS}{}", request.old));
        check(request, model).map_err(|fault| diagnostics.stop(rules::INVALID_RELEASE, place, fault))?;
        let [from, to] = [&request.old, &request.new].map(|id| request.root.join(TASKS).join(id));
        let moves = disk::is_folder(&from);
        if moves {
            disk::rename(&from, &to).map_err(|error| diagnostics.machine(&error, &request.root))?;
        }
        let acted = act(request, store.ok_or(Halt)?, workspace, diagnostics);
        if acted.is_err() && moves {
            // As it was: what can't be undone now is a folder that vanished, which the next build names.
            let _ = disk::rename(&to, &from);
        }
        acted?;
        Ok(Renamed { folder: format!("{TASKS}{}", request.new), state: state::path(&request.new) })
    })
}

/// Writes down what the task was called.
fn act(
    request: &RenameRequest,
    store: &Store<'_>,
    workspace: &Workspace<'_>,
    diagnostics: &mut Diagnostics,
) -> Result<(), Halt> {
    let [old, new] = [&request.old, &request.new].map(|id| state::path(id));
    let text = workspace.sources.find(&old).and_then(|file| file.text().cloned());
    let renamed = status_file::renamed(text.as_deref().unwrap_or_default(), &request.old);
    let renamed = renamed.map_err(|fault| diagnostics.stop(rules::INVALID_RELEASE, Place::file(&*old), fault))?;
    let mut changes = StoreChanges::from([(new, Some(renamed.into_bytes()))]);
    changes.extend(text.map(|_| (old, None)));
    let line = ReleaseAct::Rename { old: request.old.clone(), new: request.new.clone() };
    store.act(Some(line), changes, &workspace.sources, &workspace.config, diagnostics).map(drop)
}

fn check(request: &RenameRequest, model: &Model) -> Result<(), Fault> {
    let RenameRequest { old, new, .. } = request;
    let find = |id: &str| model.tasks.iter().find(|task| task.id == id);
    let Some(task) = find(old) else {
        let known = model.tasks.iter().map(|task| task.id.as_str());
        return Err(Fault::whole(format!("there is no task `{old}`")).maybe(did_you_mean(old, known)));
    };
    if !is_id(new) || new == "objects" {
        let fault = Fault::whole(format!("`{new}` is no name for a task"));
        return Err(fault.help("names are lower-case letters, digits and `-`, beginning with a letter"));
    }
    // A folder that somebody moved already is the task's, if that has none any more.
    let is_moved = |other: &Task| task.working.is_none() && other.sealed().next().is_none();
    let called = |other: &Task| other.was_called(new) && other.id != *old;
    match find(new) {
        Some(other) if !is_moved(other) => Err(Fault::whole(format!("there is a task `{new}`"))),
        None if task.working.is_none() => Err(Fault::whole(format!("the folder of `{old}` is gone"))
            .help(format!("bring it back, or move it to {TASKS}{new} yourself"))),
        _ if model.tasks.iter().any(called) => Err(Fault::whole(format!("another task was called `{new}`"))),
        _ if task.was_called(new) => {
            Err(Fault::whole(format!("`{old}` was called `{new}` before"))
                .help("a third name tells the two times apart"))
        }
        _ => Ok(()),
    }
}
