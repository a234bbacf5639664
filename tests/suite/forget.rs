//! `goldbook forget`: a rater's id goes, the ratings stay, and what still holds the id is named.

use crate::support::{Site, tests};
use std::fs;

/// A site in which `b-01` rated in three files, of two kinds, and is in a cohort and a roster.
fn site() -> Site {
    let site = Site::sealed();
    site.write("content/ratings/said.csv", "item,rater,criterion,value,email,comment\nrun-9,b-01,reached,yes,b@example.org,\"I, b-01, think\nso\"\nrun-9,b-02,reached,yes,,mine\n");
    site.write("content/ratings/more.jsonl", "{\"item\": \"run-8\", \"worker\": \"b-01\", \"criterion\": \"reached\", \"value\": \"no\", \"comment\": \"mine\"}\n");
    site.write(
        "content/cohorts/green.yaml",
        "title: Green\nraters: green.csv\n# b-01 moved here\nfrom: 2020-01-01\nuntil: 2020-12-31\n",
    );
    site.write("content/cohorts/green.csv", "rater\nb-01\nb-010\n");
    site.write("notes.md", "First line\nb-01 asked about pay\n");
    site
}

fn everything(site: &Site) -> Vec<(String, Vec<u8>)> {
    let files = site.files("content");
    files.iter().map(|path| (path.clone(), fs::read(site.path().join("content").join(path)).unwrap())).collect()
}

/// The numbers of a report of all weeks, whoever rated.
fn figures(site: &Site) -> String {
    site.ok("report blue --json").stdout
}

#[test]
fn nothing_changes_before_somebody_says_yes() {
    let site = site();
    let before = everything(&site);
    let run = site.run("forget b-01 --as x-1");
    assert_eq!(run.code, 2, "{}", run.stderr);
    assert_eq!(run.stderr, "nothing was changed; `--yes` does it\n");
    for part in [
        "b-01 becomes x-1 in\n",
        "  content/cohorts/blue.yaml: 1 entry\n",
        "  content/cohorts/green.csv: 1 entry\n",
        "  content/ratings/more.jsonl: 1 row, 1 comment removed\n",
        "  content/ratings/said.csv: 1 row, 1 comment removed; `email` stays, which nothing reads\n",
        "b-01 is left alone in\n",
        "  content/cohorts/green.yaml:3\n",
        "  notes.md:2\n",
    ] {
        assert!(run.stdout.contains(part), "no {part} in {}", run.stdout);
    }
    assert_eq!(everything(&site), before);
}

#[test]
fn ratings_stay_under_the_fresh_id_and_comments_go() {
    let site = site();
    let (before, figures_before) = (everything(&site), figures(&site));
    site.ok("forget b-01 --as x-1 --yes");
    assert_eq!(
        site.read("content/ratings/said.csv"),
        "item,rater,criterion,value,email,comment\nrun-9,x-1,reached,yes,b@example.org,\nrun-9,b-02,reached,yes,,mine\n"
    );
    assert_eq!(
        site.read("content/ratings/more.jsonl"),
        "{\"item\": \"run-8\", \"worker\": \"x-1\", \"criterion\": \"reached\", \"value\": \"no\", \"comment\": \"\"}\n"
    );
    assert_eq!(site.read("content/cohorts/green.csv"), "rater\nx-1\nb-010\n");
    assert!(site.read("content/cohorts/blue.yaml").contains("x-1"));
    assert_eq!(figures(&site), figures_before);
    // Every other file is the same, byte for byte.
    let changed: Vec<String> =
        everything(&site).into_iter().zip(before).filter(|(new, old)| new != old).map(|(new, _)| new.0).collect();
    assert_eq!(
        changed,
        ["cohorts/blue.yaml", "cohorts/green.csv", "ratings/more.jsonl", "ratings/said.csv", "ratings/week.csv"]
    );
    assert!(everything(&site).iter().all(|(path, bytes)| path == "cohorts/green.yaml"
        || !String::from_utf8_lossy(bytes).contains("b-01\"") && !String::from_utf8_lossy(bytes).contains("b-01,")));
    site.ok("check");
    let again = site.run("forget b-01 --yes");
    assert!(again.code == 2 && again.stderr.contains("names a rater `b-01`"), "{}", again.stderr);
}

