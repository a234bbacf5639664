//! OpenHands' events, of version 1 (the SDK) and 0.
//!
//! In: events in a list, one a line, or under `history` or `events`. Out: conversations. What a model gave in one answer is
//! one step; an observation answers the call that it names. Of a conversation that was taken up anew at an earlier event
//! the last branch counts. It never drops an event without counting its kind.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::account::{PartFate, ReadingAccount};
use super::block::MessageBody;
use super::call::tool_call;
use super::conversation::Conversation;
use super::fields::{id_text, text_of};
use super::format::{FormatEntry, FormatReader};
use super::message::Message;
use super::rows::{AllRunRows, rows};
use super::tree::{RowTree, TreeNode};
use super::{StepSource, ToolCall, extra, time};

pub(super) const FORMAT: FormatEntry = FormatEntry {
    name: "openhands",
    reader: FormatReader::Json {
        is: |values| !all(values).runs.is_empty(),
        open: |values| {
            all(&values).read(|run| {
                let mut conversation = conversation(&run.rows);
                conversation.id = run.about.and_then(|about| id_text(about, "instance_id").or(id_text(about, "id")));
                [conversation]
            })
        },
    },
};

fn all(values: &[Value]) -> AllRunRows<'_> {
    rows(values, &["history", "events"], &|value| is_new(value) || is_old(value))
}

fn is_new(value: &Value) -> bool {
    value["kind"].is_string() && value["source"].is_string()
}

fn is_old(value: &Value) -> bool {
    value["source"].is_string() && (value["action"].is_string() || value["observation"].is_string())
}

fn conversation(events: &[&Value]) -> Conversation {
    if !events.iter().any(|event| event["parent_id"].is_string()) {
        return run(events.iter().copied());
    }
    let tree = tree(events);
    let on = |places: &BTreeSet<usize>| run(places.iter().map(|place| events[*place]));
    let branches = tree.branches(|_, _| {});
    let Some((newest, given_up)) = branches.split_first() else { return run([].into_iter()) };
    let mut conversation = on(&newest.places);
    tree.put_given_up(given_up, &mut conversation, on);
    conversation
}

/// The conversation in events that follow each other.
fn run<'e>(events: impl Iterator<Item = &'e Value> + Clone) -> Conversation {
    let mut found = EventMessages::default();
    let last_call: BTreeMap<&str, usize> = events
        .clone()
        .enumerate()
        .filter(|(_, event)| event["kind"] == ACP_CALL)
        .filter_map(|(place, event)| Some((event["tool_call_id"].as_str()?, place)))
        .collect();
    for (place, event) in events.enumerate() {
        // Each of its rows tells the state of a call anew.
        if event["kind"] == ACP_CALL && event["tool_call_id"].as_str().is_some_and(|id| last_call[id] != place) {
            continue;
        }
        match (is_new(event), is_old(event)) {
            (true, _) => found.add(event),
            (false, true) => found.add_old(event),
            (false, false) => found.messages.push(Message::of_row(event.clone())),
        }
    }
    let mut conversation = Conversation::of(FORMAT.name, found.messages);
    conversation.agent.name = FORMAT.name.to_owned();
    conversation.account = found.account;
    found.ended.into_iter().for_each(|how| conversation.ended(how));
    conversation
}

/// Which event follows which. One that names none before it follows the one before it in the file.
fn tree<'e>(events: &[&'e Value]) -> RowTree<'e> {
    let ids: Vec<&str> = events.iter().map(|event| event["id"].as_str().unwrap_or("")).collect();
    let parent = |place: usize| match events[place]["parent_id"].as_str() {
        Some("__root__") => None,
        Some(parent) => Some(parent),
        None => place.checked_sub(1).map(|before| ids[before]),
    };
    RowTree::of(ids.iter().enumerate().map(|(place, id)| TreeNode { id, parent: parent(place) }).collect())
}

/// A call by an agent that another program runs, which is told again whenever its state changes.
const ACP_CALL: &str = "ACPToolCallEvent";

