//! One table, one set of figures: `agreement`, the report's page and its files say the same of the same ratings.

use crate::support::{Site, tests};
use serde_json::Value;
use std::fmt::Write;

const SETTINGS: &str =
    "title: Both\naudiences: {contractors: [], internal: [contractors]}\ndefault_audience: contractors\n";
const CRITERIA: &str = "criteria:
  - {id: goal, scale: {nominal: [yes, no, unclear]}}
  - {id: severity, scale: {ordinal: [1, 2, 3, 4]}}
  - {id: mistakes, scale: {steps: [wrong]}, tolerance: 1}";

/// One rating: item, rater, value and gold.
type Row = (String, &'static str, &'static str, &'static str);

/// Forty items of which nearly all are alike: every caution applies.
fn goal() -> Vec<Row> {
    let rows = (0..40).flat_map(|item| {
        let gold = if item % 13 == 3 { "no" } else { "yes" };
        let second = if item % 11 == 5 || gold == "no" && item > 20 { "no" } else { "yes" };
        [("a", gold), ("b", second)].map(|(rater, value)| (format!("i{item}"), rater, value, gold))
    });
    rows.collect()
}

/// Sixty items on an ordered scale, three raters, some of whom miss by one.
fn severity() -> Vec<Row> {
    const VALUES: [&str; 4] = ["1", "2", "3", "4"];
    let rows = (0..60).flat_map(|item: usize| {
        let gold = item * 7 % 4;
        let near = |misses: bool| VALUES[if misses { (gold + 1).min(3) } else { gold }];
        let values = [("a", near(item.is_multiple_of(6))), ("b", near(item % 5 == 1)), ("c", near(item % 9 == 2))];
        values.map(|(rater, value)| (format!("i{item}"), rater, value, VALUES[gold]))
    });
    rows.collect()
}

/// A programme with these ratings, and the same ratings as tables of their own.
fn site() -> Site {
    let site = Site::empty();
    let mut gold = String::from("item,criterion,step,value,outcome\n");
    let mut ratings = String::from("item,rater,criterion,step,value,outcome,submission,submitted_at\n");
    let tail = "2026-11-02T08:00:00Z";
    for (criterion, rows) in [("goal", goal()), ("severity", severity())] {
        let mut table = String::from("item,rater,label,gold\n");
        for (item, rater, value, right) in &rows {
            let _ = writeln!(table, "{item},{rater},{value},{right}");
            let _ = writeln!(ratings, "{item},{rater},{criterion},,{value},,,{tail}");
            if *rater == "a" {
                let _ = writeln!(gold, "{item},{criterion},,{right},");
            }
        }
        site.write(&format!("{criterion}.csv"), table);
    }
    let flags = std::fs::read_to_string(tests().join("data/agreement/steps_small.csv")).unwrap();
    for line in flags.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let (item, rater, step) = (cells[0], cells[1], cells[2]);
        let said = if step.is_empty() { ",,none".to_owned() } else { format!("{step},wrong,") };
        let _ = match rater {
            "gold" => writeln!(gold, "{item},mistakes,{said}"),
            _ => writeln!(ratings, "{item},{rater},mistakes,{said},{item}-{rater},{tail}"),
        };
    }
    site.write("flags.csv", flags);
    site.write("goldbook.yaml", SETTINGS);
    site.write("content/tasks/t/task.md", "---\ntitle: T\nitems: trajectory\n---\n\nRate.\n");
    let sections = "## Goal {#goal}\n\n## Severity {#severity}\n\n## Mistakes {#mistakes}\n";
    site.write("content/tasks/t/rubric.md", format!("---\n{CRITERIA}\n---\n\n{sections}"));
    site.write("content/tasks/t/gold.csv", gold);
    site.write("content/cohorts/blue.yaml", "raters: [a, b, c]\n");
    site.write("content/ratings/all.csv", ratings);
    site
}

/// What machines get of a table, and what people do.
struct Answer {
    json: Value,
    text: String,
}

impl Answer {
    fn of(site: &Site, line: &str) -> Self {
        let json = site.ok(&format!("agreement {line} --json")).stdout;
        Self { json: serde_json::from_str(&json).unwrap(), text: site.ok(&format!("agreement {line}")).stdout }
    }

