//! A cohort's week: what there is to show of it.
//!
//! In: all reports of a site. Out: the view that its readers get: what was published, or else what today's data give; and
//! findings on published figures that would now be other ones. It computes no figure.

use super::reports::Reports;
use super::view::ReportView;
use super::{CohortReport, Publication};
use crate::diagnostic::{Diagnostics, Place, rules};
use crate::figures::words;
use crate::model::{Commentary, Model, project};

/// What there is to show of a cohort's week.
#[derive(Clone, Copy)]
pub struct WeekReport<'a> {
    /// The cohort's id.
    pub cohort: &'a str,
    /// The ISO week.
    pub week: &'a str,
    /// By today's data; none where the ratings of the week are gone.
    pub today: Option<&'a CohortReport>,
    /// What was published, by revision.
    pub published: &'a [Publication],
    /// The revision that is shown, where it is not the newest.
    pub revision: Option<u32>,
    /// All reports of the site.
    pub reports: &'a Reports,
}

impl<'a> WeekReport<'a> {
    /// What there is of a cohort's week.
    pub fn of(reports: &'a Reports, (cohort, week): (&'a str, &'a str)) -> Self {
        let (today, published) = (reports.today(cohort, week), reports.published(cohort, week));
        Self { cohort, week, today, published, revision: None, reports }
    }

    /// The revisions in whose place a newer one stands.
    pub fn replaced(self) -> impl Iterator<Item = Self> {
        let replaced = self.published.split_last().map_or(&[][..], |(_, older)| older);
        replaced.iter().map(move |of| Self { revision: Some(of.revision), ..self })
    }

    /// Where it is shown.
    pub fn path(&self) -> String {
        self.file_path("index.html")
    }

    /// Where a file of it lies.
    pub fn file_path(&self, name: &str) -> String {
        let revision = self.revision.map_or_else(String::new, |revision| format!("r{revision}/"));
        format!("{}{revision}{name}", super::folder(self.cohort, self.week))
    }

    /// What was published newest.
    pub fn newest(&self) -> Option<&'a Publication> {
        self.published.last()
    }

    /// What it says to its readers, with the data lead's words as they get them today.
    pub fn view(&self, said: Option<&Commentary>) -> Option<ReportView> {
        let today = self.today.map(|today| self.narrowed(ReportView::of(today, said)));
        let shown = match self.revision {
            Some(revision) => self.published.iter().find(|of| of.revision == revision),
            None => self.newest(),
        };
        let Some(shown) = shown else { return today };
        let report = self.narrowed(shown.report.clone());
        let published = Some(shown.view(&report, today.as_ref(), self.revision.is_some()));
        let without = today.map_or_else(Vec::new, |today| today.without);
        Some(self.narrowed(ReportView { published, without, ..report }))
    }

    /// The same by today's data alone, to those who see all reports.
    pub fn today_view(&self, model: &Model) -> Option<ReportView> {
        self.today.map(|today| ReportView::of(today, self.words(model).as_ref()))
    }

    /// What it says to those who see all reports.
    pub fn view_of(&self, model: &Model) -> Option<ReportView> {
        self.view(self.words(model).as_ref())
    }

    /// How many figures of what was published would now be other ones, as those see them who see all reports.
    pub fn restated(&self, model: &Model) -> usize {
        self.view_of(model).and_then(|view| view.published).map_or(0, |published| published.restated.len())
    }

    /// The data lead's words as those get them who see all reports.
    fn words(&self, model: &Model) -> Option<Commentary> {
        model.commentary(self.cohort, self.week).and_then(|said| project::commentary(model, said))
    }

    fn narrowed(&self, view: ReportView) -> ReportView {
        if self.reports.is_for_vendor { view.for_vendor() } else { view }
    }
}

/// Says which published figures would now be other ones.
pub fn note_restated(reports: &Reports, model: &Model, diagnostics: &mut Diagnostics) {
    for week in reports.weeks().into_iter().map(|key| WeekReport::of(reports, key)) {
        let Some(published) = week.newest() else { continue };
        let restated = week.restated(model);
        let WeekReport { cohort, week, .. } = week;
        if restated > 0 {
            let figures = words::counted(restated as u64, "figure", "figures");
            diagnostics
                .add(
                    rules::RESTATED_REPORT,
                    Place::file(published.path()),
                    format!("{figures} of this report would now be published otherwise: its page says restated"),
                )
                .help(format!("`goldbook publish {cohort} {week} --revise --because \"…\"` publishes today's"));
        }
    }
}
