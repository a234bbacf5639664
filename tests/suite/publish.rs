//! Publishing reports, through the program as a data lead types it: what is sealed stays, and is shown.

use crate::support::{Run, Site};
use serde_json::Value;
use std::fmt::Write;

const WEEK: &str = "content/ratings/week.csv";
const FIRST: &str = "content/reports/blue/2026-W45.json";
const SECOND: &str = "content/reports/blue/2026-W45.r2.json";
const PAGE: &str = "public/leads/reports/blue/2026-W45";
/// A rating of the first week that comes late, with what its rater wrote.
const LATE: &str = "task,item,rater,criterion,value,submission,submitted_at,comment\n\
    check-run,run-5,b-01,reached,no,s-9,2026-11-04T10:00:00Z,It stopped halfway.\n";

/// A site with words on its first week, which is published.
fn published() -> Site {
    let site = Site::sealed();
    site.write("content/reports/blue/2026-W45.md", "A *quiet* week. <!-- for ourselves -->\n");
    assert_eq!(site.ok("publish blue 2026-W45").stdout, format!("published blue 2026-W45\n{FIRST}\n"));
    site
}

fn report(site: &Site) -> Value {
    serde_json::from_str(&site.ok("report blue --week 2026-W45 --json").stdout).unwrap()
}

fn asked(report: &Value) -> u64 {
    report["tasks"][0]["so_far"]["overall"]["asked"].as_u64().unwrap()
}

fn refused(run: &Run, why: &str) {
    assert!(run.code == 1 && run.stderr.contains(why), "{} {}", run.code, run.stderr);
}

#[test]
fn what_was_published_is_shown_whatever_comes_late_and_both_are_told() {
    let site = published();
    let before = report(&site);
    site.ok("build");
    let page = site.read(&format!("{PAGE}/index.html"));
    assert!(page.contains("<strong>Published</strong>") && page.contains("A <em>quiet</em> week."), "{page}");
    assert!(site.read("public/leads/reports/blue/2026-W46/index.html").contains("<strong>Provisional</strong>"));

    site.write("content/ratings/late.csv", LATE);
    let built = site.ok("build");
    assert!(built.stderr.contains("note[restated-report]"), "{}", built.stderr);
    let after = report(&site);
    assert_eq!((asked(&before), asked(&after)), (2, 2));
    let restated = after["published"]["restated"].as_array().unwrap();
    assert!(restated.iter().any(|of| of["then"] != of["now"] && of["figure"].as_str().unwrap().contains("accuracy")));
    let since = after["published"]["since"][0].as_str().unwrap();
    assert!(since.contains("1 row of files that were not there"), "{since}");
    assert!(site.read(&format!("{PAGE}/index.html")).contains("id=\"page/restated\""));
    // A week that nobody published has the figures of today.
    let next: Value = serde_json::from_str(&site.ok("report blue --week 2026-W46 --json").stdout).unwrap();
    assert_eq!((asked(&next), next.get("published")), (5, None));

    let revised = site.ok("publish blue 2026-W45 --revise --because Late.");
    assert_eq!(revised.stdout, format!("published blue 2026-W45, revision 2\n{SECOND}\n"));
    assert!(!site.ok("build").stderr.contains("restated"));
    assert_eq!(asked(&report(&site)), 3);
    assert!(site.read(&format!("{PAGE}/index.html")).contains("Revised: Late."));
    let old = site.read(&format!("{PAGE}/r1/report.md"));
    assert!(old.contains("2 ratings of 1 item") || old.contains("Published on"), "{old}");
    refused(&site.run("publish blue 2026-W45 --revise --because Again."), "nothing printed");
}

#[test]
fn what_was_published_cannot_change_unseen() {
    let site = published();
    let sealed = site.read(FIRST);
    refused(&site.run("publish blue 2026-W45"), "was published on");
    assert!(site.read("content/releases/log").contains(" publish blue 2026-W45 1 "));
    assert_eq!(site.read("content/reports/.gitattributes"), "*.json -text\n");
    assert!(site.ok("verify").stdout.contains("objects, 1 published report\n"));
    for broken in [sealed.replace("not yet shown", "meets the bar"), String::new()] {
        site.write(FIRST, &broken);
        for command in ["verify", "build", "report blue"] {
            refused(&site.run(command), "error[broken-log]");
        }
    }
    std::fs::remove_file(site.path().join(FIRST)).unwrap();
    refused(&site.run("verify"), "published this report, and it is not there");
    site.write(FIRST, &sealed);
    site.ok("verify");
    site.write("content/reports/blue/2026-W46.json", sealed.replace("2026-W45", "2026-W46"));
    refused(&site.run("build"), "no line of the log accounts for this report");
}

