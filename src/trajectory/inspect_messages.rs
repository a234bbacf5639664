//! The messages of an Inspect sample.
//!
//! In: the sample's fields. Out: its conversation, with references to attachments replaced by what they stand for. It
//! never takes messages from a model call after scoring began, or from one with a role of its own: a grader is shown
//! the target.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::JsonObject;
use super::fields::take_list;
use crate::diagnostic::Fault;

/// More than this, in bytes, is not put in place of references: a small file could ask for
/// one large attachment over and over.
const MOST_ATTACHED: usize = 1 << 28;

/// More messages than this are not gathered from a pool, for the same reason.
const MOST_POOLED: usize = 100_000;

/// The conversation: `messages`; where they are missing the last model call in `events`; else
/// `input` and `output`.
pub(super) fn messages(sample: &mut JsonObject) -> Result<Vec<Value>, Fault> {
    promote_transcript(sample);
    let mut found = take_list(sample, "messages").unwrap_or_default();
    if found.is_empty() {
        found = last_model_call(sample)?;
    }
    if found.is_empty() {
        found = input_and_output(sample);
    }
    let mut attachments = Attachments::of(sample);
    found.iter_mut().try_for_each(|message| attachments.put_into(message))?;
    Ok(found)
}

/// Older samples hold `transcript: {events, content}` for what is now `events` and `attachments`.
fn promote_transcript(sample: &mut JsonObject) {
    let Some(Value::Object(mut transcript)) = sample.remove("transcript") else {
        return;
    };
    for (old, new) in [("events", "events"), ("content", "attachments")] {
        if let Some(value) = transcript.remove(old) {
            sample.insert(new.to_owned(), value);
        }
    }
}

fn input_and_output(sample: &mut JsonObject) -> Vec<Value> {
    let mut messages = match sample.remove("input") {
        Some(Value::Array(messages)) => messages,
        Some(Value::String(text)) => vec![json!({"role": "user", "content": text})],
        _ => Vec::new(),
    };
    messages.extend(sample.get_mut("output").and_then(answer));
    messages
}

/// The message that a model call gave.
fn answer(output: &mut Value) -> Option<Value> {
    let message = output.get_mut("choices")?.get_mut(0)?.get_mut("message")?;
    message.is_object().then(|| message.take())
}

/// What the last call of the agent's model was given, and its answer.
fn last_model_call(sample: &mut JsonObject) -> Result<Vec<Value>, Fault> {
    let mut events = take_list(sample, "events").unwrap_or_default();
    events.truncate(before_scoring(&events));
    let calls = |event: &&mut Value| kind(event) == "model" && event["role"].is_null();
    let Some(call) = events.iter_mut().rev().find(calls) else {
        return Ok(Vec::new());
    };
    let pool = sample.get("events_data").and_then(|data| data.get("messages")).or(sample.get("message_pool"));
    let mut messages = match pool {
        Some(pool) => pooled(&call["input_refs"], |index| pool.get(index))?,
        None => Vec::new(),
    };
    if let Value::Array(input) = call["input"].take() {
        messages.extend(input);
    }
    messages.extend(answer(&mut call["output"]));
    Ok(messages)
}

/// How many events come before scoring. None count where a score was given outside of a marked
/// scoring stage, as any call might then be a grader's.
fn before_scoring(events: &[Value]) -> usize {
    let is_stage = |event: &Value| {
        let begins = match kind(event) {
            "span_begin" => true,
            "step" => event["action"] == "begin",
            _ => false,
        };
        let named = ["type", "name"].map(|field| event[field].as_str().unwrap_or(""));
        begins && named.iter().any(|name| matches!(*name, "scorer" | "scorers"))
    };
    let stage = events.iter().position(is_stage).unwrap_or(events.len());
    let scored = events[..stage].iter().any(|event| kind(event) == "score");
    if scored { 0 } else { stage }
}

/// An event's kind; some logs call it `type`.
fn kind(event: &Value) -> &str {
    let name = event["event"].as_str().or(event["type"].as_str());
    name.unwrap_or("")
}

