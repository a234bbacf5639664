//! One message, whichever tool wrote it.
//!
//! In: a message of an OpenAI chat or an Inspect log (one shape, with the small differences that are named below), or what
//! a reader of another format knows of one. Out: the message's parts by their meaning. It never drops what was said, never
//! fails, and never copies a field that is not named here: a message of no known shape is the system's, and is counted.

use serde_json::Value;

use super::account::PartFate;
use super::block::MessageBody;
use super::call::tool_call;
use super::fields::{id_text, take_text, text_of};
use super::{JsonObject, StepSource, ToolCall, extra, json, time};

/// One message, taken apart.
pub(super) struct Message {
    pub role: Role,
    pub body: MessageBody,
    pub calls: Vec<ToolCall>,
    /// The call that a tool's message answers.
    pub call_id: Option<String>,
    /// The tool that a tool's message comes from.
    pub function: Option<String>,
    pub native_id: Option<String>,
    pub model: Option<String>,
    /// ISO 8601.
    pub timestamp: Option<String>,
    /// Whether it repeats an earlier run.
    pub is_copied_context: bool,
    /// What else is known of it, for the step's `extra`.
    pub extra: JsonObject,
}

pub(super) enum Role {
    Speaker(StepSource),
    Tool,
}

impl Message {
    /// A message that says this.
    pub(super) fn said(source: StepSource, body: MessageBody) -> Self {
        let body = match source {
            StepSource::Agent => body,
            StepSource::System | StepSource::User => body.spoken(),
        };
        Self::of(Role::Speaker(source), body)
    }

    /// A tool's answer.
    pub(super) fn answer(call_id: Option<String>, body: MessageBody) -> Self {
        Self { call_id, ..Self::of(Role::Tool, body.spoken()) }
    }

    fn of(role: Role, body: MessageBody) -> Self {
        let extra = body.is_refusal.then(|| (extra::REFUSAL.to_owned(), Value::Bool(true)));
        Self {
            role,
            body,
            calls: Vec::new(),
            call_id: None,
            function: None,
            native_id: None,
            model: None,
            timestamp: None,
            is_copied_context: false,
            extra: extra.into_iter().collect(),
        }
    }

    /// The same, said by one of several speakers.
    pub(super) fn by(mut self, speaker: impl Into<String>) -> Self {
        self.extra.insert(extra::SPEAKER.to_owned(), Value::String(speaker.into()));
        self
    }

    /// The same, marked as `name` of the names for a step's `extra` says.
    pub(super) fn marked(mut self, name: &str) -> Self {
        self.extra.insert(name.to_owned(), Value::Bool(true));
        self
    }

    /// A message of a role that is none of the usual ones, which is named as its speaker.
    pub(super) fn of_role(role: &str, body: MessageBody) -> Self {
        let mut message = Self::said(StepSource::System, body).by(role);
        message.body.account.add(PartFate::Unplaced, format!("message of the role {role}"));
        message
    }

    /// A row that is no message: all of it, as JSON, unless it is text.
    pub(super) fn of_row(row: Value) -> Self {
        let mut message = Self::said(StepSource::System, MessageBody::of_text(text_of(Some(row))));
        message.body.account.add(PartFate::Unplaced, "row that is no message");
        message
    }

    /// Reads one message.
    pub(super) fn read(value: Value) -> Self {
        let Value::Object(mut fields) = value else {
            return Self::of_row(value);
        };
        let Some(role) = take_text(&mut fields, "role") else {
            return Self::of_row(Value::Object(fields));
        };
        let calls = calls(&mut fields);
        let known = match role.as_str() {
            "system" | "developer" => Some(Role::Speaker(StepSource::System)),
            "user" | "human" => Some(Role::Speaker(StepSource::User)),
            "assistant" => Some(Role::Speaker(StepSource::Agent)),
            "tool" | "function" => Some(Role::Tool),
            _ => None,
        };
        let body = body(&mut fields, matches!(known, Some(Role::Tool)));
        let mut message = match known {
            Some(Role::Speaker(source)) => Self::said(source, body),
            Some(Role::Tool) => Self::answer(id_text(&fields, "tool_call_id"), body),
            None => Self::of_role(&role, body),
        };
        message.mark(&fields);
        message.calls = calls;
        message.function = take_text(&mut fields, "function").or(take_text(&mut fields, "name"));
        message.native_id = id_text(&fields, "id").or(id_text(&fields, "uuid"));
        message.model = take_text(&mut fields, "model");
        message.timestamp = fields.get("timestamp").and_then(time::timestamp);
        message
    }

    /// What a message says beside its content: who of several spoke, a summary of what came before, an operator's words.
    fn mark(&mut self, fields: &JsonObject) {
        let name = fields.get("name").and_then(Value::as_str).filter(|name| !name.is_empty());
        if let (Role::Speaker(_), Some(name)) = (&self.role, name) {
            let role = self.extra.get(extra::SPEAKER).and_then(Value::as_str);
            let speaker = role.map_or_else(|| name.to_owned(), |role| format!("{name} ({role})"));
            self.extra.insert(extra::SPEAKER.to_owned(), Value::String(speaker));
        }
        let is_summary = fields.get("metadata").is_some_and(|metadata| metadata["summary"] == true);
        if let (Role::Speaker(source), true) = (&mut self.role, is_summary) {
            // Nobody said a summary.
            if *source == StepSource::User {
                *source = StepSource::System;
            }
            self.extra.insert(extra::SUMMARY.to_owned(), Value::Bool(true));
        }
        if fields.get("source").is_some_and(|source| source == "operator") {
            self.extra.insert(extra::OPERATOR.to_owned(), Value::Bool(true));
        }
    }
}

