//! Memory of results: what pure functions made, kept by the digest of everything that went into it.
//!
//! In: which function, the digest of all its inputs, and how to make the value. Out: the value, made once for as long
//! as rounds go on asking for it. Results of two functions never meet, whatever their digests. It never looks at what
//! it keeps, and a value that is not there is only made again.

use crate::digest::Digest;
use ahash::AHashMap;
use std::any::{Any, TypeId};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A pure function whose results are kept: a name for it that no other has, and what it makes.
pub trait Function: 'static {
    /// What it makes; cheap to clone.
    type Value: Clone + Send + 'static;
}

/// The results of all functions.
pub struct Memo {
    results: [Mutex<AHashMap<(TypeId, Digest), Kept>>; SHARDS],
    latest: Mutex<AHashMap<(TypeId, String), (Digest, Kept)>>,
    round: AtomicU64,
}

struct Kept {
    value: Box<dyn Any + Send>,
    /// The last round that asked for it.
    round: u64,
}

impl Kept {
    fn value<F: Function>(&self) -> F::Value {
        self.value.downcast_ref::<F::Value>().expect("a function's results are kept under its type").clone()
    }
}

/// So that threads seldom wait for each other.
const SHARDS: usize = 16;

impl Default for Memo {
    fn default() -> Self {
        let results = std::array::from_fn(|_| Mutex::default());
        Self { results, latest: Mutex::default(), round: AtomicU64::new(0) }
    }
}

impl Memo {
    /// What `F` made of `inputs`, else what `make` makes of them.
    pub fn take<F: Function>(&self, inputs: Digest, make: impl FnOnce() -> F::Value) -> F::Value {
        self.find::<F>(inputs).unwrap_or_else(|| {
            let value = make();
            self.keep::<F>(inputs, value.clone());
            value
        })
    }

    /// What `F` made of `inputs` for whoever asked before, else what `make` makes of them for whoever asks next: of much
    /// that is wanted twice, little is kept.
    pub fn hand_over<F: Function>(&self, inputs: Digest, make: impl FnOnce() -> F::Value) -> F::Value {
        let kept = self.shard(inputs).remove(&(TypeId::of::<F>(), inputs));
        kept.map(|kept| kept.value::<F>()).unwrap_or_else(|| {
            let value = make();
            self.keep::<F>(inputs, value.clone());
            value
        })
    }

    /// What `F` made of `inputs`, if that is kept.
    pub fn find<F: Function>(&self, inputs: Digest) -> Option<F::Value> {
        let mut shard = self.shard(inputs);
        let kept = shard.get_mut(&(TypeId::of::<F>(), inputs))?;
        kept.round = self.round.load(Ordering::Relaxed);
        Some(kept.value::<F>())
    }

    /// Keeps what `F` made of `inputs`.
    pub fn keep<F: Function>(&self, inputs: Digest, value: F::Value) {
        let kept = Kept { value: Box::new(value), round: self.round.load(Ordering::Relaxed) };
        self.shard(inputs).insert((TypeId::of::<F>(), inputs), kept);
    }

    /// All that is kept of `F`.
    pub fn all<F: Function>(&self) -> Vec<(Digest, F::Value)> {
        let of_shard = |shard: &Mutex<AHashMap<(TypeId, Digest), Kept>>| {
            let kept = unpoisoned(shard);
            let own = kept.iter().filter(|((function, _), _)| *function == TypeId::of::<F>());
            own.map(|((_, inputs), kept)| (*inputs, kept.value::<F>())).collect::<Vec<_>>()
        };
        self.results.iter().flat_map(of_shard).collect()
    }

    /// The inputs of all that is kept of `F` and is like this.
    pub fn inputs_of<F: Function>(&self, is_like: impl Fn(&F::Value) -> bool) -> Vec<Digest> {
        let all = self.all::<F>().into_iter().filter(|(_, value)| is_like(value));
        all.map(|(inputs, _)| inputs).collect()
    }

    /// Keeps one value that `F` made of each of these inputs.
    pub fn keep_all<F: Function>(&self, inputs: Vec<Digest>, value: &F::Value) {
        inputs.into_iter().for_each(|inputs| self.keep::<F>(inputs, value.clone()));
    }

