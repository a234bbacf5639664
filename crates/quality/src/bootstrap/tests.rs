//! Checks of the sampler, of the intervals, and that nothing but data and seed moves them.

use super::super::Method;
use super::super::agreement::{Averaging, Coefficient, Level};
use super::super::weights::{Weighting, Weights};
use super::*;
use proptest::prelude::*;

const RESAMPLING: Resampling = Resampling { replicates: 2000, seed: 1, level: 0.95 };
const NOMINAL: Coefficient<'_> = Coefficient::Alpha { level: Level::Nominal, numbers: &[] };
const ORDINAL: Coefficient<'_> = Coefficient::Alpha { level: Level::Ordinal, numbers: &[] };

/// Fleiss 1971, table 1, by patients who were diagnosed alike.
fn fleiss_1971(categories: usize) -> Patterns {
    let patients = [
        "00060", "03003", "01401", "00006", "03030", "20400", "00402", "20310", "20040", "00006", "10050", "11040",
        "03300", "10050", "02031", "00501", "30012", "51000", "02040", "10203", "00006", "01050", "02013", "20040",
        "10041", "05010", "40002", "02040", "10500", "00006",
    ];
    let ratings = |(category, digit): (usize, u8)| std::iter::repeat_n(category as u32, usize::from(digit - b'0'));
    Patterns::of(categories, patients.map(|patient| patient.bytes().enumerate().flat_map(ratings).collect::<Vec<_>>()))
}

/// Pearson's statistic of counts against probabilities, and the bins it has; bins expected fewer than 5 are joined.
fn chi_squared(counts: &[f64], probabilities: &[f64]) -> (f64, f64) {
    let total: f64 = counts.iter().sum();
    let (mut statistic, mut bins) = (0.0, 0.0);
    let (mut seen, mut expected) = (0.0, 0.0);
    for (count, probability) in counts.iter().zip(probabilities) {
        seen += count;
        expected += probability * total;
        if expected >= 5.0 {
            statistic += (seen - expected).powi(2) / expected;
            bins += 1.0;
            (seen, expected) = (0.0, 0.0);
        }
    }
    (statistic + (seen - expected).powi(2), bins)
}

/// Probabilities of 0 to n successes.
fn binomial(n: u32, p: f64) -> Vec<f64> {
    let mut log = f64::from(n) * (1.0 - p).ln();
    let odds = (p / (1.0 - p)).ln();
    let step = |k: u32| {
        let probability = log.exp();
        log += odds + f64::from(n - k).ln() - f64::from(k + 1).ln();
        probability
    };
    (0..=n).map(step).collect()
}

/// Each pattern's count is binomial, and the counts of one draw vary against each other as multinomial ones do.
fn assert_multinomial(frequencies: &[u64], draws: u64) {
    let items: u64 = frequencies.iter().sum();
    let multinomial = Multinomial::new(frequencies);
    let mut counts = vec![0.0; frequencies.len()];
    let mut seen = vec![vec![0.0; items as usize + 1]; frequencies.len()];
    let mut pearson = 0.0;
    for draw in 0..draws {
        multinomial.draw(&mut Random::stream(1, draw), &mut counts);
        assert_eq!(counts.iter().sum::<f64>(), items as f64);
        for ((&count, &frequency), seen) in counts.iter().zip(frequencies).zip(&mut seen) {
            seen[count as usize] += 1.0;
            pearson += (count - frequency as f64).powi(2) / frequency as f64;
        }
    }
    for (&frequency, seen) in frequencies.iter().zip(&seen) {
        let (statistic, bins) = chi_squared(seen, &binomial(items as u32, frequency as f64 / items as f64));
        // Four standard deviations of chi-squared; the seed is fixed.
        assert!(statistic < bins + 4.0 * (2.0 * bins).sqrt() + 4.0, "{frequency} of {items}: {statistic}, {bins} bins");
    }
    // The mean of Pearson's statistic is exactly one less than the number of patterns; its variance is near twice that.
    let freedom = (frequencies.len() - 1) as f64;
    let rare: f64 = frequencies.iter().map(|&frequency| 1.0 / frequency as f64).sum();
    let off = (pearson / draws as f64 - freedom) / ((2.0 * freedom + rare) / draws as f64).sqrt();
    assert!(off.abs() < 4.0, "{off} standard errors");
}

#[test]
fn few_items_are_drawn_one_by_one_as_they_should() {
    assert_multinomial(&[9, 6, 3, 1, 1], 6000);
}

#[test]
fn many_items_are_drawn_by_patterns_as_they_should() {
    assert_multinomial(&[2900, 800, 200, 65, 64, 63, 3, 3, 1, 1], 3000);
}

