//! A machine that fails: killed, full, read-only, or used by two at once. What is published is the old site or the
//! new one, what is sealed verifies, and the next undisturbed run sets everything right.

use super::faults::{Fault, Faults};
use crate::support::{Run, Site, sha256};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

type Files = BTreeMap<String, Vec<u8>>;

/// A command, the site it runs in, and the folder that must hold a whole state whatever happens.
struct Trial<'a> {
    site: &'a Site,
    line: &'a str,
    folder: &'a str,
    /// Looks at what a fault left, before anything is set right.
    whole: fn(&Site, &Files, &[Files; 2]) -> bool,
}

const BUILD: &str = "build --audience contractors";
const PUBLIC: &str = "public/contractors";
const RELEASES: &str = "content/releases";

#[test]
fn a_first_build_is_there_whole_or_not_at_all() {
    let site = small_site();
    Trial { site: &site, line: BUILD, folder: PUBLIC, whole: is_old_or_new }.run();
}

#[test]
fn a_rebuild_leaves_the_old_site_or_the_new() {
    let site = small_site();
    site.write("content/pages/leaves.md", "# A page that goes\n");
    site.ok(BUILD);
    fs::remove_file(site.path().join("content/pages/leaves.md")).unwrap();
    site.write("content/pages/comes.md", "# A page that comes\n");
    Trial { site: &site, line: BUILD, folder: PUBLIC, whole: is_old_or_new }.run();
}

#[test]
fn a_rebuild_keeps_what_no_build_wrote() {
    let site = small_site();
    site.ok(BUILD);
    site.write("public/contractors/.git/HEAD", "ref: refs/heads/pages\n");
    site.write("public/contractors/pages/notes.txt", "Somebody's own\n");
    site.write("content/pages/comes.md", "# A page that comes\n");
    Trial { site: &site, line: BUILD, folder: PUBLIC, whole: is_old_or_new }.run();
}

#[test]
fn a_rebuild_for_all_audiences_leaves_each_with_the_old_site_or_the_new() {
    let site = small_site();
    site.ok("build");
    site.write("content/pages/comes.md", "# A page that comes\n");
    Trial { site: &site, line: "build", folder: "public", whole: each_is_old_or_new }.run();
}

#[test]
fn a_seal_is_there_whole_or_not_at_all() {
    let first = Site::base();
    let line = "release check-run --version 1.0.0 -m First --date 2026-10-01";
    let mut kills = Trial { site: &first, line, folder: RELEASES, whole: verifies }.run();
    // On a seal, and on one that has no log yet.
    let second = Site::sealed();
    let task = second.read("content/tasks/check-run/task.md");
    second.write("content/tasks/check-run/task.md", task.replace("to its end", "to its very end"));
    let unlogged = copy(&second);
    fs::remove_file(unlogged.path().join("content/releases/log")).unwrap();
    unlogged.write("content/releases/.gitattributes", "* -text\n");
    for name in ["one", "two", "three", "four"] {
        unlogged.write(&format!("content/tasks/check-run/{name}.md"), format!("# Page {name}\n\nText.\n"));
    }
    let line = "release check-run --version 1.1.0 -m Second --date 2026-10-02";
    for site in [second, unlogged] {
        kills += Trial { site: &site, line, folder: RELEASES, whole: verifies }.run();
    }
    assert!(kills == 0 || kills >= 200, "only {kills} kills were tried");
}

#[test]
fn the_branches_of_a_log_are_joined_or_not() {
    let site = Site::sealed();
    let log = site.read("content/releases/log");
    let digest = sha256(&log);
    let line = |version: u8| format!("{digest} 2026-10-0{version}T09:00:00Z withdraw check-run 1.0.0\n");
    site.write("content/releases/log", log + &line(2) + &line(3));
    Trial { site: &site, line: "verify --join", folder: RELEASES, whole: verifies }.run();
}

#[test]
fn an_init_that_was_cut_short_can_be_run_again() {
    Trial { site: &Site::empty(), line: "init", folder: "content", whole: |_, _, _| true }.run();
}

