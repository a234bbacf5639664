//! Moments: days and times as people write them.
//!
//! In: text such as `2026-11-29`, `2026-11-29T10:15` or `2026-11-29T10:15:00Z`. Out: an instant, once it is known which
//! time zone is meant, and whether a day stands for its beginning or its end. It never reads a clock.

use super::FromYaml;
use crate::diagnostic::Diagnostics;
use crate::yaml::Node;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use serde_json::{Value as Json, json};

/// A day or a time as it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// A day.
    Day(Date),
    /// A time in the site's time zone.
    Local(DateTime),
    /// An instant.
    At(Timestamp),
}

impl Moment {
    /// Reads a day, a time, or a time with a zone.
    pub fn parse(text: &str) -> Option<Self> {
        if let Ok(instant) = text.parse() {
            return Some(Self::At(instant));
        }
        let is_day = text.len() == "2026-11-01".len();
        match text.contains(':') {
            true => text.parse().ok().map(Self::Local),
            false => text.parse().ok().filter(|_| is_day).map(Self::Day),
        }
    }

    /// The instant meant; of a day, its first.
    pub fn first(self, zone: &TimeZone) -> Timestamp {
        self.instant(zone, |day| day.at(0, 0, 0, 0)).unwrap_or(Timestamp::MIN)
    }

    /// The instant meant; of a day, its last second.
    pub fn last(self, zone: &TimeZone) -> Timestamp {
        self.instant(zone, |day| day.at(23, 59, 59, 0)).unwrap_or(Timestamp::MAX)
    }

    fn instant(self, zone: &TimeZone, of_day: impl Fn(Date) -> DateTime) -> Option<Timestamp> {
        let local = match self {
            Self::At(instant) => return Some(instant),
            Self::Local(time) => time,
            Self::Day(day) => of_day(day),
        };
        zone.to_ambiguous_timestamp(local).compatible().ok()
    }
}

impl FromYaml for Moment {
    fn schema() -> Json {
        json!({
            "type": "string",
            "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[-+][0-9]{2}:[0-9]{2})?)?$",
            "examples": ["2026-11-29T10:15:00Z"],
        })
    }

    fn from_yaml(node: &Node, diagnostics: &mut Diagnostics) -> Option<Self> {
        let moment = Self::parse(node.text(diagnostics)?);
        if moment.is_none() {
            node.wrong("a day such as 2026-11-29, or a time such as 2026-11-29T10:15", diagnostics);
        }
        moment
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn days_and_times_are_read_and_other_texts_are_none() {
        for text in ["", "tomorrow", "2026-13-01", "29.11.2026", "2026-11-29T25:00", "20261129"] {
            assert_eq!(Moment::parse(text), None, "{text}");
        }
        assert_eq!(Moment::parse("2026-11-29"), Some(Moment::Day(date(2026, 11, 29))));
    }

    #[test]
    fn a_day_has_a_first_and_a_last_second() {
        let (day, zone) = (Moment::Day(date(2026, 11, 29)), TimeZone::fixed(jiff::tz::offset(1)));
        assert_eq!(day.first(&zone), "2026-11-28T23:00:00Z".parse().unwrap());
        assert_eq!(day.last(&zone), "2026-11-29T22:59:59Z".parse().unwrap());
        assert_eq!(Moment::parse("2026-11-29T10:15").unwrap().last(&zone), "2026-11-29T09:15:00Z".parse().unwrap());
    }
}
