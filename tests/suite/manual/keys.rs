//! The keys that the manual lists are those that files may have: none is missing, none is gone.

use super::{fences, page};
use crate::support::Site;
use std::collections::BTreeSet;

/// Which section of which page lists the keys of which kind.
const SECTIONS: [(&str, &str, &str); 8] = [
    ("files", "site", "site"),
    ("files", "page", "page"),
    ("files", "task", "task"),
    ("files", "rubric", "rubric"),
    ("files", "example", "example"),
    ("files", "cohort", "cohort"),
    ("files", "status", "status"),
    ("ratings", "columns", "rating"),
];

#[test]
fn every_key_of_every_kind_of_file_is_in_the_manual() {
    for (name, section, kind) in SECTIONS {
        assert_eq!(listed(name, section), keys(kind, "/properties"), "{name}.md#{section}");
    }
    assert_eq!(listed("files", "criterion"), keys("rubric", "/properties/criteria/items/properties"), "a criterion");
}

#[test]
fn every_rule_is_in_the_manual() {
    let rules = Site::empty().ok("check --list").stdout;
    let rules = rules.lines().filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect();
    assert_eq!(listed("findings", "rules"), rules);
}

#[test]
fn every_column_of_every_table_of_a_report_is_in_the_manual() {
    let text = page("reports");
    let site = Site::sealed();
    site.ok("build");
    let (mut known, mut met) = (BTreeSet::new(), BTreeSet::new());
    let own = text.split("Their columns:").nth(1).unwrap().split("\n### ").next().unwrap();
    for row in own.lines().filter(|line| line.starts_with("| `")) {
        known.extend(row.split('|').nth(1).unwrap().split('`').skip(1).step_by(2).map(str::to_owned));
    }
    for file in site.files("public/leads/reports").into_iter().filter(|path| path.ends_with(".csv")) {
        let name = file.rsplit('/').next().unwrap();
        assert!(text.contains(&format!("| `{name}` | ")), "{name}");
        met.extend(
            site.read(&format!("public/leads/reports/{file}")).lines().next().unwrap().split(',').map(str::to_owned),
        );
    }
    assert_eq!(known, met);
}

/// The words in the first column of a section's first table.
fn listed(name: &str, section: &str) -> BTreeSet<String> {
    let text = page(name);
    let text = fences(&text).iter().fold(text.clone(), |text, fence| text.replace(fence.body, ""));
    let heading = format!("{{#{section}}}\n");
    let (_, rest) = text.split_once(&heading).unwrap_or_else(|| panic!("{name}.md has no section {section}"));
    let own = rest.split("\n## ").next().unwrap().split("\n### ").next().unwrap();
    let table = own.lines().skip_while(|line| !line.starts_with('|')).take_while(|line| line.starts_with('|'));
    table.filter_map(|line| line.strip_prefix("| `")?.split_once('`')).map(|(key, _)| key.to_owned()).collect()
}

fn keys(kind: &str, place: &str) -> BTreeSet<String> {
    let schema: serde_json::Value = serde_json::from_str(&Site::empty().ok(&format!("schema {kind}")).stdout).unwrap();
    schema.pointer(place).and_then(serde_json::Value::as_object).unwrap().keys().cloned().collect()
}
