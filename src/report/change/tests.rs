//! Tests of what changed, from rows to sentences: a cohort that falls beside one that does not.

use super::*;
use crate::diagnostic::Diagnostics;
use crate::digest::Digest;
use crate::ratings::testing::Site;
use crate::report::CohortReport;
use crate::report::{ReportRequest, Reportable};
use jiff::civil::date;

const CRITERIA: &str = "criteria:
  - {id: goal, scale: {nominal: [yes, no]}, weight: 2}
  - {id: cause, scale: {nominal: [tool, text]}}";

/// Twelve weeks from 2026-W10 on, twelve gold items in each.
const WEEKS: u32 = 12;
const ITEMS: u32 = 12;

/// Whether a rater is right about an item; chance is even, and the same in every run.
fn is_right(rater: &str, item: u32, criterion: &str, skill: f64) -> bool {
    let text = format!("{rater} {item} {criterion}");
    let hash = text
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3));
    ((hash ^ (hash >> 29)).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 11) as f64 / ((1_u64 << 53) as f64) < skill
}

/// Rows of three raters an item, as right as `skill` says of a rater and week; nobody where it says nothing.
fn rows(raters: &[&str], skill: impl Fn(&str, u32) -> Option<f64>) -> String {
    let mut text = String::new();
    for week in 0..WEEKS {
        let day = date(2026, 3, 2).checked_add(jiff::Span::new().weeks(i64::from(week))).unwrap();
        for item in week * ITEMS..(week + 1) * ITEMS {
            let at_work: Vec<&&str> = raters.iter().filter(|rater| skill(rater, week).is_some()).collect();
            for next in 0..3.min(at_work.len()) {
                let rater = at_work[(item as usize + next) % at_work.len()];
                for (criterion, right, wrong) in [("goal", "yes", "no"), ("cause", "tool", "text")] {
                    let value =
                        if is_right(rater, item, criterion, skill(rater, week).unwrap()) { right } else { wrong };
                    text.push_str(&format!("i{item},{rater},{criterion},{value},{day}T08:00:00Z,{}\n", 60 + week));
                }
            }
        }
    }
    text
}

fn site() -> Site {
    let mut gold = String::from("item,criterion,value\n");
    for item in 0..WEEKS * ITEMS {
        gold.push_str(&format!("i{item},goal,yes\ni{item},cause,tool\n"));
    }
    let site = Site::with(CRITERIA).file("content/tasks/t/gold.csv", &gold);
    site.cohort("atlas", "a-1, a-2, a-3, a-4", "").cohort("borealis", "b-1, b-2, b-3, b-4, b-5, b-6", "")
}

fn reports(rows: &str, cohort: Option<u16>) -> Vec<CohortReport> {
    reports_of(&site(), rows, cohort)
}

fn reports_of(site: &Site, rows: &str, cohort: Option<u16>) -> Vec<CohortReport> {
    let rows = format!("item,rater,criterion,value,submitted_at,seconds\n{rows}");
    let (table, mut diagnostics) = site.read(&[("content/ratings/a.csv", &rows)]);
    let (model, _) = site.open();
    let request = ReportRequest { date: None, cohort, without: &[], inputs: Digest::of(b"test") };
    let all = Reportable::of(&model, table, request, &mut diagnostics);
    let all = all.all(Vec::new(), &mut diagnostics).weekly;
    assert!(diagnostics.sorted().is_empty(), "{}", told(&diagnostics));
    all
}

fn told(diagnostics: &Diagnostics) -> String {
    diagnostics.sorted().iter().map(|finding| finding.message.clone()).collect::<Vec<_>>().join("\n")
}

const ATLAS: [&str; 4] = ["a-1", "a-2", "a-3", "a-4"];
const BOREALIS: [&str; 4] = ["b-1", "b-2", "b-3", "b-4"];

/// Atlas stays at .9; Borealis is at .5 from the ninth week on.
fn fallen() -> String {
    rows(&ATLAS, |_, _| Some(0.9)) + &rows(&BOREALIS, |_, week| Some(if week < 8 { 0.9 } else { 0.5 }))
}

fn of_week<'r>(reports: &'r [CohortReport], cohort: &str, week: &str) -> &'r CohortReport {
    reports.iter().find(|report| report.cohort == cohort && report.week == week).unwrap()
}

fn kinds(report: &CohortReport) -> Vec<(ChangeKind, Option<&str>, Movement)> {
    let findings = report.tasks.iter().flat_map(|task| &task.change.findings);
    findings.map(|of| (of.kind, of.criterion.as_deref(), of.movement)).collect()
}

#[test]
fn a_fall_is_told_of_the_cohort_that_fell_and_of_no_other() {
    let reports = reports(&fallen(), None);
    for week in 10..18 {
        assert_eq!(kinds(of_week(&reports, "borealis", &format!("2026-W{week}"))), [], "{week}");
    }
    for report in reports.iter().filter(|report| report.cohort == "atlas") {
        assert_eq!(kinds(report), [], "{}", report.week);
    }
    let report = of_week(&reports, "borealis", "2026-W19");
    assert!(kinds(report).contains(&(ChangeKind::Watch, None, Movement::Fell)), "{:?}", kinds(report));
    let (title, findings) = (&report.tasks[0].title, &report.tasks[0].change.findings);
    let watch = findings.iter().find(|of| of.kind == ChangeKind::Watch && of.criterion.is_none()).unwrap();
    assert_eq!((title.as_str(), watch.since.to_string().as_str()), ("T", "2026-W18"));
    assert!(
        watch.sentence.starts_with("Right out of asked has been lower since about 2026-W18: "),
        "{}",
        watch.sentence
    );
    assert!(watch.coincides[0].starts_with("atlas rated the same gold items"), "{:?}", watch.coincides);
    assert!(!format!("{findings:?}").contains("because"));
}

