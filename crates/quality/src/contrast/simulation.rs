//! How often contrasts and the watch say that something changed where nothing did, on simulated programmes.
//!
//! In: the shape of two cohorts on the same items. Out: shares of contrasts shown, and alarms. Items and raters have normal
//! effects on the log-odds of a right answer, raters keep theirs for 26 weeks, and items are new each week. The seed is
//! fixed, so every figure printed here can be printed again.
//!
//! 26 weeks of 3,000 programmes each, with a threshold for one alarm of 54 charts in 26 weeks (0.0185 a chart); contrasts at
//! a p-value of .05 / .001: this week against four before, four weeks against four beside others, trend over six weeks.
//!
//! | items × ratings, of raters; share right; sd of items, raters | alarms | week | beside | trend |
//! |---|---|---|---|---|
//! | 12 × 3 of 6; .90; 0, 0 | .0067 | .017 / .0000 | .031 / .0003 | .014 / .0000 |
//! | 12 × 3 of 6; .90; 1, .5 | .0073 | .018 / .0001 | .027 / .0000 | .015 / .0001 |
//! | 12 × 3 of 6; .90; 2, .5 | .0073 | .013 / .0000 | .015 / .0001 | .016 / .0000 |
//! | 2 × 3 of 6; .75; 0, 0 | .0057 | .009 / .0001 | .026 / .0001 | .005 / .0000 |
//! | 4 × 3 of 6; .75; 1, .5 | .0107 | .031 / .0009 | .027 / .0002 | .031 / .0009 |
//! | 12 × 3 of 6; .98; .5, .5 | .0033 | .000 / .0000 | .005 / .0000 | .000 / .0000 |
//! | 40 × 3 of 20; .80; 1, 1 | .0143 | .041 / .0010 | .034 / .0002 | .037 / .0007 |
//! | 40 × 1 of 20; .80; 1, 1 | .0087 | .047 / .0026 | .033 / .0002 | .037 / .0002 |
//! | 100 × 2 of 3; .80; 1, 1 | .0103 | .028 / .0002 | .023 / .0002 | .028 / .0001 |
//!
//! Where one of six raters is replaced every three weeks by one who differs as raters do (sd .5), there are .0180 alarms,
//! and .0667 where that is much (sd 1): something did change then, and the split of the difference says what.

use super::*;
use crate::clustered::ScoredCell;
use crate::drift::run_length::normal_threshold;
use crate::drift::watch::{ALLOWANCE, watch};
use crate::random::Random;

/// Items a week, ratings of each, raters, the middle of the log-odds, and the deviations of items and raters.
type Shape = (u32, u32, u32, f64, [f64; 2]);

fn normal(random: &mut Random) -> f64 {
    let radius = (-2.0 * (1.0 - random.unit()).ln()).sqrt();
    radius * (std::f64::consts::TAU * random.unit()).cos()
}

/// 26 weeks of a cohort in which nothing changes.
fn drawn((items, each, raters, middle, [of_items, of_raters]): Shape, random: &mut Random) -> Vec<AnswerSums> {
    let skills: Vec<f64> = (0..raters).map(|_| of_raters * normal(random)).collect();
    let week = |_| {
        let mut cells = Vec::new();
        for item in 0..items {
            let (ease, first) = (of_items * normal(random), random.below(u64::from(raters)) as u32);
            let mut chosen: Vec<u32> = (0..each).map(|next| (first + next) % raters).collect();
            chosen.sort_unstable();
            for rater in chosen {
                let chance = 1.0 / (1.0 + (-middle - ease - skills[rater as usize]).exp());
                let right = f64::from(u8::from(random.unit() < chance));
                cells.push(ScoredCell { item, rater, right, asked: 1.0 });
            }
        }
        AnswerSums::of(&cells)
    };
    (0..26).map(week).collect()
}

/// Alarms, and weekly contrasts shown at .05 and at .001, in so many programmes.
fn said(shape: Shape, programmes: u64) -> (usize, [usize; 2]) {
    let threshold = normal_threshold(26.0 * 54.0, ALLOWANCE).unwrap();
    let (mut alarms, mut shown) = (0, [0; 2]);
    for programme in 0..programmes {
        let weeks = drawn(shape, &mut Random::stream(7, programme));
        let watched = watch(&weeks, threshold);
        alarms += watched.iter().filter(|week| week.alarm.is_some()).count();
        for place in [9, 17, 25] {
            let before = AnswerSums::joined(weeks[place - 4..place].iter());
            let sides = [(1.0, &weeks[place]), (-1.0, &before)];
            let sides = sides.map(|(coefficient, sums)| ContrastSide { coefficient, sums });
            let found = contrast(&[&sides], &[], &watched[place].effect, 0.95).unwrap();
            for (count, risk) in shown.iter_mut().zip([0.05, 0.001]) {
                *count += usize::from(found.p_value < risk);
            }
        }
    }
    (alarms, shown)
}

/// Of 600 programmes a chart may ring 11 times, and 1,800 contrasts may be shown 90 times, and twice; chance adds to that.
#[test]
fn nothing_is_said_more_often_than_allowed_where_nothing_changed() {
    for shape in [
        (12, 3, 6, 2.2, [0.0, 0.0]),
        (12, 3, 6, 2.6, [1.0, 0.5]),
        (4, 3, 6, 1.1, [1.0, 0.5]),
        (40, 3, 20, 1.8, [1.0; 2]),
    ] {
        let (alarms, shown) = said(shape, 600);
        assert!(alarms <= 17 && shown[0] <= 110 && shown[1] <= 6, "{shape:?}: {alarms}, {shown:?}");
    }
}
