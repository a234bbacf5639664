//! OpenAI chat logs, and the many files that hold the same messages.
//!
//! In: JSON values: messages, `{"messages": […]}`, `{"traj": […]}` (tau-bench), whole `chat.completion` objects, a request
//! with its response, lists of those, or one of them a line (JSONL). Out: conversations. It never copies fields that are
//! not named here; rewards and reference answers least of all.

use serde_json::Value;

use super::account::PartFate;
use super::conversation::Conversation;
use super::format::{FormatEntry, FormatReader};
use super::message::Message;
use super::rows::{AllRunRows, RunRows, rows};

/// The last of the formats in JSON: whatever has roles is read so.
pub(super) const FORMAT: FormatEntry = FormatEntry {
    name: "openai",
    reader: FormatReader::Json {
        is: |values| values.iter().any(has_answer) || !runs(values).runs.is_empty(),
        open: |values| {
            let values: Vec<Value> = values.into_iter().map(with_answer).collect();
            runs(&values).read(|run| [conversation(run)])
        },
    },
};

/// Fields under which a conversation's messages are found.
const MESSAGES: [&str; 2] = ["messages", "traj"];

fn runs(values: &[Value]) -> AllRunRows<'_> {
    rows(values, &MESSAGES, &is_message)
}

pub(super) fn is_message(value: &Value) -> bool {
    value.get("role").is_some_and(Value::is_string)
}

fn has_answer(value: &Value) -> bool {
    let message = |value: &Value| value["choices"][0]["message"].is_object();
    message(value) || message(&value["response"])
}

/// A request's messages with the answer that came, or the answer alone.
fn with_answer(value: Value) -> Value {
    if !has_answer(&value) {
        return value;
    }
    let Value::Object(mut fields) = value else { return value };
    let mut response = match fields.remove("response") {
        Some(Value::Object(response)) => response,
        _ => fields.clone(),
    };
    let mut about = match fields.remove("request") {
        Some(Value::Object(request)) => request,
        _ => fields,
    };
    let mut messages = match about.remove("messages") {
        Some(Value::Array(messages)) => messages,
        _ => Vec::new(),
    };
    let choices = response.remove("choices").unwrap_or_default();
    messages.push(choices[0]["message"].clone());
    about.insert("messages".to_owned(), Value::Array(messages));
    about.insert("choices".to_owned(), choices);
    for name in ["id", "model"] {
        let known = response.remove(name);
        known.into_iter().for_each(|value| drop(about.insert(name.to_owned(), value)));
    }
    Value::Object(about)
}

fn conversation(run: RunRows<'_>) -> Conversation {
    let mut about = run.about.cloned().unwrap_or_default();
    MESSAGES.iter().for_each(|name| drop(about.remove(*name)));
    let messages = run.rows.into_iter().cloned().map(Message::read).collect();
    let mut conversation = Conversation::of(FORMAT.name, messages);
    conversation.about(&mut about);
    if let Some(Value::Array(choices)) = about.remove("choices") {
        let others = choices.len().saturating_sub(1) as u64;
        conversation.account.add_many(PartFate::LeftOut, "further choice of the model", others);
        let reason = choices.first().and_then(|choice| choice["finish_reason"].as_str());
        if let Some(reason @ ("length" | "content_filter")) = reason {
            conversation.ended(format!("stopped: {reason}"));
        }
    }
    conversation
}

#[cfg(test)]
mod tests {
    use super::super::{ReadOptions, Trajectory, list, read, to_atif};
    use super::*;
    use goldbook_ground::diagnostic::Fault;
    use serde_json::json;

    fn open(bytes: &str, sample: Option<&str>, keep_gold: bool) -> Result<Trajectory, Fault> {
        let sample = sample.map(str::to_owned);
        read(bytes.as_bytes(), &ReadOptions { sample, keep_gold, ..ReadOptions::default() })
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
    fn rows_that_are_no_messages_are_kept_and_counted() {
        let mixed = "{\"role\": \"user\", \"content\": \"a\"}\n{\"kind\": 1}";
        assert_eq!(texts(mixed, None), ["a", "{\"kind\":1}"]);
        assert_eq!(open(mixed, None, false).unwrap().extra["unplaced"], json!({"row that is no message": 1}));
        for odd in ["[]", "3", "\"a\"", "{}", "[[]]", "[1, 2]", r#"{"messages": []}"#] {
            assert!(open(odd, None, false).unwrap_err().help[0].contains("atif, inspect"), "{odd}");
        }
    }

    #[test]
    fn whole_answers_are_read_with_what_they_answer() {
        let choice = r#"{"finish_reason": "length", "message": {"role": "assistant", "content": "yes"}}"#;
        let whole =
            format!(r#"{{"id": "x", "object": "chat.completion", "model": "m", "choices": [{choice}, {choice}]}}"#);
        let run = open(&whole, None, false).unwrap();
        assert_eq!((run.steps.len(), run.agent.model_name.as_deref()), (1, Some("m")));
        assert_eq!(run.extra["left_out"], json!({"further choice of the model": 1}));
        assert_eq!(run.extra["ended"], "stopped: length");
        let pair =
            format!(r#"{{"request": {{"messages": [{{"role": "user", "content": "hi"}}]}}, "response": {whole}}}"#);
        assert_eq!(texts(&pair, None), ["hi", "yes"]);
    }
}
