//! Cases: a folder each, run through the program as a user types it.
//!
//! `tests/cases/<group>/<name>/` holds `run` (lines `$ goldbook …`, each followed by what it must print and its exit
//! code) and `site/`, laid over `tests/base` (or over nothing, where a file `empty` is there). A line `sealed` at the
//! top of `run` seals the base's task first. `UPDATE=1` writes what was printed. What a build without Parquet prints
//! otherwise stands in `run-without-parquet`; such a build is asked for these and for its help. The last digits of a
//! long number may be others: they depend on the machine's functions, and on whose functions a library takes.

use crate::support::{Site, is_under_another_clock, reads_parquet, tests, without_log};
use rayon::prelude::*;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

#[test]
fn every_case_prints_what_it_says() {
    let cases = cases();
    let least = if reads_parquet() { 20 } else { 8 };
    assert!(cases.len() >= least, "only {} cases found", cases.len());
    let failures: Vec<String> = cases.par_iter().filter_map(|case| run(case).err()).collect();
    assert!(failures.is_empty(), "{} cases differ\n\n{}", failures.len(), failures.join("\n\n"));
}

/// Groups whose commands ask no clock.
const TIMELESS: [&str; 7] = ["agreement", "calc", "grade", "import", "schema", "simulate", "text"];

/// All cases; of a build without Parquet those that it prints otherwise, and its help; under another clock those that may
/// ask it.
fn cases() -> Vec<PathBuf> {
    let is_of = |case: &PathBuf, group: &str| case.starts_with(tests().join("cases").join(group));
    let is_asked = |case: &PathBuf| {
        let differs = without_parquet(case).exists() || is_of(case, "help");
        let is_timeless = TIMELESS.iter().any(|group| is_of(case, group));
        (reads_parquet() || differs) && !(is_under_another_clock() && is_timeless)
    };
    let entries = walkdir::WalkDir::new(tests().join("cases")).sort_by_file_name().into_iter().filter_map(Result::ok);
    let runs = entries.filter(|entry| entry.file_name() == "run");
    runs.map(|entry| entry.path().parent().unwrap().to_owned()).filter(is_asked).collect()
}

fn without_parquet(case: &Path) -> PathBuf {
    case.join("run-without-parquet")
}

/// The file that says what this build must print.
fn script(case: &Path) -> PathBuf {
    let without = without_parquet(case);
    if reads_parquet() || !without.exists() { case.join("run") } else { without }
}

fn run(case: &Path) -> Result<(), String> {
    let place = script(case);
    let script = fs::read_to_string(&place).unwrap();
    let sealed = script.starts_with("sealed\n");
    let site = match (case.join("empty").exists(), sealed) {
        (true, _) => Site::empty(),
        (false, true) => Site::sealed(),
        (false, false) => Site::base(),
    };
    let site = if case.join("site").exists() { site.with(&case.join("site")) } else { site };
    let mut printed = String::from(if sealed { "sealed\n" } else { "" });
    for line in script.lines().filter_map(|line| line.strip_prefix("$ goldbook ")) {
        let run = site.run(line);
        let output = format!("{}{}", run.stderr, run.stdout).replace(&*site.path().to_string_lossy(), "[SITE]");
        let output: String = without_log(&output).lines().map(|line| format!("{}\n", line.trim_end())).collect();
        let _ = write!(printed, "$ goldbook {line}\n{output}exit {}\n\n", run.code);
    }
    let printed = format!("{}\n", printed.trim_end());
    if rounded(&printed) == rounded(&script) {
        return Ok(());
    }
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&place, &printed).unwrap();
        return Ok(());
    }
    Err(format!("== {}\n-- expected\n{script}\n-- found\n{printed}", case.display()))
}

/// A text whose long numbers have so many decimals.
fn rounded(text: &str) -> String {
    const DECIMALS: usize = 12;
    let is_of_number = |c: char| c.is_ascii_digit() || c == '.';
    let parts: Vec<&str> = text.split_inclusive(|c| !is_of_number(c)).collect();
    let round = |part: &str| {
        let number = part.trim_end_matches(|c| !is_of_number(c));
        let decimals = number.split_once('.').map_or(0, |(_, decimals)| decimals.len());
        match number.parse::<f64>() {
            Ok(value) if decimals > DECIMALS => format!("{value:.DECIMALS$}{}", &part[number.len()..]),
            _ => part.to_owned(),
        }
    };
    parts.into_iter().map(round).collect()
}

#[test]
fn only_the_last_digits_of_long_numbers_may_differ() {
    let text = |number: &str| format!("v 1.2.3: {{\"high\": {number},\n");
    assert_eq!(rounded(&text("0.3180732973791903")), rounded(&text("0.3180732973791902")));
    for (one, other) in [("0.31807329737", "0.31807329738"), ("0.318073297379", "0.318073297380"), ("2", "3")] {
        assert_ne!(rounded(&text(one)), rounded(&text(other)));
    }
    assert_eq!(rounded(&text("0.5")), text("0.5"));
}
