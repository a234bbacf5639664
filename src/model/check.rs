//! Checking: from documents to the Model, with every rule that spans documents.
//!
//! In: all documents, and the releases. Out: the `Model`. All problems are recorded; the caller decides to stop.
//! It never changes what a document says.

use super::text::Workshop;
use super::{Cohort, Instructions, Model, Page, Release, Task, instructions, links, svg};
use crate::audience::AudienceId;
use crate::config::Config;
use crate::diagnostic::{Diagnostics, Place, did_you_mean, distance, one_of, rules};
use crate::digest::{Digest, Inputs};
use crate::document::{Body, CohortDocument, Documents, FileSet, PAGES, PageDocument};
use crate::limits::{DEEPEST_TEXT, MOST_COMPARED};
use crate::markdown::outline::{Link, Outline};
use crate::memo::Memo;
use crate::model::links::Target;
use ahash::AHashMap;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What is known from before.
#[derive(Default)]
pub struct Known {
    pages: Memo<(Arc<Page>, Arc<Diagnostics>)>,
    /// What is wrong with the links of a file, on a site of one shape.
    links: Memo<Arc<Diagnostics>>,
}

impl Known {
    /// Forgets what was not asked for since the last time.
    pub fn end_round(&self) {
        self.pages.end_round();
        self.links.end_round();
    }
}

/// Checks a site. `releases` are the sealed versions by task.
pub fn model(
    config: Config,
    documents: &Documents,
    files: &FileSet<'_>,
    mut releases: BTreeMap<String, Vec<Release>>,
    known: &Known,
    diagnostics: &mut Diagnostics,
) -> Model {
    let shared = |page: &Arc<PageDocument>, found: &mut Diagnostics| shared_page(page, &config, files, known, found);
    let pages = diagnostics.in_parallel(&documents.pages, shared);
    let mut tasks = Vec::new();
    for (id, documents) in &documents.tasks {
        let working = instructions::check(documents, files, &config, diagnostics);
        let releases = releases.remove(id).unwrap_or_default();
        tasks.push(Task { id: id.clone(), working, releases });
    }
    for (id, releases) in releases {
        tasks.push(Task { id, working: None, releases });
    }
    tasks.sort_by(|a, b| a.id.cmp(&b.id));
    let cohorts = documents.cohorts.iter().map(|cohort| self::cohort(cohort, &tasks, diagnostics)).collect();
    let assets = files.under(PAGES).filter(|path| instructions::is_asset(path));
    let assets = assets.filter_map(|path| Some((path.to_owned(), files.get(path)?.clone()))).collect();
    check_pictures(files, diagnostics);
    let shape = shape(&config, &pages, &tasks, files);
    let model = Model { config: Arc::new(config), pages, assets, tasks, cohorts, shape };
    check_links(&model, documents, files, known, diagnostics);
    model
}

/// The digest of everything that pages show of other pages, and that links between them depend on.
fn shape(config: &Config, pages: &[Arc<Page>], tasks: &[Task], files: &FileSet<'_>) -> Digest {
    let audience = |id: Option<AudienceId>| id.map_or("", |id| config.audiences.name(id));
    let inputs = Inputs::of("shape").digest(&config.digest).digest(&files.names());
    let inputs = all_pages(pages, tasks).fold(inputs, |inputs, (page, steps)| {
        let inputs = inputs.text(&page.path).text(&page.title).text(audience(page.audience));
        inputs.number(page.order.into()).number(steps as u64).digest(&page.text.places)
    });
    let releases = tasks.iter().flat_map(|task| &task.releases);
    releases.fold(inputs, |inputs, release| inputs.text(&release.digest)).end()
}

