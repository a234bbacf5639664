//! One run of a log whose messages are read.
//!
//! In: messages in their order, and what the log says around them. Out: the run's line in a listing, and its trajectory. It
//! never passes on gold unless asked to.

use serde_json::{Value, json};

use super::account::ReadingAccount;
use super::block::MessageBody;
use super::chat::{self, ChatSteps};
use super::fields::{id_text, take_text};
use super::format::Log;
use super::message::{Message, Role};
use super::sample::{SampleKey, SampleLine, opening};
use super::{ATIF_VERSION, Agent, JsonObject, StepSource, Trajectory, UNKNOWN, extra, gold};
use goldbook_ground::diagnostic::Fault;

/// One run.
pub(super) struct Conversation {
    /// Its own id.
    pub id: Option<String>,
    /// Which of several runs of the same id this is.
    pub epoch: Option<String>,
    pub session_id: Option<String>,
    pub agent: Agent,
    pub messages: Vec<Message>,
    /// What else is known of it, with how it ended.
    pub extra: JsonObject,
    pub gold: JsonObject,
    /// What no message accounts for.
    pub account: ReadingAccount,
    pub subagents: Vec<SubagentConversation>,
}

/// The run of a subagent.
pub(super) struct SubagentConversation {
    /// The call that started it, where that is known.
    pub call_id: Option<String>,
    /// It has an id.
    pub conversation: Conversation,
}

/// An agent of which nothing is known but perhaps its model.
pub(super) fn unknown_agent(model_name: Option<String>) -> Agent {
    Agent { name: UNKNOWN.to_owned(), version: UNKNOWN.to_owned(), model_name, rest: JsonObject::new() }
}

/// Fields under which a conversation's id is found.
const IDS: [&str; 6] = ["id", "task_id", "conversation_id", "session_id", "instance_id", "uuid"];

impl Conversation {
    /// A run of which nothing is known but what was said. `format` is what `--format` calls the log's.
    pub(super) fn of(format: &str, messages: Vec<Message>) -> Self {
        Self {
            id: None,
            epoch: None,
            session_id: None,
            agent: unknown_agent(None),
            messages,
            extra: JsonObject::from_iter([(extra::SOURCE_FORMAT.to_owned(), json!(format))]),
            gold: JsonObject::new(),
            account: ReadingAccount::default(),
            subagents: Vec::new(),
        }
    }

    /// Says how the run ended, where it did not just finish.
    pub(super) fn ended(&mut self, how: impl Into<String>) {
        self.extra.insert(extra::ENDED.to_owned(), Value::String(how.into()));
    }

    /// Adds what was handed in, unless a message says it.
    pub(super) fn handed_in(&mut self, text: &str) {
        let wanted = text.trim();
        if !wanted.is_empty() && !self.messages.iter().any(|message| message.body.text().contains(wanted)) {
            self.messages.push(Message::said(StepSource::System, MessageBody::of_text(text)).by("submission"));
        }
    }

    /// What stands beside messages, as many tools write it.
    pub(super) fn about(&mut self, about: &mut JsonObject) {
        self.id = IDS.iter().find_map(|name| id_text(about, name));
        self.epoch = id_text(about, "trial");
        self.agent.model_name = take_text(about, "model");
        self.gold = gold::take(about, |name| name == "info" || gold::is_gold(name));
    }

    fn line(&self) -> SampleLine {
        SampleLine {
            id: String::new(),
            messages: Some(self.messages.len()),
            status: self.extra.get(extra::ENDED).and_then(Value::as_str).map(str::to_owned),
            model: self.agent.model_name.clone(),
            input: first_words(&self.messages),
        }
    }

    pub(super) fn into_trajectory(self, keep_gold: bool) -> Result<Trajectory, Fault> {
        let ChatSteps { steps, mut account } = chat::steps(self.messages)?;
        account.merge(&self.account);
        let mut extra = self.extra;
        if let Some(epoch) = self.epoch {
            extra.insert("epoch".to_owned(), json!(epoch));
        }
        if keep_gold && !self.gold.is_empty() {
            extra.insert("gold".to_owned(), Value::Object(self.gold));
        }
        let mut run = Trajectory {
            schema_version: ATIF_VERSION.to_owned(),
            session_id: self.session_id,
            trajectory_id: self.id,
            agent: self.agent,
            steps,
            extra,
            rest: JsonObject::new(),
        };
        account.put_into(&mut run);
        for SubagentConversation { call_id, conversation } in self.subagents {
            let subagent = conversation.into_trajectory(keep_gold)?;
            let id = subagent.trajectory_id.clone().unwrap_or_default();
            if let Some(result) = call_id.and_then(|call_id| chat::result_of(&mut run, &call_id)) {
                result.refer_to(&id);
            }
            run.embed(&subagent);
        }
        Ok(run)
    }
}

/// The first words of the first user message, else of the first message.
fn first_words(messages: &[Message]) -> String {
    let is_users = |message: &&Message| matches!(message.role, Role::Speaker(StepSource::User));
    let first = messages.iter().find(is_users).or(messages.first());
    opening(&first.map(|message| message.body.text()).unwrap_or_default())
}

impl Log for Vec<Conversation> {
    /// Their ids, else their places in the file counted from 1.
    fn keys(&self) -> Vec<SampleKey> {
        let key = |(conversation, number): (&Conversation, usize)| SampleKey {
            id: conversation.id.clone().unwrap_or_else(|| number.to_string()),
            epoch: conversation.epoch.clone(),
        };
        self.iter().zip(1..).map(key).collect()
    }

    fn into_lines(self: Box<Self>) -> Result<Vec<SampleLine>, Fault> {
        Ok(self.iter().map(Conversation::line).collect())
    }

    fn into_trajectory(mut self: Box<Self>, index: usize, keep_gold: bool) -> Result<Trajectory, Fault> {
        self.swap_remove(index).into_trajectory(keep_gold)
    }
}
