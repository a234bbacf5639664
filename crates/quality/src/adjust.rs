//! Adjustment of p-values for many tests.
//!
//! In: p-values in any order. Out: adjusted p-values in the same order, none above 1.
//! Holm and Bonferroni are for claims (one wrong claim is one too many), Benjamini-Hochberg is for screens.
//! Compare an adjusted p-value with the level itself. Never drops a test: every p-value that was looked at belongs in.

use super::Undefined;

/// Bonferroni: m · p for m tests, cut at 1. Holm is never larger and holds as generally.
///
/// Controls the chance of any wrong claim, whatever the dependence. No tests give no p-values. Undefined when a
/// p-value is not a number from 0 to 1. Source: Dunn 1961.
pub fn bonferroni(p_values: &[f64]) -> Result<Vec<f64>, Undefined> {
    check(p_values)?;
    let tests = p_values.len() as f64;
    Ok(p_values.iter().map(|p| (p * tests).min(1.0)).collect())
}

/// Holm's step-down adjustment: with p₍₁₎ ≤ … ≤ p₍ₘ₎, the largest of (m - j + 1) · p₍ⱼ₎ over j ≤ i, cut at 1.
///
/// Controls the chance of any wrong claim, whatever the dependence. No tests give no p-values. Undefined when a
/// p-value is not a number from 0 to 1. Source: Holm 1979.
pub fn holm(p_values: &[f64]) -> Result<Vec<f64>, Undefined> {
    let ascending = ascending(p_values)?;
    let mut adjusted = vec![0.0; p_values.len()];
    let mut largest = 0.0_f64;
    for (rank, &place) in ascending.iter().enumerate() {
        largest = largest.max(p_values[place] * (p_values.len() - rank) as f64).min(1.0);
        adjusted[place] = largest;
    }
    Ok(adjusted)
}

/// Benjamini and Hochberg's step-up adjustment: the smallest of m · p₍ⱼ₎ / j over j ≥ i.
///
/// Controls the expected share of wrong findings among the findings, for tests that are independent or positively
/// dependent (PRDS). No tests give no p-values. Undefined when a p-value is not a number from 0 to 1.
/// Sources: Benjamini and Hochberg 1995; Benjamini and Yekutieli 2001.
pub fn benjamini_hochberg(p_values: &[f64]) -> Result<Vec<f64>, Undefined> {
    let ascending = ascending(p_values)?;
    let mut adjusted = vec![0.0; p_values.len()];
    let mut smallest = 1.0_f64;
    for (rank, &place) in ascending.iter().enumerate().rev() {
        smallest = smallest.min(p_values[place] * (p_values.len() as f64 / (rank + 1) as f64));
        adjusted[place] = smallest;
    }
    Ok(adjusted)
}

/// The places of the p-values, smallest first; equal ones keep their order.
fn ascending(p_values: &[f64]) -> Result<Vec<usize>, Undefined> {
    check(p_values)?;
    let mut places: Vec<usize> = (0..p_values.len()).collect();
    places.sort_by(|&a, &b| p_values[a].total_cmp(&p_values[b]));
    Ok(places)
}

fn check(p_values: &[f64]) -> Result<(), Undefined> {
    let are_probabilities = p_values.iter().all(|p| (0.0..=1.0).contains(p));
    are_probabilities.then_some(()).ok_or(Undefined::NotProbability)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const RISING: [f64; 5] = [0.01, 0.02, 0.03, 0.04, 0.05];
    const MIXED: [f64; 9] = [0.04, 0.0004, 1.0, 0.04, 0.2, 0.011, 0.0, 0.6, 0.03];

    type Adjustment = fn(&[f64]) -> Result<Vec<f64>, Undefined>;

    fn compare(adjustment: Adjustment, p_values: &[f64], expected: &[f64]) {
        let found = adjustment(p_values).unwrap();
        assert_eq!(found.len(), expected.len());
        assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-12), "{found:?} v {expected:?}");
    }

    /// statsmodels 0.15.0 `multipletests`.
    #[test]
    fn the_adjustments_agree_with_statsmodels() {
        compare(holm, &RISING, &[0.05, 0.08, 0.09, 0.09, 0.09]);
        compare(benjamini_hochberg, &RISING, &[0.05; 5]);
        compare(bonferroni, &RISING, &[0.05, 0.1, 0.15, 0.2, 0.25]);
        compare(holm, &MIXED, &[0.2, 0.0032, 1.0, 0.2, 0.6, 0.077, 0.0, 1.0, 0.18]);
        let screened = [0.06, 0.0018, 1.0, 0.06, 0.2571428571428572, 0.033, 0.0, 0.675, 0.06];
        compare(benjamini_hochberg, &MIXED, &screened);
    }

    #[test]
    fn no_tests_give_no_p_values_and_what_is_no_p_value_is_refused() {
        for adjustment in [bonferroni as Adjustment, holm, benjamini_hochberg] {
            assert_eq!(adjustment(&[]), Ok(vec![]));
            assert_eq!(adjustment(&[0.3]), Ok(vec![0.3]));
            for wrong in [-0.1, 1.1, f64::NAN, f64::INFINITY] {
                assert_eq!(adjustment(&[0.5, wrong]), Err(Undefined::NotProbability));
            }
        }
    }

    proptest! {
        #[test]
        fn an_adjusted_p_value_is_never_smaller_and_keeps_its_rank(
            p_values in prop::collection::vec(0.0..=1.0_f64, 0..12),
        ) {
            let methods = [benjamini_hochberg as Adjustment, holm, bonferroni];
            let adjusted = methods.map(|adjustment| adjustment(&p_values).unwrap());
            for i in 0..p_values.len() {
                let [screened, stepped, plain] = [0, 1, 2].map(|method| adjusted[method][i]);
                prop_assert!(p_values[i] <= screened && screened <= stepped + 1e-12);
                prop_assert!(stepped <= plain && plain <= 1.0);
                let higher = (0..p_values.len()).filter(|&j| p_values[j] >= p_values[i]);
                prop_assert!(higher.clone().all(|j| adjusted[0][j] >= screened && adjusted[1][j] >= stepped));
            }
        }
    }
}
