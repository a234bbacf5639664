//! Entries: rows that were understood, with names as numbers and the order in which they came.
//!
//! In: nothing. Out: the types between reading and resolving. An entry is one row's word on one criterion; what the rows of
//! a submission have in common is kept once, since there are ten of them and more.

use crate::model::Outcome;
use jiff::Timestamp;
use jiff::civil::Date;
use rayon::prelude::*;

/// What rows of one submission have in common: whose work on which item, when it was made, and how it counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Occasion {
    /// The item.
    pub item: u32,
    /// The rater.
    pub rater: u32,
    /// The version, or `NO_VERSION`.
    pub version: u16,
    /// Which time the rater was asked this, from 1.
    pub pass: u8,
    /// When it was submitted.
    pub time: Option<Timestamp>,
    /// The submission.
    pub submission: u32,
    /// Number of the file, in path order.
    pub file: u32,
    /// The day it was submitted on.
    pub day: Option<Date>,
    /// The cohort it counts for.
    pub cohort: Option<u16>,
    /// How independent it is.
    pub basis: RatingBasis,
    /// Whether the version was inferred.
    pub version_assumed: bool,
}

impl Occasion {
    /// Beside the criterion, what a rating is a rating of: the newest submission replaces the earlier ones.
    pub fn key(&self) -> (u16, u32, u32, u8) {
        (self.version, self.item, self.rater, self.pass)
    }
}

/// The version of ratings of a task that has none.
pub const NO_VERSION: u16 = u16::MAX;

/// Where a row stands; rows that say nothing else of their order have this one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct At {
    /// Number of the file, in path order.
    pub file: u32,
    /// Line, from 1.
    pub line: u64,
}

/// How independent a rating is of others' work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RatingBasis {
    /// Made alone: the only one that enters agreement and accuracy.
    Independent,
    /// Made on seeing another's rating.
    Review,
    /// Talked over.
    Discussed,
    /// Begun from a suggestion.
    Prefilled,
    /// The answer that was settled on.
    Final,
}

impl RatingBasis {
    /// The words of the format.
    pub const WORDS: [(&str, RatingBasis); 5] = [
        ("independent", Self::Independent),
        ("review", Self::Review),
        ("discussed", Self::Discussed),
        ("prefilled", Self::Prefilled),
        ("final", Self::Final),
    ];
}

/// Whether a submission is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// It is.
    Accepted,
    /// It is not.
    Rejected,
    /// Not yet decided.
    Pending,
}

impl Status {
    /// The words of the format.
    pub const WORDS: [(&str, Status); 3] =
        [("accepted", Self::Accepted), ("rejected", Self::Rejected), ("pending", Self::Pending)];
}

/// What one row says of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// An interned value.
    Value(u32),
    /// An interned flag; rows of one submission make a list.
    Flag(u32),
    /// An interned attribute of the flags at a step.
    Attribute(u32),
    /// No value, for this reason.
    Outcome(Outcome),
    /// The same of each criterion, since the row speaks of the whole item.
    OfWhole(Outcome),
    /// What the criterion does not allow. The row is rejected, and yet its rater was asked.
    Invalid,
}

/// An attribute of a flag that came in a row of its own.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FlagAttribute {
    /// The step of the flag.
    pub step: u32,
    /// The attribute.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// One row's word on one criterion, which the list that it is in names.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// Number of the occasion.
    pub occasion: u32,
    /// Line of the occasion's file, from 1; none is beyond the largest number.
    pub line: u32,
    /// What it says.
    pub said: Said,
}

const _: () = assert!(size_of::<Entry>() <= 16, "an entry stays small");

impl Entry {
    /// Whether the row spoke of the whole item.
    pub fn is_of_whole(&self) -> bool {
        matches!(self.said, Said::OfWhole(_))
    }
}

/// A rating of a criterion, which the list that it is in names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AnswerCell {
    /// Number of the occasion of the last row that made it.
    pub occasion: u32,
    /// Number of the answer.
    pub answer: u32,
}

/// Rows that say something of a criterion.
#[derive(Default)]
pub struct Entries {
    occasions: Vec<Occasion>,
    /// The rows' words by criterion, each in any order: no list is long, and each is given back once it is settled.
    by_question: Vec<Vec<Entry>>,
}

impl Entries {
    /// The number of an occasion. Rows of one submission mostly stand together, so only the last one is looked at.
    pub fn occasion(&mut self, occasion: Occasion) -> u32 {
        if self.occasions.last() != Some(&occasion) {
            self.occasions.push(occasion);
        }
        u32::try_from(self.occasions.len() - 1).expect("fewer than 2^32 rows fit into memory")
    }

