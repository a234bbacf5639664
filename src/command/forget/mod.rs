//! Forgetting a rater: ratings stay under a fresh id, comments go.
//!
//! In: a rater's id. Out: what would change and what would still hold the id; or the same, done: all files in one step, or
//! none. It changes cohorts and ratings; whatever else holds the id is named and left.

mod left;

use super::canaries;
use crate::diagnostic::{Diagnosed, Diagnostics, Halt, Place, did_you_mean, rules};
use crate::disk::{self, Claim, DiskError, FileToWrite, NewFolder};
use crate::document::{COHORTS, RenamedMember, rename_member};
use crate::model::Model;
use crate::progress::Progress;
use crate::ratings::{self, Readings};
use crate::source::Source;
use crate::text::{quoted, with_line_ends_of};
use crate::workspace::{self, Workspace};
use std::collections::{BTreeMap, BTreeSet};
use std::hash::{BuildHasher, RandomState};
use std::path::{Path, PathBuf};

/// A complete, checked request to forget a rater.
pub struct ForgetRequest {
    /// The folder of `goldbook.yaml`.
    pub root: PathBuf,
    /// The rater's id.
    pub rater: String,
    /// The id that takes its place.
    pub fresh: String,
}

/// What changes when a rater is forgotten.
pub struct Forgotten {
    /// The files that change, by path.
    pub changes: BTreeMap<String, FileChange>,
    /// Files that hold the id afterwards, each with the line of the first place; none if it is no text or only so called.
    pub left: Vec<(String, Option<usize>)>,
    /// Whether git keeps earlier texts.
    pub in_history: bool,
    /// The folders that builds wrote, as `canaries.csv` has them.
    pub folders: Vec<String>,
}

/// What changes in a file.
pub struct FileChange {
    /// What it is to hold.
    pub bytes: Vec<u8>,
    /// Where the rater is named in it: rows of ratings, entries of a cohort.
    pub places: usize,
    /// Comments that go.
    pub comments: usize,
    /// Columns that nothing reads and that say something of the rater: they stay.
    pub unread: BTreeSet<String>,
}

/// An id that says nothing of whose it was, and that no other rater has.
pub fn fresh_id() -> String {
    let random = RandomState::new().hash_one("rater");
    format!("forgotten-{:08x}", random >> 32)
}

/// What would change, and what would still hold the id.
pub fn plan(request: &ForgetRequest, progress: &Progress) -> Diagnosed<Forgotten> {
    workspace::once(&request.root, progress, |workspace, diagnostics| {
        planned(request, workspace, progress, diagnostics)
    })
}

/// Changes all files in one step.
pub fn forget(request: &ForgetRequest, progress: &Progress) -> Diagnosed<Forgotten> {
    let content = request.root.join("content");
    let mut diagnostics = Diagnostics::default();
    let claim = match Claim::on(&content) {
        Ok(claim) => claim,
        Err(error) => {
            diagnostics.machine(&error, &request.root);
            return Diagnosed { value: None, diagnostics };
        }
    };
    workspace::once(&request.root, progress, |workspace, diagnostics| {
        let forgotten = planned(request, workspace, progress, diagnostics)?;
        replace(&content, &forgotten.changes, &claim).map_err(|error| diagnostics.machine(&error, &request.root))?;
        Ok(forgotten)
    })
}

/// Exchanges the content for one in which these files are new and all others the same.
fn replace(content: &Path, changes: &BTreeMap<String, FileChange>, claim: &Claim) -> Result<(), DiskError> {
    // What lies in a folder that can't be written could not be taken away.
    disk::check_writable(content)?;
    let inside = |path: &str| path.strip_prefix("content/").unwrap_or(path).to_owned();
    let files: BTreeMap<String, FileToWrite> = changes
        .iter()
        .map(|(path, change)| (inside(path), FileToWrite::Bytes(change.bytes.as_slice().into())))
        .collect();
    let kept = disk::others(content, &files.keys().map(String::as_str).collect())?;
    claim.replace_folders(&[NewFolder { place: content.to_owned(), files, kept }], &|| ())
}

