//! The page at an address that a task had under another name: it leads to the same page of today.

use super::shared::{self, PageView};
use super::{PageKind, SiteContext};
use crate::digest::Digest;
use crate::site::File;
use crate::site::view::Frame;
use std::sync::Arc;

/// What leads to this address.
pub struct ForwardPage(pub Arc<str>);

impl PageKind for ForwardPage {
    fn inputs(&self, _: &str, _: &SiteContext<'_>) -> Option<Digest> {
        None
    }

    fn make(&self, path: &str, site: &SiteContext<'_>) -> Result<File, String> {
        let frame = site.frames.plain(path, "This page has moved");
        let url = format!("{}{}", frame.up, self.0);
        let html = format!("<p>The task has another name now. <a href=\"{url}\">Read this page there</a></p>");
        site.render(shared::TEMPLATE, &PageView { frame: Frame { forward: Some(url), ..frame }, html })
    }
}
