//! Opening releases: locks and objects back to Instructions, every digest verified.
//!
//! In: the files of `content/releases/`. Out: the sealed versions of each task, oldest first, and a finding for each
//! byte that is not what was sealed. Findings in sealed texts themselves are notes.

use super::log::ReleaseLog;
use super::{Lock, OBJECTS, account, lock_files, lock_path, object_path, state, text};
use crate::audience::AudienceId;
use crate::config::Config;
use crate::diagnostic::{Diagnostics, Fault, FileFault, Place, one_of, rules};
use crate::digest::Inputs;
use crate::document::{self, FileSet, TASKS};
use crate::markdown::outline::Outline;
use crate::memo::{Function, Memo};
use crate::model::check::SealedTasks;
use crate::model::{self, Instructions, Release, SealTime};
use crate::source::{FileId, Source, Sources, Span};
use jiff::Timestamp;
use semver::Version;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

/// A lock, the bytes it was read from, and where it lies.
#[derive(Clone)]
struct FoundLock {
    lock: Lock,
    digest: String,
    file: FileId,
}

/// Opens every release of the site. A release with a broken seal is left out, and an error.
pub fn open(sources: &Sources, memo: &Memo, config: &Config, diagnostics: &mut Diagnostics) -> SealedTasks {
    read_log(sources, config, diagnostics);
    open_all(locks(sources, config, diagnostics), sources, memo, config, diagnostics)
}

/// The log, compared with the store.
pub fn read_log(sources: &Sources, config: &Config, diagnostics: &mut Diagnostics) -> Option<ReleaseLog> {
    let log = ReleaseLog::of(sources, diagnostics)?;
    account::check(&log, sources, config, diagnostics);
    Some(log)
}

fn open_all(
    mut locks: BTreeMap<String, Vec<FoundLock>>,
    sources: &Sources,
    memo: &Memo,
    config: &Config,
    diagnostics: &mut Diagnostics,
) -> SealedTasks {
    let written = state::read(sources, diagnostics);
    for (task, keys) in &written {
        for old in state::former(keys) {
            let former = locks.remove(&old.value.0).unwrap_or_default();
            let all = locks.entry(task.clone()).or_default();
            all.extend(former);
            all.sort_by(|a, b| a.lock.version.cmp(&b.lock.version));
        }
    }
    let mut releases: BTreeMap<String, Vec<Release>> = BTreeMap::new();
    for (task, locks) in locks {
        check_chain(&locks, diagnostics);
        note_lost_audiences(&locks, config, diagnostics);
        for found in &locks {
            if let Some(release) = opened(&task, found, sources, memo, config, diagnostics) {
                releases.entry(task.clone()).or_default().push(release);
            }
        }
    }
    let mut none = Vec::new();
    let states = written.into_iter().map(|(task, keys)| {
        let releases = releases.get_mut(&task).unwrap_or(&mut none);
        if releases.is_empty() && sources.find(&format!("{TASKS}{task}/task.md")).is_none() {
            let message = format!("this is the state of `{task}`, and there is no such task");
            diagnostics.add(rules::UNKNOWN_TASK, Place::file(state::path(&task)), message);
        }
        let state = state::settle(&keys, releases, sources, config, diagnostics);
        (task, state)
    });
    let states = states.collect();
    SealedTasks { releases, states }
}

/// What `goldbook verify` says of a site.
pub struct Verified {
    /// Each release that is whole.
    pub releases: Vec<VerifiedRelease>,
    /// How many objects were checked.
    pub objects: usize,
    /// The log, if there is one.
    pub log: Option<ReleaseLog>,
    /// Each release that is not what was sealed.
    pub faulty: Vec<FaultyRelease>,
}

/// A release that is not what was sealed.
pub struct FaultyRelease {
    /// The task.
    pub task: String,
    /// Its version.
    pub version: Version,
    /// When it was sealed, as far as can be told.
    pub time: SealTime,
    /// The files of it that are missing or changed; none if it is the lock, and with it all.
    pub files: Vec<String>,
}

/// A release that is what was sealed.
pub struct VerifiedRelease {
    /// The task.
    pub task: String,
    /// Its version.
    pub version: Version,
    /// When it was sealed.
    pub time: Timestamp,
    /// SHA-256 of its lock: the release's id.
    pub id: String,
    /// Where its lock lies.
    pub lock: String,
}

