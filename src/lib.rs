//! Goldbook compiles rating instructions into sealed sites, and ratings into quality reports.
//!
//! ```text
//! disk ─load→ Source ─parse→ Document ─check→ Model ─┐
//!                                                    ├─plan→ Plan ─render→ Site ─write→ public/
//! ratings ─read→ Rows ─resolve→ Ratings ─tally→ Tallies ─estimate→ Report ─┘
//! a release's lock + objects ─open→ Source           (a sealed version is just another set of sources)
//! ```
//!
//! Every command is a list of stage calls below. A stage takes values and returns values; it records what is wrong in
//! `Diagnostics` and never stops halfway. Only `disk` touches files.

mod analysis;
mod audience;
mod build;
mod calc;
mod characters;
pub mod cli;
mod config;
mod diagnostic;
mod digest;
mod disk;
mod document;
#[cfg(fuzzing)]
pub mod fuzzing;
mod import;
mod init;
mod kinds;
pub mod labels;
mod limits;
mod load;
mod markdown;
mod memo;
mod model;
mod one_off;
mod packing;
mod progress;
pub mod quality;
mod ratings;
mod release;
mod report;
mod schema;
pub mod serve;
mod simulate;
mod site;
mod source;
pub mod trajectory;
mod warm;
mod workspace;
mod yaml;

pub use build::{BuildRequest, Built, build};
pub use diagnostic::{Diagnostics, Severity};
pub use progress::Progress;
pub use release::Version;
pub use site::write::Written;

use audience::AudienceId;
use config::Config;
use diagnostic::{Halt, Place, did_you_mean, one_of, rules};
use jiff::civil::Date;
use load::Changes;
use model::Model;
use release::seal::{self, SealRequest};
use report::CohortReport;
use site::theme::Theme;
use std::path::{Path, PathBuf};
use workspace::{Memory, Reader, Workspace};

/// What a command did, and what was found on the way.
pub struct Outcome<T> {
    /// What it did; none if findings stopped it.
    pub value: Option<T>,
    /// What was found, with places ready to be printed.
    pub diagnostics: Diagnostics,
}

/// What a check looked at.
pub struct Checked {
    /// How many Markdown files.
    pub documents: usize,
    /// How many tasks.
    pub tasks: usize,
    /// How many sealed versions.
    pub releases: usize,
}

/// Checks a site as a build would, ratings and leaks included, and writes nothing.
pub fn check(root: &Path, progress: &Progress) -> Outcome<Checked> {
    once(root, progress, |workspace, diagnostics| {
        let model = workspace.model(progress, diagnostics);
        workspace.note_unsealed(&model, diagnostics);
        let reports = workspace.reports(&model, None, progress, diagnostics);
        let audiences: Vec<AudienceId> = model.config.audiences.iter().collect();
        workspace.sites(&Reader::each(&audiences), &model, &reports.0, progress, diagnostics)?;
        Ok(Checked {
            documents: workspace.files().under("content/").filter(|path| path.ends_with(".md")).count(),
            tasks: model.tasks.len(),
            releases: model.tasks.iter().map(|task| task.releases.len()).sum(),
        })
    })
}

/// A complete, checked request to seal a release.
pub struct ReleaseRequest {
    /// The folder of `goldbook.yaml`.
    pub root: PathBuf,
    /// The task.
    pub task: String,
    /// Its new version.
    pub version: Version,
    /// What is new.
    pub note: String,
    /// The day of the release.
    pub date: Date,
}

/// What was sealed.
pub struct Released {
    /// The task.
    pub task: String,
    /// Its version.
    pub version: Version,
    /// SHA-256 of the lock: the release's id.
    pub digest: String,
    /// Where the lock is, below the root.
    pub lock: String,
    /// How many files it holds.
    pub files: usize,
}

/// Seals the working text of a task.
pub fn release(request: &ReleaseRequest, progress: &Progress) -> Outcome<Released> {
    once(&request.root, progress, |workspace, diagnostics| {
        let model = workspace.model(progress, diagnostics);
        workspace.gate(diagnostics)?;
        let wanted = SealRequest {
            task: request.task.clone(),
            version: request.version.clone(),
            note: request.note.clone(),
            date: request.date,
            commit: disk::git_commit(&request.root),
        };
        let sealed = seal::seal(&model, &wanted, diagnostics).ok_or(Halt)?;
        rehearse(workspace, model, &sealed, progress, diagnostics)?;
        store(&sealed, &request.root, diagnostics)?;
        Ok(Released {
            task: sealed.lock.task,
            version: sealed.lock.version,
            digest: sealed.digest,
            lock: sealed.lock_file.0,
            files: sealed.lock.files.len(),
        })
    })
}

