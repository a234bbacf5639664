//! The messages of an Inspect sample.
//!
//! In: the sample's fields, and what was found in its events. Out: its conversation and those of its subagents, with
//! references to attachments replaced by what they stand for. It never mixes what subagents said into the conversation.

use goldbook_ground::diagnostic::Fault;
use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::JsonObject;
use super::attachments::{Attachments, MOST_ATTACHED, broken};
use super::fields::take_list;
use super::inspect_events::{ModelCall, SubagentStart, Turns, answer, weight};

/// More messages than this are not gathered from a pool: a small file could name them over and over.
const MOST_POOLED: usize = 100_000;

/// What was said in a sample.
pub(super) struct SampleMessages {
    /// The conversation.
    pub messages: Vec<Value>,
    /// Whether its last answer stands in the events alone: the run ended before it was taken up.
    pub is_cut_off: bool,
    /// Those of subagents, which stand in the events alone.
    pub subagents: Vec<SubagentMessages>,
    /// What stands in none of these, by kind.
    pub left_out: BTreeMap<&'static str, u64>,
}

/// What was said in a subagent's last call.
pub(super) struct SubagentMessages {
    pub start: SubagentStart,
    pub messages: Vec<Value>,
    /// How many answers of earlier calls are none of these.
    pub left_out: u64,
}

/// What was said: `messages`, with an answer that followed them; where they are missing the last model call in the
/// events; else `input` and `output`.
pub(super) fn messages(sample: &mut JsonObject, mut turns: Turns) -> Result<SampleMessages, Fault> {
    promote_transcript(sample);
    let pool = sample.remove("events_data").map(|mut data| data["messages"].take());
    let pool = pool.or_else(|| sample.remove("message_pool")).unwrap_or_default();
    let mut bytes_left = MOST_ATTACHED;
    let mut found = take_list(sample, "messages").unwrap_or_default();
    let from_events = found.is_empty();
    let last = turns.last();
    let mut is_cut_off = false;
    match last {
        Some(call) if from_events => found = whole(call, &pool, &mut bytes_left)?,
        Some(call) if follows(&call, &pool, &found)? => {
            is_cut_off = call.answer.is_some();
            found.extend(call.answer.into_iter().chain(call.results));
        }
        _ => {}
    }
    if found.is_empty() {
        found = input_and_output(sample);
    }
    let left_out = turns.left_out(&found, from_events);
    let subagents = turns.subagents().into_iter().map(|(start, call)| {
        let messages = whole(call, &pool, &mut bytes_left)?;
        let left_out = turns.left_out_of(&start.span, &messages);
        Ok(SubagentMessages { start, messages, left_out })
    });
    let mut subagents: Vec<_> = subagents.collect::<Result<_, Fault>>()?;
    let mut attachments = Attachments::of(sample);
    for message in found.iter_mut().chain(subagents.iter_mut().flat_map(|subagent| &mut subagent.messages)) {
        attachments.put_into(message)?;
        // When it was said stands in the events alone.
        let time = message["id"].as_str().and_then(|id| turns.times.get(id)).cloned();
        if let (Value::Object(fields), Some(time)) = (message, time) {
            fields.insert("timestamp".to_owned(), time);
        }
    }
    Ok(SampleMessages { messages: found, is_cut_off, subagents, left_out })
}

/// The events of a sample, which are not needed any more.
pub(super) fn turns(sample: &mut JsonObject) -> Turns {
    promote_transcript(sample);
    Turns::of(take_list(sample, "events").unwrap_or_default())
}

/// What a model was given, what it answered, and what came of that.
fn whole(call: ModelCall, pool: &Value, bytes_left: &mut usize) -> Result<Vec<Value>, Fault> {
    let mut messages = pooled(&call.input_refs, bytes_left, |index| pool.get(index))?;
    messages.extend(call.input);
    messages.extend(call.answer);
    messages.extend(call.results);
    Ok(messages)
}

