//! How figures are defined: the manual's page on them, where reports are.
//!
//! What it says is the program's, and the same on every site: whoever reads a figure finds its definition beside it.

use super::report;
use super::shared::{self, PageView};
use super::{PageKind, SiteContext};
use crate::digest::Digest;
use crate::markdown::manual::ManualPage;
use crate::site::File;
use crate::site::edition::SEARCH;
use crate::site::frame::link;
use crate::site::view::ContentsView;

/// Where it is.
pub const PATH: &str = "methods/index.html";

const TEXT: &str = include_str!("../../../docs/content/pages/reading-figures.md");
const TITLE: &str = "Methods: reading figures";

/// How figures are defined.
pub struct MethodsPage;

impl PageKind for MethodsPage {
    fn searched(&self) -> Option<String> {
        Some(SEARCH.to_owned())
    }

    fn inputs(&self, path: &str, site: &SiteContext<'_>) -> Option<Digest> {
        Some(site.inputs_of("methods", path).text(TEXT).end())
    }

    fn make(&self, path: &str, site: &SiteContext<'_>) -> Result<File, String> {
        let mut frame = site.frames.plain(path, TITLE);
        frame.crumbs.push(link("Reports", &frame.up, report::LIST, path));
        let page = ManualPage::of(TEXT);
        let contents = page.headings.into_iter().map(|(level, id, title)| ContentsView { level, id, title });
        frame.contents = contents.collect();
        site.render(shared::TEMPLATE, &PageView { frame, html: page.html })
    }
}
