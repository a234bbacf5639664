//! Cohorts: `cohorts/<id>.yaml`, raters managed and reported together; and bars, which rubrics have as well.
//!
//! In: the file, and its roster file if it names one. Out: a `CohortDocument`. Rater ids only, never names.

use super::{FileSet, Spanned};
use crate::diagnostic::{Diagnostics, did_you_mean, one_of, rules};
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

/// One part of a bar: a figure that must reach a value.
#[derive(Clone, Debug, PartialEq)]
pub struct BarPart {
    /// Which figure.
    pub figure: Figure,
    /// What it must reach, from 0 to 1.
    pub at_least: f64,
}

/// A figure that a bar can be set on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Figure {
    /// Accuracy against gold over all scored criteria, by weight.
    Accuracy,
    /// Accuracy against gold of one criterion.
    CriterionAccuracy(String),
    /// A figure that is computed from a later version on; its verdict is "not yet shown".
    Other(String),
}

impl Figure {
    /// As written in a bar.
    pub fn name(&self) -> String {
        match self {
            Self::Accuracy => "accuracy".to_owned(),
            Self::CriterionAccuracy(criterion) => format!("{criterion}.accuracy"),
            Self::Other(name) => name.clone(),
        }
    }
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
        .map(|(task, parts)| (task.text.clone(), Spanned { value: bar(parts, diagnostics), span: task.span }));
    bars.collect()
}

/// Reads a bar: a list of `{figure: accuracy, at_least: 0.85}`.
pub fn bar(node: &Node, diagnostics: &mut Diagnostics) -> Vec<BarPart> {
    let nodes = node.list(diagnostics).unwrap_or_default();
    nodes.iter().filter_map(|node| bar_part(node, diagnostics)).collect()
}

fn bar_part(node: &Node, diagnostics: &mut Diagnostics) -> Option<BarPart> {
    let mut fields = Fields::of(node, "a part of a bar", diagnostics)?;
    let figure = fields.require("figure", "accuracy", diagnostics);
    let at_least = fields.require("at_least", "0.85", diagnostics);
    fields.finish(diagnostics);
    let at_least_node = at_least?;
    let at_least = at_least_node.number(diagnostics)?;
    if !(0.0..=1.0).contains(&at_least) {
        at_least_node.wrong("a number from 0 to 1", diagnostics);
    }
    let figure_node = figure?;
    let figure = self::figure(figure_node.text(diagnostics)?, figure_node.span, diagnostics)?;
    Some(BarPart { figure, at_least })
}

/// What can follow the criterion in a figure's name.
const FIGURES: [&str; 6] = ["accuracy", "alpha", "kappa", "agreement", "f1", "answered"];

fn figure(name: &str, span: Span, diagnostics: &mut Diagnostics) -> Option<Figure> {
    let (criterion, measure) = match name.split_once('.') {
        Some((criterion, measure)) => (Some(criterion), measure),
        None => (None, name),
    };
    if !FIGURES.contains(&measure) {
        diagnostics
            .add(rules::INVALID_VALUE, span, format!("`{name}` is not a figure"))
            .maybe_help(did_you_mean(measure, FIGURES))
            .help(format!("figures are {}, each alone or after a criterion: `severity.accuracy`", one_of(FIGURES)));
        return None;
    }
    Some(match (criterion, measure) {
        (None, "accuracy") => Figure::Accuracy,
        (Some(criterion), "accuracy") => Figure::CriterionAccuracy(criterion.to_owned()),
        _ => Figure::Other(name.to_owned()),
    })
}
