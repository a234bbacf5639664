//! Changes of a task's state, which have a time and a reason.
//!
//! In: a request, and what it makes of the state's file. Out: the new file and a line of the log, or the old ones and a
//! finding. Whoever else acts on what is sealed waits.

use super::act::{StoreChanges, in_store};
use crate::diagnostic::{Diagnosed, Fault, Halt, Place, rules};
use crate::disk;
use crate::document::TASKS;
use crate::model::{SealTime, Task};
use crate::progress::Progress;
use crate::release::act::ReleaseAct;
use crate::release::{FOLDER, When, state};
use jiff::Timestamp;
use std::path::PathBuf;

/// A complete, checked request to change the state of a task.
pub struct StateRequest {
    /// The folder of `goldbook.yaml`.
    pub root: PathBuf,
    /// The task.
    pub task: String,
    /// Why, in a sentence for readers.
    pub because: String,
    /// Since when.
    pub when: When,
    /// What the machine's clock says.
    pub now: Timestamp,
}

/// What was changed.
pub struct Ended {
    /// The task.
    pub task: String,
    /// Since when.
    pub time: SealTime,
    /// Where that is written, below the root.
    pub path: String,
}

/// Changes the state of a task: `make` gives the new text of its file from the old one, or says why there is none.
pub fn change(
    request: &StateRequest,
    act: ReleaseAct,
    progress: &Progress,
    make: impl FnOnce(&Task, &str, SealTime) -> Result<String, Fault>,
) -> Diagnosed<Ended> {
    // Where there is no such task, no folder is made.
    let is_there = [TASKS, FOLDER].iter().any(|folder| disk::is_folder(&request.root.join(folder).join(&request.task)));
    in_store(&request.root, is_there, progress, |workspace, model, store, diagnostics| {
        let task = model.find_task(&request.task, diagnostics)?;
        let path = state::path(&task.id);
        let old = workspace.sources.find(&path).and_then(|file| file.text().cloned()).unwrap_or_default();
        let time = request.when.past(request.now, &model.config.time_zone);
        let new = time.and_then(|time| Ok((time, make(task, &old, time)?)));
        let (time, new) = new.map_err(|fault| diagnostics.stop(rules::INVALID_RELEASE, Place::file(&*path), fault))?;
        let changes = StoreChanges::from([(path.clone(), Some(new.into_bytes()))]);
        let store = store.ok_or(Halt)?;
        store.act(Some(act), changes, &workspace.sources, &workspace.config, diagnostics)?;
        Ok(Ended { task: task.id.clone(), time, path })
    })
}
