//! Tasks: their working text, what has been sealed of it, and what of that readers may have.
//!
//! In: instruction sets that were checked. Out: the versions of a task in their order. It never reads a lock.

use super::{Ending, Example, Instructions, RecountedRuns, SealTime, State};
use crate::document::{Criterion, Rubric};
use crate::source::Source;
use jiff::civil::Date;
use semver::Version;
use std::collections::BTreeMap;

/// A task: its working text, and what has been sealed.
#[derive(Clone)]
pub struct Task {
    /// Its folder's name.
    pub id: String,
    /// The text being worked on; for those who see gold only.
    pub working: Option<Instructions>,
    /// Sealed versions that readers may have, oldest first.
    pub releases: Vec<Release>,
    /// Sealed versions whose day has not come, oldest first; they follow the others.
    pub waiting: Vec<Release>,
    /// Which version serves whom, what is over, and what it was called.
    pub state: State,
    /// Runs that count their steps otherwise from some release on.
    pub recounted: RecountedRuns,
}

impl Task {
    /// The newest version that readers may have and work from: of those that were withdrawn only if all were.
    pub fn latest(&self) -> Option<&Release> {
        self.releases.iter().rev().find(|release| release.withdrawn.is_none()).or(self.releases.last())
    }

    /// Whether this id was its own before.
    pub fn was_called(&self, id: &str) -> bool {
        self.state.was.iter().any(|was| was == id)
    }

    /// Whether this id is its own, or was.
    pub fn is_or_was(&self, id: &str) -> bool {
        self.id == id || self.was_called(id)
    }

    /// The newest sealed version and its text as an audience has it; none where that has none.
    pub fn newest_for(&self, audience: &str) -> Option<(&Release, &Source)> {
        self.latest().and_then(|release| Some((release, release.projected.get(audience)?)))
    }

    /// Every sealed version, oldest first.
    pub fn sealed(&self) -> impl Iterator<Item = &Release> {
        self.releases.iter().chain(&self.waiting)
    }

    /// The version that was sealed last, which the next one follows.
    pub fn last_sealed(&self) -> Option<&Release> {
        self.waiting.last().or(self.releases.last())
    }

    /// Sets aside what is scheduled for a day after `today`, and whatever follows it. Without a day, all of that waits.
    pub fn wait_for(&mut self, today: Option<Date>) {
        let is_later = |release: &Release| today.is_none_or(|today| today < release.time.day());
        let first = self.releases.iter().position(|release| release.scheduled && is_later(release));
        self.waiting = self.releases.split_off(first.unwrap_or(self.releases.len()));
    }

    /// Every example, of the working text last.
    pub fn examples(&self) -> impl Iterator<Item = &Example> {
        let sealed = self.releases.iter().map(|release| &release.instructions);
        sealed.chain(&self.working).flat_map(|set| &set.examples)
    }

    /// The last steps of items whose runs examples show, one for each text with it.
    pub fn last_steps(&self) -> impl Iterator<Item = (&str, u32)> {
        self.examples().filter_map(|example| {
            let last = example.trajectory.as_ref()?.steps.len();
            Some((example.item.as_str(), u32::try_from(last).unwrap_or(u32::MAX)))
        })
    }

    /// The last step of an item's run, where that is known: of several texts the longest run counts.
    pub fn last_step(&self, item: &str) -> Option<u32> {
        self.last_steps().filter(|(known, _)| *known == item).map(|(_, last)| last).max()
    }

    /// Its rubrics, the newest first.
    pub fn rubrics(&self) -> impl Iterator<Item = &Rubric> {
        let working = self.working.iter().map(|working| &working.rubric);
        working.chain(self.releases.iter().rev().map(|release| &release.instructions.rubric))
    }

    /// A criterion as a version asks it, else as the newest text does that has it.
    pub fn asks(&self, criterion: &str, version: Option<&Version>) -> Option<&Criterion> {
        let sealed = version.and_then(|version| self.release(version));
        let sealed = sealed.and_then(|release| release.instructions.rubric.criterion(criterion));
        sealed.or_else(|| self.rubrics().find_map(|rubric| rubric.criterion(criterion)))
    }

    /// The name of one of its releases.
    pub fn release_name(&self, release: &Release) -> String {
        release_name(&self.id, &release.version)
    }

    /// The sealed instructions of a version that readers may have.
    pub fn release(&self, version: &Version) -> Option<&Release> {
        self.releases.iter().find(|release| release.version == *version)
    }
}

/// A sealed version of a task's instructions.
#[derive(Clone)]
pub struct Release {
    /// Its number.
    pub version: Version,
    /// When it was sealed; of a scheduled one, when it begins to serve.
    pub time: SealTime,
    /// Whether it was sealed for a later time, and is shown from that day on.
    pub scheduled: bool,
    /// What its author said of it.
    pub note: String,
    /// Where its lock lies, in the folder of the task's name by then.
    pub lock: String,
    /// SHA-256 of the lock file's bytes, in hexadecimal: the release's id.
    pub digest: String,
    /// Why it is a smaller step than its changes ask for, or some of them less than they seem, if so.
    pub because: Option<String>,
    /// What changed since the release before it, as its author said it; nothing if that was not recorded.
    pub changes: Vec<SealedChange>,
    /// For each criterion, the first version whose ratings compare with this one's.
    pub comparable_since: BTreeMap<String, Version>,
    /// For each audience by name, its text as sealed: what is shipped as `instructions.md`.
    pub projected: BTreeMap<String, Source>,
    /// Since when it must not be worked from any more.
    pub withdrawn: Option<Ending>,
    /// What was sealed.
    pub instructions: Instructions,
}

/// One change since the release before.
#[derive(Clone, Debug, PartialEq)]
pub struct SealedChange {
    /// Where it is, such as `rubric.md#fixed`.
    pub place: String,
    /// What it is.
    pub what: String,
    /// Its class.
    pub class: String,
}

/// A release as findings name it: `run-quality 1.0.0`.
pub fn release_name(task: &str, version: &Version) -> String {
    format!("{task} {version}")
}
