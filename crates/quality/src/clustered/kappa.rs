//! Cohen's kappa of many raters against gold, with an interval that honours items and raters.
//!
//! In: how often each rater gave which category to an item of which gold. Out: kappa, and bounds from a two-way
//! clustered standard error. The ratings are pooled into one table of gold by answer, as for a single rater.
//! Never tells raters apart in the figure itself.

use super::spread::{Contribution, Ways};
use super::student::TwoWayError;
use crate::agreement::flawless_estimate;
use crate::weights::Weights;
use crate::{Interval, Measured, Undefined, assert_level};

/// How often one rater gave one category to an item, and the item's gold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Answered {
    /// The item, by any number.
    pub item: u32,
    /// The rater, by any number.
    pub rater: u32,
    /// The gold category.
    pub gold: u32,
    /// The category given.
    pub given: u32,
    /// How often.
    pub times: u64,
}

/// The table of gold by answer, as shares.
struct Shares<'a> {
    weights: &'a Weights,
    /// For each gold category, the mean weight of the answers: Σ_l w_kl p_.l.
    of_gold: Vec<f64>,
    /// For each answer, the mean weight of the gold: Σ_k w_kl p_k.
    of_given: Vec<f64>,
    observed: f64,
    expected: f64,
}

/// Weighted kappa against gold, κ = (p_o - p_e) / (1 - p_e), over all raters' answers.
///
/// With w the weights, p_o = Σ w_kl p_kl and p_e = Σ w_kl p_k. p_.l. An answer's influence on kappa is
/// ((w_kl - p_o) - (1 - κ)(w̄_k. + w̄_.l - 2 p_e)) / (1 - p_e); for independent answers its variance is that of Fleiss,
/// Cohen and Everitt 1969. Influences are summed by item, by rater and by cell, and give a two-way variance (Cameron,
/// Gelbach and Miller 2011) with Satterthwaite's degrees of freedom, as in `clustered::ratio`. The bounds are t
/// bounds, cut at -1 and 1.
///
/// Where every answer agrees with gold the bounds are those of flawless agreement (`agreement::flawless_estimate`).
/// Undefined without answers, and when chance alone would agree always (`OneCategory`). Without an interval when nothing
/// varies otherwise (`NoSpread`), or all answers are of one item.
///
/// Panics when `level` is not between 0.5 and 1, or a category is not among the weights'.
pub fn against_gold(answers: &[Answered], weights: &Weights, level: f64) -> Result<Measured, Undefined> {
    assert_level(level);
    let mut answers: Vec<Answered> = answers.iter().filter(|answer| answer.times > 0).copied().collect();
    sort(&mut answers);
    let total = answers.iter().map(|answer| answer.times).sum::<u64>() as f64;
    if answers.is_empty() {
        return Err(Undefined::NoData);
    }
    let shares = Shares::of(&answers, weights, total);
    let kappa = shares.kappa()?;
    let mut items: Vec<u32> = answers.iter().map(|answer| answer.item).collect();
    items.dedup();
    let ways = ways(&answers, &shares, kappa, total);
    Ok(Measured { point: kappa, items: items.len() as u64, interval: interval(kappa, &ways, level) })
}

/// Sorts answers; those that are in order of items and raters already cost least.
fn sort(answers: &mut [Answered]) {
    let cell = |answer: &Answered| (answer.item, answer.rater);
    if answers.is_sorted_by_key(cell) {
        answers.chunk_by_mut(|a, b| cell(a) == cell(b)).for_each(<[Answered]>::sort_unstable);
    } else {
        answers.sort_unstable();
    }
}

impl<'a> Shares<'a> {
    fn of(answers: &[Answered], weights: &'a Weights, total: f64) -> Self {
        let categories = weights.n_categories();
        let (mut gold, mut given) = (vec![0.0; categories], vec![0.0; categories]);
        let mut observed = 0.0;
        for answer in answers {
            let share = answer.times as f64 / total;
            gold[answer.gold as usize] += share;
            given[answer.given as usize] += share;
            observed += share * weights.get(answer.gold as usize, answer.given as usize);
        }
        let mean = |row: usize, shares: &[f64]| weights.row(row).iter().zip(shares).map(|(w, p)| w * p).sum();
        let of_gold: Vec<f64> = (0..categories).map(|category| mean(category, &given)).collect();
        let of_given: Vec<f64> = (0..categories).map(|category| mean(category, &gold)).collect();
        let expected = of_gold.iter().zip(&gold).map(|(w, p)| w * p).sum();
        Self { weights, of_gold, of_given, observed, expected }
    }

    fn kappa(&self) -> Result<f64, Undefined> {
        let room = 1.0 - self.expected;
        if room < 1e-12 { Err(Undefined::OneCategory) } else { Ok((self.observed - self.expected) / room) }
    }

    /// How much one answer moves kappa, times the number of answers.
    fn influence(&self, answer: &Answered, kappa: f64) -> f64 {
        let (gold, given) = (answer.gold as usize, answer.given as usize);
        let agreement = self.weights.get(gold, given) - self.observed;
        let chance = self.of_gold[gold] + self.of_given[given] - 2.0 * self.expected;
        (agreement - (1.0 - kappa) * chance) / (1.0 - self.expected)
    }
}