/// Whether a call was made with the conversation as it stands: the last message that it was given is the last there is.
fn follows(call: &ModelCall, pool: &Value, messages: &[Value]) -> Result<bool, Fault> {
    let given = match call.input.last() {
        Some(message) => Some(message),
        None => indices(&call.input_refs)?.last().and_then(|index| pool.get(*index)),
    };
    let (Some(given), Some(last)) = (given, messages.last()) else { return Ok(false) };
    let same = |name: &str| given[name] == last[name];
    Ok(same("role") && if last["id"].is_string() { same("id") } else { same("content") })
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

/// The messages that `refs`, a list of `[start, end]` ranges, picks from a pool.
pub(super) fn pooled<'a>(
    refs: &Value,
    bytes_left: &mut usize,
    pool: impl Fn(usize) -> Option<&'a Value>,
) -> Result<Vec<Value>, Fault> {
    let mut messages = Vec::new();
    for index in indices(refs)? {
        let Some(message) = pool(index) else {
            return Err(broken(&format!("a reference names message {index} of a pool that does not hold it")));
        };
        let left = bytes_left.checked_sub(weight(message));
        *bytes_left = left.ok_or_else(|| broken("the messages would fill over 256 MiB"))?;
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

#[cfg(test)]
mod tests {
    use super::super::inspect_events::ANSWERS;
    use super::*;

    fn open(sample: &Value) -> Result<Vec<Value>, Fault> {
        let mut fields = sample.as_object().unwrap().clone();
        let turns = turns(&mut fields);
        messages(&mut fields, turns).map(|found| found.messages)
    }

    fn said(sample: &Value) -> Vec<String> {
        let messages = open(sample).unwrap();
        let text = |message: &Value| message["content"].as_str().unwrap_or("?").to_owned();
        messages.iter().map(text).collect()
    }

    fn model_call(input: &str, output: &str) -> Value {
        json!({"event": "model", "input": [{"role": "user", "content": input}],
            "output": {"choices": [{"message": {"role": "assistant", "content": output}}]}})
    }

    #[test]
    fn references_are_replaced_wherever_they_stand() {
        let sample = json!({"attachments": {"h": "long"}, "messages": [
            {"content": "attachment://h"}, {"content": "tc://h"}, {"content": "attachment://gone"},
            {"content": "see attachment://h"},
            {"content": [{"type": "image", "image": "attachment://h"}],
             "tool_calls": [{"arguments": {"a": "attachment://h"}}]}]});
        let messages = open(&sample).unwrap();
        let texts: Vec<_> = messages[..4].iter().map(|message| &message["content"]).collect();
        assert_eq!(texts, ["long", "long", "attachment://gone", "see attachment://h"]);
        assert_eq!(messages[4]["content"][0]["image"], "long");
        assert_eq!(messages[4]["tool_calls"][0]["arguments"]["a"], "long");
    }

    #[test]
    fn a_small_file_cannot_fill_the_memory() {
        let refs: Vec<_> = (0..300).map(|_| json!({"content": "attachment://h"})).collect();
        let sample = json!({"attachments": {"h": "x".repeat(1 << 20)}, "messages": refs});
        assert!(open(&sample).is_err());
        let refs: Vec<_> = (0..60_000).map(|_| json!([0, 2])).collect();
        let sample = json!({"events": [{"event": "model", "input_refs": refs}],
            "events_data": {"messages": [1, 2]}});
        assert!(open(&sample).is_err());
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
    fn what_was_said_before_the_last_call_and_is_not_in_it_is_counted() {
        let in_span = |mut call: Value, span: &str| {
            call["span_id"] = json!(span);
            call
        };
        let mut last = model_call("c", "d");
        last["input"] = json!([{"role": "assistant", "content": "b"}, {"role": "user", "content": "c"}]);
        let events = json!([model_call("a", "b"), model_call("a", "lost"), model_call("a", "lost too"), last,
            in_span(model_call("a", "lost"), "sub"), in_span(model_call("c", "d"), "sub"),
            {"event": "tool", "id": "t", "function": "f", "agent_span_id": "sub"}]);
        let mut sample = json!({"events": events}).as_object().unwrap().clone();
        let turns = turns(&mut sample);
        let found = messages(&mut sample, turns).unwrap();
        assert_eq!((found.left_out[ANSWERS], found.subagents[0].left_out), (2, 1));
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
        assert!(open(&sample).is_err());
    }

    #[test]
    fn without_messages_and_events_input_and_output_are_read() {
        let output = model_call("", "A")["output"].take();
        assert_eq!(said(&json!({"messages": [], "input": "Q", "output": output})), ["Q", "A"]);
    }
}
