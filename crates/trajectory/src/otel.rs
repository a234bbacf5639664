//! OpenTelemetry spans with the conventions for generative AI.
//!
//! In: spans, as OTLP JSON (`resourceSpans`) or one by one as the SDK prints them, in a list or one a line. Out: a
//! conversation a trace: what each call of a model was given that was not there yet, what it answered, and what tools gave,
//! in the order of time. Spans of other kinds are counted.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::account::PartFate;
use super::block::MessageBody;
use super::call::tool_call;
use super::conversation::Conversation;
use super::fields::text_of;
use super::format::{FormatEntry, FormatReader};
use super::json::each;
use super::message::{Message, Role};
use super::repeated::Repeated;
use super::{JsonObject, StepSource, ToolCall, json as text, time};

pub(super) const FORMAT: FormatEntry = FormatEntry {
    name: "opentelemetry",
    reader: FormatReader::Json {
        is: |values| spans(values).iter().any(|span| span.attributes.keys().any(|name| name.starts_with("gen_ai."))),
        open: |values| Ok(Box::new(conversations(spans(&values)))),
    },
};

struct GenAiSpan {
    trace: String,
    id: String,
    start: f64,
    timestamp: Option<String>,
    name: String,
    attributes: JsonObject,
    /// Each with its name and attributes.
    events: Vec<(String, JsonObject)>,
    failed: bool,
}

/// All spans of a file, in the order of time.
fn spans(values: &[Value]) -> Vec<GenAiSpan> {
    let mut all = Vec::new();
    for value in each(values) {
        let list = |value: &Value, names: [&str; 2]| -> Vec<Value> {
            names.iter().find_map(|name| value[*name].as_array()).cloned().unwrap_or_default()
        };
        let resources = list(value, ["resourceSpans", "resource_spans"]);
        let scopes = resources.iter().flat_map(|resource| list(resource, ["scopeSpans", "scope_spans"]));
        let within: Vec<Value> = scopes.flat_map(|scope| list(&scope, ["spans", "spans"])).collect();
        let own = if within.is_empty() { list(value, ["spans", "spans"]) } else { within };
        match own.is_empty() {
            true => all.extend(span(value)),
            false => all.extend(own.iter().filter_map(span)),
        }
    }
    all.sort_by(|a, b| a.start.total_cmp(&b.start));
    all
}

fn span(value: &Value) -> Option<GenAiSpan> {
    let context = &value["context"];
    let text = |names: [&Value; 3]| names.into_iter().find_map(Value::as_str).unwrap_or("").to_owned();
    let found = ["startTimeUnixNano", "start_time_unix_nano", "start_time"].iter().map(|name| &value[*name]);
    let start = found.into_iter().find(|start| !start.is_null())?;
    let timestamp = time::timestamp(start);
    let event = |event: &Value| (event["name"].as_str().unwrap_or("").to_owned(), attributes(&event["attributes"]));
    let status = &value["status"];
    Some(GenAiSpan {
        trace: text([&value["traceId"], &value["trace_id"], &context["trace_id"]]),
        id: text([&value["spanId"], &value["span_id"], &context["span_id"]]),
        start: seconds(timestamp.as_deref()),
        timestamp,
        name: value["name"].as_str()?.to_owned(),
        attributes: attributes(&value["attributes"]),
        events: value["events"].as_array().into_iter().flatten().map(event).collect(),
        failed: status["code"] == 2 || status["code"] == "STATUS_CODE_ERROR" || status["status_code"] == "ERROR",
    })
}

#[expect(clippy::cast_precision_loss, reason = "spans of the same microsecond stay in their order")]
fn seconds(timestamp: Option<&str>) -> f64 {
    let time = timestamp.and_then(|text| text.parse::<jiff::Timestamp>().ok());
    time.map_or(0.0, |time| time.as_microsecond() as f64)
}

/// Attributes as an object, whether they are written as one or as a list of keys and values.
fn attributes(value: &Value) -> JsonObject {
    match value {
        Value::Object(fields) => fields.clone(),
        Value::Array(items) => {
            items.iter().filter_map(|item| Some((item["key"].as_str()?.to_owned(), plain(&item["value"])))).collect()
        }
        _ => JsonObject::new(),
    }
}

