//! The variables of templates that the manual lists are those that templates get, in both directions.
//!
//! A theme whose templates write down all that they were given is laid over the sample programme, and over a site that
//! has what the sample has not: a scale with sets. `themes.md` has a section for each template and each kind of value; a
//! row that links to a section says that its value is of that kind.

use super::page;
use crate::support::{Site, tests};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The templates that pages and reports are made from; the others are parts of these.
const TEMPLATES: [&str; 17] = [
    "changes.html",
    "example.html",
    "folder.html",
    "home.html",
    "page.html",
    "pair.html",
    "print.html",
    "raters.html",
    "report.html",
    "report.md",
    "reports.html",
    "rubric.html",
    "run-part.html",
    "search.html",
    "steps.html",
    "task.html",
    "versions.html",
];

/// The rows of each section: a variable's name, and the section that says what is in it.
type Sections = BTreeMap<String, BTreeMap<String, Option<String>>>;

#[test]
fn every_variable_of_every_template_is_in_the_manual() {
    let sections = sections(&page("themes"));
    let (mut met, mut wrong) = (BTreeSet::new(), BTreeSet::new());
    for (template, value) in views() {
        compare(&value, &template.replace('.', "-"), &sections, &mut met, &mut wrong);
    }
    for (section, rows) in &sections {
        let unmet = rows.keys().filter(|name| !met.contains(&(section.clone(), (*name).clone())));
        wrong.extend(unmet.map(|name| format!("{section}: `{name}` is listed and no template gets it")));
    }
    assert!(wrong.is_empty(), "{}", wrong.into_iter().collect::<Vec<_>>().join("\n"));
}

/// Compares a value with a section, and what is in it with the sections that its rows lead to.
fn compare(
    value: &Value,
    section: &str,
    sections: &Sections,
    met: &mut BTreeSet<(String, String)>,
    wrong: &mut BTreeSet<String>,
) {
    let Some(rows) = sections.get(section) else {
        wrong.insert(format!("there is no section {section}"));
        return;
    };
    for (name, value) in value.as_object().into_iter().flatten() {
        let Some(kind) = rows.get(name) else {
            wrong.insert(format!("{section}: `{name}` is not listed"));
            continue;
        };
        met.insert((section.to_owned(), name.clone()));
        let values = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
        for value in values.iter().filter(|value| value.is_object()) {
            match kind {
                Some(kind) => compare(value, kind, sections, met, wrong),
                None => drop(wrong.insert(format!("{section}: `{name}` leads to no section that says what is in it"))),
            }
        }
    }
}

/// The tables of the sections whose headings have an id.
fn sections(page: &str) -> Sections {
    let headed = page.split("\n## ").flat_map(|part| part.split("\n### ")).filter_map(|part| part.split_once("}\n"));
    let named = headed.filter_map(|(heading, text)| Some((heading.split_once("{#")?.1.to_owned(), text)));
    let tables = named.map(|(section, text)| (section, text.lines().filter_map(row).collect::<BTreeMap<_, _>>()));
    tables.filter(|(_, rows)| !rows.is_empty()).collect()
}

/// `` | `nav` | a list of [groups](#group) … `` is `nav`, of the kind `group`.
fn row(line: &str) -> Option<(String, Option<String>)> {
    let (name, about) = line.strip_prefix("| `")?.split_once('`')?;
    let kind = about.split_once("](#").and_then(|(_, rest)| rest.split_once(')')).map(|(kind, _)| kind.to_owned());
    Some((name.to_owned(), kind))
}

const RUN: &str = r#"{"schema_version": "ATIF-v1.7", "agent": {"name": "a", "version": "1"}, "steps": [
    {"step_id": 1, "source": "agent", "message": [{"type": "text", "text": "Look."},
        {"type": "image", "source": {"media_type": "image/png", "path": "data:image/png;base64,AA=="}},
        {"type": "image", "source": {"media_type": "image/png", "path": "https://example.org/a.png"}}],
     "tool_calls": [{"tool_call_id": "c", "function_name": "ask", "arguments": {"whom": "b"}}],
     "observation": {"results": [{"source_call_id": "c", "subagent_trajectory_ref": [{"trajectory_id": "b"}]},
        {"content": "stray"}]}}],
    "subagent_trajectories": [{"schema_version": "ATIF-v1.7", "trajectory_id": "b", "agent": {"name": "b", "version": "1"},
        "steps": [{"step_id": 1, "source": "user", "message": "Go."}]}]}"#;