/// The messages that `refs`, a list of `[start, end]` ranges, picks from a pool.
pub(super) fn pooled<'a>(refs: &Value, pool: impl Fn(usize) -> Option<&'a Value>) -> Result<Vec<Value>, Fault> {
    let mut bytes_left = MOST_ATTACHED;
    let mut messages = Vec::new();
    for index in indices(refs)? {
        let Some(message) = pool(index) else {
            return Err(broken(&format!("a reference names message {index} of a pool that does not hold it")));
        };
        let left = bytes_left.checked_sub(weight(message));
        bytes_left = left.ok_or_else(|| broken("the messages would fill over 256 MiB"))?;
        messages.push(message.clone());
    }
    Ok(messages)
}

/// The numbers in a list of `[start, end]` ranges; none in anything else.
pub(super) fn indices(refs: &Value) -> Result<Vec<usize>, Fault> {
    let mut all = Vec::new();
    for range in refs.as_array().into_iter().flatten() {
        let bound = |place: usize| usize::try_from(range[place].as_u64()?).ok();
        let Some((start, end)) = bound(0).zip(bound(1)).filter(|(start, end)| start <= end) else {
            return Err(broken(&format!("a reference to messages is {range}, where `[start, end]` is expected")));
        };
        if end - start > MOST_POOLED - all.len() {
            return Err(broken(&format!("references name more than {MOST_POOLED} messages")));
        }
        all.extend(start..end);
    }
    Ok(all)
}

/// About how many bytes a value fills.
fn weight(value: &Value) -> usize {
    let within: usize = match value {
        Value::String(text) => text.len(),
        Value::Array(items) => items.iter().map(weight).sum(),
        Value::Object(fields) => fields.iter().map(|(name, value)| name.len() + 100 + weight(value)).sum(),
        _ => 0,
    };
    within + size_of::<Value>()
}

fn broken(found: &str) -> Fault {
    Fault::whole(format!("in a sample of the Inspect log, {found}")).help("Write the log anew with `inspect log dump`.")
}

/// Long texts and images that a sample holds once and names by their hash.
struct Attachments {
    by_hash: JsonObject,
    bytes_left: usize,
}

impl Attachments {
    fn of(sample: &mut JsonObject) -> Self {
        let by_hash = match sample.remove("attachments") {
            Some(Value::Object(by_hash)) => by_hash,
            _ => JsonObject::new(),
        };
        Self { by_hash, bytes_left: MOST_ATTACHED }
    }

