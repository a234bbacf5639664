//! What a log reads as, for tests of readers.
//!
//! In: a log as text. Out: its run, and a line for each step: who, and all that is said in it. It reads as a user would.

use super::{ReadOptions, Step, Trajectory, read};

/// The run of a log, with a line for each step.
pub(super) fn shown(log: &(impl ToString + ?Sized)) -> (Trajectory, Vec<String>) {
    let run = read(log.to_string().as_bytes(), &ReadOptions::default()).unwrap_or_else(|fault| panic!("{fault}"));
    let step = |step: &Step| format!("{}: {}", step.source.name(), step.text().replace('\n', " / "));
    let steps = run.steps.iter().map(step).collect();
    (run, steps)
}
