//! OpenAI chat logs, and the many files that hold the same messages.
//!
//! In: JSON values: messages, `{"messages": […]}`, `{"traj": […]}` (tau-bench), lists of those, or one of them a line
//! (JSONL). Out: conversations, and the trajectory of each. It never copies fields that are not named here; rewards and
//! reference answers least of all.

use serde_json::{Value, json};

use super::chat::ChatSteps;
use super::fields::{id_text, take_text};
use super::sample::{SampleKey, SampleLine, opening};
use super::{ATIF_VERSION, Agent, JsonObject, Trajectory, UNKNOWN, block, chat, gold, json as text};
use crate::diagnostic::Fault;

/// Fields under which a conversation's messages are found.
const MESSAGES: [&str; 2] = ["messages", "traj"];

/// Fields under which a conversation's id is found.
const IDS: [&str; 6] = ["id", "task_id", "conversation_id", "session_id", "instance_id", "uuid"];

/// One conversation, before its messages are read.
pub(super) struct Conversation {
    id: Option<String>,
    /// tau-bench's `trial`.
    epoch: Option<String>,
    model: Option<String>,
    messages: Vec<Value>,
    gold: JsonObject,
}

/// The conversations in a file's values: all values are messages of one, or each is one.
pub(super) fn conversations(values: Vec<Value>) -> Result<Vec<Conversation>, Fault> {
    if values.iter().all(is_message) && !values.is_empty() {
        return Ok(vec![Conversation::of(values, JsonObject::new())]);
    }
    let several = values.len() > 1;
    let numbered = values.into_iter().zip(1..);
    let read = numbered.map(|(value, number)| {
        let found = keys_found(&value);
        conversation(value).ok_or_else(|| match several {
            true => unknown(&format!("value {number} of the file is no chat message or conversation: {found}")),
            false => unknown(&format!("the file's format is not known: {found}")),
        })
    });
    let conversations = read.collect::<Result<Vec<_>, _>>()?;
    match conversations.is_empty() {
        true => Err(unknown("the file is an empty list")),
        false => Ok(conversations),
    }
}

/// What the samples are known by: their id, else their place in the file counted from 1.
pub(super) fn keys(conversations: &[Conversation]) -> Vec<SampleKey> {
    let numbered = conversations.iter().zip(1..);
    let key = |(conversation, number): (&Conversation, usize)| SampleKey {
        id: conversation.id.clone().unwrap_or_else(|| number.to_string()),
        epoch: conversation.epoch.clone(),
    };
    numbered.map(key).collect()
}

fn unknown(found: &str) -> Fault {
    Fault::whole(found).help(text::FORMATS)
}

/// What a value holds at its top, for an error.
fn keys_found(value: &Value) -> String {
    const SHOWN: usize = 8;
    match value {
        Value::Object(fields) if fields.is_empty() => "an empty object".to_owned(),
        Value::Object(fields) => {
            let names = fields.keys().take(SHOWN).map(|name| format!("`{}`", opening(name)));
            format!("an object with {}", names.collect::<Vec<_>>().join(", "))
        }
        Value::Array(_) => "a list".to_owned(),
        Value::String(_) => "a text".to_owned(),
        Value::Number(_) | Value::Bool(_) | Value::Null => "a single value".to_owned(),
    }
}

fn is_message(value: &Value) -> bool {
    value.get("role").is_some_and(Value::is_string)
}

/// A value that holds one conversation: a list of messages, or an object with such a list.
fn conversation(value: Value) -> Option<Conversation> {
    match value {
        Value::Array(messages) => {
            let sound = !messages.is_empty() && messages.iter().all(is_message);
            sound.then(|| Conversation::of(messages, JsonObject::new()))
        }
        Value::Object(mut fields) => {
            let name = MESSAGES.iter().find(|name| fields.get(**name).is_some_and(Value::is_array))?;
            match fields.remove(*name) {
                Some(Value::Array(messages)) => Some(Conversation::of(messages, fields)),
                _ => None,
            }
        }
        _ => None,
    }
}

