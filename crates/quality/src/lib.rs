//! Statistics on quality: figures that carry their interval, and verdicts on bars.
//!
//! In: counts, tables of coded ratings, or patterns of them. Out: estimates, bounds, verdicts.
//! Pure functions of their arguments: nothing here reads ratings, files or a clock, and nothing prints.
//! What cannot be computed has a named reason; it is never `0.0` and never NaN.

pub mod adjust;
pub mod agreement;
pub mod bar;
mod binomial;
pub mod bootstrap;
pub mod closeness;
pub mod clustered;
pub mod cohen;
pub mod compare;
pub mod confusion;
pub mod conger;
pub mod consensus;
pub mod contrast;
pub mod detection;
pub mod drift;
pub mod icc;
mod method;
pub mod pairs;
pub mod patterns;
pub mod planning;
pub mod pooling;
pub mod proportion;
mod quantile;
pub mod random;
pub mod sets;
mod settings;
pub mod shared_errors;
pub mod table;
mod undefined;
pub mod weights;

pub use method::Method;
pub use undefined::Undefined;

/// A figure with what is needed to read it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// The figure itself; a share between 0 and 1 unless its estimator says otherwise.
    pub point: f64,
    /// Lower bound at `level`; equal to `point` only when the data leave no doubt.
    pub low: f64,
    /// Upper bound at `level`.
    pub high: f64,
    /// Coverage of the two bounds together, for example 0.95.
    pub level: f64,
    /// Independent units behind the figure: items, not ratings.
    pub n: u64,
    /// How the bounds were found.
    pub method: Method,
}

/// A figure that is no share of answers, such as a coefficient of agreement, with its interval where it has one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measured {
    /// The figure itself.
    pub point: f64,
    /// Items behind it.
    pub items: u64,
    /// Its interval; none, with the reason, where nothing shows how items differ.
    pub interval: Result<Interval, Undefined>,
}

/// Two-sided and one-sided bounds of a figure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// The figure with its two-sided bounds.
    pub estimate: Estimate,
    /// One-sided lower bound at the estimate's level, for bars.
    pub lower: f64,
    /// One-sided upper bound at the estimate's level, for bars.
    pub upper: f64,
    /// Standard error.
    pub standard_error: f64,
}

/// A number of successes among a number of trials; there is at least one trial.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proportion {
    successes: u64,
    trials: u64,
}

impl Proportion {
    /// Refuses zero trials (`NoData`) and more successes than trials (`BadCount`).
    pub fn new(successes: u64, trials: u64) -> Result<Self, Undefined> {
        match trials {
            0 if successes == 0 => Err(Undefined::NoData),
            _ if successes > trials => Err(Undefined::BadCount),
            _ => Ok(Self { successes, trials }),
        }
    }

    /// How many succeeded.
    pub fn successes(self) -> u64 {
        self.successes
    }

    /// How many there were; never zero.
    pub fn trials(self) -> u64 {
        self.trials
    }

    /// Successes by trials.
    pub fn share(self) -> f64 {
        self.successes as f64 / self.trials as f64
    }
}

/// A level outside (0.5, 1) is a mistake in the program, not in the data.
fn assert_level(level: f64) {
    assert!(level > 0.5 && level < 1.0, "a level lies between 0.5 and 1, not at {level}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proportion_cannot_hold_more_successes_than_trials() {
        assert_eq!(Proportion::new(3, 2), Err(Undefined::BadCount));
        assert_eq!(Proportion::new(1, 0), Err(Undefined::BadCount));
        assert_eq!(Proportion::new(0, 0), Err(Undefined::NoData));
        let all = Proportion::new(2, 2).unwrap();
        assert_eq!((all.successes(), all.trials(), all.share()), (2, 2, 1.0));
    }

    #[test]
    fn every_reason_is_a_sentence() {
        for reason in [Undefined::NoData, Undefined::OneRater, Undefined::NothingFlagged, Undefined::Repeated] {
            assert!(reason.reason().ends_with('.'));
        }
    }
}
