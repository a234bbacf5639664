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
use crate::ratings::Week;
use crate::release::When;
use crate::release::log::ReleaseAct;
use crate::report::{
    self, CohortReport, Publication, PublicationFacts, RatersView, ReportRequest, Reportable, Reports, raters_table,
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
        let published = report::publications(&workspace.sources, diagnostics);
        let reports = reportable.all(published, &mut Diagnostics::default());
        workspace.gate(diagnostics)?;
        let wanted = chosen(&reports, request, diagnostics)?;
        let inputs = inputs(workspace, diagnostics)?;
        let mut made = Vec::new();
        for today in wanted {
            made.extend(publication(today, &reports, model, (time, &inputs), request, diagnostics)?);
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
fn check_read(ledger: &crate::ratings::Ledger, diagnostics: &mut Diagnostics) -> Result<(), Halt> {
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

/// What is to be published of a report; none where all cohorts were asked for and this one's is there already.
fn publication(
    today: &CohortReport,
    reports: &Reports,
    model: &Model,
    (time, inputs): (SealTime, &BTreeMap<String, String>),
    request: &PublishRequest,
    diagnostics: &mut Diagnostics,
) -> Result<Option<Publication>, Halt> {
    let (cohort, week) = (&today.cohort, &today.week);
    let view = report::today_view(today, model);
    let newest = reports.published(cohort, week).last();
    let refuse = |fault: Fault, diagnostics: &mut Diagnostics| {
        let place = newest.map_or(Place::Nowhere, |newest| Place::file(newest.path()));
        Err(diagnostics.stop(rules::INVALID_RELEASE, place, fault))
    };
    if request.because.as_ref().is_some_and(|because| because.trim().is_empty()) {
        return refuse(Fault::whole("`--because` says nothing"), diagnostics);
    }
    match (newest, &request.because) {
        (Some(_), None) if request.cohort.is_none() => return Ok(None),
        (Some(newest), None) => {
            let fault = Fault::whole(format!("the report of `{cohort}` for {week} was published on {}", newest.time));
            let fault =
                fault.help("what was published stays; `--revise --because \"…\"` publishes a revision beside it");
            return refuse(fault, diagnostics);
        }
        (None, Some(_)) if request.cohort.is_none() => return Ok(None),
        (None, Some(_)) => {
            let fault = Fault::whole(format!("the report of `{cohort}` for {week} is not published yet"));
            return refuse(fault.help("leave `--revise` and `--because` out"), diagnostics);
        }
        (Some(newest), Some(_))
            if newest.shown(Some(&view), false, |view| view).published.is_none_or(|of| of.restated.is_empty()) =>
        {
            if request.cohort.is_none() {
                return Ok(None);
            }
            let fault = Fault::whole(format!("nothing printed in the report of `{cohort}` for {week} would differ"));
            return refuse(fault.help("there is nothing to revise"), diagnostics);
        }
        _ => {}
    }
    let raters = reports.raters.iter().find(|of| of.cohort == *cohort);
    let raters = raters.map(|of| Digest::of(raters_table(&RatersView::of(of)).as_bytes()).to_string());
    let facts = PublicationFacts {
        revision: newest.map_or(1, |newest| newest.revision + 1),
        because: request.because.clone(),
        time: time.instant().to_string(),
        inputs: inputs.clone(),
        raters,
    };
    Ok(Some(Publication::of(view, facts)))
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
