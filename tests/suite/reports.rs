//! Ratings to reports, through the program as a data lead types it.

use crate::programme::{self, Size};
use crate::support::{Site, shared};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fmt::Write;
use std::io::Write as _;
use std::path::Path;

const WEEK: &str = "content/ratings/week.csv";

fn json(site: &Site, line: &str) -> Value {
    let run = site.ok(&format!("report {line} --json"));
    serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {}", run.stdout))
}

/// All that a report says, but for the names of files.
fn figures(site: &Site) -> Value {
    let mut report = json(site, "blue");
    report["ledger"]["files"].as_array_mut().unwrap().iter_mut().for_each(|file| file["file"] = Value::Null);
    report
}

#[test]
fn a_report_says_who_stands_behind_it_and_a_vendors_own_does_not() {
    let site = Site::base();
    site.edit("goldbook.yaml", "leads: [internal]", "leads: [internal], blue: [contractors]");
    site.write("goldbook.yaml", site.read("goldbook.yaml") + "editions: {blue: blue}\n");
    let cohort = "content/cohorts/blue.yaml";
    site.write(cohort, site.read(cohort) + "interests: Blue belongs to the maker of *one* agent.\n");
    site.ok("release check-run --version 1.0.0 -m First --date 2026-10-01");
    site.ok("build");
    let read = |audience: &str, file: &str| site.read(&format!("public/{audience}/reports/blue/2026-W46/{file}"));
    let page = read("leads", "index.html");
    for said in [
        "<li>The raters are contracted by Blue.</li>",
        "<li>Interests of the cohort, as declared: Blue belongs to the maker of *one* agent.</li>",
        "<li>Check a run: nobody who is named answers for it. No interests of the task are declared.</li>",
        "<li>Its gold on items that were rated: 4 answers (2 adjudicated, 2 consensus), 2 of which name who made them: 1 person.</li>",
    ] {
        assert!(page.contains(said), "{said} is not in {page}");
    }
    assert!(
        read("leads", "report.md")
            .contains("- Interests of the cohort, as declared: Blue belongs to the maker of \\*one\\* agent.")
    );
    for file in ["index.html", "report.md", "report.json"] {
        let text = read("blue", file);
        assert!(!text.contains("Who stands behind") && !text.contains("made by"), "{file}: {text}");
    }
}

#[test]
fn a_comment_is_hidden_by_its_place_and_the_report_says_so() {
    let site = Site::base();
    site.write(
        "content/ratings/weeks/46.csv",
        "task,item,rater,criterion,value,submitted_at,comment\n\
         check-run,run-5,b-01,reached,no,2026-11-10T10:00:00Z,Ask my colleague.\n\
         check-run,run-5,b-02,reached,no,2026-11-10T11:00:00Z,\"Two lines,\nand a comma.\"\n\
         check-run,run-5,b-03,reached,yes,2026-11-10T12:00:00Z,It answers.\n",
    );
    site.ok("release check-run --version 1.0.0 -m First --date 2026-10-01");
    site.ok("build");
    let read = |file: &str| site.read(&format!("public/leads/reports/blue/2026-W46/{file}"));
    let shown = "<li>“Ask my colleague.” <span class=\"fine\">weeks/46.csv:2</span></li>";
    assert!(read("index.html").contains(shown), "{}", read("index.html"));
    let settings = site.read("goldbook.yaml");
    let hidden = "{weeks/46.csv:2: names a colleague, 'content/ratings/weeks/46.csv:3': long, 46.csv:9: x, weeks: y}";
    site.write("goldbook.yaml", format!("{settings}hidden_comments: {hidden}\n"));
    let checked = site.run("check");
    assert!(checked.stderr.contains("`weeks` is no place of a comment"), "{}", checked.stderr);
    site.write("goldbook.yaml", format!("{settings}hidden_comments: {}\n", hidden.replace(", weeks: y", "")));
    let built = site.ok("build");
    let told = "warning[hides-no-comment]: no comment of a rating that counts stands at `46.csv:9`";
    assert!(built.stderr.contains(told), "{}", built.stderr);
    for file in ["index.html", "report.json", "report.md"] {
        let text = read(file);
        assert!(!text.contains("colleague") && !text.contains("a comma"), "{file}: {text}");
        assert!(text.contains("2 comments of raters that the data lead keeps from every page."), "{file}: {text}");
        assert!(text.contains("It answers."), "{file}: the others stay");
    }
    site.ok("export ratings -o all.csv");
    assert!(site.read("all.csv").contains("Ask my colleague."), "the row stays as it is");
}

