//! How residuals spread over items, raters and cells.
//!
//! In: cells in any order. Out: the ratio, and the variance that each way of clustering gives it.
//! Cells are sorted before anything is summed, so that the same cells give the same bits; after that, one pass sums up all
//! three ways.
//! Never decides how wide an interval is; that is its parent's.

use super::{ScoredCell, Undefined};

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
pub(super) struct Contribution {
    pub residual: f64,
    pub share: f64,
}

impl Contribution {
    fn plus(self, other: Self) -> Self {
        Self { residual: self.residual + other.residual, share: self.share + other.share }
    }
}

impl Spread {
    /// Refuses cells that are no counts, and cells among which nothing was asked.
    pub fn of(cells: Vec<ScoredCell>) -> Result<Self, Undefined> {
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
        let part = |cell: &ScoredCell| Contribution {
            residual: (cell.right - point * cell.asked) / asked,
            share: cell.asked / asked,
        };
        Ok(Self {
            point,
            asked,
            degenerate: cells.iter().all(|c| c.right == 0.0) || cells.iter().all(|c| c.right == c.asked),
            ways: Ways::of(cells.iter().map(|cell| (cell.item, cell.rater, part(cell)))),
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
    /// Groups the parts of cells, each with its item and rater, in order of both.
    pub fn of(parts: impl ExactSizeIterator<Item = (u32, u32, Contribution)> + Clone) -> Self {
        let places = parts.clone().map(|(_, rater, _)| rater as usize + 1).max().unwrap_or(0);
        if places <= DENSE * parts.len() {
            return Self::grouped(parts, ByPlace { groups: vec![None; places] });
        }
        let mut known: Vec<u32> = parts.clone().map(|(_, rater, _)| rater).collect();
        known.sort_unstable();
        known.dedup();
        Self::grouped(parts, BySearch { groups: vec![Contribution::default(); known.len()], known })
    }

    fn grouped(parts: impl Iterator<Item = (u32, u32, Contribution)>, mut by_rater: impl GroupSums) -> Self {
        let (mut cells, mut items) = (Sums::default(), Sums::default());
        let mut last: Option<(u32, Contribution)> = None;
        for (item, rater, part) in parts {
            cells.add(part);
            by_rater.add(rater, part);
            last = match last {
                Some((of, group)) if of == item => Some((item, group.plus(part))),
                done => {
                    done.into_iter().for_each(|(_, group)| items.add(group));
                    Some((item, Contribution::default().plus(part)))
                }
            };
        }
        last.into_iter().for_each(|(_, group)| items.add(group));
        Self { items: items.axis(), raters: by_rater.sums().axis(), cells: cells.axis() }
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

/// What groups come to.
#[derive(Default)]
struct Sums {
    clusters: u64,
    /// Σ share².
    concentration: f64,
    /// Σ residual².
    squares: f64,
}

impl Sums {
    fn add(&mut self, group: Contribution) {
        self.clusters += 1;
        self.concentration += group.share * group.share;
        self.squares += group.residual * group.residual;
    }

    fn of(groups: impl Iterator<Item = Contribution>) -> Self {
        let mut sums = Self::default();
        groups.for_each(|group| sums.add(group));
        sums
    }

    fn axis(&self) -> Axis {
        let Self { clusters, concentration, squares } = *self;
        let is_spread = clusters > 1 && concentration < ONE_GROUP;
        let variance = is_spread.then(|| squares / (1.0 - concentration));
        Axis { clusters, effective: 1.0 / concentration, variance }
    }
}

/// Up to this many times as many numbers as there are parts, a place for each number is cheaper than a search.
const DENSE: usize = 4;

/// Groups by number, whose parts come in any order.
trait GroupSums {
    fn add(&mut self, number: u32, part: Contribution);

    /// What they come to, in order of the numbers.
    fn sums(&self) -> Sums;
}

/// Groups with small numbers: a place for each.
struct ByPlace {
    groups: Vec<Option<Contribution>>,
}

impl GroupSums for ByPlace {
    fn add(&mut self, number: u32, part: Contribution) {
        let group = self.groups[number as usize].get_or_insert_default();
        *group = group.plus(part);
    }

    fn sums(&self) -> Sums {
        Sums::of(self.groups.iter().copied().flatten())
    }
}

/// Groups with any numbers, all of them known and in order.
struct BySearch {
    known: Vec<u32>,
    groups: Vec<Contribution>,
}

impl GroupSums for BySearch {
    fn add(&mut self, number: u32, part: Contribution) {
        let group = &mut self.groups[self.known.partition_point(|other| *other < number)];
        *group = group.plus(part);
    }

    fn sums(&self) -> Sums {
        Sums::of(self.groups.iter().copied())
    }
}

/// Sorted, with one cell for each item and rater, and without cells in which nothing was asked. Cells that are in order
/// of items and raters already cost least.
fn merged(mut cells: Vec<ScoredCell>) -> Result<Vec<ScoredCell>, Undefined> {
    if !cells.iter().all(is_count) {
        return Err(Undefined::BadCount);
    }
    cells.retain_mut(|cell| {
        cell.right = cell.right.min(cell.asked);
        cell.asked > 0.0
    });
    let ids = |cell: &ScoredCell| u64::from(cell.item) << 32 | u64::from(cell.rater);
    if !cells.is_sorted_by_key(ids) {
        cells.sort_unstable_by_key(ids);
    }
    for alike in cells.chunk_by_mut(|a, b| ids(a) == ids(b)).filter(|alike| alike.len() > 1) {
        alike.sort_unstable_by(|a, b| a.asked.total_cmp(&b.asked).then(a.right.total_cmp(&b.right)));
    }
    cells.dedup_by(|next, kept| {
        let same = ids(next) == ids(kept);
        if same {
            kept.right += next.right;
            kept.asked += next.asked;
        }
        same
    });
    Ok(cells)
}

/// Whether the numbers are finite and `right` is part of `asked`, but for rounding.
fn is_count(cell: &ScoredCell) -> bool {
    cell.asked.is_finite() && cell.right >= 0.0 && cell.right <= cell.asked * (1.0 + 1e-9)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn bits(axis: &Axis) -> (u64, u64, Option<u64>) {
        (axis.clusters, axis.effective.to_bits(), axis.variance.map(f64::to_bits))
    }

    /// The groups of one number, from the numbers in order.
    fn by_definition(parts: &[(u32, Contribution)]) -> Axis {
        let mut numbers: Vec<u32> = parts.iter().map(|(number, _)| *number).collect();
        numbers.sort_unstable();
        numbers.dedup();
        let sum = |number: &u32| {
            let group = parts.iter().filter(|(of, _)| of == number);
            group.fold(Contribution::default(), |sum, (_, part)| sum.plus(*part))
        };
        Sums::of(numbers.iter().map(sum)).axis()
    }

    proptest! {
        #[test]
        fn one_pass_groups_like_one_for_each_way_to_the_last_bit(
            parts in prop::collection::vec((0_u32..9, 0_u32..9, -1.0_f64..1.0, 0.0_f64..1.0), 1..60),
            apart in prop::sample::select(vec![1, 1_000_000]),
        ) {
            let part = |(item, rater, residual, share): &(u32, u32, f64, f64)| {
                (*item, rater * apart, Contribution { residual: *residual, share: *share })
            };
            let mut parts: Vec<(u32, u32, Contribution)> = parts.iter().map(part).collect();
            parts.sort_by_key(|(item, rater, _)| (*item, *rater));
            let ways = Ways::of(parts.iter().copied());
            let of = |number: fn(&(u32, u32, Contribution)) -> u32| -> Vec<(u32, Contribution)> {
                parts.iter().map(|of| (number(of), of.2)).collect()
            };
            prop_assert_eq!(bits(&ways.items), bits(&by_definition(&of(|of| of.0))));
            prop_assert_eq!(bits(&ways.raters), bits(&by_definition(&of(|of| of.1))));
            prop_assert_eq!(bits(&ways.cells), bits(&Sums::of(parts.iter().map(|of| of.2)).axis()));
        }
    }
}
