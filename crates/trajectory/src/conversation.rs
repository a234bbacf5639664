//! One run of a log whose messages are read.
//!
//! In: messages in their order, and what the log says around them. Out: the run's line in a listing, and its trajectory. It
//! never passes on gold unless asked to.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::account::ReadingAccount;
use super::block::MessageBody;
use super::chat::{self, ChatSteps};
use super::fields::{id_text, take_text};
use super::format::Log;
use super::message::{Message, Role};
use super::sample::{SampleKey, SampleLine, opening};
use super::subagent::BranchOrigin;
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
    /// Ways that the run went and that were given up, in the log's order.
    pub branches: Vec<GivenUpBranch>,
}

/// What was said on a branch that was given up.
pub(super) struct GivenUpBranch {
    /// The branch that it left, by its place among the others; none for the run itself.
    pub of: Option<usize>,
    /// The native id of the message there after which it left it; none where it left before the first.
    pub after: Option<String>,
    pub conversation: Conversation,
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
            branches: Vec::new(),
        }
    }

    /// The ids that the log has for its messages.
    pub(super) fn native_ids(&self) -> impl Iterator<Item = &str> {
        self.messages.iter().filter_map(|message| message.native_id.as_deref())
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
        let branches = into_runs(self.branches, &run, keep_gold)?;
        let mut within =
            WithinRuns { of_branches: branches.len(), runs: branches, calls: vec![None; self.subagents.len()] };
        for (at, SubagentConversation { call_id, conversation }) in self.subagents.into_iter().enumerate() {
            within.runs.push(conversation.into_trajectory(keep_gold)?);
            within.calls[at] = call_id;
        }
        within.put_into(&mut run);
        Ok(run)
    }
}

/// The runs of branches that were given up, each with the step after which it left the run or another one of them.
fn into_runs(branches: Vec<GivenUpBranch>, run: &Trajectory, keep_gold: bool) -> Result<Vec<Trajectory>, Fault> {
    let (left, runs): (Vec<_>, Vec<_>) = branches
        .into_iter()
        .zip(1..)
        .map(|(GivenUpBranch { of, after, mut conversation }, number)| {
            conversation.id = Some(format!("branch-{number}"));
            ((of, after), conversation.into_trajectory(keep_gold))
        })
        .unzip();
    let mut runs = runs.into_iter().collect::<Result<Vec<Trajectory>, Fault>>()?;
    let mut steps_of: BTreeMap<Option<usize>, BTreeMap<String, usize>> = BTreeMap::new();
    for (place, (of, after)) in left.into_iter().enumerate() {
        let steps = steps_of.entry(of).or_insert_with(|| steps_by_id(of.map_or(run, |of| &runs[of])));
        let after = after.and_then(|id| steps.get(&id).copied()).unwrap_or(0);
        let left = BranchOrigin { of: of.and_then(|of| runs[of].trajectory_id.clone()), after };
        runs[place].set_branch_origin(&left);
    }
    Ok(runs)
}

/// Runs that belong into another: branches that were given up, and then those of subagents.
struct WithinRuns {
    runs: Vec<Trajectory>,
    of_branches: usize,
    /// For each subagent the call that began it, where that is known.
    calls: Vec<Option<String>>,
}

/// Subagents that begin each other to this depth stand within each other; deeper ones stand in the run itself.
const MOST_NESTED: usize = 8;

impl WithinRuns {
    /// Puts each run of a subagent into the one that began it, and everything else into the run itself.
    fn put_into(mut self, run: &mut Trajectory) {
        let mut callers = BTreeMap::new();
        let calls_of = |run: &Trajectory| -> Vec<String> {
            run.steps.iter().flat_map(|step| &step.tool_calls).map(|call| call.tool_call_id.clone()).collect()
        };
        // The run itself comes first where several hold a call of this id.
        for (place, within) in self.runs.iter().enumerate().rev() {
            callers.extend(calls_of(within).into_iter().map(|id| (id, Some(place))));
        }
        callers.extend(calls_of(run).into_iter().map(|id| (id, None)));
        let ids: Vec<String> = self.runs.iter().map(|run| run.trajectory_id.clone().unwrap_or_default()).collect();
        let mut hosts: Vec<Option<usize>> = vec![None; self.runs.len()];
        for (at, call_id) in self.calls.iter().enumerate() {
            let place = self.of_branches + at;
            let Some((call_id, host)) = call_id.as_ref().and_then(|id| Some((id, *callers.get(id)?))) else { continue };
            hosts[place] = host;
            let caller = match host {
                // One that began itself, or stands too deep, is named by nothing.
                Some(_) if depth(&hosts, place) > MOST_NESTED => {
                    hosts[place] = None;
                    continue;
                }
                Some(host) => &mut self.runs[host],
                None => &mut *run,
            };
            chat::result_of(caller, call_id).into_iter().for_each(|result| result.refer_to(&ids[place]));
        }
        let mut order: Vec<usize> = (0..self.runs.len()).collect();
        order.sort_by_key(|place| std::cmp::Reverse(depth(&hosts, *place)));
        let mut runs: Vec<Option<Trajectory>> = self.runs.into_iter().map(Some).collect();
        // Those within others go first: what holds them is whole then.
        for place in order {
            let Some(within) = runs[place].take() else { continue };
            match hosts[place].and_then(|host| runs[host].as_mut()) {
                Some(host) => host.embed(&within),
                None => run.embed(&within),
            }
        }
    }
}

/// How many runs stand around one, one more than may be where it would never end.
fn depth(hosts: &[Option<usize>], of: usize) -> usize {
    std::iter::successors(hosts[of], |host| hosts[*host]).take(MOST_NESTED + 1).count()
}

/// The last step that is, or answers its calls with, the log's message of an id.
fn steps_by_id(run: &Trajectory) -> BTreeMap<String, usize> {
    let ids = run.steps.iter().flat_map(|step| {
        let all = std::iter::once(&step.extra).chain(step.results().iter().map(|result| &result.extra));
        let ids = all.filter_map(|found| found.get(extra::NATIVE_ID).and_then(Value::as_str));
        ids.map(|id| (id.to_owned(), step.step_id))
    });
    ids.collect()
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
