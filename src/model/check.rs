//! Checking: from documents to the Model, with every rule that spans documents.
//!
//! In: all documents, and the releases. Out: the `Model`. All problems are recorded; the caller decides to stop.
//! It never changes what a document says.

use super::text::Workshop;
use super::{
    Cohort, Commentary, Instructions, LoggedPlan, Model, Page, RecountedRuns, Release, Section, State, Task, asset,
    cohort_fault, instructions, project, svg,
};
use crate::audience::AudienceId;
use crate::config::Config;
use crate::diagnostic::{Diagnostics, Place, did_you_mean, one_of, rules};
use crate::digest::{Digest, Inputs};
use crate::document::{
    CohortDocument, CommentaryDocument, Documents, FileSet, FolderDocuments, PageDocument, TASKS, TaskStatus,
};
use crate::memo::Function;
use crate::schema::Words;
use crate::source::Folder;
use crate::text::listed;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A folder of shared pages to its section, with what was found.
struct SectionCheck;

impl Function for SectionCheck {
    type Value = Arc<CheckedSection>;
}

/// A folder to what is wrong with its pictures.
struct PictureCheck;

impl Function for PictureCheck {
    type Value = Arc<Diagnostics>;
}

/// A section that was checked by itself.
struct CheckedSection {
    section: Arc<Section>,
    /// What was found in each of its pages.
    found: Vec<Arc<Diagnostics>>,
    config: Digest,
}

/// What is sealed, by task.
#[derive(Default)]
pub struct SealedTasks {
    /// The sealed versions, oldest first.
    pub releases: BTreeMap<String, Vec<Release>>,
    /// The states that are written down.
    pub states: BTreeMap<String, State>,
    /// The digests of the last lines of the log.
    pub log: Vec<String>,
    /// By cohort: plans of its bars, in the order of the log.
    pub plans: BTreeMap<String, Vec<LoggedPlan>>,
}

/// Checks a site.
pub fn model(
    config: Config,
    documents: &Documents,
    files: &FileSet<'_>,
    sealed: SealedTasks,
    diagnostics: &mut Diagnostics,
) -> Model {
    let SealedTasks { mut releases, mut states, log, mut plans } = sealed;
    let sections = sections(documents, &config, files, diagnostics);
    let mut tasks = Vec::new();
    for (id, documents) in &documents.tasks {
        let working = instructions::check(documents, files, &config, diagnostics);
        let releases = releases.remove(id).unwrap_or_default();
        let state = states.remove(id).unwrap_or_default();
        let recounted = recounted(&releases, working.as_ref());
        tasks.push(Task { id: id.clone(), working, releases, waiting: Vec::new(), state, recounted });
    }
    for (id, releases) in releases {
        let state = states.remove(&id).unwrap_or_default();
        let recounted = recounted(&releases, None);
        tasks.push(Task { id, working: None, releases, waiting: Vec::new(), state, recounted });
    }
    tasks.sort_by(|a, b| a.id.cmp(&b.id));
    let cohorts = documents.cohorts.iter().map(|cohort| {
        let plans = plans.remove(&cohort.id).unwrap_or_default();
        self::cohort(cohort, plans, &tasks, diagnostics)
    });
    let cohorts: Vec<Cohort> = cohorts.collect();
    let commentaries = documents.commentaries.iter();
    let commentaries = commentaries.filter_map(|of| commentary(of, &cohorts, &config, files, diagnostics)).collect();
    for cohort in config.editions.values().filter(|cohort| !cohorts.iter().any(|known| known.id == cohort.value)) {
        diagnostics.fault(rules::UNKNOWN_COHORT, cohort.span, cohort_fault(&cohort.value, &cohorts));
    }
    check_pictures(files, diagnostics);
    asset::check_declared(&config, files, diagnostics);
    let model = Model { config: Arc::new(config), sections, tasks, cohorts, commentaries, log };
    super::check_links::check(&model, documents, files, diagnostics);
    model
}

/// The items of a task whose runs were counted anew.
fn recounted(releases: &[Release], working: Option<&Instructions>) -> RecountedRuns {
    RecountedRuns::of(releases.iter().map(|release| (&release.version, &release.instructions)), working)
}

