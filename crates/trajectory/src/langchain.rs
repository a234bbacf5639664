//! LangChain's messages.
//!
//! In: what `messages_to_dict` (`{type, data}`), `model_dump` (`{type, content, …}`) or `dumps` (`{lc, id, kwargs}`) write,
//! in a list, one a line, or in a graph's state under `messages`. Out: conversations. A call that could not be read is a
//! call that says so.

use serde_json::{Value, json};

use super::anthropic;
use super::block::MessageBody;
use super::call::tool_call;
use super::conversation::Conversation;
use super::fields::{id_text, take_text};
use super::format::{FormatEntry, FormatReader};
use super::message::Message;
use super::rows::{AllRunRows, RunRows, rows};
use super::{JsonObject, StepSource};

pub(super) const FORMAT: FormatEntry = FormatEntry {
    name: "langchain",
    reader: FormatReader::Json {
        is: |values| !all(values).runs.is_empty(),
        open: |values| all(&values).read(|run| [conversation(run)]),
    },
};

fn all(values: &[Value]) -> AllRunRows<'_> {
    rows(values, &["messages"], &|value| parts(value).is_some())
}

fn conversation(run: RunRows<'_>) -> Conversation {
    let messages: Vec<Message> = run.rows.into_iter().flat_map(messages).collect();
    let model = messages.iter().find_map(|message| message.model.clone());
    let mut conversation = Conversation::of(FORMAT.name, messages);
    conversation.about(&mut run.about.cloned().unwrap_or_default());
    conversation.agent.model_name = conversation.agent.model_name.take().or(model);
    conversation
}

const KINDS: [&str; 12] = [
    "human",
    "ai",
    "system",
    "developer",
    "tool",
    "function",
    "chat",
    "remove",
    "HumanMessageChunk",
    "AIMessageChunk",
    "SystemMessageChunk",
    "ToolMessageChunk",
];

/// A message's kind and fields.
fn parts(value: &Value) -> Option<(String, &JsonObject)> {
    let kind = |value: &Value| value["type"].as_str().filter(|kind| KINDS.contains(kind)).map(str::to_owned);
    if let (Some(kind), Some(fields)) = (kind(value), value["data"].as_object()) {
        return Some((kind, fields));
    }
    if value["lc"].is_number() {
        let fields = value["kwargs"].as_object().filter(|fields| fields.contains_key("content"))?;
        let class = value["id"].as_array()?.last()?.as_str()?;
        let kind = class.trim_end_matches("Chunk").strip_suffix("Message")?;
        return Some((kind.to_ascii_lowercase(), fields));
    }
    let kind = kind(value)?;
    let is_own =
        |fields: &&JsonObject| fields.contains_key("content") && (kind == "chat" || !fields.contains_key("role"));
    Some((kind.clone(), value.as_object().filter(is_own)?))
}

/// A message; where the user's holds what tools answered, as Anthropic's do, that comes before it: LangChain hands it on
/// behind the user's words, and without the error that it was (langchain-core 1.8.3).
fn messages(row: &Value) -> Vec<Message> {
    let Some((kind, fields)) = parts(row) else { return vec![Message::of_row(row.clone())] };
    let mut fields = fields.clone();
    let is_users = kind.to_ascii_lowercase().starts_with("human");
    let answers = match fields.get_mut("content") {
        Some(Value::Array(blocks)) if is_users => anthropic::take_answers(blocks),
        _ => Vec::new(),
    };
    let says = answers.is_empty() || fields["content"].as_array().is_some_and(|blocks| !blocks.is_empty());
    answers.into_iter().chain(says.then(|| message(&kind, fields))).collect()
}

