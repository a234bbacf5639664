//! When a release is to count as sealed.
//!
//! In: what was asked for, and what the machine's clock says. Out: a time, or why it can't be that one. Sealing alone
//! has to do with a clock; it is read by the caller.

use crate::diagnostic::Fault;
use crate::model::SealTime;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

/// A time as it was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// As the clock has it.
    Now,
    /// A day: its end, or now if it is today.
    On(Date),
    /// A time in the site's time zone.
    Local(DateTime),
    /// An instant.
    At(Timestamp),
}

impl When {
    /// Reads a day, a time, or a time with a zone.
    pub fn parse(text: &str) -> Option<Self> {
        if let Ok(instant) = text.parse() {
            return Some(Self::At(instant));
        }
        let is_day = text.len() == "2026-11-01".len();
        match text.contains(':') {
            true => text.parse().ok().map(Self::Local),
            false => text.parse().ok().filter(|_| is_day).map(Self::On),
        }
    }

    /// The time meant. It has come by `now`, unless the release is `scheduled`: then it has not.
    pub fn settle(self, now: Timestamp, scheduled: bool, zone: &TimeZone) -> Result<SealTime, Fault> {
        let clock = SealTime::at(now, zone);
        let meant = match self {
            Self::Now => clock,
            Self::On(day) if day == clock.day() => clock,
            Self::On(day) => SealTime::end_of(day, zone),
            Self::Local(time) => {
                let instant = zone.to_ambiguous_timestamp(time).compatible();
                SealTime::at(instant.unwrap_or(Timestamp::MAX), zone)
            }
            Self::At(instant) => SealTime::at(instant, zone),
        };
        let is_later = clock.instant() < meant.instant();
        match (is_later, scheduled) {
            (true, false) => Err(Fault::whole(format!("{} has not come yet", meant.in_words()))
                .help("`--scheduled` seals it now, and shows it from that day on")),
            (false, true) => Err(Fault::whole(format!("{} has come already", meant.in_words()))
                .help("without `--scheduled` it is sealed, and shown at once")),
            _ => Ok(meant),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const NOW: &str = "2026-11-29T10:15:00Z";

    fn settle(text: &str, scheduled: bool) -> Result<String, String> {
        let when = When::parse(text).unwrap();
        let settled = when.settle(NOW.parse().unwrap(), scheduled, &TimeZone::fixed(jiff::tz::offset(1)));
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

    #[test]
    fn other_texts_are_no_times() {
        for text in ["", "tomorrow", "2026-13-01", "29.11.2026", "2026-11-29T25:00", "20261129"] {
            assert_eq!(When::parse(text), None, "{text}");
        }
        assert_eq!(When::parse("2026-11-29"), Some(When::On(date(2026, 11, 29))));
    }
}
