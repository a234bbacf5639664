//! The state of a task in words: whom a version serves, what was withdrawn, what is over.
//!
//! In: a task of the projected Model, and its releases. Out: sentences for readers.

use crate::model::{Ending, Release, ServingPeriod, Task};
use crate::text::listed;

/// What is said above the text of a version that is not to be worked from; none if nothing is.
pub fn over(task: &Task, release: &Release) -> Option<String> {
    let retired = task.state.retired.as_ref().map(|end| format!("This task was retired {}", since(end)));
    let withdrawn = release.withdrawn.as_ref().map(|end| format!("This version was withdrawn {}", since(end)));
    let said: Vec<String> = [retired, withdrawn].into_iter().flatten().collect();
    (!said.is_empty()).then(|| said.join(" "))
}

/// Since when something is over, and why, as the end of a sentence.
fn since(end: &Ending) -> String {
    let because = end.because.split_whitespace().collect::<Vec<_>>().join(" ");
    let stop = if because.ends_with(['.', '!', '?', '…']) { "" } else { "." };
    format!("on {}: {because}{stop}", end.time.day())
}

/// From when a version serves whom, a line for each period; none where it serves all from when it was sealed.
pub fn serves(task: &Task, release: &Release) -> Option<String> {
    let periods: Vec<String> = task.state.of(&release.version).map(period).collect();
    (!periods.is_empty()).then(|| periods.join("; "))
}

fn period(period: &ServingPeriod) -> String {
    let until = period.last_day.map_or_else(String::new, |day| format!(" until {day}"));
    let whom = match &period.cohorts {
        None => String::new(),
        Some(ids) if ids.is_empty() => ", some of those who rate".to_owned(),
        Some(ids) => format!(", {}", listed(ids.iter().map(String::as_str))),
    };
    let grace = period.grace.map_or_else(String::new, |day| {
        format!("; work begun under the version before may be finished under it until {day}")
    });
    format!("from {}{until}{whom}{grace}", period.first_day)
}
