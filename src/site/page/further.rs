//! A further page of a task's instructions: its text.

use super::shared::{self, PageView};
use super::{PageKind, SiteContext};
use crate::digest::Digest;
use crate::model::Page;
use crate::site::File;
use crate::site::edition::Edition;
use crate::site::host::TextPlace;
use std::sync::Arc;

/// A further page of an edition.
pub struct FurtherPage<'a>(pub Arc<Edition<'a>>, pub &'a Page);

impl PageKind for FurtherPage<'_> {
    fn source(&self) -> Option<&str> {
        Some(&self.1.path)
    }

    fn searched(&self) -> Option<String> {
        self.0.search_folder()
    }

    fn inputs(&self, path: &str, site: &SiteContext<'_>) -> Option<Digest> {
        Some(site.inputs_of_text("task page", path, &self.0, self.1).end())
    }

    fn make(&self, path: &str, site: &SiteContext<'_>) -> Result<File, String> {
        let mut frame = site.frames.edition(&self.0, path, &self.1.title);
        let html = site.text(&self.1.text, TextPlace::alone(path, Some(&self.0)), &mut frame);
        let view = PageView { frame, html };
        Ok(site.render(shared::TEMPLATE, &view)?.without(&view.frame.lost))
    }
}