/// A value of OTLP, which says its type.
fn plain(value: &Value) -> Value {
    let Some((kind, inner)) = value.as_object().and_then(|fields| fields.iter().next()) else { return value.clone() };
    match kind.as_str() {
        "stringValue" | "string_value" | "boolValue" | "doubleValue" | "intValue" | "bytesValue" => inner.clone(),
        "arrayValue" | "array_value" => inner["values"].as_array().into_iter().flatten().map(plain).collect(),
        "kvlistValue" | "kvlist_value" => Value::Object(attributes(&inner["values"])),
        _ => value.clone(),
    }
}

fn conversations(spans: Vec<GenAiSpan>) -> Vec<Conversation> {
    let mut traces: BTreeMap<String, SpanMessages> = BTreeMap::new();
    let mut order = Vec::new();
    for span in spans {
        if !traces.contains_key(&span.trace) {
            order.push(span.trace.clone());
        }
        traces.entry(span.trace.clone()).or_default().add(&span);
    }
    let told = order.into_iter().filter_map(|trace| {
        let found = traces.remove(&trace)?;
        let mut conversation = Conversation::of(FORMAT.name, found.messages);
        conversation.id = Some(trace).filter(|trace| !trace.is_empty());
        conversation.session_id = found.session;
        conversation.agent.model_name = found.model;
        conversation.agent.name = found.agent.unwrap_or(conversation.agent.name);
        let others = [
            ("span of another kind", found.others),
            ("event of another kind", found.other_events),
            ("span of a tool that a model's call tells too", found.told_twice),
        ];
        others.into_iter().for_each(|(kind, count)| conversation.account.add_many(PartFate::LeftOut, kind, count));
        Some(conversation)
    });
    // A trace in which nothing was said is none.
    let (said, silent): (Vec<_>, Vec<_>) = told.partition(|conversation| !conversation.messages.is_empty());
    if said.is_empty() { silent } else { said }
}

#[derive(Default)]
struct SpanMessages {
    messages: Vec<Message>,
    given: Repeated,
    model: Option<String>,
    agent: Option<String>,
    session: Option<String>,
    others: u64,
    other_events: u64,
    told_twice: u64,
}

impl SpanMessages {
    fn add(&mut self, span: &GenAiSpan) {
        let text = |name: &str| span.attributes.get(name).and_then(Value::as_str).map(str::to_owned);
        let model = text("gen_ai.response.model").or(text("gen_ai.request.model"));
        self.agent = self.agent.take().or(text("gen_ai.agent.name"));
        self.session = self.session.take().or(text("gen_ai.conversation.id"));
        let is_other = |(name, _): &&(String, JsonObject)| !name.starts_with("gen_ai.");
        self.other_events += span.events.iter().filter(is_other).count() as u64;
        let first = self.messages.len();
        match text("gen_ai.operation.name").as_deref() {
            Some("execute_tool") => self.add_tool(span),
            _ => self.add_call(span),
        }
        if self.messages.len() == first {
            self.others += 1;
            return;
        }
        self.model = self.model.take().or(model.clone());
        for message in &mut self.messages[first..] {
            message.timestamp = span.timestamp.clone();
            message.native_id = Some(span.id.clone()).filter(|id| !id.is_empty());
            message.model.clone_from(&model);
        }
    }

    /// What a model was given that was not there yet, and what it answered.
    fn add_call(&mut self, span: &GenAiSpan) {
        let mut given = Vec::new();
        let mut gave = Vec::new();
        let all = std::iter::once(&span.attributes).chain(span.events.iter().map(|(_, attributes)| attributes));
        for attributes in all {
            if let Some(instructions) = attributes.get("gen_ai.system_instructions") {
                given.push(json!({"role": "system", "parts": structured(instructions)}));
            }
            given.extend(list(attributes.get("gen_ai.input.messages")));
            gave.extend(list(attributes.get("gen_ai.output.messages")));
        }
        for (name, attributes) in &span.events {
            let message = event_message(attributes);
            match name.as_str() {
                "gen_ai.choice" => gave.push(message("assistant")),
                name => {
                    let role = name.strip_prefix("gen_ai.").and_then(|name| name.strip_suffix(".message"));
                    role.into_iter().for_each(|role| given.push(message(role)));
                }
            }
        }
        let said = |message: &Value| {
            let mut message = message.clone();
            if let Value::Object(fields) = &mut message {
                fields.retain(|name, _| matches!(name.as_str(), "role" | "parts" | "content" | "tool_calls" | "id"));
            }
            message
        };
        let new: Vec<Value> = self.given.new_of(&given, said).into_iter().cloned().collect();
        new.iter().for_each(|message| self.messages.extend(messages(message)));
        for message in gave {
            self.given.add(&said(&message));
            self.messages.extend(messages(&message));
        }
    }

