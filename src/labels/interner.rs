//! Interner: distinct texts get numbers, given by several threads at once.
//!
//! In: texts in any order. Out: a number for each, the same for the same text. Which number that is depends on how
//! threads meet, so nothing that comes out in the end may depend on it. It never orders names.

use super::names::Frozen;
use super::records::Cell;
use ahash::RandomState;
use hashbrown::HashTable;
use std::hash::{BuildHasher, Hasher};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The number of names is bounded by memory long before it reaches 2^32.
const FEWER: &str = "fewer than 2^32 distinct names fit into memory";

/// Parts of an interner that are locked apart, so that threads seldom wait for each other.
pub(super) const PARTS: usize = 16;

/// Gives each distinct text a number. Its hashes are seeded anew each time, so no file can be made to collide.
pub(super) struct Interner {
    seeds: RandomState,
    parts: Vec<Mutex<Part>>,
}

#[derive(Default)]
struct Part {
    names: PartNames,
    found: HashTable<u32>,
}

/// The names of a part in the order in which they came.
#[derive(Default)]
pub(super) struct PartNames {
    text: String,
    ends: Vec<u32>,
}

impl PartNames {
    pub fn get(&self, index: u32) -> &str {
        let index = index as usize;
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        &self.text[start as usize..self.ends[index] as usize]
    }

    pub fn len(&self) -> usize {
        self.ends.len()
    }

    fn push(&mut self, name: &str) -> u32 {
        self.text.push_str(name);
        self.ends.push(u32::try_from(self.text.len()).expect("names of less than 64 GiB fit into memory"));
        u32::try_from(self.ends.len() - 1).expect(FEWER)
    }
}

impl Part {
    fn id(&mut self, name: &str, hash: u64, seeds: &RandomState) -> u32 {
        if let Some(index) = self.found.find(hash, |index| same(self.names.get(*index), name)) {
            return *index;
        }
        let index = self.names.push(name);
        self.found.insert_unique(hash, index, |index| hash_of(seeds, self.names.get(*index)));
        index
    }
}

/// Whether two names are the same; short ones, as most are, without a call.
#[inline]
fn same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    a.len() == b.len() && words(a) == words(b) && (a.len() <= 16 || a == b)
}

/// The first and the last bytes of a name as numbers: all of it up to 16 bytes.
#[inline]
fn words(name: &[u8]) -> (u64, u64) {
    let count = name.len();
    if let (Some(first), Some(last)) = (name.first_chunk(), name.last_chunk()) {
        (u64::from_le_bytes(*first), u64::from_le_bytes(*last))
    } else if let (Some(first), Some(last)) = (name.first_chunk(), name.last_chunk()) {
        (u64::from(u32::from_le_bytes(*first)), u64::from(u32::from_le_bytes(*last)))
    } else if count > 0 {
        (u64::from(name[0]) | u64::from(name[count / 2]) << 8 | u64::from(name[count - 1]) << 16, 0)
    } else {
        (0, 0)
    }
}

#[inline]
fn hash_of(seeds: &RandomState, name: &str) -> u64 {
    let mut hasher = seeds.build_hasher();
    hasher.write(name.as_bytes());
    hasher.finish()
}

/// The part of a name; the table inside a part reads the lowest and the highest bits.
fn part_of(hash: u64) -> usize {
    (hash >> 40) as usize % PARTS
}

/// The number of the name at `index` of a part.
pub(super) fn number(part: usize, index: u32) -> u32 {
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

    fn id_hashed(&self, name: &str, hash: u64) -> u32 {
        let part = part_of(hash);
        number(part, self.part(part).id(name, hash, &self.seeds))
    }

    fn part(&self, part: usize) -> MutexGuard<'_, Part> {
        self.parts[part].lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// No more names come; what finds them is dropped.
    pub fn freeze(self) -> Frozen {
        let parts = self.parts.into_iter().map(|part| part.into_inner().unwrap_or_else(PoisonError::into_inner));
        Frozen::of(parts.map(|part| part.names).collect())
    }
}

/// One thread's view of an interner for names that come again and again.
pub(super) struct Cache<'n, 'a> {
    names: &'n Interner,
    known: HashTable<(&'a str, u32)>,
    /// Short names met of late, each at a place that its bytes tell: most lookups end here.
    recent: [Recent; RECENT],
}

const RECENT: usize = 256;

#[derive(Clone, Copy, Default)]
struct Recent {
    words: (u64, u64),
    /// One more than the length of the name, so that nothing is not the empty name.
    length: usize,
    id: u32,
}

impl<'n, 'a> Cache<'n, 'a> {
    pub fn of(names: &'n Interner) -> Self {
        Self { names, known: HashTable::new(), recent: [Recent::default(); RECENT] }
    }

