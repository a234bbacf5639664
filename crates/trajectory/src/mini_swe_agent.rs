//! mini-swe-agent's `.traj.json` files, version 1 and 2.
//!
//! In: `{info, messages, trajectory_format}`: chat messages, or OpenAI's responses, with what the tool adds under `extra`.
//! Out: one conversation, in which what a command printed answers its call, and an answer that the tool could not read
//! stands before the complaint. What the tool itself says at the end has the role `exit`.

use serde_json::{Value, json};

use super::block::MessageBody;
use super::call::tool_call;
use super::conversation::Conversation;
use super::fields::some_text;
use super::format::{FormatEntry, FormatReader};
use super::json::each;
use super::message::{Message, Role};
use super::{StepSource, ToolCall, responses, time};

pub(super) const FORMAT: FormatEntry = FormatEntry {
    name: "mini-swe-agent",
    reader: FormatReader::Json {
        is: |values| !each(values).is_empty() && each(values).iter().all(is),
        open: |values| Ok(Box::new(each(&values).iter().map(conversation).collect::<Vec<_>>())),
    },
};

fn is(value: &Value) -> bool {
    let format = value["trajectory_format"].as_str().unwrap_or("");
    let is_named = format.starts_with("mini-swe-agent") || value["info"]["mini_version"].is_string();
    is_named && value["messages"].is_array()
}

/// How a run ends that was not broken off.
const SUBMITTED: &str = "Submitted";

fn conversation(value: &Value) -> Conversation {
    let mut messages = Vec::new();
    let mut open = 0;
    for row in value["messages"].as_array().into_iter().flatten() {
        let first = messages.len();
        add(row, &mut messages, &mut open);
        let time = time::timestamp(&row["extra"]["timestamp"]);
        messages[first..].iter_mut().for_each(|message| message.timestamp = message.timestamp.take().or(time.clone()));
    }
    let info = &value["info"];
    let mut conversation = Conversation::of(FORMAT.name, messages);
    conversation.handed_in(info["submission"].as_str().unwrap_or(""));
    conversation.agent.name = FORMAT.name.to_owned();
    conversation.agent.version = some_text(&info["mini_version"]).unwrap_or(conversation.agent.version);
    conversation.agent.model_name = some_text(&info["config"]["model"]["model_name"]);
    conversation.id = some_text(&value["instance_id"]);
    match info["exit_status"].as_str() {
        None | Some(SUBMITTED | "") => {}
        Some("LimitsExceeded") => conversation.ended("limit: steps or cost"),
        Some(other) => conversation.ended(other),
    }
    conversation
}

/// Adds the messages of a row; `open` counts the calls in plain text that were not answered yet.
fn add(row: &Value, messages: &mut Vec<Message>, open: &mut usize) {
    if !row["role"].is_string() {
        let items = row["output"].as_array().cloned().unwrap_or_else(|| vec![row.clone()]);
        return messages.extend(responses::messages(items));
    }
    let about = &row["extra"];
    if row["role"] == "exit" {
        let body = MessageBody::read(row["content"].clone());
        return messages.push(Message::said(StepSource::System, body).by("exit"));
    }
    let mut message = Message::read(row.clone());
    match message.role {
        Role::Speaker(StepSource::Agent) if message.calls.is_empty() => {
            message.calls = commands(about, &mut message.body);
            *open = message.calls.len();
        }
        Role::Speaker(StepSource::User) if *open > 0 && is_output(about, &message.body) => {
            *open -= 1;
            message = Message { native_id: message.native_id, ..Message::answer(None, message.body) };
        }
        // An answer that the tool could not read stands with its complaint.
        Role::Speaker(StepSource::User) => messages.extend(unread(&about["response"])),
        Role::Speaker(_) | Role::Tool => {}
    }
    messages.push(message);
}

