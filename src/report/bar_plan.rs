//! Planned verdicts: whether the number of items on which a part of a bar is decided was fixed before the first rating.
//!
//! In: a part of a bar, its cohort and task, and when the cohort began. Out: the plan that holds, or why none does. A plan
//! that was made or changed after the first rating could have been made for what that rating showed.

use super::work::Begun;
use crate::document::BarPart;
use crate::model::{Cohort, LoggedPlan, Release, SealTime, Task};

/// What is planned of a part of a bar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Planned {
    /// Nothing: its bounds hold at every look.
    Not,
    /// Its one verdict is given on this many items.
    Fixed {
        /// How many.
        items: u64,
        /// What fixed it and when, in words.
        by: String,
    },
    /// A plan that does not count.
    TooLate(String),
}

impl Planned {
    /// What is planned of a part.
    pub fn of(part: &BarPart, cohort: &Cohort, task: &Task, begun: Begun) -> Self {
        let Some(items) = part.decide_at else { return Self::Not };
        let fixed =
            if cohort.bars.contains_key(&task.id) { by_log(part, cohort, task) } else { by_release(part, task) };
        let why = match (fixed, begun) {
            (Err(why), _) => why,
            (Ok(_), Begun { has_untimed: true, .. }) => {
                "some ratings have no time, and nothing shows that they came later".to_owned()
            }
            (Ok((by, time)), Begun { first_day: Some(first), .. }) if time.day() >= first => {
                format!("{by}, and the first rating is of {first}: a plan is fixed at least a day before")
            }
            (Ok((by, _)), _) => return Self::Fixed { items: u64::from(items), by },
        };
        Self::TooLate(format!("`decide_at: {items}` does not count: {why}."))
    }
}

/// What fixed a part of a cohort's own bar, and when; or why nothing did.
fn by_log(part: &BarPart, cohort: &Cohort, task: &Task) -> Result<(String, SealTime), String> {
    let Some(LoggedPlan { plan, time }) = cohort.plan_of(task, part) else {
        return Err(format!("the log has no plan of it, which `goldbook publish {} --plan` writes", cohort.id));
    };
    if !plan.is_kept_by(part) {
        let (at_least, items, day) = (&plan.at_least, plan.decide_at, time.day());
        return Err(format!("the plan of {day} in the log is `at_least: {at_least}` and `decide_at: {items}`"));
    }
    Ok((format!("the log has the plan of {}", time.day()), *time))
}

/// The release from which on the rubric's bar has a part as it is; or why none does.
fn by_release(part: &BarPart, task: &Task) -> Result<(String, SealTime), String> {
    let has = |release: &&Release| release.instructions.rubric.bar.contains(part);
    let first = task.releases.iter().rev().take_while(has).last();
    let first = first.ok_or("it is not sealed")?;
    Ok((format!("{} fixed it on {}", first.version, first.time.day()), first.time))
}
