//! The structure, held: which module may use which, and that only `disk` touches files.

use std::fs;
use std::path::Path;

/// Modules by stage: each may use those before it, never those after.
/// (`model` and `release` share a stage: a sealed version is just another set of sources.)
const STAGES: [&[&str]; 10] = [
    &["digest", "memo", "source", "characters", "disk", "limits", "packing", "progress"],
    &["diagnostic"],
    &["yaml", "schema", "markdown", "trajectory", "quality"],
    &["audience", "config", "document", "model", "release", "load"],
    &["ratings", "labels"],
    &["report", "analysis", "calc", "simulate"],
    &["site"],
    &["workspace"],
    &["lib", "build", "warm", "fuzzing", "import", "init", "kinds", "one_off", "serve"],
    &["cli", "main"],
];

/// Uses against the direction, each with its reason.
const ALLOWED: [(&str, &str, &str); 2] = [
    ("audience/leak.rs", "site", "the second lock searches the finished output"),
    ("model/secrets.rs", "site", "the canary is made where pages are"),
];

/// Files, and folders, that are compiled for tests only.
const TEST_FILES: [&str; 4] = ["tests", "tests.rs", "properties.rs", "simulation.rs"];

fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let is_test = |name: &std::ffi::OsStr| TEST_FILES.iter().any(|test| name == *test);
    let entries = walkdir::WalkDir::new(&root).sort_by_file_name().into_iter();
    let entries = entries.filter_entry(|entry| !is_test(entry.file_name())).filter_map(Result::ok);
    let files = entries.filter(|entry| entry.path().extension().is_some_and(|extension| extension == "rs"));
    files
        .map(|entry| {
            let name = entry.path().strip_prefix(&root).unwrap().to_string_lossy().into_owned();
            let text = fs::read_to_string(entry.path()).unwrap();
            (name, text.split("#[cfg(test)]").next().unwrap().to_owned())
        })
        .collect()
}

fn module(file: &str) -> &str {
    file.split('/').next().unwrap().trim_end_matches(".rs")
}

fn stage(module: &str) -> Option<usize> {
    STAGES.iter().position(|stage| stage.contains(&module))
}

#[test]
fn imports_point_one_way() {
    let mut wrong = Vec::new();
    for (file, text) in sources() {
        let own = stage(module(&file)).unwrap_or_else(|| panic!("{file} belongs to no stage: add it to STAGES"));
        for used in used_modules(&text) {
            let against = stage(&used).is_some_and(|stage| stage > own);
            let allowed = ALLOWED.iter().any(|(from, to, _)| *from == file && *to == used);
            if against && !allowed {
                wrong.push(format!("{file} uses {used}, which comes after it"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// `crate::x::…` and `crate::{x, y}`.
fn used_modules(text: &str) -> Vec<String> {
    let mut used = Vec::new();
    for part in text.split("crate::").skip(1) {
        let names = part.strip_prefix('{').map_or(part, |list| list.split('}').next().unwrap_or(""));
        let list = if part.starts_with('{') { names.split(',').collect() } else { vec![names] };
        for name in list {
            let name: String = name.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            used.push(name);
        }
    }
    used
}

#[test]
fn every_exception_is_still_needed() {
    for (file, used, _) in ALLOWED {
        let text = sources().into_iter().find(|(name, _)| name == file).map(|(_, text)| text);
        let text = text.unwrap_or_else(|| panic!("{file} is gone: remove its exception"));
        assert!(used_modules(&text).iter().any(|name| name == used), "{file} no longer uses {used}");
    }
}

#[test]
fn only_disk_touches_files() {
    for (file, text) in sources() {
        if file.starts_with("disk/") {
            continue;
        }
        for word in ["std::fs", "fs::", "File::open", "File::create", "walkdir::", "tempfile::"] {
            assert!(!text.contains(word), "{file} says {word}: only `disk` may touch files");
        }
    }
}

#[test]
fn nothing_unwraps_outside_tests() {
    for (file, text) in sources() {
        assert!(!text.contains(".unwrap()"), "{file} unwraps");
    }
}
