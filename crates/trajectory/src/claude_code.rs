//! Claude Code's session files.
//!
//! In: rows of a session, one a line. Out: one conversation: of each tree of rows the newest branch, with answers of
//! parallel calls that stand beside it, and the runs of subagents that the file holds. A message that is split over rows is
//! put together. It never takes the tool's own words (summaries, notes) for the user's, and never keeps paths or branches.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::account::{PartFate, ReadingAccount};
use super::anthropic;
use super::block::MessageBody;
use super::conversation::{Conversation, SubagentConversation};
use super::format::{FormatEntry, FormatReader};
use super::json::each;
use super::message::{Message, Role};
use super::tree::{TreeNode, newest_branches};
use super::{StepSource, extra, time};

pub(super) const FORMAT: FormatEntry = FormatEntry {
    name: "claude-code",
    reader: FormatReader::Json {
        is: |values| each(values).iter().any(|row| is_message(row) && (has(row, "uuid") || has(row, "sessionId"))),
        open: |values| Ok(Box::new(vec![conversation(each(&values))])),
    },
};

/// What the program itself says in a model's place.
const SYNTHETIC: &str = "<synthetic>";

fn has(row: &Value, name: &str) -> bool {
    row[name].is_string()
}

fn is_message(row: &Value) -> bool {
    matches!(row["type"].as_str(), Some("user" | "assistant")) && row["message"].is_object()
}

fn is_sidechain(row: &Value) -> bool {
    row["isSidechain"] == true
}

fn conversation(rows: &[Value]) -> Conversation {
    let mut account = ReadingAccount::default();
    let mut nodes = Vec::new();
    for row in rows {
        match has(row, "uuid") || is_message(row) {
            true => nodes.push(row),
            false => {
                account
                    .add(PartFate::LeftOut, format!("row of the type {}", row["type"].as_str().unwrap_or("unknown")));
            }
        }
    }
    let (side, main): (Vec<&Value>, Vec<&Value>) = nodes.into_iter().partition(|row| is_sidechain(row));
    // The file of a subagent holds its rows alone.
    let (main, side) = if main.iter().any(|row| is_message(row)) { (main, side) } else { (side, main) };
    let messages = messages(&main, &mut account);
    let mut conversation = run(messages, &main);
    conversation.session_id = main.iter().find_map(|row| row["sessionId"].as_str()).map(str::to_owned);
    conversation.id = conversation.session_id.clone();
    conversation.account = account;
    conversation.subagents = subagents(&side, &main);
    conversation
}

fn run(messages: Vec<Message>, rows: &[&Value]) -> Conversation {
    let mut conversation = Conversation::of(FORMAT.name, messages);
    let model = |row: &&Value| row["message"]["model"].as_str().filter(|model| *model != SYNTHETIC).map(str::to_owned);
    conversation.agent.name = FORMAT.name.to_owned();
    conversation.agent.model_name = rows.iter().find_map(model);
    let version = rows.iter().find_map(|row| row["version"].as_str());
    version.into_iter().for_each(|version| conversation.agent.version = version.to_owned());
    conversation
}

/// The conversation in rows, without those of branches that were given up.
fn messages(rows: &[&Value], account: &mut ReadingAccount) -> Vec<Message> {
    let kept = kept(rows);
    let mut all: Vec<Message> = Vec::new();
    let mut last_id = None;
    for (place, row) in rows.iter().enumerate() {
        if !kept.contains(&place) {
            let kind = if is_message(row) { "message of another branch" } else { "note of another branch" };
            account.add(PartFate::LeftOut, kind);
            continue;
        }
        let id = row["message"]["id"].as_str().filter(|_| row["type"] == "assistant");
        let found = of_row(row, account);
        // Further rows of one answer of the model.
        let same = all.iter().rposition(|message| matches!(message.role, Role::Speaker(_)));
        match (id.is_some() && id == last_id, same, found.is_empty()) {
            (_, _, true) => continue,
            (true, Some(place), false) => found.into_iter().for_each(|message| match message.role {
                Role::Speaker(_) => {
                    all[place].body.append(message.body);
                    all[place].calls.extend(message.calls);
                }
                Role::Tool => all.push(message),
            }),
            _ => all.extend(found),
        }
        // What tools answered does not end an answer of the model: calls may be told one by one.
        last_id = if id.is_some() || !matches!(all.last().map(|message| &message.role), Some(Role::Tool)) {
            id
        } else {
            last_id
        };
    }
    all
}

