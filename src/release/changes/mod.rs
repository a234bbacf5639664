//! Changes: what one text of a task says that another did not.
//!
//! In: two instruction sets, whole or as one audience gets them. Out: the `ChangeList`, in reading order: what the front
//! matter says, criterion by criterion, then each page block by block, then other files. Each change has the class that
//! it is presumed to have (`class`); what all of them come to is said by `judged`.

pub mod class;
mod facts;
pub mod judged;
mod pages;
mod text;

pub use class::{Class, VersionStep};
pub use facts::edited_meanings;
pub use judged::{Claims, JudgedChanges, Judgement};
pub use pages::{PagePair, pairs};

use crate::audience::Audiences;
use crate::model::{Instructions, Page};
use class::Presumed;

/// All that changed from one text to another.
#[derive(Clone, Debug, Default)]
pub struct ChangeList {
    /// In reading order.
    pub changes: Vec<TaskChange>,
}

/// One change.
#[derive(Clone, Debug, PartialEq)]
pub struct TaskChange {
    /// Where it is.
    pub place: ChangePlace,
    /// What became of it.
    pub action: Action,
    /// What it is that changed.
    pub subject: Subject,
    /// What was said; empty if it is new.
    pub before: String,
    /// What is said now; empty if it is gone.
    pub after: String,
    /// What the rules presume of it.
    pub presumed: Presumed,
}

/// Where a change is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangePlace {
    /// The file, below the task's folder: `rubric.md`.
    pub file: String,
    /// The ids of the sections that it lies in, outermost first, as the new text has them; as the old one had them if it
    /// is gone.
    pub sections: Vec<String>,
    /// What the innermost section, else the page, is called.
    pub title: String,
}

/// What became of a thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It is elsewhere.
    Moved,
    /// It is otherwise.
    Changed,
}

/// What changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A part of a text, by what it is: `paragraph`, `table row`.
    Text(&'static str),
    /// A key of the task's front matter: `pay`.
    Fact(&'static str),
    /// A criterion as a whole.
    Criterion(String),
    /// A part of a criterion: its id and what of it.
    CriterionPart(String, CriterionPart),
    /// The bar.
    Bar,
    /// An example as a whole, how it is used, or the run it shows.
    Example(&'static str),
    /// An example's gold for a criterion.
    Gold(String),
    /// A page as a whole, its title or its audience.
    Page(&'static str),
    /// A picture or another file.
    File,
}

/// A part of a criterion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CriterionPart {
    /// What its front matter calls so: `scale`, `weight`.
    Named(&'static str),
    /// One of the values of its scale.
    Value(String),
    /// The words beside a value.
    Meaning(String),
}

impl CriterionPart {
    /// The part in words; `quote` is set around a value.
    fn in_words(&self, quote: &str) -> String {
        match self {
            Self::Named(name) => (*name).to_owned(),
            Self::Value(value) => format!("value {quote}{value}{quote}"),
            Self::Meaning(value) => format!("meaning of {quote}{value}{quote}"),
        }
    }

    /// The part as it is called in a name or a table.
    pub fn plain(&self) -> String {
        self.in_words("")
    }
}

impl TaskChange {
    /// Its place as it is written for `--class`: `rubric.md#fixed`, or a file and a key, `task.md pay`.
    pub fn name(&self) -> String {
        let file = &self.place.file;
        match &self.subject {
            Subject::Text(_) => match self.place.sections.last() {
                Some(section) => format!("{file}#{section}"),
                None => file.clone(),
            },
            Subject::Fact(key) => format!("{file} {key}"),
            Subject::Criterion(id) => format!("{file} {id}"),
            Subject::CriterionPart(id, part) => format!("{file} {id} {}", part.plain()),
            Subject::Bar => format!("{file} bar"),
            Subject::Gold(criterion) => format!("{file} gold {criterion}"),
            Subject::Example(part) | Subject::Page(part) if !part.is_empty() => format!("{file} {part}"),
            Subject::Example(_) | Subject::Page(_) | Subject::File => file.clone(),
        }
    }

    /// The change in a few words: `paragraph changed`.
    pub fn in_words(&self) -> String {
        let subject = match &self.subject {
            Subject::Text(what) => (*what).to_owned(),
            Subject::Fact(key) => format!("`{key}`"),
            Subject::Criterion(id) => format!("criterion `{id}`"),
            Subject::CriterionPart(id, part) => format!("{} of `{id}`", part.in_words("`")),
            Subject::Bar => "bar".to_owned(),
            Subject::Example("") => "example".to_owned(),
            Subject::Page("") => "page".to_owned(),
            Subject::Example(part) | Subject::Page(part) => (*part).to_owned(),
            Subject::Gold(criterion) => format!("gold of `{criterion}`"),
            Subject::File => "file".to_owned(),
        };
        format!("{subject} {}", self.action.word())
    }

    /// The criterion that it is about: of which it changes a part or explains the meaning.
    pub fn criterion(&self) -> Option<&str> {
        match &self.subject {
            Subject::Criterion(id) | Subject::CriterionPart(id, _) => Some(id),
            _ => self.presumed.criterion.as_deref(),
        }
    }
}

impl Action {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Moved => "moved",
            Self::Changed => "changed",
        }
    }
}

impl ChangeList {
    /// What changed from one set to another. Held-out examples are never read by anyone, and never compared.
    pub fn between(old: &Instructions, new: &Instructions) -> Self {
        let mut changes = facts::of_task(old, new);
        changes.extend(facts::of_rubric(old, new));
        let pairs = pairs(old, new);
        // What explains a new question, or explained one that is gone, goes with it.
        let criteria = |id: &str| old.rubric.criterion(id).is_some() && new.rubric.criterion(id).is_some();
        for pair in &pairs {
            changes.extend(text::of_page(pair, criteria));
        }
        changes.extend(facts::of_examples(old, new));
        changes.extend(facts::of_files(old, new));
        Self { changes }
    }

    /// What changed from one whole set to another: for whom its pages are, too.
    pub fn of_whole(old: &Instructions, new: &Instructions, audiences: &Audiences) -> Self {
        let mut list = Self::between(old, new);
        list.changes.extend(facts::of_audiences(old, new, audiences));
        list
    }

    /// What changed in the text of a page of the new set.
    pub fn of_text(&self, page: &Page) -> impl Iterator<Item = &TaskChange> {
        let file = text::file(page);
        let is_there = move |change: &&TaskChange| change.place.file == file;
        self.changes.iter().filter(|change| matches!(change.subject, Subject::Text(_))).filter(is_there)
    }

    /// Whether nothing changed.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }
}
