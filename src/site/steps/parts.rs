//! The parts of a long run: pages of their own, each with some of its steps.
//!
//! In: a run. Out: which steps each part has, and where each step is from each part. The first part is on the page of its
//! example, the others lie in folders below it.

use crate::markdown::ids::RunSide;
use crate::trajectory::{Step, Trajectory};
use serde::Serialize;
use serde_json::Value;
use std::iter;
use std::ops::Range;

/// Most steps of a part.
const MOST_STEPS: usize = 150;

/// Most bytes that the steps of a part say, unless it is a single step.
const MOST_BYTES: usize = 1 << 20;

/// Which steps each part of a run has, by their places from 0.
pub struct RunParts {
    ranges: Vec<Range<usize>>,
    /// The folders of a second run lie in one of their own.
    side: RunSide,
}

/// The way from a part to the others.
#[derive(Serialize)]
pub struct RunPart {
    /// Which part this is, from 1.
    pub number: usize,
    /// How many there are.
    pub of: usize,
    /// The number of its first step.
    pub from: usize,
    /// The number of its last step.
    pub to: usize,
    /// Where the part before is.
    pub previous: Option<String>,
    /// Where the next part is.
    pub next: Option<String>,
    /// Where the list of all steps is; none where it is on this page.
    pub list: Option<String>,
}

impl RunParts {
    /// All of a run at once.
    pub fn one(run: &Trajectory, side: RunSide) -> Self {
        Self { ranges: iter::once(0..run.steps.len()).collect(), side }
    }

    /// The parts of a run, as even as they can be: one, unless it is long.
    pub fn of(run: &Trajectory, side: RunSide) -> Self {
        let most = run.steps.len().div_ceil(run.steps.len().div_ceil(MOST_STEPS).max(1));
        let (mut parts, mut from, mut bytes) = (Vec::new(), 0, 0);
        for (at, step) in run.steps.iter().enumerate() {
            let own = size(step);
            if at > from && (at - from == most || bytes + own > MOST_BYTES) {
                parts.push(from..at);
                (from, bytes) = (at, 0);
            }
            bytes += own;
        }
        parts.push(from..run.steps.len());
        Self { ranges: parts, side }
    }

    /// Which run they are of.
    pub fn side(&self) -> RunSide {
        self.side
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.ranges.len()
    }

    /// The steps of each part.
    pub fn ranges(&self) -> &[Range<usize>] {
        &self.ranges
    }

    /// The folder of a part, below that of the run; that of the first is the example's own.
    pub fn folder(part: usize) -> String {
        if part == 0 { String::new() } else { format!("part-{}/", part + 1) }
    }

    /// The part of a step, by its number.
    pub fn part_of(&self, number: usize) -> usize {
        self.ranges.iter().position(|range| number <= range.end).unwrap_or(0)
    }

    /// What leads from one part to another.
    pub fn url(&self, from: usize, to: usize) -> String {
        let way = match (from, to, self.side) {
            (0, _, side) => side.prefix(),
            (_, 0, RunSide::Second) => "../../",
            _ => "../",
        };
        if from == to { String::new() } else { format!("{way}{}index.html", Self::folder(to)) }
    }

    /// The way from a part to the others; none where there is one only.
    pub fn around(&self, part: usize) -> Option<RunPart> {
        let url = |to: usize| (to < self.len()).then(|| self.url(part, to));
        (self.len() > 1).then(|| RunPart {
            number: part + 1,
            of: self.len(),
            from: self.ranges[part].start + 1,
            to: self.ranges[part].end,
            previous: part.checked_sub(1).and_then(url),
            next: url(part + 1),
            list: (part > 0).then(|| self.url(part, 0)),
        })
    }
}

/// How many bytes a step says, but for runs of subagents.
fn size(step: &Step) -> usize {
    let thought = step.reasoning_content.as_ref().map_or(0, String::len);
    let told: usize = step.tool_calls.iter().map(|call| size_of(&call.arguments)).sum();
    let printed: usize = step.results().iter().map(|result| result.text().len()).sum();
    thought + step.message.text().len() + told + printed
}

fn size_of(value: &Value) -> usize {
    match value {
        Value::String(text) => text.len(),
        Value::Array(items) => items.iter().map(size_of).sum(),
        Value::Object(fields) => fields.iter().map(|(name, value)| name.len() + size_of(value)).sum(),
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trajectory::{ReadOptions, read};
    use serde_json::json;

    fn parts(messages: &[usize]) -> Vec<Range<usize>> {
        let steps = messages.iter().enumerate();
        let steps: Vec<Value> = steps
            .map(|(at, bytes)| json!({"step_id": at + 1, "source": "user", "message": "x".repeat(*bytes)}))
            .collect();
        let log = json!({"schema_version": "ATIF-v1.7", "agent": {"name": "a", "version": "1"}, "steps": steps});
        RunParts::of(&read(log.to_string().as_bytes(), &ReadOptions::default()).unwrap(), RunSide::First).ranges
    }

    #[test]
    fn a_long_run_has_even_parts_and_a_large_step_one_of_its_own() {
        assert_eq!(parts(&[1; 150]).len(), 1);
        assert_eq!(parts(&[1; 151]), [0..76, 76..151]);
        assert_eq!(parts(&[1; 301]), [0..101, 101..202, 202..301]);
        assert_eq!(parts(&[9, MOST_BYTES, MOST_BYTES + 1, 9, 9]), [0..1, 1..2, 2..3, 3..5]);
    }

    #[test]
    fn each_part_leads_to_every_other() {
        let parts = |side| RunParts { ranges: vec![0..2, 2..4, 4..6], side };
        let urls = |side| [(0, 0), (0, 1), (1, 0), (1, 2)].map(|(from, to)| parts(side).url(from, to));
        assert_eq!(urls(RunSide::First), ["", "part-2/index.html", "../index.html", "../part-3/index.html"]);
        assert_eq!(urls(RunSide::Second), ["", "b/part-2/index.html", "../../index.html", "../part-3/index.html"]);
        let parts = parts(RunSide::First);
        assert_eq!([1, 2, 3, 4].map(|number| parts.part_of(number)), [0, 0, 1, 1]);
    }
}