#[test]
fn one_report_alone_tells_the_same_as_all() {
    let (all, alone) = (reports(&fallen(), None), reports(&fallen(), Some(1)));
    assert_eq!(alone.len(), WEEKS as usize);
    for report in &alone {
        let change = &of_week(&all, "borealis", &report.week).tasks[0].change;
        assert_eq!(format!("{:?}", report.tasks[0].change), format!("{change:?}"));
    }
}

/// The watch and the differences look at nothing that came later.
#[test]
fn a_later_week_changes_nothing_that_was_told_but_how_much_is_watched() {
    let all = reports(&fallen(), None);
    let until: String =
        fallen().lines().filter(|row| !row.contains("2026-05-1")).map(|row| format!("{row}\n")).collect();
    let before = reports(&until, None);
    let series =
        |reports: &[CohortReport]| format!("{:?}", of_week(reports, "borealis", "2026-W18").tasks[0].change.series);
    assert_eq!(series(&all), series(&before));
}

/// From the ninth week on b-1 is gone, b-5 and b-6 are new and wrong half of the time, and the others go on.
#[test]
fn a_difference_is_split_into_what_raters_make_and_the_rest() {
    let skill = |rater: &str, week: u32| match rater {
        "b-1" => (week < 8).then_some(0.95),
        "b-5" | "b-6" => (week >= 8).then_some(0.2),
        _ => Some(0.9),
    };
    let text = rows(&ATLAS, |_, _| Some(0.9)) + &rows(&["b-1", "b-2", "b-3", "b-4", "b-5", "b-6"], skill);
    let reports = reports(&text, None);
    let report = of_week(&reports, "borealis", "2026-W20");
    let findings: Vec<&ChangeFinding> = report.tasks.iter().flat_map(|task| &task.change.findings).collect();
    let watch = findings.iter().find(|of| of.kind == ChangeKind::Watch && of.criterion.is_none()).unwrap();
    let split = watch.split.unwrap();
    let compared = &report.tasks[0].change.series[0].watch.alarm.as_ref().unwrap().compared;
    let difference = compared.now.share.unwrap() - compared.before.share.unwrap();
    assert!((split.joined + split.left + split.items + split.rest - difference).abs() < 1e-12, "{split:?}");
    assert!(split.joined < -0.2 && split.left < 0.0 && split.rest.abs() < 0.1 && split.items.abs() < 0.05, "{split:?}");
    let turnover = of_week(&reports, "borealis", "2026-W18").tasks[0].change.facts.turnover;
    assert_eq!((turnover.raters, turnover.joined, turnover.left), (5, 2, 1));
    assert_eq!((turnover.median_seconds, turnover.median_before), (Some(68.0), Some(65.5)));
}

#[test]
fn little_gold_shows_little_and_says_so() {
    let text = rows(&["a-1"], |_, week| (week < 3).then_some(0.8));
    let reports = reports(&text, None);
    let change = &reports.last().unwrap().tasks[0].change;
    assert!(change.findings.is_empty());
    let week = &change.series[0].week;
    assert!(week.smallest.unwrap() > 0.3 && week.movement == Movement::NotShown, "{week:?}");
    let first = &reports[0].tasks[0].change.series[0];
    assert!(first.week.change.is_err() && first.beside.is_none() && first.trend.slope.is_err());
}

/// With 2.0.0, at the beginning of the ninth week, `cause` has another value: what it meant before is not compared with.
#[test]
fn a_criterion_that_means_something_else_begins_anew() {
    let mut gold = String::from("item,criterion,value,version\n");
    for item in 0..WEEKS * ITEMS {
        let version = if item < 8 * ITEMS { "1.0.0" } else { "2.0.0" };
        gold.push_str(&format!("i{item},goal,yes,{version}\ni{item},cause,tool,{version}\n"));
    }
    let changed = CRITERIA.replace("[tool, text]", "[tool, text, both]");
    let sealed = site().file("content/tasks/t/gold.csv", "item,criterion,value\n").seal("1.0.0", date(2026, 2, 1));
    let site = sealed.rubric(&changed).seal("2.0.0", date(2026, 4, 26)).file("content/tasks/t/gold.csv", &gold);
    let reports = reports_of(&site, &rows(&ATLAS, |_, _| Some(0.9)), None);
    let before = |week: &str| -> Vec<(Option<String>, u64)> {
        let series = &of_week(&reports, "atlas", week).tasks[0].change.series;
        series.iter().map(|of| (of.criterion.clone(), of.week.before.items)).collect()
    };
    let named = |counts: [u64; 3]| [None, Some("goal".to_owned()), Some("cause".to_owned())].into_iter().zip(counts);
    assert_eq!(before("2026-W17"), named([48, 48, 48]).collect::<Vec<_>>());
    assert_eq!(before("2026-W18"), named([0, 48, 0]).collect::<Vec<_>>());
    assert_eq!(before("2026-W19"), named([12, 48, 12]).collect::<Vec<_>>());
    let watch = |week: &str| of_week(&reports, "atlas", week).tasks[0].change.series[2].watch.sum;
    assert_eq!(watch("2026-W18"), 0.0);
}
