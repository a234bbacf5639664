//! A task's part of a view: its bar, its figures, its trend and its versions.
//!
//! In: a `TaskReport`. Out: what templates and files see of it, the trend's chart and links to the sealed text included.

use super::figure::{AccuracyView, FigureView};
use super::figures::FiguresView;
use crate::document::BarFigure;
use crate::figures::words;
use crate::quality::bar::Verdict;
use crate::report::bars::{Bar, JudgedPart};
use crate::report::chart::Chart;
use crate::report::task::{ReleaseMark, TaskReport, TrendPoint, VersionFigures};
use serde::Serialize;

/// One task.
#[derive(Serialize)]
pub struct TaskView {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// The version that served at the end of the week.
    pub version: Option<String>,
    /// The sealed rubric.
    pub url: Option<String>,
    /// The bar.
    pub bar: BarView,
    /// The week's figures.
    pub in_week: FiguresView,
    /// Figures of everything until the end of the week.
    pub so_far: FiguresView,
    /// Right out of asked by week.
    pub trend: Vec<PointView>,
    /// The trend as SVG.
    pub chart: Option<String>,
    /// Releases within the trend.
    pub releases: Vec<ReleaseView>,
    /// By version, so far.
    pub versions: Vec<VersionView>,
    /// On gold that raters could have seen, so far.
    pub shown: AccuracyView,
}

/// A bar.
#[derive(Serialize)]
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
#[derive(Serialize)]
pub struct BarPartView {
    /// Which figure.
    pub figure: String,
    /// What it must reach.
    pub at_least: f64,
    /// The same in words.
    pub at_least_text: String,
    /// `meets`, `below` or `not-yet-shown`.
    pub verdict: &'static str,
    /// The verdict in words.
    pub verdict_text: &'static str,
    /// Why.
    pub why: String,
    /// How many items in all would decide it: of gold, or with two ratings for agreement.
    pub items_needed: Option<u64>,
    /// How many more than there are now.
    pub items_more: Option<u64>,
    /// What the figure is, such as `right out of asked`.
    pub of_what: &'static str,
    /// The figure, if the rubric has its criterion.
    pub of: Option<FigureView>,
}

/// A week of a trend.
#[derive(Serialize)]
pub struct PointView {
    /// The ISO week.
    pub week: String,
    /// Right out of asked.
    pub figure: FigureView,
}

/// A release within a trend.
#[derive(Serialize)]
pub struct ReleaseView {
    /// Its version.
    pub version: String,
    /// Its day.
    pub date: String,
    /// The week of that day.
    pub week: String,
}

/// Accuracy under one version.
#[derive(Serialize)]
pub struct VersionView {
    /// The version.
    pub version: Option<String>,
    /// Its sealed rubric.
    pub url: Option<String>,
    /// Over all criteria with values.
    pub accuracy: AccuracyView,
}

impl TaskView {
    /// The view of a task; `up` leads to the site's root.
    pub fn of(task: &TaskReport, cohort: &str, up: &str) -> Self {
        let rubric = |version: &String| format!("{up}tasks/{}/v/{version}/rubric/index.html", task.id);
        let url = task.version.as_ref().map(rubric);
        let bar = task.bar.parts.iter().find(|part| part.figure == BarFigure::ACCURACY.name());
        let title = format!("{cohort}, {}: right out of asked by week", task.title);
        let chart =
            Chart { title: &title, points: &task.trend, bar: bar.map(|part| part.at_least), releases: &task.releases };
        Self {
            id: task.id.clone(),
            title: task.title.clone(),
            version: task.version.clone(),
            bar: BarView::of(&task.bar),
            in_week: FiguresView::of(&task.week, url.as_deref()),
            so_far: FiguresView::of(&task.so_far, url.as_deref()),
            trend: task.trend.iter().map(PointView::of).collect(),
            chart: chart.svg(),
            releases: task.releases.iter().map(ReleaseView::of).collect(),
            versions: task.versions.iter().map(|version| VersionView::of(version, &rubric)).collect(),
            shown: AccuracyView::of(&task.shown),
            url,
        }
    }
}

impl PointView {
    fn of(point: &TrendPoint) -> Self {
        Self { week: point.week.to_string(), figure: FigureView::of(&point.figure) }
    }
}

impl ReleaseView {
    fn of(mark: &ReleaseMark) -> Self {
        Self { version: mark.version.clone(), date: mark.date.to_string(), week: mark.week.to_string() }
    }
}

impl VersionView {
    fn of(figures: &VersionFigures, rubric: &dyn Fn(&String) -> String) -> Self {
        let accuracy = AccuracyView::of(&figures.accuracy);
        Self { version: figures.version.clone(), url: figures.sealed.as_ref().map(rubric), accuracy }
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
            at_least_text: part.of.map_or_else(|| words::threshold(part.at_least), |of| of.threshold(part.at_least)),
            verdict: match part.verdict {
                Verdict::Meets => "meets",
                Verdict::Below => "below",
                Verdict::NotYetShown => "not-yet-shown",
            },
            verdict_text: part.verdict.words(),
            why: part.why.clone(),
            items_needed: part.items_needed,
            items_more: part.items_needed.map(|needed| needed.saturating_sub(part.of.map_or(0, |of| of.items()))),
            of_what: part.of_what,
            of: part.of.as_ref().map(FigureView::of_bar),
        }
    }
}
