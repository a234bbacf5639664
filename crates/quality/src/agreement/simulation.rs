//! Coverage of the intervals of agreement, on simulated items whose true coefficients are known.
//!
//! In: a population of items, the raters who read them, and how many items are drawn. Out: how often each rule's
//! interval holds the truth, which is the coefficient of these raters over endlessly many such items.
//! The seed is fixed, so every figure printed here can be printed again.

use super::{Averaging, Coefficient, IntervalRule, Level};
use crate::bootstrap::Additive;
use crate::patterns::{Count, Pattern, Patterns};
use crate::random::Random;
use crate::weights::{Weighting, Weights};
use rayon::prelude::*;

const SEED: u64 = 20_261_128;
/// Coverage of two-sided intervals, and of those whose bounds are one-sided at 95 %.
const LEVELS: [f64; 2] = [0.95, 0.9];
/// Items that stand for endlessly many.
const ENDLESS: f64 = 1e12;
/// One item in four is hard: all raters are right on it less often by this much.
const HARD: (f64, f64) = (0.25, 0.35);
/// The first rater is right less often than the middle one by this much, the last more often.
const APART: f64 = 0.04;

/// Items, and raters who are right with some chance, and else say another category.
#[derive(Clone, Copy)]
struct Population {
    level: Level,
    /// How often each category is the true one.
    shares: &'static [f64],
    raters: u32,
    /// How often the middle rater is right on an item that is not hard.
    skill: f64,
}

impl Population {
    fn categories(&self) -> usize {
        self.shares.len()
    }

    fn weights(&self) -> Weights {
        let kind = if self.level == Level::Nominal { Weighting::Identity } else { Weighting::Quadratic };
        Weights::of(kind, self.categories())
    }

    /// The chance of an answer. Wrong answers are spread evenly over a nominal scale; on an ordinal one, each step
    /// away makes an answer three times as rare.
    fn chance(&self, truth: usize, is_hard: bool, rater: u32, given: usize) -> f64 {
        let place = 2.0 * f64::from(rater) / f64::from(self.raters - 1) - 1.0;
        let right = self.skill + APART * place - if is_hard { HARD.1 } else { 0.0 };
        if given == truth {
            return right;
        }
        let pull = |category: usize| match self.level {
            Level::Nominal => 1.0,
            _ => 3.0_f64.powi(-(category.abs_diff(truth) as i32)),
        };
        let others: f64 = (0..self.categories()).filter(|category| *category != truth).map(pull).sum();
        (1.0 - right) * pull(given) / others
    }

    /// A coefficient over endlessly many items: its sums over every way in which one can be rated, by its chance.
    fn truth(&self, coefficient: &Coefficient<'_>) -> f64 {
        let q = self.categories();
        let mut sums = vec![0.0; coefficient.width(q)];
        for way in 0..q.pow(self.raters) {
            let given: Vec<usize> = (0..self.raters).map(|rater| way / q.pow(rater) % q).collect();
            let counts: Vec<Count> = (0..q)
                .map(|category| (category, given.iter().filter(|of| **of == category).count() as u32))
                .filter(|(_, ratings)| *ratings > 0)
                .map(|(category, ratings)| Count { category: category as u32, ratings })
                .collect();
            let pattern = Pattern { counts: &counts, ratings: u64::from(self.raters), items: 1 };
            let chance = ENDLESS * self.chance_of(&given);
            coefficient.each_feature(&pattern, q, &mut |index, value| sums[index] += chance * value);
        }
        coefficient.value(&sums, q).unwrap()
    }

    /// The chance that an item is rated so, rater by rater.
    fn chance_of(&self, given: &[usize]) -> f64 {
        let of_kind = |truth: usize, is_hard: bool| -> f64 {
            let raters = (0..self.raters).zip(given);
            raters.map(|(rater, given)| self.chance(truth, is_hard, rater, *given)).product()
        };
        let of_truth = |(truth, share): (usize, &f64)| {
            share * (HARD.0 * of_kind(truth, true) + (1.0 - HARD.0) * of_kind(truth, false))
        };
        self.shares.iter().enumerate().map(of_truth).sum()
    }

    fn draw(&self, items: usize, random: &mut Random) -> Patterns {
        let q = self.categories();
        let pick = |random: &mut Random, chance: &dyn Fn(usize) -> f64| {
            let mut left = random.unit();
            let passed = |category: &usize| {
                left -= chance(*category);
                left < 0.0
            };
            (0..q).find(passed).unwrap_or(q - 1)
        };
        let drawn = (0..items).map(|_| {
            let truth = pick(random, &|category| self.shares[category]);
            let is_hard = random.unit() < HARD.0;
            let given = |rater| pick(random, &|category| self.chance(truth, is_hard, rater, category)) as u32;
            (0..self.raters).map(given).collect::<Vec<_>>()
        });
        Patterns::of(q, drawn.collect::<Vec<_>>())
    }
}

/// Two bounds; none where a rule has none for a draw.
type Bounds = Option<(f64, f64)>;

