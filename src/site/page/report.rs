//! A cohort's report of one week, and the files it consists of beside its page.

use super::{PageKind, SiteContext};
use crate::digest::Digest;
use crate::report::{self, CohortReport, ReportView};
use crate::site::frame::link;
use crate::site::view::Frame;
use crate::site::{File, up};
use serde::Serialize;

/// A report.
pub struct ReportPage<'a>(pub &'a CohortReport);

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
}

/// Where a report is shown.
pub fn path(report: &CohortReport) -> String {
    file_path(report, "index.html")
}

/// Where a file of a report lies.
pub fn file_path(report: &CohortReport, name: &str) -> String {
    format!("reports/{}/{}/{name}", report.cohort, report.week)
}

impl PageKind for ReportPage<'_> {
    fn inputs(&self, path: &str, site: &SiteContext<'_>) -> Option<Digest> {
        Some(site.inputs_of("report", path).digest(&self.0.inputs).end())
    }

    fn make(&self, path: &str, site: &SiteContext<'_>) -> Result<File, String> {
        let report = ReportView::of(self.0, &up(path));
        let mut frame = site.frames.plain(path, &report.title);
        frame.crumbs.push(link("Reports", &frame.up, LIST, path));
        site.render(TEMPLATE, &ReportPageView { frame, report })
    }
}

impl PageKind for ReportFile<'_> {
    fn inputs(&self, path: &str, site: &SiteContext<'_>) -> Option<Digest> {
        Some(site.inputs_of("report file", path).digest(&self.0.inputs).text(self.1).end())
    }

    fn make(&self, _: &str, site: &SiteContext<'_>) -> Result<File, String> {
        let view = ReportView::of(self.0, "");
        if self.1 == MARKDOWN {
            return site.render(MARKDOWN, &view);
        }
        let text = report::file(&view, self.1).ok_or_else(|| format!("a report has no {}", self.1))?;
        Ok(File::new(text.into_bytes()))
    }
}