/// What was sealed before there was such a rater, built or handed over is named, and so is git's history.
#[test]
fn what_still_holds_the_id_is_named() {
    let site = site();
    let task = "content/tasks/check-run/task.md";
    site.write(task, site.read(task) + "\nAs b-09 found, read on.\n");
    site.ok("release check-run --version 1.1.0 -m Found --date 2026-10-02");
    let cohort = "content/cohorts/blue.yaml";
    site.write(cohort, site.read(cohort).replace("b-03]", "b-03, {rater: \"b-09\", from: 2026-11-01}]"));
    site.write(task, site.read(task).replace("b-09", "somebody"));
    site.ok("build");
    site.ok("build --out for-atlas");
    fs::create_dir(site.path().join(".git")).unwrap();
    let told = site.ok("forget b-09 --as x-1 --yes").stdout;
    assert!(site.read(cohort).contains("{rater: x-1, from: 2026-11-01}"), "{}", site.read(cohort));
    for part in [
        "  content/releases/objects/",
        " (sealed: it can't change)\n",
        "  public/contractors/tasks/check-run/changes/from-1.0.0/index.html:",
        " (the next build writes it anew)\n",
        "  for-atlas/contractors/tasks/check-run/changes/from-1.0.0/index.html:",
        " files more there\n",
        "  git's history, as far as ",
        "  folders that were built, where a copy was handed over: for-atlas (contractors, internal, leads); public (",
    ] {
        assert!(told.contains(part), "no {part} in {told}");
    }
}

#[test]
fn an_id_that_somebody_has_or_that_nobody_has_is_refused() {
    let site = site();
    let before = everything(&site);
    for (line, part) in [
        ("forget b-01 --as b-02 --yes", "`b-02` is here already"),
        ("forget b-1 --yes", "did you mean `b-01`?"),
        ("forget b-01 --as \"a b\" --yes", "an id is letters"),
    ] {
        let run = site.run(line);
        assert!(run.code == 2 && run.stderr.contains(part), "{line}: {} {}", run.code, run.stderr);
    }
    assert_eq!(everything(&site), before);
}

/// A file that can't be read to its end may hold more of the rater's rows: nothing is changed anywhere.
#[test]
fn one_file_that_cannot_be_read_keeps_all_as_they_are() {
    let site = site();
    site.write(
        "content/ratings/open.csv",
        "item,rater,criterion,value\nrun-7,b-01,reached,yes\nrun-7,b-01,reached,\"yes\n",
    );
    let before = everything(&site);
    let run = site.run("forget b-01 --yes");
    assert_eq!(run.code, 1, "{}", run.stderr);
    assert!(
        run.stderr.contains("content/ratings/open.csv:3") && run.stderr.contains("nothing was changed"),
        "{}",
        run.stderr
    );
    assert_eq!(everything(&site), before);
}

/// Nobody reads more, or less, than before.
#[test]
fn files_keep_who_may_read_them() {
    use std::os::unix::fs::PermissionsExt;
    let site = site();
    let mode = |path: &str| fs::metadata(site.path().join(path)).unwrap().permissions().mode() & 0o777;
    let set = |path: &str, mode| {
        fs::set_permissions(site.path().join(path), fs::Permissions::from_mode(mode)).unwrap();
    };
    let modes = [("content/ratings/week.csv", 0o600), ("content/cohorts/blue.yaml", 0o640), ("content/ratings", 0o700)];
    modes.iter().for_each(|(path, mode)| set(path, *mode));
    site.ok("forget b-01 --yes");
    for (path, expected) in modes {
        assert_eq!(mode(path), expected, "{path}");
    }
}

