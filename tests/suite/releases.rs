//! Releases where several people, processes or machines share a repository.

use crate::support::Site;
use rayon::prelude::*;
use std::fs::{self, File};
use std::time::Duration;

const TASK: &str = "content/tasks/check-run/task.md";
const RUBRIC: &str = "content/tasks/check-run/rubric.md";

fn add(site: &Site, path: &str, text: &str) {
    site.write(path, site.read(path) + text);
}

#[test]
fn of_two_who_seal_at_once_one_is_told() {
    for _ in 0..5 {
        let site = Site::sealed();
        add(&site, TASK, "\nA rule more.\n");
        let seal = |version: &&str| site.run(&format!("release check-run --version {version} -m More"));
        let runs: Vec<_> = ["1.1.0", "1.2.0", "1.3.0", "1.4.0"].par_iter().map(seal).collect();
        assert_eq!(runs.iter().filter(|run| run.code == 0).count(), 1, "one text is sealed once");
        for run in runs.iter().filter(|run| run.code != 0) {
            let is_told = run.stderr.contains("nothing to seal") || run.stderr.contains("does not follow");
            assert!(is_told, "{}", run.stderr);
        }
        let verified = site.ok("verify").stdout;
        assert!(verified.contains("all seals hold: 2 releases"), "{verified}");
    }
}

#[test]
fn who_seals_waits_and_then_reads_what_is_there() {
    let site = Site::sealed();
    let held = File::open(site.path().join("content/tasks/check-run")).unwrap();
    held.lock().unwrap();
    std::thread::scope(|threads| {
        let sealing = threads.spawn(|| site.ok("release check-run --version 1.1.0 -m More"));
        std::thread::sleep(Duration::from_millis(400));
        assert!(!site.has("content/releases/check-run/1.1.0.yaml"), "it did not wait");
        add(&site, TASK, "\nA rule that came meanwhile.\n");
        held.unlock().unwrap();
        sealing.join().unwrap();
    });
    site.ok("build");
    let shipped = site.read("public/contractors/tasks/check-run/v/1.1.0/instructions.md");
    assert!(shipped.contains("A rule that came meanwhile."), "{shipped}");
}

/// The site as another machine gets it, where version control writes CRLF into all that is not sealed.
fn checked_out_with_crlf(site: &Site) {
    for path in site.files("content").into_iter().filter(|path| !path.starts_with("releases/")) {
        let path = format!("content/{path}");
        site.write(&path, site.read(&path).replace('\n', "\r\n"));
    }
}

#[test]
fn line_ends_of_another_machine_are_no_change() {
    let site = Site::sealed();
    checked_out_with_crlf(&site);
    site.ok("verify");
    let checked = site.ok("check");
    assert!(!checked.stderr.contains("unsealed-changes"), "{}", checked.stderr);
    let run = site.run("release check-run --version 1.0.1 -m \"Nothing new\"");
    assert!(run.code == 1 && run.stderr.contains("there is nothing to seal"), "{}", run.stderr);
    // Ratings go on comparing where a question is the same in other line ends.
    add(&site, TASK, "\r\nAnother meaning of the whole.\r\n");
    add(&site, RUBRIC, "\r\nThe last question is another one.\r\n");
    site.ok("release check-run --version 2.0.0 -m \"Another meaning\"");
    let lock = site.read("content/releases/check-run/2.0.0.yaml");
    let since = lock.split("comparable_since:").nth(1).unwrap();
    assert_eq!(since.matches(": 2.0.0").count(), 1, "{since}");
    assert!(since.matches(": 1.0.0").count() > 0, "{since}");
}

#[test]
fn after_a_merge_of_two_sealed_branches_either_can_be_kept() {
    let fork = crate::support::tests().join("cases/release/two-branches/site");
    for (removed, left) in [(&["1.2.0", "1.3.0"][..], 3), (&["1.1.0"][..], 4)] {
        let site = Site::empty().with(&fork);
        let told = site.run("verify");
        assert_eq!(told.code, 1);
        for version in removed {
            let lock = format!("content/releases/t/{version}.yaml");
            assert!(told.stderr.contains(&lock), "{}", told.stderr);
            fs::remove_file(site.path().join(lock)).unwrap();
        }
        site.ok("release t --version 1.4.0 -m \"Both rules\" --date 2026-10-13");
        let verified = site.ok("verify").stdout;
        assert!(verified.contains(&format!("all seals hold: {left} releases")), "{verified}");
        site.ok("build");
    }
}
