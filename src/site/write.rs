//! Writing: finished sites to their folders.
//!
//! In: each audience's `Site` and its folder. Out: each folder exchanged in one step, after all of them are ready, or
//! nothing changed. A folder without our manifest is never replaced, and what the manifest does not name is kept; files
//! with the same digest as before are linked; nothing is written when nothing changed.

use super::{File, Site};
use crate::diagnostic::{Diagnostics, Halt, Place, rules};
use crate::digest::Digest;
use crate::disk::{self, Claim, DiskError, FileToWrite, NewFolder};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::{BuildHasher, RandomState};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The list of files and digests that marks a folder as ours.
pub const MANIFEST: &str = "goldbook-manifest.json";

/// What a write did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WriteSummary {
    /// Files of the site.
    pub files: usize,
    /// Files that are new or changed.
    pub changed: usize,
    /// What no build wrote, below the folder.
    pub kept: Vec<PathBuf>,
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

/// Files of a folder, by path, with what each holds.
type Digests = BTreeMap<String, Digest>;

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
        let (counts, new) = prepare(site, folder, diagnostics)?;
        written.push(counts);
        folders.extend(new);
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
) -> Result<(WriteSummary, Option<NewFolder>), Halt> {
    let old = old_manifest(folder, diagnostics)?;
    let new: Digests = site.files().map(|(path, file)| (path.to_string(), file.digest)).collect();
    let kept = kept(folder, old.as_ref(), &new, diagnostics)?;
    let is_marked = old.is_some();
    let old = old.unwrap_or_default();
    let changed = new.iter().filter(|(path, digest)| old.get(*path) != Some(*digest)).count();
    let written = WriteSummary { files: new.len(), changed, kept: kept.clone() };
    let entry = |(path, file): (&Arc<str>, &File)| {
        let same = old.get(&**path) == Some(&file.digest);
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
    if is_marked && new == old && entries.values().all(|entry| matches!(entry, FileToWrite::Unchanged)) {
        return Ok((written, None));
    }
    let manifest = serde_json::json!({"format": 1, "files": new}).to_string();
    entries.insert(MANIFEST.to_owned(), FileToWrite::Bytes(manifest.into_bytes().into()));
    Ok((written, Some(NewFolder { place: folder.to_owned(), files: entries, kept })))
}

/// What lies in a folder and no build wrote. It is named; where the site has a file at such a place, nothing is written.
fn kept(
    folder: &Path,
    old: Option<&Digests>,
    new: &Digests,
    diagnostics: &mut Diagnostics,
) -> Result<Vec<PathBuf>, Halt> {
    let Some(old) = old else { return Ok(Vec::new()) };
    let ours: BTreeSet<&str> = old.keys().chain(new.keys()).map(String::as_str).chain([MANIFEST]).collect();
    let kept = disk::others(folder, &ours).map_err(|error| diagnostics.machine(&error, Path::new("")))?;
    let foreign: BTreeSet<&Path> = kept.iter().map(PathBuf::as_path).collect();
    let is_taken = |path: &&String| {
        let in_the_way = Path::new(path).ancestors().any(|part| foreign.contains(part));
        in_the_way || (!old.contains_key(*path) && disk::exists(&folder.join(path)))
    };
    if let Some(path) = new.keys().find(is_taken) {
        let message = "no build wrote what stands here, and the site has a file of this name: nothing was written";
        diagnostics
            .add(rules::FOREIGN_FOLDER, Place::file(folder.join(path).display().to_string()), message)
            .help("move it out of the folder");
        return Err(Halt);
    }
    if !kept.is_empty() {
        let message = format!(
            "{} holds what no build wrote: {}; it is kept, and not searched for leaks",
            folder.display(),
            named(&kept)
        );
        diagnostics.add(rules::FOREIGN_FILE, Place::Nowhere, message);
    }
    Ok(kept)
}

/// Most paths that a sentence names.
const MOST_NAMED: usize = 5;

fn named(paths: &[PathBuf]) -> String {
    let names = paths.iter().take(MOST_NAMED).map(|path| format!("`{}`", path.display()));
    let more = (paths.len() > MOST_NAMED).then(|| format!("{} more", paths.len() - MOST_NAMED));
    names.chain(more).collect::<Vec<_>>().join(", ")
}

/// Where the files lie that earlier builds wrote into these folders, by their digest.
pub fn stored<'a>(folders: impl Iterator<Item = &'a Path>) -> HashMap<Digest, Arc<Path>> {
    let mut stored = HashMap::new();
    for folder in folders {
        let files = manifest(folder).unwrap_or_default();
        stored.extend(files.into_iter().map(|(path, digest)| (digest, Arc::from(folder.join(path)))));
    }
    stored
}

