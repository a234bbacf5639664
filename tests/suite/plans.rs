//! Planned verdicts: a number of gold items that was fixed before the first rating, and one verdict on it.

use crate::support::Site;
use serde_json::Value;

const RUBRIC: &str = "content/tasks/check-run/rubric.md";
const COHORT: &str = "content/cohorts/blue.yaml";
const WEEK: &str = "content/ratings/week.csv";
/// A third item, and so a third gold item, rated a week later.
const LATER: &str = "task,item,rater,criterion,value,version,submission,submitted_at\n\
    check-run,run-5,b-01,reached,no,,s-7,2026-11-17T10:00:00Z\n\
    check-run,run-3,b-03,reached,no,,s-8,2026-11-17T11:00:00Z\n";

/// A site whose rubric plans its verdict on so many items, sealed on a day.
fn planned(items: u32, sealed: &str) -> Site {
    let site = Site::base();
    site.edit("goldbook.yaml", "title:", "minimum_gold: 1\ntitle:");
    site.edit(RUBRIC, "at_least: 0.8}", &format!("at_least: 0.8, decide_at: {items}}}"));
    site.write("content/ratings/later.csv", LATER);
    site.ok(&format!("release check-run --version 1.0.0 -m First --date {sealed}"));
    site
}

/// The first part of the bar in a week's report.
fn part(site: &Site, week: &str) -> Value {
    let report: Value = serde_json::from_str(&site.ok(&format!("report blue --week {week} --json")).stdout).unwrap();
    report["tasks"][0]["bar"]["parts"][0].clone()
}

fn verdict(site: &Site, week: &str) -> (String, String) {
    let part = part(site, week);
    (part["verdict_text"].as_str().unwrap().to_owned(), part["why"].as_str().unwrap().to_owned())
}

#[test]
fn a_planned_verdict_is_given_once_on_the_planned_number_of_items() {
    let site = planned(2, "2026-10-01");
    let (text, why) = verdict(&site, "2026-W45");
    assert_eq!(text, "1 of 2 planned");
    assert_eq!(why, "One verdict is given, on 2 gold items: 1.0.0 fixed it on 2026-10-01.");
    assert_eq!(part(&site, "2026-W45")["verdict"], "planned");
    assert_eq!((&part(&site, "2026-W45")["lower"], &part(&site, "2026-W45")["items_more"]), (&Value::Null, &1.into()));

    let (first, why) = verdict(&site, "2026-W46");
    assert_eq!(first, "not shown");
    assert!(why.ends_with("It is the one verdict, on 2 gold items: 1.0.0 fixed it on 2026-10-01."), "{why}");
    let bounds = |week: &str| (part(&site, week)["lower"].clone(), part(&site, week)["upper"].clone());
    let (later, why) = verdict(&site, "2026-W47");
    assert_eq!(later, first);
    assert!(why.starts_with("Given once, in 2026-W46.") && why.ends_with("A later verdict needs a new plan."), "{why}");
    assert_eq!(bounds("2026-W47"), bounds("2026-W46"));
    assert_eq!(part(&site, "2026-W46")["every_look"], false);
    let report = site.ok("report blue --week 2026-W45").stdout;
    assert!(report.contains("1 of 2 planned"), "{report}");
    let next = "Nearest to a verdict is accuracy of Check a run, which is given after 1 more gold item.";
    assert!(report.contains(next), "{report}");
    site.ok("build");
    let page = site.read("public/leads/reports/blue/2026-W45/index.html");
    assert!(page.contains("<span class=\"word planned\">1 of 2 planned</span>"), "{page}");
}

#[test]
fn a_plan_that_comes_after_the_first_rating_does_not_count() {
    let site = planned(2, "2026-11-03");
    let (text, why) = verdict(&site, "2026-W46");
    assert_eq!(text, "not yet shown");
    assert!(
        why.contains(
            "`decide_at: 2` does not count: 1.0.0 fixed it on 2026-11-03, and the first rating is of 2026-11-03"
        ),
        "{why}"
    );
    assert_eq!(part(&site, "2026-W46")["every_look"], true);
    // A release that asks for more begins anew, and too late; what it was planned as before does not come back.
    let site = planned(2, "2026-10-01");
    site.edit(RUBRIC, "decide_at: 2}", "decide_at: 3}");
    site.ok("release check-run --version 1.1.0 -m More --date 2026-11-20 --class clarification");
    let (_, why) = verdict(&site, "2026-W46");
    assert!(why.contains("1.1.0 fixed it on 2026-11-20"), "{why}");
    // Nor does one that rows without a time may have come before.
    let site = planned(2, "2026-10-01");
    site.write("content/ratings/untimed.csv", "task,item,rater,criterion,value\ncheck-run,run-5,b-01,severity,2\n");
    assert!(verdict(&site, "2026-W46").1.contains("some ratings have no time"));
}

#[test]
fn the_plan_of_a_cohorts_own_bar_stands_in_the_log() {
    let site = Site::sealed();
    site.edit("goldbook.yaml", "title:", "minimum_gold: 1\ntitle:");
    let bar = "bar: {check-run: [{figure: accuracy, at_least: 0.9, decide_at: 2}]}\n";
    site.write(COHORT, site.read(COHORT) + bar);
    let refused = site.run("publish blue --plan");
    assert_eq!(refused.code, 1);
    assert!(refused.stderr.contains("`blue` has rated `check-run` since 2026-11-03"), "{}", refused.stderr);
    assert!(verdict(&site, "2026-W46").1.contains("the log has no plan of it"));

    // What is rated once the plan is there is of a time to come.
    let rated = site.read(WEEK).replace("2026-11-", "2098-11-");
    site.write(COHORT, site.read(COHORT).replace("2026-12-31", "2099-12-31"));
    std::fs::remove_file(site.path().join(WEEK)).unwrap();
    let told = site.ok("publish blue --plan").stdout;
    assert_eq!(told, "planned blue check-run: accuracy of at least 0.9 is decided at 2 items\n");
    assert!(site.read("content/releases/log").contains(" plan blue check-run accuracy 0.9 2\n"));
    assert_eq!(site.ok("publish blue --plan").stdout, "nothing to plan: the log has every part as it is\n");
    site.write(WEEK, rated);
    assert_eq!(verdict(&site, "2098-W45").0, "1 of 2 planned");
    site.ok("verify");
    site.edit(COHORT, "at_least: 0.9", "at_least: 0.5");
    let (_, why) = verdict(&site, "2098-W45");
    assert!(why.contains("in the log is `at_least: 0.9` and `decide_at: 2`"), "{why}");
}

#[test]
fn a_plan_of_nothing_is_refused_with_a_way_out() {
    let site = Site::sealed();
    let run = site.run("publish blue --plan");
    assert!(run.code == 1 && run.stderr.contains("no bar of its own with `decide_at`"), "{}", run.stderr);
    site.edit(RUBRIC, "at_least: 0.8}", "at_least: 0.8, decide_at: 0}");
    assert!(site.run("check").stderr.contains("a verdict can't be given on 0 items"));
}
