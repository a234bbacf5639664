//! Acts on what is sealed: files and a line of the log that are there together, or not at all.
//!
//! In: a site's root, and what an act changes. Out: the new store, or the old one and an error. A journal is written
//! before the first file and the log after the last; whoever is killed between leaves the old store to all who read,
//! and the next act sets its files right.

use crate::config::Config;
use crate::diagnostic::{Diagnosed, Diagnostics, Halt};
use crate::disk::{self, Claim, DiskError};
use crate::document::REPORTS;
use crate::model::Model;
use crate::progress::Progress;
use crate::release::act::ReleaseAct;
use crate::release::journal::{self, Journal};
use crate::release::log::{self, ReleaseLog};
use crate::release::{FOLDER, next_log};
use crate::source::Sources;
use crate::workspace::{self, Workspace};
use jiff::{Timestamp, Unit};
use std::collections::BTreeMap;
use std::path::Path;

/// The releases of a site, claimed: as long as this lives, nobody else acts on them.
pub struct Store<'a> {
    root: &'a Path,
    claim: Claim,
}

/// Reads a site while nobody else acts on what is sealed of it, and does something with its Model once nothing is wrong
/// with it. Where nothing can be done (`may_act`), the releases are not claimed: no folder is made for that.
pub fn in_store<'a, T>(
    root: &'a Path,
    may_act: bool,
    progress: &Progress,
    stages: impl FnOnce(&Workspace<'_>, &Model, Option<&Store<'a>>, &mut Diagnostics) -> Result<T, Halt>,
) -> Diagnosed<T> {
    let mut diagnostics = Diagnostics::default();
    let store = may_act.then(|| Store::claim(root)).transpose();
    let Ok(store) = store.map_err(|error| diagnostics.machine(&error, root)) else {
        return Diagnosed { value: None, diagnostics };
    };
    workspace::once(root, progress, |workspace, diagnostics| {
        let model = workspace.model(progress, diagnostics);
        workspace.gate(diagnostics)?;
        stages(workspace, &model, store.as_ref(), diagnostics)
    })
}

/// What an act writes and removes: the bytes of each file, or none for one that goes. Files that hold these bytes
/// already stay as they are.
pub type StoreChanges = BTreeMap<String, Option<Vec<u8>>>;

/// Keeps version control from changing a byte of what is sealed, and lets it keep the lines of both branches.
const ATTRIBUTES: [(&str, &[&str]); 2] = [(FOLDER, &["* -text", "/log merge=union"]), (REPORTS, &["*.json -text"])];

impl<'a> Store<'a> {
    /// Waits until nobody else acts, and sets right what an act that was killed left.
    pub fn claim(root: &'a Path) -> Result<Self, DiskError> {
        let store = Self { root, claim: Claim::on(&root.join(log::PATH))? };
        store.set_right()?;
        Ok(store)
    }

    /// Acts: changes these files and adds a line for each act, and before them those that are due. `sources` were read under
    /// this claim, and their log holds. Without an act only due lines are added; returns whether there were any.
    pub fn act(
        &self,
        acts: impl IntoIterator<Item = ReleaseAct>,
        mut changes: StoreChanges,
        sources: &Sources,
        config: &Config,
        diagnostics: &mut Diagnostics,
    ) -> Result<bool, Halt> {
        let log = ReleaseLog::of(sources, &mut Diagnostics::default());
        let old = log.as_ref().map_or_else(String::new, ReleaseLog::text);
        let new = next_log(log, acts, now(), sources, config).text();
        if new == old {
            return Ok(false);
        }
        let done = self.attributes(&mut changes).and_then(|()| self.write(&old, &new, &changes));
        done.map(|()| true).map_err(|error| {
            // What can't be set right now is set right by the next act, and nobody reads it until then.
            let _ = self.set_right();
            diagnostics.machine(&error, self.root)
        })
    }

    fn attributes(&self, changes: &mut StoreChanges) -> Result<(), DiskError> {
        for (folder, lines) in ATTRIBUTES {
            // The log lies in the first; what lies in the others is changed by some acts only.
            if folder == FOLDER || changes.keys().any(|path| path.starts_with(folder)) {
                self.attributes_of(folder, lines, changes)?;
            }
        }
        Ok(())
    }

    fn attributes_of(&self, folder: &str, lines: &[&str], changes: &mut StoreChanges) -> Result<(), DiskError> {
        let path = format!("{folder}.gitattributes");
        let place = self.root.join(&path);
        let old = if disk::exists(&place) { disk::read(&place)? } else { Vec::new() };
        let has = |wanted: &&str| old.split(|byte| *byte == b'\n').any(|line| line.trim_ascii() == wanted.as_bytes());
        let missing: String = lines.iter().filter(|line| !has(line)).map(|line| format!("{line}\n")).collect();
        if !missing.is_empty() {
            let end: &[u8] = if old.is_empty() || old.ends_with(b"\n") { b"" } else { b"\n" };
            changes.insert(path, Some([&old, end, missing.as_bytes()].concat()));
        }
        Ok(())
    }

    fn write(&self, old: &str, new: &str, changes: &StoreChanges) -> Result<(), DiskError> {
        let mut before = BTreeMap::new();
        for (path, bytes) in changes {
            let place = self.root.join(path);
            let held = if disk::exists(&place) { Some(disk::read(&place)?) } else { None };
            if held != *bytes {
                before.insert(path.clone(), held);
            }
        }
        self.claim.write(&self.root.join(journal::PATH), &Journal::new(old.as_bytes(), before.clone()).bytes())?;
        for path in before.keys() {
            self.put(path, changes.get(path).and_then(Option::as_deref))?;
        }
        self.claim.write(&self.root.join(log::PATH), new.as_bytes())?;
        // With its line in the log the act is done, and the journal is of no use to anybody.
        let _ = self.claim.remove(&self.root.join(journal::PATH));
        Ok(())
    }

    /// Takes back what an unfinished act did, and removes its journal.
    fn set_right(&self) -> Result<(), DiskError> {
        let place = self.root.join(journal::PATH);
        if !disk::exists(&place) {
            return Ok(());
        }
        let log = self.root.join(log::PATH);
        let log = if disk::exists(&log) { disk::read(&log)? } else { Vec::new() };
        for (path, bytes) in Journal::unfinished(Some(&disk::read(&place)?), &log) {
            self.put(&path, bytes.as_deref())?;
        }
        self.claim.remove(&place)
    }

    fn put(&self, path: &str, bytes: Option<&[u8]>) -> Result<(), DiskError> {
        let place = self.root.join(path);
        match bytes {
            Some(bytes) if disk::holds(&place, bytes) => Ok(()),
            Some(bytes) => self.claim.write(&place, bytes),
            None => self.claim.remove(&place),
        }
    }
}

/// The machine's time, to the second.
fn now() -> Timestamp {
    let now = Timestamp::now();
    now.round(Unit::Second).unwrap_or(now)
}
