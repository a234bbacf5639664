//! Exact comparison of two shares that are of different items.
//!
//! In: two proportions. Out: the chance of so large a difference if both had one truth. It never approximates.

use crate::Proportion;
use statrs::distribution::{DiscreteCDF, Hypergeometric};

/// Fisher's exact test, one-sided: the chance that `one` holds at least as many successes as it does, given the successes
/// and trials of both together, if one chance of success held for both. 1 where nothing was tried.
///
/// Assumes trials that are independent. Source: Fisher 1935.
pub fn fisher_greater(one: Proportion, other: Proportion) -> f64 {
    let (trials, successes) = (one.trials() + other.trials(), one.successes() + other.successes());
    let Ok(distribution) = Hypergeometric::new(trials, successes, one.trials()) else { return 1.0 };
    one.successes().checked_sub(1).map_or(1.0, |fewer| distribution.sf(fewer)).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Fisher 1935: the lady tasting tea, and the convictions of twins; p-values as R 4.5 `fisher.test` prints them.
    #[test]
    fn published_tables_have_the_published_chances() {
        for (one, other, chance) in [((3, 4), (1, 4), 0.242_857), ((10, 13), (2, 17), 0.000_465_2)] {
            let proportion = |(successes, trials)| Proportion::new(successes, trials).unwrap();
            let found = fisher_greater(proportion(one), proportion(other));
            assert!((found / chance - 1.0).abs() < 1e-4, "{found} for {chance}");
        }
    }

    #[test]
    fn nothing_shows_nothing() {
        let proportion = |successes, trials| Proportion::new(successes, trials).unwrap();
        assert_eq!(fisher_greater(proportion(0, 5), proportion(3, 9)), 1.0);
        assert_eq!(fisher_greater(proportion(5, 5), proportion(9, 9)), 1.0);
    }
}
