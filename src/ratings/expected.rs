//! What is expected of a table of ratings: what each name of a column, or key of an object, means on this site.
//!
//! In: names as people and tools write them. Out: the column or attribute that is meant. A column's own name wins over an
//! attribute's, and that over the names by which a column is usually called elsewhere.

use super::columns::{Column, KEPT};
use super::exported::FateColumn;
use crate::table::Meant;
use crate::table::head::{ColumnRole, usual};
use crate::trajectory::{JsonObject, NATIVE_ID, Step, Trajectory};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What the site expects of a table.
pub struct Expected<'a> {
    /// Names of flags' attributes.
    attributes: BTreeSet<&'a str>,
    /// Ids of criteria.
    criteria: BTreeSet<&'a str>,
    /// Whether a row must name its task.
    pub names_task: bool,
    /// Whether columns that no figure needs are read too.
    pub keeps: bool,
    /// Runs whose items are known, and which of them are called so.
    runs: Vec<KnownRun<'a>>,
    by_name: HashMap<String, Vec<usize>>,
}

/// The run of an item.
pub struct KnownRun<'a> {
    /// The task.
    pub task: &'a str,
    /// The item, as ratings name it.
    pub item: &'a str,
    /// What the file is called that it was read from, without its ending.
    pub file: &'a str,
    /// What was recorded.
    pub trajectory: &'a Trajectory,
}

impl KnownRun<'_> {
    /// What tools that read the run call it: its own id, else that of its session with the file's name.
    pub fn names(&self) -> impl Iterator<Item = String> {
        let of_session = self.trajectory.session_id.as_ref().map(|session| format!("{session}-{}", self.file));
        self.trajectory.trajectory_id.clone().into_iter().chain(of_session)
    }

    /// The step in which a message of the log is: what came back from a tool belongs to the agent's step.
    pub fn step(&self, message: &str) -> Option<usize> {
        let holds = |step: &&Step| native_ids(step).any(|id| id == message);
        self.trajectory.steps.iter().find(holds).map(|step| step.step_id)
    }

    /// The ids of the log's messages.
    fn messages(&self) -> impl Iterator<Item = &str> {
        self.trajectory.steps.iter().flat_map(native_ids)
    }
}

/// The ids of the messages that are in a step.
fn native_ids(step: &Step) -> impl Iterator<Item = &str> {
    let results = step.results().iter().map(|result| &result.extra);
    std::iter::once(&step.extra).chain(results).filter_map(|extra: &JsonObject| extra.get(NATIVE_ID)?.as_str())
}

