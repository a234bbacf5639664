//! Claude Code's session files.
//!
//! In: rows of a session, one a line, those of its subagents' files after them. Out: one conversation: of each tree of rows
//! the newest branch, with answers of parallel calls that stand beside it, the branches that were given up, and the runs of
//! subagents. A message that is split over rows is put together. It never takes the tool's own words (summaries, notes) for
//! the user's, and never keeps the paths and names of branches of a repository.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::account::{PartFate, ReadingAccount};
use super::anthropic;
use super::block::MessageBody;
use super::conversation::{Conversation, SubagentConversation};
use super::format::{FormatEntry, FormatReader};
use super::json::each;
use super::message::{Message, Role};
use super::tree::{RowTree, TreeNode};
use super::{StepSource, extra, time};

pub(super) const FORMAT: FormatEntry = FormatEntry {
    name: "claude-code",
    reader: FormatReader::Json {
        is: |values| each(values).iter().any(is_row),
        open: |values| Ok(Box::new(vec![conversation(each(&values))])),
    },
};

/// What the program itself says in a model's place.
const SYNTHETIC: &str = "<synthetic>";

/// What words begin with that the program puts into the user's mouth, where no field says so.
const WRAPPED: [&str; 5] =
    ["<command-name>", "<local-command-", "<task-notification>", "<fork-boilerplate>", "[Request interrupted by user"];

fn has(row: &Value, name: &str) -> bool {
    row[name].is_string()
}

fn is_message(row: &Value) -> bool {
    matches!(row["type"].as_str(), Some("user" | "assistant")) && row["message"].is_object()
}

/// Whether a row is a message of a session.
fn is_row(row: &Value) -> bool {
    is_message(row) && (has(row, "uuid") || has(row, "sessionId"))
}

fn is_sidechain(row: &Value) -> bool {
    row["isSidechain"] == true
}

/// Whether the program says it, in whosever place.
fn is_programs(row: &Value) -> bool {
    let text = match &row["message"]["content"] {
        Value::Array(blocks) => blocks.first().and_then(|block| block["text"].as_str()),
        content => content.as_str(),
    };
    ["isMeta", "isCompactSummary", "isApiErrorMessage"].iter().any(|name| row[*name] == true)
        || row["message"]["model"] == SYNTHETIC
        || row["rowSource"] == "harness"
        || row["promptSource"] == "system"
        || text.is_some_and(|text| WRAPPED.iter().any(|begin| text.trim_start().starts_with(begin)))
}

/// Whether the first message of a text of rows is one of a session.
pub(super) fn is_session(text: &str) -> bool {
    let rows = text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    rows.into_iter().find(|row| row["message"].is_object() || has(row, "role")).is_some_and(|row| is_row(&row))
}

fn conversation(rows: &[Value]) -> Conversation {
    let mut account = ReadingAccount::default();
    let mut nodes = Vec::new();
    let mut ids = BTreeSet::new();
    for row in rows {
        if row["uuid"].as_str().is_some_and(|id| !ids.insert(id)) {
            account.add(PartFate::LeftOut, "row that stands twice");
            continue;
        }
        match has(row, "uuid") || is_message(row) {
            true => nodes.push(row),
            false => {
                account
                    .add(PartFate::LeftOut, format!("row of the type {}", row["type"].as_str().unwrap_or("unknown")));
            }
        }
    }
    let (side, main): (Vec<&Value>, Vec<&Value>) = nodes.into_iter().partition(|row| is_sidechain(row));
    let is_session = main.iter().any(|row| is_message(row));
    let mut groups = groups(&side);
    // The file of a subagent holds its rows alone, and those that it began come after it.
    let (name, main) = match groups.first().filter(|_| !is_session) {
        Some(_) => groups.remove(0),
        None => (String::new(), main),
    };
    let mut conversation = run(&main);
    conversation.session_id = main.iter().find_map(|row| row["sessionId"].as_str()).map(str::to_owned);
    conversation.id = if is_session { conversation.session_id.clone() } else { Some(name) };
    let began = BegunRuns::of(main.iter().chain(groups.iter().flat_map(|(_, rows)| rows)));
    let there: BTreeSet<&str> =
        groups.iter().map(|(name, _)| name.as_str()).chain(conversation.id.as_deref()).collect();
    let absent = began.by_name.keys().filter(|name| !there.contains(**name));
    account.add_many(PartFate::LeftOut, "run of a subagent, in a file that is not there", absent.count() as u64);
    conversation.subagents = subagents(groups, &began, &main);
    conversation.account.merge(&account);
    conversation
}

