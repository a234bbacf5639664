//! When a release is to count as sealed.
//!
//! In: what was asked for, and what the machine's clock says. Out: a time, or why it can't be that one. Sealing alone
//! has to do with a clock; it is read by the caller.

use crate::diagnostic::Fault;
use crate::model::SealTime;
use crate::schema::Moment;
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// A time as it was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// As the clock has it.
    Now,
    /// Another: of a day its end, or now if it is today.
    Given(Moment),
}

impl When {
    /// The time meant, which has come by `now`.
    pub fn past(self, now: Timestamp, zone: &TimeZone) -> Result<SealTime, Fault> {
        let (meant, has_come) = self.time(now, zone);
        has_come.then_some(meant).ok_or_else(|| Fault::whole(format!("{} has not come yet", meant.in_words())))
    }

    /// The time meant, which has not.
    pub fn future(self, now: Timestamp, zone: &TimeZone) -> Result<SealTime, Fault> {
        let (meant, has_come) = self.time(now, zone);
        (!has_come).then_some(meant).ok_or_else(|| Fault::whole(format!("{} has come already", meant.in_words())))
    }

    /// The time meant, and whether it has come.
    fn time(self, now: Timestamp, zone: &TimeZone) -> (SealTime, bool) {
        let clock = SealTime::at(now, zone);
        let meant = match self {
            Self::Now => clock,
            Self::Given(Moment::Day(day)) if day == clock.day() => clock,
            Self::Given(moment) => SealTime::at(moment.last(zone), zone),
        };
        (meant, meant.instant() <= clock.instant())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: &str = "2026-11-29T10:15:00Z";

    fn settle(text: &str, scheduled: bool) -> Result<String, String> {
        let when = When::Given(Moment::parse(text).unwrap());
        let (now, zone) = (NOW.parse().unwrap(), TimeZone::fixed(jiff::tz::offset(1)));
        let settled = if scheduled { when.future(now, &zone) } else { when.past(now, &zone) };
        settled.map(|time| time.instant().to_string()).map_err(|fault| fault.message)
    }

    #[test]
    fn a_day_that_is_over_counts_to_its_end_and_today_until_now() {
        assert_eq!(settle("2026-11-28", false).unwrap(), "2026-11-28T22:59:59Z");
        assert_eq!(settle("2026-11-29", false).unwrap(), NOW);
        assert_eq!(settle("2026-11-29T11:00", false).unwrap(), "2026-11-29T10:00:00Z");
        assert_eq!(settle("2026-11-29T10:00:00Z", false).unwrap(), "2026-11-29T10:00:00Z");
    }

    #[test]
    fn what_has_not_come_is_scheduled_and_nothing_else_is() {
        assert_eq!(settle("2026-11-29T12:00", false).unwrap_err(), "2026-11-29, 12:00 UTC+01 has not come yet");
        assert_eq!(settle("2026-11-30", true).unwrap(), "2026-11-30T22:59:59Z");
        assert_eq!(settle("2026-11-29", true).unwrap_err(), "2026-11-29, 11:15 UTC+01 has come already");
    }
}
