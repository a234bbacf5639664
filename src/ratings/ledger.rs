//! The ledger: what became of each row that was read.
//!
//! In: rows as they are met, and what becomes of them. Out: counts by file and cohort that add up: the rows of a file are
//! those used, replaced, withdrawn, rejected, and of no cohort. It decides nothing, and keeps no row.

use super::entry::{At, Entry, Occasion, Said};
use super::fates::{Fate, RowFates};
use super::rejected::{Reason, Rejected, RejectedRow};
use crate::diagnostic::Fault;
use ahash::AHashMap;
use std::collections::BTreeMap;

/// What became of some rows; each is counted once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RowCounts {
    /// They make ratings.
    pub used: u64,
    /// A newer submission, or a later row of the same one, stands in their place.
    pub replaced: u64,
    /// They were taken back, or take others back.
    pub withdrawn: u64,
    /// Their rater belongs to no cohort at their date.
    pub no_cohort: u64,
    /// They can't be used, by reason.
    pub rejected: BTreeMap<Reason, Rejected>,
}

/// Rows that became the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RowKind {
    /// What programs call it.
    pub key: &'static str,
    /// The same in words, after a number.
    pub words: &'static str,
    /// How many rows.
    pub rows: u64,
}

/// The key of the kind of rows that are told by reason as well.
pub const REJECTED: &str = "rejected";

impl RowCounts {
    /// The rows of each kind, in the order in which they are told. Together they are all rows.
    pub fn kinds(&self) -> [RowKind; 5] {
        let kind = |key, words, rows| RowKind { key, words, rows };
        [
            kind("used", "used", self.used),
            kind("replaced", "replaced", self.replaced),
            kind("withdrawn", "withdrawn", self.withdrawn),
            kind("no_cohort", "of no cohort", self.no_cohort),
            kind(REJECTED, "rejected", self.rejected_rows()),
        ]
    }

    /// The rejected rows, whatever the reason.
    pub fn rejected_rows(&self) -> u64 {
        self.rejected.values().map(|rejected| rejected.count).sum()
    }

    /// All rows.
    pub fn rows(&self) -> u64 {
        self.kinds().iter().map(|kind| kind.rows).sum()
    }

    /// Adds other rows.
    pub fn add(&mut self, other: &Self) {
        self.used += other.used;
        self.replaced += other.replaced;
        self.withdrawn += other.withdrawn;
        self.no_cohort += other.no_cohort;
        for (reason, rejected) in &other.rejected {
            self.rejected.entry(*reason).or_default().append(rejected);
        }
    }

    fn settle(&mut self, cohort: Option<u16>, fate: Fate, count: u64) {
        let counted = match (cohort, fate) {
            (None, _) => &mut self.no_cohort,
            (_, Fate::Used) => &mut self.used,
            (_, Fate::Replaced) => &mut self.replaced,
            (_, Fate::Withdrawn) => &mut self.withdrawn,
        };
        *counted += count;
    }
}

/// What becomes of rows, as it is found.
#[derive(Default)]
pub struct Fates {
    rows: AHashMap<(u32, Option<u16>, Fate), u64>,
    /// Rows that speak of several criteria.
    of_several: BTreeMap<At, (Option<u16>, Fate)>,
    /// What became of each row, if that is wanted.
    pub by_row: Option<RowFates>,
}

impl Fates {
    /// None yet, and those of each row if they are wanted.
    pub fn with(by_row: Option<RowFates>) -> Self {
        Self { by_row, ..Self::default() }
    }

    /// None yet, and those of each row if these have them.
    pub fn empty(&self) -> Self {
        Self::with(self.by_row.as_ref().map(|_| RowFates::default()))
    }

    /// Adds what became of other words of the same rows, and of other rows.
    pub fn join(&mut self, other: Self) {
        for (of, rows) in other.rows {
            *self.rows.entry(of).or_default() += rows;
        }
        for (at, (cohort, fate)) in other.of_several {
            self.add_of_several(at, cohort, fate);
        }
        if let (Some(rows), Some(others)) = (&mut self.by_row, other.by_row) {
            rows.join(others);
        }
    }

