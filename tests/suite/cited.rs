//! Rules that gold cites: from the sentence to the gold answer, and from the ratings back to the sentence.

use crate::browser::client::{Browser, View};
use crate::browser::{assert_flawless, file_url, keep};
use crate::support::Site;
use serde_json::Value;

const RUBRIC: &str = "content/tasks/check-run/rubric.md";
const REPORT: &str = "public/leads/reports/blue/2026-W46";

/// The base with two rules, one of them for some readers only, and gold that cites them, sealed.
fn site() -> Site {
    let site = Site::base();
    let rules = "> [!RULE] next-day\n> What counts is what is found **on the next day**.\n\n\
                 > [!INTERNAL]\n> Of experts:\n>\n> > [!RULE] of-experts\n> > A purple rule.\n";
    site.edit(RUBRIC, "{#reached}\n", &format!("{{#reached}}\n\n{rules}"));
    let cites = |file: &str, cited: &str| {
        let path = format!("content/tasks/check-run/examples/{file}.md");
        site.edit(&path, "value: no, ", &format!("value: no, rule: {cited}, "));
    };
    cites("worked", "[rubric#next-day, rubric.md#of-experts]");
    cites("practice", "rubric#next-day");
    cites("tested", "rubric#next-day");
    site.write(
        "content/tasks/check-run/gold.csv",
        "item,criterion,value,outcome,by,method,made_at,reason,rule\n\
         run-5,reached,yes,,ex-1,consensus,2026-10-01,It answers.,rubric#next-day|rubric#of-experts\n\
         run-5,mistakes,,none,ex-1,consensus,2026-10-01,Nothing.,rubric#mistakes\n",
    );
    site.write(
        "content/ratings/week.csv",
        "task,item,rater,criterion,value,outcome,submission,submitted_at,comment\n\
         check-run,run-3,b-01,reached,no,,s-1,2026-11-03T10:00:00Z,\n\
         check-run,run-3,b-02,reached,yes,,s-2,2026-11-03T11:00:00Z,It runs now.\n\
         check-run,run-5,b-02,reached,yes,,s-3,2026-11-10T11:00:00Z,\n\
         check-run,run-5,b-03,reached,,unsure,s-4,2026-11-10T12:00:00Z,Which day?\n\
         check-run,run-5,b-03,mistakes,,none,s-4,2026-11-10T12:00:00Z,\n",
    );
    site.ok("release check-run --version 1.0.0 -m First --date 2026-10-01");
    site.ok("build");
    site
}

#[test]
fn gold_leads_to_the_sentence_that_it_was_decided_by() {
    let site = site();
    for part in ["tasks/check-run/rubric/index.html", "tasks/check-run/v/1.0.0/rubric/index.html"] {
        let rubric = site.read(&format!("public/contractors/{part}"));
        let rule = "<blockquote class=\"alert rule\" id=\"next-day\">\n<p><strong>Rule next-day</strong>\n\
                    What counts is what is found <strong>on the next day</strong>.</p>\n</blockquote>";
        assert!(rubric.contains(rule), "{part}: {rubric}");
        assert!(!rubric.contains("of-experts"), "{part}");
    }
    let worked = "tasks/check-run/examples/worked/index.html";
    let link = "<a href=\"../../rubric/index.html#next-day\">next-day</a>";
    let shown = site.read(&format!("public/contractors/{worked}"));
    assert!(shown.contains(&format!("<p>By {link}</p>")), "{shown}");
    let all = site.read(&format!("public/internal/{worked}"));
    assert!(all.contains(&format!("{link}, <a href=\"../../rubric/index.html#of-experts\">of-experts</a>")), "{all}");
    let text = |audience: &str| site.read(&format!("public/{audience}/tasks/check-run/v/1.0.0/instructions.md"));
    assert!(text("contractors").contains("- `reached`: `no`, by rubric#next-day: The last command fails."));
    assert!(text("internal").contains("by rubric#next-day and rubric#of-experts"), "{}", text("internal"));
    for file in site.files("public/contractors") {
        assert!(!file.ends_with(".md") || !site.read(&format!("public/contractors/{file}")).contains("of-experts"));
    }
}

