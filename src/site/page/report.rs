//! A cohort's report of one week, and the files it consists of beside its page.
//!
//! What a report says is in its view, whose words all its forms share; the page adds links, charts and the data lead's words
//! as HTML.

use super::{PageKind, SiteContext, shown_with};
use crate::digest::{Digest, Inputs};
use crate::markdown::render::PagePart;
use crate::model::{Commentary, Text};
use crate::report::{self, ReportView, TaskView, WeekReport};
use crate::site::File;
use crate::site::frame::link;
use crate::site::host::{PageParts, TextPlace};
use crate::site::view::{ContentsView, Frame, LinkView};
use serde::Serialize;
use std::collections::BTreeMap;

/// The report of a cohort's week, between the ones of the weeks before and after it.
#[derive(Clone, Copy)]
pub struct ReportPage<'a> {
    /// The report.
    pub report: WeekReport<'a>,
    /// The week of the same cohort's last one before it.
    pub before: Option<&'a str>,
    /// The week of the same cohort's first one after it.
    pub after: Option<&'a str>,
}

/// A file made from a report: which report, and which file.
pub struct ReportFile<'a>(pub WeekReport<'a>, pub &'static str);

const TEMPLATE: &str = "report.html";
/// The report as Markdown, which a template makes too.
const MARKDOWN: &str = "report.md";

/// Files that a report consists of beside its page.
pub const FILES: [&str; 6] = ["report.json", MARKDOWN, "figures.csv", "confusion.csv", "trend.csv", "rows.csv"];

/// Where the reports are listed.
pub const LIST: &str = "reports/index.html";

/// A report.
#[derive(Serialize)]
struct ReportPageView {
    /// Around it.
    frame: Frame,
    /// The report.
    report: ReportView,
    /// The data lead's words on the week, as HTML; none where there are none.
    commentary: Option<String>,
    /// Whether the raters of the cohort are shown.
    has_raters: bool,
    /// The other revisions of what was published.
    revisions: Vec<LinkView>,
    /// The charts of each task of the report.
    charts: Vec<ChartsView>,
}

/// Right out of asked by week, as SVG; empty where there is none.
#[derive(Serialize)]
struct ChartsView {
    /// Over all criteria.
    all: String,
    /// Of each criterion.
    criteria: Vec<CriterionChartView>,
}

/// The chart of a criterion.
#[derive(Serialize)]
struct CriterionChartView {
    /// The criterion's id.
    criterion: String,
    /// The newest share that is defined, in words.
    newest: Option<String>,
    /// Its week.
    week: Option<String>,
    /// Right out of asked by week, as SVG; empty where there is none.
    svg: String,
}

impl ChartsView {
    fn of(cohort: &str, task: &TaskView) -> Self {
        let all = report::trend_chart(cohort, task).unwrap_or_default();
        let criteria = report::criterion_charts(cohort, task).into_iter().map(|(trend, svg)| {
            let newest = trend.points.iter().rfind(|share| share.point.is_some());
            CriterionChartView {
                criterion: trend.criterion.clone(),
                newest: newest.map(|share| share.value.clone()),
                week: newest.map(|share| share.week.clone()),
                svg: svg.unwrap_or_default(),
            }
        });
        Self { all, criteria: criteria.collect() }
    }
}

/// What the data lead says of a week to the readers of the site.
fn commentary<'a>(report: &WeekReport<'_>, site: &SiteContext<'a>) -> Option<&'a Commentary> {
    site.model.commentary(report.cohort, report.week)
}

fn inputs(report: &WeekReport<'_>, inputs: Inputs, site: &SiteContext<'_>) -> Inputs {
    let said = commentary(report, site).map(|of| &of.page.digest);
    let inputs = inputs.list(said.into_iter(), Inputs::digest).list(report.reports.inputs.iter(), Inputs::digest);
    inputs.number(report.revision.unwrap_or_default().into()).number(report.reports.is_for_vendor.into())
}

impl ReportPage<'_> {
    /// The way to another week.
    fn neighbour(&self, week: Option<&str>, up: &str, path: &str) -> Option<LinkView> {
        week.map(|week| link(week, up, &format!("{}index.html", report::folder(self.report.cohort, week)), path))
    }
}

