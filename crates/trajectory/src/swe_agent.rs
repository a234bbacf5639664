//! SWE-agent's `.traj` files, version 0 and 1.
//!
//! In: `{trajectory: [steps], history: [messages], info}`. Out: one conversation, made of the history, and of the steps that
//! it lacks. Demonstrations are context that was copied, not to be rated. It never takes over a step's `query`, which
//! repeats the history each time.

use serde_json::{Value, json};

use super::account::PartFate;
use super::block::MessageBody;
use super::call::tool_call;
use super::conversation::Conversation;
use super::fields::{some_text, text_of};
use super::format::{FormatEntry, FormatReader};
use super::json::each;
use super::message::{Message, Role};
use super::{StepSource, gold};

pub(super) const FORMAT: FormatEntry = FormatEntry {
    name: "swe-agent",
    reader: FormatReader::Json {
        is: |values| !each(values).is_empty() && each(values).iter().all(is),
        open: |values| Ok(Box::new(each(&values).iter().map(conversation).collect::<Vec<_>>())),
    },
};

fn is(value: &Value) -> bool {
    value["trajectory"].is_array() && ["history", "info", "environment"].iter().any(|name| !value[*name].is_null())
}

/// The tool that an action in plain text is a call of.
const ACTION: &str = "action";

fn conversation(value: &Value) -> Conversation {
    let history = list(value, "history");
    let steps = list(value, "trajectory");
    let mut messages = HistoryMessages::default();
    let said = |message: &&Value| message["role"] == "assistant" && message["is_demo"] != true;
    match history.iter().any(|message| said(&message)) {
        true => {
            history.iter().for_each(|message| messages.add(message));
            // An exit or a submission that the tool made itself is in the steps alone.
            let known = |step: &Value| history.iter().any(|message| message["content"] == step["response"]);
            let lacking = steps.iter().rposition(known).map_or(0, |last| last + 1);
            steps[lacking..].iter().for_each(|step| messages.add_step(step));
        }
        false => {
            let given = steps.first().map(|step| [list(step, "query"), list(step, "messages")].concat());
            let given = given.filter(|given| !given.is_empty()).unwrap_or_else(|| history.to_vec());
            given.iter().for_each(|message| messages.add(message));
            steps.iter().for_each(|step| messages.add_step(step));
        }
    }
    let info = &value["info"];
    let mut conversation = Conversation::of(FORMAT.name, messages.all);
    conversation.handed_in(&text_of(Some(info["submission"].clone())));
    conversation.agent.name = FORMAT.name.to_owned();
    let config = config(&value["replay_config"]);
    conversation.agent.version = some_text(&info["swe_agent_version"]).unwrap_or(conversation.agent.version);
    conversation.agent.model_name = some_text(&info["model_name"]).or(some_text(&config["agent"]["model"]["name"]));
    conversation.id = some_text(&value["instance_id"]).or(some_text(&config["problem_statement"]["id"]));
    if let Some(how) = info["exit_status"].as_str().filter(|how| !matches!(*how, "submitted" | "")) {
        conversation.ended(end_of(how));
    }
    // Only what is gold is copied: the steps may be very many.
    let gold = value.as_object().into_iter().flatten().filter(|(name, _)| gold::is_gold(name));
    conversation.gold = gold::take(&mut gold.map(|(name, value)| (name.clone(), value.clone())).collect(), |_| true);
    let attempts = list(value, "attempts").len().saturating_sub(1) as u64;
    conversation.account.add_many(PartFate::LeftOut, "other attempt", attempts);
    conversation
}

fn list<'v>(value: &'v Value, name: &str) -> &'v [Value] {
    value[name].as_array().map_or(&[], Vec::as_slice)
}

/// What was run, which older versions write as text.
fn config(value: &Value) -> Value {
    match value {
        Value::String(text) => super::json::value(text).unwrap_or_default(),
        other => other.clone(),
    }
}

/// `submitted (exit_cost)` and the like.
fn end_of(how: &str) -> String {
    let limits = [("cost", "cost"), ("context", "context"), ("time", "time"), ("call", "calls")];
    let limit = limits
        .iter()
        .find(|(word, _)| how.contains(&format!("exit_{word}")) || how.contains(&format!("exit_total_{word}")));
    match limit {
        Some((_, limit)) => format!("limit: {limit}"),
        None if how.contains("exit_error") => "error".to_owned(),
        None => how.to_owned(),
    }
}

#[derive(Default)]
struct HistoryMessages {
    all: Vec<Message>,
    /// Whether the last message made a call in plain text, which what is observed next answers.
    is_open: bool,
}