/// Checks the log, every lock, chain and object, objects that no lock names included.
pub fn verify(sources: &Sources, memo: &Memo, config: &Config, diagnostics: &mut Diagnostics) -> Verified {
    let log = read_log(sources, config, diagnostics);
    account::note(log.as_ref(), sources, diagnostics);
    let of_task = |(task, releases): (String, Vec<Release>)| {
        releases.into_iter().map(move |release| VerifiedRelease {
            task: task.clone(),
            version: release.version,
            time: release.time.instant(),
            id: release.digest,
            lock: release.lock,
        })
    };
    let locks = locks(sources, config, diagnostics);
    let named = log.as_ref().and_then(|_| named_objects(&locks, sources));
    let releases = open_all(locks.clone(), sources, memo, config, diagnostics).releases;
    let releases = releases.into_iter().flat_map(of_task).collect();
    let mut objects = 0;
    for source in sources.below(OBJECTS) {
        objects += 1;
        let found = source.digest.to_string();
        if object_path(&found, &source.path) != *source.path {
            let message = format!("this object no longer has the digest in its name; it has {found}");
            diagnostics.add(rules::BROKEN_SEAL, Place::file(&*source.path), message).help(MENDING);
        } else if named.as_ref().is_some_and(|named| !named.contains(&*source.path)) {
            let message = "no release names this object";
            diagnostics
                .add(rules::UNNAMED_OBJECT, Place::file(&*source.path), message)
                .help("remove it: nothing shows it");
        }
    }
    let faulty = faulty(&locks, log.as_ref(), sources, config, diagnostics);
    Verified { releases, objects, log, faulty }
}

/// The releases at whose locks or objects an error was found.
fn faulty(
    locks: &BTreeMap<String, Vec<FoundLock>>,
    log: Option<&ReleaseLog>,
    sources: &Sources,
    config: &Config,
    diagnostics: &Diagnostics,
) -> Vec<FaultyRelease> {
    let errors = diagnostics.paths_of_errors(sources);
    let of_lock = |found: &FoundLock| {
        let lock = &found.lock;
        let is_all = errors.contains(&lock_path(&lock.task, &lock.version));
        let files = lock.files.iter().map(|file| (&*file.sha256, &*file.path));
        let texts = lock.projected.values().map(|sha256| (&**sha256, text::NAME));
        let broken = files.chain(texts).filter(|(sha256, path)| !is_all && errors.contains(&object_path(sha256, path)));
        let files: Vec<String> = broken.map(|(_, path)| path.to_owned()).collect();
        (is_all || !files.is_empty()).then(|| FaultyRelease {
            task: lock.task.clone(),
            version: lock.version.clone(),
            time: lock.time,
            files,
        })
    };
    let missing = log.into_iter().flat_map(|log| account::missing(log, sources)).filter_map(|(lock, time)| {
        let (version, time) = (lock.version.parse().ok()?, SealTime::at(time, &config.time_zone));
        Some(FaultyRelease { task: lock.task, version, time, files: Vec::new() })
    });
    locks.values().flatten().filter_map(of_lock).chain(missing).collect()
}

/// The paths of all objects that locks name; none where a lock can't be read.
fn named_objects(locks: &BTreeMap<String, Vec<FoundLock>>, sources: &Sources) -> Option<BTreeSet<String>> {
    let all: Vec<&Lock> = locks.values().flatten().map(|found| &found.lock).collect();
    (all.len() == lock_files(sources).count()).then(|| all.into_iter().flat_map(objects).collect())
}

/// The paths of the objects that a lock names.
fn objects(lock: &Lock) -> impl Iterator<Item = String> + '_ {
    let files = lock.files.iter().map(|file| object_path(&file.sha256, &file.path));
    files.chain(lock.projected.values().map(|sha256| object_path(sha256, text::NAME)))
}

/// The paths of the objects that the lock at `path` names, and no other; nothing where a lock can't be read.
pub fn own_objects(path: &str, sources: &Sources, config: &Config) -> BTreeSet<String> {
    let locks = locks(sources, config, &mut Diagnostics::default());
    let all: Vec<&Lock> = locks.values().flatten().map(|found| &found.lock).collect();
    if all.len() != lock_files(sources).count() {
        return BTreeSet::new();
    }
    let (own, others): (Vec<&Lock>, Vec<&Lock>) =
        all.into_iter().partition(|lock| lock_path(&lock.task, &lock.version) == path);
    let others: BTreeSet<String> = others.into_iter().flat_map(objects).collect();
    own.into_iter().flat_map(objects).filter(|path| !others.contains(path)).collect()
}

