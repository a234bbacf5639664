//! What stands only in the events of an Inspect sample.
//!
//! In: events, one by one in their order. Out: the last call of the agent's model before scoring, the last of each
//! subagent that a tool was, and how much of what was said is not taken from them. It never keeps a call that was
//! followed by another of the same agent, so that a log that repeats its conversation in each event fills no memory, and
//! never a call that may have been a grader's: a grader is shown the target.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::JsonObject;
use super::attachments::references;
use goldbook_ground::digest::Digest;

/// The fields of an event that anything is made of.
pub(super) const FIELDS: &[&str] = &[
    "event",
    "type",
    "name",
    "action",
    "role",
    "span_id",
    "agent_span_id",
    "id",
    "function",
    "result",
    "error",
    "input",
    "input_refs",
    "output",
    "timestamp",
    "completed",
];

/// Calls that fill more than this, in bytes, are not kept: nothing is taken from the events then.
const MOST_KEPT: usize = 1 << 28;

/// How a run calls its subagents' runs that it does not hold.
pub(super) const SUBAGENTS: &str = "runs of subagents";

/// How a run calls what its model said and it does not hold: with it goes what was said in between.
pub(super) const ANSWERS: &str = "answers of the model that are in no message";

/// What was found so far.
pub(super) struct Turns {
    /// The last call of each agent, by the span that it ran in; none (empty) where events have none. The calls are empty
    /// once the events were given up.
    calls: BTreeMap<String, ModelCall>,
    /// How many calls there were.
    turns: usize,
    /// The bytes that the kept calls fill, and how many may.
    kept: usize,
    most_kept: usize,
    subagents: Vec<SubagentStart>,
    /// What models answered with, and the spans they ran in.
    answers: Vec<(String, MessageKey)>,
    /// When models answered, by the answer's id.
    pub times: BTreeMap<String, Value>,
    scoring: bool,
    /// Whether nothing that was said is taken from the events, only counted: it is too much, can't be read, or may be a
    /// grader's.
    given_up: bool,
    /// Whether any answer may be a grader's: a score was given outside of a marked scoring stage.
    any_graders: bool,
    /// How many parts of the events were not read.
    unread_parts: u64,
}

/// What a model was given, and what it answered.
#[derive(Default)]
pub(super) struct ModelCall {
    /// How many calls came before it.
    turn: usize,
    pub input: Vec<Value>,
    /// Ranges of the sample's pool of messages, before `input`.
    pub input_refs: Value,
    /// The message that it gave.
    pub answer: Option<Value>,
    /// What the tools that it called in that message gave, as messages.
    pub results: Vec<Value>,
}

/// What a message is known by.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum MessageKey {
    Id(String),
    /// Of what it says, where logs give no ids.
    Said(Digest),
}

impl MessageKey {
    fn of(message: &Value) -> Self {
        match message["id"].as_str() {
            Some(id) => Self::Id(id.to_owned()),
            None => Self::Said(Digest::of(json!([message["content"], message["tool_calls"]]).to_string().as_bytes())),
        }
    }
}

/// A tool that was an agent.
pub(super) struct SubagentStart {
    /// The call of the tool.
    pub call_id: String,
    pub name: String,
    /// The span that the agent ran in.
    pub span: String,
    /// The span that the call was made in.
    pub parent: String,
}

impl Default for Turns {
    fn default() -> Self {
        Self::keeping(MOST_KEPT)
    }
}

impl Turns {
    /// Nothing yet; so many bytes of it may be kept.
    fn keeping(most_kept: usize) -> Self {
        Self {
            calls: BTreeMap::new(),
            turns: 0,
            kept: 0,
            most_kept,
            subagents: Vec::new(),
            answers: Vec::new(),
            times: BTreeMap::new(),
            scoring: false,
            given_up: false,
            any_graders: false,
            unread_parts: 0,
        }
    }

    /// Reads the events of a list.
    pub(super) fn of(events: Vec<Value>) -> Self {
        let mut turns = Self::default();
        turns.add_all(events);
        turns
    }

    fn add_all(&mut self, events: Vec<Value>) {
        for event in events {
            if let Value::Object(event) = event {
                self.add(event);
            }
        }
    }

    pub(super) fn add(&mut self, mut event: JsonObject) {
        let text = |name: &str| event.get(name).and_then(Value::as_str).unwrap_or("");
        // Some logs call it `type`.
        let kind = match text("event") {
            "" => text("type"),
            kind => kind,
        };
        if self.scoring {
            return;
        }
        match kind {
            "model" if event.get("role").is_none_or(Value::is_null) => self.add_call(event),
            "tool" => self.add_tool(&mut event),
            "score" => {
                self.any_graders = true;
                self.give_up();
            }
            "span_begin" => self.scoring = begins_scoring(&event),
            "step" if text("action") == "begin" => self.scoring = begins_scoring(&event),
            _ => {}
        }
    }

