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
mod calc;
pub mod cli;
mod config;
mod diagnostic;
mod disk;
mod document;
mod import;
mod init;
pub mod labels;
mod load;
mod markdown;
mod model;
mod one_off;
mod packing;
mod progress;
pub mod quality;
mod ratings;
mod release;
mod report;
mod site;
mod source;
pub mod trajectory;
mod yaml;

pub use diagnostic::{Diagnostics, Severity};
pub use progress::Progress;
pub use release::Version;
pub use site::write::Written;

use audience::{AudienceId, leak, project};
use config::Config;
use diagnostic::{Halt, Place, did_you_mean, one_of, rules};
use document::FileSet;
use jiff::civil::Date;
use load::Loaded;
use model::{Model, secrets};
use ratings::Ratings;
use release::seal::{self, SealRequest};
use report::{CohortReport, ReportRequest};
use site::theme::Theme;
use std::path::{Path, PathBuf};

/// What a command did, and what was found on the way.
pub struct Outcome<T> {
    /// What it did; none if findings stopped it.
    pub value: Option<T>,
    /// What was found, with places ready to be printed.
    pub diagnostics: Diagnostics,
}

/// A complete, checked request to build.
pub struct BuildRequest {
    /// The folder of `goldbook.yaml`.
    pub root: PathBuf,
    /// Where the audiences' folders go.
    pub out: PathBuf,
    /// The only audience to build for, by name; all if none.
    pub audience: Option<String>,
    /// The day on which reports are made; the newest rating's if none.
    pub date: Option<Date>,
}

/// What a build wrote for one audience.
pub struct Built {
    /// The audience.
    pub audience: String,
    /// Its folder.
    pub folder: PathBuf,
    /// How much was written.
    pub written: Written,
}

/// Builds the sites of all audiences (or one) from the site below `request.root`.
pub fn build(request: &BuildRequest, progress: &Progress) -> Outcome<Vec<Built>> {
    run(&request.root, progress, |opened, diagnostics| {
        let audiences = chosen(&opened.config, request.audience.as_deref(), diagnostics)?;
        let folders = output_folders(&audiences, &opened.config, request, diagnostics)?;
        let model = opened.model(progress, diagnostics);
        opened.note_unsealed(&model, diagnostics);
        let reported =
            audiences.iter().any(|reader| model.config.audiences.may_see(*reader, model.config.report_audience));
        let reports = if reported { opened.reports(&model, request.date, progress, diagnostics) } else { Vec::new() };
        let sites = opened.sites(&audiences, &model, &reports, progress, diagnostics)?;
        let pairs = sites.into_iter().zip(folders);
        pairs.map(|((audience, site), folder)| write(audience, &site, folder, progress, diagnostics)).collect()
    })
}

/// The folder of each audience, each of which must be ours to replace before any is.
fn output_folders(
    audiences: &[AudienceId],
    config: &Config,
    request: &BuildRequest,
    diagnostics: &mut Diagnostics,
) -> Result<Vec<PathBuf>, Halt> {
    if disk::is_below(&request.out, &request.root.join("content")) {
        let message = format!("{} lies in the site's own content", request.out.display());
        diagnostics.add(rules::INVALID_SETTINGS, Place::Nowhere, message).help("choose another place with `--out`");
        return Err(Halt);
    }
    let folders: Vec<PathBuf> =
        audiences.iter().map(|reader| request.out.join(config.audiences.name(*reader))).collect();
    for folder in &folders {
        site::write::check_folder(folder, diagnostics)?;
    }
    Ok(folders)
}

/// Plans and renders the site of one audience.
fn site_for(
    reader: AudienceId,
    model: &Model,
    reports: &[CohortReport],
    theme: &Theme,
    progress: &Progress,
    diagnostics: &mut Diagnostics,
) -> Result<site::Site, Halt> {
    let config = &model.config;
    let name = config.audiences.name(reader);
    let planning = progress.stage(&format!("Planning for {name}"), 0);
    let projected = project::project(model, reader);
    let reports = if config.audiences.may_see(reader, config.report_audience) { reports } else { &[] };
    let plan = site::plan::plan(&projected, reports, diagnostics);
    drop(planning);
    diagnostics.gate()?;
    let stage = progress.stage(&format!("Rendering for {name}"), plan.entries.len());
    let site = site::render::render(&plan, &projected, name, theme, &|| stage.step(), diagnostics);
    Ok(site)
}

