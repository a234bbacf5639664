//! A task's part of a report: this week, so far, the bar, the trend and the versions.
//!
//! In: a cohort, a task and a week. Out: a `TaskReport`. What does not depend on the week is computed once.

use super::Data;
use super::bars::{self, Bar, BarContext, Spans};
use super::ceiling::{CriterionCeiling, TaskPeers};
use super::change::{ChangeData, WeekChange};
use super::cited::{self, CitableText, CitableTexts};
use super::cost::{TaskPayments, WorkCost};
use super::criterion_trend::CriterionTrend;
use super::figures::{CriterionFigures, Figures};
use super::look::{self, LOOK_BACK, WhereToLook};
use super::looked::Looked;
use super::part::{Part, answer, weight, without};
use super::weeks::{Rated, Sweep};
use super::work::Volume;
use crate::document::Criterion;
use crate::figures::Share;
use crate::figures::accuracy::{Accuracy, Marks, of_asked};
use crate::model::{SealTime, Task};
use crate::ratings::{Given, Question, Stratum, Tallied, Week};
use crate::release;
use jiff::Timestamp;
use jiff::civil::Date;
use rayon::prelude::*;
use semver::Version;
use std::collections::{BTreeMap, BTreeSet};

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
    /// The same of each criterion in the newest weeks, where there are several.
    pub criteria_trends: Vec<CriterionTrend>,
    /// Releases since the first week of the trend.
    pub releases: Vec<ReleaseMark>,
    /// The same by version of the instructions, so far.
    pub versions: Vec<VersionFigures>,
    /// Accuracy on gold that raters could have seen, so far; no part of any other figure.
    pub shown: Accuracy,
    /// How close experts are to each other, and the cohort beside them, so far.
    pub ceiling: Vec<CriterionCeiling>,
    /// What the week's work took, and all until its end.
    pub cost: [WorkCost; 2],
    /// Where to look, by criterion.
    pub look: Vec<WhereToLook>,
    /// What changed.
    pub change: WeekChange,
}

/// How many weeks the trend of a criterion looks back at most: half a year.
const MOST_WEEKS: usize = 26;

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
    /// Whether it is sealed.
    pub is_sealed: bool,
    /// Accuracy over the criteria that have values.
    pub accuracy: Accuracy,
}

/// What the reports of a cohort and task are computed from.
pub struct TaskData<'a> {
    data: &'a Data<'a>,
    cohort: u16,
    index: u16,
    task: &'a Task,
    criteria: Vec<CriterionData<'a>>,
    pool: Pool,
    change: ChangeData<'a>,
    peers: TaskPeers<'a>,
    /// The texts in which cited rules are looked up.
    texts: Vec<CitableText<'a>>,
    weeks: Vec<Week>,
    payments: TaskPayments,
    /// Versions, each with the first week in which it was scored.
    versions: BTreeMap<Option<u16>, Option<Week>>,
}

/// All counts of a criterion.
struct CriterionData<'a> {
    question: u16,
    criterion: &'a Criterion,
    cells: &'a [Tallied],
    given: &'a [Given],
}

/// What overall figures are made of: the marks of all criteria that are part of them.
struct Pool {
    weights: Vec<f64>,
    marks: Vec<Pooled>,
    /// The same on gold that raters could have seen.
    shown: Vec<Pooled>,
}

/// Marks of one criterion, version and week.
struct Pooled {
    week: Option<Week>,
    version: Option<u16>,
    marks: Marks,
}

impl<'a> TaskData<'a> {
    /// Gathers what does not depend on the week.
    pub fn of(cohort: u16, index: u16, data: &'a Data<'a>) -> Self {
        let asked = data.ratings.names.questions.iter().zip(0_u16..);
        let scored = asked.filter(|(question, _)| question.task == index && question.criterion.scale.is_scored());
        let of = |(asked, question): (&'a Question, u16)| CriterionData {
            question,
            criterion: &asked.criterion,
            cells: data.tally.of_stratum(Stratum { cohort, question, shown: false }),
            given: data.values.of_question(cohort, question),
        };
        let criteria: Vec<CriterionData<'a>> = scored.map(of).collect();
        let (pool, change) = rayon::join(|| Pool::of(cohort, &criteria, data), || ChangeData::of(cohort, index, data));
        Self {
            data,
            cohort,
            index,
            task: &data.model.tasks[usize::from(index)],
            texts: cited::texts(&data.model.tasks[usize::from(index)], criteria.iter().map(|of| of.question), data),
            peers: TaskPeers::of(cohort, criteria.iter().map(|of| (of.question, of.criterion)), data),
            pool,
            change,
            versions: versions(&criteria),
            criteria,
            weeks: data.work.task_weeks(cohort, index),
            payments: TaskPayments::of(cohort, index, data),
        }
    }

