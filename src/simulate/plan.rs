//! Plans: what is rated in which week, and how each rater answers.
//!
//! In: nothing; `read` makes them. Out: types with every name resolved and every default settled, and what a rater is
//! like on a day.

use crate::document::{Criterion, Rubric};
use crate::model::{Cohort, GoldAnswer, Release, Task};
use crate::ratings::{Week, current};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use semver::Version;
use std::collections::BTreeMap;

/// A checked plan.
pub struct SimulationPlan<'m> {
    /// The seed of everything random.
    pub seed: u64,
    /// In which days begin and end.
    pub zone: &'m TimeZone,
    /// The tasks by id.
    pub tasks: Vec<TaskPlan<'m>>,
    /// The cohorts by id.
    pub cohorts: Vec<CohortPlan<'m>>,
}

/// What is rated of a task.
pub struct TaskPlan<'m> {
    /// The task.
    pub task: &'m Task,
    /// The weeks in which it is rated.
    pub weeks: Vec<Week>,
    /// What names of items without gold begin with.
    pub prefix: String,
    /// How many steps an item has, where its run does not say.
    pub steps: u32,
    /// Median minutes that a submission takes.
    pub minutes: f64,
    /// Standard deviation of the logarithm of the time.
    pub spread: f64,
    /// How likely each answer is to be the truth, by `criterion` or `criterion.attribute`; equal where none is given.
    pub answers: BTreeMap<String, Vec<(String, f64)>>,
    /// What answers allow of each other.
    pub rules: Vec<AnswerRule>,
    /// Sentences of raters, by criterion.
    pub comments: BTreeMap<String, Vec<String>>,
    /// Items with gold, in the order in which they are rated.
    pub gold: Vec<GoldItem<'m>>,
    /// Gold items of a week, all cohorts together.
    pub gold_a_week: usize,
}

/// An item with gold.
pub struct GoldItem<'m> {
    /// Its name.
    pub item: &'m str,
    /// Its gold by criterion.
    pub answers: BTreeMap<&'m str, &'m GoldAnswer>,
    /// How many steps its run has, where it is known.
    pub steps: Option<u32>,
}

/// Where one criterion has some value, another has one of some.
pub struct AnswerRule {
    /// The criterion and value; `none` stands for no flags.
    pub when: (String, String),
    /// What others may then have, by criterion.
    pub then: BTreeMap<String, Vec<String>>,
}

/// What a cohort rates, and who does.
pub struct CohortPlan<'m> {
    /// The cohort.
    pub cohort: &'m Cohort,
    /// Its work on each task.
    pub work: Vec<WorkPlan>,
    /// What each rater is like.
    pub raters: BTreeMap<&'m str, Manner>,
}

/// A cohort's work on one task.
pub struct WorkPlan {
    /// The task's place in the plan.
    pub task: usize,
    /// Items a week.
    pub items: usize,
    /// How many of them have gold.
    pub gold: usize,
    /// Raters an item.
    pub overlap: usize,
}

/// What a rater is like.
#[derive(Clone, Debug, PartialEq)]
pub struct Manner {
    /// Chance to answer as the truth.
    pub skill: f64,
    /// Share of answers that are "unsure", where that is allowed.
    pub unsure: f64,
    /// Time taken, relative to the task's median.
    pub pace: f64,
    /// Share of submissions that are rejected.
    pub rejected: f64,
    /// Share of submissions that replace an earlier one.
    pub corrected: f64,
    /// Share of criteria with sentences to which one is written.
    pub comments: f64,
    /// What is different on some task or criterion, or from some day on.
    pub habits: Vec<Habit>,
}

/// Something a rater does on some task or criterion, from some day on.
#[derive(Clone, Debug, PartialEq)]
pub struct Habit {
    /// The task; all if none.
    pub task: Option<String>,
    /// The criterion; all if none.
    pub criterion: Option<String>,
    /// The first day.
    pub from: Option<Date>,
    /// What is done.
    pub effect: Effect,
}

/// What a habit does.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// The skill is this.
    Skill(f64),
    /// The skill changes by this each week, the first one included.
    Drift(f64),
    /// The time taken is multiplied by this.
    Pace(f64),
    /// This share of answers is one value higher, or lower, than it would be.
    Shift(Direction, f64),
    /// This share of items of which the first value is true is given the second.
    Reads(String, String, f64),
}

