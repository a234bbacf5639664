//! Warm builds: what is remembered of the last one saves work and never changes a byte.

use crate::support::Site;
use std::time::Duration;

/// Longer than the clock of a file system needs to tell two states of a file apart.
const SETTLED: Duration = Duration::from_millis(80);

fn settled() -> Site {
    let site = Site::sealed();
    std::thread::sleep(SETTLED);
    site
}

fn stages(site: &Site, line: &str) -> String {
    let run = site.run(line);
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    run.stderr
}

#[test]
fn a_build_that_would_only_repeat_the_last_one_reads_nothing() {
    let site = settled();
    let first = site.ok("build");
    let again = site.run("build --timings");
    assert!(!again.stderr.contains("Reading the site"), "{}", again.stderr);
    let files =
        |printed: &str| printed.lines().map(|line| line.split(", ").next().unwrap().to_owned()).collect::<Vec<_>>();
    assert_eq!(files(&again.stdout), files(&first.stdout));
    assert_eq!(again.stdout.matches(" 0 changed").count(), 3, "{}", again.stdout);
    site.write("content/pages/welcome.md", "# Other words\n");
    assert!(stages(&site, "build --timings").contains("Reading the site"));
    assert!(site.read("public/contractors/pages/welcome/index.html").contains("Other words"));
}

#[test]
fn findings_are_told_again() {
    let site = settled();
    let page = site.read("content/pages/welcome.md");
    site.write("goldbook.yaml", format!("{}checks: {{broken-link: warning}}\n", site.read("goldbook.yaml")));
    site.write("content/pages/welcome.md", format!("{page}\n[a](nowhere.md)\n"));
    std::thread::sleep(SETTLED);
    let first = site.ok("build");
    assert!(first.stderr.contains("broken-link") && first.stderr.contains("nowhere.md"));
    let again = site.ok("build");
    assert_eq!(again.stderr, first.stderr);
    assert!(!stages(&site, "build --timings").contains("Reading the site"));
    assert_eq!(site.run("build --strict").code, 1);
}

#[test]
fn findings_are_told_again_with_the_lines_they_are_about_however_those_end() {
    let site = settled();
    site.write("goldbook.yaml", format!("{}checks: {{broken-link: warning}}\n", site.read("goldbook.yaml")));
    site.write("content/pages/welcome.md", "# Welcome\r\n\r\nHere.\r\n\r\n[a](nowhere.md)\r\n");
    std::thread::sleep(SETTLED);
    let first = site.ok("build");
    assert!(first.stderr.contains("[a](nowhere.md)"), "{}", first.stderr);
    assert_eq!(site.ok("build").stderr, first.stderr);
}

#[test]
fn what_lies_beside_the_folders_is_looked_at_again() {
    let site = settled();
    site.write("public/gone/goldbook-manifest.json", "{\"format\": 1, \"files\": {}}");
    let canaries = || site.read("canaries.csv");
    assert!(site.ok("build").stderr.contains("left-folder"));
    assert!(site.ok("build").stderr.contains("left-folder"));
    std::fs::remove_dir_all(site.path().join("public/gone")).unwrap();
    assert!(!site.ok("build").stderr.contains("left-folder"));
    let recorded = canaries();
    std::fs::remove_file(site.path().join("canaries.csv")).unwrap();
    site.ok("build");
    assert_eq!(canaries(), recorded);
}

#[test]
fn whatever_was_done_to_the_output_is_undone() {
    let site = settled();
    site.ok("build");
    let before = site.read("public/contractors/index.html");
    for (path, text) in [
        ("public/contractors/index.html", Some("Something else")),
        ("public/contractors/pages/welcome/index.html", None),
    ] {
        match text {
            Some(text) => site.write(path, text),
            None => std::fs::remove_file(site.path().join(path)).unwrap(),
        }
        site.ok("build");
        assert_eq!(site.read("public/contractors/index.html"), before);
        assert!(site.has("public/contractors/pages/welcome/index.html"));
    }
}

#[test]
fn a_record_that_can_not_be_used_is_no_error() {
    let site = settled();
    site.ok("build");
    for name in ["last-build.json", "pages.json"] {
        for junk in ["", "{}", "[1]", "\u{0}"] {
            site.write(&format!(".goldbook/{name}"), junk);
            site.ok("build --audit");
        }
    }
}

#[test]
fn an_edit_renders_what_it_touches_and_every_list_is_right() {
    let site = settled();
    for page in ["a", "b", "c"] {
        site.write(&format!("content/pages/folder/{page}.md"), format!("# Page {page}\n\n[next](b.md)\n"));
    }
    site.ok("build --audit");
    site.write("content/pages/folder/b.md", "# A new title\n");
    site.ok("build --audit");
    for page in ["a/index.html", "c/index.html", "index.html"] {
        let page = site.read(&format!("public/contractors/pages/folder/{page}"));
        assert!(page.contains("A new title") && !page.contains("Page b"), "{page}");
    }
    std::fs::remove_file(site.path().join("content/pages/folder/b.md")).unwrap();
    for page in ["a", "c"] {
        site.write(&format!("content/pages/folder/{page}.md"), format!("# Page {page}\n"));
    }
    site.ok("build --audit");
    assert!(!site.read("public/contractors/pages/folder/a/index.html").contains("A new title"));
}
