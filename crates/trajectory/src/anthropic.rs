//! Anthropic's messages.
//!
//! In: messages with blocks, `{"system": …, "messages": […]}`, whole answers (`{"type": "message", …}`), a request with
//! its response; one, a list, or one a line. Out: conversations. Results of tools stand in the user's messages: they are
//! answers, not the user's words.

use serde_json::{Value, json};

use super::block::MessageBody;
use super::call::tool_call;
use super::conversation::Conversation;
use super::fields::{id_text, take_text};
use super::format::{FormatEntry, FormatReader};
use super::message::{Message, Role};
use super::openai::is_message;
use super::rows::{AllRunRows, RunRows, rows};
use super::{JsonObject, StepSource, ToolCall};

pub(super) const FORMAT: FormatEntry = FormatEntry {
    name: "anthropic",
    reader: FormatReader::Json {
        is: |values| runs(values).runs.iter().any(is) || values.iter().any(|value| is_answer(&value["response"])),
        open: |values| {
            let values: Vec<Value> = values.into_iter().map(with_answer).collect();
            runs(&values).read(|run| [conversation(run)])
        },
    },
};

fn runs(values: &[Value]) -> AllRunRows<'_> {
    rows(values, &["messages"], &is_message)
}

/// Whether a run is Anthropic's: OpenAI's chat has the same roles, but other blocks, and calls beside them.
fn is(run: &RunRows<'_>) -> bool {
    let is_openai = |row: &&&Value| {
        row["tool_calls"].is_array() || row["tool_call_id"].is_string() || matches!(row["role"].as_str(), Some("tool"))
    };
    let has_system = run.about.is_some_and(|about| about.get("system").is_some_and(|system| !system.is_null()));
    let says =
        |row: &&Value| is_answer(row) || row["content"].as_array().is_some_and(|blocks| blocks.iter().any(is_block));
    !run.rows.iter().any(|row| is_openai(&row)) && (has_system || run.rows.iter().any(says))
}

/// Whether a block is of a kind that only Anthropic's messages have.
fn is_block(block: &Value) -> bool {
    match block["type"].as_str() {
        Some("image" | "document") => block["source"].is_object(),
        Some("tool_use") => block["input"].is_object(),
        Some("thinking" | "redacted_thinking" | "server_tool_use" | "mcp_tool_use" | "search_result") => true,
        Some(kind) => kind.ends_with("tool_result"),
        None => false,
    }
}

/// Whether a value is a whole answer of the API.
fn is_answer(value: &Value) -> bool {
    value["type"] == "message" && value["role"] == "assistant" && value["content"].is_array()
}

/// A request's messages with the answer that came.
fn with_answer(value: Value) -> Value {
    let Value::Object(mut fields) = value else { return value };
    if !fields.get("response").is_some_and(is_answer) {
        return Value::Object(fields);
    }
    let answer = fields.remove("response").unwrap_or_default();
    let mut about = match fields.remove("request") {
        Some(Value::Object(request)) => request,
        _ => fields,
    };
    match about.entry("messages").or_insert_with(|| json!([])) {
        Value::Array(messages) => messages.push(answer),
        other => *other = json!([answer]),
    }
    Value::Object(about)
}

fn conversation(run: RunRows<'_>) -> Conversation {
    let mut about = run.about.cloned().unwrap_or_default();
    about.remove("messages");
    let system = MessageBody::read(about.remove("system").unwrap_or_default());
    let mut messages = Vec::new();
    if !system.is_empty() {
        messages.push(Message::said(StepSource::System, system));
    }
    let reason = run.rows.last().and_then(|row| row["stop_reason"].as_str()).unwrap_or("").to_owned();
    run.rows.into_iter().for_each(|row| messages.extend(of_row(row.clone())));
    let mut conversation = Conversation::of(FORMAT.name, messages);
    conversation.about(&mut about);
    let model = || conversation.messages.iter().find_map(|message| message.model.clone());
    conversation.agent.model_name = conversation.agent.model_name.take().or_else(model);
    if matches!(reason.as_str(), "max_tokens" | "refusal" | "model_context_window_exceeded") {
        conversation.ended(format!("stopped: {reason}"));
    }
    conversation
}