    /// Notes what becomes of a row's word on one criterion.
    pub fn add(&mut self, entry: &Entry, of: &Occasion, fate: Fate) {
        // Its row was counted where it was rejected.
        if entry.said == Said::Invalid {
            return;
        }
        self.by_row.iter_mut().for_each(|rows| rows.add(of.file, entry.line, fate));
        if entry.is_of_whole() {
            self.add_of_several(At { file: of.file, line: u64::from(entry.line) }, of.cohort, fate);
        } else {
            self.add_row(of.file, of.cohort, fate);
        }
    }

    fn add_of_several(&mut self, at: At, cohort: Option<u16>, fate: Fate) {
        let known = self.of_several.entry(at).or_insert((cohort, fate));
        known.1 = known.1.max(fate);
    }

    /// Notes what becomes of a row.
    pub fn add_row(&mut self, file: u32, cohort: Option<u16>, fate: Fate) {
        *self.rows.entry((file, cohort, fate)).or_default() += 1;
    }
}

/// The rows of one file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileRows {
    /// Its path.
    pub path: String,
    /// Rows that were read, counted before anything becomes of them.
    pub read: u64,
    /// Why it is not read, or not to its end.
    pub fault: Option<Fault>,
    by_cohort: BTreeMap<Option<u16>, RowCounts>,
}

impl FileRows {
    /// Whether nothing of it could be read.
    pub fn is_unread(&self) -> bool {
        self.fault.as_ref().is_some_and(|fault| fault.line.is_none())
    }

    /// What became of all its rows.
    pub fn counts(&self) -> RowCounts {
        self.counted(|_| true)
    }

    /// What became of the rows of a cohort, and of those of no known one.
    pub fn counts_of(&self, cohort: u16) -> RowCounts {
        self.counted(|of| of.is_none_or(|of| of == cohort))
    }

    fn counted(&self, wanted: impl Fn(Option<u16>) -> bool) -> RowCounts {
        let mut all = RowCounts::default();
        self.by_cohort.iter().filter(|(of, _)| wanted(**of)).for_each(|(_, counts)| all.add(counts));
        all
    }

    fn of(&mut self, cohort: Option<u16>) -> &mut RowCounts {
        self.by_cohort.entry(cohort).or_default()
    }
}

/// The rows of all files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    /// The files, by path.
    pub files: Vec<FileRows>,
}

impl Ledger {
    /// Begins a file.
    pub fn begin(&mut self, path: &str) {
        self.files.push(FileRows { path: path.to_owned(), ..FileRows::default() });
    }

    /// The file begun last.
    pub fn last(&mut self) -> &mut FileRows {
        if self.files.is_empty() {
            self.begin("");
        }
        let last = self.files.len() - 1;
        &mut self.files[last]
    }

    /// Counts a row that can't be used, and keeps it if it is among the first.
    pub fn reject(&mut self, file: u32, row: &RejectedRow) {
        let FileRows { path, by_cohort, .. } = &mut self.files[file as usize];
        let counts = by_cohort.entry(row.cohort).or_default();
        counts.rejected.entry(row.reason).or_default().add(path, &row.fault);
    }

    /// Counts what became of rows.
    pub fn settle(&mut self, fates: &Fates) {
        for ((file, cohort, fate), count) in &fates.rows {
            self.files[*file as usize].of(*cohort).settle(*cohort, *fate, *count);
        }
        for (at, (cohort, fate)) in &fates.of_several {
            self.files[at.file as usize].of(*cohort).settle(*cohort, *fate, 1);
        }
    }

    /// What became of all rows.
    pub fn counts(&self) -> RowCounts {
        self.added(FileRows::counts)
    }

    /// What became of the rows of a cohort, and of those of no known one.
    pub fn counts_of(&self, cohort: u16) -> RowCounts {
        self.added(|file| file.counts_of(cohort))
    }

    fn added(&self, counts: impl Fn(&FileRows) -> RowCounts) -> RowCounts {
        let mut all = RowCounts::default();
        self.files.iter().for_each(|file| all.add(&counts(file)));
        all
    }
}
