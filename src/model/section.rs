//! Sections: the shared pages of one folder.
//!
//! In: pages, and the files beside them. Out: a section that knows what its pages say and where links into it can lead,
//! each as one digest, so that a site of many pages is compared section by section. It never looks at another section.

use super::{Model, Page, asset};
use crate::audience::Audiences;
use crate::digest::{Digest, Inputs};
use crate::document::PAGES;
use crate::source::{Source, folder_of};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The shared pages of one folder.
#[derive(Clone)]
pub struct Section {
    /// The folder, such as `content/pages/teams/`.
    pub folder: Arc<str>,
    /// Its pages, by path.
    pub pages: Vec<Arc<Page>>,
    /// Images and other files beside them, by path.
    pub assets: Vec<Source>,
    /// The paths of the shared images and other files that its pages lead to, wherever they lie.
    pub linked_assets: BTreeSet<String>,
    /// Whether a page has passages for some audiences only.
    pub has_passages: bool,
    /// The digest of all that it holds.
    pub digest: Digest,
    /// The digest of every place that a link can lead to, and of who may follow it.
    pub places: Digest,
}

impl Section {
    /// A section of these pages and files.
    pub fn new(folder: Arc<str>, pages: Vec<Arc<Page>>, assets: Vec<Source>, audiences: &Audiences) -> Self {
        let reader = |page: &Page| page.audience.map_or("", |id| audiences.name(id)).to_owned();
        let whole = Inputs::of("section").text(&folder).list(pages.iter(), |inputs, page| {
            inputs.digest(&page.digest).text(&reader(page)).number(page.order.into())
        });
        let whole = whole.list(assets.iter(), |inputs, file| inputs.text(&file.path).digest(&file.digest));
        let places = Inputs::of("places")
            .list(pages.iter(), |inputs, page| inputs.text(&page.path).text(&reader(page)).digest(&page.text.places));
        let linked = pages.iter().flat_map(|page| page.text.linked_files());
        let linked_assets = linked.filter(|path| path.starts_with(PAGES) && asset::is_asset(path));
        Self {
            linked_assets: linked_assets.map(str::to_owned).collect(),
            has_passages: pages.iter().any(|page| !page.text.outline.passages.is_empty()),
            digest: whole.end(),
            places: places.end(),
            folder,
            pages,
            assets,
        }
    }

    /// The page of a file.
    pub fn page(&self, path: &str) -> Option<&Arc<Page>> {
        let at = self.pages.binary_search_by(|page| (*page.path).cmp(path)).ok()?;
        Some(&self.pages[at])
    }
}

impl Model {
    /// The section of a folder such as `content/pages/teams/`.
    pub fn section(&self, folder: &str) -> Option<&Arc<Section>> {
        let at = self.sections.binary_search_by(|section| (*section.folder).cmp(folder)).ok()?;
        Some(&self.sections[at])
    }

    /// The shared page of a file.
    pub fn shared_page(&self, path: &str) -> Option<&Arc<Page>> {
        self.section(folder_of(path))?.page(path)
    }

    /// An image or another file beside shared pages.
    pub fn asset(&self, path: &str) -> Option<&Source> {
        let assets = &self.section(folder_of(path))?.assets;
        Some(&assets[assets.binary_search_by(|file| (*file.path).cmp(path)).ok()?])
    }
}
