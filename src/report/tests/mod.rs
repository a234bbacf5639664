//! Tests of reports as a whole: a site and rows in, reports and files out; of their figures in `figures`.

mod figures;

use super::{CohortReport, ReportRequest, ReportView, Reportable, criterion_charts, file, trend_chart};
use crate::diagnostic::Diagnostics;
use crate::digest::Digest;
use crate::quality::bar::Verdict;
use crate::ratings::testing::Site;
use jiff::civil::{Date, date};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

const CRITERIA: &str = "criteria:
  - {id: goal, scale: {nominal: [yes, no]}, unsure: true, weight: 3}
  - {id: severity, scale: {ordinal: [1, 2, 3]}}
  - {id: mistakes, scale: {steps: [wrong]}}
  - {id: notes, scale: text}
bar:
  - {figure: accuracy, at_least: 0.5}
  - {figure: severity.alpha, at_least: 0.6}";

const HEAD: &str = "item,rater,criterion,value,outcome,step,submission,submitted_at,seconds\n";

/// Forty items with gold, two raters, and rows of three weeks; `a-secret` errs on every fifth item.
fn rows() -> String {
    let mut text = String::from(HEAD);
    for item in 0..40 {
        for rater in ["a-secret", "b-secret"] {
            let day = 2 + 7 * (item % 3);
            let wrong = rater == "a-secret" && item % 5 == 0;
            let tail = format!("{rater}{item},2026-11-{day:02}T08:00:00Z,60\n");
            let goal = if wrong { "no,," } else { "yes,," };
            text.push_str(&format!("i{item},{rater},goal,{goal},{tail}i{item},{rater},severity,2,,,{tail}"));
            text.push_str(&format!("i{item},{rater},mistakes,,none,,{tail}"));
        }
    }
    text
}

fn site() -> Site {
    let mut gold = String::from("item,criterion,value,outcome\n");
    for item in 0..40 {
        let severity = if item % 4 == 0 { 1 } else { 2 };
        gold.push_str(&format!("i{item},goal,yes,\ni{item},severity,{severity},\ni{item},mistakes,,none\n"));
    }
    Site::with(CRITERIA).cohort("atlas", "a-secret, b-secret", "").file("content/tasks/t/gold.csv", &gold)
}

fn reports(site: &Site, rows: &str, date: Option<Date>) -> (Vec<CohortReport>, Diagnostics) {
    let (table, mut diagnostics) = site.read(&[("content/ratings/a.csv", rows)]);
    let (model, _) = site.open();
    let request = ReportRequest { date, cohort: None, without: &[], inputs: Digest::of(b"test") };
    let all = Reportable::of(&model, table, request, &mut diagnostics).all(Vec::new(), &mut diagnostics).weekly;
    (all, diagnostics)
}

fn json(report: &CohortReport) -> Value {
    serde_json::from_str(&file(&ReportView::of(report, None), "report.json").unwrap()).unwrap()
}