#[test]
fn the_page_and_the_terminal_say_the_same() {
    let site = Site::sealed();
    site.ok("build");
    let folder = "public/leads/reports/blue/2026-W46";
    let page: Value = serde_json::from_str(&site.read(&format!("{folder}/report.json"))).unwrap();
    assert_eq!(page["tasks"][0]["so_far"], json(&site, "blue")["tasks"][0]["so_far"]);
    assert_eq!(site.read(&format!("{folder}/report.md")), site.ok("report blue").stdout);
    for file in ["index.html", "figures.csv", "confusion.csv", "trend.csv", "rows.csv"] {
        assert!(site.has(&format!("{folder}/{file}")), "{file}");
    }
    assert!(!site.has("public/contractors/reports") && !site.has("public/internal/reports"));
}

/// The amount of a line of time and cost, and what it could be.
fn cost(site: &Site, id: &str, span: &str) -> Option<[Option<f64>; 3]> {
    let report = json(site, "blue");
    let lines = report["tasks"][0]["cost"].as_array().unwrap().clone();
    let figure = &lines.iter().find(|line| line["id"] == id)?[span];
    Some(["point", "low", "high"].map(|key| figure[key].as_f64()))
}

#[test]
fn a_report_says_what_work_takes_and_costs_where_that_is_known() {
    let site = Site::base();
    site.write(
        WEEK,
        "task,item,rater,criterion,value,submission,status,submitted_at,seconds\n\
         check-run,run-5,b-01,reached,yes,s-1,accepted,2026-11-03T10:00:00Z,600\n\
         check-run,run-5,b-02,reached,no,s-2,rejected,2026-11-03T11:00:00Z,300\n\
         check-run,run-6,b-01,reached,no,s-3,,2026-11-12T10:00:00Z,300\n\
         check-run,run-6,b-01,severity,2,s-3,,2026-11-12T10:00:00Z,300\n",
    );
    // Three submissions with four ratings; of two that have gold one is right.
    assert_eq!(cost(&site, "time-of-item", "so_far"), Some([Some(300.0), None, None]));
    assert_eq!(cost(&site, "time-of-rating", "so_far"), Some([Some(300.0), None, None]));
    assert_eq!(cost(&site, "time-of-rating", "in_week"), Some([Some(150.0), None, None]));
    let [point, low, high] = cost(&site, "time-of-right-rating", "so_far").unwrap();
    // One right of two: hardly any might be, so that there is no upper end.
    assert!(point == Some(600.0) && low.unwrap() < 600.0 && high.is_none(), "{point:?} {low:?} {high:?}");
    // Nothing of the week has gold.
    assert_eq!(cost(&site, "time-of-right-rating", "in_week").unwrap()[0], None);
    assert_eq!(cost(&site, "paid", "so_far"), None);

    // Two submissions are not rejected. Each is paid as the version says that it was made under.
    site.edit("content/tasks/check-run/task.md", "title:", "pay: 30 USD\ntitle:");
    let paid = |line: &str, span: &str| cost(&site, line, span).map(|[point, ..]| point.unwrap());
    let amounts = ["paid", "cost-of-item", "cost-of-rating", "cost-of-right-rating"].map(|line| paid(line, "so_far"));
    assert_eq!(amounts, [60.0, 30.0, 15.0, 30.0].map(Some));
    assert_eq!(paid("cost-of-rating", "in_week"), Some(15.0));
    site.ok("release check-run --version 1.0.0 -m First --date 2026-10-01");
    site.edit("content/tasks/check-run/task.md", "pay: 30 USD", "pay: 50 USD");
    site.ok("release check-run --version 1.1.0 -m More --date 2026-11-09");
    assert_eq!((paid("paid", "so_far"), paid("paid", "in_week")), (Some(80.0), Some(50.0)));
    // A submission whose rows fall into two weeks is paid once.
    let rows = site.read(WEEK);
    site.write(WEEK, rows.replace("severity,2,s-3,,2026-11-12T10", "severity,2,s-3,,2026-11-17T10"));
    assert_eq!(paid("paid", "so_far"), Some(80.0));
    site.write(WEEK, rows);
    // Money of two kinds does not add up, nor does what is no amount.
    site.edit("content/tasks/check-run/task.md", "pay: 50 USD", "pay: 50 EUR");
    site.ok("release check-run --version 1.2.0 -m Other --date 2026-11-10");
    assert_eq!((cost(&site, "paid", "so_far").unwrap()[0], paid("paid", "in_week")), (None, Some(50.0)));
    // What the cohort says of itself stands.
    let cohort = site.read("content/cohorts/blue.yaml");
    site.write("content/cohorts/blue.yaml", format!("{cohort}pay: $12.50\n"));
    assert_eq!(paid("paid", "so_far"), Some(25.0));
    let text = site.ok("report blue").stdout;
    assert!(text.contains(r"| Paid | \$12.50; 1 submission | \$25; 2 submissions |"), "{text}");
    site.write("content/cohorts/blue.yaml", format!("{cohort}pay: by agreement\n"));
    assert_eq!(cost(&site, "paid", "so_far"), None);

    site.edit("goldbook.yaml", "leads: [internal]", "leads: [internal], blue: [contractors]");
    site.write("goldbook.yaml", site.read("goldbook.yaml") + "editions: {blue: blue}\n");
    site.write("content/cohorts/blue.yaml", format!("{cohort}pay: $12.50\n"));
    site.ok("build");
    let read = |audience: &str, file: &str| site.read(&format!("public/{audience}/reports/blue/2026-W46/{file}"));
    assert!(read("leads", "index.html").contains("<h3 id=\"page/cost/check-run\">Time and cost</h3>"));
    assert!(read("leads", "figures.csv").contains("blue,2026-W46,check-run,so-far,,,cost-of-item,12.5,"));
    for file in ["index.html", "report.md", "figures.csv"] {
        assert!(!read("blue", file).contains("ime and cost") && !read("blue", file).contains("12.5"), "{file}");
    }
}