    /// The figure of this name whose arguments have these values.
    fn figure(&self, metric: &str, arguments: &[(&str, &str)]) -> &Value {
        let fits =
            |of: &&Value| of["metric"] == metric && arguments.iter().all(|(key, value)| of["args"][key] == *value);
        self.json["metrics"].as_array().unwrap().iter().find(fits).unwrap_or_else(|| panic!("no {metric}"))
    }
}

/// The report by criterion, and the texts made from the same view.
struct Report {
    criteria: Vec<Value>,
    page: String,
    markdown: String,
    csv: Vec<Vec<String>>,
}

impl Report {
    fn of(site: &Site) -> Self {
        site.ok("build");
        let folder = "public/internal/reports/blue/2026-W45";
        let json: Value = serde_json::from_str(&site.read(&format!("{folder}/report.json"))).unwrap();
        let table = site.read(&format!("{folder}/figures.csv"));
        let mut rows = csv::ReaderBuilder::new().has_headers(false).from_reader(table.as_bytes());
        Self {
            criteria: json["tasks"][0]["so_far"]["criteria"].as_array().unwrap().clone(),
            page: site.read(&format!("{folder}/index.html")),
            markdown: site.read(&format!("{folder}/report.md")),
            csv: rows.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect(),
        }
    }

    /// The cells of a figure so far, by the names of their columns.
    fn cell(&self, criterion: &str, figure: &str, column: &str) -> &str {
        let at = |name: &str| self.csv[0].iter().position(|of| of == name).unwrap();
        let is_row = |row: &&Vec<String>| {
            row[at("span")] == "so-far" && row[at("criterion")] == criterion && row[at("figure")] == figure
        };
        &self.csv.iter().find(is_row).unwrap_or_else(|| panic!("no {criterion} {figure}"))[at(column)]
    }

    /// Holds a figure of the report against that of `agreement`, in every file and in these texts.
    fn check(&self, criterion: &str, name: &str, of: &Value, figure: &Value, texts: &[&String]) {
        let told = format!("{criterion} {name}: {of} {figure}");
        assert!(figure["value"].is_f64() && figure["interval"].is_object(), "{told}");
        for (mine, theirs) in [("point", "value"), ("low", "low"), ("high", "high"), ("method", "method")] {
            let theirs = if theirs == "value" { &figure[theirs] } else { &figure["interval"][theirs] };
            assert!(is_same(&of[mine], theirs), "{mine} of {told}");
            let cell = self.cell(criterion, name, mine);
            let written = cell.parse::<f64>().map_or_else(|_| Value::from(cell), Value::from);
            assert!(is_same(&written, theirs), "{mine} of {told}: {cell}");
        }
        let (value, interval) = (of["value"].as_str().unwrap(), of["interval"].as_str().unwrap());
        for text in texts {
            assert!(text.contains(value) && text.contains(interval), "{value}, {interval} in\n{text}");
        }
    }
}

/// The same text, or the same number: sums are taken in the order in which items were met, which may round otherwise.
fn is_same(mine: &Value, theirs: &Value) -> bool {
    match (mine.as_f64(), theirs.as_f64()) {
        (Some(mine), Some(theirs)) => (mine - theirs).abs() < 1e-12,
        _ => mine == theirs,
    }
}

/// Every caution of a criterion, in order.
fn cautions(of: &Value) -> Vec<&str> {
    let lists = [&of["agreement"]["cautions"], &of["remarks"]].map(|list| list.as_array().unwrap());
    let [agreement, gold] = lists.map(|list| list.iter().filter_map(Value::as_str));
    agreement.chain(of["accuracy"]["of_asked"]["remark"].as_str()).chain(gold).collect()
}

