//! Entries: rows that were understood, with names as numbers and the order in which they came.
//!
//! In: nothing. Out: the types between reading and resolving. An entry is one row's word on one criterion.

use crate::model::Outcome;
use jiff::Timestamp;
use jiff::civil::Date;

/// What a rating is a rating of: the newest submission for a key replaces the earlier ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// The criterion, which also names the task.
    pub question: u16,
    /// The version, or `NO_VERSION`.
    pub version: u16,
    /// The item.
    pub item: u32,
    /// The rater.
    pub rater: u32,
    /// Which time the rater was asked this, from 1.
    pub pass: u8,
}

impl Key {
    /// All of it as one number, which orders as it does.
    pub fn packed(self) -> u128 {
        let numbers = u128::from(self.question) << 16 | u128::from(self.version);
        let names = u128::from(self.item) << 32 | u128::from(self.rater);
        (numbers << 64 | names) << 8 | u128::from(self.pass)
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
pub enum Basis {
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

impl Basis {
    /// The words of the format.
    pub const WORDS: [(&str, Basis); 5] = [
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

/// One row's word on one criterion.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// What it is about.
    pub key: Key,
    /// When it was submitted.
    pub time: Option<Timestamp>,
    /// The submission it belongs to.
    pub submission: u32,
    /// Where it stands.
    pub at: At,
    /// The day it was submitted on.
    pub day: Option<Date>,
    /// The cohort it counts for.
    pub cohort: Option<u16>,
    /// How independent it is.
    pub basis: Basis,
    /// Whether the row spoke of the whole item.
    pub whole: bool,
    /// Whether the version was inferred.
    pub version_assumed: bool,
    /// What it says.
    pub said: Said,
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

    fn key() -> impl Strategy<Value = Key> {
        let number = || prop::sample::select(vec![0, 1, u32::MAX]);
        let small = || prop::sample::select(vec![0, 1, u16::MAX]);
        (small(), small(), number(), number(), prop::sample::select(vec![1, u8::MAX]))
            .prop_map(|(question, version, item, rater, pass)| Key { question, version, item, rater, pass })
    }

    proptest! {
        #[test]
        fn packed_keys_order_as_keys_do(a in key(), b in key()) {
            prop_assert_eq!(a.packed().cmp(&b.packed()), a.cmp(&b));
        }
    }
}
