//! Tests of detection: reference counts, brute force over all matchings and known blind figures.

use super::*;
use crate::clustered;
use proptest::prelude::*;

fn flags(steps: &[u32]) -> Vec<Flag> {
    steps.iter().map(|&step| Flag { step, kind: 0 }).collect()
}

fn near(found: f64, expected: f64, tolerance: f64) {
    assert!((found - expected).abs() <= tolerance, "{found} v {expected}");
}

/// Five trajectories: the gold, then raters a, b and c; `None` is not rated.
type Row = (&'static [u32], [Option<&'static [u32]>; 3]);
const STEPS_SMALL: [Row; 5] = [
    (&[3, 17, 40], [Some(&[3, 18, 55]), Some(&[4, 17, 39, 41]), Some(&[])]),
    (&[], [Some(&[]), Some(&[7]), Some(&[])]),
    (&[5, 6, 7], [Some(&[6]), Some(&[4, 8]), Some(&[5, 6, 7])]),
    (&[100], [Some(&[103]), Some(&[98, 100, 102]), Some(&[97])]),
    (&[1, 2], [Some(&[]), None, Some(&[2, 3])]),
];

fn readings(rater: usize, tolerance: u32) -> Vec<Reading> {
    let read = STEPS_SMALL.iter().zip(0..).filter_map(|((gold, raters), item)| Some((gold, raters[rater]?, item)));
    read.map(|(gold, given, item)| Reading::of(item, rater as u32, &flags(gold), &flags(given), tolerance)).collect()
}

fn total(readings: &[Reading]) -> Counts {
    readings.iter().map(|reading| reading.counts).fold(Counts::default(), Counts::merged)
}

/// mir_eval 0.8.2 `util.match_events`, summed over the trajectories that a rater read.
#[test]
fn counts_and_figures_agree_with_mir_eval() {
    let expected: [(usize, u32, [u64; 3], [f64; 3]); 12] = [
        (0, 0, [2, 3, 7], [0.4, 0.2222222222222222, 0.2857142857142857]),
        (0, 1, [3, 2, 6], [0.6, 0.3333333333333333, 0.42857142857142855]),
        (0, 2, [3, 2, 6], [0.6, 0.3333333333333333, 0.42857142857142855]),
        (0, 5, [4, 1, 5], [0.8, 0.4444444444444444, 0.5714285714285714]),
        (1, 0, [2, 8, 5], [0.2, 0.2857142857142857, 0.23529411764705882]),
        (1, 1, [6, 4, 1], [0.6, 0.8571428571428571, 0.7058823529411765]),
        (1, 2, [6, 4, 1], [0.6, 0.8571428571428571, 0.7058823529411765]),
        (1, 5, [6, 4, 1], [0.6, 0.8571428571428571, 0.7058823529411765]),
        (2, 0, [4, 2, 5], [0.6666666666666666, 0.4444444444444444, 0.5333333333333333]),
        (2, 1, [5, 1, 4], [0.8333333333333334, 0.5555555555555556, 0.6666666666666666]),
        (2, 2, [5, 1, 4], [0.8333333333333334, 0.5555555555555556, 0.6666666666666666]),
        (2, 5, [6, 0, 3], [1.0, 0.6666666666666666, 0.8]),
    ];
    for (rater, tolerance, counts, [precision, recall, f1]) in expected {
        let found = total(&readings(rater, tolerance));
        assert_eq!([found.true_positives(), found.false_positives(), found.false_negatives()], counts);
        near(found.precision().unwrap(), precision, 1e-12);
        near(found.recall().unwrap(), recall, 1e-12);
        near(found.f1().unwrap(), f1, 1e-12);
    }
}

#[test]
fn macro_f1_counts_an_empty_reading_of_an_empty_trajectory_as_right() {
    // Rater a, tolerance 1: 2/3, 1 (nothing on either side), 1/2, 0, 0.
    near(FlagMeasure::MacroF1.over(&readings(0, 1)).unwrap(), (2.0 / 3.0 + 1.0 + 0.5) / 5.0, 1e-15);
    // Rater b did not rate the last trajectory, and flags the one without mistakes.
    near(FlagMeasure::MacroF1.over(&readings(1, 1)).unwrap(), (6.0 / 7.0 + 0.0 + 4.0 / 5.0 + 0.5) / 4.0, 1e-15);
}

