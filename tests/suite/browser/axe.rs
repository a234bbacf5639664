//! axe-core on a page of each kind: what keeps people from using it, as far as a program can tell.

use super::client::{Browser, Page, View};
use super::{file_url, keep, sample_programme};
use rayon::prelude::*;

/// A page of each kind, by what its folder is for.
const PAGES: [&str; 18] = [
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

#[test]
fn axe_finds_nothing_on_any_kind_of_page() {
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
                let found = violations(&mut page, axe);
                keep(&mut page, &format!("axe_{}-{name}", path.replace('/', "_")));
                page.close();
                found.into_iter().map(move |found| format!("{path}, {name}: {found}"))
            })
        })
        .collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}
