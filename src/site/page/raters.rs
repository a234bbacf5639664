//! The raters of a cohort, and the same as a table: live, by all that was rated so far.
//!
//! Who is named here may ask to be forgotten, so that it is no part of what is kept of a week.

use super::{PageKind, SiteContext, report};
use crate::digest::Digest;
use crate::report::{CohortRaters, RatersView, raters_table};
use crate::site::File;
use crate::site::frame::link;
use crate::site::view::Frame;
use serde::Serialize;

/// The raters of a cohort, and whether they are shown to its vendor.
pub struct RatersPage<'a>(pub &'a CohortRaters, pub bool);

/// The same as a table.
pub struct RatersTable<'a>(pub &'a CohortRaters, pub bool);

const TEMPLATE: &str = "raters.html";

/// The raters of a cohort.
#[derive(Serialize)]
struct RatersPageView {
    /// Around them.
    frame: Frame,
    /// The raters.
    raters: RatersView,
}

/// Where the raters are shown.
pub fn path(raters: &CohortRaters) -> String {
    format!("reports/{}/raters/index.html", raters.cohort)
}

/// Where their table lies.
pub fn table_path(raters: &CohortRaters) -> String {
    format!("reports/{}/raters/raters.csv", raters.cohort)
}

fn view(raters: &CohortRaters, is_for_vendor: bool) -> RatersView {
    let view = RatersView::of(raters);
    if is_for_vendor { view.for_vendor() } else { view }
}

impl PageKind for RatersPage<'_> {
    fn inputs(&self, path: &str, site: &SiteContext<'_>) -> Option<Digest> {
        Some(site.inputs_of("raters", path).digest(&self.0.inputs).number(self.1.into()).end())
    }

    fn make(&self, path: &str, site: &SiteContext<'_>) -> Result<File, String> {
        let raters = view(self.0, self.1);
        let mut frame = site.frames.plain(path, &raters.title);
        frame.crumbs.push(link("Reports", &frame.up, report::LIST, path));
        site.render(TEMPLATE, &RatersPageView { frame, raters })
    }
}

impl PageKind for RatersTable<'_> {
    fn inputs(&self, path: &str, site: &SiteContext<'_>) -> Option<Digest> {
        Some(site.inputs_of("raters table", path).digest(&self.0.inputs).number(self.1.into()).end())
    }

    fn make(&self, _: &str, _: &SiteContext<'_>) -> Result<File, String> {
        Ok(File::new(raters_table(&view(self.0, self.1)).into_bytes()))
    }
}
