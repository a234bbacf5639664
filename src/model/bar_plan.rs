//! Plans of cohorts' own bars: on how many items a part is decided, as the log of releases has it.
//!
//! In: a part of a bar, or what a line of the log says. Out: values that are compared with the bar as it is now. A rubric's bar
//! is sealed with it and needs no such line.

use super::SealTime;
use crate::document::BarPart;

/// A plan of a part of a cohort's bar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BarPlan {
    /// The cohort.
    pub cohort: String,
    /// The task, by its name at that time.
    pub task: String,
    /// Which figure, as the bar names it.
    pub figure: String,
    /// What it must reach, as a number is written.
    pub at_least: String,
    /// On how many items its one verdict is given.
    pub decide_at: u32,
}

/// A plan, and when the log was told.
#[derive(Clone, Debug)]
pub struct LoggedPlan {
    /// The plan.
    pub plan: BarPlan,
    /// When.
    pub time: SealTime,
}

impl BarPlan {
    /// The plan of a part; none if it has none.
    pub fn of(cohort: &str, task: &str, part: &BarPart) -> Option<Self> {
        Some(Self {
            cohort: cohort.to_owned(),
            task: task.to_owned(),
            figure: part.figure.name(),
            at_least: part.at_least.to_string(),
            decide_at: part.decide_at?,
        })
    }

    /// Whether it is of this figure.
    pub fn is_of(&self, part: &BarPart) -> bool {
        self.figure == part.figure.name()
    }

    /// Whether a part asks for what it says.
    pub fn is_kept_by(&self, part: &BarPart) -> bool {
        Self::of(&self.cohort, &self.task, part).as_ref() == Some(self)
    }
}
