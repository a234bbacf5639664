//! What changed with a release: the quality after it, less the quality before.
//!
//! In: answers before and after, as counts or as cells. Out: the difference with its interval, and what it rests on.
//! Only anchor items that were rated again show what the text did; weeks before and after also differ in their
//! items, raters and gold, so that difference is called observational.
//! Answers under a version whose gold was never settled anew do not belong here.

use crate::clustered::{ScoredCell, ratio};
use crate::compare::{Difference, difference, paired};
use crate::{Proportion, Undefined, settings};

/// What an effect rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Evidence {
    /// The same items, rated under both versions.
    Anchored,
    /// Other items before than after: whatever else changed is in it too.
    Observational,
}

impl Evidence {
    /// The evidence in the words of a report.
    pub fn words(self) -> &'static str {
        match self {
            Self::Anchored => "on anchor items rated again",
            Self::Observational => "observational: other items before than after",
        }
    }
}

/// The quality after a release less the quality before it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ReleaseEffect {
    /// After minus before: positive when the quality rose.
    pub change: Difference,
    /// What it rests on.
    pub evidence: Evidence,
}

/// From anchor items that were rated under both versions, each against the gold of its own version.
///
/// The difference of two accuracies on shared items (`paired::on_shared_items`); raters who rated them both times keep
/// their number, and then their part of chance cancels too. Items rated once only are left out. Errors as there.
pub fn on_anchors(before: &[ScoredCell], after: &[ScoredCell], level: f64) -> Result<ReleaseEffect, Undefined> {
    let change = paired::on_shared_items(after, before, level)?;
    Ok(ReleaseEffect { change, evidence: Evidence::Anchored })
}

/// From the work before and after the release, on different items.
///
/// The hybrid of both accuracies' intervals, with items and raters as samples. Taking the two sides as independent is
/// on the safe side where raters stayed the same. `BadParameter` for a level not between 0.5 and 1; undefined where
/// one side is.
pub fn between_periods(before: &[ScoredCell], after: &[ScoredCell], level: f64) -> Result<ReleaseEffect, Undefined> {
    settings::level(level)?;
    let change = difference::of_clustered(&ratio(after, level)?, &ratio(before, level)?)?;
    Ok(ReleaseEffect { change, evidence: Evidence::Observational })
}

/// The same from counts of independent answers, by Newcombe's interval.
pub fn between_counts(before: Proportion, after: Proportion, level: f64) -> Result<ReleaseEffect, Undefined> {
    let change = difference::newcombe(after, before, level)?;
    Ok(ReleaseEffect { change, evidence: Evidence::Observational })
}
