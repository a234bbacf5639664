//! A table of coded ratings: who gave which item which category.
//!
//! In: item, rater and category of each rating, as numbers. Out: the ratings of each item, in order.
//! What needs to know who rated (kappa of two raters, consensus, correlations) reads this; what does not reads the
//! `Patterns` made from it. Never sees text, weeks or gold.

use super::patterns::Patterns;

/// One rating, as numbers; 12 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Coded {
    /// The item, from 0.
    pub item: u32,
    /// The rater, from 0.
    pub rater: u32,
    /// The category, from 0, in the order of the declared scale.
    pub category: u32,
}

/// Ratings of one criterion, sorted by item, rater and category. A rater may have rated an item more than once.
#[derive(Clone, Debug)]
pub struct Table {
    items: usize,
    raters: usize,
    categories: usize,
    ratings: Vec<Coded>,
    starts: Vec<usize>,
}

impl Table {
    /// A table of `items` items, `raters` raters and `categories` declared categories; some may have no rating.
    ///
    /// Panics when a rating names a number beyond these: whoever codes the ratings counts them as well.
    pub fn new(items: usize, raters: usize, categories: usize, mut ratings: Vec<Coded>) -> Self {
        let inside = |rating: &Coded| {
            (rating.item as usize) < items
                && (rating.rater as usize) < raters
                && (rating.category as usize) < categories
        };
        assert!(ratings.iter().all(inside), "every rating names a counted item, rater and category");
        if !ratings.is_sorted() {
            ratings.sort_unstable();
        }
        let mut starts = vec![0; items + 1];
        for rating in &ratings {
            starts[rating.item as usize + 1] += 1;
        }
        for item in 0..items {
            starts[item + 1] += starts[item];
        }
        Self { items, raters, categories, ratings, starts }
    }

    /// How many items there are, rated or not.
    pub fn n_items(&self) -> usize {
        self.items
    }

    /// How many raters there are.
    pub fn n_raters(&self) -> usize {
        self.raters
    }

    /// How many categories the scale declares, used or not.
    pub fn n_categories(&self) -> usize {
        self.categories
    }

    /// All ratings, by item, rater and category.
    pub fn ratings(&self) -> &[Coded] {
        &self.ratings
    }

    /// The ratings of one item, by rater and category.
    pub fn of_item(&self, item: usize) -> &[Coded] {
        &self.ratings[self.starts[item]..self.starts[item + 1]]
    }

    /// The ratings of each item in turn; empty for items without any.
    pub fn by_item(&self) -> impl Iterator<Item = &[Coded]> {
        (0..self.items).map(|item| self.of_item(item))
    }

    /// Whether some rater rated an item more than once.
    pub fn has_repeats(&self) -> bool {
        self.ratings.windows(2).any(|pair| (pair[0].item, pair[0].rater) == (pair[1].item, pair[1].rater))
    }

    /// One rating a rater and item: theirs if all are the same, none if they differ, because nothing here tells which
    /// came first.
    pub fn once_a_rater(&self) -> Self {
        let of_raters = self.ratings.chunk_by(|a, b| (a.item, a.rater) == (b.item, b.rater));
        let agreed = of_raters.filter(|ratings| ratings.iter().all(|rating| rating.category == ratings[0].category));
        let ratings = agreed.map(|ratings| ratings[0]).collect();
        Self::new(self.items, self.raters, self.categories, ratings)
    }

    /// What remains when nobody asks who rated.
    pub fn patterns(&self) -> Patterns {
        let items = self.by_item().map(|ratings| ratings.iter().map(|rating| rating.category));
        Patterns::of(self.categories, items)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratings_are_found_by_item_whatever_their_order() {
        let coded = |item, rater, category| Coded { item, rater, category };
        let table = Table::new(3, 2, 2, vec![coded(2, 1, 0), coded(0, 1, 1), coded(0, 0, 1), coded(0, 1, 1)]);
        assert_eq!(table.of_item(0), [coded(0, 0, 1), coded(0, 1, 1), coded(0, 1, 1)]);
        assert_eq!(table.of_item(1), []);
        assert_eq!(table.by_item().map(<[Coded]>::len).collect::<Vec<_>>(), [3, 0, 1]);
    }

    #[test]
    fn a_rater_who_contradicts_themselves_has_no_rating() {
        let coded = |item, rater, category| Coded { item, rater, category };
        let table =
            Table::new(2, 2, 2, vec![coded(0, 0, 1), coded(0, 0, 1), coded(0, 1, 0), coded(1, 1, 0), coded(1, 1, 1)]);
        assert!(table.has_repeats() && !table.once_a_rater().has_repeats());
        assert_eq!(table.once_a_rater().ratings(), [coded(0, 0, 1), coded(0, 1, 0)]);
    }
}