/// The run in rows, with its branches that were given up.
fn run(rows: &[&Value]) -> Conversation {
    let ids: Vec<String> = rows.iter().enumerate().map(|(place, row)| id(row, place)).collect();
    let nodes = rows.iter().zip(&ids).map(|(row, id)| TreeNode {
        id,
        parent: ["parentUuid", "logicalParentUuid"].iter().find_map(|name| row[*name].as_str()),
    });
    let tree = RowTree::of(nodes.collect());
    let on = |places: &BTreeSet<usize>| one_way(&places.iter().map(|place| rows[*place]).collect::<Vec<_>>());
    let belonging = BelongingRows::of(rows);
    let branches = tree.branches(|branch, taken| belonging.draw(branch, taken));
    let Some((newest, given_up)) = branches.split_first() else { return one_way(&[]) };
    let mut conversation = on(&newest.places);
    tree.put_given_up(given_up, &mut conversation, on);
    conversation
}

/// The conversation in rows that follow each other.
fn one_way(rows: &[&Value]) -> Conversation {
    let mut account = ReadingAccount::default();
    let mut conversation = Conversation::of(FORMAT.name, messages(rows, &mut account));
    conversation.account = account;
    let model = |row: &&Value| row["message"]["model"].as_str().filter(|model| *model != SYNTHETIC).map(str::to_owned);
    conversation.agent.name = FORMAT.name.to_owned();
    conversation.agent.model_name = rows.iter().find_map(model);
    let version = rows.iter().find_map(|row| row["version"].as_str());
    version.into_iter().for_each(|version| conversation.agent.version = version.to_owned());
    conversation
}

/// The messages in rows that follow each other.
fn messages(rows: &[&Value], account: &mut ReadingAccount) -> Vec<Message> {
    let mut all: Vec<Message> = Vec::new();
    let mut last_id = None;
    // Where the last message stands that is no answer of a tool.
    let mut same: Option<usize> = None;
    for row in rows {
        let id = message_id(row);
        let found = of_row(row, account);
        let before = all.len();
        // Further rows of one answer of the model.
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
        let said = all[before..].iter().rposition(|message| matches!(message.role, Role::Speaker(_)));
        same = said.map(|at| before + at).or(same);
        // What tools answered does not end an answer of the model: calls may be told one by one.
        last_id = if id.is_some() || !matches!(all.last().map(|message| &message.role), Some(Role::Tool)) {
            id
        } else {
            last_id
        };
    }
    all
}

/// The id of the answer of the model that a row is a part of.
fn message_id(row: &Value) -> Option<&str> {
    row["message"]["id"].as_str().filter(|_| row["type"] == "assistant")
}

/// Rows that belong together though none follows the other: those of one answer of the model, and what tools answered.
struct BelongingRows<'r> {
    rows: &'r [&'r Value],
    of_message: BTreeMap<&'r str, Vec<usize>>,
    answers: BTreeMap<&'r str, Vec<usize>>,
}