/// The sections of the shared pages, each unless it was checked before.
fn sections(
    documents: &Documents,
    config: &Config,
    files: &FileSet<'_>,
    diagnostics: &mut Diagnostics,
) -> Vec<Arc<Section>> {
    let all_files = files.digest();
    diagnostics.in_parallel(&documents.folders, |folder, found| {
        let inputs = Inputs::of("checked section").digest(&config.digest).digest(&folder.digest);
        let inputs = inputs.list(folder.draws_on_others.then_some(&all_files).into_iter(), Inputs::digest).end();
        let make = |before: Option<Arc<CheckedSection>>| section(folder, config, files, before.as_deref());
        let checked = files.memo.latest::<SectionCheck>(&folder.path, inputs, make);
        checked.found.iter().for_each(|of_page| found.append_shared(of_page));
        Arc::clone(&checked.section)
    })
}

/// A section; pages that are as they were `before`, and draw on no other file, are taken from there.
fn section(
    folder: &FolderDocuments,
    config: &Config,
    files: &FileSet<'_>,
    before: Option<&CheckedSection>,
) -> Arc<CheckedSection> {
    let before = before.filter(|before| before.config == config.digest);
    let documents: Vec<&Arc<PageDocument>> = folder.documents().collect();
    let page = |document: &&Arc<PageDocument>| {
        let known = before.filter(|_| document.body.outline.fences.is_empty());
        known.and_then(|before| before.page(document)).unwrap_or_else(|| {
            let mut found = Diagnostics::default();
            let page = shared_page(document, config, files, &mut found);
            (Arc::new(page), Arc::new(found))
        })
    };
    let (pages, found) = documents.par_iter().map(page).unzip();
    let assets = folder.others.iter().filter(|file| asset::is_asset(&file.path)).cloned().collect();
    let section = Section::new(Arc::clone(&folder.path), pages, assets, &config.audiences);
    Arc::new(CheckedSection { section: Arc::new(section), found, config: config.digest })
}

impl CheckedSection {
    /// What was made of a file, if that is as it was.
    fn page(&self, document: &PageDocument) -> Option<(Arc<Page>, Arc<Diagnostics>)> {
        let body = &document.body;
        let at = self.section.pages.binary_search_by(|page| page.path.cmp(&body.path)).ok()?;
        let page = &self.section.pages[at];
        (page.source == body.digest).then(|| (Arc::clone(page), Arc::clone(&self.found[at])))
    }
}

fn shared_page(document: &PageDocument, config: &Config, files: &FileSet<'_>, diagnostics: &mut Diagnostics) -> Page {
    let body = &document.body;
    let mut workshop = Workshop::new(config, files);
    let audience = workshop.audience(document.audience.as_ref(), diagnostics);
    let text = workshop.text(body, document.title_in_body, audience, diagnostics);
    let page = Page::new(body.path.clone(), document.title.clone(), audience, text, body.digest);
    Page { order: document.order.unwrap_or(u32::MAX), ..page }
}

/// Says which tasks contractors see nothing of, or not yet the newest text.
pub fn note_unsealed(model: &Model, diagnostics: &mut Diagnostics) {
    for task in &model.tasks {
        if let Some(working) = &task.working {
            note_task(task, working, model, diagnostics);
        }
        note_vanished(task, diagnostics);
        note_status(task, diagnostics);
        note_waiting(task, diagnostics);
        note_audiences_since(task, model, diagnostics);
    }
}

/// A folder that is gone is a task that is over, that has another name, or a slip: readers have what was sealed of it.
fn note_vanished(task: &Task, diagnostics: &mut Diagnostics) {
    let id = &task.id;
    if task.working.is_some() || task.state.retired.is_some() {
        return;
    }
    let versions: Vec<String> = task.sealed().map(|release| release.version.to_string()).collect();
    let message =
        format!("the folder of `{id}` is gone; sealed of it: {}", listed(versions.iter().map(String::as_str)));
    diagnostics
        .add(rules::VANISHED_TASK, Place::file(format!("{TASKS}{id}")), message)
        .help("bring it back from version control")
        .help(format!("if the task is over: `goldbook retire {id} --because \"…\"` keeps it readable"))
        .help(format!("if its folder has another name now: `goldbook rename {id} NEW`"));
}