/// What a name means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnPlace<'a> {
    /// A column that is read.
    Column(Column),
    /// An attribute of flags.
    Attribute(&'a str),
    /// A column that no figure needs: its name in the canonical form, if it has one there.
    Kept(Option<&'static str>),
    /// Of a table that Goldbook exported: what became of the row.
    Fate(FateColumn),
    /// Nothing.
    Unknown,
}

/// What a column is called elsewhere.
pub fn role(column: Column) -> Option<ColumnRole> {
    match column {
        Column::Item => Some(ColumnRole::Item),
        Column::Rater => Some(ColumnRole::Rater),
        Column::Value => Some(ColumnRole::Label),
        _ => None,
    }
}

impl<'a> Expected<'a> {
    /// A site with these attributes of flags and these criteria. One that is named like a column is none: the column is
    /// meant.
    pub fn of(attributes: BTreeSet<&'a str>, criteria: BTreeSet<&'a str>, names_task: bool) -> Self {
        let is_free = |name: &&str| !Column::NAMES.contains(&usual(name).as_str());
        Self {
            attributes: attributes.into_iter().filter(is_free).collect(),
            criteria,
            names_task,
            keeps: false,
            runs: Vec::new(),
            by_name: HashMap::new(),
        }
    }

    /// The same where columns that no figure needs are read too.
    pub fn keeping(self) -> Self {
        Self { keeps: true, ..self }
    }

    /// The same where these runs are known.
    pub fn with_runs(self, runs: Vec<KnownRun<'a>>) -> Self {
        let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
        for (place, run) in runs.iter().enumerate() {
            run.names().for_each(|name| by_name.entry(name).or_default().push(place));
        }
        Self { runs, by_name, ..self }
    }

    /// The run of this name; of the runs of a task, if that is said.
    pub fn run(&self, task: Option<&str>, id: &str) -> Option<&KnownRun<'a>> {
        let called = self.by_name.get(id)?.iter().map(|place| &self.runs[*place]);
        called.into_iter().find(|run| task.is_none_or(|task| task == run.task))
    }

    /// By id of a message in them: the run that has it, of those of a task if that is said; none if several have it.
    pub fn runs_by_message(&self, task: Option<&str>) -> BTreeMap<&str, Option<&KnownRun<'a>>> {
        let mut found: BTreeMap<&str, Option<&KnownRun<'a>>> = BTreeMap::new();
        for run in self.runs.iter().filter(|run| task.is_none_or(|task| task == run.task)) {
            for message in run.messages() {
                let only = found.entry(message).or_insert(Some(run));
                *only = only.filter(|only| std::ptr::eq(*only, run));
            }
        }
        found
    }

    /// Names of flags' attributes.
    pub fn attributes(&self) -> impl Iterator<Item = &'a str> {
        self.attributes.iter().copied()
    }

    /// The criterion that is meant by a name: one that differs from it in no more than usual names do.
    pub fn criterion(&self, name: &str) -> Option<&'a str> {
        let wanted = usual(name);
        self.criteria.get(name).or_else(|| self.criteria.iter().find(|id| usual(id) == wanted)).copied()
    }

    /// What a name means.
    pub fn place(&self, name: &str) -> ColumnPlace<'a> {
        let name = usual(name);
        let find = |is_meant: &dyn Fn(Column) -> bool| Column::ALL.iter().copied().find(|column| is_meant(*column));
        let own = find(&|column| column.name() == name);
        let attribute = || self.attributes.iter().find(|attribute| usual(attribute) == name).copied();
        let elsewhere = || find(&|column| role(column).is_some_and(|role| role.is_usual(&name)));
        let kept = KEPT.iter().find(|kept| **kept == name).copied();
        let other = if name.is_empty() || kept.is_some() { ColumnPlace::Kept(kept) } else { ColumnPlace::Unknown };
        let own = own.map(ColumnPlace::Column).or_else(|| attribute().map(ColumnPlace::Attribute));
        own.or_else(|| elsewhere().map(ColumnPlace::Column)).unwrap_or(other)
    }

    /// The keys that objects are read for.
    pub fn keys(&self) -> Vec<&'a str> {
        let kept = KEPT.iter().filter(|_| self.keeps).copied();
        Column::NAMES.iter().copied().chain(self.attributes.iter().copied()).chain(kept).collect()
    }

    /// What another key of an object means, as a place among `keys`.
    pub fn meant(&self, key: &str) -> Meant {
        match self.place(key) {
            ColumnPlace::Column(column) if role(column).is_some_and(|role| role.yields(key)) => {
                Meant::Yielding(column as usize)
            }
            ColumnPlace::Column(column) => Meant::Column(column as usize),
            ColumnPlace::Attribute(name) => {
                let place = self.attributes.iter().position(|attribute| *attribute == name);
                place.map_or(Meant::Nothing, |place| Meant::Column(Column::NAMES.len() + place))
            }
            ColumnPlace::Kept(_) | ColumnPlace::Fate(_) | ColumnPlace::Unknown => Meant::Nothing,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_places_among_the_keys_that_are_read() {
        let expected = Expected::of(["origin", "score", "status"].into(), BTreeSet::new(), false);
        let keys = expected.keys();
        let key = |name| match expected.meant(name) {
            Meant::Column(place) | Meant::Yielding(place) => keys[place],
            Meant::Nothing | Meant::Lacking => "",
        };
        assert_eq!(
            ["annotator", "task_id", "ORIGIN", "score", "Label"].map(key),
            ["rater", "item", "origin", "score", "value"]
        );
        assert_eq!(["colour", "comment", ""].map(|key| expected.meant(key)), [Meant::Nothing; 3]);
        assert!(matches!(expected.meant("task_id"), Meant::Yielding(_)));
        assert_eq!(expected.place("comment"), ColumnPlace::Kept(Some("comment")));
    }
}