/// The answer of a model, in whichever form its client keeps it.
fn unread(response: &Value) -> Vec<Message> {
    if let Some(items) = response["output"].as_array() {
        return responses::messages(items.iter().cloned());
    }
    let own = [&response["choices"][0]["message"], response].into_iter().find(|value| value["role"].is_string());
    match (own, response) {
        (Some(message), _) => vec![Message::read(message.clone())],
        (None, Value::Null) => Vec::new(),
        (None, other) => vec![Message::said(StepSource::Agent, MessageBody::read(other.clone()))],
    }
}

/// Whether a user's message is what a command printed.
fn is_output(about: &Value, body: &MessageBody) -> bool {
    let says = |name: &str| about.get(name).is_some();
    let text = body.text();
    says("returncode") || says("raw_output") || text.starts_with("<returncode>") || text.starts_with("Observation:")
}

/// The commands of an answer in plain text: those that the tool found, else that in its only block of code.
fn commands(about: &Value, body: &mut MessageBody) -> Vec<ToolCall> {
    let call = |command: &str| tool_call(json!({"name": "bash", "arguments": {"command": command}}));
    let text = body.text();
    let block = only_block(&text);
    let found: Vec<&str> = match about["actions"].as_array() {
        Some(actions) => actions.iter().filter_map(|action| action["command"].as_str().or(action.as_str())).collect(),
        None => block.iter().map(|block| block.command).collect(),
    };
    if let (Some(block), [only]) = (&block, found.as_slice())
        && block.command.trim() == only.trim()
    {
        *body = MessageBody::of_text(block.around());
    }
    found.into_iter().map(call).collect()
}

/// The only block of code in a text.
struct CodeBlock<'t> {
    before: &'t str,
    command: &'t str,
    after: &'t str,
}

impl CodeBlock<'_> {
    fn around(&self) -> String {
        [self.before.trim_end(), self.after.trim_start()].join("\n").trim().to_owned()
    }
}

fn only_block(text: &str) -> Option<CodeBlock<'_>> {
    let (before, rest) = text.split_once("```bash\n").or_else(|| text.split_once("```mswea_bash_command\n"))?;
    let (command, after) = rest.split_once("\n```")?;
    (!after.contains("```bash") && !before.contains("```")).then_some(CodeBlock { before, command, after })
}

#[cfg(test)]
mod tests {
    use super::super::testing::shown;
    use super::*;

    #[test]
    fn commands_in_plain_text_are_calls() {
        let (run, steps) = shown(
            &json!({"trajectory_format": "mini-swe-agent-1", "info": {"exit_status": "LimitsExceeded"}, "messages": [
            {"role": "system", "content": "S"}, {"role": "user", "content": "Count."},
            {"role": "assistant", "content": "THOUGHT: I look.\n\n```bash\nls\n```"},
            {"role": "user", "content": "<returncode>0</returncode>\n<output>\na\n</output>"},
            {"role": "user", "content": "One action, please.", "extra": {"response": {"choices": [{"message":
                {"role": "assistant", "content": "no block"}}]}}},
            {"role": "exit", "content": "", "extra": {"exit_status": "LimitsExceeded"}}]}),
        );
        assert_eq!(
            steps,
            [
                "system: S",
                "user: Count.",
                "agent: THOUGHT: I look. / bash {\"command\":\"ls\"} / <returncode>0</returncode> / <output> / a / </output>",
                "agent: no block",
                "user: One action, please.",
                "system: ",
            ]
        );
        assert_eq!(
            (run.extra["ended"].as_str(), run.steps[5].extra["speaker"].as_str()),
            (Some("limit: steps or cost"), Some("exit"))
        );
    }

    #[test]
    fn responses_stand_among_the_messages() {
        let (_, steps) = shown(
            &json!({"trajectory_format": "mini-swe-agent-1.1", "info": {"submission": "done"}, "messages": [
            {"role": "user", "content": "Count."},
            {"object": "response", "output": [{"type": "function_call", "call_id": "a", "name": "bash", "arguments": "{}"}], "extra": {}},
            {"type": "function_call_output", "call_id": "a", "output": "3"}]}),
        );
        assert_eq!(steps, ["user: Count.", "agent: bash {} / 3", "system: done"]);
    }
}
