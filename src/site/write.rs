//! Writing: finished sites to their folders.
//!
//! In: each audience's `Site` and its folder. Out: each folder exchanged in one step, after all of them are ready, or
//! nothing changed. A folder without our manifest is never replaced; files with the same digest as before are linked;
//! nothing is written when nothing changed.

use super::{File, Site};
use crate::diagnostic::{Diagnostics, Halt, Place, rules};
use crate::digest::Digest;
use crate::disk::{self, Claim, DiskError, FileToWrite};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The list of files and digests that marks a folder as ours.
pub const MANIFEST: &str = "goldbook-manifest.json";

/// What a write did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WriteSummary {
    /// Files of the site.
    pub files: usize,
    /// Files that are new or changed.
    pub changed: usize,
}

/// What a build wrote for one audience.
#[derive(Clone, Serialize, Deserialize)]
pub struct Built {
    /// The audience.
    pub audience: String,
    /// Its folder.
    pub folder: PathBuf,
    /// How much was written.
    pub written: WriteSummary,
}

/// Writes sites into folders that lie side by side: all of them or, if something fails before all are ready, none.
pub fn write(
    sites: &[(&Site, &Path)],
    done: &(dyn Fn() + Sync),
    diagnostics: &mut Diagnostics,
) -> Result<Vec<WriteSummary>, Halt> {
    let Some((_, first)) = sites.first() else { return Ok(Vec::new()) };
    let claim = Claim::on(first).map_err(|error| diagnostics.machine(&error, Path::new("")))?;
    let (mut written, mut folders) = (Vec::new(), Vec::new());
    for (site, folder) in sites {
        let (counts, entries) = prepare(site, folder, diagnostics)?;
        written.push(counts);
        folders.extend(entries.map(|entries| (folder.to_path_buf(), entries)));
    }
    if !folders.is_empty() {
        claim.replace_folders(&folders, done).map_err(|error| diagnostics.machine(&error, Path::new("")))?;
    }
    Ok(written)
}

/// What is to be written into a folder; none if it holds just that already.
fn prepare(
    site: &Site,
    folder: &Path,
    diagnostics: &mut Diagnostics,
) -> Result<(WriteSummary, Option<BTreeMap<String, FileToWrite>>), Halt> {
    let old = old_manifest(folder, diagnostics)?;
    let new: BTreeMap<String, String> =
        site.files().map(|(path, file)| (path.to_string(), file.digest.to_string())).collect();
    let changed = new.iter().filter(|(path, digest)| old.get(*path) != Some(*digest)).count();
    let written = WriteSummary { files: new.len(), changed };
    let entry = |(path, file): (&Arc<str>, &File)| {
        let same = old.get(&**path) == new.get(&**path);
        let place = folder.join(&**path);
        if same && file.is_stored_at(&place) {
            return Ok((path.to_string(), FileToWrite::Unchanged));
        }
        let bytes = file.bytes()?;
        let same = same && disk::holds(&place, &bytes);
        Ok((path.to_string(), if same { FileToWrite::Unchanged } else { FileToWrite::Bytes(bytes) }))
    };
    let files: Vec<(&Arc<str>, &File)> = site.files().collect();
    let entries: Result<BTreeMap<String, FileToWrite>, DiskError> = files.into_par_iter().map(entry).collect();
    let mut entries = entries.map_err(|error| diagnostics.machine(&error, Path::new("")))?;
    let alone = || disk::stamps(folder).is_ok_and(|found| found.len() == new.len() + 1);
    if new == old && entries.values().all(|entry| matches!(entry, FileToWrite::Unchanged)) && alone() {
        return Ok((written, None));
    }
    let manifest = serde_json::json!({"format": 1, "files": new}).to_string();
    entries.insert(MANIFEST.to_owned(), FileToWrite::Bytes(manifest.into_bytes().into()));
    Ok((written, Some(entries)))
}

/// Where the files lie that earlier builds wrote into these folders, by their digest.
pub fn stored<'a>(folders: impl Iterator<Item = &'a Path>) -> HashMap<Digest, Arc<Path>> {
    let mut stored = HashMap::new();
    for folder in folders {
        let manifest = disk::read(&folder.join(MANIFEST)).ok();
        let manifest: Option<Manifest> = manifest.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        let files = manifest.map(|manifest| manifest.files).unwrap_or_default();
        stored.extend(files.into_iter().map(|(path, digest)| (digest, Arc::from(folder.join(path)))));
    }
    stored
}

#[derive(Deserialize)]
struct Manifest {
    files: BTreeMap<String, Digest>,
}

/// Whether `folder` may be replaced: it is ours, or holds nothing.
pub fn check_folder(folder: &Path, diagnostics: &mut Diagnostics) -> Result<(), Halt> {
    old_manifest(folder, diagnostics).map(drop)
}

/// The manifest of the folder; empty for a folder that is not there or holds nothing.
fn old_manifest(folder: &Path, diagnostics: &mut Diagnostics) -> Result<BTreeMap<String, String>, Halt> {
    if disk::is_vacant(folder).map_err(|error| diagnostics.machine(&error, Path::new("")))? {
        return Ok(BTreeMap::new());
    }
    let path = folder.join(MANIFEST);
    if !disk::exists(&path) {
        let message = format!("{} was not written by Goldbook: it is left as it is", folder.display());
        diagnostics
            .add(rules::FOREIGN_FOLDER, Place::Nowhere, message)
            .help("choose another place with `--out`, or remove the folder yourself");
        return Err(Halt);
    }
    let bytes = disk::read(&path).map_err(|error| diagnostics.machine(&error, Path::new("")))?;
    let manifest: serde_json::Value = serde_json::from_slice(&bytes).unwrap_or_default();
    let files = manifest.get("files").cloned().unwrap_or_default();
    Ok(serde_json::from_value(files).unwrap_or_default())
}
