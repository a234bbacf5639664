//! Reporting: one cohort's report of one week, for a terminal or a program.
//!
//! In: a request. Out: the same figures as on the report's page, as Markdown or JSON. It writes nothing.

use crate::diagnostic::{Diagnosed, Diagnostics, Halt, Place, did_you_mean, one_of, rules};
use crate::model::Model;
use crate::progress::Progress;
use crate::report::{self, CohortReport};
use crate::site::theme::Theme;
use crate::workspace;
use jiff::civil::Date;
use std::path::PathBuf;

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
pub fn report(request: &CohortRequest, progress: &Progress) -> Diagnosed<String> {
    workspace::once(&request.root, progress, |workspace, diagnostics| {
        let model = workspace.model(progress, diagnostics);
        let reports = workspace.reports(&model, request.date, progress, diagnostics);
        let theme = Theme::load(model.config.theme.as_deref(), &workspace.sources, diagnostics);
        workspace.gate(diagnostics)?;
        let report = choose_report(&reports.0, &model, request, diagnostics)?;
        let view = report::ReportView::of(report, "");
        if request.json {
            report::file(&view, "report.json").ok_or(Halt)
        } else {
            render_text(&theme, &view, diagnostics)
        }
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
