//! A call of a tool, in the shapes of OpenAI and Inspect.
//!
//! In: the JSON of one call. Out: a `ToolCall`; arguments that are no object are kept as text. It never fails, and
//! never links a call to its result.

use serde_json::{Value, json};

use super::fields::{id_text, take_text, text_of};
use super::json::shallow;
use super::{JsonObject, ToolCall};

/// One call: `{id, function: {name, arguments}}` (OpenAI), `{id, function: NAME, arguments}`
/// (Inspect) or `{name, arguments}` (old `function_call`). A missing id is left empty.
pub(super) fn tool_call(value: Value) -> ToolCall {
    let mut outer = match value {
        Value::Object(fields) => fields,
        other => JsonObject::from_iter([("arguments".to_owned(), other)]),
    };
    let parse_error = take_text(&mut outer, "parse_error").map(Value::String);
    let id = id_text(&outer, "id").unwrap_or_default();
    let mut inner = match outer.remove("function").or_else(|| outer.remove("custom")) {
        Some(Value::Object(fields)) => fields,
        Some(name) => {
            outer.insert("name".to_owned(), name);
            outer
        }
        None => outer,
    };
    let found = inner.remove("arguments").or_else(|| inner.remove("input"));
    let extra = parse_error.map(|error| ("parse_error".to_owned(), error));
    ToolCall {
        tool_call_id: id,
        function_name: take_text(&mut inner, "name").unwrap_or_else(|| "unknown".to_owned()),
        arguments: arguments(found.unwrap_or_default()),
        extra: extra.into_iter().collect(),
        rest: JsonObject::new(),
    }
}

/// Arguments as an object; what is none is kept as `{"_raw": text}`.
fn arguments(value: Value) -> Value {
    let text = match value {
        Value::Null => return json!({}),
        Value::String(text) if text.trim().is_empty() => return json!({}),
        Value::String(text) => text,
        other => match shallow(other) {
            object @ Value::Object(_) => return object,
            other => text_of(Some(other)),
        },
    };
    match super::json::value(&text).map(shallow) {
        Some(object @ Value::Object(_)) => object,
        _ => json!({"_raw": text}),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_become_an_object() {
        assert_eq!(arguments(json!("{\"a\": 1}")), json!({"a": 1}));
        assert_eq!(arguments(json!({"a": 1})), json!({"a": 1}));
        assert_eq!(arguments(json!("{\"a\": NaN}")), json!({"a": null}));
        assert_eq!(arguments(json!(null)), json!({}));
        assert_eq!(arguments(json!("  ")), json!({}));
    }

    #[test]
    fn arguments_that_are_no_object_are_kept_as_text() {
        assert_eq!(arguments(json!("{\"a\": ")), json!({"_raw": "{\"a\": "}));
        assert_eq!(arguments(json!("[1]")), json!({"_raw": "[1]"}));
        assert_eq!(arguments(json!([1])), json!({"_raw": "[1]"}));
        let deep = "[".repeat(120) + &"]".repeat(120);
        let deep = format!("{{\"a\": {deep}}}");
        assert_eq!(arguments(json!(deep)), json!({"_raw": deep}));
    }

    #[test]
    fn calls_come_in_several_shapes() {
        for call in [
            json!({"id": "c", "type": "function", "function": {"name": "f", "arguments": "{}"}}),
            json!({"id": "c", "function": {"name": "f", "arguments": {}}}),
            json!({"id": "c", "function": "f", "arguments": {}, "type": "function"}),
            json!({"id": "c", "function": "f", "arguments": "{}"}),
            json!({"id": "c", "name": "f"}),
        ] {
            let call = tool_call(call);
            assert_eq!((call.tool_call_id.as_str(), call.text().as_str()), ("c", "f {}"));
        }
        let custom = tool_call(json!({"id": "c", "type": "custom", "custom": {"name": "py", "input": "1+1"}}));
        assert_eq!(custom.text(), "py {\"_raw\":\"1+1\"}");
        assert_eq!(tool_call(json!(3)).text(), "unknown {\"_raw\":\"3\"}");
        let broken = tool_call(json!({"id": "c", "function": "f", "arguments": {}, "parse_error": "no"}));
        assert_eq!(broken.extra["parse_error"], "no");
    }
}
