//! How residuals spread over items, raters and cells.
//!
//! In: cells in any order. Out: the ratio, and the variance that each way of clustering gives it.
//! Cells are sorted before anything is summed, so that the same cells give the same bits.
//! Never decides how wide an interval is; that is its parent's.

use super::{Cell, Undefined};

/// A concentration from which on the rest weighs nothing beside the largest group.
const ONE_GROUP: f64 = 1.0 - 1e-12;

/// With fewer (two clusters and a bit), the sample cannot say which of its own variances to trust.
const DEGREES_TO_TRUST: f64 = 1.5;

/// One way of grouping the cells.
pub(super) struct Axis {
    /// How many groups there are.
    pub clusters: u64,
    /// Groups of one size that would weigh as much: 1 / Σ share².
    pub effective: f64,
    /// Variance of the ratio when groups are independent; `None` when one group has it all.
    pub variance: Option<f64>,
}

/// The ratio and its variance.
pub(super) struct Spread {
    /// Σ right / Σ asked.
    pub point: f64,
    /// Σ asked, the number of ratings.
    pub asked: f64,
    /// Whether all was right, or all wrong.
    pub degenerate: bool,
    /// How the residuals spread.
    pub ways: Ways,
}

/// The three ways of grouping the cells.
pub(super) struct Ways {
    pub items: Axis,
    pub raters: Axis,
    pub cells: Axis,
}

/// What one cell or one group adds: its residual, and its share of what was asked.
#[derive(Clone, Copy, Default)]
pub(super) struct Part {
    pub residual: f64,
    pub share: f64,
}

impl Part {
    fn plus(self, other: Self) -> Self {
        Self { residual: self.residual + other.residual, share: self.share + other.share }
    }
}

impl Spread {
    /// Refuses cells that are no counts, and cells among which nothing was asked.
    pub fn of(cells: &[Cell]) -> Result<Self, Undefined> {
        let cells = merged(cells)?;
        let asked: f64 = cells.iter().map(|cell| cell.asked).sum();
        let right: f64 = cells.iter().map(|cell| cell.right).sum();
        if cells.is_empty() {
            return Err(Undefined::NoData);
        }
        if !asked.is_finite() {
            return Err(Undefined::BadCount);
        }
        let point = (right / asked).clamp(0.0, 1.0);
        let part =
            |cell: &Cell| Part { residual: (cell.right - point * cell.asked) / asked, share: cell.asked / asked };
        let parts: Vec<Part> = cells.iter().map(part).collect();
        Ok(Self {
            point,
            asked,
            degenerate: cells.iter().all(|c| c.right == 0.0) || cells.iter().all(|c| c.right == c.asked),
            ways: Ways::of(&parts, cells.iter().map(|cell| (cell.item, cell.rater))),
        })
    }

    /// Whether the data cannot show how items differ: all alike, or one item.
    pub fn unmeasured(&self) -> bool {
        self.degenerate || self.ways.items.clusters == 1
    }

    /// The variance of as many independent answers.
    pub fn independent_variance(&self) -> f64 {
        self.point * (1.0 - self.point) / self.asked
    }

    /// A variance as a multiple of that of independent answers; `None` when those would not vary either.
    pub fn design_effect(&self, variance: Option<f64>) -> Option<f64> {
        variance.filter(|_| !self.degenerate).map(|variance| variance / self.independent_variance())
    }
}

impl Ways {
    /// Groups parts, one for each cell, by the cells' items and raters; the cells are sorted by both.
    pub fn of(parts: &[Part], cells: impl Iterator<Item = (u32, u32)> + Clone) -> Self {
        Self {
            items: Axis::of(&sums(parts, cells.clone().map(|(item, _)| item))),
            raters: Axis::of(&sums(parts, cells.map(|(_, rater)| rater))),
            cells: Axis::of(parts),
        }
    }

    /// Two-way: items plus raters less cells, but never less than items or raters alone.
    pub fn variance(&self) -> f64 {
        let of = |axis: &Axis| axis.variance.unwrap_or(0.0);
        let (items, raters, cells) = (of(&self.items), of(&self.raters), of(&self.cells));
        (items + raters - cells).max(items).max(raters)
    }

    /// The smaller effective number of clusters; that of items alone where there is one rater.
    pub fn fewest(&self) -> f64 {
        if self.raters.clusters == 1 { self.items.effective } else { self.items.effective.min(self.raters.effective) }
    }

    /// Satterthwaite's degrees of freedom of the two-way variance, between the smaller and the larger of the two.
    pub fn degrees_of_freedom(&self) -> f64 {
        let smaller = self.fewest() - 1.0;
        let (Some(by_item), Some(by_rater)) = (self.items.variance, self.raters.variance) else {
            return smaller;
        };
        let (items, raters) = (self.items.effective - 1.0, self.raters.effective - 1.0);
        let doubt = by_item.powi(2) / items + by_rater.powi(2) / raters;
        if smaller < DEGREES_TO_TRUST || doubt <= 0.0 {
            return smaller;
        }
        (self.variance().powi(2) / doubt).clamp(smaller, items.max(raters))
    }
}

