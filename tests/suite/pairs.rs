//! Pairs: two runs that are compared, from the front matter to the page, the seal and what is hidden.

use crate::browser::client::{Browser, Page, View};
use crate::support::Site;
use serde_json::json;

const TASK: &str = "content/tasks/compare";

const RUBRIC: &str = "---
criteria:
  - id: better
    scale: {nominal: [a, b, same]}
  - id: mistakes
    scale: {steps: [ignored-error]}
---

## Which run is better? {#better}

## Which steps are mistakes? {#mistakes}
";

/// A run that says `word` in each of its steps.
fn run(word: &str, steps: usize) -> String {
    run_behind(&[], word, steps)
}

/// The same behind what a user says.
fn run_behind(said: &[&str], word: &str, steps: usize) -> String {
    let said = said.iter().map(|text| json!({"source": "user", "message": text}));
    let done = (1..=steps).map(|at| {
        let command = json!({"command": format!("make {word} {}", "wide ".repeat(60))});
        let call = json!({"tool_call_id": "c", "function_name": "bash", "arguments": command});
        json!({"source": "agent", "message": format!("The {word} is at {at}."), "tool_calls": [call]})
    });
    let mut steps: Vec<_> = said.chain(done).collect();
    steps.iter_mut().zip(1..).for_each(|(step, number)| step["step_id"] = json!(number));
    let agent = json!({"name": "agent", "version": "1"});
    json!({"schema_version": "ATIF-v1.7", "agent": agent, "steps": steps}).to_string()
}

/// The base with a task whose items are pairs.
fn site() -> Site {
    let site = Site::base();
    let write = |name: &str, text: &str| site.write(&format!("{TASK}/{name}"), text);
    write("task.md", "---\ntitle: Compare two runs\nitems: pair\n---\n\nRead both.\n");
    write("rubric.md", RUBRIC);
    for (name, word, steps) in [("a", "kettle", 14), ("b", "teapot", 15), ("long", "samovar", 160)] {
        write(&format!("trajectories/{name}.json"), &run(word, steps));
    }
    let example = |name: &str, against: &str, used: &str| {
        let runs = format!("trajectory: a\nagainst: {against}\nuse: {used}");
        let gold = "gold:\n  better: {value: a, why: Water boils.}";
        let text = format!("---\ntitle: A {name} pair\n{runs}\n{gold}\n---\n\nSee [its end](#b/step-5).\n");
        write(&format!("examples/{name}.md"), &text);
    };
    example("worked", "b", "worked");
    example("answered", "long", "practice");
    site
}

fn seal(site: &Site) {
    site.ok("release check-run --version 1.0.0 -m First --date 2026-10-01");
    site.ok("release compare --version 1.0.0 -m First --date 2026-10-01");
}

#[test]
fn both_runs_of_a_pair_are_sealed_and_whole_wherever_the_example_is() {
    let site = site();
    seal(&site);
    let lock = site.read("content/releases/compare/1.0.0.yaml");
    assert!(["a.json", "b.json", "long.json"].iter().all(|name| lock.contains(name)), "{lock}");
    site.ok("build --strict");
    let page = |path: &str| site.read(&format!("public/contractors/tasks/compare/{path}"));
    let worked = page("examples/worked/index.html");
    for part in ["Run A</h3>", "Run B</h3>", "id=\"step-4\"", "id=\"b/step-5\"", "The teapot is at 5.", "#b/step-5"] {
        assert!(worked.contains(part), "{part}");
    }
    let print = page("v/1.0.0/print/index.html");
    for part in ["id=\"examples/worked/b/step-5\"", "#examples/worked/b/step-5", "id=\"practice/answered/b/step-160\""]
    {
        assert!(print.contains(part), "{part}");
    }
    // The parts of the long one are its own.
    let part = page("practice/answered/b/part-2/index.html");
    assert!(part.contains("Run B, steps 81 to 160") && part.contains("id=\"b/step-160\""));
    let first = page("practice/answered/index.html");
    assert!((1..=80).all(|at| first.contains(&format!("The samovar is at {at}."))));
    assert!((81..=160).all(|at| part.contains(&format!("The samovar is at {at}."))));
    assert!(first.contains("href=\"b/part-2/index.html#b/step-160\"") && part.contains("href=\"../../index.html\""));
    assert!(!site.has("public/contractors/tasks/compare/practice/answered/part-2/index.html"));
    let taken = std::fs::read(site.path().join("public/contractors/tasks/compare/v/1.0.0/instructions.zip")).unwrap();
    let name = b"practice/answered/b/part-2/index.html";
    assert!(taken.windows(name.len()).any(|part| part == name));
}

#[test]
fn another_second_run_is_a_change() {
    let site = site();
    seal(&site);
    site.write(&format!("{TASK}/trajectories/b.json"), run("teapot", 16));
    site.write(&format!("{TASK}/trajectories/long.json"), run("samovar", 150));
    let diff = site.run("diff compare").stdout;
    assert!(
        diff.contains("examples/worked.md run b: run b changed (") && diff.contains("[-15-]{+16+} steps, "),
        "{diff}"
    );
    assert!(!diff.contains(": run changed"), "{diff}");
    let check = site.run("check").stderr;
    assert!(check.contains("Run B had 160 steps in the newest version, and has 150"), "{check}");
}

