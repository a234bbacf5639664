//! What the log accounts for: the locks and signatures that it names, against those that are there.
//!
//! In: the log and the files of the store. Out: a finding for each lock that is missing, edited or in no line, and the
//! log with one act more. It never looks into a lock.

use super::act::{ReleaseAct, SealedLock, SealedReport};
use super::log::{LogLine, MENDING, PATH, ReleaseLog, broken};
use super::sign::{SIGNERS, signature_path};
use super::{FOLDER, lock_files};
use crate::config::Config;
use crate::diagnostic::{Diagnostics, Place, rules};
use crate::document::REPORTS;
use crate::source::{Source, Sources};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// What all lines of a log come to.
#[derive(Default)]
struct Accounts<'a> {
    /// The releases that are there, by where their locks lie.
    locks: BTreeMap<String, Account<'a>>,
    /// The published reports that are there, by where they lie.
    reports: BTreeMap<String, (&'a SealedReport, &'a LogLine)>,
    /// Who may sign and whether releases must be signed, as the last line of that says.
    signers: (Option<&'a str>, bool),
}

/// A release, and the line that accounts for it.
struct Account<'a> {
    lock: &'a SealedLock,
    signature: Option<&'a str>,
    line: &'a LogLine,
    /// Whether releases had to be signed by then.
    must_be_signed: bool,
}

/// Compares the store with its log. Branches that are not joined yet are a warning: the next act joins them.
pub fn check(log: &ReleaseLog, sources: &Sources, config: &Config, diagnostics: &mut Diagnostics) {
    note_branches(log, diagnostics);
    let accounts = Accounts::of(log, diagnostics);
    for (path, account) in &accounts.locks {
        account.check(path, sources, diagnostics);
    }
    for (_, source) in lock_files(sources).filter(|(_, source)| !accounts.locks.contains_key(&*source.path)) {
        diagnostics
            .add(rules::BROKEN_LOG, Place::file(&*source.path), "no line of the log accounts for this lock")
            .related(Place::file(PATH), "the log")
            .help(MENDING)
            .help("if a Goldbook without a log sealed it, move it away and seal the text once more");
    }
    accounts.check_reports(sources, diagnostics);
    let (signers, required) = signing(sources, config);
    if accounts.signers != (signers.as_deref(), required) {
        diagnostics
            .add(
                rules::CHANGED_SIGNERS,
                Place::file(PATH),
                "who may sign, or whether releases must be signed, is not what the log says last",
            )
            .related(Place::file(SIGNERS), "who may sign")
            .related(Place::file(crate::config::FILE), "`signing:`")
            .help("if that is meant, the next act writes a line of it");
    }
}

/// Says of a store that it has no log yet, and of a log what it holds that can't be read.
pub fn note(log: Option<&ReleaseLog>, sources: &Sources, diagnostics: &mut Diagnostics) {
    let Some(log) = log else {
        for source in report_files(sources) {
            diagnostics
                .add(rules::BROKEN_LOG, Place::file(&*source.path), "this was published, and there is no log")
                .help(MENDING);
        }
        if lock_files(sources).next().is_some() {
            diagnostics
                .add(
                    rules::NO_LOG,
                    Place::file(FOLDER),
                    "these releases have no log: who edits the newest lock, or removes it, is not found",
                )
                .help("the next release begins one");
        }
        return;
    };
    for line in &log.lines {
        if let ReleaseAct::Unknown(words) = &line.act {
            let message = format!("an act that this version of Goldbook does not know: `{}`", crate::text::line(words));
            diagnostics.add(rules::UNKNOWN_ACT, Place::Line(PATH.to_owned(), line.number), message);
        }
    }
}

/// The releases that the log accounts for and whose locks are not there, each with the time of its line.
pub fn missing(log: &ReleaseLog, sources: &Sources) -> Vec<(SealedLock, Timestamp)> {
    let accounts = Accounts::of(log, &mut Diagnostics::default());
    let missing = accounts.locks.iter().filter(|(path, _)| sources.find(path).is_none());
    missing.map(|(_, account)| (account.lock.clone(), account.line.time)).collect()
}