/// Shares of the draws, in %: whose interval holds the truth, whose one-sided lower bound is too high, whose upper one
/// is too low; and the mean width of the interval.
#[derive(Clone, Copy, Debug, Default)]
struct Coverage {
    held: f64,
    lower: f64,
    upper: f64,
    width: f64,
}

impl Coverage {
    /// Draws without an interval, which have no coefficient either, are left out.
    fn of(truth: f64, draws: impl Iterator<Item = [Bounds; 2]>) -> Self {
        let (mut sum, mut n) = (Self::default(), 0.0);
        for [both, one_sided] in draws {
            let (Some(both), Some(one_sided)) = (both, one_sided) else { continue };
            let is = |holds: bool| 100.0 * f64::from(u8::from(holds));
            n += 1.0;
            sum.held += is(both.0 <= truth && truth <= both.1);
            sum.lower += is(one_sided.0 > truth);
            sum.upper += is(one_sided.1 < truth);
            sum.width += both.1 - both.0;
        }
        Self { held: sum.held / n, lower: sum.lower / n, upper: sum.upper / n, width: sum.width / n }
    }
}

impl std::fmt::Display for Coverage {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(to, "{:5.1} {:4.1} {:4.1} {:.2}", self.held, self.lower, self.upper, self.width)
    }
}

impl Population {
    /// Coverage of raw agreement, alpha and AC by each rule.
    fn coverage(&self, items: usize, draws: u64, rules: &[IntervalRule]) -> [Vec<Coverage>; 3] {
        let weights = self.weights();
        let alpha = Coefficient::Alpha { level: self.level, numbers: &[] };
        let coefficients = [Coefficient::Percent(Averaging::Items), alpha, Coefficient::Gwet(&weights)];
        let draw = |number: u64| -> Vec<Vec<[Bounds; 2]>> {
            let patterns = self.draw(items, &mut Random::stream(SEED, number));
            let of_rule = |rule: &IntervalRule| {
                let found = coefficients.iter().map(|of| of.estimates_by(*rule, &patterns, LEVELS));
                found.map(|of| of.map(|of| of.ok().map(|of| (of.low, of.high)))).collect()
            };
            rules.iter().map(of_rule).collect()
        };
        let drawn: Vec<Vec<Vec<[Bounds; 2]>>> = (0..draws).into_par_iter().map(draw).collect();
        std::array::from_fn(|figure| {
            let truth = self.truth(&coefficients[figure]);
            let of_rule = |rule: usize| Coverage::of(truth, drawn.iter().map(|draw| draw[rule][figure]));
            (0..rules.len()).map(of_rule).collect()
        })
    }
}

const COMMON: [(Level, &[f64]); 2] =
    [(Level::Nominal, &[0.4, 0.35, 0.25]), (Level::Ordinal, &[0.15, 0.2, 0.3, 0.2, 0.15])];
const RARE: [(Level, &[f64]); 2] =
    [(Level::Nominal, &[0.9, 0.07, 0.03]), (Level::Ordinal, &[0.85, 0.08, 0.04, 0.02, 0.01])];

