//! Checking links: whether each leads somewhere that the readers of its page may go.
//!
//! In: the Model, and the documents with their links. Out: findings. What it looks up is what `links` says a link
//! names. A file is checked again when it changed, or a place that one of its links leads to.

use super::links::{self, Target};
use super::{Instructions, Model, Page, Run, instructions};
use crate::audience::AudienceId;
use crate::diagnostic::{Diagnostics, did_you_mean, distance, rules};
use crate::digest::{Digest, Inputs};
use crate::document::{Body, Documents, FileSet, FolderDocuments, PAGES, PageDocument, TaskDocuments};
use crate::limits::{DEEPEST_TEXT, MOST_COMPARED};
use crate::markdown::outline::{Link, Outline};
use crate::memo::{Latest, Memo};
use ahash::AHashMap;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What is known from before.
#[derive(Default)]
pub struct Known {
    folders: Latest<Arc<CheckedFolder>>,
    /// What is wrong with the links of a task's file.
    files: Memo<Arc<Diagnostics>>,
}

impl Known {
    /// Forgets what was not asked for since the last time.
    pub fn end_round(&self) {
        self.folders.end_round();
        self.files.end_round();
    }
}

/// What is wrong with the links of each page of a folder, by the digest of all that this depends on.
type CheckedFolder = BTreeMap<Digest, Arc<Diagnostics>>;

/// What a link can lead to.
#[derive(Clone, Copy)]
struct Linkable<'a> {
    audience: Option<AudienceId>,
    outline: &'a Outline,
    places: Digest,
    steps: usize,
}

/// Checks all links.
pub fn check(model: &Model, documents: &Documents, files: &FileSet<'_>, known: &Known, diagnostics: &mut Diagnostics) {
    let checker = Checker::new(model, files);
    diagnostics.in_parallel(&documents.folders, |folder, found| {
        let inputs = Inputs::of("links").digest(&folder.digest).digest(&checker.places).end();
        let checked = known.folders.take(&folder.path, inputs, |before| checker.folder(folder, before.as_deref()));
        checked.values().for_each(|of_page| found.append_shared(of_page));
    });
    let bodies: Vec<&Body> = documents.tasks.values().flat_map(task_bodies).collect();
    diagnostics.in_parallel(&bodies, |body, found| {
        let of_body = || Arc::new(checker.body(body));
        found.append_shared(&known.files.take(checker.inputs(body), of_body));
    });
}

/// Every page of a task's working text, and how many steps its run has.
fn task_pages(set: &Instructions) -> impl Iterator<Item = (&Page, usize)> {
    let steps = |run: &Option<Run>| run.as_ref().map_or(0, |run| run.steps.len());
    let examples = set.examples.iter().map(move |example| (&example.page, steps(&example.trajectory)));
    set.pages.iter().chain([&set.page, &set.rubric_page]).map(|page| (page, 0)).chain(examples)
}

fn task_bodies(task: &TaskDocuments) -> impl Iterator<Item = &Body> {
    let pages = task.pages.iter().map(|page| &page.body);
    let examples = task.examples.iter().map(|example| &example.body);
    let own = task.task.iter().map(|task| &task.body).chain(task.rubric.iter().map(|rubric| &rubric.body));
    pages.chain(examples).chain(own)
}

/// The file whose name is nearest to that of `path`, wherever it lies.
fn nearest_file(path: &str, files: &FileSet<'_>) -> Option<String> {
    let name = |path: &str| path.rsplit('/').next().unwrap_or(path).to_lowercase();
    let wanted = name(path);
    let markdown = files.under("content/").filter(|path| path.ends_with(".md"));
    let near = markdown.take(MOST_COMPARED).filter(|known| distance(&name(known), &wanted) <= 1 + wanted.len() / 8);
    near.min_by_key(|known| distance(known, path)).map(|known| format!("did you mean `{known}`?"))
}

impl<'a> Linkable<'a> {
    fn of(page: &'a Page, steps: usize) -> Self {
        Self { audience: page.audience, outline: &page.text.outline, places: page.text.places, steps }
    }

    /// Adds all that a link to it depends on.
    fn add_to(&self, inputs: Inputs, model: &Model) -> Inputs {
        let audience = self.audience.map_or("", |id| model.config.audiences.name(id));
        inputs.text(audience).digest(&self.places).number(self.steps as u64)
    }
}

