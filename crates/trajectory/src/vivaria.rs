//! METR's Vivaria: traces of runs.
//!
//! In: trace entries in a list, one a line, or under `trace`, `traceEntries` or `entries`. Out: a conversation an agent
//! branch, in the order of time: an entry's index is no number of a step. What a model was given is taken over once. It
//! never passes on what people or models thought of options, or scores, unless asked to.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::account::{PartFate, ReadingAccount};
use super::block::MessageBody;
use super::call::tool_call;
use super::conversation::Conversation;
use super::fields::{id_text, text_of};
use super::format::{FormatEntry, FormatReader};
use super::message::Message;
use super::repeated::Repeated;
use super::rows::{AllRunRows, RunRows, rows};
use super::{JsonObject, StepSource, time};

pub(super) const FORMAT: FormatEntry = FormatEntry {
    name: "vivaria",
    reader: FormatReader::Json {
        is: |values| !all(values).runs.is_empty(),
        open: |values| all(&values).read(|run| branches(&run)),
    },
};

fn all(values: &[Value]) -> AllRunRows<'_> {
    rows(values, &["trace", "traceEntries", "trace_entries", "entries"], &is_entry)
}

fn is_entry(value: &Value) -> bool {
    value["content"]["type"].is_string() && (!value["calledAt"].is_null() || !value["agentBranchNumber"].is_null())
}

/// A run's branches; entries that name no run are of one.
fn branches(run: &RunRows<'_>) -> Vec<Conversation> {
    let mut entries: BTreeMap<(String, u64), Vec<&Value>> = BTreeMap::new();
    let mut others = 0;
    for row in &run.rows {
        match is_entry(row) {
            true => {
                let run = row.as_object().and_then(|row| id_text(row, "runId")).unwrap_or_default();
                entries.entry((run, row["agentBranchNumber"].as_u64().unwrap_or(0))).or_default().push(row);
            }
            false => others += 1,
        }
    }
    let about = run.about.cloned().unwrap_or_default();
    let several = entries.len() > 1;
    let read = entries.into_iter().map(|((id, number), mut entries)| {
        // Entries of one time stay in their order.
        entries.sort_by(|a, b| called_at(a).total_cmp(&called_at(b)));
        let mut branch = branch(&entries);
        branch.id = Some(id).filter(|id| !id.is_empty()).or_else(|| id_text(&about, "runId").or(id_text(&about, "id")));
        branch.epoch = several.then(|| number.to_string());
        let task = id_text(&about, "taskId").or(id_text(&about, "task_id"));
        task.into_iter().for_each(|task| drop(branch.extra.insert("task".to_owned(), json!(task))));
        branch.account.add_many(PartFate::LeftOut, "row that is no entry", others);
        branch
    });
    read.collect()
}

fn called_at(entry: &Value) -> f64 {
    entry["calledAt"].as_f64().unwrap_or(0.0)
}

fn branch(entries: &[&Value]) -> Conversation {
    let mut found = EntryMessages::default();
    for entry in entries {
        let first = found.messages.len();
        found.add(&entry["content"]);
        for message in &mut found.messages[first..] {
            message.native_id = entry.as_object().and_then(|entry| id_text(entry, "index"));
            message.timestamp = time::timestamp(&entry["calledAt"]);
        }
    }
    let mut conversation = Conversation::of(FORMAT.name, found.messages);
    conversation.agent.model_name = found.model;
    conversation.account = found.account;
    conversation.gold = found.gold;
    found.ended.into_iter().for_each(|how| conversation.ended(how));
    conversation
}

#[derive(Default)]
struct EntryMessages {
    messages: Vec<Message>,
    given: Repeated,
    model: Option<String>,
    ended: Option<String>,
    account: ReadingAccount,
    gold: JsonObject,
}

impl EntryMessages {
    fn say(&mut self, source: StepSource, content: &Value) {
        self.messages.push(Message::said(source, MessageBody::read(content.clone())));
    }

