//! Memory of results: what a pure function made, kept by the digest of everything that went into it.
//!
//! In: a digest, and a function that makes the value. Out: the value, made once for as long as rounds go on asking for
//! it. It never looks at what it keeps, and a value that is not there is only made again.

use crate::digest::Digest;
use ahash::AHashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Results of one function, by the digest of its inputs.
pub struct Memo<V> {
    shards: [Mutex<AHashMap<Digest, Kept<V>>>; SHARDS],
    round: AtomicU64,
}

struct Kept<V> {
    value: V,
    round: u64,
}

/// So that threads seldom wait for each other.
const SHARDS: usize = 16;

impl<V> Default for Memo<V> {
    fn default() -> Self {
        Self { shards: std::array::from_fn(|_| Mutex::default()), round: AtomicU64::new(0) }
    }
}

impl<V: Clone> Memo<V> {
    /// The value kept under `inputs`, else what `make` makes of them.
    pub fn take(&self, inputs: Digest, make: impl FnOnce() -> V) -> V {
        self.find(&inputs).unwrap_or_else(|| {
            let value = make();
            self.keep(inputs, value.clone());
            value
        })
    }

    /// The value kept under `inputs`.
    pub fn find(&self, inputs: &Digest) -> Option<V> {
        let mut shard = self.shard(inputs);
        let kept = shard.get_mut(inputs)?;
        kept.round = self.round.load(Ordering::Relaxed);
        Some(kept.value.clone())
    }

    /// Keeps a value.
    pub fn keep(&self, inputs: Digest, value: V) {
        let round = self.round.load(Ordering::Relaxed);
        self.shard(&inputs).insert(inputs, Kept { value, round });
    }

    /// All that is kept.
    pub fn all(&self) -> Vec<(Digest, V)> {
        let of_shard = |shard: &Mutex<AHashMap<Digest, Kept<V>>>| {
            let kept = unpoisoned(shard);
            kept.iter().map(|(inputs, kept)| (*inputs, kept.value.clone())).collect::<Vec<_>>()
        };
        self.shards.iter().flat_map(of_shard).collect()
    }

    /// Ends a round: what it did not ask for is forgotten.
    pub fn end_round(&self) {
        let round = self.round.fetch_add(1, Ordering::Relaxed);
        for shard in &self.shards {
            unpoisoned(shard).retain(|_, kept| kept.round == round);
        }
    }

    fn shard(&self, inputs: &Digest) -> MutexGuard<'_, AHashMap<Digest, Kept<V>>> {
        unpoisoned(&self.shards[inputs.number() as usize % SHARDS])
    }
}

/// The latest result for each name. What is made of very many parts is kept as a whole, so that asking for it costs one
/// look-up; when a part changed, the whole is made again from the one before, which has the others.
pub struct Latest<V> {
    kept: Mutex<AHashMap<String, Named<V>>>,
    round: AtomicU64,
}

struct Named<V> {
    inputs: Digest,
    value: V,
    round: u64,
}

impl<V> Default for Latest<V> {
    fn default() -> Self {
        Self { kept: Mutex::default(), round: AtomicU64::new(0) }
    }
}

impl<V: Clone> Latest<V> {
    /// The value of `name` if it was made from `inputs`, else what `make` makes of them and of the value before.
    pub fn take(&self, name: &str, inputs: Digest, make: impl FnOnce(Option<V>) -> V) -> V {
        let round = self.round.load(Ordering::Relaxed);
        let before = match unpoisoned(&self.kept).get_mut(name) {
            Some(kept) if kept.inputs == inputs => {
                kept.round = round;
                return kept.value.clone();
            }
            kept => kept.map(|kept| kept.value.clone()),
        };
        let value = make(before);
        unpoisoned(&self.kept).insert(name.to_owned(), Named { inputs, value: value.clone(), round });
        value
    }

    /// Ends a round: names it did not ask for are forgotten.
    pub fn end_round(&self) {
        let round = self.round.fetch_add(1, Ordering::Relaxed);
        unpoisoned(&self.kept).retain(|_, kept| kept.round == round);
    }
}

/// A value is put in whole or not at all, so a panic elsewhere spoils nothing.
fn unpoisoned<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_made_once_and_forgotten_when_a_round_did_not_ask() {
        let memo = Memo::default();
        let key = Digest::of(b"a");
        assert_eq!(memo.take(key, || 1), 1);
        assert_eq!(memo.take(key, || 2), 1);
        memo.end_round();
        assert_eq!(memo.find(&key), Some(1));
        memo.end_round();
        memo.end_round();
        assert_eq!(memo.find(&key), None);
    }

    #[test]
    fn a_name_has_its_latest_value_until_a_round_does_not_ask() {
        let (latest, one, two) = (Latest::default(), Digest::of(b"1"), Digest::of(b"2"));
        assert_eq!(latest.take("a", one, |before| before.unwrap_or(0) + 1), 1);
        assert_eq!(latest.take("a", one, |_| unreachable!()), 1);
        assert_eq!(latest.take("a", two, |before| before.unwrap_or(0) + 1), 2);
        assert_eq!(latest.take("a", one, |before| before.unwrap_or(0) + 1), 3);
        latest.end_round();
        latest.end_round();
        assert_eq!(latest.take("a", one, |before| before.unwrap_or(7)), 7);
    }
}