fn markdown(report: &CohortReport) -> String {
    let template = include_str!("../../../themes/default/templates/report.md");
    let context = tera::Context::from_serialize(&ReportView::of(report, None)).unwrap();
    let mut templates = tera::Tera::new();
    crate::markdown::quote::add_to(&mut templates);
    let change = include_str!("../../../themes/default/templates/change.md");
    templates
        .add_raw_templates([("change.md", change), ("report.md", template)])
        .unwrap_or_else(|error| panic!("{error}"));
    templates.render("report.md", &context).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn every_week_with_ratings_has_a_report_and_figures_so_far_grow() {
    let (reports, diagnostics) = reports(&site(), &rows(), None);
    assert!(diagnostics.sorted().is_empty());
    let weeks: Vec<&str> = reports.iter().map(|report| report.week.as_str()).collect();
    assert_eq!(weeks, ["2026-W45", "2026-W46", "2026-W47"]);
    let asked: Vec<(u64, u64)> = reports
        .iter()
        .map(|report| {
            (report.tasks[0].week.criteria[0].accuracy.asked, report.tasks[0].so_far.criteria[0].accuracy.asked)
        })
        .collect();
    assert_eq!(asked, [(28, 28), (26, 54), (26, 80)]);
    let last = &reports[2].tasks[0];
    assert_eq!((last.so_far.work.ratings, last.so_far.work.items, last.so_far.work.submissions), (240, 40, 80));
    assert_eq!(last.trend.len(), 3);
    assert_eq!(reports[0].days, (date(2026, 11, 2), date(2026, 11, 8)));
}

#[test]
fn overall_weighs_criteria_and_leaves_flags_out() {
    let (reports, _) = reports(&site(), &rows(), None);
    let figures = &reports[2].tasks[0].so_far;
    let point = |index: usize| figures.criteria[index].accuracy.of_asked.unwrap().estimate.point;
    assert_eq!((point(0), point(1), point(2)), (72.0 / 80.0, 60.0 / 80.0, 1.0));
    let overall = figures.overall.of_asked.unwrap();
    assert!((overall.estimate.point - (3.0 * 0.9 + 0.75) / 4.0).abs() < 1e-12);
    assert_eq!((overall.n_ratings, overall.n_items, overall.n_raters), (160, 40, 2));
    assert_eq!((figures.overall.asked, figures.overall.right), (160, 132));
    let constant = figures.criteria[1].constant.as_ref().unwrap();
    assert_eq!((constant.answer.as_str(), constant.share), ("2", 0.75));
    assert!(figures.criteria[0].most.as_ref().is_some_and(|most| most.others.is_err()));
}

#[test]
fn unsure_counts_as_asked_and_not_as_answered() {
    let rows = format!("{HEAD}i1,a-secret,goal,,unsure,,,2026-11-02,\ni2,a-secret,goal,yes,,,,2026-11-02,\n");
    let (reports, _) = reports(&site(), &rows, None);
    let accuracy = &reports[0].tasks[0].so_far.criteria[0].accuracy;
    assert_eq!((accuracy.asked, accuracy.answered, accuracy.right), (2, 1, 1));
    let points =
        [accuracy.of_answered, accuracy.of_asked, accuracy.share_answered].map(|figure| figure.unwrap().estimate.point);
    assert_eq!(points, [1.0, 0.5, 0.5]);
}

#[test]
fn gold_that_nobody_answered_is_told_from_items_without_gold() {
    let criteria = "criteria:
  - {id: goal, scale: {nominal: [yes, no]}, unsure: true}
  - {id: tags, scale: {set: [a, b]}, unsure: true}
  - {id: mistakes, scale: {steps: [wrong]}, unsure: true}
  - {id: other, scale: {nominal: [yes, no]}, unsure: true}";
    let gold = "item,criterion,value,outcome\ni1,goal,yes,\ni1,tags,a,\ni1,mistakes,,none\n";
    let site = Site::with(criteria).cohort("atlas", "a-secret", "").file("content/tasks/t/gold.csv", gold);
    let rows = ["goal", "tags", "mistakes", "other"].map(|of| format!("i1,a-secret,{of},,unsure,,s,2026-11-02,\n"));
    let (reports, _) = reports(&site, &format!("{HEAD}{}", rows.concat()), None);
    let (nobody, no_gold) =
        ("Items with gold are rated, but no rating of them has a value.", "None of the rated items has gold.");
    let json = json(&reports[0]);
    let figures = &json["tasks"][0]["so_far"];
    let undefined = |criterion: usize, figure: &str| {
        let parts = figure.split('.').fold(&figures["criteria"][criterion], |of, part| &of[part]);
        parts["undefined"].as_str().unwrap_or_default().to_owned()
    };
    let of_gold = [
        (0, "accuracy.of_answered"),
        (0, "kappa"),
        (1, "overlap.of_answered"),
        (2, "accuracy.of_answered"),
        (2, "detection.f1"),
    ];
    for (criterion, figure) in of_gold {
        assert_eq!(undefined(criterion, figure), nobody, "{criterion} {figure}");
    }
    assert_eq!(figures["overall"]["of_answered"]["undefined"], nobody);
    assert_eq!((undefined(3, "accuracy.of_answered"), undefined(3, "kappa")), (no_gold.into(), no_gold.into()));
    assert_eq!(undefined(0, "accuracy.of_asked"), "");
    let row = format!("| `goal` | undefined | {nobody} | 0 % |");
    assert!(markdown(&reports[0]).contains(&row), "{}", markdown(&reports[0]));
    let table = file(&ReportView::of(&reports[0], None), "figures.csv").unwrap();
    assert!(table.lines().any(|line| line.contains(",goal,right-of-answered,") && line.contains(nobody)), "{table}");
}

#[test]
fn each_part_of_a_bar_has_its_verdict_and_says_what_would_decide_it() {
    let (reports, _) = reports(&site(), &rows(), None);
    let bar = &reports[2].tasks[0].bar;
    assert!(!bar.of_cohort);
    assert_eq!((bar.parts.len(), bar.looks), (2, 3));
    assert_eq!(
        (bar.parts[1].verdict, bar.parts[1].why.as_str()),
        (Verdict::NotYetShown, "Every rating has the same value, so agreement beyond chance has no meaning.")
    );
    let few = &reports[0].tasks[0].bar.parts[0];
    assert_eq!(few.verdict, Verdict::NotYetShown);
    assert!(few.why.starts_with("Only 14 gold items so far; below 20 there is no verdict."), "{}", few.why);
    assert!(bar.caution().unwrap().contains("2 parts"));
}

#[test]
fn a_cohorts_own_bar_stands_in_place_of_the_rubrics() {
    let site =
        site().cohort("atlas", "a-secret, b-secret", "bar: {t: [{figure: severity.accuracy, at_least: 0.99}]}\n");
    let all = rows().replace("severity,2,", "severity,3,");
    let (reports, _) = reports(&site, &all, None);
    let bar = &reports[2].tasks[0].bar;
    assert!(bar.of_cohort);
    assert_eq!((bar.parts.len(), bar.parts[0].verdict), (1, Verdict::Below));
    assert_eq!(ReportView::of(&reports[2], None).verdicts().as_deref(), Some("1 below"));
    assert!(bar.parts[0].why.starts_with("The upper bound, "), "{}", bar.parts[0].why);
}

#[test]
fn ratings_without_a_time_count_so_far_and_in_no_week() {
    let rows = format!("{HEAD}i1,a-secret,goal,yes,,,,2026-11-02,\ni2,a-secret,goal,yes,,,,,\n");
    let (timed, _) = reports(&site(), &rows, None);
    assert_eq!((timed[0].tasks[0].week.work.ratings, timed[0].tasks[0].so_far.work.ratings), (1, 2));
    assert!(timed[0].notes.iter().any(|note| note.id == "no-time" && note.count == 1));
    let untimed = format!("{HEAD}i2,a-secret,goal,yes,,,,,\n");
    let (none, diagnostics) = reports(&site(), &untimed, None);
    assert!(none.is_empty() && diagnostics.sorted()[0].message.contains("no week to report it under"));
    let (dated, _) = reports(&site(), &untimed, Some(date(2026, 11, 20)));
    assert_eq!((dated[0].week.as_str(), dated[0].tasks[0].so_far.work.ratings), ("2026-W47", 1));
}

#[test]
fn what_came_after_the_day_of_the_report_is_left_out_and_said() {
    let (reports, _) = reports(&site(), &rows(), Some(date(2026, 11, 10)));
    assert_eq!(reports.len(), 2);
    assert!(reports[1].notes.iter().any(|note| note.id == "after-date" && note.count == 78));
}

#[test]
fn releases_are_marked_in_the_trend_and_figures_are_given_by_version() {
    let site = site().seal("1.0.0", date(2026, 10, 1)).seal("1.1.0", date(2026, 11, 9));
    let (reports, _) = reports(&site, &rows(), None);
    let task = &reports[2].tasks[0];
    assert_eq!(task.releases.iter().map(|mark| mark.version.as_str()).collect::<Vec<_>>(), ["1.1.0"]);
    let versions: Vec<Option<&str>> = task.versions.iter().map(|version| version.version.as_deref()).collect();
    assert_eq!(versions, [Some("1.0.0"), Some("1.1.0")]);
    assert_eq!((reports[0].tasks[0].version.as_deref(), task.version.as_deref()), (Some("1.0.0"), Some("1.1.0")));
    assert!(reports[2].notes.iter().any(|note| note.id == "version-assumed" && note.count == 240));
}

#[test]
fn siblings_agree_and_name_no_rater() {
    let bad = format!("{}i1,a-secret,goal,=maybe|<b>,,,,,\n", rows());
    let (reports, _) = reports(&site(), &bad, None);
    let (report, view) = (&reports[2], ReportView::of(&reports[2], None));
    let json = json(report);
    let figure = &json["tasks"][0]["so_far"]["overall"]["of_asked"];
    assert_eq!((json["format"].as_u64(), figure["value"].as_str()), (Some(1), Some("86.2 %")));
    let markdown = markdown(report);
    let line =
        format!("86.2 % | {} | 100 % | 160 ratings of 40 items by 2 raters", figure["interval"].as_str().unwrap());
    assert!(markdown.contains(&line), "{line} in\n{markdown}");
    assert!(markdown.contains("1 row not used: a value that is not on its scale."), "{markdown}");
    let accuracy = file(&view, "figures.csv").unwrap();
    let row = accuracy.lines().find(|line| line.starts_with("atlas,2026-W47,t,so-far,,,accuracy,")).unwrap();
    assert_eq!(row.split(',').nth(7).unwrap().parse::<f64>().unwrap(), figure["point"].as_f64().unwrap());
    assert!(file(&view, "confusion.csv").unwrap().contains("atlas,2026-W47,t,so-far,goal,yes,no,8\n"));
    assert_eq!(
        file(&view, "trend.csv").unwrap().lines().count(),
        1 + 3 * 4,
        "a head; three weeks over all and of three criteria"
    );
    assert!(file(&view, "other").is_none());
    let chart = trend_chart(&view.cohort_title, &view.tasks[0]).unwrap();
    for text in [json.to_string(), markdown, accuracy, chart.clone()] {
        assert!(!text.contains("secret"));
    }
    assert!(!json.to_string().contains("<svg"));
    assert!(!chart.contains("style=") && !chart.contains("<script"));
    assert!(chart.contains("role=\"img\"") && chart.contains("class=\"goal\""));
}

#[test]
fn the_most_frequent_wrong_answer_and_the_verdicts_are_named() {
    let report = reports(&site(), &rows(), None).0.pop().unwrap();
    let found = json(&report);
    let criteria = found["tasks"][0]["so_far"]["criteria"].as_array().unwrap();
    let text = |at: usize| criteria[at]["mixup"]["text"].as_str();
    assert_eq!(text(0), Some("gold “yes” was answered “no” in 8 of 80 ratings"));
    assert_eq!(text(1), Some("gold “1” was answered “2” in 20 of 20 ratings"));
    assert_eq!(text(2), None, "flags have no categories to mix up");
    assert!(markdown(&report).contains("Most often apart: gold “yes” was answered “no” in 8 of 80 ratings."));
    assert_eq!(ReportView::of(&report, None).verdicts().as_deref(), Some("2 not yet shown"));
}

#[test]
fn the_trend_of_each_criterion_ends_at_its_figure_of_the_week() {
    for report in reports(&site(), &rows(), None).0 {
        let view = ReportView::of(&report, None);
        let task = &view.tasks[0];
        assert_eq!(task.criteria_trends.len(), task.in_week.criteria.len());
        for (trend, criterion) in task.criteria_trends.iter().zip(&task.in_week.criteria) {
            let newest = trend.points.last().unwrap();
            let figure = &criterion.accuracy.of_asked;
            assert_eq!((&trend.criterion, &newest.week), (&criterion.id, &view.week));
            assert_eq!((newest.point, newest.low, newest.items), (figure.point, figure.low, figure.n_items));
            assert_eq!(newest.undefined, figure.undefined);
        }
        let charts = criterion_charts(&view.cohort_title, task);
        for (trend, chart) in &charts {
            let defined = trend.points.iter().filter(|share| share.point.is_some()).count();
            assert_eq!(chart.as_ref().map_or(0, |svg| svg.matches("<circle").count()), defined);
        }
        assert!(charts.iter().any(|(_, chart)| chart.is_some()));
    }
}

#[test]
fn a_chart_holds_one_week_or_sixty() {
    for weeks in [1, 60] {
        let mut rows = String::from(HEAD);
        for week in 0..weeks {
            let day = date(2026, 1, 5).checked_add(jiff::Span::new().weeks(week)).unwrap();
            rows.push_str(&format!(
                "i{},a-secret,goal,yes,,,,{day},\ni{},b-secret,goal,no,,,,{day},\n",
                week % 40,
                week % 40
            ));
        }
        let (reports, _) = reports(&site(), &rows, None);
        let view = ReportView::of(reports.last().unwrap(), None);
        let chart = trend_chart(&view.cohort_title, &view.tasks[0]).unwrap();
        assert_eq!(chart.matches("<circle").count(), weeks.min(40) as usize, "each gold once");
        let outside = chart
            .split(['"', ' ', 'L', 'M', 'H', 'V'])
            .filter_map(|word| word.parse::<f64>().ok())
            .filter(|number| !(0.0..=640.0).contains(number));
        assert_eq!(outside.count(), 0);
    }
}

#[test]
fn without_ratings_there_is_no_report() {
    let (reports, diagnostics) = reports(&site(), HEAD, None);
    assert!(reports.is_empty() && diagnostics.sorted().is_empty());
}
