//! The manual in `docs/`, held to the program: it builds, its files are read as they stand there, and what it says a
//! command prints is what the command prints. `UPDATE=1` writes what was printed into the pages.

mod commands;
mod examples;
mod keys;
mod themes;

use crate::support::{Site, tests};
use std::fs;
use std::path::PathBuf;

/// A fenced block of a page.
struct Fence<'a> {
    /// The file that the line above it names; none if it names none.
    file: Option<&'a str>,
    /// The first word after the fence.
    language: &'a str,
    /// What stands in it.
    body: &'a str,
}

/// The fenced blocks of a page, in order.
fn fences(page: &str) -> Vec<Fence<'_>> {
    let (mut found, mut rest, mut above) = (Vec::new(), page, "");
    while let Some((line, after)) = rest.split_once('\n') {
        rest = after;
        let mark = &line[..line.len() - line.trim_start_matches('`').len()];
        if mark.len() < 3 {
            above = if line.is_empty() { above } else { line };
            continue;
        }
        let end = format!("\n{mark}\n");
        let (body, after) = rest.split_once(&end).unwrap_or_else(|| panic!("a fence that never ends: {line}"));
        let file = above.strip_prefix('`').and_then(|name| name.strip_suffix("`:"));
        found.push(Fence { file, language: line[mark.len()..].trim(), body });
        (rest, above) = (after, "");
    }
    found
}

/// The files of `docs/`.
fn manual() -> PathBuf {
    tests().parent().unwrap().join("docs")
}

/// The pages of the manual: name and text.
fn pages() -> Vec<(String, String)> {
    let entries =
        walkdir::WalkDir::new(manual().join("content")).sort_by_file_name().into_iter().filter_map(Result::ok);
    let files = entries.filter(|entry| entry.path().extension().is_some_and(|extension| extension == "md"));
    let read = |entry: walkdir::DirEntry| {
        let name = entry.path().file_stem().unwrap().to_string_lossy().into_owned();
        (name, fs::read_to_string(entry.path()).unwrap())
    };
    files.map(read).collect()
}

/// The text of one page.
fn page(name: &str) -> String {
    pages().into_iter().find(|(known, _)| known == name).unwrap_or_else(|| panic!("the manual has no {name}.md")).1
}

/// Holds a page to what it should be, or writes that.
fn hold(name: &str, now: &str) {
    if std::env::var_os("UPDATE").is_some() {
        fs::write(manual().join("content/pages").join(format!("{name}.md")), now).unwrap();
    }
    assert_eq!(page(name), now, "docs/content/pages/{name}.md: UPDATE=1 rewrites it");
}

#[test]
fn the_manual_builds_without_a_finding() {
    let site = Site::empty();
    let run = site.ok(&format!("build --strict --root {} --out public", manual().display()));
    assert_eq!(run.stderr, "");
    assert!(site.read("public/readers/index.html").contains("goldbook init"));
}

/// Every file that a Markdown file of this folder links to is there.
#[test]
fn the_links_of_the_readme_and_its_like_lead_somewhere() {
    let root = tests().parent().unwrap().to_owned();
    for name in ["README.md", "CHANGELOG.md", "tests/README.md"] {
        let text = fs::read_to_string(root.join(name)).unwrap();
        let links = text.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(link, _)| link);
        for link in links.filter(|link| !link.starts_with("http")) {
            let file = root.join(name).parent().unwrap().join(link.split('#').next().unwrap());
            assert!(file.exists(), "{name}: {link} leads nowhere");
        }
    }
    let lines = fs::read_to_string(root.join("README.md")).unwrap().lines().count();
    assert!(lines <= 120, "the README has {lines} lines: what teaches belongs into docs/");
}