    /// Replaces every text in `value` that is `attachment://HASH`, or `tc://HASH` in older logs.
    /// A reference to what the sample does not hold stays as it is.
    fn put_into(&mut self, value: &mut Value) -> Result<(), Fault> {
        match value {
            Value::Array(items) => items.iter_mut().try_for_each(|item| self.put_into(item)),
            Value::Object(fields) => fields.values_mut().try_for_each(|item| self.put_into(item)),
            Value::String(text) => {
                if let Some(found) = self.find(text)? {
                    *text = found;
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn find(&mut self, text: &str) -> Result<Option<String>, Fault> {
        let found = reference(text).and_then(|name| self.by_hash.get(name)?.as_str());
        let Some(found) = found else {
            return Ok(None);
        };
        let left = self.bytes_left.checked_sub(found.len());
        self.bytes_left = left.ok_or_else(|| broken("the attachments would fill over 256 MiB"))?;
        Ok(Some(found.to_owned()))
    }
}

/// The name of the attachment that a text stands for, if it does.
fn reference(text: &str) -> Option<&str> {
    ["attachment://", "tc://"].iter().find_map(|scheme| text.strip_prefix(scheme))
}

/// The names of all attachments that texts in `value` stand for.
pub(super) fn references(value: &Value) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    collect_references(value, &mut names);
    names
}

fn collect_references(value: &Value, names: &mut BTreeSet<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect_references(item, names)),
        Value::Object(fields) => fields.values().for_each(|item| collect_references(item, names)),
        Value::String(text) => names.extend(reference(text).map(str::to_owned)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(sample: &Value) -> Vec<String> {
        let mut fields = sample.as_object().unwrap().clone();
        let messages = messages(&mut fields).unwrap();
        let text = |message: &Value| message["content"].as_str().unwrap_or("?").to_owned();
        messages.iter().map(text).collect()
    }

    fn model_call(input: &str, output: &str) -> Value {
        json!({"event": "model", "input": [{"role": "user", "content": input}],
            "output": {"choices": [{"message": {"role": "assistant", "content": output}}]}})
    }

    #[test]
    fn references_are_replaced_wherever_they_stand() {
        let mut sample = json!({"attachments": {"h": "long"}, "messages": [
            {"content": "attachment://h"}, {"content": "tc://h"}, {"content": "attachment://gone"},
            {"content": "see attachment://h"},
            {"content": [{"type": "image", "image": "attachment://h"}],
             "tool_calls": [{"arguments": {"a": "attachment://h"}}]}]});
        let messages = messages(sample.as_object_mut().unwrap()).unwrap();
        let texts: Vec<_> = messages[..4].iter().map(|message| &message["content"]).collect();
        assert_eq!(texts, ["long", "long", "attachment://gone", "see attachment://h"]);
        assert_eq!(messages[4]["content"][0]["image"], "long");
        assert_eq!(messages[4]["tool_calls"][0]["arguments"]["a"], "long");
    }

    #[test]
    fn a_small_file_cannot_fill_the_memory() {
        let refs: Vec<_> = (0..300).map(|_| json!({"content": "attachment://h"})).collect();
        let mut sample = json!({"attachments": {"h": "x".repeat(1 << 20)}, "messages": refs});
        assert!(messages(sample.as_object_mut().unwrap()).is_err());
        let refs: Vec<_> = (0..60_000).map(|_| json!([0, 2])).collect();
        let mut sample = json!({"events": [{"event": "model", "input_refs": refs}],
            "events_data": {"messages": [1, 2]}});
        assert!(messages(sample.as_object_mut().unwrap()).is_err());
    }

    #[test]
    fn without_messages_the_last_call_of_the_agents_model_is_read() {
        let events = json!([model_call("a", "b"), model_call("c", "d"),
            {"event": "span_begin", "type": "scorers", "name": "scorers"},
            model_call("GOLD", "GOLD"), {"event": "score"}]);
        assert_eq!(said(&json!({"events": events})), ["c", "d"]);
        assert_eq!(said(&json!({"transcript": {"events": events, "content": {}}})), ["c", "d"]);
    }

    #[test]
    fn a_call_that_may_be_a_graders_is_not_read() {
        let mut grader = model_call("GOLD", "GOLD");
        grader["role"] = json!("grader");
        assert_eq!(said(&json!({"events": [model_call("a", "b"), grader]})), ["a", "b"]);
        let unmarked = json!([model_call("a", "b"), model_call("GOLD", "GOLD"), {"event": "score"}]);
        assert_eq!(said(&json!({"events": unmarked, "input": "Q"})), ["Q"]);
    }

    #[test]
    fn pooled_messages_are_gathered() {
        let mut call = model_call("x", "d");
        call["input"] = json!([]);
        call["input_refs"] = json!([[0, 1], [2, 3]]);
        let pool = ["a", "b", "c"].map(|text| json!({"role": "user", "content": text}));
        let mut sample = json!({"events": [call], "events_data": {"messages": pool}});
        assert_eq!(said(&sample), ["a", "c", "d"]);
        sample["events"][0]["input_refs"] = json!([[1, 9]]);
        assert!(messages(sample.as_object_mut().unwrap()).is_err());
    }

    #[test]
    fn without_messages_and_events_input_and_output_are_read() {
        let output = model_call("", "A")["output"].take();
        assert_eq!(said(&json!({"messages": [], "input": "Q", "output": output})), ["Q", "A"]);
    }
}