impl HistoryMessages {
    /// A message of the history.
    fn add(&mut self, value: &Value) {
        let is_open = std::mem::take(&mut self.is_open);
        let mut message = Message::read(value.clone());
        message.is_copied_context = value["is_demo"] == true;
        message.function = None;
        let has_calls = !message.calls.is_empty();
        match message.role {
            Role::Tool => {
                let ids = list(value, "tool_call_ids");
                message.call_id = message.call_id.or_else(|| ids.first()?.as_str().map(str::to_owned));
            }
            Role::Speaker(StepSource::User) if is_open && value["message_type"] != "demonstration" => {
                message =
                    Message { is_copied_context: message.is_copied_context, ..Message::answer(None, message.body) };
            }
            Role::Speaker(StepSource::Agent) if !has_calls => {
                let [thought, action] = ["thought", "action"].map(|name| value[name].as_str().unwrap_or("").trim());
                if !action.is_empty() {
                    self.is_open = true;
                    message.calls.push(call(action));
                    if is_said(&message.body.text(), thought, action) {
                        message.body = MessageBody::of_text(thought);
                    }
                }
            }
            _ => {}
        }
        self.all.push(message);
    }

    /// A step: what the model answered, what was done, and what came of it.
    fn add_step(&mut self, step: &Value) {
        let [response, thought, action] =
            ["response", "thought", "action"].map(|name| step[name].as_str().unwrap_or("").trim());
        let said = if action.is_empty() || !is_said(response, thought, action) { response } else { thought };
        let mut message =
            Message::said(StepSource::Agent, MessageBody::of_text(if said.is_empty() { thought } else { said }));
        if !action.is_empty() {
            message.calls.push(call(action));
        }
        self.all.push(message);
        let observed = MessageBody::read(step["observation"].clone());
        if !observed.is_empty() {
            self.all.push(match action.is_empty() {
                true => Message::said(StepSource::System, observed),
                false => Message::answer(None, observed),
            });
        }
    }
}

fn call(action: &str) -> super::ToolCall {
    tool_call(json!({"name": ACTION, "arguments": {"command": action}}))
}

/// Whether an answer says no more than a thought and an action, but for what marks them.
fn is_said(answer: &str, thought: &str, action: &str) -> bool {
    let rest = answer.replacen(action, " ", 1).replacen(thought, " ", 1);
    let words: Vec<&str> = rest.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words
        .iter()
        .all(|word| matches!(*word, "DISCUSSION" | "THOUGHT" | "bash" | "mswea_bash_command" | "command" | "tool_call"))
}

#[cfg(test)]
mod tests {
    use super::super::testing::shown;
    use super::*;

    #[test]
    fn a_history_in_plain_text_is_read_with_its_calls() {
        let (run, steps) = shown(
            &json!({"environment": "swe_main", "info": {"exit_status": "submitted (exit_cost)", "submission": "+diff"},
            "history": [
                {"role": "system", "content": "S", "agent": "main"},
                {"role": "user", "content": "demo", "is_demo": true},
                {"role": "user", "content": "Mend it.", "message_type": "observation"},
                {"role": "assistant", "content": "DISCUSSION\nI look.\n```\nls -F\n```", "thought": "I look.\n", "action": "ls -F\n"},
                {"role": "user", "content": "a.py\r\n", "message_type": "observation"}],
            "trajectory": [
                {"response": "DISCUSSION\nI look.\n```\nls -F\n```", "thought": "I look.", "action": "ls -F", "observation": "a.py"},
                {"response": "Exit due to cost limit", "thought": "Exit due to cost limit", "action": "", "observation": "Exited"}]}),
        );
        assert_eq!(
            steps,
            [
                "system: S",
                "user: demo",
                "user: Mend it.",
                "agent: I look. / action {\"command\":\"ls -F\"} / a.py\r / ",
                "agent: Exit due to cost limit",
                "system: Exited",
                "system: +diff",
            ]
        );
        assert!(run.steps[1].is_copied_context && !run.steps[2].is_copied_context);
        assert_eq!(run.extra["ended"], "limit: cost");
    }

    #[test]
    fn steps_alone_are_read() {
        let (_, steps) = shown(&json!({"info": {}, "trajectory": [
            {"query": [{"role": "user", "content": "Go."}], "response": "I go.\n```\ncd x\n```", "thought": "I go.", "action": "cd x",
             "observation": "", "state": "{}"}]}));
        assert_eq!(steps, ["user: Go.", "agent: I go. / action {\"command\":\"cd x\"}"]);
    }
}