/// The places of the rows on the newest branches, with the other rows of their messages and the answers to their calls.
fn kept(rows: &[&Value]) -> BTreeSet<usize> {
    let ids: Vec<String> = rows.iter().enumerate().map(|(place, row)| id(row, place)).collect();
    let nodes = rows.iter().zip(&ids).map(|(row, id)| TreeNode {
        id,
        parent: ["parentUuid", "logicalParentUuid"].iter().find_map(|name| row[*name].as_str()),
    });
    let mut kept = newest_branches(&nodes.collect::<Vec<_>>());
    let message_id =
        |row: &Value| row["message"]["id"].as_str().filter(|_| row["type"] == "assistant").map(str::to_owned);
    loop {
        let of_kept = || kept.iter().map(|place| rows[*place]);
        let messages: BTreeSet<String> = of_kept().filter_map(message_id).collect();
        let calls: BTreeSet<&str> = of_kept().flat_map(|row| ids_in(row, "tool_use", "id")).collect();
        let answered: BTreeSet<&str> = of_kept().flat_map(|row| ids_in(row, "tool_result", "tool_use_id")).collect();
        let belongs = |row: &Value| {
            let of_message = message_id(row).is_some_and(|id| messages.contains(&id));
            let mut answers = ids_in(row, "tool_result", "tool_use_id").into_iter();
            of_message || answers.any(|id| calls.contains(id) && !answered.contains(id))
        };
        let more: Vec<usize> = (0..rows.len()).filter(|place| !kept.contains(place) && belongs(rows[*place])).collect();
        if more.is_empty() {
            return kept;
        }
        kept.extend(more);
    }
}

/// A row's own id, else its place.
fn id(row: &Value, place: usize) -> String {
    row["uuid"].as_str().map_or_else(|| place.to_string(), str::to_owned)
}

/// Ids in the blocks of a message.
fn ids_in<'r>(row: &'r Value, kind: &str, name: &str) -> Vec<&'r str> {
    let blocks = row["message"]["content"].as_array().into_iter().flatten();
    blocks.filter(|block| block["type"] == kind).filter_map(|block| block[name].as_str()).collect()
}

/// The messages of a row; of a row that says nothing none, and it is counted.
fn of_row(row: &Value, account: &mut ReadingAccount) -> Vec<Message> {
    let kind = row["type"].as_str().unwrap_or("");
    let attached = &row["attachment"];
    let mut messages = match kind {
        "user" | "assistant" => anthropic::of_row(row["message"].clone()),
        "system" if has(row, "content") && row["content"] != "" => {
            vec![Message::said(StepSource::System, MessageBody::read(row["content"].clone()))]
        }
        // Typed while the agent worked.
        "attachment" if attached["type"] == "queued_command" => {
            let body = MessageBody::read(attached["prompt"].clone());
            vec![Message::said(StepSource::User, body).marked(extra::OPERATOR)]
        }
        "attachment" => {
            let what = attached["type"].as_str().unwrap_or("unknown");
            account.add(PartFate::LeftOut, format!("attachment of the type {what}"));
            return Vec::new();
        }
        other => {
            let other = if other.is_empty() { "unknown" } else { other };
            account.add(PartFate::LeftOut, format!("row of the type {other}"));
            return Vec::new();
        }
    };
    let time = time::timestamp(&row["timestamp"]);
    for message in &mut messages {
        message.native_id = row["uuid"].as_str().map(str::to_owned);
        message.timestamp.clone_from(&time);
        message.model = message.model.take().filter(|model| model != SYNTHETIC);
        let is_own = ["isMeta", "isCompactSummary", "isApiErrorMessage"].iter().any(|name| row[*name] == true);
        match &mut message.role {
            Role::Speaker(source) if is_own || row["message"]["model"] == SYNTHETIC => *source = StepSource::System,
            Role::Speaker(_) | Role::Tool => continue,
        }
        if row["isCompactSummary"] == true {
            message.extra.insert(extra::SUMMARY.to_owned(), Value::Bool(true));
        }
    }
    messages
}

/// The runs of subagents, each with the call that began it.
fn subagents(rows: &[&Value], main: &[&Value]) -> Vec<SubagentConversation> {
    let mut groups: BTreeMap<String, Vec<&Value>> = BTreeMap::new();
    let mut order = Vec::new();
    let mut group_of: BTreeMap<&str, String> = BTreeMap::new();
    for (place, row) in rows.iter().enumerate() {
        let by_parent = || group_of.get(row["parentUuid"].as_str()?).cloned();
        let name = row["agentId"].as_str().map(str::to_owned).or_else(by_parent).unwrap_or_else(|| id(row, place));
        row["uuid"].as_str().into_iter().for_each(|id| drop(group_of.insert(id, name.clone())));
        if !groups.contains_key(&name) {
            order.push(name.clone());
        }
        groups.entry(name).or_default().push(row);
    }
    let read = order.into_iter().filter_map(|name| {
        let rows = groups.remove(&name)?;
        let mut account = ReadingAccount::default();
        let messages = messages(&rows, &mut account);
        let prompt = messages.first().map(|message| message.body.text()).filter(|prompt| !prompt.is_empty())?;
        let mut conversation = run(messages, &rows);
        conversation.account = account;
        let call_id = started_by(&name, main).or_else(|| asked_by(&prompt, main)).map(str::to_owned);
        conversation.id = Some(name);
        Some(SubagentConversation { call_id, conversation })
    });
    read.collect()
}

