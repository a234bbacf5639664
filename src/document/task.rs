//! Tasks: `task.md`, what is to be rated and how.
//!
//! In: the file. Out: a `TaskDocument`. Only the title is required.

use super::{Body, FileSet, Spanned, body, page};
use crate::diagnostic::{Diagnostics, Place, rules};
use crate::yaml::Fields;

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

impl TaskStatus {
    /// The word shown.
    pub fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Active => "active",
            Self::Paused => "paused",
            Self::Retired => "retired",
        }
    }
}

/// Whether a task goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaskKind {
    /// Items keep coming.
    Recurring,
    /// One analysis.
    OneOff,
}

/// A task as written.
#[derive(Clone, Debug)]
pub struct TaskDocument {
    /// What the task is called.
    pub title: String,
    /// One sentence for lists.
    pub summary: Option<String>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// What an item is.
    pub items: ItemKind,
    /// Expected time for one item, as written.
    pub time: Option<String>,
    /// Pay for an accepted item, as written.
    pub pay: Option<String>,
    /// Where it stands.
    pub status: TaskStatus,
    /// Whether it goes on.
    pub kind: TaskKind,
    /// What a reader should know about who asks for these ratings.
    pub interests: Option<String>,
    /// Who may read it, if it says.
    pub audience: Option<Spanned<String>>,
    /// The spec.
    pub body: Body,
}

const ITEMS: [(&str, ItemKind); 5] = [
    ("trajectory", ItemKind::Trajectory),
    ("text", ItemKind::Text),
    ("pair", ItemKind::Pair),
    ("debate", ItemKind::Debate),
    ("none", ItemKind::None),
];

const STATUS: [(&str, TaskStatus); 4] = [
    ("draft", TaskStatus::Draft),
    ("active", TaskStatus::Active),
    ("paused", TaskStatus::Paused),
    ("retired", TaskStatus::Retired),
];

const KINDS: [(&str, TaskKind); 2] = [("recurring", TaskKind::Recurring), ("one-off", TaskKind::OneOff)];

/// Reads a task.
pub fn parse(path: &str, files: &FileSet<'_>, diagnostics: &mut Diagnostics) -> Option<TaskDocument> {
    if !files.contains(path) {
        diagnostics
            .add(rules::MISSING_FILE, Place::file(path), "a task needs a `task.md`")
            .help("it starts with `---`, `title: …`, `---`, and the spec follows as Markdown");
        return None;
    }
    let split = body::split(path, files, diagnostics)?;
    let body = split.body.clone();
    let Some(front) = &split.front else {
        let example = "---\ntitle: Find mistakes in an agent's server set-up\n---";
        diagnostics
            .add(rules::MISSING_KEY, body.top(), "a task needs front matter with a `title`")
            .help(format!("for example\n{example}"));
        return None;
    };
    let mut fields = Fields::of(front, "a task", diagnostics)?;
    let title = fields.required_text("title", "Find mistakes in an agent's server set-up", diagnostics);
    let task = TaskDocument {
        title: title.unwrap_or_default(),
        summary: fields.text("summary", diagnostics),
        owner: fields.text("owner", diagnostics),
        items: fields.word("items", &ITEMS, diagnostics).unwrap_or(ItemKind::Trajectory),
        time: fields.text("time", diagnostics),
        pay: fields.text("pay", diagnostics),
        status: fields.word("status", &STATUS, diagnostics).unwrap_or(TaskStatus::Active),
        kind: fields.word("kind", &KINDS, diagnostics).unwrap_or(TaskKind::Recurring),
        interests: fields.text("interests", diagnostics),
        audience: fields.get("audience").and_then(|node| page::spanned_text(node, diagnostics)),
        body,
    };
    fields.finish(diagnostics);
    Some(task)
}