/// The spread of the influences, a part for each item and rater.
fn ways(answers: &[Answered], shares: &Shares<'_>, kappa: f64, total: f64) -> Ways {
    let part = |cell: &[Answered]| {
        let share = |answer: &Answered| answer.times as f64 / total;
        Contribution {
            residual: cell.iter().map(|answer| share(answer) * shares.influence(answer, kappa)).sum(),
            share: cell.iter().map(share).sum(),
        }
    };
    let cells = answers.chunk_by(|a, b| (a.item, a.rater) == (b.item, b.rater));
    let mut parts = Vec::with_capacity(answers.len());
    parts.extend(cells.map(|cell| (cell[0].item, cell[0].rater, part(cell))));
    Ways::of(parts.into_iter())
}

fn interval(kappa: f64, ways: &Ways, level: f64) -> Result<Interval, Undefined> {
    if ways.items.clusters < 2 {
        return Err(Undefined::OneItem);
    }
    let standard_error = ways.variance().sqrt();
    let degrees = ways.degrees_of_freedom();
    if standard_error < 1e-12 {
        return flawless(kappa, ways.items.clusters, level);
    }
    TwoWayError { point: kappa, standard_error, degrees, n_items: ways.items.clusters }.interval((-1.0, 1.0), level)
}

/// Bounds where every answer agreed with gold; none where nothing varies for another reason.
fn flawless(kappa: f64, items: u64, level: f64) -> Result<Interval, Undefined> {
    let bounds = |level| flawless_estimate(kappa, items, level).ok_or(Undefined::NoSpread);
    let one_sided = bounds(2.0 * level - 1.0)?;
    Ok(Interval { estimate: bounds(level)?, lower: one_sided.low, upper: 1.0, standard_error: 0.0 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::weights::Weighting;

    /// Answers of one rater to as many items as the table counts; rows are gold.
    fn one_rater(table: &[&[u64]]) -> Vec<Answered> {
        let mut answers = Vec::new();
        for (gold, row) in table.iter().enumerate() {
            for (given, times) in row.iter().enumerate() {
                for _ in 0..*times {
                    let item = answers.len() as u32;
                    answers.push(Answered { item, rater: 0, gold: gold as u32, given: given as u32, times: 1 });
                }
            }
        }
        answers
    }

    /// SAS/STAT, PROC FREQ, the skin condition example: 88 patients, kappa .3449 (ASE .0724), linear .5082 (.0655).
    #[test]
    fn independent_answers_have_the_published_standard_error() {
        let table: [&[u64]; 4] = [&[10, 4, 1, 0], &[5, 10, 12, 2], &[2, 4, 12, 5], &[0, 2, 6, 13]];
        for (kind, kappa, error) in [(Weighting::Identity, 0.3449, 0.0724), (Weighting::Linear, 0.5082, 0.0655)] {
            let found = against_gold(&one_rater(&table), &Weights::of(kind, 4), 0.95).unwrap();
            let interval = found.interval.unwrap();
            assert!((found.point - kappa).abs() < 1e-4, "{found:?}");
            // G/(G-1) of 88 clusters is the only difference.
            assert!((interval.standard_error * (87.0_f64 / 88.0).sqrt() - error).abs() < 1e-4, "{found:?}");
            assert!(interval.estimate.low < interval.lower && interval.upper < interval.estimate.high);
        }
    }

    #[test]
    fn raters_who_differ_widen_the_interval() {
        let answer = |item: u32, rater: u32, given: u32| Answered { item, rater, gold: item % 2, given, times: 1 };
        let good = |item: u32| if item.is_multiple_of(10) { 1 - item % 2 } else { item % 2 };
        let alike: Vec<Answered> = (0..400).map(|item| answer(item, item / 100, good(item))).collect();
        let one_bad = alike.iter().map(|a| if a.rater == 0 { answer(a.item, 0, (a.item / 2) % 2) } else { *a });
        let one_bad: Vec<Answered> = one_bad.collect();
        let weights = Weights::of(Weighting::Identity, 2);
        let error =
            |answers: &[Answered]| against_gold(answers, &weights, 0.95).unwrap().interval.unwrap().standard_error;
        assert!(error(&one_bad) > 3.0 * error(&alike), "{} {}", error(&one_bad), error(&alike));
    }

    #[test]
    fn kappa_is_undefined_where_chance_agrees_always_and_flawless_answers_prove_no_more_than_their_number() {
        let weights = Weights::of(Weighting::Identity, 2);
        assert_eq!(against_gold(&[], &weights, 0.95), Err(Undefined::NoData));
        assert_eq!(against_gold(&one_rater(&[&[5, 0], &[0, 0]]), &weights, 0.95), Err(Undefined::OneCategory));
        let perfect = against_gold(&one_rater(&[&[5, 0], &[0, 4]]), &weights, 0.95).unwrap();
        assert!((perfect.point - 1.0).abs() < 1e-12);
        let interval = perfect.interval.unwrap();
        assert_eq!(perfect.items, 9);
        assert!((interval.estimate.low - 0.025_f64.powf(1.0 / 9.0)).abs() < 1e-12, "{interval:?}");
        assert!((interval.lower - 0.05_f64.powf(1.0 / 9.0)).abs() < 1e-12, "{interval:?}");
    }
}
