//! Rendering: every planned entry to bytes, in parallel.
//!
//! In: the plan, and what was rendered before. Out: `Site`. It decides nothing: an entry that can't be rendered is a
//! finding, and one whose inputs are as before has the bytes that it had.

use super::frame::Frames;
use super::inputs::SiteInputs;
use super::pages::Pages;
use super::plan::{Entry, Plan};
use super::theme::Theme;
use super::view::ReportPage;
use super::{File, Site, up};
use crate::diagnostic::{Diagnostics, Place, rules};
use crate::digest::Digest;
use crate::memo::Memo;
use crate::model::Model;
use crate::report::{CohortReport, ReportView};
use rayon::prelude::*;
use serde::Serialize;
use std::sync::Arc;

/// What is known from before.
#[derive(Default)]
pub struct Known {
    /// Files, by the digest of what they were made from.
    pub rendered: Memo<File>,
    /// Such digests, for pages of which there may be many.
    inputs: Memo<Digest>,
}

impl Known {
    /// Forgets what was not asked for since the last time.
    pub fn end_round(&self) {
        self.rendered.end_round();
        self.inputs.end_round();
    }
}

/// Renders all entries of a plan. `done` is called after each.
pub fn render(
    plan: &Plan<'_>,
    model: &Model,
    audience: &str,
    theme: &Theme,
    known: &Known,
    done: &(dyn Fn() + Sync),
    diagnostics: &mut Diagnostics,
) -> Site {
    let reports = plan.entries.contains_key("reports/index.html");
    let frames = Frames { model, plan, audience, reports };
    let inputs = SiteInputs::of(&frames, theme, &known.inputs);
    let renderer = Renderer { pages: Pages { model, plan, frames, theme }, plan, theme };
    let rendered: Vec<(Arc<str>, Rendered)> = plan
        .entries
        .par_iter()
        .map(|(path, entry)| {
            let file = match inputs.entry(path, entry, plan, &renderer.pages) {
                Some(inputs) => renderer.unless_known(inputs, path, entry, &known.rendered),
                None => renderer.entry(path, entry),
            };
            done();
            (Arc::clone(path), file)
        })
        .collect();
    let mut failed = Vec::new();
    let files = rendered.into_iter().filter_map(|(path, file)| match file {
        Ok(file) => Some((path, file)),
        Err(message) => {
            failed.push((path, message));
            None
        }
    });
    let site = Site { files: files.collect() };
    for (path, message) in failed {
        diagnostics.add(rules::INVALID_VALUE, Place::file(&*path), message);
    }
    site
}

/// A file, or why it could not be made.
type Rendered = Result<File, String>;

struct Renderer<'a> {
    pages: Pages<'a>,
    plan: &'a Plan<'a>,
    theme: &'a Theme,
}

impl Renderer<'_> {
    fn unless_known(&self, inputs: Digest, path: &str, entry: &Entry<'_>, known: &Memo<File>) -> Rendered {
        if let Some(file) = known.find(&inputs) {
            return Ok(file);
        }
        let file = self.entry(path, entry)?;
        known.keep(inputs, file.clone());
        Ok(file)
    }

    fn entry(&self, path: &str, entry: &Entry<'_>) -> Rendered {
        let pages = &self.pages;
        match entry {
            Entry::Home => self.page("home.html", &pages.home()),
            Entry::NotFound => self.page("page.html", &pages.not_found()),
            Entry::Page(page) => self.page("page.html", &pages.shared(path, page)),
            Entry::Folder(folder) => self.page("folder.html", &pages.folder(path, folder)),
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
