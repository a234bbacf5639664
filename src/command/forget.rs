//! Forgetting a rater: ratings stay under a fresh id, comments go.
//!
//! In: a rater's id. Out: what would change and what would still hold the id; or the same, done: all files in one step, or
//! none. It changes cohorts and ratings; whatever else holds the id is named and left.

use super::canaries;
use crate::diagnostic::{Diagnosed, Diagnostics, Halt, Place, did_you_mean, rules};
use crate::disk::{self, Claim, DiskError, FileToWrite, NewFolder};
use crate::document::{COHORTS, member_spans, roster_lines, scalars};
use crate::model::Model;
use crate::progress::Progress;
use crate::ratings;
use crate::source::{Source, Span};
use crate::table;
use crate::text::normal::is_part_of_word;
use crate::text::quoted;
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
    let mut found = IdFinder { root, model: &model, rater, fresh, changes: BTreeMap::new() };
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
    let left = left(root, rater, fresh, &changes, diagnostics)?;
    drop(stage);
    Ok(Forgotten { changes, left, in_history: is_in_git(root), folders: canaries::folders(root) })
}

struct IdFinder<'a> {
    root: &'a Path,
    model: &'a Model,
    rater: &'a str,
    fresh: &'a str,
    changes: BTreeMap<String, FileChange>,
}

impl IdFinder<'_> {
    /// A cohort, or a roster beside one.
    fn cohort_file(&mut self, source: &Source, diagnostics: &mut Diagnostics) -> Result<(), Halt> {
        let Some(text) = source.text() else { return Ok(()) };
        let is_cohort = source.path.ends_with(".yaml");
        let places: Vec<(usize, usize)> = if is_cohort {
            let members = member_spans(text, source.id).into_iter().filter(|(rater, _)| rater == self.rater);
            members.map(|(_, span)| (span.start as usize, span.end as usize)).collect()
        } else {
            let start = |line: &str| line.as_ptr() as usize - text.as_ptr() as usize;
            let own = roster_lines(text).map(str::trim).filter(|line| *line == self.rater);
            own.map(|line| (start(line), start(line) + line.len())).collect()
        };
        if places.is_empty() {
            return Ok(());
        }
        let (mut new, mut from) = (String::new(), 0);
        for (start, end) in &places {
            new.push_str(&text[from..*start]);
            new.push_str(self.fresh);
            from = *end;
        }
        new.push_str(&text[from..]);
        if is_cohort && !self.only_the_rater_changes(&scalars(text, source.id), &scalars(&new, source.id), places.len())
        {
            let message = format!("nothing was changed, since {} is not written plainly here", quoted(self.rater));
            diagnostics
                .add(rules::INVALID_SETTINGS, Span::new(source.id, places[0].0, places[0].1), message)
                .help(format!("write `{}` on one line, and run this again", self.rater));
            return Err(Halt);
        }
        let place = self.root.join(&*source.path);
        let old = disk::read(&place).map_err(|error| diagnostics.machine(&error, self.root))?;
        let bytes = with_line_ends_of(&new, &String::from_utf8_lossy(&old)).into_bytes();
        let change = FileChange { bytes, places: places.len(), comments: 0, unread: BTreeSet::new() };
        self.changes.insert(source.path.to_string(), change);
        Ok(())
    }

    /// Whether a file says the same as before, but for the rater's id at so many places.
    fn only_the_rater_changes(&self, old: &[String], new: &[String], places: usize) -> bool {
        let changed: Vec<_> = old.iter().zip(new).filter(|(old, new)| old != new).collect();
        let is_theirs = |(old, new): &(&String, &String)| old.trim() == self.rater && **new == self.fresh;
        old.len() == new.len() && changed.len() == places && changed.iter().all(is_theirs)
    }

    /// A file of ratings. One that can't be read to its end may hold rows that nobody sees, so that nothing is changed.
    fn ratings(&mut self, path: &str, place: &Path, diagnostics: &mut Diagnostics) -> Result<(), Halt> {
        let bytes = disk::read(place).map_err(|error| diagnostics.machine(&error, self.root))?;
        match ratings::rename(path, &bytes, (self.rater, self.fresh), self.model) {
            Ok(None) => Ok(()),
            Ok(Some(ratings::RewrittenRows { bytes, rows, comments, unread })) => {
                self.changes.insert(path.to_owned(), FileChange { bytes, places: rows, comments, unread });
                Ok(())
            }
            Err(fault) => {
                let fault = fault.prefixed("nothing was changed, since this file can't be read to its end: ");
                diagnostics.fault(rules::UNREADABLE_TABLE, fault.place(path), fault);
                Err(Halt)
            }
        }
    }
}

/// Text with each line ended as the same line of `old` is.
fn with_line_ends_of(text: &str, old: &str) -> String {
    let ends = old.split_inclusive('\n').map(|line| line.ends_with("\r\n"));
    let lines = text.split_inclusive('\n').zip(ends.chain(std::iter::repeat(false)));
    lines
        .map(|(line, returns)| if returns { line.trim_end_matches('\n').to_owned() + "\r\n" } else { line.to_owned() })
        .collect()
}

/// Whether git keeps earlier texts of a folder: of itself, or as part of a repository.
fn is_in_git(root: &Path) -> bool {
    let root = disk::without_links(root);
    disk::exists(&root.join("content/.git")) || root.ancestors().any(|folder| disk::exists(&folder.join(".git")))
}

/// The files below `root` that hold the id when the changes are made; git's own are not looked into.
fn left(
    root: &Path,
    rater: &str,
    fresh: &str,
    changes: &BTreeMap<String, FileChange>,
    diagnostics: &mut Diagnostics,
) -> Result<Vec<(String, Option<usize>)>, Halt> {
    let mut left = Vec::new();
    for (name, place) in disk::files(root, &[".git"]).map_err(|error| diagnostics.machine(&error, root))? {
        let old = table::plain(disk::read(&place).map_err(|error| diagnostics.machine(&error, root))?);
        if let Some(at) = word(&old.to_ascii_lowercase(), &fresh.to_ascii_lowercase()) {
            let line = 1 + memchr::memchr_iter(b'\n', &old[..at]).count() as u64;
            diagnostics
                .add(rules::INVALID_SETTINGS, Place::Line(name, line), format!("{} is here already", quoted(fresh)))
                .help("choose an id that nobody has, or leave `--as` out");
            return Err(Halt);
        }
        let plain = changes.get(&name).map_or(old, |change| table::plain(change.bytes.clone()));
        if let Some(at) = word(&plain, rater) {
            let is_text = std::str::from_utf8(&plain).is_ok();
            left.push((name, is_text.then(|| 1 + memchr::memchr_iter(b'\n', &plain[..at]).count())));
        } else if word(name.as_bytes(), rater).is_some() {
            left.push((name, None));
        }
    }
    Ok(left)
}

/// Where an id stands as a word of its own.
fn word(bytes: &[u8], id: &str) -> Option<usize> {
    let is_part = |byte: Option<&u8>| byte.is_some_and(|byte| is_part_of_word(*byte));
    memchr::memmem::find_iter(bytes, id).find(|at| {
        !is_part(at.checked_sub(1).and_then(|before| bytes.get(before))) && !is_part(bytes.get(at + id.len()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_a_word_of_its_own() {
        for (text, at) in
            [("a-1", Some(0)), ("x a-1,", Some(2)), ("a-10 a-1", Some(5)), ("xa-1 a-1_ -a-1", None), ("", None)]
        {
            assert_eq!(word(text.as_bytes(), "a-1"), at, "{text}");
        }
        assert_ne!(fresh_id(), fresh_id());
    }
}
