//! Times as tools write them: `Mon Nov 02 10:05:00 PST 2026`, `02.11.2026 10:05`, `1762077900000`.
//!
//! In: text, the zone of times without one, and which number of a date is the day. Out: the same time in ISO 8601; none
//! where nobody can tell which is meant. It never reads a clock.

use crate::document::DateOrder;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{Offset, TimeZone};

/// How times without a zone, and dates that could be two, are to be read.
#[derive(Clone, Debug, Default)]
pub struct TimeReading {
    /// The zone of times that have none; what reads the rows settles it unless said.
    pub zone: Option<TimeZone>,
    /// Which number of a date is the day; told from nothing unless said.
    pub order: Option<DateOrder>,
}

/// Names of zones that are no names of places, and how many hours they are from UTC.
const ZONES: [(&str, i8); 13] = [
    ("UTC", 0),
    ("GMT", 0),
    ("Z", 0),
    ("PST", -8),
    ("PDT", -7),
    ("MST", -7),
    ("MDT", -6),
    ("CST", -6),
    ("CDT", -5),
    ("EST", -5),
    ("EDT", -4),
    ("CET", 1),
    ("CEST", 2),
];

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

impl TimeReading {
    /// The time in ISO 8601: with a zone if it has one or one is known.
    pub fn iso(&self, text: &str) -> Option<String> {
        if text.parse::<Timestamp>().is_ok() {
            return Some(text.to_owned());
        }
        if let Some(instant) = since_1970(text) {
            return Some(instant.to_string());
        }
        if let Ok(date) = text.parse::<Date>()
            && !text.contains(':')
        {
            return Some(date.to_string());
        }
        let (local, offset) = match text.parse::<DateTime>() {
            Ok(local) => (local, None),
            Err(_) => self.parts(text)?,
        };
        let zone = offset.map(TimeZone::fixed).or_else(|| self.zone.clone());
        match zone {
            Some(zone) => Some(zone.to_ambiguous_timestamp(local).compatible().ok()?.to_string()),
            None => Some(local.to_string()),
        }
    }

    /// The parts of a time, in whatever order they stand.
    fn parts(&self, text: &str) -> Option<(DateTime, Option<Offset>)> {
        let mut found = TimeParts::default();
        for word in text.split([' ', ',', '\u{202f}', '\u{a0}']).filter(|word| !word.is_empty()) {
            found.take(word, self.order)?;
        }
        let date = Date::new(found.year?, found.month?, found.day?).ok()?;
        let mut time = found.time.unwrap_or(Time::midnight());
        if let Some(is_afternoon) = found.is_afternoon {
            let hour = time.hour();
            if !(1..=12).contains(&hour) {
                return None;
            }
            time = time.with().hour(hour % 12 + if is_afternoon { 12 } else { 0 }).build().ok()?;
        }
        Some((date.to_datetime(time), found.offset))
    }
}

/// Seconds since 1970, or thousandths, millionths or billionths of them, by how many digits there are.
fn since_1970(text: &str) -> Option<Timestamp> {
    let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
    let is_number = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
    if !(is_number(whole) && is_number(rest)) {
        return None;
    }
    let number: i128 = whole.parse().ok()?;
    let nanoseconds = match whole.len() {
        9..=11 => {
            let fraction: String = rest.chars().chain(std::iter::repeat('0')).take(9).collect();
            number * 1_000_000_000 + fraction.parse::<i128>().ok()?
        }
        12..=14 => number * 1_000_000,
        15..=17 => number * 1_000,
        18..=20 => number,
        _ => return None,
    };
    Timestamp::from_nanosecond(nanoseconds).ok()
}

/// What the words of a time say.
#[derive(Default)]
struct TimeParts {
    year: Option<i16>,
    month: Option<i8>,
    day: Option<i8>,
    time: Option<Time>,
    is_afternoon: Option<bool>,
    offset: Option<Offset>,
}

impl TimeParts {
    /// Takes a word; none if it says nothing of a time, or what was said before.
    fn take(&mut self, word: &str, order: Option<DateOrder>) -> Option<()> {
        let lower = word.to_ascii_lowercase();
        let begins = |names: &[&str]| names.iter().position(|name| lower.get(..3) == Some(name));
        if let Some(offset) = offset(word) {
            return put(&mut self.offset, offset);
        }
        if word.contains(':') {
            return put(&mut self.time, word.parse().ok().or_else(|| format!("0{word}").parse().ok())?);
        }
        if ["am", "a.m.", "pm", "p.m."].contains(&lower.as_str()) {
            return put(&mut self.is_afternoon, lower.starts_with('p'));
        }
        if word.chars().all(char::is_alphabetic) || word.ends_with('.') && word.len() <= 5 {
            if begins(&WEEKDAYS).is_some() {
                return Some(());
            }
            return put(&mut self.month, i8::try_from(begins(&MONTHS)? + 1).ok()?);
        }
        if let Some(mark) = ['/', '.', '-'].into_iter().find(|mark| word.matches(*mark).count() == 2) {
            let (year, month, day) = date(word, mark, order)?;
            put(&mut self.year, year)?;
            put(&mut self.month, month)?;
            return put(&mut self.day, day);
        }
        match word.len() {
            4 => put(&mut self.year, word.parse().ok()?),
            _ => put(&mut self.day, word.trim_end_matches('.').parse().ok()?),
        }
    }
}