    /// The number of a text, and whether this view sees it for the first time.
    #[inline]
    pub fn id(&mut self, name: &Cell<'a>) -> (u32, bool) {
        if name.len() > 16 {
            return self.look_up(name);
        }
        let words = words(name.as_bytes());
        let mixed = (words.0 ^ words.1.rotate_left(24)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let place = (mixed >> 56) as usize % RECENT;
        let recent = &self.recent[place];
        if (recent.words, recent.length) == (words, name.len() + 1) {
            return (recent.id, false);
        }
        let (id, is_new) = self.look_up(name);
        self.recent[place] = Recent { words, length: name.len() + 1, id };
        (id, is_new)
    }

    fn look_up(&mut self, name: &Cell<'a>) -> (u32, bool) {
        let hash = hash_of(&self.names.seeds, name);
        if let Some((_, id)) = self.known.find(hash, |(known, _)| same(known, name)) {
            return (*id, false);
        }
        let id = self.names.id_hashed(name, hash);
        if let Cell::Slice(name) = name {
            self.known.insert_unique(hash, (name, id), |(name, _)| hash_of(&self.names.seeds, name));
        }
        (id, true)
    }
}

/// The names of one block, given their numbers all at once: so a thread locks each part once, and not for each name.
pub(super) struct Batch<'n, 'a> {
    names: &'n Interner,
    /// One for each run of the same name, with its hash.
    runs: Vec<(u64, Cell<'a>)>,
}

impl<'n, 'a> Batch<'n, 'a> {
    /// A batch with room for as many runs.
    pub fn of(names: &'n Interner, runs: usize) -> Self {
        Self { names, runs: Vec::with_capacity(runs) }
    }

    /// The place of a name in this batch, the same for names that follow each other.
    pub fn add(&mut self, name: &Cell<'a>) -> u32 {
        if self.runs.last().is_none_or(|(_, last)| !same(last, name)) {
            self.runs.push((hash_of(&self.names.seeds, name), name.clone()));
        }
        u32::try_from(self.runs.len() - 1).expect(FEWER)
    }

    /// By place: the number of the name.
    pub fn resolve(self) -> Vec<u32> {
        let mut starts = [0; PARTS + 1];
        self.runs.iter().for_each(|(hash, _)| starts[part_of(*hash) + 1] += 1);
        (0..PARTS).for_each(|part| starts[part + 1] += starts[part]);
        let mut next = starts;
        let mut by_part = vec![0; self.runs.len()];
        for (place, (hash, _)) in self.runs.iter().enumerate() {
            let next = &mut next[part_of(*hash)];
            by_part[*next] = place;
            *next += 1;
        }
        let mut numbers = vec![0; self.runs.len()];
        // Threads begin with different parts, so that they do not queue.
        let first = self.runs.first().map_or(0, |(hash, _)| part_of(*hash));
        for part in (first..PARTS).chain(0..first) {
            let places = &by_part[starts[part]..starts[part + 1]];
            if !places.is_empty() {
                let mut names = self.names.part(part);
                for place in places {
                    let (hash, name) = &self.runs[*place];
                    numbers[*place] = number(part, names.id(name, *hash, &self.names.seeds));
                }
            }
        }
        numbers
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_any_length_are_told_apart() {
        let long = "0123456789abcdefghij";
        for length in 0..long.len() {
            assert!(same(&long[..length], &long[..length]));
            assert!(!same(&long[..length], &long[..length + 1]));
            for place in 0..length {
                let mut other = long[..length].to_owned();
                other.replace_range(place..place + 1, "!");
                assert!(!same(&long[..length], &other), "{other}");
            }
        }
    }

    #[test]
    fn a_view_tells_what_it_sees_for_the_first_time() {
        let interner = Interner::default();
        let mut cache = Cache::of(&interner);
        let (a, owned) = (Cell::Slice("a"), Cell::Own("a".to_owned()));
        assert!(cache.id(&a).1);
        assert!(!cache.id(&owned).1);
        let mut batch = Batch::of(&interner, 0);
        let places = [&Cell::Slice("b"), &a, &owned, &Cell::Slice("b")].map(|name| batch.add(name));
        assert_eq!(places, [0, 1, 1, 2]);
        let numbers = batch.resolve();
        assert_eq!((numbers[1], numbers[2]), (cache.id(&a).0, numbers[0]));
    }
}