    /// Puts an entry behind the others of a criterion.
    pub fn push(&mut self, question: u16, entry: Entry) {
        let question = usize::from(question);
        if self.by_question.len() <= question {
            self.by_question.resize_with(question + 1, Vec::new);
        }
        self.by_question[question].push(entry);
    }

    /// The occasions by their numbers.
    pub fn occasions(&self) -> &[Occasion] {
        &self.occasions
    }

    /// The occasion of an entry.
    pub fn of(&self, entry: &Entry) -> &Occasion {
        &self.occasions[entry.occasion as usize]
    }

    /// Where an entry stands.
    pub fn at(&self, entry: &Entry) -> At {
        At { file: self.of(entry).file, line: u64::from(entry.line) }
    }

    /// Keeps the entries for which `wanted` holds of their criterion, themselves and their occasion.
    pub fn retain(&mut self, mut wanted: impl FnMut(u16, &Entry, &Occasion) -> bool) {
        let occasions = &self.occasions;
        for (question, list) in (0..).zip(&mut self.by_question) {
            list.retain(|entry| wanted(question, entry, &occasions[entry.occasion as usize]));
        }
    }

    /// Takes the entries of each criterion out, sorted by item and the like, then by time, submission and place.
    pub fn take_sorted(&mut self) -> Vec<Vec<Entry>> {
        let ranks = self.ranks();
        let mut by_question = std::mem::take(&mut self.by_question);
        by_question.par_iter_mut().for_each(|list| {
            list.sort_unstable_by_key(|entry| (ranks[entry.occasion as usize], entry.line));
        });
        by_question
    }

    /// The place of each occasion among all, whatever the order of the rows; occasions may share one.
    fn ranks(&self) -> Vec<u32> {
        let order = |occasion: &Occasion| (occasion.key(), occasion.time, occasion.submission, occasion.file);
        let mut sorted: Vec<(u32, &Occasion)> = (0..).zip(&self.occasions).collect();
        sorted.par_sort_unstable_by_key(|(_, occasion)| order(occasion));
        let mut ranks = vec![0; sorted.len()];
        for (rank, alike) in (0..).zip(sorted.chunk_by(|a, b| order(a.1) == order(b.1))) {
            for (number, _) in alike {
                ranks[*number as usize] = rank;
            }
        }
        ranks
    }
}

/// A row that takes work back.
#[derive(Clone, Copy, Debug)]
pub struct Withdrawal {
    /// The task.
    pub task: u16,
    /// The item.
    pub item: u32,
    /// The rater.
    pub rater: u32,
    /// The pass.
    pub pass: u8,
    /// The version, if the row named one.
    pub version: Option<u16>,
    /// The submission, if the row named one.
    pub submission: Option<u32>,
    /// When.
    pub time: Option<Timestamp>,
    /// Where it stands.
    pub at: At,
    /// The cohort.
    pub cohort: Option<u16>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn occasion() -> impl Strategy<Value = Occasion> {
        let number = || prop::sample::select(vec![0, 1, u32::MAX]);
        let pass = prop::sample::select(vec![1, u8::MAX]);
        let time = prop::option::of((0_i64..2).prop_map(|second| Timestamp::from_second(second).unwrap()));
        let version = prop::sample::select(vec![0, NO_VERSION]);
        (number(), number(), version, pass, time, 0_u32..2, 0_u32..2).prop_map(
            |(item, rater, version, pass, time, submission, file)| Occasion {
                item,
                rater,
                version,
                pass,
                time,
                submission,
                file,
                day: None,
                cohort: None,
                basis: RatingBasis::Independent,
                version_assumed: false,
            },
        )
    }

    proptest! {
        #[test]
        fn entries_are_sorted_by_what_they_are_of_then_by_time_submission_and_place(
            rows in prop::collection::vec((occasion(), 0_u16..2, 1_u32..9), 0..40),
        ) {
            let mut entries = Entries::default();
            for (occasion, question, line) in rows {
                let (occasion, said) = (entries.occasion(occasion), Said::Value(0));
                entries.push(question, Entry { occasion, line, said });
            }
            let sorted = entries.take_sorted();
            let order = |entry: &Entry| {
                let of = entries.of(entry);
                (of.key(), of.time, of.submission, entries.at(entry))
            };
            prop_assert!(sorted.iter().all(|list| list.is_sorted_by_key(order)));
        }
    }
}