#[test]
fn pages_with_rules_are_flawless_and_practice_leads_to_them() {
    let site = site();
    let browser = Browser::launch().unwrap();
    for (path, name) in [
        ("contractors/tasks/check-run/rubric", "rule"),
        ("contractors/tasks/check-run/examples/worked", "rule-cited"),
        ("contractors/tasks/check-run/practice/practice", "rule-practised"),
        ("leads/reports/blue/2026-W46", "rule-reported"),
    ] {
        let url = file_url(&site.path().join("public").join(path).join("index.html"));
        for (width, dark) in [(360, false), (1400, true)] {
            let mut page = browser.open(&url, &View { width, height: 900, dark, scripts: true, print: false });
            if name == "rule-practised" {
                let submit = "document.querySelector('[data-act=submit]').click()";
                page.eval(&format!(
                    "document.querySelector('input[name=reached][value=yes]').click(); {submit}; {submit}"
                ));
                let link = "document.querySelector('.beside a').getAttribute('href')";
                assert_eq!(page.eval(link), "../../rubric/index.html#next-day");
            }
            page.eval("document.querySelectorAll('details.look').forEach(details => (details.open = true))");
            assert_flawless(&mut page, path);
            assert!(!page.scroll_width_exceeds(), "{path}");
            keep(&mut page, &format!("{name}-{width}"));
        }
    }
}

#[test]
fn misses_doubts_and_comments_are_counted_by_rule() {
    let site = site();
    let report: Value = serde_json::from_str(&site.read(&format!("{REPORT}/report.json"))).unwrap();
    let looks = report["tasks"][0]["look"].as_array().unwrap();
    let rules: Vec<&Value> = looks.iter().flat_map(|look| look["rules"].as_array().unwrap()).collect();
    let counts = |rule: &Value| ["items", "asked", "wrong", "unsure", "comments"].map(|count| rule[count].as_u64());
    let found: Vec<_> = rules.iter().map(|rule| (rule["rule"].as_str().unwrap(), counts(rule))).collect();
    let expected = [("rubric#next-day", [2, 4, 2, 1, 2].map(Some)), ("rubric#of-experts", [1, 2, 1, 1, 1].map(Some))];
    assert_eq!(found, expected, "{looks:?}");
    assert_eq!(rules[0]["words"], "Rule next-day What counts is what is found on the next day.");
    assert_eq!(rules[1]["words"], "Rule of-experts A purple rule.", "leads see what experts see");
    let page = site.read(&format!("{REPORT}/index.html"));
    let link = "<a href=\"../../../tasks/check-run/v/1.0.0/rubric/index.html#next-day\">rubric#next-day</a>";
    assert!(page.contains(link), "{page}");
    assert!(site.read("public/leads/tasks/check-run/v/1.0.0/rubric/index.html").contains("id=\"next-day\""));
    let said = "rubric#next-day was missed most, in Check a run (reached): 2 of 4 in the last 4 weeks.";
    assert!(page.contains(said), "{page}");
    let mail = site.read(&format!("{REPORT}/report.md"));
    assert!(mail.contains("2 of 4 wrong, 1 unsure; items: 2, comments: 2."), "{mail}");
}

#[test]
fn what_those_who_see_reports_may_not_read_is_not_in_them() {
    let site = Site::base();
    site.edit("goldbook.yaml", "leads: [internal]", "leads: [contractors]");
    site.write("goldbook.yaml", site.read("goldbook.yaml") + "gold_audience: internal\nreport_audience: leads\n");
    let rules = "> [!RULE] next-day\n> Rate the next day.\n>\n> > [!INTERNAL]\n> > A trap is set.\n\n\
                 > [!INTERNAL]\n> > [!RULE] of-experts\n> > A purple rule.\n";
    site.edit(RUBRIC, "{#reached}\n", &format!("{{#reached}}\n\n{rules}"));
    site.write(
        "content/tasks/check-run/gold.csv",
        "item,criterion,value,made_at,rule\nrun-5,reached,no,2026-10-01,rubric#next-day|rubric#of-experts\n",
    );
    site.ok("release check-run --version 1.0.0 -m First --date 2026-10-01");
    site.ok("build");
    for file in ["report.json", "report.md", "index.html"] {
        let text = site.read(&format!("{REPORT}/{file}"));
        assert!(text.contains("Rate the next day."), "{file}: {text}");
        assert!(!text.contains("trap") && !text.contains("of-experts") && !text.contains("INTERNAL"), "{file}");
    }
}

