//! Statistics on quality: figures that carry their interval, and verdicts on bars.
//!
//! In: counts of right answers, or one cell for each item and rater. Out: estimates, bounds, verdicts.
//! Pure functions of their arguments: nothing here reads ratings, files or a clock, and nothing prints.
//! What cannot be computed has a named reason; it is never `0.0` and never NaN.

pub mod bar;
pub mod clustered;
pub mod proportion;
mod quantile;

/// A figure with what is needed to read it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// The figure itself, a share between 0 and 1.
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

/// The ways in which an interval is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Method {
    /// The score interval of one proportion.
    Wilson,
    /// The exact interval of one proportion.
    ClopperPearson,
    /// Quantiles of the posterior under Jeffreys' prior.
    Jeffreys,
    /// The exact interval on an effective number of answers, for clustered data.
    KornGraubard,
}

impl Method {
    /// The name as a report prints it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Wilson => "Wilson score interval",
            Self::ClopperPearson => "Clopper-Pearson interval",
            Self::Jeffreys => "Jeffreys interval",
            Self::KornGraubard => "Korn-Graubard interval, items and raters as clusters",
        }
    }

    /// Where the method was published.
    pub fn source(self) -> &'static str {
        match self {
            Self::Wilson => "Wilson 1927; Newcombe 1998",
            Self::ClopperPearson => "Clopper and Pearson 1934",
            Self::Jeffreys => "Brown, Cai and DasGupta 2001",
            Self::KornGraubard => "Korn and Graubard 1998; Cameron, Gelbach and Miller 2011",
        }
    }
}

/// Why a figure is undefined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Undefined {
    /// Nothing was asked or rated.
    NoData,
    /// Ratings are there, but none of their items has gold.
    NoGold,
    /// A figure that compares items was asked of one item.
    OneItem,
    /// More right than asked, or a count that is negative or not a number.
    BadCount,
}

impl Undefined {
    /// The reason as a sentence for a report.
    pub fn reason(self) -> &'static str {
        match self {
            Self::NoData => "There are no ratings to count.",
            Self::NoGold => "None of the rated items has gold.",
            Self::OneItem => "There is one item only, so nothing shows how items differ.",
            Self::BadCount => "The counts contradict each other: more answers are right than were asked.",
        }
    }
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
        for reason in [Undefined::NoData, Undefined::NoGold, Undefined::OneItem, Undefined::BadCount] {
            assert!(reason.reason().ends_with('.'));
        }
    }
}
