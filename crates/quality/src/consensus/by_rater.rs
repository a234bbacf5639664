//! Raters from labels: every rater's expected counts, and from them the chances of their answers.
//!
//! In: the ratings and the posteriors of their items. Out: the chances, by rater, given and true category.
//! Ratings are held a second time, by groups of raters and then by item: the counts of a group stay in the cache while
//! the posteriors stream by, and no two threads write to one rater. Each rater's counts are added up in the order of
//! items whatever the groups, so their bits depend on the table alone. Never looks at gold.

use super::super::table::{Coded, Table};
use super::Consensus;
use super::rows::{add, at_width};
use rayon::prelude::*;

/// Cells of expected counts that stay in a core's first cache: 16 KiB of them.
const CLOSE_CELLS: usize = 2048;
/// The most groups, where raters are few enough for any number: more than cores, so that the work is even.
const MOST_GROUPS: usize = 16;
/// Ratings that are worth a group of their own.
const WORTHWHILE: usize = 4096;

/// How a kind of rater answers.
pub(super) trait RaterModel: Sync {
    /// What describes one rater, kept from one iteration to the next.
    type Parameters: Send;

    /// Turns a rater's expected counts, given × true category, into the chance of each given category when the true
    /// one is known, in place. `totals` are the counts' sums for each true category.
    ///
    /// A cell with a count must get a chance above zero: then every item has a category that its ratings allow.
    /// The expected log-likelihood of the counts must not fall: then neither does that of the ratings.
    fn estimate(&self, parameters: &mut Self::Parameters, counts: &mut [f64], totals: &[f64]);
}

/// The ratings by groups of raters, and by item within a group.
pub(super) struct ByRater {
    raters_of_group: usize,
    starts: Vec<usize>,
    ratings: Vec<InGroup>,
}

/// A rating within its group.
#[derive(Clone, Copy, Default)]
struct InGroup {
    item: u32,
    /// The rater's place in the group times the number of categories, plus the category given.
    row: u32,
}

impl ByRater {
    /// The same ratings in another order.
    pub fn of(table: &Table) -> Self {
        let (raters, categories) = (table.n_raters(), table.n_categories());
        let groups = table.ratings().len().div_ceil(WORTHWHILE).clamp(1, MOST_GROUPS);
        let raters_of_group = raters.div_ceil(groups).min(CLOSE_CELLS / (categories * categories)).max(1);
        let group = |rating: &Coded| rating.rater as usize / raters_of_group;
        let mut starts = vec![0; raters.div_ceil(raters_of_group) + 1];
        table.ratings().iter().for_each(|rating| starts[group(rating) + 1] += 1);
        (1..starts.len()).for_each(|next| starts[next] += starts[next - 1]);
        let mut ends = starts.clone();
        let mut ratings = vec![InGroup::default(); table.ratings().len()];
        for rating in table.ratings() {
            let row = rating.rater as usize % raters_of_group * categories + rating.category as usize;
            let end = &mut ends[group(rating)];
            ratings[*end] = InGroup { item: rating.item, row: row as u32 };
            *end += 1;
        }
        Self { raters_of_group, starts, ratings }
    }

    /// The chances of all raters, from the posteriors.
    pub fn maximise<M: RaterModel>(&self, model: &M, parameters: &mut [M::Parameters], consensus: &mut Consensus) {
        let (group, q) = (self.raters_of_group, consensus.categories);
        let posterior = &consensus.posterior;
        let chances = consensus.chances.par_chunks_mut(group * q * q);
        let effective = consensus.effective.par_chunks_mut(group * q);
        let groups = chances.zip(effective).zip(parameters.par_chunks_mut(group)).enumerate();
        groups.for_each(|(number, ((counts, totals), parameters))| {
            let ratings = &self.ratings[self.starts[number]..self.starts[number + 1]];
            at_width!(q, |q| count(ratings, posterior, counts, q));
            totals.fill(0.0);
            let raters = counts.chunks_exact_mut(q * q).zip(totals.chunks_exact_mut(q)).zip(parameters);
            for ((counts, totals), parameters) in raters {
                counts.chunks_exact(q).for_each(|row| add(totals, row));
                model.estimate(parameters, counts, totals);
            }
        });
    }
}

/// Expected counts of a group's raters, given × true category.
#[inline(always)]
fn count(ratings: &[InGroup], posterior: &[f64], counts: &mut [f64], q: usize) {
    counts.fill(0.0);
    for rating in ratings {
        add(&mut counts[rating.row as usize * q..][..q], &posterior[rating.item as usize * q..][..q]);
    }
}
