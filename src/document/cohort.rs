//! Cohorts: `cohorts/<id>.yaml`, raters managed and reported together.
//!
//! In: the file, and its roster file if it names one. Out: a `CohortDocument`. Rater ids only, never names.

use super::FileSet;
use super::bar::BarPart;
use crate::diagnostic::{Diagnostics, rules};
use crate::schema::{FromYaml, OpenMapping, Spanned, Words, mapping};
use crate::source::{FileId, Source, Span};
use crate::text::spliced;
use crate::yaml::{self, Node, Value};
use jiff::civil::Date;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use std::ops::Range;

/// A cohort as written.
#[derive(Clone, Debug)]
pub struct CohortDocument {
    /// The file's name.
    pub id: String,
    /// What the cohort is called.
    pub title: String,
    /// The contracting service.
    pub vendor: Option<String>,
    /// What a reader of its reports should know about who rates.
    pub interests: Option<String>,
    /// What its ratings are.
    pub role: CohortRole,
    /// Who belongs to it.
    pub raters: Vec<Member>,
    /// What they rate; empty means every task.
    pub tasks: Vec<Spanned<String>>,
    /// First day.
    pub from: Option<Date>,
    /// Last day.
    pub until: Option<Date>,
    /// Pay for an accepted item where it is not the task's.
    pub pay: Option<String>,
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

/// What a cohort's ratings are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CohortRole {
    /// Ratings to be judged.
    Rater,
    /// Ratings that make gold.
    Expert,
    /// Ratings of models, judged like others and never told apart from people's by how often they agree.
    Model,
}

impl Words for CohortRole {
    const WORDS: &'static [(&'static str, Self)] =
        &[("rater", Self::Rater), ("expert", Self::Expert), ("model", Self::Model)];
}

mapping! {
    /// A cohort: raters managed and reported together.
    pub struct CohortKeys = "a cohort" {
        /// What the cohort is called; the file's name unless said.
        optional title: String = "Atlas, fourth quarter 2026";
        /// The contracting service.
        optional vendor: String = "Atlas";
        /// What a reader of its reports should know about who rates: who pays whom, whether a model that judges has the same
        /// maker as one that is judged.
        optional interests: String = "The judge and one of the rated models have the same maker.";
        /// Whether these are people whose work is judged (`rater`), those whose ratings make gold (`expert`), or models whose
        /// work is judged (`model`).
        usually role: CohortRole = "rater";
        /// Who belongs to it: ids, never names; or the name of a roster beside this file, with one id a line.
        needed raters: Raters = "[a-01, a-02, {rater: a-03, from: 2026-11-01}]";
        /// What they rate, by the names of the tasks' folders; every task unless said.
        optional tasks: Vec<Spanned<String>> = "[agent-setup-mistakes]";
        /// First day.
        optional from: Date;
        /// Last day.
        optional until: Date;
        /// Bars that replace those of the tasks' rubrics, by task.
        optional bar: OpenMapping<Vec<BarPart>> = "{agent-setup-mistakes: [{figure: accuracy, at_least: 0.85}]}";
        /// Pay for an accepted item where it is not the task's, for what reports say of cost.
        optional pay: String = "30 USD";
        /// Bonus, for the team's own record: nothing is made of it.
        optional _bonus as "bonus": String;
    }
}

mapping! {
    /// A rater who belongs to the cohort for a part of its time.
    struct MemberKeys = "a rater" {
        /// Pseudonymous id.
        needed rater: String = "a-03";
        /// First day, if later than the cohort's.
        optional from: Date;
        /// Last day, if earlier than the cohort's.
        optional until: Date;
    }
}

impl FromYaml for Member {
    fn schema() -> Json {
        json!({ "anyOf": [String::schema(), MemberKeys::schema()] })
    }

    fn from_yaml(node: &Node, diagnostics: &mut Diagnostics) -> Option<Self> {
        if matches!(node.value, Value::Scalar { .. }) {
            return Some(Self { rater: String::from_yaml(node, diagnostics)?, from: None, until: None });
        }
        let MemberKeys { rater, from, until } = MemberKeys::from_yaml(node, diagnostics)?;
        Some(Self { rater: rater?, from, until })
    }
}

/// Who belongs to a cohort, as written.
#[derive(Clone, Debug)]
pub enum Raters {
    /// Ids and memberships.
    Listed(Vec<Member>),
    /// The name of a file with one id a line.
    Roster(Spanned<String>),
}

impl FromYaml for Raters {
    fn schema() -> Json {
        json!({ "anyOf": [Vec::<Member>::schema(), String::schema()] })
    }

    fn from_yaml(node: &Node, diagnostics: &mut Diagnostics) -> Option<Self> {
        match node.value {
            Value::Scalar { .. } => Spanned::from_yaml(node, diagnostics).map(Self::Roster),
            _ => Vec::from_yaml(node, diagnostics).map(Self::Listed),
        }
    }
}

