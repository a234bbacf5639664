//! Intervals for one proportion whose trials are independent.
//!
//! In: a `Proportion`, or a real-valued effective count, and a level. Out: an `Estimate`, or one-sided bounds.
//! Wilson is the default for figures; Clopper-Pearson backs claims that pass or fail.
//! Never use these on answers that share items or raters: see `clustered`.

use super::{Estimate, Method, Proportion, assert_level, quantile};

/// Below this many, a real-valued count is taken for none.
const NONE: f64 = 1e-9;

/// The Wilson score interval: all shares that a two-sided score test at 1 - `level` would not reject.
///
/// With p = X/n and z the normal quantile at (1 + level)/2:
/// (p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n). Trials are independent, with one probability.
/// At X = 0 the lower bound is exactly 0, at X = n the upper bound is exactly 1. Coverage is `level` on average
/// over p, and may be lower near 0 and 1.
///
/// Sources: Wilson 1927; Newcombe 1998 (method 3). Panics when `level` is not between 0.5 and 1.
pub fn wilson(proportion: Proportion, level: f64) -> Estimate {
    assert_level(level);
    estimate(proportion, level, Method::Wilson, score_bounds(proportion, quantile::normal(f64::midpoint(1.0, level))))
}

/// Wilson's bounds for any normal quantile, also of one-sided levels.
pub(super) fn score_bounds(proportion: Proportion, z: f64) -> (f64, f64) {
    let (n, p) = (proportion.trials() as f64, proportion.share());
    let middle = p + z * z / (2.0 * n);
    let half = z * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
    let stretch = 1.0 + z * z / n;
    (((middle - half) / stretch).clamp(0.0, p), ((middle + half) / stretch).clamp(p, 1.0))
}

/// The exact interval of Clopper and Pearson: all shares that neither one-sided binomial test at (1 - `level`)/2
/// would reject.
///
/// Beta((1-level)/2; X, n-X+1) to Beta((1+level)/2; X+1, n-X), 0 at X = 0 and 1 at X = n. Trials are independent,
/// with one probability. Coverage is never below `level`, often above.
///
/// Source: Clopper and Pearson 1934. Panics when `level` is not between 0.5 and 1.
pub fn clopper_pearson(proportion: Proportion, level: f64) -> Estimate {
    assert_level(level);
    let bounds = exact_bounds(proportion.successes() as f64, proportion.trials() as f64, f64::midpoint(1.0, level));
    estimate(proportion, level, Method::ClopperPearson, bounds)
}

/// The Jeffreys interval: equal tails of the posterior Beta(X + 1/2, n - X + 1/2).
///
/// At X = 0 the lower bound is set to 0, at X = n the upper bound to 1, so that the interval cannot exclude the
/// point. Trials are independent, with one probability. Coverage is `level` on average over p.
///
/// Source: Brown, Cai and DasGupta 2001. Panics when `level` is not between 0.5 and 1.
pub fn jeffreys(proportion: Proportion, level: f64) -> Estimate {
    estimate(proportion, level, Method::Jeffreys, jeffreys_tails(proportion, level))
}

/// The equal tails of Jeffreys' posterior as they are: at X = 0 and X = n they exclude the point.
///
/// The same as `jeffreys` in between. For comparison with other programs, which print these.
/// Panics when `level` is not between 0.5 and 1.
pub fn jeffreys_tails(proportion: Proportion, level: f64) -> (f64, f64) {
    assert_level(level);
    let right = proportion.successes() as f64 + 0.5;
    let wrong = (proportion.trials() - proportion.successes()) as f64 + 0.5;
    let bound = |share: f64| quantile::beta(right, wrong, share);
    (bound(f64::midpoint(1.0, -level)), bound(f64::midpoint(1.0, level)))
}