#[test]
fn nothing_that_is_sealed_names_a_rater_or_holds_a_comment() {
    let site = Site::sealed();
    site.write(
        "content/ratings/late.csv",
        LATE.replace("b-01", "b-02").replace("run-5", "run-9") + &LATE[LATE.find('\n').unwrap() + 1..],
    );
    site.ok("publish --all 2026-W46");
    let sealed = site.read("content/reports/blue/2026-W46.json");
    assert!(!sealed.contains("b-01") && !sealed.contains("b-02") && !sealed.contains("halfway"), "{sealed}");
    assert_eq!(site.ok("publish --all 2026-W46").stdout, "nothing to publish: every report of the week is published\n");
    // The week can still be shown when its ratings are gone.
    std::fs::remove_file(site.path().join(WEEK)).unwrap();
    std::fs::remove_file(site.path().join("content/ratings/late.csv")).unwrap();
    site.ok("build");
    assert!(site.read("public/leads/reports/blue/2026-W46/index.html").contains("<strong>Published</strong>"));
    assert!(!site.has("public/contractors/reports"));
}

#[test]
fn words_that_changed_since_are_told_and_those_that_were_published_stay() {
    let site = published();
    assert!(!site.read(FIRST).contains("for ourselves"));
    site.write("content/reports/blue/2026-W45.md", "A loud week.\n");
    site.ok("build");
    let page = site.read(&format!("{PAGE}/index.html"));
    assert!(page.contains("<pre>A *quiet* week.") && !page.contains("loud"), "{page}");
    assert!(report(&site)["published"]["restated"][0]["figure"].as_str().unwrap().contains("words"));
}

#[test]
fn two_things_that_a_bar_asks_of_one_figure_are_compared_each_with_its_own() {
    let site = Site::sealed();
    let mut gold = site.read("content/tasks/check-run/gold.csv");
    let mut ratings = site.read(WEEK);
    for item in 0..200 {
        let _ = writeln!(gold, "g-{item},reached,,yes,,ex-1,consensus,2026-10-01,");
        let (rater, value) = (item % 10, if item % 4 < 2 { "yes" } else { "no" });
        let _ = writeln!(ratings, "check-run,g-{item},c-{rater},reached,{value},,,,g-{item},2026-11-03T10:00:00Z,600");
    }
    site.write("content/tasks/check-run/gold.csv", gold);
    site.write(WEEK, ratings);
    let raters = (0..10).fold(String::from("b-01"), |all, rater| format!("{all}, c-{rater}"));
    let cohort = site.read("content/cohorts/blue.yaml").replace("b-01", &raters);
    let parts = "[{figure: reached.accuracy, at_least: 0.1}, {figure: reached.accuracy, at_least: 0.9}]";
    site.write("content/cohorts/blue.yaml", cohort + &format!("bar: {{check-run: {parts}}}\n"));
    site.ok("publish blue 2026-W45");
    let published = report(&site);
    let parts = published["tasks"][0]["bar"]["parts"].as_array().unwrap();
    assert!(parts[0]["verdict_text"] != parts[1]["verdict_text"], "{parts:?}");
    assert_eq!(published["published"]["restated"], Value::Array(Vec::new()));
}

#[test]
fn figures_of_ratings_that_cannot_be_read_are_not_published() {
    let site = Site::sealed();
    site.write("content/ratings/broken.csv", "item,rater,criterion,value\nrun-5,b-01,reached,\"yes\n");
    refused(&site.run("publish blue"), "nothing is published");
    assert!(!site.has("content/reports"));
    refused(&site.run("publish green"), "there is no cohort `green`");
    refused(&Site::sealed().run("publish blue 2026-W40"), "there is no report of 2026-W40");
}

#[test]
fn a_week_is_published_once_it_is_over() {
    let site = Site::sealed();
    let sunday = "--date 2026-11-08T23:59:00Z";
    refused(&site.run(&format!("publish blue 2026-W45 {sunday}")), "2026-W45 lasts until 2026-11-08");
    refused(&site.run(&format!("publish --all 2026-W45 {sunday}")), "2026-W45 lasts until 2026-11-08");
    assert!(!site.has(FIRST));
    site.ok("publish blue 2026-W45 --date 2026-11-09T00:00:00Z");
}
