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
    let expected = Expected::of(scheme.attributes(), false);
    let is_rater = |name: &str| expected.place(name) == ColumnPlace::Column(Column::Rater);
    let is_comment = |name: &str| COMMENTS.contains(&usual(name).as_str()) && !is_read(&expected, name);
    let (mut rows, mut comments, mut unread) = (0, 0, BTreeSet::new());
    let sizes = Sizes { unpacked: model.config.most_unpacked, ..Sizes::default() };
    let rewritten = rewrite(path, bytes, sizes, |row| {
        let mut is_theirs = false;
        for (_, cell) in row.iter_mut().filter(|(name, cell)| is_rater(name) && cell.as_deref() == Some(rater)) {
            *cell = Some(fresh.to_owned());
            is_theirs = true;
        }
        if is_theirs {
            rows += 1;
            let said = row.iter_mut().filter(|(name, cell)| is_comment(name) && cell.as_deref() != Some(""));
            said.for_each(|(_, cell)| {
                *cell = Some(String::new());
                comments += 1;
            });
            let other = |name: &str| expected.place(name) == ColumnPlace::Unknown && !is_comment(name);
            let other = row.iter().filter(|(name, cell)| other(name) && cell.as_deref() != Some(""));
            unread.extend(other.map(|(name, _)| name.to_string()));
        }
        is_theirs
    })?;
    Ok(rewritten.map(|bytes| RewrittenRows { bytes, rows, comments, unread }))
}

/// Whether figures are made of a column of this name.
fn is_read(expected: &Expected<'_>, name: &str) -> bool {
    matches!(expected.place(name), ColumnPlace::Column(_) | ColumnPlace::Attribute(_))
}
