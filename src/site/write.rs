//! Writing: a finished site to its folder.
//!
//! In: `Site` and the folder. Out: the folder exchanged in one step, or nothing changed. A folder without our
//! manifest is never replaced; files with the same digest as before are linked; nothing is written when nothing changed.

use super::Site;
use crate::diagnostic::{Diagnostics, Halt, Place, rules};
use crate::disk::{self, DiskError, Entry};
use crate::release::digest;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// The list of files and digests that marks a folder as ours.
pub const MANIFEST: &str = "goldbook-manifest.json";

/// What a write did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Files of the site.
    pub files: usize,
    /// Files that are new or changed.
    pub changed: usize,
}

/// Writes a site into `folder`.
pub fn write(
    site: &Site,
    folder: &Path,
    done: &(dyn Fn() + Sync),
    diagnostics: &mut Diagnostics,
) -> Result<Written, Halt> {
    let old = old_manifest(folder, diagnostics)?;
    let new: BTreeMap<String, String> =
        site.files.par_iter().map(|(path, bytes)| (path.clone(), digest(bytes))).collect();
    let changed = new.iter().filter(|(path, digest)| old.get(*path) != Some(*digest)).count();
    let written = Written { files: new.len(), changed };
    let same = |path: &str, bytes: &[u8]| old.get(path) == new.get(path) && disk::holds(&folder.join(path), bytes);
    let kept = site.files.par_iter().filter(|(path, bytes)| same(path, bytes)).count();
    if new == old && kept == new.len() {
        return Ok(written);
    }
    let mut entries = BTreeMap::new();
    for (path, bytes) in &site.files {
        let same = same(path, bytes);
        entries.insert(path.clone(), if same { Entry::Unchanged } else { Entry::Bytes(Arc::clone(bytes)) });
    }
    let manifest = serde_json::json!({"format": 1, "files": new}).to_string();
    entries.insert(MANIFEST.to_owned(), Entry::Bytes(manifest.into_bytes().into()));
    disk::replace_folder(folder, &entries, done).map_err(|error| machine(&error, diagnostics))?;
    Ok(written)
}

/// Whether `folder` may be replaced: it is ours, or holds nothing.
pub fn check_folder(folder: &Path, diagnostics: &mut Diagnostics) -> Result<(), Halt> {
    old_manifest(folder, diagnostics).map(drop)
}

/// The manifest of the folder; empty for a folder that is not there or holds nothing.
fn old_manifest(folder: &Path, diagnostics: &mut Diagnostics) -> Result<BTreeMap<String, String>, Halt> {
    if disk::is_vacant(folder).map_err(|error| machine(&error, diagnostics))? {
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
    let bytes = disk::read(&path).map_err(|error| machine(&error, diagnostics))?;
    let manifest: serde_json::Value = serde_json::from_slice(&bytes).unwrap_or_default();
    let files = manifest.get("files").cloned().unwrap_or_default();
    Ok(serde_json::from_value(files).unwrap_or_default())
}

fn machine(error: &DiskError, diagnostics: &mut Diagnostics) -> Halt {
    let place = Place::file(error.path.display().to_string());
    diagnostics.add(rules::UNREADABLE, place, error.error.to_string());
    Halt
}