    /// The reports of some weeks, in order; none where the cohort had not begun.
    pub fn reports(&self, weeks: &[Week]) -> Vec<Option<TaskReport>> {
        let cohort = &self.data.model.cohorts[usize::from(self.cohort)];
        let asked = weeks.iter().copied().filter(|week| self.has_begun(*week));
        // A verdict that is given once may have been given in a week that nobody asks for.
        let before = self.weeks.iter().copied().filter(|week| {
            bars::parts(cohort, self.task).any(|part| part.decide_at.is_some())
                && weeks.iter().any(|asked| week <= asked)
        });
        let begun: Vec<Week> = asked.chain(before).collect::<BTreeSet<Week>>().into_iter().collect();
        let criteria: Vec<Vec<[CriterionFigures; 2]>> =
            self.criteria.par_iter().map(|of| self.criterion(of, &begun)).collect();
        let criteria_trends = self.criteria_trends(&begun, &criteria);
        let mut criteria: Vec<_> = criteria.into_iter().map(Vec::into_iter).collect();
        let by_week: Vec<Vec<[CriterionFigures; 2]>> =
            begun.iter().map(|_| criteria.iter_mut().filter_map(Iterator::next).collect()).collect();
        let trend: Vec<TrendPoint> = self.weeks.par_iter().map(|week| self.trend_point(*week)).collect();
        let trends = (&*trend, &*criteria_trends);
        let reports = begun.par_iter().zip(by_week).map(|(week, criteria)| self.report(*week, criteria, trends));
        let mut reports: Vec<TaskReport> = reports.collect();
        bars::give_once(begun.iter().copied().zip(reports.iter_mut().map(|report| &mut report.bar)));
        let mut reports: BTreeMap<Week, TaskReport> = begun.into_iter().zip(reports).collect();
        weeks.iter().map(|week| reports.remove(week)).collect()
    }

    /// Whether the cohort had rated the task by the end of a week.
    fn has_begun(&self, week: Week) -> bool {
        self.data.work.so_far(self.cohort, self.index, week).ratings > 0
    }

