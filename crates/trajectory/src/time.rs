//! A time as logs write it → ISO 8601.
//!
//! In: text, or seconds, milliseconds, microseconds or nanoseconds since 1970. Out: the text as it is where that is a time,
//! a number as a time in UTC. It never gives a zone to a time that has none.

use jiff::Timestamp;
use jiff::civil::DateTime;
use serde_json::Value;

/// The time that a value says; none where it says none.
pub(super) fn timestamp(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => is_time(text).then(|| text.clone()).or_else(|| of_number(text.trim().parse().ok()?)),
        Value::Number(number) => of_number(number.as_f64()?),
        _ => None,
    }
}

/// ATIF takes what Python's `fromisoformat` takes; a zone's name is none of it.
fn is_time(text: &str) -> bool {
    let plain = text.is_ascii() && text.len() >= 16 && !text.contains('[');
    plain && (text.parse::<Timestamp>().is_ok() || text.parse::<DateTime>().is_ok())
}

/// The unit is that in which the number is a year of this age.
fn of_number(number: f64) -> Option<String> {
    const UNITS: [(f64, f64); 4] = [(1e11, 1e6), (1e14, 1e3), (1e17, 1.0), (f64::MAX, 1e-3)];
    let (_, micros) = UNITS.iter().find(|(most, _)| number.abs() < *most)?;
    let micros = (number * micros).round();
    #[expect(clippy::cast_possible_truncation, reason = "what is beyond the range is no time, and is refused below")]
    let time = Timestamp::from_microsecond(micros as i64).ok()?;
    (number > 0.0).then(|| time.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn times_are_text_or_numbers() {
        for (value, expected) in [
            (json!("2026-11-28T10:00:00Z"), Some("2026-11-28T10:00:00Z")),
            (json!("2026-11-28T10:00:00.123456"), Some("2026-11-28T10:00:00.123456")),
            (json!("2026-11-28T10:00:00+02:00"), Some("2026-11-28T10:00:00+02:00")),
            (json!(1_795_871_711.5), Some("2026-11-28T13:15:11.5Z")),
            (json!(1_795_871_711_500_u64), Some("2026-11-28T13:15:11.5Z")),
            (json!(1_795_871_711_500_000_000_u64), Some("2026-11-28T13:15:11.5Z")),
            (json!("yesterday"), None),
            (json!(0), None),
            (json!(null), None),
        ] {
            assert_eq!(timestamp(&value).as_deref(), expected, "{value}");
        }
    }
}
