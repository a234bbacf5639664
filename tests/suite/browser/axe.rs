//! A page of each kind as those use it who read otherwise: what axe-core finds, and what Chromium's accessibility tree holds.

use super::client::{Browser, Page, View};
use super::{file_url, keep, sample_programme};
use rayon::prelude::*;
use serde_json::Value;

/// A page of each kind, by what its folder is for.
const PAGES: [&str; 19] = [
    "accessibility/index.html",
    "index.html",
    "pages/index.html",
    "pages/glossary/index.html",
    "search/index.html",
    "methods/index.html",
    "reports/index.html",
    "reports/atlas-2026q4/2026-W50/index.html",
    "reports/atlas-2026q4/raters/index.html",
    "tasks/agent-setup-mistakes/index.html",
    "tasks/agent-setup-mistakes/rubric/index.html",
    "tasks/agent-setup-mistakes/examples/index.html",
    "tasks/agent-setup-mistakes/examples/pip-resolver/index.html",
    "tasks/agent-setup-mistakes/changes/index.html",
    "tasks/agent-setup-mistakes/practice/one-gpu/index.html",
    "tasks/agent-setup-mistakes/test/four-gpus/index.html",
    "tasks/agent-setup-mistakes/v/index.html",
    "tasks/agent-setup-mistakes/v/2.0.0/print/index.html",
    "tasks/report-claims/rubric/index.html",
];

const RUN: &str = "axe.run(document, { resultTypes: ['violations'] }).then(found => found.violations.flatMap(rule => \
    rule.nodes.map(node => rule.id + ' at ' + node.target.join(' ') + ': ' + node.html.slice(0, 160))))";

/// The text of axe-core.
fn axe_core() -> String {
    let path = std::env::var_os("GOLDBOOK_AXE").expect("GOLDBOOK_AXE is the path that tests/install-axe prints");
    std::fs::read_to_string(path).unwrap() + "; 0"
}

/// What axe finds wrong with an open page.
fn violations(page: &mut Page, axe: &str) -> Vec<String> {
    page.eval(axe);
    serde_json::from_value(page.eval(RUN)).unwrap()
}

/// What can be used, by its role in the tree.
const USED: [&str; 13] = [
    "button",
    "checkbox",
    "combobox",
    "DisclosureTriangle",
    "link",
    "listbox",
    "radio",
    "searchbox",
    "slider",
    "spinbutton",
    "switch",
    "tab",
    "textbox",
];

/// What is wrong in the tree: what can be used and has no name, headings without a text or a level, more or fewer than one
/// main part, a picture without a description.
fn tree_faults(page: &mut Page) -> Vec<String> {
    let nodes = page.accessibility_tree();
    let heard: Vec<&Value> = nodes.iter().filter(|node| node["ignored"] != true).collect();
    let role = |node: &Value| node["role"]["value"].as_str().unwrap_or_default().to_owned();
    let name = |node: &Value| node["name"]["value"].as_str().unwrap_or_default().trim().to_owned();
    let mut found = Vec::new();
    for node in &heard {
        let role = role(node);
        let wants_name =
            USED.contains(&role.as_str()) || ["heading", "image", "navigation", "dialog"].contains(&&*role);
        if wants_name && name(node).is_empty() {
            found.push(format!("a {role} without a name: {node}"));
        }
    }
    let level = |node: &&&Value| {
        let properties = node["properties"].as_array()?;
        properties.iter().find(|of| of["name"] == "level")?["value"]["value"].as_u64()
    };
    let headings: Vec<&&Value> = heard.iter().filter(|node| role(node) == "heading").collect();
    let levels: Vec<u64> = headings.iter().filter_map(level).collect();
    if levels.len() != headings.len() || levels.first() != Some(&1) {
        found.push(format!("headings of the levels {levels:?}"));
    }
    found.extend(
        levels.windows(2).filter(|pair| pair[1] > pair[0] + 1).map(|pair| format!("a level is left out: {pair:?}")),
    );
    let mains = heard.iter().filter(|node| role(node) == "main").count();
    if mains != 1 {
        found.push(format!("{mains} main parts"));
    }
    found
}

#[test]
fn the_page_on_accessibility_names_the_axe_that_runs() {
    let path = std::env::var("GOLDBOOK_AXE").unwrap();
    let version = path.rsplit("axe-core-").next().and_then(|rest| rest.strip_suffix(".min.js")).unwrap();
    let page = include_str!("../../../docs/content/pages/accessibility.md");
    assert!(page.contains(&format!("[axe-core](https://github.com/dequelabs/axe-core) {version} ")), "{version}");
}

#[test]
fn no_kind_of_page_keeps_anybody_from_using_it() {
    let axe = axe_core();
    let site = sample_programme();
    let browser = Browser::launch().unwrap();
    let views = [
        ("narrow", View { width: 320, height: 800, ..View::default() }),
        ("dark", View { width: 1400, height: 900, dark: true, ..View::default() }),
    ];
    let found: Vec<String> = PAGES
        .par_iter()
        .flat_map_iter(|path| {
            let (site, browser, axe) = (&site, &browser, &axe);
            views.iter().flat_map(move |(name, view)| {
                let mut page = browser.open(&file_url(&site.path().join("public/leads").join(path)), view);
                page.eval_until("document.readyState", |state| state == "complete");
                let mut found = violations(&mut page, axe);
                found.extend(tree_faults(&mut page));
                keep(&mut page, &format!("axe_{}-{name}", path.replace('/', "_")));
                page.close();
                found.into_iter().map(move |found| format!("{path}, {name}: {found}"))
            })
        })
        .collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}