impl<'r> BelongingRows<'r> {
    fn of(rows: &'r [&'r Value]) -> Self {
        let mut found = Self { rows, of_message: BTreeMap::new(), answers: BTreeMap::new() };
        for (place, row) in rows.iter().enumerate() {
            message_id(row).into_iter().for_each(|id| found.of_message.entry(id).or_default().push(place));
            let answered = ids_in(row, "tool_result", "tool_use_id").into_iter();
            answered.for_each(|id| found.answers.entry(id).or_default().push(place));
        }
        found
    }

    /// Adds to a branch the other rows of its messages, and what answers its calls if nothing on it does.
    fn draw(&self, branch: &mut BTreeSet<usize>, taken: &[bool]) {
        let mut looked_at: Vec<usize> = branch.iter().copied().collect();
        let mut drawn_messages = BTreeSet::new();
        while let Some(place) = looked_at.pop() {
            let row = self.rows[place];
            let new_message = message_id(row).filter(|id| drawn_messages.insert(*id));
            let of_message = new_message.and_then(|id| self.of_message.get(id));
            let called = ids_in(row, "tool_use", "id").into_iter().filter_map(|id| self.answers.get(id));
            let unanswered = called.filter(|answers| !answers.iter().any(|place| branch.contains(place)));
            let drawn: Vec<usize> = of_message.into_iter().chain(unanswered).flatten().copied().collect();
            let new = drawn.into_iter().filter(|place| !taken[*place] && branch.insert(*place));
            looked_at.extend(new.collect::<Vec<_>>());
        }
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
    let is_own = is_programs(row);
    for message in &mut messages {
        message.native_id = row["uuid"].as_str().map(str::to_owned);
        message.timestamp.clone_from(&time);
        message.model = message.model.take().filter(|model| model != SYNTHETIC);
        match &mut message.role {
            Role::Speaker(source) if is_own => *source = StepSource::System,
            Role::Speaker(_) => continue,
            Role::Tool => {
                let denied = row["toolDenialKind"].as_str();
                denied.into_iter().for_each(|kind| message.body.prepend(format!("[denied: {kind}]")));
                continue;
            }
        }
        if row["isCompactSummary"] == true {
            message.extra.insert(extra::SUMMARY.to_owned(), Value::Bool(true));
        }
    }
    messages
}

/// Rows of subagents, by the subagent, in the order in which these begin.
fn groups<'r>(rows: &[&'r Value]) -> Vec<(String, Vec<&'r Value>)> {
    let mut groups: Vec<(String, Vec<&Value>)> = Vec::new();
    let mut numbers: BTreeMap<String, usize> = BTreeMap::new();
    let mut group_of: BTreeMap<&str, usize> = BTreeMap::new();
    for (place, row) in rows.iter().enumerate() {
        let by_parent = || Some(groups[*group_of.get(row["parentUuid"].as_str()?)?].0.clone());
        let name = row["agentId"].as_str().map(str::to_owned).or_else(by_parent).unwrap_or_else(|| id(row, place));
        let number = *numbers.entry(name.clone()).or_insert_with(|| {
            groups.push((name, Vec::new()));
            groups.len() - 1
        });
        group_of.extend(row["uuid"].as_str().map(|id| (id, number)));
        groups[number].1.push(row);
    }
    groups
}

/// The calls that began runs of subagents.
#[derive(Default)]
struct BegunRuns<'r> {
    /// By the subagent that a result names.
    by_name: BTreeMap<&'r str, &'r str>,
    /// Those of subagents that only the text of a result names: another subagent began them.
    by_text: BTreeMap<&'r str, &'r str>,
    /// By what was asked.
    by_prompt: BTreeMap<&'r str, &'r str>,
    /// The kind of subagent that a call asked for.
    kinds: BTreeMap<&'r str, &'r str>,
}

impl<'r> BegunRuns<'r> {
    fn of<'v>(rows: impl Iterator<Item = &'v &'r Value>) -> Self
    where
        'r: 'v,
    {
        let mut found = Self::default();
        for row in rows {
            let blocks = row["message"]["content"].as_array().into_iter().flatten();
            for block in blocks {
                match block["type"].as_str() {
                    Some("tool_use") => {
                        let asked = block["input"]["prompt"].as_str().filter(|prompt| !prompt.is_empty());
                        let call = asked.zip(block["id"].as_str());
                        add_new(&mut found.by_prompt, call);
                        let kind = block["id"].as_str().zip(block["input"]["subagent_type"].as_str());
                        add_new(&mut found.kinds, kind);
                    }
                    Some("tool_result") => {
                        let Some(id) = block["tool_use_id"].as_str() else { continue };
                        add_new(&mut found.by_name, row["toolUseResult"]["agentId"].as_str().map(|name| (name, id)));
                        let texts = block["content"].as_array().into_iter().flatten();
                        let texts = texts.filter_map(|part| part["text"].as_str()).chain(block["content"].as_str());
                        let rests = texts.flat_map(|text| text.split("agentId: ").skip(1));
                        let end = |rest: &str| rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
                        add_new(&mut found.by_text, rests.map(|rest| (&rest[..end(rest)], id)));
                    }
                    _ => {}
                }
            }
        }
        found
    }

