//! Times of ratings: when a submission was made, and in which ISO week that lies.
//!
//! In: text such as `2026-11-02T08:07:45Z`, and the site's time zone. Out: an instant and the day it has in that
//! zone. It never reads a clock.

use jiff::civil::{Date, DateTime, ISOWeekDate, Weekday};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use std::fmt;

/// When a submission was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Submitted {
    /// The instant.
    pub instant: Timestamp,
    /// The earliest instant that the text can mean: of a day alone, its first.
    pub earliest: Timestamp,
    /// Its day in the site's time zone.
    pub day: Date,
    /// Whether the text had no zone, so that the site's was taken.
    pub zone_assumed: bool,
}

impl Submitted {
    /// Reads ISO 8601. Without a zone it is local time of the site; a plain date is noon of that day.
    pub fn parse(text: &str, zone: &TimeZone) -> Option<Self> {
        if let Ok(instant) = text.parse::<Timestamp>() {
            return Some(Self { instant, earliest: instant, day: day(instant, zone), zone_assumed: false });
        }
        let (local, first) = match text.parse::<Date>() {
            Ok(date) if !text.contains(':') => (date.at(12, 0, 0, 0), date.at(0, 0, 0, 0)),
            _ => [text.parse::<DateTime>().ok()?; 2].into(),
        };
        let [instant, earliest] = [local, first].map(|local| zone.to_ambiguous_timestamp(local).compatible());
        let (instant, earliest) = (instant.ok()?, earliest.ok()?);
        Some(Self { instant, earliest, day: local.date(), zone_assumed: true })
    }
}

fn day(instant: Timestamp, zone: &TimeZone) -> Date {
    zone.to_datetime(instant).date()
}

/// An ISO week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Week {
    /// The ISO year, which may differ from the calendar's at its ends.
    pub year: i16,
    /// 1 to 53.
    pub week: i8,
}

impl Week {
    /// Before every week of ratings.
    pub const FIRST: Self = Self { year: 0, week: 1 };

    /// The week a day lies in.
    pub fn of(day: Date) -> Self {
        let week = day.iso_week_date();
        Self { year: week.year(), week: week.week() }
    }

    /// Reads `2026-W46`.
    pub fn parse(text: &str) -> Option<Self> {
        let (year, week) = text.split_once("-W")?;
        let is_written_so = year.len() == 4 && week.len() == 2;
        let week = Self { year: year.parse().ok()?, week: week.parse().ok()? };
        (is_written_so && ISOWeekDate::new(week.year, week.week, Weekday::Monday).is_ok()).then_some(week)
    }

    /// The week so many weeks before it.
    #[must_use]
    pub fn before(self, weeks: i64) -> Self {
        let (monday, _) = self.days();
        monday.checked_sub(Span::new().weeks(weeks)).map_or(self, Self::of)
    }

    /// Its Monday and its Sunday.
    pub fn days(self) -> (Date, Date) {
        let on = |weekday| ISOWeekDate::new(self.year, self.week, weekday).map(ISOWeekDate::date);
        match (on(Weekday::Monday), on(Weekday::Sunday)) {
            (Ok(first), Ok(last)) => (first, last),
            _ => (Date::MIN, Date::MAX),
        }
    }
}

impl fmt::Display for Week {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:04}-W{:02}", self.year, self.week)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn berlin() -> TimeZone {
        TimeZone::get("Europe/Berlin").unwrap()
    }

    #[test]
    fn weeks_before_a_week_go_over_the_end_of_a_year() {
        let week = |text| Week::parse(text).unwrap();
        assert_eq!(week("2027-W02").before(3), week("2026-W52"));
        assert_eq!(week("2026-W46").before(0), week("2026-W46"));
    }

    #[test]
    fn a_time_with_a_zone_falls_on_the_sites_day() {
        let read = |text| Submitted::parse(text, &berlin()).unwrap();
        assert_eq!(read("2026-11-01T23:30:00Z").day, date(2026, 11, 2));
        assert_eq!(read("2026-11-02T00:30:00+01:00").instant, read("2026-11-01T23:30:00Z").instant);
        assert!(!read("2026-11-01T23:30:00Z").zone_assumed);
    }

    #[test]
    fn a_time_without_a_zone_is_local_and_a_date_is_noon() {
        let read = |text| Submitted::parse(text, &berlin()).unwrap();
        assert_eq!(read("2026-11-02T00:30:00").instant, read("2026-11-01T23:30:00Z").instant);
        assert_eq!(read("2026-11-02 00:30").instant, read("2026-11-02T00:30:00").instant);
        assert_eq!(read("2026-11-02").instant, read("2026-11-02T12:00:00").instant);
        assert!(read("2026-11-02").zone_assumed);
        assert_eq!(read("2026-11-02").earliest, read("2026-11-02T00:00:00").instant);
        assert_eq!(read("2026-11-02T08:00:00").earliest, read("2026-11-02T08:00:00").instant);
        for text in ["", "yesterday", "02.11.2026", "2026-13-01", "2026-11-02T25:00:00Z", "1700000000"] {
            assert_eq!(Submitted::parse(text, &TimeZone::UTC), None, "{text}");
        }
    }

    #[test]
    fn weeks_are_those_of_iso() {
        let week = Week::of(date(2027, 1, 3));
        assert_eq!(week.to_string(), "2026-W53");
        assert_eq!(week.days(), (date(2026, 12, 28), date(2027, 1, 3)));
        assert_eq!(Week::parse("2026-W53"), Some(week));
        assert_eq!([week.before(0), week.before(4)].map(|week| week.to_string()), ["2026-W53", "2026-W49"]);
        for text in ["", "2026-W", "2026-W1", "2026-W54", "2025-W53", "2026-W00", "26-W01", "2026W46", "2026-W-1"] {
            assert_eq!(Week::parse(text), None, "{text}");
        }
    }
}