fn message(kind: &str, mut fields: JsonObject) -> Message {
    let calls = calls(&mut fields);
    let body = body(&mut fields, !calls.is_empty());
    let kind = kind.trim_end_matches("Chunk").trim_end_matches("Message").to_ascii_lowercase();
    let mut message = match kind.as_str() {
        "human" => Message::said(StepSource::User, body),
        "ai" => Message::said(StepSource::Agent, body),
        "system" | "developer" => Message::said(StepSource::System, body),
        "tool" | "function" => answer(&mut fields, body),
        "chat" => {
            let role = take_text(&mut fields, "role").unwrap_or_default();
            match role.as_str() {
                "user" | "human" => Message::said(StepSource::User, body),
                "assistant" | "ai" => Message::said(StepSource::Agent, body),
                _ => Message::of_role(&role, body),
            }
        }
        other => Message::of_role(other, body),
    };
    message.calls = calls;
    message.native_id = id_text(&fields, "id");
    let about = &fields.get("response_metadata").cloned().unwrap_or_default();
    message.model = ["model_name", "model"].iter().find_map(|name| about[*name].as_str().map(str::to_owned));
    match take_text(&mut fields, "name").filter(|name| !name.is_empty()) {
        Some(name) if matches!(kind.as_str(), "tool" | "function") => Message { function: Some(name), ..message },
        Some(name) => message.by(name),
        None => message,
    }
}

fn answer(fields: &mut JsonObject, mut body: MessageBody) -> Message {
    if fields.get("status").is_some_and(|status| status == "error") {
        body.prepend("[error]".to_owned());
    }
    Message::answer(id_text(fields, "tool_call_id"), body)
}

/// Calls as LangChain reads them, those that it could not read, else those that the provider's message has. Of an answer
/// that was cut off in the middle of a call it reads a whole one; what the model wrote stands beside it as a chunk.
fn calls(fields: &mut JsonObject) -> Vec<super::ToolCall> {
    let mut list = |name: &str| match fields.remove(name) {
        Some(Value::Array(items)) => items,
        _ => Vec::new(),
    };
    let [read, unread, chunks] = ["tool_calls", "invalid_tool_calls", "tool_call_chunks"].map(&mut list);
    let mut more = fields.get("additional_kwargs").cloned().unwrap_or_default();
    let of_provider =
        match (read.is_empty() && unread.is_empty(), more["tool_calls"].take(), more["function_call"].take()) {
            (true, Value::Array(calls), _) => calls,
            (true, _, call @ Value::Object(_)) => vec![call],
            _ => Vec::new(),
        };
    let plain = |call: Value, failed: bool| {
        let error = || call["error"].as_str().unwrap_or("the arguments are no JSON").to_owned();
        let error = failed.then(error);
        tool_call(json!({"id": call["id"], "name": call["name"], "arguments": call["args"], "parse_error": error}))
    };
    let cut_off = |call: &Value| {
        let of_call = |chunk: &&Value| chunk["id"].is_string() && chunk["id"] == call["id"];
        let written = chunks.iter().find(of_call)?["args"].as_str()?;
        serde_json::from_str::<Value>(written).is_err().then(|| written.to_owned())
    };
    let read = read.into_iter().map(|mut call| match cut_off(&call) {
        Some(written) => {
            call["args"] = Value::String(written);
            call["error"] = "it ends in the middle".into();
            plain(call, true)
        }
        None => plain(call, false),
    });
    let unread = unread.into_iter().map(|call| plain(call, true));
    read.chain(unread).chain(of_provider.into_iter().map(tool_call)).collect()
}

/// What is said, without blocks that tell the calls again.
fn body(fields: &mut JsonObject, has_calls: bool) -> MessageBody {
    let mut content = fields.remove("content").unwrap_or_default();
    if let Value::Array(blocks) = &mut content {
        let tells_call = |block: &Value| {
            matches!(
                block["type"].as_str(),
                Some("tool_use" | "tool_call" | "function_call" | "input_json_delta" | "tool_call_chunk")
            )
        };
        blocks.retain(|block| !(has_calls && tells_call(block)));
    }
    let mut body = MessageBody::read(content);
    let more = fields.get("additional_kwargs").cloned().unwrap_or_default();
    if let Some(text) = more["reasoning_content"].as_str().filter(|text| !text.is_empty()) {
        body.add_reasoning(text.to_owned());
    }
    if let Some(text) = more["refusal"].as_str() {
        body.is_refusal = true;
        body.append(MessageBody::of_text(text));
    }
    body
}