#[derive(Default)]
struct EventMessages {
    messages: Vec<Message>,
    /// The answer of the model that the last message is of.
    answer: Option<String>,
    /// The ids of all calls so far.
    calls: BTreeSet<String>,
    account: ReadingAccount,
    ended: Option<String>,
}

impl EventMessages {
    fn push(&mut self, message: Message, event: &Value) {
        self.answer = None;
        self.messages.push(Message {
            native_id: event.as_object().and_then(|event| id_text(event, "id")),
            timestamp: time::timestamp(&event["timestamp"]),
            ..message
        });
    }

    /// Adds a call with what was said before it, to the message of the same answer of the model if that is the last.
    fn push_call(&mut self, body: MessageBody, call: ToolCall, answer: Option<&str>, event: &Value) {
        self.calls.insert(call.tool_call_id.clone());
        match self.messages.last_mut().filter(|_| answer.is_some() && self.answer.as_deref() == answer) {
            Some(message) => {
                message.body.append(body);
                message.calls.push(call);
            }
            None => {
                let mut message = Message::said(StepSource::Agent, body);
                message.calls.push(call);
                self.push(message, event);
                self.answer = answer.map(str::to_owned);
            }
        }
    }

    fn add(&mut self, event: &Value) {
        let kind = event["kind"].as_str().unwrap_or("");
        let call_id = event["tool_call_id"].as_str().map(str::to_owned);
        let mut judged = event["critic_result"].is_object() as u64;
        match kind {
            "SystemPromptEvent" => {
                let blocks = json!([event["system_prompt"], event["dynamic_context"]]);
                self.push(Message::said(StepSource::System, MessageBody::read(blocks)), event);
            }
            "MessageEvent" => self.add_message(event),
            "ActionEvent" => {
                let mut body = MessageBody::read(event["thought"].clone());
                add_reasoning(&mut body, event);
                let answer = event["llm_response_id"].as_str().filter(|id| !id.is_empty());
                self.push_call(body, call(event), answer, event);
            }
            "ObservationEvent" => {
                let mut body = observed(&event["observation"]);
                body.append(MessageBody::read(event["extended_content"].clone()));
                self.push(Message::answer(call_id, body), event);
            }
            "AgentErrorEvent" => {
                let body = MessageBody::of_text(format!("[error] {}", text_of(Some(event["error"].clone()))));
                self.push(Message::answer(call_id, body), event);
            }
            "UserRejectObservation" => {
                let reason = text_of(Some(event["rejection_reason"].clone()));
                self.push(Message::answer(call_id, MessageBody::of_text(format!("Action rejected: {reason}"))), event);
            }
            "Condensation" | "CondensationSummaryEvent" if event["summary"].is_string() => {
                let body = MessageBody::read(event["summary"].clone());
                self.push(Message::said(StepSource::System, body).marked(extra::SUMMARY), event);
            }
            "ConversationErrorEvent" => {
                let [code, detail] = ["code", "detail"].map(|name| text_of(Some(event[name].clone())));
                let body = MessageBody::of_text(format!("[error {code}] {detail}"));
                self.push(Message::said(StepSource::System, body), event);
                self.ended = Some("error".to_owned());
            }
            ACP_CALL => {
                let call = json!({"id": call_id, "name": event["title"], "arguments": event["raw_input"]});
                self.push_call(MessageBody::default(), tool_call(call), None, event);
                let mut body = MessageBody::read(event["raw_output"].clone());
                if body.is_empty() {
                    event["content"].as_array().into_iter().flatten().for_each(|block| {
                        match block["content"].is_object() {
                            true => body.add(block["content"].clone()),
                            false => body.add(block.clone()),
                        }
                    });
                }
                if event["is_error"] == true {
                    body.prepend("[error]".to_owned());
                }
                self.push(Message::answer(call_id, body), event);
            }
            kind => {
                judged = 0;
                self.account.add(PartFate::LeftOut, kind);
            }
        }
        self.account.add_many(PartFate::LeftOut, "judgement of a critic", judged);
    }

