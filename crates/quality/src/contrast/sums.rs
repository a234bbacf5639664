//! Answers of a span added up, so that spans can be joined and compared without going through their answers again.
//!
//! In: cells in order of items and raters. Out: what was right and asked, by rater too, and sums of squares over items
//! and cells, from which their residuals' squares follow for any share. Spans that are joined have their items apart: an
//! item that is rated in both counts as two.

use crate::clustered::ScoredCell;

/// What was right, and what was asked, by weight.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct AnswerTotal {
    /// Weight that was right.
    pub right: f64,
    /// Weight that was asked.
    pub asked: f64,
}

/// Sums over clusters that are of one span alone.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct ClusterSquares {
    pub clusters: u64,
    right: f64,
    product: f64,
    asked: f64,
}

/// The answers of a span.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AnswerSums {
    pub(super) total: AnswerTotal,
    pub(super) items: ClusterSquares,
    pub(super) cells: ClusterSquares,
    /// By rater, in order of their numbers.
    pub(super) raters: Vec<(u32, AnswerTotal)>,
}

/// Sums of products over the items that two groups of raters rated in one span.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ItemPairs {
    right: f64,
    right_asked: f64,
    asked_right: f64,
    asked: f64,
}

impl AnswerTotal {
    /// Adds others.
    pub fn add(&mut self, other: Self) {
        self.right += other.right;
        self.asked += other.asked;
    }

    /// Right out of asked; none where nothing was asked.
    pub fn share(self) -> Option<f64> {
        (self.asked > 0.0).then(|| (self.right / self.asked).clamp(0.0, 1.0))
    }

    /// What the answers add to the error of a share that is `point`.
    pub(super) fn residual(self, point: f64) -> f64 {
        self.right - point * self.asked
    }

    fn of(cells: &[ScoredCell]) -> Self {
        let mut total = Self::default();
        cells.iter().for_each(|cell| total.add(Self { right: cell.right, asked: cell.asked }));
        total
    }
}

impl ClusterSquares {
    fn add(&mut self, of: AnswerTotal) {
        self.clusters += 1;
        self.right += of.right * of.right;
        self.product += of.right * of.asked;
        self.asked += of.asked * of.asked;
    }

    fn join(&mut self, other: &Self) {
        self.clusters += other.clusters;
        self.right += other.right;
        self.product += other.product;
        self.asked += other.asked;
    }

    /// The sum of squared residuals around a share.
    pub fn residuals(&self, point: f64) -> f64 {
        (self.right - 2.0 * point * self.product + point * point * self.asked).max(0.0)
    }

    /// Σ share² of what was asked.
    pub fn concentration(&self, asked: f64) -> f64 {
        self.asked / (asked * asked)
    }
}

impl AnswerSums {
    /// Adds up cells that are in order of items, then raters; those without anything asked are left out.
    pub fn of(cells: &[ScoredCell]) -> Self {
        let mut sums = Self::default();
        sums.raters.reserve(cells.len());
        for of_item in cells.chunk_by(|a, b| a.item == b.item) {
            let mut item = AnswerTotal::default();
            for of_cell in of_item.chunk_by(|a, b| a.rater == b.rater) {
                let cell = AnswerTotal::of(of_cell);
                if cell.asked > 0.0 {
                    sums.cells.add(cell);
                    sums.raters.push((of_cell[0].rater, cell));
                    item.add(cell);
                }
            }
            if item.asked > 0.0 {
                sums.items.add(item);
                sums.total.add(item);
            }
        }
        sums.merge_raters();
        sums
    }

    /// Takes the answers of another span along.
    pub fn join(&mut self, other: &Self) {
        self.total.add(other.total);
        self.items.join(&other.items);
        self.cells.join(&other.cells);
        self.raters.extend_from_slice(&other.raters);
        self.merge_raters();
    }

    /// The answers of several spans.
    pub fn joined<'a>(spans: impl Iterator<Item = &'a Self>) -> Self {
        let mut joined = Self::default();
        for span in spans {
            joined.total.add(span.total);
            joined.items.join(&span.items);
            joined.cells.join(&span.cells);
            joined.raters.extend_from_slice(&span.raters);
        }
        joined.merge_raters();
        joined
    }

    /// What was right, and asked.
    pub fn total(&self) -> AnswerTotal {
        self.total
    }

    /// Items, each once for every span it was rated in.
    pub fn items(&self) -> u64 {
        self.items.clusters
    }

    /// Raters.
    pub fn raters(&self) -> u64 {
        self.raters.len() as u64
    }

    fn merge_raters(&mut self) {
        // Lists that were put one behind the other are only merged, and keep their order within a rater.
        self.raters.sort_by_key(|(rater, _)| *rater);
        self.raters.dedup_by(|next, kept| {
            let is_same = next.0 == kept.0;
            if is_same {
                kept.1.add(next.1);
            }
            is_same
        });
    }
}

impl ItemPairs {
    /// Adds an item that both groups rated.
    pub fn add(&mut self, first: AnswerTotal, second: AnswerTotal) {
        self.right += first.right * second.right;
        self.right_asked += first.right * second.asked;
        self.asked_right += first.asked * second.right;
        self.asked += first.asked * second.asked;
    }

    /// Takes the items of another span along.
    pub fn join(&mut self, other: &Self) {
        self.right += other.right;
        self.right_asked += other.right_asked;
        self.asked_right += other.asked_right;
        self.asked += other.asked;
    }

    /// Σ of the products of both groups' residuals around their shares.
    pub(super) fn residuals(&self, first: f64, second: f64) -> f64 {
        self.right - second * self.right_asked - first * self.asked_right + first * second * self.asked
    }
}
