//! A task's part of a view: its bar, its figures, its trend and its versions.
//!
//! In: a `TaskReport`. Out: what templates and files see of it, the trend's chart and links to the sealed text included.

use super::ceiling::CeilingView;
use super::change::ChangeView;
use super::cost::CostView;
use super::figure::{AccuracyView, FigureView};
use super::figures::FiguresView;
use super::look::LookView;
use super::trend::{CriterionTrendView, PointView};
use crate::report::bars::{self, Bar, JudgedPart};
use crate::report::look::LOOK_BACK;
use crate::report::task::{ReleaseMark, TaskReport, VersionFigures};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// One task.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct TaskView {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// The version that served at the end of the week.
    pub version: Option<String>,
    /// The bar.
    pub bar: BarView,
    /// The week's figures.
    pub in_week: FiguresView,
    /// Figures of everything until the end of the week.
    pub so_far: FiguresView,
    /// Right out of asked by week.
    pub trend: Vec<PointView>,
    /// The same of each criterion, where there are several.
    #[serde(default)]
    pub criteria_trends: Vec<CriterionTrendView>,
    /// Releases within the trend.
    pub releases: Vec<ReleaseView>,
    /// By version, so far.
    pub versions: Vec<VersionView>,
    /// On gold that raters could have seen, so far.
    pub shown: AccuracyView,
    /// How close experts are to each other, and the cohort beside them, so far.
    #[serde(default)]
    pub ceiling: Vec<CeilingView>,
    /// What work takes, where that is known.
    #[serde(default)]
    pub cost: Vec<CostView>,
    /// Where to look, by criterion, for those that have something to look at.
    pub look: Vec<LookView>,
    /// How many weeks that looks back on, the report's own among them.
    pub look_back: u8,
    /// What changed.
    pub change: ChangeView,
}

/// A bar.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct BarView {
    /// Whether the cohort has its own, in place of the rubric's.
    pub of_cohort: bool,
    /// In how many weeks the figures have been looked at.
    pub looks: usize,
    /// Its parts.
    pub parts: Vec<BarPartView>,
    /// What to keep in mind.
    pub caution: Option<String>,
}

/// A part of a bar.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct BarPartView {
    /// Which figure.
    pub figure: String,
    /// What it must reach.
    pub at_least: f64,
    /// The same in words.
    pub at_least_text: String,
    /// `meets`, `below`, `not-yet-shown` or `planned`.
    pub verdict: Cow<'static, str>,
    /// The verdict in words.
    pub verdict_text: Cow<'static, str>,
    /// Why.
    pub why: String,
    /// The one-sided 95 % bounds from which the verdict is read.
    pub lower: Option<f64>,
    /// The one-sided 95 % bounds from which the verdict is read.
    pub upper: Option<f64>,
    /// Whether these hold at every look.
    pub every_look: bool,
    /// On how many items its one verdict is given, if that is planned.
    pub decide_at: Option<u64>,
    /// How many items in all would decide it: of gold, or with two ratings for agreement.
    pub items_needed: Option<u64>,
    /// How many raters would decide it with more items, where no number of items by these raters does.
    #[serde(default)]
    pub raters_needed: Option<u64>,
    /// How many items in all it takes then.
    #[serde(default)]
    pub items_with_raters: Option<u64>,
    /// How many more than there are now.
    pub items_more: Option<u64>,
    /// What the figure is, such as `right out of asked`.
    pub of_what: Cow<'static, str>,
    /// The figure so far, if the rubric has its criterion.
    pub of: Option<FigureView>,
    /// The same of the week alone, which has no verdict.
    pub in_week: Option<FigureView>,
}

/// A release within a trend.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ReleaseView {
    /// Its version.
    pub version: String,
    /// Its day.
    pub date: String,
    /// The week of that day.
    pub week: String,
}

/// Accuracy under one version.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct VersionView {
    /// The version.
    pub version: Option<String>,
    /// Whether it is sealed, so that its rubric is shown.
    pub is_sealed: bool,
    /// Over all criteria with values.
    pub accuracy: AccuracyView,
}

impl TaskView {
    /// The view of a task.
    pub fn of(task: &TaskReport) -> Self {
        Self {
            id: task.id.clone(),
            title: task.title.clone(),
            version: task.version.clone(),
            bar: BarView::of(&task.bar),
            in_week: FiguresView::of(&task.week),
            so_far: FiguresView::of(&task.so_far),
            trend: task.trend.iter().map(PointView::of).collect(),
            criteria_trends: task.criteria_trends.iter().map(CriterionTrendView::of).collect(),
            releases: task.releases.iter().map(ReleaseView::of).collect(),
            versions: task.versions.iter().map(VersionView::of).collect(),
            shown: AccuracyView::of(&task.shown),
            ceiling: task.ceiling.iter().map(CeilingView::of).collect(),
            cost: CostView::all(&task.cost[0], &task.cost[1]),
            look: task.look.iter().filter(|of| !of.is_empty()).map(LookView::of).collect(),
            look_back: LOOK_BACK,
            change: ChangeView::of(&task.change),
        }
    }
}

impl ReleaseView {
    fn of(mark: &ReleaseMark) -> Self {
        Self { version: mark.version.clone(), date: mark.date.to_string(), week: mark.week.to_string() }
    }
}

impl VersionView {
    fn of(figures: &VersionFigures) -> Self {
        let accuracy = AccuracyView::of(&figures.accuracy);
        Self { version: figures.version.clone(), is_sealed: figures.is_sealed, accuracy }
    }
}

impl BarView {
    fn of(bar: &Bar) -> Self {
        let parts = bar.parts.iter().map(BarPartView::of).collect();
        Self { of_cohort: bar.of_cohort, looks: bar.looks, parts, caution: bar.caution() }
    }
}

impl BarPartView {
    fn of(part: &JudgedPart) -> Self {
        Self {
            figure: part.figure.clone(),
            at_least: part.at_least,
            at_least_text: bars::threshold(part),
            verdict: part.verdict.key().into(),
            verdict_text: part.verdict_text(),
            why: part.why.clone(),
            lower: part.bounds.map(|bounds| bounds.lower),
            upper: part.bounds.map(|bounds| bounds.upper),
            every_look: part.bounds.is_some_and(|bounds| bounds.hold_at_every_look()),
            decide_at: part.plan.map(|plan| plan.decide_at),
            items_needed: part.items_needed,
            raters_needed: part.raters_needed.map(|of| of.raters),
            items_with_raters: part.raters_needed.map(|of| of.items),
            items_more: part.items_more(),
            of_what: part.of_what.into(),
            of: part.of.as_ref().map(FigureView::of_bar),
            in_week: part.in_week.as_ref().map(FigureView::of_bar),
        }
    }
}
