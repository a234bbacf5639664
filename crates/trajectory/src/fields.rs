//! Taking fields out of a JSON object.
//!
//! In: an object's fields and a name. Out: the value, removed from the object, when it has the wanted type and says
//! something. It never removes what it does not return: what is null, empty or of another type stays, so that it can be
//! written back as it was.

use serde_json::Value;

use super::JsonObject;

/// The field's text, taken out; anything else stays where it is.
pub(super) fn take_text(fields: &mut JsonObject, name: &str) -> Option<String> {
    if !fields.get(name)?.is_string() {
        return None;
    }
    match fields.remove(name) {
        Some(Value::String(text)) => Some(text),
        _ => None,
    }
}

/// The field's map, taken out when there is something in it.
pub(super) fn take_fields(fields: &mut JsonObject, name: &str) -> JsonObject {
    match fields.get_mut(name) {
        Some(Value::Object(found)) if !found.is_empty() => {
            let found = std::mem::take(found);
            fields.remove(name);
            found
        }
        _ => JsonObject::new(),
    }
}

/// Whether the field is `true`, taken out when it is.
pub(super) fn take_true(fields: &mut JsonObject, name: &str) -> bool {
    let is_true = fields.get(name) == Some(&Value::Bool(true));
    if is_true {
        fields.remove(name);
    }
    is_true
}

/// The field's list, taken out when there is something in it; an error says the field's type.
pub(super) fn take_list(fields: &mut JsonObject, name: &str) -> Result<Vec<Value>, NotAList> {
    match fields.get_mut(name) {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::Array(items)) => {
            let items = std::mem::take(items);
            if !items.is_empty() {
                fields.remove(name);
            }
            Ok(items)
        }
        Some(_) => Err(NotAList),
    }
}

/// A field that should hold a list holds something else.
#[derive(Debug, PartialEq)]
pub(super) struct NotAList;

/// The field as text, where logs use texts and integers alike (ids); nothing for other types.
pub(super) fn id_text(fields: &JsonObject, name: &str) -> Option<String> {
    match fields.get(name)? {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A value's text, if it says something.
pub(super) fn some_text(value: &Value) -> Option<String> {
    value.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}

/// A text as it is, nothing as empty, anything else as its JSON.
pub(super) fn text_of(value: Option<Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text,
        Some(other) => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn fields() -> JsonObject {
        let value = json!({"text": "a", "null": null, "empty": {}, "none": [], "list": [1],
            "map": {"a": 1}, "yes": true, "no": false, "id": 7});
        value.as_object().unwrap().clone()
    }

    #[test]
    fn what_says_something_is_taken_out() {
        let mut fields = fields();
        assert_eq!(take_text(&mut fields, "text").as_deref(), Some("a"));
        assert_eq!(take_list(&mut fields, "list"), Ok(vec![json!(1)]));
        assert_eq!(take_fields(&mut fields, "map").len(), 1);
        assert!(take_true(&mut fields, "yes"));
        for name in ["text", "list", "map", "yes"] {
            assert!(!fields.contains_key(name), "{name}");
        }
    }

    #[test]
    fn what_says_nothing_stays() {
        let mut fields = fields();
        assert_eq!(take_text(&mut fields, "null"), None);
        assert_eq!(take_list(&mut fields, "none"), Ok(vec![]));
        assert_eq!(take_list(&mut fields, "map"), Err(NotAList));
        assert!(take_fields(&mut fields, "empty").is_empty());
        assert!(!take_true(&mut fields, "no"));
        assert_eq!(fields, self::fields());
    }

    #[test]
    fn an_id_is_text_or_a_number() {
        assert_eq!(id_text(&fields(), "id").as_deref(), Some("7"));
        assert_eq!(id_text(&fields(), "text").as_deref(), Some("a"));
        assert_eq!(id_text(&fields(), "yes"), None);
    }
}
