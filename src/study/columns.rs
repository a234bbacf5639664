//! Columns: which column of a table is the item, the rater, the label, the gold.
//!
//! In: the names at the head of a table and what was asked. Out: the column of a role, or why it can't be told. A name
//! that was asked for wins; else a role's own name; else one of a few other names in use. It guesses no further.

use crate::diagnostic::did_you_mean;
use crate::table::{Fault, listed, shown};

/// How ratings stand in a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// One rating a row: item, rater, label.
    Long,
    /// One item a row and one column a rater.
    Wide,
}

/// Names of columns that were asked for; what is `None` is found by its usual names.
///
/// Usual names are compared without regard to case, and with `-` and blanks as `_`:
///
/// - item: `item`, `item_id`, `unit`, `unit_id`, `task`, `task_id`, `example`, `example_id`; in a wide table also a
///   first column named `id`, `subject` or nothing at all;
/// - rater: `rater`, `rater_id`, `annotator`, `annotator_id`, `worker`, `worker_id`, `user`, `user_id`, `labeler`,
///   `labeller`, `coder`;
/// - label: `label`, `value`, `rating`, `score`, `answer`, `response`;
/// - gold: `gold`, `gold_label`, `truth`, `true_label`, `ground_truth`, `expected`.
///
/// A role's first name wins over its others; two of the others are an error.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Columns {
    /// What was rated.
    pub item: Option<String>,
    /// Who rated; makes the table a long one.
    pub rater: Option<String>,
    /// What was said; makes the table a long one.
    pub label: Option<String>,
    /// What the experts say of the item.
    pub gold: Option<String>,
    /// The rater whose labels are gold, where experts' labels stand among the others'.
    pub gold_rater: Option<String>,
    /// What ratings are grouped by; never guessed.
    pub by: Option<String>,
    /// The columns of raters; makes the table a wide one. Without it they are all columns that are nothing else.
    pub raters: Option<Vec<String>>,
}

/// What a column can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// What was rated.
    Item,
    /// Who rated.
    Rater,
    /// What was said.
    Label,
    /// What the experts say.
    Gold,
    /// What ratings are grouped by.
    Group,
    /// The step that is flagged.
    Step,
    /// The kind of mistake.
    Kind,
    /// How many steps the item has.
    Steps,
}

impl Role {
    /// Its own name, then the others by which it is known.
    fn names(self) -> &'static [&'static str] {
        match self {
            Self::Item => &["item", "item_id", "unit", "unit_id", "task", "task_id", "example", "example_id"],
            Self::Rater => &[
                "rater",
                "rater_id",
                "annotator",
                "annotator_id",
                "worker",
                "worker_id",
                "user",
                "user_id",
                "labeler",
                "labeller",
                "coder",
            ],
            Self::Label => &["label", "value", "rating", "score", "answer", "response"],
            Self::Gold => &["gold", "gold_label", "truth", "true_label", "ground_truth", "expected"],
            Self::Group => &[],
            Self::Step => &["label", "step", "mistake_step"],
            Self::Kind => &["kind", "category", "type"],
            Self::Steps => &["steps", "n_steps"],
        }
    }

    /// The option that names the column.
    pub(super) fn option(self) -> &'static str {
        match self {
            Self::Item => "--item",
            Self::Rater => "--rater",
            Self::Label | Self::Step => "--label",
            Self::Gold => "--gold",
            Self::Group => "--by",
            Self::Kind => "--kind",
            Self::Steps => "--length",
        }
    }

    /// Whether a column's name is usual for the role.
    pub fn is_usual(self, name: &str) -> bool {
        self.names().contains(&usual(name).as_str())
    }

    /// The column that has the role, if there is one.
    pub(super) fn find(self, head: &[String], asked: Option<&str>) -> Result<Option<usize>, Fault> {
        if let Some(asked) = asked {
            return find_named(head, asked).map(Some);
        }
        let names: Vec<String> = head.iter().map(|name| usual(name)).collect();
        let known = self.names();
        let places = |wanted: &[&str]| -> Vec<usize> {
            (0..names.len()).filter(|place| wanted.contains(&names[*place].as_str())).collect()
        };
        let mut found = places(&known[..known.len().min(1)]);
        if found.is_empty() {
            found = places(known);
        }
        if found.len() < 2 {
            return Ok(found.first().copied());
        }
        let columns = listed(found.iter().map(|place| head[*place].as_str()));
        let message = format!("each of the columns {columns} could be the {}", known[0]);
        Err(Fault::whole(message).help(format!("name the one with {} COLUMN", self.option())))
    }
}

/// The column with just this name, or else the only one that differs from it in case alone.
pub(super) fn find_named(head: &[String], asked: &str) -> Result<usize, Fault> {
    if let Some(place) = head.iter().position(|name| name == asked.trim()) {
        return Ok(place);
    }
    let alike = |name: &&String| name.eq_ignore_ascii_case(asked.trim());
    match head.iter().filter(alike).count() {
        1 => Ok(head.iter().position(|name| alike(&name)).unwrap_or_default()),
        _ => Err(lacks(head, &format!("the table has no column {}", shown(asked)))
            .maybe(did_you_mean(asked, guessable(head)))),
    }
}

/// Names of which it makes sense to ask whether they were meant.
fn guessable(head: &[String]) -> impl Iterator<Item = &str> {
    head.iter().map(String::as_str).filter(|name| name.len() <= 60)
}

pub(super) fn usual(name: &str) -> String {
    name.trim().to_ascii_lowercase().replace(['-', ' '], "_")
}

pub(super) fn lacks(head: &[String], what: &str) -> Fault {
    Fault::whole(format!("{what}; it has {}", listed(head.iter().map(String::as_str))))
}

/// No two columns may have one name, or nobody could say which is meant.
pub(super) fn check_names(head: &[String]) -> Result<(), Fault> {
    let mut names: Vec<&str> = head.iter().map(String::as_str).filter(|name| !name.is_empty()).collect();
    names.sort_unstable();
    match names.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(Fault::whole(format!("two columns are named {}", shown(pair[0])))),
        None => Ok(()),
    }
}

/// The columns of these roles, or what is said of a table that lacks one.
pub(super) fn require<const N: usize>(head: &[String], found: [(Role, Option<usize>); N]) -> Result<[usize; N], Fault> {
    if let Some((role, _)) = found.iter().find(|(_, place)| place.is_none()) {
        let name = role.names()[0];
        let near = did_you_mean(name, guessable(head)).map(|near| format!("{near} ")).unwrap_or_default();
        let fault = lacks(head, &format!("the table has no column of the {name}"));
        return Err(fault.help(format!("{near}name it with {} COLUMN", role.option())));
    }
    Ok(found.map(|(_, place)| place.unwrap_or_default()))
}

/// Refuses one column in two roles.
pub(super) fn apart(head: &[String], places: &[Option<usize>]) -> Result<(), Fault> {
    let mut taken = vec![false; head.len()];
    for place in places.iter().flatten() {
        if std::mem::replace(&mut taken[*place], true) {
            return Err(Fault::whole(format!("the column {} can't be two things at once", shown(&head[*place]))));
        }
    }
    Ok(())
}
