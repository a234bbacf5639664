//! What in a log gives the right answers away.
//!
//! In: fields of a log, and the `extra` maps of an ATIF file. Out: the fields that are gold, or the value without them.
//! It never looks into what was said (messages, arguments of calls, answers of tools): that is the trajectory itself.

use serde_json::Value;

use super::JsonObject;
use super::json::shallow;

/// Names of gold fields, in lower case and without `_` or `-`.
const NAMES: [&str; 21] = [
    "answerkey",
    "correctanswer",
    "expected",
    "expectedanswer",
    "expectedoutput",
    "gold",
    "goldanswer",
    "goldlabel",
    "groundtruth",
    "iscorrect",
    "referenceanswer",
    "referencesolution",
    "reward",
    "rewardinfo",
    "rewards",
    "score",
    "scores",
    "solution",
    "target",
    "targets",
    "testpatch",
];

/// Whether a field of this name holds gold.
pub(super) fn is_gold(name: &str) -> bool {
    let plain: String = name.chars().filter(|c| !matches!(c, '_' | '-')).collect();
    NAMES.contains(&plain.to_ascii_lowercase().as_str())
}

/// Removes gold fields, at any depth, from every `extra` map of an ATIF value.
pub(super) fn drop_from_extras(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(drop_from_extras),
        Value::Object(fields) => {
            for (name, value) in fields.iter_mut() {
                match name.as_str() {
                    "extra" => drop_everywhere(value),
                    "arguments" | "tool_definitions" => {}
                    _ => drop_from_extras(value),
                }
            }
        }
        _ => {}
    }
}

fn drop_everywhere(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(drop_everywhere),
        Value::Object(fields) => {
            fields.retain(|name, _| !is_gold(name));
            fields.values_mut().for_each(drop_everywhere);
        }
        _ => {}
    }
}

/// Moves the fields that `wanted` names out of `from`, leaving out those that say nothing.
pub(super) fn take(from: &mut JsonObject, wanted: impl Fn(&str) -> bool) -> JsonObject {
    let names: Vec<String> = from.keys().filter(|name| wanted(name)).cloned().collect();
    let taken = names.into_iter().filter_map(|name| from.remove_entry(&name));
    let telling = taken.filter(|(_, value)| !value.is_null());
    telling.map(|(name, value)| (name, shallow(value))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn gold_has_many_spellings() {
        for name in ["target", "ground_truth", "groundTruth", "expected-output"] {
            assert!(is_gold(name), "{name}");
        }
        assert!(!is_gold("message"));
    }

    #[test]
    fn gold_goes_from_extras_alone() {
        let mut value = json!({
            "extra": {"seed": 1, "task": {"ground_truth": "42", "name": "sum"}},
            "steps": [{"tool_calls": [{"arguments": {"target": "x", "extra": {"score": 1}}}],
                       "extra": {"scores": {}, "native_id": "m1"}}],
        });
        drop_from_extras(&mut value);
        assert_eq!(
            value,
            json!({
                "extra": {"seed": 1, "task": {"name": "sum"}},
                "steps": [{"tool_calls": [{"arguments": {"target": "x", "extra": {"score": 1}}}],
                           "extra": {"native_id": "m1"}}],
            })
        );
    }
}