/// Makes every audience's site with the release in it, since a seal that can't be published can't be mended.
fn rehearse(
    workspace: &Workspace<'_>,
    mut model: Model,
    sealed: &seal::Sealed,
    progress: &Progress,
    diagnostics: &mut Diagnostics,
) -> Result<(), Halt> {
    if let Some(task) = model.tasks.iter_mut().find(|task| task.id == sealed.lock.task) {
        task.releases.push(sealed.release.clone());
    }
    let audiences: Vec<AudienceId> = model.config.audiences.iter().collect();
    workspace.sites(&Reader::each(&audiences), &model, &[], progress, diagnostics).map(drop)
}

/// Writes a sealed release: objects that are not there yet, then the lock, which must be new.
fn store(sealed: &seal::Sealed, root: &Path, diagnostics: &mut Diagnostics) -> Result<(), Halt> {
    let mut halt = |error: disk::DiskError| {
        load::report(&error, root, diagnostics);
        Halt
    };
    let (attributes, text) = seal::ATTRIBUTES;
    let place = root.join(attributes);
    let old = disk::read(&place).unwrap_or_default();
    if !old.windows(text.len()).any(|line| line == text) {
        disk::write(&place, &[&old, text].concat()).map_err(&mut halt)?;
    }
    for (path, bytes) in &sealed.objects {
        let place = root.join(path);
        if !disk::read(&place).is_ok_and(|old| old == *bytes) {
            disk::write(&place, bytes).map_err(&mut halt)?;
        }
    }
    disk::write_new(&root.join(&sealed.lock_file.0), &sealed.lock_file.1).map_err(&mut halt)
}

/// What was verified.
pub struct Verified {
    /// Each release: task, version, and its id (the SHA-256 of its lock).
    pub releases: Vec<(String, String, String)>,
    /// How many objects.
    pub objects: usize,
}

/// Checks every lock, chain and object of a site.
pub fn verify(root: &Path, progress: &Progress) -> Outcome<Verified> {
    once(root, progress, |workspace, diagnostics| {
        let found = workspace.verify(diagnostics);
        workspace.gate(diagnostics)?;
        Ok(Verified { releases: found.releases, objects: found.objects })
    })
}

/// A complete, checked request for one cohort's report.
pub struct CohortRequest {
    /// The folder of `goldbook.yaml`.
    pub root: PathBuf,
    /// The cohort.
    pub cohort: String,
    /// The ISO week, such as `2026-W46`; that of `date` if none.
    pub week: Option<String>,
    /// The day on which it is made; the newest rating's if none.
    pub date: Option<Date>,
    /// Whether to return JSON rather than text.
    pub json: bool,
}

/// The report of one cohort and week, as text or JSON.
pub fn report(request: &CohortRequest, progress: &Progress) -> Outcome<String> {
    once(&request.root, progress, |workspace, diagnostics| {
        let model = workspace.model(progress, diagnostics);
        let reports = workspace.reports(&model, request.date, progress, diagnostics);
        let theme = Theme::load(model.config.theme.as_deref(), &workspace.sources, diagnostics);
        workspace.gate(diagnostics)?;
        let report = choose_report(&reports.0, &model, request, diagnostics)?;
        let view = report::ReportView::of(report, "");
        if request.json { view.file("report.json").ok_or(Halt) } else { render_text(&theme, &view, diagnostics) }
    })
}

fn render_text(theme: &Theme, view: &report::ReportView, diagnostics: &mut Diagnostics) -> Result<String, Halt> {
    theme.render("report.md", view).map_err(|message| {
        diagnostics.add(rules::INVALID_VALUE, Place::file("themes"), message);
        Halt
    })
}

