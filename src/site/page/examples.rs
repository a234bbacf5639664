//! The list of an edition's examples, by what each is for.

use super::folder::{self, FolderView};
use super::{PageKind, SiteContext};
use crate::digest::Digest;
use crate::document::Use;
use crate::site::File;
use crate::site::edition::Edition;
use crate::site::frame::link;
use crate::site::view::{LinkView, NavGroup};
use std::sync::Arc;

/// The list of an edition's examples.
pub struct ExamplesPage<'a>(pub Arc<Edition<'a>>);

impl PageKind for ExamplesPage<'_> {
    fn inputs(&self, path: &str, site: &SiteContext<'_>) -> Option<Digest> {
        Some(site.inputs_of_edition("examples", path, &self.0).end())
    }

    fn make(&self, path: &str, site: &SiteContext<'_>) -> Result<File, String> {
        let edition = &*self.0;
        let frame = site.frames.edition(edition, path, edition.examples_title());
        let mut groups = Vec::new();
        for (used, title) in [
            (Use::Gold, "To rate: read the run, and answer; no gold is shown"),
            (Use::Worked, "Worked: the gold answers are shown and explained"),
            (Use::Practice, "Practice: rate the run, then compare"),
            (Use::Test, "Test: rate the run; the gold answers are not shown"),
            (Use::HeldOut, "Held out: not shown to contractors"),
        ] {
            let examples = edition.examples_by_use().into_iter().filter(|example| example.used == used);
            let links: Vec<LinkView> = examples
                .map(|example| link(&example.page.title, &frame.up, &edition.example_path(example), path))
                .collect();
            if !links.is_empty() {
                groups.push(NavGroup { title: title.to_owned(), links, ..NavGroup::default() });
            }
        }
        site.render(folder::TEMPLATE, &FolderView { frame, groups })
    }
}