    /// A criterion's figures of each week, and of everything until its end.
    fn criterion(&self, of: &CriterionData<'_>, weeks: &[Week]) -> Vec<[CriterionFigures; 2]> {
        let mut sweep = Sweep::of(of.criterion, of.given, &self.data.ratings);
        let of_week = |week: &Week| {
            let rated = sweep.as_mut().map(|sweep| sweep.week(*week));
            let [in_week, so_far] = self.works(*week);
            let figures = |work: Volume, rated: Option<&Rated<'_>>, wanted: &dyn Fn(&Tallied) -> bool| {
                let cells = of.cells.iter().filter(|cell| wanted(cell));
                CriterionFigures::of(&Part::of((of.question, of.criterion), cells, rated), work, &self.data.ratings)
            };
            [
                figures(in_week, rated.as_ref().map(|rated| &rated.in_week), &|cell| cell.week == Some(*week)),
                figures(so_far, rated.as_ref().map(|rated| &rated.so_far), &|cell| until(cell.week, *week)),
            ]
        };
        weeks.iter().map(of_week).collect()
    }

    /// How much was rated in a week, and until its end.
    fn works(&self, week: Week) -> [Volume; 2] {
        let work = &self.data.work;
        [work.in_week(self.cohort, self.index, week), work.so_far(self.cohort, self.index, week)]
    }

    /// The report of a week, whose criteria's figures are there already.
    fn report(
        &self,
        week: Week,
        criteria: Vec<[CriterionFigures; 2]>,
        (trend, criteria_trends): (&[TrendPoint], &[CriterionTrend]),
    ) -> TaskReport {
        let [in_week, total] = self.works(week);
        let (of_week, of_all): (Vec<_>, Vec<_>) = criteria.into_iter().map(|[week, all]| (week, all)).unzip();
        let pool = &self.pool;
        let overall = || {
            rayon::join(
                || pool.accuracy(total, |of| until(of.week, week)),
                || pool.accuracy(in_week, |of| of.week == Some(week)),
            )
        };
        let ((overall, overall_in_week), versions) = rayon::join(overall, || self.versions(week, total));
        let so_far = Figures { work: total, overall, criteria: of_all };
        let in_this = Figures { work: in_week, overall: overall_in_week, criteria: of_week };
        let spans = Spans { so_far: &so_far, week: &in_this };
        let rated = BarContext {
            cohort: &self.data.model.cohorts[usize::from(self.cohort)],
            task: self.task,
            begun: self.data.work.begun(self.cohort, self.index),
            looks: self.weeks.iter().filter(|of| **of <= week).count(),
            minimum: self.data.model.config.minimum_gold,
        };
        let cost =
            [self.payments.cost(&in_this, |of| of == Some(week)), self.payments.cost(&so_far, |of| until(of, week))];
        let (look, change) = rayon::join(|| self.look(week), || self.change.week(week));
        TaskReport {
            id: self.task.id.clone(),
            title: title(self.task),
            version: self.serving(week).map(ToString::to_string),
            bar: bars::judge(&rated, &spans),
            week: in_this,
            so_far,
            trend: trend.iter().filter(|point| point.week <= week).cloned().collect(),
            criteria_trends: criteria_trends.iter().map(|of| of.until(week, MOST_WEEKS)).collect(),
            releases: self.releases(week),
            versions,
            shown: pool.accuracy_of(&pool.shown, total, |of| until(of.week, week)),
            ceiling: self.peers.until(week),
            cost,
            look,
            change,
        }
    }

    /// The version that served the cohort at the end of a week.
    fn serving(&self, week: Week) -> Option<&Version> {
        let cohort = &self.data.model.cohorts[usize::from(self.cohort)];
        release::serving(self.task, Some(&cohort.id), Some(self.end(week)))
    }

    /// The last second of a week.
    fn end(&self, week: Week) -> Timestamp {
        SealTime::end_of(week.days().1, &self.data.model.config.time_zone).instant()
    }

    fn look(&self, week: Week) -> Vec<WhereToLook> {
        let weeks = (week.before(i64::from(LOOK_BACK) - 1), week);
        let texts = CitableTexts { all: &self.texts, serving: self.serving(week) };
        let of = |of: &CriterionData<'a>| {
            let CriterionData { question, criterion, cells, given } = *of;
            Looked { data: self.data, cohort: self.cohort, question, criterion, cells, given }.weeks(weeks, texts)
        };
        let mut looks: Vec<WhereToLook> = self.criteria.par_iter().map(of).collect();
        look::number_held_out(&mut looks);
        looks
    }

    /// The trend of each criterion; none of a single one, whose trend is that of the task.
    /// What is there of some weeks is taken from their figures.
    fn criteria_trends(&self, begun: &[Week], figures: &[Vec<[CriterionFigures; 2]>]) -> Vec<CriterionTrend> {
        if self.criteria.len() < 2 {
            return Vec::new();
        }
        let weeks: Vec<(Week, Volume)> = self.weeks.iter().map(|week| (*week, self.works(*week)[0])).collect();
        let of = |(of, figures): (&CriterionData<'_>, &Vec<[CriterionFigures; 2]>)| {
            let shares = begun.iter().zip(figures).map(|(week, [in_week, _])| (*week, in_week.accuracy.of_asked));
            CriterionTrend::of((of.question, of.criterion), of.cells, &weeks, &shares.collect())
        };
        self.criteria.par_iter().zip(figures).map(of).collect()
    }

    fn trend_point(&self, week: Week) -> TrendPoint {
        let [work, _] = self.works(week);
        TrendPoint { week, figure: self.pool.of_asked(work, |of| of.week == Some(week)) }
    }

    fn releases(&self, week: Week) -> Vec<ReleaseMark> {
        let Some(first) = self.weeks.first() else { return Vec::new() };
        let marks = self.task.releases.iter().map(|release| ReleaseMark {
            version: release.version.to_string(),
            date: release.time.day(),
            week: Week::of(release.time.day()),
        });
        marks.filter(|mark| *first <= mark.week && mark.week <= week).collect()
    }

    fn versions(&self, week: Week, work: Volume) -> Vec<VersionFigures> {
        let begun = self.versions.iter().filter(|(_, first)| until(**first, week)).map(|(version, _)| *version);
        let figures = begun.map(|version| {
            let name = version.map(|version| self.data.ratings.names.versions[usize::from(version)].to_string());
            let is_sealed =
                |name: &String| self.task.releases.iter().any(|release| release.version.to_string() == *name);
            VersionFigures {
                is_sealed: name.as_ref().is_some_and(is_sealed),
                version: name,
                accuracy: self.pool.accuracy(work, |of| until(of.week, week) && of.version == version),
            }
        });
        figures.collect()
    }
}

