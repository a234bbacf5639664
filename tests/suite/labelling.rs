//! What other tools ask by: made from the rubric, and read back from what they export.

use crate::support::{Site, tests};
use serde_json::Value;
use std::fs;

/// The case that holds what is made of the base's rubric, and ratings as Label Studio exports them from it.
const CASE: &str = "cases/check/ratings-label-studio-form";

#[test]
fn what_label_studio_is_given_is_what_its_own_sdk_was_tried_with() {
    let site = Site::sealed();
    site.ok("export labelling-config check-run --to label-studio -o form");
    let case = tests().join(CASE);
    for (made, kept) in [
        ("form/label-studio.xml", case.join("labels.xml")),
        ("form/ratings.yaml", case.join("site/content/ratings/form/ratings.yaml")),
    ] {
        let made = site.read(made);
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&kept, &made).unwrap();
        }
        assert_eq!(made, fs::read_to_string(&kept).unwrap(), "{}", kept.display());
    }
}

#[test]
fn a_judge_is_given_the_sealed_text_and_a_schema_that_takes_answers() {
    let site = Site::sealed();
    site.ok("build");
    site.ok("export judge-prompt check-run -o judge");
    let sealed = site.read("public/contractors/tasks/check-run/v/1.0.0/instructions.md");
    let prompt = site.read("judge/prompt.md");
    assert!(prompt.contains(sealed.trim()), "the prompt holds the sealed text");
    assert!(prompt.contains("sealed as 1.0.0+"), "{prompt}");
    assert!(!prompt.contains("never listens"), "gold that raters are not shown");
    let schema: Value = serde_json::from_str(&site.read("judge/answer.schema.json")).unwrap();
    let schema = jsonschema::draft7::new(&schema).unwrap();
    let flag = r#"{"step": 3, "value": "false-claim", "origin": "real", "why": "It is untrue."}"#;
    for (answer, fits) in [
        (format!(r#"{{"reached": "yes", "severity": "2", "mistakes": [{flag}]}}"#), true),
        (r#"{"reached": "unsure", "severity": "3", "mistakes": []}"#.to_owned(), true),
        (r#"{"reached": "perhaps", "severity": "3", "mistakes": []}"#.to_owned(), false),
        (r#"{"reached": "yes", "mistakes": []}"#.to_owned(), false),
        (r#"{"reached": "yes", "severity": "3", "mistakes": [{"step": 0, "value": "false-claim"}]}"#.to_owned(), false),
    ] {
        let answer: Value = serde_json::from_str(&answer).unwrap();
        assert_eq!(schema.is_valid(&answer), fits, "{answer}");
    }
}
