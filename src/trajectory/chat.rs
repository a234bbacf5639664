//! Chat messages → steps.
//!
//! In: messages as OpenAI and Inspect write them. Out: a step for each system, user and assistant message, with what
//! tools answered attached to the assistant's step that called them. It never drops a message: an answer that no call
//! asked for becomes a step of its own.

use crate::diagnostic::Fault;
use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::message::{Message, Role, SHAPE};
use super::{JsonObject, NATIVE_ID, Observation, ObservationResult, Step, StepSource, Trajectory, extra};

/// The steps of a conversation, numbered from 1.
///
/// An answer goes to the latest step that called with its id; without an id, to the first
/// unanswered call (of its function, where it names one) of the step just before. An answer
/// that fits no call becomes a step of source system, marked `extra.stray_result`.
pub(super) fn steps(messages: Vec<Value>) -> Result<ChatSteps, Fault> {
    let mut conversation = ConversationSteps::default();
    for (value, number) in messages.into_iter().zip(1..) {
        conversation.add(Message::read(value, number)?);
    }
    match conversation.steps.is_empty() {
        true => Err(Fault::whole("the conversation has no messages").help(SHAPE)),
        false => Ok(ChatSteps { steps: conversation.steps, left_out: conversation.left_out }),
    }
}

/// What a conversation's messages are.
pub(super) struct ChatSteps {
    /// At least one.
    pub steps: Vec<Step>,
    /// Of what kinds parts were left out, and how many.
    pub left_out: BTreeMap<String, u64>,
}

/// The answer to a call, made where there is none; nothing where there is no such call. The latest step with it counts.
pub(super) fn result_of<'a>(run: &'a mut Trajectory, call_id: &str) -> Option<&'a mut ObservationResult> {
    let called = |step: &&mut Step| step.tool_calls.iter().any(|call| call.tool_call_id == call_id);
    let step = run.steps.iter_mut().rev().find(called)?;
    let answers = |result: &ObservationResult| result.source_call_id.as_deref() == Some(call_id);
    if !step.results().iter().any(answers) {
        let source_call_id = Some(call_id.to_owned());
        let (extra, rest) = (JsonObject::new(), JsonObject::new());
        attach(step, ObservationResult { source_call_id, content: None, extra, rest });
    }
    step.observation.as_mut()?.results.iter_mut().find(|result| answers(result))
}

#[derive(Default)]
struct ConversationSteps {
    steps: Vec<Step>,
    /// The latest step that made a call, by the call's id.
    callers: BTreeMap<String, usize>,
    left_out: BTreeMap<String, u64>,
}

impl ConversationSteps {
    fn add(&mut self, mut message: Message) {
        for kind in message.body.left_out.drain(..) {
            *self.left_out.entry(kind).or_default() += 1;
        }
        match message.role {
            Role::Speaker(source) => self.add_step(source, message),
            Role::Tool => self.add_answer(message),
        }
    }

    fn add_step(&mut self, source: StepSource, mut message: Message) {
        let step_id = self.steps.len() + 1;
        let mut results = std::mem::take(&mut message.body.results);
        let mut calls = std::mem::take(&mut message.body.calls);
        calls.append(&mut message.calls);
        for (call, number) in calls.iter_mut().zip(1..) {
            if call.tool_call_id.is_empty() {
                call.tool_call_id = format!("call-{step_id}-{number}");
            }
            self.callers.insert(call.tool_call_id.clone(), step_id - 1);
        }
        for (result, call) in results.iter_mut().zip(&calls) {
            result.source_call_id = Some(call.tool_call_id.clone());
        }
        let mut step = plain_step(step_id, source, message);
        step.tool_calls = calls;
        results.into_iter().for_each(|result| attach(&mut step, result));
        self.steps.push(step);
    }

    fn add_answer(&mut self, mut message: Message) {
        let caller = match message.call_id.as_deref() {
            Some(id) => self.callers.get(id).copied(),
            None => self.take_open_call(&mut message),
        };
        match caller.and_then(|index| self.steps.get_mut(index)) {
            Some(step) => attach(step, result(message)),
            None => self.steps.push(stray(self.steps.len() + 1, message)),
        }
    }

    /// Gives an answer without an id the id of the open call that it fits, if there is one.
    fn take_open_call(&self, message: &mut Message) -> Option<usize> {
        let step = self.steps.last()?;
        let function = message.function.as_deref();
        let mut open = step.tool_calls.iter().filter(|call| {
            let answers = |result: &ObservationResult| result.source_call_id.as_deref() == Some(&call.tool_call_id);
            !step.results().iter().any(answers)
        });
        let call = open.find(|call| function.is_none_or(|name| name == call.function_name))?;
        message.call_id = Some(call.tool_call_id.clone());
        Some(self.steps.len() - 1)
    }
}

fn attach(step: &mut Step, result: ObservationResult) {
    let empty = Observation { results: Vec::new(), rest: JsonObject::new() };
    step.observation.get_or_insert(empty).results.push(result);
}

fn result(message: Message) -> ObservationResult {
    ObservationResult {
        source_call_id: message.call_id,
        extra: native_id(message.native_id),
        content: Some(message.body.content()),
        rest: JsonObject::new(),
    }
}

fn stray(step_id: usize, message: Message) -> Step {
    let origin = json!({"tool_call_id": message.call_id, "function_name": message.function});
    let mut step = plain_step(step_id, StepSource::System, message);
    step.extra.insert(extra::STRAY_RESULT.to_owned(), origin);
    step
}

