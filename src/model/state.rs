//! The state of a task: which version serves whom, what is over, and what it was called.
//!
//! In: what `status.yaml` says, read and checked against the task's releases. Out: values that pages and ratings ask.

use super::SealTime;
use jiff::Timestamp;
use jiff::civil::Date;
use semver::Version;

/// The state of a task.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// Ids that it had before, oldest first.
    pub was: Vec<String>,
    /// Which version serves whom from when; those it does not name serve all from when they were sealed.
    pub serves: Vec<ServingPeriod>,
    /// Since when it is over.
    pub retired: Option<Ending>,
}

/// A version and whom it serves from when.
#[derive(Clone, Debug)]
pub struct ServingPeriod {
    /// The version.
    pub version: Version,
    /// The ids of the cohorts that it serves; none if it serves all.
    pub cohorts: Option<Vec<String>>,
    /// The first instant.
    pub from: Timestamp,
    /// Its day.
    pub first_day: Date,
    /// The last instant, if one is named.
    pub until: Option<Timestamp>,
    /// Its day.
    pub last_day: Option<Date>,
    /// The last day on which work begun under the version before may be finished under that.
    pub grace: Option<Date>,
}

/// Since when something is over, and why.
#[derive(Clone, Debug)]
pub struct Ending {
    /// Since when.
    pub time: SealTime,
    /// Why, in a sentence for readers.
    pub because: String,
}

impl State {
    /// Whether it takes a cohort to tell which version served.
    pub fn is_by_cohort(&self) -> bool {
        self.serves.iter().any(|period| period.cohorts.is_some())
    }

    /// The periods of a version.
    pub fn of<'a>(&'a self, version: &'a Version) -> impl Iterator<Item = &'a ServingPeriod> {
        self.serves.iter().filter(move |period| period.version == *version)
    }

    /// As those may have it who are not told of cohorts.
    pub fn without_cohorts(&self) -> Self {
        let mut state = self.clone();
        state.serves.iter_mut().for_each(|period| period.cohorts.iter_mut().for_each(Vec::clear));
        state
    }
}
