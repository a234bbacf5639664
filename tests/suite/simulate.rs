//! Simulation, through the program as a user types it.

use crate::support::Site;
use serde_json::Value;
use std::fmt::Write;

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
