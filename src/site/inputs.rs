//! Inputs: the digest of everything that one file of a site is made from.
//!
//! In: the plan. Out: for each entry its digest, so that a file is made again only when something in it is new. What
//! is cheap and depends on much (the first page, the list of reports) has none and is made every time.
//! Whoever lets a page show something new adds it here; `build --audit` finds what was forgotten.

use super::edition::Edition;
use super::frame::Frames;
use super::host::PageHost;
use super::pages::Pages;
use super::plan::{Entry, Folder, Plan};
use super::theme::Theme;
use super::up;
use crate::digest::{Digest, Inputs};
use crate::markdown::render::Destination;
use crate::model::{Page, Text};
use ahash::AHashMap;
use std::collections::BTreeMap;

/// What the files of one site have in common, digested once.
pub struct SiteInputs<'a> {
    site: Digest,
    /// The digest of where all is shown but shared pages.
    places: Digest,
    /// The same of shared pages, and of those of each section.
    shared_places: (Digest, AHashMap<&'a str, &'a Digest>),
    folders: BTreeMap<&'a str, Digest>,
    editions: Vec<Digest>,
}

impl<'a> SiteInputs<'a> {
    /// Digests what surrounds pages.
    pub fn of(frames: &Frames<'a>, theme: &Theme) -> Self {
        let site = Inputs::of("site")
            .text(env!("CARGO_PKG_VERSION"))
            .digest(&theme.digest)
            .digest(&frames.model.config.digest)
            .text(frames.audience)
            .number(frames.plan.has_shared_pages().into())
            .number(frames.plan.of_tasks.into())
            .list(frames.plan.front.iter(), |inputs, front| inputs.number(front.is_top.into()))
            .number(frames.reports.into());
        let folders = frames.plan.folders.iter();
        Self {
            site: site.end(),
            places: frames.plan.places(),
            shared_places: frames.plan.shared_places(),
            folders: folders.map(|(path, folder)| (path.as_str(), folder_inputs(path, folder, frames))).collect(),
            editions: frames.plan.editions.iter().map(edition_inputs).collect(),
        }
    }

    /// The digest of all that goes into the files of one folder of shared pages, without where their links lead.
    fn own(&self, path: &str, folder: &Folder) -> Inputs {
        let inputs = Inputs::of("files of a folder").digest(&self.site).digest(&self.places);
        // A page beside a folder that has its name shows what lies in that folder.
        let shown = [path].into_iter().chain(folder.folders.iter().map(String::as_str));
        let shown: Vec<&Digest> = shown.filter_map(|path| self.folders.get(path)).collect();
        inputs
            .list(shown.into_iter(), Inputs::digest)
            .list(folder.shelf.iter(), |inputs, shelf| inputs.digest(&shelf.digest))
    }

    /// The digest of all that may go into the files of one folder of shared pages: quickly made, and new whenever a
    /// shared page moves.
    pub fn folder(&self, path: &str, folder: &Folder) -> Digest {
        self.own(path, folder).digest(&self.shared_places.0).end()
    }

    /// The digest of all that does go into them.
    pub fn folder_and_linked(&self, path: &str, folder: &Folder) -> Digest {
        let linked = folder.shelf.iter().flat_map(|shelf| &shelf.linked);
        let places = linked.map(|folder| self.shared_places.1.get(folder.as_str()));
        places
            .fold(self.own(path, folder), |inputs, places| {
                inputs.list(places.into_iter(), |inputs, places| inputs.digest(places))
            })
            .end()
    }

    /// The digest of all that goes into a shared page.
    pub fn shared_page(&self, path: &str, page: &Page, pages: &Pages<'_>) -> Digest {
        let folder = super::pages::folder_of(path, &pages.plan.folders);
        let inputs = Inputs::of("shared page").digest(&self.site).text(path).digest(&page.digest);
        let inputs = inputs.list(self.folders.get(folder.as_str()).into_iter(), Inputs::digest);
        destinations(inputs, &page.text, &pages.host(&page.text, None, &up(path))).end()
    }

