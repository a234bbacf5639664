//! Newcomers: raters of whom nothing is known, because they rated nothing that others rated.
//!
//! In: a table, and the gold that a model knows. Out: the items that only such a rater rated. A model of raters cannot tell
//! what their labels are worth, so what it says of these items is the base rate of all. It fits nothing.

use super::Study;
use crate::quality::table::{Coded, Table};
use crate::text::listed;

/// The items of which only the base rate speaks: whoever rated one of them rated alone there, and neither shares another
/// item nor has one with known gold.
pub fn on_base_rate(table: &Table, known: Option<&[Option<u32>]>) -> Vec<usize> {
    let mut is_known = vec![false; table.n_raters()];
    let has_gold = |item: usize| known.is_some_and(|gold| gold[item].is_some());
    for (item, ratings) in table.by_item().enumerate() {
        if has_gold(item) || ratings.iter().any(|rating| rating.rater != ratings[0].rater) {
            ratings.iter().for_each(|rating| is_known[rating.rater as usize] = true);
        }
    }
    let is_newcomers = |ratings: &[Coded]| ratings.first().is_some_and(|rating| !is_known[rating.rater as usize]);
    table.by_item().enumerate().filter(|(_, ratings)| is_newcomers(ratings)).map(|(item, _)| item).collect()
}

/// What to keep in mind of the labels of such items, if there are any.
pub fn caution(study: &Study<'_>) -> Option<String> {
    let items = on_base_rate(&study.table, None);
    let names = listed(items.iter().map(|item| study.items[*item]));
    let sentence = format!(
        "Dawid-Skene: of {names} only the base rate speaks. Whoever rated that rated nothing that others rated, so the \
         model does not know what those labels are worth."
    );
    (!items.is_empty()).then_some(sentence)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_items_of_raters_who_share_nothing_rest_on_the_base_rate() {
        let rated = [(0, 0), (0, 1), (1, 0), (2, 2), (3, 2), (4, 3), (4, 4)];
        let rating = |(item, rater)| Coded { item, rater, category: 0 };
        let table = Table::new(6, 5, 2, rated.map(rating).to_vec());
        assert_eq!(on_base_rate(&table, None), [2, 3]);
        let mut gold = vec![None; 6];
        gold[3] = Some(1);
        assert_eq!(on_base_rate(&table, Some(&gold)), [] as [usize; 0]);
    }
}