/// Content, with reasoning or a refusal that stands beside it, and a tool's error before it.
fn body(fields: &mut JsonObject, is_tools: bool) -> MessageBody {
    let content = fields.remove("content").unwrap_or_default();
    let error = error(fields).filter(|_| is_tools);
    let mut body = match &error {
        Some(error) if content.as_str() == Some(&error.message) => MessageBody::default(),
        _ => MessageBody::read(content),
    };
    if let Some(text) = take_text(fields, "refusal") {
        body.is_refusal = true;
        body.prepend(text);
    }
    if let Some(error) = error {
        body.prepend(error.line());
    }
    if let Some(Value::Object(audio)) = fields.remove("audio") {
        body.add_sound("audio", &audio);
    }
    let reasoning = take_text(fields, "reasoning_content").or(take_text(fields, "reasoning"));
    reasoning.into_iter().for_each(|text| body.add_reasoning(text));
    body
}

struct ToolError {
    kind: String,
    message: String,
}

impl ToolError {
    fn line(&self) -> String {
        format!("[{} error: {}]", self.kind, self.message)
    }
}

/// Inspect's `error: {type, message}`, or its older `tool_error: text`.
fn error(fields: &mut JsonObject) -> Option<ToolError> {
    let error = fields.remove("error").filter(|error| !error.is_null());
    let error = error.or_else(|| fields.remove("tool_error").filter(Value::is_string))?;
    let (kind, message) = match error {
        Value::Object(mut error) => (take_text(&mut error, "type"), error.remove("message")),
        other => (None, Some(other)),
    };
    Some(ToolError { kind: kind.unwrap_or_else(|| "unknown".to_owned()), message: text_of(message) })
}

/// `tool_calls` (a list, one call, or either as JSON in a text), and OpenAI's old `function_call`.
fn calls(fields: &mut JsonObject) -> Vec<ToolCall> {
    let found = match fields.remove("tool_calls").unwrap_or_default() {
        Value::String(text) => json::value(&text).unwrap_or(Value::String(text)),
        other => other,
    };
    let calls = match found {
        Value::Null => Vec::new(),
        Value::Array(calls) => calls,
        other => vec![other],
    };
    let old = fields.remove("function_call").filter(Value::is_object);
    calls.into_iter().chain(old).map(tool_call).collect()
}

#[cfg(test)]
mod tests {
    use super::super::account::ReadingAccount;
    use super::*;
    use serde_json::json;

    fn read(value: Value) -> Message {
        Message::read(value)
    }

    fn said(value: Value) -> String {
        read(value).body.content().text().into_owned()
    }

    #[test]
    fn a_tools_error_shows_its_type_and_message() {
        let tool = |content: &str, error: Value| said(json!({"role": "tool", "content": content, "error": error}));
        let timeout = json!({"type": "timeout", "message": "too slow"});
        assert_eq!(tool("half", timeout.clone()), "[timeout error: too slow]\nhalf");
        assert_eq!(tool("", timeout.clone()), "[timeout error: too slow]");
        assert_eq!(tool("too slow", timeout), "[timeout error: too slow]");
        assert_eq!(tool("a", json!(null)), "a");
        let old = json!({"role": "tool", "content": "", "tool_error": "no"});
        assert_eq!(said(old), "[unknown error: no]");
    }

    #[test]
    fn reasoning_beside_the_content_stands_apart_and_a_refusal_is_said() {
        let message = read(json!({"role": "assistant", "content": "a", "reasoning_content": "hm"}));
        assert_eq!(message.body.reasoning().as_deref(), Some("hm"));
        assert_eq!(said(json!({"role": "assistant", "content": null, "refusal": "no"})), "no");
        let user = json!({"role": "user", "content": [{"type": "thinking", "thinking": "hm"}]});
        assert_eq!(said(user), "hm");
    }

    #[test]
    fn escapes_and_control_characters_are_kept() {
        let text = "\u{1b}[31mred\u{0}\r50%\r100%\u{fffd}";
        assert_eq!(said(json!({"role": "tool", "content": text})), text);
    }

    #[test]
    fn a_message_of_no_known_shape_is_kept_and_counted() {
        let source = |message: &Message| match message.role {
            Role::Speaker(source) => source.name(),
            Role::Tool => "tool",
        };
        let critic = read(json!({"role": "critic", "name": "ann", "content": "No."}));
        assert_eq!((source(&critic), critic.body.text().as_str()), ("system", "No."));
        assert_eq!(critic.extra[extra::SPEAKER], "ann (critic)");
        for (row, text) in [(json!("hi"), "hi"), (json!({"a": 1}), "{\"a\":1}")] {
            let message = read(row);
            assert_eq!((source(&message), message.body.text().as_str()), ("system", text));
            assert_ne!(message.body.account, ReadingAccount::default());
        }
    }

    #[test]
    fn calls_come_as_a_list_or_one_or_as_text() {
        let call = json!({"id": "c", "function": {"name": "f", "arguments": "{}"}});
        for calls in [json!([call]), call.clone(), json!(json!([call]).to_string())] {
            assert_eq!(read(json!({"role": "assistant", "tool_calls": calls})).calls[0].text(), "f {}");
        }
        assert_eq!(read(json!({"role": "assistant", "tool_calls": 1})).calls[0].text(), "unknown {\"_raw\":\"1\"}");
    }
}