/// Prints the table of coverage: `cargo test --release coverage_of_agreement -- --ignored --nocapture`, a line for each
/// population: coverage, how often the one-sided lower and upper bounds miss (nominally 5), and width, in this order.
///
/// Coverage in % on average and at the lowest over two and five raters of two skills, and mean width:
///
/// ```text
///                      items | linearised     | BCa            | ABC
/// raw   nominal common  30 | 93.8 90.5 0.27 | 95.1 94.5 0.25 | 97.1 96.3 0.28
/// raw   nominal common  50 | 94.1 92.1 0.21 | 94.7 94.1 0.20 | 96.4 95.2 0.21
/// raw   nominal common 100 | 94.6 94.1 0.14 | 95.2 94.8 0.14 | 95.4 94.8 0.14
/// raw   nominal rare    30 | 94.1 90.0 0.27 | 95.4 94.7 0.25 | 97.3 96.2 0.28
/// raw   nominal rare    50 | 94.1 91.6 0.21 | 95.2 95.0 0.20 | 96.7 95.5 0.21
/// raw   nominal rare   100 | 94.7 94.0 0.14 | 95.2 94.9 0.14 | 95.6 94.8 0.14
/// raw   ordinal common  30 | 93.9 91.0 0.27 | 94.9 94.3 0.26 | 96.5 96.0 0.28
/// raw   ordinal common  50 | 93.9 91.9 0.21 | 94.5 94.0 0.20 | 95.3 95.0 0.21
/// raw   ordinal common 100 | 95.0 94.7 0.14 | 95.1 94.5 0.14 | 95.7 95.4 0.15
/// raw   ordinal rare    30 | 94.1 90.6 0.27 | 95.3 94.6 0.26 | 97.2 96.2 0.28
/// raw   ordinal rare    50 | 94.1 91.9 0.21 | 95.1 94.8 0.20 | 96.7 95.8 0.21
/// raw   ordinal rare   100 | 94.7 94.6 0.14 | 95.0 94.9 0.14 | 95.7 95.3 0.14
/// alpha nominal common  30 | 94.6 93.9 0.42 | 95.5 94.7 0.39 | 97.0 96.0 0.41
/// alpha nominal common  50 | 94.6 94.0 0.32 | 95.0 94.5 0.30 | 95.8 95.3 0.32
/// alpha nominal common 100 | 94.9 94.4 0.22 | 95.2 94.6 0.22 | 95.6 95.2 0.22
/// alpha nominal rare    30 | 90.5 88.2 0.53 | 93.0 90.8 0.53 | 93.5 91.2 0.53
/// alpha nominal rare    50 | 92.5 91.5 0.41 | 94.9 93.3 0.41 | 95.5 93.8 0.42
/// alpha nominal rare   100 | 93.8 92.7 0.29 | 95.2 93.5 0.29 | 95.5 94.1 0.29
/// alpha ordinal common  30 | 89.9 84.4 0.35 | 92.2 89.1 0.35 | 93.7 90.5 0.38
/// alpha ordinal common  50 | 91.6 87.3 0.27 | 93.3 91.3 0.27 | 94.2 92.4 0.28
/// alpha ordinal common 100 | 93.3 90.3 0.19 | 94.5 92.6 0.19 | 95.0 93.3 0.19
/// alpha ordinal rare    30 | 92.2 91.3 0.60 | 95.8 92.7 0.59 | 96.6 94.2 0.61
/// alpha ordinal rare    50 | 93.7 93.3 0.47 | 95.8 94.8 0.45 | 96.5 95.3 0.47
/// alpha ordinal rare   100 | 94.4 94.3 0.33 | 95.4 95.0 0.32 | 95.8 95.4 0.33
/// AC    nominal common  30 | 93.9 91.0 0.41 | 95.4 94.7 0.39 | 97.1 96.3 0.41
/// AC    nominal common  50 | 94.1 92.2 0.31 | 95.0 94.4 0.30 | 96.2 95.5 0.31
/// AC    nominal common 100 | 94.9 94.2 0.22 | 95.2 95.0 0.21 | 95.6 95.4 0.22
/// AC    nominal rare    30 | 93.9 91.8 0.39 | 95.5 94.3 0.38 | 97.2 95.9 0.40
/// AC    nominal rare    50 | 94.0 93.2 0.30 | 95.0 94.4 0.29 | 96.1 95.4 0.30
/// AC    nominal rare   100 | 94.5 94.2 0.21 | 94.8 94.5 0.21 | 95.5 95.2 0.21
/// AC    ordinal common  30 | 84.8 78.8 0.24 | 88.6 83.3 0.25 | 90.5 84.2 0.28
/// AC    ordinal common  50 | 88.3 83.0 0.19 | 91.6 89.6 0.20 | 93.2 92.2 0.21
/// AC    ordinal common 100 | 91.2 88.2 0.14 | 93.1 90.7 0.14 | 93.7 91.7 0.14
/// AC    ordinal rare    30 | 87.1 80.4 0.15 | 90.5 86.5 0.17 | 92.3 87.8 0.19
/// AC    ordinal rare    50 | 89.8 85.3 0.12 | 92.3 90.8 0.13 | 93.9 93.0 0.14
/// AC    ordinal rare   100 | 92.0 89.2 0.09 | 93.7 92.6 0.09 | 94.3 93.1 0.09
/// ```
///
/// At worst, over all of it, the one-sided lower bound is too high in 25.8 % (linearised), 15.0 % (BCa) and 14.8 % (ABC)
/// of the draws, for AC2; the upper one too low in 12.7, 8.8 and 9.0 %, for alpha.
#[test]
#[ignore = "takes minutes; its figures are quoted above"]
fn coverage_of_agreement() {
    let bootstrap = IntervalRule::Bootstrap { replicates: 2000, seed: SEED };
    let rules = [IntervalRule::Linearised, bootstrap, IntervalRule::Abc];
    for (shares, of) in [("common", COMMON), ("rare", RARE)] {
        for (level, shares_of) in of {
            for (raters, skill) in [(2, 0.8), (2, 0.95), (5, 0.8), (5, 0.95)] {
                let population = Population { level, shares: shares_of, raters, skill };
                for items in [30, 50, 100] {
                    let figures = population.coverage(items, 4000, &rules);
                    for (name, found) in ["raw", "alpha", "AC"].into_iter().zip(figures) {
                        let columns: Vec<String> = found.iter().map(ToString::to_string).collect();
                        let level = level.name();
                        println!(
                            "{name:5} | {level} {shares:6} {raters} {skill:.2} {items:3} | {}",
                            columns.join(" | ")
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn the_interval_holds_the_truth_where_the_linearised_one_does_not() {
    let population = Population { level: Level::Nominal, shares: RARE[0].1, raters: 2, skill: 0.95 };
    for found in population.coverage(30, 600, &[IntervalRule::Linearised, IntervalRule::Abc]) {
        let [linearised, abc] = found[..] else { panic!("two rules, two coverages") };
        assert!(abc.held > 93.0, "{abc:?}");
        assert!(linearised.held < abc.held - 1.0, "{linearised:?} {abc:?}");
        assert!(abc.width < 1.15 * linearised.width, "{linearised:?} {abc:?}");
    }
}
