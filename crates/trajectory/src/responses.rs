//! OpenAI's Responses: items, and whole `response` objects.
//!
//! In: items (`{type: message | function_call | …}`), a `response`, or a request with its response; one, a list, or one a
//! line. Out: conversations, in which what a model gave in one turn (reasoning, a message, calls) is one step. It never
//! drops an item without naming it: tools that the provider runs are calls with what they gave.

use serde_json::{Value, json};

use super::block::MessageBody;
use super::call::tool_call;
use super::conversation::Conversation;
use super::fields::{id_text, take_text, text_of};
use super::format::{FormatEntry, FormatReader};
use super::json::each;
use super::message::{Message, Role};
use super::rows::{AllRunRows, RunRows, rows};
use super::{JsonObject, StepSource};

pub(super) const FORMAT: FormatEntry = FormatEntry {
    name: "responses",
    reader: FormatReader::Json {
        is: |values| {
            let AllRunRows { runs, .. } = all(values);
            runs.iter().any(|run| run.rows.iter().any(|row| is_item(row) || is_whole(row)))
        },
        open: |values| all(&values).read(|run| [conversation(run)]),
    },
};

/// Fields that hold items: those that were given, and those that came.
const ITEMS: [&str; 2] = ["input", "output"];

fn all(values: &[Value]) -> AllRunRows<'_> {
    let values = each(values);
    // A response with its request, and a response alone, are runs of their own.
    let whole = values.iter().filter(|value| is_whole(value));
    let mut all = rows(values, &["items"], &|value| (is_item(value) || is_message(value)) && !is_whole(value));
    let of_whole = whole.map(|value| RunRows { rows: vec![value], about: value.as_object() });
    if all.runs.is_empty() {
        all.runs.extend(of_whole);
        all.others = all.others.saturating_sub(all.runs.len() as u64);
    }
    all
}

/// Whether a value is one item of a kind that is told by its type.
fn is_item(value: &Value) -> bool {
    let Some(kind) = value["type"].as_str() else { return false };
    let has_blocks = || {
        let blocks = value["content"].as_array().into_iter().flatten();
        blocks
            .into_iter()
            .any(|block| matches!(block["type"].as_str(), Some("input_text" | "output_text" | "input_image")))
    };
    match kind {
        "message" => has_blocks(),
        "reasoning" => value["summary"].is_array(),
        kind => kind.ends_with("_call") || kind.ends_with("_call_output"),
    }
}

fn is_message(value: &Value) -> bool {
    value["role"].is_string()
}

fn is_response(value: &Value) -> bool {
    value["object"] == "response" && value["output"].is_array()
}

/// Whether a value is a response, or holds one beside its request.
fn is_whole(value: &Value) -> bool {
    let holds_items = |name: &str| value[name].as_array().is_some_and(|items| items.iter().any(is_item));
    is_response(value) || is_response(&value["response"]) || ITEMS.iter().any(|name| holds_items(name))
}

fn conversation(run: RunRows<'_>) -> Conversation {
    let mut about = run.about.cloned().unwrap_or_default();
    let mut turns = ItemTurns::default();
    let mut ended = None;
    for item in run.rows.into_iter().cloned() {
        match (is_whole(&item), item) {
            (true, Value::Object(fields)) => {
                ended = end_of(&fields).or(ended);
                turns.add_whole(fields);
            }
            (_, item) => turns.add(item),
        }
    }
    let response = about.remove("response");
    if let Some(Value::Object(response)) = response {
        about.extend(response);
    }
    let mut conversation = Conversation::of(FORMAT.name, turns.messages);
    conversation.about(&mut about);
    ended.into_iter().for_each(|how: String| conversation.ended(how));
    conversation
}

/// How a response ended, where it did not just finish.
fn end_of(fields: &JsonObject) -> Option<String> {
    let response = fields.get("response").and_then(Value::as_object).unwrap_or(fields);
    if response.get("error").is_some_and(|error| !error.is_null()) {
        return Some("error".to_owned());
    }
    let why = response.get("incomplete_details")?["reason"].as_str()?;
    Some(format!("stopped: {why}"))
}

/// What items say, as messages.
pub(super) fn messages(items: impl IntoIterator<Item = Value>) -> Vec<Message> {
    let mut turns = ItemTurns::default();
    items.into_iter().for_each(|item| turns.add(item));
    turns.messages
}

