//! Issued tests: what is handed to a candidate, what is not in it, and answers that are more alike than chance has it.

use crate::browser::client::{Browser, View};
use crate::browser::{assert_flawless, file_url, keep};
use crate::support::{Site, tests};
use serde_json::{Value, json};
use std::fmt::Write;
use std::fs;

/// The base with six test items, sealed.
fn site() -> Site {
    let site = Site::base().with(&tests().join("cases/grade/three-candidates/site"));
    site.ok("release check-run --version 1.0.0 -m First --date 2026-10-01");
    site
}

#[test]
fn a_seed_draws_the_same_test_to_the_byte_and_nothing_else_of_the_pool() {
    let site = site();
    for out in ["one", "two"] {
        site.ok(&format!("test issue check-run --candidate ann --seed 7 --items 3 --out {out}"));
    }
    assert_eq!(site.read("one.issued.json"), site.read("two.issued.json"));
    assert_eq!(site.files("one"), site.files("two"));
    for file in site.files("one") {
        let bytes = |folder: &str| fs::read(site.path().join(folder).join(&file)).unwrap();
        assert_eq!(bytes("one"), bytes("two"), "{file}");
    }
    let record: Value = serde_json::from_str(&site.read("one.issued.json")).unwrap();
    assert_eq!(
        (&record["candidate"], &record["seed"], &record["version"]),
        (&json!("ann"), &json!(7), &json!("1.0.0"))
    );
    let pages: Vec<String> = site
        .files("one")
        .into_iter()
        .filter(|file| file.starts_with("test/") && file.ends_with("/index.html"))
        .collect();
    let drawn = record["items"].as_array().unwrap();
    assert_eq!((pages.len(), drawn.len()), (3, 3), "{pages:?}");
    let pages: String = pages.iter().map(|page| site.read(&format!("one/{page}"))).collect();
    for item in drawn {
        assert!(pages.contains(&format!("&quot;item&quot;:{}", item.to_string().replace('"', "&quot;"))), "{item}");
    }
    assert!(pages.contains(record["receipt"].as_str().unwrap()), "the forms carry the receipt");
    // They are read in the order in which they were drawn.
    let next = site.read("one/examples/index.html");
    let at = |item: &Value| {
        let number = item.as_str().unwrap().trim_start_matches("run-").trim_end_matches('0');
        let name = if number == "3" { "tested/".to_owned() } else { format!("tested-{number}/") };
        next.find(&format!("test/{name}")).unwrap_or_else(|| panic!("{item} is not in {next}"))
    };
    assert!(drawn.is_sorted_by_key(at), "{drawn:?}");
}

#[test]
fn a_test_holds_no_gold_and_what_leaks_is_not_handed_over() {
    let site = site();
    site.ok("test issue check-run --candidate ann --seed 1 --out tests/ann");
    for file in site.files("tests/ann") {
        let bytes = fs::read(site.path().join("tests/ann").join(&file)).unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        for gold in ["never listens on its port", "is looked at closely", "report invents an answer"] {
            assert!(!text.contains(gold), "{file} holds gold");
        }
    }
    let base = Site::base().with(&tests().join("cases/grade/three-candidates/site"));
    let rubric = base.read("content/tasks/check-run/rubric.md");
    base.write(
        "content/tasks/check-run/rubric.md",
        format!("{rubric}\nThe tested server never listens on its port.\n"),
    );
    let leak = base.run("release check-run --version 1.0.0 -m First --date 2026-10-01");
    assert!(leak.stderr.contains("error[audience-leak]"), "{}", leak.stderr);
}

#[test]
fn the_folder_of_a_test_can_be_read_and_answered_anywhere() {
    let site = site();
    site.ok("test issue check-run --candidate ann --seed 7 --items 2 --out tests/ann");
    let browser = Browser::launch().unwrap();
    for (width, dark) in [(360, true), (1400, false)] {
        let view = View { width, height: 900, dark, scripts: true, print: false };
        for path in site.files("tests/ann").into_iter().filter(|path| path.ends_with(".html")) {
            let mut page = browser.open(&file_url(&site.path().join("tests/ann").join(&path)), &view);
            assert_flawless(&mut page, &path);
            assert!(!page.scroll_width_exceeds(), "{path} is wider than {width} px");
            if path.starts_with("test/") {
                let said = page.eval("document.querySelector('.form-state').textContent");
                assert_eq!(said, "0 of 3 questions are answered: kept in this browser.");
            }
            let visit = page.visit().clone();
            assert!(visit.console.is_empty() && visit.outside().is_empty() && visit.failed.is_empty(), "{visit:?}");
            keep(&mut page, &format!("issued-{width}-{}", path.replace('/', "_")));
            page.close();
        }
    }
}

/// What a candidate answers to an item: right every third time, else one of four wrong values.
fn answer(candidate: u64, item: u64) -> u64 {
    let mixed = (candidate * 1_000 + item).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mixed = (mixed ^ (mixed >> 31)).wrapping_mul(0xBF58_476D_1CE4_E5B9) >> 33;
    if mixed.is_multiple_of(3) { 0 } else { 1 + mixed / 3 % 4 }
}

#[test]
fn candidates_who_share_their_errors_are_worth_a_talk_and_others_are_not() {
    let site = Site::base();
    site.write(
        "content/tasks/check-run/rubric.md",
        "---\ncriteria:\n  - id: kind\n    scale: {nominal: [v0, v1, v2, v3, v4]}\n---\n\n## Kind {#kind}\n",
    );
    for name in ["kept", "practice", "tested", "worked"] {
        fs::remove_file(site.path().join(format!("content/tasks/check-run/examples/{name}.md"))).unwrap();
    }
    site.write("content/tasks/check-run/task.md", "---\ntitle: Check a run\n---\n\nRead it.\n");
    site.write("content/pages/welcome.md", "# Welcome\n\nRead the task.\n");
    site.write("content/tasks/check-run/gold.csv", "item,criterion,value\n");
    site.write("content/ratings/week.csv", "task,item,rater,criterion,value\n");
    for item in 0..40 {
        let front = format!("title: Item {item}\nitem: i-{item}\nuse: test\ngold:\n  kind: {{value: v0}}");
        site.write(&format!("content/tasks/check-run/examples/t{item}.md"), format!("---\n{front}\n---\n\nRate it.\n"));
    }
    let answers = |copies: bool| {
        let mut table = "task,item,rater,criterion,value\n".to_owned();
        for (candidate, item) in (0..10).flat_map(|candidate| (0..40).map(move |item| (candidate, item))) {
            let of = if copies && candidate == 1 && item % 10 != 9 { 0 } else { candidate };
            let _ = writeln!(table, "check-run,i-{item},c-{candidate},kind,v{}", answer(of, item));
        }
        table
    };
    site.write("own.csv", answers(false));
    site.write("copied.csv", answers(true));
    let own = site.run("grade check-run own.csv").stdout;
    assert!(own.contains("None of 45 pairs has more wrong answers in common than chance explains."), "{own}");
    let copied = site.run("grade check-run copied.csv --csv grades.csv").stdout;
    assert!(copied.contains("| c-0 and c-1 | 40 |") && copied.matches(" and c-").count() == 1, "{copied}");
    assert!(!copied.contains("cheat"), "{copied}");
    let table = site.read("grades.csv");
    let alike: Vec<&str> = table.lines().map(|line| line.split(',').nth(5).unwrap()).take(4).collect();
    assert_eq!(alike, ["alike_with", "c-1", "c-0", ""], "{table}");
}
