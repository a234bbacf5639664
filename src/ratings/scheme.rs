//! The scheme: what ratings are read by. Which task has which criteria, and which version asks what.
//!
//! In: the Model. Out: look-ups from names to numbers, the rubric a version has, and whether two versions ask the
//! same question. Sealed releases count; the working text does only where nothing is sealed yet.

use super::expected::{Expected, KnownRun};
use crate::document::{Criterion, Rubric};
use crate::model::{Example, Model, Task};
use semver::Version;
use std::collections::{BTreeMap, BTreeSet};

/// A criterion of a task, as the newest version has it: that is how all its ratings are scored.
#[derive(Clone, Debug)]
pub struct Question {
    /// The task's place in the Model.
    pub task: u16,
    /// The criterion.
    pub criterion: Criterion,
}

/// Names and rubrics of all tasks.
pub struct Scheme<'a> {
    /// The site.
    pub model: &'a Model,
    /// Every criterion of every task: by task, then as in the newest rubric, then what earlier versions had.
    pub questions: Vec<Question>,
    by_name: Vec<BTreeMap<&'a str, u16>>,
    /// By task, the last step of each item whose run is known.
    last_steps: Vec<BTreeMap<&'a str, u32>>,
}

impl<'a> Scheme<'a> {
    /// Gathers the criteria of every version.
    pub fn of(model: &'a Model) -> Self {
        let mut scheme = Self { model, questions: Vec::new(), by_name: Vec::new(), last_steps: Vec::new() };
        for (index, task) in model.tasks.iter().enumerate() {
            scheme.add(number(index), task);
        }
        scheme
    }

    fn add(&mut self, index: u16, task: &'a Task) {
        let sealed = task.releases.iter().rev().map(|release| &release.instructions.rubric);
        let working = task.working.as_ref().filter(|_| task.releases.is_empty()).map(|working| &working.rubric);
        let mut names = BTreeMap::new();
        for criterion in sealed.chain(working).flat_map(|rubric| &rubric.criteria) {
            names.entry(criterion.id.as_str()).or_insert_with(|| {
                self.questions.push(Question { task: index, criterion: criterion.clone() });
                number(self.questions.len() - 1)
            });
        }
        self.by_name.push(names);
        let mut last_steps = BTreeMap::new();
        for (item, last) in task.last_steps() {
            let longest: &mut u32 = last_steps.entry(item).or_default();
            *longest = last.max(*longest);
        }
        self.last_steps.push(last_steps);
    }

    /// The last step of an item's run, where that is known.
    pub fn last_step(&self, task: u16, item: &str) -> Option<u32> {
        self.last_steps[usize::from(task)].get(item).copied()
    }

    /// What the site expects of a table of ratings.
    pub fn expected(&self) -> Expected<'_> {
        Expected::of(self.attributes(), self.criteria(), self.model.tasks.len() != 1).with_runs(self.runs())
    }

    /// The runs that examples show.
    pub fn runs(&self) -> Vec<KnownRun<'a>> {
        let of_task = |task: &'a Task| {
            let run = |example: &'a Example| {
                let run = example.trajectory.as_ref()?;
                let (task, item) = (task.id.as_str(), example.item.as_str());
                Some(KnownRun { task, item, file: &run.file, trajectory: &run.trajectory })
            };
            task.examples().filter_map(run)
        };
        self.model.tasks.iter().flat_map(of_task).collect()
    }

    /// The task of this name, or that had it before.
    pub fn task(&self, id: &str) -> Option<u16> {
        let tasks = &self.model.tasks;
        let found = tasks.binary_search_by(|task| task.id.as_str().cmp(id)).ok();
        found.or_else(|| tasks.iter().position(|task| task.was_called(id))).map(number)
    }

    /// The number of a task's criterion.
    pub fn question(&self, task: u16, criterion: &str) -> Option<u16> {
        self.by_name[usize::from(task)].get(criterion).copied()
    }

    /// The rubric that a rating under `version` answered; the first, as the nearest, if it was made before any.
    pub fn rubric(&self, task: u16, version: Option<&Version>) -> Option<&'a Rubric> {
        let task = &self.model.tasks[usize::from(task)];
        let sealed = match version {
            Some(version) => task.release(version),
            None => task.releases.first(),
        };
        sealed.map(|release| &release.instructions.rubric).or_else(|| current(task))
    }

    /// The ids of cohorts by their places in the Model.
    pub fn cohort_ids(&self, cohorts: &[u16]) -> impl Iterator<Item = &'a str> {
        let (model, cohorts) = (self.model, cohorts.to_vec());
        cohorts.into_iter().map(|index| model.cohorts[usize::from(index)].id.as_str())
    }

    /// Ids of criteria.
    pub fn criteria(&self) -> BTreeSet<&str> {
        self.questions.iter().map(|question| question.criterion.id.as_str()).collect()
    }

    /// Names of attributes that flags of some criterion have: columns of these names are read.
    pub fn attributes(&self) -> BTreeSet<&str> {
        let criteria = self.questions.iter().map(|question| &question.criterion);
        let steps = criteria.filter(|criterion| criterion.scale.has_flags());
        steps.flat_map(|criterion| &criterion.attributes).map(|attribute| attribute.name.as_str()).collect()
    }
}

/// The rubric in force: that of the newest release, or the working text where nothing is sealed.
pub fn current(task: &Task) -> Option<&Rubric> {
    let sealed = task.latest().map(|release| &release.instructions.rubric);
    sealed.or(task.working.as_ref().map(|working| &working.rubric))
}

/// The first version that asked what `criterion` asks in `version`: two versions ask the same if it is the same one.
///
/// What was made before any release is taken to answer what the first one asks. Where nothing is sealed, nothing is
/// known of changes: each version is its own, and none stands for all. Flags name steps by number: by a criterion with
/// flags, versions ask the same of an `item` only while its run counts its steps alike.
pub fn meaning(task: &Task, criterion: &str, item: Option<&str>, version: Option<&Version>) -> Option<Version> {
    let version = version.or(task.releases.first().map(|release| &release.version))?;
    let release = task.release(version);
    let since = release.and_then(|release| release.comparable_since.get(criterion)).unwrap_or(version);
    let has_flags = || {
        let asked = release.and_then(|release| release.instructions.rubric.criterion(criterion));
        asked.is_some_and(|criterion| criterion.scale.has_flags())
    };
    let counted = item.and_then(|item| task.recounted.since(item, version)).filter(|_| has_flags());
    Some(counted.map_or(since, |counted| counted.max(since)).clone())
}

/// Whether two meanings are the same question.
pub fn compare(a: Option<&Version>, b: Option<&Version>) -> bool {
    a.zip(b).is_none_or(|(a, b)| a == b)
}

fn number(index: usize) -> u16 {
    u16::try_from(index).expect("a site has fewer than 65,536 tasks and criteria")
}
