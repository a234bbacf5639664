//! The ceiling: experts beside each other, and a cohort beside them, as a report says it.

use crate::support::Site;
use serde_json::Value;
use std::fmt::Write;

const HEAD: &str = "task,item,rater,criterion,value,outcome,step,submitted_at\n";

/// A row of a rating of `reached`.
fn row(item: &str, rater: &str, value: &str) -> String {
    let (value, outcome) = if value == "unsure" { ("", "unsure") } else { (value, "") };
    format!("check-run,{item},{rater},reached,{value},{outcome},,2026-11-10T10:00:00Z\n")
}

/// A site with three experts and these rows.
fn site(rows: &str) -> Site {
    let site = Site::base();
    let experts = "title: Experts\nrole: expert\nraters: [ex-1, ex-2, ex-3]\ntasks: [check-run]\nfrom: 2026-10-01\n";
    site.write("content/cohorts/experts.yaml", experts);
    site.write("content/ratings/week.csv", format!("{HEAD}{rows}"));
    site
}

fn report(site: &Site, cohort: &str) -> Value {
    serde_json::from_str(&site.ok(&format!("report {cohort} --json")).stdout).unwrap()
}

/// The shares of a criterion: of the experts, and of the cohort.
fn shares(report: &Value, criterion: &str) -> [Option<f64>; 2] {
    let all = report["tasks"][0]["ceiling"].as_array().unwrap();
    let of = all.iter().find(|of| of["criterion"] == criterion).unwrap();
    [&of["experts"]["point"], &of["cohort"]["point"]].map(Value::as_f64)
}

fn close(found: Option<f64>, expected: f64) -> bool {
    found.is_some_and(|found| (found - expected).abs() < 1e-9)
}

#[test]
fn experts_meet_gold_that_the_others_make_and_a_cohort_meets_the_same() {
    let mut rows = String::new();
    for (item, answers) in [
        // All agree: everybody is right.
        ("run-11", ["yes", "yes", "yes", "yes"]),
        // Without ex-1 or ex-2 the others are split, and half of them agree with a "yes"; without ex-3 they say "yes".
        ("run-12", ["yes", "yes", "no", "yes"]),
        // Two experts alone: of each the other would be the gold, so it has no part.
        ("run-13", ["yes", "no", "", "yes"]),
        // Not to know is an answer, and can be wrong.
        ("run-14", ["unsure", "no", "no", "unsure"]),
    ] {
        for (rater, answer) in ["ex-1", "ex-2", "ex-3", "b-01"].into_iter().zip(answers).filter(|of| !of.1.is_empty()) {
            rows.push_str(&row(item, rater, answer));
        }
    }
    let site = site(&rows);
    let [experts, cohort] = shares(&report(&site, "blue"), "reached");
    // run-12: ex-1 and ex-2 half, ex-3 not. run-14: without ex-1 "no"; without the others "unsure" and "no" are split.
    let expected = (3.0 + (0.5 + 0.5 + 0.0) + (0.0 + 0.5 + 0.5)) / 9.0;
    assert!(close(experts, expected), "{experts:?} {expected}");
    // run-12: by golds "split", "split" and "yes". run-14: by golds "no", "split" and "split".
    let expected = (1.0 + (0.5 + 0.5 + 1.0) / 3.0 + (0.0 + 0.5 + 0.5) / 3.0) / 3.0;
    assert!(close(cohort, expected), "{cohort:?} {expected}");
    // The experts' own report has them alone, of all items that three rated.
    let own = report(&site, "experts");
    assert_eq!(shares(&own, "reached")[1], None);
    assert!(own["tasks"][0]["ceiling"][0]["difference"].is_null());
}

#[test]
fn somebody_as_good_as_the_experts_is_as_close_to_gold() {
    // Four people who each answer one item in five otherwise, and independently: all patterns of 5 × 5 × 5 × 5 items.
    let mut rows = String::new();
    for item in 0..625_u32 {
        for (at, rater) in (0..).zip(["ex-1", "ex-2", "ex-3", "b-01"]) {
            let errs = (item / 5_u32.pow(at)).is_multiple_of(5);
            rows.push_str(&row(&format!("run-{item:03}"), rater, if errs { "no" } else { "yes" }));
        }
    }
    let site = site(&rows);
    let told = report(&site, "blue");
    let [experts, cohort] = shares(&told, "reached");
    // Right and the others' gold right, or wrong with it: by 0.8 each way, the split half and half.
    let expected = 0.8 * (0.64 + 0.16) + 0.2 * (0.04 + 0.16);
    assert!(close(experts, expected) && close(cohort, expected), "{experts:?} {cohort:?} {expected}");
    let ceiling = &told["tasks"][0]["ceiling"][0];
    assert!(close(ceiling["difference"]["point"].as_f64(), 0.0) && ceiling["standing"].is_null(), "{ceiling}");
    assert_eq!(ceiling["cohort"]["n"], "625 ratings of 625 items by 1 rater");

    // A margin that was set says what counts as no worse.
    let settings = site.read("goldbook.yaml");
    for (margin, standing) in [(0.05, "not-worse"), (0.001, "not-yet-shown")] {
        site.write("goldbook.yaml", format!("{settings}margin: {margin}\n"));
        assert_eq!(report(&site, "blue")["tasks"][0]["ceiling"][0]["standing"], standing);
    }
}

