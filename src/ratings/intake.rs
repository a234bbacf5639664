//! Intake: rows in, entries out.
//!
//! In: rows of all files, in path order. Out: entries, withdrawals, names, and notes on every row that can't be used.
//! It reads each row by itself: what replaces what is `resolve`.

use super::answer::Flag;
use super::columns::{Column, Row, Unreadable};
use super::entry::{At, Entry, FlagAttribute, Key, NO_VERSION, Said, Withdrawal};
use super::head::Head;
use super::membership::Membership;
use super::names::Interner;
use super::notes::ReadNotes;
use super::rejected::{Reason, Refusal};
use super::said::{self, Saying, Word};
use super::scheme::Scheme;
use super::submissions::{SubmissionKey, SubmissionName, Submissions};
use crate::diagnostic::{Diagnostics, Place, one_of, rules};
use crate::document::Criterion;
use semver::Version;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Names as numbers.
#[derive(Default)]
pub struct IntakeNames {
    /// Items.
    pub items: Interner<Arc<str>>,
    /// Raters.
    pub raters: Interner<Arc<str>>,
    /// Versions.
    pub versions: Interner<Version>,
    /// Values.
    pub values: Interner<String>,
    /// Flags.
    pub flags: Interner<Flag>,
    /// Attributes of flags that came in rows of their own.
    pub attributes: Interner<FlagAttribute>,
    /// Submissions.
    pub submissions: Submissions,
    submission_ids: Interner<Arc<str>>,
}

/// What has been taken in.
pub struct Intake<'a> {
    scheme: &'a Scheme<'a>,
    membership: Membership<'a>,
    /// Names as numbers.
    pub names: IntakeNames,
    /// Rows that say something of a criterion.
    pub entries: Vec<Entry>,
    /// Rows that take work back.
    pub withdrawals: Vec<Withdrawal>,
    /// What was left out.
    pub notes: ReadNotes,
    /// Paths of the files taken in.
    pub files: Vec<String>,
    twofold: BTreeMap<(String, Vec<u16>), (u64, Place)>,
}

impl<'a> Intake<'a> {
    /// An empty intake.
    pub fn new(scheme: &'a Scheme<'a>) -> Self {
        Self {
            scheme,
            membership: Membership::of(scheme.model),
            names: IntakeNames::default(),
            entries: Vec::new(),
            withdrawals: Vec::new(),
            notes: ReadNotes::default(),
            files: Vec::new(),
            twofold: BTreeMap::new(),
        }
    }

    /// Takes one row of the last file, or what could not be read.
    pub fn take(&mut self, row: Result<&Row<'_>, Unreadable>) {
        self.notes.rows += 1;
        match row {
            Ok(row) => {
                if let Err(refusal) = self.accept(row) {
                    self.reject(&refusal, self.presumed(row), row.line);
                }
            }
            Err(unreadable) => {
                self.reject(&Refusal::new(Reason::UnreadableRow, unreadable.why), None, unreadable.line);
            }
        }
    }

    fn reject(&mut self, refusal: &Refusal, cohort: Option<u16>, line: u64) {
        let file = self.files.last().map_or("", String::as_str);
        self.notes.rejected.add(refusal, cohort, file, line);
    }

    /// The cohort a rejected row would have counted for, if it can be told.
    fn presumed(&self, row: &Row<'_>) -> Option<u16> {
        self.membership.named(row.get(Column::Cohort)).or_else(|| self.membership.only(row.get(Column::Rater)))
    }

    fn accept(&mut self, row: &Row<'_>) -> Result<(), Refusal> {
        let (item, rater) = (row.get(Column::Item), row.get(Column::Rater));
        if item.is_empty() || rater.is_empty() {
            let reason = if item.is_empty() { Reason::NoItem } else { Reason::NoRater };
            return Err(Refusal::new(reason, format!("criterion `{}`", row.get(Column::Criterion))));
        }
        let head = Head::read(row, self.scheme)?;
        let saying = said::read(row, head.rubric)?;
        let cohort = self.cohort(row, &head)?;
        // Nothing is refused from here on.
        self.put(row, &head, saying, cohort);
        Ok(())
    }

    fn cohort(&mut self, row: &Row<'_>, head: &Head<'_>) -> Result<Option<u16>, Refusal> {
        let named = row.get(Column::Cohort);
        if !named.is_empty() {
            let unknown = || Refusal::new(Reason::UnknownCohort, format!("`{named}`"));
            return self.membership.named(named).map(Some).ok_or_else(unknown);
        }
        let day = head.submitted.map(|submitted| submitted.day);
        let rater = row.get(Column::Rater);
        self.membership.cohort(rater, head.task, day).map_err(|cohorts| {
            let place = Place::Line(self.files.last().cloned().unwrap_or_default(), row.line);
            let found = one_of(self.cohort_ids(&cohorts)).replace(" or ", " and ");
            self.twofold.entry((rater.to_owned(), cohorts)).or_insert((0, place)).0 += 1;
            Refusal::new(Reason::TwoCohorts, found)
        })
    }

