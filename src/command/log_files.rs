//! The files of a log: the one that is named, and those beside it that hold further rows of it.
//!
//! In: where a log is. Out: a reader over all of them, and where the others are. Whether they belong to it is known by what
//! the log's rows name; it opens nothing outside the log's folder.

use crate::disk::{self, DiskError};
use crate::limits::LARGEST_FILE;
use crate::trajectory::files_named_in;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;
use std::path::Path;

/// A log as it is read.
pub struct OpenLog {
    /// All of its rows.
    pub reader: Box<dyn disk::ReadSeek>,
    /// The files beside it that hold some of them, from its folder on.
    pub others: BTreeSet<String>,
}

/// Opens a log; `-` is standard input, which has nothing beside it.
pub fn open(file: &Path) -> Result<OpenLog, DiskError> {
    if file == Path::new("-") {
        return Ok(OpenLog { reader: disk::seekable_stdin()?, others: BTreeSet::new() });
    }
    match with_rows_beside(file)? {
        Some(log) => Ok(log),
        None => Ok(OpenLog { reader: disk::seekable(file)?, others: BTreeSet::new() }),
    }
}

/// The rows of a log and of the files beside it which it or they name; none where there are none.
fn with_rows_beside(file: &Path) -> Result<Option<OpenLog>, DiskError> {
    let is_rows = file.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("jsonl")) && disk::is_file(file);
    let (Some(stem), true) = (file.file_stem().and_then(|stem| stem.to_str()), is_rows) else { return Ok(None) };
    let Some(mut rows) = disk::read_within(file, LARGEST_FILE)? else { return Ok(None) };
    let folder = file.parent().unwrap_or(Path::new(""));
    let own = file.file_name().and_then(|name| name.to_str()).unwrap_or("");
    let mut found: BTreeMap<String, (String, Vec<u8>)> = BTreeMap::new();
    let mut room = LARGEST_FILE.saturating_sub(rows.len() as u64);
    let mut named = files_named_in(&rows);
    named.sessions.insert(stem.to_owned());
    let has_subagents = |session: &String| disk::is_folder(&folder.join(session).join("subagents"));
    let mut folders: Vec<String> = named.sessions.iter().filter(|session| has_subagents(session)).cloned().collect();
    let mut next: Vec<String> = named.subagents.into_iter().collect();
    let mut looked_for = BTreeSet::new();
    while let Some(subagent) = next.pop() {
        let file = format!("agent-{subagent}.jsonl");
        if !looked_for.insert(subagent.clone()) || file == own {
            continue;
        }
        let places = folders.iter().map(|session| format!("{session}/subagents/{file}")).chain([file.clone()]);
        let Some(name) = places.into_iter().find(|name| disk::is_file(&folder.join(name))) else { continue };
        // What can't be read, lies elsewhere, or has no room is told by the reader, as what is not there.
        let Ok(Some(more)) = disk::read_inside(folder, Path::new(&name), room) else { continue };
        room = room.saturating_sub(more.len() as u64);
        let named = files_named_in(&more);
        folders.extend(
            named
                .sessions
                .into_iter()
                .filter(|session| !folders.contains(session) && has_subagents(session))
                .collect::<Vec<_>>(),
        );
        next.extend(named.subagents);
        found.insert(subagent, (name, more));
    }
    let others: BTreeMap<String, Vec<u8>> = found.into_values().collect();
    let is_more = !others.is_empty();
    for more in others.values() {
        rows.push(b'\n');
        rows.extend(more);
    }
    let log = || OpenLog { reader: Box::new(Cursor::new(rows)), others: others.into_keys().collect() };
    Ok(is_more.then(log))
}
