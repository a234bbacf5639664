//! Exact chances of the binomial distribution, up to ten million trials and beyond.
//!
//! In: a count, a number of trials, a chance of success. Out: the chance of that count, or of at most or at least it.
//! Single chances come from Loader's saddle-point expansion, because log-gamma loses digits as trials grow; sums add
//! neighbours by their ratio from the largest outwards.
//! Never an approximation by the normal; never sees data.

/// A term this much smaller than the sum so far no longer changes it.
const NEGLIGIBLE: f64 = 1e-18;

/// ln n! less Stirling's formula for it, for n from 1 to 15.
const STIRLING_ERROR: [f64; 15] = [
    0.081_061_466_795_327_26,
    0.041_340_695_955_409_29,
    0.027_677_925_684_998_34,
    0.020_790_672_103_765_093,
    0.016_644_691_189_821_193,
    0.013_876_128_823_070_748,
    0.011_896_709_945_891_77,
    0.010_411_265_261_972_096,
    0.009_255_462_182_712_733,
    0.008_330_563_433_362_87,
    0.007_573_675_487_951_841,
    0.006_942_840_107_209_53,
    0.006_408_994_188_004_207,
    0.005_951_370_112_758_848,
    0.005_554_733_551_962_801,
];

/// The chance of exactly `successes`: C(n, k) pᵏ (1-p)ⁿ⁻ᵏ. Source: Loader 2000.
///
/// Panics when `chance` is not between 0 and 1.
pub(super) fn exactly(successes: u64, trials: u64, chance: f64) -> f64 {
    assert!((0.0..=1.0).contains(&chance), "a chance lies between 0 and 1, not at {chance}");
    if successes > trials {
        return 0.0;
    }
    let (n, k, failures) = (trials as f64, successes as f64, (trials - successes) as f64);
    if successes == 0 {
        return (n * (-chance).ln_1p()).exp().clamp(0.0, 1.0);
    }
    if successes == trials {
        return chance.powf(n);
    }
    let exponent = stirling_error(trials)
        - stirling_error(successes)
        - stirling_error(trials - successes)
        - deviance(k, n * chance)
        - deviance(failures, n * (1.0 - chance));
    (n / (std::f64::consts::TAU * k * failures)).sqrt() * exponent.exp()
}

/// The chance of at most `successes`.
pub(super) fn at_most(successes: u64, trials: u64, chance: f64) -> f64 {
    if successes >= trials {
        1.0
    } else if (successes as f64) < trials as f64 * chance {
        lower_tail(successes, trials, chance)
    } else {
        1.0 - upper_tail(successes + 1, trials, chance)
    }
}

/// The chance of at least `successes`; small chances keep their digits.
pub(super) fn at_least(successes: u64, trials: u64, chance: f64) -> f64 {
    if successes == 0 {
        1.0
    } else if successes as f64 > trials as f64 * chance {
        upper_tail(successes, trials, chance)
    } else {
        1.0 - lower_tail(successes - 1, trials, chance)
    }
}

/// The sum from `successes` up, where terms fall.
fn upper_tail(successes: u64, trials: u64, chance: f64) -> f64 {
    let odds = chance / (1.0 - chance);
    let ratio = |k: u64| (trials - k) as f64 / (k + 1) as f64 * odds;
    sum_of_falling_terms(exactly(successes, trials, chance), (successes..trials).map(ratio))
}

/// The sum from `successes` down, where terms fall.
fn lower_tail(successes: u64, trials: u64, chance: f64) -> f64 {
    let odds = (1.0 - chance) / chance;
    let ratio = |k: u64| k as f64 / (trials - k + 1) as f64 * odds;
    sum_of_falling_terms(exactly(successes, trials, chance), (1..=successes).rev().map(ratio))
}

/// A first term and the ratios of each next one to it, added until they no longer matter.
fn sum_of_falling_terms(first: f64, ratios: impl Iterator<Item = f64>) -> f64 {
    let mut term = first;
    let mut sum = first;
    for ratio in ratios {
        term *= ratio;
        sum += term;
        if term <= sum * NEGLIGIBLE {
            break;
        }
    }
    sum.min(1.0)
}