/// The log with further acts; the first line of a new one adopts every release that is there.
pub fn next_log(
    log: Option<ReleaseLog>,
    acts: impl IntoIterator<Item = ReleaseAct>,
    time: Timestamp,
    sources: &Sources,
    config: &Config,
) -> ReleaseLog {
    let mut log = log.unwrap_or_default();
    let locks: Vec<SealedLock> = lock_files(sources).filter_map(|(task, source)| sealed_lock(task, source)).collect();
    if log.lines.is_empty() && !locks.is_empty() {
        log.add(ReleaseAct::Adopt(locks), time);
    }
    log.join(time);
    let (digest, required) = signing(sources, config);
    let said = Accounts::of(&log, &mut Diagnostics::default()).signers;
    if said != (digest.as_deref(), required) {
        log.add(ReleaseAct::Signers { digest, required }, time);
    }
    acts.into_iter().for_each(|act| log.add(act, time));
    log
}

/// Who may sign (the digest of `signers`), and whether releases must be signed, as it is now.
fn signing(sources: &Sources, config: &Config) -> (Option<String>, bool) {
    (sources.find(SIGNERS).map(|source| source.digest.to_string()), config.signing_required)
}

fn sealed_lock(task: &str, source: &Source) -> Option<SealedLock> {
    let version = source.path.rsplit('/').next()?.strip_suffix(".yaml")?;
    version.parse::<semver::Version>().ok()?;
    Some(SealedLock { task: task.to_owned(), version: version.to_owned(), digest: source.digest.to_string() })
}

/// Names the last lines of branches that are not joined.
fn note_branches(log: &ReleaseLog, diagnostics: &mut Diagnostics) {
    let ends = log.ends();
    let [first, others @ ..] = &*ends else { return };
    for other in others {
        diagnostics
            .add(
                rules::FORKED_LOG,
                Place::Line(PATH.to_owned(), other.number),
                format!(
                    "lines {} and {} end two branches of the log that were merged and are not joined yet",
                    first.number, other.number
                ),
            )
            .help("the next act joins them, as does `goldbook verify --join`");
    }
}

impl<'a> Accounts<'a> {
    fn of(log: &'a ReleaseLog, diagnostics: &mut Diagnostics) -> Self {
        let mut accounts = Self::default();
        for line in &log.lines {
            accounts.add(line, diagnostics);
        }
        accounts
    }

    fn add(&mut self, line: &'a LogLine, diagnostics: &mut Diagnostics) {
        match &line.act {
            ReleaseAct::Release { lock, signature } => self.seal(lock, signature.as_deref(), line, diagnostics),
            ReleaseAct::Adopt(locks) => {
                if !line.is_first() {
                    broken(
                        line,
                        "this line adopts releases, and is not the first: only a store without a log is adopted"
                            .to_owned(),
                        diagnostics,
                    );
                }
                for lock in locks {
                    self.seal(lock, None, line, diagnostics);
                }
            }
            ReleaseAct::Undo(lock) => {
                let path = lock.path();
                match self.locks.get(&path) {
                    Some(account) if account.lock == lock => drop(self.locks.remove(&path)),
                    _ => broken(
                        line,
                        format!("this line undoes {}, which no line above it sealed so", lock.name()),
                        diagnostics,
                    ),
                }
            }
            ReleaseAct::Publish(report) => {
                if let Some((_, before)) = self.reports.insert(report.path(), (report, line)) {
                    let message =
                        format!("this line publishes {}, and line {} did so before", report.path(), before.number);
                    broken(line, message, diagnostics);
                }
            }
            ReleaseAct::Signers { digest, required } => self.signers = (digest.as_deref(), *required),
            ReleaseAct::Withdraw { .. }
            | ReleaseAct::Retire { .. }
            | ReleaseAct::Rename { .. }
            | ReleaseAct::Plan(_)
            | ReleaseAct::Join(_)
            | ReleaseAct::Unknown(_) => {}
        }
    }

