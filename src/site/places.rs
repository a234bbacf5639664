//! Places: where everything of one audience's site is shown.
//!
//! In: the Model of one audience. Out: the folders of shared pages, the editions of tasks, and where each source file is
//! shown, so that pages can lead to each other before any is made. Two sources at one place are noted. It never renders.

use super::edition::{Edition, EditionStanding, ShownFile, editions};
use super::shelf::Shelf;
use crate::digest::{Digest, Inputs};
use crate::document::links::StepCounts;
use crate::document::{PAGES, links};
use crate::markdown::slug;
use crate::memo::{Function, Memo};
use crate::model::{Commentary, Model, Page, Section};
use crate::report;
use crate::source::{Source, folder_of};
use ahash::AHashMap;
use std::borrow::Cow;
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
    routes: BTreeMap<Arc<str>, Route>,
    /// Where the pages of each section come to lie, by the section's folder.
    shelves: AHashMap<&'a str, Arc<Shelf>>,
}

/// Where a file or folder is shown.
struct Route {
    address: Arc<str>,
    /// The edition whose page shows it, and the path that the file has there.
    of: Option<(usize, Arc<str>)>,
}

impl From<String> for Route {
    fn from(address: String) -> Self {
        Self { address: address.into(), of: None }
    }
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
        places.add_commentaries(model);
        places.add_folder_pages();
        places.front = if of_tasks { None } else { front(&places.folders) };
        for at in 0..places.editions.len() {
            places.route_to(at);
        }
        places
    }

    /// The places of one edition that nothing lies around.
    pub fn alone(edition: Edition<'a>) -> Self {
        let mut places = Self {
            folders: BTreeMap::new(),
            editions: vec![Arc::new(edition)],
            assets: Vec::new(),
            of_tasks: false,
            front: None,
            clashes: Vec::new(),
            routes: BTreeMap::new(),
            shelves: AHashMap::new(),
        };
        places.route_to(0);
        places
    }

    /// What a link to `path` leads to: inside of `edition` if it stands in one and that has it, else the newest there is.
    pub fn find(&self, path: &str, edition: Option<&Edition<'a>>) -> Option<ShownFile<'_>> {
        if let Some(edition) = edition {
            if let Some(page) = links::candidates(path).find_map(|name| edition.find(&name)) {
                return Some(page);
            }
            if edition.instructions.files.contains_key(path) {
                return Some(ShownFile {
                    address: edition.asset_path(path).into(),
                    text: None,
                    steps: StepCounts::default(),
                });
            }
        }
        let mut names = links::candidates(path).chain(links::folder(path).map(Cow::Owned));
        names.find_map(|name| self.newest(&name))
    }

    /// What the newest text of a file is shown as.
    fn newest(&self, path: &str) -> Option<ShownFile<'_>> {
        if let Some(route) = self.routes.get(path) {
            let of_edition = route.of.as_ref().and_then(|(at, path)| self.editions[*at].find(path));
            let other = || ShownFile { address: Arc::clone(&route.address), text: None, steps: StepCounts::default() };
            return Some(of_edition.unwrap_or_else(other));
        }
        let shelf = self.shelves.get(folder_of(path))?;
        let address = Arc::clone(shelf.route(path)?);
        let text = shelf.pages.get(&address).map(|page| &page.text);
        Some(ShownFile { address, text, steps: StepCounts::default() })
    }

    /// The newest sealed text of a task.
    pub fn latest(&self, task: &str) -> Option<&Arc<Edition<'a>>> {
        let is_latest = |known: &&Arc<Edition<'_>>| known.standing == EditionStanding::Latest;
        self.editions.iter().filter(is_latest).find(|known| known.task.id == task)
    }

    /// Whether a version of some task is shown.
    pub fn has_releases(&self) -> bool {
        self.editions.iter().any(|edition| edition.standing == EditionStanding::Latest)
    }

    /// Where the page at `path` of an edition is in another one of its task, or that one's first page.
    pub fn same_page(edition: &Edition<'_>, path: &str, other: &Edition<'_>) -> String {
        Self::counterpart(edition, path, other).unwrap_or_else(|| other.home_path())
    }

    /// Where the page at `path` of an edition is in another one of its task, if that has it.
    pub fn counterpart(edition: &Edition<'_>, path: &str, other: &Edition<'_>) -> Option<String> {
        let same = path.strip_prefix(&*edition.root).map(|inside| format!("{}{inside}", other.root));
        let has = |path: &String| {
            let is_print = other.standing == EditionStanding::Version && Some(path) == other.print_path().as_ref();
            is_print || other.place(path).is_some() || *path == other.examples_path()
        };
        same.filter(has)
    }

    /// The release that is shown at an address, if it is sealed.
    pub fn release_at(&self, address: &str) -> Option<String> {
        let of = self.editions.iter().filter(|edition| address.starts_with(&edition.root));
        of.max_by_key(|edition| edition.root.len())?.release_name()
    }

    /// The pages of all folders, each folder's with its digest.
    pub fn shelves(&self) -> impl Iterator<Item = (&str, &Arc<Shelf>)> {
        self.folders.iter().filter_map(|(path, folder)| Some((path.as_str(), folder.shelf.as_ref()?)))
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
        Inputs::of("places").list(routes, |inputs, (file, route)| inputs.text(file).text(&route.address)).end()
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
                self.add_assets(section.linked_assets.iter().map(String::as_str), model);
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

    /// Words on a report are shown on it.
    fn add_commentaries(&mut self, model: &'a Model) {
        for Commentary { cohort, week, page } in &model.commentaries {
            let address = format!("{}index.html", report::folder(cohort, week));
            self.routes.insert(Arc::clone(&page.path), address.into());
            self.add_assets(page.text.linked_files(), model);
        }
    }

    /// Files beside pages are shipped only where a page that is shipped leads to them.
    fn add_assets<'p>(&mut self, paths: impl Iterator<Item = &'p str>, model: &'a Model) {
        for source in paths.filter_map(|path| model.asset(path)) {
            let target: Arc<str> = source.path.strip_prefix("content/").unwrap_or(&source.path).into();
            let route = Route { address: Arc::clone(&target), of: None };
            self.routes.insert(Arc::clone(&source.path), route);
            self.assets.push((target, source));
        }
    }

    /// Links from elsewhere lead to the newest text that this audience has, unless they name a version.
    fn route_to(&mut self, at: usize) {
        let edition = &self.editions[at];
        for page in edition.instructions.all_pages() {
            let Some(shown) = edition.find(&page.path) else { continue };
            let version = edition.release.filter(|_| edition.standing == EditionStanding::Version);
            let in_version = version.and_then(|release| links::in_version(&page.path, &release.version));
            for path in in_version.map(Arc::from).into_iter().chain([Arc::clone(&page.path)]) {
                let of = Some((at, Arc::clone(&page.path)));
                let route = || Route { address: Arc::clone(&shown.address), of };
                self.routes.entry(path).or_insert_with(route);
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