const MENDING: &str = "restore the file from version control; to change a sealed text, make a new release";

/// All locks by task, oldest version first.
fn locks(sources: &Sources, config: &Config, diagnostics: &mut Diagnostics) -> BTreeMap<String, Vec<FoundLock>> {
    let mut locks: BTreeMap<String, Vec<FoundLock>> = BTreeMap::new();
    for (task, source) in lock_files(sources) {
        let Some(text) = source.text() else { continue };
        let Some(lock) = Lock::parse(text, source.id, &config.time_zone, diagnostics) else { continue };
        if lock_path(&lock.task, &lock.version) != *source.path {
            let message = format!("this lock is of {}: it lies in the wrong place", lock.name());
            diagnostics.add(rules::BROKEN_SEAL, Span::new(source.id, 0, 0), message).help(MENDING);
            continue;
        }
        locks.entry(task.to_owned()).or_default().push(FoundLock {
            lock,
            digest: source.digest.to_string(),
            file: source.id,
        });
    }
    for found in locks.values_mut() {
        found.sort_by(|a, b| a.lock.version.cmp(&b.lock.version));
    }
    locks
}

/// Each lock names the digest of the one before it, and no two name the same.
fn check_chain(locks: &[FoundLock], diagnostics: &mut Diagnostics) {
    for (number, found) in locks.iter().enumerate() {
        let earlier = &locks[..number];
        let version = &found.lock.version;
        if let Some(other) = earlier.iter().find(|other| other.lock.previous == found.lock.previous) {
            forked(other, found, locks, diagnostics);
            continue;
        }
        match (earlier.last(), &found.lock.previous) {
            (None, None) => {}
            (Some(_), Some(expected)) if earlier.iter().any(|other| other.digest == *expected) => {}
            (Some(before), Some(expected)) => {
                let message = format!(
                    "this lock has changed, or one after it is missing: release {version} expects {expected}, found {}",
                    before.digest
                );
                diagnostics.add(rules::BROKEN_SEAL, Span::new(before.file, 0, 0), message).help(MENDING);
            }
            (None, Some(expected)) => {
                let message = format!("the release before {version} is missing: its lock had the digest {expected}");
                diagnostics.add(rules::BROKEN_SEAL, Span::new(found.file, 0, 0), message).help(MENDING);
            }
            (Some(_), None) => {
                let message = format!("release {version} names no release before it, and there is one");
                diagnostics.add(rules::BROKEN_SEAL, Span::new(found.file, 0, 0), message).help(MENDING);
            }
        }
    }
}

/// Reports two releases that were made from the same one, and how to go on with either.
fn forked(one: &FoundLock, other: &FoundLock, locks: &[FoundLock], diagnostics: &mut Diagnostics) {
    let (first, second) = (&one.lock.version, &other.lock.version);
    let parent = locks.iter().find(|found| one.lock.previous.as_ref() == Some(&found.digest));
    let from = parent.map_or("with none before them".to_owned(), |parent| format!("from {}", parent.lock.version));
    let keep = |kept: &FoundLock, gone: &FoundLock| {
        format!("if readers have {}, remove {}", kept.lock.version, branch(gone, locks).join(" and "))
    };
    diagnostics
        .add(
            rules::FORKED_RELEASE,
            Span::new(other.file, 0, 0),
            format!(
                "releases {first} and {second} were both made {from}: two branches that sealed one each were merged"
            ),
        )
        .related(Span::new(one.file, 0, 0), "made from the same release")
        .help(keep(one, other))
        .help(keep(other, one))
        .help("then seal the merged working text as a new version: it holds what the removed one said");
}

/// Where the locks of a release and of all that were made from it lie.
fn branch(of: &FoundLock, locks: &[FoundLock]) -> Vec<String> {
    let mut digests = BTreeSet::from([of.digest.as_str()]);
    let mut paths = vec![lock_path(&of.lock.task, &of.lock.version)];
    for found in locks {
        if found.lock.previous.as_ref().is_some_and(|previous| digests.contains(previous.as_str())) {
            digests.insert(&found.digest);
            paths.push(lock_path(&found.lock.task, &found.lock.version));
        }
    }
    paths
}