impl Pool {
    fn of(cohort: u16, criteria: &[CriterionData<'_>], data: &Data<'_>) -> Self {
        let weighted = criteria.iter().filter_map(|of| Some((of, weight(of.criterion)?)));
        let weights: Vec<f64> = weighted.clone().map(|(_, weight)| weight).collect();
        let shown =
            |of: &CriterionData<'_>| data.tally.of_stratum(Stratum { cohort, question: of.question, shown: true });
        Self {
            marks: pooled(weighted.clone().map(|(of, _)| of.cells), &weights),
            shown: pooled(weighted.map(|(of, _)| shown(of)), &weights),
            weights,
        }
    }

    /// Accuracy over the marks that are wanted.
    fn accuracy(&self, work: Volume, wanted: impl Fn(&Pooled) -> bool) -> Accuracy {
        self.accuracy_of(&self.marks, work, wanted)
    }

    fn accuracy_of(&self, pooled: &[Pooled], work: Volume, wanted: impl Fn(&Pooled) -> bool) -> Accuracy {
        Accuracy::of(self::wanted(pooled, wanted).iter().copied(), &self.weights, without(work))
    }

    /// Right out of asked alone.
    fn of_asked(&self, work: Volume, wanted: impl Fn(&Pooled) -> bool) -> Share {
        of_asked(self::wanted(&self.marks, wanted).iter().copied(), &self.weights, without(work))
    }
}

/// The marks of several criteria in the order in which accuracy adds them up.
fn pooled<'a>(criteria: impl Iterator<Item = &'a [Tallied]> + Clone, weights: &[f64]) -> Vec<Pooled> {
    let mut pooled = Vec::with_capacity(criteria.clone().map(<[_]>::len).sum());
    for (place, cells) in (0_u16..).zip(criteria) {
        let marks = |cell: &Tallied| Marks::of(&answer(&cell.counted), place);
        let of = |cell: &Tallied| Pooled { week: cell.week, version: cell.version, marks: marks(cell) };
        pooled.extend(cells.iter().map(of));
    }
    // Each criterion's marks are in order already: a stable sort merges them.
    pooled.sort_by(|a, b| {
        let by_cell = (a.marks.item, a.marks.rater).cmp(&(b.marks.item, b.marks.rater));
        let by_weight = || weights[usize::from(a.marks.place)].total_cmp(&weights[usize::from(b.marks.place)]);
        let counts = |of: &Pooled| (of.marks.right, of.marks.answered);
        by_cell.then_with(by_weight).then_with(|| counts(a).cmp(&counts(b)))
    });
    pooled
}

/// The marks that are wanted, gone through once for the figures that go through them several times.
fn wanted(pooled: &[Pooled], wanted: impl Fn(&Pooled) -> bool) -> Vec<Marks> {
    let mut marks = Vec::with_capacity(pooled.len());
    marks.extend(pooled.iter().filter(|of| wanted(of)).map(|of| of.marks));
    marks
}

/// Every version that was scored, with its first week.
fn versions(criteria: &[CriterionData<'_>]) -> BTreeMap<Option<u16>, Option<Week>> {
    let mut versions = BTreeMap::new();
    for cell in criteria.iter().flat_map(|of| of.cells) {
        let first = versions.entry(cell.version).or_insert(cell.week);
        *first = cell.week.min(*first);
    }
    versions
}

/// Whether something is of the time until the end of a week; what has no time is.
fn until(of: Option<Week>, week: Week) -> bool {
    of.is_none_or(|of| of <= week)
}

/// What a task is called.
pub fn title(task: &Task) -> String {
    let sealed = task.latest().map(|release| &release.instructions);
    let instructions = sealed.or(task.working.as_ref());
    instructions.map_or_else(|| task.id.clone(), |instructions| instructions.page.title.clone())
}
