//! Sealing: a task's working text into a lock and objects.
//!
//! In: the checked Model, a version, a note and a day. Out: the files to write, in the order in which they must be
//! written: objects first, the lock last, so that a release is there whole or not at all. It never writes.

use super::lock::LockedFile;
use super::{FOLDER, Lock, When, lock_path, object_path, text};
use crate::diagnostic::{Diagnostics, Place, did_you_mean, one_of, rules};
use crate::digest::Digest;
use crate::document::Criterion;
use crate::model::project;
use crate::model::{Instructions, Model, Release, SealTime, Task};
use crate::source::{Content, Source};
use crate::text::same_lines;
use jiff::Timestamp;
use semver::Version;
use std::collections::BTreeMap;

/// What `goldbook release` asks for.
pub struct SealRequest {
    /// The task.
    pub task: String,
    /// Its new version.
    pub version: Version,
    /// What is new, in a sentence.
    pub note: String,
    /// When it is to count as sealed.
    pub when: When,
    /// What the machine's clock says.
    pub now: Timestamp,
    /// Whether it is sealed for a later time.
    pub scheduled: bool,
    /// The git commit, if known.
    pub commit: Option<String>,
}

/// A release ready to be written.
pub struct Sealed {
    /// What it holds.
    pub lock: Lock,
    /// The release as it will be read back.
    pub release: Release,
    /// SHA-256 of the lock's bytes: the release's id.
    pub digest: String,
    /// Files by path; one that exists already holds the same bytes.
    pub objects: BTreeMap<String, Vec<u8>>,
    /// Path and bytes of the lock.
    pub lock_file: (String, Vec<u8>),
}

/// Keeps version control from changing a byte of what is sealed.
pub const ATTRIBUTES: (&str, &[u8]) = ("content/releases/.gitattributes", b"* -text\n");

/// Seals the working text of a task.
pub fn seal(model: &Model, request: &SealRequest, diagnostics: &mut Diagnostics) -> Option<Sealed> {
    let task = find_task(model, &request.task, diagnostics)?;
    let Some(working) = &task.working else {
        let message = format!("`{}` has no working text to seal", task.id);
        diagnostics.add(rules::INVALID_RELEASE, Place::Nowhere, message);
        return None;
    };
    check_version(task, working, &request.version, diagnostics)?;
    let time = request.when.settle(request.now, request.scheduled, &model.config.time_zone);
    let time = time.map_err(|fault| diagnostics.fault(rules::INVALID_RELEASE, folder(task), fault)).ok()?;
    if task.last_sealed().is_some() {
        check_news(task, working, time, diagnostics)?;
    }
    let names = |audience| model.config.audiences.name(audience).to_owned();
    let mut objects = BTreeMap::new();
    let mut files = Vec::new();
    for (path, (source, audience)) in &working.files {
        let sha256 = source.digest.to_string();
        objects.insert(object_path(&sha256, path), source.bytes().to_vec());
        files.push(LockedFile { path: path.clone(), sha256, audience: audience.map(names) });
    }
    let mut projected = BTreeMap::new();
    let mut texts = BTreeMap::new();
    for audience in model.config.audiences.iter() {
        if let Some(set) = project::instructions(model, working, audience) {
            let text = text::instructions(&task.id, &request.version, &set);
            let sha256 = Digest::of(text.as_bytes()).to_string();
            let path = object_path(&sha256, text::NAME);
            texts.insert(names(audience), Source::new(path.as_str(), Content::Text(text.as_str().into())));
            objects.insert(path, text.into_bytes());
            projected.insert(names(audience), sha256);
        }
    }
    let lock = Lock {
        task: task.id.clone(),
        version: request.version.clone(),
        previous: task.last_sealed().map(|release| release.digest.clone()),
        time,
        scheduled: request.scheduled,
        note: request.note.clone(),
        commit: request.commit.clone(),
        class: None,
        because: None,
        changes: Vec::new(),
        files,
        projected,
        comparable_since: comparable_since(working, task.last_sealed(), &request.version),
    };
    let bytes = lock.to_yaml().into_bytes();
    let digest = Digest::of(&bytes).to_string();
    let release = Release {
        version: lock.version.clone(),
        time: lock.time,
        scheduled: lock.scheduled,
        note: lock.note.clone(),
        digest: digest.clone(),
        comparable_since: lock.comparable_since.clone(),
        projected: texts,
        instructions: working.without_held_out(),
    };
    let lock_file = (lock_path(&task.id, &request.version), bytes);
    Some(Sealed { digest, release, lock, objects, lock_file })
}

/// The folder of a task's releases, where what is wrong with one has its place.
fn folder(task: &Task) -> Place {
    Place::file(format!("{FOLDER}{}", task.id))
}

