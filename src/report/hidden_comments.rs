//! Hidden comments: what raters wrote and a data lead keeps from every page.
//!
//! In: the comments that were read, and the places that the settings name. Out: the others, how many of each cohort and week
//! are kept back, and a finding for each place that has none.

use crate::config::HiddenComment;
use crate::diagnostic::{Diagnostics, rules};
use crate::document::RATINGS;
use crate::model::Model;
use crate::ratings::{Comment, Ratings, Week};
use std::collections::{BTreeMap, BTreeSet};

/// How many comments are kept back, by cohort and week; of those without a time the week is none.
pub type HiddenCounts = BTreeMap<(u16, Option<Week>), u64>;

/// Where a comment stands: its file, below `content/ratings/` if it lies there, and its line.
pub fn place<'r>(comment: &Comment, ratings: &'r Ratings) -> (&'r str, u64) {
    let path = ratings.notes.ledger.files.get(comment.at.file as usize).map_or("", |file| file.path.as_str());
    (below(path), comment.at.line)
}

fn below(path: &str) -> &str {
    path.strip_prefix(RATINGS).unwrap_or(path)
}

/// Takes the hidden comments out.
pub fn take_out(ratings: &mut Ratings, model: &Model, diagnostics: &mut Diagnostics) -> HiddenCounts {
    let hidden = &model.config.hidden_comments;
    if hidden.is_empty() {
        return HiddenCounts::new();
    }
    let all = std::mem::take(&mut ratings.comments);
    let is_at =
        |comment: &Comment, hidden: &HiddenComment| place(comment, ratings) == (below(&hidden.file), hidden.line);
    let is_hidden = |comment: &Comment| hidden.iter().any(|hidden| is_at(comment, hidden));
    let (taken, kept): (Vec<Comment>, Vec<Comment>) = all.into_iter().partition(is_hidden);
    for place in hidden.iter().filter(|place| !taken.iter().any(|comment| is_at(comment, place))) {
        let message = format!("no comment of a rating that counts stands at `{}:{}`", place.file, place.line);
        diagnostics
            .add(rules::HIDES_NO_COMMENT, place.span, message)
            .help("it may have been replaced, or its line has another number now");
    }
    // A row that speaks of several criteria has one comment.
    let rows: BTreeSet<_> = taken.iter().filter_map(|of| Some((of.at, of.cohort?, of.day.map(Week::of)))).collect();
    ratings.comments = kept;
    let mut counts = HiddenCounts::new();
    rows.into_iter().for_each(|(_, cohort, week)| *counts.entry((cohort, week)).or_default() += 1);
    counts
}
