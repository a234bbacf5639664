//! Checking links: whether each leads somewhere that the readers of its page may go.
//!
//! In: the Model, and the documents with their links. Out: findings. What it looks up is what `links` says a link
//! names. A file is checked again when it changed, or a place that one of its links leads to.

use super::asset::{self, AssetKind};
use super::{Instructions, Model, Page, Release, suggestions};
use crate::audience::AudienceId;
use crate::diagnostic::{Diagnostics, rules};
use crate::digest::{Digest, Inputs};
use crate::document::links::{self, StepCounts, Target};
use crate::document::{Body, Documents, FileSet, FolderDocuments, PAGES, PageDocument, REPORTS, TASKS, TaskDocuments};
use crate::limits::DEEPEST_TEXT;
use crate::markdown::outline::{Link, Outline};
use crate::memo::Function;
use ahash::AHashMap;
use rayon::prelude::*;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A folder of shared pages to what is wrong with its links.
struct FolderLinks;

impl Function for FolderLinks {
    type Value = Arc<CheckedFolder>;
}

/// A task's file to what is wrong with its links.
struct FileLinks;

impl Function for FileLinks {
    type Value = Arc<Diagnostics>;
}

/// The links of a folder's pages, checked.
struct CheckedFolder {
    /// The digest of the folder, and of all that its links can lead to.
    inputs: Digest,
    /// What was found in each page, by the digest of the page and of all that its links can lead to.
    pages: BTreeMap<Digest, Diagnostics>,
}

/// What a link can lead to.
#[derive(Clone, Copy)]
struct Linkable<'a> {
    audience: Option<AudienceId>,
    outline: &'a Outline,
    places: Digest,
    steps: StepCounts,
}

/// Checks all links.
pub fn check(model: &Model, documents: &Documents, files: &FileSet<'_>, diagnostics: &mut Diagnostics) {
    let checker = Checker::new(model, files);
    diagnostics.in_parallel(&documents.folders, |folder, found| {
        let inputs = Inputs::of("links").digest(&folder.digest).digest(&checker.places).end();
        let make = |before: Option<_>| checker.folder(folder, before.as_ref());
        let checked = files.memo.latest::<FolderLinks>(&folder.path, inputs, make);
        checked.pages.values().for_each(|of_page| found.append_shared(of_page));
    });
    let commentaries = documents.commentaries.iter().map(|of| &of.page.body);
    let bodies: Vec<&Body> = documents.tasks.values().flat_map(task_bodies).chain(commentaries).collect();
    diagnostics.in_parallel(&bodies, |body, found| {
        let of_body = || Arc::new(checker.body(body));
        let inputs = Inputs::of("links of a file").digest(&checker.places).text(&body.path).digest(&body.digest).end();
        found.append_shared(&files.memo.take::<FileLinks>(inputs, of_body));
    });
}

/// Every page of a task's text, and how many steps its runs have.
fn task_pages(set: &Instructions) -> impl Iterator<Item = (&Page, StepCounts)> {
    let examples = set.examples.iter().map(|example| (&example.page, example.step_counts()));
    set.pages.iter().chain([&set.page, &set.rubric_page]).map(|page| (page, StepCounts::default())).chain(examples)
}

fn task_bodies(task: &TaskDocuments) -> impl Iterator<Item = &Body> {
    let pages = task.pages.iter().map(|page| &page.body);
    let examples = task.examples.iter().map(|example| &example.body);
    let own = task.task.iter().map(|task| &task.body).chain(task.rubric.iter().map(|rubric| &rubric.body));
    pages.chain(examples).chain(own)
}

impl<'a> Linkable<'a> {
    fn of(page: &'a Page, steps: StepCounts) -> Self {
        Self { audience: page.audience, outline: &page.text.outline, places: page.text.places, steps }
    }

    /// Adds all that a link to it depends on.
    fn add_to(&self, inputs: Inputs, model: &Model) -> Inputs {
        let audience = self.audience.map_or("", |id| model.config.audiences.name(id));
        self.steps.add_to(inputs.text(audience).digest(&self.places))
    }
}

struct Checker<'a> {
    model: &'a Model,
    files: &'a FileSet<'a>,
    /// Pages of tasks, and words on reports.
    others: AHashMap<Cow<'a, str>, Linkable<'a>>,
    /// The digest of what links into each folder can lead to.
    by_folder: AHashMap<&'a str, Digest>,
    /// The digest of the settings, and of what links to other pages can lead to.
    common: Digest,
    /// The digest of everything that links can lead to.
    places: Digest,
}