/// A shared page, unless it was made before. One that draws on other files is made every time.
fn shared_page(
    document: &PageDocument,
    config: &Config,
    files: &FileSet<'_>,
    known: &Known,
    diagnostics: &mut Diagnostics,
) -> Arc<Page> {
    let body = &document.body;
    let make = |diagnostics: &mut Diagnostics| {
        let mut workshop = Workshop::new(config, files);
        let audience = workshop.audience(document.audience.as_ref(), diagnostics);
        let text = workshop.text(body, document.title_in_body, audience, diagnostics);
        let page = Page::new(body.path.clone(), document.title.clone(), audience, text, body.digest);
        Arc::new(Page { order: document.order.unwrap_or(u32::MAX), ..page })
    };
    if !body.outline.fences.is_empty() {
        return make(diagnostics);
    }
    let inputs = Inputs::of("shared page").digest(&config.digest).text(&body.path).digest(&body.digest);
    let (page, found) = known.pages.take(inputs.number(body.file.number()).end(), || {
        let mut found = Diagnostics::default();
        let page = make(&mut found);
        (page, Arc::new(found))
    });
    diagnostics.append_shared(&found);
    page
}

/// Says which tasks contractors see nothing of, or not yet the newest text.
pub fn note_unsealed(model: &Model, diagnostics: &mut Diagnostics) {
    for task in &model.tasks {
        if let Some(working) = &task.working {
            note_task(&task.id, working, task.latest(), diagnostics);
        }
    }
}

fn note_task(id: &str, working: &Instructions, latest: Option<&Release>, diagnostics: &mut Diagnostics) {
    let place = Place::file(working.page.path.to_string());
    let Some(latest) = latest else {
        diagnostics
            .add(rules::NOTHING_SEALED, place, format!("`{id}` has no release: readers do not see it yet"))
            .help(format!("`goldbook release {id} --version 1.0.0 -m \"First version\"` seals it"));
        return;
    };
    let same = working.same_files(&latest.instructions);
    if !same {
        let message = format!("the working text of `{id}` differs from release {}", latest.version);
        diagnostics.add(rules::UNSEALED_CHANGES, place, message);
    }
}

fn cohort(cohort: &CohortDocument, tasks: &[Task], diagnostics: &mut Diagnostics) -> Cohort {
    let known = || tasks.iter().map(|task| task.id.as_str());
    for task in &cohort.tasks {
        if !known().any(|id| id == task.value) {
            diagnostics
                .add(rules::UNKNOWN_TASK, task.span, format!("there is no task `{}`", task.value))
                .maybe_help(did_you_mean(&task.value, known()))
                .help(format!("content/tasks holds {}", one_of(known())));
        }
    }
    for (id, bar) in &cohort.bars {
        match tasks.iter().find(|task| task.id == *id).map(|task| &task.working) {
            Some(Some(working)) => instructions::check_bar(&bar.value, &working.rubric, bar.span, diagnostics),
            Some(None) => {}
            None => {
                diagnostics
                    .add(rules::UNKNOWN_TASK, bar.span, format!("there is no task `{id}`"))
                    .maybe_help(did_you_mean(id, known()));
            }
        }
    }
    let named = |id: &&str| cohort.tasks.is_empty() || cohort.tasks.iter().any(|task| task.value == **id);
    Cohort {
        id: cohort.id.clone(),
        title: cohort.title.clone(),
        vendor: cohort.vendor.clone(),
        expert: cohort.expert,
        raters: cohort.raters.clone(),
        tasks: known().filter(named).map(str::to_owned).collect(),
        from: cohort.from,
        until: cohort.until,
        bars: cohort.bars.iter().map(|(task, bar)| (task.clone(), bar.value.clone())).collect(),
    }
}

/// A picture that could run something is not shipped: opened as a file, it would.
fn check_pictures(files: &FileSet<'_>, diagnostics: &mut Diagnostics) {
    let is_svg = |path: &&str| path.to_lowercase().ends_with(".svg") && instructions::is_asset(path);
    for path in files.under("content/").filter(is_svg) {
        if let Some(why) = files.get(path).and_then(|source| svg::fault(source.bytes())) {
            diagnostics
                .add(rules::UNSAFE_PICTURE, Place::file(path), format!("this picture is more than a picture: {why}"))
                .help("export it as plain SVG, or as PNG");
        }
    }
}

