//! Releases where several people, processes or machines share a repository.

use crate::support::{Site, sha256};
use rayon::prelude::*;
use std::fs::{self, File};
use std::process::Command;
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
    let held = File::open(site.path().join("content/releases")).unwrap();
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
    site.ok("release check-run --version 2.0.0 -m \"Another meaning\" --class meaning");
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
        site.ok("release t --version 1.4.0 -m \"Both rules\" --class clarification --date 2026-10-13");
        let verified = site.ok("verify").stdout;
        assert!(verified.contains(&format!("all seals hold: {left} releases")), "{verified}");
        site.ok("build");
    }
}

#[test]
fn a_scheduled_version_is_shown_from_its_day_on() {
    let site = Site::sealed();
    add(&site, TASK, "\nA rule for later.\n");
    site.ok("release check-run --version 1.1.0 -m Later --date 2062-11-01T08:00 --scheduled");
    let shows = |build: &str| {
        site.ok(build);
        let texts = ["tasks/check-run/index.html", "tasks/check-run/v/index.html"]
            .map(|page| site.read(&format!("public/contractors/{page}")));
        let shown = texts[0].contains("A rule for later.");
        assert_eq!(shown, texts[1].contains("Version 1.1.0") || texts[1].contains(">1.1.0<"), "{}", texts[1]);
        assert_eq!(shown, site.has("public/contractors/tasks/check-run/v/1.1.0/index.html"));
        shown
    };
    assert!(!shows("build --audience contractors"));
    assert!(!shows("build --audience contractors --date 2062-10-31"));
    assert!(shows("build --audience contractors --date 2062-11-01"));
    // The newest of the ratings' days is the day of a build that names none.
    let rated = "task,item,rater,criterion,value,submitted_at\ncheck-run,run-3,b-01,reached,no,2062-11-01T07:00:00Z\n";
    site.write("content/ratings/later.csv", rated);
    assert!(shows("build --audience contractors"));
}

#[test]
fn a_lock_names_the_commit_and_whether_files_differ_from_it() {
    let site = Site::sealed();
    let commit = |version: &str, rule: &str| {
        add(&site, TASK, rule);
        if version != "1.2.0" {
            git(&site, "add -A");
            git(&site, "commit -qm x");
        }
        site.ok(&format!("release check-run --version {version} -m More --date 2026-10-02"));
        let lock = site.read(&format!("content/releases/check-run/{version}.yaml"));
        let line = lock.lines().find_map(|line| line.strip_prefix("commit: ")).map(str::to_owned);
        line.unwrap_or_else(|| panic!("{lock}"))
    };
    git(&site, "init -q");
    let clean = commit("1.1.0", "\nA rule more.\n");
    assert_eq!(clean, format!("\"{}\"", git(&site, "rev-parse HEAD").trim()));
    let dirty = commit("1.2.0", "\nAnother rule.\n");
    assert_eq!(dirty, format!("\"{}-dirty\"", git(&site, "rev-parse HEAD").trim()));
}

#[test]
fn who_reads_while_others_seal_sees_each_release_whole() {
    let site = Site::sealed();
    let sealing = std::sync::atomic::AtomicBool::new(true);
    std::thread::scope(|threads| {
        threads.spawn(|| {
            for number in 1..9 {
                add(&site, TASK, "\nA rule more.\n");
                site.ok(&format!("release check-run --version 1.{number}.0 -m More"));
            }
            sealing.store(false, std::sync::atomic::Ordering::Relaxed);
        });
        let mut looks = 0;
        while sealing.load(std::sync::atomic::Ordering::Relaxed) {
            site.ok("verify --strict");
            looks += 1;
        }
        assert!(looks > 3, "it looked {looks} times only");
    });
    assert!(site.ok("verify").stdout.contains("all seals hold: 9 releases"));
}

#[test]
fn a_release_is_undone_as_long_as_nobody_can_have_it() {
    let elsewhere = Site::empty();
    git(&elsewhere, "init -q --bare");
    let begun = || {
        let site = Site::sealed();
        git(&site, "init -q");
        git(&site, "add -A");
        git(&site, "commit -qm x");
        git(&site, &format!("remote add origin {}", elsewhere.path().display()));
        add(&site, TASK, "\nA slip.\n");
        let before = site.files("content");
        site.ok("release check-run --minor -m More --date 2026-10-02");
        (site, before)
    };
    let (site, before) = begun();
    let log = site.read("content/releases/log");
    site.ok("undo check-run");
    assert_eq!(site.files("content"), before);
    let after = site.read("content/releases/log");
    assert!(after.starts_with(&log) && after.contains(" undo check-run 1.1.0 "), "the log gains a line, it loses none");
    assert!(site.read(TASK).contains("A slip."), "the working text stays");
    assert!(site.ok("verify").stdout.contains("1 release"));
    site.ok("release check-run --minor -m More --date 2026-10-02");
    site.ok("verify");

    let refused = |why: &str, make: &dyn Fn(&Site)| {
        let (site, _) = begun();
        make(&site);
        let files = site.files("content");
        let run = site.run("undo check-run");
        assert!(
            run.code == 1 && run.stderr.contains(why) && run.stderr.contains("goldbook withdraw"),
            "{why}: {}",
            run.stderr
        );
        assert_eq!(site.files("content"), files);
    };
    let row = "task,item,rater,criterion,value,version\ncheck-run,run-3,b-01,reached,no,1.1.0\n";
    refused("ratings name it (1)", &|site| site.write("content/ratings/new.csv", row));
    let gold = "item,criterion,value,version\nrun-3,reached,no,1.1.0\n";
    refused("gold.csv names it", &|site| site.write("content/tasks/check-run/gold.csv", gold));
    let state = "serves: [{version: 1.0.0, from: 2026-10-01}, {version: 1.1.0, from: 2026-10-05}]\n";
    refused("the state of the task names it", &|site| site.write("content/releases/check-run/status.yaml", state));
    refused("a build wrote it for `contractors`", &|site| drop(site.ok("build --audience contractors")));
    refused("the branch origin/shared has it", &|site| {
        git(site, "add -A");
        git(site, "commit -qm more");
        git(site, "push -q origin HEAD:refs/heads/shared");
    });
    refused("git can't be asked", &|site| fs::remove_dir_all(site.path().join(".git")).unwrap());
}

