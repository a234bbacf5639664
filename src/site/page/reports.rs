//! The list of reports: by cohort, newest week first.

use super::folder::FolderView;
use super::{PageKind, SiteContext};
use crate::digest::Digest;
use crate::report::{Reports, WeekReport};
use crate::site::File;
use crate::site::frame::link;
use crate::site::view::{LinkView, NavGroup};

/// The list of these reports.
pub struct ReportsPage<'a>(pub &'a Reports);

const TEMPLATE: &str = "reports.html";

impl PageKind for ReportsPage<'_> {
    fn inputs(&self, _: &str, _: &SiteContext<'_>) -> Option<Digest> {
        None
    }

    fn make(&self, path: &str, site: &SiteContext<'_>) -> Result<File, String> {
        let frame = site.frames.plain(path, "Reports");
        let mut groups: Vec<NavGroup> = Vec::new();
        for key in self.0.weeks().into_iter().rev() {
            let report = WeekReport::of(self.0, key);
            let Some(view) = report.view(site.model.commentary(report.cohort, report.week)) else { continue };
            let standing = match &view.published {
                None => "provisional",
                Some(of) if of.restated.is_empty() => "published",
                Some(_) => "published, restated",
            };
            let note = view.verdicts().into_iter().chain([standing.to_owned()]).collect::<Vec<_>>().join("; ");
            let link = link(&view.week_title, &frame.up, &report.path(), path);
            let link = LinkView { note: Some(note), ..link };
            match groups.iter_mut().find(|group| group.title == view.cohort_title) {
                Some(group) => group.links.push(link),
                None => groups.push(NavGroup { title: view.cohort_title, links: vec![link], more: None }),
            }
        }
        groups.reverse();
        site.render(TEMPLATE, &FolderView { frame, groups })
    }
}
