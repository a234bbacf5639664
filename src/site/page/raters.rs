//! The raters of a cohort, and the same as a table: live, by all that was rated so far.
//!
//! Who is named here may ask to be forgotten, so that it is no part of what is kept of a week.

use super::{PageKind, SiteContext, report};
use crate::digest::{Digest, Inputs};
use crate::report::{CohortRaters, RatersView, Reports, raters_table};
use crate::site::File;
use crate::site::frame::link;
use crate::site::view::Frame;
use serde::Serialize;

/// The raters of a cohort, among all reports of the site.
#[derive(Clone, Copy)]
pub struct RatersOf<'a> {
    /// The raters.
    pub raters: &'a CohortRaters,
    /// The reports.
    pub reports: &'a Reports,
}

/// Their page.
pub struct RatersPage<'a>(pub RatersOf<'a>);

/// The same as a table.
pub struct RatersTable<'a>(pub RatersOf<'a>);

const TEMPLATE: &str = "raters.html";

/// The raters of a cohort.
#[derive(Serialize)]
struct RatersPageView {
    /// Around them.
    frame: Frame,
    /// The raters.
    raters: RatersView,
}

impl RatersOf<'_> {
    /// Where a file of them lies.
    pub fn file_path(&self, name: &str) -> String {
        format!("reports/{}/raters/{name}", self.raters.cohort)
    }

    fn inputs(&self, inputs: Inputs) -> Digest {
        let inputs = inputs.list(self.reports.inputs.iter(), Inputs::digest);
        inputs.number(self.reports.is_for_vendor.into()).end()
    }

    fn view(&self) -> RatersView {
        let view = RatersView::of(self.raters);
        if self.reports.is_for_vendor { view.for_vendor() } else { view }
    }
}

impl PageKind for RatersPage<'_> {
    fn inputs(&self, path: &str, site: &SiteContext<'_>) -> Option<Digest> {
        Some(self.0.inputs(site.inputs_of("raters", path)))
    }

    fn make(&self, path: &str, site: &SiteContext<'_>) -> Result<File, String> {
        let raters = self.0.view();
        let mut frame = site.frames.plain(path, &raters.title);
        frame.crumbs.push(link("Reports", &frame.up, report::LIST, path));
        site.render(TEMPLATE, &RatersPageView { frame, raters })
    }
}

impl PageKind for RatersTable<'_> {
    fn inputs(&self, path: &str, site: &SiteContext<'_>) -> Option<Digest> {
        Some(self.0.inputs(site.inputs_of("raters table", path)))
    }

    fn make(&self, _: &str, _: &SiteContext<'_>) -> Result<File, String> {
        Ok(File::new(raters_table(&self.0.view()).into_bytes()))
    }
}
