//! A workspace: a site that has been read, and what is remembered of it from one build to the next.
//!
//! In: the root folder, and a memory. Out: the stages that commands are made of, each a call. It decides nothing of
//! its own; without a memory it does the same, and only takes longer.

mod handed_site;
pub mod last_build;
pub mod load;
mod memory;
#[cfg(test)]
mod properties;
mod unfinished;

pub use memory::Memory;

use crate::audience::AudienceId;
use crate::config::Config;
use crate::diagnostic::{Diagnosed, Diagnostics, Halt};
use crate::digest::{Digest, Inputs};
use crate::document::{self, COHORTS, FileSet, PAGES, REPORTS, TASKS};
use crate::memo::{Function, Memo};
use crate::model::secrets::{self, Secrets};
use crate::model::{self, Model, Task, check_keys, check_runs, project};
use crate::progress::Progress;
use crate::ratings::{Ratings, RejectSink};
use crate::report::{self, ReportRequest, Reportable, Reports};
use crate::site::frame::Frames;
use crate::site::leak;
use crate::site::page::SiteContext;
use crate::site::places::Places;
use crate::site::render;
use crate::site::theme::Theme;
use crate::site::{Site, dead_links, findings, plan};
use crate::source::{Source, Sources};
use crate::{ratings, release};
use jiff::civil::Date;
use load::{Changes, Extent, Loaded, RatingsFiles};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The templates and files of pages, and what is wrong with them.
struct ThemeLoading;

impl Function for ThemeLoading {
    type Value = Arc<(Theme, Diagnostics)>;
}

/// Ratings to the newest of their days.
struct NewestRating;

impl Function for NewestRating {
    type Value = Option<Date>;
}

/// Ratings to reports, and what is wrong with them.
struct Reporting;

impl Function for Reporting {
    type Value = Arc<(Reports, Diagnostics)>;
}

/// A site that has been read.
pub struct Workspace<'m> {
    /// The settings.
    pub config: Config,
    /// The files.
    pub sources: Sources,
    /// The paths of those that are not the site's own.
    added: BTreeSet<String>,
    ratings: RatingsFiles,
    results: &'m Memo,
}

/// Which reports are asked for.
#[derive(Clone, Copy, Default)]
pub struct ReportsAsked<'a> {
    /// The day on which they are made, if one is named.
    pub date: Option<Date>,
    /// Files of ratings that are left out on purpose.
    pub without: &'a [String],
}

/// For whom a site is made.
#[derive(Clone, Copy)]
pub struct Viewer<'a> {
    /// The audience.
    pub audience: AudienceId,
    /// The folder that is written, by name, so that its pages say whose they are; none where nothing is.
    pub folder: Option<&'a str>,
    /// Whether working text is shown to it, whoever it is.
    pub drafts: bool,
}

impl<'a> Viewer<'a> {
    /// These audiences, each with what it is meant to see, in a folder if one is written.
    pub fn each(audiences: &[AudienceId], folder: Option<&'a str>) -> Vec<Self> {
        audiences.iter().map(|audience| Self { audience: *audience, folder, drafts: false }).collect()
    }
}

/// What a site is made of.
struct ProjectedModel<'a> {
    reader: Viewer<'a>,
    /// The Model as the reader may have it.
    model: &'a Model,
    /// Whether the whole Model has tasks.
    of_tasks: bool,
}

