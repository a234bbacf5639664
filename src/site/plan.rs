//! The plan: which files a site will have, decided before any is made.
//!
//! In: the Model of one audience, where everything in it is shown, and its reports. Out: `Plan`, output path → page.
//! Two things at one path are found here. It never renders.

use super::default_theme;
use super::edition::{self, Edition, EditionStanding, FEED};
use super::page::program_page::{ACCESSIBILITY, METHODS};
use super::page::{
    PageKind, bundle, changes, example, examples, feed, file, forward, further, home, llms, not_found, print, raters,
    report, reports, rubric, rubric_file, run_part, since, task, versions, versions_file,
};
use super::places::Places;
use super::steps::parts::RunParts;
use crate::diagnostic::{Diagnostics, Place, rules};
use crate::markdown::ids::RunSide;
use crate::model::{Example, Model, Task};
use crate::release;
use crate::report::{Reports, WeekReport};
use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;

/// All files of one audience's site beside its shared pages, which `Places` has folder by folder.
pub struct Plan<'a> {
    /// What is shown at each path.
    pub pages: BTreeMap<Arc<str>, Box<dyn PageKind + 'a>>,
}

/// Plans the site of one audience.
pub fn plan<'a>(
    model: &'a Model,
    places: &Places<'a>,
    audience: &str,
    reports: &'a Reports,
    diagnostics: &mut Diagnostics,
) -> Plan<'a> {
    let mut planner = Planner { plan: Plan { pages: BTreeMap::new() }, diagnostics };
    planner.add("index.html", home::HomePage);
    planner.add("404.html", not_found::NotFoundPage);
    if places.of_tasks {
        planner.add(ACCESSIBILITY.path, ACCESSIBILITY);
    }
    for (name, _) in default_theme::FILES {
        planner.add(default_theme::shipped_at(name), file::ThemeFile(name));
    }
    for (path, [first, second]) in &places.clashes {
        planner.clash(path, second, Some(first));
    }
    for (path, source) in &places.assets {
        planner.add(Arc::clone(path), file::SourceFile(source));
    }
    for edition in &places.editions {
        planner.edition(edition);
    }
    for task in &model.tasks {
        if let Some(newest) = places.editions.iter().find(|edition| edition.task.id == task.id) {
            planner.add(newest.versions_path(), versions::VersionsPage(Arc::clone(newest)));
        }
        if let Some(latest) = places.latest(&task.id) {
            planner.add(latest.since_path(), since::SinceScript(Arc::clone(latest)));
            planner.for_programs(task, latest, places);
        }
    }
    let released: Vec<&Task> = model.tasks.iter().filter(|task| task.latest().is_some()).collect();
    if !released.is_empty() {
        planner.add(FEED, feed::Feed { tasks: released, title: None });
    }
    if model.config.is_public(audience) {
        planner.add(llms::NAME, llms::LlmsFile);
    }
    for task in &model.tasks {
        planner.forward(task);
    }
    planner.reports(reports);
    planner.plan
}

/// Plans the folder of a version that is taken along.
fn bundle<'a>(edition: &Arc<Edition<'a>>) -> bundle::BundleFile<'a> {
    let (Plan { pages }, places) = alone(edition);
    bundle::BundleFile { edition: Arc::clone(edition), pages, places }
}

/// Plans the newest sealed text of a task in a folder of its own; none if nothing of it is sealed.
pub fn newest_alone(task: &Task) -> Option<(Plan<'_>, Places<'_>)> {
    let editions = edition::editions(task);
    editions.iter().find(|edition| edition.standing == EditionStanding::Latest).map(alone)
}

/// Plans an edition in a folder of its own, around which nothing lies.
fn alone<'a>(edition: &Edition<'a>) -> (Plan<'a>, Places<'a>) {
    let places = Places::alone(edition.alone());
    // What clashes in it was said of the version.
    let mut said = Diagnostics::default();
    let mut planner = Planner { plan: Plan { pages: BTreeMap::new() }, diagnostics: &mut said };
    for (name, _) in default_theme::FILES {
        planner.add(default_theme::shipped_at(name), file::ThemeFile(name));
    }
    for alone in &places.editions {
        planner.edition(alone);
    }
    (planner.plan, places)
}

struct Planner<'a, 'd> {
    plan: Plan<'a>,
    diagnostics: &'d mut Diagnostics,
}