#[test]
fn an_imported_run_is_there_whole_or_not_at_all() {
    let site = Site::base();
    site.write("log.json", r#"[{"role": "user", "content": "Go."}]"#);
    let line = "import trajectory log.json -o imported/run.json";
    Trial { site: &site, line, folder: "imported", whole: is_old_or_new }.run();
}

#[test]
fn what_only_looks_writes_nothing() {
    let Some(faults) = Faults::ready() else { return };
    let site = Site::sealed();
    for line in ["report blue", "check", "verify", "import trajectory content/tasks/check-run/trajectories/run-1.json"]
    {
        assert_eq!(faults.count(&site, line), 0, "{line}");
    }
}

#[test]
fn two_builds_at_once_give_one_of_two_sites() {
    let sites = [small_site(), small_site()];
    sites[1].write("content/pages/second.md", "# The second\n");
    let both = sites.each_ref().map(|site| {
        site.ok(BUILD);
        files(site, PUBLIC)
    });
    let out = Site::empty();
    let line = format!("{BUILD} --out {}", out.path().join("public").display());
    for _ in 0..5 {
        let runs: Vec<Run> = [0, 1, 0, 1].par_iter().map(|which: &usize| sites[*which].run(&line)).collect();
        for run in runs {
            assert_eq!(run.code, 0, "{}", run.stderr);
        }
        assert!(both.contains(&files(&out, PUBLIC)), "a mixture of two sites");
        assert!(unfinished(&out).is_empty());
    }
}

#[test]
fn a_build_waits_until_another_has_written() {
    let site = small_site();
    fs::create_dir_all(site.path().join("public")).unwrap();
    let held = File::open(site.path().join("public")).unwrap();
    held.lock().unwrap();
    std::thread::scope(|threads| {
        let build = threads.spawn(|| site.ok(BUILD));
        std::thread::sleep(Duration::from_millis(400));
        assert!(!site.has(PUBLIC), "it did not wait");
        held.unlock().unwrap();
        build.join().unwrap();
    });
    assert!(site.has("public/contractors/index.html"));
}

#[test]
fn what_a_killed_build_left_goes_even_when_nothing_changed() {
    let site = small_site();
    site.ok(BUILD);
    site.write("public/.goldbook-unfinished-aB3dE6/new/index.html", "half");
    site.write("public/.goldbook-unfinished-notes.txt", "the user's own");
    site.ok(BUILD);
    assert_eq!(unfinished(&site), ["public/.goldbook-unfinished-notes.txt"]);
}

#[test]
fn an_output_folder_removed_meanwhile_is_an_error_or_there_again() {
    let site = small_site();
    let public = site.path().join("public");
    for delay in 0..20 {
        std::thread::scope(|threads| {
            let build = threads.spawn(|| site.run(BUILD));
            std::thread::sleep(Duration::from_millis(delay * 4));
            // It fails where the build writes at that moment, and that is the point.
            let _ = fs::remove_dir_all(&public);
            let run = build.join().unwrap();
            assert!([0, 1, 3].contains(&run.code), "{}", run.stderr);
        });
    }
    let _ = fs::remove_dir_all(&public);
    site.ok(BUILD);
    assert!(site.has("public/contractors/index.html"));
}

#[test]
fn a_folder_that_may_not_be_written_keeps_its_site() {
    let site = small_site();
    site.ok(BUILD);
    let before = files(&site, PUBLIC);
    site.write("content/pages/more.md", "# More\n");
    fs::set_permissions(site.path().join("public"), fs::Permissions::from_mode(0o555)).unwrap();
    let run = site.run_as_nobody(BUILD);
    fs::set_permissions(site.path().join("public"), fs::Permissions::from_mode(0o755)).unwrap();
    assert_eq!(run.code, 3, "{}", run.stderr);
    assert!(run.stderr.contains("Permission denied") && run.stderr.contains("public"), "{}", run.stderr);
    assert_eq!(files(&site, PUBLIC), before);
}

impl Trial<'_> {
    /// Kills the command, and fills the disk, at calls that change something: where it seals, kills it at each. Returns
    /// how often it was killed.
    fn run(&self) -> usize {
        let Some(faults) = Faults::ready() else { return 0 };
        let undisturbed = copy(self.site);
        let old = files(&undisturbed, self.folder);
        let calls = faults.count(&undisturbed, self.line);
        assert!(calls > 3, "{}: only {calls} calls were seen", self.line);
        let states = [old, files(&undisturbed, self.folder)];
        let some = points(calls);
        let kills = if self.folder == RELEASES { (1..=calls).collect() } else { some.clone() };
        kills.par_iter().for_each(|at| self.at(faults, Fault::Kill, *at, &states));
        some.par_iter().for_each(|at| self.at(faults, Fault::Full, *at, &states));
        kills.len()
    }

    fn at(&self, faults: &Faults, fault: Fault, at: usize, states: &[Files; 2]) {
        let site = copy(self.site);
        let run = faults.run(&site, self.line, fault, at);
        let context = format!("{} with {fault:?} at {at}: {}", self.line, run.stderr);
        let found = files(&site, self.folder);
        if fault == Fault::Full && run.code != 0 {
            assert_eq!(run.code, 3, "{context}");
            assert!(run.stderr.contains("No space left") && run.stderr.contains("-->"), "{context}");
            assert!(unfinished(&site).is_empty(), "{context}");
        }
        assert!(run.code != 0 || found == states[1], "{context}");
        assert!((self.whole)(&site, &found, states), "{context}\n{:?}", found.keys());
        if found != states[1] || fault == Fault::Kill {
            // A seal that took its place just before the kill is refused a second time, and that is right.
            let again = site.run(self.line);
            assert!(again.code == 0 || found == states[1], "{context}\nand then {}", again.stderr);
        }
        assert!(files(&site, self.folder) == states[1], "{context}: not set right by the next run");
        assert!(unfinished(&site).is_empty(), "{context}: {:?}", unfinished(&site));
    }
}

