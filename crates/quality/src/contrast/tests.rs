//! Tests of contrasts: reference values, and what must hold whatever the answers.

use super::*;
use crate::clustered::ScoredCell;
use crate::drift::watch::watch;
use proptest::prelude::*;

/// Right or wrong by item and rater, in three weeks of four items each.
const WEEKS: [[(u32, u32, u8); 8]; 3] = [
    [(1, 1, 1), (1, 2, 1), (2, 1, 1), (2, 3, 0), (3, 2, 1), (3, 3, 1), (4, 1, 1), (4, 2, 1)],
    [(5, 1, 1), (5, 3, 1), (6, 2, 0), (6, 3, 1), (7, 1, 1), (7, 2, 1), (8, 1, 1), (8, 3, 1)],
    [(9, 1, 0), (9, 2, 0), (10, 2, 1), (10, 3, 0), (11, 1, 1), (11, 3, 0), (12, 1, 0), (12, 2, 1)],
];

fn cells(of: &[(u32, u32, u8)]) -> Vec<ScoredCell> {
    let cell = |(item, rater, right): &(u32, u32, u8)| ScoredCell {
        item: *item,
        rater: *rater,
        right: f64::from(*right),
        asked: 1.0,
    };
    of.iter().map(cell).collect()
}

fn weeks() -> Vec<AnswerSums> {
    WEEKS.iter().map(|week| AnswerSums::of(&cells(week))).collect()
}

fn less<'a>(first: &'a AnswerSums, second: &'a AnswerSums) -> [ContrastSide<'a>; 2] {
    [(1.0, first), (-1.0, second)].map(|(coefficient, sums)| ContrastSide { coefficient, sums })
}

fn assert_near(found: &[f64], expected: &[f64]) {
    assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-5), "{found:?} v {expected:?}");
}

/// From the definitions, cell by cell, in Python; t by adding up its density.
#[test]
fn a_contrast_and_a_watch_are_those_of_the_definitions() {
    let weeks = weeks();
    let watched = watch(&weeks, 1.9);
    let evidence: Vec<f64> = watched.iter().filter_map(|week| week.evidence).collect();
    assert_near(&evidence, &[0.0, 2.437_857_753]);
    let effect = watched[2].effect;
    assert_near(&[watched[1].effect.effect(), effect.effect()], &[2.178_151_261, 1.506_735_767]);
    assert_near(&[watched[1].effect.of_items(), effect.of_items()], &[1.142_857_143, 1.0]);
    assert_eq!(watched.iter().map(|week| week.alarm).collect::<Vec<_>>(), [None, None, Some(2)]);
    let before = AnswerSums::joined(weeks[..2].iter());
    let found = contrast(&[&less(&weeks[2], &before)], &[], &effect, 0.95).unwrap();
    assert_near(
        &[found.estimate.point, found.standard_error, found.degrees, found.p_value, found.estimate.high],
        &[-0.5, 0.241_415_361, 3.936_281_758, 0.108_222_052, 0.174_577_292],
    );
    assert_near(&[found.smallest_shown(0.01, 0.8)], &[1.351_472_037]);
    // No difference of shares is below -1.
    assert_eq!((found.estimate.low, found.estimate.n), (-1.0, 12));
}

#[test]
fn what_cannot_be_compared_has_a_reason() {
    let weeks = weeks();
    let effect = watch(&weeks, 9.0)[2].effect;
    let (none, one) = (AnswerSums::default(), AnswerSums::of(&cells(&WEEKS[0][..2])));
    let of = |first, second, effect: &PooledEffect| contrast(&[&less(first, second)], &[], effect, 0.95).err();
    assert_eq!(of(&none, &weeks[0], &effect), Some(Undefined::NoData));
    assert_eq!(of(&weeks[0], &one, &effect), Some(Undefined::OneItem));
    assert_eq!(of(&weeks[0], &weeks[1], &PooledEffect::default()), Some(Undefined::TooFew));
}

#[test]
fn flawless_weeks_leave_doubt() {
    let flawless = |from: u32| {
        let answers: Vec<(u32, u32, u8)> = (from..from + 10).flat_map(|item| [(item, 1, 1), (item, 2, 1)]).collect();
        AnswerSums::of(&cells(&answers))
    };
    let weeks: Vec<AnswerSums> = (0..4).map(|week| flawless(10 * week)).collect();
    let watched = watch(&weeks, 3.0);
    assert!(watched.iter().all(|week| week.sum == 0.0 && week.effect.effect() == 1.0));
    let found = contrast(&[&less(&weeks[3], &weeks[2])], &[], &watched[3].effect, 0.95).unwrap();
    // Ten items are all right: p̃ = 11/12.
    assert_near(&[found.standard_error], &[(2.0 * 11.0 / 144.0 / 10.0_f64).sqrt()]);
}

/// What makes items hard for both groups cancels where they rated the same ones.
#[test]
fn shared_items_take_their_part_of_chance_away() {
    let hard = |item: u32| u8::from(!item.is_multiple_of(3));
    let of = |from: u32, raters: [u32; 2]| {
        let cell = move |item: u32| raters.map(|rater| (item, rater, hard(item)));
        (from..from + 12).flat_map(cell).collect::<Vec<_>>()
    };
    let sums = |from, raters| AnswerSums::of(&cells(&of(from, raters)));
    let (own, others) = ([sums(0, [1, 2]), sums(12, [1, 2])], [sums(0, [3, 4]), sums(12, [3, 4])]);
    let mut pairs = ItemPairs::default();
    for item in 0..12 {
        let total = AnswerTotal { right: 2.0 * f64::from(hard(item)), asked: 2.0 };
        pairs.add(total, total);
    }
    let first = less(&own[1], &own[0]);
    let second = [(-1.0, &others[1]), (1.0, &others[0])];
    let second = second.map(|(coefficient, sums)| ContrastSide { coefficient, sums });
    let shared = [0, 1].map(|side| SharedItems { side, pairs: &pairs });
    let mut alone = PooledEffect::default();
    alone.add(&[&first, &second], &[]);
    let mut together = PooledEffect::default();
    together.add(&[&first, &second], &shared);
    assert!(alone.effect() > 1.9, "{alone:?}");
    assert!(together.effect() < 1.1, "{together:?}");
}

fn answers() -> impl Strategy<Value = Vec<(u32, u32, u8)>> {
    prop::collection::btree_map((0_u32..6, 0_u32..5), 0_u8..2, 4..24)
        .prop_map(|cells| cells.into_iter().map(|((item, rater), right)| (item, rater, right)).collect())
}

proptest! {
    #[test]
    fn spans_that_are_joined_are_the_sums_of_all_their_cells(first in answers(), second in answers()) {
        // Items of the second span are others: the sums of both are those of one list.
        let second: Vec<_> = second.into_iter().map(|(item, rater, right)| (item + 10, rater, right)).collect();
        let all: Vec<_> = first.iter().chain(&second).copied().collect();
        let mut joined = AnswerSums::of(&cells(&first));
        joined.join(&AnswerSums::of(&cells(&second)));
        prop_assert_eq!(&joined, &AnswerSums::of(&cells(&all)));
        let parts = [AnswerSums::of(&cells(&first)), AnswerSums::of(&cells(&second))];
        prop_assert_eq!(joined, AnswerSums::joined(parts.iter()));
    }
}