    /// Adds an entry's content.
    fn add(&mut self, content: &Value) {
        match content["type"].as_str().unwrap_or("") {
            "generation" => self.add_generation(content),
            "action" => self.add_action(&content["action"]),
            "observation" => {
                let body = MessageBody::of_text(sole_text(&content["observation"]));
                self.messages.push(Message::answer(None, body));
            }
            "submission" => {
                let body = MessageBody::read(content["value"].clone());
                self.messages.push(Message::said(StepSource::Agent, body).by("submission"));
                self.ended = None;
            }
            "log" => self.add_log(content),
            "input" => {
                self.say(StepSource::Agent, &content["description"]);
                self.say(StepSource::User, &content["input"]);
            }
            "rating" => self.add_rating(content),
            "error" => {
                let from = content["from"].as_str().unwrap_or("unknown");
                let texts = ["detail", "trace"].map(|name| text_of(Some(content[name].clone())));
                let body = MessageBody::of_text(format!("[error from {from}] {}", texts.join("\n").trim()));
                self.messages.push(Message::said(StepSource::System, body));
                self.ended = Some(if from == "usageLimits" { "limit: usage".to_owned() } else { "error".to_owned() });
            }
            kind @ "intermediateScore" => {
                self.account.add(PartFate::LeftOut, kind);
                let scores = self.gold.entry(kind).or_insert_with(|| json!([]));
                scores.as_array_mut().into_iter().for_each(|scores| scores.push(content.clone()));
            }
            kind @ ("frameStart" | "frameEnd" | "agentState" | "settingChange" | "safetyPolicy" | "burnTokens") => {
                self.account.add(PartFate::LeftOut, kind);
            }
            _ => self.messages.push(Message::of_row(content.clone())),
        }
    }

    /// What a model was given that was not there yet, and what it answered.
    fn add_generation(&mut self, content: &Value) {
        let request = if content["agentRequest"].is_object() {
            &content["agentRequest"]
        } else {
            &content["agentPassthroughRequest"]
        };
        let prompt = match &request["prompt"] {
            Value::Null => Vec::new(),
            prompt => vec![json!({"role": "user", "content": prompt})],
        };
        let given = request["messages"].as_array().unwrap_or(&prompt);
        let said = |message: &Value| json!([message["role"], text(&message["content"]), message["function_call"]]);
        for message in self.given.new_of(given, said) {
            let mut message = Message::read(message.clone());
            // What is given as a function's answer was observed already, or answers by its name.
            message.call_id = None;
            self.messages.push(message);
        }
        let model =
            ["settings", "model"].iter().find_map(|name| request[*name]["model"].as_str().or(request[*name].as_str()));
        let model = model.map(str::to_owned);
        let result = &content["finalResult"];
        for output in result["outputs"].as_array().into_iter().flatten() {
            let reasoning = output["reasoning_completion"].as_str().unwrap_or("");
            let blocks =
                json!([{"type": "text", "text": output["completion"]}, {"type": "reasoning", "reasoning": reasoning}]);
            let body =
                if reasoning.is_empty() { MessageBody::read(blocks[0].clone()) } else { MessageBody::read(blocks) };
            let mut message = Message::said(StepSource::Agent, body);
            if output["function_call"].is_object() {
                message.calls.push(tool_call(output["function_call"].clone()));
            }
            message.model.clone_from(&model);
            self.given.add(&json!(["assistant", text(&output["completion"]), output["function_call"]]));
            self.messages.push(message);
        }
        if let Some(error) = result["error"].as_str() {
            self.messages
                .push(Message::said(StepSource::System, MessageBody::of_text(format!("[error of the model] {error}"))));
        }
        self.model = self.model.take().or(model);
    }

    /// What the agent did, as a call.
    fn add_action(&mut self, action: &Value) {
        let mut fields = match action {
            Value::Object(fields) => fields.clone(),
            other => JsonObject::from_iter([("action".to_owned(), other.clone())]),
        };
        let name =
            ["type", "name", "tool", "command"].iter().find(|name| fields.get(**name).is_some_and(Value::is_string));
        let name = name.filter(|name| **name != "command").and_then(|name| fields.remove(*name));
        let name = name.unwrap_or_else(|| json!("action"));
        let arguments = match fields.remove("args").or_else(|| fields.remove("arguments")) {
            Some(arguments) if fields.is_empty() => arguments,
            Some(arguments) => {
                fields.insert("args".to_owned(), arguments);
                Value::Object(fields)
            }
            None => Value::Object(fields),
        };
        let mut message = Message::said(StepSource::Agent, MessageBody::default());
        message.calls.push(tool_call(json!({"name": name, "arguments": arguments})));
        self.messages.push(message);
    }

