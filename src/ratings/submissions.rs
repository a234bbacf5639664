//! Submissions: acts of rating an item, told apart by the id that rows give, else by their time, else by their file.
//!
//! In: keys and what rows say of the whole act, in the order of files and lines. Out: a number for each, and what its newest row says: time taken and
//! whether it is paid belong to the submission and count once.

use super::entry::Status;
use super::names::Numbering;
use jiff::Timestamp;

/// What tells one submission from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SubmissionName {
    /// The interned id that the rows give.
    Named(u32),
    /// Rows of one item, rater and pass with one time.
    At(u8, Timestamp),
    /// Rows of one item, rater and pass in one file, without a time.
    File(u8, u32),
}

/// One act of rating an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SubmissionKey {
    /// The task.
    pub task: u16,
    /// The item.
    pub item: u32,
    /// The rater.
    pub rater: u32,
    /// Which one.
    pub name: SubmissionName,
}

impl SubmissionKey {
    /// Whether the rows themselves named it.
    pub fn is_named(&self) -> bool {
        matches!(self.name, SubmissionName::Named(_))
    }
}

/// What the newest rows say of a submission, with the times of these rows.
#[derive(Clone, Copy, Debug, Default)]
struct SubmissionFacts {
    seconds: Option<(Option<Timestamp>, f32)>,
    status: Option<(Option<Timestamp>, Status)>,
}

/// All submissions.
#[derive(Default)]
pub struct Submissions {
    keys: Numbering<SubmissionKey>,
    facts: Vec<SubmissionFacts>,
    /// The one asked for last: most rows belong to that of the row before.
    last: Option<(SubmissionKey, u32)>,
}

impl Submissions {
    /// The number of a submission.
    pub fn number(&mut self, key: SubmissionKey) -> u32 {
        if let Some((_, number)) = self.last.filter(|(last, _)| *last == key) {
            return number;
        }
        let number = self.keys.add(key);
        self.last = Some((key, number));
        self.facts.resize(self.facts.len().max(number as usize + 1), SubmissionFacts::default());
        number
    }

    /// Which submission a number is.
    pub fn key(&self, number: u32) -> &SubmissionKey {
        self.keys.get(number)
    }

    /// Notes the time taken, if nothing newer is known.
    pub fn take_seconds(&mut self, number: u32, time: Option<Timestamp>, seconds: f32) {
        newest(&mut self.facts[number as usize].seconds, time, seconds);
    }

    /// Notes whether it is paid, if nothing newer is known.
    pub fn take_status(&mut self, number: u32, time: Option<Timestamp>, status: Status) {
        newest(&mut self.facts[number as usize].status, time, status);
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.facts.len()
    }

    /// What is known of a submission.
    pub fn of(&self, number: u32) -> Submission {
        let facts = &self.facts[number as usize];
        Submission {
            seconds: facts.seconds.map(|(_, seconds)| seconds),
            status: facts.status.map(|(_, status)| status),
        }
    }
}

/// Of two rows with one time, the one that comes later is newer.
fn newest<T>(known: &mut Option<(Option<Timestamp>, T)>, time: Option<Timestamp>, new: T) {
    if known.as_ref().is_none_or(|(old, _)| *old <= time) {
        *known = Some((time, new));
    }
}

/// One act of rating an item.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Submission {
    /// Time taken.
    pub seconds: Option<f32>,
    /// Whether it is paid.
    pub status: Option<Status>,
}