impl Conversation {
    /// `about` is what stands beside the messages.
    fn of(messages: Vec<Value>, mut about: JsonObject) -> Self {
        Self {
            id: IDS.iter().find_map(|name| id_text(&about, name)),
            epoch: id_text(&about, "trial"),
            model: take_text(&mut about, "model"),
            messages,
            gold: gold::take(&mut about, |name| name == "info" || gold::is_gold(name)),
        }
    }

    /// The conversation's line in a listing; its label is added by the caller.
    pub(super) fn line(&self) -> SampleLine {
        SampleLine {
            id: String::new(),
            messages: Some(self.messages.len()),
            status: None,
            model: self.model.clone(),
            input: first_words(&self.messages),
        }
    }

    pub(super) fn into_trajectory(self, keep_gold: bool) -> Result<Trajectory, Fault> {
        refuse_anthropic(&self.messages)?;
        let mut extra = JsonObject::from_iter([("source_format".to_owned(), json!("openai"))]);
        if let Some(epoch) = self.epoch {
            extra.insert("epoch".to_owned(), json!(epoch));
        }
        if keep_gold && !self.gold.is_empty() {
            extra.insert("gold".to_owned(), Value::Object(self.gold));
        }
        let ChatSteps { steps, left_out } = chat::steps(self.messages)?;
        let mut run = Trajectory {
            schema_version: ATIF_VERSION.to_owned(),
            session_id: None,
            trajectory_id: self.id,
            agent: Agent {
                name: UNKNOWN.to_owned(),
                version: UNKNOWN.to_owned(),
                model_name: self.model,
                rest: JsonObject::new(),
            },
            steps,
            extra,
            rest: JsonObject::new(),
        };
        left_out.into_iter().for_each(|(kind, count)| run.count_left_out(&kind, count));
        Ok(run)
    }
}

/// The first words of the first user message, else of the first message.
pub(super) fn first_words(messages: &[Value]) -> String {
    let mut users = messages.iter().filter(|message| message["role"] == "user");
    let first = users.next().or(messages.first());
    let content = first.map(|message| message["content"].clone());
    let body = block::MessageBody::read(content.unwrap_or_default());
    opening(&body.content().text())
}