/// Whether some files of a folder, others each time, hold what was written: what a failing disk changes, no stamp tells.
pub fn sample_holds(folder: &Path) -> bool {
    let Some(files) = manifest(folder) else { return false };
    let mut files: Vec<(String, Digest)> = files.into_iter().collect();
    let drawn = RandomState::new();
    if files.len() > SAMPLE {
        files.select_nth_unstable_by_key(SAMPLE, |(path, _)| drawn.hash_one(path));
    }
    files.par_iter().take(SAMPLE).all(|(path, digest)| is_as_written(&folder.join(path), digest))
}

/// How many files of a folder are looked into when nothing speaks against them.
const SAMPLE: usize = 32;

/// Compares every file of a folder with what was written, and says how many there are. None for a folder that no build
/// wrote.
pub fn verify(folder: &Path, diagnostics: &mut Diagnostics) -> Option<usize> {
    let files = manifest(folder)?;
    let changed = files.par_iter().filter(|(path, digest)| !is_as_written(&folder.join(path), digest));
    for (path, _) in changed.collect::<Vec<_>>() {
        let place = folder.join(path);
        let what = if disk::exists(&place) { "this file is not what" } else { "nothing is left of what" };
        diagnostics
            .add(rules::CHANGED_OUTPUT, Place::file(place.display().to_string()), format!("{what} a build wrote here"))
            .help("remove the folder `.goldbook`, which remembers it, and build again");
    }
    Some(files.len())
}

fn is_as_written(place: &Path, digest: &Digest) -> bool {
    disk::read(place).is_ok_and(|bytes| Digest::of(&bytes) == *digest)
}

/// Whether a build wrote something into a folder whose path begins so.
pub fn holds_below(folder: &Path, prefix: &str) -> bool {
    manifest(folder).is_some_and(|files| files.keys().any(|path| path.starts_with(prefix)))
}

#[derive(Deserialize)]
struct Manifest {
    files: Digests,
}

/// What builds wrote into a folder; none if it has no manifest that can be read.
fn manifest(folder: &Path) -> Option<Digests> {
    let bytes = disk::read(&folder.join(MANIFEST)).ok()?;
    serde_json::from_slice(&bytes).ok().map(|manifest: Manifest| manifest.files)
}

/// Whether `folder` may be replaced: it is ours, or holds nothing.
pub fn check_folder(folder: &Path, diagnostics: &mut Diagnostics) -> Result<(), Halt> {
    old_manifest(folder, diagnostics).map(drop)
}

/// What earlier builds wrote into the folder; none for a folder that is not there or holds nothing.
fn old_manifest(folder: &Path, diagnostics: &mut Diagnostics) -> Result<Option<Digests>, Halt> {
    if disk::is_vacant(folder).map_err(|error| diagnostics.machine(&error, Path::new("")))? {
        return Ok(None);
    }
    let found = manifest(folder);
    if found.is_none() {
        let is_marked = disk::exists(&folder.join(MANIFEST));
        let why = if is_marked { "has a manifest that can't be read" } else { "was not written by Goldbook" };
        let message = format!("{} {why}: it is left as it is", folder.display());
        diagnostics
            .add(rules::FOREIGN_FOLDER, Place::Nowhere, message)
            .help("choose another place with `--out`, or remove the folder yourself");
        return Err(Halt);
    }
    Ok(found)
}