#[test]
fn a_week_counts_its_own_ratings_and_so_far_all_of_them() {
    let site = Site::sealed();
    let first = json(&site, "blue --week 2026-W45");
    let second = json(&site, "blue --week 2026-W46");
    let asked = |report: &Value, span: &str| report["tasks"][0][span]["overall"]["asked"].as_u64().unwrap();
    assert_eq!((asked(&first, "in_week"), asked(&first, "so_far")), (2, 2));
    assert_eq!((asked(&second, "in_week"), asked(&second, "so_far")), (2, 4));
    let overall = &second["tasks"][0]["so_far"]["overall"];
    assert_eq!((overall["answered"].as_u64(), overall["right"].as_u64()), (Some(3), Some(2)));
    assert_eq!(second["tasks"][0]["bar"]["parts"][0]["verdict"], "not-yet-shown");
}

#[test]
fn ratings_later_than_the_day_are_left_out() {
    let site = Site::sealed();
    let report = json(&site, "blue --date 2026-11-04");
    assert_eq!(report["week"], "2026-W45");
    assert_eq!(report["tasks"][0]["so_far"]["overall"]["asked"], 2);
}

#[test]
fn every_form_of_the_table_gives_the_same_figures() {
    let plain = Site::sealed();
    let expected = figures(&plain);
    let table = plain.read(WEEK);
    let gz = || {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(table.as_bytes()).unwrap();
        encoder.finish().unwrap()
    };
    let forms: [(&str, Vec<u8>); 4] = [
        ("week.csv.gz", gz()),
        ("week.csv.zst", zstd::encode_all(table.as_bytes(), 1).unwrap()),
        ("week.jsonl", jsonl(&table).into_bytes()),
        ("week.csv", format!("\u{feff}{}", table.replace('\n', "\r\n")).into_bytes()),
    ];
    for (name, bytes) in forms {
        let site = Site::sealed();
        std::fs::remove_file(site.path().join(WEEK)).unwrap();
        site.write(&format!("content/ratings/{name}"), bytes);
        assert_eq!(figures(&site), expected, "{name}");
    }
}