/// Says which audiences a task was sealed for that are not there any more, once each.
fn note_lost_audiences(locks: &[FoundLock], config: &Config, diagnostics: &mut Diagnostics) {
    let mut lost: BTreeMap<&str, &FoundLock> = BTreeMap::new();
    for found in locks {
        let of_files = found.lock.files.iter().filter_map(|file| file.audience.as_deref());
        let names = of_files.chain(found.lock.projected.keys().map(String::as_str));
        lost.extend(names.filter(|name| config.audiences.find(name).is_none()).map(|name| (name, found)));
    }
    for (name, found) in lost {
        let release = found.lock.name();
        let message = format!(
            "{release} was sealed for `{name}`, which goldbook.yaml does not declare: what was theirs, nobody sees"
        );
        let default = config.audiences.name(config.default_audience);
        diagnostics
            .add(rules::LOST_AUDIENCE, Span::new(found.file, 0, 0), message)
            .help(format!("if the audience has another name now, say so in goldbook.yaml: `renamed_audiences: {{{name}: {default}}}`"))
            .help(format!("goldbook.yaml declares {}", config.audiences.prose()));
    }
}

/// What a release sealed: files and texts, each proven to be what its lock says.
pub struct SealedFiles {
    /// The lock.
    pub lock: Lock,
    /// The files, in its order.
    pub files: Vec<Source>,
    /// The text of each audience, by its name at that time.
    pub texts: BTreeMap<String, Source>,
}

/// Opens the files of one release, whatever is wrong with others or with the working text.
pub fn files(
    sources: &Sources,
    task: &str,
    version: &Version,
    config: &Config,
    diagnostics: &mut Diagnostics,
) -> Option<SealedFiles> {
    let mut own = Diagnostics::default();
    read_log(sources, config, &mut own);
    let mut locks = locks(sources, config, &mut own);
    let called = state::called(task, sources);
    let found: Vec<FoundLock> = called.iter().filter_map(|name| locks.remove(name)).flatten().collect();
    for name in &called {
        diagnostics.append(own.clone().errors_below(&lock_path(name, version), sources));
    }
    diagnostics.gate().ok()?;
    let Some(found) = found.into_iter().find(|found| found.lock.version == *version) else {
        let own = lock_files(sources).filter(|(of, _)| called.iter().any(|name| name == of));
        let versions: Vec<&str> =
            own.filter_map(|(_, lock)| lock.path.rsplit('/').next()?.strip_suffix(".yaml")).collect();
        diagnostics
            .add(rules::UNKNOWN_VERSION, Place::Nowhere, format!("`{task}` has no version {version}"))
            .help(format!("sealed are {}", one_of(versions)));
        return None;
    };
    let mut take = |sha256: &str, path: &str| {
        let today = path_today(path, &found.lock, task);
        let object = object(sha256, path, sources).map(|object| object.standing_for(&today));
        object.map_err(|broken| broken_object(broken, &found, diagnostics)).ok()
    };
    let files: Vec<Option<Source>> = found.lock.files.iter().map(|file| take(&file.sha256, &file.path)).collect();
    let texts =
        found.lock.projected.iter().map(|(audience, sha256)| Some((audience.clone(), take(sha256, text::NAME)?)));
    let texts: Option<BTreeMap<String, Source>> = texts.collect();
    let (files, texts) = (files.into_iter().collect::<Option<_>>()?, texts?);
    diagnostics.gate().ok()?;
    Some(SealedFiles { lock: found.lock, files, texts })
}