/// A run of more steps than a page shows, which holds another.
fn long_run() -> String {
    let step = |number| format!(r#"{{"step_id": {number}, "source": "user", "message": "Go on."}}"#);
    let steps = (1..=301).map(step).collect::<Vec<_>>().join(",");
    // The run as one of a subagent that no step names.
    format!(
        r#"{{"schema_version": "ATIF-v1.7", "agent": {{"name": "a", "version": "1"}}, "steps": [{steps}],
            "subagent_trajectories": [{RUN}]}}"#
    )
}

/// What every template was given, on every page of the sample programme and of the site with sets.
fn views() -> Vec<(String, Value)> {
    let sample = views_of(tests().parent().unwrap());
    let named: BTreeSet<&str> = sample.iter().map(|(template, _)| template.as_str()).collect();
    assert_eq!(named.into_iter().collect::<Vec<_>>(), TEMPLATES);
    sample.into_iter().chain(views_of(&tests().join("cases/check/scale-set/site"))).collect()
}

/// A task whose example shows two runs of several parts.
fn pair_of_long_runs(site: &Site) {
    let task = "content/tasks/pairs/";
    site.write(&format!("{task}task.md"), "---\ntitle: Pairs\nitems: pair\n---\n");
    let rubric = "---\ncriteria: [{id: better, scale: {nominal: [a, b]}}]\n---\n\n## Better {#better}\n";
    site.write(&format!("{task}rubric.md"), rubric);
    site.write(&format!("{task}trajectories/long.json"), long_run());
    site.write(
        &format!("{task}examples/pair.md"),
        "---\ntrajectory: long\nagainst: long\nuse: worked\n---\n\n# Pair\n",
    );
}

/// What every template was given, on every page of a site.
fn views_of(root: &Path) -> Vec<(String, Value)> {
    let site = Site::empty().with_folder("content", &root.join("content"));
    site.write("goldbook.yaml", std::fs::read_to_string(root.join("goldbook.yaml")).unwrap() + "theme: dump\n");
    for template in TEMPLATES {
        let text = format!("view of {template}\n{{{{ __tera_context | safe }}}}");
        site.write(&format!("themes/dump/templates/{template}"), text);
    }
    // A run that has what those of the sample programme have not.
    site.write("content/pages/run.json", RUN);
    site.write("content/pages/run.md", "# A run\n\n```trajectory ./run.json\n```\n");
    // A run of several parts.
    let task = "content/tasks/agent-setup-mistakes/";
    if site.has(task) {
        site.write(&format!("{task}trajectories/long.json"), long_run());
        site.write(
            &format!("{task}examples/long.md"),
            "---\ntitle: Long\nuse: worked\ntrajectory: long\ngold: {severity: {value: 1, rule: rubric#severity}}\n---\n\nLook.\n",
        );
        pair_of_long_runs(&site);
    }
    // Words that a report of the sample programme was published without: it is restated.
    if site.has("content/reports/atlas-2026q4/2026-W47.json") {
        site.write("content/reports/atlas-2026q4/2026-W47.md", "Later.\n");
    }
    site.ok("build");
    let mut views = Vec::new();
    for file in site.files("public").iter().filter(|file| file.ends_with(".html") || file.ends_with(".md")) {
        gather(&site.read(&format!("public/{file}")), &mut views);
    }
    views
}

/// The views in a text, and those in the texts of a view: steps are shown within pages.
fn gather(text: &str, views: &mut Vec<(String, Value)>) {
    for (at, mark) in text.match_indices("view of ") {
        let part = text[at + mark.len()..].split_once('\n');
        let Some((template, dump)) = part.filter(|(name, _)| TEMPLATES.contains(name)) else { continue };
        // Tera writes nothing where a value is null.
        let json = dump.replace("\": ,", "\": null,").replace("\": }", "\": null}");
        let mut values = serde_json::Deserializer::from_str(&json).into_iter::<Value>();
        let value = values.next().unwrap().unwrap_or_else(|error| panic!("{template}: {error}"));
        texts(&value, &mut |text| gather(text, views));
        views.push((template.to_owned(), value));
    }
}

fn texts(value: &Value, each: &mut dyn FnMut(&str)) {
    match value {
        Value::String(text) => each(text),
        Value::Array(values) => values.iter().for_each(|value| texts(value, each)),
        Value::Object(fields) => fields.values().for_each(|value| texts(value, each)),
        _ => {}
    }
}
