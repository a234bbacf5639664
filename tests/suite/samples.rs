//! Real input: logs, ratings and pages that other people wrote. Left out, saying so, where they are not at hand.

use crate::support::{Site, shared};

#[test]
fn an_inspect_log_becomes_an_example() {
    let Some(log) = shared("samples/trajectories/inspect-browser.json") else { return };
    let site = Site::base();
    let list = site.ok(&format!("import trajectory {} --list", log.display()));
    assert_eq!(list.stdout.lines().count(), 1, "{}", list.stdout);
    site.ok(&format!("import trajectory {} -o content/tasks/check-run/trajectories/browser.json", log.display()));
    show(&site, "browser");
}

#[test]
fn an_eval_archive_is_an_example_as_it_is() {
    let Some(log) = shared("samples/trajectories/inspect-message-dedup.eval") else { return };
    let site = Site::base();
    site.write("content/tasks/check-run/trajectories/guess.eval", std::fs::read(log).unwrap());
    site.write(
        "content/tasks/check-run/examples/guess.md",
        "---\ntitle: Archived\nuse: worked\ntrajectory: ../trajectories/guess.eval\ngold:\n  reached: yes\n---\n\nText.\n",
    );
    site.ok("release check-run --version 1.0.0 -m First --date 2026-10-01");
    site.ok("build");
    let folder = "public/contractors/tasks/check-run";
    let page = site.read(&format!("{folder}/examples/guess/index.html"));
    assert!(page.contains("id=\"step-5\"") && page.contains("guess"));
    assert!(
        site.files("public").iter().all(|file| !file.ends_with(".eval")),
        "the archive and its gold were published"
    );
}

#[test]
fn an_openai_chat_becomes_an_example() {
    let Some(log) = shared("samples/trajectories/taubench-airline-openai-chat.json") else { return };
    let site = Site::base();
    site.ok(&format!("import trajectory {} -o content/tasks/check-run/trajectories/airline.json", log.display()));
    let text = site.read("content/tasks/check-run/trajectories/airline.json");
    assert!(!text.contains("reward"), "gold came along");
    show(&site, "airline");
}

/// Seals an example with this run and looks for its steps on the page.
fn show(site: &Site, run: &str) {
    site.write(
        &format!("content/tasks/check-run/examples/{run}.md"),
        format!("---\ntitle: Imported\nuse: worked\ntrajectory: ../trajectories/{run}.json\ngold:\n  reached: yes\n---\n\nText.\n"),
    );
    site.ok("release check-run --version 1.0.0 -m First --date 2026-10-01");
    site.ok("build");
    let page = site.read(&format!("public/contractors/tasks/check-run/examples/{run}/index.html"));
    assert!(page.contains("id=\"step-2\"") && page.contains("id=\"step-5\""));
}