/// A release of the task that is called `task` today.
fn opened(
    task: &str,
    found: &FoundLock,
    sources: &Sources,
    memo: &Memo,
    config: &Config,
    diagnostics: &mut Diagnostics,
) -> Option<Release> {
    let lock = &found.lock;
    let mut files = Vec::new();
    let mut whole = true;
    for file in &lock.files {
        match object(&file.sha256, &file.path, sources) {
            Ok(object) => files.push(object.standing_for(&path_today(&file.path, lock, task))),
            Err(broken) => {
                broken_object(broken, found, diagnostics);
                whole = false;
            }
        }
    }
    let mut projected = BTreeMap::new();
    for (audience, sha256) in &lock.projected {
        match object(sha256, text::NAME, sources) {
            Ok(text) => {
                note_comments(text, audience, found, memo, diagnostics);
                let today = config.audiences.find(audience).map_or(audience.as_str(), |id| config.audiences.name(id));
                projected.insert(today.to_owned(), text.clone());
            }
            Err(broken) => {
                broken_object(broken, found, diagnostics);
                whole = false;
            }
        }
    }
    if !whole {
        return None;
    }
    let set = FileSet::sealed(files, memo);
    let mut sealed = Diagnostics::default();
    let documents = document::parse_task(task, &set, &mut sealed);
    let instructions = model::instructions(&documents, &set, config, &mut sealed);
    diagnostics.append(sealed.into_sealed(&lock.name()));
    let Some(mut instructions) = instructions else {
        let message = "this lock lacks the task's spec or its rubric, so nothing can be shown";
        diagnostics.add(rules::BROKEN_SEAL, Span::new(found.file, 0, 0), message).help(MENDING);
        return None;
    };
    keep_audiences(&mut instructions, lock, task, config);
    Some(Release {
        version: lock.version.clone(),
        time: lock.time,
        scheduled: lock.scheduled,
        note: lock.note.clone(),
        because: lock.because.clone(),
        changes: lock.changes.clone(),
        lock: lock_path(&lock.task, &lock.version),
        digest: found.digest.clone(),
        comparable_since: lock.comparable_since.clone(),
        projected,
        withdrawn: None,
        instructions,
    })
}

/// Where a sealed file lies in the folder that its task has today.
fn path_today(path: &str, lock: &Lock, task: &str) -> String {
    let inside = path.strip_prefix(TASKS).and_then(|path| path.strip_prefix(&lock.task)?.strip_prefix('/'));
    inside.map_or_else(|| path.to_owned(), |inside| format!("{TASKS}{task}/{inside}"))
}

/// A sealed page is for whom it was sealed for, whatever the settings say by now.
fn keep_audiences(set: &mut Instructions, lock: &Lock, task: &str, config: &Config) {
    let sealed: BTreeMap<String, Option<AudienceId>> = lock
        .files
        .iter()
        .map(|file| {
            (path_today(&file.path, lock, task), file.audience.as_ref().and_then(|name| config.audiences.find(name)))
        })
        .collect();
    let examples = set.examples.iter_mut().map(|example| &mut example.page);
    for page in [&mut set.page, &mut set.rubric_page].into_iter().chain(&mut set.pages).chain(examples) {
        page.audience = sealed.get(&*page.path).copied().flatten();
    }
    for (path, (_, audience)) in &mut set.files {
        *audience = sealed.get(path.as_str()).copied().flatten();
    }
}

/// A sealed text to where it holds comments.
struct Comments;

impl Function for Comments {
    type Value = Arc<[Range<usize>]>;
}

/// Says which sealed texts hold comments, which readers were not meant to have: their bytes can't change any more.
fn note_comments(text: &Source, audience: &str, found: &FoundLock, memo: &Memo, diagnostics: &mut Diagnostics) {
    let read = || text.text().map_or_else(Arc::default, |text| Outline::of(text).comments.into());
    let comments = memo.take::<Comments>(Inputs::of("comments").digest(&text.digest).end(), read);
    if let Some(first) = comments.first() {
        let message = format!(
            "`{}` of {} was sealed with comments, and {audience} are given them: here is the first of {}",
            text::NAME,
            found.lock.name(),
            comments.len()
        );
        diagnostics
            .add(rules::SEALED_FINDING, Span::new(text.id, first.start, first.end), message)
            .help("what is sealed stays as it is; a new version has none");
    }
}

/// Reports a sealed file that is not what was sealed, and which lock says so.
fn broken_object(broken: FileFault, found: &FoundLock, diagnostics: &mut Diagnostics) {
    let lock = lock_path(&found.lock.task, &found.lock.version);
    diagnostics
        .fault(rules::BROKEN_SEAL, broken.fault.place(broken.file), broken.fault)
        .related(Place::file(lock), "sealed by")
        .help(MENDING);
}

/// The object of a sealed file, if it is there and is what was sealed; else where it should be, and what is wrong.
fn object<'a>(sha256: &str, path: &str, sources: &'a Sources) -> Result<&'a Source, FileFault> {
    let place = object_path(sha256, path);
    let Some(file) = sources.find(&place) else {
        return Err(Fault::whole(format!("the sealed text of `{path}` is missing")).of(place));
    };
    let found = file.digest.to_string();
    if found == sha256 {
        return Ok(file);
    }
    let message = format!("the sealed text of `{path}` has changed: expected {sha256}, found {found}");
    Err(Fault::whole(message).of(place))
}
