//! Coverage of the intervals on simulated cohorts whose true accuracy is known.
//!
//! In: the shape of a cohort and how much items and raters differ. Out: how often the interval holds the truth.
//! Items and raters have normal effects on the log-odds of a right answer; the truth is the mean over both.
//! The seed is fixed, so every figure printed here can be printed again.

use super::{ScoredCell, ratio};

/// One simulated cohort.
#[derive(Clone, Copy)]
pub(super) struct Cohort {
    pub items: u32,
    pub raters: u32,
    /// Raters an item, drawn anew for each item.
    pub each: u32,
    /// How much more work each rater takes than the next, 1 for equal loads.
    pub tilt: f64,
    /// Standard deviations of the effects of items and of raters.
    pub spread: (f64, f64),
    /// The true accuracy.
    pub truth: f64,
}

/// Shares of the replicates that miss, and the mean width of the two-sided interval.
#[derive(Debug, Default)]
struct Coverage {
    two_sided: f64,
    lower: f64,
    upper: f64,
    width: f64,
}

/// SplitMix64 (Steele, Lea and Flood 2014).
pub(super) struct Random(pub u64);

impl Random {
    pub fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Box and Muller's normal.
    pub fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.uniform()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.uniform()).cos()
    }
}

impl std::fmt::Display for Coverage {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [two_sided, lower, upper] = [self.two_sided, self.lower, self.upper].map(|share| 100.0 * share);
        write!(to, " {two_sided:5.1} {lower:4.1} {upper:4.1} {:.2} ", self.width)
    }
}

fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

impl Cohort {
    /// The mean of the logistic over both effects.
    fn accuracy_at(&self, middle: f64) -> f64 {
        let deviation = self.spread.0.hypot(self.spread.1);
        let steps = (-200..=200).map(|step| f64::from(step) / 25.0);
        let weighted = steps.map(|z| ((-z * z / 2.0).exp(), logistic(middle + deviation * z)));
        let (weights, total) = weighted.fold((0.0, 0.0), |(w, t), (weight, p)| (w + weight, t + weight * p));
        total / weights
    }

    /// The log-odds at which the accuracy is the truth, by bisection.
    pub fn middle(&self) -> f64 {
        let (mut low, mut high) = (-20.0, 20.0);
        for _ in 0..60 {
            let middle = f64::midpoint(low, high);
            if self.accuracy_at(middle) < self.truth { low = middle } else { high = middle }
        }
        low
    }

    /// Draws one set of cells.
    pub fn draw(&self, middle: f64, random: &mut Random) -> Vec<ScoredCell> {
        let skills: Vec<f64> = (0..self.raters).map(|_| self.spread.1 * random.normal()).collect();
        let mut cells = Vec::new();
        for item in 0..self.items {
            let ease = middle + self.spread.0 * random.normal();
            for rater in self.assigned(random) {
                let is_right = random.uniform() < logistic(ease + skills[rater as usize]);
                cells.push(ScoredCell { item, rater, right: f64::from(u8::from(is_right)), asked: 1.0 });
            }
        }
        cells
    }

    /// The raters of one item: the first `each` of a random order that favours the busy ones.
    fn assigned(&self, random: &mut Random) -> Vec<u32> {
        let key = |rater: u32, random: &mut Random| -(1.0 - random.uniform()).ln() * self.tilt.powi(rater as i32);
        let mut order: Vec<(f64, u32)> = (0..self.raters).map(|rater| (key(rater, random), rater)).collect();
        order.sort_by(|a, b| a.0.total_cmp(&b.0));
        order.into_iter().take(self.each as usize).map(|(_, rater)| rater).collect()
    }

    fn coverage(&self, replicates: u32) -> Coverage {
        let (middle, mut random) = (self.middle(), Random(20_260_101));
        let mut sum = Coverage::default();
        for _ in 0..replicates {
            let found = ratio(&self.draw(middle, &mut random), 0.95).unwrap();
            let inside = found.estimate.low <= self.truth && self.truth <= found.estimate.high;
            sum.two_sided += f64::from(u8::from(inside));
            sum.lower += f64::from(u8::from(found.lower > self.truth));
            sum.upper += f64::from(u8::from(found.upper < self.truth));
            sum.width += found.estimate.high - found.estimate.low;
        }
        let n = f64::from(replicates);
        Coverage { two_sided: sum.two_sided / n, lower: sum.lower / n, upper: sum.upper / n, width: sum.width / n }
    }
}

/// Shapes: items, raters, raters an item, tilt.
const SHAPES: [(u32, u32, u32, f64); 10] = [
    (100, 2, 2, 1.0),
    (20, 3, 3, 1.0),
    (30, 4, 4, 1.0),
    (60, 5, 2, 1.0),
    (40, 6, 6, 1.0),
    (200, 8, 1, 1.0),
    (120, 12, 3, 1.5),
    (100, 20, 20, 1.0),
    (300, 20, 2, 1.3),
    (177, 34, 10, 1.0),
];

