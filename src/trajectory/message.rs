//! One chat message, whichever tool wrote it.
//!
//! In: a message of an OpenAI chat or an Inspect log: one shape, with the small differences that are named below. Out:
//! the message's parts by their meaning, or an error that names the message. It never drops what was said, and never
//! copies a field that is not named here.

use crate::diagnostic::Fault;
use serde_json::Value;

use super::block::MessageBody;
use super::call::tool_call;
use super::fields::{NotAList, id_text, take_list, take_text, text_of};
use super::{JsonObject, StepSource, ToolCall, extra};

/// What a message looks like, for error messages.
pub(super) const SHAPE: &str = "A message is `{\"role\": \"system\" | \"developer\" | \"user\" | \"assistant\" | \
     \"tool\" | \"function\", \"content\": …}`.";

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
    /// What else is known of it, for the step's `extra`.
    pub extra: JsonObject,
}

pub(super) enum Role {
    Speaker(StepSource),
    Tool,
}

impl Message {
    /// Reads one message; `number` counts from 1 for errors.
    pub(super) fn read(value: Value, number: usize) -> Result<Self, Fault> {
        let Value::Object(mut fields) = value else {
            let found = format!("message {number} is not an object");
            return Err(Fault::whole(found).help(SHAPE));
        };
        let role = role(&fields, number)?;
        let calls = calls(&mut fields).map_err(|NotAList| not_a_list(number))?;
        if !calls.is_empty() && !matches!(role, Role::Speaker(StepSource::Agent)) {
            let found = format!("message {number} has tool calls, but its role is not `assistant`");
            return Err(Fault::whole(found).help("Only the assistant calls tools."));
        }
        let body = body(&mut fields, &role);
        let extra = extra(&fields, &role, &body);
        // Nobody said a summary.
        let role = match role {
            Role::Speaker(StepSource::User) if extra.contains_key(extra::SUMMARY) => Role::Speaker(StepSource::System),
            role => role,
        };
        Ok(Self {
            body,
            role,
            calls,
            extra,
            call_id: id_text(&fields, "tool_call_id"),
            function: take_text(&mut fields, "function").or(take_text(&mut fields, "name")),
            native_id: id_text(&fields, "id").or(id_text(&fields, "uuid")),
            model: take_text(&mut fields, "model"),
        })
    }
}

/// What a message says beside its content: who of several spoke, a summary of what came before, an operator's words,
/// a refusal.
fn extra(fields: &JsonObject, role: &Role, body: &MessageBody) -> JsonObject {
    let is_spoken = matches!(role, Role::Speaker(_));
    let speaker = fields.get("name").filter(|name| is_spoken && name.as_str().is_some_and(|name| !name.is_empty()));
    let is_summary = fields.get("metadata").is_some_and(|metadata| metadata["summary"] == true);
    let marks = [
        (extra::SUMMARY, is_spoken && is_summary),
        (extra::OPERATOR, fields.get("source").is_some_and(|source| source == "operator")),
        (extra::REFUSAL, body.is_refusal),
    ];
    let marks = marks.into_iter().filter(|(_, holds)| *holds).map(|(name, _)| (name.to_owned(), Value::Bool(true)));
    speaker.map(|name| (extra::SPEAKER.to_owned(), name.clone())).into_iter().chain(marks).collect()
}

fn not_a_list(number: usize) -> Fault {
    let found = format!("message {number} has `tool_calls`, which is not a list");
    Fault::whole(found).help("A call is `{\"id\", \"function\": {\"name\", \"arguments\"}}`.")
}

fn role(fields: &JsonObject, number: usize) -> Result<Role, Fault> {
    match fields.get("role").and_then(Value::as_str) {
        Some("system" | "developer") => Ok(Role::Speaker(StepSource::System)),
        Some("user") => Ok(Role::Speaker(StepSource::User)),
        Some("assistant") => Ok(Role::Speaker(StepSource::Agent)),
        Some("tool" | "function") => Ok(Role::Tool),
        found => Err(Fault::whole(format!("message {number} has the role `{}`", found.unwrap_or(""))).help(SHAPE)),
    }
}

/// Content, with reasoning or a refusal that stands beside it, and a tool's error before it.
fn body(fields: &mut JsonObject, role: &Role) -> MessageBody {
    let content = fields.remove("content").unwrap_or_default();
    let error = error(fields).filter(|_| matches!(role, Role::Tool));
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
    match role {
        Role::Speaker(StepSource::Agent) => body,
        _ => body.spoken(),
    }
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

/// `tool_calls`, and OpenAI's old `function_call`.
fn calls(fields: &mut JsonObject) -> Result<Vec<ToolCall>, NotAList> {
    let calls = take_list(fields, "tool_calls")?;
    let old = fields.remove("function_call").filter(Value::is_object);
    Ok(calls.into_iter().chain(old).map(tool_call).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(value: Value) -> Message {
        Message::read(value, 1).unwrap()
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
    fn errors_name_the_message() {
        let error = |value| Message::read(value, 3).err().unwrap().to_string();
        assert!(error(json!({"role": "critic"})).contains("message 3 has the role `critic`"));
        assert!(error(json!("hi")).contains("message 3 is not an object"));
        assert!(error(json!({"role": "user", "tool_calls": [{}]})).contains("message 3"));
        assert!(error(json!({"role": "assistant", "tool_calls": 1})).contains("not a list"));
    }
}
