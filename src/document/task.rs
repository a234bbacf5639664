//! Tasks: `task.md`, what is to be rated and how.
//!
//! In: the file. Out: a `TaskDocument`. Only the title is required.

use super::{Body, FileSet, MovedIds, body};
use crate::diagnostic::{Diagnostics, Place, rules};
use crate::schema::{FromYaml, Spanned, Words, mapping};

/// What an item of the task is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ItemKind {
    /// A recorded run of an agent.
    Trajectory,
    /// A text.
    Text,
    /// Two things to compare.
    Pair,
    /// A debate.
    Debate,
    /// Nothing that is shown.
    None,
}

/// Where a task stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaskStatus {
    /// Being written.
    Draft,
    /// Being worked on by contractors.
    Active,
    /// Not for now.
    Paused,
    /// Over.
    Retired,
}

/// Whether a task goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaskKind {
    /// Items keep coming.
    Recurring,
    /// One analysis.
    OneOff,
}

mapping! {
    /// The front matter of a task: what is rated, by whom it is asked, and how long it takes.
    pub struct TaskKeys = "a task" {
        /// What the task is called.
        needed title: String = "Find mistakes in an agent's server set-up";
        /// One sentence for lists.
        optional summary: String = "Read one agent run; mark each mistake and its kind.";
        /// Who answers for it.
        optional owner: String = "evals";
        /// What an item is: a recorded run of an agent (`trajectory`), a `text`, two things to compare (`pair`),
        /// a `debate`, or nothing that is shown (`none`).
        usually items: ItemKind = "trajectory";
        /// Expected time for one item.
        optional time: String = "45 min";
        /// Pay for an accepted item.
        optional pay: String = "30 USD";
        /// Where it stands: being written (`draft`), worked on by contractors (`active`), not for now (`paused`), or
        /// over (`retired`).
        usually status: TaskStatus = "active";
        /// Whether items keep coming (`recurring`), or it is one analysis (`one-off`).
        usually kind: TaskKind = "recurring";
        /// What a reader should know about who asks for these ratings.
        optional interests: String;
        /// Who may read it: an audience of goldbook.yaml; the default audience unless said.
        optional audience: Spanned<String>;
        /// Where what stood on this page is now, by the id that links to it have: an address that somebody noted leads on.
        optional moved: MovedIds = "{old-id: rubric.md#new-id}";
    }
}

/// A task as written.
#[derive(Clone, Debug)]
pub struct TaskDocument {
    /// What its front matter says.
    pub keys: TaskKeys,
    /// The spec.
    pub body: Body,
}

impl TaskDocument {
    /// What the task is called; nothing if that is missing, which is a finding.
    pub fn title(&self) -> &str {
        self.keys.title.as_deref().unwrap_or_default()
    }
}

impl Words for ItemKind {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("trajectory", Self::Trajectory),
        ("text", Self::Text),
        ("pair", Self::Pair),
        ("debate", Self::Debate),
        ("none", Self::None),
    ];
}

impl Words for TaskStatus {
    const WORDS: &'static [(&'static str, Self)] =
        &[("draft", Self::Draft), ("active", Self::Active), ("paused", Self::Paused), ("retired", Self::Retired)];
}

impl Words for TaskKind {
    const WORDS: &'static [(&'static str, Self)] = &[("recurring", Self::Recurring), ("one-off", Self::OneOff)];
}

/// Reads a task.
pub fn parse(path: &str, files: &FileSet<'_>, diagnostics: &mut Diagnostics) -> Option<TaskDocument> {
    if files.is_unreadable(path) {
        return None;
    }
    if !files.contains(path) {
        diagnostics
            .add(rules::MISSING_FILE, Place::file(path), "a task needs a `task.md`")
            .help("it starts with `---`, `title: …`, `---`, and the spec follows as Markdown");
        return None;
    }
    let split = body::split(path, files, diagnostics)?;
    let example = "---\ntitle: Find mistakes in an agent's server set-up\n---";
    let front = split.front("a task needs front matter with a `title`", example, diagnostics)?;
    let mut keys = TaskKeys::from_yaml(front, diagnostics)?;
    let body = split.body.clone().with_moved(keys.moved.take());
    Some(TaskDocument { keys, body })
}