impl<'a> Checker<'a> {
    fn new(model: &'a Model, files: &'a FileSet<'a>) -> Self {
        let working = model.tasks.iter().filter_map(|task| task.working.as_ref());
        let own = |(page, steps): (&'a Page, StepCounts)| (Cow::Borrowed(&*page.path), Linkable::of(page, steps));
        let of_version = |release: &'a Release| {
            let version = &release.version;
            task_pages(&release.instructions).filter_map(move |(page, steps)| {
                Some((links::in_version(&page.path, version)?.into(), Linkable::of(page, steps)))
            })
        };
        let sealed = model.tasks.iter().flat_map(|task| &task.releases).flat_map(of_version);
        let commentaries = model.commentaries.iter().map(|of| own((&of.page, StepCounts::default())));
        let pages = working.flat_map(task_pages).map(own).chain(sealed).chain(commentaries);
        let pages: Vec<(Cow<'_, str>, Linkable<'_>)> = pages.collect();
        let common = Inputs::of("common").digest(&model.config.digest);
        let common = common.list(pages.iter(), |inputs, (path, page)| page.add_to(inputs.text(path), model));
        let common = common.end();
        let folders = files.folders.iter().map(|folder| {
            let places = model.section(&folder.path).map(|section| &section.places);
            let inputs = Inputs::of("folder").digest(&folder.names).list(places.into_iter(), Inputs::digest);
            (&*folder.path, inputs.end())
        });
        let folders: Vec<(&str, Digest)> = folders.collect();
        let places = Inputs::of("places").digest(&common);
        let places = places.list(folders.iter(), |inputs, (path, places)| inputs.text(path).digest(places)).end();
        let others = pages.into_iter().collect();
        Self { model, files, others, by_folder: folders.into_iter().collect(), common, places }
    }

    /// The digest of all that links into these folders can lead to.
    fn linked(&self, folders: impl Iterator<Item = impl AsRef<str>>) -> Digest {
        let linked = folders.fold(Inputs::of("linked").digest(&self.common), |inputs, path| {
            match self.by_folder.get(path.as_ref()) {
                Some(places) => inputs.digest(places),
                // A folder of folders can be linked to as well.
                None => inputs.number(self.files.under(path.as_ref()).next().is_some().into()),
            }
        });
        linked.end()
    }

    /// What a path leads to: the name it is found under, and the page.
    fn find(&self, path: &str) -> Option<(String, Linkable<'_>)> {
        let find = |name: &str| {
            let shared = || self.model.shared_page(name).map(|page| Linkable::of(page, StepCounts::default()));
            self.others.get(name).copied().or_else(shared)
        };
        links::candidates(path).find_map(|name| Some((name.to_string(), find(&name)?)))
    }

    /// The pages of a folder. Those that were flawless `before`, and for which nothing changed, are so still; a finding
    /// is made again, for its advice can be about any file.
    fn folder(&self, folder: &FolderDocuments, before: Option<&Arc<CheckedFolder>>) -> Arc<CheckedFolder> {
        let own = self.model.section(&folder.path).map(|section| &section.places);
        let inputs = Inputs::of("links of a folder").digest(&folder.digest).digest(&self.linked(folder.linked.iter()));
        let inputs = inputs.list(own.into_iter(), Inputs::digest).end();
        let flawless = |before: &CheckedFolder| before.pages.values().all(Diagnostics::is_empty);
        if let Some(before) = before.filter(|before| before.inputs == inputs && flawless(before)) {
            return Arc::clone(before);
        }
        let known = |page: &Digest| before.and_then(|before| before.pages.get(page)).filter(|found| found.is_empty());
        let page = |document: &&Arc<PageDocument>| {
            let body = &document.body;
            let linked = self.linked(links::folders(body.targets.iter()));
            let own = self.model.shared_page(&body.path).map(|page| &page.text.places);
            let inputs = Inputs::of("links of a page").text(&body.path).digest(&body.digest).digest(&linked);
            let inputs = inputs.list(own.into_iter(), Inputs::digest).end();
            (inputs, known(&inputs).cloned().unwrap_or_else(|| self.body(body)))
        };
        let documents: Vec<&Arc<PageDocument>> = folder.documents().collect();
        Arc::new(CheckedFolder { inputs, pages: documents.par_iter().map(page).collect() })
    }

