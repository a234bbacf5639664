//! Restoring: the files of a release as working text.
//!
//! In: a release. Out: its files at their places in the site, all of them or none. Working text that no release holds is
//! not overwritten unless that is asked for, and files that are no part of the release stay.

use crate::diagnostic::{Diagnosed, Diagnostics, Halt, Place, rules};
use crate::disk;
use crate::document::TASKS;
use crate::progress::Progress;
use crate::release::{self, FOLDER, object_path};
use crate::source::{Source, Sources};
use crate::workspace;
use semver::Version;
use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

/// A complete, checked request to restore a release.
pub struct RestoreRequest {
    /// The folder of `goldbook.yaml`.
    pub root: PathBuf,
    /// The task.
    pub task: String,
    /// Its version.
    pub version: Version,
    /// Whether working text that no release holds is overwritten.
    pub force: bool,
    /// Whether to say what would be done, and to write nothing.
    pub dry_run: bool,
}

/// What was done, or would be, by the paths of files.
#[derive(Default)]
pub struct Restored {
    /// Written where none was.
    pub added: Vec<String>,
    /// Written in the place of another text.
    pub replaced: Vec<String>,
    /// As they were sealed already.
    pub same: Vec<String>,
    /// In the task's folder and no part of the release: they stay.
    pub others: Vec<String>,
}

/// Puts the files of a release into their places.
pub fn restore(request: &RestoreRequest, progress: &Progress) -> Diagnosed<Restored> {
    workspace::once(&request.root, progress, |workspace, diagnostics| {
        let RestoreRequest { root, task, version, .. } = request;
        let sources = &workspace.sources;
        let sealed = release::files(sources, task, version, &workspace.config, diagnostics).ok_or(Halt)?;
        let mut restored = Restored::default();
        let mut writes = Vec::new();
        for file in &sealed.files {
            check_place(root, &file.path, diagnostics)?;
            let place = root.join(&*file.path);
            match sources.find(&file.path) {
                Some(found) if found.digest == file.digest => restored.same.push(file.path.to_string()),
                found if found.is_some() || disk::exists(&place) => {
                    if !request.force && !found.is_some_and(|found| is_sealed(found, sources)) {
                        refuse(&file.path, diagnostics);
                    }
                    restored.replaced.push(file.path.to_string());
                    writes.push((place, file.bytes().to_vec()));
                }
                _ => {
                    restored.added.push(file.path.to_string());
                    writes.push((place, file.bytes().to_vec()));
                }
            }
        }
        let own: BTreeSet<&str> = sealed.files.iter().map(|file| &*file.path).collect();
        let folder = format!("{TASKS}{task}/");
        let all = sources.below(&folder).map(|file| &*file.path);
        restored.others = all.filter(|path| !own.contains(path)).map(str::to_owned).collect();
        diagnostics.gate()?;
        if !request.dry_run {
            disk::write_together(&writes).map_err(|error| diagnostics.machine(&error, root))?;
        }
        Ok(restored)
    })
}

/// Whether some release holds just this text.
fn is_sealed(found: &Source, sources: &Sources) -> bool {
    sources
        .find(&object_path(&found.digest.to_string(), &found.path))
        .is_some_and(|object| object.digest == found.digest)
}

fn refuse(path: &str, diagnostics: &mut Diagnostics) {
    diagnostics
        .add(rules::UNSEALED_TEXT, Place::file(path), "this text is in no release, and would be overwritten")
        .help("`--force` overwrites it; `--dry-run` says what would be written");
}

/// A lock may say any path: only working text is written.
fn check_place(root: &Path, path: &str, diagnostics: &mut Diagnostics) -> Result<(), Halt> {
    let is_plain = Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
    let is_content = path.starts_with("content/") && !path.starts_with(FOLDER);
    if is_plain && is_content && disk::is_below(&root.join(path), &root.join("content")) {
        return Ok(());
    }
    diagnostics.add(rules::BROKEN_SEAL, Place::file(path), "this is no place of working text, and a lock names it");
    Err(Halt)
}
