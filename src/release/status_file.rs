//! The file of a task's state, written line by line, so that what people wrote in it stays as it is.
//!
//! In: the text of `status.yaml`, and what is to be added. Out: the new text, or the lines that somebody must add by
//! hand where the file is not laid out in blocks.

use super::lock::quoted;
use super::state;
use crate::diagnostic::{Diagnostics, Fault};
use crate::document::StatusKeys;
use crate::schema::FromYaml;
use crate::source::{Content, Source, Sources};
use crate::yaml;
use jiff::Timestamp;
use semver::Version;

/// The first line of a new file.
const HEAD: &str = "# The state of this task; `goldbook schema status` says what may stand here.\n";

/// The text with a version withdrawn.
pub fn withdrawn(old: &str, version: &Version, from: Timestamp, because: &str) -> Result<String, Fault> {
    let item = format!("{{version: {version}, from: {from}, because: {}}}", quoted(because));
    checked(with_item(old, "withdrawn", &item), old, &format!("withdrawn:\n  - {item}"), |keys| {
        keys.withdrawn.as_ref().map_or(0, Vec::len)
    })
}

/// The text with the task retired.
pub fn retired(old: &str, from: Timestamp, because: &str) -> Result<String, Fault> {
    let line = format!("retired: {{from: {from}, because: {}}}\n", quoted(because));
    checked(Some(with_line(old, &line)), old, &line, |keys| usize::from(keys.retired.is_some()))
}

/// The text with an id more that the task had before.
pub fn renamed(old: &str, id: &str) -> Result<String, Fault> {
    let keys = read(old);
    let known = keys.iter().flat_map(state::former).map(|id| id.value.0.as_str());
    let ids: Vec<&str> = known.chain([id]).collect();
    let line = if ids.len() == 1 { format!("was: {id}\n") } else { format!("was: [{}]\n", ids.join(", ")) };
    let written = old.split_inclusive('\n').find(|line| line.starts_with("was:"));
    let new = match written {
        None => Some(with_line(old, &line)),
        Some(was) if was["was:".len()..].trim().is_empty() => with_item(old, "was", id),
        Some(was) => Some(old.replacen(was, &line, 1)),
    };
    checked(new, old, &line, |keys| state::former(keys).count())
}

/// The text with an item more in a list; none if that stands on one line.
fn with_item(old: &str, key: &str, item: &str) -> Option<String> {
    let head = format!("{key}:");
    let mut lines = old.split_inclusive('\n');
    let Some(line) = lines.clone().find(|line| line.starts_with(&head)) else {
        return Some(with_line(old, &format!("{head}\n  - {item}\n")));
    };
    let rest = line[head.len()..].trim();
    if !(rest.is_empty() || rest.starts_with('#')) {
        return None;
    }
    let at = line.as_ptr() as usize - old.as_ptr() as usize + line.len();
    let first = lines.find(|line| line.as_ptr() as usize >= old.as_ptr() as usize + at && !line.trim().is_empty());
    let indent = first.filter(|line| line.trim_start().starts_with("- "));
    let indent = indent.map_or("  ", |line| &line[..line.len() - line.trim_start().len()]);
    let (before, after) = old.split_at(at);
    let end = if before.ends_with('\n') { "" } else { "\n" };
    Some(format!("{before}{end}{indent}- {item}\n{after}"))
}

fn with_line(old: &str, line: &str) -> String {
    let old = if old.is_empty() { HEAD } else { old };
    let end = if old.ends_with('\n') { "" } else { "\n" };
    format!("{old}{end}{line}")
}

/// A new text that says one thing more than the old one, as `count` counts; else what to write by hand.
fn checked(new: Option<String>, old: &str, lines: &str, count: impl Fn(&StatusKeys) -> usize) -> Result<String, Fault> {
    let said = |text: &str| read(text).map(|keys| count(&keys));
    let grown = said(old).map(|count| count + 1);
    new.filter(|new| grown.is_some() && said(new) == grown).ok_or_else(|| {
        Fault::whole(format!("`{}` is not laid out in lines that could be added to", state::NAME))
            .help(format!("add this by hand: {}", lines.trim_end().replace("\n  ", " ")))
    })
}

/// What a text says, if nothing is wrong with it.
fn read(text: &str) -> Option<StatusKeys> {
    let sources = Sources::new(vec![Source::new(state::NAME, Content::Text(text.into()))]);
    let mut found = Diagnostics::default();
    let node = yaml::parse(text, sources.find(state::NAME)?.id, 0, &mut found)?;
    StatusKeys::from_yaml(&node, &mut found).filter(|_| found.gate().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn withdraw(old: &str) -> Result<String, Fault> {
        withdrawn(old, &Version::new(1, 0, 1), Timestamp::UNIX_EPOCH, "It \"names\"\na wrong limit: 3.")
    }

    #[test]
    fn what_people_wrote_stays_as_it_is() {
        const ITEM: &str =
            "{version: 1.0.1, from: 1970-01-01T00:00:00Z, because: \"It \\\"names\\\"\\na wrong limit: 3.\"}\n";
        assert_eq!(withdraw("").unwrap(), format!("{HEAD}withdrawn:\n  - {ITEM}"));
        let serves = "# Ours.\nserves:\n  - {version: 1.0.0, from: 2026-11-01} # as agreed";
        assert_eq!(withdraw(serves).unwrap(), format!("{serves}\nwithdrawn:\n  - {ITEM}"));
        let once = "withdrawn: # see the minutes\n- {version: 1.0.0, from: 2026-11-01, because: A slip.}\nwas: older\n";
        let (head, rest) = once.split_at(once.find("- {").unwrap());
        assert_eq!(withdraw(once).unwrap(), format!("{head}- {ITEM}{rest}"));
        assert!(retired(once, Timestamp::UNIX_EPOCH, "Over.").unwrap().starts_with(once));
    }

    #[test]
    fn what_cannot_be_added_to_is_left_to_its_author() {
        for text in ["withdrawn: []\n", "{was: older}\n", "was: [\n", "unknown: 1\n"] {
            let fault = withdraw(text).unwrap_err();
            assert!(fault.help[0].starts_with("add this by hand: withdrawn: - {version: 1.0.1"), "{fault:?}");
        }
        assert_eq!(renamed("", "older").unwrap(), format!("{HEAD}was: older\n"));
        assert_eq!(renamed("was: oldest\nserves: []\n", "older").unwrap(), "was: [oldest, older]\nserves: []\n");
        assert_eq!(renamed("was:\n  - oldest\n", "older").unwrap(), "was:\n  - older\n  - oldest\n");
        let retired_before = "retired: {from: 2026-11-01, because: Over.}\n";
        assert!(retired(retired_before, Timestamp::UNIX_EPOCH, "Over.").is_err());
    }
}