/// What git prints in a site.
fn git(site: &Site, line: &str) -> String {
    let mut git = Command::new("git");
    git.args(["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "core.autocrlf=true"]);
    let run = site.finish(git, line);
    assert_eq!(run.code, 0, "git {line}\n{}{}", run.stdout, run.stderr);
    run.stdout
}

#[test]
fn git_keeps_the_lines_of_both_branches_and_the_next_act_joins_them() {
    let site = Site::base();
    let folder = site.path().join("content/tasks/check-run");
    let site = site.with_folder("content/tasks/other-check", &folder);
    site.ok("release check-run --version 1.0.0 -m First");
    for line in ["init -q -b main", "add .", "commit -q -m First", "branch other"] {
        git(&site, line);
    }
    let first = last_line(&site);
    site.ok("release other-check --version 1.0.0 -m First");
    git(&site, "add .");
    git(&site, "commit -q -m Here");
    let here = last_line(&site);
    git(&site, "checkout -q other");
    add(&site, TASK, "\nA rule more.\n");
    site.ok("release check-run --version 1.1.0 -m More");
    git(&site, "add .");
    git(&site, "commit -q -m There");
    let there = last_line(&site);
    git(&site, "merge -q main -m Merged");
    let merged = site.ok("verify");
    assert!(merged.stderr.contains("warning[forked-log]: lines 2 and 3 end two branches"), "{}", merged.stderr);
    for end in [&here, &there] {
        assert!(merged.stdout.contains(&format!("log {end}\n")), "{}", merged.stdout);
        assert_eq!(site.run(&format!("verify --expect {end}")).code, 1, "it does not follow from one end alone");
    }
    let joined = copy(&site).ok("verify --join").stdout;
    assert!(joined.contains(&format!("joined {there} and {here}\n")), "{joined}");
    add(&site, TASK, "\nA rule more.\n");
    site.ok("release check-run --version 1.2.0 -m More");
    for line in [&first, &here, &there, &last_line(&site)] {
        site.ok(&format!("verify --strict --expect {line}"));
    }
}

#[test]
fn a_text_longer_than_any_document_can_be_read_again() {
    let site = Site::base();
    let paragraph = "word ".repeat(2000) + "\n\n";
    for page in ["one", "two", "three"] {
        site.write(&format!("content/tasks/check-run/{page}.md"), format!("# Page {page}\n\n{}", paragraph.repeat(80)));
    }
    site.ok("release check-run --version 1.0.0 -m First");
    site.ok("verify --strict");
}

fn copy(site: &Site) -> Site {
    Site::empty().with(site.path())
}

/// The digest of the last line of the log.
fn last_line(site: &Site) -> String {
    sha256(site.read("content/releases/log").split_inclusive('\n').next_back().unwrap())
}

#[test]
fn a_withdrawn_version_stays_readable_and_leads_to_the_one_to_work_from() {
    let site = Site::sealed();
    add(&site, TASK, "\nA rule with a wrong limit.\n");
    site.ok("release check-run --minor -m More --date 2026-10-05");
    site.write("content/releases/check-run/status.yaml", "# Ours.\n");
    site.ok("withdraw check-run 1.1.0 --because \"It names a wrong limit\" --date 2026-10-07T09:30");
    let state = site.read("content/releases/check-run/status.yaml");
    let line = "  - {version: 1.1.0, from: 2026-10-07T09:30:00Z, because: \"It names a wrong limit\"}\n";
    assert_eq!(state, format!("# Ours.\nwithdrawn:\n{line}"));
    site.ok("verify");
    site.ok("build");
    let page = |path: &str| site.read(&format!("public/contractors/tasks/check-run/{path}index.html"));
    assert!(!page("").contains("A rule with a wrong limit."), "the task's page is of the version to work from");
    let withdrawn = page("v/1.1.0/");
    assert!(withdrawn.contains("A rule with a wrong limit."));
    let notice = "This version was withdrawn on 2026-10-07: It names a wrong limit. The version to work from is 1.0.0";
    assert!(withdrawn.contains(notice), "{withdrawn}");
    assert!(!page("v/1.0.0/").contains("older version"), "it is the one to work from");
    assert!(page("v/").contains("This version was withdrawn on 2026-10-07: It names a wrong limit."));
    // The next one follows the one that was withdrawn.
    add(&site, TASK, "\nA right limit.\n");
    site.ok("release check-run --minor -m Mended --date 2026-10-08");
    assert!(site.ok("verify").stdout.contains("3 releases"));
}

#[test]
fn a_retired_task_is_off_the_list_and_readable_without_its_pay() {
    let site = Site::base();
    site.write(TASK, site.read(TASK).replacen("---\n", "---\npay: 30 USD\n", 1));
    site.ok("release check-run -m First --date 2026-10-01");
    let page = |path: &str| site.read(&format!("public/contractors/{path}index.html"));
    site.ok("build");
    assert!(page("").contains("tasks/check-run/index.html") && page("tasks/check-run/").contains("30 USD"));
    site.ok("retire check-run --because \"The runs are all rated.\" --date 2026-11-20T08:00");
    // The folder may stay or go.
    for folder in ["stays", "goes"] {
        site.ok("build");
        assert!(!page("").contains("tasks/check-run/index.html"), "{folder}");
        for address in ["tasks/check-run/", "tasks/check-run/v/1.0.0/"] {
            let text = page(address);
            assert!(text.contains("This task was retired on 2026-11-20: The runs are all rated."), "{text}");
            assert!(text.contains("Read the run to its end.") && !text.contains("30 USD"), "{text}");
        }
        // A shared page would lead to a file that is gone.
        site.write("content/pages/welcome.md", "# Welcome\n");
        let _ = fs::remove_dir_all(site.path().join("content/tasks/check-run"));
    }
}

#[test]
fn a_renamed_task_keeps_its_releases_ratings_and_addresses() {
    for moved_by_hand in [false, true] {
        let site = Site::sealed();
        // Shared pages lead to the folder by its name.
        site.write("content/pages/welcome.md", "# Welcome\n");
        let lock = site.read("content/releases/check-run/1.0.0.yaml");
        let before = site.ok("report blue --json").stdout;
        site.write("content/releases/check-run/status.yaml", "serves: [{version: 1.0.0, from: 2026-10-01}]\n");
        if moved_by_hand {
            let [from, to] = ["check-run", "run-check"].map(|id| site.path().join("content/tasks").join(id));
            fs::rename(from, to).unwrap();
            assert!(site.run("check").stderr.contains("error[vanished-task]"));
        }
        site.ok("rename check-run run-check");
        assert_eq!(site.read("content/releases/check-run/1.0.0.yaml"), lock, "no lock changes");
        let state = site.read("content/releases/run-check/status.yaml");
        assert_eq!(state, "serves: [{version: 1.0.0, from: 2026-10-01}]\nwas: check-run\n");
        assert!(!site.has("content/releases/check-run/status.yaml"));
        let verified = site.ok("verify").stdout;
        assert!(verified.contains("run-check 1.0.0") && verified.contains("1 release"), "{verified}");
        let checked = site.ok("check").stderr;
        assert!(!checked.contains("unsealed-changes") && !checked.contains("nothing-sealed"), "{checked}");
        // Rows and cohorts that name the old one count, and are counted.
        let after = site.ok("report blue --json").stdout;
        assert!(after.contains("task-renamed"), "{after}");
        let accuracy = |report: &str| report.split("\"overall\"").nth(1).map(|rest| rest[..200].to_owned());
        assert_eq!(accuracy(&before), accuracy(&after));
        add(&site, "content/tasks/run-check/task.md", "\nA rule more.\n");
        site.ok("release run-check --minor -m More --date 2026-10-03");
        assert!(site.read("content/releases/run-check/1.1.0.yaml").contains("\nprevious: "));
        assert!(site.ok("verify").stdout.contains("2 releases"));
        site.ok("build");
        let old = "public/contractors/tasks/check-run";
        assert!(
            site.read(&format!("{old}/v/1.0.0/rubric/index.html"))
                .contains("content=\"0; url=../../../../../tasks/run-check/v/1.0.0/rubric/index.html\"")
        );
        assert!(site.read(&format!("{old}/index.html")).contains("../../tasks/run-check/index.html"));
        let sealed = site.read("public/contractors/tasks/run-check/v/1.0.0/index.html");
        assert!(sealed.contains("Read the run to its end.") && !sealed.contains("A rule more."), "{sealed}");
        site.ok("rename run-check check-runs");
        assert!(site.read("content/releases/check-runs/status.yaml").contains("was: [check-run, run-check]"));
        assert!(site.ok("verify").stdout.contains("check-runs 1.1.0"));
        let refused = site.run("rename check-runs check-run");
        assert!(refused.code == 1 && refused.stderr.contains("was called `check-run` before"), "{}", refused.stderr);
    }
}
