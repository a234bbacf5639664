//! Facts of a week, which stand beside what changed: releases, who joined or left, share answered, time an item.
//!
//! In: a task's releases, who rated, and the series of all criteria. Out: `WeekFacts`. It relates nothing to anything.

use super::series::{Series, SeriesWeek};
use crate::model::Task;
use crate::ratings::Week;
use crate::report::turnover::Turnover;
use jiff::civil::Date;

/// A version that was sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedVersion {
    /// Its number.
    pub version: String,
    /// Its day.
    pub date: Date,
    /// The week of that day.
    pub week: Week,
}

/// Facts of a week.
#[derive(Clone, Debug)]
pub struct WeekFacts {
    /// The versions that were sealed in the week.
    pub releases: Vec<SealedVersion>,
    /// Who rated, and how fast.
    pub turnover: Turnover,
    /// Answered out of asked of gold, in the week and in the four before it.
    pub answered: [Option<f64>; 2],
}

impl WeekFacts {
    /// The facts of a week; `overall` is the series of all criteria together, or of the only one.
    pub fn of(releases: &[SealedVersion], turnover: Turnover, overall: Option<&Series>, week: Week) -> Self {
        let answered = |from: i64, until: i64| {
            let weeks =
                overall?.weeks.iter().filter(|of| week.before(from) <= of.week && of.week <= week.before(until));
            let (answered, asked) = weeks.fold((0.0, 0.0), |sum: (f64, f64), of: &SeriesWeek| {
                (sum.0 + of.answered, sum.1 + of.sums.total().asked)
            });
            (asked > 0.0).then(|| answered / asked)
        };
        Self {
            releases: releases.iter().filter(|release| release.week == week).cloned().collect(),
            turnover,
            answered: [answered(0, 0), answered(4, 1)],
        }
    }
}

/// The versions of a task, oldest first.
pub fn sealed(task: &Task) -> Vec<SealedVersion> {
    let of = task.releases.iter().map(|release| {
        let date = release.time.day();
        SealedVersion { version: release.version.to_string(), date, week: Week::of(date) }
    });
    of.collect()
}
