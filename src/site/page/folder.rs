//! The list of a folder of shared pages that has no page of its own.

use super::{PageKind, SiteContext};
use crate::digest::{Digest, Inputs};
use crate::site::File;
use crate::site::frame::link;
use crate::site::view::{Frame, NavGroup};
use serde::Serialize;

/// The list of the folder at this path, such as `pages/a/`.
pub struct FolderPage<'a>(pub &'a str);

/// The template of every page that is a list of links.
pub const TEMPLATE: &str = "folder.html";

/// A list of pages.
#[derive(Serialize)]
pub struct FolderView {
    /// Around it.
    pub frame: Frame,
    /// Lists of links.
    pub groups: Vec<NavGroup>,
}

impl PageKind for FolderPage<'_> {
    fn inputs(&self, path: &str, site: &SiteContext<'_>) -> Option<Digest> {
        let inputs = site.inputs_of("list of a folder", path);
        Some(inputs.list(site.inputs.folders.get(self.0).into_iter(), Inputs::digest).end())
    }

    fn make(&self, path: &str, site: &SiteContext<'_>) -> Result<File, String> {
        site.render(TEMPLATE, &self.view(path, site))
    }
}

impl FolderPage<'_> {
    fn view(&self, path: &str, site: &SiteContext<'_>) -> FolderView {
        let frame = site.frames.shared(path, &site.frames.folder_title(self.0), self.0);
        let up = &frame.up;
        let mut groups = Vec::new();
        if let Some(inside) = site.places.folders.get(self.0) {
            let pages = inside.listed().iter().map(|(target, page)| link(&page.title, up, target, path)).collect();
            let folders = inside.folders.iter();
            let folders = folders
                .map(|inner| link(&site.frames.folder_title(inner), up, &format!("{inner}index.html"), path))
                .collect();
            groups.push(NavGroup { title: "Folders".to_owned(), links: folders, ..NavGroup::default() });
            groups.push(NavGroup { title: "Pages".to_owned(), links: pages, ..NavGroup::default() });
        }
        groups.retain(|group| !group.links.is_empty());
        FolderView { frame, groups }
    }
}
