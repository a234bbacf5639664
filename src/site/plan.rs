//! The plan: which files a site will have, decided before any is made.
//!
//! In: the Model of one audience, and its reports. Out: `Plan`, output path → what to show there, and where each
//! source is shown. Two things at one path are found here. It never renders.

use super::edition::{Edition, editions};
use super::shelf::Shelf;
use crate::diagnostic::{Diagnostics, Place, rules};
use crate::digest::{Digest, Inputs};
use crate::document::PAGES;
use crate::markdown::slug;
use crate::memo::{Function, Memo};
use crate::model::{Example, Model, Page, Section};
use crate::report::CohortReport;
use crate::source::{Source, folder_of};
use ahash::AHashMap;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The sections of a folder to their shelf.
struct Shelving;

impl Function for Shelving {
    type Value = Arc<Shelf>;
}

/// All files of one audience's site.
pub struct Plan<'a> {
    /// What is shown at each path, beside the shared pages.
    pub entries: BTreeMap<Arc<str>, Entry<'a>>,
    /// Folders of shared pages, by path such as `pages/a/`.
    pub folders: BTreeMap<String, Folder>,
    /// The editions of all tasks; entries name them by index.
    pub editions: Vec<Edition<'a>>,
    /// Whether the site has tasks, be they shown to this audience or not: it opens on them.
    pub of_tasks: bool,
    /// The shared page that a site without tasks opens on, if this audience has one.
    pub front: Option<Front>,
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
pub struct Folder {
    /// The pages in it; none if it has folders only.
    pub shelf: Option<Arc<Shelf>>,
    /// What says what it is called: its own page, or the page beside it that has its name (`a.md` and `a/`).
    pub page: Option<Arc<Page>>,
    /// The folders in it.
    pub folders: BTreeSet<String>,
}

impl Folder {
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

impl Plan<'_> {
    /// Where a file is shown.
    pub fn route(&self, path: &str) -> Option<&Arc<str>> {
        self.routes.get(path).or_else(|| self.shelves.get(folder_of(path))?.route(path))
    }

