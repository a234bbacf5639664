//! The list of a run's steps: who did what, how long it took, what the gold says, and which runs stand there, a line each.
//!
//! In: steps as they are shown. Out: the lines of the list. What is not in a step that is shown, its gold above all, can't
//! be in its line.

use super::step::{InnerRunView, StepView};
use crate::trajectory::Step;
use jiff::Timestamp;
use jiff::civil::DateTime;
use serde::Serialize;

/// A step as the list has it.
#[derive(Serialize)]
pub struct ListedStep {
    /// Its number.
    pub number: usize,
    /// Where it is.
    pub url: String,
    /// The id that it would have on this page, where it is on another.
    pub id: Option<String>,
    /// Who acted: the system, the user or the agent, or a name that the log has.
    pub who: String,
    /// Whether it was the agent, who acts most of the time.
    pub is_agent: bool,
    /// What was done, in a few words.
    pub deed: String,
    /// The time until the next step, where the log has both.
    pub took: Option<String>,
    /// The kinds of its gold marks.
    pub marks: Vec<String>,
    /// The runs that stand at it.
    pub runs: Vec<ListedRun>,
}

/// A run within the run, and those within it.
#[derive(Serialize)]
pub struct ListedRun {
    /// Where it is.
    pub url: String,
    /// What it is.
    pub title: String,
    /// The runs within it.
    pub runs: Vec<Self>,
}

impl ListedRun {
    /// The lines of runs that are shown; `page` leads to theirs.
    pub fn all<'r>(runs: impl Iterator<Item = &'r InnerRunView>, page: &str) -> Vec<Self> {
        let line = |run: &InnerRunView| {
            let inner = run.steps.iter().flat_map(StepView::inner_runs).chain(&run.others);
            Some(Self {
                url: format!("{page}#{}", run.id.as_ref()?),
                title: run.listed.clone(),
                runs: Self::all(inner, page),
            })
        };
        runs.filter_map(line).collect()
    }
}

impl ListedStep {
    /// The line of a step that the next one of its run follows, if there is one.
    pub fn of(step: &Step, shown: &StepView, next: Option<&Step>) -> Self {
        Self {
            number: shown.number,
            url: String::new(),
            id: None,
            who: shown.speaker.clone().unwrap_or_else(|| shown.source.to_owned()),
            is_agent: shown.source == "Agent" && shown.speaker.is_none(),
            deed: shown.deed.clone(),
            took: next.and_then(|next| seconds(step.timestamp.as_deref()?, next.timestamp.as_deref()?)).map(clock),
            marks: shown.gold.iter().map(|flag| flag.kind.clone()).collect(),
            runs: Vec::new(),
        }
    }
}

/// From one moment to a later one, both of them with an offset or both without.
fn seconds(from: &str, to: &str) -> Option<i64> {
    let of_zones = || Some(to.parse::<Timestamp>().ok()?.as_second() - from.parse::<Timestamp>().ok()?.as_second());
    let of_clocks = || {
        let span = to.parse::<DateTime>().ok()?.duration_since(from.parse::<DateTime>().ok()?);
        Some(span.as_secs())
    };
    of_zones().or_else(of_clocks).filter(|seconds| *seconds >= 0)
}

/// `375` as `6:15`.
fn clock(seconds: i64) -> String {
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match hours {
        0 => format!("{minutes}:{seconds:02}"),
        hours => format!("{hours}:{minutes:02}:{seconds:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_took_the_time_until_the_next() {
        let took = |from, to| seconds(from, to).map(clock);
        assert_eq!(took("2026-09-08T09:03:05Z", "2026-09-08T11:09:20+02:00"), Some("6:15".to_owned()));
        assert_eq!(took("2026-09-08T09:03:05", "2026-09-08T10:03:06"), Some("1:00:01".to_owned()));
        assert_eq!(took("2026-09-08 09:03:05.9", "2026-09-08 09:03:06.1"), Some("0:00".to_owned()));
        for (from, to) in [("2026-09-08T09:03:05Z", "2026-09-08T09:03:04Z"), ("soon", "2026-09-08T09:03:04Z")] {
            assert_eq!(took(from, to), None);
        }
    }
}
