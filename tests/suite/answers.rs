//! Forms: items that are answered in the browser, from the first key to rows of ratings.

use crate::browser::client::{Browser, Page, View};
use crate::support::Site;
use serde_json::{Value, json};

const PRACTICE: &str = "content/tasks/check-run/examples/practice.md";

const EXAMPLE: &str = "---
title: A practice example
item: run-2
trajectory: ../trajectories/run-1.json
use: practice
gold:
  reached: {value: no, why: It was never started in practice.}
  mistakes:
    - {step: 2, value: ignored-error, origin: real, why: The port is taken.}
---

Rate it.

## Discussion

Read the second step again.
";

/// What is saved, as text: the browser's own folder of downloads is nobody's business.
const CATCH: &str = "URL.createObjectURL = blob => { blob.text().then(text => (window.saved = text)); return '#'; }";

fn site() -> Site {
    let site = Site::base();
    site.write(PRACTICE, EXAMPLE);
    site.ok("release check-run --version 1.0.0 -m First --date 2026-11-01");
    site.ok("build");
    site
}

fn open(site: &Site, browser: &Browser, path: &str, view: &View) -> Page {
    let file = site.path().join("public/contractors/tasks/check-run").join(path);
    let mut page = browser.open(&format!("file://{}", file.display()), view);
    page.eval_until("document.readyState", |state| state == "complete");
    page
}

fn click(page: &mut Page, selector: &str) {
    page.eval(&format!("document.querySelector(`{selector}`).click()"));
}

fn state(page: &mut Page) -> Value {
    page.eval("document.querySelector('.form-state').textContent")
}

fn flag(page: &mut Page, step: usize, kind: &str) {
    click(page, &format!("#step-{step} .flag-this > button"));
    page.eval(&format!("document.querySelector('.flagging [data-flag]').value = '{kind}'"));
    page.eval("document.querySelector('.flagging [data-attribute=origin]').value = 'real'");
    click(page, ".flagging [data-act=set]");
}

#[test]
fn a_practice_item_is_answered_compared_with_gold_and_handed_in() {
    let site = site();
    let browser = Browser::launch().unwrap();
    let wide = View { width: 1400, height: 900, ..View::default() };
    let mut page = open(&site, &browser, "practice/practice/index.html", &wide);
    assert_eq!(state(&mut page), "0 of 3 questions are answered: kept in this browser.");
    assert!(!page.text().contains("never started in practice"), "gold comes after the answers");
    flag(&mut page, 3, "ignored-error");
    click(&mut page, "input[name=reached][value=yes]");
    let url = page.eval("location.href");
    page.go(url.as_str().unwrap());
    assert_eq!(state(&mut page), "2 of 3 questions are answered: kept in this browser.", "a reload loses nothing");
    click(&mut page, "[data-act=submit]");
    assert_eq!(page.eval("document.querySelector('.form-todo').textContent"), "Not answered: How bad is it?.");
    assert!(!page.text().contains("never started in practice"));
    click(&mut page, "[data-act=submit]");
    assert_eq!(
        state(&mut page),
        "1 of 2 answers are as the gold has them. Read next: Was the goal reached?, and the discussion below."
    );
    let text = page.text();
    for said in [
        "The gold has: no.",
        "It was never started in practice.",
        "1 of 1 found and named as in the gold.",
        "found at step 3",
    ] {
        assert!(text.contains(said), "{said} is not in {text}");
    }
    assert!(text.contains("Read the second step again."), "the discussion is open");
    assert_eq!(
        page.eval("document.querySelector('#step-2 .gold-mark').textContent"),
        "Gold: ignored-error realThe port is taken."
    );

    page.eval(CATCH);
    click(&mut page, "[data-act=csv]");
    assert_eq!(state(&mut page), "Your rater id is missing: the file says whose answers these are.");
    page.eval("document.querySelector('[name=rater]').value = 'b-02'");
    click(&mut page, "[data-act=csv]");
    let rows = page.eval_until("window.saved ?? null", |saved| !saved.is_null());
    site.write("content/ratings/practice.csv", rows.as_str().unwrap());
    site.write("content/ratings/week.csv", "task,item,rater,criterion,value\n");
    let checked = site.run("export ratings -o ratings.jsonl");
    assert_eq!(checked.code, 0, "{}", checked.stderr);
    let rows: Vec<Value> = site.read("ratings.jsonl").lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let is_of_text = |row: &Value| row["version"].as_str().is_some_and(|version| version.starts_with("1.0.0+"));
    assert!(rows.iter().all(is_of_text), "each carries the receipt of the text");
    let said = |row: &Value| ["criterion", "value", "outcome", "step", "origin", "rater"].map(|key| row[key].clone());
    let rows: Vec<[Value; 6]> = rows.iter().map(said).collect();
    let none = Value::Null;
    assert_eq!(
        rows,
        [
            [json!("reached"), json!("yes"), none.clone(), none.clone(), none.clone(), json!("b-02")],
            [json!("severity"), none.clone(), json!("skipped"), none.clone(), none.clone(), json!("b-02"),],
            [json!("mistakes"), json!("ignored-error"), none, json!("3"), json!("real"), json!("b-02"),],
        ]
    );
}

#[test]
fn a_form_without_scripts_is_a_list_and_a_test_holds_no_gold() {
    let site = site();
    let browser = Browser::launch().unwrap();
    let silent = View { scripts: false, ..View::default() };
    let mut page = open(&site, &browser, "practice/practice/index.html", &silent);
    let text = page.text();
    assert!(text.contains("It does not") && text.contains("keeps no answers"), "{text}");
    click(&mut page, "details.reveal > summary");
    page.eval_until("document.body.innerText", |text| text.as_str().unwrap().contains("never started in practice"));
    let mut page = open(&site, &browser, "test/tested/index.html", &View::default());
    assert_eq!(page.eval("document.getElementById('page/answers').dataset.gold ?? null"), Value::Null);
    click(&mut page, "[data-act=submit]");
    click(&mut page, "[data-act=submit]");
    assert_eq!(state(&mut page), "Finished. Save the file, and send it to whom your team names.");
}

#[test]
fn what_another_form_kept_is_set_aside_and_not_taken_for_answers() {
    let site = site();
    let browser = Browser::launch().unwrap();
    let mut page = open(&site, &browser, "practice/practice/index.html", &View::default());
    let url = page.eval("location.href");
    let key = "JSON.parse(document.getElementById('page/answers').dataset.form).draftKey";
    for broken in ["{", "[]", "{\"format\": 2}", "{\"format\": 1, \"answers\": {}, \"flags\": [{\"step\": \"x\"}]}"] {
        page.eval(&format!("localStorage.setItem({key}, `{broken}`)"));
        page.go(url.as_str().unwrap());
        let said = state(&mut page);
        assert!(said.as_str().unwrap().starts_with("What was kept here is of another form: it is set aside"), "{said}");
        assert_eq!(page.eval(&format!("localStorage.getItem({key} + ' / set aside')")), broken);
    }
}