#[cfg(test)]
mod tests {
    use super::super::extra;
    use super::super::testing::shown;
    use super::*;

    #[test]
    fn what_tools_answered_in_the_users_message_answers_their_calls() {
        let (run, steps) = shown(
            &json!([
                {"type": "human", "data": {"content": "Clean up.", "type": "human"}},
                {"type": "ai", "data": {"content": [{"type": "text", "text": "I remove it."},
                    {"type": "tool_use", "id": "t1", "name": "bash", "input": {"cmd": "rm"}}], "type": "ai", "tool_calls": []}},
                {"type": "human", "data": {"content": [
                    {"type": "tool_result", "tool_use_id": "t1", "content": "in use", "is_error": true},
                    {"type": "text", "text": "Stop."}], "type": "human"}},
            ])
            .to_string(),
        );
        assert_eq!(
            steps,
            ["user: Clean up.", "agent: I remove it. / bash {\"cmd\":\"rm\"} / [error] / in use", "user: Stop."]
        );
        assert_eq!(run.extra.get("left_out"), None);
    }

    #[test]
    fn each_way_of_writing_messages_is_read() {
        let said =
            json!([{"type": "text", "text": "I look."}, {"type": "tool_use", "id": "a", "name": "ls", "input": {}}]);
        let fields = json!({"content": said, "tool_calls": [{"name": "ls", "args": {"p": 1}, "id": "a", "type": "tool_call"}],
            "invalid_tool_calls": [{"name": "rm", "args": "{x", "id": "b", "error": null}], "response_metadata": {"model_name": "m"}});
        let answer = json!({"content": "x", "tool_call_id": "a", "status": "error"});
        let flat = |kind: &str, fields: &Value| {
            let mut fields = fields.clone();
            fields["type"] = json!(kind);
            fields
        };
        let dumped = |class: &str, fields: &Value| json!({"lc": 1, "type": "constructor", "id": ["langchain", "schema", "messages", class], "kwargs": fields});
        let human = json!({"content": "Go."});
        for log in [
            json!([{"type": "human", "data": human}, {"type": "ai", "data": fields}, {"type": "tool", "data": answer}]),
            json!({"messages": [flat("human", &human), flat("AIMessageChunk", &fields), flat("tool", &answer)]}),
            json!([dumped("HumanMessage", &human), dumped("AIMessage", &fields), dumped("ToolMessage", &answer)]),
        ] {
            let (run, steps) = shown(&log);
            assert_eq!(steps, ["user: Go.", "agent: I look. / ls {\"p\":1} / rm {\"_raw\":\"{x\"} / [error] / x"]);
            assert_eq!(run.steps[1].tool_calls[1].extra["parse_error"], "the arguments are no JSON");
            assert_eq!(run.agent.model_name.as_deref(), Some("m"));
        }
    }
    #[test]
    fn a_call_that_was_cut_off_stands_as_the_model_wrote_it() {
        let chunk = |args: &str| {
            let call = json!({"name": "bash", "args": {"command": "rm -r /var/ca"}, "id": "c", "type": "tool_call"});
            let chunk = json!({"name": "bash", "args": args, "id": "c", "index": 0, "type": "tool_call_chunk"});
            let data = json!({"content": "", "tool_calls": [call], "tool_call_chunks": [chunk]});
            let human = json!({"type": "human", "data": {"content": "Tidy up."}});
            shown(&json!([human, {"type": "AIMessageChunk", "data": data}])).0.steps.remove(1).tool_calls.remove(0)
        };
        let whole = chunk("{\"command\": \"rm -r /var/ca\"}");
        assert_eq!(whole.arguments, json!({"command": "rm -r /var/ca"}));
        assert!(!whole.extra.contains_key(extra::PARSE_ERROR));
        let cut = chunk("{\"command\": \"rm -r /var/ca");
        assert_eq!(cut.arguments, json!({extra::RAW_ARGUMENTS: "{\"command\": \"rm -r /var/ca"}));
        assert_eq!(cut.extra[extra::PARSE_ERROR], "it ends in the middle");
    }
}
