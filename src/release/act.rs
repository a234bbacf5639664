//! Acts on what is sealed, as the words of the log's lines.
//!
//! In: the words of a line behind its time, or what is done. Out: one from the other. It knows no line and no order.

use crate::document::REPORTS;
use crate::model::BarPlan;

/// A lock, as lines of the log name it: `<task> <version> <digest>`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SealedLock {
    /// The task.
    pub task: String,
    /// Its version.
    pub version: String,
    /// SHA-256 of the lock: the release's id.
    pub digest: String,
}

/// A published report, as lines of the log name it: `<cohort> <week> <revision> <digest>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedReport {
    /// The cohort.
    pub cohort: String,
    /// The ISO week.
    pub week: String,
    /// 1 for what was published first, then one more for each revision.
    pub revision: u32,
    /// SHA-256 of its file.
    pub digest: String,
}

impl SealedReport {
    /// Where it lies.
    pub fn path(&self) -> String {
        Self::path_of(&self.cohort, &self.week, self.revision)
    }

    /// Where the report of a cohort's week lies.
    pub fn path_of(cohort: &str, week: &str, revision: u32) -> String {
        let revision = if revision == 1 { String::new() } else { format!(".r{revision}") };
        format!("{REPORTS}{cohort}/{week}{revision}.json")
    }
}

/// What was done, as the words of a line after its time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReleaseAct {
    /// `release <task> <version> <lock>`, with `signed <signature>` if it was: SHA-256 of both files.
    Release {
        /// What was sealed.
        lock: SealedLock,
        /// The digest of its signature.
        signature: Option<String>,
    },
    /// `undo <task> <version> <lock>`: a release that is gone.
    Undo(SealedLock),
    /// `withdraw <task> <version>`.
    Withdraw {
        /// The task.
        task: String,
        /// Its version.
        version: String,
    },
    /// `retire <task>`.
    Retire {
        /// The task.
        task: String,
    },
    /// `rename <old> <new>`: a task's ids.
    Rename {
        /// What it was called.
        old: String,
        /// What it is called from now on.
        new: String,
    },
    /// `publish <cohort> <week> <revision> <digest>`: a report.
    Publish(SealedReport),
    /// `plan <cohort> <task> <figure> <at least> <items>`: on how many items a cohort's bar is decided.
    Plan(BarPlan),
    /// `adopt <task> <version> <lock> …`: every release of a store that had no log.
    Adopt(Vec<SealedLock>),
    /// `join <line> …`: the last lines of other branches, beside the one before this line.
    Join(Vec<String>),
    /// `signers <digest or none> <required or optional>`: who may sign, and whether releases must be signed.
    Signers {
        /// SHA-256 of `content/releases/signers`; none where it is not there.
        digest: Option<String>,
        /// Whether every release must be signed.
        required: bool,
    },
    /// An act of a newer Goldbook.
    Unknown(String),
}

impl ReleaseAct {
    /// What the words of a line say; none where they break the form of an act that is known.
    pub fn parse(words: &str) -> Option<Self> {
        let words: Vec<&str> = words.split(' ').collect();
        let owned = |word: &str| word.to_owned();
        let locks = |words: &[&str]| words.chunks(3).map(SealedLock::parse).collect::<Option<_>>();
        Some(match *words.as_slice() {
            ["release", task, version, lock] => {
                Self::Release { lock: SealedLock::parse(&[task, version, lock])?, signature: None }
            }
            ["release", task, version, lock, "signed", signature] if is_digest(signature) => {
                Self::Release { lock: SealedLock::parse(&[task, version, lock])?, signature: Some(owned(signature)) }
            }
            ["undo", ref lock @ ..] => Self::Undo(SealedLock::parse(lock)?),
            ["withdraw", task, version] => Self::Withdraw { task: owned(task), version: owned(version) },
            ["retire", task] => Self::Retire { task: owned(task) },
            ["rename", old, new] => Self::Rename { old: owned(old), new: owned(new) },
            ["publish", cohort, week, revision, digest] if is_digest(digest) => Self::Publish(SealedReport {
                cohort: owned(cohort),
                week: owned(week),
                revision: revision.parse().ok().filter(|revision| *revision > 0)?,
                digest: owned(digest),
            }),
            ["plan", cohort, task, figure, at_least, items] => Self::Plan(BarPlan {
                cohort: owned(cohort),
                task: owned(task),
                figure: owned(figure),
                at_least: at_least.parse::<f64>().ok().map(|_| owned(at_least))?,
                decide_at: items.parse().ok().filter(|items| *items > 0)?,
            }),
            ["adopt", ref rest @ ..] => Self::Adopt(locks(rest)?),
            ["join", ref rest @ ..] if !rest.is_empty() && rest.iter().all(|word| is_digest(word)) => {
                Self::Join(rest.iter().map(|word| owned(word)).collect())
            }
            ["signers", signers, required @ ("required" | "optional")] if signers == "none" || is_digest(signers) => {
                Self::Signers { digest: (signers != "none").then(|| owned(signers)), required: required == "required" }
            }
            ["release" | "withdraw" | "retire" | "rename" | "publish" | "plan" | "join" | "signers" | "", ..] => {
                return None;
            }
            _ => Self::Unknown(words.join(" ")),
        })
    }

    /// The words of its line.
    pub fn words(&self) -> String {
        match self {
            Self::Release { lock, signature: None } => format!("release {}", lock.words()),
            Self::Release { lock, signature: Some(signature) } => {
                format!("release {} signed {signature}", lock.words())
            }
            Self::Undo(lock) => format!("undo {}", lock.words()),
            Self::Withdraw { task, version } => format!("withdraw {task} {version}"),
            Self::Retire { task } => format!("retire {task}"),
            Self::Rename { old, new } => format!("rename {old} {new}"),
            Self::Publish(SealedReport { cohort, week, revision, digest }) => {
                format!("publish {cohort} {week} {revision} {digest}")
            }
            Self::Plan(BarPlan { cohort, task, figure, at_least, decide_at }) => {
                format!("plan {cohort} {task} {figure} {at_least} {decide_at}")
            }
            Self::Adopt(locks) => locks.iter().fold("adopt".to_owned(), |line, lock| line + " " + &lock.words()),
            Self::Join(ends) => format!("join {}", ends.join(" ")),
            Self::Signers { digest, required } => {
                let required = if *required { "required" } else { "optional" };
                format!("signers {} {required}", digest.as_deref().unwrap_or("none"))
            }
            Self::Unknown(words) => words.clone(),
        }
    }
}

impl SealedLock {
    fn parse(words: &[&str]) -> Option<Self> {
        let [task, version, digest] = *words else { return None };
        let is_named = !task.is_empty() && version.parse::<semver::Version>().is_ok();
        (is_named && is_digest(digest)).then(|| Self {
            task: task.to_owned(),
            version: version.to_owned(),
            digest: digest.to_owned(),
        })
    }

    fn words(&self) -> String {
        format!("{} {} {}", self.task, self.version, self.digest)
    }
}

/// Whether a word is SHA-256 in hexadecimal digits.
pub fn is_digest(word: &str) -> bool {
    word.len() == 64 && word.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}
