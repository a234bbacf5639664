//! Feedback: what a candidate may be handed: scores and what to read again, and no gold.
//!
//! In: a candidate. Out: Markdown. It names no item that was missed and no answer that is right, so that the test can be
//! used again.

use super::{Candidate, ScoreShare};
use crate::figures::words::{interval, percent};
use crate::text;
use std::fmt::Write;

/// The page of a candidate. `titles` has what a criterion's section is called.
pub fn page(candidate: &Candidate, task: &str, titles: &dyn Fn(&str) -> String) -> String {
    let mut out = format!("# Test of {task}: {}\n\n", text::line(&candidate.rater));
    match candidate.passes {
        Some(true) => out.push_str("The mark is passed.\n\n"),
        Some(false) => out.push_str("The mark is not passed.\n\n"),
        None => {}
    }
    if let Some(share) = &candidate.overall {
        let _ = write!(
            out,
            "Of all answers with values {} were right ({}).\n\n",
            percent(share.point),
            interval(share.low, share.high)
        );
    }
    out.push_str("| question | right of asked | 95 % interval |\n|---|--:|---|\n");
    for score in &candidate.criteria {
        let ScoreShare { right, asked, low, high, .. } = score.share;
        let title = titles(&score.criterion);
        let _ = writeln!(out, "| {} | {right} of {asked} | {} |", text::cell(&text::line(&title)), interval(low, high));
    }
    let read: Vec<String> = candidate
        .criteria
        .iter()
        .filter(|score| score.share.right < score.share.asked)
        .map(|score| titles(&score.criterion))
        .collect();
    if !read.is_empty() {
        let _ = write!(out, "\nSections to read again: {}.\n", text::line(&read.join(", ")));
    }
    out.push_str("\nThe intervals say how far the score may be from what you would reach on many items like these.\n");
    out
}
