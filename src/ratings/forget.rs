//! Forgetting: the rows of a rater in one file, under another id and without their comments.
//!
//! In: the bytes of a file of ratings, and both ids. Out: its new bytes, and how much changed. Answers, times and versions
//! stay, so that no figure changes. It touches no row of anybody else.

use super::columns::Column;
use super::expected::{ColumnPlace, Expected};
use super::scheme::Scheme;
use crate::diagnostic::Fault;
use crate::model::Model;
use crate::table::head::usual;
use crate::table::{Sizes, rewrite};
use std::collections::BTreeSet;

/// What columns are called that hold a rater's own words about a rating.
const COMMENTS: [&str; 8] = ["comment", "comments", "feedback", "note", "notes", "remark", "remarks", "rationale"];

/// A file of ratings without a rater.
pub struct RewrittenRows {
    /// What it is to hold.
    pub bytes: Vec<u8>,
    /// How many rows were the rater's.
    pub rows: usize,
    /// How many comments went.
    pub comments: usize,
    /// Columns that nothing reads and that say something in those rows: they stay.
    pub unread: BTreeSet<String>,
}

/// Gives the rows of `rater` in the file at `path` the id `fresh`; none if it has no such row.
pub fn rename(
    path: &str,
    bytes: &[u8],
    (rater, fresh): (&str, &str),
    model: &Model,
) -> Result<Option<RewrittenRows>, Fault> {
    let scheme = Scheme::of(model);
    let expected = Expected::of(scheme.attributes(), scheme.criteria(), false);
    let is_rater =
        |name: Option<&str>| name.is_some_and(|name| expected.place(name) == ColumnPlace::Column(Column::Rater));
    // What stands beyond the head is the rest of a comment that was not quoted, most often.
    let is_comment = |name: Option<&str>| {
        name.is_none_or(|name| COMMENTS.contains(&usual(name).as_str()) && !is_read(&expected, name))
    };
    let (mut rows, mut comments, mut unread) = (0, 0, BTreeSet::new());
    let sizes = Sizes { unpacked: model.config.most_unpacked, ..Sizes::default() };
    let rewritten = rewrite(path, bytes, sizes, |row| {
        let mut is_theirs = false;
        for (_, cell) in
            row.iter_mut().filter(|(name, cell)| is_rater(name.as_deref()) && cell.as_deref() == Some(rater))
        {
            *cell = Some(fresh.to_owned());
            is_theirs = true;
        }
        if is_theirs {
            rows += 1;
            let said = row.iter_mut().filter(|(name, cell)| is_comment(name.as_deref()) && cell.as_deref() != Some(""));
            said.for_each(|(_, cell)| {
                *cell = Some(String::new());
                comments += 1;
            });
            let is_other = |name: &&str| expected.place(name) == ColumnPlace::Unknown && !is_comment(Some(name));
            let filled = row.iter().filter(|(_, cell)| cell.as_deref() != Some(""));
            unread.extend(filled.filter_map(|(name, _)| name.as_deref().filter(is_other).map(str::to_owned)));
        }
        is_theirs
    })?;
    Ok(rewritten.map(|bytes| RewrittenRows { bytes, rows, comments, unread }))
}

/// Whether figures are made of a column of this name.
fn is_read(expected: &Expected<'_>, name: &str) -> bool {
    matches!(expected.place(name), ColumnPlace::Column(_) | ColumnPlace::Attribute(_))
}