    fn body(&self, body: &Body) -> Diagnostics {
        let mut diagnostics = Diagnostics::default();
        if let Some(range) = &body.outline.too_deep {
            let message =
                format!("more than {DEEPEST_TEXT} lists, quotes and HTML elements stand inside each other here");
            diagnostics
                .add(rules::BEYOND_LIMIT, body.span(range), message)
                .help("close the HTML elements that are opened above, or nest less");
        }
        for (link, target) in body.outline.links.iter().zip(&*body.targets) {
            match target {
                Target::Here(fragment) => self.anchor(&body.path, fragment, link, body, &mut diagnostics),
                Target::File(path, fragment) => self.file(path, fragment.as_deref(), link, body, &mut diagnostics),
                Target::Outside(_) if link.image => {
                    let message = format!("the image `{}` is on another host", link.target);
                    diagnostics
                        .add(rules::REMOTE_IMAGE, body.span(&link.range), message)
                        .help("put a copy beside the page: no request of a reader leaves the site");
                }
                Target::Outside(_) => {}
                Target::Unsafe => {
                    let message = format!("`{}` is not a link that a page may have", link.target.escape_debug());
                    diagnostics
                        .add(rules::UNSAFE_LINK, body.span(&link.range), message)
                        .help("a link names a file of the site, or begins with `https:`, `http:`, `mailto:` or `tel:`");
                }
            }
        }
        diagnostics
    }

    fn file(&self, path: &str, fragment: Option<&str>, link: &Link, body: &Body, diagnostics: &mut Diagnostics) {
        if let Some((name, target)) = self.find(path) {
            self.visible(target.audience, &name, link, body, diagnostics);
            if let Some(fragment) = fragment {
                self.anchor(&name, fragment, link, body, diagnostics);
            }
            return;
        }
        let is_asset = self.files.contains(path) && asset::is_asset(path);
        if is_asset && asset::kind(path) == AssetKind::Unsearched {
            self.unsearched(path, link, body, diagnostics);
            return;
        }
        let is_folder = links::folder(path)
            .is_some_and(|folder| folder.starts_with(PAGES) && self.files.under(&folder).next().is_some());
        if is_asset || is_folder {
            return;
        }
        if self.is_unread_page(path) {
            return;
        }
        if self.files.contains(path) {
            let message = format!("`{path}` is not something that readers get");
            diagnostics.add(rules::HIDDEN_LINK, body.span(&link.range), message);
            return;
        }
        let near =
            suggestions::address(&link.target).or_else(|| suggestions::file(path, &body.path, self.files.markdown()));
        diagnostics
            .add(
                rules::BROKEN_LINK,
                body.span(&link.range),
                format!("`{}` leads to nothing: there is no `{path}`", link.target),
            )
            .maybe_help(near);
    }

    /// A file that can't be searched ships only where the settings say for whom.
    fn unsearched(&self, path: &str, link: &Link, body: &Body, diagnostics: &mut Diagnostics) {
        let config = &self.model.config;
        if let Some(audience) = config.assets.get(path) {
            return self.visible(Some(*audience), path, link, body, diagnostics);
        }
        let default = config.audiences.name(config.default_audience);
        let message =
            format!("`{path}` cannot be searched for what its readers may not see: nothing is known of its type");
        diagnostics
            .add(rules::UNDECLARED_ASSET, body.span(&link.range), message)
            .help(format!(
                "if it may ship, look into it yourself and say so in goldbook.yaml: `assets: {{{path}: {default}}}`"
            ))
            .help("pictures, plain text, CSV and JSON are searched");
    }

    /// Whether this is a page that could not be made: that is one finding where it is wrong, and none at every link.
    fn is_unread_page(&self, path: &str) -> bool {
        let is_page = path.ends_with(".md") && [PAGES, REPORTS, TASKS].iter().any(|folder| path.starts_with(folder));
        is_page && (self.files.contains(path) || self.files.is_unreadable(path))
    }

    fn anchor(&self, path: &str, fragment: &str, link: &Link, body: &Body, diagnostics: &mut Diagnostics) {
        let Some((_, target)) = self.find(path) else { return };
        if fragment.is_empty() || links::has_anchor(target.outline, target.steps, fragment) {
            return;
        }
        let near = suggestions::heading(fragment, target.outline);
        diagnostics
            .add(
                rules::UNKNOWN_ANCHOR,
                body.span(&link.range),
                format!("`{path}` has no heading or step `#{fragment}`"),
            )
            .maybe_help(near);
    }

    /// A reader of the page (or of the passage the link stands in) must be able to follow the link.
    fn visible(
        &self,
        audience: Option<AudienceId>,
        name: &str,
        link: &Link,
        body: &Body,
        diagnostics: &mut Diagnostics,
    ) {
        let audiences = &self.model.config.audiences;
        let passage = body.outline.passage_at(link.range.start);
        let reader = match passage.and_then(|passage| audiences.find(&passage.audience)) {
            Some(reader) => Some(reader),
            None => self.find(&body.path).and_then(|(_, page)| page.audience),
        };
        // What nobody may see names an audience that is not there, which is a finding of its own.
        if audience.is_some() && reader.is_some_and(|reader| !audiences.may_see(reader, audience)) {
            let message = format!("readers of this page may not see `{name}`");
            diagnostics
                .add(rules::HIDDEN_LINK, body.span(&link.range), message)
                .help("put the link into a `> [!INTERNAL]` passage, or leave it out");
        }
    }
}
