//! Tests of partial pooling against SciPy, a brute-force grid, and simulated cohorts.

use super::*;
use crate::quantile::beta_below;
use proptest::prelude::*;

const EIGHT: [(u64, u64); 8] = [(18, 20), (25, 30), (9, 15), (30, 33), (22, 30), (14, 20), (28, 30), (5, 10)];

fn near(found: f64, expected: f64, tolerance: f64) {
    assert!((found - expected).abs() <= tolerance, "{found} v {expected}");
}

/// scipy 1.12.0 `betabinom`, maximised by Nelder-Mead and by BFGS; posterior means and `beta.ppf` at the maximum.
#[test]
fn the_fit_and_the_plug_in_posteriors_agree_with_scipy() {
    let fitted = fit(&EIGHT).unwrap();
    near(fitted.mean(), 0.7843168413760111, 1e-6);
    near(fitted.log_likelihood(), -19.706382286573803, 1e-9);
    near(fitted.alpha().unwrap(), 12.9610, 1e-3);
    near(fitted.beta().unwrap(), 3.5642, 1e-3);
    let expected = [
        (0.8476611098030727, 0.7164420215432616, 0.9430858803595141),
        (0.8159232441469093, 0.6939682837897732, 0.9122458304020015),
        (0.6966171250021781, 0.5282495514689589, 0.8413766542706169),
        (0.8674571980369967, 0.761144278174779, 0.9458487608463182),
        (0.7514420838092473, 0.619228578326916, 0.8632091680025883),
        (0.7381477300155224, 0.5863820086587541, 0.86525095229773),
        (0.8804044044845714, 0.7741215643274036, 0.9559783134101544),
        (0.6771294665949079, 0.49161748590389737, 0.8373622959981759),
    ];
    for (&(right, asked), (shrunk, low, high)) in EIGHT.iter().zip(expected) {
        let found = fitted.at_fitted_prior(right, asked, 0.95).unwrap();
        near(fitted.shrunk(right, asked).unwrap(), shrunk, 1e-5);
        near(found.point, shrunk, 1e-5);
        near(found.low, low, 1e-5);
        near(found.high, high, 1e-5);
        assert_eq!((found.n, found.method), (asked, Method::EmpiricalBayes));
    }
}

/// scipy 1.17.1 `betabinom`, maximised by Nelder-Mead.
#[test]
fn counts_in_the_thousands_are_fitted_as_scipy_does() {
    let fitted = fit(&[(1800, 2000), (2500, 3000), (900, 1100), (40_000, 44_000)]).unwrap();
    near(fitted.log_likelihood(), -26.015334228547744, 1e-7);
    near(fitted.alpha().unwrap(), 64.2892, 1e-2);
    near(fitted.beta().unwrap(), 9.96572, 1e-3);
}

/// The same posterior summed over 1500 × 1500 values of τ and m (NumPy, `scipy.special.betainc` 1.17.1): mean, 2.5 %
/// and 97.5 % quantiles, and the chance to be at .8 or above.
#[test]
fn the_integrated_posterior_agrees_with_a_brute_force_grid() {
    let alike = [(17, 20), (17, 20), (18, 20), (17, 20)];
    type Case<'a> = (&'a [(u64, u64)], (u64, u64), [f64; 4]);
    let cases: [Case; 7] = [
        (&EIGHT, (18, 20), [0.84864343, 0.71042531, 0.95852897, 0.77950063]),
        (&EIGHT, (5, 10), [0.65332373, 0.37958077, 0.84218083, 0.09742842]),
        (&EIGHT, (0, 0), [0.76499920, 0.38941651, 0.97509323, 0.46631549]),
        (&alike, (17, 20), [0.84697744, 0.72284309, 0.93680632, 0.82527895]),
        (&[(9, 10)], (9, 10), [0.85145684, 0.60211649, 0.98834503, 0.73185894]),
        (&[(10, 10), (20, 20), (5, 5)], (5, 5), [0.98500679, 0.85710625, 1.0, 0.98711118]),
        (&[(0, 10), (0, 20)], (0, 10), [0.01175767, 0.0, 0.10645307, 0.0]),
    ];
    for (counts, (right, asked), [mean, low, high, reaches]) in cases {
        let fitted = fit(counts).unwrap();
        let found = fitted.estimate(right, asked, 0.95).unwrap();
        near(found.point, mean, 1e-4);
        near(found.low, low, 5e-4);
        near(found.high, high, 5e-4);
        near(fitted.chance_to_reach(right, asked, 0.8).unwrap(), reaches, 5e-4);
    }
}

/// scipy 1.17.1 `betainc`.
#[test]
fn large_shapes_have_their_beta_probabilities() {
    let cases = [
        (600.0, 700.0, 0.45, 0.20212835982398014),
        (50_000.0, 3000.0, 0.945, 0.9459301764545345),
        (501.0, 1_000_000.0, 0.00055, 0.9841631245055585),
        (100_000.0, 100_000.0, 0.4975, 0.012673293212875069),
        (2000.5, 501.2, 0.81, 0.9031516949721733),
    ];
    cases.iter().for_each(|&(a, b, x, expected)| near(beta_below(a, b, x), expected, 2e-7));
    assert_eq!((beta_below(900.0, 900.0, 0.0), beta_below(900.0, 900.0, 1.0)), (0.0, 1.0));
    near(beta_below(1e9, 1e9, 1.0 - 1e-16), 1.0, 0.0);
    near(beta_below(1e9, 1e9, 1e-300), 0.0, 0.0);
}