#[test]
fn the_second_run_of_a_held_out_pair_is_hidden_as_the_first_is() {
    let site = site();
    site.write(&format!("{TASK}/trajectories/kept.json"), run("cauldron", 6));
    let kept = "---\ntitle: Kept apart\ntrajectory: a\nagainst: kept\nuse: held-out\n---\n";
    site.write(&format!("{TASK}/examples/kept.md"), kept);
    seal(&site);
    site.ok("build --strict");
    assert!(!site.read("content/releases/compare/1.0.0.yaml").contains("kept"));
    assert!(site.read("public/internal/tasks/compare/next/examples/kept/index.html").contains("The cauldron is at 6."));
    site.write("content/pages/shown.md", "# Shown\n\n```trajectory ../tasks/compare/trajectories/kept.json\n```\n");
    let check = site.run("check").stderr;
    assert!(check.contains("error[audience-leak]") && check.contains("the run of a held-out example"), "{check}");
}

#[test]
fn a_run_that_is_imported_again_moves_links_to_the_second_run() {
    let site = site();
    site.write("new.json", run_behind(&["Make tea."], "teapot", 15));
    site.ok(&format!("import trajectory new.json --force -o {TASK}/trajectories/b.json"));
    let example = site.read(&format!("{TASK}/examples/worked.md"));
    assert!(example.contains("(#b/step-6)"), "{example}");
    assert!(site.read(&format!("{TASK}/examples/answered.md")).contains("(#b/step-5)"));
}

fn open(site: &Site, browser: &Browser, path: &str, width: u32) -> Page {
    let file = site.path().join("public/contractors/tasks/compare").join(path);
    let mut page = browser.open(&format!("file://{}", file.display()), &View { width, height: 900, ..View::default() });
    page.eval_until("document.readyState", |state| state == "complete");
    page
}

fn press(page: &mut Page, key: &str) -> serde_json::Value {
    page.eval(&format!("dispatchEvent(new KeyboardEvent('keydown', {{ key: '{key}' }}))"));
    page.eval("document.querySelector(':target').id")
}

#[test]
fn two_runs_are_read_side_by_side_or_below_each_other() {
    const TOPS: &str =
        "[...document.querySelectorAll('.pair > .side')].map(side => Math.round(side.getBoundingClientRect().top))";
    let site = site();
    seal(&site);
    site.ok("build");
    let browser = Browser::launch().unwrap();
    for (width, beside) in [(1400, true), (1024, true), (390, false)] {
        let mut page = open(&site, &browser, "examples/worked/index.html", width);
        let tops = page.eval(TOPS);
        assert_eq!(tops[0] == tops[1], beside, "{width} px: {tops}");
        assert!(!page.scroll_width_exceeds(), "{width} px");
        crate::browser::assert_flawless(&mut page, &format!("a pair at {width} px"));
        crate::browser::keep(&mut page, &format!("pair-{width}"));
        page.close();
    }
    let mut page = open(&site, &browser, "examples/worked/index.html", 1400);
    assert_eq!(page.eval("document.querySelectorAll('.step-list a').length"), 29);
    let keys = ["j", "j", "o", "j", "j", "k", "o", "j"].map(|key| press(&mut page, key));
    let at = ["step-1", "step-2", "b/step-2", "b/step-3", "b/step-4", "b/step-3", "step-3", "step-4"];
    assert_eq!(keys, at);
    page.eval("location.replace('#step-14')");
    assert_eq!(press(&mut page, "j"), "step-14", "the other run is no next step of this one");
    page.eval("document.querySelectorAll('.run-tools button')[2].click()");
    let open =
        "[...document.querySelectorAll('.side')].map(side => side.querySelectorAll('.step > details[open]').length)";
    assert_eq!(page.eval(open), json!([14, 0]), "each run folds by itself");
    let mut page = self::open(&site, &browser, "examples/worked/index.html#step-14", 390);
    assert_eq!(press(&mut page, "j"), "b/step-1", "below the one run is the other");
    // What stands in another part has its line here.
    let mut page = self::open(&site, &browser, "practice/answered/index.html", 1400);
    let way = "document.getElementById('b/step-160').querySelector('a').getAttribute('href')";
    assert_eq!(page.eval(way), "b/part-2/index.html#b/step-160");
    let mut page = self::open(&site, &browser, "practice/answered/b/part-2/index.html#b/step-160", 1400);
    assert_eq!(page.eval("document.querySelectorAll('.step[id^=\"b/step-\"]').length"), 80);
}

#[test]
fn a_pair_is_answered_below_both_runs() {
    let site = site();
    seal(&site);
    site.ok("build");
    let browser = Browser::launch().unwrap();
    let mut page = open(&site, &browser, "practice/answered/index.html", 1400);
    let flagged =
        "[...document.querySelectorAll('.flag-this')].map(place => place.closest('.step').id.startsWith('step-'))";
    assert_eq!(page.eval(flagged), json!(vec![true; 14]), "flags are the first run's");
    page.eval("document.querySelector('[name=better][value=a]').click()");
    page.eval("document.querySelector('[data-criterion=mistakes] [data-outcome=none]').click()");
    page.eval("document.querySelector('[data-act=submit]').click()");
    page.eval_until("document.body.innerText", |text| {
        text.as_str().unwrap().contains("1 of 1 answers are as the gold has them")
    });
    assert!(page.text().contains("Water boils."));
    let mut page = open(&site, &browser, "practice/answered/b/part-2/index.html", 1400);
    assert_eq!(page.eval("document.querySelectorAll('.flag-this').length"), 0);
}
