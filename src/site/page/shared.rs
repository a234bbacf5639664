//! A shared page: its text, and the way to its neighbours.

use super::{PageKind, SiteContext, shown_with};
use crate::digest::{Digest, Inputs};
use crate::model::Page;
use crate::site::File;
use crate::site::host::TextPlace;
use crate::site::view::Frame;
use serde::Serialize;

/// A shared page.
pub struct SharedPage<'a>(pub &'a Page);

/// The template of every page that is its text.
pub const TEMPLATE: &str = "page.html";

/// A page that is its text.
#[derive(Serialize)]
pub struct PageView {
    /// Around it.
    pub frame: Frame,
    /// The text.
    pub html: String,
}

impl PageKind for SharedPage<'_> {
    fn source(&self) -> Option<&str> {
        Some(&self.0.path)
    }

    fn inputs(&self, path: &str, site: &SiteContext<'_>) -> Option<Digest> {
        let folder = site.places.folder_of(path);
        let inputs = site.inputs_of("shared page", path).digest(&self.0.digest);
        let inputs = inputs.list(site.inputs.folders.get(&*folder).into_iter(), Inputs::digest);
        Some(shown_with(inputs, &self.0.text, &site.host(&self.0.text, TextPlace::alone(path, None))).end())
    }

    fn make(&self, path: &str, site: &SiteContext<'_>) -> Result<File, String> {
        let view = view(path, &site.places.folder_of(path), self.0, site);
        Ok(site.render(TEMPLATE, &view)?.without(&view.frame.lost))
    }
}

/// What is shown of a page that lies in `folder`.
pub fn view(path: &str, folder: &str, page: &Page, site: &SiteContext<'_>) -> PageView {
    let mut frame = site.frames.shared(path, &page.title, folder);
    let html = site.text(&page.text, TextPlace::alone(path, None), &mut frame);
    PageView { frame, html }
}
