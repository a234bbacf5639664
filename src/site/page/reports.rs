//! The list of reports: by cohort, newest week first.

use super::folder::FolderView;
use super::{PageKind, SiteContext, report};
use crate::digest::Digest;
use crate::report::{CohortReport, ReportView};
use crate::site::File;
use crate::site::frame::link;
use crate::site::view::{LinkView, NavGroup};
use std::collections::BTreeMap;

/// The list of these reports.
pub struct ReportsPage<'a>(pub &'a [CohortReport]);

const TEMPLATE: &str = "reports.html";

impl PageKind for ReportsPage<'_> {
    fn inputs(&self, _: &str, _: &SiteContext<'_>) -> Option<Digest> {
        None
    }

    fn make(&self, path: &str, site: &SiteContext<'_>) -> Result<File, String> {
        let frame = site.frames.plain(path, "Reports");
        let by_path: BTreeMap<String, &CohortReport> = self.0.iter().map(|of| (report::path(of), of)).collect();
        let mut groups: Vec<NavGroup> = Vec::new();
        for (target, report) in by_path.iter().rev() {
            let view = ReportView::of(report, None);
            let link = link(&view.week_title, &frame.up, target, path);
            let link = LinkView { note: view.verdicts(), ..link };
            match groups.iter_mut().find(|group| group.title == view.cohort_title) {
                Some(group) => group.links.push(link),
                None => groups.push(NavGroup { title: view.cohort_title, links: vec![link], more: None }),
            }
        }
        groups.reverse();
        site.render(TEMPLATE, &FolderView { frame, groups })
    }
}
