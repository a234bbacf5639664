//! The Model: everything a site says, checked, with nothing unresolved in it.
//!
//! In: documents (working and sealed). Out: values that pages and reports are made from.
//! `check` makes it, `project` narrows it; nothing after that asks whether something exists.

pub mod asset;
mod bar_plan;
pub mod check;
pub mod check_keys;
mod check_links;
pub mod check_runs;
mod check_text;
mod cited;
pub mod glossary;
mod gold;
mod instructions;
mod lint;
mod moved_steps;
mod page;
pub mod project;
mod quote;
mod recounted;
mod seal_time;
pub mod secrets;
mod section;
mod state;
pub mod suggestions;
mod svg;
mod task;
mod text;

pub use crate::document::Outcome;
pub use bar_plan::{BarPlan, LoggedPlan};
pub use check_text::TextCheck;
pub use glossary::{GLOSSARY_PATH, Glossary};
pub use gold::{Gold, GoldAnswer, GoldFlag, each_once};
pub use instructions::check as instructions;
pub use lint::lint;
pub use moved_steps::{Anchor, MovedStep, MovedSteps, like};
pub use page::{Excerpt, Page, Run, Text};
pub use recounted::RecountedRuns;
pub use seal_time::SealTime;
pub use section::Section;
pub use state::{Ending, ServingPeriod, State};
pub use task::{Release, SealedChange, Task, release_name};
pub use text::{EXCERPT_STEPS, ExcerptArguments, is_picture, run_path};

use crate::audience::AudienceId;
use crate::config::Config;
use crate::diagnostic::{Diagnostics, Fault, Halt, Place, did_you_mean, one_of, rules};
use crate::document::links::StepCounts;
use crate::document::{BarPart, CohortRole, ItemKind, Member, Rubric, TaskKind, TaskStatus, Use};
use crate::markdown::ids::RunSide;
use crate::source::Source;
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A checked site.
#[derive(Clone)]
pub struct Model {
    /// The settings.
    pub config: Arc<Config>,
    /// Shared pages, folder by folder; they are live, not sealed.
    pub sections: Vec<Arc<Section>>,
    /// Tasks by id.
    pub tasks: Vec<Task>,
    /// Cohorts by id.
    pub cohorts: Vec<Cohort>,
    /// The data lead's words on reports, by cohort and week.
    pub commentaries: Vec<Commentary>,
    /// The digests of the last lines of the log of releases: one, but for branches that are not joined.
    pub log: Vec<String>,
}

impl Model {
    /// The words on a cohort's week.
    pub fn commentary(&self, cohort: &str, week: &str) -> Option<&Commentary> {
        self.commentaries.iter().find(|of| of.cohort == cohort && of.week == week)
    }

    /// The task of this name.
    pub fn find_task(&self, id: &str, diagnostics: &mut Diagnostics) -> Result<&Task, Halt> {
        self.tasks.iter().find(|task| task.id == id).ok_or_else(|| {
            let known = || self.tasks.iter().map(|task| task.id.as_str());
            let fault = Fault::whole(format!("there is no task `{id}`")).maybe(did_you_mean(id, known()));
            let fault = fault.help(format!("content/tasks holds {}", one_of(known())));
            diagnostics.stop(rules::UNKNOWN_TASK, Place::Nowhere, fault)
        })
    }

    /// The place among the cohorts of the one of this name.
    pub fn find_cohort(&self, id: &str, diagnostics: &mut Diagnostics) -> Result<u16, Halt> {
        let found = (0_u16..).zip(&self.cohorts).find(|(_, cohort)| cohort.id == id).map(|(index, _)| index);
        found.ok_or_else(|| diagnostics.stop(rules::UNKNOWN_COHORT, Place::Nowhere, cohort_fault(id, &self.cohorts)))
    }
}

/// What to say of a cohort that is not there.
fn cohort_fault(id: &str, cohorts: &[Cohort]) -> Fault {
    let known = || cohorts.iter().map(|cohort| cohort.id.as_str());
    let fault = Fault::whole(format!("there is no cohort `{id}`")).maybe(did_you_mean(id, known()));
    fault.help(format!("content/cohorts holds {}", one_of(known())))
}

/// One task's instruction set.
#[derive(Clone)]
pub struct Instructions {
    /// `task.md`.
    pub page: Page,
    /// What the front matter of `task.md` says.
    pub facts: Facts,
    /// `rubric.md`.
    pub rubric_page: Page,
    /// The criteria.
    pub rubric: Rubric,
    /// Further pages.
    pub pages: Vec<Page>,
    /// Examples by id.
    pub examples: Vec<Example>,
    /// Every file that a release of this set holds, with who may see it.
    pub files: BTreeMap<String, (Source, Option<AudienceId>)>,
}

