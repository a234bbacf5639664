//! Published reports: the figures of a week as they were sealed, in `content/reports/<cohort>/<week>.json`.
//!
//! In: a report's view, or the files of the site. Out: the bytes of a file, and what such files hold. Each is named by a line
//! of the log; nothing in them names a rater or holds what one wrote, so that a person can be forgotten.

use super::restated;
use super::view::{PublicationView, ReportView};
use crate::diagnostic::{Diagnostics, Place, rules};
use crate::digest::Digest;
use crate::document::REPORTS;
use crate::model::Model;
use crate::release::act::SealedReport;
use crate::source::Sources;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The form of the files that is written.
const FORMAT: u32 = 1;

/// A published report.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Publication {
    /// Version of this form.
    pub format: u32,
    /// The cohort's id.
    pub cohort: String,
    /// The ISO week.
    pub week: String,
    /// 1 for what was published first, then one more for each revision.
    pub revision: u32,
    /// Why it was revised; none for what was published first.
    pub because: Option<String>,
    /// When, as an instant of ISO 8601.
    pub time: String,
    /// The version of the program that made the figures.
    pub program: String,
    /// What they were made from: SHA-256 of each file, by its path.
    pub inputs: BTreeMap<String, String>,
    /// SHA-256 of `raters.csv`, which is live: who is named in it can be forgotten.
    pub raters: Option<String>,
    /// The figures, the data lead's words and the ledger.
    pub report: ReportView,
}

/// The published reports of a site, by cohort, week and revision, with tasks by the ids that they have today. One that can't
/// be read is a finding.
pub fn publications(sources: &Sources, model: &Model, diagnostics: &mut Diagnostics) -> Vec<Publication> {
    let mut found = Vec::new();
    for source in sources.below(REPORTS).filter(|source| source.path.ends_with(".json")) {
        match read(source.bytes()) {
            Ok(mut of) if of.path() == *source.path => {
                of.report.rename_tasks(model);
                found.push(of);
            }
            Ok(of) => {
                let message = format!("this is the report of `{}` for {}, and lies elsewhere", of.cohort, of.week);
                diagnostics
                    .add(rules::BROKEN_SEAL, Place::file(&*source.path), message)
                    .help(format!("it belongs at {}", of.path()));
            }
            Err(why) => {
                let message = format!("this is no published report that can be read: {why}");
                diagnostics
                    .add(rules::BROKEN_SEAL, Place::file(&*source.path), message)
                    .help("restore it from version control");
            }
        }
    }
    found.sort_by(|a, b| (&a.cohort, &a.week, a.revision).cmp(&(&b.cohort, &b.week, b.revision)));
    found
}

fn read(bytes: &[u8]) -> Result<Publication, String> {
    #[derive(Deserialize)]
    struct PublicationForm {
        format: u32,
    }
    let form: PublicationForm = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
    if form.format > FORMAT {
        return Err(format!("its form is {}, and this version of Goldbook knows {FORMAT}", form.format));
    }
    serde_json::from_slice(bytes).map_err(|error| error.to_string())
}

impl Publication {
    /// What is published of a report.
    pub fn of(report: ReportView, facts: PublicationFacts) -> Self {
        let PublicationFacts { revision, because, time, inputs, raters } = facts;
        Self {
            format: FORMAT,
            cohort: report.cohort.clone(),
            week: report.week.clone(),
            revision,
            because,
            time,
            program: env!("CARGO_PKG_VERSION").to_owned(),
            inputs,
            raters,
            report: report.without_comments(),
        }
    }

    /// Where it lies.
    pub fn path(&self) -> String {
        SealedReport::path_of(&self.cohort, &self.week, self.revision)
    }

    /// As the log names it.
    pub fn named(&self) -> SealedReport {
        let digest = Digest::of(&self.bytes()).to_string();
        SealedReport { cohort: self.cohort.clone(), week: self.week.clone(), revision: self.revision, digest }
    }

    /// The bytes of its file.
    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = serde_json::to_vec(self).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }

    /// What its report says of its being published. `report` is its report as a reader gets it, and `today` the same by today's
    /// data, if there is one: what a reader may not see is not compared, for the differences would tell of it.
    pub fn view(&self, report: &ReportView, today: Option<&ReportView>, is_replaced: bool) -> PublicationView {
        let today = today.filter(|_| !is_replaced);
        let restated = today.map_or_else(Vec::new, |today| restated::figures(report, today));
        let is_other_program = self.program != env!("CARGO_PKG_VERSION");
        let program = is_other_program.then(|| {
            format!("It was made by version {} of Goldbook, and this is {}.", self.program, env!("CARGO_PKG_VERSION"))
        });
        let rows = today.and_then(|today| restated::rows(report, today));
        let is_restated = !restated.is_empty();
        PublicationView {
            revision: self.revision,
            because: self.because.clone(),
            time: self.time.clone(),
            program: self.program.clone(),
            restated,
            since: rows.into_iter().chain(program).filter(|_| is_restated).collect(),
            is_replaced,
        }
    }
}

/// What stands beside the figures of a published report.
pub struct PublicationFacts {
    /// 1 for what is published first.
    pub revision: u32,
    /// Why it is revised.
    pub because: Option<String>,
    /// When, as an instant of ISO 8601.
    pub time: String,
    /// SHA-256 of each file that the figures were made from.
    pub inputs: BTreeMap<String, String>,
    /// SHA-256 of `raters.csv`.
    pub raters: Option<String>,
}
