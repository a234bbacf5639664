//! Publishing: the report of a week sealed, so that it can't change unseen.
//!
//! In: a request. Out: a file for each report and a line of the log for it, or neither. What was published is never
//! overwritten: a revision stands beside it.

use super::act::{StoreChanges, in_store};
use crate::diagnostic::{Diagnosed, Diagnostics, Fault, Halt, Place, one_of, rules};
use crate::digest::Digest;
use crate::disk;
use crate::document::{COHORTS, TASKS};
use crate::model::{Model, SealTime};
use crate::progress::Progress;
use crate::ratings::{Ledger, Week};
use crate::release::When;
use crate::release::act::ReleaseAct;
use crate::report::{
    self, CohortReport, Publication, PublicationFacts, RatersView, ReportRequest, Reportable, Reports, WeekReport,
    raters_table,
};
use crate::workspace::{ReportsAsked, Workspace};
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// A complete, checked request to publish.
pub struct PublishRequest {
    /// The folder of `goldbook.yaml`.
    pub root: PathBuf,
    /// The cohort; every one that has a report of the week if none.
    pub cohort: Option<String>,
    /// The ISO week; the newest with ratings if none.
    pub week: Option<String>,
    /// Why what was published is revised; none where it is published first.
    pub because: Option<String>,
    /// When it counts as published.
    pub when: When,
    /// What the machine's clock says.
    pub now: Timestamp,
}

/// A report that was published.
pub struct PublishedReport {
    /// The cohort.
    pub cohort: String,
    /// The week.
    pub week: String,
    /// 1 for what was published first.
    pub revision: u32,
    /// Where it lies, below the root.
    pub path: String,
}

/// Publishes reports.
pub fn publish(request: &PublishRequest, progress: &Progress) -> Diagnosed<Vec<PublishedReport>> {
    let is_there = disk::is_folder(&request.root.join(COHORTS));
    in_store(&request.root, is_there, progress, |workspace, model, store, diagnostics| {
        if request.because.as_ref().is_some_and(|because| because.trim().is_empty()) {
            let fault =
                Fault::whole("`--because` says nothing").help("say in a sentence why what was published changes");
            return Err(diagnostics.stop(rules::INVALID_RELEASE, Place::Nowhere, fault));
        }
        request.cohort.as_ref().map(|wanted| model.find_cohort(wanted, diagnostics)).transpose()?;
        let time = request.when.past(request.now, &model.config.time_zone);
        let time = time.map_err(|fault| diagnostics.stop(rules::INVALID_RELEASE, Place::Nowhere, fault))?;
        let ratings = workspace.read_ratings(model, &mut |_, _| (), progress, diagnostics);
        check_read(&ratings.notes.ledger, diagnostics)?;
        let asked = ReportRequest {
            date: None,
            cohort: None,
            without: &[],
            inputs: workspace.report_inputs(ReportsAsked::default()),
        };
        let reportable = Reportable::of(model, ratings, asked, diagnostics);
        let published = report::publications(&workspace.sources, model, diagnostics);
        let reports = reportable.all(published, &mut Diagnostics::default());
        workspace.gate(diagnostics)?;
        let wanted = chosen(&reports, request, diagnostics)?;
        wanted.iter().try_for_each(|today| check_over(&today.week, time, diagnostics))?;
        let inputs = inputs(workspace, diagnostics)?;
        let mut made = Vec::new();
        for today in wanted {
            let week = WeekReport::of(&reports, (&today.cohort, &today.week));
            match hindrance(&week, model, request) {
                None => made.extend(publication(&week, model, (time, &inputs), request)),
                // Where all cohorts were asked for, those are meant with which something can be done.
                Some(_) if request.cohort.is_none() => {}
                Some(fault) => {
                    let place = week.newest().map_or(Place::Nowhere, |newest| Place::file(newest.path()));
                    return Err(diagnostics.stop(rules::INVALID_RELEASE, place, fault));
                }
            }
        }
        let changes: StoreChanges = made.iter().map(|of| (of.path(), Some(of.bytes()))).collect();
        let acts: Vec<ReleaseAct> = made.iter().map(|of| ReleaseAct::Publish(of.named())).collect();
        if !acts.is_empty() {
            store.ok_or(Halt)?.act(acts, changes, &workspace.sources, &workspace.config, diagnostics)?;
        }
        let told = |of: &Publication| PublishedReport {
            cohort: of.cohort.clone(),
            week: of.week.clone(),
            revision: of.revision,
            path: of.path(),
        };
        Ok(made.iter().map(told).collect())
    })
}

/// Figures of ratings that were not all read are not published.
fn check_read(ledger: &Ledger, diagnostics: &mut Diagnostics) -> Result<(), Halt> {
    let Some(file) = ledger.files.iter().find(|file| file.fault.is_some()) else { return Ok(()) };
    let fault = Fault::whole("this file of ratings can't be read, or not to its end: nothing is published")
        .help("mend the file, or move it out of content/ratings");
    Err(diagnostics.stop(rules::INVALID_RELEASE, Place::file(&*file.path), fault))
}

