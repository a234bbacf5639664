//! The files and the commands of the manual: a block under the line `` `content/…`: `` is that file, and a block
//! `console` is what the commands in it print in the site that those files make.

use super::{Fence, fences, hold, page, pages};
use crate::support::Site;

/// The site that the files of all pages make, its task sealed as 1.0.0.
fn site() -> Site {
    let site = Site::empty();
    for (_, text) in pages() {
        for Fence { file, body, .. } in fences(&text) {
            let Some(file) = file else { continue };
            assert!(!site.has(file), "the manual shows {file} twice");
            site.write(file, format!("{body}\n"));
        }
    }
    site.ok("release setup-mistakes --version 1.0.0 -m First --date 2026-10-01");
    // The log holds the time of this run; the manual that of another.
    let log = site.read("content/releases/log");
    let (before, rest) = log.split_once(' ').unwrap();
    let (_, act) = rest.split_once(' ').unwrap();
    site.write("content/releases/log", format!("{before} 2026-10-01T09:30:00Z {act}"));
    site
}

#[test]
fn the_files_of_the_manual_make_a_site_without_a_finding() {
    let run = site().run("check --strict");
    assert_eq!((run.code, &*run.stderr), (0, ""));
}

#[test]
fn commands_print_what_the_manual_says() {
    for (name, text) in pages().into_iter().filter(|(_, text)| text.contains("\n```console\n")) {
        let site = site();
        let mut now = text.clone();
        for fence in fences(&text).iter().filter(|fence| fence.language == "console") {
            now = now.replacen(
                &format!("console\n{}\n", fence.body),
                &format!("console\n{}", session(fence.body, &site)),
                1,
            );
        }
        hold(&name, &now);
    }
}

/// The commands of a block, each followed by what it prints; what ends with a line `…` is shown to there.
fn session(block: &str, site: &Site) -> String {
    let here = format!("{}/", site.path().display());
    let run = |part: &str| {
        let (line, before) = part.split_once('\n').unwrap_or((part, ""));
        let run = site.run(line);
        let printed = format!("{}{}", run.stdout, run.stderr).replace(&here, "");
        let printed = match before.trim_end().strip_suffix("\n…") {
            Some(shown) => printed.lines().take(shown.lines().count()).chain(["…"]).collect::<Vec<_>>().join("\n"),
            None => printed.trim_end().to_owned(),
        };
        format!("$ goldbook {line}\n{printed}\n")
    };
    format!("\n{block}").split("\n$ goldbook ").skip(1).map(run).collect::<Vec<_>>().join("\n")
}

#[test]
fn every_console_block_runs_something() {
    for (name, text) in pages() {
        for fence in fences(&text).iter().filter(|fence| fence.language == "console") {
            assert!(fence.body.starts_with("$ goldbook "), "{name}.md: a console block that runs nothing");
        }
    }
    assert!(fences(&page("files")).iter().filter(|fence| fence.file.is_some()).count() > 5);
}
