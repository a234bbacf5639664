//! Progress: how far long work is, on a terminal.
//!
//! In: names of stages and steps done. Out: a bar on standard error, or nothing where nobody watches.
//! It never changes what a command does or prints.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Where progress is shown.
pub struct Progress {
    shown: bool,
}

/// One stage of the work; it ends when dropped.
pub struct Stage(ProgressBar);

/// Fewest steps for which a bar is worth its flicker.
const WORTH_SHOWING: usize = 500;

impl Progress {
    /// Shows bars on standard error.
    pub fn shown() -> Self {
        Self { shown: true }
    }

    /// Shows nothing.
    pub fn hidden() -> Self {
        Self { shown: false }
    }

    /// Begins a stage of `steps` steps.
    pub fn stage(&self, name: &str, steps: usize) -> Stage {
        if !self.shown || steps < WORTH_SHOWING {
            return Stage(ProgressBar::hidden());
        }
        let bar = ProgressBar::with_draw_target(Some(steps as u64), ProgressDrawTarget::stderr());
        let style = ProgressStyle::with_template("{msg:26} {wide_bar} {pos}/{len}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        bar.set_message(name.to_owned());
        Stage(bar)
    }
}

impl Stage {
    /// One step is done.
    pub fn step(&self) {
        self.0.inc(1);
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
