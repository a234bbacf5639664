//! Text of a log → JSON values.
//!
//! In: bytes of one JSON document or of JSONL (values one after another). Out: the values, in order; at least one. It
//! never guesses at broken JSON. Only what Python's `json` writes beyond the standard is mended: NaN and infinities,
//! numbers that fit no float, and lone surrogates.

use serde_json::{Deserializer, Value};

use super::mend::Mend;
use super::sample::opening;
use goldbook_ground::diagnostic::Fault;

/// The text that a file is, past a byte order mark.
pub(super) fn text(bytes: &[u8]) -> Result<&str, Fault> {
    let text = std::str::from_utf8(bytes).map_err(not_utf8)?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

/// Reads every value in `text`.
///
/// What cannot be parsed is mended once ([`mended`]) and parsed again. Nesting stays under
/// `serde_json`'s limit of 128.
pub(super) fn values(text: &str) -> Result<Vec<Value>, Fault> {
    let values = parse(text).or_else(|error| match mended(text) {
        Some(text) => parse(&text),
        None => Err(error),
    })?;
    match values.is_empty() {
        true => Err(Fault::whole("the file is empty")),
        false => Ok(values),
    }
}

/// The values of lines of which each should be one, and how many lines are none; none where the first is none, or all are.
pub(super) fn whole_lines(text: &str) -> Option<(Vec<Value>, u64)> {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let first = lines.next().and_then(value).filter(Value::is_object)?;
    let mut values = vec![first];
    let mut lost = 0;
    for line in lines {
        match value(line) {
            Some(value) => values.push(value),
            None => lost += 1,
        }
    }
    (lost > 0).then_some((values, lost))
}

/// The values of a file, or of the list that it is.
pub(super) fn each(values: &[Value]) -> &[Value] {
    match values {
        [Value::Array(items)] => items,
        _ => values,
    }
}

/// The same, taken.
pub(super) fn into_each(mut values: Vec<Value>) -> Vec<Value> {
    match values.as_mut_slice() {
        [Value::Array(items)] => std::mem::take(items),
        _ => values,
    }
}

/// What values hold at their top, for an error.
pub(super) fn shape(values: &[Value]) -> String {
    const SHOWN: usize = 8;
    match values.first() {
        Some(Value::Object(fields)) if fields.is_empty() => "an empty object".to_owned(),
        Some(Value::Object(fields)) => {
            let names = fields.keys().take(SHOWN).map(|name| format!("`{}`", opening(name)));
            format!("an object with {}", names.collect::<Vec<_>>().join(", "))
        }
        Some(Value::Array(items)) => match items.is_empty() {
            true => "an empty list".to_owned(),
            false => format!("a list of {}", shape(&items[..1])),
        },
        Some(Value::String(_)) => "a text".to_owned(),
        Some(Value::Number(_) | Value::Bool(_) | Value::Null) => "a single value".to_owned(),
        None => "nothing".to_owned(),
    }
}

/// The JSON value in `text`, mended where needed, or none when it is not one JSON value.
pub(super) fn value(text: &str) -> Option<Value> {
    serde_json::from_str(text).ok().or_else(|| serde_json::from_str(&mended(text)?).ok())
}

/// JSON nested deeper than this is kept as text, so that what is written can be read again.
const DEEPEST: usize = 90;

/// The value, or its JSON text when it is nested too deep to be written and read again.
pub(super) fn shallow(value: Value) -> Value {
    if depth(&value) > DEEPEST {
        return Value::String(value.to_string());
    }
    value
}

fn depth(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Value::Object(fields) => 1 + fields.values().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}

fn parse(text: &str) -> Result<Vec<Value>, Fault> {
    let mut values = Vec::new();
    for value in Deserializer::from_str(text).into_iter::<Value>() {
        values.push(value.map_err(|error| not_json(&error, values.len()))?);
    }
    Ok(values)
}

fn not_utf8(error: std::str::Utf8Error) -> Fault {
    let offset = error.valid_up_to();
    Fault::whole(format!("the file is not UTF-8: byte {offset} (counted from 0) begins no character"))
        .help("Save it as UTF-8.")
}

fn not_json(error: &serde_json::Error, before: usize) -> Fault {
    let place = match before {
        0 => String::new(),
        n => format!(" (after {n} whole JSON values)"),
    };
    Fault::whole(format!("the file is not JSON: {error}{place}"))
}

/// `text` with what the JSON standard forbids and logs hold replaced ([`Mend`]); none when nothing was.
fn mended(text: &str) -> Option<String> {
    let mut mend = Mend::default();
    let mut out = Vec::with_capacity(text.len());
    mend.feed(text.as_bytes(), &mut out);
    mend.finish(&mut out);
    let out = String::from_utf8(out).expect("what is put into text is ASCII, in place of ASCII");
    mend.changed().then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn values(bytes: &[u8]) -> Result<Vec<Value>, Fault> {
        super::values(text(bytes)?)
    }

    #[test]
    fn what_python_writes_beyond_the_standard_is_mended() {
        let digits = "9".repeat(400);
        let text = format!(r#"{{"a": NaN, "b": [-Infinity, Infinity], "c": "NaN \" Infinity", "d": {digits}}}"#);
        assert_eq!(
            values(text.as_bytes()).unwrap(),
            [json!({"a": null, "b": [null, null], "c": "NaN \" Infinity", "d": null})]
        );
    }

    #[test]
    fn integers_above_64_bits_are_read_as_floats() {
        let values = values(b"[123456789012345678901234567890]").unwrap();
        assert_eq!(values[0][0].as_f64(), Some(1.234_567_890_123_456_8e29));
    }

    #[test]
    fn half_a_surrogate_pair_becomes_the_replacement_character() {
        let text = r#"["\ud83d\ude00", "a\ud83db", "\ude00\ud83d", "\\ud83d"]"#;
        assert_eq!(values(text.as_bytes()).unwrap(), [json!(["😀", "a\u{fffd}b", "\u{fffd}\u{fffd}", "\\ud83d"])]);
    }

    #[test]
    fn a_byte_order_mark_is_passed_over() {
        assert_eq!(values(b"\xef\xbb\xbf[1]").unwrap(), [json!([1])]);
    }

    #[test]
    fn lines_are_values_one_after_another() {
        assert_eq!(values(b"{}\n\r\n[1]\n").unwrap(), [json!({}), json!([1])]);
    }

    #[test]
    fn invalid_utf_8_is_an_error_that_says_where() {
        let error = values(b"{\"a\": \"\xff\"}").unwrap_err();
        assert!(error.message.contains("byte 7"), "{error}");
    }

    #[test]
    fn broken_json_is_an_error_that_says_where() {
        let error = values(b"{}\n{\"a\": \n").unwrap_err();
        assert!(error.message.contains("line 3"), "{error}");
        assert!(error.message.contains("after 1 whole"), "{error}");
        let error = values(b"[1, NaN").unwrap_err();
        assert!(error.message.contains("EOF"), "{error}");
        assert_eq!(values(b" \n").unwrap_err().message, "the file is empty");
    }

    #[test]
    fn nesting_without_end_is_an_error() {
        let error = values("[".repeat(100_000).as_bytes()).unwrap_err();
        assert!(error.message.contains("recursion limit"), "{error}");
    }

    #[test]
    fn what_is_nested_too_deep_becomes_text() {
        let mut value = json!(1);
        for _ in 0..DEEPEST {
            value = json!([value]);
        }
        assert!(shallow(value.clone()).is_array());
        assert!(shallow(json!([value])).is_string());
    }
}
