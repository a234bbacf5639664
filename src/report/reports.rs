//! All reports of a site: what today's data give, what was published, and the raters.
//!
//! In: reports and publications. Out: what there is of a cohort's week, what a vendor gets, and findings on words that stand
//! on no report. It computes no figure.

use super::CohortReport;
use super::published::Publication;
use super::raters::CohortRaters;
use crate::diagnostic::{Diagnostics, Place, rules};
use crate::digest::Digest;
use crate::model::{Commentary, Model};
use crate::text::listed;
use std::collections::BTreeSet;

/// All reports of a site.
#[derive(Clone, Debug, Default)]
pub struct Reports {
    /// By cohort and week.
    pub weekly: Vec<CohortReport>,
    /// What was published, by cohort, week and revision.
    pub published: Vec<Publication>,
    /// The raters of each cohort, by all that it rated so far.
    pub raters: Vec<CohortRaters>,
    /// Whether they are shown to the vendor of the one cohort that they are of.
    pub is_for_vendor: bool,
    /// The digest of everything that they are made from; none where there are none.
    pub inputs: Option<Digest>,
}

impl Reports {
    /// What the vendor of a cohort gets: its own reports, and no other's.
    pub fn of_cohort(&self, cohort: &str) -> Self {
        let weekly = self.weekly.iter().filter(|of| of.cohort == cohort).cloned();
        let published = self.published.iter().filter(|of| of.cohort == cohort).cloned();
        let raters = self.raters.iter().filter(|of| of.cohort == cohort).cloned();
        Self {
            weekly: weekly.collect(),
            published: published.collect(),
            raters: raters.collect(),
            is_for_vendor: true,
            inputs: self.inputs,
        }
    }

    /// The report of a cohort's week by today's data.
    pub fn today(&self, cohort: &str, week: &str) -> Option<&CohortReport> {
        self.weekly.iter().find(|report| report.cohort == cohort && report.week == week)
    }

    /// What was published of a cohort's week, by revision.
    pub fn published(&self, cohort: &str, week: &str) -> &[Publication] {
        let key = |of: &Publication| (of.cohort.as_str().cmp(cohort)).then_with(|| of.week.as_str().cmp(week));
        let from = self.published.partition_point(|of| key(of).is_lt());
        let until = self.published.partition_point(|of| key(of).is_le());
        &self.published[from..until]
    }

    /// The cohorts and weeks of which there is a report, in order.
    pub fn weeks(&self) -> BTreeSet<(&str, &str)> {
        let weekly = self.weekly.iter().map(|of| (of.cohort.as_str(), of.week.as_str()));
        weekly.chain(self.published.iter().map(|of| (of.cohort.as_str(), of.week.as_str()))).collect()
    }

    /// Says which words stand on no report.
    pub(super) fn note_unshown(&self, model: &Model, diagnostics: &mut Diagnostics) {
        let all = self.weeks();
        let has_report = |of: &&Commentary| all.contains(&(of.cohort.as_str(), of.week.as_str()));
        for Commentary { cohort, week, page } in model.commentaries.iter().filter(|of| !has_report(of)) {
            let weeks: Vec<&str> = all.iter().filter(|(of, _)| of == cohort).map(|(_, week)| *week).collect();
            let finding = diagnostics.add(
                rules::UNSHOWN_COMMENTARY,
                Place::file(&*page.path),
                format!("`{cohort}` has no report of {week}, so nobody reads this"),
            );
            match weeks.is_empty() {
                false => finding.help(format!("it has reports of {}", listed(weeks))),
                true => finding.help("a cohort has a report of each week in which it rated"),
            };
        }
    }
}
