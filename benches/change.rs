//! How often reports say that something changed where nothing did, and how soon they say it where something did.
//!
//! `cargo bench --bench change` simulates 200 programmes of 26 weeks with nothing planted (two cohorts of six raters, four
//! criteria, twelve gold items a week with three ratings each), builds their reports, and prints how many say anything; then
//! programmes in which one cohort's skill falls from the ninth week on, by 8 points a week as in the sample programme and by
//! 4, and in which week each kind of finding came. `GOLDBOOK_PROGRAMMES` sets how many, `GOLDBOOK_THIS=PATH` names a build
//! of the program.

#[path = "shared/quiet.rs"]
mod quiet;

use quiet::{Quiet, said};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The week from which on a fall is planted.
const FALL: &str = "2026-W18";
/// What may find something.
const KINDS: [&str; 4] = ["watch", "beside", "week", "trend"];

fn main() {
    let programmes = std::env::var("GOLDBOOK_PROGRAMMES").ok().and_then(|of| of.parse().ok()).unwrap_or(200);
    nothing_planted(programmes);
    for fall in [0.08, 0.04] {
        planted(programmes / 4, fall);
    }
}

fn nothing_planted(programmes: u64) {
    let (mut reports, mut quiet, mut by_kind) = (0, 0, BTreeMap::<&str, u32>::new());
    for seed in 0..programmes {
        let said = found(Quiet { seed, weeks: 26, gold: 12, fall: 0.0 });
        let telling: Vec<_> = said.values().filter(|findings| !findings.is_empty()).collect();
        reports += telling.len();
        quiet += u64::from(telling.is_empty());
        for kind in KINDS {
            let count = telling.iter().filter(|findings| findings.iter().any(|of| of.starts_with(kind))).count();
            *by_kind.entry(kind).or_default() += count as u32;
        }
    }
    let each = reports as f64 / programmes as f64;
    println!(
        "nothing planted, {programmes} programmes of 26 weeks: {each:.3} reports a programme say that something changed"
    );
    println!("    {quiet} programmes say nothing; reports by what found something: {by_kind:?}");
}

fn planted(programmes: u64, fall: f64) {
    println!("a fall of {fall} a week from {FALL} on, {programmes} programmes of 16 weeks: weeks until it is told");
    let mut first: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
    let mut others = 0;
    for seed in 0..programmes {
        let said = found(Quiet { seed: 10_000 + seed, weeks: 16, gold: 12, fall });
        let of = |cohort: &str, kind: &str| {
            let mut weeks = said.iter().filter(|((of, week), _)| of == cohort && week.as_str() >= FALL);
            let found = weeks.position(|(_, findings)| findings.iter().any(|of| of.starts_with(kind)));
            found.map(|place| place as u32 + 1)
        };
        for kind in KINDS.into_iter().chain([""]) {
            first.entry(kind).or_default().extend(of("borealis", kind));
        }
        others += u32::from(of("atlas", "").is_some());
    }
    for (kind, mut weeks) in first {
        weeks.sort_unstable();
        let name = if kind.is_empty() { "any" } else { kind };
        println!(
            "    {name:<7} in {} of {programmes}, by half of them in week {:?}",
            weeks.len(),
            weeks.get(weeks.len() / 2)
        );
    }
    println!("    something told of the other cohort in {others}");
}

/// What the reports of a programme say.
fn found(quiet: Quiet) -> BTreeMap<(String, String), quiet::Said> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    quiet.write(folder.path());
    run(folder.path(), &["simulate", "plan.yaml", "-o", "content/ratings/made-up.csv"]);
    run(folder.path(), &["build"]);
    said(&folder.path().join("public"))
}

fn run(root: &Path, arguments: &[&str]) {
    let program =
        std::env::var_os("GOLDBOOK_THIS").map_or_else(|| env!("CARGO_BIN_EXE_goldbook").into(), PathBuf::from);
    let output = Command::new(program).args(arguments).current_dir(root).output().expect("goldbook starts");
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}