    fn add_log(&mut self, content: &Value) {
        let body = MessageBody::read(content["content"].clone());
        let title = content["attributes"]["title"].as_str().filter(|title| !title.is_empty());
        self.messages.push(Message::said(StepSource::System, body).by(title.unwrap_or("log")));
    }

    /// Options, and which was taken; what they were rated is left out.
    fn add_rating(&mut self, content: &Value) {
        let options = content["options"].as_array().into_iter().flatten().enumerate();
        let option = |(place, option): (usize, &Value)| {
            let said = [&option["action"], &option["description"]].map(|value| text_of(Some(value.clone())));
            format!("option {place}: {}", said.join("\n").trim())
        };
        let mut lines: Vec<String> = options.map(option).collect();
        lines.insert(0, text_of(Some(content["description"].clone())));
        lines.extend(content["choice"].as_u64().map(|choice| format!("chosen: option {choice}")));
        lines.retain(|line| !line.is_empty());
        let ratings = content["modelRatings"].as_array().map_or(0, Vec::len) as u64;
        self.account.add_many(PartFate::LeftOut, "rating of an option", ratings);
        self.messages.push(Message::said(StepSource::System, MessageBody::of_text(lines.join("\n"))).by("options"));
    }
}

fn text(content: &Value) -> String {
    MessageBody::read(content.clone()).text()
}

/// The only text in an object, else all of it.
fn sole_text(value: &Value) -> String {
    match value {
        Value::Object(fields) => match fields.values().collect::<Vec<_>>().as_slice() {
            [Value::String(text)] => text.clone(),
            _ => value.to_string(),
        },
        other => text_of(Some(other.clone())),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{ReadOptions, Step, list, read, to_atif};
    use super::*;

    fn entry(index: u64, branch: u64, at: u64, content: &Value) -> Value {
        json!({"runId": 7, "index": index, "agentBranchNumber": branch, "calledAt": at, "content": content})
    }

    #[test]
    fn entries_are_read_in_the_order_of_time_and_each_message_once() {
        let at = 1_795_871_711_000;
        let system = json!({"role": "system", "content": "S"});
        let generation = |messages: Value, said: &str| {
            json!({"type": "generation",
            "agentRequest": {"messages": messages, "settings": {"model": "m"}}, "finalResult": {"outputs": [{"completion": said}]}})
        };
        let log = json!([
            entry(99, 0, at + 5, &json!({"type": "submission", "value": "3"})),
            entry(12, 0, at + 1, &generation(json!([system]), "I look.")),
            entry(50, 0, at + 2, &json!({"type": "action", "action": {"type": "bash", "args": {"command": "ls"}}})),
            entry(3, 0, at + 3, &json!({"type": "observation", "observation": {"output": "a b c"}})),
            entry(
                4,
                0,
                at + 4,
                &generation(
                    json!([system, {"role": "assistant", "content": "I look."}, {"role": "user", "content": "Go on."}]),
                    "Three."
                )
            ),
            entry(5, 0, at + 4, &json!({"type": "intermediateScore", "score": "GOLD", "message": {}, "details": {}})),
            entry(
                6,
                0,
                at + 4,
                &json!({"type": "rating", "options": [{"action": "x"}], "choice": 0, "modelRatings": [0.9]})
            ),
            entry(1, 1, at, &json!({"type": "log", "content": ["a", "b"]})),
        ]);
        let ids: Vec<String> = list(log.to_string().as_bytes()).unwrap().into_iter().map(|line| line.id).collect();
        assert_eq!(ids, ["7#0", "7#1"]);
        let options = ReadOptions { sample: Some("7#0".into()), ..ReadOptions::default() };
        let run = read(log.to_string().as_bytes(), &options).unwrap();
        let step = |step: &Step| format!("{}: {}", step.source.name(), step.text().replace('\n', " / "));
        assert_eq!(
            run.steps.iter().map(step).collect::<Vec<_>>(),
            [
                "system: S",
                "agent: I look.",
                "agent: bash {\"command\":\"ls\"} / a b c",
                "user: Go on.",
                "agent: Three.",
                "system: option 0: x / chosen: option 0",
                "agent: 3",
            ]
        );
        assert_eq!(run.steps[1].extra["native_id"], "12");
        assert_eq!(run.steps[1].timestamp.as_deref(), Some("2026-11-28T13:15:11.001Z"));
        assert!(!to_atif(&run).contains("GOLD"));
    }
}