fn jsonl(table: &str) -> String {
    let mut lines = table.lines();
    let columns: Vec<&str> = lines.next().unwrap().split(',').collect();
    let mut out = String::new();
    for line in lines {
        let cells = columns.iter().zip(line.split(',')).filter(|(_, cell)| !cell.is_empty());
        let object: serde_json::Map<String, Value> =
            cells.map(|(column, cell)| ((*column).to_owned(), Value::from(cell))).collect();
        let _ = writeln!(out, "{}", Value::Object(object));
    }
    out
}

#[test]
fn rows_that_cannot_be_used_are_counted_with_their_places() {
    let site = Site::sealed();
    let bad = "check-run,run-3,b-03,reached,perhaps,,,,s-9,2026-11-11T10:00:00Z,60\n\
               check-run,run-3,b-03,colour,blue,,,,s-9,2026-11-11T10:00:00Z,60\n\
               check-run,run-3,b-03,reached,,,,,s-9,2026-11-11T10:00:00Z,60\n";
    site.write(WEEK, format!("{}{bad}", site.read(WEEK)));
    let run = site.ok("build");
    assert_eq!(run.stderr.matches("rejected-ratings").count(), 3, "{}", run.stderr);
    assert!(run.stderr.contains("perhaps") && run.stderr.contains("week.csv:7"), "{}", run.stderr);
    let notes = json(&site, "blue")["notes"].to_string();
    assert!(notes.contains("week.csv:7") && notes.contains("week.csv:8"), "{notes}");
    assert_eq!(site.run("build --strict").code, 1);
}

#[test]
fn a_later_submission_replaces_an_earlier_one_whole() {
    let site = Site::sealed();
    let again = "check-run,run-3,b-02,reached,no,,,,s-20,2026-11-04T11:00:00Z,500\n";
    site.write(WEEK, format!("{}{again}", site.read(WEEK)));
    let report = json(&site, "blue");
    let overall = &report["tasks"][0]["so_far"]["overall"];
    assert_eq!((overall["asked"].as_u64(), overall["right"].as_u64()), (Some(4), Some(3)));
}

#[test]
fn what_is_not_there_is_said_with_a_way_out() {
    let site = Site::sealed();
    let run = site.run("report bleu");
    assert_eq!(run.code, 1);
    assert!(run.stderr.contains("did you mean `blue`?"), "{}", run.stderr);
    let run = site.run("report blue --week 2026-W01");
    assert_eq!(run.code, 1);
    assert!(run.stderr.contains("`2026-W45` or `2026-W46`"), "{}", run.stderr);
}