fn planned(
    request: &ForgetRequest,
    workspace: &Workspace<'_>,
    progress: &Progress,
    diagnostics: &mut Diagnostics,
) -> Result<Forgotten, Halt> {
    let ForgetRequest { root, rater, fresh } = request;
    workspace.gate(diagnostics)?;
    // What else is wrong with the site is said by `check`, and in nobody's way here; who is in a cohort must be known.
    let mut found_in_model = Diagnostics::default();
    let model = workspace.model(progress, &mut found_in_model);
    diagnostics.append(found_in_model.errors_below(COHORTS, &workspace.sources));
    diagnostics.gate()?;
    // What is wrong with one is said by `check`; here its folder's files are not changed.
    let readings = Readings::of_site(&workspace.sources, &BTreeSet::new(), &mut Diagnostics::default());
    let mut found = IdFinder { root, model: &model, readings, rater, fresh, changes: BTreeMap::new() };
    let cohorts: Vec<&Source> = workspace.sources.below(COHORTS).collect();
    for source in cohorts {
        found.cohort_file(source, diagnostics)?;
    }
    for (path, place) in workspace.ratings() {
        found.ratings(path, place, diagnostics)?;
    }
    let changes = found.changes;
    if changes.is_empty() {
        let known = model.cohorts.iter().flat_map(|cohort| &cohort.raters).map(|member| member.rater.as_str());
        let message = format!("no cohort and no row of ratings names a rater {}", quoted(rater));
        diagnostics.add(rules::INVALID_SETTINGS, Place::Nowhere, message).maybe_help(did_you_mean(rater, known));
        return Err(Halt);
    }
    let stage = progress.stage("Looking for what still holds the id", 0);
    let left = left::files(root, rater, fresh, &changes, diagnostics)?;
    drop(stage);
    Ok(Forgotten { changes, left, in_history: left::is_in_git(root), folders: canaries::folders(root) })
}

struct IdFinder<'a> {
    root: &'a Path,
    model: &'a Model,
    readings: Readings,
    rater: &'a str,
    fresh: &'a str,
    changes: BTreeMap<String, FileChange>,
}

impl IdFinder<'_> {
    /// A cohort, or a roster beside one.
    fn cohort_file(&mut self, source: &Source, diagnostics: &mut Diagnostics) -> Result<(), Halt> {
        let renamed = rename_member(source, self.rater, self.fresh).map_err(|span| {
            let message = format!("nothing was changed, since {} is not written plainly here", quoted(self.rater));
            diagnostics
                .add(rules::INVALID_SETTINGS, span, message)
                .help(format!("write `{}` on one line, and run this again", self.rater));
            Halt
        })?;
        let Some(RenamedMember { text, places }) = renamed else { return Ok(()) };
        let place = self.root.join(&*source.path);
        let old = disk::read(&place).map_err(|error| diagnostics.machine(&error, self.root))?;
        let bytes = with_line_ends_of(&text, &String::from_utf8_lossy(&old)).into_bytes();
        let change = FileChange { bytes, places, comments: 0, unread: BTreeSet::new() };
        self.changes.insert(source.path.to_string(), change);
        Ok(())
    }

    /// A file of ratings. One that can't be read to its end may hold rows that nobody sees, and some hold rows that are not
    /// written here: then nothing is changed.
    fn ratings(&mut self, path: &str, place: &Path, diagnostics: &mut Diagnostics) -> Result<(), Halt> {
        let bytes = disk::read(place).map_err(|error| diagnostics.machine(&error, self.root))?;
        match ratings::rename(path, &bytes, (self.rater, self.fresh), self.model, &self.readings) {
            Ok(None) => Ok(()),
            Ok(Some(ratings::RewrittenRows { bytes, rows, comments, unread })) => {
                self.changes.insert(path.to_owned(), FileChange { bytes, places: rows, comments, unread });
                Ok(())
            }
            Err(fault) => {
                let fault = fault.prefixed("nothing was changed, since this file can't be written anew: ");
                Err(diagnostics.stop(rules::UNREADABLE_TABLE, fault.place(path), fault))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fresh_id_is_nobody_elses() {
        assert_ne!(fresh_id(), fresh_id());
    }
}
