//! Every pair of raters of a table at once.
//!
//! In: a table. Out: the confusion table of each pair of raters who rated an item in common, pair by pair.
//! Work grows with the pairs of ratings that meet on an item, not with raters² × items; memory holds the pairs of
//! one rater at a time. Never judges agreement, and never pairs a rater with itself.

use super::confusion::Confusion;
use super::table::Table;

/// Two raters and the items that both rated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The rater with the smaller number; the rows.
    pub first: u32,
    /// The rater with the greater number; the columns.
    pub second: u32,
    /// Their ratings, as `Confusion::of_raters` counts them; never empty.
    pub confusion: Confusion,
}

/// All pairs of raters with at least one item in common, by first and second rater.
///
/// The same as `Confusion::of_raters` for every two raters, without the pairs that share no item.
pub fn pairs(table: &Table) -> impl Iterator<Item = Pair> {
    let places = places_by_rater(table);
    (0_u32..).zip(places).flat_map(|(first, places)| pairs_of(table, first, &places))
}

/// Where each rater's ratings stand among those of the table, in order.
fn places_by_rater(table: &Table) -> Vec<Vec<usize>> {
    let mut places = vec![Vec::new(); table.n_raters()];
    for (place, rating) in table.ratings().iter().enumerate() {
        places[rating.rater as usize].push(place);
    }
    places
}

/// One rater with each rater of a greater number.
fn pairs_of(table: &Table, first: u32, places: &[usize]) -> Vec<Pair> {
    let ratings = table.ratings();
    let mut pairs: Vec<Pair> = Vec::new();
    let mut found: Vec<Option<usize>> = vec![None; table.n_raters()];
    for &place in places {
        let row = ratings[place];
        let rest = ratings[place + 1..].iter().take_while(|other| other.item == row.item);
        for column in rest.filter(|other| other.rater != first) {
            let index = *found[column.rater as usize].get_or_insert_with(|| {
                let confusion = Confusion::new(table.n_categories());
                pairs.push(Pair { first, second: column.rater, confusion });
                pairs.len() - 1
            });
            pairs[index].confusion.add(row.category as usize, column.category as usize, 1);
        }
    }
    pairs.sort_unstable_by_key(|pair| pair.second);
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::Coded;
    use proptest::prelude::*;

    /// One rater against one, over all items.
    fn naive(table: &Table) -> Vec<Pair> {
        let raters = table.n_raters() as u32;
        let all = (0..raters).flat_map(|first| (first + 1..raters).map(move |second| (first, second)));
        all.map(|(first, second)| Pair { first, second, confusion: Confusion::of_raters(table, first, second) })
            .filter(|pair| !pair.confusion.is_empty())
            .collect()
    }

    #[test]
    fn raters_without_a_common_item_are_no_pair() {
        let coded = |item, rater| Coded { item, rater, category: 0 };
        let table = Table::new(3, 4, 1, vec![coded(0, 0), coded(0, 3), coded(1, 1), coded(2, 3), coded(2, 1)]);
        let found: Vec<_> = pairs(&table).map(|pair| (pair.first, pair.second, pair.confusion.total())).collect();
        assert_eq!(found, [(0, 3, 1), (1, 3, 1)]);
    }

    proptest! {
        #[test]
        fn all_pairs_at_once_equal_each_pair_alone(
            ratings in prop::collection::vec((0_u32..8, 0_u32..6, 0_u32..3), 0..60),
        ) {
            let coded = ratings.into_iter().map(|(item, rater, category)| Coded { item, rater, category }).collect();
            let table = Table::new(8, 6, 3, coded);
            prop_assert_eq!(pairs(&table).collect::<Vec<_>>(), naive(&table));
        }
    }
}
