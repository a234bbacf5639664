//! A cohort's report of one week, and the files it consists of beside its page.
//!
//! What a report says is in its view, whose words all its forms share; the page adds links, charts and the data lead's words
//! as HTML.

use super::{PageKind, SiteContext, destinations};
use crate::digest::{Digest, Inputs};
use crate::markdown::render::PagePart;
use crate::model::{Commentary, Text};
use crate::report::{self, CohortReport, ReportView};
use crate::site::File;
use crate::site::frame::link;
use crate::site::host::{PageParts, TextPlace};
use crate::site::view::{ContentsView, Frame, LinkView};
use serde::Serialize;
use std::collections::BTreeMap;

/// A report, between the ones of the weeks before and after it.
pub struct ReportPage<'a> {
    /// The report.
    pub report: &'a CohortReport,
    /// The same cohort's last one before it.
    pub before: Option<&'a CohortReport>,
    /// The same cohort's first one after it.
    pub after: Option<&'a CohortReport>,
}

/// A file made from a report: which report, and which file.
pub struct ReportFile<'a>(pub &'a CohortReport, pub &'static str);

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
    /// For each task of the report, right out of asked by week, as SVG; empty where there is none.
    charts: Vec<String>,
}

/// Where a report is shown.
pub fn path(report: &CohortReport) -> String {
    file_path(report, "index.html")
}

/// Where a file of a report lies.
pub fn file_path(report: &CohortReport, name: &str) -> String {
    format!("{}{name}", report::folder(&report.cohort, &report.week))
}

/// What is said of a report.
fn commentary<'a>(report: &CohortReport, site: &SiteContext<'a>) -> Option<&'a Commentary> {
    site.model.commentary(&report.cohort, &report.week)
}

impl ReportPage<'_> {
    /// The way to another week.
    fn neighbour(to: Option<&CohortReport>, up: &str, path: &str) -> Option<LinkView> {
        to.map(|to| link(&to.week, up, &self::path(to), path))
    }
}

impl PageKind for ReportPage<'_> {
    fn inputs(&self, path: &str, site: &SiteContext<'_>) -> Option<Digest> {
        let inputs = site.inputs_of("report", path).digest(&self.report.inputs);
        let weeks = [self.before, self.after];
        let inputs = inputs.list(weeks.iter(), |inputs, week| inputs.text(week.map_or("", |week| &week.week)));
        let said = commentary(self.report, site).map(|of| &of.page);
        let inputs = inputs.list(said.into_iter(), |inputs: Inputs, page| {
            let host = site.host(&page.text, TextPlace::alone(path, None));
            destinations(inputs.digest(&page.digest), &page.text, &host)
        });
        Some(inputs.end())
    }

    fn make(&self, path: &str, site: &SiteContext<'_>) -> Result<File, String> {
        let said = commentary(self.report, site);
        let report = ReportView::of(self.report, said);
        let mut frame = site.frames.plain(path, &report.title);
        frame.crumbs.push(link("Reports", &frame.up, LIST, path));
        frame.previous = Self::neighbour(self.before, &frame.up, path);
        frame.next = Self::neighbour(self.after, &frame.up, path);
        let commentary = said.map(|of| words(&of.page.text, path, site, &mut frame));
        frame.contents = contents(&report);
        let charts = report.tasks.iter();
        let charts = charts.map(|task| report::trend_chart(&report.cohort_title, task).unwrap_or_default());
        let view = ReportPageView { charts: charts.collect(), frame, commentary, report };
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
    let bars = (!report.tasks.is_empty()).then(|| entry("page/bars", "Bars"));
    let tasks = report.tasks.iter().map(|task| entry(&task.id, &task.title));
    let end =
        [("page/rows", "What became of the rows"), ("page/notes", "Data notes"), ("page/reading", "How to read it")];
    said.into_iter().chain(bars).chain(tasks).chain(end.map(|(id, title)| entry(id, title))).collect()
}

impl PageKind for ReportFile<'_> {
    fn inputs(&self, path: &str, site: &SiteContext<'_>) -> Option<Digest> {
        let inputs = site.inputs_of("report file", path).digest(&self.0.inputs).text(self.1);
        let said = commentary(self.0, site).map(|of| &of.page.digest);
        Some(inputs.list(said.into_iter(), Inputs::digest).end())
    }

    fn make(&self, _: &str, site: &SiteContext<'_>) -> Result<File, String> {
        let view = ReportView::of(self.0, commentary(self.0, site));
        if self.1 == MARKDOWN {
            return site.render(MARKDOWN, &view);
        }
        let text = report::file(&view, self.1).ok_or_else(|| format!("a report has no {}", self.1))?;
        Ok(File::new(text.into_bytes()))
    }
}
