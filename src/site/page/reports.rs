//! The list of reports: where each cohort stands at each task, and every week by cohort, the newest first.
//!
//! In: all reports that a reader gets. Out: the newest report of each cohort, by task, beside those of the others who rate
//! it; and links to all.

use super::{PageKind, SiteContext};
use crate::digest::Digest;
use crate::figures::words;
use crate::report::{FigureView, ReportView, Reports, TaskView, WeekReport, trend_lines};
use crate::site::File;
use crate::site::frame::link;
use crate::site::view::{Frame, LinkView, NavGroup};
use serde::Serialize;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The list of these reports.
pub struct ReportsPage<'a>(pub &'a Reports);

const TEMPLATE: &str = "reports.html";

/// All reports.
#[derive(Serialize)]
struct ReportsView {
    /// Around it.
    frame: Frame,
    /// Where cohorts stand, by task.
    tasks: Vec<TaskStandingsView>,
    /// Every week, by cohort.
    groups: Vec<NavGroup>,
}

/// Where those stand who rate a task.
#[derive(Serialize)]
struct TaskStandingsView {
    /// The task's title.
    title: String,
    /// The share at which the lines of weeks begin, in words; none where there are no lines.
    floor_text: Option<String>,
    /// Its cohorts, by their newest reports.
    cohorts: Vec<StandingView>,
}

/// What a cohort's newest report says of a task.
struct Newest<'a> {
    task: &'a TaskView,
    report: &'a ReportView,
    link: &'a LinkView,
}

/// Where a cohort stands at a task.
#[derive(Serialize)]
struct StandingView {
    /// What the cohort is called.
    cohort: String,
    /// Its newest report.
    report: LinkView,
    /// Right out of asked so far.
    so_far: FigureView,
    /// The verdict on each part of its bar.
    verdicts: Vec<StandingVerdictView>,
    /// What is shown to have changed, the newest first.
    changes: Vec<String>,
    /// Right out of asked by week, as SVG; none where too few weeks have gold.
    line: Option<String>,
}

/// The verdict on a part of a bar.
#[derive(Serialize)]
struct StandingVerdictView {
    /// Which figure must reach what.
    part: String,
    /// `meets`, `below` or `not-yet-shown`.
    verdict: Cow<'static, str>,
    /// The verdict in words.
    verdict_text: Cow<'static, str>,
}

impl TaskStandingsView {
    fn of(newest: &[Newest<'_>]) -> Self {
        let tasks: Vec<&TaskView> = newest.iter().map(|of| of.task).collect();
        let (floor, lines) = trend_lines(&tasks);
        Self {
            title: tasks.first().map_or_else(String::new, |task| task.title.clone()),
            floor_text: lines.iter().any(Option::is_some).then(|| words::threshold(floor)),
            cohorts: newest.iter().zip(lines).map(|(of, line)| StandingView::of(of, line)).collect(),
        }
    }
}

impl StandingView {
    fn of(newest: &Newest<'_>, line: Option<String>) -> Self {
        let verdicts = newest.task.bar.parts.iter().map(|part| StandingVerdictView {
            part: format!("{}, at least {}", part.figure, part.at_least_text),
            verdict: part.verdict.clone(),
            verdict_text: part.verdict_text.clone(),
        });
        Self {
            cohort: newest.report.cohort_title.clone(),
            report: LinkView { title: newest.report.week.clone(), ..newest.link.clone() },
            so_far: newest.task.so_far.overall.of_asked.clone(),
            verdicts: verdicts.collect(),
            changes: newest.task.change.told(),
            line,
        }
    }
}

impl PageKind for ReportsPage<'_> {
    fn inputs(&self, _: &str, _: &SiteContext<'_>) -> Option<Digest> {
        None
    }

    fn make(&self, path: &str, site: &SiteContext<'_>) -> Result<File, String> {
        let frame = site.frames.plain(path, "Reports");
        let weeks: Vec<(&str, &str)> = self.0.weeks().into_iter().collect();
        let of_cohort = |weeks: &[(&str, &str)]| {
            let reports = weeks.iter().rev().map(|key| WeekReport::of(self.0, *key));
            let views = reports.filter_map(|report| {
                let view = report.view(site.model.commentary(report.cohort, report.week))?;
                let link = link(&view.week_title, &frame.up, &report.path(), path);
                Some((view, link))
            });
            views.collect::<Vec<(ReportView, LinkView)>>()
        };
        let cohorts: Vec<Vec<(ReportView, LinkView)>> = weeks.chunk_by(|a, b| a.0 == b.0).map(of_cohort).collect();
        let mut tasks: BTreeMap<&str, Vec<Newest<'_>>> = BTreeMap::new();
        for (report, link) in cohorts.iter().filter_map(|of| of.first()) {
            for task in &report.tasks {
                tasks.entry(&task.id).or_default().push(Newest { task, report, link });
            }
        }
        let tasks = tasks.values().map(|newest| TaskStandingsView::of(newest)).collect();
        let groups = cohorts.iter().filter_map(|of| {
            let title = of.first()?.0.cohort_title.clone();
            let links = of.iter().map(|(view, link)| LinkView { note: Some(note(view)), ..link.clone() });
            Some(NavGroup { title, links: links.collect(), ..NavGroup::default() })
        });
        let groups = groups.collect();
        site.render(TEMPLATE, &ReportsView { frame, tasks, groups })
    }
}

/// Its verdicts, and whether it is published.
fn note(view: &ReportView) -> String {
    let standing = match &view.published {
        None => "provisional",
        Some(of) if of.restated.is_empty() => "published",
        Some(_) => "published, restated",
    };
    view.verdicts().into_iter().chain([standing.to_owned()]).collect::<Vec<_>>().join("; ")
}
