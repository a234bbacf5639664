//! The figures of a span in a view: its work, accuracy over all, and its criteria.
//!
//! In: `Figures`. Out: what templates and files see of them. It computes nothing.

use super::criteria::CriterionView;
use super::figure::AccuracyView;
use crate::figures::words;
use crate::report::figures::Figures;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Figures of a span of time.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct FiguresView {
    /// Ratings made.
    pub ratings: u64,
    /// Items rated.
    pub items: u64,
    /// Raters who rated.
    pub raters: u64,
    /// Acts of rating an item.
    pub submissions: u64,
    /// Of those, the ones whose time is known.
    pub timed: u64,
    /// The time that half of them took at most, in seconds.
    pub median_seconds: Option<f64>,
    /// The same in words.
    pub work_text: String,
    /// Whether any of it met gold.
    pub any_gold: bool,
    /// Whether any criterion has values that can agree.
    pub any_agreement: bool,
    /// Over all criteria with values.
    pub overall: AccuracyView,
    /// By criterion.
    pub criteria: Vec<CriterionView>,
}

impl FiguresView {
    /// The view of a span.
    pub fn of(figures: &Figures) -> Self {
        let work = figures.work;
        let time = work.median_seconds.map(|seconds| {
            format!("median time {} (known of {})", words::duration(seconds), words::number(work.timed))
        });
        let counts = [
            words::counted(work.ratings, "rating", "ratings"),
            words::counted(work.items, "item", "items"),
            words::counted(work.raters, "rater", "raters"),
            words::counted(work.submissions, "submission", "submissions"),
        ];
        Self {
            ratings: work.ratings,
            items: work.items,
            raters: work.raters,
            submissions: work.submissions,
            timed: work.timed,
            median_seconds: work.median_seconds,
            work_text: counts.into_iter().chain(time).collect::<Vec<_>>().join(", "),
            any_gold: figures.criteria.iter().any(|criterion| criterion.accuracy.asked > 0),
            any_agreement: figures.criteria.iter().any(|criterion| criterion.agreement.is_some()),
            overall: AccuracyView::of(&figures.overall),
            criteria: figures.criteria.iter().map(CriterionView::of).collect(),
        }
    }
}