#[test]
fn a_single_pattern_is_drawn_every_time() {
    for items in [1, 100_000] {
        let mut counts = [0.0];
        Multinomial::new(&[items]).draw(&mut Random::stream(1, 0), &mut counts);
        assert_eq!(counts, [items as f64]);
    }
}

/// SciPy 1.12.0, `stats.bootstrap` over the 30 patients with 20,000 resamples (and a seed of its own).
#[test]
fn intervals_agree_with_scipy() {
    let found = over_items(&[&NOMINAL], &fleiss_1971(5), &Resampling { replicates: 5000, ..RESAMPLING });
    let found = found[0].unwrap();
    let bca = found.bca.unwrap();
    for (bound, expected) in
        [(found.percentile.low, 0.32048), (found.percentile.high, 0.53178), (bca.low, 0.34175), (bca.high, 0.55546)]
    {
        assert!((bound - expected).abs() < 0.008, "{found:?}");
    }
    assert_eq!((found.percentile.n, found.undefined, found.percentile.method), (30, 0, Method::Percentile));
    assert_eq!(bca.method, Method::Bca);
}

#[test]
fn the_number_of_threads_does_not_change_a_bit() {
    let weights = Weights::of(Weighting::Linear, 5);
    let statistics: [&dyn Additive; 3] = [&ORDINAL, &NOMINAL, &Coefficient::Gwet(&weights)];
    let with = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| over_items(&statistics, &fleiss_1971(5), &Resampling { replicates: 333, ..RESAMPLING }))
    };
    assert_eq!(with(1), with(3));
}

#[test]
fn figures_share_resamples_without_touching_each_other() {
    let weights = Weights::of(Weighting::Identity, 5);
    let percent = Coefficient::Percent(Averaging::Items);
    let statistics: [&dyn Additive; 4] = [&NOMINAL, &percent, &ORDINAL, &Coefficient::Fleiss(&weights)];
    let patterns = fleiss_1971(5);
    let resampling = Resampling { replicates: 200, ..RESAMPLING };
    let together = over_items(&statistics, &patterns, &resampling);
    for (statistic, together) in statistics.iter().zip(together) {
        assert_eq!(over_items(&[*statistic], &patterns, &resampling), [together]);
    }
    let found = over_items(&statistics, &patterns, &resampling)[2].unwrap();
    assert_eq!(Ok(found.percentile.point), ORDINAL.of(&patterns));
}

/// With 30 declared categories ordinal alpha has 465 sums, mostly zeros, and is still the same.
#[test]
fn long_scales_give_the_same_interval() {
    let resampling = Resampling { replicates: 300, ..RESAMPLING };
    let short = over_items(&[&ORDINAL], &fleiss_1971(5), &resampling)[0].unwrap();
    let long = over_items(&[&ORDINAL, &NOMINAL], &fleiss_1971(30), &resampling)[0].unwrap();
    let bounds = |found: &Bootstrapped| [found.percentile.low, found.percentile.high, found.bca.unwrap().low];
    for (short, long) in bounds(&short).into_iter().zip(bounds(&long)) {
        assert!((short - long).abs() < 1e-12);
    }
}

#[test]
fn undefined_replicates_are_counted_and_too_many_refused() {
    let with = |differing: usize, alike: usize| {
        let items = std::iter::repeat_n([0, 1], differing).chain(std::iter::repeat_n([0, 0], alike));
        over_items(&[&NOMINAL], &Patterns::of(2, items), &RESAMPLING)[0]
    };
    // No differing item is drawn in (56/60)⁶⁰ = 1.6 % and in (38/40)⁴⁰ = 12.9 % of the samples.
    let found = with(4, 56).unwrap();
    assert!((20..45).contains(&found.undefined), "{found:?}");
    assert_eq!(with(2, 38), Err(Undefined::UnstableBootstrap));
    assert_eq!(with(0, 40), Err(Undefined::OneCategory));
}

#[test]
fn lack_of_variation_is_named_and_not_taken_for_certainty() {
    let patterns = Patterns::of(2, [[0, 0], [1, 1]].repeat(30));
    let found = over_items(&[&NOMINAL], &patterns, &RESAMPLING)[0].unwrap();
    assert_eq!((found.percentile.low, found.percentile.high), (1.0, 1.0));
    assert!(found.is_degenerate());
    assert_eq!(found.bca, Err(Undefined::NoSpread));
    let percent = Coefficient::Percent(Averaging::Items);
    let one_item = over_items(&[&percent], &Patterns::of(2, [[0, 1]]), &RESAMPLING)[0].unwrap();
    assert_eq!(one_item.bca, Err(Undefined::OneItem));
    assert_eq!(over_items(&[&percent], &Patterns::default(), &RESAMPLING), [Err(Undefined::NoData)]);
}

/// The mean number of ratings; written without `each_feature`.
struct MeanRatings;

