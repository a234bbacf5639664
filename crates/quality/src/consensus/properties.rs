//! What holds of every consensus, whatever the ratings.
//!
//! In: random small tables, with repeated ratings, missing ones and gold. Out: nothing but failures.

use super::super::table::{Coded, Table};
use super::tests::close;
use super::*;
use proptest::prelude::*;

type Method = fn(&Table, &Fitting) -> Result<Consensus, Undefined>;
const METHODS: [Method; 3] = [dawid_skene, one_coin, ordinal];
const ITEMS: usize = 12;
const RATERS: usize = 4;

/// A table of q categories, the gold of some items, and a smoothing.
fn worlds() -> impl Strategy<Value = (Table, Vec<Option<u32>>, f64)> {
    (1_usize..9, prop::sample::select(vec![0.0, 0.1, 1.0])).prop_flat_map(|(q, smoothing)| {
        let rating = (0..ITEMS as u32, 0..RATERS as u32, 0..q as u32);
        let ratings = prop::collection::vec(rating, 1..50);
        let gold = prop::collection::vec(prop::option::weighted(0.2, 0..q as u32), ITEMS);
        (ratings, gold).prop_map(move |(ratings, gold)| {
            let coded = ratings.into_iter().map(|(item, rater, category)| Coded { item, rater, category });
            (Table::new(ITEMS, RATERS, q, coded.collect()), gold, smoothing)
        })
    })
}

/// The logarithm of the probability of an item's ratings and a true category, from what a consensus tells.
fn log_joint(found: &Consensus, ratings: &[Coded], truth: usize) -> f64 {
    let chance = |rating: &Coded| {
        found.confusion(rating.rater as usize).expect("the rater rated").row(truth)[rating.category as usize]
    };
    found.prior()[truth].ln() + ratings.iter().map(|rating| chance(rating).ln()).sum::<f64>()
}

/// The same table with raters and categories renamed.
fn renamed(table: &Table, raters: &[u32], categories: &[u32]) -> Table {
    let rename = |rating: &Coded| Coded {
        item: rating.item,
        rater: raters[rating.rater as usize],
        category: categories[rating.category as usize],
    };
    Table::new(ITEMS, RATERS, table.n_categories(), table.ratings().iter().map(rename).collect())
}

/// The log-likelihood and the prior on confusions that smoothing stands for.
fn objective(found: &Consensus, method: usize, smoothing: f64) -> f64 {
    let q = found.prior().len();
    let penalty = |rater: usize| -> f64 {
        let Some(confusion) = found.confusion(rater).filter(|_| smoothing > 0.0) else { return 0.0 };
        let rows = if method == 0 { 0..q } else { 0..1 };
        rows.flat_map(|truth| confusion.row(truth).to_vec()).map(|chance| smoothing * chance.ln()).sum()
    };
    found.convergence().log_likelihood + (0..RATERS).map(penalty).sum::<f64>()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn posteriors_are_those_of_bayes_rule_and_known_gold_stays_certain((table, gold, smoothing) in worlds()) {
        let fitting = Fitting { known: Some(&gold), smoothing, tolerance: 1e-9, most_iterations: 20 };
        for method in METHODS {
            let found = method(&table, &fitting).unwrap();
            let mut log_likelihood = 0.0;
            for item in 0..ITEMS {
                let ratings = table.of_item(item);
                prop_assert_eq!(found.posterior(item).is_none(), ratings.is_empty());
                let Some(posterior) = found.posterior(item) else { continue };
                prop_assert!((posterior.iter().sum::<f64>() - 1.0).abs() < 1e-12);
                let joint: Vec<f64> = (0..posterior.len()).map(|truth| log_joint(&found, ratings, truth)).collect();
                let most = joint.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                let sum: f64 = joint.iter().map(|value| (value - most).exp()).sum();
                if let Some(gold) = gold[item] {
                    prop_assert!(posterior.iter().enumerate().all(|(k, &p)| p == f64::from(u8::from(k == gold as usize))));
                    log_likelihood += joint[gold as usize];
                } else {
                    let expected: Vec<f64> = joint.iter().map(|value| (value - most).exp() / sum).collect();
                    close(posterior, &expected, 1e-12);
                    log_likelihood += most + sum.ln();
                }
            }
            prop_assert!((found.convergence().log_likelihood - log_likelihood).abs() < 1e-9);
        }
    }

    #[test]
    fn what_is_maximised_never_falls((table, gold, smoothing) in worlds()) {
        for (number, method) in METHODS[..2].iter().enumerate() {
            let mut before = f64::NEG_INFINITY;
            for most_iterations in 1..12 {
                let fitting = Fitting { known: Some(&gold), smoothing, tolerance: 0.0, most_iterations };
                let now = objective(&method(&table, &fitting).unwrap(), number, smoothing);
                prop_assert!(now >= before - 1e-9 * now.abs().max(1.0), "{now} after {before}");
                before = now;
            }
        }
    }

    #[test]
    fn names_of_raters_and_categories_do_not_matter((table, _, smoothing) in worlds(), turn in 0_u32..4) {
        let q = table.n_categories() as u32;
        let raters: Vec<u32> = (0..RATERS as u32).map(|rater| (rater + turn) % RATERS as u32).collect();
        let mirrored: Vec<u32> = (0..q).rev().collect();
        let turned: Vec<u32> = (0..q).map(|category| (category + turn) % q).collect();
        // The first iterations only: later ones may blow rounding up, where the ratings leave the labels open.
        let fitting = Fitting { smoothing, tolerance: 0.0, most_iterations: 6, known: None };
        for (method, names) in METHODS.into_iter().zip([&turned, &turned, &mirrored]) {
            let plain = method(&table, &fitting).unwrap();
            let other = method(&renamed(&table, &raters, names), &fitting).unwrap();
            for item in 0..ITEMS {
                let Some(posterior) = plain.posterior(item) else { continue };
                let back: Vec<f64> = names.iter().map(|&name| other.posterior(item).unwrap()[name as usize]).collect();
                close(posterior, &back, 1e-7);
            }
        }
    }

    #[test]
    fn raters_who_are_always_right_give_the_truth(
        truth in prop::collection::vec(0_u32..4, ITEMS),
        smoothing in prop::sample::select(vec![0.0, 0.1]),
    ) {
        let ratings = (0..ITEMS as u32 * 3).map(|n| Coded { item: n / 3, rater: n % 3, category: truth[n as usize / 3] });
        let table = Table::new(ITEMS, RATERS, 4, ratings.collect());
        let gold: Vec<Option<u32>> = truth.iter().copied().map(Some).collect();
        for method in METHODS {
            let found = method(&table, &Fitting { smoothing, ..Fitting::default() }).unwrap();
            for (item, &label) in truth.iter().enumerate() {
                prop_assert_eq!(found.label(item), Some(label as usize));
            }
        }
        let votes = accuracy_on_held_out_gold(&table, &gold, Aggregation::WeightedMajority, &Fitting::default(), 4).unwrap();
        prop_assert_eq!((votes.right, votes.asked, votes.brier), (12, 12, 0.0));
    }
}
