//! Messages → steps.
//!
//! In: messages of a run. Out: a step for each system, user and assistant message, with what tools answered attached to
//! the step that called them. It never drops a message: an answer that no call asked for becomes a step of its own.

use goldbook_ground::diagnostic::Fault;
use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::account::{PartFate, ReadingAccount};
use super::message::{Message, Role};
use super::{
    ContentPart, JsonObject, NATIVE_ID, Observation, ObservationResult, Step, StepContent, StepSource, ToolCall,
    Trajectory, extra,
};

/// The steps of a conversation, numbered from 1.
///
/// An answer goes to the latest step that called with its id, else to the next one that does; without an id, to the first
/// unanswered call (of its function, where it names one) of the step just before. An answer
/// that fits no call becomes a step of source system, marked `extra.stray_result`.
pub(super) fn steps(messages: Vec<Message>) -> Result<ChatSteps, Fault> {
    let mut conversation = ConversationSteps::default();
    for call in messages.iter().flat_map(|message| &message.calls) {
        *conversation.to_come.entry(call.tool_call_id.clone()).or_default() += 1;
    }
    messages.into_iter().for_each(|message| conversation.add(message));
    match conversation.steps.is_empty() {
        true => Err(Fault::whole("the run has no messages")),
        false => Ok(ChatSteps { steps: conversation.steps, account: conversation.account }),
    }
}

/// What a conversation's messages are.
pub(super) struct ChatSteps {
    /// At least one.
    pub steps: Vec<Step>,
    /// What is not in them as it was said.
    pub account: ReadingAccount,
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
    /// How many calls of an id were not made yet.
    to_come: BTreeMap<String, u64>,
    /// Answers to calls that were not made yet, by the call's id.
    early: BTreeMap<String, Vec<Message>>,
    account: ReadingAccount,
}

impl ConversationSteps {
    fn add(&mut self, message: Message) {
        self.account.merge(&message.body.account);
        match message.role {
            Role::Speaker(source) => self.add_step(source, message),
            Role::Tool => self.add_answer(message),
        }
    }

    fn add_step(&mut self, source: StepSource, mut message: Message) {
        let step_id = self.steps.len() + 1;
        if source != StepSource::Agent {
            message.body = message.body.spoken();
        }
        let mut results = std::mem::take(&mut message.body.results);
        let mut calls = std::mem::take(&mut message.body.calls);
        calls.append(&mut message.calls);
        let mut early = Vec::new();
        for (call, number) in calls.iter_mut().zip(1..) {
            if call.tool_call_id.is_empty() {
                call.tool_call_id = format!("call-{step_id}-{number}");
            }
            self.to_come.entry(call.tool_call_id.clone()).and_modify(|count| *count = count.saturating_sub(1));
            self.callers.insert(call.tool_call_id.clone(), step_id - 1);
            early.extend(self.early.remove(&call.tool_call_id).into_iter().flatten());
        }
        for (result, call) in results.iter_mut().zip(&calls) {
            result.source_call_id = Some(call.tool_call_id.clone());
        }
        let mut step = plain_step(step_id, source, message);
        match source {
            StepSource::Agent => step.tool_calls = calls,
            // Only a step of the agent may have calls in ATIF.
            StepSource::System | StepSource::User => {
                self.account.add_many(PartFate::Mended, "call that is not the agent's", calls.len() as u64);
                say_calls(&mut step.message, &calls);
            }
        }
        let early = early.into_iter().map(result);
        results.into_iter().chain(early).for_each(|result| attach(&mut step, result));
        self.steps.push(step);
    }

    fn add_answer(&mut self, mut message: Message) {
        let caller = match message.call_id.as_deref() {
            Some(id) => self.callers.get(id).copied(),
            None => self.take_open_call(&mut message),
        };
        if let Some(step) = caller.and_then(|index| self.steps.get_mut(index)) {
            return attach(step, result(message));
        }
        match message.call_id.clone().filter(|id| self.to_come.get(id).is_some_and(|count| *count > 0)) {
            Some(id) => {
                self.account.add(PartFate::Mended, "answer before its call");
                self.early.entry(id).or_default().push(message);
            }
            None => {
                self.account.add(PartFate::Unplaced, "answer to no call");
                self.steps.push(stray(self.steps.len() + 1, message));
            }
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

/// Puts calls into a message as text.
fn say_calls(message: &mut StepContent, calls: &[ToolCall]) {
    let parts = match std::mem::replace(message, StepContent::Text(String::new())) {
        StepContent::Text(text) => vec![ContentPart::Text(text)],
        StepContent::Parts(parts) => parts,
    };
    let calls = calls.iter().map(|call| ContentPart::Text(call.text()));
    let parts: Vec<ContentPart> = parts.into_iter().chain(calls).collect();
    let is_text = parts.iter().all(|part| matches!(part, ContentPart::Text(_)));
    let texts = || parts.iter().map(ContentPart::text).filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n");
    *message = if is_text { StepContent::Text(texts()) } else { StepContent::Parts(parts) };
}

/// Adds a result, which names a call of its step or none.
fn attach(step: &mut Step, mut result: ObservationResult) {
    let names = |call: &ToolCall| Some(&call.tool_call_id) == result.source_call_id.as_ref();
    if !step.tool_calls.iter().any(names) {
        result.source_call_id = None;
    }
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
        timestamp: message.timestamp,
        source,
        model_name: message.model.filter(|_| source == StepSource::Agent),
        reasoning_content: message.body.reasoning(),
        message: message.body.content(),
        tool_calls: Vec::new(),
        observation: None,
        is_copied_context: message.is_copied_context,
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
        steps(messages.as_array().unwrap().iter().cloned().map(Message::read).collect()).unwrap().steps
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
    fn an_answer_before_its_call_finds_it() {
        let steps = read(&json!([
            {"role": "user", "content": "go"}, answer("a", "1"),
            {"role": "assistant", "tool_calls": [call(&json!("a"), "f")]},
        ]));
        assert_eq!(steps.len(), 2);
        assert_eq!(answers(&steps[1]), [("a", "1".to_owned())]);
    }

    #[test]
    fn calls_of_others_than_the_agent_are_said() {
        let steps = read(&json!([{"role": "user", "content": "I try.", "tool_calls": [call(&json!("a"), "f")]},
            answer("a", "1")]));
        assert_eq!((steps.len(), steps[0].message.text().as_ref()), (1, "I try.\nf {}"));
        assert_eq!(answers(&steps[0]), [("", "1".to_owned())]);
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