/// A message, and the answers of tools in it as messages of their own, in their order.
pub(super) fn of_row(row: Value) -> Vec<Message> {
    let mut fields = match row {
        Value::Object(fields) if fields.get("role").is_some_and(Value::is_string) => fields,
        other => return vec![Message::of_row(other)],
    };
    let blocks = match fields.remove("content").unwrap_or_default() {
        Value::Array(blocks) => blocks,
        other => vec![other],
    };
    let mut all = Vec::new();
    // The message is read without its blocks, for what else it says.
    let mut own = Some(Message::read(Value::Object(fields)));
    let is_agents = own.as_ref().is_some_and(|own| matches!(own.role, Role::Speaker(StepSource::Agent)));
    let mut said = SaidBlocks::default();
    for block in blocks {
        match block {
            Value::Object(result) if is_result(&result) => {
                // The agent's answers of tools that the provider ran follow the calls, and the turn goes on.
                if !is_agents {
                    all.extend(said.take(&mut own));
                }
                let answer = answer(result);
                match is_agents {
                    true => said.answers.push(answer),
                    false => all.push(answer),
                }
            }
            Value::Object(call) if is_call(&call) => said.calls.push(tool_call(Value::Object(call))),
            block => said.body.add(block),
        }
    }
    let answers = std::mem::take(&mut said.answers);
    if all.is_empty() || !said.body.is_empty() || !said.calls.is_empty() {
        said.is_needed = true;
        all.extend(said.take(&mut own));
    }
    all.extend(answers);
    all
}

/// Takes the answers of tools out of a message's blocks.
pub(super) fn take_answers(blocks: &mut Vec<Value>) -> Vec<Message> {
    let is_answer = |block: &mut Value| block.as_object().is_some_and(is_result);
    let taken = blocks.extract_if(.., is_answer).filter_map(|block| match block {
        Value::Object(block) => Some(answer(block)),
        _ => None,
    });
    taken.collect()
}

/// What was said since the last answer.
#[derive(Default)]
struct SaidBlocks {
    body: MessageBody,
    calls: Vec<ToolCall>,
    answers: Vec<Message>,
    is_needed: bool,
}

impl SaidBlocks {
    fn take(&mut self, own: &mut Option<Message>) -> Option<Message> {
        let (body, calls) = (std::mem::take(&mut self.body), std::mem::take(&mut self.calls));
        if body.is_empty() && calls.is_empty() && !self.is_needed {
            return None;
        }
        // Only one message carries the id.
        let mut message = own.take().unwrap_or_else(|| Message::said(StepSource::User, MessageBody::default()));
        let is_agents = matches!(message.role, Role::Speaker(StepSource::Agent));
        message.body.append(if is_agents { body } else { body.spoken() });
        message.calls.extend(calls);
        Some(message)
    }
}

fn kind(block: &JsonObject) -> &str {
    block.get("type").and_then(Value::as_str).unwrap_or("")
}

fn is_result(block: &JsonObject) -> bool {
    kind(block).ends_with("tool_result") && block.contains_key("tool_use_id")
}

fn is_call(block: &JsonObject) -> bool {
    matches!(kind(block), "tool_use" | "server_tool_use" | "mcp_tool_use") && !block.contains_key("result")
}

/// A result; one that says that the tool failed says so first.
fn answer(mut block: JsonObject) -> Message {
    let call_id = id_text(&block, "tool_use_id");
    let content = block.remove("content").unwrap_or_default();
    let mut body = match content {
        // What a tool of the provider gave is an object, or a list of them.
        Value::Object(fields) => of_provider(fields),
        Value::Array(blocks) => {
            let mut body = MessageBody::default();
            for block in blocks {
                match block["type"].as_str() {
                    Some("web_search_result" | "tool_reference") => body.add(Value::String(block.to_string())),
                    _ => body.add(block),
                }
            }
            body
        }
        other => MessageBody::read(other),
    };
    if block.get("is_error") == Some(&Value::Bool(true)) {
        body.prepend("[error]".to_owned());
    }
    Message::answer(call_id, body)
}

