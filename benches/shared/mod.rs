//! What the benches share: runs of a program, measured, and the figures that are printed of them.
//!
//! In: commands. Out: their processor time, wall clock and peak memory, and medians with their spread. Linux only: the
//! kernel's own counts are read from `/proc`.

pub mod hidden;
pub mod programme;

use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// What one run of a program took.
#[derive(Clone, Copy, Debug)]
pub struct Run {
    /// By the clock, in seconds.
    pub wall: f64,
    /// User and system time of all its threads, in seconds; the kernel counts hundredths.
    pub processor: f64,
    /// The most memory it held, in MiB.
    pub peak: f64,
}

/// How often the kernel is asked for the memory of a run.
const LOOK: Duration = Duration::from_millis(4);

/// Runs a command to its end, which must be a good one.
pub fn run(command: &mut Command) -> Run {
    let before = children_time();
    let started = Instant::now();
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the program starts");
    let status = format!("/proc/{}/status", child.id());
    let mut peak: f64 = 0.0;
    loop {
        peak = peak.max(high_water(&status));
        if let Some(ended) = child.try_wait().expect("the program can be waited for") {
            assert!(ended.success(), "{command:?} failed");
            return Run { wall: started.elapsed().as_secs_f64(), processor: children_time() - before, peak };
        }
        std::thread::sleep(LOOK);
    }
}

/// The most memory that a process has held, in MiB, from its `status` in `/proc`; 0 where that is gone.
pub fn high_water(status: &str) -> f64 {
    let status = fs::read_to_string(status).unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse::<f64>().ok()).unwrap_or(0.0) / 1024.0
}

/// Processor time of all children that were waited for, in seconds.
fn children_time() -> f64 {
    const PER_SECOND: f64 = 100.0;
    let stat = fs::read_to_string("/proc/self/stat").expect("there is /proc");
    let after_name = stat.rsplit(')').next().expect("a name in brackets");
    // The 16th and 17th field; the name is the second.
    let ticks = after_name.split_whitespace().skip(13).take(2).map(|ticks| ticks.parse::<f64>().expect("a count"));
    ticks.sum::<f64>() / PER_SECOND
}

/// The middle of some figures, and how far the smallest and the largest are apart.
#[derive(Clone, Copy, Debug)]
pub struct Spread {
    /// The middle one.
    pub median: f64,
    /// The smallest.
    pub least: f64,
    /// The largest.
    pub most: f64,
}

impl Spread {
    /// The spread of some figures, of which there must be one.
    pub fn of(figures: impl IntoIterator<Item = f64>) -> Self {
        let mut figures: Vec<f64> = figures.into_iter().collect();
        figures.sort_by(f64::total_cmp);
        Self { median: figures[figures.len() / 2], least: figures[0], most: figures[figures.len() - 1] }
    }

    /// How far they are apart.
    pub fn width(&self) -> f64 {
        self.most - self.least
    }
}
