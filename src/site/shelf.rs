//! Shelves: the shared pages of one folder of the site, planned.
//!
//! In: the sections whose pages come to lie in that folder (two, if their names differ in what an address drops). Out:
//! where each page is shown, in which order the folder lists them, and a digest of each of these. It never looks at
//! another folder.

use crate::digest::{Digest, Inputs};
use crate::document::links;
use crate::markdown::slug::{is_folder_page, page_folder};
use crate::model::{Page, Section};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The shared pages of one folder of the site.
pub struct Shelf {
    /// Where each page is shown.
    pub pages: BTreeMap<Arc<str>, Arc<Page>>,
    /// All but the folder's own page, in the order of lists: by their order, then by file.
    pub listed: Vec<(Arc<str>, Arc<Page>)>,
    /// Pages that would be shown where another one is: where, and both files.
    pub clashes: Vec<(Arc<str>, [Arc<str>; 2])>,
    /// Where the page of each file is shown.
    routes: BTreeMap<Arc<str>, Arc<str>>,
    /// The folders that the links of the pages lead into.
    pub linked: BTreeSet<String>,
    /// The digest of the pages.
    pub digest: Digest,
    /// The digest of what the list of them shows.
    pub list: Digest,
    /// The digest of where each file is shown.
    pub places: Digest,
    /// The digest of every place of the pages that a link can lead to.
    pub anchors: Digest,
}

impl Shelf {
    /// The digest of all that a shelf is made from.
    pub fn inputs(sections: &[&Arc<Section>]) -> Digest {
        Inputs::of("shelf").list(sections.iter(), |inputs, section| inputs.digest(&section.digest)).end()
    }

    /// Plans the pages of the folder at `folder`, such as `pages/teams/`.
    pub fn new(folder: &str, sections: &[&Arc<Section>]) -> Self {
        let (mut pages, mut routes) = (BTreeMap::<Arc<str>, Arc<Page>>::new(), BTreeMap::new());
        let (mut listed, mut clashes) = (Vec::new(), Vec::new());
        for page in sections.iter().flat_map(|section| &section.pages) {
            let name = page.path.rsplit('/').next().unwrap_or(&page.path);
            let path: Arc<str> = format!("{folder}{}index.html", page_folder(name)).into();
            routes.insert(Arc::clone(&page.path), Arc::clone(&path));
            if !is_folder_page(name.strip_suffix(".md").unwrap_or(name)) {
                listed.push((Arc::clone(&path), Arc::clone(page)));
            }
            match pages.get(&path) {
                Some(first) => clashes.push((path, [Arc::clone(&first.path), Arc::clone(&page.path)])),
                None => drop(pages.insert(path, Arc::clone(page))),
            }
        }
        listed.sort_by_key(|(_, page)| page.order);
        let digest =
            Inputs::of("pages").list(pages.iter(), |inputs, (path, page)| inputs.text(path).digest(&page.digest));
        let list = Inputs::of("list").list(listed.iter(), |inputs, (path, page)| inputs.text(path).text(&page.title));
        let places = Inputs::of("places").list(routes.iter(), |inputs, (file, path)| inputs.text(file).text(path));
        let anchors = Inputs::of("anchors").list(pages.values(), |inputs, page| inputs.digest(&page.text.places));
        let (digest, list, places, anchors) = (digest.end(), list.end(), places.end(), anchors.end());
        let linked = links::folders(pages.values().flat_map(|page| &*page.text.targets)).map(Cow::into_owned).collect();
        Self { pages, listed, clashes, routes, linked, digest, list, places, anchors }
    }

    /// Where the page of a file is shown.
    pub fn route(&self, file: &str) -> Option<&Arc<str>> {
        self.routes.get(file)
    }
}
