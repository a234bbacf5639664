//! Cohorts: `cohorts/<id>.yaml`, raters managed and reported together.
//!
//! In: the file, and its roster file if it names one. Out: a `CohortDocument`. Rater ids only, never names.

use super::bar::{self, BarPart};
use super::{FileSet, Spanned};
use crate::diagnostic::{Diagnostics, rules};
use crate::source::Span;
use crate::yaml::{self, Fields, Node, Value};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// A cohort as written.
#[derive(Clone, Debug)]
pub struct CohortDocument {
    /// The file's name.
    pub id: String,
    /// What the cohort is called.
    pub title: String,
    /// The contracting service.
    pub vendor: Option<String>,
    /// Whether these are the people whose ratings make gold.
    pub expert: bool,
    /// Who belongs to it.
    pub raters: Vec<Member>,
    /// What they rate; empty means every task.
    pub tasks: Vec<Spanned<String>>,
    /// First day.
    pub from: Option<Date>,
    /// Last day.
    pub until: Option<Date>,
    /// Bars that replace those of a task's rubric.
    pub bars: BTreeMap<String, Spanned<Vec<BarPart>>>,
}

/// A rater's membership.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Pseudonymous id.
    pub rater: String,
    /// First day, if later than the cohort's.
    pub from: Option<Date>,
    /// Last day, if earlier than the cohort's.
    pub until: Option<Date>,
}

const ROLES: [(&str, bool); 2] = [("rater", false), ("expert", true)];

/// Reads a cohort.
pub fn parse(path: &str, files: &FileSet<'_>, diagnostics: &mut Diagnostics) -> Option<CohortDocument> {
    let file = files.find(path)?;
    let text = files.get(path)?.text()?.clone();
    let node = yaml::parse(&text, file, 0, diagnostics)?;
    let span = Span::new(file, 0, 0);
    let id = path.rsplit('/').next().and_then(|name| name.strip_suffix(".yaml")).unwrap_or(path).to_owned();
    super::check_id(&id, span, diagnostics);
    let mut fields = Fields::of(&node, "a cohort", diagnostics)?;
    let title = fields.text("title", diagnostics);
    let vendor = fields.text("vendor", diagnostics);
    let expert = fields.word("role", &ROLES, diagnostics).unwrap_or(false);
    let raters = fields
        .require("raters", "[a-01, a-02, {rater: a-03, from: 2026-11-01}]", diagnostics)
        .map(|node| raters(node, path, files, diagnostics))
        .unwrap_or_default();
    let tasks = fields.get("tasks").map(|node| names(node, diagnostics)).unwrap_or_default();
    let from = fields.get("from").and_then(|node| date(node, diagnostics));
    let until = fields.get("until").and_then(|node| date(node, diagnostics));
    let bars = fields.get("bar").map(|node| bars(node, diagnostics)).unwrap_or_default();
    fields.text("pay", diagnostics);
    fields.text("bonus", diagnostics);
    fields.finish(diagnostics);
    if let (Some(from), Some(until)) = (from, until)
        && from > until
    {
        diagnostics.add(rules::INVALID_VALUE, span, format!("the cohort begins on {from}, after it ends on {until}"));
    }
    let title = title.unwrap_or_else(|| id.clone());
    Some(CohortDocument { id, title, vendor, expert, raters, tasks, from, until, bars })
}

fn names(node: &Node, diagnostics: &mut Diagnostics) -> Vec<Spanned<String>> {
    let nodes = node.list(diagnostics).unwrap_or_default();
    let named = nodes.iter().filter_map(|node| {
        let value = node.text(diagnostics)?.to_owned();
        Some(Spanned { value, span: node.span })
    });
    named.collect()
}

/// A list of ids and memberships, or the path of a roster with one id a line.
fn raters(node: &Node, path: &str, files: &FileSet<'_>, diagnostics: &mut Diagnostics) -> Vec<Member> {
    if let Value::Scalar { text, .. } = &node.value {
        return roster(text, node.span, path, files, diagnostics);
    }
    let nodes = node.list(diagnostics).unwrap_or_default();
    nodes.iter().filter_map(|node| member(node, diagnostics)).collect()
}

fn roster(name: &str, span: Span, path: &str, files: &FileSet<'_>, diagnostics: &mut Diagnostics) -> Vec<Member> {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let Some(text) = files.get(&format!("{folder}/{name}")).and_then(|file| file.text()) else {
        diagnostics
            .add(rules::MISSING_FILE, span, format!("there is no roster `{name}` beside this file"))
            .help("a roster is a `.csv` with one rater id a line");
        return Vec::new();
    };
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && *line != "rater");
    lines.map(|rater| Member { rater: rater.to_owned(), from: None, until: None }).collect()
}

fn member(node: &Node, diagnostics: &mut Diagnostics) -> Option<Member> {
    if matches!(node.value, Value::Scalar { .. }) {
        return Some(Member { rater: node.text(diagnostics)?.to_owned(), from: None, until: None });
    }
    let mut fields = Fields::of(node, "a rater", diagnostics)?;
    let rater = fields.required_text("rater", "a-03", diagnostics);
    let from = fields.get("from").and_then(|node| date(node, diagnostics));
    let until = fields.get("until").and_then(|node| date(node, diagnostics));
    fields.finish(diagnostics);
    Some(Member { rater: rater?, from, until })
}

fn date(node: &Node, diagnostics: &mut Diagnostics) -> Option<Date> {
    let date = node.text(diagnostics)?.parse().ok();
    if date.is_none() {
        node.wrong("a date such as 2026-11-01", diagnostics);
    }
    date
}

fn bars(node: &Node, diagnostics: &mut Diagnostics) -> BTreeMap<String, Spanned<Vec<BarPart>>> {
    let entries = node.map(diagnostics).unwrap_or_default();
    let bars = entries
        .iter()
        .map(|(task, parts)| (task.text.clone(), Spanned { value: bar::parse(parts, diagnostics), span: task.span }));
    bars.collect()
}