/// Reads a cohort.
pub fn parse(path: &str, files: &FileSet<'_>, diagnostics: &mut Diagnostics) -> Option<CohortDocument> {
    let source = files.get(path)?;
    let (file, text) = (source.id, source.text()?);
    let node = yaml::parse(text, file, 0, diagnostics)?;
    let span = Span::new(file, 0, 0);
    let id = path.rsplit('/').next().and_then(|name| name.strip_suffix(".yaml")).unwrap_or(path).to_owned();
    super::check_id(&id, span, diagnostics);
    let CohortKeys { title, vendor, interests, role, raters, tasks, from, until, bar, pay, .. } =
        CohortKeys::from_yaml(&node, diagnostics)?;
    let raters = match raters {
        Some(Raters::Listed(members)) => members,
        Some(Raters::Roster(name)) => roster(&name, path, files, diagnostics),
        None => Vec::new(),
    };
    if let (Some(from), Some(until)) = (from, until)
        && from > until
    {
        diagnostics.add(rules::INVALID_VALUE, span, format!("the cohort begins on {from}, after it ends on {until}"));
    }
    let title = title.unwrap_or_else(|| id.clone());
    let bars = bar.map_or_else(Vec::new, |OpenMapping(bars)| bars).into_iter();
    Some(CohortDocument {
        id,
        title,
        vendor,
        interests,
        pay,
        role,
        raters,
        tasks: tasks.unwrap_or_default(),
        from,
        until,
        bars: bars.map(|(task, value)| (task.text, Spanned { value, span: task.span })).collect(),
    })
}

/// A cohort's file, or a roster, in which a rater has another id.
pub struct RenamedMember {
    /// Its text.
    pub text: String,
    /// How often the rater is named in it.
    pub places: usize,
}

/// Gives a rater another id in a file of a cohort; none if the file does not name the rater. Where the rater is not
/// written plainly, so that something else would change with the id, the place of it is the error.
pub fn rename_member(source: &Source, rater: &str, fresh: &str) -> Result<Option<RenamedMember>, Span> {
    let Some(old) = source.text() else { return Ok(None) };
    let is_roster = !source.path.ends_with(".yaml");
    let spans = if is_roster { roster_spans(old, rater) } else { member_spans(old, source.id, rater) };
    let Some(first) = spans.first() else { return Ok(None) };
    let text = spliced(old, spans.iter().map(|span| (span.clone(), fresh)));
    let (before, after) = (scalars(old, source.id), scalars(&text, source.id));
    let changed: Vec<_> = before.iter().zip(&after).filter(|(before, after)| before != after).collect();
    let is_theirs = |(before, after): &(&String, &String)| before.trim() == rater && **after == fresh;
    let is_plain = before.len() == after.len() && changed.len() == spans.len() && changed.iter().all(is_theirs);
    if is_roster || is_plain {
        Ok(Some(RenamedMember { text, places: spans.len() }))
    } else {
        Err(Span::new(source.id, first.start, first.end))
    }
}

/// All that a cohort's file says, keys included, in order.
fn scalars(text: &str, file: FileId) -> Vec<String> {
    fn collect(node: &Node, out: &mut Vec<String>) {
        match &node.value {
            Value::Scalar { text, .. } => out.push(text.clone()),
            Value::List(nodes) => nodes.iter().for_each(|node| collect(node, out)),
            Value::Map(entries) => entries.iter().for_each(|(key, value)| {
                out.push(key.text.clone());
                collect(value, out);
            }),
        }
    }
    let mut out = Vec::new();
    yaml::parse(text, file, 0, &mut Diagnostics::default()).iter().for_each(|node| collect(node, &mut out));
    out
}

/// Where a cohort's file names a rater; nowhere if it names a roster.
fn member_spans(text: &str, file: FileId, rater: &str) -> Vec<Range<usize>> {
    let node = yaml::parse(text, file, 0, &mut Diagnostics::default());
    let value = |node: &Node, name: &str| match &node.value {
        Value::Map(entries) => entries.iter().find(|(key, _)| key.text == name).map(|(_, value)| value.clone()),
        _ => None,
    };
    let Some(Node { value: Value::List(raters), .. }) = node.and_then(|node| value(&node, "raters")) else {
        return Vec::new();
    };
    let ids = raters.into_iter().map(|member| value(&member, "rater").unwrap_or(member));
    let own = ids.filter(|id| matches!(&id.value, Value::Scalar { text, .. } if text.trim() == rater));
    own.map(|id| id.span.start as usize..id.span.end as usize).collect()
}

/// Where a roster names a rater.
fn roster_spans(text: &str, rater: &str) -> Vec<Range<usize>> {
    let start = |line: &str| line.as_ptr() as usize - text.as_ptr() as usize;
    let own = roster_lines(text).map(str::trim).filter(|line| *line == rater);
    own.map(|line| start(line)..start(line) + line.len()).collect()
}

/// The lines of a roster that name a rater, as they are written.
fn roster_lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| !matches!(line.trim(), "" | "rater"))
}

fn roster(name: &Spanned<String>, path: &str, files: &FileSet<'_>, diagnostics: &mut Diagnostics) -> Vec<Member> {
    let Spanned { value: name, span } = name;
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let Some(text) = files.get(&format!("{folder}/{name}")).and_then(|file| file.text()) else {
        diagnostics
            .add(rules::MISSING_FILE, *span, format!("there is no roster `{name}` beside this file"))
            .help("a roster is a `.csv` with one rater id a line");
        return Vec::new();
    };
    roster_lines(text).map(|line| Member { rater: line.trim().to_owned(), from: None, until: None }).collect()
}
