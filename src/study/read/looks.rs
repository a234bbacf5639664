//! Looks: what columns are called by people and tools that write one rating a row, beyond the usual names.
//!
//! In: the names at the head of a table. Out: what each looks like, and what to type if that is right. A look is never
//! acted upon: it makes a guess unsafe, and says what to declare.

use crate::table::ColumnRole;
use crate::text::{line, quoted};

/// What people are called.
const PEOPLE: [&str; 14] = [
    "annotator",
    "assessor",
    "coder",
    "evaluator",
    "grader",
    "judge",
    "labeler",
    "labeller",
    "participant",
    "prolific",
    "rater",
    "reviewer",
    "user",
    "worker",
];

/// By what people are told from each other.
const OF_PEOPLE: [&str; 5] = ["id", "name", "email", "pid", "key"];

/// Further names of people's columns.
const BY_PEOPLE: [&str; 8] =
    ["email", "emailaddress", "respondent", "respondentid", "annotatedby", "completedby", "createdby", "submittedby"];

/// What tools write beside each answer.
const OF_TOOLS: [&str; 16] = [
    "accepttime",
    "assignmentid",
    "completedat",
    "createdat",
    "endtime",
    "hitid",
    "leadtime",
    "responseid",
    "startdate",
    "startedat",
    "starttime",
    "submissionid",
    "submittedat",
    "submittime",
    "timestamp",
    "worktimeinseconds",
];

/// What is rated, as a column of it is called.
const ITEMS: [&str; 11] =
    ["conversation", "document", "hit", "item", "prompt", "question", "run", "sample", "task", "trajectory", "unit"];

/// What is said of it, as a column of it is called.
const LABELS: [&str; 8] = ["annotation", "choice", "decision", "grade", "judgement", "judgment", "labels", "verdict"];

/// The option that names the column of a role.
pub(super) fn option(role: ColumnRole) -> &'static str {
    match role {
        ColumnRole::Item => "--item",
        ColumnRole::Rater => "--rater",
        ColumnRole::Label | ColumnRole::Step => "--label",
        ColumnRole::Gold => "--gold",
        ColumnRole::Group => "--by",
        ColumnRole::Kind => "--kind",
        ColumnRole::Steps => "--length",
    }
}

/// The role that a column looks like by its name.
fn look(name: &str) -> Option<ColumnRole> {
    let (whole, last) = (letters(name), letters(name.rsplit(['.', ':', '/']).next().unwrap_or(name)));
    let base = last.strip_suffix("id").unwrap_or(&last);
    if is_of_people(&last) {
        Some(ColumnRole::Rater)
    } else if ITEMS.contains(&base) {
        Some(ColumnRole::Item)
    } else if LABELS.contains(&last.as_str()) || name_starts(name, &whole, &["answer", "output"]) {
        Some(ColumnRole::Label)
    } else {
        None
    }
}

/// Whether a column's name is one that stands beside single answers: it names people, or is a tool's.
pub(super) fn is_of_answers(name: &str) -> bool {
    let last = letters(name.rsplit(['.', ':', '/']).next().unwrap_or(name));
    is_of_people(&last) || OF_TOOLS.contains(&last.as_str())
}

fn is_of_people(letters: &str) -> bool {
    let is_someone = |person: &&str| letters.strip_prefix(*person).is_some_and(|rest| OF_PEOPLE.contains(&rest));
    PEOPLE.iter().any(is_someone) || BY_PEOPLE.contains(&letters)
}

/// Whether a name has one of these before a dot or colon.
fn name_starts(name: &str, letters: &str, words: &[&str]) -> bool {
    name.contains(['.', ':']) && words.iter().any(|word| letters.starts_with(word))
}

/// A name without what writers differ in.
fn letters(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// For each of these roles, what to type if the first column that looks like it is the one.
pub(super) fn advice(head: &[String], roles: &[ColumnRole]) -> Vec<String> {
    const LONGEST: usize = 60;
    let of_role = |role: &ColumnRole| {
        let looks = |name: &&String| name.len() <= LONGEST && look(name) == Some(*role);
        let name = head.iter().find(looks)?;
        let word = if name.contains(' ') { format!("\"{}\"", line(name)) } else { line(name).into_owned() };
        Some(format!("{} looks like the {}: {} {word}", quoted(name), role.name(), option(*role)))
    };
    roles.iter().filter_map(of_role).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_raters_items_and_labels_are_seen_however_they_are_written() {
        for name in ["WorkerId", "worker-id", "workerid", "WORKER ID", "Username", "ASSIGNMENT:worker_id", "Email"] {
            assert_eq!((look(name), is_of_answers(name)), (Some(ColumnRole::Rater), true), "{name}");
        }
        for name in ["HITId", "Run", "run_id", "INPUT:item", "document"] {
            assert_eq!(look(name), Some(ColumnRole::Item), "{name}");
        }
        for name in ["Answer.verdict", "OUTPUT:label", "Decision"] {
            assert_eq!(look(name), Some(ColumnRole::Label), "{name}");
        }
        assert!(["HITId", "Timestamp", "submitted_at"].iter().all(|name| is_of_answers(name)));
        for name in ["judge", "annotator_1", "r1", "answer", "human", ""] {
            assert_eq!((look(name), is_of_answers(name)), (None, false), "{name}");
        }
    }

    #[test]
    fn advice_can_be_typed() {
        let head = ["Email Address", "HITId", "x", "RunId"].map(str::to_owned);
        let told = advice(&head, &[ColumnRole::Item, ColumnRole::Rater, ColumnRole::Label]);
        let rater = "`Email Address` looks like the rater: --rater \"Email Address\"";
        assert_eq!(told, ["`HITId` looks like the item: --item HITId", rater]);
    }
}
