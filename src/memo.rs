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
        unpoisoned(&self.shards[inputs.first() % SHARDS])
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
}
