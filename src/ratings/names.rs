//! Names: each distinct thing of the rows gets a number, so that a rating is small and quick to compare.
//!
//! In: values in the order of the rows. Out: numbers; at the end, the values in use in their own order, so that
//! the table does not depend on the order of the rows. It never interprets a name.

use ahash::RandomState;
use hashbrown::HashTable;
use std::hash::Hash;

/// Gives each distinct value a number. Each value is held once: what finds it holds its number.
pub struct Numbering<T> {
    seeds: RandomState,
    found: HashTable<u32>,
    values: Vec<T>,
}

impl<T> Default for Numbering<T> {
    fn default() -> Self {
        Self { seeds: RandomState::new(), found: HashTable::new(), values: Vec::new() }
    }
}

impl<T: Eq + Hash> Numbering<T> {
    /// The number of a value.
    pub fn add(&mut self, value: T) -> u32 {
        let Self { seeds, found, values } = self;
        let hash = seeds.hash_one(&value);
        if let Some(id) = found.find(hash, |id| values[*id as usize] == value) {
            return *id;
        }
        let id = u32::try_from(values.len()).expect("fewer than 2^32 distinct names fit into memory");
        values.push(value);
        found.insert_unique(hash, id, |id| seeds.hash_one(&values[*id as usize]));
        id
    }

    /// The value behind a number.
    pub fn get(&self, id: u32) -> &T {
        &self.values[id as usize]
    }

    /// All values in the order of their numbers.
    pub fn into_values(self) -> Vec<T> {
        self.values
    }
}

/// The values that are used, in order, and for each old number the new one (meaningless where not used).
pub fn compact<T: Ord>(values: Vec<T>, used: impl Iterator<Item = u32>) -> (Vec<T>, Vec<u32>) {
    let mut renumbered = vec![u32::MAX; values.len()];
    for id in used {
        renumbered[id as usize] = 0;
    }
    let is_used = |(id, _): &(usize, T)| renumbered[*id] == 0;
    let mut kept: Vec<(usize, T)> = values.into_iter().enumerate().filter(is_used).collect();
    kept.sort_unstable_by(|a, b| a.1.cmp(&b.1));
    for (new, (old, _)) in kept.iter().enumerate() {
        renumbered[*old] = u32::try_from(new).unwrap_or(u32::MAX);
    }
    (kept.into_iter().map(|(_, value)| value).collect(), renumbered)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_use_are_renumbered_in_their_own_order() {
        let mut names: Numbering<String> = Numbering::default();
        let ids = ["c", "a", "b", "a"].map(|name| names.add(name.to_owned()));
        assert_eq!(ids, [0, 1, 2, 1]);
        let (values, renumbered) = compact(names.into_values(), [0, 1].into_iter());
        assert_eq!(values, ["a", "c"]);
        assert_eq!((renumbered[0], renumbered[1]), (1, 0));
    }
}
