//! Intake: what blocks of rows say, in the order of files and lines.
//!
//! In: rows that were understood, in path order. Out: entries, withdrawals, names, and notes on every row that can't be
//! used. It compares no two rows: what replaces what is `resolve`.

use super::answer::GivenFlag;
use super::comments::CommentRows;
use super::entry::{At, Entries, Entry, FlagAttribute, NO_VERSION, Occasion, Said, Withdrawal};
use super::fates::RowFates;
use super::names::Numbering;
use super::notes::ReadNotes;
use super::oddities::Oddities;
use super::rejected::RejectedRow;
use super::submissions::{SubmissionKey, SubmissionName, Submissions};
use super::taken::{BlockFindings, Seconds, Statement, Taken};
use semver::Version;

/// Names as numbers, but for those that all threads share.
#[derive(Default)]
pub struct IntakeNames {
    /// Versions.
    pub versions: Numbering<Version>,
    /// Flags.
    pub flags: Numbering<GivenFlag>,
    /// Attributes of flags that came in rows of their own.
    pub attributes: Numbering<FlagAttribute>,
    /// Submissions.
    pub submissions: Submissions,
}

/// What takes the path of a file and a row of it that can't be used.
pub type RejectSink<'a> = dyn FnMut(&str, &RejectedRow) + Send + 'a;

/// What has been taken in.
pub struct Intake<'a> {
    /// Names as numbers.
    pub names: IntakeNames,
    /// Rows that say something of a criterion.
    pub entries: Entries,
    /// What raters wrote beside their answers.
    pub comments: CommentRows,
    /// Rows that take work back.
    pub withdrawals: Vec<Withdrawal>,
    /// What was left out.
    pub notes: ReadNotes,
    /// Takes each row that can't be used, with its file.
    rejects: &'a mut RejectSink<'a>,
    /// What is strange about them.
    pub oddities: Oddities,
    /// What became of each row, if that is wanted: rows are then told by their number in the file, not by their line.
    pub row_fates: Option<RowFates>,
}

/// The numbers that what a block numbers has among all.
struct Numbers {
    file: u32,
    versions: Vec<u16>,
    flags: Vec<u32>,
    attributes: Vec<u32>,
}

impl<'a> Intake<'a> {
    /// An empty intake.
    pub fn new(rejects: &'a mut RejectSink<'a>) -> Self {
        Self {
            names: IntakeNames::default(),
            entries: Entries::default(),
            comments: CommentRows::default(),
            withdrawals: Vec::new(),
            notes: ReadNotes::default(),
            rejects,
            oddities: Oddities::default(),
            row_fates: None,
        }
    }

    /// The same where it is wanted what becomes of each row.
    pub fn by_row(self) -> Self {
        Self { row_fates: Some(RowFates::default()), ..self }
    }

    /// Begins a file.
    pub fn begin(&mut self, path: &str) {
        self.notes.ledger.begin(path);
    }

    /// Notes columns of the last file that nothing reads.
    pub fn note_unknown(&mut self, columns: impl IntoIterator<Item = String>) {
        let path = self.path().to_owned();
        for column in columns {
            self.notes.unknown_columns.entry(column.to_ascii_lowercase()).or_insert_with(|| path.clone());
        }
    }

    fn path(&self) -> &str {
        self.notes.ledger.files.last().map_or("", |file| &file.path)
    }

    /// Counts a row of a file that can't be used.
    pub fn reject(&mut self, file: u32, row: &RejectedRow) {
        let ledger = &mut self.notes.ledger;
        ledger.reject(file, row);
        (self.rejects)(&ledger.files[file as usize].path, row);
    }

    /// Takes the rows of the next block of the last file.
    pub fn take(&mut self, mut found: BlockFindings) {
        let file = u32::try_from(self.notes.ledger.files.len() - 1).expect("fewer than 2^32 paths fit into memory");
        self.oddities.take(file, &mut found);
        let BlockFindings { rows, taken, comments, versions, flags, attributes, rejected, respelled, .. } = found;
        for (value, rows) in respelled {
            *self.notes.respelled.entry(value).or_default() += rows;
        }
        let before = self.notes.ledger.last().read;
        self.notes.ledger.last().read += rows;
        rejected.iter().for_each(|row| self.reject(file, row));
        let names = &mut self.names;
        let version = |version| u16::try_from(names.versions.add(version)).unwrap_or(NO_VERSION);
        let numbers = Numbers {
            file,
            versions: versions.into_iter().map(version).collect(),
            flags: flags.into_iter().map(|flag| names.flags.add(flag)).collect(),
            attributes: attributes.into_iter().map(|attribute| names.attributes.add(attribute)).collect(),
        };
        let is_by_row = self.row_fates.is_some();
        let mut comments = comments.into_iter().peekable();
        for (place, taken) in taken.iter().enumerate() {
            let line = if is_by_row { before + u64::from(taken.row) } else { taken.line };
            let comment = comments.next_if(|(of, _)| *of == place).map(|(_, comment)| comment);
            self.put(taken, &numbers, line, comment.as_deref());
        }
    }

