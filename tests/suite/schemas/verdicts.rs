//! Verdicts: whether the reader and a schema say the same of a file.
//!
//! In: files, and what `goldbook check` found in them. Out: the files on which they differ, and which rules only the
//! reader knows.

use super::instance::{front_matter, instance};
use crate::support::Site;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Kinds whose files are YAML, or begin with it.
pub const KINDS: [&str; 7] = ["site", "task", "rubric", "example", "page", "cohort", "reading"];

/// Rules that a schema can hold: a key that is unknown or missing, a value of the wrong type or not among the allowed.
const HELD: [&str; 6] =
    ["unknown-key", "missing-key", "invalid-value", "unknown-setting", "invalid-settings", "invalid-reading"];

/// Rules that stand for a refusal, but may speak of more than a schema does.
const BROADER: [&str; 2] = ["invalid-yaml", "unknown-criterion"];

/// What only the reader knows: words of its message, and why a schema can't hold it.
const BEYOND: [(&str, &str); 32] = [
    ("is not below `max`", "compares two keys"),
    ("scale has no `tolerance`", "depends on another key"),
    ("after it ends on", "compares two keys"),
    ("is not narrower than the default audience", "depends on other keys"),
    ("is not a time zone", "the names are those of a database"),
    ("expected a date such as", "a day that no calendar has"),
    ("expected a number, found", "a number of YAML that is not written in decimals"),
    ("is not an id", "the name of the file, not of a key"),
    ("`objects` is where releases keep their files", "the name of the folder"),
    ("on the scale of", "depends on the rubric"),
    ("below the scale of", "depends on the rubric"),
    ("is not a number of", "depends on the rubric"),
    ("expected a list of flags", "depends on the rubric"),
    ("expected a value: ", "depends on the rubric"),
    ("holds just one of", "depends on the rubric"),
    ("has no `any_of`", "depends on the rubric"),
    ("is free text, which is never scored", "depends on the rubric"),
    ("a flag has no key", "depends on the rubric"),
    ("expected `real` or `spurious`", "depends on the rubric"),
    ("the bar has", "depends on the criterion's scale"),
    ("can't be read: ", "a condition has a language of its own"),
    ("which is no figure", "depends on the criteria"),
    ("`against` names a second run", "depends on the task, or on another key"),
    ("this example shows one run", "depends on the task"),
    ("would be flags", "depends on the rubric"),
    ("a held-out example is never shipped to", "depends on the settings"),
    ("the theme's folder", "asks for a folder"),
    ("there is no audience", "depends on another key"),
    ("is named for a column, and so are answers", "depends on another key"),
    ("is no column of the canonical form", "the names are those of a table"),
    ("no rubric has the criterion", "depends on the rubric"),
    ("is the name of an audience today", "depends on another key"),
];

/// The schemas, as the program prints them.
pub struct Schemas(BTreeMap<&'static str, (Value, jsonschema::Validator)>);

impl Schemas {
    pub fn printed() -> Self {
        let site = Site::empty();
        let print = |kind: &'static str| {
            let schema: Value = serde_json::from_str(&site.ok(&format!("schema {kind}")).stdout).unwrap();
            let validator = jsonschema::draft7::new(&schema).unwrap();
            (kind, (schema, validator))
        };
        Self(KINDS.into_iter().chain(["rating"]).map(print).collect())
    }

    pub fn get(&self, kind: &str) -> &Value {
        &self.0[kind].0
    }

    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &Value)> {
        self.0.iter().map(|(kind, (schema, _))| (*kind, schema))
    }

    /// Why the schema refuses this.
    pub fn refuses(&self, kind: &str, instance: &Value) -> Option<String> {
        self.0[kind].1.validate(instance).err().map(|error| format!("{error} at {}", error.instance_path()))
    }
}

/// A file that a schema can be held against.
pub struct Document {
    pub path: String,
    pub kind: &'static str,
    pub instance: Value,
    last_line: u64,
}