#[test]
fn a_ceiling_is_told_wherever_a_report_is_and_to_no_vendor() {
    let mut rows = String::new();
    for item in 20..24 {
        for rater in ["ex-1", "ex-2", "ex-3", "b-01", "b-02"] {
            let value = if item == 21 && rater == "b-02" { "no" } else { "yes" };
            rows.push_str(&row(&format!("run-{item}"), rater, value));
            let _ = writeln!(rows, "check-run,run-{item},{rater},mistakes,,none,,2026-11-10T10:00:00Z");
        }
    }
    let site = site(&rows);
    site.edit("goldbook.yaml", "leads: [internal]", "leads: [internal], blue: [contractors]");
    site.write("goldbook.yaml", site.read("goldbook.yaml") + "editions: {blue: blue}\nmargin: 0.05\n");
    site.ok("build");
    let read = |audience: &str, file: &str| site.read(&format!("public/{audience}/reports/blue/2026-W46/{file}"));
    let page = read("leads", "index.html");
    assert!(page.contains("<h3 id=\"page/ceiling/check-run\">Beside the experts, so far</h3>"), "{page}");
    assert!(page.contains("<strong>not yet shown</strong>"), "{page}");
    let text = read("leads", "report.md");
    assert!(text.contains("### Beside the experts, so far") && text.contains("| `mistakes` | 100 % |"), "{text}");
    let table = read("leads", "figures.csv");
    for name in ["experts-ceiling", "beside-experts", "less-experts"] {
        assert!(table.contains(&format!("so-far,,reached,{name},")), "{name}: {table}");
    }
    let own = site.read("public/leads/reports/experts/2026-W46/index.html");
    assert!(own.contains("Experts beside each other, so far") && !own.contains("This cohort</th>"), "{own}");
    for file in ["index.html", "report.md", "report.json", "figures.csv"] {
        let text = read("blue", file);
        assert!(!text.contains("xperts beside") && !text.contains("ex-1") && !text.contains("less-experts"), "{text}");
    }
    assert_eq!(
        serde_json::from_str::<Value>(&read("blue", "report.json")).unwrap()["tasks"][0]["ceiling"],
        Value::Array(Vec::new())
    );
}

/// A row of a rating of a number.
fn number(item: &str, rater: &str, value: i32) -> String {
    format!("check-run,{item},{rater},minutes,{value},,,2026-11-10T10:00:00Z\n")
}

#[test]
fn only_what_both_were_asked_is_compared_over_all_criteria() {
    // All agree on the first criterion, and the experts differ on the second, which the cohort was not asked.
    let mut rows = String::new();
    for (rater, severity) in [("ex-1", 1), ("ex-2", 2), ("ex-3", 2)] {
        rows.push_str(&row("run-21", rater, "yes"));
        let _ = writeln!(rows, "check-run,run-21,{rater},severity,{severity},,,2026-11-10T10:00:00Z");
    }
    rows.push_str(&row("run-21", "b-01", "yes"));
    let told = report(&site(&rows), "blue");
    let overall = &told["tasks"][0]["ceiling"][0];
    assert!(overall["criterion"].is_null());
    assert_eq!((overall["experts"]["point"].as_f64(), overall["cohort"]["point"].as_f64()), (Some(1.0), Some(1.0)));
}

#[test]
fn gold_of_numbers_that_agree_within_the_tolerance_is_the_one_in_the_middle() {
    let told = |shift: i32| {
        let mut rows = String::new();
        for (rater, value) in [("ex-1", 8), ("ex-2", 10), ("ex-3", 9), ("b-01", 14)] {
            rows.push_str(&number("run-22", rater, value + shift));
        }
        let site = site(&rows);
        let rubric = "content/tasks/check-run/rubric.md";
        site.edit(
            rubric,
            "  - id: mistakes",
            "  - id: minutes\n    scale: {number: {min: 0}}\n    tolerance: 5\n  - id: mistakes",
        );
        site.write(rubric, site.read(rubric) + "\n## Minutes {#minutes}\n");
        shares(&report(&site, "blue"), "minutes")
    };
    // Gold without one each: 9, 8 and 8, of two the lower; 14 is within 5 of the first alone.
    for shift in [0, 10, 90] {
        let [experts, cohort] = told(shift);
        assert!(close(experts, 1.0) && close(cohort, 1.0 / 3.0), "{shift}: {experts:?} {cohort:?}");
    }
}

#[test]
fn a_week_that_is_over_knows_no_answers_of_later_ones() {
    let mut rows = String::new();
    for (rater, day) in [("ex-1", 3), ("ex-2", 3), ("ex-3", 10), ("b-01", 3)] {
        rows.push_str(&row("run-23", rater, "yes").replace("2026-11-10", &format!("2026-11-{day:02}")));
    }
    let site = site(&rows);
    let ceiling = |week: &str| {
        let told = site.ok(&format!("report blue --week {week} --json")).stdout;
        serde_json::from_str::<Value>(&told).unwrap()["tasks"][0]["ceiling"].as_array().map(Vec::len)
    };
    site.write("content/ratings/week.csv", site.read("content/ratings/week.csv") + &row("run-24", "b-01", "yes"));
    assert_eq!((ceiling("2026-W45"), ceiling("2026-W46")), (Some(0), Some(2)));
}