    /// What a tool gave; of a call that a model's answer holds, it is the answer.
    fn add_tool(&mut self, span: &GenAiSpan) {
        let get = |name: &str| span.attributes.get(&format!("gen_ai.tool.{name}")).cloned();
        let id = get("call.id").and_then(|id| id.as_str().map(str::to_owned));
        let is_told = id.as_ref().is_some_and(|id| {
            self.messages.iter().flat_map(|message| &message.calls).any(|call| call.tool_call_id == *id)
        });
        let result = get("call.result").map(|result| structured(&result));
        if !is_told {
            let arguments = get("call.arguments").unwrap_or_default();
            let name = get("name").unwrap_or_else(|| json!(span.name));
            let mut message = Message::said(StepSource::Agent, MessageBody::default());
            message.calls.push(tool_call(json!({"id": id, "name": name, "arguments": arguments})));
            self.messages.push(message);
        }
        let Some(result) = result else {
            self.told_twice += u64::from(is_told);
            return;
        };
        let mut body = MessageBody::of_text(text_of(Some(result.clone())));
        if span.failed {
            body.prepend("[error]".to_owned());
        }
        if let Some(id) = &id {
            // The next call of the model is given it too.
            for name in ["response", "result"] {
                self.given
                    .add(&json!({"role": "tool", "parts": [{"type": "tool_call_response", "id": id, name: result}]}));
            }
        }
        self.messages.push(Message::answer(id, body));
    }
}

/// A list that may be written as text.
fn list(value: Option<&Value>) -> Vec<Value> {
    match value.map(structured) {
        Some(Value::Array(items)) => items,
        Some(Value::Null) | None => Vec::new(),
        Some(other) => vec![other],
    }
}

fn structured(value: &Value) -> Value {
    match value {
        Value::String(written) => text::value(written).unwrap_or_else(|| value.clone()),
        other => other.clone(),
    }
}

/// A message of older conventions, in the attributes of an event.
fn event_message(attributes: &JsonObject) -> impl Fn(&str) -> Value {
    let get = |name: &str| attributes.get(name).or_else(|| attributes.get(&format!("gen_ai.{name}"))).map(structured);
    let own = get("message").unwrap_or_else(|| Value::Object(JsonObject::new()));
    let [content, calls, id] = ["content", "tool_calls", "id"].map(|name| own.get(name).cloned().or_else(|| get(name)));
    move |role| {
        let mut message = JsonObject::from_iter([("role".to_owned(), json!(role))]);
        let known = [("content", &content), ("tool_calls", &calls), ("tool_call_id", &id)];
        message.extend(known.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value.clone()?))));
        Value::Object(message)
    }
}

/// The messages that one of the conventions' is: answers of tools are messages of their own.
fn messages(value: &Value) -> Vec<Message> {
    let Some(parts) = value["parts"].as_array() else { return vec![Message::read(value.clone())] };
    let mut body = MessageBody::default();
    let mut calls: Vec<ToolCall> = Vec::new();
    let mut answers = Vec::new();
    for part in parts {
        match part["type"].as_str() {
            Some("text") => body.add(part["content"].clone()),
            Some("reasoning" | "thinking") => body.add_reasoning(text_of(Some(part["content"].clone()))),
            Some("tool_call") => calls.push(tool_call(part.clone())),
            Some("tool_call_response") => {
                let gave =
                    ["response", "result", "content"].iter().map(|name| &part[*name]).find(|gave| !gave.is_null());
                let body = MessageBody::of_text(text_of(gave.cloned()));
                answers.push(Message::answer(part["id"].as_str().map(str::to_owned), body));
            }
            Some("blob") => {
                let kind = part["mime_type"].as_str().or(part["modality"].as_str()).unwrap_or("image/png");
                let data = part["content"].as_str().or(part["data"].as_str()).unwrap_or("");
                body.add(json!({"type": "image", "image": format!("data:{kind};base64,{data}")}));
            }
            Some("uri") => body.add(json!({"type": "image", "image": part["uri"]})),
            _ => body.add(part.clone()),
        }
    }
    let role = value["role"].as_str().unwrap_or("");
    if body.is_empty() && calls.is_empty() && !answers.is_empty() {
        return answers;
    }
    // The role is read as everywhere.
    let mut message = Message::read(json!({"role": role, "name": value["name"]}));
    let is_agents = matches!(message.role, Role::Speaker(StepSource::Agent));
    message.body.append(if is_agents { body } else { body.spoken() });
    message.calls = calls;
    std::iter::once(message).chain(answers).collect()
}