/// Snow et al. 2008, word senses: 177 items, 10 answers each, gold for every item; 98.2 % is published.
#[test]
fn a_published_set_gives_its_published_accuracy() {
    let Some(source) = shared("samples/ratings/snow2008-wsd/wsd.standardized.csv") else { return };
    let table = std::fs::read_to_string(source).unwrap();
    let rows: Vec<Vec<&str>> = table.lines().skip(1).map(|line| line.split('\t').collect()).collect();
    let right = rows.iter().filter(|row| row[3] == row[4]).count();
    let raters: BTreeSet<&str> = rows.iter().map(|row| row[1]).collect();
    let gold: BTreeSet<(&str, &str)> = rows.iter().map(|row| (row[2], row[4])).collect();

    let site = Site::empty();
    site.write(
        "goldbook.yaml",
        "title: Senses\naudiences: {contractors: [], internal: [contractors]}\ndefault_audience: contractors\n",
    );
    site.write("content/tasks/senses/task.md", "---\ntitle: Senses\nitems: text\n---\n\nChoose.\n");
    site.write(
        "content/tasks/senses/rubric.md",
        "---\ncriteria:\n  - {id: sense, scale: {nominal: [1, 2, 3]}}\nbar:\n  - {figure: accuracy, at_least: 0.9}\n---\n\n## Sense {#sense}\n",
    );
    let list: Vec<&str> = raters.iter().copied().collect();
    site.write("content/cohorts/crowd.yaml", format!("raters: [{}]\n", list.join(", ")));
    let mut text = String::from("item,criterion,value,by,method\n");
    for (item, value) in &gold {
        let _ = writeln!(text, "{item},sense,{value},authors,adjudicated");
    }
    site.write("content/tasks/senses/gold.csv", text);
    let mut text = String::from("item,rater,criterion,value,submitted_at\n");
    for row in &rows {
        let _ = writeln!(text, "{},{},sense,{},2019-03-25T12:00:00Z", row[2], row[1], row[3]);
    }
    site.write("content/ratings/all.csv", text);

    let report = json(&site, "crowd");
    let overall = &report["tasks"][0]["so_far"]["overall"];
    let figure = &overall["of_answered"];
    assert_eq!(overall["right"].as_u64(), Some(right as u64));
    let expected = right as f64 / rows.len() as f64;
    assert!((figure["point"].as_f64().unwrap() - expected).abs() < 1e-12, "{figure}");
    assert!((expected - 0.982).abs() < 5e-4);
    let n = |key: &str| figure[key].as_u64().unwrap();
    assert_eq!((n("n_ratings"), n("n_items"), n("n_raters")), (1770, 177, 34));
    assert!(figure["low"].as_f64() < figure["point"].as_f64() && figure["point"].as_f64() < figure["high"].as_f64());
    assert!(figure["design_effect_items"].as_f64().unwrap() > 1.0, "errors gather on items: {figure}");
    assert_eq!(report["tasks"][0]["bar"]["parts"][0]["verdict"], "meets");
    assert!(report.to_string().contains("`2`"), "the rare class is named");
}

/// The figures of a week come from those before it and what the week changed; made on its last day, they come from the
/// ratings until then alone.
#[test]
fn a_week_among_many_has_the_report_that_was_made_on_its_last_day() {
    let site = Site::empty();
    let size = Size { rows: 5_000, raters: 40, weeks: 6, gold: 40, items: 120 };
    programme::write(site.path(), size, Path::new(env!("CARGO_BIN_EXE_goldbook")));
    for cohort in ["atlas", "borealis"] {
        for week in ["2026-W02", "2026-W03", "2026-W04", "2026-W06"] {
            let among_many = json(&site, &format!("{cohort} --week {week}"));
            let until = among_many["until"].as_str().unwrap();
            let made_then = json(&site, &format!("{cohort} --date {until}"));
            assert_eq!(made_then["week"], week);
            assert_ne!(among_many["tasks"][0]["so_far"]["overall"]["asked"], 0);
            assert_eq!(among_many["tasks"], made_then["tasks"], "{cohort} {week}");
        }
    }
}

