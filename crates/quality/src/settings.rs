//! Checks of settings that a person may have typed.
//!
//! In: a level, a share or a factor. Out: the same number, or `BadParameter` when it lies outside its range.
//! Settings that only a program can get wrong are asserted where they are used; those here never panic.
//! Not a number is outside every range.

use super::Undefined;

/// A level of confidence, between 0.5 and 1.
pub(super) fn level(level: f64) -> Result<f64, Undefined> {
    within(level, level > 0.5 && level < 1.0)
}

/// A probability that is neither 0 nor 1.
pub(super) fn probability(share: f64) -> Result<f64, Undefined> {
    within(share, share > 0.0 && share < 1.0)
}

/// A share from 0 to 1, both included.
pub(super) fn share(share: f64) -> Result<f64, Undefined> {
    within(share, (0.0..=1.0).contains(&share))
}

/// A finite number above zero.
pub(super) fn above_zero(number: f64) -> Result<f64, Undefined> {
    within(number, number > 0.0 && number.is_finite())
}

/// A finite number that is at least `least`.
pub(super) fn at_least(number: f64, least: f64) -> Result<f64, Undefined> {
    within(number, number >= least && number.is_finite())
}

/// The number, if it is allowed.
fn within(number: f64, allowed: bool) -> Result<f64, Undefined> {
    if allowed { Ok(number) } else { Err(Undefined::BadParameter) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_are_in_or_out_as_each_range_says_and_nan_is_always_out() {
        assert_eq!((share(0.0), share(1.0)), (Ok(0.0), Ok(1.0)));
        assert_eq!((level(0.95), at_least(1.0, 1.0)), (Ok(0.95), Ok(1.0)));
        let refused = [level(0.5), level(1.0), probability(0.0), probability(1.0), above_zero(0.0), share(1.1)];
        let unreal = [level, probability, share, above_zero].map(|check| check(f64::NAN));
        assert!(refused.iter().chain(&unreal).all(|found| *found == Err(Undefined::BadParameter)));
        assert_eq!(at_least(f64::INFINITY, 1.0), Err(Undefined::BadParameter));
    }
}