impl Axis {
    fn of(groups: &[Part]) -> Self {
        let concentration: f64 = groups.iter().map(|group| group.share * group.share).sum();
        let squares: f64 = groups.iter().map(|group| group.residual * group.residual).sum();
        Self {
            clusters: groups.len() as u64,
            effective: 1.0 / concentration,
            variance: (groups.len() > 1 && concentration < ONE_GROUP).then(|| squares / (1.0 - concentration)),
        }
    }
}

/// Up to this many times as many numbers as there are parts, a place for each number is cheaper than a search.
const DENSE: usize = 4;

/// Adds up the parts that have the same number, in order of the numbers.
fn sums(parts: &[Part], ids: impl Iterator<Item = u32> + Clone) -> Vec<Part> {
    let places = ids.clone().max().map_or(0, |most| most as usize + 1);
    if ids.clone().is_sorted() {
        sums_of_runs(parts, ids)
    } else if places <= DENSE * parts.len() {
        dense_sums(parts, ids, places)
    } else {
        sparse_sums(parts, ids)
    }
}

/// The same where the numbers are in order.
fn sums_of_runs(parts: &[Part], ids: impl Iterator<Item = u32>) -> Vec<Part> {
    let (mut groups, mut last): (Vec<Part>, Option<u32>) = (Vec::new(), None);
    for (part, id) in parts.iter().zip(ids) {
        match groups.last_mut().filter(|_| last == Some(id)) {
            Some(group) => *group = group.plus(*part),
            None => groups.push(Part::default().plus(*part)),
        }
        last = Some(id);
    }
    groups
}

/// The same where the numbers are small: none reaches `places`.
fn dense_sums(parts: &[Part], ids: impl Iterator<Item = u32>, places: usize) -> Vec<Part> {
    let mut groups: Vec<Option<Part>> = vec![None; places];
    for (part, id) in parts.iter().zip(ids) {
        let group = groups[id as usize].get_or_insert_default();
        *group = group.plus(*part);
    }
    groups.into_iter().flatten().collect()
}

/// The same for any numbers.
fn sparse_sums(parts: &[Part], ids: impl Iterator<Item = u32> + Clone) -> Vec<Part> {
    let mut known: Vec<u32> = ids.clone().collect();
    known.dedup();
    known.sort_unstable();
    known.dedup();
    let mut groups = vec![Part::default(); known.len()];
    let (mut last, mut place) = (None, 0);
    for (part, id) in parts.iter().zip(ids) {
        if last != Some(id) {
            (last, place) = (Some(id), known.partition_point(|other| *other < id));
        }
        groups[place] = groups[place].plus(*part);
    }
    groups
}

/// Sorted, with one cell for each item and rater, and without cells in which nothing was asked.
fn merged(cells: &[Cell]) -> Result<Vec<Cell>, Undefined> {
    if !cells.iter().all(is_count) {
        return Err(Undefined::BadCount);
    }
    let asked = cells.iter().filter(|cell| cell.asked > 0.0);
    let mut sorted: Vec<Cell> = Vec::with_capacity(cells.len());
    sorted.extend(asked.map(|cell| Cell { right: cell.right.min(cell.asked), ..*cell }));
    let ids = |cell: &Cell| u64::from(cell.item) << 32 | u64::from(cell.rater);
    sorted.sort_unstable_by(|a, b| {
        let by_ids = ids(a).cmp(&ids(b));
        by_ids.then(a.asked.total_cmp(&b.asked)).then(a.right.total_cmp(&b.right))
    });
    sorted.dedup_by(|next, kept| {
        let same = ids(next) == ids(kept);
        if same {
            kept.right += next.right;
            kept.asked += next.asked;
        }
        same
    });
    Ok(sorted)
}

/// Whether the numbers are finite and `right` is part of `asked`, but for rounding.
fn is_count(cell: &Cell) -> bool {
    cell.asked.is_finite() && cell.right >= 0.0 && cell.right <= cell.asked * (1.0 + 1e-9)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn bits(groups: &[Part]) -> Vec<(u64, u64)> {
        groups.iter().map(|group| (group.residual.to_bits(), group.share.to_bits())).collect()
    }

    proptest! {
        #[test]
        fn small_numbers_and_sorted_ones_are_grouped_like_any_to_the_last_bit(
            parts in prop::collection::vec((0_u32..9, -1.0_f64..1.0, 0.0_f64..1.0), 1..60),
        ) {
            let of = |parts: &[(u32, f64, f64)]| -> Vec<Part> {
                parts.iter().map(|(_, residual, share)| Part { residual: *residual, share: *share }).collect()
            };
            let ids = || parts.iter().map(|(id, ..)| *id);
            let mixed = of(&parts);
            prop_assert_eq!(bits(&dense_sums(&mixed, ids(), 9)), bits(&sparse_sums(&mixed, ids())));
            let mut parts = parts.clone();
            parts.sort_by_key(|(id, ..)| *id);
            let ids = || parts.iter().map(|(id, ..)| *id);
            let sorted = of(&parts);
            prop_assert_eq!(bits(&sums_of_runs(&sorted, ids())), bits(&sparse_sums(&sorted, ids())));
        }
    }
}
