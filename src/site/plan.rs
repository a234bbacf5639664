//! The plan: which files a site will have, decided before any is made.
//!
//! In: the Model of one audience, and its reports. Out: `Plan`, output path → what to show there, and where each
//! source is shown. Two things at one path are found here. It never renders.

use super::edition::{Edition, editions, page_folder};
use crate::diagnostic::{Diagnostics, Place, rules};
use crate::document::PAGES;
use crate::model::{Example, Model, Page};
use crate::report::CohortReport;
use crate::source::Source;
use ahash::AHashMap;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// All files of one audience's site.
pub struct Plan<'a> {
    /// What is shown at each path.
    pub entries: BTreeMap<Arc<str>, Entry<'a>>,
    /// Where each shared page, and each file of a task's newest text, is shown.
    pub routes: AHashMap<Arc<str>, Arc<str>>,
    /// The editions of all tasks; entries name them by index.
    pub editions: Vec<Edition<'a>>,
    /// Folders of shared pages, by path such as `pages/a/`.
    pub folders: BTreeMap<String, Folder<'a>>,
}

/// A folder of shared pages.
#[derive(Default)]
pub struct Folder<'a> {
    /// Its own page, if it has one.
    pub page: Option<&'a Page>,
    /// The pages in it, in their order, then by path: where each is shown, and what it is.
    pub pages: Vec<(Arc<str>, &'a Page)>,
    /// The folders in it.
    pub folders: BTreeSet<String>,
}

/// What is shown at one path.
pub enum Entry<'a> {
    /// The first page.
    Home,
    /// What is shown for an address that is not there.
    NotFound,
    /// A shared page.
    Page(&'a Page),
    /// The list of a folder without a page of its own.
    Folder(String),
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
            Self::Page(page) | Self::TaskPage(_, page) => Some(&page.path),
            Self::Example(_, example) => Some(&example.page.path),
            Self::File(source) => Some(&source.path),
            _ => None,
        }
    }
}

/// Files that a report consists of beside its page.
pub const REPORT_FILES: [&str; 5] = ["report.json", "report.md", "figures.csv", "confusion.csv", "trend.csv"];

/// Plans the site of one audience.
pub fn plan<'a>(model: &'a Model, reports: &'a [CohortReport], diagnostics: &mut Diagnostics) -> Plan<'a> {
    let mut planner = Planner {
        plan: Plan {
            entries: BTreeMap::new(),
            routes: AHashMap::new(),
            editions: Vec::new(),
            folders: BTreeMap::new(),
        },
        diagnostics,
    };
    planner.add("index.html".to_owned(), Entry::Home);
    planner.add("404.html".to_owned(), Entry::NotFound);
    for name in super::theme::FILES {
        planner.add(format!("theme/{name}"), Entry::Theme(name));
    }
    planner.pages(model);
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
            let place = Place::file(entry.source().unwrap_or(&path));
            let other = first.source().map(|other| (Place::file(other), other.to_owned()));
            let name = other.as_ref().map_or("a page that every site has".to_owned(), |(_, name)| format!("`{name}`"));
            let finding = self.diagnostics.add(
                rules::DUPLICATE_PATH,
                place,
                format!("this and {name} would both be written to `{path}`"),
            );
            if let Some((place, _)) = other {
                finding.related(place, "the other one");
            }
            finding.help("rename one of them");
        }
    }

    fn pages(&mut self, model: &'a Model) {
        for beside in model.pages.chunk_by(|a, b| source_folder(a) == source_folder(b)) {
            let folder = self.folder(source_folder(&beside[0]));
            let mut listed = Vec::new();
            for page in beside {
                let name = page.path.rsplit('/').next().unwrap_or(&page.path);
                let path: Arc<str> = format!("{folder}{}index.html", page_folder(name)).into();
                self.plan.routes.insert(Arc::clone(&page.path), Arc::clone(&path));
                if super::edition::is_folder_page(name.strip_suffix(".md").unwrap_or(name)) {
                    self.plan.folders.entry(folder.clone()).or_default().page = Some(page);
                } else {
                    listed.push((Arc::clone(&path), &**page));
                }
                self.add(path, Entry::Page(page));
                self.page_assets(page, model);
            }
            self.plan.folders.entry(folder).or_default().pages.extend(listed);
        }
        for folder in self.plan.folders.values_mut() {
            folder.pages.sort_by_key(|(_, page)| page.order);
        }
        self.folder_lists();
    }

    /// A folder without a page of its own shows a list, unless a page beside it has its name (`a.md` and `a/`).
    fn folder_lists(&mut self) {
        let entries = &self.plan.entries;
        let mut listed = Vec::new();
        for (path, folder) in &mut self.plan.folders {
            match entries.get(&*format!("{path}index.html")) {
                Some(Entry::Page(page)) => folder.page = Some(page),
                _ => listed.push(path.clone()),
            }
        }
        for folder in listed {
            self.add(format!("{folder}index.html"), Entry::Folder(folder));
        }
    }

    /// Notes a folder and those above it; returns its path in the output.
    fn folder(&mut self, source: &str) -> String {
        let mut path = "pages/".to_owned();
        let mut source_path = PAGES.to_owned();
        self.plan.folders.entry(path.clone()).or_default();
        self.plan.routes.entry(source_path.as_str().into()).or_insert_with(|| format!("{path}index.html").into());
        for part in source.split('/').filter(|part| !part.is_empty()) {
            let inner = format!("{path}{}/", crate::markdown::slug::path(part));
            source_path = format!("{source_path}{part}/");
            self.plan.folders.entry(path).or_default().folders.insert(inner.clone());
            self.plan.folders.entry(inner.clone()).or_default();
            self.plan.routes.entry(source_path.as_str().into()).or_insert_with(|| format!("{inner}index.html").into());
            path = inner;
        }
        path
    }

    /// Files beside pages are shipped only where a page that is shipped leads to them.
    fn page_assets(&mut self, page: &'a Page, model: &'a Model) {
        for path in page.text.linked_files() {
            if let Some((path, source)) = model.assets.get_key_value(path) {
                let target = path.strip_prefix("content/").unwrap_or(path).to_owned();
                self.plan.routes.insert(path.as_str().into(), target.as_str().into());
                self.add(target, Entry::File(source));
            }
        }
    }

    fn edition(&mut self, edition: Edition<'a>) {
        let index = self.plan.editions.len();
        let set = edition.instructions;
        let root = edition.root.clone();
        self.add(format!("{root}index.html"), Entry::Task(index));
        self.add(format!("{root}rubric/index.html"), Entry::Rubric(index));
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

/// The folder that a shared page's file lies in, below that of all shared pages.
fn source_folder(page: &Page) -> &str {
    page.path[PAGES.len()..].rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// Where a report lies.
pub fn report_root(report: &CohortReport) -> String {
    format!("reports/{}/{}/", report.cohort, report.week)
}