/// The state of a task is kept in one place.
fn note_status(task: &Task, diagnostics: &mut Diagnostics) {
    let Some(working) = &task.working else { return };
    let status = working.facts.status;
    if status == TaskStatus::Active {
        return;
    }
    let message = format!("`status: {}` is for readers alone: it changes nothing", status.word());
    let finding = diagnostics.add(rules::SUPERSEDED_STATUS, Place::file(&*working.page.path), message);
    match (status, &task.state.retired) {
        (TaskStatus::Retired, None) => {
            finding.help(format!("`goldbook retire {} --because \"…\"` takes it off the list of tasks", task.id));
        }
        _ => {
            finding.help(format!("the state of a task is kept in content/releases/{}/status.yaml", task.id));
        }
    }
}

/// Says which versions are sealed and not shown yet.
fn note_waiting(task: &Task, diagnostics: &mut Diagnostics) {
    for release in &task.waiting {
        let day = release.time.day();
        diagnostics
            .add(
                rules::SCHEDULED_RELEASE,
                Place::file(&*release.instructions.page.path),
                format!(
                    "{} is scheduled for {}: readers do not see it yet",
                    task.release_name(release),
                    release.time.in_words()
                ),
            )
            .help(format!(
                "it is shown from {day} on: by a build with `--date {day}` or later, or with ratings of that day"
            ));
    }
}

/// Says which audiences get the pages of a release, and were not there when its texts were sealed.
fn note_audiences_since(task: &Task, model: &Model, diagnostics: &mut Diagnostics) {
    let Some(latest) = task.latest() else { return };
    let audiences = &model.config.audiences;
    let is_new = |reader: &AudienceId| {
        !latest.projected.contains_key(audiences.name(*reader))
            && project::instructions(model, &latest.instructions, *reader).is_some()
    };
    for reader in audiences.iter().filter(is_new) {
        let name = audiences.name(reader);
        let message = format!(
            "`{name}` is an audience since {} {} was sealed: it gets the pages, and no `instructions.md`",
            task.id, latest.version
        );
        diagnostics
            .add(rules::AUDIENCE_SINCE, Place::file(&*latest.instructions.page.path), message)
            .help("the next version has a text for it, whose digest is sealed with it")
            .help("if it had another name before, say so in goldbook.yaml: `renamed_audiences: {old: new}`");
    }
}

/// The task that is sealed under this title and has no working text any more.
fn former_folder<'a>(working: &Instructions, model: &'a Model) -> Option<&'a str> {
    let sealed =
        |task: &&Task| task.latest().is_some_and(|latest| latest.instructions.page.title == working.page.title);
    let gone = model.tasks.iter().filter(|task| task.working.is_none());
    gone.filter(sealed).map(|task| task.id.as_str()).next()
}

fn note_task(task: &Task, working: &Instructions, model: &Model, diagnostics: &mut Diagnostics) {
    let id = &task.id;
    let place = Place::file(working.page.path.to_string());
    let Some(latest) = task.last_sealed() else {
        let renamed = |was: &str| {
            format!("was its folder `{was}`? Then `goldbook rename {was} {id}` says so: until then it is another task")
        };
        diagnostics
            .add(rules::NOTHING_SEALED, place, format!("`{id}` has no release: readers do not see it yet"))
            .help(format!("`goldbook release {id} -m \"First version\"` seals it"))
            .maybe_help(former_folder(working, model).map(renamed));
        return;
    };
    let changed = working.changed_files(&latest.instructions);
    let Some(first) = changed.first() else { return };
    let folder = format!("{TASKS}{id}/");
    let names = changed.iter().map(|path| path.strip_prefix(&folder).unwrap_or(path));
    let message = format!("the working text of `{id}` differs from release {} in {}", latest.version, listed(names));
    diagnostics
        .add(rules::UNSEALED_CHANGES, Place::file(first.to_string()), message)
        .help(format!("`goldbook diff {id}` shows what changed"));
}