#[derive(Default)]
struct ItemTurns {
    messages: Vec<Message>,
    /// Whether the last message may take in further items of its turn.
    is_open: bool,
}

impl ItemTurns {
    fn add_whole(&mut self, mut fields: JsonObject) {
        let mut response = match fields.remove("response") {
            Some(Value::Object(response)) => response,
            _ => JsonObject::new(),
        };
        let mut request = match fields.remove("request") {
            Some(Value::Object(request)) => request,
            _ => JsonObject::new(),
        };
        let mut take = |name: &str| {
            let of_request = request.remove(name).filter(|value| !value.is_null());
            let own = fields.remove(name).filter(|value| !value.is_null());
            of_request.or(own).or_else(|| response.remove(name)).unwrap_or_default()
        };
        match take("instructions") {
            Value::Null => {}
            Value::Array(items) => items.into_iter().for_each(|item| self.add(item)),
            text => self.push(Message::said(StepSource::System, MessageBody::read(text))),
        }
        match take("input") {
            Value::Null => {}
            Value::Array(items) => items.into_iter().for_each(|item| self.add(item)),
            text => self.push(Message::said(StepSource::User, MessageBody::read(text))),
        }
        match take("output") {
            Value::Array(items) => items.into_iter().for_each(|item| self.add(item)),
            other => self.add(other),
        }
    }

    fn push(&mut self, message: Message) {
        self.messages.push(message);
        self.is_open = false;
    }

    fn add(&mut self, item: Value) {
        let Value::Object(mut fields) = item else {
            if !item.is_null() {
                self.push(Message::of_row(item));
            }
            return;
        };
        let kind = take_text(&mut fields, "type").unwrap_or_default();
        match kind.as_str() {
            "" | "message" if fields.contains_key("role") => self.add_message(fields),
            "reasoning" => {
                let body = MessageBody::read(json!([reasoning(&mut fields)]));
                let is_first = self.turn().is_none_or(|turn| turn.body.text().is_empty() && turn.calls.is_empty());
                self.turn_of(is_first, id_text(&fields, "id")).body.append(body);
            }
            kind if kind.ends_with("_output") => {
                let output = ["output", "tools", "result"].iter().find_map(|name| fields.remove(*name));
                let body = MessageBody::read(output.map(picture_of_screen).unwrap_or_default());
                let answer = Message::answer(id_text(&fields, "call_id"), body);
                self.push(Message { native_id: id_text(&fields, "id"), ..answer });
            }
            kind if kind.ends_with("_call") || fields.contains_key("arguments") => self.add_call(kind, fields),
            _ => {
                let mut body = MessageBody::read(json!([{"type": kind}]));
                body.append(MessageBody::of_text(text_of(fields.remove("summary").or(fields.remove("text")))));
                self.push(Message { native_id: id_text(&fields, "id"), ..Message::said(StepSource::System, body) });
            }
        }
    }

    fn add_message(&mut self, fields: JsonObject) {
        let message = Message::read(Value::Object(fields));
        let is_agents = matches!(message.role, Role::Speaker(StepSource::Agent));
        // Only what came before it in the same turn is reasoning.
        match self.turn().filter(|turn| turn.body.text().is_empty() && turn.calls.is_empty()) {
            Some(turn) if is_agents => {
                turn.body.append(message.body);
                turn.native_id = message.native_id.or(turn.native_id.take());
                turn.extra.extend(message.extra);
            }
            _ => {
                self.push(message);
                self.is_open = is_agents;
            }
        }
    }

    /// A call, and what it gave where the provider ran it.
    fn add_call(&mut self, kind: &str, mut fields: JsonObject) {
        let id = id_text(&fields, "call_id").or(id_text(&fields, "id")).unwrap_or_default();
        let native_id = id_text(&fields, "id");
        ["call_id", "id", "status"].iter().for_each(|name| drop(fields.remove(*name)));
        let gave = ["output", "outputs", "results", "result", "error"].map(|name| fields.remove(name));
        let gave: Vec<Value> = gave.into_iter().flatten().filter(|value| !value.is_null()).collect();
        let name = take_text(&mut fields, "name").unwrap_or_else(|| kind.trim_end_matches("_call").to_owned());
        let given = fields.remove("arguments").or_else(|| fields.remove("input"));
        let arguments = given.unwrap_or_else(|| Value::Object(std::mem::take(&mut fields)));
        let call = tool_call(json!({"id": id, "name": name, "arguments": arguments}));
        let turn = self.turn_of(true, native_id);
        turn.calls.push(call);
        if gave.is_empty() {
            return;
        }
        let is_picture = kind == "image_generation_call";
        let texts = gave.into_iter().map(|value| match value {
            // The picture itself, as base64.
            Value::String(data) if is_picture => {
                json!({"type": "image", "image": format!("data:image/png;base64,{data}")})
            }
            value => Value::String(text_of(Some(value))),
        });
        let body = MessageBody::read(texts.collect());
        self.push(Message::answer(Some(id), body));
        // Further calls of the turn still belong to it.
        if let [.., turn, _] = self.messages.as_mut_slice() {
            self.is_open = matches!(turn.role, Role::Speaker(StepSource::Agent));
        }
    }

