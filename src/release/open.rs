//! Opening releases: locks and objects back to Instructions, every digest verified.
//!
//! In: the files of `content/releases/`. Out: the sealed versions of each task, oldest first, and a finding for each
//! byte that is not what was sealed. Findings in sealed texts themselves are notes.

use super::act::ReleaseAct;
use super::chain::{self, FoundLock, locks};
use super::log::ReleaseLog;
use super::proof::{ProvenFiles, path_today, proven};
use super::{Lock, account, lock_files, lock_path, state, text};
use crate::audience::AudienceId;
use crate::config::Config;
use crate::diagnostic::{Diagnostics, Place, one_of, rules};
use crate::digest::Inputs;
use crate::document::{self, FileSet, TASKS};
use crate::markdown::outline::Outline;
use crate::memo::{Function, Memo};
use crate::model::check::SealedTasks;
use crate::model::{self, Instructions, LoggedPlan, Release, SealTime};
use crate::source::{Source, Sources, Span};
use semver::Version;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

/// Opens every release of the site. A release with a broken seal is left out, and an error.
pub fn open(sources: &Sources, memo: &Memo, config: &Config, diagnostics: &mut Diagnostics) -> SealedTasks {
    let log = read_log(sources, config, diagnostics);
    let written = state::read(sources, diagnostics);
    let locks = chain::by_task(locks(sources, config, diagnostics), &written);
    let mut releases: BTreeMap<String, Vec<Release>> = BTreeMap::new();
    for (task, locks) in locks {
        chain::check(&locks, config, diagnostics);
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
    let plans = log.as_ref().map(|log| plans(log, config)).unwrap_or_default();
    let log = log.iter().flat_map(ReleaseLog::ends).map(|end| end.digest.clone()).collect();
    SealedTasks { releases, states, log, plans }
}

/// The plans of cohorts' bars that the log has.
fn plans(log: &ReleaseLog, config: &Config) -> BTreeMap<String, Vec<LoggedPlan>> {
    let mut plans: BTreeMap<String, Vec<LoggedPlan>> = BTreeMap::new();
    for line in &log.lines {
        if let ReleaseAct::Plan(plan) = &line.act {
            let time = SealTime::at(line.time, &config.time_zone);
            plans.entry(plan.cohort.clone()).or_default().push(LoggedPlan { plan: plan.clone(), time });
        }
    }
    plans
}

/// The log, compared with the store.
pub fn read_log(sources: &Sources, config: &Config, diagnostics: &mut Diagnostics) -> Option<ReleaseLog> {
    let log = ReleaseLog::of(sources, diagnostics)?;
    account::check(&log, sources, config, diagnostics);
    Some(log)
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
    let proven = proven(task, &found, sources, diagnostics);
    diagnostics.gate().ok()?;
    let ProvenFiles { files, texts } = proven?;
    let texts = texts.into_iter().map(|(audience, text)| (audience, text.standing_for(text::NAME))).collect();
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
    let ProvenFiles { files, texts } = proven(task, found, sources, diagnostics)?;
    let mut projected = BTreeMap::new();
    for (audience, text) in texts {
        note_comments(&text, &audience, found, memo, diagnostics);
        let today = config.audiences.find(&audience).map_or(audience.as_str(), |id| config.audiences.name(id));
        projected.insert(today.to_owned(), text);
    }
    let set = FileSet::sealed(files, memo);
    let mut sealed = Diagnostics::default();
    let documents = document::parse_task(task, &set, &mut sealed);
    let instructions = model::instructions(&documents, &set, config, &mut sealed);
    diagnostics.append(sealed.into_sealed(&lock.name()));
    let Some(mut instructions) = instructions else {
        chain::nothing_to_show(found, diagnostics);
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
