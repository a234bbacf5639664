//! Simulation, through the program as a user types it; and the sample programme's ratings, which are made by it.

use crate::quiet::{Quiet, said};
use crate::support::Site;
use serde_json::Value;
use std::fmt::Write;
use std::path::Path;

/// The sealed base with `items` of gold besides its own.
fn with_gold(items: u32) -> Site {
    let site = Site::sealed();
    let mut gold = site.read("content/tasks/check-run/gold.csv");
    for item in 0..items {
        let reached = if item % 3 == 0 { "yes" } else { "no" };
        let _ = writeln!(gold, "g-{item},reached,,{reached},,ex-1,consensus,2026-10-01,");
    }
    site.write("content/tasks/check-run/gold.csv", gold);
    std::fs::remove_file(site.path().join("content/ratings/week.csv")).unwrap();
    site
}

fn report(site: &Site, line: &str) -> Value {
    let run = site.ok(&format!("report {line} --json"));
    serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {}", run.stdout))
}

fn simulate(site: &Site, manner: &str) {
    site.write(
        "plan.yaml",
        format!(
            "first: 2026-W42\nweeks: 4\ntasks: {{check-run: {{}}}}\ncohorts: {{blue: {{tasks: {{check-run: \
             {{items: 50, gold: 1, overlap: 3}}}}, manner: {manner}}}}}\n"
        ),
    );
    site.ok("simulate plan.yaml -o content/ratings/made-up.csv");
    site.ok("check --strict");
}

#[test]
fn a_report_measures_the_skill_that_was_planned() {
    let site = with_gold(200);
    simulate(&site, "{skill: 0.8}");
    let report = report(&site, "blue");
    let reached = &report["tasks"][0]["so_far"]["criteria"][0];
    let figure = &reached["accuracy"]["of_answered"];
    let bound = |key: &str| figure[key].as_f64().unwrap();
    assert_eq!(figure["n_ratings"], 600);
    assert!(bound("low") < 0.8 && 0.8 < bound("high"), "{figure}");
    assert!(bound("high") - bound("low") < 0.12, "{figure}");
}

#[test]
fn a_report_shows_the_drift_that_was_planned() {
    let site = with_gold(200);
    simulate(&site, "{skill: 0.95, habits: [{from: 2026-W43, drift: -0.15}]}");
    let report = report(&site, "blue");
    let trend = report["tasks"][0]["trend"].as_array().unwrap();
    let shares: Vec<f64> = trend.iter().map(|week| week["figure"]["point"].as_f64().unwrap()).collect();
    assert_eq!(shares.len(), 4);
    assert!(shares.is_sorted_by(|a, b| a > b), "{shares:?}");
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn the_sample_programmes_ratings_are_what_their_plan_makes() {
    let site = Site::empty();
    let root = root().display();
    site.ok(&format!("simulate {root}/simulations/sample-programme.yaml -o again.csv --root {root}"));
    let path = "content/ratings/2026-autumn.csv";
    let kept = std::fs::read_to_string(self::root().join(path)).unwrap();
    let way_out = "goldbook simulate simulations/sample-programme.yaml -o content/ratings/2026-autumn.csv --force";
    assert!(kept == site.read("again.csv"), "{path} is not what its plan makes: {way_out}");
    assert!(kept.len() < 1_000_000);
}

/// The sample programme's report of a cohort and week, read where it lies.
fn sample(cohort: &str, week: &str) -> Value {
    report(&Site::empty(), &format!("{cohort} --week {week} --root {}", root().display()))
}

/// A task of a report.
fn task<'r>(report: &'r Value, id: &str) -> &'r Value {
    report["tasks"].as_array().unwrap().iter().find(|task| task["id"] == id).unwrap()
}