#[test]
fn raters_who_are_all_alike_are_pooled_fully_and_still_have_wide_intervals() {
    let fitted = fit(&[(17, 20), (17, 20), (18, 20), (17, 20)]).unwrap();
    assert_eq!((fitted.alpha(), fitted.beta(), fitted.concentration()), (None, None, None));
    near(fitted.shrunk(18, 20).unwrap(), 69.0 / 80.0, 1e-12);
    assert_eq!(fitted.at_fitted_prior(18, 20, 0.95), Err(Undefined::AllAlike));
    let found = fitted.estimate(18, 20, 0.95).unwrap();
    assert!(found.high - found.low > 0.15, "{found:?}");
    assert_eq!((found.n, found.method), (20, Method::HierarchicalBayes));
}

#[test]
fn a_rater_without_gold_is_given_the_cohort_with_the_widest_interval() {
    let fitted = fit(&EIGHT).unwrap();
    let (none, some) = (fitted.estimate(0, 0, 0.95).unwrap(), fitted.estimate(25, 30, 0.95).unwrap());
    assert_eq!(none.n, 0);
    near(fitted.shrunk(0, 0).unwrap(), fitted.mean(), 1e-15);
    assert!(none.high - none.low > 1.5 * (some.high - some.low));
    let mut with_idle = EIGHT.to_vec();
    with_idle.push((0, 0));
    assert_eq!(fit(&with_idle).unwrap(), fitted);
}

#[test]
fn what_cannot_be_fitted_or_asked_has_a_reason() {
    assert_eq!(fit(&[]), Err(Undefined::NoData));
    assert_eq!(fit(&[(0, 0), (0, 0)]), Err(Undefined::NoData));
    assert_eq!(fit(&[(3, 2)]), Err(Undefined::BadCount));
    let fitted = fit(&EIGHT).unwrap();
    assert_eq!(fitted.estimate(2, 1, 0.95), Err(Undefined::BadCount));
    assert_eq!(fitted.shrunk(2, 1), Err(Undefined::BadCount));
    for level in [0.5, 1.0, f64::NAN] {
        assert_eq!(fitted.estimate(1, 2, level), Err(Undefined::BadParameter));
        assert_eq!(fitted.at_fitted_prior(1, 2, level), Err(Undefined::BadParameter));
    }
    for bar in [-0.1, 1.1, f64::NAN] {
        assert_eq!(fitted.chance_to_reach(1, 2, bar), Err(Undefined::BadParameter));
    }
    near(fitted.chance_to_reach(1, 2, 0.0).unwrap(), 1.0, 0.0);
    near(fitted.chance_to_reach(1, 2, 1.0).unwrap(), 0.0, 0.0);
}

#[test]
fn extreme_counts_give_figures_and_no_panic() {
    let huge = 1_000_000_000_u64;
    let cohorts: [&[(u64, u64)]; 8] = [
        &[(0, 1)],
        &[(1, 1)],
        &[(0, 5), (5, 5)],
        &[(0, huge), (huge, huge)],
        &[(huge, huge), (huge, huge)],
        &[(huge / 3, huge), (huge / 2, huge), (1, 2)],
        &[(huge / 2, huge), (huge / 2, huge)],
        &[(u64::MAX, u64::MAX), (0, u64::MAX), (1, 3)],
    ];
    for counts in cohorts {
        let fitted = fit(counts).unwrap();
        assert!(fitted.log_likelihood().is_finite() && (0.0..=1.0).contains(&fitted.mean()), "{fitted:?}");
        for &(right, asked) in counts.iter().chain(&[(0, 0)]) {
            let e = fitted.estimate(right, asked, 0.95).unwrap();
            assert!(0.0 <= e.low && e.low <= e.point && e.point <= e.high && e.high <= 1.0, "{counts:?} {e:?}");
            let chance = fitted.chance_to_reach(right, asked, 0.9).unwrap();
            assert!((0.0..=1.0).contains(&chance), "{chance}");
        }
    }
    let sure = fit(&[(huge / 2, huge), (huge / 2, huge)]).unwrap().estimate(huge / 2, huge, 0.95).unwrap();
    assert!((sure.low - 0.5).abs() < 5e-5 && (sure.high - 0.5).abs() < 5e-5, "{sure:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    #[test]
    fn the_order_of_raters_never_shows_and_intervals_hold_their_point(
        asked in prop::collection::vec((0_u64..60, 0.0..=1.0_f64), 1..7),
    ) {
        let counts: Vec<(u64, u64)> = asked.iter().map(|&(n, part)| ((n as f64 * part) as u64, n)).collect();
        let backwards: Vec<(u64, u64)> = counts.iter().rev().copied().collect();
        let Ok(fitted) = fit(&counts) else {
            return Ok(());
        };
        prop_assert_eq!(&fit(&backwards).unwrap(), &fitted);
        let (right, n) = counts[0];
        let e = fitted.estimate(right, n, 0.9).unwrap();
        prop_assert!(0.0 <= e.low && e.low <= e.point && e.point <= e.high && e.high <= 1.0, "{e:?}");
        let below = Posterior::of(&fitted.priors, right, n).below(e.low);
        // Where accuracies pile up at 0, the least number there is has more than its share below it.
        prop_assert!(below <= 0.05 + 1e-6 || e.low < 1e-9, "{below}");
    }
}
