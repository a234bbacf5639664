//! Groups compared: how far apart the accuracies of two groups of ratings are.
//!
//! In: the ratings of each group, in the numbers of the whole table, and gold. Out: differences with intervals over items
//! and raters. Where two groups rated gold items in common the difference is of those items alone, because what is hard
//! about an item then cancels; else of all. It says nothing of agreement.

use super::figure::Figure;
use super::sheet::Sheet;
use super::{Analysis, Wanted};
use crate::figures::LEVEL;
use crate::quality::Undefined;
use crate::quality::clustered::{ScoredCell, ratio};
use crate::quality::compare::Difference;
use crate::quality::compare::difference::of_clustered;
use crate::quality::compare::paired::on_shared_items;
use crate::quality::table::Table;
use serde_json::json;
use std::collections::BTreeSet;

/// The one figure of groups.
pub const DIFFERENCE: &str = "accuracy_difference";
/// With more groups, pairs of them are not compared.
const MOST_GROUPS: usize = 10;

/// The differences of every two groups, each group minus those after it; none without gold.
pub fn compare(groups: &[(&str, Table)], gold: &[Option<u32>], wanted: &Wanted) -> Analysis {
    let mut sheet = Sheet::wanting(wanted.part(|name| name == DIFFERENCE));
    if groups.len() > MOST_GROUPS {
        sheet.forgo(&[DIFFERENCE], &format!("{} groups make too many pairs", groups.len()));
    }
    let scored: Vec<(&str, Vec<ScoredCell>)> = groups.iter().map(|(name, table)| (*name, cells(table, gold))).collect();
    if !sheet.wants(DIFFERENCE) || gold.iter().all(Option::is_none) {
        return Analysis::of(sheet);
    }
    for (place, (first, of_first)) in scored.iter().enumerate() {
        for (second, of_second) in &scored[place + 1..] {
            let (items, difference) = difference(of_first, of_second);
            let args = json!({ "groups": [first, second], "items": items });
            let estimate = difference.map(|difference| difference.estimate);
            sheet.add_with(DIFFERENCE, args, || estimate.map(|estimate| estimate.point), || estimate);
        }
    }
    Analysis::of(sheet)
}

/// Whether each rating of a gold item is right; one rating a rater and item.
fn cells(table: &Table, gold: &[Option<u32>]) -> Vec<ScoredCell> {
    let once = table.once_a_rater();
    let cell = |rating: &crate::quality::table::Coded| {
        let gold = gold[rating.item as usize]?;
        let right = f64::from(u8::from(rating.category == gold));
        Some(ScoredCell { item: rating.item, rater: rating.rater, right, asked: 1.0 })
    };
    once.ratings().iter().filter_map(cell).collect()
}

/// The difference, and of which items it is.
fn difference(first: &[ScoredCell], second: &[ScoredCell]) -> (&'static str, Result<Difference, Undefined>) {
    let items = |cells: &[ScoredCell]| cells.iter().map(|cell| cell.item).collect::<BTreeSet<u32>>();
    if items(first).is_disjoint(&items(second)) {
        let clustered = |cells: &[ScoredCell]| ratio(cells, LEVEL).map_err(|_| Undefined::NoGold);
        let of = clustered(first).and_then(|first| of_clustered(&first, &clustered(second)?));
        return ("different", of);
    }
    ("shared", on_shared_items(first, second, LEVEL))
}

/// The lines that a page has for them.
pub fn rows(analysis: &Analysis) -> impl Iterator<Item = (String, &Figure)> {
    let of_groups = analysis.metrics.iter().filter(|figure| figure.metric == DIFFERENCE);
    of_groups.filter_map(|figure| {
        let groups: Vec<&str> =
            figure.args.get("groups")?.as_array()?.iter().filter_map(|name| name.as_str()).collect();
        let items = figure.args.get("items")?.as_str()?;
        Some((format!("{} minus {}, on {items} items", groups.first()?, groups.last()?), figure))
    })
}