fn plain_step(step_id: usize, source: StepSource, message: Message) -> Step {
    Step {
        step_id,
        timestamp: None,
        source,
        model_name: message.model.filter(|_| source == StepSource::Agent),
        reasoning_content: message.body.reasoning(),
        message: message.body.content(),
        tool_calls: Vec::new(),
        observation: None,
        is_copied_context: false,
        extra: native_id(message.native_id).into_iter().chain(message.extra).collect(),
        rest: JsonObject::new(),
    }
}

fn native_id(id: Option<String>) -> JsonObject {
    let entry = id.map(|id| (NATIVE_ID.to_owned(), Value::String(id)));
    entry.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(messages: &Value) -> Vec<Step> {
        steps(messages.as_array().unwrap().clone()).unwrap().steps
    }

    fn call(id: &Value, name: &str) -> Value {
        json!({"id": id, "function": {"name": name, "arguments": "{}"}})
    }

    fn answers(step: &Step) -> Vec<(&str, String)> {
        let answer = |result: &'_ ObservationResult| result.text().into_owned();
        let results = step.results().iter();
        results.map(|r| (r.source_call_id.as_deref().unwrap_or(""), answer(r))).collect()
    }

    fn answer(id: &str, text: &str) -> Value {
        json!({"role": "tool", "tool_call_id": id, "content": text})
    }

    #[test]
    fn each_message_is_a_step_and_answers_join_the_step_that_called() {
        let steps = read(&json!([
            {"role": "developer", "content": "rules"},
            {"role": "user", "content": "go", "id": "m1"},
            {"role": "assistant", "content": null, "model": "m", "tool_calls": [call(&json!("c"), "f")]},
            {"role": "tool", "tool_call_id": "c", "content": "ok", "id": 7},
            {"role": "assistant", "content": "done"},
        ]));
        let sources: Vec<_> = steps.iter().map(|step| (step.step_id, step.source.name())).collect();
        assert_eq!(sources, [(1, "system"), (2, "user"), (3, "agent"), (4, "agent")]);
        assert_eq!(steps[1].extra[NATIVE_ID], "m1");
        assert_eq!(steps[2].model_name.as_deref(), Some("m"));
        assert_eq!(answers(&steps[2]), [("c", "ok".to_owned())]);
        assert_eq!(steps[2].results()[0].extra[NATIVE_ID], "7");
    }

    #[test]
    fn parallel_answers_are_paired_by_id_whatever_their_order() {
        let steps = read(&json!([
            {"role": "assistant", "tool_calls": [call(&json!("a"), "f"), call(&json!("b"), "f")]},
            answer("b", "2"), answer("a", "1"),
        ]));
        assert_eq!(answers(&steps[0]), [("b", "2".to_owned()), ("a", "1".to_owned())]);
    }

    #[test]
    fn an_id_used_again_means_the_latest_call() {
        let steps = read(&json!([
            {"role": "assistant", "tool_calls": [call(&json!("0"), "f")]}, answer("0", "1"),
            {"role": "assistant", "tool_calls": [call(&json!("0"), "g")]}, answer("0", "2"),
        ]));
        assert_eq!(answers(&steps[0]), [("0", "1".to_owned())]);
        assert_eq!(answers(&steps[1]), [("0", "2".to_owned())]);
    }

    #[test]
    fn a_late_answer_still_finds_its_call() {
        let steps = read(&json!([
            {"role": "assistant", "tool_calls": [call(&json!("a"), "f")]},
            {"role": "user", "content": "wait"}, answer("a", "1"),
        ]));
        assert_eq!(steps.len(), 2);
        assert_eq!(answers(&steps[0]), [("a", "1".to_owned())]);
    }

    #[test]
    fn without_ids_answers_go_to_open_calls_by_name_then_by_order() {
        let steps = read(&json!([
            {"role": "assistant", "tool_calls": [call(&json!(null), "f"), call(&json!(null), "g")]},
            {"role": "tool", "name": "g", "content": "2"}, {"role": "tool", "content": "1"},
            {"role": "assistant", "function_call": {"name": "h", "arguments": "{\"x\": 1}"}},
            {"role": "function", "name": "h", "content": "3"},
        ]));
        assert_eq!(answers(&steps[0]), [("call-1-2", "2".to_owned()), ("call-1-1", "1".to_owned())]);
        assert_eq!(steps[1].tool_calls[0].arguments, json!({"x": 1}));
        assert_eq!(answers(&steps[1]), [("call-2-1", "3".to_owned())]);
    }

    #[test]
    fn an_answer_without_a_call_is_a_step_of_the_system() {
        let steps = read(&json!([answer("x", "lost"), {"role": "tool", "content": "too"}]));
        assert_eq!((steps[0].source, steps[0].text().as_str()), (StepSource::System, "lost"));
        assert_eq!(steps[0].extra["stray_result"]["tool_call_id"], "x");
        assert_eq!(steps[1].step_id, 2);
    }

    #[test]
    fn calls_that_the_provider_ran_are_linked_to_their_answers() {
        let search = json!({"type": "tool_use", "name": "search", "result": "found"});
        let steps = read(&json!([{"role": "assistant", "content": [search],
            "tool_calls": [call(&json!("c"), "f")]}, answer("c", "1")]));
        let linked = [("call-1-1", "found".to_owned()), ("c", "1".to_owned())];
        assert_eq!(answers(&steps[0]), linked);
    }

    #[test]
    fn a_conversation_needs_a_message() {
        assert!(steps(vec![]).is_err());
    }
}
