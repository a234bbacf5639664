//! Cases: a folder each, run through the program as a user types it.
//!
//! `tests/cases/<group>/<name>/` holds `run` (lines `$ goldbook …`, each followed by what it must print and its exit
//! code) and `site/`, laid over `tests/base` (or over nothing, where a file `empty` is there). A line `sealed` at the
//! top of `run` seals the base's task first. `UPDATE=1` writes what was printed. What a build without Parquet prints
//! otherwise stands in `run-without-parquet`.

use crate::support::{Site, tests, without_log};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

#[test]
fn every_case_prints_what_it_says() {
    let mut failures = Vec::new();
    let cases = cases();
    assert!(cases.len() >= 20, "only {} cases found", cases.len());
    for case in cases {
        if let Err(difference) = run(&case) {
            failures.push(difference);
        }
    }
    assert!(failures.is_empty(), "{} cases differ\n\n{}", failures.len(), failures.join("\n\n"));
}

fn cases() -> Vec<PathBuf> {
    let entries = walkdir::WalkDir::new(tests().join("cases")).sort_by_file_name().into_iter().filter_map(Result::ok);
    entries.filter(|entry| entry.file_name() == "run").map(|entry| entry.path().parent().unwrap().to_owned()).collect()
}

/// The file that says what this build must print.
fn script(case: &Path) -> PathBuf {
    let without = case.join("run-without-parquet");
    if cfg!(feature = "parquet") || !without.exists() { case.join("run") } else { without }
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
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&place, &printed).unwrap();
        return Ok(());
    }
    if printed == script {
        return Ok(());
    }
    Err(format!("== {}\n-- expected\n{script}\n-- found\n{printed}", case.display()))
}