/// Reads a site, does something with it, and makes the findings ready to be printed.
pub fn run<T>(
    root: &Path,
    memory: &mut Memory,
    changes: &Changes,
    progress: &Progress,
    stages: impl FnOnce(&Workspace<'_>, &mut Diagnostics) -> Result<T, Halt>,
) -> Diagnosed<T> {
    run_on(Extent::Whole, root, (memory, changes), |_| Vec::new(), progress, stages)
}

fn run_on<T>(
    extent: Extent,
    root: &Path,
    (memory, changes): (&mut Memory, &Changes),
    more: impl FnOnce(&Sources) -> Vec<Source>,
    progress: &Progress,
    stages: impl FnOnce(&Workspace<'_>, &mut Diagnostics) -> Result<T, Halt>,
) -> Diagnosed<T> {
    let mut diagnostics = Diagnostics::default();
    let stage = progress.stage("Reading the site", 0);
    let loaded = load::site(root, extent, &mut memory.files, changes, &mut diagnostics);
    drop(stage);
    let Ok(Loaded { config, sources, ratings }) = loaded else { return Diagnosed { value: None, diagnostics } };
    let more = more(&sources);
    let added = more.iter().map(|file| file.path.to_string()).collect();
    let sources = if more.is_empty() { sources } else { Sources::of(sources.folders.with(more)) };
    let workspace = Workspace { config, sources, added, ratings, results: &memory.results };
    let value = stages(&workspace, &mut diagnostics).ok();
    diagnostics.apply(&workspace.config.checks);
    diagnostics.locate(&workspace.sources);
    if value.is_some() {
        memory.results.end_round();
    }
    Diagnosed { value, diagnostics }
}

/// Reads a site once, without a memory of it.
pub fn once<T>(
    root: &Path,
    progress: &Progress,
    stages: impl FnOnce(&Workspace<'_>, &mut Diagnostics) -> Result<T, Halt>,
) -> Diagnosed<T> {
    run(root, &mut Memory::default(), &Changes::Everything, progress, stages)
}

/// Reads a site once, as if it held more files than it does: those that `more` names, which knows what it holds.
pub fn once_with<T>(
    root: &Path,
    more: impl FnOnce(&Sources) -> Vec<Source>,
    progress: &Progress,
    stages: impl FnOnce(&Workspace<'_>, &mut Diagnostics) -> Result<T, Halt>,
) -> Diagnosed<T> {
    run_on(Extent::Whole, root, (&mut Memory::default(), &Changes::Everything), more, progress, stages)
}

/// Reads what a site has sealed once, and nothing else of it.
pub fn releases<T>(
    root: &Path,
    progress: &Progress,
    stages: impl FnOnce(&Workspace<'_>, &mut Diagnostics) -> Result<T, Halt>,
) -> Diagnosed<T> {
    run_on(Extent::Releases, root, (&mut Memory::default(), &Changes::Everything), |_| Vec::new(), progress, stages)
}

#[cfg(fuzzing)]
impl<'m> Workspace<'m> {
    /// A site without ratings that is not on any disk.
    pub fn of(config: Config, sources: Sources, memory: &'m Memory) -> Self {
        let ratings = RatingsFiles { files: Vec::new(), digest: Digest::of(b"") };
        Self { config, sources, added: BTreeSet::new(), ratings, results: &memory.results }
    }
}

impl Workspace<'_> {
    /// The files of the working text.
    pub fn files(&self) -> FileSet<'_> {
        FileSet::working(&self.sources, self.results)
    }

    /// Whether a file is not the site's own: it was only read as if it was.
    pub fn is_added(&self, path: &str) -> bool {
        self.added.contains(path)
    }

    /// parse → check, and the releases, as of the newest day that the site speaks of.
    pub fn model(&self, progress: &Progress, diagnostics: &mut Diagnostics) -> Model {
        self.model_on(None, progress, diagnostics)
    }

    /// The same as of a day, if one is named: what is scheduled for later waits.
    pub fn model_on(&self, date: Option<Date>, progress: &Progress, diagnostics: &mut Diagnostics) -> Model {
        let stage = progress.stage("Parsing and checking", 0);
        let files = self.files();
        let documents = document::parse(&files, diagnostics);
        let sealed = release::open(&self.sources, self.results, &self.config, diagnostics);
        let mut model = model::check::model(self.config.clone(), &documents, &files, sealed, diagnostics);
        drop(stage);
        if let Some(last) = release::last_scheduled(&model) {
            let today = date.or_else(|| self.newest_day(&model, last, progress));
            model.tasks.iter_mut().for_each(|task| task.wait_for(today));
        }
        model
    }

    /// The newest day of releases that were not scheduled and of ratings; these are not read where the former reaches
    /// `enough`.
    fn newest_day(&self, model: &Model, enough: Date, progress: &Progress) -> Option<Date> {
        let sealed = release::newest_unscheduled(model);
        if sealed.is_some_and(|day| enough <= day) {
            return sealed;
        }
        let rated = self.results.take::<NewestRating>(self.report_inputs(ReportsAsked::default()), || {
            let ratings = self.read_ratings(model, &mut |_, _| (), progress, &mut Diagnostics::default());
            ratings.ratings.iter().filter_map(|rating| rating.of.day).max()
        });
        sealed.max(rated)
    }

    /// Checks every lock, chain and object.
    pub fn verify(&self, diagnostics: &mut Diagnostics) -> release::Verified {
        release::verify(&self.sources, &self.config, diagnostics)
    }

    /// read → resolve → tally → estimate.
    fn reports(
        &self,
        model: &Model,
        asked: ReportsAsked<'_>,
        progress: &Progress,
        diagnostics: &mut Diagnostics,
    ) -> Arc<(Reports, Diagnostics)> {
        let inputs = self.report_inputs(asked);
        let ReportsAsked { date, without } = asked;
        let made = self.results.take::<Reporting>(inputs, || {
            let mut found = Diagnostics::default();
            let ratings = self.read_ratings_but(without, model, &mut |_, _| (), progress, &mut found);
            let request = ReportRequest { date, cohort: None, without, inputs };
            let reports = Reportable::of(model, ratings, request, &mut found);
            let reports = reports.all(report::publications(&self.sources, model, &mut found), &mut found);
            Arc::new((reports, found))
        });
        diagnostics.append(made.1.clone());
        made
    }

    /// read → resolve; `rejects` takes every row that can't be used.
    pub fn read_ratings<'a>(
        &self,
        model: &Model,
        rejects: &'a mut RejectSink<'a>,
        progress: &Progress,
        diagnostics: &mut Diagnostics,
    ) -> Ratings {
        self.read_ratings_but(&[], model, rejects, progress, diagnostics)
    }

    /// The same without some files.
    pub fn read_ratings_but<'a>(
        &self,
        without: &[String],
        model: &Model,
        rejects: &'a mut RejectSink<'a>,
        progress: &Progress,
        diagnostics: &mut Diagnostics,
    ) -> Ratings {
        let stage = progress.stage("Reading ratings", self.ratings.files.len());
        let files = self.ratings.files.iter().filter(|(path, _)| !without.contains(path));
        let files: Vec<(String, PathBuf)> = files.cloned().collect();
        let ratings = ratings::read(&files, model, &self.sources, rejects, diagnostics);
        stage.step();
        ratings
    }

    /// Whether a reader is shown reports, of whichever cohorts.
    pub fn sees_reports(&self, reader: AudienceId) -> bool {
        let is_one = self.config.editions.contains_key(&reader);
        self.config.audiences.may_see(reader, self.config.report_audience) || is_one
    }

    /// The reports, if one of the readers may see them.
    pub fn reports_for(
        &self,
        readers: &[Viewer<'_>],
        model: &Model,
        asked: ReportsAsked<'_>,
        progress: &Progress,
        diagnostics: &mut Diagnostics,
    ) -> Arc<(Reports, Diagnostics)> {
        let sees = |reader: &Viewer<'_>| self.sees_reports(reader.audience);
        if readers.iter().any(sees) { self.reports(model, asked, progress, diagnostics) } else { Arc::default() }
    }

    /// The files of ratings: path in the site, and on this machine.
    pub fn ratings(&self) -> impl Iterator<Item = (&str, &Path)> {
        self.ratings.files.iter().map(|(path, place)| (path.as_str(), place.as_path()))
    }

    /// The digest of everything that reports are made from: all but the shared pages.
    pub fn report_inputs(&self, asked: ReportsAsked<'_>) -> Digest {
        let ReportsAsked { date, without } = asked;
        let folders: Vec<_> = self.sources.folders.iter().filter(|folder| !folder.path.starts_with(PAGES)).collect();
        let inputs = Inputs::of("reports")
            .text(&date.map_or_else(String::new, |date| date.to_string()))
            .list(without.iter(), |inputs, path| inputs.text(path))
            .digest(&self.ratings.digest);
        inputs.list(folders.into_iter(), |inputs, folder| inputs.digest(&folder.digest)).end()
    }

    /// Says which tasks readers see nothing of, and what runs and texts hold that they may not be meant to, unless something worse
    /// is wrong.
    pub fn note_unsealed(&self, model: &Model, diagnostics: &mut Diagnostics) {
        if diagnostics.gate().is_ok() {
            model::check::note_unsealed(model, diagnostics);
            check_runs::note(model, self.results, diagnostics);
            let written = [PAGES, TASKS, COHORTS, REPORTS].into_iter().flat_map(|folder| self.sources.below(folder));
            check_keys::note(written, &model.config, self.results, diagnostics);
            release::lost_ids::note(model, diagnostics);
            release::moved_gold::check(model, diagnostics);
        }
    }

    /// Says what the runs and texts of a task hold that may not be meant for readers, before it is sealed.
    pub fn note_secrets(&self, task: &Task, config: &Config, diagnostics: &mut Diagnostics) {
        check_runs::note_task(task, config, self.results, diagnostics);
        let folder = format!("{TASKS}{}/", task.id);
        check_keys::note(self.sources.below(&folder), config, self.results, diagnostics);
    }

    /// project → plan → render for each audience, and the search for leaks. Nothing is written. `sealed` has the releases
    /// that audiences have already: all of `model`, but for one that is about to be sealed.
    pub fn sites(
        &self,
        readers: &[Viewer<'_>],
        model: &Model,
        sealed: &Model,
        reports: &Reports,
        progress: &Progress,
        diagnostics: &mut Diagnostics,
    ) -> Result<Vec<(String, Site)>, Halt> {
        let loaded = self.theme();
        let (theme, found) = &*loaded;
        diagnostics.append_shared(found);
        self.gate(diagnostics)?;
        let mut secrets = secrets::of(sealed, &self.files(), diagnostics);
        if let Some(folder) = readers.iter().find_map(|reader| reader.folder) {
            secrets.add_canaries(&model.config, folder);
        }
        self.gate(diagnostics)?;
        let mut sites = Vec::new();
        for reader in readers {
            let projected = project::project(model, reader.audience, reader.drafts, self.results);
            let shown = ProjectedModel { reader: *reader, model: &projected, of_tasks: !model.tasks.is_empty() };
            let site = self.site(&shown, reports, theme, progress, diagnostics)?;
            let name = model.config.audiences.name(reader.audience).to_owned();
            let _stage = progress.stage(&format!("Searching for leaks to {name}"), 0);
            self.search(&site, &projected, reader.audience, &secrets, sealed, diagnostics);
            sites.push((name, site));
        }
        findings::note(&sites, model, diagnostics);
        self.gate(diagnostics)?;
        Ok(sites)
    }

    /// Searches a site that was made of `projected` for what its reader may not see and has not got from `sealed` already.
    fn search(
        &self,
        site: &Site,
        projected: &Model,
        reader: AudienceId,
        secrets: &Secrets,
        sealed: &Model,
        diagnostics: &mut Diagnostics,
    ) {
        let audiences = &projected.config.audiences;
        let name = audiences.name(reader);
        let had = project::project(sealed, reader, true, self.results);
        let given = secrets::given(&had, secrets);
        secrets::check_runs(projected, name, &secrets.runs, &given, sealed, diagnostics);
        let sealed = || secrets::sealed_texts(&had);
        let searched_for = leak::SiteReader { audience: reader, name, given: &given, sealed: &sealed };
        leak::check(site, &searched_for, secrets, audiences, self.results, diagnostics);
    }

    /// The templates and files of pages, and what is wrong with them.
    fn theme(&self) -> Arc<(Theme, Diagnostics)> {
        let name = self.config.theme.as_deref();
        let own = self.sources.folders.below("themes/");
        let inputs =
            own.fold(Inputs::of("theme").text(name.unwrap_or("")), |inputs, folder| inputs.digest(&folder.digest));
        self.results.latest::<ThemeLoading>("theme", inputs.end(), |_| {
            let mut found = Diagnostics::default();
            let theme = Theme::load(name, &self.sources, &mut found);
            Arc::new((theme, found))
        })
    }

    /// Plans and renders the site of one audience.
    fn site(
        &self,
        shown: &ProjectedModel<'_>,
        reports: &Reports,
        theme: &Theme,
        progress: &Progress,
        diagnostics: &mut Diagnostics,
    ) -> Result<Site, Halt> {
        let ProjectedModel { reader, model, of_tasks } = *shown;
        let config = &model.config;
        let name = config.audiences.name(reader.audience);
        let planning = progress.stage(&format!("Planning for {name}"), 0);
        let edition = config.editions.get(&reader.audience);
        let own = edition.map_or_else(Reports::default, |cohort| reports.of_cohort(&cohort.value));
        let reports = if config.audiences.may_see(reader.audience, config.report_audience) { reports } else { &own };
        let places = Places::of(model, name, of_tasks, self.results);
        let plan = plan::plan(model, &places, name, reports, diagnostics);
        drop(planning);
        diagnostics.gate()?;
        let stage = progress.stage(&format!("Rendering for {name}"), places.shared_files() + plan.pages.len());
        let done = |files| stage.steps(files);
        let canary = reader.folder.map(|folder| secrets::canary(&config.title, name, folder));
        let frames = Frames { model, places: &places, audience: name, reports: !reports.weeks().is_empty(), canary };
        let site = SiteContext::new(frames, theme, self.results);
        let dead_links = dead_links::find(&places, name, self.results);
        Ok(Site { dead_links, ..render::render(&plan, &site, &done, diagnostics) })
    }

    /// Ends the run at an error, after the site's own severities have been applied.
    pub fn gate(&self, diagnostics: &mut Diagnostics) -> Result<(), Halt> {
        diagnostics.apply(&self.config.checks);
        diagnostics.gate()
    }
}