impl PageKind for ReportPage<'_> {
    fn inputs(&self, path: &str, site: &SiteContext<'_>) -> Option<Digest> {
        let inputs = inputs(&self.report, site.inputs_of("report", path), site);
        let inputs =
            inputs.list([self.before, self.after].iter(), |inputs, week| inputs.text(week.unwrap_or_default()));
        let said = commentary(&self.report, site).map(|of| &of.page.text);
        let inputs = inputs.list(said.into_iter(), |inputs, text| {
            shown_with(inputs, text, &site.host(text, TextPlace::alone(path, None)))
        });
        Some(inputs.end())
    }

    fn make(&self, path: &str, site: &SiteContext<'_>) -> Result<File, String> {
        let report = self.report.view(commentary(&self.report, site)).ok_or("there is no report")?;
        let mut frame = site.frames.plain(path, &report.title);
        frame.crumbs.push(link("Reports", &frame.up, LIST, path));
        frame.previous = self.neighbour(self.before, &frame.up, path);
        frame.next = self.neighbour(self.after, &frame.up, path);
        // What was published is shown as it was written then; only where that is what stands there today, as HTML.
        let said = commentary(&self.report, site).map(|of| &of.page.text);
        let said = said.filter(|text| report.commentary.as_deref() == Some(text.below_title().trim()));
        let commentary = said.map(|text| words(text, path, site, &mut frame));
        frame.contents = contents(&report);
        let charts = report.tasks.iter().map(|task| ChartsView::of(&report.cohort_title, task));
        let older = self.report.replaced().filter(|_| self.report.revision.is_none());
        let older =
            older.map(|of| link(&format!("revision {}", of.revision.unwrap_or_default()), &frame.up, &of.path(), path));
        let newest = self.report.revision.map(|_| {
            let newest = WeekReport { revision: None, ..self.report };
            link("The newest revision", &frame.up, &newest.path(), path)
        });
        let view = ReportPageView {
            has_raters: self.report.today.is_some(),
            charts: charts.collect(),
            revisions: older.chain(newest).collect(),
            frame,
            commentary,
            report,
        };
        Ok(site.render(TEMPLATE, &view)?.without(&view.frame.lost))
    }
}

/// The data lead's words: their uppermost headings are one below the page's own.
fn words<'a>(text: &Text, path: &str, site: &SiteContext<'a>, frame: &mut Frame) -> String {
    const UPPERMOST: u8 = 3;
    let own = text.outline.headings.iter().map(|heading| heading.level).min().unwrap_or(UPPERMOST);
    let part = PagePart { prefix: WORDS.to_owned(), lower: UPPERMOST.saturating_sub(own) };
    let parts = PageParts(BTreeMap::new());
    site.text(text, TextPlace { page: path, edition: None, part: &part, parts: &parts }, frame)
}

/// What the ids of the data lead's words begin with.
const WORDS: &str = "words/";

/// What stands on the page.
fn contents(report: &ReportView) -> Vec<ContentsView> {
    let entry = |id: &str, title: &str| ContentsView { level: 2, id: id.to_owned(), title: title.to_owned() };
    let said = report.commentary.as_ref().map(|_| entry("page/words", "The data lead's words"));
    let restated = report.published.as_ref().is_some_and(|of| !of.restated.is_empty());
    let restated = restated.then(|| entry("page/restated", "Restated"));
    let bars = (!report.tasks.is_empty()).then(|| entry("page/bars", "Bars"));
    let tasks = report.tasks.iter().map(|task| entry(&task.id, &task.title));
    let behind = (!report.behind.is_empty()).then_some(("page/behind", "Who stands behind it"));
    let end = [("page/rows", "What became of the rows"), ("page/notes", "Data notes")].into_iter().chain(behind);
    let end = end.chain([("page/reading", "How to read it")]);
    restated.into_iter().chain(said).chain(bars).chain(tasks).chain(end.map(|(id, title)| entry(id, title))).collect()
}

impl PageKind for ReportFile<'_> {
    fn inputs(&self, path: &str, site: &SiteContext<'_>) -> Option<Digest> {
        Some(inputs(&self.0, site.inputs_of("report file", path), site).text(self.1).end())
    }

    fn make(&self, _: &str, site: &SiteContext<'_>) -> Result<File, String> {
        let view = self.0.view(commentary(&self.0, site)).ok_or("there is no report")?;
        if self.1 == MARKDOWN {
            return site.render(MARKDOWN, &view);
        }
        let text = report::file(&view, self.1).ok_or_else(|| format!("a report has no {}", self.1))?;
        Ok(File::new(text.into_bytes()))
    }
}