fn put<T>(place: &mut Option<T>, value: T) -> Option<()> {
    let is_free = place.is_none();
    place.get_or_insert(value);
    is_free.then_some(())
}

/// How far a zone is from UTC: `PST`, `GMT+1`, `UTC+01:00`, `+0100`.
fn offset(word: &str) -> Option<Offset> {
    let (name, rest) = word.find(['+', '-']).map_or((word, ""), |at| word.split_at(at));
    let base = ZONES.iter().find(|(zone, _)| *zone == name).map(|(_, hours)| *hours);
    if rest.is_empty() {
        return Offset::from_hours(base?).ok();
    }
    if !(name.is_empty() || base == Some(0)) {
        return None;
    }
    let (sign, digits) = rest.split_at(1);
    let digits = digits.replace(':', "");
    let (hours, minutes) = if digits.len() > 2 { digits.split_at(digits.len() - 2) } else { (&*digits, "0") };
    let seconds = hours.parse::<i32>().ok()? * 3600 + minutes.parse::<i32>().ok()? * 60;
    Offset::from_seconds(if sign == "-" { -seconds } else { seconds }).ok()
}

/// Year, month and day of a date with a mark between its numbers. Which number is the day nobody can tell of `02/11/2026`,
/// but that points stand between numbers only where the day comes first.
fn date(word: &str, mark: char, order: Option<DateOrder>) -> Option<(i16, i8, i8)> {
    let numbers: Vec<&str> = word.split(mark).collect();
    let [first, second, third] = *numbers.as_slice() else { return None };
    if first.len() == 4 {
        return Some((first.parse().ok()?, second.parse().ok()?, third.parse().ok()?));
    }
    if third.len() != 4 {
        return None;
    }
    let order = if mark == '.' { DateOrder::DayFirst } else { order? };
    let (day, month) = if order == DateOrder::DayFirst { (first, second) } else { (second, first) };
    Some((third.parse().ok()?, month.parse().ok()?, day.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, zone: Option<&str>, order: Option<DateOrder>) -> Option<String> {
        let zone = zone.map(|name| TimeZone::get(name).unwrap());
        TimeReading { zone, order }.iso(text)
    }

    #[test]
    fn times_of_tools_are_read() {
        let plain = |text| read(text, None, None);
        for (text, iso) in [
            ("2026-11-02T10:05:00Z", "2026-11-02T10:05:00Z"),
            ("2026-11-02 10:05:00", "2026-11-02T10:05:00"),
            ("2026-11-02", "2026-11-02"),
            ("2026-11-02 10:05:00 UTC", "2026-11-02T10:05:00Z"),
            ("Mon Nov 02 10:05:00 PST 2026", "2026-11-02T18:05:00Z"),
            ("2026/11/02 9:05:00 AM GMT+1", "2026-11-02T08:05:00Z"),
            ("2026/11/02 12:05:00 PM GMT-8", "2026-11-02T20:05:00Z"),
            ("02.11.2026 10:05", "2026-11-02T10:05:00"),
            ("2 Nov 2026, 10:05", "2026-11-02T10:05:00"),
            ("1793613900", "2026-11-02T10:05:00Z"),
            ("1793613900.25", "2026-11-02T10:05:00.25Z"),
            ("1793613900000", "2026-11-02T10:05:00Z"),
            ("1793613900000000", "2026-11-02T10:05:00Z"),
        ] {
            assert_eq!(plain(text).as_deref(), Some(iso), "{text}");
        }
        let berlin = |text, order| read(text, Some("Europe/Berlin"), order);
        assert_eq!(berlin("02.11.2026 10:05", None).as_deref(), Some("2026-11-02T09:05:00Z"));
        assert_eq!(berlin("2/11/2026 10:05", Some(DateOrder::DayFirst)).as_deref(), Some("2026-11-02T09:05:00Z"));
        assert_eq!(berlin("11/2/2026 10:05", Some(DateOrder::MonthFirst)).as_deref(), Some("2026-11-02T09:05:00Z"));
    }

    #[test]
    fn what_could_be_two_days_or_is_no_time_is_none() {
        for text in [
            "02/11/2026 10:05",
            "yesterday",
            "",
            "5",
            "13:00 PM 2026-11-02",
            "31.02.2026",
            "10:05",
            "2026-11-02 10:05 10:06",
        ] {
            assert_eq!(read(text, None, None), None, "{text}");
        }
    }
}
