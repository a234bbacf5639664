//! Rendering: every planned entry to bytes, in parallel.
//!
//! In: the plan, and what was rendered before. Out: `Site`. It decides nothing: an entry that can't be rendered is a
//! finding, and one whose inputs are as before has the bytes that it had.

use super::frame::Frames;
use super::inputs::SiteInputs;
use super::pages::Pages;
use super::plan::{Entry, Folder, Plan};
use super::theme::Theme;
use super::view::ReportPage;
use super::{File, Part, Site, up};
use crate::diagnostic::{Diagnostics, Place, rules};
use crate::digest::Digest;
use crate::memo::{Function, Memo};
use crate::model::{Model, Page};
use crate::report::{CohortReport, ReportView};
use ahash::AHashMap;
use rayon::prelude::*;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A folder of shared pages to its files.
struct FolderRendering;

impl Function for FolderRendering {
    type Value = Arc<RenderedFolder>;
}

/// An entry to its file, by the digest of all that goes into it.
pub struct Rendering;

impl Function for Rendering {
    type Value = File;
}

/// The files of one folder of shared pages.
struct RenderedFolder {
    /// The digest of what they were made from.
    inputs: Digest,
    part: Arc<Part>,
    /// Each file, by the digest of what it was made from.
    by_inputs: AHashMap<Digest, File>,
    /// What could not be made, and why.
    failed: Vec<Failure>,
}

/// Renders all that is planned. `done` hears of how many files more are there.
pub fn render(
    plan: &Plan<'_>,
    model: &Model,
    audience: &str,
    theme: &Theme,
    memo: &Memo,
    done: &(dyn Fn(usize) + Sync),
    diagnostics: &mut Diagnostics,
) -> Site {
    let reports = plan.entries.contains_key("reports/index.html");
    let frames = Frames { model, plan, audience, reports };
    let inputs = SiteInputs::of(&frames, theme);
    let renderer = Renderer { pages: Pages { model, plan, frames, theme }, plan, theme, inputs, memo };
    let folders: Vec<(&String, &Folder)> = plan.folders.iter().collect();
    let folders: Vec<(String, Arc<RenderedFolder>)> = folders
        .into_par_iter()
        .map(|(path, folder)| {
            let name = format!("{audience}/{path}");
            let inputs = renderer.inputs.folder(path, folder);
            let make = |before: Option<_>| renderer.folder(path, folder, before.as_ref());
            let made = memo.latest::<FolderRendering>(&name, inputs, make);
            done(made.part.files.len());
            (path.clone(), made)
        })
        .collect();
    let entry = |(path, entry): (&Arc<str>, &Entry<'_>)| {
        let made = match renderer.inputs.entry(path, entry, plan, &renderer.pages) {
            Some(inputs) => renderer.unless_known(inputs, || renderer.entry(path, entry)),
            None => renderer.entry(path, entry),
        };
        done(1);
        (Arc::clone(path), made)
    };
    let (entries, failed) = sorted_out(plan.entries.par_iter().map(entry).collect());
    note_failures(folders.iter().flat_map(|(_, folder)| &folder.failed).chain(&failed), diagnostics);
    let parts = folders.into_iter().map(|(path, folder)| (path, Arc::clone(&folder.part)));
    Site { parts: parts.chain([(String::new(), Arc::new(Part::new(entries)))]).collect() }
}

/// A file, or why it could not be made.
type Rendered = Result<File, String>;

/// A path where no file could be made, and why.
type Failure = (Arc<str>, String);

/// Says what failed: once for each reason, since one mistake in a template fails every page that is made from it.
fn note_failures<'a>(failed: impl Iterator<Item = &'a Failure>, diagnostics: &mut Diagnostics) {
    let mut by_reason: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (path, message) in failed {
        by_reason.entry(message).or_default().push(path);
    }
    for (message, paths) in by_reason {
        let more = (paths.len() > 1).then(|| format!("{} files fail so; this is the first", paths.len()));
        diagnostics.add(rules::INVALID_VALUE, Place::file(paths[0]), message.to_owned()).maybe_help(more);
    }
}

/// The files that were made, and why others were not.
fn sorted_out(made: Vec<(Arc<str>, Rendered)>) -> (BTreeMap<Arc<str>, File>, Vec<Failure>) {
    let mut failed = Vec::new();
    let files = made.into_iter().filter_map(|(path, made)| match made {
        Ok(file) => Some((path, file)),
        Err(message) => {
            failed.push((path, message));
            None
        }
    });
    (files.collect(), failed)
}

struct Renderer<'a> {
    pages: Pages<'a>,
    plan: &'a Plan<'a>,
    theme: &'a Theme,
    inputs: SiteInputs<'a>,
    memo: &'a Memo,
}