#[test]
fn each_rating_counts_for_the_gold_that_it_met() {
    let site = Site::base();
    site.write("content/tasks/check-run/guide/edge cases.md", "# Edge cases\n\n> [!RULE] later\n> Later.\n");
    site.edit(RUBRIC, "{#reached}\n", "{#reached}\n\n> [!RULE] earlier\n> Earlier.\n");
    site.ok("release check-run --version 1.0.0 -m First --date 2026-10-01");
    site.edit(RUBRIC, "yes: It works, no: It does not", "no: It works, yes: It does not");
    site.edit(RUBRIC, "> [!RULE] earlier\n> Earlier.\n", "Now the other way round.\n");
    site.ok("release check-run --version 2.0.0 -m Second --class meaning --date 2026-11-08");
    site.write(
        "content/tasks/check-run/gold.csv",
        "item,criterion,value,by,method,version,rule\n\
         run-5,reached,yes,ex-1,consensus,1.0.0,rubric#earlier\n\
         run-5,reached,yes,ex-1,consensus,2.0.0,\n\
         run-5,reached,yes,ex-1,consensus,2.0.0,guide/edge cases#later\n",
    );
    site.write(
        "content/ratings/week.csv",
        "task,item,rater,criterion,value,version,submitted_at,comment\n\
         check-run,run-5,b-01,reached,no,1.0.0,2026-11-03T10:00:00Z,Said in the first.\n\
         check-run,run-5,b-02,reached,no,2.0.0,2026-11-10T11:00:00Z,Said in the second.\n\
         check-run,run-5,b-03,reached,yes,2.0.0,2026-11-10T12:00:00Z,\n",
    );
    site.ok("build");
    let report: Value = serde_json::from_str(&site.read(&format!("{REPORT}/report.json"))).unwrap();
    let rules = report["tasks"][0]["look"][0]["rules"].as_array().unwrap();
    let told = |rule: &Value| {
        let counts = ["items", "asked", "wrong", "comments"].map(|count| rule[count].as_u64().unwrap());
        (rule["rule"].as_str().unwrap().to_owned(), rule["version"].as_str().unwrap().to_owned(), counts)
    };
    let expected = [
        ("rubric#earlier".to_owned(), "1.0.0".to_owned(), [1, 1, 1, 1]),
        ("guide/edge cases#later".to_owned(), "2.0.0".to_owned(), [1, 2, 1, 1]),
    ];
    assert_eq!(rules.iter().map(told).collect::<Vec<_>>(), expected);
    let page = site.read(&format!("{REPORT}/index.html"));
    for (link, id) in [("1.0.0/rubric/index.html", "earlier"), ("2.0.0/guide/edge-cases/index.html", "later")] {
        assert!(page.contains(&format!("../../../tasks/check-run/v/{link}#{id}\"")), "{link} is not in {page}");
        let text = site.read(&format!("public/leads/tasks/check-run/v/{link}"));
        assert!(text.contains(&format!("id=\"{id}\"")), "{link}: {text}");
    }
}

#[test]
fn each_flag_has_its_own_rule() {
    let site = Site::base();
    let flags = "    - {step: 3, value: false-claim, origin: real, rule: rubric#mistakes}\n\
                 \x20   - {step: 2, value: ignored-error, origin: real, rule: [rubric#severity, rubric#reached], ";
    let worked = "content/tasks/check-run/examples/worked.md";
    site.edit(worked, "    - {step: 2, value: ignored-error, origin: real, ", flags);
    site.ok("release check-run --version 1.0.0 -m First --date 2026-10-01");
    site.ok("build");
    let text = site.read("public/contractors/tasks/check-run/v/1.0.0/instructions.md");
    let said = "- `mistakes` step 3: `false-claim` (real), by rubric#mistakes\n\
                - `mistakes` step 2: `ignored-error` (real), by rubric#severity and rubric#reached: The error is passed over.";
    assert!(text.contains(said), "{text}");
    let page = site.read("public/contractors/tasks/check-run/examples/worked/index.html");
    let of_step = |step: usize| {
        let from = page.find(&format!("<li><a href=\"#step-{step}\">")).unwrap();
        page[from..].split("</li>").next().unwrap().to_owned()
    };
    assert!(of_step(2).contains("#severity\">How bad is it?</a>, <a href"), "{}", of_step(2));
    assert!(of_step(3).ends_with("#mistakes\">Mistakes</a>"), "{}", of_step(3));
}

#[test]
fn another_rule_is_a_change_of_gold() {
    let site = site();
    let worked = "content/tasks/check-run/examples/worked.md";
    site.edit(worked, "[rubric#next-day, rubric.md#of-experts]", "rubric#mistakes");
    let told = site.ok("diff check-run").stdout;
    assert!(told.contains("by rubric#[-next-day and rubric#of-experts-]{+mistakes+}"), "{told}");
}
