//! Sealing: a task's working text into a lock and objects.
//!
//! In: the checked Model, and what its author wants and says of the changes. Out: the release as it will be read back, with
//! its lock and objects. It never writes.

use super::changes::{ChangeList, Claims, JudgedChanges};
use super::lock::LockedFile;
use super::version::{self, WantedVersion};
use super::{FOLDER, Lock, When, lock_path, object_path, text};
use crate::audience::Audiences;
use crate::diagnostic::{Diagnostics, Fault, Halt, Place, rules};
use crate::digest::Digest;
use crate::model::project;
use crate::model::{Anchor, Example, Instructions, Model, Release, SealTime, Task};
use crate::schema::Words;
use crate::source::{Content, Source};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use semver::Version;
use std::collections::{BTreeMap, BTreeSet};

/// What `goldbook release` asks for.
pub struct SealRequest {
    /// The task.
    pub task: String,
    /// Which version it is to be.
    pub wanted: WantedVersion,
    /// What its author says of the changes.
    pub claims: Claims,
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
    /// What changed since the version before it; none for the first.
    pub changes: Option<JudgedChanges>,
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

/// The time of a release, its version, and what changed since the one before it.
fn decide(
    model: &Model,
    task: &Task,
    working: &Instructions,
    changes: Option<ChangeList>,
    request: &SealRequest,
) -> Result<(SealTime, Version, Option<JudgedChanges>), Fault> {
    version::check_number(task, &request.wanted)?;
    let time = time(request, &model.config.time_zone)?;
    check_news(task, working, time)?;
    let changes = changes.map(|list| JudgedChanges::of(list, &request.claims)).transpose()?;
    let version = version::choose(task, &request.wanted, changes.as_ref())?;
    Ok((time, version, changes))
}

/// The time that a release is to have.
fn time(request: &SealRequest, zone: &TimeZone) -> Result<SealTime, Fault> {
    let SealRequest { when, now, scheduled, .. } = *request;
    if scheduled {
        when.future(now, zone).map_err(|fault| fault.help("without `--scheduled` it is sealed, and shown at once"))
    } else {
        when.past(now, zone).map_err(|fault| fault.help("`--scheduled` seals it now, and shows it from that day on"))
    }
}

/// What changed in a task's working text since its newest version; none if nothing is sealed.
pub fn changes(task: &Task, audiences: &Audiences) -> Option<ChangeList> {
    let (latest, working) = (task.last_sealed()?, task.working.as_ref()?);
    Some(ChangeList::of_whole(&latest.instructions, &working.shipped(), audiences))
}

/// Seals the working text of a task, in which `changes` were made since its newest version.
pub fn seal(
    model: &Model,
    changes: Option<ChangeList>,
    request: &SealRequest,
    diagnostics: &mut Diagnostics,
) -> Result<Sealed, Halt> {
    let task = model.find_task(&request.task, diagnostics)?;
    let Some(working) = &task.working else {
        let fault = Fault::whole(format!("`{}` has no working text to seal", task.id));
        return Err(diagnostics.stop(rules::INVALID_RELEASE, Place::Nowhere, fault));
    };
    let place = Place::file(format!("{FOLDER}{}", task.id));
    let decided = decide(model, task, working, changes, request);
    let (time, version, changes) = decided.map_err(|fault| diagnostics.stop(rules::INVALID_RELEASE, place, fault))?;
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
            let text = text::instructions(&task.id, &version, &set);
            let sha256 = Digest::of(text.as_bytes()).to_string();
            let path = object_path(&sha256, text::NAME);
            texts.insert(names(audience), Source::new(path.as_str(), Content::Text(text.as_str().into())));
            objects.insert(path, text.into_bytes());
            projected.insert(names(audience), sha256);
        }
    }
    let lock = Lock {
        task: task.id.clone(),
        version: version.clone(),
        previous: task.last_sealed().map(|release| release.digest.clone()),
        time,
        scheduled: request.scheduled,
        note: request.note.clone(),
        commit: request.commit.clone(),
        class: changes.as_ref().and_then(JudgedChanges::gravest).map(|class| class.word().to_owned()),
        because: request.claims.because.clone(),
        changes: changes.as_ref().map_or_else(Vec::new, JudgedChanges::locked),
        files,
        projected,
        comparable_since: comparable_since(working, task.last_sealed(), &version, changes.as_ref()),
        anchors: anchors(working),
    };
    let bytes = lock.to_yaml().into_bytes();
    let digest = Digest::of(&bytes).to_string();
    let release = Release {
        version: lock.version.clone(),
        time: lock.time,
        scheduled: lock.scheduled,
        note: lock.note.clone(),
        because: lock.because.clone(),
        changes: lock.changes.clone(),
        lock: lock_path(&task.id, &version),
        digest: digest.clone(),
        comparable_since: lock.comparable_since.clone(),
        projected: texts,
        withdrawn: None,
        instructions: working.shipped(),
    };
    let lock_file = (lock_path(&task.id, &version), bytes);
    Ok(Sealed { changes, digest, release, lock, objects, lock_file })
}

/// What the steps are told by that flags of gold point at, by example and step.
fn anchors(working: &Instructions) -> Vec<(String, Anchor)> {
    let sealed = working.examples.iter().filter(|example| example.used.is_shipped());
    let of_example = |example: &Example| {
        let steps: BTreeSet<usize> =
            example.gold.iter().flat_map(|gold| gold.answer.flags()).map(|flag| flag.step).collect();
        let anchor = |step: usize| Some((example.id.clone(), Anchor::of(example.trajectory.as_deref()?, step)?));
        steps.into_iter().filter_map(anchor).collect::<Vec<_>>()
    };
    sealed.flat_map(of_example).collect()
}

/// A release says something new, and no earlier than the one before it.
fn check_news(task: &Task, working: &Instructions, time: SealTime) -> Result<(), Fault> {
    let Some(latest) = task.last_sealed() else { return Ok(()) };
    if time.instant() < latest.time.instant() {
        let (time, before) = (time.in_words(), latest.time.in_words());
        let sealed = if latest.scheduled { "from which on release" } else { "when release" };
        let verb = if latest.scheduled { "serves" } else { "was sealed" };
        return Err(Fault::whole(format!("{time} is before {before}, {sealed} {} {verb}", latest.version)));
    }
    if working.changed_files(&latest.instructions).is_empty() {
        let (id, version) = (&task.id, &latest.version);
        let message = format!("the working text of `{id}` is the same as release {version}: there is nothing to seal");
        return Err(Fault::whole(message));
    }
    Ok(())
}

/// A criterion compares with what it was, unless it is new or its meaning changed.
fn comparable_since(
    working: &Instructions,
    latest: Option<&Release>,
    version: &Version,
    changes: Option<&JudgedChanges>,
) -> BTreeMap<String, Version> {
    let lost = changes.map_or_else(Vec::new, |changes| changes.judgement.incomparable(&changes.list));
    let criteria = working.rubric.criteria.iter().map(|criterion| {
        let before = latest.and_then(|latest| latest.comparable_since.get(&criterion.id));
        let kept = before.filter(|_| !lost.contains(&criterion.id.as_str()));
        (criterion.id.clone(), kept.unwrap_or(version).clone())
    });
    criteria.collect()
}
