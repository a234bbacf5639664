//! Consensus against published algorithms run elsewhere, and its edges.
//!
//! In: small made-up tables, written item by item. Out: nothing but failures.
//! Figures of crowd-kit are from 1.4.2 with `tol=-1`, as its own stopping rule ends too early; it keeps chances at
//! 10⁻¹⁰ or above. The others are from a few lines of NumPy that follow the formulas of the documentation.

use super::super::Undefined;
use super::super::table::{Coded, Table};
use super::*;

/// One word an item, one place a rater: the category, or a dot. The lowest category is `first`.
pub(super) fn table(text: &str, first: u32, categories: usize) -> Table {
    let items: Vec<&str> = text.split_whitespace().collect();
    let rating = |item: usize, (rater, sign): (usize, char)| {
        sign.to_digit(10).map(|digit| Coded { item: item as u32, rater: rater as u32, category: digit - first })
    };
    let ratings =
        items.iter().enumerate().flat_map(|(i, word)| word.chars().enumerate().filter_map(move |r| rating(i, r)));
    Table::new(items.len(), items[0].len(), categories, ratings.collect())
}

pub(super) fn close(found: &[f64], expected: &[f64], tolerance: f64) {
    assert_eq!(found.len(), expected.len());
    let near = |(a, b): (&f64, &f64)| (a - b).abs() <= tolerance;
    assert!(found.iter().zip(expected).all(near), "{found:?} v {expected:?}");
}

const EXACT: Fitting = Fitting { known: None, smoothing: 0.0, tolerance: 1e-13, most_iterations: 5000 };
const SMOOTH: Fitting = Fitting { smoothing: 0.1, tolerance: 1e-11, ..EXACT };

/// 24 items, 5 raters, 3 categories, no two tied for most votes.
const SMALL: &str = ".2202 00.00 0.20. 20020 0.0.0 11121 02010 1.112 20.00 22.02 ..2.2 1101. 00200 21220 00210 01.0. \
    11121 11211 .02.2 2.022 11021 .1222 .000. 10121";

fn small() -> Table {
    table(SMALL, 0, 3)
}

#[test]
fn dawid_skene_agrees_with_crowd_kit() {
    let found = dawid_skene(&small(), &EXACT).unwrap();
    assert!(found.convergence().converged);
    close(found.prior(), &[0.32215495992971577, 0.3027569893590592, 0.37508805071122503], 1e-8);
    for (item, expected) in [
        (0, [0.0, 0.0, 1.0]),
        (10, [0.0, 0.0601806031, 0.9398193969]),
        (18, [0.0, 0.0224388673, 0.9775611327]),
        (21, [0.0, 0.1835482743, 0.8164517257]),
        (22, [0.7317190382, 0.0, 0.2682809618]),
    ] {
        close(found.posterior(item).unwrap(), &expected, 1e-8);
    }
}

#[test]
fn dawid_skene_with_known_gold_agrees_with_crowd_kit() {
    let mut gold = vec![None; 24];
    (gold[0], gold[5], gold[11], gold[17]) = (Some(1), Some(2), Some(0), Some(1));
    let found = dawid_skene(&small(), &Fitting { known: Some(&gold), ..EXACT }).unwrap();
    close(found.prior(), &[0.4166666666684314, 0.23452960079707622, 0.3488037325344924], 1e-8);
    assert_eq!(found.posterior(5), Some(&[0.0, 0.0, 1.0][..]));
    close(found.posterior(10).unwrap(), &[0.0, 0.843805159, 0.156194841], 1e-8);
    close(found.posterior(18).unwrap(), &[0.0, 0.7849052601, 0.2150947399], 1e-8);
}

