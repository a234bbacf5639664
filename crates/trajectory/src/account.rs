//! What a reader could not take over from a log as it stood.
//!
//! In: what became of a part of the log, and of what kind it is. Out: counts by both, kept in the run's `extra`. It never
//! keeps the part itself.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Trajectory, extra};

/// What became of a part of a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PartFate {
    /// It is not in the run; at most a name stands in its place.
    LeftOut,
    /// It is in the run otherwise than it was written.
    Mended,
    /// It is in the run, but where it belongs is not known.
    Unplaced,
}

impl PartFate {
    /// Every fate.
    pub const ALL: [Self; 3] = [Self::LeftOut, Self::Mended, Self::Unplaced];

    /// Where the run's `extra` keeps the counts.
    pub(super) fn key(self) -> &'static str {
        match self {
            Self::LeftOut => extra::LEFT_OUT,
            Self::Mended => extra::MENDED,
            Self::Unplaced => extra::UNPLACED,
        }
    }

    /// What is said before the counts.
    pub fn words(self) -> &'static str {
        match self {
            Self::LeftOut => "not taken over from the log",
            Self::Mended => "mended in reading the log",
            Self::Unplaced => "could not be placed",
        }
    }
}

/// Counts by fate and kind.
#[derive(Debug, Default, Clone, PartialEq)]
pub(super) struct ReadingAccount(BTreeMap<(PartFate, String), u64>);

impl ReadingAccount {
    /// Counts one part.
    pub(super) fn add(&mut self, fate: PartFate, kind: impl Into<String>) {
        self.add_many(fate, kind, 1);
    }

    /// Counts so many parts, perhaps none.
    pub(super) fn add_many(&mut self, fate: PartFate, kind: impl Into<String>, count: u64) {
        if count > 0 {
            *self.0.entry((fate, kind.into())).or_default() += count;
        }
    }

    /// Adds what another counted.
    pub(super) fn merge(&mut self, other: &Self) {
        other.0.iter().for_each(|((fate, kind), count)| self.add_many(*fate, kind.as_str(), *count));
    }

    /// Writes the counts into a run.
    pub(super) fn put_into(self, run: &mut Trajectory) {
        self.0.into_iter().for_each(|((fate, kind), count)| run.count(fate, &kind, count));
    }
}

impl Trajectory {
    /// Counts parts of the log that the run is read from.
    pub(super) fn count(&mut self, fate: PartFate, kind: &str, count: u64) {
        if count == 0 {
            return;
        }
        let all = self.extra.entry(fate.key()).or_insert_with(|| json!({}));
        if let Value::Object(all) = all {
            let before = all.get(kind).and_then(Value::as_u64).unwrap_or(0);
            all.insert(kind.to_owned(), json!(before.saturating_add(count)));
        }
    }
}
