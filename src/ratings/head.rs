//! The head of a row: which task, version, time, pass, basis and status it speaks of.
//!
//! In: a row and the scheme. Out: a `Head`, or the reason why the row is refused. What it says of the criterion is
//! `said`; whose work it is, `intake`.

use super::columns::{Column, Row};
use super::entry::{RatingBasis, Status};
use super::rejected::{Reason, Refusal, guess};
use super::said::whole_number;
use super::scheme::Scheme;
use super::time::Submitted;
use crate::diagnostic::one_of;
use crate::document::Rubric;
use crate::model::{Release, Task};
use crate::release::{self, receipt::Receipt};
use semver::Version;

/// What a row says of itself, checked.
#[derive(Clone, Copy)]
pub struct Head<'a> {
    /// The task's place in the Model.
    pub task: u16,
    /// The rubric that the row answers.
    pub rubric: &'a Rubric,
    /// Whether the row names the task by an id that it had before.
    pub task_renamed: bool,
    /// Whether the version was inferred from the time.
    pub version_assumed: bool,
    /// Whether it took the row's cohort to tell it.
    pub by_cohort: bool,
    /// When it was submitted.
    pub submitted: Option<Submitted>,
    /// Which time the rater was asked, from 1.
    pub pass: u8,
    /// How independent it is.
    pub basis: RatingBasis,
    /// Whether it is paid.
    pub status: Option<Status>,
}

impl<'a> Head<'a> {
    /// Reads the head of a row, and its version: none where none is named and nothing was sealed by then. `cohort` is
    /// asked for the cohort of the row where it takes that to tell which version served.
    pub fn read(
        row: &Row<'_, '_>,
        scheme: &Scheme<'a>,
        cohort: impl FnOnce(u16, Option<&Submitted>) -> Option<u16>,
    ) -> Result<(Self, Option<Version>), Refusal> {
        let task = task(row.get(Column::Task), scheme)?;
        let submitted = submitted(row.get(Column::SubmittedAt), scheme)?;
        let named = row.get(Column::Version);
        let by_cohort = named.is_empty() && scheme.model.tasks[usize::from(task)].state.is_by_cohort();
        let cohort = by_cohort.then(|| cohort(task, submitted.as_ref())).flatten();
        let (version, version_assumed) = version(task, named, cohort, submitted.as_ref(), scheme)?;
        let no_rubric = || Refusal::new(Reason::UnknownTask, "the task has no rubric");
        let head = Self {
            task,
            rubric: scheme.rubric(task, version.as_ref()).ok_or_else(no_rubric)?,
            task_renamed: scheme.model.tasks[usize::from(task)].was_called(row.get(Column::Task)),
            version_assumed,
            by_cohort,
            submitted,
            pass: pass(row.get(Column::Pass))?,
            basis: word(row.get(Column::Basis), &RatingBasis::WORDS, Reason::UnknownBasis)?
                .unwrap_or(RatingBasis::Independent),
            status: word(row.get(Column::Status), &Status::WORDS, Reason::UnknownStatus)?,
        };
        Ok((head, version))
    }
}

fn task(name: &str, scheme: &Scheme<'_>) -> Result<u16, Refusal> {
    let tasks = &scheme.model.tasks;
    if name.is_empty() && tasks.len() == 1 {
        return Ok(0);
    }
    scheme.task(name).ok_or_else(|| {
        let guess = guess(name, tasks.iter().map(|task| task.id.as_str()));
        Refusal::new(Reason::UnknownTask, format!("`{name}`{guess}"))
    })
}

fn submitted(text: &str, scheme: &Scheme<'_>) -> Result<Option<Submitted>, Refusal> {
    if text.is_empty() {
        return Ok(None);
    }
    let read = Submitted::parse(text, &scheme.model.config.time_zone);
    read.map(Some).ok_or_else(|| Refusal::new(Reason::BadTime, format!("`{text}`")))
}

/// The version a row names, else the one that served when it was made; and whether it was assumed.
fn version(
    task: u16,
    text: &str,
    cohort: Option<u16>,
    submitted: Option<&Submitted>,
    scheme: &Scheme<'_>,
) -> Result<(Option<Version>, bool), Refusal> {
    let task = &scheme.model.tasks[usize::from(task)];
    let Task { releases, waiting, .. } = task;
    if text.is_empty() {
        let cohort = cohort.map(|cohort| scheme.model.cohorts[usize::from(cohort)].id.as_str());
        let serving = release::serving(task, cohort, submitted.map(|submitted| submitted.earliest));
        return Ok((serving.cloned(), serving.is_some()));
    }
    let refused = |why: &str| Refusal::new(Reason::BadVersion, format!("`{text}` {why}"));
    let number = text.split_once('+').map_or(text, |(number, _)| number);
    let version: Version = number.parse().map_err(|_| refused("is not of the form 1.0.0"))?;
    if number != text {
        let release = releases.iter().find(|release| release.version == version);
        check_receipt(text, release)?;
    }
    if releases.is_empty() || releases.iter().any(|release| release.version == version) {
        Ok((Some(version), false))
    } else if let Some(release) = waiting.iter().find(|release| release.version == version) {
        Err(refused(&format!("is scheduled for {}: nobody has it yet", release.time.in_words())))
    } else {
        Err(refused("was never sealed"))
    }
}

/// Refuses a receipt that no text of the release has, whichever audience's. Of a version that was never sealed, that is
/// what is said; where no text is known, none can be told from another.
fn check_receipt(text: &str, release: Option<&Release>) -> Result<(), Refusal> {
    let unknown = |message: String| Refusal::new(Reason::UnknownReceipt, message);
    let receipt = Receipt::parse(text).map_err(|fault| unknown(fault.message))?;
    let is_known = |release: &Release| {
        release.projected.is_empty() || release.projected.values().any(|text| receipt.is_of(&text.digest))
    };
    if release.is_none_or(is_known) { Ok(()) } else { Err(unknown(format!("no text of that version has `{text}`"))) }
}

fn pass(text: &str) -> Result<u8, Refusal> {
    let read = |text| whole_number(text).and_then(|pass| u8::try_from(pass).ok()).filter(|pass| *pass > 0);
    let refused = || Refusal::new(Reason::BadPass, format!("`{text}`"));
    if text.is_empty() { Ok(1) } else { read(text).ok_or_else(refused) }
}

fn word<T: Copy>(text: &str, words: &[(&str, T)], reason: Reason) -> Result<Option<T>, Refusal> {
    if text.is_empty() {
        return Ok(None);
    }
    let found = words.iter().find(|(word, _)| *word == text).map(|(_, meaning)| *meaning);
    let known = || one_of(words.iter().map(|(word, _)| *word));
    found.map(Some).ok_or_else(|| Refusal::new(reason, format!("`{text}` is not one of {}", known())))
}
