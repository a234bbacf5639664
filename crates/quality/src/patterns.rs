//! Patterns: distinct ways in which items were rated, and how many items were rated so.
//!
//! In: the categories that each item was given. Out: count vectors, each once, with the number of items that have it.
//! All that a coefficient over items needs, and a bootstrap over items costs as much as there are patterns.
//! Never knows raters. The order of patterns is that of their counts, so it depends on the ratings alone.

use std::collections::HashMap;

/// How often one category was given to an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Count {
    /// The category, from 0.
    pub category: u32,
    /// How many of the item's ratings have it; at least 1.
    pub ratings: u32,
}

/// One way to be rated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pattern<'a> {
    /// The categories given, in order, each once.
    pub counts: &'a [Count],
    /// Ratings of one such item: the sum of the counts.
    pub ratings: u64,
    /// How many items are rated so.
    pub items: u64,
}

/// All patterns of a set of items; items without a rating are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Patterns {
    categories: usize,
    starts: Vec<usize>,
    counts: Vec<Count>,
    items: Vec<u64>,
}

impl Patterns {
    /// Collapses items, each given by its ratings' categories in any order, on a scale of `categories` categories.
    ///
    /// Panics when a rating names a category beyond these: whoever codes the ratings counts them as well.
    pub fn of<I: IntoIterator<Item = u32>>(categories: usize, items: impl IntoIterator<Item = I>) -> Self {
        let packing = CountPacking::of(categories);
        let (mut given, mut packed) = (Vec::new(), Vec::new());
        let mut seen: HashMap<Vec<Count>, u64> = HashMap::new();
        for item in items {
            given.clear();
            given.extend(item);
            assert!(given.iter().all(|&category| (category as usize) < categories), "every category is counted");
            match packing.pack(&given) {
                _ if given.is_empty() => {}
                Some(key) => packed.push(key),
                None => *seen.entry(counted(&mut given)).or_default() += 1,
            }
        }
        packed.sort_unstable();
        let unpacked = packed.chunk_by(|a, b| a == b).map(|alike| (packing.unpack(alike[0]), alike.len() as u64));
        Self::of_counts(categories, unpacked.chain(seen).collect())
    }

    /// The patterns of several sets of items as those of one set; an item that is in two of them counts twice.
    ///
    /// Panics when the sets were rated on scales of different lengths.
    pub fn merged<'a>(parts: impl IntoIterator<Item = &'a Self>) -> Self {
        let mut seen: HashMap<&[Count], u64> = HashMap::new();
        let mut declared = None;
        for part in parts {
            assert_eq!(*declared.get_or_insert(part.categories), part.categories, "the sets share a scale");
            for pattern in part.iter() {
                *seen.entry(pattern.counts).or_default() += pattern.items;
            }
        }
        let seen = seen.into_iter().map(|(counts, items)| (counts.to_vec(), items)).collect();
        Self::of_counts(declared.unwrap_or(0), seen)
    }

    /// Puts together count vectors, each given once, and the number of items that have it.
    fn of_counts(categories: usize, mut seen: Vec<(Vec<Count>, u64)>) -> Self {
        seen.sort_unstable();
        Self::of_sorted(categories, seen.iter().map(|(counts, items)| (counts.as_slice(), *items)))
    }

    /// Puts together count vectors that were kept elsewhere: in order, each once, none empty, with the number of items
    /// that have it.
    pub fn of_sorted<'a>(categories: usize, seen: impl IntoIterator<Item = (&'a [Count], u64)>) -> Self {
        let mut patterns = Self { categories, starts: vec![0], ..Self::default() };
        for (counts, items) in seen {
            assert!(patterns.last().is_none_or(|last| last < counts), "patterns come in order, each once");
            patterns.counts.extend(counts);
            patterns.starts.push(patterns.counts.len());
            patterns.items.push(items);
        }
        patterns
    }

    /// The counts of the last pattern.
    fn last(&self) -> Option<&[Count]> {
        let from = self.starts[self.items.len().checked_sub(1)?];
        Some(&self.counts[from..])
    }

    /// How many categories the scale declares, used or not.
    pub fn n_categories(&self) -> usize {
        self.categories
    }

    /// How many patterns there are.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether no item has a rating.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// The patterns in order.
    pub fn iter(&self) -> impl Iterator<Item = Pattern<'_>> {
        (0..self.len()).map(|index| {
            let counts = &self.counts[self.starts[index]..self.starts[index + 1]];
            let ratings = counts.iter().map(|count| u64::from(count.ratings)).sum();
            Pattern { counts, ratings, items: self.items[index] }
        })
    }

    /// Items with at least one rating.
    pub fn n_items(&self) -> u64 {
        self.items.iter().sum()
    }

    /// Items with at least two ratings.
    pub fn n_pairable(&self) -> u64 {
        self.iter().filter(|pattern| pattern.ratings >= 2).map(|pattern| pattern.items).sum()
    }

    /// Ratings of all items.
    pub fn n_ratings(&self) -> u64 {
        self.iter().map(|pattern| pattern.ratings * pattern.items).sum()
    }
}