impl<'a> Planner<'a, '_> {
    /// Adds a page; a second one at the same path is a finding that names both.
    fn add(&mut self, path: impl Into<Arc<str>>, page: impl PageKind + 'a) {
        let path = path.into();
        let Some(first) = self.plan.pages.get(&path) else {
            self.plan.pages.insert(path, Box::new(page));
            return;
        };
        let first = first.source().map(str::to_owned);
        // The same file, led to from two pages, is one file.
        if first.is_none() || first.as_deref() != page.source() {
            self.clash(&path, page.source().unwrap_or(&path), first.as_deref());
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

    fn edition(&mut self, edition: &Arc<Edition<'a>>) {
        let set = edition.instructions;
        let own = || Arc::clone(edition);
        self.add(edition.home_path(), task::TaskPage(own()));
        self.add(edition.rubric_path(), rubric::RubricPage(own()));
        for page in &set.pages {
            self.add(edition.further_page_path(page), further::FurtherPage(own(), page));
        }
        if !set.examples.is_empty() {
            self.add(edition.examples_path(), examples::ExamplesPage(own()));
        }
        if edition.standing == EditionStanding::Version {
            self.version(edition);
        }
        if let Some(old) = edition.before().filter(|_| edition.standing != EditionStanding::Alone) {
            self.add(edition.changes_path(), changes::ChangesPage { new: own(), old });
        }
        if edition.standing == EditionStanding::Latest {
            for old in edition.older() {
                self.add(edition.changes_since_path(old), changes::ChangesPage { new: own(), old });
            }
        }
        for example in &set.examples {
            self.add(edition.example_path(example), example::ExamplePage(own(), example));
            self.run_parts(edition, example);
        }
        for page in set.all_pages() {
            page.text.linked_files().for_each(|path| self.add_asset(edition, path));
        }
        let runs = set.examples.iter().flat_map(Example::runs);
        runs.flat_map(|run| run.pictures.values()).for_each(|path| self.add_asset(edition, path));
        if let Some(text) = edition.release.and_then(|release| release.projected.values().next()) {
            self.add(format!("{}{}", edition.root, release::text::NAME), file::SourceFile(text));
        }
    }

    /// The parts of an example's runs, but for the first of each.
    fn run_parts(&mut self, edition: &Arc<Edition<'a>>, example: &'a Example) {
        for side in RunSide::ALL {
            for part in 1..example.run(side).map_or(1, |run| RunParts::of(run, side).len()) {
                let page = run_part::RunPartPage { edition: Arc::clone(edition), example, side, part };
                self.add(edition.run_part_path(example, side, part), page);
            }
        }
    }

    /// What tells programs of the versions of a task, beside its newest text; a file of that text that has the name came
    /// first.
    fn for_programs(&mut self, task: &'a Task, latest: &Arc<Edition<'a>>, places: &Places<'a>) {
        let is_free = |path: &String| !self.plan.pages.contains_key(path.as_str());
        let versions = Some(latest.at("versions.json")).filter(is_free);
        let feed = Some(latest.at(FEED)).filter(is_free);
        let own =
            |edition: &&Arc<Edition<'_>>| edition.task.id == task.id && edition.standing == EditionStanding::Version;
        if let Some(path) = versions {
            let editions = places.editions.iter().filter(own).map(Arc::clone).collect();
            self.add(path, versions_file::VersionsFile(editions));
        }
        if let Some(path) = feed {
            self.add(path, feed::Feed { tasks: vec![task], title: Some(&latest.instructions.page.title) });
        }
    }

    /// What stands beside a version at its address for good.
    fn version(&mut self, edition: &Arc<Edition<'a>>) {
        if let Some(path) = edition.print_path() {
            self.add(path, print::PrintPage(Arc::clone(edition)));
        }
        if let Some(path) = edition.beside(rubric_file::NAME).filter(|_| edition.has_rubric()) {
            self.add(path, rubric_file::RubricFile(Arc::clone(edition)));
        }
        if let Some(path) = edition.beside(bundle::NAME).filter(|_| edition.may_serve()) {
            self.add(path, bundle(edition));
        }
    }

    /// An image or another file of the instructions, if it is one.
    fn add_asset(&mut self, edition: &Edition<'a>, path: &str) {
        if let Some((path, (source, _))) = edition.instructions.files.get_key_value(path) {
            self.add(edition.asset_path(path), file::SourceFile(source));
        }
    }

    /// Every page of a task at the addresses that it had under other names, to lead to those of today.
    fn forward(&mut self, task: &Task) {
        let root = format!("tasks/{}/", task.id);
        let inside = self.plan.pages.range::<str, _>((Bound::Included(&*root), Bound::Unbounded));
        let inside = inside.map(|(path, _)| Arc::clone(path)).take_while(|path| path.starts_with(&root));
        let is_page = |path: &Arc<str>| path.ends_with("index.html") && !path[root.len()..].starts_with("next/");
        for path in inside.filter(is_page).collect::<Vec<_>>() {
            for old in &task.state.was {
                self.add(format!("tasks/{old}/{}", &path[root.len()..]), forward::ForwardPage(Arc::clone(&path)));
            }
        }
    }

    fn reports(&mut self, reports: &'a Reports) {
        let weeks: Vec<(&str, &str)> = reports.weeks().into_iter().collect();
        if weeks.is_empty() {
            return;
        }
        self.add(report::LIST, reports::ReportsPage(reports));
        self.add(METHODS.path, METHODS);
        for raters in &reports.raters {
            let of = raters::RatersOf { raters, reports };
            self.add(of.file_path("index.html"), raters::RatersPage(of));
            self.add(of.file_path("raters.csv"), raters::RatersTable(of));
        }
        for (at, (cohort, week)) in weeks.iter().enumerate() {
            let same = |(other, week): &(&'a str, &'a str)| (other == cohort).then_some(*week);
            let before = at.checked_sub(1).and_then(|at| weeks.get(at)).and_then(same);
            let after = weeks.get(at + 1).and_then(same);
            let newest = WeekReport::of(reports, (cohort, week));
            for report in newest.replaced().chain([newest]) {
                self.add(report.path(), report::ReportPage { report, before, after });
                for name in report::FILES {
                    self.add(report.file_path(name), report::ReportFile(report, name));
                }
            }
        }
    }
}
