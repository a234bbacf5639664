//! Runs within a run, of subagents and of branches that were given up: where a result names one, and those that an ATIF
//! file holds.
//!
//! In: a trajectory or a result. Out: the runs that it embeds, each read or with the reason why it can't be, and what a
//! result refers to. It never opens another file.

use std::collections::BTreeMap;

use goldbook_ground::diagnostic::Fault;
use serde_json::{Value, json};

use super::account::PartFate;
use super::{ObservationResult, Trajectory, atif, extra};

/// The field under which an ATIF file holds the runs of subagents.
const EMBEDDED: &str = "subagent_trajectories";

/// The field under which a result names them.
const REFERENCES: &str = "subagent_trajectory_ref";

/// A run of a subagent that a file holds.
#[derive(Debug, Clone)]
pub struct Subagent {
    /// What references to it say.
    pub trajectory_id: String,
    /// The run, or what is wrong with it.
    pub run: Result<Trajectory, Fault>,
}

/// Where a branch that was given up left.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct BranchOrigin {
    /// The branch that it left, by its `trajectory_id`; none for the run that holds it.
    pub of: Option<String>,
    /// The step there after which it left it; 0 for before the first.
    pub after: usize,
}

/// What a result says of a run of a subagent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubagentReference {
    /// The run in this file.
    pub trajectory_id: Option<String>,
    /// The run in another.
    pub trajectory_path: Option<String>,
}

impl Trajectory {
    /// The runs of subagents that the file holds; their gold went when it was read.
    pub fn subagents(&self) -> Vec<Subagent> {
        let embedded = self.rest.get(EMBEDDED).and_then(Value::as_array).into_iter().flatten();
        let subagent = |(value, number): (&Value, usize)| Subagent {
            trajectory_id: value["trajectory_id"].as_str().map_or_else(|| number.to_string(), str::to_owned),
            run: atif::embedded(value.clone()),
        };
        embedded.zip(1..).map(subagent).collect()
    }

    /// Where it left the run that holds it, if it is a branch that was given up.
    pub fn branch_origin(&self) -> Option<BranchOrigin> {
        let origin = self.extra.get(extra::BRANCH)?.as_object()?;
        let after = origin.get("after")?.as_u64().and_then(|after| usize::try_from(after).ok())?;
        Some(BranchOrigin { of: origin.get("of").and_then(Value::as_str).map(str::to_owned), after })
    }

    /// Says that it is a branch that was given up.
    pub(super) fn set_branch_origin(&mut self, origin: &BranchOrigin) {
        let mut value = json!({"after": origin.after});
        origin.of.iter().for_each(|of| value["of"] = json!(of));
        self.extra.insert(extra::BRANCH.to_owned(), value);
    }

    /// The runs of subagents as they are written.
    pub(super) fn embedded_mut(&mut self) -> &mut [Value] {
        match self.rest.get_mut(EMBEDDED) {
            Some(Value::Array(all)) => all,
            _ => &mut [],
        }
    }

    /// Puts in the run of a subagent.
    pub(super) fn embed(&mut self, subagent: &Trajectory) {
        let all = self.rest.entry(EMBEDDED).or_insert_with(|| json!([]));
        let value = serde_json::to_value(subagent).expect("every key is text and nothing else can fail");
        if let Value::Array(all) = all {
            all.push(value);
        }
    }

    /// What had this fate when the log was read, in words: `audio (2)`; not that of the runs within it.
    pub fn counted(&self, fate: PartFate) -> Vec<String> {
        in_words(self.counts(fate))
    }

    /// What had this fate when the log was read, of the run and of all runs within it together, in the same words.
    pub fn counted_in_all(&self, fate: PartFate) -> Vec<String> {
        in_words(self.counts_in_all(fate))
    }

    fn counts(&self, fate: PartFate) -> BTreeMap<String, u64> {
        let kinds = self.extra.get(fate.key()).and_then(Value::as_object).into_iter().flatten();
        kinds.map(|(kind, count)| (kind.clone(), count.as_u64().unwrap_or(1))).collect()
    }

    fn counts_in_all(&self, fate: PartFate) -> BTreeMap<String, u64> {
        let mut all = self.counts(fate);
        let runs = self.subagents().into_iter().filter_map(|subagent| subagent.run.ok());
        for (kind, count) in runs.flat_map(|run| run.counts_in_all(fate)) {
            let before = all.entry(kind).or_default();
            *before = before.saturating_add(count);
        }
        all
    }
}

fn in_words(counts: BTreeMap<String, u64>) -> Vec<String> {
    counts.into_iter().map(|(kind, count)| format!("{kind} ({count})")).collect()
}

impl ObservationResult {
    /// The runs of subagents that the result refers to.
    pub fn subagents(&self) -> Vec<SubagentReference> {
        let references = self.rest.get(REFERENCES).and_then(Value::as_array).into_iter().flatten();
        let text = |reference: &Value, name: &str| reference[name].as_str().map(str::to_owned);
        let read = |reference: &Value| SubagentReference {
            trajectory_id: text(reference, "trajectory_id"),
            trajectory_path: text(reference, "trajectory_path"),
        };
        references.map(read).collect()
    }

    /// Names the run of a subagent.
    pub(super) fn refer_to(&mut self, trajectory_id: &str) {
        self.rest.insert(REFERENCES.to_owned(), json!([{"trajectory_id": trajectory_id}]));
    }
}