/// The reports of the week that was asked for, by today's data.
fn chosen<'r>(
    reports: &'r Reports,
    request: &PublishRequest,
    diagnostics: &mut Diagnostics,
) -> Result<Vec<&'r CohortReport>, Halt> {
    let of_cohort = |report: &&CohortReport| request.cohort.as_ref().is_none_or(|cohort| *cohort == report.cohort);
    let all = || reports.weekly.iter().filter(of_cohort);
    let newest = all().map(|report| report.week.as_str()).max();
    let week = request.week.as_deref().or(newest);
    let wanted: Vec<&CohortReport> = all().filter(|report| Some(report.week.as_str()) == week).collect();
    if !wanted.is_empty() {
        return Ok(wanted);
    }
    let mut weeks: Vec<&str> = all().map(|report| report.week.as_str()).collect();
    weeks.sort_unstable();
    weeks.dedup();
    let what = match (week, request.week.as_deref().map(Week::parse)) {
        (Some(week), Some(None)) => format!("`{week}` is no week such as 2026-W46"),
        (Some(week), _) => format!("there is no report of {week}"),
        (None, _) => "there are no ratings, and so no report to publish".to_owned(),
    };
    let fault = Fault::whole(what);
    let fault = if weeks.is_empty() { fault } else { fault.help(format!("there are reports of {}", one_of(weeks))) };
    Err(diagnostics.stop(rules::MISSING_FILE, Place::Nowhere, fault))
}

/// What is published of a week is of all of it.
fn check_over(week: &str, time: SealTime, diagnostics: &mut Diagnostics) -> Result<(), Halt> {
    let last = Week::parse(week).map(|week| week.days().1).filter(|last| time.day() <= *last);
    let Some(last) = last else { return Ok(()) };
    let fault = Fault::whole(format!("{week} lasts until {last}, and this would be published on {}", time.day()))
        .help("a report is published once its week is over: name an earlier week, or wait");
    Err(diagnostics.stop(rules::INVALID_RELEASE, Place::Nowhere, fault))
}

/// Why nothing is to be published of a cohort's week.
fn hindrance(of: &WeekReport<'_>, model: &Model, request: &PublishRequest) -> Option<Fault> {
    let WeekReport { cohort, week, .. } = of;
    match (of.newest(), &request.because) {
        (Some(newest), None) => {
            let fault = Fault::whole(format!("the report of `{cohort}` for {week} was published on {}", newest.time));
            Some(fault.help("what was published stays; `--revise --because \"…\"` publishes a revision beside it"))
        }
        (None, Some(_)) => {
            let fault = Fault::whole(format!("the report of `{cohort}` for {week} is not published yet"));
            Some(fault.help("leave `--revise` and `--because` out"))
        }
        (Some(_), Some(_)) if of.restated(model) == 0 => {
            let fault = Fault::whole(format!("nothing printed in the report of `{cohort}` for {week} would differ"));
            Some(fault.help("there is nothing to revise"))
        }
        _ => None,
    }
}

/// What is published of a cohort's week.
fn publication(
    of: &WeekReport<'_>,
    model: &Model,
    (time, inputs): (SealTime, &BTreeMap<String, String>),
    request: &PublishRequest,
) -> Option<Publication> {
    let raters = of.reports.raters.iter().find(|raters| raters.cohort == of.cohort);
    let raters = raters.map(|of| Digest::of(raters_table(&RatersView::of(of)).as_bytes()).to_string());
    let facts = PublicationFacts {
        revision: of.newest().map_or(1, |newest| newest.revision + 1),
        because: request.because.clone(),
        time: time.instant().to_string(),
        inputs: inputs.clone(),
        raters,
    };
    Some(Publication::of(of.today_view(model)?, facts))
}

/// The digest of each file that figures are made from, beside sealed ones.
fn inputs(workspace: &Workspace<'_>, diagnostics: &mut Diagnostics) -> Result<BTreeMap<String, String>, Halt> {
    let mut inputs = BTreeMap::new();
    let is_input = |path: &str| {
        path == crate::config::FILE
            || path == crate::release::log::PATH
            || path.starts_with(COHORTS)
            || path.starts_with(TASKS) && (path.ends_with("/gold.csv") || path.ends_with("/rubric.md"))
    };
    for source in workspace.sources.folders.iter().flat_map(|folder| &folder.files) {
        if is_input(&source.path) {
            inputs.insert(source.path.to_string(), source.digest.to_string());
        }
    }
    for (path, place) in workspace.ratings() {
        let digest = disk::digest(place).map_err(|error| diagnostics.machine(&error, place))?;
        inputs.insert(path.to_owned(), digest.to_string());
    }
    Ok(inputs)
}
