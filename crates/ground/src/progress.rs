//! Progress: how far long work is, on a terminal.
//!
//! In: names of stages and steps done. Out: a bar on standard error, or nothing where nobody watches; and how long
//! each stage took. It never changes what a command does.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// Where progress is shown, and what took how long.
pub struct Progress {
    shown: bool,
    times: Mutex<Vec<(String, Duration)>>,
}

/// One stage of the work; it ends when dropped.
pub struct Stage<'a> {
    bar: ProgressBar,
    name: String,
    began: Instant,
    progress: &'a Progress,
}

/// Fewest steps for which a bar is worth its flicker.
const WORTH_SHOWING: usize = 500;

impl Progress {
    /// Shows bars on standard error.
    pub fn shown() -> Self {
        Self { shown: true, times: Mutex::default() }
    }

    /// Shows nothing.
    pub fn hidden() -> Self {
        Self { shown: false, times: Mutex::default() }
    }

    /// Begins a stage of `steps` steps (0 where they can't be counted).
    pub fn stage(&self, name: &str, steps: usize) -> Stage<'_> {
        let bar = if self.shown && steps >= WORTH_SHOWING { bar(name, steps as u64) } else { ProgressBar::hidden() };
        Stage { bar, name: name.to_owned(), began: Instant::now(), progress: self }
    }

    /// The stages that have ended, and how long each took.
    pub fn times(&self) -> Vec<(String, Duration)> {
        self.times.lock().map(|times| times.clone()).unwrap_or_default()
    }
}

fn bar(name: &str, steps: u64) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(steps), ProgressDrawTarget::stderr());
    let style = ProgressStyle::with_template("{msg:26} {wide_bar} {pos}/{len}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar.set_message(name.to_owned());
    bar
}

impl Stage<'_> {
    /// One step is done.
    pub fn step(&self) {
        self.steps(1);
    }

    /// So many steps are done.
    pub fn steps(&self, count: usize) {
        self.bar.inc(count as u64);
    }
}

impl Drop for Stage<'_> {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
        if let Ok(mut times) = self.progress.times.lock() {
            times.push((std::mem::take(&mut self.name), self.began.elapsed()));
        }
    }
}