    /// What `F` made for `name`, if it was of `inputs`, else what `make` makes of them and of the value before.
    ///
    /// What is made of very many parts is kept as a whole, so that asking for it costs one look-up; when a part
    /// changed, the whole is made again from the one before, which has the others.
    pub fn latest<F: Function>(
        &self,
        name: &str,
        inputs: Digest,
        make: impl FnOnce(Option<F::Value>) -> F::Value,
    ) -> F::Value {
        let round = self.round.load(Ordering::Relaxed);
        let key = (TypeId::of::<F>(), name.to_owned());
        let before = match unpoisoned(&self.latest).get_mut(&key) {
            Some((of, kept)) if *of == inputs => {
                kept.round = round;
                return kept.value::<F>();
            }
            kept => kept.map(|(_, kept)| kept.value::<F>()),
        };
        let value = make(before);
        unpoisoned(&self.latest).insert(key, (inputs, Kept { value: Box::new(value.clone()), round }));
        value
    }

    /// Ends a round: what it did not ask for is forgotten.
    pub fn end_round(&self) {
        let round = self.round.fetch_add(1, Ordering::Relaxed);
        for shard in &self.results {
            unpoisoned(shard).retain(|_, kept| kept.round == round);
        }
        unpoisoned(&self.latest).retain(|_, (_, kept)| kept.round == round);
    }

    fn shard(&self, inputs: Digest) -> MutexGuard<'_, AHashMap<(TypeId, Digest), Kept>> {
        unpoisoned(&self.results[inputs.number() as usize % SHARDS])
    }
}

/// A value is put in whole or not at all, so a panic elsewhere spoils nothing.
fn unpoisoned<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Length;
    impl Function for Length {
        type Value = usize;
    }

    struct Name;
    impl Function for Name {
        type Value = &'static str;
    }

    #[test]
    fn a_value_is_made_once_and_forgotten_when_a_round_did_not_ask() {
        let memo = Memo::default();
        let key = Digest::of(b"a");
        assert_eq!(memo.take::<Length>(key, || 1), 1);
        assert_eq!(memo.take::<Length>(key, || 2), 1);
        memo.end_round();
        assert_eq!(memo.find::<Length>(key), Some(1));
        memo.end_round();
        memo.end_round();
        assert_eq!(memo.find::<Length>(key), None);
    }

    #[test]
    fn what_is_handed_over_is_gone() {
        let (memo, key) = (Memo::default(), Digest::of(b"a"));
        let asked = [1, 2, 3].map(|made| memo.hand_over::<Length>(key, || made));
        assert_eq!(asked, [1, 1, 3]);
    }

    #[test]
    fn two_functions_of_the_same_inputs_never_meet() {
        let (memo, key) = (Memo::default(), Digest::of(b"a"));
        memo.keep::<Length>(key, 1);
        assert_eq!(memo.find::<Name>(key), None);
        assert_eq!(memo.take::<Name>(key, || "a"), "a");
        assert_eq!(memo.latest::<Length>("n", key, |before| before.unwrap_or(2)), 2);
        assert_eq!(memo.latest::<Name>("n", key, |before| before.unwrap_or("b")), "b");
        assert_eq!((memo.all::<Length>(), memo.all::<Name>()), (vec![(key, 1)], vec![(key, "a")]));
    }

    #[test]
    fn a_name_has_its_latest_value_until_a_round_does_not_ask() {
        let (memo, one, two) = (Memo::default(), Digest::of(b"1"), Digest::of(b"2"));
        assert_eq!(memo.latest::<Length>("a", one, |before| before.unwrap_or(0) + 1), 1);
        assert_eq!(memo.latest::<Length>("a", one, |_| unreachable!()), 1);
        assert_eq!(memo.latest::<Length>("a", two, |before| before.unwrap_or(0) + 1), 2);
        assert_eq!(memo.latest::<Length>("a", one, |before| before.unwrap_or(0) + 1), 3);
        memo.end_round();
        memo.end_round();
        assert_eq!(memo.latest::<Length>("a", one, |before| before.unwrap_or(7)), 7);
    }
}