struct Checker<'a> {
    model: &'a Model,
    files: &'a FileSet<'a>,
    of_tasks: AHashMap<&'a str, Linkable<'a>>,
    /// The digest of which files there are.
    names: Digest,
    /// The digest of everything that links can lead to.
    places: Digest,
}

impl<'a> Checker<'a> {
    fn new(model: &'a Model, files: &'a FileSet<'a>) -> Self {
        let working = model.tasks.iter().filter_map(|task| task.working.as_ref());
        let pages: Vec<(&Page, usize)> = working.flat_map(task_pages).collect();
        let linkable = |(page, steps): &(&'a Page, usize)| (&*page.path, Linkable::of(page, *steps));
        let names = files.names();
        let places = Inputs::of("places").digest(&model.config.digest).digest(&names);
        let places = places.list(model.sections.iter(), |inputs, section| inputs.digest(&section.places));
        let places = places.list(pages.iter(), |inputs, (page, steps)| {
            Linkable::of(page, *steps).add_to(inputs.text(&page.path), model)
        });
        Self { model, files, of_tasks: pages.iter().map(linkable).collect(), names, places: places.end() }
    }

    /// What a path leads to: the name it is found under, and the page.
    fn find(&self, path: &str) -> Option<(String, Linkable<'_>)> {
        let find = |name: &str| {
            let shared = || self.model.shared_page(name).map(|page| Linkable::of(page, 0));
            self.of_tasks.get(name).copied().or_else(shared)
        };
        links::candidates(path).find_map(|name| Some((name.to_string(), find(&name)?)))
    }

    /// The digest of all that `body` makes its findings from.
    fn inputs(&self, body: &Body) -> Digest {
        let inputs = Inputs::of("links of a file").digest(&self.model.config.digest).digest(&self.names);
        let inputs = inputs.text(&body.path).digest(&body.digest);
        let own = self.find(&body.path);
        let inputs = inputs.list(own.iter(), |inputs, (_, page)| page.add_to(inputs, self.model));
        let targets = body.targets.iter().map(|target| match target {
            Target::File(path, _) => self.find(path),
            _ => None,
        });
        let inputs = inputs.list(targets, |inputs, target| match target {
            Some((name, page)) => page.add_to(inputs.text(&name), self.model),
            None => inputs,
        });
        inputs.end()
    }

    /// The pages of a folder; those that nothing changed for have the findings they had `before`.
    fn folder(&self, folder: &FolderDocuments, before: Option<&CheckedFolder>) -> Arc<CheckedFolder> {
        let documents: Vec<&Arc<PageDocument>> = folder.documents().collect();
        let page = |document: &&Arc<PageDocument>| {
            let inputs = self.inputs(&document.body);
            let known = before.and_then(|before| before.get(&inputs));
            (inputs, known.map_or_else(|| Arc::new(self.body(&document.body)), Arc::clone))
        };
        Arc::new(documents.par_iter().map(page).collect())
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
        let is_asset = self.files.contains(path) && instructions::is_asset(path);
        let folder = format!("{}/", path.trim_end_matches('/'));
        let is_folder = folder.starts_with(PAGES) && self.files.under(&folder).next().is_some();
        if is_asset || is_folder {
            return;
        }
        if self.files.contains(path) {
            let message = format!("`{path}` is not something that readers get");
            diagnostics.add(rules::HIDDEN_LINK, body.span(&link.range), message);
            return;
        }
        let near = nearest_file(path, self.files);
        diagnostics
            .add(
                rules::BROKEN_LINK,
                body.span(&link.range),
                format!("`{}` leads to nothing: there is no `{path}`", link.target),
            )
            .maybe_help(near);
    }

    fn anchor(&self, path: &str, fragment: &str, link: &Link, body: &Body, diagnostics: &mut Diagnostics) {
        let Some((_, target)) = self.find(path) else { return };
        if fragment.is_empty() || links::has_anchor(target.outline, target.steps, fragment) {
            return;
        }
        let ids = target.outline.headings.iter().map(|heading| heading.id.as_str());
        let near = did_you_mean(fragment, ids);
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
        if reader.is_some_and(|reader| !audiences.may_see(reader, audience)) {
            let message = format!("readers of this page may not see `{name}`");
            diagnostics
                .add(rules::HIDDEN_LINK, body.span(&link.range), message)
                .help("put the link into a `> [!INTERNAL]` passage, or leave it out");
        }
    }
}