    /// The digest of all that goes into the list of a folder.
    pub fn list(&self, folder: &str) -> Digest {
        let inputs = Inputs::of("list of a folder").digest(&self.site).text(folder);
        inputs.list(self.folders.get(folder).into_iter(), Inputs::digest).end()
    }

    /// The digest of all that goes into one entry; none for what is made every time.
    pub fn entry(&self, path: &str, entry: &Entry<'_>, plan: &Plan<'_>, pages: &Pages<'_>) -> Option<Digest> {
        let up = up(path);
        let begin = |kind: &str| Inputs::of(kind).digest(&self.site).text(path);
        let of_edition = |kind: &str, at: usize| begin(kind).digest(&self.editions[at]);
        let of_page = |kind: &str, at: usize, page: &Page| {
            let host = pages.host(&page.text, Some(&plan.editions[at]), &up);
            destinations(of_edition(kind, at).digest(&page.digest), &page.text, &host)
        };
        let inputs = match entry {
            Entry::Task(at) => of_page("task", *at, &plan.editions[*at].instructions.page),
            Entry::Rubric(at) => of_page("rubric", *at, &plan.editions[*at].instructions.rubric_page),
            Entry::TaskPage(at, page) => of_page("task page", *at, page),
            Entry::Examples(at) => of_edition("examples", *at),
            Entry::Example(at, example) => {
                let run = example.trajectory.iter();
                of_page("example", *at, &example.page).list(run, |inputs, run| inputs.digest(&run.digest))
            }
            Entry::Versions(at) => of_edition("versions", *at),
            Entry::Report(report) => begin("report").digest(&report.inputs),
            Entry::ReportFile(report, name) => begin("report file").digest(&report.inputs).text(name),
            Entry::Home | Entry::NotFound | Entry::Reports | Entry::File(_) | Entry::Theme(_) => return None,
        };
        Some(inputs.end())
    }
}

/// What the pages of a folder show of it: its neighbours, its folders, and the way to it.
fn folder_inputs(path: &str, folder: &Folder, frames: &Frames<'_>) -> Digest {
    let crumbs: Vec<&str> = path.match_indices('/').map(|(at, _)| &path[..=at]).collect();
    let titled = |inputs: Inputs, path: &str| inputs.text(path).text(&frames.folder_title(path));
    Inputs::of("folder")
        .list(crumbs.into_iter(), titled)
        .list(folder.shelf.iter(), |inputs, shelf| inputs.digest(&shelf.list))
        .list(folder.folders.iter(), |inputs, inner| titled(inputs, inner))
        .end()
}

/// What the pages of an edition show of it: its spec and rubric, what else is in it, and the task's versions.
fn edition_inputs(edition: &Edition<'_>) -> Digest {
    let set = edition.instructions;
    let examples = set.examples.iter();
    let inputs = Inputs::of("edition")
        .text(&edition.task.id)
        .text(&edition.root)
        .list(edition.task.releases.iter(), |inputs, release| inputs.text(&release.digest))
        .digest(&set.page.digest)
        .digest(&set.rubric_page.digest)
        .list(set.pages.iter(), |inputs, page| inputs.text(&page.path).text(&page.title));
    inputs
        .list(examples, |inputs, example| {
            inputs.text(&example.page.path).text(&example.page.title).text(example.used.name())
        })
        .end()
}

/// Where the links of a text lead.
fn destinations(inputs: Inputs, text: &Text, host: &PageHost<'_>) -> Inputs {
    inputs.list(text.targets.iter(), |inputs, target| match host.destination(target) {
        Destination::Inside(url) => inputs.number(0).text(&url),
        Destination::Outside(url) => inputs.number(1).text(&url),
        Destination::Nowhere => inputs.number(2),
    })
}
