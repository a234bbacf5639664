//! Gold a week: how much of it notices a drop in time.
//!
//! In: the usual and the raised error rate, how soon it should be noticed, how rare false alarms should be.
//! Out: gold answers a week for each rater, with the CUSUM threshold and the chance that go with them.
//! Exact for independent answers; the alarm is `drift::cusum`'s, started at zero when the drop begins.
//! Never trades a false-alarm rate for speed: it is kept, and the gold grows.

use crate::drift::Shift;
use crate::drift::cusum::{chance_of_alarm, threshold_for_distance};
use crate::{Undefined, settings};

/// More gold answers a week than this are not within reason for one rater.
const MOST_A_WEEK: u64 = 4096;

/// What a watch over raters should do.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Watch {
    /// The usual error rate, and the one that should be noticed.
    pub shift: Shift,
    /// Raters (or cohorts) that are watched, each by a CUSUM of its own.
    pub raters: u64,
    /// The mean number of weeks between false alarms, over all raters together.
    pub weeks_between_false_alarms: f64,
    /// Weeks within which the drop should be noticed.
    pub within_weeks: u64,
    /// The chance with which it should be.
    pub chance: f64,
}

/// Gold answers a week for each rater.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WeeklyGold {
    /// Gold answers a week.
    pub answers: u64,
    /// The CUSUM threshold that keeps false alarms as rare as asked.
    pub threshold: f64,
    /// The chance that the drop is noticed in time.
    pub chance: f64,
}

/// The gold a week that notices a drop in time.
///
/// With m answers a week and R raters, one false alarm in W weeks over all of them means R · W · m answers between
/// false alarms of one rater; that sets the threshold h(m). The answer is an m with P(alarm within k · m answers at the
/// raised rate) at least the chance, found by doubling and halving; as chances are saw-toothed, a slightly
/// smaller m may do as well.
///
/// `BadParameter` when the chance is not between 0 and 1, the weeks between false alarms are not above zero, or there
/// are no raters or weeks; `OutOfReach` when 4,096 answers a week would not do.
pub fn to_notice(watch: Watch) -> Result<WeeklyGold, Undefined> {
    settings::probability(watch.chance)?;
    settings::above_zero(watch.weeks_between_false_alarms)?;
    if watch.raters == 0 || watch.within_weeks == 0 {
        return Err(Undefined::BadParameter);
    }
    let mut found = plan(watch, 1)?;
    let mut low = 0;
    while found.chance < watch.chance {
        if found.answers >= MOST_A_WEEK {
            return Err(Undefined::OutOfReach);
        }
        low = found.answers;
        found = plan(watch, 2 * found.answers)?;
    }
    while found.answers - low > 1 {
        let between = plan(watch, u64::midpoint(low, found.answers))?;
        if between.chance >= watch.chance { found = between } else { low = between.answers }
    }
    Ok(found)
}

/// What a number of answers a week would do.
fn plan(watch: Watch, answers: u64) -> Result<WeeklyGold, Undefined> {
    let between_alarms = watch.raters as f64 * watch.weeks_between_false_alarms * answers as f64;
    let threshold = threshold_for_distance(watch.shift, between_alarms.max(1.0))?;
    let in_time = answers.saturating_mul(watch.within_weeks);
    let chance = chance_of_alarm(watch.shift, threshold, watch.shift.unacceptable(), in_time)?;
    Ok(WeeklyGold { answers, threshold, chance })
}