/// The task of this name.
pub fn find_task<'a>(model: &'a Model, id: &str, diagnostics: &mut Diagnostics) -> Option<&'a Task> {
    let found = model.tasks.iter().find(|task| task.id == id);
    if found.is_none() {
        let known = || model.tasks.iter().map(|task| task.id.as_str());
        diagnostics
            .add(rules::UNKNOWN_TASK, Place::Nowhere, format!("there is no task `{id}`"))
            .maybe_help(did_you_mean(id, known()))
            .help(format!("content/tasks holds {}", one_of(known())));
    }
    found
}

fn check_version(task: &Task, working: &Instructions, version: &Version, diagnostics: &mut Diagnostics) -> Option<()> {
    let place = || folder(task);
    if !version.pre.is_empty() || !version.build.is_empty() {
        let message = format!("`{version}` is not a version of three numbers, such as 1.0.0");
        diagnostics.add(rules::INVALID_RELEASE, place(), message);
        return None;
    }
    let Some(latest) = task.last_sealed() else { return Some(()) };
    if task.sealed().any(|release| release.version == *version) {
        let message = format!("version {version} of `{}` is sealed already: a sealed version never changes", task.id);
        diagnostics.add(rules::INVALID_RELEASE, place(), message).help(next_versions(&latest.version));
        return None;
    }
    if *version <= latest.version {
        let message = format!("version {version} does not follow {}, the newest of `{}`", latest.version, task.id);
        diagnostics.add(rules::INVALID_RELEASE, place(), message).help(next_versions(&latest.version));
        return None;
    }
    let changed: Vec<&str> = working
        .rubric
        .criteria
        .iter()
        .filter(|criterion| scale_changed(criterion, latest))
        .map(|criterion| criterion.id.as_str())
        .chain(gone(working, latest))
        .collect();
    if !changed.is_empty() && version.major == latest.version.major {
        let names = one_of(changed.iter().copied());
        let message = format!("the scale of {names} changed, or the criterion went: ratings no longer compare");
        diagnostics
            .add(rules::INVALID_RELEASE, place(), message)
            .help(format!("seal it as {}.0.0", latest.version.major + 1));
        return None;
    }
    Some(())
}

/// A release says something new, and no earlier than the one before it.
fn check_news(task: &Task, working: &Instructions, time: SealTime, diagnostics: &mut Diagnostics) -> Option<()> {
    let latest = task.last_sealed()?;
    let message = if time.instant() < latest.time.instant() {
        let (time, before) = (time.in_words(), latest.time.in_words());
        let sealed = if latest.scheduled { "from which on release" } else { "when release" };
        let verb = if latest.scheduled { "serves" } else { "was sealed" };
        format!("{time} is before {before}, {sealed} {} {verb}", latest.version)
    } else if working.same_files(&latest.instructions) {
        format!("the working text of `{}` is the same as release {}: there is nothing to seal", task.id, latest.version)
    } else {
        return Some(());
    };
    diagnostics.add(rules::INVALID_RELEASE, folder(task), message);
    None
}

fn next_versions(latest: &Version) -> String {
    let Version { major, minor, patch, .. } = latest;
    format!(
        "the next are {major}.{minor}.{} (editorial), {major}.{}.0 (rules) and {}.0.0 (meaning)",
        patch + 1,
        minor + 1,
        major + 1
    )
}

fn scale_changed(criterion: &Criterion, latest: &Release) -> bool {
    latest.instructions.rubric.criterion(&criterion.id).is_some_and(|old| meaning(old) != meaning(criterion))
}

/// What an answer means: the scale with its attributes, not how answers are scored.
fn meaning(criterion: &Criterion) -> Criterion {
    Criterion { weight: 1.0, tolerance: 0.0, ..criterion.clone() }
}

fn gone<'a>(working: &'a Instructions, latest: &'a Release) -> impl Iterator<Item = &'a str> {
    let old = latest.instructions.rubric.criteria.iter().map(|criterion| criterion.id.as_str());
    old.filter(|id| working.rubric.criterion(id).is_none())
}

/// A criterion compares with what it was, unless it is new, its scale changed, or a major release changed its section.
fn comparable_since(working: &Instructions, latest: Option<&Release>, version: &Version) -> BTreeMap<String, Version> {
    let since = |criterion: &Criterion| {
        let latest = latest?;
        let before = latest.comparable_since.get(&criterion.id)?;
        let [new, old] =
            [working, &latest.instructions].map(|set| section(set, &criterion.id).unwrap_or("").as_bytes());
        let reworded = version.major > latest.version.major && !same_lines(new, old);
        (!reworded && !scale_changed(criterion, latest)).then(|| before.clone())
    };
    let pairs = working
        .rubric
        .criteria
        .iter()
        .map(|criterion| (criterion.id.clone(), since(criterion).unwrap_or_else(|| version.clone())));
    pairs.collect()
}

fn section<'a>(set: &'a Instructions, id: &str) -> Option<&'a str> {
    let text = &set.rubric_page.text;
    text.outline.section(id, &text.pieces.text).map(|range| &text.pieces.text[range])
}
