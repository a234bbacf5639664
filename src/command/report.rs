//! Reporting: one cohort's report of one week, for a terminal or a program.
//!
//! In: a request. Out: the same figures as on the report's page, as Markdown or JSON. It writes nothing.

use crate::diagnostic::{Diagnosed, Diagnostics, Halt, Place, one_of, rules};
use crate::document::COHORTS;
use crate::progress::Progress;
use crate::ratings::Week;
use crate::report::{self, ReportRequest, Reportable, WeekReport};
use crate::site::theme::Theme;
use crate::workspace::{self, ReportsAsked};
use jiff::civil::Date;
use std::path::PathBuf;

/// A complete, checked request for one cohort's report.
pub struct CohortRequest {
    /// The folder of `goldbook.yaml`.
    pub root: PathBuf,
    /// The cohort.
    pub cohort: String,
    /// The ISO week, such as `2026-W46`; the newest with ratings if none.
    pub week: Option<String>,
    /// The day on which it is made; the newest rating's if none.
    pub date: Option<Date>,
    /// Files of ratings that are left out on purpose.
    pub without: Vec<String>,
    /// Whether to return JSON rather than text.
    pub json: bool,
}

/// The report of one cohort and week, as text or JSON.
pub fn report(request: &CohortRequest, progress: &Progress) -> Diagnosed<String> {
    workspace::once(&request.root, progress, |workspace, diagnostics| {
        let model = workspace.model_on(request.date, progress, diagnostics);
        let theme = Theme::load(model.config.theme.as_deref(), &workspace.sources, diagnostics);
        workspace.gate(diagnostics)?;
        let cohort = Some(model.find_cohort(&request.cohort, diagnostics)?);
        let without = &request.without;
        super::check_left_out(without, workspace, diagnostics)?;
        let ratings = workspace.read_ratings_but(without, &model, &mut |_, _| (), progress, diagnostics);
        let inputs = workspace.report_inputs(ReportsAsked { date: request.date, without });
        let asked = ReportRequest { date: request.date, cohort, without, inputs };
        let reportable = Reportable::of(&model, ratings, asked, diagnostics);
        workspace.gate(diagnostics)?;
        check_rated(&reportable, request, diagnostics)?;
        let week = choose_week(reportable.weeks(), request, diagnostics)?;
        let published = report::publications(&workspace.sources, &model, diagnostics);
        let (reports, week) = (reportable.of_week(week, published), week.to_string());
        let view = WeekReport::of(&reports, (&request.cohort, &week)).view_of(&model).ok_or(Halt)?;
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

/// What to do about a cohort without ratings.
const NO_RATINGS: &str = "put a table of ratings into content/ratings; a row is the cohort's if its rater is, and its day \
     lies within the cohort's `from` and `until`: `goldbook check` says what became of each";

/// A cohort is reported by weeks, which its ratings make.
fn check_rated(
    reportable: &Reportable<'_>,
    request: &CohortRequest,
    diagnostics: &mut Diagnostics,
) -> Result<(), Halt> {
    if reportable.weeks().next().is_some() {
        return Ok(());
    }
    let cohort = &request.cohort;
    let (message, help) = match request.date {
        // What to do about these was said where they were met.
        _ if reportable.is_rated() => {
            (format!("no rating of `{cohort}` has a time, so there is no report of it"), None)
        }
        Some(date) => {
            (format!("`{cohort}` has no ratings up to {date}, so there is no report of it"), Some(NO_RATINGS))
        }
        None => (format!("`{cohort}` has no ratings, so there is no report of it"), Some(NO_RATINGS)),
    };
    let place = Place::file(format!("{COHORTS}{cohort}.yaml"));
    diagnostics.add(rules::MISSING_FILE, place, message).maybe_help(help.map(str::to_owned));
    Err(Halt)
}

/// The week asked for, or the newest.
fn choose_week(
    weeks: impl Iterator<Item = Week>,
    request: &CohortRequest,
    diagnostics: &mut Diagnostics,
) -> Result<Week, Halt> {
    let weeks: Vec<Week> = weeks.collect();
    let found = match &request.week {
        Some(wanted) => weeks.iter().find(|week| week.to_string() == *wanted),
        None => weeks.last(),
    };
    found.copied().ok_or_else(|| {
        let names: Vec<String> = weeks.iter().map(Week::to_string).collect();
        diagnostics
            .add(rules::MISSING_FILE, Place::Nowhere, format!("`{}` has no ratings in that week", request.cohort))
            .help(format!("it has a report for {}", one_of(names.iter().map(String::as_str))));
        Halt
    })
}