#[test]
fn one_coin_agrees_with_crowd_kit() {
    let found = one_coin(&small(), &EXACT).unwrap();
    close(found.prior(), &[0.41807570700590363, 0.2926614545177781, 0.2892628384763183], 1e-9);
    let skills = [0.8649375493801192, 0.6850383965455813, 0.6183181839796268, 0.5389738677422015, 0.8975667840893123];
    let accuracies: Vec<f64> = (0..5).map(|rater| found.accuracy_of_rater(rater).unwrap()).collect();
    close(&accuracies, &skills, 1e-9);
    close(found.posterior(0).unwrap(), &[0.013443039, 0.004024722, 0.982532239], 1e-9);
    close(found.posterior(7).unwrap(), &[0.0123386367, 0.8380512863, 0.1496100771], 1e-9);
    close(found.posterior(23).unwrap(), &[0.0084457584, 0.9884132901, 0.0031409515], 1e-9);
}

#[test]
fn majority_and_its_weighted_form_agree_with_crowd_kit() {
    let labels = [2, 0, 0, 0, 0, 1, 0, 1, 0, 2, 2, 1, 0, 2, 0, 0, 1, 1, 2, 2, 1, 2, 0, 1].map(|label| vec![label]);
    assert_eq!(majority(&small()), labels);
    let weights = agreement_with_majority(&small());
    close(&weights, &[17.0 / 19.0, 13.0 / 19.0, 0.65, 12.0 / 21.0, 0.9], 1e-15);
    assert_eq!(weighted_majority(&small(), &weights), labels);
    let shares = majority::shares(&small(), Some(&weights));
    close(&shares[..3], &[0.2036714457992764, 0.0, 0.7963285542007236], 1e-14);
    close(&shares[21..24], &[0.0, 0.7016078773526112, 0.2983921226473888], 1e-14);
}

/// 200 items on a scale from 1 to 5, 6 raters of whom one is nearly random and two are shifted, a third missing.
const ORDERED: &str = "
    435.23 335.25 2.3..2 .343.. 3..23. 435.2. .44.3. .23.1. 3.3322 4.553. 4454.2 ..4..4 2..215 ....51 .4.544 54..43
    445.5. 3.32.5 54.3.. .23215 334221 .3.... ....21 2.331. .2.3.. 4.5332 11.... 3.4..5 11..11 .34.24 2.2.11 1.211.
    .55433 2.2.2. ..543. 2132.1 ....3. .3.32. .2542. .5..31 123215 44.432 112.2. 3.33.3 .13..2 34.4.3 2.31.5 .34.2.
    1.2112 34.323 553444 44.434 ...425 5.554. ..432. 2241.. .2.2.3 .44.22 223.1. .453.3 5.5.45 ..32.. 3.4432 2.33..
    .12115 34544. ..4433 ..5545 5.5..5 44..55 ....34 3..43. .4.4.. .34... ...541 34.4.. 435431 ...313 22..2. 2.43.3
    5...4. 5.4425 4.55.. ..3222 .44... 2241.5 .3.325 5.4.45 435.35 55..44 3.553. 112112 21.2.. 3.3123 222212 4.4334
    .4..34 3..32. .122.5 33.3.. 3232.. ....23 33..21 .4.4.. .333.. 2.211. 334.31 334..5 33.3.. 112..3 ...435 1.2..1
    ...334 3..32. 4.3531 4.5534 1111.2 .131.1 .22113 .4.545 3..314 .23213 3.431. .1..23 5.532. 44.433 545.2. 445533
    55554. .13.1. 4..... 4.5.34 332124 1.3411 34553. 22331. .55544 22.21. .54... .4.... 545434 4.533. .1.5.5 ...2.1
    .4..35 .4543. .2.11. 54.445 ..1.45 4..531 223.14 55543. 3344.1 .45.3. .554.4 .45.32 ..4.23 3.4.23 33..24 334224
    55.54. .2.124 5.5543 55554. 4.5.24 554..5 ..4.25 4..4.. 3..3.1 334313 ..3.3. .5554. .23.12 545..4 5...42 ..3.2.
    3..11. .34322 ...333 ..4.24 44543. 4454.2 44524. .1211. 553.42 .3.... 5.5541 .34..1 .4..31 3.4.21 4.54.2 4..4.3
    445.34 52.4.. .3...5 ..4.22 .45432 .4.... 112..4 2..212";

