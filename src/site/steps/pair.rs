//! Pairs: two runs beside each other, to be compared.
//!
//! In: both runs as HTML. Out: plain values for the template `pair.html`: what each is called, and the way to the other.
//! The ids of the second run's steps begin with its prefix, so that no two on a page are the same.

use crate::markdown::ids::RunSide;
use serde::Serialize;

/// Two runs.
#[derive(Serialize)]
pub struct PairView {
    /// Run A, then run B.
    runs: [PairedRun; 2],
    /// The level of their headings.
    level: u8,
}

/// One of them.
#[derive(Serialize)]
struct PairedRun {
    /// What it is called.
    name: &'static str,
    /// The id of its heading.
    id: String,
    /// The run, as HTML.
    steps: String,
    /// The way to the other one.
    other: OtherRun,
}

/// The way to the other run of a pair.
#[derive(Serialize)]
pub struct OtherRun {
    /// What it is called.
    name: &'static str,
    /// Where it is.
    url: String,
}

impl PairView {
    /// Both runs as HTML, on a page whose ids begin with `prefix`.
    pub fn of([first, second]: [String; 2], prefix: &str, level: u8) -> Self {
        let run = |side: RunSide, steps| PairedRun {
            name: side.name(),
            id: format!("{prefix}{}", place(side)),
            steps,
            other: OtherRun::of(side, "", prefix),
        };
        Self { runs: [run(RunSide::First, first), run(RunSide::Second, second)], level }
    }
}

impl OtherRun {
    /// The way from a run to the other one: on the page at `url`, whose ids begin with `prefix`.
    pub fn of(side: RunSide, url: &str, prefix: &str) -> Self {
        let other = side.other();
        Self { name: other.name(), url: format!("{url}#{prefix}{}", place(other)) }
    }
}

/// The id of a run's heading.
fn place(side: RunSide) -> &'static str {
    match side {
        RunSide::First => "page/run-a",
        RunSide::Second => "page/run-b",
    }
}