#[test]
fn every_row_is_accounted_for_and_every_rejected_one_is_written() {
    let site = Site::sealed();
    let wrong: String = (0..12).map(|item| format!("check-run,run-{item},b-01,reached,maybe\n")).collect();
    let rows =
        format!("task,item,rater,criterion,value\n{wrong}check-run,run-1,stranger,reached,yes\ncheck-run,run-1\n");
    site.write("content/ratings/wrong.csv", &rows);
    let checked: Value = serde_json::from_str(&site.ok("check --rejects rejects.csv --json").stdout).unwrap();
    let told = |became: &str| checked["ratings"]["files"][1][became].as_u64().unwrap();
    assert_eq!(["rows", "used", "no_cohort", "rejected"].map(told), [14, 0, 1, 13]);
    let rejects = site.read("rejects.csv");
    assert_eq!(rejects.lines().count(), 14, "{rejects}");
    let last = "content/ratings/wrong.csv,13,value-off-scale,`maybe` is not on the scale of `reached`,run-11,b-01,reached,maybe";
    assert!(rejects.contains(last) && rejects.contains("wrong.csv,15,unreadable-row,"), "{rejects}");

    site.ok("build");
    let folder = "public/leads/reports/blue/2026-W46";
    let page: Value = serde_json::from_str(&site.read(&format!("{folder}/report.json"))).unwrap();
    let table = site.read(&format!("{folder}/rows.csv"));
    for file in page["ledger"]["files"].as_array().unwrap() {
        let parts = ["used", "replaced", "withdrawn", "no_cohort", "rejected"];
        let sum: u64 = parts.iter().map(|part| file[part].as_u64().unwrap()).sum();
        let of_file = table.lines().filter(|line| line.contains(file["file"].as_str().unwrap()));
        let listed: u64 = of_file.map(|line| line.rsplit(',').next().unwrap().parse::<u64>().unwrap()).sum();
        assert_eq!([file["rows"].as_u64(), Some(listed)], [Some(sum); 2], "{file}");
    }
    // Of the items with gold, run-3 is answered by another row; the invalid answers to run-4 and run-5 are asked.
    let overall = &page["tasks"][0]["so_far"]["overall"];
    assert_eq!([&overall["asked"], &overall["answered"], &overall["right"]], [6, 3, 2]);
    let [all, of_all] = ["rows", "rejected"].map(|part| page["ledger"]["all"][part].as_u64().unwrap());
    assert_eq!((all, of_all), (19, 13));
    assert!(
        site.read(&format!("{folder}/index.html")).contains("<th scope=\"row\">All</th><td class=\"number\">19</td>")
    );
    assert!(site.read(&format!("{folder}/report.md")).contains("| All | 19 | 5 | 0 | 0 | 1 | 13 |"));
}

#[test]
fn a_file_that_cannot_be_read_at_all_leaves_reports_as_they_were_and_is_left_out_only_on_purpose() {
    let site = Site::sealed();
    site.ok("build");
    let page = "public/leads/reports/blue/2026-W46/report.md";
    let before = site.read(page);
    site.write("content/ratings/broken.csv", b"PAR1");
    let rows = site.read(WEEK).replace("run-5,b-02,reached,yes", "run-5,b-02,reached,no");
    site.write(WEEK, rows);
    site.write("content/pages/welcome.md", "# Welcome\n\nNews for everybody.\n");
    let run = site.run("build");
    assert!(run.code == 1 && run.stderr.contains("error[unread-ratings]"), "{} {}", run.code, run.stderr);
    assert!(run.stdout.contains("contractors: ") && !run.stdout.contains("leads: "), "{}", run.stdout);
    assert!(site.read("public/contractors/pages/welcome/index.html").contains("News for everybody."));
    assert_eq!(site.read(page), before);
    for command in ["report blue", "check", "publish blue"] {
        assert_eq!(site.run(command).code, 1, "{command}");
    }
    site.ok("build --without content/ratings/broken.csv");
    let after = site.read(page);
    assert!(after != before && after.contains("Made without content/ratings/broken.csv"), "{after}");
    let raters = site.read("public/leads/reports/blue/raters/index.html");
    assert!(raters.contains("leaves ratings out on purpose: content/ratings/broken.csv."), "{raters}");
    let slip = site.run("build --without content/ratings/brokn.csv");
    assert!(slip.code == 2 && slip.stderr.contains("did you mean"), "{} {}", slip.code, slip.stderr);
}

