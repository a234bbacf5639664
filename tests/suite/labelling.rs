//! What other tools ask by: made from the rubric, and read back from what they export.

use crate::support::{Site, tests};
use serde_json::Value;
use std::fs;
use std::path::Path;

/// The tools: what is made for each of the base's rubric, or another, and the case that holds it with ratings as the tool
/// exports them from it.
const TOOLS: [(&str, &str, &str, &str); 3] = [
    ("argilla", "settings.json", "ratings-forms", "argilla.settings.json"),
    ("label-studio", "label-studio.xml", "ratings-label-studio-form", "labels.xml"),
    ("potato", "config.yaml", "ratings-forms", "potato.config.yaml"),
];

/// The case of this name, with its rubric sealed.
fn sealed(case: &Path) -> Site {
    let rubric = case.join("site/content/tasks/check-run/rubric.md");
    if !rubric.exists() {
        return Site::sealed();
    }
    let site = Site::base();
    fs::copy(rubric, site.path().join("content/tasks/check-run/rubric.md")).unwrap();
    site.ok("release check-run --version 1.0.0 -m First --date 2026-10-01");
    site
}

#[test]
fn what_a_tool_is_given_is_what_it_was_tried_with() {
    for (tool, form, case, kept) in TOOLS {
        let case = tests().join("cases/check").join(case);
        let site = sealed(&case);
        site.ok(&format!("export labelling-config check-run --to {tool} -o {tool}"));
        let ratings = case.join("site/content/ratings");
        let folder = ["form", tool].map(|name| ratings.join(name)).into_iter().find(|folder| folder.exists()).unwrap();
        for (made, kept) in [(form, case.join(kept)), ("ratings.yaml", folder.join("ratings.yaml"))] {
            let made = site.read(&format!("{tool}/{made}"));
            if std::env::var_os("UPDATE").is_some() {
                fs::write(&kept, &made).unwrap();
            }
            assert_eq!(made, fs::read_to_string(&kept).unwrap(), "{}", kept.display());
        }
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
