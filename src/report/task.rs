//! A task's part of a report: this week, so far, the bar, the trend and the versions.
//!
//! In: a cohort, a task and a week. Out: a `TaskReport`. What does not depend on the week is computed once.

use super::Data;
use super::agreement::Span;
use super::bars::{self, Bar};
use super::figures::Figures;
use super::part::{Part, overall, overall_of_asked};
use crate::figures::{Share, accuracy::Accuracy};
use crate::model::Task;
use crate::ratings::{Counted, Stratum, Week};
use crate::release;
use jiff::civil::Date;

/// What is reported of one task.
#[derive(Clone, Debug)]
pub struct TaskReport {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// The version that served at the end of the week, if one is sealed.
    pub version: Option<String>,
    /// The week's figures.
    pub week: Figures,
    /// Figures of everything until the end of the week.
    pub so_far: Figures,
    /// The bar, judged on everything so far.
    pub bar: Bar,
    /// Right out of asked over all criteria with values, by week until this one.
    pub trend: Vec<TrendPoint>,
    /// Releases since the first week of the trend.
    pub releases: Vec<ReleaseMark>,
    /// The same by version of the instructions, so far.
    pub versions: Vec<VersionFigures>,
    /// Accuracy on gold that raters could have seen, so far; no part of any other figure.
    pub shown: Accuracy,
}

/// One week of a trend.
#[derive(Clone, Debug)]
pub struct TrendPoint {
    /// The week.
    pub week: Week,
    /// Right out of asked.
    pub figure: Share,
}

/// A release within a trend.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReleaseMark {
    /// Its version.
    pub version: String,
    /// Its day.
    pub date: Date,
    /// The week of that day.
    pub week: Week,
}

/// Accuracy under one version.
#[derive(Clone, Debug)]
pub struct VersionFigures {
    /// The version; none for ratings of a task without one.
    pub version: Option<String>,
    /// The same, if it is sealed.
    pub sealed: Option<String>,
    /// Accuracy over the criteria that have values.
    pub accuracy: Accuracy,
}

/// What the reports of a cohort and task are computed from.
pub struct TaskData<'a> {
    data: &'a Data<'a>,
    cohort: u16,
    index: u16,
    task: &'a Task,
    questions: Vec<u16>,
    weeks: Vec<Week>,
    trend: Vec<TrendPoint>,
}

impl<'a> TaskData<'a> {
    /// Gathers what does not depend on the week.
    pub fn of(cohort: u16, index: u16, data: &'a Data<'a>) -> Self {
        let asked = data.ratings.names.questions.iter().zip(0_u16..);
        let scored = asked.filter(|(question, _)| question.task == index && question.criterion.scale.is_scored());
        let mut task = Self {
            data,
            cohort,
            index,
            task: &data.model.tasks[usize::from(index)],
            questions: scored.map(|(_, number)| number).collect(),
            weeks: data.work.task_weeks(cohort, index),
            trend: Vec::new(),
        };
        task.trend = task.weeks.iter().map(|week| task.trend_point(*week)).collect();
        task
    }

    /// Whether the cohort had rated the task by the end of a week.
    pub fn has_begun(&self, week: Week) -> bool {
        self.data.work.so_far(self.cohort, self.index, week).ratings > 0
    }

    /// The report of a week.
    pub fn report(&self, week: Week) -> TaskReport {
        let work = &self.data.work;
        let in_week = self.parts(false, |stratum| stratum.week == Some(week));
        let so_far = self.parts(false, |stratum| until(stratum, week));
        let total = work.so_far(self.cohort, self.index, week);
        let shown = self.parts(true, |stratum| until(stratum, week));
        let so_far = Figures::of(total, &so_far, Span::Until(week), self.data.ratings);
        let worked = work.in_week(self.cohort, self.index, week);
        let cohort = &self.data.model.cohorts[usize::from(self.cohort)];
        let looks = self.weeks.iter().filter(|of| **of <= week).count();
        TaskReport {
            id: self.task.id.clone(),
            title: title(self.task),
            version: release::serving(&self.task.releases, Some(week.days().1)).map(ToString::to_string),
            week: Figures::of(worked, &in_week, Span::In(week), self.data.ratings),
            bar: bars::judge(cohort, self.task, &so_far, looks, self.data.model.config.minimum_gold),
            so_far,
            trend: self.trend.iter().filter(|point| point.week <= week).cloned().collect(),
            releases: self.releases(week),
            versions: self.versions(week),
            shown: overall(&shown, total),
        }
    }

    /// The counts of every criterion, of the strata that are wanted.
    fn parts(&self, shown: bool, wanted: impl Fn(&Stratum) -> bool) -> Vec<Part<'a>> {
        let part = |question: &u16| {
            let strata = self.data.tally.of_question(self.cohort, *question, shown);
            let counted: Vec<&'a Counted> =
                strata.filter(|(stratum, _)| wanted(stratum)).map(|(_, counted)| counted).collect();
            let criterion = &self.data.ratings.names.questions[usize::from(*question)].criterion;
            let units = self.data.values.of_question(self.cohort, *question).collect();
            Part::of(*question, criterion, counted, units)
        };
        self.questions.iter().map(part).collect()
    }

    fn trend_point(&self, week: Week) -> TrendPoint {
        let parts = self.parts(false, |stratum| stratum.week == Some(week));
        let work = self.data.work.in_week(self.cohort, self.index, week);
        TrendPoint { week, figure: overall_of_asked(&parts, work) }
    }

    fn releases(&self, week: Week) -> Vec<ReleaseMark> {
        let Some(first) = self.weeks.first() else { return Vec::new() };
        let marks = self.task.releases.iter().map(|release| ReleaseMark {
            version: release.version.to_string(),
            date: release.date,
            week: Week::of(release.date),
        });
        marks.filter(|mark| *first <= mark.week && mark.week <= week).collect()
    }

    fn versions(&self, week: Week) -> Vec<VersionFigures> {
        let strata =
            self.questions.iter().flat_map(|question| self.data.tally.of_question(self.cohort, *question, false));
        let mut versions: Vec<Option<u16>> =
            strata.filter(|(stratum, _)| until(stratum, week)).map(|(stratum, _)| stratum.version).collect();
        versions.sort_unstable();
        versions.dedup();
        let work = self.data.work.so_far(self.cohort, self.index, week);
        let figures = versions.into_iter().map(|version| {
            let parts = self.parts(false, |stratum| until(stratum, week) && stratum.version == version);
            let name = version.map(|version| self.data.ratings.names.versions[usize::from(version)].to_string());
            let is_sealed =
                |name: &String| self.task.releases.iter().any(|release| release.version.to_string() == *name);
            VersionFigures { sealed: name.clone().filter(is_sealed), version: name, accuracy: overall(&parts, work) }
        });
        figures.collect()
    }
}

/// Whether a stratum lies before the end of a week; ratings without a time do.
fn until(stratum: &Stratum, week: Week) -> bool {
    stratum.week.is_none_or(|of| of <= week)
}

fn title(task: &Task) -> String {
    let sealed = task.latest().map(|release| &release.instructions);
    let instructions = sealed.or(task.working.as_ref());
    instructions.map_or_else(|| task.id.clone(), |instructions| instructions.page.title.clone())
}
