//! Views: how one thread looks names up in an interner that all threads share.
//!
//! In: cells, as a block's rows have them. Out: their numbers, with as few locks and look-ups as their order allows.
//! A view lives no longer than its block.

use super::cell::Cell;
use super::interner::{FEWER, Interner, PARTS, hash_of, number, part_of};
use super::same::{same, words};
use hashbrown::HashTable;

/// One thread's view of an interner for names that come again and again.
pub struct Cache<'n, 'a> {
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
    /// A view of these names that has seen none.
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
pub struct Batch<'n, 'a> {
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