#[test]
fn a_table_has_the_same_figures_intervals_and_cautions_everywhere() {
    let site = site();
    let report = Report::of(&site);
    let tables = [
        ("goal", "nominal", "identity", "unweighted", "goal.csv --categories yes,no,unclear"),
        ("severity", "ordinal", "quadratic", "quadratic", "severity.csv --level ordinal --categories 1,2,3,4"),
    ];
    for (place, (criterion, level, weights, kappa, line)) in tables.into_iter().enumerate() {
        let (of, answer) = (&report.criteria[place], Answer::of(&site, line));
        assert_eq!(of["id"], criterion);
        let agreement = &of["agreement"];
        let texts = [&answer.text, &report.page, &report.markdown];
        let check = |name: &str, of: &Value, figure: &Value, shown: bool| {
            report.check(criterion, name, of, figure, if shown { &texts } else { &texts[..1] });
        };
        let raw = answer.figure("percent_agreement", &[("averaging", "item")]);
        check("agreement", &agreement["raw"], raw, true);
        check("alpha", &agreement["alpha"], answer.figure("krippendorff_alpha", &[("level", level)]), true);
        let prevails = agreement["prevails"].as_bool().unwrap();
        check("ac", &agreement["ac"], answer.figure("gwet_ac", &[("weights", weights)]), prevails);
        let everybody = ("rater", "*all*");
        check("kappa", &of["kappa"], answer.figure("kappa_vs_gold", &[everybody, ("weights", kappa)]), true);
        assert!(answer.text.contains(of["kappa_name"].as_str().unwrap()), "{}", answer.text);
        for (name, share) in [("right-of-answered", "of_answered"), ("accuracy", "of_asked")] {
            check(name, &of["accuracy"][share], answer.figure("accuracy", &[everybody]), true);
        }
        let found = cautions(of);
        let said = answer.json["cautions"].as_array().map_or(&[][..], Vec::as_slice);
        assert_eq!(said.iter().map(|caution| caution["text"].as_str().unwrap()).collect::<Vec<_>>(), found);
        assert_eq!(found.len(), [4, 0][place], "{found:?}");
        let cells = ["alpha", "accuracy"].map(|name| report.cell(criterion, name, "caution")).concat();
        for caution in found {
            for text in [&answer.text, &report.page, &report.markdown, &cells] {
                assert!(text.contains(caution), "{caution} in\n{text}");
            }
        }
        let table = answer.figure("confusion_vs_gold", &[everybody])["value"].as_array().unwrap();
        let rows = of["confusion"]["rows"].as_array().unwrap();
        let of_gold = |row: &&Value| row.as_array().unwrap().iter().any(|count| *count != 0);
        let found: Vec<&Value> = table.iter().filter(of_gold).collect();
        assert_eq!(found, rows.iter().map(|row| &row["counts"]).collect::<Vec<_>>());
        assert!(is_same(&of["constant"]["share"], &answer.figure("constant_answer_accuracy", &[])["value"]));
    }
}

#[test]
fn flags_have_the_same_figures_in_a_table_and_in_a_report() {
    let site = site();
    let report = Report::of(&site);
    let answer = Answer::of(&site, "flags.csv --steps --tolerance 1");
    let of = &report.criteria[2]["detection"];
    for name in ["precision", "recall", "f1"] {
        let figure = answer.figure(&format!("step_{name}"), &[("rater", "*all*")]);
        report.check("mistakes", name, &of[name], figure, &[&report.page, &report.markdown]);
        let (value, interval) = (of[name]["value"].as_str().unwrap(), of["f1"]["interval"].as_str().unwrap());
        assert!(
            answer.text.contains(value) && answer.text.contains(interval),
            "{value}, {interval} in {}",
            answer.text
        );
    }
    assert!(is_same(&of["blind"], &answer.figure("step_blind_f1", &[])["value"]));
}

#[test]
fn another_rule_is_had_by_asking_and_no_sample_is_drawn_unasked() {
    let site = site();
    let methods = |options: &str| -> Vec<String> {
        let answer = Answer::of(&site, &format!("goal.csv {options}"));
        assert_eq!(answer.text.contains("Bootstrap: "), options.contains("bootstrap"), "{}", answer.text);
        let figures = ["percent_agreement", "krippendorff_alpha", "gwet_ac"].map(|name| answer.figure(name, &[]));
        figures.map(|figure| figure["interval"]["method"].as_str().unwrap().to_owned()).to_vec()
    };
    assert_eq!(methods(""), ["ABC interval, items as units"; 3]);
    assert_eq!(methods("--interval bootstrap --bootstrap 500"), ["BCa bootstrap over items"; 3]);
    let linearised = "t interval with a linearised standard error, items as units";
    assert_eq!(methods("--interval linearised"), [linearised; 3]);
}
