//! The schemas, held to the reader: what the one takes, the other takes.
//!
//! Every file of every site in the tests, every front matter in them read as every kind, and every mutant of complete
//! files is given to both. `verdicts` lists what only the reader can know.

mod complete;
mod instance;
mod rows;
mod verdicts;

use crate::support::{Site, tests};
use complete::{BEYOND, COMPLETE, mutants};
use instance::{front_matter, instance};
use rayon::prelude::*;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use verdicts::{Document, KINDS, Schemas, Verdicts};

#[test]
fn schemas_are_sound_and_describe_every_key() {
    for (kind, schema) in Schemas::printed().iter() {
        assert!(jsonschema::draft7::meta::is_valid(schema), "{kind}");
        assert!(!schema.to_string().contains("$ref"), "{kind} would have to be looked up");
        check_parts(kind, schema);
    }
}

/// Examples and defaults are what their own schema takes, and every key of a mapping has a sentence.
fn check_parts(place: &str, schema: &Value) {
    let validator = jsonschema::draft7::new(schema).unwrap();
    let examples = schema.get("examples").and_then(Value::as_array).into_iter().flatten();
    for value in examples.chain(schema.get("default")) {
        assert!(validator.is_valid(value), "{place}: {value}");
    }
    let members = |key: &str| schema.get(key).and_then(Value::as_object).into_iter().flatten();
    for (key, part) in members("properties") {
        assert!(part["description"].as_str().is_some_and(|about| !about.is_empty()), "{place}.{key}");
        check_parts(&format!("{place}.{key}"), part);
    }
    for key in ["items", "additionalProperties"] {
        schema.get(key).into_iter().for_each(|part| check_parts(place, part));
    }
    for part in schema.get("anyOf").and_then(Value::as_array).into_iter().flatten() {
        // Alternatives that only narrow the keys of the whole have no sentences of their own.
        if part.get("required").is_none() || part.get("type").is_some() {
            check_parts(place, part);
        }
    }
}

#[test]
fn the_reader_and_the_schemas_agree() {
    let schemas = Schemas::printed();
    let sites = sites().into_par_iter().map(|(name, site)| {
        let documents = documents(&site);
        Verdicts::of(&name, &site, &documents, &schemas)
    });
    let all = sites.reduce(Verdicts::default, Verdicts::and).and(forms(&schemas));
    all.must_agree();
    all.must_need_every_exception();
}

/// Every site of the tests, and those that come with the program.
fn sites() -> Vec<(String, Site)> {
    let root = tests().parent().unwrap().to_owned();
    let starter = Site::empty().with(&root.join("starter"));
    let sample = Site::empty().with_folder("content", &root.join("content"));
    sample.write("goldbook.yaml", fs::read(root.join("goldbook.yaml")).unwrap());
    let mut sites = vec![("tests/base".into(), Site::base()), ("starter".into(), starter), ("sample".into(), sample)];
    for case in folders_named("site", &tests().join("cases")) {
        let site = if case.parent().unwrap().join("empty").exists() { Site::empty() } else { Site::base() };
        sites.push((case.display().to_string(), site.with(&case)));
    }
    sites
}

fn folders_named(name: &str, below: &Path) -> Vec<PathBuf> {
    let entries = walkdir::WalkDir::new(below).sort_by_file_name().into_iter().filter_map(Result::ok);
    let folders = entries.filter(|entry| entry.file_type().is_dir() && entry.file_name() == name);
    folders.map(walkdir::DirEntry::into_path).collect()
}

fn documents(site: &Site) -> Vec<Document> {
    let read = |path: String| {
        let text = fs::read_to_string(site.path().join(&path)).ok()?;
        Document::of(&path, &text)
    };
    site.files("").into_iter().filter_map(read).collect()
}