    fn cohort_ids(&self, cohorts: &[u16]) -> impl Iterator<Item = &'a str> {
        let cohorts: Vec<u16> = cohorts.to_vec();
        cohorts.into_iter().map(|index| self.scheme.model.cohorts[usize::from(index)].id.as_str())
    }

    fn put(&mut self, row: &Row<'_>, head: &Head<'_>, saying: Saying<'_>, cohort: Option<u16>) {
        let file = self.files.len().saturating_sub(1);
        let at = At { file: u32::try_from(file).unwrap_or(u32::MAX), line: row.line };
        if head.submitted.is_some_and(|submitted| submitted.zone_assumed) {
            self.notes.count(cohort).zone_assumed += 1;
        }
        let item = self.names.items.id(row.get(Column::Item));
        let rater = self.names.raters.id(row.get(Column::Rater));
        let name = self.submission_name(row.get(Column::Submission), head, at);
        let submission = SubmissionKey { task: head.task, item, rater, name };
        match saying {
            Saying::Withdrawn => self.put_withdrawal(head, submission, at, cohort),
            Saying::One(criterion, word) => {
                let said = self.said(word);
                self.put_entries(row, head, submission, at, cohort, (&[criterion], said, false));
            }
            Saying::Whole(criteria, outcome) => {
                self.put_entries(row, head, submission, at, cohort, (&criteria, Said::Outcome(outcome), true));
            }
        }
    }

    fn put_withdrawal(&mut self, head: &Head<'_>, key: SubmissionKey, at: At, cohort: Option<u16>) {
        let SubmissionKey { task, item, rater, .. } = key;
        let named_version = head.version.as_ref().filter(|_| !head.version_assumed);
        let version = named_version.map(|version| self.version_number(Some(version)));
        let submission = key.is_named().then(|| self.names.submissions.number(key));
        let time = head.submitted.map(|submitted| submitted.instant);
        self.withdrawals.push(Withdrawal { task, item, rater, pass: head.pass, version, submission, time, at, cohort });
    }

    /// Puts one entry for each criterion that a row speaks of.
    fn put_entries(
        &mut self,
        row: &Row<'_>,
        head: &Head<'_>,
        key: SubmissionKey,
        at: At,
        cohort: Option<u16>,
        (criteria, said, whole): (&[&Criterion], Said, bool),
    ) {
        let version = self.version_number(head.version.as_ref());
        let submission = self.submission(key, row, head, at, cohort);
        for question in criteria.iter().filter_map(|criterion| self.scheme.question(head.task, &criterion.id)) {
            self.entries.push(Entry {
                key: Key { question, version, item: key.item, rater: key.rater, pass: head.pass },
                time: head.submitted.map(|submitted| submitted.instant),
                submission,
                at,
                day: head.submitted.map(|submitted| submitted.day),
                cohort,
                basis: head.basis,
                whole,
                version_assumed: head.version_assumed,
                said,
            });
        }
    }

    fn said(&mut self, word: Word) -> Said {
        match word {
            Word::Value(value) => Said::Value(self.names.values.add(value)),
            Word::Flag(flag) => Said::Flag(self.names.flags.add(flag)),
            Word::Attribute(attribute) => Said::Attribute(self.names.attributes.add(attribute)),
            Word::Outcome(outcome) => Said::Outcome(outcome),
        }
    }

    fn version_number(&mut self, version: Option<&Version>) -> u16 {
        let Some(version) = version else { return NO_VERSION };
        let number = self.names.versions.find(version).unwrap_or_else(|| self.names.versions.add(version.clone()));
        u16::try_from(number).unwrap_or(NO_VERSION)
    }

    fn submission_name(&mut self, id: &str, head: &Head<'_>, at: At) -> SubmissionName {
        match head.submitted {
            _ if !id.is_empty() => SubmissionName::Named(self.names.submission_ids.id(id)),
            Some(submitted) => SubmissionName::At(head.pass, submitted.instant),
            None => SubmissionName::File(head.pass, at.file),
        }
    }

    /// The submission's number, with what this row says of it.
    fn submission(&mut self, key: SubmissionKey, row: &Row<'_>, head: &Head<'_>, at: At, cohort: Option<u16>) -> u32 {
        let submission = self.names.submissions.number(key);
        let order = (head.submitted.map(|submitted| submitted.instant), at);
        if let Some(status) = head.status {
            self.names.submissions.take_status(submission, order, status);
        }
        let seconds = row.get(Column::Seconds);
        match seconds.parse::<f32>() {
            Ok(number) if number.is_finite() && number >= 0.0 => {
                self.names.submissions.take_seconds(submission, order, number);
            }
            _ if seconds.is_empty() => {}
            _ => self.notes.count(cohort).seconds_unread += 1,
        }
        submission
    }

    /// Reports raters who would count twice.
    pub fn report(&self, diagnostics: &mut Diagnostics) {
        for ((rater, cohorts), (count, place)) in &self.twofold {
            let names = one_of(self.cohort_ids(cohorts)).replace(" or ", " and ");
            let message = format!("`{rater}` belongs to {names}: {count} rows would count twice");
            diagnostics
                .add(rules::AMBIGUOUS_COHORT, place.clone(), message)
                .help("give the memberships `from` and `until` that do not overlap, or name the cohort in the rows");
        }
    }
}