fn choose_report<'a>(
    reports: &'a [CohortReport],
    model: &Model,
    request: &CohortRequest,
    diagnostics: &mut Diagnostics,
) -> Result<&'a CohortReport, Halt> {
    let known = || model.cohorts.iter().map(|cohort| cohort.id.as_str());
    if !known().any(|id| id == request.cohort) {
        diagnostics
            .add(rules::UNKNOWN_COHORT, Place::Nowhere, format!("there is no cohort `{}`", request.cohort))
            .maybe_help(did_you_mean(&request.cohort, known()))
            .help(format!("content/cohorts holds {}", one_of(known())));
        return Err(Halt);
    }
    let mut own = reports.iter().filter(|report| report.cohort == request.cohort);
    let found = match &request.week {
        Some(week) => own.find(|report| report.week == *week),
        None => own.next_back(),
    };
    found.ok_or_else(|| {
        let weeks = reports.iter().filter(|report| report.cohort == request.cohort).map(|report| report.week.as_str());
        diagnostics
            .add(rules::MISSING_FILE, Place::Nowhere, format!("`{}` has no ratings in that week", request.cohort))
            .help(format!("it has a report for {}", one_of(weeks)));
        Halt
    })
}

/// A complete, checked request to simulate ratings.
pub struct SimulateRequest {
    /// The folder of `goldbook.yaml`.
    pub root: PathBuf,
    /// The plan.
    pub plan: PathBuf,
    /// Where the ratings go: `.csv` or `.jsonl`.
    pub out: PathBuf,
    /// Whether they may replace a file.
    pub force: bool,
}

/// What was simulated.
pub struct Simulated {
    /// The seed of everything random.
    pub seed: u64,
    /// Rows of the table.
    pub rows: usize,
    /// Acts of rating an item.
    pub submissions: usize,
    /// Raters who sent something.
    pub raters: usize,
    /// ISO weeks in which something was sent.
    pub weeks: Vec<String>,
}

/// Simulates ratings of the site below `request.root`, as a plan says.
pub fn simulate(request: &SimulateRequest, progress: &Progress) -> Outcome<Simulated> {
    once(&request.root, progress, |workspace, diagnostics| {
        let form = simulation_form(request, diagnostics)?;
        let plan = load::text_file(&request.plan, diagnostics)?;
        let model = workspace.model(progress, diagnostics);
        let written = ratings::written_gold(&model, &workspace.sources, diagnostics);
        workspace.gate(diagnostics)?;
        let stage = progress.stage("Simulating", 0);
        let mut found = Diagnostics::default();
        let table = simulate::simulate(&plan, &model, &written, &mut found);
        found.locate(&plan);
        diagnostics.append(found);
        let table = table.ok_or(Halt)?;
        let (bytes, rows) = table.text(form);
        drop(stage);
        let write = if request.force { disk::write } else { disk::write_new };
        write(&request.out, &bytes).map_err(|error| {
            load::report(&error, Path::new(""), diagnostics);
            Halt
        })?;
        let weeks = table.weeks().iter().map(ToString::to_string).collect();
        Ok(Simulated { seed: table.seed, rows, submissions: table.submissions.len(), raters: table.raters(), weeks })
    })
}

/// The form of the table, whose place must be free or given up.
fn simulation_form(request: &SimulateRequest, diagnostics: &mut Diagnostics) -> Result<simulate::Form, Halt> {
    let place = || Place::file(request.out.display().to_string());
    if !request.force && disk::exists(&request.out) {
        diagnostics
            .add(rules::INVALID_SETTINGS, place(), "there is a file here already: nothing was written")
            .help("`--force` replaces it");
        return Err(Halt);
    }
    simulate::Form::of(&request.out).ok_or_else(|| {
        diagnostics
            .add(rules::INVALID_SETTINGS, place(), "not a form that ratings are written in")
            .help("name the file `.csv` or `.jsonl`");
        Halt
    })
}

/// Reads a site once, without a memory of it.
fn once<T>(
    root: &Path,
    progress: &Progress,
    stages: impl FnOnce(&Workspace<'_>, &mut Diagnostics) -> Result<T, Halt>,
) -> Outcome<T> {
    workspace::run(root, &mut Memory::default(), &Changes::Everything, progress, stages)
}

/// The audience of this name, as typed.
fn audience_for(config: &Config, name: &str, diagnostics: &mut Diagnostics) -> Result<AudienceId, Halt> {
    let audiences = &config.audiences;
    audiences.find(name).ok_or_else(|| {
        let known = || audiences.iter().map(|id| audiences.name(id));
        diagnostics
            .add(rules::INVALID_SETTINGS, Place::Nowhere, format!("there is no audience `{name}`"))
            .maybe_help(did_you_mean(name, known()))
            .help(format!("goldbook.yaml declares {}", one_of(known())));
        Halt
    })
}