    fn call(&self, name: &str, prompt: &str) -> Option<String> {
        let by_prompt = || self.by_prompt.get(prompt);
        let id = self.by_name.get(name).or_else(|| self.by_text.get(name)).or_else(by_prompt)?;
        Some((*id).to_owned())
    }
}

/// Adds what is not known yet: what was said first counts.
fn add_new<'r>(known: &mut BTreeMap<&'r str, &'r str>, found: impl IntoIterator<Item = (&'r str, &'r str)>) {
    for (key, value) in found {
        known.entry(key).or_insert(value);
    }
}

/// The runs of subagents, each with the call that began it.
fn subagents(groups: Vec<(String, Vec<&Value>)>, began: &BegunRuns<'_>, main: &[&Value]) -> Vec<SubagentConversation> {
    let said: BTreeSet<&str> = main.iter().filter_map(|row| message_id(row)).collect();
    let mut all = Vec::new();
    for (name, rows) in groups {
        let mut conversation = run(&rows);
        // One that goes on from what was said before begins with a copy of the answer that called it.
        let copied: BTreeSet<&str> = rows
            .iter()
            .filter(|row| message_id(row).is_some_and(|id| said.contains(id)))
            .filter_map(|row| row["uuid"].as_str())
            .collect();
        for message in &mut conversation.messages {
            message.is_copied_context |= message.native_id.as_deref().is_some_and(|id| copied.contains(id));
        }
        let prompt = conversation.messages.first().map(|message| message.body.text());
        // Rows that say nothing are no run.
        if let Some(prompt) = prompt {
            let call_id = began.call(&name, &prompt);
            let asked_for = call_id.as_deref().and_then(|id| began.kinds.get(id).copied());
            let kind = rows.iter().find_map(|row| row["attributionAgent"].as_str()).or(asked_for);
            kind.into_iter().for_each(|kind| conversation.agent.name = kind.to_owned());
            conversation.id = Some(name);
            all.push(SubagentConversation { call_id, conversation });
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::super::{Step, Trajectory, testing};
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
    fn a_branch_that_was_given_up_is_kept_apart_and_what_the_program_says_is_the_systems() {
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
        assert_eq!(run.extra.get("left_out"), None);
        let branch = run.subagents().remove(0).run.unwrap();
        assert_eq!((branch.steps[0].message.text().as_ref(), branch.branch_origin().unwrap().after), ("No.", 2));
        assert_eq!(run.steps[3].extra["summary"], true);
    }

    #[test]
    fn parallel_answers_and_subagents_of_a_branch_that_was_given_up_stay_on_it() {
        let mut side = user("s1", None, &json!("Find it."));
        side["isSidechain"] = json!(true);
        let (run, steps) = shown(&[
            user("u1", None, &json!("Go.")),
            agent("a1", "u1", "m1", &call("t1", &json!({"prompt": "Find it."}))),
            side,
            user("r1", Some("a1"), &result("t1")),
            agent("a2", "a1", "m1", &call("t2", &json!({}))),
            user("r2", Some("a2"), &result("t2")),
            agent("a3", "r2", "m2", &json!({"type": "text", "text": "Done."})),
            user("u2", None, &json!("Go again.")),
            user("u3", Some("u1"), &json!("Better.")),
        ]);
        assert_eq!(steps, ["user: Go.", "user: Go again.", "user: Better."]);
        let branch = run.subagents().remove(0).run.unwrap();
        let steps: Vec<String> = branch.steps.iter().map(Step::text).collect();
        assert_eq!(steps, ["Task {\"prompt\":\"Find it.\"}\nTask {}\nR-t1\nR-t2", "Done."]);
        assert_eq!(branch.branch_origin().unwrap().after, 1);
        let subagent = branch.steps[0].results()[0].subagents().remove(0).trajectory_id;
        assert_eq!(subagent.as_deref(), Some("s1"));
        assert_eq!(branch.subagents()[0].trajectory_id, "s1");
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