/// Every piece of YAML in the tests, read as every kind, and every mutant of a complete file.
fn forms(schemas: &Schemas) -> Verdicts {
    let mut forms: BTreeSet<(&str, String)> = BTreeSet::new();
    forms.extend(BEYOND.map(|(kind, yaml)| (kind, yaml.to_owned())));
    for text in written().iter().filter(|text| instance(text).is_some()) {
        // Settings are checked one by one, which takes time: what has no audiences is none.
        let kinds = KINDS.into_iter().filter(|kind| *kind != "site" || text.contains("audiences"));
        forms.extend(kinds.map(|kind| (kind, text.clone())));
    }
    for (kind, complete) in COMPLETE {
        let whole = instance(complete).unwrap();
        let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
        assert_eq!(keys(&whole), keys(&schemas.get(kind)["properties"]), "the complete {kind}");
        assert_eq!(schemas.refuses(kind, &whole), None, "the complete {kind}");
        forms.extend(mutants(&whole).into_iter().map(|mutant| (kind, mutant.to_string())));
    }
    let (settings, others): (Vec<_>, Vec<_>) = forms.into_iter().partition(|(kind, _)| *kind == "site");
    let settings = settings.par_iter().map(|(_, yaml)| {
        let site = Site::empty();
        site.write("goldbook.yaml", yaml);
        Verdicts::of("settings", &site, &documents(&site), schemas)
    });
    let others = others.par_chunks(100).map(|forms| {
        let site = Site::empty();
        site.write("goldbook.yaml", Site::base().read("goldbook.yaml"));
        forms.iter().enumerate().for_each(|(number, (kind, yaml))| put(&site, number, kind, yaml));
        Verdicts::of("forms", &site, &documents(&site), schemas)
    });
    settings.chain(others).reduce(Verdicts::default, Verdicts::and)
}

/// Writes a file of a kind into a folder of its own; examples have a rubric beside them.
fn put(site: &Site, number: usize, kind: &str, yaml: &str) {
    let page = format!("---\n{yaml}\n---\n\nText.\n");
    match kind {
        "cohort" => site.write(&format!("content/cohorts/c-{number}.yaml"), yaml),
        "reading" => site.write(&format!("content/ratings/r-{number}/ratings.yaml"), yaml),
        "page" => site.write(&format!("content/pages/p-{number}.md"), page),
        "example" => {
            let (_, rubric) = COMPLETE.iter().find(|(kind, _)| *kind == "rubric").unwrap();
            site.write(&format!("content/tasks/t-{number}/task.md"), "---\ntitle: T\n---\n");
            site.write(&format!("content/tasks/t-{number}/rubric.md"), format!("---\n{rubric}---\n"));
            site.write(&format!("content/tasks/t-{number}/examples/e.md"), page);
        }
        kind => {
            site.write(&format!("content/tasks/t-{number}/task.md"), "---\ntitle: T\n---\n");
            site.write(&format!("content/tasks/t-{number}/{kind}.md"), page);
        }
    }
}

/// The YAML of every file and of every string in the tests that begins with front matter.
fn written() -> BTreeSet<String> {
    let root = tests().parent().unwrap().to_owned();
    let mut found = BTreeSet::new();
    for folder in ["tests/base", "tests/cases", "tests/suite", "src", "content", "starter"] {
        for entry in walkdir::WalkDir::new(root.join(folder)).into_iter().filter_map(Result::ok) {
            let extension = entry.path().extension().and_then(|extension| extension.to_str());
            let Ok(text) = fs::read_to_string(entry.path()) else { continue };
            match extension {
                Some("md") => found.extend(front_matter(&text).map(|(yaml, _)| yaml)),
                Some("yaml") => found.extend([text]),
                Some("rs") => found.extend(strings(&text).filter_map(|text| Some(front_matter(&text)?.0))),
                _ => {}
            }
        }
    }
    found
}

/// The strings of Rust code that begin as front matter does.
fn strings(code: &str) -> impl Iterator<Item = String> {
    code.split("\"---\\n").skip(1).map(|rest| {
        let end = rest.match_indices('"').find(|(at, _)| !rest[..*at].ends_with('\\')).map_or(rest.len(), |(at, _)| at);
        format!("---\n{}", rest[..end].replace("\\n", "\n").replace("\\\"", "\""))
    })
}