    fn add_call(&mut self, mut event: JsonObject) {
        let span = event.get("span_id").and_then(Value::as_str).unwrap_or("").to_owned();
        let answer = event.get_mut("output").and_then(answer);
        let time = ["completed", "timestamp"].iter().find_map(|name| event.get(*name).filter(|time| time.is_string()));
        if let (Some(id), Some(time)) = (answer.as_ref().and_then(|answer| answer["id"].as_str()), time) {
            self.times.insert(id.to_owned(), time.clone());
        }
        self.answers.extend(answer.as_ref().map(|answer| (span.clone(), MessageKey::of(answer))));
        let call = ModelCall {
            turn: self.turns,
            input: match event.remove("input") {
                Some(Value::Array(input)) => input,
                _ => Vec::new(),
            },
            input_refs: event.remove("input_refs").unwrap_or_default(),
            answer,
            results: Vec::new(),
        };
        self.turns += 1;
        let call = if self.given_up { ModelCall::default() } else { call };
        let weight = call.weight();
        if let Some(before) = self.calls.insert(span, call) {
            self.kept = self.kept.saturating_sub(before.weight());
        }
        self.keep(weight);
    }

    /// Counts bytes that are kept, which may be too many.
    fn keep(&mut self, bytes: usize) {
        self.kept += bytes;
        if self.kept > self.most_kept {
            self.give_up();
        }
    }

    /// Lets go of what was said, which is only counted from here on.
    fn give_up(&mut self) {
        self.given_up = true;
        self.kept = 0;
        self.calls.values_mut().for_each(|call| *call = ModelCall::default());
    }

    /// Ends before this many parts of the events, the first of which can't be read. A mark of scoring may stand in it.
    pub(super) fn break_off(&mut self, unread_parts: usize) {
        self.unread_parts = unread_parts as u64;
        self.give_up();
    }

    fn add_tool(&mut self, event: &mut JsonObject) {
        let text = |name: &str| event.get(name).and_then(Value::as_str).unwrap_or("").to_owned();
        let (call_id, name, parent) = (text("id"), text("function"), text("span_id"));
        let [result, error] = ["result", "error"].map(|name| event.remove(name).unwrap_or_default());
        if let Some(Value::String(span)) = event.remove("agent_span_id") {
            let (call_id, name, parent) = (call_id.clone(), name.clone(), parent.clone());
            self.subagents.push(SubagentStart { call_id, name, span, parent });
        }
        if let Some(call) = self.calls.get_mut(&parent).filter(|_| !self.given_up) {
            let message = json!({"role": "tool", "tool_call_id": call_id, "function": name, "content": result,
                "error": error});
            let weight = weight(&message);
            call.results.push(message);
            self.keep(weight);
        }
    }

    /// The last call of the agent itself.
    pub(super) fn last(&mut self) -> Option<ModelCall> {
        if self.given_up {
            return None;
        }
        let of_subagents = self.spans_of_subagents();
        let own = self.calls.iter().filter(|(span, _)| !of_subagents.contains(span.as_str()));
        let span = own.max_by_key(|(_, call)| call.turn)?.0.clone();
        self.calls.remove(&span)
    }

    /// Each subagent with its last call.
    pub(super) fn subagents(&mut self) -> Vec<(SubagentStart, ModelCall)> {
        if self.given_up {
            return Vec::new();
        }
        let starts = std::mem::take(&mut self.subagents).into_iter();
        let calls = &mut self.calls;
        starts.filter_map(|start| calls.remove(&start.span).map(|call| (start, call))).collect()
    }