/// Every call of a build; of the many calls that write one file after another, every seventh (each file takes six, so
/// that all of its calls come up in turn) and the last ten. `GOLDBOOK_EVERY_FAULT=1` tries all.
fn points(calls: usize) -> Vec<usize> {
    let all = calls <= 36 || std::env::var_os("GOLDBOOK_EVERY_FAULT").is_some();
    (1..=calls).filter(|at| all || at % 7 == 0 || at + 10 > calls).collect()
}

fn each_is_old_or_new(_: &Site, now: &Files, states: &[Files; 2]) -> bool {
    ["contractors/", "internal/"].iter().all(|audience| {
        let own = |files: &Files| -> Files {
            let own = files.iter().filter(|(path, _)| path.starts_with(audience));
            own.map(|(path, bytes)| (path.clone(), bytes.clone())).collect()
        };
        states.iter().any(|state| own(state) == own(now))
    })
}

fn is_old_or_new(_: &Site, found: &Files, states: &[Files; 2]) -> bool {
    states.contains(found)
}

/// The journal of an act that is not finished takes its files away: the store is the old one or the new.
fn verifies(site: &Site, found: &Files, states: &[Files; 2]) -> bool {
    let known = |(path, bytes): (&String, &Vec<u8>)| states.iter().any(|state| state.get(path) == Some(bytes));
    site.run("verify").code == 0 && found.iter().all(known) && states[0].keys().all(|path| found.contains_key(path))
}

/// A site with few files, so that every call can fail once.
fn small_site() -> Site {
    let site = Site::empty();
    site.write(
        "goldbook.yaml",
        "title: Small\naudiences: {contractors: [], internal: [contractors]}\ndefault_audience: contractors\n",
    );
    site.write("content/pages/welcome.md", "# Welcome\n\nText.\n");
    site
}

fn copy(site: &Site) -> Site {
    Site::empty().with(site.path())
}

/// What a reader would find: hidden files are nobody's, and of a log's lines what does not hang on the clock.
fn files(site: &Site, folder: &str) -> Files {
    let is_hidden = |path: &String| path.contains(".goldbook-unfinished-") || path.ends_with(".act");
    let paths = site.files(folder).into_iter().filter(|path| !is_hidden(path));
    let mut files: Files =
        paths.map(|path| (path.clone(), fs::read(site.path().join(folder).join(path)).unwrap())).collect();
    if let Some((_, log)) = files.iter_mut().find(|(path, _)| *path == "log" || *path == "releases/log") {
        let text = String::from_utf8(std::mem::take(log)).unwrap();
        *log =
            text.lines().map(|line| line.splitn(3, ' ').nth(2).unwrap().to_owned() + "\n").collect::<String>().into();
    }
    files
}

/// What killed runs left, folders too.
fn unfinished(site: &Site) -> Vec<String> {
    let entries = walkdir::WalkDir::new(site.path()).into_iter().filter_map(Result::ok);
    let left = entries.filter(|entry| entry.file_name().to_string_lossy().starts_with(".goldbook-unfinished-"));
    left.map(|entry| entry.path().strip_prefix(site.path()).unwrap().display().to_string()).collect()
}