/// Otherwise the folder that was exchanged could not be taken away, with what was to be forgotten.
#[test]
fn a_folder_that_cannot_be_written_keeps_all_as_they_are() {
    use std::os::unix::fs::PermissionsExt;
    let site = site();
    let folder = site.path().join("content/ratings/closed");
    site.write("content/ratings/closed/a.csv", "item,rater,criterion,value\nrun-7,b-01,reached,yes\n");
    let every = walkdir::WalkDir::new(site.path()).into_iter().filter_map(Result::ok);
    every.for_each(|entry| std::os::unix::fs::chown(entry.path(), Some(65534), Some(65534)).unwrap());
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o555)).unwrap();
    let before = everything(&site);
    let run = site.run_as_nobody("forget b-01 --yes");
    assert_eq!(run.code, 3, "{}", run.stderr);
    assert!(run.stderr.contains("content/ratings/closed"), "{}", run.stderr);
    assert_eq!(everything(&site), before);
    let left = fs::read_dir(site.path()).unwrap().filter_map(Result::ok);
    assert!(left.into_iter().all(|entry| !entry.file_name().to_string_lossy().starts_with(".goldbook-unfinished")));
}

/// An id that is written so that only a parser knows where it ends is not cut out blindly.
#[test]
fn a_cohort_changes_in_that_id_alone_or_not_at_all() {
    let cohort = "content/cohorts/blue.yaml";
    let with = |raters: &str| {
        let site = site();
        site.write(cohort, site.read(cohort).replace("raters: [b-01, b-02, b-03]", raters));
        site
    };
    for (raters, new) in [
        ("raters: ['b-01', \"b-02\", b-03] # who", "raters: [x-1, \"b-02\", b-03] # who"),
        (
            "raters:\r\n  - b-02\r\n  - {rater: \"b-01\", from: 2026-10-02}\r\n",
            "raters:\r\n  - b-02\r\n  - {rater: x-1, from: 2026-10-02}\r\n",
        ),
    ] {
        let site = with(raters);
        site.ok("forget b-01 --as x-1 --yes");
        assert!(site.read(cohort).contains(new), "{}", site.read(cohort));
    }
    for raters in ["raters:\n- b-02\n- >-\n  b-01", "raters:\n- >\n  b-01\n- b-02", "raters: [&a b-01, *a]"] {
        let site = with(raters);
        let before = everything(&site);
        let run = site.run("forget b-01 --as x-1 --yes");
        assert!(run.code != 0 && run.stderr.contains(cohort), "{raters}: {} {}", run.code, run.stderr);
        assert_eq!(everything(&site), before, "{raters}");
    }
}

#[test]
fn what_a_table_reads_of_a_rater_is_what_is_renamed() {
    let site = site();
    site.write(
        "content/ratings/odd.csv",
        "item,rater,criterion,value,comment\nrun-6,b-01,reached,\" Yes \",I, b, think\n",
    );
    site.write(
        "content/ratings/odd.jsonl",
        "{\"rater\": \"b-01\",\"item\":\"run-5\", \"session\": 12345678901234567890123, \"outcome\": \"\"}\n",
    );
    site.ok("forget b-01 --as x-1 --yes");
    assert_eq!(
        site.read("content/ratings/odd.csv"),
        "item,rater,criterion,value,comment\nrun-6,x-1,reached,\" Yes \",,,\n"
    );
    assert_eq!(
        site.read("content/ratings/odd.jsonl"),
        "{\"rater\": \"x-1\",\"item\":\"run-5\", \"session\": 12345678901234567890123, \"outcome\": \"\"}\n"
    );
}