impl Additive for MeanRatings {
    fn width(&self, _: usize) -> usize {
        2
    }

    fn features(&self, pattern: &Pattern<'_>, _: usize, into: &mut [f64]) {
        into.copy_from_slice(&[1.0, pattern.ratings as f64]);
    }

    fn value(&self, sums: &[f64], _: usize) -> Result<f64, Undefined> {
        Ok(sums[1] / sums[0])
    }
}

/// 400 items with 1 to 4 ratings: mean 2.5, standard error √1.25 / 20 = .0559.
#[test]
fn a_mean_has_the_interval_of_a_mean() {
    let patterns = Patterns::of(1, (0..400).map(|item| vec![0; item % 4 + 1]));
    let found = over_items(&[&MeanRatings], &patterns, &RESAMPLING)[0].unwrap();
    for estimate in [found.percentile, found.bca.unwrap()] {
        assert!((estimate.low - 2.390).abs() < 0.012 && (estimate.high - 2.610).abs() < 0.012, "{estimate:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]

    #[test]
    fn bounds_hold_the_point_where_there_are_enough_items(
        items in prop::collection::vec(prop::collection::vec(0_u32..4, 2..4), 100..150),
        seed in 0_u64..1000,
    ) {
        let patterns = Patterns::of(4, items.clone());
        let resampling = Resampling { replicates: 200, seed, ..RESAMPLING };
        let found = over_items(&[&ORDINAL, &NOMINAL], &patterns, &resampling);
        for result in &found {
            let estimate = result.unwrap().percentile;
            prop_assert!(estimate.low <= estimate.point && estimate.point <= estimate.high, "{estimate:?}");
            prop_assert!(estimate.low < estimate.high && estimate.high <= 1.0);
        }
        let backwards = Patterns::of(4, items.into_iter().rev());
        prop_assert_eq!(over_items(&[&ORDINAL, &NOMINAL], &backwards, &resampling), found);
    }
}

/// From a transcription of `abcnon` of R's bootstrap (Efron and Tibshirani 1993), item by item and from the formulas of
/// each figure, in Python; its steps differ, so the last digits may.
#[test]
fn abc_bounds_are_those_of_the_published_algorithm() {
    let patterns = fleiss_1971(5);
    let weights = Weights::of(Weighting::Identity, 5);
    let figures: [(Coefficient<'_>, [f64; 4]); 3] = [
        (Coefficient::Percent(Averaging::Items), [0.4785078875, 0.4901451339, 0.6336758256, 0.6498378029]),
        (Coefficient::Fleiss(&weights), [0.3396318601, 0.3553051299, 0.5330320533, 0.5518121142]),
        (ORDINAL, [0.1213169692, 0.1550881403, 0.5537484408, 0.5958826198]),
    ];
    for (figure, expected) in figures {
        let abc = Abc::of(&figure, &patterns).unwrap();
        for (share, expected) in [0.025, 0.05, 0.95, 0.975].into_iter().zip(expected) {
            let found = abc.bound(share).unwrap();
            assert!((found - expected).abs() < 1e-5, "{figure:?} at {share}: {found}, not {expected}");
        }
    }
}

#[test]
fn abc_is_what_bca_comes_to() {
    let patterns = fleiss_1971(5);
    let resampling = Resampling { replicates: 20_000, ..RESAMPLING };
    for figure in [NOMINAL, ORDINAL, Coefficient::Percent(Averaging::Items)] {
        let bca = over_items(&[&figure], &patterns, &resampling)[0].unwrap().bca.unwrap();
        let abc = Abc::of(&figure, &patterns).unwrap();
        let width = bca.high - bca.low;
        for (share, bca) in [(0.025, bca.low), (0.975, bca.high)] {
            let abc = abc.bound(share).unwrap();
            assert!((abc - bca).abs() < 0.06 * width, "{figure:?}: {abc} and {bca}");
        }
        let stretched = abc.estimate(0.95).unwrap();
        assert_eq!((stretched.point, stretched.n, stretched.method), (bca.point, bca.n, Method::Abc));
        assert!(stretched.low < bca.low && stretched.high > bca.high, "{stretched:?} {bca:?}");
    }
}

#[test]
fn abc_has_no_bounds_where_nothing_shows_how_items_differ() {
    let of = |items: &[&[u32]]| {
        let patterns = Patterns::of(2, items.iter().map(|item| item.iter().copied()));
        Abc::of(&NOMINAL, &patterns).map(|_| ()).unwrap_err()
    };
    assert_eq!(of(&[]), Undefined::NoData);
    assert_eq!(of(&[&[0, 1]]), Undefined::OneItem);
    assert_eq!(of(&[&[0, 1], &[0, 1]]), Undefined::NoSpread);
    assert_eq!(of(&[&[0, 0], &[0, 0]]), Undefined::OneCategory);
}
