//! Sums over items: what each pattern adds to each figure, laid out to be summed thousands of times.
//!
//! In: the figures and the patterns. Out: the sums of any counts of the patterns, and those without one item.
//! Short rows lie together in blocks of eight sums; long rows, mostly zeros, are kept as their other entries.
//! Every sum is taken in the order of the patterns, so it never depends on threads or on the other figures.

use super::super::patterns::Patterns;
use super::Additive;

/// Sums in a block: as many as fit in registers.
const BLOCK: usize = 8;
/// Figures with more sums than this keep only what is not zero.
const WIDE: usize = 64;

/// What each pattern adds.
pub struct Features {
    patterns: usize,
    /// For each figure, where its sums begin and end.
    spans: Vec<(usize, usize)>,
    /// How many sums lie in blocks; the others come after them.
    narrow: usize,
    /// Block by block, and in each pattern by pattern.
    blocks: Vec<[f64; BLOCK]>,
    /// Where each pattern's entries begin in `entries`.
    starts: Vec<usize>,
    entries: Vec<(u32, f64)>,
    width: usize,
}

impl Features {
    /// Asks each figure what each pattern adds.
    pub fn of(statistics: &[&dyn Additive], patterns: &Patterns) -> Self {
        let categories = patterns.n_categories();
        let widths: Vec<usize> = statistics.iter().map(|statistic| statistic.width(categories)).collect();
        let total = |wide: bool| widths.iter().filter(|&&width| (width > WIDE) == wide).sum::<usize>();
        let narrow = total(false).next_multiple_of(BLOCK);
        let (mut next_narrow, mut next_wide) = (0, narrow);
        let spans: Vec<(usize, usize)> = widths
            .iter()
            .map(|&width| {
                let next = if width > WIDE { &mut next_wide } else { &mut next_narrow };
                *next += width;
                (*next - width, *next)
            })
            .collect();
        let blocks = vec![[0.0; BLOCK]; narrow / BLOCK * patterns.len()];
        let width = narrow + total(true);
        let mut features =
            Self { patterns: patterns.len(), spans, narrow, blocks, starts: vec![0], entries: Vec::new(), width };
        features.fill(statistics, patterns);
        features
    }

    fn fill(&mut self, statistics: &[&dyn Additive], patterns: &Patterns) {
        let categories = patterns.n_categories();
        for (number, pattern) in patterns.iter().enumerate() {
            for (statistic, &(start, _)) in statistics.iter().zip(&self.spans) {
                statistic.each_feature(&pattern, categories, &mut |index, value| {
                    let sum = start + index;
                    if sum < self.narrow {
                        self.blocks[sum / BLOCK * self.patterns + number][sum % BLOCK] += value;
                    } else {
                        self.entries.push((sum as u32, value));
                    }
                });
            }
            self.starts.push(self.entries.len());
        }
    }

    /// How many sums there are, of all figures together.
    pub fn width(&self) -> usize {
        self.width
    }

    /// The sums of one figure among all.
    pub fn of_statistic<'a>(&self, sums: &'a [f64], number: usize) -> &'a [f64] {
        &sums[self.spans[number].0..self.spans[number].1]
    }

    /// All sums where each pattern comes up `counts` times.
    pub fn sum(&self, counts: &[f64], sums: &mut [f64]) {
        for (block, into) in sums[..self.narrow].chunks_exact_mut(BLOCK).enumerate() {
            let rows = &self.blocks[block * self.patterns..][..self.patterns];
            let mut added = [0.0; BLOCK];
            for (row, &count) in rows.iter().zip(counts) {
                for (sum, feature) in added.iter_mut().zip(row) {
                    *sum += count * feature;
                }
            }
            into.copy_from_slice(&added);
        }
        sums[self.narrow..].fill(0.0);
        if !self.entries.is_empty() {
            for (number, &count) in counts.iter().enumerate().filter(|&(_, &count)| count > 0.0) {
                self.entries_of(number).iter().for_each(|&(sum, feature)| sums[sum as usize] += count * feature);
            }
        }
    }

    /// Takes one item of a pattern out of the sums.
    pub fn subtract(&self, pattern: usize, sums: &mut [f64]) {
        for (block, into) in sums[..self.narrow].chunks_exact_mut(BLOCK).enumerate() {
            let row = &self.blocks[block * self.patterns + pattern];
            into.iter_mut().zip(row).for_each(|(sum, feature)| *sum -= feature);
        }
        self.entries_of(pattern).iter().for_each(|&(sum, feature)| sums[sum as usize] -= feature);
    }

    /// Puts back, to the bit, what `subtract` changed.
    pub fn restore(&self, pattern: usize, totals: &[f64], sums: &mut [f64]) {
        sums[..self.narrow].copy_from_slice(&totals[..self.narrow]);
        self.entries_of(pattern).iter().for_each(|&(sum, _)| sums[sum as usize] = totals[sum as usize]);
    }

    fn entries_of(&self, pattern: usize) -> &[(u32, f64)] {
        &self.entries[self.starts[pattern]..self.starts[pattern + 1]]
    }
}