impl Renderer<'_> {
    fn unless_known(&self, inputs: Digest, make: impl FnOnce() -> Rendered) -> Rendered {
        if let Some(file) = self.memo.find::<Rendering>(inputs) {
            return Ok(file);
        }
        let file = make()?;
        self.memo.keep::<Rendering>(inputs, file.clone());
        Ok(file)
    }

    /// A folder of shared pages; files whose inputs are as they were `before` are taken from there.
    fn folder(&self, path: &str, folder: &Folder, before: Option<&Arc<RenderedFolder>>) -> Arc<RenderedFolder> {
        let inputs = self.inputs.folder_and_linked(path, folder);
        if let Some(before) = before.filter(|before| before.inputs == inputs) {
            return Arc::clone(before);
        }
        let pages = &self.pages;
        let unless_known = |inputs: Digest, make: &(dyn Fn() -> Rendered + Sync)| {
            let known = before.and_then(|before| before.by_inputs.get(&inputs));
            (inputs, known.map_or_else(|| self.unless_known(inputs, make), |file| Ok(file.clone())))
        };
        let page = |(path, page): (&Arc<str>, &Arc<Page>)| {
            let make = || self.page("page.html", &pages.shared(path, page));
            (Arc::clone(path), unless_known(self.inputs.shared_page(path, page, pages), &make))
        };
        let shelf = folder.shelf.iter().flat_map(|shelf| &shelf.pages).collect::<Vec<_>>();
        let mut made: Vec<(Arc<str>, (Digest, Rendered))> = shelf.into_par_iter().map(page).collect();
        if folder.shows_list() {
            let index: Arc<str> = format!("{path}index.html").into();
            let list = unless_known(self.inputs.list(path), &|| self.page("folder.html", &pages.folder(&index, path)));
            made.push((index, list));
        }
        let by_inputs = made.iter().filter_map(|(_, (inputs, made))| Some((*inputs, made.as_ref().ok()?.clone())));
        let by_inputs = by_inputs.collect();
        let (files, failed) = sorted_out(made.into_iter().map(|(path, (_, made))| (path, made)).collect());
        Arc::new(RenderedFolder { inputs, part: Arc::new(Part::new(files)), by_inputs, failed })
    }

    fn entry(&self, path: &str, entry: &Entry<'_>) -> Rendered {
        let pages = &self.pages;
        match entry {
            Entry::Home => match &self.plan.front {
                Some(front) => self.page("page.html", &pages.front(path, front)),
                None => self.page("home.html", &pages.home()),
            },
            Entry::NotFound => self.page("page.html", &pages.not_found()),
            Entry::Task(at) => self.page("task.html", &pages.task(&self.plan.editions[*at], path)),
            Entry::Rubric(at) => self.page("rubric.html", &pages.rubric(&self.plan.editions[*at], path)),
            Entry::TaskPage(at, page) => self.page("page.html", &pages.task_page(&self.plan.editions[*at], path, page)),
            Entry::Examples(at) => self.page("folder.html", &pages.examples(&self.plan.editions[*at], path)),
            Entry::Example(at, example) => {
                self.page("example.html", &pages.example(&self.plan.editions[*at], path, example))
            }
            Entry::Versions(at) => self.page("versions.html", &pages.versions(&self.plan.editions[*at], path)),
            Entry::Reports => self.page("reports.html", &self.reports(path)),
            Entry::Report(report) => self.page("report.html", &self.report(path, report)),
            Entry::ReportFile(report, name) => self.report_file(report, name),
            Entry::File(source) => Ok(File::of(source)),
            Entry::Theme(name) => self.theme.file(name).cloned().ok_or_else(|| format!("the theme has no {name}")),
        }
    }

    fn page(&self, template: &str, view: &impl Serialize) -> Rendered {
        Ok(File::new(self.theme.render(template, view)?.into_bytes()))
    }

    fn report(&self, path: &str, report: &CohortReport) -> ReportPage {
        let view = ReportView::of(report, &up(path));
        let mut frame = self.pages.frames.plain(path, &view.title);
        frame.crumbs.push(super::frame::link("Reports", &frame.up, "reports/index.html", path));
        ReportPage { frame, report: view }
    }

    fn report_file(&self, report: &CohortReport, name: &str) -> Rendered {
        let view = ReportView::of(report, "");
        let text = match name {
            "report.md" => self.theme.render("report.md", &view)?,
            name => view.file(name).ok_or_else(|| format!("a report has no {name}"))?,
        };
        Ok(File::new(text.into_bytes()))
    }

    /// The reports by cohort, newest week first.
    fn reports(&self, path: &str) -> super::view::FolderView {
        let frame = self.pages.frames.plain(path, "Reports");
        let mut groups: Vec<super::view::NavGroup> = Vec::new();
        for (target, entry) in self.plan.entries.iter().rev() {
            let Entry::Report(report) = entry else { continue };
            let view = ReportView::of(report, &frame.up);
            let link = super::frame::link(&view.week_title, &frame.up, target, path);
            let link = super::view::LinkView { note: view.verdicts(), ..link };
            match groups.iter_mut().find(|group| group.title == view.cohort_title) {
                Some(group) => group.links.push(link),
                None => groups.push(super::view::NavGroup { title: view.cohort_title, links: vec![link], more: None }),
            }
        }
        groups.reverse();
        super::view::FolderView { frame, groups }
    }
}
