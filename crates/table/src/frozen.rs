//! Frozen names: all that an interner knows once every row is read.
//!
//! In: an interner. Out: names by their numbers, in an order that depends on nothing but the names. No name is added.

use super::interner::{Interner, PARTS, PartNames, number};
use super::names::Names;
use rayon::prelude::*;

/// What an interner knows at the end.
pub struct Frozen {
    parts: Vec<PartNames>,
}

/// A place in the order of names: length, first bytes, number.
type SortKey = (u32, u64, u32);

impl Frozen {
    /// No more names come.
    pub fn of(names: Interner) -> Self {
        Self { parts: names.into_parts() }
    }

    /// How many names there are.
    pub fn count(&self) -> usize {
        self.parts.iter().map(|part| part.len()).sum()
    }

    /// All numbers that were given are below this.
    pub fn bound(&self) -> usize {
        self.parts.iter().map(|part| part.len()).max().unwrap_or(0) * PARTS
    }

    /// The name with this number.
    pub fn get(&self, id: u32) -> &str {
        self.parts[id as usize % PARTS].get(id / PARTS as u32)
    }

    /// The numbers that were given, in no order.
    pub fn ids(&self) -> impl Iterator<Item = u32> {
        let of_part =
            |(part, names): (usize, &PartNames)| (0..names.len() as u32).map(move |index| number(part, index));
        self.parts.iter().enumerate().flat_map(of_part)
    }

    /// These names, in this order.
    pub fn names(&self, ids: &[u32]) -> Names {
        const CHUNK: usize = 1 << 13;
        let chunks = ids.par_chunks(CHUNK).map(|ids| ids.iter().map(|id| self.get(*id)).collect());
        Names::concat(&chunks.collect::<Vec<Names>>())
    }

    /// Orders numbers by their names: shorter names first, then by bytes, so that `i2` stands before `i10`.
    pub fn sort(&self, ids: &mut [u32]) {
        let alike = self.alike(ids);
        let key = |id: &u32| -> SortKey {
            (self.get(*id).len() as u32, first_bytes(&self.get(*id).as_bytes()[alike..]), *id)
        };
        let mut keys: Vec<SortKey> = ids.iter().map(key).collect();
        keys.par_sort_unstable_by(|a, b| {
            (a.0, a.1)
                .cmp(&(b.0, b.1))
                .then_with(|| self.get(a.2).as_bytes()[alike..].cmp(&self.get(b.2).as_bytes()[alike..]))
        });
        ids.iter_mut().zip(&keys).for_each(|(id, key)| *id = key.2);
    }

    /// How many bytes all names begin with alike.
    fn alike(&self, ids: &[u32]) -> usize {
        let Some(first) = ids.first().map(|id| self.get(*id).as_bytes()) else { return 0 };
        let alike = |most: usize, id: &u32| {
            first[..most].iter().zip(self.get(*id).as_bytes()).take_while(|(a, b)| a == b).count()
        };
        ids.iter().fold(first.len(), alike)
    }
}

/// The first eight bytes as a number that orders as they do; equal numbers need a closer look.
fn first_bytes(bytes: &[u8]) -> u64 {
    match bytes.first_chunk() {
        Some(first) => u64::from_be_bytes(*first),
        None => {
            bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)) << (8 * (8 - bytes.len()) as u32 % 64)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shorter_names_stand_first_and_names_of_one_length_in_the_order_of_their_bytes() {
        let interner = Interner::default();
        let written = ["run-000010", "b", "run-000002", "", "b", "é", "run-00000", "a"];
        let ids = written.map(|name| interner.id(name));
        assert_eq!(ids[1], ids[4]);
        let known = Frozen::of(interner);
        assert_eq!((known.count(), known.ids().count()), (7, 7));
        let sorted = |mut ids: Vec<u32>| {
            known.sort(&mut ids);
            let names = known.names(&ids);
            assert!(names.are_shorter_first());
            names
        };
        let all = sorted(known.ids().collect());
        assert_eq!(all.iter().collect::<Vec<_>>(), ["", "a", "b", "é", "run-00000", "run-000002", "run-000010"]);
        assert_eq!((all.find("b"), all.find("c"), all.len()), (Some(2), None, 7));
        assert_eq!(sorted(vec![ids[0], ids[2]]).get(0), "run-000002");
        assert!(sorted(Vec::new()).is_empty());
    }
}