    /// The agent's turn that is not over.
    fn turn(&mut self) -> Option<&mut Message> {
        let is_agents = |message: &&mut Message| matches!(message.role, Role::Speaker(StepSource::Agent));
        let is_open = self.is_open;
        self.messages.last_mut().filter(is_agents).filter(|_| is_open)
    }

    /// The turn that goes on, or a new one.
    fn turn_of(&mut self, goes_on: bool, native_id: Option<String>) -> &mut Message {
        if self.turn().is_none() || !goes_on {
            let message = Message::said(StepSource::Agent, MessageBody::default());
            self.messages.push(Message { native_id, ..message });
            self.is_open = true;
        }
        self.messages.last_mut().expect("a message was put in where there was none")
    }
}

/// Reasoning itself, else its summary.
fn reasoning(fields: &mut JsonObject) -> Value {
    let content = MessageBody::read(fields.remove("content").unwrap_or_default()).text();
    json!({"type": "reasoning", "reasoning": content, "summary": fields.remove("summary")})
}

/// What a computer showed is a picture.
fn picture_of_screen(mut output: Value) -> Value {
    match output["type"].as_str() {
        Some("computer_screenshot") => json!([{"type": "input_image", "image_url": output["image_url"].take()}]),
        _ => output,
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::shown;
    use super::*;

    #[test]
    fn items_of_a_turn_are_one_step() {
        let (run, steps) = shown(&json!([
            {"role": "user", "content": "Count."},
            {"type": "reasoning", "id": "r1", "summary": [{"type": "summary_text", "text": "hm"}]},
            {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "I look."}]},
            {"type": "function_call", "call_id": "c1", "name": "ls", "arguments": "{\"p\": 1}"},
            {"type": "function_call", "call_id": "c2", "name": "pwd", "arguments": ""},
            {"type": "function_call_output", "call_id": "c2", "output": "/x"},
            {"type": "function_call_output", "call_id": "c1", "output": [{"type": "input_text", "text": "a"}]},
            {"type": "web_search_call", "id": "w", "status": "completed", "action": {"query": "q"}},
            {"type": "compaction", "encrypted_content": "zz"},
            {"type": "message", "role": "assistant", "content": [{"type": "refusal", "refusal": "No."}]},
        ]));
        assert_eq!(
            steps,
            [
                "user: Count.",
                "agent: hm / I look. / ls {\"p\":1} / pwd {} / /x / a",
                "agent: web_search {\"action\":{\"query\":\"q\"}}",
                "system: [compaction]",
                "agent: No.",
            ]
        );
        assert_eq!(run.extra["left_out"], json!({"compaction": 1}));
    }

    #[test]
    fn a_response_is_read_whole() {
        let response = json!({"object": "response", "id": "resp", "model": "m", "instructions": "Be brief.",
            "incomplete_details": {"reason": "max_output_tokens"},
            "output": [{"type": "code_interpreter_call", "id": "k", "code": "1+1", "outputs": [{"type": "logs", "logs": "2"}]},
                {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "2"}]}]});
        let expected =
            ["system: Be brief.", "agent: code_interpreter {\"code\":\"1+1\"} / [{\"logs\":\"2\",\"type\":\"logs\"}]"];
        let (run, steps) = shown(&response);
        assert_eq!(steps[..2], expected);
        assert_eq!(
            (run.extra["ended"].as_str(), run.agent.model_name.as_deref()),
            (Some("stopped: max_output_tokens"), Some("m"))
        );
        let pair = json!({"request": {"input": "1+1?", "instructions": "Be brief."}, "response": response});
        assert_eq!(shown(&pair).1[..2], ["system: Be brief.", "user: 1+1?"]);
    }
}
