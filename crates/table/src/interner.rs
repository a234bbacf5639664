//! Interner: distinct texts get numbers, given by several threads at once.
//!
//! In: texts in any order. Out: a number for each, the same for the same text. Which number that is depends on how
//! threads meet, so nothing that comes out in the end may depend on it. It never orders names.

use super::same::same;
use ahash::RandomState;
use hashbrown::HashTable;
use std::hash::{BuildHasher, Hasher};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The number of names is bounded by memory long before it reaches 2^32.
pub const FEWER: &str = "fewer than 2^32 distinct names fit into memory";

/// Parts of an interner that are locked apart, so that threads seldom wait for each other.
pub const PARTS: usize = 16;

/// Gives each distinct text a number. Its hashes are seeded anew each time, so no file can be made to collide.
pub struct Interner {
    /// What its hashes begin with.
    pub seeds: RandomState,
    parts: Vec<Mutex<InternerPart>>,
}

/// Names that are found by their hash.
#[derive(Default)]
pub struct InternerPart {
    names: PartNames,
    found: HashTable<u32>,
}

/// The names of a part in the order in which they came.
#[derive(Default)]
pub struct PartNames {
    text: String,
    ends: Vec<u32>,
}

impl PartNames {
    /// The name at a place.
    pub fn get(&self, index: u32) -> &str {
        let index = index as usize;
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        &self.text[start as usize..self.ends[index] as usize]
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    fn push(&mut self, name: &str) -> u32 {
        self.text.push_str(name);
        self.ends.push(u32::try_from(self.text.len()).expect("names of less than 64 GiB fit into memory"));
        u32::try_from(self.ends.len() - 1).expect(FEWER)
    }
}

impl InternerPart {
    /// The number of a name within the part.
    pub fn id(&mut self, name: &str, hash: u64, seeds: &RandomState) -> u32 {
        if let Some(index) = self.found.find(hash, |index| same(self.names.get(*index), name)) {
            return *index;
        }
        let index = self.names.push(name);
        self.found.insert_unique(hash, index, |index| hash_of(seeds, self.names.get(*index)));
        index
    }
}

#[inline]
pub fn hash_of(seeds: &RandomState, name: &str) -> u64 {
    let mut hasher = seeds.build_hasher();
    hasher.write(name.as_bytes());
    hasher.finish()
}

/// The part of a name; the table inside a part reads the lowest and the highest bits.
pub fn part_of(hash: u64) -> usize {
    (hash >> 40) as usize % PARTS
}

/// The number of the name at `index` of a part.
pub fn number(part: usize, index: u32) -> u32 {
    index.checked_mul(PARTS as u32).expect(FEWER) + part as u32
}

impl Default for Interner {
    fn default() -> Self {
        // The standard library draws its keys from the system; these are hashes under such keys.
        let drawn = std::collections::hash_map::RandomState::new();
        let seed = |index: u64| drawn.hash_one(index);
        let seeds = RandomState::with_seeds(seed(0), seed(1), seed(2), seed(3));
        Self { seeds, parts: (0..PARTS).map(|_| Mutex::default()).collect() }
    }
}

impl Interner {
    /// The number of a text, the same for the same text.
    pub fn id(&self, name: &str) -> u32 {
        self.id_hashed(name, hash_of(&self.seeds, name))
    }

    /// Like `id`, of a text whose hash is known.
    pub fn id_hashed(&self, name: &str, hash: u64) -> u32 {
        let part = part_of(hash);
        number(part, self.part(part).id(name, hash, &self.seeds))
    }

    /// A part, locked.
    pub fn part(&self, part: usize) -> MutexGuard<'_, InternerPart> {
        self.parts[part].lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The names of each part, when no more come; what finds them is dropped.
    pub fn into_parts(self) -> Vec<PartNames> {
        let parts = self.parts.into_iter().map(|part| part.into_inner().unwrap_or_else(PoisonError::into_inner));
        parts.map(|part| part.names).collect()
    }
}