    /// Compares the published reports with the lines that name them.
    fn check_reports(&self, sources: &Sources, diagnostics: &mut Diagnostics) {
        for (path, (report, line)) in &self.reports {
            let found = sources.find(path).map(|source| source.digest.to_string());
            let number = line.number;
            let what = match found {
                None => format!("line {number} of the log published this report, and it is not there"),
                Some(found) if found != report.digest => {
                    let expected = &report.digest;
                    format!("this report has changed: line {number} of the log expects {expected}, found {found}")
                }
                Some(_) => continue,
            };
            diagnostics
                .add(rules::BROKEN_LOG, Place::file(path.clone()), what)
                .related(Place::Line(PATH.to_owned(), number), "published by")
                .help("restore it from version control: what was published is not edited, but revised");
        }
        let is_known = |source: &&Source| self.reports.contains_key(&*source.path);
        for source in report_files(sources).filter(|source| !is_known(source)) {
            diagnostics
                .add(rules::BROKEN_LOG, Place::file(&*source.path), "no line of the log accounts for this report")
                .related(Place::file(PATH), "the log")
                .help("`goldbook publish` writes a report and its line; move this file away, and publish the week");
        }
    }

    fn seal(
        &mut self,
        lock: &'a SealedLock,
        signature: Option<&'a str>,
        line: &'a LogLine,
        diagnostics: &mut Diagnostics,
    ) {
        let account = Account { lock, signature, line, must_be_signed: self.signers.1 };
        match self.locks.get(&lock.path()) {
            // Two branches may each adopt the same store.
            Some(before) if before.lock == lock && before.line.is_first() && line.is_first() => {}
            Some(before) => {
                let message = format!("this line seals {}, and line {} did so before", lock.name(), before.line.number);
                broken(line, message, diagnostics);
            }
            None => drop(self.locks.insert(lock.path(), account)),
        }
    }
}

impl Account<'_> {
    fn check(&self, path: &str, sources: &Sources, diagnostics: &mut Diagnostics) {
        let Self { lock, line, .. } = self;
        let what = match sources.find(path) {
            None => format!("line {} of the log sealed {}, and its lock is not there", line.number, lock.name()),
            Some(found) if found.digest.to_string() != lock.digest => format!(
                "this lock has changed: line {} of the log expects {}, found {}",
                line.number, lock.digest, found.digest
            ),
            Some(_) => return self.check_signature(&signature_path(path), sources, diagnostics),
        };
        self.wrong(path, what, diagnostics);
    }

    fn check_signature(&self, path: &str, sources: &Sources, diagnostics: &mut Diagnostics) {
        let number = self.line.number;
        let found = sources.find(path).map(|source| source.digest.to_string());
        let what = match (self.signature, found) {
            (Some(_), None) => {
                format!("line {number} of the log signed {}, and the signature is not there", self.lock.name())
            }
            (Some(expected), Some(found)) if expected != found => {
                format!("this signature has changed: line {number} of the log expects {expected}, found {found}")
            }
            (None, _) if self.must_be_signed => {
                format!(
                    "releases had to be signed when line {number} of the log sealed {}, and it was not",
                    self.lock.name()
                )
            }
            _ => return,
        };
        self.wrong(path, what, diagnostics);
    }

    fn wrong(&self, path: &str, message: String, diagnostics: &mut Diagnostics) {
        diagnostics
            .add(rules::BROKEN_LOG, Place::file(path), message)
            .related(Place::Line(PATH.to_owned(), self.line.number), "sealed by")
            .help(MENDING);
    }
}

/// The published reports of a site.
pub fn report_files(sources: &Sources) -> impl Iterator<Item = &Source> {
    sources.below(REPORTS).filter(|source| source.path.ends_with(".json"))
}

impl SealedLock {
    /// Where it lies.
    fn path(&self) -> String {
        format!("{FOLDER}{}/{}.yaml", self.task, self.version)
    }

    /// The release, as findings name it.
    fn name(&self) -> String {
        format!("{} {}", self.task, self.version)
    }
}