    fn put(&mut self, taken: &Taken, numbers: &Numbers, line: u64, comment: Option<&str>) {
        let at = At { file: numbers.file, line };
        if taken.task_renamed {
            self.notes.count(taken.cohort).task_renamed += 1;
        }
        if taken.submitted.is_some_and(|submitted| submitted.zone_assumed) {
            self.notes.count(taken.cohort).zone_assumed += 1;
        }
        let name = match (taken.submission, taken.submitted) {
            (Some(id), _) => SubmissionName::Named(id),
            (None, Some(submitted)) => SubmissionName::At(taken.pass, submitted.instant),
            (None, None) => SubmissionName::File(taken.pass, at.file),
        };
        let key = SubmissionKey { task: taken.task, item: taken.item, rater: taken.rater, name };
        match &taken.statement {
            Statement::Withdrawn => self.put_withdrawal(taken, numbers, key, at),
            Statement::One(question, said) => {
                let said = match *said {
                    Said::Flag(flag) => Said::Flag(numbers.flags[flag as usize]),
                    Said::Attribute(attribute) => Said::Attribute(numbers.attributes[attribute as usize]),
                    said @ (Said::Value(_) | Said::Outcome(_) | Said::OfWhole(_) | Said::Invalid) => said,
                };
                self.put_entries(taken, numbers, key, at, (&[*question], said, comment));
            }
            Statement::Invalid(question) => {
                self.put_entries(taken, numbers, key, at, (&[*question], Said::Invalid, comment));
            }
            Statement::Whole(questions, outcome) => {
                self.put_entries(taken, numbers, key, at, (questions, Said::OfWhole(*outcome), comment));
            }
        }
    }

    fn put_withdrawal(&mut self, taken: &Taken, numbers: &Numbers, key: SubmissionKey, at: At) {
        let SubmissionKey { task, item, rater, .. } = key;
        let version = taken.version.filter(|_| !taken.version_assumed).map(|version| numbers.version(version));
        let submission = key.is_named().then(|| self.names.submissions.number(key));
        let time = taken.submitted.map(|submitted| submitted.instant);
        let (pass, cohort) = (taken.pass, taken.cohort);
        self.withdrawals.push(Withdrawal { task, item, rater, pass, version, submission, time, at, cohort });
    }

    /// Puts one entry for each criterion that a row speaks of.
    fn put_entries(
        &mut self,
        taken: &Taken,
        numbers: &Numbers,
        key: SubmissionKey,
        at: At,
        (questions, said, comment): (&[u16], Said, Option<&str>),
    ) {
        let version = taken.version.map_or(NO_VERSION, |version| numbers.version(version));
        let submission = self.submission(key, taken);
        let occasion = self.entries.occasion(Occasion {
            item: key.item,
            rater: key.rater,
            version,
            pass: taken.pass,
            time: taken.submitted.map(|submitted| submitted.instant),
            submission,
            file: at.file,
            day: taken.submitted.map(|submitted| submitted.day),
            cohort: taken.cohort,
            basis: taken.basis,
            version_assumed: taken.version_assumed,
        });
        let line = u32::try_from(at.line).unwrap_or(u32::MAX);
        let flag = match said {
            Said::Flag(flag) => Some(self.names.flags.get(flag)),
            _ => None,
        };
        comment.into_iter().for_each(|comment| self.comments.add(comment, questions, occasion, at.line, flag));
        for question in questions {
            self.entries.push(*question, Entry { occasion, line, said });
        }
    }

    /// The submission's number, with what this row says of it.
    fn submission(&mut self, key: SubmissionKey, taken: &Taken) -> u32 {
        let submission = self.names.submissions.number(key);
        let time = taken.submitted.map(|submitted| submitted.instant);
        if let Some(status) = taken.status {
            self.names.submissions.take_status(submission, time, status);
        }
        match taken.seconds {
            Seconds::Took(seconds) => self.names.submissions.take_seconds(submission, time, seconds),
            Seconds::Unread => self.notes.count(taken.cohort).seconds_unread += 1,
            Seconds::Unsaid => {}
        }
        submission
    }
}

impl Numbers {
    fn version(&self, version: u16) -> u16 {
        self.versions[usize::from(version)]
    }
}
