//! The ledger of a report as templates and files see it: what became of the rows, in all and by file.
//!
//! In: counts by file. Out: a `LedgerView`, whose numbers add up to its rows. It names no rater.

use crate::ratings::RowCounts;
use crate::report::FileCounts;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// What became of the rows of the cohort, and of those of no known one.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct LedgerView {
    /// In all.
    pub all: RowsView,
    /// By file.
    pub files: Vec<RowsView>,
}

/// What became of some rows; the numbers add up to `rows`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct RowsView {
    /// The file; none where these are the rows of all.
    pub file: Option<String>,
    /// All that were read.
    pub rows: u64,
    /// What became of them.
    #[serde(flatten)]
    pub kinds: RowKindsView,
    /// Those that can't be used, by reason.
    pub reasons: Vec<ReasonView>,
    /// Whether there are further rows that were not read.
    pub cut_short: bool,
}

/// What became of rows, each with how many.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct RowKindsView {
    /// They make a rating, or a part of one.
    pub used: u64,
    /// Others stand in their place.
    pub replaced: u64,
    /// They were taken back, or take others back.
    pub withdrawn: u64,
    /// Their rater belongs to no cohort at their date.
    pub no_cohort: u64,
    /// They can't be used.
    pub rejected: u64,
}

/// Rows that can't be used for one reason.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ReasonView {
    /// The reason's code.
    pub reason: Cow<'static, str>,
    /// How many.
    pub rows: u64,
}

impl LedgerView {
    /// The view of the rows of files.
    pub fn of(files: &[FileCounts]) -> Self {
        let mut all = RowCounts::default();
        files.iter().for_each(|file| all.add(&file.counts));
        let cut_short = files.iter().any(|file| file.cut_short);
        let of_file = |file: &FileCounts| RowsView::of(Some(file.path.clone()), &file.counts, file.cut_short);
        Self { all: RowsView::of(None, &all, cut_short), files: files.iter().map(of_file).collect() }
    }
}

impl RowsView {
    /// The view of some rows.
    pub fn of(file: Option<String>, counts: &RowCounts, cut_short: bool) -> Self {
        let reasons = counts.rejected.iter();
        let reasons = reasons.map(|(reason, rejected)| ReasonView { reason: reason.id().into(), rows: rejected.count });
        let kinds = RowKindsView {
            used: counts.used,
            replaced: counts.replaced,
            withdrawn: counts.withdrawn,
            no_cohort: counts.no_cohort,
            rejected: counts.rejected_rows(),
        };
        Self { file, rows: counts.rows(), kinds, reasons: reasons.collect(), cut_short }
    }
}
