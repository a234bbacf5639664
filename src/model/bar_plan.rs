//! Plans of cohorts' own bars: on how many items a part is decided, and since when that is fixed.
//!
//! In: what the log of releases says. Out: values that reports compare with the bar as it is now. A rubric's bar is sealed
//! with it and needs no such line.

use super::SealTime;
use crate::document::BarPart;

/// A plan of a part of a cohort's bar.
#[derive(Clone, Debug)]
pub struct BarPlan {
    /// The task, by its name at that time.
    pub task: String,
    /// Which figure, as the bar names it.
    pub figure: String,
    /// What it must reach, as a number is written.
    pub at_least: String,
    /// On how many items its one verdict is given.
    pub decide_at: u32,
    /// When the log was told.
    pub time: SealTime,
}

impl BarPlan {
    /// Whether it is of this figure.
    pub fn is_of(&self, part: &BarPart) -> bool {
        self.figure == part.figure.name()
    }

    /// Whether a part asks for what it says.
    pub fn is_kept_by(&self, part: &BarPart) -> bool {
        self.is_of(part) && self.at_least == part.at_least.to_string() && part.decide_at == Some(self.decide_at)
    }
}