/// Where ids have a prefix that the file lacks, or stand in a column that is named, it is the rows that are read that change.
#[test]
fn rows_that_are_read_as_a_folder_says_change_too() {
    let site = site();
    site.write(
        "content/ratings/form/ratings.yaml",
        "columns: {item: Run, rater: Username}\nanswers: {reached: Feedback}\nrater_prefix: b-\n",
    );
    site.write("content/ratings/form/week.csv", "Run,Username,Feedback,rater,Remark\n7,01,yes,01,mine\n8,02,no,01,\n");
    site.write("content/ratings/mturk.csv", "HITId,WorkerId,rater,Answer.reached\n9,b-01,b-01,yes\n");
    let figures_before = figures(&site);
    let refused = site.run("forget b-01 --as x-1 --yes");
    assert!(refused.code == 1 && refused.stderr.contains("take `--as b-x-1`"), "{}", refused.stderr);
    let told = site.ok("forget b-01 --as b-x1 --yes").stdout;
    assert_eq!(
        site.read("content/ratings/form/week.csv"),
        "Run,Username,Feedback,rater,Remark\n7,x1,yes,01,\n8,02,no,01,\n"
    );
    assert!(told.contains("week.csv: 1 row, 1 comment removed; `rater` stays, which nothing reads"), "{told}");
    assert_eq!(site.read("content/ratings/mturk.csv"), "HITId,WorkerId,rater,Answer.reached\n9,b-x1,b-01,yes\n");
    assert_eq!(figures(&site), figures_before);
}

/// Files that are read and never written here stop it if the rater is in them, and are in nobody's way otherwise.
#[test]
fn a_rater_in_a_file_that_is_never_written_here_is_not_said_to_be_forgotten() {
    let site = site();
    let tasks = r#"[{"id": 1, "data": {}, "annotations": [{"id": 2, "completed_by": {"id": 7, "email": "b@example.org"}, "result": [], "ground_truth": true}], "drafts": [{"user": 8}]}]"#;
    let list = "[{\"item\": \"i\", \"rater\": \"b-03\", \"criterion\": \"reached\", \"value\": \"yes\"}]";
    site.write("content/ratings/tool/ratings.yaml", "rater_prefix: ls-\n");
    site.write("content/ratings/tool/tasks.json", tasks);
    site.write("content/ratings/list.json", list);
    let case = "cases/check/ratings-german-workbook/site/content/ratings/nord";
    for name in ["ratings.yaml", "woche-45.xlsx"] {
        let from = tests().join(case).join(name);
        site.write(&format!("content/ratings/nord/{name}"), fs::read(from).unwrap());
    }
    let case = "cases/check/ratings-parquet/site/content/ratings/judges/duckdb.parquet";
    if cfg!(feature = "parquet") {
        site.write("content/ratings/judge/week.parquet", fs::read(tests().join(case)).unwrap());
    }
    let case = "cases/check/ratings-inspect/site/content/ratings/inspect";
    for name in ["ratings.yaml", "one.json"] {
        site.write(&format!("content/ratings/log/{name}"), fs::read(tests().join(case).join(name)).unwrap());
    }
    site.write("content/ratings/names/ratings.yaml", "raters: {Jo: n-jo}\n");
    site.write("content/ratings/names/week.csv", "item,rater,criterion,value\ni,Jo,reached,yes\n");
    let before = everything(&site);
    for (rater, part) in [
        ("x-02", "content/ratings/log/one.json:1"),
        ("x-01", "it is an export of `inspect`, in which the rater has rated"),
        ("n-jo", "`raters` of the `ratings.yaml` that it is read by gives somebody in it this id"),
        ("ls-7", "content/ratings/tool/tasks.json:1"),
        ("ls-8", "change the user in the tool, and export again"),
        ("b-03", "it is one JSON list"),
        ("n-anna", "change it in the workbook"),
        ("duckdb", "change it where it was written"),
    ] {
        if rater == "duckdb" && !cfg!(feature = "parquet") {
            continue;
        }
        let run = site.run(&format!("forget {rater} --as ls-n-x1 --yes"));
        assert!(run.code == 1 && run.stderr.contains(part), "{rater}: {}", run.stderr);
        assert!(run.stderr.contains("nothing was changed"), "{rater}: {}", run.stderr);
    }
    assert_eq!(everything(&site), before);
    site.ok("forget b-01 --as x-1 --yes");
    site.write("content/ratings/tool/ratings.yaml", "rater_prefix: [\n");
    let run = site.run("forget b-02 --as x-2 --yes");
    assert!(
        run.code == 1 && run.stderr.contains("ratings.yaml, which says how they are read, is wrong"),
        "{}",
        run.stderr
    );
}
