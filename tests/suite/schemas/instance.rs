//! YAML as editors see it: JSON, by the core schema of YAML 1.2.
//!
//! In: text. Out: what a schema is held against. It shares nothing with the program's own reader but the parser.

use granit_parser::{Event, Parser, ScalarStyle};
use serde_json::{Map, Value, json};

/// The front matter of a Markdown file, and the line that ends it.
pub fn front_matter(text: &str) -> Option<(String, u64)> {
    let mut lines = text.trim_start_matches('\u{feff}').lines();
    lines.next().filter(|line| line.trim_end() == "---")?;
    let front: Vec<&str> = lines.clone().take_while(|line| line.trim_end() != "---").collect();
    lines.nth(front.len())?;
    Some((front.join("\n"), front.len() as u64 + 2))
}

/// A YAML document; an empty one is an empty mapping. None if it is not YAML, says a key twice, or is two documents.
pub fn instance(yaml: &str) -> Option<Value> {
    let mut open: Vec<Open> = Vec::new();
    let mut whole = None;
    for next in Parser::new_from_str(yaml) {
        let done = match next.ok()?.0 {
            Event::Scalar(text, style, ..) => scalar(&text, style == ScalarStyle::Plain),
            Event::SequenceStart(..) => {
                open.push(Open::List(Vec::new()));
                continue;
            }
            Event::MappingStart(..) => {
                open.push(Open::Map(Map::new(), None));
                continue;
            }
            Event::SequenceEnd | Event::MappingEnd => match open.pop()? {
                Open::List(list) => Value::Array(list),
                Open::Map(map, _) => Value::Object(map),
            },
            Event::Alias(_) => return None,
            Event::DocumentStart(..) if whole.is_some() => return None,
            _ => continue,
        };
        match open.last_mut() {
            None => whole = Some(done),
            Some(Open::List(list)) => list.push(done),
            Some(Open::Map(_, key @ None)) => *key = Some(as_key(&done)?),
            Some(Open::Map(map, key)) => {
                let before = map.insert(key.take()?, done);
                if before.is_some() {
                    return None;
                }
            }
        }
    }
    Some(whole.filter(|whole| !whole.is_null()).unwrap_or_else(|| json!({})))
}

enum Open {
    List(Vec<Value>),
    Map(Map<String, Value>, Option<String>),
}

fn as_key(value: &Value) -> Option<String> {
    match value {
        Value::Array(_) | Value::Object(_) => None,
        Value::String(text) => Some(text.clone()),
        Value::Null => Some(String::new()),
        other => Some(other.to_string()),
    }
}

fn scalar(text: &str, plain: bool) -> Value {
    match text {
        _ if !plain => json!(text),
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => json!(true),
        "false" | "False" | "FALSE" => json!(false),
        _ => number(text).unwrap_or_else(|| json!(text)),
    }
}

/// `[-+]? ( [0-9]+ | 0o[0-7]+ | 0x[0-9a-fA-F]+ )`, and `[-+]? ( \.[0-9]+ | [0-9]+(\.[0-9]*)? ) ([eE][-+]?[0-9]+)?`.
fn number(text: &str) -> Option<Value> {
    if let Some(digits) = text.strip_prefix("0x") {
        return i64::from_str_radix(digits, 16).ok().map(Value::from);
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return i64::from_str_radix(digits, 8).ok().map(Value::from);
    }
    let is_numeric = text.chars().all(|c| c.is_ascii_digit() || "+-.eE".contains(c));
    if !is_numeric || !text.contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let whole = text.parse::<i64>().ok().map(Value::from);
    whole.or_else(|| text.parse::<f64>().ok().map(Value::from))
}

#[test]
fn yaml_is_read_as_editors_read_it() {
    let yaml = "a: no\nb: 007\nc: '7'\nd: ~\ne:\nf: [True, 1.5, .5, 1e3, 0x1F, 2026-11-01, 1.0.0, .]\n1: {2: x}\n";
    let expected = json!({
        "a": "no", "b": 7, "c": "7", "d": null, "e": null,
        "f": [true, 1.5, 0.5, 1000.0, 31, "2026-11-01", "1.0.0", "."], "1": {"2": "x"},
    });
    assert_eq!(instance(yaml), Some(expected));
    assert_eq!(instance(""), Some(json!({})));
    assert_eq!(instance("a: [\n"), None);
    assert_eq!(instance("a: 1\n---\nb: 2\n"), None);
    assert_eq!(instance("a: 1\na: 2\n"), None);
    assert_eq!(front_matter("---\na: 1\n---\ntext\n"), Some(("a: 1".to_owned(), 3)));
    assert_eq!(front_matter("---\na: 1\n"), None);
}