#[test]
fn the_first_mistake_is_right_on_its_step_exactly() {
    assert!(first_mistake_is_right(&flags(&[9, 4]), &flags(&[30, 4])));
    assert!(!first_mistake_is_right(&flags(&[4]), &flags(&[5])));
    assert!(!first_mistake_is_right(&flags(&[4, 9]), &flags(&[9])));
    assert!(first_mistake_is_right(&[], &[]));
    assert!(!first_mistake_is_right(&flags(&[4]), &[]));
    near(FlagMeasure::FirstMistake.over(&readings(2, 0)).unwrap(), 0.4, 1e-15);
}

#[test]
fn undefined_figures_name_what_is_missing() {
    let of = |gold: &[u32], given: &[u32]| Counts::of(&flags(gold), &flags(given), 1);
    assert_eq!(of(&[5], &[]).precision(), Err(Undefined::NoFlagGiven));
    assert_eq!(of(&[], &[5]).recall(), Err(Undefined::NoGoldFlag));
    assert_eq!(of(&[], &[]).f1(), Err(Undefined::NothingFlagged));
    assert_eq!((of(&[5], &[]).f1(), of(&[], &[5]).f1()), (Ok(0.0), Ok(0.0)));
    assert_eq!(of(&[5], &[9]).kind_accuracy(), Err(Undefined::NoMatch));
    assert_eq!(FlagMeasure::MacroF1.over(&[]), Err(Undefined::NoData));
    assert_eq!(FlagMeasure::F1.over(&[]), Err(Undefined::NoData));
    assert_eq!(Counts::new(1, 0, 0, 2), Err(Undefined::BadCount));
}

#[test]
fn finding_and_naming_are_counted_apart_and_the_best_pairs_may_cross() {
    let [gold, given] = [[(5, 1), (6, 2)], [(5, 2), (6, 1)]].map(|side| side.map(|(step, kind)| Flag { step, kind }));
    let crossed = Matched { pairs: vec![(0, 1), (1, 0)], kinds_equal: 2, distance: 2 };
    assert_eq!(match_flags(&gold, &given, 1), crossed);
    assert_eq!(match_flags(&gold, &given, 0), Matched { pairs: vec![(0, 0), (1, 1)], kinds_equal: 0, distance: 0 });
    // A pair more is worth more than a kind: gold on 7 leaves the flag on 6, which has its kind, to gold on 5.
    let [gold, given] = [[(5, 1), (7, 2)], [(6, 2), (8, 1)]].map(|side| side.map(|(step, kind)| Flag { step, kind }));
    assert_eq!(match_flags(&gold, &given, 1), Matched { pairs: vec![(0, 0), (1, 1)], kinds_equal: 0, distance: 2 });
    let found = Counts::of(&gold, &[Flag { step: 4, kind: 1 }], 1);
    assert_eq!((found.true_positives(), found.kinds_right(), found.kind_accuracy()), (1, 1, Ok(1.0)));
}

#[test]
fn thousands_of_flags_are_matched_and_steps_at_the_end_of_the_range_too() {
    let (even, odd) =
        ((0..2000).map(|i| 2 * i).collect::<Vec<u32>>(), (0..2000).map(|i| 2 * i + 1).collect::<Vec<_>>());
    let matched = match_flags(&flags(&even), &flags(&odd), 1);
    assert_eq!((matched.pairs.len(), matched.distance), (2000, 2000));
    assert_eq!(match_flags(&flags(&[7; 500]), &flags(&[7; 600]), u32::MAX).pairs.len(), 500);
    let matched = match_flags(&flags(&[0, u32::MAX]), &flags(&[u32::MAX, u32::MAX]), u32::MAX);
    assert_eq!((matched.pairs.len(), matched.distance), (2, u64::from(u32::MAX)));
}

