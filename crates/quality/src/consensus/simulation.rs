//! Simulated raters: whether the ordinal model is worth having.
//!
//! In: worlds of raters on a scale of five categories. Out: the share of labels that each method has right.
//! The ignored test prints the table of the documentation: `cargo test --release consensus -- --ignored --nocapture`.

use super::super::random::Random;
use super::super::table::{Coded, Table};
use super::*;
use statrs::distribution::{ContinuousCDF, Normal};

const Q: usize = 5;
const PRIOR: [f64; Q] = [0.1, 0.2, 0.3, 0.25, 0.15];

/// How the raters of a world err.
#[derive(Clone, Copy, Debug)]
enum World {
    /// A shift (standard deviation .5) and a normal error (of .25 to .85 categories).
    Shifted,
    /// The same by a rater who also stretches or squeezes the scale.
    Stretched,
    /// A shift and a logistic error, and one rating in ten is blind.
    Lapsing,
    /// Right in 35 to 95 of 100, errors halving with every category further off.
    Nearby,
    /// Right in 35 to 95 of 100, and all errors alike.
    OneCoin,
    /// Right in 35 to 95 of 100 and more, errors as the rater likes: a random favourite.
    Favourite,
}

use World::{Favourite, Lapsing, Nearby, OneCoin, Shifted, Stretched};

/// One rater's chances of each given category, for each true one.
fn confusion(world: World, random: &mut Random) -> Vec<Vec<f64>> {
    let mut normal = || {
        let radius = (-2.0 * (1.0 - random.unit()).ln()).sqrt();
        radius * (std::f64::consts::TAU * random.unit()).cos()
    };
    let (shift, stretch) = (0.5 * normal(), (0.25 * normal()).exp());
    let (spread, skill) = (0.25 + 0.6 * random.unit(), 0.35 + 0.6 * random.unit());
    let weights: Vec<f64> = (0..Q).map(|_| -(1.0 - random.unit()).ln()).collect();
    let row = |truth: usize| -> Vec<f64> {
        let middle =
            if matches!(world, Stretched) { 2.0 + stretch * (truth as f64 - 2.0) } else { truth as f64 } + shift;
        let below = |given: usize| match (given, world) {
            (Q, _) => 1.0,
            (0, _) => 0.0,
            (_, Lapsing) => 1.0 / (1.0 + (-(given as f64 - 0.5 - middle) / (0.55 * spread)).exp()),
            _ => Normal::standard().cdf((given as f64 - 0.5 - middle) / spread),
        };
        let latent = |given: usize| below(given + 1) - below(given);
        let nearby = |given: usize| if given == truth { 0.0 } else { 0.5_f64.powi(given.abs_diff(truth) as i32) };
        let right = |given: usize| f64::from(u8::from(given == truth));
        let share = |weight: &dyn Fn(usize) -> f64, given: usize| weight(given) / (0..Q).map(weight).sum::<f64>();
        let chance = |given: usize| match world {
            Shifted | Stretched => latent(given),
            Lapsing => 0.9 * latent(given) + 0.1 / Q as f64,
            Nearby => skill * right(given) + (1.0 - skill) * share(&nearby, given),
            OneCoin => skill * right(given) + (1.0 - skill) * share(&|other| 1.0 - right(other), given),
            Favourite => skill * right(given) + (1.0 - skill) * share(&|other| weights[other], given),
        };
        (0..Q).map(chance).collect()
    };
    (0..Q).map(row).collect()
}

fn draw(random: &mut Random, chances: &[f64]) -> usize {
    let mut left = random.unit();
    let within = |chance: &f64| {
        left -= chance;
        left < 0.0
    };
    chances.iter().position(within).unwrap_or(Q - 1)
}

/// Raters of a world with as many ratings each, so many an item by different raters; and the truth.
fn simulate(world: World, (raters, each, of_item): (usize, usize, usize), seed: u64) -> (Table, Vec<Option<u32>>) {
    let mut random = Random::stream(seed, 0);
    let confusions: Vec<_> = (0..raters).map(|_| confusion(world, &mut random)).collect();
    let mut who: Vec<usize> = (0..raters).collect();
    let (mut ratings, mut truth) = (Vec::new(), Vec::new());
    for item in 0..raters * each / of_item {
        let label = draw(&mut random, &PRIOR);
        truth.push(Some(label as u32));
        for place in 0..of_item {
            who.swap(place, place + random.below((raters - place) as u64) as usize);
            let category = draw(&mut random, &confusions[who[place]][label]) as u32;
            ratings.push(Coded { item: item as u32, rater: who[place] as u32, category });
        }
    }
    (Table::new(truth.len(), raters, Q, ratings), truth)
}

/// Mean share right and Brier score over some simulated tables.
fn score(world: World, sizes: (usize, usize, usize), method: Aggregation, tables: u64) -> (f64, f64) {
    let fitting = Fitting { tolerance: 1e-6, most_iterations: 500, ..Fitting::default() };
    let one = |seed| {
        let (table, truth) = simulate(world, sizes, seed);
        accuracy_on_held_out_gold(&table, &truth, method, &fitting, 1).unwrap()
    };
    let found: Vec<HeldOut> = (0..tables).map(one).collect();
    let mean = |value: fn(&HeldOut) -> f64| found.iter().map(value).sum::<f64>() / tables as f64;
    (mean(HeldOut::accuracy_by_drawing), mean(|held| held.brier))
}

#[test]
fn the_order_helps_where_raters_have_few_ratings_and_costs_little_where_it_means_nothing() {
    let gain = |world, sizes| {
        score(world, sizes, Aggregation::Ordinal, 1).0 - score(world, sizes, Aggregation::DawidSkene, 1).0
    };
    assert!(gain(Shifted, (60, 10, 3)) > 0.1);
    assert!(gain(Lapsing, (30, 20, 4)) > 0.05);
    assert!(gain(OneCoin, (10, 60, 5)) > -0.01);
}

#[test]
#[ignore = "prints the table of the documentation, for a minute"]
fn print_the_table() {
    for world in [Shifted, Stretched, Lapsing, Nearby, OneCoin, Favourite] {
        let sizes = [(60, 10, 3), (40, 25, 3), (20, 50, 5), (10, 200, 5), (5, 4000, 5)];
        for (name, part) in [("right", 0), ("Brier", 1)] {
            let cell = |sizes| {
                let methods =
                    [Aggregation::Majority, Aggregation::OneCoin, Aggregation::DawidSkene, Aggregation::Ordinal];
                let value = |method| {
                    let (right, brier) = score(world, sizes, method, if sizes.1 > 1000 { 10 } else { 40 });
                    format!("{:.3}", if part == 0 { right } else { brier }).trim_start_matches('0').to_owned()
                };
                methods.map(value).join(" ")
            };
            println!("/// | {world:?}, {name} | {} |", sizes.map(cell).join(" | "));
        }
    }
}
