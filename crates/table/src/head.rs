//! Heads: what the columns of a table are usually called, and which column is meant.
//!
//! In: the names at the head of a table. Out: the column of a role, or those of which nobody can say which is meant. It
//! guesses no further than names in use.

use goldbook_ground::diagnostic::Fault;
use goldbook_ground::text::{listed, quoted};

/// What a column can be.
///
/// Usual names are compared without regard to case, and with `-` and blanks as `_`:
///
/// - item: `item`, `item_id`, `unit`, `unit_id`, `example`, `example_id`, `task`, `task_id` (the last two are what all
///   items belong to where an `item` or `item_id` is there too);
/// - rater: `rater`, `rater_id`, `annotator`, `annotator_id`, `worker`, `worker_id`, `user`, `user_id`, `labeler`,
///   `labeller`, `coder`;
/// - label: `label`, `value`, `rating`, `score`, `answer`, `response`;
/// - gold: `gold`, `gold_label`, `truth`, `true_label`, `ground_truth`, `expected`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnRole {
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

/// Names of an item that are names of something larger where an item has its own.
const OF_TASKS: [&str; 2] = ["task", "task_id"];

/// The item's own names.
const OF_ITEMS: [&str; 2] = ["item", "item_id"];

impl ColumnRole {
    /// What it is called here.
    pub fn name(self) -> &'static str {
        self.names().first().copied().unwrap_or("group")
    }

    fn names(self) -> &'static [&'static str] {
        match self {
            Self::Item => &["item", "item_id", "unit", "unit_id", "example", "example_id", "task", "task_id"],
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

    /// Whether a column's name is usual for the role.
    pub fn is_usual(self, name: &str) -> bool {
        self.names().contains(&usual(name).as_str())
    }

    /// Whether a usual name stands for the role only where it has no name of its own.
    pub fn yields(self, name: &str) -> bool {
        self == Self::Item && OF_TASKS.contains(&usual(name).as_str())
    }

    /// The column that has the role, if there is one; `Err` holds those of which each could be it.
    pub fn find(self, head: &[String]) -> Result<Option<usize>, Vec<usize>> {
        self.only(head, (0..head.len()).filter(|place| self.is_usual(&head[*place])).collect())
    }

    /// Which of these columns has the role.
    pub fn only(self, head: &[String], mut found: Vec<usize>) -> Result<Option<usize>, Vec<usize>> {
        if found.iter().any(|place| OF_ITEMS.contains(&usual(&head[*place]).as_str())) {
            found.retain(|place| !self.yields(&head[*place]));
        }
        if found.len() < 2 { Ok(found.first().copied()) } else { Err(found) }
    }
}

/// What columns of notes and the like are usually called.
const OF_NOTES: [&str; 14] = [
    "note",
    "notes",
    "comment",
    "comments",
    "remark",
    "remarks",
    "text",
    "title",
    "url",
    "date",
    "time",
    "timestamp",
    "seconds",
    "status",
];

/// Whether a column of this name usually holds notes and the like.
pub fn is_of_notes(name: &str) -> bool {
    OF_NOTES.contains(&usual(name).as_str())
}

/// Whether a first column of this name numbers the rows, or names them: it has no name, or that which pandas gives to an
/// index without one.
pub fn is_index(name: &str) -> bool {
    name.is_empty() || name.starts_with("__index_level_")
}

/// How a name is compared with usual ones.
pub fn usual(name: &str) -> String {
    name.trim().to_ascii_lowercase().replace(['-', ' '], "_")
}

/// What is said of a table of which several columns could be one thing.
pub fn ambiguous(head: &[String], places: &[usize], what: &str) -> Fault {
    let names: Vec<&str> = places.iter().map(|place| head[*place].as_str()).collect();
    if let [first, rest @ ..] = names.as_slice()
        && rest.iter().all(|name| name == first)
    {
        return Fault::whole(format!("two columns are named {}", quoted(first)));
    }
    Fault::whole(format!("each of the columns {} could be the {what}", listed(names)))
}

/// Of the columns that are read, no two may have one name, or nobody could say which is meant.
pub fn check_names(head: &[String], read: &[bool]) -> Result<(), Fault> {
    let is_read = |(name, read): &(&String, &bool)| **read && !name.is_empty();
    let mut wanted: Vec<&str> = head.iter().zip(read).filter(is_read).map(|(name, _)| name.as_str()).collect();
    wanted.sort_unstable();
    wanted.dedup();
    let mut all: Vec<&str> = head.iter().map(String::as_str).collect();
    all.sort_unstable();
    let twice = all.windows(2).find(|pair| pair[0] == pair[1] && wanted.binary_search(&pair[0]).is_ok());
    twice.map_or(Ok(()), |pair| Err(Fault::whole(format!("two columns are named {}", quoted(pair[0])))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(names: &str) -> Vec<String> {
        names.split(',').map(str::to_owned).collect()
    }

    #[test]
    fn a_role_has_one_column_under_any_of_its_names() {
        let found = |role: ColumnRole, names| role.find(&head(names));
        assert_eq!(found(ColumnRole::Rater, "x,Worker-ID"), Ok(Some(1)));
        assert_eq!(found(ColumnRole::Rater, "worker,x,rater"), Err(vec![0, 2]));
        assert_eq!(found(ColumnRole::Label, "x"), Ok(None));
        assert_eq!(
            (found(ColumnRole::Item, "task,Item"), found(ColumnRole::Item, "task_id")),
            (Ok(Some(1)), Ok(Some(0)))
        );
        assert_eq!(
            (found(ColumnRole::Item, "task,unit"), found(ColumnRole::Item, "item,unit")),
            (Err(vec![0, 1]), Err(vec![0, 1]))
        );
    }

    #[test]
    fn what_nobody_can_tell_apart_is_named() {
        let told = |names, places: &[usize]| ambiguous(&head(names), places, "rater").message;
        assert_eq!(told("worker,x,rater", &[0, 2]), "each of the columns `worker` and `rater` could be the rater");
        assert_eq!(told("rater,rater", &[0, 1]), "two columns are named `rater`");
        let checked = |read: [bool; 3]| check_names(&head("a,b,a"), &read).is_ok();
        assert!(checked([false, true, false]) && !checked([false, true, true]));
    }
}