/// What a tool of the provider gave: all that it says, and the text or documents in it.
fn of_provider(mut fields: JsonObject) -> MessageBody {
    if let Some(code) = take_text(&mut fields, "error_code") {
        return MessageBody::of_text(format!("[error: {code}]"));
    }
    let content = fields.remove("content").unwrap_or_default();
    fields.retain(|name, value| !value.is_null() && !name.starts_with("encrypted") && name != "type");
    let mut body = MessageBody::default();
    if !fields.is_empty() {
        body.add(Value::String(Value::Object(fields).to_string()));
    }
    body.add(content);
    body
}

#[cfg(test)]
mod tests {
    use super::super::{Trajectory, testing};
    use super::*;

    fn open(log: &Value) -> Trajectory {
        testing::shown(log).0
    }

    fn shown(log: &Value) -> Vec<String> {
        testing::shown(log).1
    }

    #[test]
    fn results_in_a_users_message_answer_calls() {
        let log = json!({"system": [{"type": "text", "text": "Rules."}], "model": "c", "messages": [
            {"role": "user", "content": "Go."},
            {"role": "assistant", "content": [{"type": "thinking", "thinking": "hm", "signature": "s"},
                {"type": "redacted_thinking", "data": "zz"}, {"type": "text", "text": "I look."},
                {"type": "tool_use", "id": "a", "name": "ls", "input": {}}, {"type": "tool_use", "id": "b", "name": "rm", "input": {}}]},
            {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "b", "content": "no", "is_error": true},
                {"type": "tool_result", "tool_use_id": "a", "content": [{"type": "text", "text": "x"}]},
                {"type": "text", "text": "Go on."}]}]});
        assert_eq!(
            shown(&log),
            [
                "system: Rules.",
                "user: Go.",
                "agent: hm / [reasoning withheld] / I look. / ls {} / rm {} / [error] / no / x",
                "user: Go on.",
            ]
        );
        assert_eq!(open(&log).extra["source_format"], "anthropic");
    }

    #[test]
    fn tools_that_the_provider_ran_are_calls_with_results() {
        let log = json!([{"role": "user", "content": "?"}, {"role": "assistant", "content": [
            {"type": "server_tool_use", "id": "w", "name": "web_search", "input": {"query": "q"}},
            {"type": "web_search_tool_result", "tool_use_id": "w", "content":
                [{"type": "web_search_result", "title": "T", "url": "u"}]},
            {"type": "text", "text": "Found."}]}]);
        let ran = json!([{"role": "assistant", "content": [
            {"type": "server_tool_use", "id": "x", "name": "code_execution", "input": {}},
            {"type": "code_execution_tool_result", "tool_use_id": "x", "content":
                {"type": "code_execution_result", "stdout": "3", "stderr": "", "return_code": 0, "content": []}}]}]);
        let printed = "{\"return_code\":0,\"stderr\":\"\",\"stdout\":\"3\"}";
        assert_eq!(shown(&ran), [format!("agent: code_execution {{}} / {printed}")]);
        let found = "{\"title\":\"T\",\"type\":\"web_search_result\",\"url\":\"u\"}";
        assert_eq!(shown(&log)[1], format!("agent: Found. / web_search {{\"query\":\"q\"}} / {found}"));
    }

    #[test]
    fn a_system_text_or_blocks_with_a_source_tell_it_from_openai() {
        let format = |log: &Value| open(log).extra["source_format"].as_str().unwrap().to_owned();
        let plain = json!([{"role": "user", "content": "hi"}]);
        assert_eq!(format(&json!({"system": "s", "messages": plain})), "anthropic");
        assert_eq!(format(&json!({"messages": plain})), "openai");
        let document = json!({"type": "document", "title": "notes", "source": {"type": "text", "data": "DOCTEXT"}});
        let log = json!({"messages": [{"role": "user", "content": [document]}]});
        assert_eq!((format(&log).as_str(), shown(&log)[0].as_str()), ("anthropic", "user: [document notes] / DOCTEXT"));
        let answer = json!({"type": "message", "role": "assistant", "content": [{"type": "text", "text": "a"}], "stop_reason": "max_tokens"});
        assert_eq!(
            (format(&answer).as_str(), open(&answer).extra["ended"].as_str()),
            ("anthropic", Some("stopped: max_tokens"))
        );
    }
}
