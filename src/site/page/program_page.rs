//! Pages of the program: those of the manual that stand on each site, so that whoever needs one finds it beside what it is
//! about.
//!
//! What they say is the program's, and the same on every site.

use super::report;
use super::shared::{self, PageView};
use super::{PageKind, SiteContext};
use crate::digest::Digest;
use crate::markdown::manual::ManualPage;
use crate::site::File;
use crate::site::edition::SEARCH;
use crate::site::frame::{ACCESSIBILITY_PATH, link};
use crate::site::view::ContentsView;

/// A page of the program.
#[derive(Clone, Copy)]
pub struct ProgramPage {
    /// Where it is.
    pub path: &'static str,
    title: &'static str,
    text: &'static str,
    /// The title and the address of what it belongs to.
    section: Option<(&'static str, &'static str)>,
}

/// How figures are defined, where reports are.
pub const METHODS: ProgramPage = ProgramPage {
    path: "methods/index.html",
    title: "Methods: reading figures",
    text: include_str!("../../../docs/content/pages/reading-figures.md"),
    section: Some(("Reports", report::LIST)),
};

/// How pages can be used, and how that was checked.
pub const ACCESSIBILITY: ProgramPage = ProgramPage {
    path: ACCESSIBILITY_PATH,
    title: "Accessibility",
    text: include_str!("../../../docs/content/pages/accessibility.md"),
    section: None,
};

impl PageKind for ProgramPage {
    fn searched(&self) -> Option<String> {
        Some(SEARCH.to_owned())
    }

    fn inputs(&self, path: &str, site: &SiteContext<'_>) -> Option<Digest> {
        Some(site.inputs_of("page of the program", path).text(self.text).end())
    }

    fn make(&self, path: &str, site: &SiteContext<'_>) -> Result<File, String> {
        let mut frame = site.frames.plain(path, self.title);
        frame.crumbs.extend(self.section.map(|(title, target)| link(title, &frame.up, target, path)));
        let page = ManualPage::of(self.text);
        let contents = page.headings.into_iter().map(|(level, id, title)| ContentsView { level, id, title });
        frame.contents = contents.collect();
        site.render(shared::TEMPLATE, &PageView { frame, html: page.html })
    }
}
