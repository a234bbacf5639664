//! The page for an address that is not there, whatever its depth.

use super::shared::{self, PageView};
use super::{PageKind, SiteContext};
use crate::digest::Digest;
use crate::site::File;

/// What is shown for an address that is not there.
pub struct NotFoundPage;

impl PageKind for NotFoundPage {
    fn inputs(&self, _: &str, _: &SiteContext<'_>) -> Option<Digest> {
        None
    }

    fn make(&self, path: &str, site: &SiteContext<'_>) -> Result<File, String> {
        let frame = site.frames.anywhere(path, "Page not found");
        let html = format!(
            "<p>There is no page at this address. It may have been renamed, or it is not for this audience.</p>\
             <p><a href=\"{}index.html\">Go to the first page</a></p>",
            frame.up
        );
        site.render(shared::TEMPLATE, &PageView { frame, html })
    }
}
