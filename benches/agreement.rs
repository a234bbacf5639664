//! How fast a large table of ratings is read and analysed, beside the Python packages people use for it.
//!
//! `cargo bench --bench agreement` makes 100,000 items × 10 raters with 5 values of which a fifth is missing, reads the
//! table, computes ordinal alpha with 10,000 bootstrap samples, and fits Dawid and Skene's model to 1,000,000 ratings of
//! 1,000 raters. Where Python has `krippendorff`, `crowdkit` or numpy, they do the same to the same numbers; what is not
//! installed is left out and said. `GOLDBOOK_PYTHON` names another Python.

#[expect(dead_code, reason = "each bench uses a part of what they share")]
mod shared;

use goldbook::quality::agreement::{Coefficient, Level};
use goldbook::quality::bootstrap::{Additive, Resampling, over_items};
use goldbook::quality::consensus::{Fitting, dawid_skene};
use goldbook::quality::random::Random;
use goldbook::quality::table::{Coded, Table};
use goldbook::study::{self, TableSource};
use shared::{Spread, high_water};
use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

const ITEMS: u32 = 100_000;
const CATEGORIES: u32 = 5;
const RUNS: usize = 3;

fn main() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (ten, thousand) = (folder.path().join("ten.csv"), folder.path().join("thousand.csv"));
    let fixed = ratings(10, 10, 0.2);
    let pool = ratings(1000, 10, 0.0);
    fs::write(&ten, csv(&fixed)).expect("the table can be written");
    fs::write(&thousand, csv(&pool)).expect("the table can be written");
    reading(&ten);
    alpha(&Table::new(ITEMS as usize, 10, CATEGORIES as usize, fixed));
    consensus(&Table::new(ITEMS as usize, 1000, CATEGORIES as usize, pool));
    println!("peak memory of all of the above {:.0} MiB", high_water("/proc/self/status"));
    peers(&ten, &thousand);
}

/// Ratings of `raters` raters, `each` an item: right in 7 of 10 cases, else a neighbour or anything.
fn ratings(raters: u32, each: u32, missing: f64) -> Vec<Coded> {
    let mut random = Random::stream(7, u64::from(raters));
    let mut ratings = Vec::new();
    for item in 0..ITEMS {
        let truth = [0, 0, 0, 1, 1, 2, 2, 3, 4][random.below(9) as usize];
        let first = random.below(u64::from(raters)) as u32;
        for place in 0..each {
            let category = match random.below(10) {
                0..7 => truth,
                7 => (truth + 1).min(CATEGORIES - 1),
                8 => truth.saturating_sub(1),
                _ => random.below(u64::from(CATEGORIES)) as u32,
            };
            if random.unit() >= missing {
                ratings.push(Coded { item, rater: (first + place) % raters, category });
            }
        }
    }
    ratings
}

fn csv(ratings: &[Coded]) -> String {
    let mut text = String::from("item,rater,label\n");
    for rating in ratings {
        let _ = writeln!(text, "i{},w{},{}", rating.item, rating.rater, rating.category + 1);
    }
    text
}

/// Runs something several times and prints the median with the spread.
fn timed<T>(what: &str, mut run: impl FnMut() -> T) -> (f64, T) {
    let mut times = Vec::new();
    let mut last = None;
    for _ in 0..RUNS {
        let started = Instant::now();
        last = Some(run());
        times.push(started.elapsed().as_secs_f64());
    }
    let times = Spread::of(times);
    println!("{what:<58} {:>8.3} s  spread {:.3} s", times.median, times.width());
    (times.median, last.expect("it ran"))
}

fn reading(file: &Path) {
    let size = fs::metadata(file).expect("the table is there").len() as f64 / 1e6;
    let (time, parts) = timed(&format!("reading {size:.1} MB"), || {
        let bytes = fs::File::open(file).expect("the table is there");
        let read = study::read(vec![TableSource::new("ten.csv", bytes)], &study::ReadRequest::default());
        read.expect("the table is sound")
    });
    let ratings: usize = parts.iter().map(|part| part.labels.table.ratings().len()).sum();
    println!("    {:.0} MB/s, {ratings} ratings", size / time);
}

fn alpha(table: &Table) {
    let (_, patterns) = timed("collapsing to patterns", || table.patterns());
    println!("    {} patterns", patterns.len());
    let ordinal = Coefficient::Alpha { level: Level::Ordinal, numbers: &[] };
    let resampling = Resampling { replicates: 10_000, seed: 1, level: 0.95 };
    let statistics: [&dyn Additive; 1] = [&ordinal];
    let (_, found) = timed("ordinal alpha, 10,000 bootstrap samples of 100,000 items", || {
        over_items(&statistics, &patterns, &resampling)
    });
    let found = found[0].as_ref().expect("alpha is defined").percentile;
    println!("    {:.4} ({:.4} to {:.4})", found.point, found.low, found.high);
}

fn consensus(table: &Table) {
    let fitting = Fitting { known: None, smoothing: 0.1, tolerance: 0.0, most_iterations: 50 };
    timed("Dawid-Skene, 50 iterations on 1,000,000 ratings", || {
        dawid_skene(table, &fitting).expect("there are ratings")
    });
}

/// What the packages take, in their own process.
fn peers(ten: &Path, thousand: &Path) {
    let python = std::env::var("GOLDBOOK_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let run = Command::new(&python).arg("-c").arg(PEERS).arg(ten).arg(thousand).status();
    if !run.is_ok_and(|status| status.success()) {
        println!("left out: {python} cannot run the packages");
    }
}

const PEERS: &str = r#"
import sys, time
def timed(what, f):
    t = time.perf_counter(); v = f(); print(f"{what:<58} {time.perf_counter() - t:8.3f} s", flush=True); return v
try:
    import numpy as np, pandas as pd
except ImportError as e:
    print("left out: no", e.name); sys.exit()
df = timed("pandas: reading", lambda: pd.read_csv(sys.argv[1]))
codes = df["item"].astype("category").cat.codes.to_numpy()
def collapse():
    counts = np.zeros((codes.max() + 1, 5), dtype=np.int64); np.add.at(counts, (codes, df["label"].to_numpy() - 1), 1); return counts
counts = timed("numpy: counting by item", collapse)
try:
    import krippendorff
    timed("krippendorff: ordinal alpha, no bootstrap", lambda: krippendorff.alpha(value_counts=counts, level_of_measurement="ordinal"))
    g = np.random.default_rng(1)
    n = 20
    def boot():
        return [krippendorff.alpha(value_counts=counts[g.integers(0, len(counts), len(counts))], level_of_measurement="ordinal") for _ in range(n)]
    timed(f"krippendorff: the same with {n} bootstrap samples", boot)
except ImportError as e:
    print("left out: no", e.name)
try:
    from crowdkit.aggregation import DawidSkene
    d = pd.read_csv(sys.argv[2]).rename(columns={"item": "task", "rater": "worker"})
    timed("crowd-kit: Dawid-Skene, 5 iterations on 1,000,000 ratings", lambda: DawidSkene(n_iter=5, tol=-1).fit_predict(d))
except ImportError as e:
    print("left out: no", e.name)
"#;
