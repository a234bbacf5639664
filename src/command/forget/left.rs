//! What is left of an id: files that hold it when the changes are made, and git.
//!
//! In: the root folder, the id, and what changes. Out: each file that still holds the id as a word of its own, or is
//! called so. It changes nothing.

use super::FileChange;
use crate::diagnostic::{Diagnostics, Halt, Place, rules};
use crate::disk;
use crate::table;
use crate::text::normal::is_part_of_word;
use crate::text::quoted;
use std::collections::BTreeMap;
use std::path::Path;

/// Whether git keeps earlier texts of a folder: of itself, or as part of a repository.
pub fn is_in_git(root: &Path) -> bool {
    let root = disk::without_links(root);
    disk::exists(&root.join("content/.git")) || root.ancestors().any(|folder| disk::exists(&folder.join(".git")))
}

/// The files below `root` that hold the id when the changes are made; git's own are not looked into.
pub fn files(
    root: &Path,
    rater: &str,
    fresh: &str,
    changes: &BTreeMap<String, FileChange>,
    diagnostics: &mut Diagnostics,
) -> Result<Vec<(String, Option<usize>)>, Halt> {
    let mut left = Vec::new();
    for (name, place) in disk::files(root, &[".git"]).map_err(|error| diagnostics.machine(&error, root))? {
        let old = table::plain(disk::read(&place).map_err(|error| diagnostics.machine(&error, root))?);
        if let Some(at) = word(&old.to_ascii_lowercase(), &fresh.to_ascii_lowercase()) {
            let line = 1 + memchr::memchr_iter(b'\n', &old[..at]).count() as u64;
            diagnostics
                .add(rules::INVALID_SETTINGS, Place::Line(name, line), format!("{} is here already", quoted(fresh)))
                .help("choose an id that nobody has, or leave `--as` out");
            return Err(Halt);
        }
        let plain = changes.get(&name).map_or(old, |change| table::plain(change.bytes.clone()));
        if let Some(at) = word(&plain, rater) {
            let is_text = std::str::from_utf8(&plain).is_ok();
            left.push((name, is_text.then(|| 1 + memchr::memchr_iter(b'\n', &plain[..at]).count())));
        } else if word(name.as_bytes(), rater).is_some() {
            left.push((name, None));
        }
    }
    Ok(left)
}

/// Where an id stands as a word of its own.
fn word(bytes: &[u8], id: &str) -> Option<usize> {
    let is_part = |byte: Option<&u8>| byte.is_some_and(|byte| is_part_of_word(*byte));
    memchr::memmem::find_iter(bytes, id).find(|at| {
        !is_part(at.checked_sub(1).and_then(|before| bytes.get(before))) && !is_part(bytes.get(at + id.len()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_a_word_of_its_own() {
        for (text, at) in
            [("a-1", Some(0)), ("x a-1,", Some(2)), ("a-10 a-1", Some(5)), ("xa-1 a-1_ -a-1", None), ("", None)]
        {
            assert_eq!(word(text.as_bytes(), "a-1"), at, "{text}");
        }
    }
}
