//! Releases where several people, processes or machines share a repository.

use crate::support::Site;

const TASK: &str = "content/tasks/check-run/task.md";
const RUBRIC: &str = "content/tasks/check-run/rubric.md";

fn add(site: &Site, path: &str, text: &str) {
    site.write(path, site.read(path) + text);
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