    fn add_message(&mut self, event: &Value) {
        let own = &event["llm_message"];
        let mut body = MessageBody::read(own["content"].clone());
        add_reasoning(&mut body, own);
        body.append(MessageBody::read(event["extended_content"].clone()));
        let message = match event["source"].as_str() {
            Some("agent") => Message::said(StepSource::Agent, body),
            Some("user") => Message::said(StepSource::User, body),
            other => Message::said(StepSource::System, body).by(other.unwrap_or("environment")),
        };
        let sender = event["sender"].as_str().filter(|sender| !sender.is_empty());
        let mut message = match sender {
            Some(sender) => message.by(sender),
            None => message,
        };
        message.calls = own["tool_calls"].as_array().into_iter().flatten().cloned().map(tool_call).collect();
        self.push(message, event);
    }

    /// An event of version 0.
    fn add_old(&mut self, event: &Value) {
        match event["action"].as_str() {
            Some(action) => self.add_old_action(action, event),
            None => self.add_old_observation(event["observation"].as_str().unwrap_or(""), event),
        }
    }

    fn add_old_action(&mut self, action: &str, event: &Value) {
        let arguments = &event["args"];
        let is_agents = event["source"] == "agent";
        match action {
            "message" => {
                let own =
                    Some(&arguments["content"]).filter(|content| content.is_string()).unwrap_or(&event["message"]);
                let body = MessageBody::read(own.clone());
                let source = if is_agents { StepSource::Agent } else { StepSource::User };
                self.push(Message::said(source, body), event);
            }
            "system" => {
                self.push(Message::said(StepSource::System, MessageBody::read(arguments["content"].clone())), event);
            }
            "condensation" if arguments["summary"].is_string() => {
                let body = MessageBody::read(arguments["summary"].clone());
                self.push(Message::said(StepSource::System, body).marked(extra::SUMMARY), event);
            }
            "change_agent_state" | "recall" | "condensation" | "null" | "" => {
                self.account.add(PartFate::LeftOut, format!("action {action}"));
            }
            _ => {
                let about = &event["tool_call_metadata"];
                let answer = about["model_response"]["id"].as_str();
                let said = MessageBody::read(arguments["thought"].clone());
                self.push_call(said, old_call(action, event), answer, event);
            }
        }
    }

    fn add_old_observation(&mut self, kind: &str, event: &Value) {
        let known = old_call_id(event, &event["cause"]);
        let is_known = self.calls.contains(&known);
        let body = MessageBody::read(event["content"].clone());
        match kind {
            "agent_state_changed" | "recall" | "null" | "" if !is_known => {
                self.account.add(PartFate::LeftOut, format!("observation {kind}"));
            }
            _ if is_known => self.push(Message::answer(Some(known), body), event),
            _ => self.push(Message::said(StepSource::System, body).by(kind), event),
        }
    }
}

/// Reasoning beside what is said, in the forms of several providers.
fn add_reasoning(body: &mut MessageBody, event: &Value) {
    let blocks = event["thinking_blocks"].as_array().filter(|blocks| !blocks.is_empty());
    let plain = event["reasoning_content"].as_str().filter(|text| !text.is_empty());
    match (blocks, plain, &event["responses_reasoning_item"]) {
        (Some(blocks), ..) => blocks.iter().for_each(|block| body.add(block.clone())),
        (None, Some(text), _) => body.add_reasoning(text.to_owned()),
        (None, None, Value::Object(item)) => {
            let texts =
                ["content", "summary"].map(|name| MessageBody::read(item.get(name).cloned().unwrap_or_default()));
            texts
                .iter()
                .map(MessageBody::text)
                .filter(|text| !text.is_empty())
                .for_each(|text| body.add_reasoning(text));
        }
        (None, None, _) => {}
    }
}