/// The gold of 60 of these items.
const ORDERED_GOLD: &str = ".3...3......2...42.23...2..3......4....52.........54.532..24...2.4.5.......4.1.35.....3...41.32.....\
    ..35..33.....3....14...1.......4..4..2........25..2.3........1......3..5..5.23....41..5..3.44...44..";

fn ordered() -> (Table, Vec<Option<u32>>) {
    let gold = ORDERED_GOLD.chars().map(|sign| sign.to_digit(10).map(|digit| digit - 1)).collect();
    (table(ORDERED, 1, 5), gold)
}

/// From-definition EM whose gradient of the penalised log-likelihood is below 10⁻¹² (SciPy 1.12.0).
#[test]
fn smoothed_dawid_skene_reaches_the_stationary_point() {
    let (table, gold) = ordered();
    let found = dawid_skene(&table, &SMOOTH).unwrap();
    let prior =
        [0.12147068865177282, 0.15964998192851093, 0.22717166918739423, 0.35338270947191497, 0.1383249507604069];
    close(found.prior(), &prior, 1e-9);
    assert!((found.convergence().log_likelihood + 874.0864629762427).abs() < 1e-7);
    close(found.posterior(0).unwrap(), &[9.49e-07, 1.991e-06, 0.009547664, 0.990432028, 1.7369e-05], 1e-8);
    let row = [0.680616897, 0.296156284, 0.01066115, 0.00638748, 0.006178188];
    close(found.confusion(0).unwrap().row(0), &row, 1e-8);

    let found = dawid_skene(&table, &Fitting { known: Some(&gold), ..SMOOTH }).unwrap();
    let prior =
        [0.10286305755997067, 0.17188129255201512, 0.24875251664190237, 0.28583808887846834, 0.19066504436764345];
    close(found.prior(), &prior, 1e-9);
    close(found.posterior(0).unwrap(), &[6.45e-06, 6.4e-07, 0.764467428, 0.235388566, 0.000136916], 1e-8);
    close(found.confusion(0).unwrap().row(4), &[0.004138319, 0.004160907, 0.004299916, 0.00592702, 0.981473838], 1e-8);
}

/// NumPy and SciPy's BFGS; its shapes are fitted to the end in every iteration, so they stop elsewhere within 10⁻⁵.
#[test]
fn the_ordinal_model_agrees_with_a_second_program() {
    let (table, gold) = ordered();
    let found = ordinal(&table, &SMOOTH).unwrap();
    let prior = [0.0839586035318844, 0.1865683598943723, 0.24132136210288657, 0.35139519661796675, 0.13675647785288966];
    close(found.prior(), &prior, 1e-5);
    close(found.posterior(13).unwrap(), &[0.15050333, 0.03921784, 0.06389129, 0.58150653, 0.16488101], 1e-5);
    let row = [0.06508395, 0.78824467, 0.13857979, 0.00439495, 0.00369665];
    close(found.confusion(0).unwrap().row(1), &row, 1e-5);

    let found = ordinal(&table, &Fitting { known: Some(&gold), ..SMOOTH }).unwrap();
    close(found.posterior(0).unwrap(), &[1.12e-06, 3.2e-06, 0.50630417, 0.49359738, 9.414e-05], 1e-5);
    close(found.posterior(4).unwrap(), &[8.574e-05, 0.03330785, 0.69671305, 0.26981377, 7.958e-05], 1e-5);
}