    /// What the events hold beside the agent's messages and is not taken from them, by kind. `from_events` says whether
    /// the messages were: others may say the same in other words, so that an answer without an id is not known by them.
    pub(super) fn left_out(&self, messages: &[Value], from_events: bool) -> BTreeMap<&'static str, u64> {
        let kind = match self.any_graders {
            true => "answers of models, any of which may be a grader's",
            false => ANSWERS,
        };
        let of_subagents = self.spans_of_subagents();
        let is_known = |key: &MessageKey| from_events || self.given_up || matches!(key, MessageKey::Id(_));
        let own = self.answers.iter().filter(|(span, key)| !of_subagents.contains(span.as_str()) && is_known(key));
        let with_calls = of_subagents.iter().filter(|span| self.calls.contains_key(**span));
        let subagents = if self.given_up { with_calls.count() } else { 0 };
        BTreeMap::from([
            (kind, beyond(own, messages)),
            (SUBAGENTS, subagents as u64),
            ("parts of the events from the first unreadable one on", self.unread_parts),
        ])
    }

    /// How many answers were given in a subagent's span, beside its last call.
    pub(super) fn left_out_of(&self, span: &str, messages: &[Value]) -> u64 {
        beyond(self.answers.iter().filter(|(of, _)| of == span), messages)
    }

    fn spans_of_subagents(&self) -> BTreeSet<&str> {
        self.subagents.iter().map(|start| start.span.as_str()).collect()
    }

    /// The names of all attachments that what was kept stands for.
    pub(super) fn references(&self) -> BTreeSet<String> {
        let values = self.calls.values().flat_map(|call| call.input.iter().chain(&call.answer).chain(&call.results));
        values.flat_map(references).collect()
    }

    /// Whether there is anything that an attachment or the pool of messages may be needed for.
    pub(super) fn is_empty(&self) -> bool {
        self.given_up || self.calls.is_empty()
    }

    /// Whether there was anything to be read.
    pub(super) fn were_read(&self) -> bool {
        self.given_up || !self.calls.is_empty()
    }
}

/// The message that a model call gave.
pub(super) fn answer(output: &mut Value) -> Option<Value> {
    let message = output.get_mut("choices")?.get_mut(0)?.get_mut("message")?;
    message.is_object().then(|| message.take())
}

/// About how many bytes a value fills.
pub(super) fn weight(value: &Value) -> usize {
    let within: usize = match value {
        Value::String(text) => text.len(),
        Value::Array(items) => items.iter().map(weight).sum(),
        Value::Object(fields) => fields.iter().map(|(name, value)| name.len() + 100 + weight(value)).sum(),
        _ => 0,
    };
    within + size_of::<Value>()
}

impl ModelCall {
    fn weight(&self) -> usize {
        self.input.iter().chain(&self.answer).chain(&self.results).map(weight).sum::<usize>() + weight(&self.input_refs)
    }
}

/// How many different answers are none of the messages.
fn beyond<'a>(answers: impl Iterator<Item = &'a (String, MessageKey)>, messages: &[Value]) -> u64 {
    let said: BTreeSet<MessageKey> = messages.iter().map(MessageKey::of).collect();
    let beyond: BTreeSet<&MessageKey> = answers.map(|(_, key)| key).filter(|key| !said.contains(*key)).collect();
    beyond.len() as u64
}

fn begins_scoring(event: &JsonObject) -> bool {
    ["type", "name"].iter().any(|field| matches!(event.get(*field).and_then(Value::as_str), Some("scorer" | "scorers")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(span: &str, id: &str) -> Value {
        json!({"event": "model", "span_id": span, "input": [{"role": "user", "content": "x".repeat(1000)}],
            "output": {"choices": [{"message": {"role": "assistant", "content": "a", "id": id}}]}})
    }

    /// Two answers of the agent, the second in the events alone, and a subagent.
    fn events() -> Vec<Value> {
        let subagent = json!({"event": "tool", "id": "c", "function": "helper", "agent_span_id": "sub"});
        vec![call("", "m1"), call("sub", "s1"), subagent, call("", "m2")]
    }

    fn left_out(turns: &Turns) -> Vec<(&'static str, u64)> {
        let all = turns.left_out(&[json!({"id": "m1"})], false).into_iter();
        all.filter(|(_, count)| *count > 0).collect()
    }

    #[test]
    fn events_that_are_too_much_are_counted() {
        for (most_kept, is_kept) in [(100_000, true), (1000, false)] {
            let mut turns = Turns::keeping(most_kept);
            turns.add_all(events());
            let expected = if is_kept { vec![(ANSWERS, 1)] } else { vec![(ANSWERS, 1), (SUBAGENTS, 1)] };
            assert_eq!(left_out(&turns), expected);
            assert_eq!((turns.last().is_some(), turns.subagents().len()), (is_kept, usize::from(is_kept)));
        }
    }

    #[test]
    fn what_may_be_a_graders_is_counted_as_that() {
        let mut turns = Turns::default();
        turns.add_all(events());
        turns.add_all(vec![call("", "grader"), json!({"event": "score"}), call("", "m3")]);
        assert_eq!(left_out(&turns), [("answers of models, any of which may be a grader's", 3), (SUBAGENTS, 1)]);
        assert!(turns.last().is_none() && turns.subagents().is_empty() && turns.references().is_empty());
    }
}