/// Prints coverage, and the shares (in %) of lower and upper one-sided bounds at 95 % that miss, and the width:
/// `cargo test --release -- --ignored --nocapture coverage_table`. Some of its lines, with 2,000 replicates; the
/// columns are the standard deviations of items and of raters on the log-odds.
///
/// ```text
/// items x raters, raters an item | truth | none                 | 1 and 0.5            | 0.5 and 1
/// 100 x  2,  2                   | 0.90  | 100.0  0.0  0.0 0.80 | 100.0  0.0  0.0 0.83 | 100.0  0.0  0.2 0.85
///  20 x  3,  3                   | 0.75  |  99.8  0.0  0.9 0.54 |  99.4  0.0  1.7 0.58 |  99.0  0.0  2.0 0.71
///  20 x  3,  3                   | 0.98  |  99.9  0.0  1.1 0.59 |  99.9  0.0  1.1 0.59 | 100.0  0.0  0.7 0.59
///  40 x  6,  6                   | 0.75  |  99.4  0.9  1.3 0.16 |  97.0  3.8  3.2 0.23 |  96.2  5.5  2.2 0.36
///  40 x  6,  6                   | 0.90  |  99.8  0.0  1.1 0.12 |  99.3  0.0  2.2 0.15 |  99.5  0.0  1.2 0.22
///  40 x  6,  6                   | 0.98  |  99.5  0.0  0.9 0.14 |  99.7  0.0  1.4 0.14 |  99.9  0.0  1.6 0.15
/// 100 x 20, 20                   | 0.75  |  97.2  3.2  3.6 0.04 |  96.0  4.5  3.8 0.10 |  95.2  5.2  3.1 0.16
/// 100 x 20, 20                   | 0.90  |  98.0  3.4  3.3 0.03 |  95.7  5.1  3.2 0.06 |  94.5  6.8  2.8 0.09
/// 100 x 20, 20                   | 0.98  |  98.6  0.0  3.0 0.03 |  98.6  0.0  2.9 0.03 |  98.8  0.0  2.5 0.03
/// 177 x 34, 10                   | 0.75  |  97.4  3.5  3.0 0.05 |  95.8  4.2  4.2 0.08 |  96.4  4.3  3.3 0.12
/// 177 x 34, 10                   | 0.90  |  96.8  3.7  3.1 0.03 |  95.1  5.4  4.0 0.05 |  95.5  5.9  2.8 0.07
/// 177 x 34, 10                   | 0.98  |  98.9  3.8  2.7 0.02 |  97.8  4.3  4.0 0.02 |  98.7  6.6  2.9 0.02
/// ```
#[test]
#[ignore = "takes a minute; its figures are quoted above"]
fn coverage_table() {
    for (items, raters, each, tilt) in SHAPES {
        for truth in [0.75, 0.9, 0.98] {
            let cohort = |spread| Cohort { items, raters, each, tilt, spread, truth };
            let columns = [(0.0, 0.0), (1.0, 0.5), (2.0, 0.3), (0.5, 1.0)].map(|spread| cohort(spread).coverage(2000));
            println!(
                "{items:3} x {raters:2}, {each:2}, {tilt} | {truth:.2} |{}",
                columns.map(|c| c.to_string()).join("|")
            );
        }
    }
    for (items, truth, spread) in [(60, 0.75, 0.0), (60, 0.9, 1.0), (60, 0.98, 2.0)] {
        let cohort = Cohort { items, raters: 1, each: 1, tilt: 1.0, spread: (spread, 0.0), truth };
        println!("{items:3} x  1 | {truth:.2} | {spread} |{}", cohort.coverage(2000));
    }
}

#[test]
fn the_nominal_95_percent_is_kept_for_a_usual_cohort() {
    let cohort = Cohort { items: 40, raters: 6, each: 6, tilt: 1.0, spread: (1.0, 0.5), truth: 0.9 };
    let found = cohort.coverage(400);
    assert!(found.two_sided >= 0.93 && found.lower <= 0.08 && found.upper <= 0.08, "{found:?}");
}

/// Prints how often the lower bound is too high when a rare kind of rater matters: one in ten is right half the
/// time, the others 99 times in 100.
#[test]
#[ignore = "documents what the interval cannot cover; its figures are quoted at `ratio`"]
fn rare_raters_table() {
    let mut random = Random(11);
    for raters in [6, 12, 20] {
        let mut too_high = 0;
        for _ in 0..2000 {
            let skills: Vec<f64> = (0..raters).map(|_| if random.uniform() < 0.1 { 0.5 } else { 0.99 }).collect();
            let pairs = (0..100).flat_map(|item| (0..raters).map(move |rater| (item, rater)));
            let right =
                |rater: u32, random: &mut Random| f64::from(u8::from(random.uniform() < skills[rater as usize]));
            let cells: Vec<ScoredCell> = pairs
                .map(|(item, rater)| ScoredCell { item, rater, right: right(rater, &mut random), asked: 1.0 })
                .collect();
            too_high += u32::from(ratio(&cells, 0.95).unwrap().lower > 0.99 * 0.9 + 0.5 * 0.1);
        }
        println!("100 x {raters:2}: {:.1} %", f64::from(too_high) / 20.0);
    }
}

/// Plans gold from a small cohort's own figures, and looks how often that much gold shows the bar.
#[test]
#[ignore = "takes seconds; at 87 planned items it was shown 78.5 times in 100"]
fn planned_gold_decides() {
    let small = Cohort { items: 60, raters: 20, each: 6, tilt: 1.0, spread: (1.0, 0.3), truth: 0.9 };
    let (middle, mut random) = (small.middle(), Random(3));
    let mut plans: Vec<u64> = (0..500)
        .filter_map(|_| {
            let gold = ratio(&small.draw(middle, &mut random), 0.95).unwrap().gold;
            crate::bar::items_to_decide(small.truth, 0.85, 0.95, &gold)
        })
        .collect();
    plans.sort_unstable();
    let planned = plans[plans.len() / 2];
    let large = Cohort { items: planned as u32, ..small };
    let shown = (0..1000).filter(|_| ratio(&large.draw(middle, &mut random), 0.95).unwrap().lower >= 0.85).count();
    println!("{} plans, median {planned} items: shown {:.1} %", plans.len(), shown as f64 / 10.0);
}