/// All 4,845 ways to put 4 gold flags on 20 steps: every third step has windows that do not overlap.
#[test]
fn flagging_every_third_of_twenty_steps_has_an_f1_of_62_percent() {
    let steps = || 1..=20_u32;
    let ways = steps().flat_map(|a| steps().flat_map(move |b| steps().map(move |c| (a, b, c))));
    let ways = ways.filter(|(a, b, c)| a < b && b < c).flat_map(|(a, b, c)| (c + 1..=20).map(move |d| [a, b, c, d]));
    let gold: Vec<Vec<Flag>> = ways.map(|way| flags(&way)).collect();
    assert_eq!(gold.len(), 4845);
    let all: Vec<GoldTrajectory> = gold.iter().map(|gold| GoldTrajectory { first: 1, last: Some(20), gold }).collect();
    let blind = blind_f1(&all, 1).unwrap();
    // Blocks of steps that some gold lies in: 6 of three steps, 1 of two; 7 flags and 4 gold flags.
    let hit = 6.0 * (1.0 - 2380.0 / 4845.0) + (1.0 - 3060.0 / 4845.0);
    near(blind.best_f1, 2.0 * hit / 11.0, 1e-12);
    assert_eq!((blind.every, blind.best_every, blind.n_unknown_length), (3, 3, 0));
    assert_eq!((format!("{:.2}", blind.f1), format!("{:.2}", blind.best_f1)), ("0.62".into(), "0.62".into()));
}

#[test]
fn blind_figures_name_what_is_missing_and_bear_hostile_lengths() {
    let [none, one, three] = [flags(&[]), flags(&[5]), flags(&[1, 2, 9])];
    let of = |last, gold| GoldTrajectory { first: 1, last, gold };
    assert_eq!(blind_f1(&[], 1), Err(Undefined::NoData));
    assert_eq!(blind_f1(&[of(Some(9), &none), of(None, &none)], 1), Err(Undefined::NoGoldFlag));
    assert_eq!(blind_f1(&[of(Some(4), &one)], 1), Err(Undefined::StepOutside));
    let guessed = blind_f1(&[of(None, &three), of(None, &none)], 1).unwrap();
    assert_eq!((guessed.n_unknown_length, guessed.best_f1 >= guessed.f1), (2, true));
    assert!(guessed.f1 >= blind_f1(&[of(Some(30), &three), of(Some(30), &none)], 1).unwrap().f1);
    let endless = blind_f1(&[of(Some(u32::MAX), &one)], u32::MAX).unwrap();
    assert!(endless.f1 > 0.0 && endless.every == 201, "{endless:?}");
}

#[test]
fn cells_keep_the_figure_and_an_interval_that_is_never_empty() {
    for figure in
        [FlagMeasure::Precision, FlagMeasure::Recall, FlagMeasure::F1, FlagMeasure::MacroF1, FlagMeasure::FirstMistake]
    {
        let readings: Vec<Reading> = (0..3).flat_map(|rater| readings(rater, 1)).collect();
        let found = clustered::ratio(&cells(&readings, figure), 0.95).unwrap();
        near(found.estimate.point, figure.over(&readings).unwrap(), 1e-12);
        assert!(found.estimate.low < found.estimate.high);
    }
    let one: Vec<Reading> = readings(2, 5).into_iter().skip(2).take(2).collect();
    let all_right = clustered::ratio(&cells(&one, FlagMeasure::F1), 0.95).unwrap();
    assert!(all_right.degenerate && all_right.estimate.low < 0.2 && all_right.estimate.point == 1.0);
}