fn cohort(cohort: &CohortDocument, plans: Vec<LoggedPlan>, tasks: &[Task], diagnostics: &mut Diagnostics) -> Cohort {
    let known = || tasks.iter().map(|task| task.id.as_str());
    let find = |id: &str| tasks.iter().find(|task| task.id == id).or(tasks.iter().find(|task| task.was_called(id)));
    for task in &cohort.tasks {
        if find(&task.value).is_none() {
            diagnostics
                .add(rules::UNKNOWN_TASK, task.span, format!("there is no task `{}`", task.value))
                .maybe_help(did_you_mean(&task.value, known()))
                .help(format!("content/tasks holds {}", one_of(known())));
        }
    }
    for (id, bar) in &cohort.bars {
        match find(id).map(|task| &task.working) {
            Some(Some(working)) => instructions::check_bar(&bar.value, &working.rubric, bar.span, diagnostics),
            Some(None) => {}
            None => {
                diagnostics
                    .add(rules::UNKNOWN_TASK, bar.span, format!("there is no task `{id}`"))
                    .maybe_help(did_you_mean(id, known()));
            }
        }
    }
    let today = |id: &str| find(id).map_or_else(|| id.to_owned(), |task| task.id.clone());
    let tasks: Vec<String> = cohort.tasks.iter().map(|task| today(&task.value)).collect();
    let named = |id: &&str| tasks.is_empty() || tasks.iter().any(|task| task == *id);
    Cohort {
        id: cohort.id.clone(),
        title: cohort.title.clone(),
        vendor: cohort.vendor.clone(),
        interests: cohort.interests.clone(),
        role: cohort.role,
        raters: cohort.raters.clone(),
        tasks: known().filter(named).map(str::to_owned).collect(),
        from: cohort.from,
        until: cohort.until,
        pay: cohort.pay.clone(),
        bars: cohort.bars.iter().map(|(task, bar)| (today(task), bar.value.clone())).collect(),
        plans,
    }
}

/// Words on a report are for those who see reports, or for fewer.
fn commentary(
    written: &CommentaryDocument,
    cohorts: &[Cohort],
    config: &Config,
    files: &FileSet<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<Commentary> {
    let CommentaryDocument { cohort, week, page: document } = written;
    let body = &document.body;
    if !cohorts.iter().any(|known| known.id == *cohort) {
        diagnostics.fault(rules::UNKNOWN_COHORT, body.top(), cohort_fault(cohort, cohorts));
        return None;
    }
    let mut workshop = Workshop::new(config, files);
    let audience = match &document.audience {
        Some(named) => workshop.audience(Some(named), diagnostics),
        None => config.report_audience,
    };
    // The page that it stands on has a title of its own: what is written first is not one.
    let text = workshop.text(body, false, audience, diagnostics);
    let page = Page::new(body.path.clone(), document.title.clone(), audience, text, body.digest);
    Some(Commentary { cohort: cohort.clone(), week: week.clone(), page })
}

/// A picture that could run something is not shipped: opened as a file, it would.
fn check_pictures(files: &FileSet<'_>, diagnostics: &mut Diagnostics) {
    for folder in files.folders.iter() {
        let found =
            files.memo.latest::<PictureCheck>(&folder.path, folder.digest, |_| Arc::new(unsafe_pictures(folder)));
        diagnostics.append_shared(&found);
    }
}

fn unsafe_pictures(folder: &Folder) -> Diagnostics {
    let mut found = Diagnostics::default();
    let is_svg = |path: &str| path.to_lowercase().ends_with(".svg") && asset::is_asset(path);
    for file in folder.files.iter().filter(|file| is_svg(&file.path)) {
        if let Some(why) = svg::fault(file.bytes()) {
            found
                .add(
                    rules::UNSAFE_PICTURE,
                    Place::file(&*file.path),
                    format!("this picture is more than a picture: {why}"),
                )
                .help("export it as plain SVG, or as PNG");
        }
    }
    found
}