#[cfg(test)]
mod tests {
    use super::super::testing::shown;
    use super::*;

    fn attribute(key: &str, value: &Value) -> Value {
        json!({"key": key, "value": {"stringValue": value.as_str().map_or_else(|| value.to_string(), str::to_owned)}})
    }

    fn span(start: u64, attributes: &[(&str, Value)]) -> Value {
        let attributes: Vec<Value> = attributes.iter().map(|(key, value)| attribute(key, value)).collect();
        json!({"traceId": "t", "spanId": format!("s{start}"), "name": "chat m", "attributes": attributes,
            "startTimeUnixNano": (1_795_871_711_000_000_000_u64 + start * 1_000_000_000).to_string()})
    }

    #[test]
    fn each_call_adds_what_was_not_there_yet() {
        let user = json!({"role": "user", "parts": [{"type": "text", "content": "Go."}]});
        let call = json!({"role": "assistant", "finish_reason": "tool_call", "parts": [{"type": "reasoning", "content": "hm"},
            {"type": "tool_call", "id": "a", "name": "ls", "arguments": {"p": 1}}]});
        let mut given = call.clone();
        given.as_object_mut().unwrap().remove("finish_reason");
        let gave = json!({"role": "tool", "parts": [{"type": "tool_call_response", "id": "a", "response": "x"}]});
        let done =
            json!({"role": "assistant", "finish_reason": "stop", "parts": [{"type": "text", "content": "Done."}]});
        let spans = json!([
            span(
                3,
                &[
                    ("gen_ai.operation.name", json!("chat")),
                    ("gen_ai.input.messages", json!([user, given, gave])),
                    ("gen_ai.output.messages", json!([done]))
                ]
            ),
            span(
                1,
                &[
                    ("gen_ai.operation.name", json!("chat")),
                    ("gen_ai.request.model", json!("m")),
                    ("gen_ai.system_instructions", json!([{"type": "text", "content": "S"}])),
                    ("gen_ai.input.messages", json!([user])),
                    ("gen_ai.output.messages", json!([call]))
                ]
            ),
            span(
                2,
                &[
                    ("gen_ai.operation.name", json!("execute_tool")),
                    ("gen_ai.tool.name", json!("ls")),
                    ("gen_ai.tool.call.id", json!("a")),
                    ("gen_ai.tool.call.result", json!("x"))
                ]
            ),
            span(0, &[("http.method", json!("GET"))]),
        ]);
        let (run, steps) = shown(&json!({"resourceSpans": [{"scopeSpans": [{"spans": spans}]}]}));
        assert_eq!(steps, ["system: S", "user: Go.", "agent: hm / ls {\"p\":1} / x", "agent: Done."]);
        assert_eq!(run.extra["left_out"], json!({"span of another kind": 1}));
        assert_eq!(
            (run.agent.model_name.as_deref(), run.steps[1].timestamp.as_deref()),
            (Some("m"), Some("2026-11-28T13:15:12Z"))
        );
    }

    #[test]
    fn events_of_older_conventions_are_read() {
        let span = json!({"name": "chat", "context": {"trace_id": "t", "span_id": "s"}, "start_time": "2026-11-28T10:00:00.000000Z",
            "attributes": {"gen_ai.operation.name": "chat"}, "events": [
                {"name": "gen_ai.user.message", "attributes": {"content": "Go."}},
                {"name": "gen_ai.choice", "attributes": {"index": 0, "message": "{\"content\": \"Done.\"}"}},
                {"name": "exception", "attributes": {"exception.message": "late"}}]});
        let (run, steps) = shown(&span);
        assert_eq!(steps, ["user: Go.", "agent: Done."]);
        assert_eq!(run.counted(PartFate::LeftOut), ["event of another kind (1)"]);
    }
}
