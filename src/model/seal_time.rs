//! When a release was sealed.
//!
//! In: an instant, or a day alone, and the site's time zone. Out: the instant from which the release counts, and its
//! day there. It never reads a clock.

use crate::schema::Moment;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// When a release was sealed, in the site's time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SealTime {
    instant: Timestamp,
    day: Date,
    offset: i32,
    is_day_alone: bool,
}

impl SealTime {
    /// Sealed at an instant, of which seconds count.
    pub fn at(instant: Timestamp, zone: &TimeZone) -> Self {
        let instant = Timestamp::from_second(instant.as_second()).unwrap_or(instant);
        let local = zone.to_datetime(instant);
        let offset = zone.to_offset(instant).seconds();
        Self { instant, day: local.date(), offset, is_day_alone: false }
    }

    /// Sealed on a day of which no time is known. It counts as sealed in that day's last second, so that nothing is taken
    /// for made under it that was made before.
    pub fn on(day: Date, zone: &TimeZone) -> Self {
        Self { day, is_day_alone: true, ..Self::end_of(day, zone) }
    }

    /// Sealed in the last second of a day.
    pub fn end_of(day: Date, zone: &TimeZone) -> Self {
        Self::at(Moment::Day(day).last(zone), zone)
    }

    /// The instant from which on something may have been made under it.
    pub fn instant(self) -> Timestamp {
        self.instant
    }

    /// Its day in the site's time zone.
    pub fn day(self) -> Date {
        self.day
    }

    /// The time of that day, such as `11:15`, and how far the zone is from UTC; none where only the day is known.
    pub fn time_of_day(self) -> Option<String> {
        let offset = jiff::tz::Offset::from_seconds(self.offset).ok()?;
        let time = offset.to_datetime(self.instant).time();
        let zone = if self.offset == 0 { "UTC".to_owned() } else { format!("UTC{offset}") };
        (!self.is_day_alone).then(|| format!("{} {zone}", time.strftime("%H:%M")))
    }

    /// The day, and the time where it is known.
    pub fn in_words(self) -> String {
        self.time_of_day().map_or_else(|| self.day.to_string(), |time| format!("{}, {time}", self.day))
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
    fn a_day_alone_counts_from_its_last_second_in_the_sites_zone() {
        let sealed = SealTime::on(date(2026, 11, 1), &berlin());
        assert_eq!(sealed.instant(), "2026-11-01T22:59:59Z".parse().unwrap());
        assert_eq!((sealed.day(), sealed.in_words().as_str()), (date(2026, 11, 1), "2026-11-01"));
        assert_eq!(SealTime::on(Date::MAX, &TimeZone::UTC).day(), Date::MAX);
    }

    #[test]
    fn an_instant_has_the_day_and_the_hour_of_the_sites_zone() {
        let sealed = SealTime::at("2026-11-01T23:30:07.9Z".parse().unwrap(), &berlin());
        assert_eq!((sealed.day(), sealed.in_words().as_str()), (date(2026, 11, 2), "2026-11-02, 00:30 UTC+01"));
        assert_eq!(sealed.instant(), "2026-11-01T23:30:07Z".parse().unwrap());
        let sealed = SealTime::at("2026-11-01T23:30:07Z".parse().unwrap(), &TimeZone::UTC);
        assert_eq!(sealed.in_words(), "2026-11-01, 23:30 UTC");
    }
}