impl Document {
    /// A file of a site; none if it is of no kind, has no front matter, or is no YAML.
    pub fn of(path: &str, text: &str) -> Option<Self> {
        let kind = kind(path)?;
        let (yaml, last_line) = if path.ends_with(".md") { front_matter(text)? } else { (text.to_owned(), u64::MAX) };
        let instance = instance(&yaml)?;
        // Between `---` lines, words are text.
        let is_text = path.ends_with(".md") && !instance.is_object() && !instance.is_array() && !yaml.contains(':');
        (!is_text).then(|| Self { path: path.to_owned(), kind, instance, last_line })
    }

    fn has(&self, finding: &Value) -> bool {
        finding["path"] == self.path.as_str() && finding["line"].as_u64().unwrap_or(0) <= self.last_line
    }
}

fn kind(path: &str) -> Option<&'static str> {
    if path == "goldbook.yaml" {
        return Some("site");
    }
    let parts: Vec<&str> = path.strip_prefix("content/")?.split('/').collect();
    match parts.as_slice() {
        ["cohorts", .., name] if name.ends_with(".yaml") => Some("cohort"),
        ["ratings", .., "ratings.yaml"] => Some("reading"),
        ["pages" | "tasks", .., name] if !name.ends_with(".md") => None,
        ["tasks", _] => None,
        ["tasks", _, "task.md"] => Some("task"),
        ["tasks", _, "rubric.md"] => Some("rubric"),
        ["tasks", _, "examples", _] => Some("example"),
        ["tasks", ..] | ["pages", ..] => Some("page"),
        _ => None,
    }
}

/// What both were asked.
#[derive(Default)]
pub struct Verdicts {
    pub taken: usize,
    pub refused: usize,
    /// Where they differ.
    pub differences: Vec<String>,
    /// Which of `BEYOND` came up.
    pub beyond: BTreeSet<&'static str>,
}

impl Verdicts {
    /// Checks a site and compares what is said of its files. Settings that are refused end a check.
    pub fn of(name: &str, site: &Site, documents: &[Document], schemas: &Schemas) -> Self {
        let run = site.run("check --json");
        let findings: Vec<Value> = run.stderr.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let mut verdicts = Self::default();
        for document in documents {
            if document.kind == "site" || run.code < 2 {
                verdicts.compare(name, document, &findings, schemas);
            }
        }
        verdicts
    }

    fn compare(&mut self, name: &str, document: &Document, findings: &[Value], schemas: &Schemas) {
        let of = |finding: &Value, rules: &[&str]| rules.iter().any(|rule| finding["rule"] == *rule);
        let own = || findings.iter().filter(|finding| document.has(finding));
        let found = own().filter(|finding| of(finding, &HELD));
        let place = format!("{name}: {} {}", document.path, document.instance);
        let Some(why) = schemas.refuses(document.kind, &document.instance) else {
            self.taken += 1;
            for message in found.map(|finding| finding["message"].as_str().unwrap()) {
                match BEYOND.iter().find(|(words, _)| message.contains(words)) {
                    Some((words, _)) => {
                        self.beyond.insert(words);
                    }
                    None => self.differences.push(format!("{place}\n  only the reader refuses it: {message}")),
                }
            }
            return;
        };
        self.refused += 1;
        if found.count() == 0 && !own().any(|finding| of(finding, &BROADER)) {
            self.differences.push(format!("{place}\n  only the schema refuses it: {why}"));
        }
    }

    pub fn and(mut self, other: Self) -> Self {
        self.taken += other.taken;
        self.refused += other.refused;
        self.differences.extend(other.differences);
        self.beyond.extend(other.beyond);
        self
    }

    /// Fails if they differ anywhere, or never came to say one of the two things.
    pub fn must_agree(&self) {
        assert!(self.taken > 0 && self.refused > 0, "{} taken, {} refused", self.taken, self.refused);
        println!("{} taken, {} refused", self.taken, self.refused);
        assert!(self.differences.is_empty(), "{} differ\n{}", self.differences.len(), self.differences.join("\n"));
    }

    /// Fails if an exception is no longer needed.
    pub fn must_need_every_exception(&self) {
        let idle = BEYOND.iter().filter(|(words, _)| !self.beyond.contains(words));
        assert_eq!(idle.collect::<Vec<_>>(), [] as [&(&str, &str); 0], "these came up nowhere");
    }
}