/// NumPy, five folds dealt in the order of items.
#[test]
fn accuracy_on_held_out_gold_agrees_with_a_second_program() {
    let (table, gold) = ordered();
    let found = |method| accuracy_on_held_out_gold(&table, &gold, method, &SMOOTH, 5).unwrap();
    let free = found(Aggregation::DawidSkene);
    assert_eq!((free.right, free.asked, free.ties, free.unrated), (53, 60, 0, 0));
    close(&[free.brier, free.confidence], &[0.2131470679441837, 0.9403967475402962], 1e-9);
    let coin = found(Aggregation::OneCoin);
    close(&[coin.right as f64, coin.brier, coin.confidence], &[52.0, 0.2578238002725502, 0.8667209175100594], 1e-9);
    assert_eq!(free.bands.iter().map(|band| band.asked).sum::<u64>(), 60);
    assert_eq!(free.bands.iter().map(|band| band.right).sum::<u64>(), 53);
    assert!((free.accuracy(0.95).point - 53.0 / 60.0).abs() < 1e-15);
}

#[test]
fn gold_takes_no_part_in_its_own_label() {
    // Gold of the fifth item is against all its ratings.
    let table = table("000 000 000 000 000 111 111 111 111", 0, 2);
    let gold = [Some(0), None, None, None, Some(1), Some(1), Some(1), None, None];
    let known = dawid_skene(&table, &Fitting { known: Some(&gold), ..SMOOTH }).unwrap();
    assert_eq!((known.label(3), known.label(4)), (Some(0), Some(1)));
    for method in Aggregation::ALL {
        let found = accuracy_on_held_out_gold(&table, &gold, method, &SMOOTH, 9).unwrap();
        assert_eq!((found.right, found.asked), (3, 4), "{method:?}");
    }
}

#[test]
fn ties_and_unrated_gold_are_said_and_not_counted_as_right() {
    let table = table("01. ... 00. 012", 0, 3);
    let gold = [Some(1), Some(2), Some(0), Some(0)];
    let found = accuracy_on_held_out_gold(&table, &gold, Aggregation::Majority, &SMOOTH, 2).unwrap();
    assert_eq!((found.right, found.asked, found.ties, found.unrated), (1, 3, 2, 1));
    close(&[found.right_by_drawing, found.accuracy_by_drawing()], &[0.5 + 1.0 / 3.0, 11.0 / 18.0], 1e-15);
    close(&[found.confidence, found.brier], &[11.0 / 18.0, (0.5 + 0.0 + 2.0 / 3.0) / 3.0], 1e-15);
    let none = accuracy_on_held_out_gold(&table, &[None; 4], Aggregation::Majority, &SMOOTH, 2);
    assert_eq!(none, Err(Undefined::NoGold));
}

#[test]
fn without_ratings_there_is_no_consensus_and_no_label_is_made_up() {
    let empty = Table::new(2, 1, 3, Vec::new());
    assert_eq!(dawid_skene(&empty, &SMOOTH), Err(Undefined::NoData));
    assert_eq!(majority(&empty), [[0; 0]; 2]);
    let gold = [None, Some(1), None];
    let found = dawid_skene(&table("0. .. 0.", 0, 2), &Fitting { known: Some(&gold), ..SMOOTH }).unwrap();
    assert_eq!((found.posterior(1), found.label(1), found.label(0)), (None, None, Some(0)));
    assert!(found.confusion(1).is_none() && found.weight_of_rater(1).is_none() && found.accuracy_of_rater(1).is_none());
    assert_eq!(found.prior(), [1.0, 0.0]);
}

#[test]
fn two_raters_who_never_agree_leave_ties() {
    let table = table("01 10 01 10", 0, 2);
    assert_eq!(majority(&table), vec![vec![0, 1]; 4]);
    for method in [dawid_skene, one_coin, ordinal] {
        let found = method(&table, &SMOOTH).unwrap();
        assert_eq!(found.label(0), None);
        close(found.posterior(0).unwrap(), &[0.5, 0.5], 1e-9);
    }
}