/// The call whose result names the subagent.
fn started_by<'r>(agent: &str, main: &[&'r Value]) -> Option<&'r str> {
    let row = main.iter().find(|row| row["toolUseResult"]["agentId"] == agent)?;
    ids_in(row, "tool_result", "tool_use_id").first().copied()
}

/// The call that asks what the subagent was asked.
fn asked_by<'r>(prompt: &str, main: &[&'r Value]) -> Option<&'r str> {
    let blocks = main.iter().flat_map(|row| row["message"]["content"].as_array().into_iter().flatten());
    let asks = |block: &&Value| block["type"] == "tool_use" && block["input"]["prompt"] == prompt;
    blocks.into_iter().find(asks)?["id"].as_str()
}

#[cfg(test)]
mod tests {
    use super::super::{Trajectory, testing};
    use super::*;
    use serde_json::json;

    fn shown(rows: &[Value]) -> (Trajectory, Vec<String>) {
        let lines: Vec<String> = rows.iter().map(Value::to_string).collect();
        testing::shown(&lines.join("\n"))
    }

    fn user(uuid: &str, parent: Option<&str>, content: &Value) -> Value {
        json!({"type": "user", "uuid": uuid, "parentUuid": parent, "sessionId": "s", "version": "2.0", "cwd": "/home/x",
            "timestamp": "2026-11-28T10:00:00.000Z", "message": {"role": "user", "content": content}})
    }

    fn agent(uuid: &str, parent: &str, id: &str, content: &Value) -> Value {
        json!({"type": "assistant", "uuid": uuid, "parentUuid": parent, "sessionId": "s",
            "message": {"id": id, "role": "assistant", "type": "message", "model": "c", "content": [content], "usage": {}}})
    }

    fn call(id: &str, input: &Value) -> Value {
        json!({"type": "tool_use", "id": id, "name": "Task", "input": input})
    }

    fn result(id: &str) -> Value {
        json!([{"type": "tool_result", "tool_use_id": id, "content": format!("R-{id}")}])
    }

    #[test]
    fn a_message_in_several_rows_is_one_and_parallel_answers_are_kept() {
        let (run, steps) = shown(&[
            json!({"type": "summary", "summary": "x", "leafUuid": "u"}),
            user("u1", None, &json!("Go.")),
            agent("a1", "u1", "m1", &json!({"type": "thinking", "thinking": "hm"})),
            agent("a2", "a1", "m1", &call("t1", &json!({}))),
            user("r1", Some("a2"), &result("t1")),
            agent("a3", "a2", "m1", &call("t2", &json!({}))),
            user("r2", Some("a3"), &result("t2")),
            agent("a4", "r2", "m2", &json!({"type": "text", "text": "Done."})),
        ]);
        assert_eq!(steps, ["user: Go.", "agent: hm / Task {} / Task {} / R-t1 / R-t2", "agent: Done."]);
        assert_eq!(run.extra["left_out"], json!({"row of the type summary": 1}));
        assert_eq!((run.agent.version.as_str(), run.agent.model_name.as_deref()), ("2.0", Some("c")));
    }

    #[test]
    fn a_branch_that_was_given_up_is_left_out_and_what_the_program_says_is_the_systems() {
        let mut meta = user("m", Some("u1"), &json!("A caveat."));
        meta["isMeta"] = json!(true);
        let mut summary = user("c", None, &json!("So far."));
        summary["isCompactSummary"] = json!(true);
        summary["logicalParentUuid"] = json!("u3");
        let (run, steps) = shown(&[
            user("u1", None, &json!("Go.")),
            meta,
            user("u2", Some("m"), &json!("No.")),
            user("u3", Some("m"), &json!("Yes.")),
            summary,
        ]);
        assert_eq!(steps, ["user: Go.", "system: A caveat.", "user: Yes.", "system: So far."]);
        assert_eq!(run.extra["left_out"], json!({"message of another branch": 1}));
        assert_eq!(run.steps[3].extra["summary"], true);
    }

    #[test]
    fn subagents_stand_at_the_call_that_began_them() {
        let mut side = user("s1", None, &json!("Find it."));
        side["isSidechain"] = json!(true);
        let mut found = agent("s2", "s1", "m9", &json!({"type": "text", "text": "Here."}));
        found["isSidechain"] = json!(true);
        let rows = [
            user("u1", None, &json!("Go.")),
            agent("a1", "u1", "m1", &call("t1", &json!({"prompt": "Find it."}))),
            side.clone(),
            found.clone(),
            user("r1", Some("a1"), &result("t1")),
        ];
        let (run, steps) = shown(&rows);
        assert_eq!(steps.len(), 2);
        let subagents = run.subagents();
        assert_eq!(run.steps[1].results()[0].subagents()[0].trajectory_id.as_deref(), Some("s1"));
        assert_eq!(subagents[0].run.as_ref().unwrap().steps.len(), 2);
        assert_eq!(shown(&[side, found]).1, ["user: Find it.", "agent: Here."]);
    }
}