fn verdicts(report: &Value, id: &str) -> Vec<String> {
    let parts = task(report, id)["bar"]["parts"].as_array().unwrap();
    parts.iter().map(|part| part["verdict"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_sample_programmes_reports_tell_its_story() {
    const SETUP: &str = "agent-setup-mistakes";
    let (atlas, borealis) = (sample("atlas-2026q4", "2026-W50"), sample("borealis-2026q4", "2026-W50"));
    assert_eq!(verdicts(&atlas, SETUP), ["meets"; 3]);
    assert_eq!(verdicts(&sample("borealis-2026q4", "2026-W46"), SETUP), ["not-yet-shown"]);
    // One planned look would have shown it; bounds that hold at every look are wider.
    assert_eq!(verdicts(&borealis, SETUP), ["not-yet-shown"]);
    let part = &task(&borealis, SETUP)["bar"]["parts"][0];
    assert!(part["of"]["upper"].as_f64().unwrap() < 0.85 && part["upper"].as_f64().unwrap() > 0.85);
    for report in [&atlas, &borealis] {
        assert!(verdicts(report, "run-quality").iter().all(|verdict| verdict == "not-yet-shown"));
    }
    let of_version = |report: &Value, version: usize, bound: &str| {
        task(report, SETUP)["versions"][version]["accuracy"]["of_asked"][bound].as_f64().unwrap()
    };
    assert!(of_version(&borealis, 1, "high") < of_version(&borealis, 0, "low"));
    assert!(of_version(&atlas, 1, "high") > of_version(&atlas, 0, "low"));
    let confusion = &task(&atlas, SETUP)["so_far"]["criteria"][0]["confusion"];
    assert_eq!(confusion["rows"][1]["gold"], "partly");
    let counts: Vec<u64> =
        confusion["rows"].as_array().unwrap().iter().flat_map(|row| numbers(&row["counts"])).collect();
    let wrong = [counts[1], counts[2], counts[4], counts[6], counts[8], counts[9]];
    assert_eq!(wrong.iter().max(), Some(&counts[4]), "{counts:?}");
    assert!(wrong.iter().filter(|count| 2 * **count > counts[4]).count() == 1, "{counts:?}");
}

fn numbers(list: &Value) -> Vec<u64> {
    list.as_array().unwrap().iter().map(|number| number.as_u64().unwrap()).collect()
}

#[test]
fn the_page_on_the_sample_quotes_its_reports() {
    let page = std::fs::read_to_string(root().join("content/pages/what-the-reports-show.md")).unwrap();
    let root = root().display();
    let reports: String = ["atlas-2026q4", "borealis-2026q4", "experts-2026"]
        .iter()
        .map(|cohort| Site::empty().ok(&format!("report {cohort} --week 2026-W50 --root {root}")).stdout)
        .collect();
    let bracketed = page.split('(').skip(1).filter_map(|rest| rest.split_once(')')).map(|(inside, _)| inside);
    let intervals: Vec<&str> = bracketed.filter(|inside| inside.contains(" to ") && inside.ends_with('%')).collect();
    assert_eq!(intervals.len(), 3, "{intervals:?}");
    let shares = ["86.8 %", "56.2 %", "88.9 %", "69.1 %", "96.3 %"];
    for quoted in intervals.into_iter().chain(shares) {
        assert!(page.contains(quoted) && reports.contains(quoted), "no report has {quoted}");
    }
}

/// The findings of a report, each as its kind, criterion and movement.
fn changes(report: &Value, id: &str) -> Vec<(String, String, String)> {
    let word = |of: &Value, key: &str| of[key].as_str().unwrap_or("overall").to_owned();
    let findings = task(report, id)["change"]["findings"].as_array().unwrap().iter();
    findings.map(|of| (word(of, "kind"), word(of, "criterion"), word(of, "movement"))).collect()
}

#[test]
fn the_sample_programmes_reports_tell_of_the_fall_and_of_nothing_else() {
    const SETUP: &str = "agent-setup-mistakes";
    let fell = |kind: &str| (kind.to_owned(), "overall".to_owned(), "fell".to_owned());
    for week in ["2026-W46", "2026-W48"] {
        assert_eq!(changes(&sample("borealis-2026q4", week), SETUP), [], "{week}");
    }
    assert!(changes(&sample("borealis-2026q4", "2026-W49"), SETUP).contains(&fell("watch")));
    let last = sample("borealis-2026q4", "2026-W50");
    assert!(changes(&last, SETUP).contains(&fell("watch")) && changes(&last, SETUP).contains(&fell("beside")));
    assert_eq!(changes(&last, "run-quality"), []);
    for week in ["2026-W47", "2026-W49", "2026-W50"] {
        let atlas = sample("atlas-2026q4", week);
        assert_eq!((changes(&atlas, SETUP), changes(&atlas, "run-quality")), (vec![], vec![]), "{week}");
    }
    let ninth = sample("borealis-2026q4", "2026-W49");
    let beside = &task(&ninth, SETUP)["change"]["series"][0]["beside"];
    assert!(beside["high"].as_f64().unwrap() < 0.0, "{beside}");
}

/// A programme's findings by cohort and week.
fn found(quiet: Quiet) -> std::collections::BTreeMap<(String, String), Vec<String>> {
    let site = Site::empty();
    quiet.write(site.path());
    site.ok("simulate plan.yaml -o content/ratings/made-up.csv");
    site.ok("build");
    said(&site.path().join("public"))
}

/// At most one report in 26 weeks of a programme may say that something changed (`cargo bench --bench change` tries 200).
#[test]
fn programmes_with_nothing_planted_say_that_nothing_changed() {
    let telling: usize = (1..=3)
        .map(|seed| found(Quiet { seed, weeks: 26, gold: 6, fall: 0.0 }).values().filter(|of| !of.is_empty()).count())
        .sum();
    assert!(telling <= 3, "{telling} reports of three programmes");
}

#[test]
fn unchanged_is_said_within_a_margin_that_the_settings_set() {
    let site = Site::empty();
    Quiet { seed: 7, weeks: 10, gold: 12, fall: 0.0 }.write(site.path());
    site.ok("simulate plan.yaml -o content/ratings/made-up.csv");
    let without = site.ok("report atlas").stdout;
    assert!(without.contains("points could not have been seen") && !without.contains("unchanged within"), "{without}");
    site.write("goldbook.yaml", site.read("goldbook.yaml") + "margin: 0.3\n");
    let within = site.ok("report atlas").stdout;
    assert!(
        within.contains("Right out of asked over all criteria is unchanged within the margin of 30 points."),
        "{within}"
    );
}

#[test]
fn a_planted_fall_is_told_of_the_cohort_that_falls() {
    let found = found(Quiet { seed: 5, weeks: 14, gold: 12, fall: 0.08 });
    let of =
        |cohort: &'static str| found.iter().filter(move |((of, _), findings)| of == cohort && !findings.is_empty());
    let weeks: Vec<&str> = of("borealis").map(|((_, week), _)| week.as_str()).collect();
    assert!(weeks.first().is_some_and(|first| ("2026-W18".."2026-W22").contains(first)), "{weeks:?}");
    assert_eq!(of("atlas").count(), 0);
}