/// The best of all matchings, by trying them: (pairs, equal kinds, least distance as a negative number).
fn brute_force(gold: &[Flag], given: &[Flag], tolerance: u32, used: u32) -> (u32, u32, i64) {
    let Some((first, rest)) = gold.split_first() else {
        return (0, 0, 0);
    };
    let mut best = brute_force(rest, given, tolerance, used);
    for (index, flag) in given.iter().enumerate().filter(|(index, _)| used >> index & 1 == 0) {
        let distance = first.step.abs_diff(flag.step);
        if distance <= tolerance {
            let (pairs, kinds, less) = brute_force(rest, given, tolerance, used | 1 << index);
            let equal = u32::from(first.kind == flag.kind);
            best = best.max((pairs + 1, kinds + equal, less - i64::from(distance)));
        }
    }
    best
}

/// In order of steps, the earliest flags that can still match do: most pairs, without kinds.
fn two_pointers(gold: &[Flag], given: &[Flag], tolerance: u32) -> usize {
    let sorted = |flags: &[Flag]| {
        let mut steps: Vec<u32> = flags.iter().map(|flag| flag.step).collect();
        steps.sort_unstable();
        steps
    };
    let (gold, given) = (sorted(gold), sorted(given));
    let (mut i, mut j, mut pairs) = (0, 0, 0);
    while i < gold.len() && j < given.len() {
        if gold[i].abs_diff(given[j]) <= tolerance {
            (i, j, pairs) = (i + 1, j + 1, pairs + 1);
        } else if gold[i] < given[j] {
            i += 1;
        } else {
            j += 1;
        }
    }
    pairs
}

fn side(steps: u32, kinds: u32, most: usize) -> impl Strategy<Value = Vec<Flag>> {
    prop::collection::vec((0..steps, 0..kinds).prop_map(|(step, kind)| Flag { step, kind }), 0..=most)
}

proptest! {
    #[test]
    fn no_matching_is_better_than_the_one_found(
        gold in side(10, 3, 6),
        given in side(10, 3, 6),
        tolerance in 0_u32..5,
    ) {
        let found = match_flags(&gold, &given, tolerance);
        let as_tuple = (found.pairs.len() as u32, found.kinds_equal, -(found.distance as i64));
        prop_assert_eq!(as_tuple, brute_force(&gold, &given, tolerance, 0));
        let close = |&(i, j): &(usize, usize)| gold[i].step.abs_diff(given[j].step) <= tolerance;
        prop_assert!(found.pairs.iter().all(close));
        let mut taken: Vec<usize> = found.pairs.iter().map(|(_, j)| *j).collect();
        taken.sort_unstable();
        taken.dedup();
        prop_assert_eq!(taken.len(), found.pairs.len());
        prop_assert!(found.pairs.windows(2).all(|two| two[0].0 < two[1].0));
    }

    #[test]
    fn kinds_never_change_the_number_of_pairs(
        gold in side(120, 4, 40),
        given in side(120, 4, 40),
        tolerance in 0_u32..9,
    ) {
        let found = match_flags(&gold, &given, tolerance);
        prop_assert_eq!(found.pairs.len(), two_pointers(&gold, &given, tolerance));
        let swapped = match_flags(&given, &gold, tolerance);
        let worth = |matched: &Matched| (matched.pairs.len(), matched.kinds_equal, matched.distance);
        prop_assert_eq!(worth(&found), worth(&swapped));
    }

    #[test]
    fn no_blind_spacing_and_start_does_better_than_the_best(
        gold in side(25, 1, 6),
        tolerance in 0_u32..4,
        every in 1_u32..9,
        offset in 0_u32..9,
    ) {
        let trajectory = GoldTrajectory { first: 0, last: Some(24), gold: &gold };
        if let Ok(blind) = blind_f1(&[trajectory], tolerance) {
            let counts = |offset: u32| {
                let steps: Vec<u32> = (offset..=24).step_by(every as usize).collect();
                Counts::of(&gold, &flags(&steps), tolerance)
            };
            let all_starts = (0..every).map(counts).fold(Counts::default(), Counts::merged);
            prop_assert!(all_starts.f1().unwrap() <= blind.f1 + 1e-12);
            if every <= 2 * tolerance + 1 {
                prop_assert!(counts(offset % every).f1().unwrap() <= blind.best_f1 + 1e-12);
            }
        }
    }
}