/// Anthropic's messages look alike, but hold calls and answers in blocks that would be lost.
fn refuse_anthropic(messages: &[Value]) -> Result<(), Fault> {
    let has_tool_block = |message: &Value| {
        let blocks = message["content"].as_array().into_iter().flatten();
        let mut kinds = blocks.filter_map(|block| block["type"].as_str());
        kinds.any(|kind| matches!(kind, "tool_use" | "tool_result"))
    };
    match messages.iter().position(has_tool_block) {
        None => Ok(()),
        Some(index) => Err(Fault::whole(format!(
            "message {} holds a `tool_use` or `tool_result` block, as Anthropic's messages do",
            index + 1
        ))
        .help("Anthropic's messages are not read yet; convert them to OpenAI chat or ATIF.")),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{ReadOptions, list, read, to_atif};
    use super::*;

    fn open(bytes: &str, sample: Option<&str>, keep_gold: bool) -> Result<Trajectory, Fault> {
        let sample = sample.map(str::to_owned);
        read(bytes.as_bytes(), &ReadOptions { sample, keep_gold })
    }

    fn texts(bytes: &str, sample: Option<&str>) -> Vec<String> {
        let steps = open(bytes, sample, false).unwrap().steps;
        steps.iter().map(|step| step.message.text().into_owned()).collect()
    }

    const TAU: &str = r#"{"task_id": 0, "trial": 1, "reward": 0.5, "info": {"task": "SECRET"},
        "secret_field": "SECRET", "traj": [{"role": "user", "content": "hi", "tool_calls": null},
        {"role": "assistant", "content": "", "tool_calls": [{"id": "0", "function":
            {"name": "find", "arguments": {"user": "mia"}}}]},
        {"role": "tool", "tool_call_id": "0", "name": "find", "content": "found"}]}"#;

    #[test]
    fn one_conversation_comes_as_a_list_or_an_object() {
        let list = r#"[{"role": "user", "content": "hi"}, {"role": "assistant", "content": "yes"}]"#;
        assert_eq!(texts(list, None), ["hi", "yes"]);
        assert_eq!(texts(&format!(r#"{{"messages": {list}}}"#), None), ["hi", "yes"]);
        assert_eq!(texts(r#"{"role": "user", "content": "hi"}"#, None), ["hi"]);
    }

    #[test]
    fn a_line_may_be_a_message() {
        let lines = "\u{feff}{\"role\": \"user\", \"content\": \"hi\"}\n\n\
                     {\"role\": \"assistant\", \"content\": \"yes\"}\n";
        assert_eq!(texts(lines, None), ["hi", "yes"]);
    }

    #[test]
    fn a_line_may_be_a_conversation() {
        let lines = r#"{"id": "a", "messages": [{"role": "user", "content": "1"}]}
            {"id": "b", "messages": [{"role": "user", "content": "2"}]}
            [{"role": "user", "content": "3"}]"#;
        assert_eq!(texts(lines, Some("b")), ["2"]);
        assert_eq!(texts(lines, Some("3")), ["3"]);
        let error = open(lines, None, false).unwrap_err();
        assert_eq!(error.message, "the log holds 3 samples: a, b, 3");
        let lines = list(lines.as_bytes()).unwrap();
        assert_eq!(lines[1].to_string(), "b  1 message  2");
    }

    #[test]
    fn tau_bench_runs_are_read_without_their_gold() {
        let trajectory = open(TAU, Some("0"), false).unwrap();
        assert_eq!(trajectory.steps[1].text(), "find {\"user\":\"mia\"}\nfound");
        assert_eq!(trajectory.trajectory_id.as_deref(), Some("0"));
        let written = to_atif(&trajectory);
        assert!(!written.contains("SECRET") && !written.contains("reward"));
    }

    #[test]
    fn gold_is_kept_when_asked_for_and_nothing_else() {
        let extra = open(TAU, None, true).unwrap().extra;
        assert_eq!(extra["gold"], json!({"reward": 0.5, "info": {"task": "SECRET"}}));
        assert!(!Value::Object(extra).to_string().contains("secret_field"));
    }

    #[test]
    fn trials_of_one_task_are_told_apart() {
        let runs = format!("[{TAU}, {}]", TAU.replace("\"trial\": 1", "\"trial\": 2"));
        let ids: Vec<_> = list(runs.as_bytes()).unwrap().into_iter().map(|line| line.id).collect();
        assert_eq!(ids, ["0#1", "0#2"]);
        assert_eq!(open(&runs, Some("0#2"), false).unwrap().extra["epoch"], "2");
    }

    #[test]
    fn what_is_not_read_yet_is_refused_by_name() {
        let blocks = r#"[{"role": "user", "content": [{"type": "tool_result", "content": "x"}]}]"#;
        assert!(open(blocks, None, false).unwrap_err().message.contains("Anthropic"));
        let swe = open(r#"{"trajectory": [], "history": []}"#, None, false).unwrap_err();
        assert!(swe.message.contains("`history`"), "{swe}");
        assert!(swe.help[0].contains("ATIF"));
        let mixed = "{\"role\": \"user\", \"content\": \"a\"}\n{\"kind\": 1}";
        let error = open(mixed, None, false).unwrap_err();
        assert!(error.message.contains("value 1"), "{error}");
        for odd in ["[]", "3", "\"a\"", "{}", "[[]]", "[1, 2]", r#"{"messages": []}"#] {
            assert!(open(odd, None, false).is_err(), "{odd}");
        }
    }
}