/// Where a shift leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// To the next value.
    Higher,
    /// To the value before.
    Lower,
}

/// How a rater answers one criterion on one day.
pub struct Bearing<'p> {
    /// Chance to answer as the truth.
    pub skill: f64,
    /// Chance to be unsure.
    pub unsure: f64,
    /// The habits in force.
    habits: Vec<&'p Effect>,
}

impl Manner {
    /// The habits in force on a task and day, each with the weeks it has been so.
    fn in_force(&self, task: &str, day: Date) -> impl Iterator<Item = (&Habit, f64)> {
        let of_task = move |habit: &&Habit| habit.task.as_ref().is_none_or(|name| name == task);
        self.habits.iter().filter(of_task).filter_map(move |habit| {
            let from = habit.from.unwrap_or(day);
            let monday = |day: Date| Week::of(day).days().0;
            (from <= day).then(|| (habit, f64::from((monday(day) - monday(from)).get_days() / 7 + 1)))
        })
    }

    /// How the rater answers a criterion of a task on a day.
    pub fn bearing(&self, task: &str, criterion: &str, day: Date) -> Bearing<'_> {
        let mut bearing = Bearing { skill: self.skill, unsure: self.unsure, habits: Vec::new() };
        let mut drift = 0.0;
        for (habit, weeks) in self.in_force(task, day) {
            if habit.criterion.as_ref().is_none_or(|name| name == criterion) {
                match habit.effect {
                    Effect::Skill(skill) => bearing.skill = skill,
                    Effect::Drift(change) => drift += change * weeks,
                    Effect::Pace(_) => {}
                    Effect::Shift(..) | Effect::Reads(..) => bearing.habits.push(&habit.effect),
                }
            }
        }
        bearing.skill = (bearing.skill + drift).clamp(0.0, 1.0);
        bearing
    }

    /// The time taken on a task and day, relative to the task's median.
    pub fn pace(&self, task: &str, day: Date) -> f64 {
        let paces = self.in_force(task, day).filter_map(|(habit, _)| match habit.effect {
            Effect::Pace(pace) => Some(pace),
            _ => None,
        });
        self.pace * paces.product::<f64>()
    }
}

impl<'p> Bearing<'p> {
    /// What a value is read as, each with its share.
    pub fn readings(&self, value: &str) -> impl Iterator<Item = (&'p str, f64)> {
        self.habits.iter().filter_map(move |effect| match effect {
            Effect::Reads(read, given, share) if read == value => Some((given.as_str(), *share)),
            _ => None,
        })
    }

    /// Where answers are moved to, each with its share.
    pub fn shifts(&self) -> impl Iterator<Item = (Direction, f64)> {
        self.habits.iter().filter_map(|effect| match effect {
            Effect::Shift(direction, share) => Some((*direction, *share)),
            _ => None,
        })
    }
}

impl<'m> TaskPlan<'m> {
    /// The version that serves on a day, and the rubric that is answered. A plan has a version serve from the morning of
    /// its own day; a scheduled one from the next, since its own begins under the version before.
    pub fn rubric(&self, day: Date) -> (Option<&'m Version>, Option<&'m Rubric>) {
        let releases = &self.task.releases;
        let serves = |release: &&Release| {
            let own = release.time.day();
            own < day || own == day && !release.scheduled
        };
        let sealed = releases.iter().rev().find(serves).or(releases.first());
        let version = sealed.map(|release| &release.version);
        (version, sealed.map_or_else(|| current(self.task), |release| Some(&release.instructions.rubric)))
    }

    /// The values of a criterion in order: those of its scale; of numbers, those that the plan names and `also`.
    pub fn ladder(&self, criterion: &Criterion, also: &[String]) -> Vec<String> {
        if !criterion.scale.has_numbers() {
            return criterion.scale.values().map(str::to_owned).collect();
        }
        let named = self.answers.get(&criterion.id).into_iter().flatten().map(|(value, _)| value);
        let on_scale = named.chain(also).filter(|value| criterion.scale.refuses(value).is_none());
        let mut numbers: Vec<(f64, &String)> = on_scale.filter_map(|text| Some((text.parse().ok()?, text))).collect();
        numbers.sort_by(|a, b| a.0.total_cmp(&b.0));
        numbers.dedup_by(|a, b| a.0 == b.0);
        numbers.into_iter().map(|(_, text)| text.clone()).collect()
    }
}
