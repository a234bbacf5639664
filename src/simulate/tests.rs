//! What simulated tables must be: clean to read, the same each time, and made of what the plan says.

use super::{OutputFormat, simulate};
use crate::diagnostic::Diagnostics;
use crate::model::GoldAnswer;
use crate::ratings::testing::{self, Site, messages};
use crate::ratings::{Ratings, Scored, written_gold};
use crate::source::{Content, Source, Sources};
use jiff::civil::date;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

const CRITERIA: &str = "criteria:
  - {id: goal, scale: {nominal: [yes, partly, no]}, unsure: true}
  - {id: severity, scale: {ordinal: [1, 2, 3, 4, 5]}}
  - {id: mistakes, scale: {steps: [wrong, false, late]}, with: {origin: [real, spurious]}, tolerance: 1}
  - {id: rating, scale: {steps: [good, bad]}, each: true}
  - {id: minutes, scale: {number: {min: 0}}}
  - {id: notes, scale: text}";

const PLAN: &str = "first: 2026-W45\nweeks: 2\ntasks:
  t: {steps: 6, answers: {minutes: {0: 1, 10: 2, 30: 1}}, comments: {notes: [\"A, sentence\"], goal: [\"So \\\"so\\\"\"]}}
cohorts:
  blue:
    tasks: {t: {items: 4, overlap: 2}}
    manner: {skill: 0.7, unsure: 0.1, rejected: 0.2, corrected: 0.3, comments: 0.5}
";

fn site() -> Site {
    Site::with(CRITERIA).cohort("blue", "b-1, b-2, b-3", "").seal("1.0.0", date(2026, 11, 2))
}

/// The table as CSV, or the messages of what is wrong with the plan.
fn csv(site: &Site, plan: &str) -> Result<String, Vec<String>> {
    written(site, plan, OutputFormat::Csv)
}

fn written(site: &Site, plan: &str, form: OutputFormat) -> Result<String, Vec<String>> {
    let (model, sources) = site.open();
    let mut diagnostics = Diagnostics::default();
    let gold = written_gold(&model, &sources, &mut diagnostics);
    let plan = Sources::new(vec![Source::new("plan.yaml", Content::Text(plan.into()))]);
    let table = simulate(&plan, &model, &gold, &mut diagnostics);
    let found = messages(&diagnostics);
    let table = table.ok_or(found.clone())?;
    assert_eq!(found, Vec::<String>::new());
    Ok(String::from_utf8(table.text(form).0).unwrap())
}

fn read(site: &Site, plan: &str) -> Ratings {
    let table = site.read_clean(&csv(site, plan).unwrap());
    assert_eq!(table.notes.ledger.counts().rejected_rows(), 0);
    table
}

/// Rows by their cells, the head's names as keys.
fn rows(csv: &str) -> Vec<BTreeMap<String, String>> {
    let mut table = csv::Reader::from_reader(csv.as_bytes());
    let head = table.headers().unwrap().clone();
    let records = table.records().map(|record| record.unwrap());
    records.map(|record| head.iter().map(str::to_owned).zip(record.iter().map(str::to_owned)).collect()).collect()
}

#[test]
fn every_scale_reads_back_without_a_finding() {
    let site = site();
    let table = read(&site, PLAN);
    let asked: BTreeSet<&str> = table
        .ratings
        .iter()
        .map(|rating| table.names.questions[usize::from(rating.question)].criterion.id.as_str())
        .collect();
    assert_eq!(asked, ["goal", "minutes", "mistakes", "notes", "rating", "severity"].into());
    let lines = written(&site, PLAN, OutputFormat::JsonLines).unwrap();
    let (from_lines, diagnostics) = site.read(&[("content/ratings/a.jsonl", lines)]);
    assert_eq!(messages(&diagnostics), Vec::<String>::new());
    assert_eq!(testing::said(&from_lines), testing::said(&table));
}

#[test]
fn a_rating_of_every_step_names_each_step_once() {
    for submission in rows(&csv(&site(), PLAN).unwrap()).chunk_by(|a, b| a["submission"] == b["submission"]) {
        let steps: Vec<&str> =
            submission.iter().filter(|row| row["criterion"] == "rating").map(|row| row["step"].as_str()).collect();
        assert_eq!(steps, ["1", "2", "3", "4", "5", "6"]);
    }
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_does_not() {
    let seeded = |seed: u32| csv(&site(), &format!("seed: {seed}\n{PLAN}")).unwrap();
    assert_eq!(seeded(7), seeded(7));
    assert_ne!(seeded(7), seeded(8));
    assert_eq!(csv(&site(), PLAN).unwrap(), seeded(1));
}

#[test]
fn a_corrected_submission_is_replaced_on_the_same_day() {
    let all = PLAN.replace("corrected: 0.3", "corrected: 1");
    let table = read(&site(), &all);
    let replaced = table.notes.ledger.counts().replaced;
    assert!(replaced > 0);
    let without = read(&site(), &PLAN.replace("corrected: 0.3", "corrected: 0"));
    assert_eq!(testing::said(&table), testing::said(&without));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]

    /// What somebody says of an item is the same whoever else rates, and whatever else is rated.
    #[test]
    fn others_change_nothing_of_what_a_rater_did(seed in 0_u32..1000) {
        let plan = format!("seed: {seed}\n{PLAN}");
        let said = |site: &Site, plan: &str| {
            let mut by_rater: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
            for row in rows(&csv(site, plan).unwrap()) {
                let key = (row["item"].clone(), row["rater"].clone());
                by_rater.entry(key).or_default().push(format!("{row:?}"));
            }
            by_rater
        };
        let before = said(&site(), &plan);
        let joined = Site::with(CRITERIA).cohort("blue", "b-0, b-1, b-2, b-3, b-4", "");
        let after = said(&joined.seal("1.0.0", date(2026, 11, 2)), &plan);
        let longer = said(&site(), &plan.replace("weeks: 2", "weeks: 3").replace("items: 4", "items: 6"));
        prop_assert!(before.keys().filter(|key| after.contains_key(*key)).count() > 0);
        for (key, rows) in &before {
            prop_assert!(after.get(key).is_none_or(|others| others == rows), "{key:?}");
            prop_assert_eq!(longer.get(key), Some(rows));
        }
        for item in after.keys().map(|(item, _)| item).collect::<BTreeSet<_>>() {
            prop_assert_eq!(after.keys().filter(|(of, _)| of == item).count(), 2);
        }
    }
}

/// A site with `n` items of gold: a third each `yes`, `partly` and `no`, severity 3, and a flag.
fn with_gold(n: u32) -> Site {
    let mut gold = String::from("item,criterion,step,value,outcome,by,method,version\n");
    for item in 0..n {
        let goal = ["yes", "partly", "no"][item as usize % 3];
        let _ = writeln!(gold, "g-{item:04},goal,,{goal},,x,adjudicated,1.0.0");
        let _ = writeln!(gold, "g-{item:04},severity,,3,,x,adjudicated,1.0.0");
        let _ = writeln!(gold, "g-{item:04},minutes,,10,,x,adjudicated,1.0.0");
        let _ = writeln!(gold, "g-{item:04},mistakes,10,wrong,,x,adjudicated,1.0.0");
    }
    let of_values = CRITERIA.replace("  - {id: rating, scale: {steps: [good, bad]}, each: true}\n", "");
    let site = Site::with(&of_values).cohort("blue", "b-1, b-2, b-3", "").seal("1.0.0", date(2026, 11, 2));
    site.file("content/tasks/t/gold.csv", &gold)
}

/// The scored ratings of a plan in which one rater rates only gold, 400 items a week.
fn scored(manner: &str, weeks: u32) -> (Ratings, Vec<Scored>) {
    let site = with_gold(400 * weeks);
    let plan = format!(
        "first: 2026-W45\nweeks: {weeks}\ntasks: {{t: {{steps: 60, answers: {{minutes: {{0: 1, 10: 1, 30: 1}}}}}}}}
cohorts: {{blue: {{tasks: {{t: {{items: 400, gold: 1}}}}, manner: {manner}}}}}"
    );
    let table = read(&site, &plan);
    let scored = testing::scored(&table, &site.open().0).scored;
    (table, scored)
}

fn of<'s>(table: &Ratings, scored: &'s [Scored], criterion: &str) -> Vec<&'s Scored> {
    let asked = |one: &&Scored| table.names.questions[usize::from(one.question)].criterion.id == criterion;
    scored.iter().filter(asked).collect()
}

fn share_right(scored: &[&Scored]) -> f64 {
    scored.iter().filter(|one| one.right).count() as f64 / scored.len() as f64
}

/// Within four standard errors of what the plan says.
fn assert_near(found: f64, planned: f64, n: usize) {
    let error = (planned * (1.0 - planned) / n as f64).sqrt();
    assert!((found - planned).abs() < 4.0 * error, "{found} is far from {planned}: the standard error is {error}");
}

#[test]
fn skill_is_measured_as_planned_on_every_scale() {
    let (table, scored) = scored("{skill: 0.8}", 2);
    for criterion in ["goal", "severity", "minutes"] {
        let scored = of(&table, &scored, criterion);
        assert_eq!(scored.len(), 800);
        assert_near(share_right(&scored), 0.8, 800);
    }
    let flags = of(&table, &scored, "mistakes")
        .iter()
        .map(|one| one.flags)
        .fold(crate::quality::detection::Counts::default(), crate::quality::detection::Counts::merged);
    // A flag on nothing can hit a missed one by chance: 3 of 60 steps, a quarter of the time.
    assert_near(flags.true_positives() as f64 / flags.gold() as f64, 0.8 + 0.2 * 0.25 * 3.0 / 60.0, 800);
    assert_near(flags.kinds_right() as f64 / flags.true_positives() as f64, 0.8, 640);
    let too_many = (flags.given() - flags.true_positives()) as f64 / 800.0;
    assert!((too_many - 0.25).abs() < 0.06, "{too_many}");
}

#[test]
fn errors_on_an_ordered_scale_are_near_more_often_than_far() {
    let (table, scored) = scored("{skill: 0.5}", 1);
    let given = |value: &str| {
        let label = |one: &&&Scored| table.names.answers[one.given as usize].label() == value;
        of(&table, &scored, "severity").iter().filter(label).count()
    };
    assert!(given("2") > given("1") && given("4") > given("5") && given("1") > 0 && given("5") > 0);
}

#[test]
fn unsure_is_said_as_often_as_planned_and_only_where_it_is_allowed() {
    let (table, scored) = scored("{skill: 1, unsure: 0.3}", 1);
    let unsure = of(&table, &scored, "goal").iter().filter(|one| !one.answered).count();
    assert_near(unsure as f64 / 400.0, 0.3, 400);
    assert_eq!(share_right(&of(&table, &scored, "severity")), 1.0);
}

#[test]
fn a_drift_is_seen_week_by_week() {
    let (table, scored) = scored("{skill: 0.9, habits: [{from: 2026-W46, drift: -0.2}]}", 3);
    let goal = of(&table, &scored, "goal");
    for (week, planned) in [(45, 0.9), (46, 0.7), (47, 0.5)] {
        let of_week: Vec<&Scored> =
            goal.iter().copied().filter(|one| one.week.is_some_and(|at| at.week == week)).collect();
        assert_near(share_right(&of_week), planned, 400);
    }
}

#[test]
fn a_bias_moves_answers_to_its_side_only() {
    let (table, scored) = scored("{skill: 1, habits: [{criterion: severity, shift: higher, share: 0.4}]}", 1);
    let given = |value: &str| {
        let label = |one: &&&Scored| table.names.answers[one.given as usize].label() == value;
        of(&table, &scored, "severity").iter().filter(label).count()
    };
    assert_eq!(given("3") + given("4"), 400);
    assert_near(given("4") as f64 / 400.0, 0.4, 400);
}

#[test]
fn a_misreading_concerns_the_value_that_is_misread() {
    let manner = "{skill: 1, habits: [{criterion: goal, reads: partly, as: yes, share: 0.75}, \
                  {criterion: mistakes, reads: wrong, as: false}]}";
    let (table, scored) = scored(manner, 1);
    let goal = of(&table, &scored, "goal");
    let of_gold = |gold: &str| -> Vec<&Scored> {
        goal.iter().copied().filter(|one| table.gold.labels[one.gold as usize].text == gold).collect()
    };
    assert_near(share_right(&of_gold("partly")), 0.25, 133);
    assert_eq!((share_right(&of_gold("yes")), share_right(&of_gold("no"))), (1.0, 1.0));
    assert!(
        of(&table, &scored, "mistakes")
            .iter()
            .all(|one| one.flags.true_positives() == 1 && one.flags.kinds_right() == 0)
    );
}

#[test]
fn a_skill_of_one_criterion_leaves_the_others_alone() {
    let (table, scored) = scored("{skill: 1, habits: [{task: t, criterion: severity, skill: 0.5}]}", 1);
    assert_near(share_right(&of(&table, &scored, "severity")), 0.5, 400);
    assert_eq!(share_right(&of(&table, &scored, "minutes")), 1.0);
}

#[test]
fn truths_are_drawn_as_often_as_the_plan_says() {
    let plan = PLAN.replace("items: 4, overlap: 2", "items: 500").replace("skill: 0.7, unsure: 0.1", "skill: 1");
    let plan = plan.replace("answers: {", "answers: {goal: {yes: 0.6, no: 0.4}, mistakes: {late: 0.5}, ");
    let rows = rows(&csv(&site(), &plan.replace("corrected: 0.3", "corrected: 0")).unwrap());
    let count = |criterion: &str, value: &str| {
        rows.iter().filter(|row| row["criterion"] == criterion && row["value"] == value).count()
    };
    assert_near(count("goal", "yes") as f64 / 1000.0, 0.6, 1000);
    assert_eq!((count("goal", "partly"), count("mistakes", "wrong")), (0, 0));
    assert_near(count("mistakes", "late") as f64 / 1000.0, 0.5, 500);
    assert_near(count("minutes", "10") as f64 / 1000.0, 0.5, 1000);
}

#[test]
fn rules_hold_of_truths_and_of_answers() {
    let rules = "rules: [{when: {goal: no}, then: {severity: [4, 5]}}, {when: {mistakes: none}, then: {minutes: [0]}}]";
    let plan = PLAN.replace("items: 4", "items: 60").replace("steps: 6,", &format!("steps: 6, {rules},"));
    let rows = rows(&csv(&site(), &plan).unwrap());
    let (mut bound, mut empty) = (0, 0);
    for submission in rows.chunk_by(|a, b| a["submission"] == b["submission"]) {
        let said = |criterion: &str| submission.iter().find(|row| row["criterion"] == criterion).unwrap();
        if said("goal")["value"] == "no" {
            bound += 1;
            assert!(["4", "5"].contains(&said("severity")["value"].as_str()));
        }
        if said("mistakes")["outcome"] == "none" {
            empty += 1;
            assert_eq!(said("minutes")["value"], "0");
        }
    }
    assert!(bound > 10 && empty > 10);
}

#[test]
fn gold_is_met_once_and_shown_gold_only_if_asked_for() {
    let worked = "---\ntitle: W\nitem: shown\nuse: worked\ngold: {goal: yes}\n---\n\nText.\n";
    let site = with_gold(8).file("content/tasks/t/examples/w.md", worked).cohort("red", "r-1", "");
    let plan = PLAN.replace("items: 4,", "items: 5, gold: 0.8,");
    let plan = format!("{plan}  red: {{tasks: {{t: {{items: 3, gold: 1}}}}, manner: {{skill: 1}}}}\n");
    let items = |plan: &str, cohort: &str| -> BTreeMap<String, BTreeSet<String>> {
        let mut weeks: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for row in rows(&csv(&site, plan).unwrap()).iter().filter(|row| row["cohort"] == cohort) {
            let week = if row["submitted_at"].as_str() < "2026-11-09" { "45" } else { "46" };
            weeks.entry(week.to_owned()).or_default().insert(row["item"].clone());
        }
        weeks
    };
    let (blue, red) = (items(&plan, "blue"), items(&plan, "red"));
    assert_eq!((blue["45"].len(), red["45"].len()), (5, 3));
    assert!(
        blue["45"].is_disjoint(&blue["46"]) && red["45"].is_subset(&blue["45"]) && red["46"].is_subset(&blue["46"])
    );
    assert!(blue["45"].contains("item-2026w45-01"));
    assert!(!blue.values().chain(red.values()).any(|items| items.contains("shown")));
    let more = plan.replace("items: 5, gold: 0.8", "items: 5, gold: 1");
    assert!(
        csv(&site, &more).unwrap_err()[0]
            .contains("this takes 10 gold items (5 a week), and `t` has 8 that raters can't see")
    );
    let all = more.replace("items: 5", "items: 4").replace("steps: 6", "shown_gold: true, steps: 6");
    assert!(items(&all.replace("weeks: 2", "weeks: 1"), "blue").len() == 1);
    let nine = all.replace("items: 4", "items: 9").replace("weeks: 2", "weeks: 1");
    assert!(items(&nine, "blue")["45"].contains("shown"));
}

#[test]
fn the_version_is_the_one_that_served_on_the_day() {
    let first = site()
        .rubric(&CRITERIA.replace("goal, scale: {nominal: [yes, partly, no]}", "goal, scale: {nominal: [yes, no]}"));
    let site = first.seal("2.0.0", date(2026, 11, 11));
    let rows = rows(&csv(&site, &PLAN.replace("items: 4", "items: 40")).unwrap());
    for row in &rows {
        let expected = if row["submitted_at"].as_str() < "2026-11-11" { "1.0.0" } else { "2.0.0" };
        assert_eq!(row["version"], expected, "{row:?}");
        assert!(expected == "1.0.0" || row["value"] != "partly");
    }
    assert!(rows.iter().any(|row| row["value"] == "partly") && rows.iter().any(|row| row["version"] == "2.0.0"));
    read(&site, PLAN);
}

#[test]
fn raters_work_while_they_are_there() {
    let site = site().cohort("blue", "b-1, b-2, {rater: b-3, from: 2026-11-10}, {rater: b-4, until: 2026-11-06}", "");
    let plan = PLAN.replace("weeks: 2", "weeks: 3").replace("items: 4", "items: 30");
    let rows = rows(&csv(&site, &plan).unwrap());
    let days = |rater: &str| -> Vec<&str> {
        rows.iter().filter(|row| row["rater"] == rater).map(|row| row["submitted_at"].as_str()).collect()
    };
    assert!(!days("b-3").is_empty() && days("b-3").iter().all(|day| *day > "2026-11-16"));
    assert!(!days("b-4").is_empty() && days("b-4").iter().all(|day| *day < "2026-11-07"));
}

#[test]
fn times_have_the_planned_median_and_pace() {
    let manner = "{skill: 1, habits: [{task: t, from: 1.0.0, pace: 0.5}]}";
    let (table, _) = scored(manner, 1);
    let mut seconds: Vec<f32> = table.submissions.iter().filter_map(|submission| submission.seconds).collect();
    seconds.sort_by(f32::total_cmp);
    let median = seconds[seconds.len() / 2];
    assert!((median - 300.0).abs() < 30.0, "{median}");
    assert!(seconds[20] < 0.7 * median && seconds[380] > 1.4 * median);
}

#[test]
fn gold_that_is_unsure_is_known_by_those_who_know() {
    let gold = "item,criterion,value,outcome,any_of,by,method,version\n\
                a,goal,,unsure,,x,adjudicated,1.0.0\nb,goal,,,yes|no,x,adjudicated,1.0.0\n";
    let site = site().file("content/tasks/t/gold.csv", gold);
    let plan = PLAN.replace("items: 4,", "items: 1, gold: 1,").replace("skill: 0.7, unsure: 0.1", "skill: 1");
    let rows = rows(&csv(&site, &plan).unwrap());
    for row in rows.iter().filter(|row| row["criterion"] == "goal") {
        match row["item"].as_str() {
            "a" => assert_eq!(row["outcome"], "unsure"),
            _ => assert!(["yes", "no"].contains(&row["value"].as_str())),
        }
    }
    assert!(rows.iter().any(|row| row["item"] == "a") && rows.iter().any(|row| row["item"] == "b"));
}

#[test]
fn a_task_without_a_release_is_rated_by_its_working_text() {
    let site = Site::with(CRITERIA).cohort("blue", "b-1, b-2", "");
    let table = read(&site, PLAN);
    assert!(table.ratings.iter().count() > 0 && table.ratings.iter().all(|rating| rating.of.version().is_none()));
}

#[test]
fn answers_hold_one_value_or_flags_that_differ() {
    let (model, sources) = with_gold(40).open();
    let gold = written_gold(&model, &sources, &mut Diagnostics::default());
    let plan = PLAN.replace("items: 4,", "items: 20, gold: 0.9,").replace("skill: 0.7", "skill: 0");
    let plan = Sources::new(vec![Source::new("plan.yaml", Content::Text(plan.as_str().into()))]);
    let table = simulate(&plan, &model, &gold, &mut Diagnostics::default()).unwrap();
    for (criterion, answer) in table.submissions.iter().flat_map(|submission| &submission.answers) {
        match answer {
            GoldAnswer::Values(values) => assert_eq!(values.len(), 1, "{criterion}"),
            GoldAnswer::Flags(flags) => {
                let places: BTreeSet<_> = flags.iter().map(|flag| (flag.step, &flag.kind)).collect();
                assert_eq!(places.len(), flags.len());
                assert!(flags.iter().all(|flag| flag.step > 0));
            }
            GoldAnswer::Outcome(_) => {}
        }
    }
}