#[test]
fn a_new_site_shows_a_verdict_an_open_bar_a_fall_and_a_rater_to_find() {
    let site = Site::empty();
    site.ok("init");
    let first = site.ok("report first-cohort").stdout;
    assert!(first.contains("accuracy of at least 80 %: meets the bar."), "{first}");
    assert!(first.contains("Nothing is shown to have fallen or risen."), "{first}");
    let second = site.ok("report second-cohort").stdout;
    assert!(second.contains("accuracy of at least 80 %: not yet shown."), "{second}");
    assert!(second.contains("by correct has been lower since about 2026-W41"), "{second}");
    // Weeks lie ahead of no clock, so that they can be published at once.
    site.ok("publish --all 2026-W44");
    site.ok("build --strict");
    let raters = site.read("public/internal/reports/second-cohort/raters/raters.csv");
    let misread = raters.lines().find(|line| line.contains("gold “no” answered “yes” 10 of 12 times"));
    assert!(misread.is_some_and(|line| line.contains(",s-05,")), "{raters}");
    let list = site.read("public/internal/reports/index.html");
    let (above, below) = list.split_once("Second cohort").unwrap();
    assert!(above.contains("<span class=\"word meets\">meets the bar</span>"), "{above}");
    assert!(above.contains("<title>95.0 % in 2026-W37, 100 % in 2026-W44</title>"), "{above}");
    assert!(below.contains("<span class=\"word not-yet-shown\">not yet shown</span>"), "{below}");
    // What is made up can be made again, to the byte.
    let made = site.read("content/ratings/autumn.csv");
    site.ok("simulate simulations/autumn.yaml -o content/ratings/autumn.csv --force");
    assert_eq!(site.read("content/ratings/autumn.csv"), made);
}

#[test]
fn report_json_is_what_its_schema_says_and_nothing_else() {
    let mut schema: Value = serde_json::from_str(&Site::empty().ok("schema report").stdout).unwrap();
    assert!(jsonschema::draft7::meta::is_valid(&schema));
    forbid_more(&mut schema);
    let schema = jsonschema::draft7::new(&schema).unwrap();
    let sample = Site::empty().with_folder("content", &Path::new(env!("CARGO_MANIFEST_DIR")).join("content"));
    sample.write("goldbook.yaml", std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/goldbook.yaml")).unwrap());
    let mut reports = 0;
    for site in [Site::sealed(), sample] {
        site.ok("build");
        for file in site.files("public").into_iter().filter(|path| path.ends_with("report.json")) {
            let report: Value = serde_json::from_str(&site.read(&format!("public/{file}"))).unwrap();
            let errors: Vec<String> = schema.iter_errors(&report).map(|error| error.to_string()).collect();
            assert!(errors.is_empty(), "{file}: {errors:?}");
            reports += 1;
        }
    }
    assert!(reports > 20, "{reports}");
}

/// Makes a schema refuse keys that it does not describe, and looks that it says of each what it is.
fn forbid_more(schema: &mut Value) {
    if let Some(keys) = schema.get("properties").and_then(Value::as_object) {
        for (key, of) in keys {
            assert!(of["description"].as_str().is_some_and(|about| !about.is_empty()), "{key}");
        }
        schema["additionalProperties"] = Value::Bool(false);
    }
    match schema {
        Value::Object(parts) => parts.values_mut().for_each(forbid_more),
        Value::Array(parts) => parts.iter_mut().for_each(forbid_more),
        _ => {}
    }
}
