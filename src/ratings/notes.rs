//! Notes on reading: counts of everything that was left out, replaced or assumed between the rows and the table.
//!
//! In: increments. Out: what the data notes of a report are made from. It never decides what is left out.

use super::ledger::Ledger;
use std::collections::{BTreeMap, BTreeSet};

/// What happened to the rows that were read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadNotes {
    /// What became of each row.
    pub ledger: Ledger,
    /// What else there is to know of rows, by cohort; none stands for rows of no cohort.
    pub cohorts: BTreeMap<Option<u16>, ReadCounts>,
    /// Columns that nothing reads, with the first file that has them.
    pub unknown_columns: BTreeMap<String, String>,
    /// Values that were taken for those of a scale, with how many rows have each.
    pub respelled: BTreeMap<RespelledValue, u64>,
    /// By task: items on which experts are split.
    pub ties: BTreeMap<u16, BTreeSet<String>>,
    /// By task: items on which experts' ratings and written gold of one rank differ.
    pub differing: BTreeMap<u16, BTreeSet<String>>,
}

/// A value that differs from one of its scale in case or outer space alone, and was taken for it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RespelledValue {
    /// The cohort that its row counts for.
    pub cohort: Option<u16>,
    /// The criterion's number.
    pub question: u16,
    /// As it is written.
    pub written: String,
    /// As the scale has it.
    pub value: String,
}

/// What there is to know of the rows of one cohort, beside what became of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReadCounts {
    /// Withdrawals that found nothing to take back.
    pub withdrawn_nothing: u64,
    /// Rows that name their task by an id that it had before.
    pub task_renamed: u64,
    /// Rows whose time had no zone, so that the site's was taken.
    pub zone_assumed: u64,
    /// Rows whose `seconds` are no number.
    pub seconds_unread: u64,
}

impl ReadNotes {
    /// The counts of a cohort, to add to.
    pub fn count(&mut self, cohort: Option<u16>) -> &mut ReadCounts {
        self.cohorts.entry(cohort).or_default()
    }
}