impl Instructions {
    /// The heading of a criterion's section; its id where it has none.
    pub fn criterion_title<'b>(&'b self, id: &'b str) -> &'b str {
        self.rubric_page.text.outline.heading(id).map_or(id, |heading| heading.text.as_str())
    }

    /// Its pages, those of examples included.
    pub fn all_pages(&self) -> impl Iterator<Item = &Page> {
        let examples = self.examples.iter().map(|example| &example.page);
        [&self.page, &self.rubric_page].into_iter().chain(&self.pages).chain(examples)
    }

    /// What a release of the set holds: examples that are not shipped are never sealed.
    pub fn shipped(&self) -> Self {
        let mut set = self.clone();
        set.examples.retain(|example| example.used.is_shipped());
        set
    }

    /// The paths of the files that are not as in another set, or are in one of them only. A file that was checked out may
    /// end its lines otherwise.
    pub fn changed_files<'a>(&'a self, other: &'a Self) -> Vec<&'a str> {
        let is_same = |path: &str, file: &Source| {
            other.files.get(path).is_some_and(|(old, _)| crate::text::same_lines(old.bytes(), file.bytes()))
        };
        let changed = self.files.iter().filter(|(path, (file, _))| !is_same(path, file));
        let gone = other.files.keys().filter(|path| !self.files.contains_key(*path));
        changed.map(|(path, _)| path).chain(gone).map(String::as_str).collect()
    }
}

/// What a task says of itself.
#[derive(Clone)]
pub struct Facts {
    /// One sentence for lists.
    pub summary: Option<String>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// What an item is.
    pub items: ItemKind,
    /// Expected time for one item.
    pub time: Option<String>,
    /// Pay for an accepted item.
    pub pay: Option<String>,
    /// Where it stands.
    pub status: TaskStatus,
    /// Whether it goes on.
    pub kind: TaskKind,
    /// What a reader should know about who asks.
    pub interests: Option<String>,
}

/// An item with its gold explained.
#[derive(Clone)]
pub struct Example {
    /// Its file's name.
    pub id: String,
    /// Its page.
    pub page: Page,
    /// The item, as ratings name it.
    pub item: String,
    /// How it is used.
    pub used: Use,
    /// The run it shows.
    pub trajectory: Option<Run>,
    /// The second run of a pair; none without a first.
    pub against: Option<Run>,
    /// Its gold; empty for those who may not see it.
    pub gold: Vec<Gold>,
}

impl Example {
    /// One of its runs, if it has it.
    pub fn run(&self, side: RunSide) -> Option<&Run> {
        match side {
            RunSide::First => self.trajectory.as_ref(),
            RunSide::Second => self.against.as_ref(),
        }
    }

    /// Its runs: none, one, or the two of a pair.
    pub fn runs(&self) -> impl Iterator<Item = &Run> {
        self.trajectory.iter().chain(&self.against)
    }

    /// How many steps its runs have.
    pub fn step_counts(&self) -> StepCounts {
        let count = |side| self.run(side).map_or(0, |run| run.steps.len());
        StepCounts { first: count(RunSide::First), second: count(RunSide::Second) }
    }
}

/// The data lead's words on a cohort's week.
#[derive(Clone)]
pub struct Commentary {
    /// The cohort's id.
    pub cohort: String,
    /// The ISO week, such as `2026-W46`.
    pub week: String,
    /// What is said.
    pub page: Page,
}

/// A cohort.
#[derive(Clone)]
pub struct Cohort {
    /// Its file's name.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// The contracting service.
    pub vendor: Option<String>,
    /// What a reader of its reports should know about who rates.
    pub interests: Option<String>,
    /// Whose ratings these are.
    pub role: CohortRole,
    /// Who belongs to it.
    pub raters: Vec<Member>,
    /// Ids of the tasks it rates.
    pub tasks: Vec<String>,
    /// First day.
    pub from: Option<Date>,
    /// Last day.
    pub until: Option<Date>,
    /// Pay for an accepted item where it is not the task's.
    pub pay: Option<String>,
    /// Bars that replace those of a task's rubric.
    pub bars: BTreeMap<String, Vec<BarPart>>,
    /// Plans of their parts, in the order of the log.
    pub plans: Vec<LoggedPlan>,
}

impl Cohort {
    /// The last plan of a part of its bar for a task that the log has.
    pub fn plan_of(&self, task: &Task, part: &BarPart) -> Option<&LoggedPlan> {
        self.plans.iter().rfind(|of| task.is_or_was(&of.plan.task) && of.plan.is_of(part))
    }
}
