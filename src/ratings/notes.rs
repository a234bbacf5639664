//! Notes on reading: counts of everything that was left out, replaced or assumed between the rows and the table.
//!
//! In: increments. Out: what the data notes of a report are made from. It never decides what is left out.

use super::rejected::Rejections;
use crate::diagnostic::FileFault;
use std::collections::{BTreeMap, BTreeSet};

/// What happened to the rows that were read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadNotes {
    /// Rows in all files.
    pub rows: u64,
    /// Rows that can't be used.
    pub rejected: Rejections,
    /// ReadCounts by cohort; none stands for rows of no cohort.
    pub cohorts: BTreeMap<Option<u16>, ReadCounts>,
    /// Columns that nothing reads, with the first file that has them.
    pub unknown_columns: BTreeMap<String, String>,
    /// Why files were not read, or not to their end.
    pub files: Vec<FileFault>,
    /// By task: items on which experts are split.
    pub ties: BTreeMap<u16, BTreeSet<String>>,
    /// By task: items on which experts' ratings and written gold of one rank differ.
    pub differing: BTreeMap<u16, BTreeSet<String>>,
}

/// What happened to the rows of one cohort.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReadCounts {
    /// Rows that a newer submission, or a later row of the same one, replaced.
    pub replaced: u64,
    /// Rows that were taken back.
    pub withdrawn: u64,
    /// Withdrawals that found nothing to take back.
    pub withdrawn_nothing: u64,
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