#[test]
fn a_true_category_that_a_rater_never_met_has_a_row_of_zeros() {
    let found = dawid_skene(&table("00 00 1. 1.", 0, 2), &EXACT).unwrap();
    let second = found.confusion(1).unwrap();
    assert_eq!((second.row(0), second.row(1)), (&[1.0, 0.0][..], &[0.0, 0.0][..]));
    assert_eq!((second.effective_n(0), second.effective_n(1)), (2.0, 0.0));
}

#[test]
fn a_rating_is_worth_the_bits_it_tells() {
    // Rater 1 always swaps, rater 2 answers alike whatever is true.
    let gold = [Some(0), Some(1), Some(0), Some(1)];
    let found = dawid_skene(&table("010 100 011 101", 0, 2), &Fitting { known: Some(&gold), ..EXACT }).unwrap();
    let of = |rater| [found.weight_of_rater(rater).unwrap(), found.accuracy_of_rater(rater).unwrap()];
    close(&[of(0), of(1), of(2)].concat(), &[1.0, 1.0, 1.0, 0.0, 0.0, 0.5], 1e-12);
}

#[test]
fn many_ratings_of_an_item_do_not_vanish() {
    let word =
        |item: usize| (0..900).map(|rater| if (rater * 7 + item) % 10 < 4 { '0' } else { '1' }).collect::<String>();
    let text =
        (0..6).map(|item| if item % 2 == 0 { word(item) } else { word(item).replace('0', "2") }).collect::<Vec<_>>();
    for method in [dawid_skene, one_coin, ordinal] {
        let found = method(&table(&text.join(" "), 0, 3), &Fitting { most_iterations: 5, ..SMOOTH }).unwrap();
        assert!(found.convergence().log_likelihood.is_finite());
        (0..6).for_each(|item| close(&[found.posterior(item).unwrap().iter().sum()], &[1.0], 1e-12));
    }
}

/// Maximum likelihood with two ratings a rater runs to the border, where expected counts vanish.
#[test]
fn vanishing_counts_leave_figures_finite() {
    let mut random = super::super::random::Random::stream(5, 0);
    let mut draw = |limit: u64| random.below(limit) as u32;
    let ratings = (0..600).map(|n| Coded { item: n / 3, rater: draw(300), category: draw(4) }).collect();
    let table = Table::new(200, 300, 4, ratings);
    for method in [dawid_skene, one_coin, ordinal] {
        let found = method(&table, &Fitting { most_iterations: 300, tolerance: 0.0, ..EXACT }).unwrap();
        assert!(found.convergence().log_likelihood.is_finite());
        (0..200).for_each(|item| close(&[found.posterior(item).unwrap().iter().sum()], &[1.0], 1e-12));
        let weights = (0..300).filter_map(|rater| found.weight_of_rater(rater));
        assert!(weights.into_iter().all(|weight| (0.0..=2.0 + 1e-9).contains(&weight)));
    }
}

#[test]
fn threads_do_not_show_in_a_bit() {
    let mut random = super::super::random::Random::stream(3, 0);
    let mut draw = |limit: usize| random.below(limit as u64) as u32;
    let ratings = (0..9000).map(|_| Coded { item: draw(2500), rater: draw(40), category: draw(3) }).collect();
    let table = Table::new(2500, 40, 3, ratings);
    let fitting = Fitting { most_iterations: 5, ..SMOOTH };
    let on = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| [dawid_skene, one_coin, ordinal].map(|method| method(&table, &fitting).unwrap()))
    };
    assert_eq!(on(1), on(3));
}

#[test]
#[should_panic(expected = "gold names declared categories")]
fn gold_beyond_the_scale_is_a_mistake_of_the_caller() {
    let gold = [Some(2), None];
    let _ = dawid_skene(&table("0 1", 0, 2), &Fitting { known: Some(&gold), ..SMOOTH });
}
