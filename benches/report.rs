//! How much processor time and memory the reports over a million ratings take, beside another build.
//!
//! `cargo bench --bench report` writes a programme of 1,000,000 rows of ratings (2,000 raters, 10 criteria, 52 weeks,
//! 2,000 gold items) and runs `goldbook report` and `goldbook check`, which makes the pages of every cohort and week too,
//! as whole processes. `GOLDBOOK_OTHER=PATH` names another build of the program: the two then run in turns, and the
//! ratios of each pair are printed with their spread. `GOLDBOOK_THIS=PATH` names a build to take for this one: Cargo
//! builds programs for benches with the features that tests need, and with those some quantiles differ in their last
//! digits. `GOLDBOOK_PAIRS` sets how many pairs, `GOLDBOOK_PROGRAMME=DIR` keeps the programme there (and takes it from
//! there the next time).

#[expect(dead_code, reason = "each bench uses a part of what they share")]
mod shared;

use shared::programme::{self, Size};
use shared::{Run, Spread, run};
use std::path::{Path, PathBuf};
use std::process::Command;

const MILLION: Size = Size { rows: 1_000_000, raters: 2_000, weeks: 52, gold: 2_000, items: 16_000 };
const PAIRS: usize = 5;

fn main() {
    let kept = std::env::var_os("GOLDBOOK_PROGRAMME").map(PathBuf::from);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let root = kept.unwrap_or_else(|| folder.path().to_owned());
    if !root.join("goldbook.yaml").exists() {
        programme::write(&root, MILLION, &own());
    }
    let pairs = std::env::var("GOLDBOOK_PAIRS").ok().and_then(|pairs| pairs.parse().ok()).unwrap_or(PAIRS);
    let other = std::env::var_os("GOLDBOOK_OTHER").map(PathBuf::from);
    for (what, arguments) in [("report of one cohort and week", &["report", "atlas"][..]), ("every report", &["check"])]
    {
        println!("{what}");
        measure(&root, arguments, other.as_deref(), pairs);
    }
}

fn own() -> PathBuf {
    std::env::var_os("GOLDBOOK_THIS").map_or_else(|| env!("CARGO_BIN_EXE_goldbook").into(), PathBuf::from)
}

/// Runs of one build, with as many threads as there are cores and with one.
#[derive(Default)]
struct Runs {
    free: Vec<Run>,
    alone: Vec<Run>,
}

impl Runs {
    fn add(&mut self, program: &Path, arguments: &[&str], root: &Path) {
        let command = || {
            let mut command = Command::new(program);
            command.args(arguments).arg("--root").arg(root);
            command
        };
        self.free.push(run(command().env("RAYON_NUM_THREADS", "2")));
        self.alone.push(run(command().env("RAYON_NUM_THREADS", "1")));
    }

    fn print(&self, name: &str) {
        print("processor s, two threads", name, self.free.iter().map(|run| run.processor));
        print("processor s, one thread", name, self.alone.iter().map(|run| run.processor));
        print("peak MiB, two threads", name, self.free.iter().map(|run| run.peak));
        print("wall s, two threads", name, self.free.iter().map(|run| run.wall));
        print("wall s, one thread", name, self.alone.iter().map(|run| run.wall));
        let pairs = self.free.iter().zip(&self.alone);
        print("wall, two threads / one", name, pairs.map(|(free, alone)| free.wall / alone.wall));
    }
}

fn measure(root: &Path, arguments: &[&str], other: Option<&Path>, pairs: usize) {
    let (mut ours, mut others) = (Runs::default(), Runs::default());
    for _ in 0..pairs {
        ours.add(&own(), arguments, root);
        if let Some(other) = other {
            others.add(other, arguments, root);
        }
    }
    ours.print("this build");
    if other.is_none() {
        return;
    }
    others.print("the other");
    let ratios = |of: fn(&Run) -> f64| others.free.iter().zip(&ours.free).map(move |(other, own)| of(other) / of(own));
    print("processor time", "other / this", ratios(|run| run.processor));
    print("peak memory", "other / this", ratios(|run| run.peak));
    print("wall, two threads", "other / this", ratios(|run| run.wall));
}

fn print(what: &str, whose: &str, figures: impl Iterator<Item = f64>) {
    let figures: Vec<f64> = figures.collect();
    let Spread { median, least, most } = Spread::of(figures.iter().copied());
    println!("    {what:<26} {whose:<13} median {median:>8.2}  {least:.2} to {most:.2}  ({} runs)", figures.len());
}
