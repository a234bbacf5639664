//! The ledger of a report as templates and files see it: what became of the rows, in all and by file.
//!
//! In: counts by file. Out: a `LedgerView`, whose numbers add up to its rows. It names no rater.

use crate::ratings::{RowCounts, RowKind};
use crate::report::FileCounts;
use serde::{Serialize, Serializer};

/// What became of the rows of the cohort, and of those of no known one.
#[derive(Serialize)]
pub struct LedgerView {
    /// In all.
    pub all: RowsView,
    /// By file.
    pub files: Vec<RowsView>,
}

/// What became of some rows; the numbers add up to `rows`.
#[derive(Serialize)]
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

/// What became of rows: `used`, `replaced` …, each with how many.
pub struct RowKindsView(pub [RowKind; 5]);

impl Serialize for RowKindsView {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|kind| (kind.key, kind.rows)))
    }
}

/// Rows that can't be used for one reason.
#[derive(Serialize)]
pub struct ReasonView {
    /// The reason's code.
    pub reason: &'static str,
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
        let reasons = reasons.map(|(reason, rejected)| ReasonView { reason: reason.id(), rows: rejected.count });
        Self { file, rows: counts.rows(), kinds: RowKindsView(counts.kinds()), reasons: reasons.collect(), cut_short }
    }
}