fn write(
    audience: String,
    site: &site::Site,
    folder: PathBuf,
    progress: &Progress,
    diagnostics: &mut Diagnostics,
) -> Result<Built, Halt> {
    let stage = progress.stage(&format!("Writing for {audience}"), site.files.len());
    let written = site::write::write(site, &folder, &|| stage.step(), diagnostics)?;
    Ok(Built { audience, folder, written })
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
    run(root, progress, |opened, diagnostics| {
        let model = opened.model(progress, diagnostics);
        opened.note_unsealed(&model, diagnostics);
        let reports = opened.reports(&model, None, progress, diagnostics);
        let audiences: Vec<AudienceId> = model.config.audiences.iter().collect();
        opened.sites(&audiences, &model, &reports, progress, diagnostics)?;
        Ok(Checked {
            documents: opened.files().under("content/").filter(|path| path.ends_with(".md")).count(),
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
    run(&request.root, progress, |opened, diagnostics| {
        let model = opened.model(progress, diagnostics);
        opened.gate(diagnostics)?;
        let wanted = SealRequest {
            task: request.task.clone(),
            version: request.version.clone(),
            note: request.note.clone(),
            date: request.date,
            commit: disk::git_commit(&request.root),
        };
        let sealed = seal::seal(&model, &wanted, diagnostics).ok_or(Halt)?;
        rehearse(opened, model, &sealed, progress, diagnostics)?;
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
    opened: &Opened,
    mut model: Model,
    sealed: &seal::Sealed,
    progress: &Progress,
    diagnostics: &mut Diagnostics,
) -> Result<(), Halt> {
    if let Some(task) = model.tasks.iter_mut().find(|task| task.id == sealed.lock.task) {
        task.releases.push(sealed.release.clone());
    }
    let audiences: Vec<AudienceId> = model.config.audiences.iter().collect();
    opened.sites(&audiences, &model, &[], progress, diagnostics).map(drop)
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
    run(root, progress, |opened, diagnostics| {
        let found = release::verify(&opened.sources, &opened.config, diagnostics);
        opened.gate(diagnostics)?;
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
    run(&request.root, progress, |opened, diagnostics| {
        let model = opened.model(progress, diagnostics);
        let reports = opened.reports(&model, request.date, progress, diagnostics);
        let theme = Theme::load(model.config.theme.as_deref(), &opened.sources, diagnostics);
        opened.gate(diagnostics)?;
        let report = choose_report(&reports, &model, request, diagnostics)?;
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

/// A site that has been read.
struct Opened {
    config: Config,
    sources: source::Sources,
    ratings: Vec<(String, PathBuf)>,
}

impl Opened {
    fn files(&self) -> FileSet<'_> {
        FileSet::working(&self.sources)
    }

    /// parse → check, and the releases.
    fn model(&self, progress: &Progress, diagnostics: &mut Diagnostics) -> Model {
        let _stage = progress.stage("Parsing and checking", 0);
        let files = self.files();
        let documents = document::parse(&files, diagnostics);
        let releases = release::all(&self.sources, &self.config, diagnostics);
        model::check::model(self.config.clone(), &documents, &files, releases, diagnostics)
    }

    /// read → resolve → tally → estimate.
    fn reports(
        &self,
        model: &Model,
        date: Option<Date>,
        progress: &Progress,
        diagnostics: &mut Diagnostics,
    ) -> Vec<CohortReport> {
        let stage = progress.stage("Reading ratings", self.ratings.len());
        let ratings: Ratings = ratings::read(&self.ratings, model, &self.sources, diagnostics);
        stage.step();
        report::compile(model, &ratings, &ReportRequest { date }, diagnostics)
    }

    /// Says which tasks readers see nothing of, unless something worse is wrong.
    fn note_unsealed(&self, model: &Model, diagnostics: &mut Diagnostics) {
        if diagnostics.gate().is_ok() {
            model::check::note_unsealed(model, diagnostics);
        }
    }

    /// project → plan → render for each audience, and the search for leaks. Nothing is written.
    fn sites(
        &self,
        audiences: &[AudienceId],
        model: &Model,
        reports: &[CohortReport],
        progress: &Progress,
        diagnostics: &mut Diagnostics,
    ) -> Result<Vec<(String, site::Site)>, Halt> {
        let theme = Theme::load(model.config.theme.as_deref(), &self.sources, diagnostics);
        self.gate(diagnostics)?;
        let secrets = secrets::of(model, &self.files());
        let mut sites = Vec::new();
        for reader in audiences {
            let site = site_for(*reader, model, reports, &theme, progress, diagnostics)?;
            let name = model.config.audiences.name(*reader).to_owned();
            let _stage = progress.stage(&format!("Searching for leaks to {name}"), 0);
            let hidden = leak::hidden_from(&secrets, *reader, &model.config.audiences);
            leak::check(&site, &name, &hidden, diagnostics);
            sites.push((name, site));
        }
        self.gate(diagnostics)?;
        Ok(sites)
    }

    /// Ends the run at an error, after the site's own severities have been applied.
    fn gate(&self, diagnostics: &mut Diagnostics) -> Result<(), Halt> {
        diagnostics.apply(&self.config.checks);
        diagnostics.gate()
    }
}

/// Loads a site, does something with it, and makes the findings ready to be printed.
fn run<T>(
    root: &Path,
    progress: &Progress,
    stages: impl FnOnce(&Opened, &mut Diagnostics) -> Result<T, Halt>,
) -> Outcome<T> {
    let mut diagnostics = Diagnostics::default();
    let stage = progress.stage("Reading the site", 0);
    let loaded = load::site(root, &mut diagnostics);
    drop(stage);
    let Ok(Loaded { config, sources, ratings }) = loaded else { return Outcome { value: None, diagnostics } };
    let opened = Opened { config, sources, ratings };
    let value = stages(&opened, &mut diagnostics).ok();
    diagnostics.apply(&opened.config.checks);
    diagnostics.locate(&opened.sources);
    Outcome { value, diagnostics }
}

fn chosen(config: &Config, name: Option<&str>, diagnostics: &mut Diagnostics) -> Result<Vec<AudienceId>, Halt> {
    let audiences = &config.audiences;
    let Some(name) = name else { return Ok(audiences.iter().collect()) };
    let Some(found) = audiences.find(name) else {
        let known = || audiences.iter().map(|id| audiences.name(id));
        diagnostics
            .add(rules::INVALID_SETTINGS, Place::Nowhere, format!("there is no audience `{name}`"))
            .maybe_help(did_you_mean(name, known()))
            .help(format!("goldbook.yaml declares {}", one_of(known())));
        return Err(Halt);
    };
    Ok(vec![found])
}