/// ln n! - ln(√(2πn) (n/e)ⁿ), for n above zero.
fn stirling_error(n: u64) -> f64 {
    match n {
        1..=15 => STIRLING_ERROR[n as usize - 1],
        _ => {
            let n = n as f64;
            let square = n * n;
            let inner = 1.0 / 1260.0 - (1.0 / 1680.0 - 1.0 / (1188.0 * square)) / square;
            (1.0 / 12.0 - (1.0 / 360.0 - inner / square) / square) / n
        }
    }
}

/// x ln(x/m) + m - x, without the loss of digits where x is close to m.
fn deviance(x: f64, mean: f64) -> f64 {
    let gap = x - mean;
    if gap.abs() >= 0.1 * (x + mean) {
        return x * (x / mean).ln() + mean - x;
    }
    // The series of ln(x/m) in v = (x - m)/(x + m): 2 (v + v³/3 + v⁵/5 + …).
    let v = gap / (x + mean);
    let mut sum = gap * v;
    let mut power = 2.0 * x * v;
    for odd in (3..).step_by(2) {
        power *= v * v;
        let next = sum + power / f64::from(odd);
        if next == sum {
            break;
        }
        sum = next;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Each line: successes, trials, chance; then exactly, at least, at most. mpmath 1.3, 40 digits.
    #[test]
    fn chances_agree_with_forty_digits() {
        let cases = [
            (92, 100, 0.85, 0.015310499504143291, 0.027475691410310355, 0.987834808093833),
            (45, 50, 0.8, 0.029531204310524254, 0.0480272193707336, 0.9815039849397906),
            (8_502_000, 10_000_000, 0.85, 7.360339048006685e-05, 0.03827970337693598, 0.9617939000135441),
            (8_510_000, 10_000_000, 0.85, 3.0684538210686887e-21, 3.869057141215094e-19, 1.0),
            (8_500_000, 10_000_000, 0.85, 0.0003533092018469575, 0.5002178740016134, 0.5001354352002335),
            (3, 10_000_000, 1e-7, 0.06131323712957763, 0.08030138787440731, 0.9810118492551703),
            (900, 1000, 0.85, 7.786161938408469e-07, 2.038966127472778e-06, 0.9999987396500664),
            (17, 20, 0.999, 1.1207742675061628e-06, 0.99999999521663, 1.1255576375601624e-06),
        ];
        for (k, n, chance, one, upper, lower) in cases {
            let found = [exactly(k, n, chance), at_least(k, n, chance), at_most(k, n, chance)];
            for (found, expected) in found.iter().zip([one, upper, lower]) {
                assert!((found / expected - 1.0).abs() < 1e-11, "{k}/{n} at {chance}: {found} v {expected}");
            }
        }
    }

    #[test]
    fn certain_and_impossible_chances_are_sharp() {
        assert_eq!(
            (exactly(0, 5, 0.0), exactly(5, 5, 1.0), exactly(3, 5, 1.0), exactly(3, 5, 0.0)),
            (1.0, 1.0, 0.0, 0.0)
        );
        assert_eq!(
            (at_least(5, 5, 1.0), at_most(4, 5, 1.0), at_least(1, 5, 0.0), at_most(0, 5, 0.0)),
            (1.0, 0.0, 0.0, 1.0)
        );
        assert_eq!((exactly(6, 5, 0.5), at_least(6, 5, 0.5), at_most(6, 5, 0.5)), (0.0, 0.0, 1.0));
        assert_eq!((exactly(0, 0, 0.3), at_least(0, 0, 0.3), at_most(0, 0, 0.3)), (1.0, 1.0, 1.0));
    }

    proptest! {
        #[test]
        fn tails_add_up_to_one(trials in 1_u64..3000, part in 0.0..1.0_f64, chance in 0.0..=1.0_f64) {
            let k = (trials as f64 * part) as u64;
            let total = at_most(k, trials, chance) + at_least(k + 1, trials, chance);
            prop_assert!((total - 1.0).abs() < 1e-10, "{total}");
            let one = at_least(k, trials, chance) - at_least(k + 1, trials, chance);
            prop_assert!((one - exactly(k, trials, chance)).abs() < 1e-10);
        }
    }
}
