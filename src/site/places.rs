//! Places: where everything of one audience's site is shown.
//!
//! In: the Model of one audience. Out: the folders of shared pages, the editions of tasks, and where each source file is
//! shown, so that pages can lead to each other before any is made. Two sources at one place are noted. It never renders.

use super::edition::{Edition, editions};
use super::shelf::Shelf;
use crate::digest::{Digest, Inputs};
use crate::document::PAGES;
use crate::markdown::slug;
use crate::memo::{Function, Memo};
use crate::model::{Model, Page, Section};
use crate::source::{Source, folder_of};
use ahash::AHashMap;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The sections of a folder to their shelf.
struct Shelving;

impl Function for Shelving {
    type Value = Arc<Shelf>;
}

/// Where everything of a site is shown.
pub struct Places<'a> {
    /// Folders of shared pages, by path such as `pages/a/`.
    pub folders: BTreeMap<String, PageFolder>,
    /// The editions of all tasks: by task, each task's newest text first.
    pub editions: Vec<Arc<Edition<'a>>>,
    /// Files that shared pages lead to, and where they lie.
    pub assets: Vec<(Arc<str>, &'a Source)>,
    /// Whether the site has tasks, be they shown to this audience or not: it opens on them.
    pub of_tasks: bool,
    /// The shared page that a site without tasks opens on, if this audience has one.
    pub front: Option<Front>,
    /// Shared pages that would be shown where another one is: where, and both files.
    pub clashes: Vec<(Arc<str>, [Arc<str>; 2])>,
    /// Where each folder of shared pages, and each file of a task's newest text, is shown.
    routes: BTreeMap<Arc<str>, Arc<str>>,
    /// Where the pages of each section come to lie, by the section's folder.
    shelves: AHashMap<&'a str, Arc<Shelf>>,
}

/// The shared page that a site without tasks opens on.
pub struct Front {
    /// The folder it lies in, such as `pages/`.
    pub folder: String,
    /// The page.
    pub page: Arc<Page>,
    /// Whether it is the page of all shared pages, `content/pages/index.md`, and not just the first of them.
    pub is_top: bool,
}

/// A folder of shared pages.
#[derive(Default)]
pub struct PageFolder {
    /// The pages in it; none if it has folders only.
    pub shelf: Option<Arc<Shelf>>,
    /// What says what it is called: its own page, or the page beside it that has its name (`a.md` and `a/`).
    pub page: Option<Arc<Page>>,
    /// The folders in it.
    pub folders: BTreeSet<String>,
}

impl PageFolder {
    /// The pages in it in the order of lists, without its own.
    pub fn listed(&self) -> &[(Arc<str>, Arc<Page>)] {
        self.shelf.as_ref().map_or(&[], |shelf| &shelf.listed)
    }

    /// Its own page, else the first it lists.
    fn first(&self) -> Option<&Arc<Page>> {
        self.page.as_ref().or_else(|| self.listed().first().map(|(_, page)| page))
    }

    /// Whether the list of its pages is shown at its address, because no page is.
    pub fn shows_list(&self) -> bool {
        self.page.is_none()
    }
}

impl<'a> Places<'a> {
    /// Finds a place for all that the Model holds; `of_tasks` says whether the site has tasks, be they in it or not.
    pub fn of(model: &'a Model, audience: &str, of_tasks: bool, memo: &Memo) -> Self {
        let mut places = Self {
            folders: BTreeMap::new(),
            editions: model.tasks.iter().flat_map(editions).map(Arc::new).collect(),
            assets: Vec::new(),
            of_tasks,
            front: None,
            clashes: Vec::new(),
            routes: BTreeMap::new(),
            shelves: AHashMap::new(),
        };
        places.add_sections(model, audience, memo);
        places.add_folder_pages();
        places.front = if of_tasks { None } else { front(&places.folders) };
        for edition in places.editions.clone() {
            places.route_to(&edition);
        }
        places
    }

    /// Where a file is shown.
    pub fn route(&self, path: &str) -> Option<&Arc<str>> {
        self.routes.get(path).or_else(|| self.shelves.get(folder_of(path))?.route(path))
    }

    /// The folder of shared pages that a page lies in: for a folder's own page, that folder.
    pub fn folder_of(&self, path: &str) -> String {
        let own = path.strip_suffix("index.html").unwrap_or(path);
        if self.folders.contains_key(own) {
            return own.to_owned();
        }
        folder_of(own.trim_end_matches('/')).to_owned()
    }

    /// Whether there is a shared page, and so a list of them.
    pub fn has_shared_pages(&self) -> bool {
        !self.folders.is_empty()
    }