/// What a link can lead to.
struct Linkable<'a> {
    audience: Option<AudienceId>,
    outline: &'a Outline,
    steps: usize,
}

fn check_links(
    model: &Model,
    documents: &Documents,
    files: &FileSet<'_>,
    known: &Known,
    diagnostics: &mut Diagnostics,
) {
    let mut linkable: AHashMap<&str, Linkable<'_>> = AHashMap::new();
    for (page, steps) in all_pages(&model.pages, &model.tasks) {
        linkable.insert(&page.path, Linkable { audience: page.audience, outline: &page.text.outline, steps });
    }
    let checker = Checker { model, files, known: linkable };
    let bodies: Vec<&Body> = bodies(documents).collect();
    diagnostics.in_parallel(&bodies, |body, found| {
        let inputs = Inputs::of("links").digest(&model.shape).text(&body.path).digest(&body.digest);
        let inputs = inputs.number(body.file.number()).end();
        found.append_shared(&known.links.take(inputs, || Arc::new(checker.body(body))));
    });
}

/// Every page of the working text, and how many steps its run has.
fn all_pages<'a>(pages: &'a [Arc<Page>], tasks: &'a [Task]) -> impl Iterator<Item = (&'a Page, usize)> {
    let of_tasks = tasks.iter().filter_map(|task| task.working.as_ref()).flat_map(|set| {
        let examples = set
            .examples
            .iter()
            .map(|example| (&example.page, example.trajectory.as_ref().map_or(0, |run| run.steps.len())));
        let pages = set.pages.iter().chain([&set.page, &set.rubric_page]).map(|page| (page, 0));
        pages.chain(examples)
    });
    pages.iter().map(|page| (&**page, 0)).chain(of_tasks)
}

fn bodies(documents: &Documents) -> impl Iterator<Item = &Body> {
    let of_tasks = documents.tasks.values().flat_map(|task| {
        let pages = task.pages.iter().map(|page| &page.body);
        let examples = task.examples.iter().map(|example| &example.body);
        let own = task.task.iter().map(|task| &task.body).chain(task.rubric.iter().map(|rubric| &rubric.body));
        pages.chain(examples).chain(own)
    });
    documents.pages.iter().map(|page| &page.body).chain(of_tasks)
}

/// The file whose name is nearest to that of `path`, wherever it lies.
fn nearest_file(path: &str, files: &FileSet<'_>) -> Option<String> {
    let name = |path: &str| path.rsplit('/').next().unwrap_or(path).to_lowercase();
    let wanted = name(path);
    let markdown = files.under("content/").filter(|path| path.ends_with(".md"));
    let near = markdown.take(MOST_COMPARED).filter(|known| distance(&name(known), &wanted) <= 1 + wanted.len() / 8);
    near.min_by_key(|known| distance(known, path)).map(|known| format!("did you mean `{known}`?"))
}

struct Checker<'a> {
    model: &'a Model,
    files: &'a FileSet<'a>,
    known: AHashMap<&'a str, Linkable<'a>>,
}

impl Checker<'_> {
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
        if let Some((name, target)) = links::candidates(path).find_map(|name| self.known.get_key_value(&*name)) {
            self.visible(target.audience, name, link, body, diagnostics);
            if let Some(fragment) = fragment {
                self.anchor(name, fragment, link, body, diagnostics);
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
        let Some(target) = self.known.get(path) else { return };
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
            None => self.known.get(&*body.path).and_then(|page| page.audience),
        };
        if reader.is_some_and(|reader| !audiences.may_see(reader, audience)) {
            let message = format!("readers of this page may not see `{name}`");
            diagnostics
                .add(rules::HIDDEN_LINK, body.span(&link.range), message)
                .help("put the link into a `> [!INTERNAL]` passage, or leave it out");
        }
    }
}