/// The call as the model made it, else the action that it became.
fn call(event: &Value) -> ToolCall {
    if event["tool_call"].is_object() {
        return tool_call(event["tool_call"].clone());
    }
    let mut arguments = event["action"].clone();
    if let Value::Object(fields) = &mut arguments {
        fields.remove("kind");
    }
    tool_call(json!({"id": event["tool_call_id"], "name": event["tool_name"], "arguments": arguments}))
}

/// What was observed: its text, else all that it holds.
fn observed(value: &Value) -> MessageBody {
    let said = ["content", "output", "text", "result"].iter().map(|name| MessageBody::read(value[*name].clone()));
    let mut body = said.into_iter().find(|body| !body.is_empty()).unwrap_or_else(|| {
        let mut rest = value.clone();
        if let Value::Object(fields) = &mut rest {
            fields.retain(|name, value| !matches!(name.as_str(), "kind" | "is_error") && !is_nothing(value));
        }
        MessageBody::of_text(if is_nothing(&rest) { String::new() } else { text_of(Some(rest)) })
    });
    if let Some(code) = value["exit_code"].as_i64().filter(|code| *code != 0) {
        body.append(MessageBody::of_text(format!("[exit code {code}]")));
    }
    if value["is_error"] == true {
        body.prepend("[error]".to_owned());
    }
    body
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// The id of a call of version 0: the model's, else that of the event.
fn old_call_id(event: &Value, event_id: &Value) -> String {
    let own = event["tool_call_metadata"]["tool_call_id"].as_str();
    own.map_or_else(|| format!("event-{event_id}"), str::to_owned)
}

/// The call as the model made it, else the action that it became.
fn old_call(action: &str, event: &Value) -> ToolCall {
    let about = &event["tool_call_metadata"];
    let made = about["model_response"]["choices"][0]["message"]["tool_calls"].as_array();
    let same = |call: &&Value| call["id"] == about["tool_call_id"];
    if let Some(call) = made.and_then(|calls| calls.iter().find(same)).filter(|_| about["tool_call_id"].is_string()) {
        return tool_call(call.clone());
    }
    let mut arguments = event["args"].clone();
    if let Value::Object(fields) = &mut arguments {
        const OWN: [&str; 6] = ["thought", "hidden", "blocking", "is_confirmed", "confirmation_state", "security_risk"];
        fields.retain(|name, value| !OWN.contains(&name.as_str()) && !value.is_null());
    }
    let name = about["function_name"].as_str().unwrap_or(action);
    tool_call(json!({"id": old_call_id(event, &event["id"]), "name": name, "arguments": arguments}))
}

#[cfg(test)]
mod tests {
    use super::super::testing::shown;
    use super::*;

    fn action(id: &str, call: &str, answer: &str) -> Value {
        json!({"kind": "ActionEvent", "id": id, "source": "agent", "timestamp": "2026-11-28T10:00:00.123456",
            "thought": [{"type": "text", "text": "I look."}], "reasoning_content": "hm", "tool_name": "terminal",
            "tool_call_id": call, "tool_call": {"id": call, "name": "terminal", "arguments": "{\"command\": \"ls\"}", "origin": "completion"},
            "action": {"kind": "TerminalAction", "command": "ls"}, "llm_response_id": answer})
    }

    fn observation(id: &str, call: &str, observation: &Value) -> Value {
        json!({"kind": "ObservationEvent", "id": id, "source": "environment", "tool_name": "terminal", "tool_call_id": call,
            "action_id": "?", "observation": observation})
    }

    #[test]
    fn events_of_the_sdk_are_read() {
        let (run, steps) = shown(&json!([
            {"kind": "SystemPromptEvent", "id": "1", "source": "agent", "system_prompt": {"type": "text", "text": "S"}, "tools": [{}]},
            {"kind": "MessageEvent", "id": "2", "source": "user", "llm_message": {"role": "user", "content": [{"type": "text", "text": "Count."}]},
             "extended_content": [{"type": "text", "text": "A rule."}]},
            {"kind": "ConversationStateUpdateEvent", "id": "3", "source": "environment", "key": "k", "value": 1},
            action("4", "a", "r1"), action("5", "b", "r1"),
            observation("6", "b", &json!({"kind": "TerminalObservation", "content": [{"type": "text", "text": "x"}], "exit_code": 2})),
            observation("7", "a", &json!({"kind": "Custom", "found": 3, "is_error": false})),
            {"kind": "AgentErrorEvent", "id": "8", "source": "agent", "tool_name": "t", "tool_call_id": "a", "error": "boom"},
            {"kind": "Condensation", "id": "9", "source": "environment", "summary": "So far.", "forgotten_event_ids": []},
            {"kind": "ConversationErrorEvent", "id": "10", "source": "environment", "code": "E", "detail": "gone"},
        ]));
        assert_eq!(
            steps,
            [
                "system: S",
                "user: Count. / A rule.",
                "agent: hm / hm / I look. / I look. / terminal {\"command\":\"ls\"} / terminal {\"command\":\"ls\"} / x / [exit code 2] / {\"found\":3} / [error] boom",
                "system: So far.",
                "system: [error E] gone",
            ]
        );
        assert_eq!(run.extra["left_out"], json!({"ConversationStateUpdateEvent": 1}));
        assert_eq!(
            (run.extra["ended"].as_str(), run.steps[2].timestamp.as_deref()),
            (Some("error"), Some("2026-11-28T10:00:00.123456"))
        );
    }

    #[test]
    fn of_several_branches_the_last_counts_and_the_others_are_kept_where_they_left() {
        let message = |id: &str, parent: Value, text: &str| {
            json!({"kind": "MessageEvent", "id": id, "parent_id": parent,
            "source": "user", "llm_message": {"role": "user", "content": text}})
        };
        let (run, steps) = shown(&json!([
            message("1", json!(null), "a"),
            message("2", json!("1"), "b"),
            message("4", json!("2"), "d"),
            message("5", json!("2"), "e"),
            message("3", json!("1"), "c")
        ]));
        assert_eq!(steps, ["user: a", "user: c"]);
        assert_eq!(run.extra.get("left_out"), None);
        let branches = run.subagents();
        let told = branches.iter().map(|branch| {
            let run = branch.run.as_ref().unwrap();
            let origin = run.branch_origin().unwrap();
            (run.steps.iter().map(|step| step.message.text().into_owned()).collect(), origin.of, origin.after)
        });
        let told: Vec<(Vec<String>, Option<String>, usize)> = told.collect();
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        assert_eq!(told, [(words(&["b", "e"]), None, 1), (words(&["d"]), Some("branch-1".to_owned()), 1)]);
    }

    #[test]
    fn events_of_version_0_are_read() {
        let row = json!({"instance_id": "i", "test_result": {"git_patch": "GOLD"}, "history": [
            {"id": 0, "source": "user", "action": "message", "args": {"content": "Count."}, "message": "Count."},
            {"id": 1, "source": "agent", "action": "recall", "args": {}},
            {"id": 2, "source": "agent", "action": "run", "args": {"command": "ls", "thought": "I look.", "hidden": false}},
            {"id": 3, "source": "agent", "observation": "run", "content": "x", "cause": 2, "extras": {}},
            {"id": 4, "source": "agent", "observation": "error", "content": "odd", "cause": null},
            {"id": 5, "source": "agent", "action": "finish", "args": {"final_thought": "One."},
             "tool_call_metadata": {"tool_call_id": "t", "function_name": "finish"}}]});
        let (run, steps) = shown(&row);
        assert_eq!(
            steps,
            [
                "user: Count.",
                "agent: I look. / run {\"command\":\"ls\"} / x",
                "system: odd",
                "agent: finish {\"final_thought\":\"One.\"}",
            ]
        );
        assert_eq!((run.trajectory_id.as_deref(), &run.extra["left_out"]), (Some("i"), &json!({"action recall": 1})));
    }
}