    /// How many files shared pages and the lists of them are.
    pub fn shared_files(&self) -> usize {
        let of_folder = |folder: &PageFolder| {
            folder.shelf.as_ref().map_or(0, |shelf| shelf.pages.len()) + usize::from(folder.shows_list())
        };
        self.folders.values().map(of_folder).sum()
    }

    /// The digest of where all is shown but shared pages.
    pub fn places(&self) -> Digest {
        let routes = self.routes.iter();
        Inputs::of("places").list(routes, |inputs, (file, path)| inputs.text(file).text(path)).end()
    }

    /// The digest of where shared pages are shown, and of where those of each section are, by its folder.
    pub fn shared_places(&self) -> (Digest, AHashMap<&str, &Digest>) {
        let shelves = self.folders.values().filter_map(|folder| folder.shelf.as_ref());
        let all = shelves.fold(Inputs::of("shared places"), |inputs, shelf| inputs.digest(&shelf.places));
        (all.end(), self.shelves.iter().map(|(folder, shelf)| (*folder, &shelf.places)).collect())
    }

    fn add_sections(&mut self, model: &'a Model, audience: &str, memo: &Memo) {
        let mut by_folder: BTreeMap<String, Vec<&'a Arc<Section>>> = BTreeMap::new();
        for section in model.sections.iter().filter(|section| !section.pages.is_empty()) {
            by_folder.entry(self.add_folder(&section.folder)).or_default().push(section);
        }
        for (path, sections) in by_folder {
            let inputs = Shelf::inputs(&sections);
            let make = |_| Arc::new(Shelf::new(&path, &sections));
            let shelf = memo.latest::<Shelving>(&format!("{audience}/{path}"), inputs, make);
            self.clashes.extend(shelf.clashes.iter().cloned());
            for section in sections {
                self.shelves.insert(&section.folder, Arc::clone(&shelf));
                self.add_assets(section, model);
            }
            self.folders.entry(path).or_default().shelf = Some(shelf);
        }
    }

    /// Finds the page of each folder: its own, else the page beside it that has its name.
    fn add_folder_pages(&mut self) {
        let mut found = Vec::new();
        for (path, folder) in &self.folders {
            let index = format!("{path}index.html");
            let page = |shelf: Option<&Arc<Shelf>>| shelf?.pages.get(&*index).cloned();
            let own = page(folder.shelf.as_ref());
            let above = self.folders.get(folder_of(path.trim_end_matches('/')));
            let beside = page(above.and_then(|above| above.shelf.as_ref()));
            if let (Some(own), Some(beside)) = (&own, &beside) {
                self.clashes.push((index.into(), [Arc::clone(&beside.path), Arc::clone(&own.path)]));
            }
            found.push((path.clone(), own.or(beside)));
        }
        for (path, page) in found {
            self.folders.entry(path).or_default().page = page;
        }
    }

    /// Notes the folder of a section and those above it; returns its path in the output.
    fn add_folder(&mut self, source: &str) -> String {
        let mut path = "pages/".to_owned();
        let mut source_path = PAGES.to_owned();
        self.folders.entry(path.clone()).or_default();
        self.routes.entry(source_path.as_str().into()).or_insert_with(|| format!("{path}index.html").into());
        for part in source[PAGES.len()..].split('/').filter(|part| !part.is_empty()) {
            let inner = format!("{path}{}/", slug::path(part));
            source_path = format!("{source_path}{part}/");
            self.folders.entry(path).or_default().folders.insert(inner.clone());
            self.folders.entry(inner.clone()).or_default();
            self.routes.entry(source_path.as_str().into()).or_insert_with(|| format!("{inner}index.html").into());
            path = inner;
        }
        path
    }

    /// Files beside pages are shipped only where a page that is shipped leads to them.
    fn add_assets(&mut self, section: &Section, model: &'a Model) {
        for source in section.linked_assets.iter().filter_map(|path| model.asset(path)) {
            let target: Arc<str> = source.path.strip_prefix("content/").unwrap_or(&source.path).into();
            self.routes.insert(Arc::clone(&source.path), Arc::clone(&target));
            self.assets.push((target, source));
        }
    }

    /// Links from elsewhere lead to the newest text that this audience has.
    fn route_to(&mut self, edition: &Edition<'a>) {
        for page in edition.instructions.all_pages() {
            if let Some(path) = edition.page_path(&page.path) {
                self.routes.entry(Arc::clone(&page.path)).or_insert_with(|| path.into());
            }
        }
    }
}

/// The page of the uppermost folder that has one.
fn front(folders: &BTreeMap<String, PageFolder>) -> Option<Front> {
    let (folder, inside, page) = folders.iter().find_map(|(path, inside)| Some((path, inside, inside.first()?)))?;
    let is_top = folder == "pages/" && inside.page.is_some();
    Some(Front { folder: folder.clone(), page: Arc::clone(page), is_top })
}