    /// Whether there is a shared page, and so a list of them.
    pub fn has_shared_pages(&self) -> bool {
        !self.folders.is_empty()
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

    /// How many files the site will have.
    pub fn len(&self) -> usize {
        let of_folder = |folder: &Folder| {
            folder.shelf.as_ref().map_or(0, |shelf| shelf.pages.len()) + usize::from(folder.shows_list())
        };
        self.entries.len() + self.folders.values().map(of_folder).sum::<usize>()
    }
}

/// What is shown at one path.
pub enum Entry<'a> {
    /// The first page.
    Home,
    /// What is shown for an address that is not there.
    NotFound,
    /// The spec of an edition.
    Task(usize),
    /// The rubric of an edition.
    Rubric(usize),
    /// A further page of an edition.
    TaskPage(usize, &'a Page),
    /// The list of an edition's examples.
    Examples(usize),
    /// An example of an edition.
    Example(usize, &'a Example),
    /// The list of a task's versions.
    Versions(usize),
    /// The list of reports.
    Reports,
    /// A report.
    Report(&'a CohortReport),
    /// A file made from a report: which report, and which file.
    ReportFile(&'a CohortReport, &'static str),
    /// A file as it is.
    File(&'a Source),
    /// A file of the theme.
    Theme(&'static str),
}

impl Entry<'_> {
    /// The source to name when two entries meet at one path.
    fn source(&self) -> Option<&str> {
        match self {
            Self::TaskPage(_, page) => Some(&page.path),
            Self::Example(_, example) => Some(&example.page.path),
            Self::File(source) => Some(&source.path),
            _ => None,
        }
    }
}

/// Files that a report consists of beside its page.
pub const REPORT_FILES: [&str; 5] = ["report.json", "report.md", "figures.csv", "confusion.csv", "trend.csv"];

/// Plans the site of one audience; `of_tasks` says whether the site has tasks, be they shown to it or not.
pub fn plan<'a>(
    model: &'a Model,
    reports: &'a [CohortReport],
    audience: &str,
    of_tasks: bool,
    memo: &Memo,
    diagnostics: &mut Diagnostics,
) -> Plan<'a> {
    let mut planner = Planner {
        plan: Plan {
            entries: BTreeMap::new(),
            folders: BTreeMap::new(),
            editions: Vec::new(),
            of_tasks,
            front: None,
            routes: BTreeMap::new(),
            shelves: AHashMap::new(),
        },
        diagnostics,
    };
    planner.add("index.html".to_owned(), Entry::Home);
    planner.add("404.html".to_owned(), Entry::NotFound);
    for (name, _) in super::default_theme::FILES {
        planner.add(format!("theme/{name}"), Entry::Theme(name));
    }
    planner.pages(model, audience, memo);
    planner.plan.front = if of_tasks { None } else { front(&planner.plan.folders) };
    for task in &model.tasks {
        let first = planner.plan.editions.len();
        for edition in editions(task) {
            planner.edition(edition);
        }
        if planner.plan.editions.len() > first {
            planner.add(format!("tasks/{}/v/index.html", task.id), Entry::Versions(first));
        }
    }
    planner.reports(reports);
    planner.plan
}

/// The page of the uppermost folder that has one.
fn front(folders: &BTreeMap<String, Folder>) -> Option<Front> {
    let (folder, inside, page) = folders.iter().find_map(|(path, inside)| Some((path, inside, inside.first()?)))?;
    let is_top = folder == "pages/" && inside.page.is_some();
    Some(Front { folder: folder.clone(), page: Arc::clone(page), is_top })
}

struct Planner<'a, 'd> {
    plan: Plan<'a>,
    diagnostics: &'d mut Diagnostics,
}

impl<'a> Planner<'a, '_> {
    /// Adds a file; a second one at the same path is a finding that names both.
    fn add(&mut self, path: impl Into<Arc<str>>, entry: Entry<'a>) {
        let path = path.into();
        let Some(first) = self.plan.entries.get(&path) else {
            self.plan.entries.insert(path, entry);
            return;
        };
        let same_file = matches!((first, &entry), (Entry::File(a), Entry::File(b)) if a.path == b.path);
        if !same_file {
            let first = first.source().map(str::to_owned);
            self.clash(&path, entry.source().unwrap_or(&path), first.as_deref());
        }
    }

    /// Says that two sources would be written to one path; the first is none if every site has it.
    fn clash(&mut self, path: &str, second: &str, first: Option<&str>) {
        let name = first.map_or("a page that every site has".to_owned(), |name| format!("`{name}`"));
        let message = format!("this and {name} would both be written to `{path}`");
        let finding = self.diagnostics.add(rules::DUPLICATE_PATH, Place::file(second), message);
        if let Some(first) = first {
            finding.related(Place::file(first), "the other one");
        }
        finding.help("rename one of them");
    }

    fn pages(&mut self, model: &'a Model, audience: &str, memo: &Memo) {
        let mut by_folder: BTreeMap<String, Vec<&'a Arc<Section>>> = BTreeMap::new();
        for section in model.sections.iter().filter(|section| !section.pages.is_empty()) {
            by_folder.entry(self.folder(&section.folder)).or_default().push(section);
        }
        for (path, sections) in by_folder {
            let inputs = Shelf::inputs(&sections);
            let make = |_| Arc::new(Shelf::new(&path, &sections));
            let shelf = memo.latest::<Shelving>(&format!("{audience}/{path}"), inputs, make);
            for (path, [first, second]) in &shelf.clashes {
                self.clash(path, second, Some(first));
            }
            for section in sections {
                self.plan.shelves.insert(&section.folder, Arc::clone(&shelf));
                self.assets(section, model);
            }
            self.plan.folders.entry(path).or_default().shelf = Some(shelf);
        }
        self.folder_pages();
    }

    /// Finds the page of each folder: its own, else the page beside it that has its name.
    fn folder_pages(&mut self) {
        let mut clashes = Vec::new();
        let mut found = Vec::new();
        for (path, folder) in &self.plan.folders {
            let index = format!("{path}index.html");
            let page = |shelf: Option<&Arc<Shelf>>| shelf?.pages.get(&*index).cloned();
            let own = page(folder.shelf.as_ref());
            let above = self.plan.folders.get(folder_of(path.trim_end_matches('/')));
            let beside = page(above.and_then(|above| above.shelf.as_ref()));
            if let (Some(own), Some(beside)) = (&own, &beside) {
                clashes.push((index, Arc::clone(&own.path), Arc::clone(&beside.path)));
            }
            found.push((path.clone(), own.or(beside)));
        }
        for (path, page) in found {
            self.plan.folders.entry(path).or_default().page = page;
        }
        for (path, second, first) in clashes {
            self.clash(&path, &second, Some(&first));
        }
    }

    /// Notes the folder of a section and those above it; returns its path in the output.
    fn folder(&mut self, source: &str) -> String {
        let mut path = "pages/".to_owned();
        let mut source_path = PAGES.to_owned();
        self.plan.folders.entry(path.clone()).or_default();
        self.plan.routes.entry(source_path.as_str().into()).or_insert_with(|| format!("{path}index.html").into());
        for part in source[PAGES.len()..].split('/').filter(|part| !part.is_empty()) {
            let inner = format!("{path}{}/", slug::path(part));
            source_path = format!("{source_path}{part}/");
            self.plan.folders.entry(path).or_default().folders.insert(inner.clone());
            self.plan.folders.entry(inner.clone()).or_default();
            self.plan.routes.entry(source_path.as_str().into()).or_insert_with(|| format!("{inner}index.html").into());
            path = inner;
        }
        path
    }

    /// Files beside pages are shipped only where a page that is shipped leads to them.
    fn assets(&mut self, section: &Section, model: &'a Model) {
        for source in section.linked_assets.iter().filter_map(|path| model.asset(path)) {
            let target: Arc<str> = source.path.strip_prefix("content/").unwrap_or(&source.path).into();
            self.plan.routes.insert(Arc::clone(&source.path), Arc::clone(&target));
            self.add(target, Entry::File(source));
        }
    }

    fn edition(&mut self, edition: Edition<'a>) {
        let index = self.plan.editions.len();
        let set = edition.instructions;
        let root = edition.root.clone();
        self.add(edition.home_path(), Entry::Task(index));
        self.add(edition.rubric_path(), Entry::Rubric(index));
        for page in &set.pages {
            self.add(edition.further_page_path(page), Entry::TaskPage(index, page));
        }
        if !set.examples.is_empty() {
            self.add(format!("{root}examples/index.html"), Entry::Examples(index));
        }
        for example in &set.examples {
            self.add(edition.example_path(example), Entry::Example(index, example));
        }
        let own_pages = [&set.page, &set.rubric_page].into_iter().chain(&set.pages);
        for page in own_pages.chain(set.examples.iter().map(|example| &example.page)) {
            for path in page.text.linked_files() {
                if let Some((path, (source, _))) = set.files.get_key_value(path) {
                    self.add(edition.asset_path(path), Entry::File(source));
                }
            }
        }
        if let Some(text) = edition.release.and_then(|release| release.projected.values().next()) {
            self.add(format!("{root}{}", crate::release::text::NAME), Entry::File(text));
        }
        self.route_to(&edition);
        self.plan.editions.push(edition);
    }

    /// Links from elsewhere lead to the newest text that this audience has.
    fn route_to(&mut self, edition: &Edition<'a>) {
        let set = edition.instructions;
        let examples = set.examples.iter().map(|example| &example.page);
        let pages = [&set.page, &set.rubric_page].into_iter().chain(&set.pages).chain(examples);
        for page in pages {
            if let Some(path) = edition.page_path(&page.path) {
                self.plan.routes.entry(Arc::clone(&page.path)).or_insert_with(|| path.into());
            }
        }
    }

    fn reports(&mut self, reports: &'a [CohortReport]) {
        if reports.is_empty() {
            return;
        }
        self.add("reports/index.html".to_owned(), Entry::Reports);
        for report in reports {
            let root = report_root(report);
            self.add(format!("{root}index.html"), Entry::Report(report));
            for name in REPORT_FILES {
                self.add(format!("{root}{name}"), Entry::ReportFile(report, name));
            }
        }
    }
}

/// Where a report lies.
pub fn report_root(report: &CohortReport) -> String {
    format!("reports/{}/{}/", report.cohort, report.week)
}