/// The counts of an item's ratings; sorts them.
fn counted(given: &mut [u32]) -> Vec<Count> {
    given.sort_unstable();
    let alike = given.chunk_by(|a, b| a == b);
    alike.map(|alike| Count { category: alike[0], ratings: alike.len() as u32 }).collect()
}

/// Count vectors of short scales as one number each, which spares most items sorting and hashing.
struct CountPacking {
    categories: usize,
    /// Bits for the count of one category; 0 where the scale is too long.
    bits: u32,
}

impl CountPacking {
    /// Below this many bits a count holds too few ratings to be worth it.
    const FEWEST_BITS: u32 = 4;

    fn of(categories: usize) -> Self {
        let bits = u64::BITS.checked_div(categories as u32).unwrap_or(0).min(u64::BITS / 2);
        Self { categories, bits: if bits < Self::FEWEST_BITS { 0 } else { bits } }
    }

    /// The item's counts as a number, unless one of them might not fit.
    fn pack(&self, given: &[u32]) -> Option<u64> {
        let fits = (given.len() as u64) < 1 << self.bits;
        fits.then(|| given.iter().map(|category| 1 << (category * self.bits)).sum())
    }

    fn unpack(&self, key: u64) -> Vec<Count> {
        let ratings = |category: u32| (key >> (category * self.bits)) as u32 & ((1_u64 << self.bits) - 1) as u32;
        let counts = (0..self.categories as u32).map(|category| Count { category, ratings: ratings(category) });
        counts.filter(|count| count.ratings > 0).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn items_rated_alike_are_one_pattern_whatever_the_order_of_their_ratings() {
        let patterns = Patterns::of(3, [vec![2, 0, 2], vec![], vec![0, 2, 2], vec![1]]);
        let found: Vec<(Vec<(u32, u32)>, u64)> = patterns
            .iter()
            .map(|pattern| (pattern.counts.iter().map(|c| (c.category, c.ratings)).collect(), pattern.items))
            .collect();
        assert_eq!(found, [(vec![(0, 1), (2, 2)], 2), (vec![(1, 1)], 1)]);
        assert_eq!((patterns.n_items(), patterns.n_pairable(), patterns.n_ratings()), (3, 2, 7));
    }

    #[test]
    fn patterns_that_were_kept_are_put_together() {
        let patterns = Patterns::of(3, [vec![2, 0, 2], vec![1], vec![0, 2, 2]]);
        let kept: Vec<(Vec<Count>, u64)> =
            patterns.iter().map(|pattern| (pattern.counts.to_vec(), pattern.items)).collect();
        let put_together = Patterns::of_sorted(3, kept.iter().map(|(counts, items)| (counts.as_slice(), *items)));
        assert_eq!(put_together, patterns);
        assert_eq!(Patterns::of_sorted(3, []), Patterns::of(3, [vec![]]));
    }

    #[test]
    fn sets_of_items_are_merged() {
        let (one, two) = (vec![vec![0, 1], vec![2]], vec![vec![1, 0], vec![1, 1, 1]]);
        let all = Patterns::of(3, one.iter().chain(&two).cloned());
        assert_eq!(Patterns::merged([&Patterns::of(3, one), &Patterns::of(3, two)]), all);
        assert_eq!(Patterns::merged([]).n_items(), 0);
    }

    #[test]
    #[should_panic(expected = "every category is counted")]
    fn a_category_beyond_the_scale_is_a_mistake() {
        Patterns::of(3, [vec![3]]);
    }

    proptest! {
        #[test]
        fn patterns_do_not_depend_on_the_order_of_items(
            items in prop::collection::vec(prop::collection::vec(0_u32..4, 0..5), 0..30),
        ) {
            let backwards: Vec<Vec<u32>> = items.iter().rev().cloned().collect();
            prop_assert_eq!(Patterns::of(4, items), Patterns::of(4, backwards));
        }

        /// 15 categories leave four bits each, so that items with 16 ratings and more are counted the long way.
        #[test]
        fn packed_and_long_items_are_counted_alike(
            items in prop::collection::vec(prop::collection::vec(0_u32..15, 0..24), 0..30),
        ) {
            let (short, long) = (Patterns::of(15, items.clone()), Patterns::of(40, items));
            prop_assert_eq!(&short.counts, &long.counts);
            prop_assert_eq!(&short.items, &long.items);
        }
    }
}