/// Exact one-sided bounds (lower, upper), each at `level`, for counts that may be fractions of a trial.
///
/// Clopper and Pearson's beta quantiles with real X and n: the same as the binomial test for whole counts, and for an
/// effective number of answers the smooth function between them (Korn and Graubard 1998). `successes` is cut to 0 ..=
/// `trials`. When all trials are alike, the far bound is (1 - level)^(1/n) from its end. One-sided bounds at `level`
/// are the two-sided interval at 2 · `level` - 1.
///
/// Panics when `level` is not between 0.5 and 1, or `trials` is not above zero.
pub fn exact_bounds(successes: f64, trials: f64, level: f64) -> (f64, f64) {
    assert_level(level);
    assert!(trials > 0.0, "there is at least part of a trial");
    let right = successes.clamp(0.0, trials);
    let wrong = trials - right;
    let all_alike = (1.0 - level).powf(1.0 / trials);
    if right < NONE {
        (0.0, 1.0 - all_alike)
    } else if wrong < NONE {
        (all_alike, 1.0)
    } else {
        let low = quantile::beta(right, wrong + 1.0, 1.0 - level);
        (low.clamp(0.0, 1.0), quantile::beta(right + 1.0, wrong, level).clamp(0.0, 1.0))
    }
}

/// Puts the figure together, with bounds that are sharp at the ends and hold the point.
fn estimate(proportion: Proportion, level: f64, method: Method, (low, high): (f64, f64)) -> Estimate {
    let (successes, n, point) = (proportion.successes(), proportion.trials(), proportion.share());
    let low = if successes == 0 { 0.0 } else { low.clamp(0.0, point) };
    let high = if successes == n { 1.0 } else { high.clamp(point, 1.0) };
    Estimate { point, low, high, level, n, method }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    type Interval = fn(Proportion, f64) -> Estimate;
    type Case = (u64, u64, f64, f64);

    fn compare(interval: Interval, level: f64, tolerance: f64, cases: &[Case]) {
        for &(successes, trials, low, high) in cases {
            let found = interval(Proportion::new(successes, trials).unwrap(), level);
            assert!((found.low - low).abs() <= tolerance, "{successes}/{trials}: {found:?} v {low}");
            assert!((found.high - high).abs() <= tolerance, "{successes}/{trials}: {found:?} v {high}");
        }
    }

    /// Newcombe 1998, Statistics in Medicine 17:857-872, table I, as printed.
    #[test]
    fn the_published_table_of_newcombe_1998_is_met() {
        let wilson_table =
            [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)];
        let exact_table =
            [(81, 263, 0.2527, 0.3676), (15, 148, 0.0578, 0.1617), (0, 20, 0.0, 0.1684), (1, 29, 0.0009, 0.1776)];
        compare(wilson, 0.95, 6e-5, &wilson_table);
        compare(clopper_pearson, 0.95, 6e-5, &exact_table);
    }

    /// statsmodels 0.15.0 `proportion_confint('wilson')`, SciPy 1.12.0.
    #[test]
    fn wilson_agrees_with_statsmodels() {
        compare(
            wilson,
            0.95,
            1e-9,
            &[
                (81, 263, 0.2552885198782742, 0.36620957698280004),
                (15, 148, 0.0623863995307363, 0.16048724172330803),
                (0, 20, 0.0, 0.16112515805281938),
                (1, 29, 0.006113214292762653, 0.17175521879320288),
                (31, 40, 0.6249690325768998, 0.8768390867645927),
                (35, 39, 0.7642114553714348, 0.9593866865533163),
                (8, 46, 0.09085791702246311, 0.30723353716378493),
            ],
        );
    }

    /// statsmodels 0.15.0 `proportion_confint('beta')`, SciPy 1.12.0.
    #[test]
    fn clopper_pearson_agrees_with_statsmodels() {
        compare(
            clopper_pearson,
            0.95,
            1e-9,
            &[
                (81, 263, 0.25273674558504283, 0.3676219226013474),
                (15, 148, 0.05784401008344802, 0.16165049034947895),
                (0, 20, 0.0, 0.16843347098308548),
                (1, 29, 0.0008726468835971072, 0.17764429548841465),
                (31, 40, 0.6154883226965773, 0.8916033610159492),
                (35, 39, 0.7577902730493453, 0.971339894873901),
                (8, 46, 0.078203423806353, 0.3141906500754964),
            ],
        );
    }

    /// statsmodels 0.15.0 `proportion_confint('jeffreys')`; the bound at X = 0 is ours, after Brown et al. 2001.
    #[test]
    fn jeffreys_agrees_with_statsmodels_and_is_clamped_at_the_ends() {
        compare(
            jeffreys,
            0.95,
            1e-9,
            &[
                (81, 263, 0.2545219349910236, 0.36564749917408235),
                (15, 148, 0.06044851700929642, 0.15764314347874112),
                (0, 20, 0.0, 0.11663898290487543),
                (20, 20, 1.0 - 0.11663898290487543, 1.0),
                (1, 29, 0.0037461736490570752, 0.15007768600223173),
                (31, 40, 0.6294282699406694, 0.8824200919732349),
            ],
        );
    }

    /// SciPy 1.17.1, `betaincinv` and `norm.ppf`.
    #[test]
    fn other_levels_agree_with_scipy() {
        compare(wilson, 0.9, 1e-9, &[(1, 29, 0.007730807972738015, 0.14068309513251206)]);
        compare(wilson, 0.99, 1e-9, &[(31, 40, 0.5735798642256797, 0.8981698683451488)]);
        compare(clopper_pearson, 0.9, 1e-9, &[(1, 29, 0.0017671710005495351, 0.1533920245261827)]);
        compare(clopper_pearson, 0.99, 1e-9, &[(31, 40, 0.5663131036316724, 0.9163956488762632)]);
        compare(jeffreys, 0.9, 1e-9, &[(1, 29, 0.006100793237347857, 0.12709649300980713)]);
        compare(jeffreys, 0.99, 1e-9, &[(31, 40, 0.5803495314289062, 0.9083804074114168)]);
    }

    /// SciPy 1.17.1: `betaincinv(x, n - x + 1, 1 - level)` and `betaincinv(x + 1, n - x, level)`.
    #[test]
    fn exact_bounds_agree_with_scipy_on_fractions_of_a_trial() {
        let cases = [
            (7.3, 9.1, 0.95, 0.47751727799208793, 0.968479216802599),
            (0.4, 1.0, 0.95, 0.00031287453764414805, 0.9953863691573602),
            (41.25, 43.75, 0.975, 0.8281827270952935, 0.9903800398631964),
            (2.0, 2.0, 0.975, 0.15811388300841903, 1.0),
            (0.8, 12.6, 0.95, 0.0017225676923287617, 0.3040925064369477),
            (912.3, 1003.9, 0.995, 0.8828620370759974, 0.9306741016927849),
        ];
        for (successes, trials, level, low, high) in cases {
            let found = exact_bounds(successes, trials, level);
            assert!((found.0 - low).abs() < 1e-9 && (found.1 - high).abs() < 1e-9, "{found:?} v ({low}, {high})");
        }
    }

    /// The smallest numbers of flawless answers that show a bar; `gold_sample_size` of the reference tables.
    #[test]
    fn flawless_gold_shows_a_bar_from_the_planned_size_on() {
        for (bar, needed) in [(0.8, 14.0), (0.85, 19.0), (0.9, 29.0), (0.95, 59.0)] {
            assert!(exact_bounds(needed, needed, 0.95).0 >= bar);
            assert!(exact_bounds(needed - 1.0, needed - 1.0, 0.95).0 < bar);
        }
    }

    proptest! {
        #[test]
        fn an_interval_lies_in_the_unit_range_and_holds_its_point(
            trials in 1_u64..100_000,
            part in 0.0..=1.0_f64,
            level in 0.5..0.9999_f64,
        ) {
            let successes = (trials as f64 * part) as u64;
            let proportion = Proportion::new(successes, trials).unwrap();
            for interval in [wilson as Interval, clopper_pearson, jeffreys] {
                let e = interval(proportion, level);
                prop_assert!(0.0 <= e.low && e.low <= e.point && e.point <= e.high && e.high <= 1.0, "{e:?}");
            }
        }

        #[test]
        fn exact_bounds_are_the_mirror_of_each_other(trials in 0.1..5_000.0_f64, part in 0.0..=1.0_f64) {
            let right = trials * part;
            let (low, high) = exact_bounds(right, trials, 0.95);
            let (mirror_low, mirror_high) = exact_bounds(trials - right, trials, 0.95);
            prop_assert!((low - (1.0 - mirror_high)).abs() < 1e-6 && (high - (1.0 - mirror_low)).abs() < 1e-6);
            prop_assert!(low <= part + 1e-9 && part <= high + 1e-9);
        }
    }
}
