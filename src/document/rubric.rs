//! Rubrics: `rubric.md`, the criteria and their scales.
//!
//! In: the file. Out: a `Rubric` and its text. The smallest is one criterion with a scale; all else has a default.

use super::{BarPart, Body, FileSet, FlagKeys, MovedIds, Scale, body};
use crate::diagnostic::{Diagnostics, Place, rules};
use crate::expression::Condition;
use crate::limits::MOST_CRITERIA;
use crate::schema::{FromYaml, Id, NotNegative, OneOrMore, OpenMapping, Spanned, keyed_by_ids, mapping};
use crate::source::Span;
use crate::yaml::Node;
use serde_json::Value as Json;
use std::collections::BTreeSet;

/// What a rubric is called that has no title, or none that may be seen.
pub const UNTITLED_RUBRIC: &str = "Rubric";

mapping! {
    /// The front matter of a rubric: the criteria and their scales. Each criterion has a section in the text below,
    /// `## Was the goal reached? {#goal-reached}`.
    pub struct RubricKeys = "a rubric" {
        /// What the page is called; its first heading unless said, else "Rubric".
        optional title: String = "Rubric";
        /// Who may read it: an audience of goldbook.yaml; the default audience unless said.
        optional audience: Spanned<String>;
        /// The questions, each with a scale; at least one.
        needed criteria: Criteria = "[{id: correct, scale: {nominal: [yes, no]}}]";
        /// The quality that must be shown.
        optional bar: Vec<BarPart> = "[{figure: accuracy, at_least: 0.85}]";
        /// When a test is passed: a condition over `accuracy` and the criteria (their ids with `_` for `-`), each with
        /// `point`, `low`, `high` (95 %), `right` and `asked`, and over `items`, how many test items were answered.
        optional pass: Spanned<String> = "accuracy.low >= 0.7";
        /// Where what stood on this page is now, by the id that links to it have: an address that somebody noted leads on.
        optional moved: MovedIds = "{old-id: rubric.md#new-id}";
    }
}

mapping! {
    /// One question with a scale.
    struct CriterionKeys = "a criterion" {
        /// Its id, which is also the id of its section.
        needed id: Id = "goal-reached";
        /// What may be answered: one of several values (`nominal`, or `ordinal` where they have an order), a `set` of
        /// them, a `number`, flags on `steps`, or free `text`, which is kept and never scored.
        needed scale: Scale = "{nominal: [yes, no]}";
        /// Whether "unsure" is an answer.
        usually unsure: bool = "false";
        /// Its share in overall figures.
        usually weight: NotNegative = "1";
        /// How far from gold an answer still counts as right: steps for `steps`, units for `number`; 0 unless said.
        optional tolerance: Spanned<NotNegative> = "1";
        /// Attributes of each flag of a `steps` scale, with their values.
        optional with: Attributes = "{origin: [real, spurious]}";
        /// Whether every step gets a value, rather than some steps a flag.
        usually each: bool = "false";
    }
}

/// A rubric as written.
#[derive(Clone, Debug)]
pub struct RubricDocument {
    /// What the page is called.
    pub title: String,
    /// Whether the title is the body's first heading.
    pub title_in_body: bool,
    /// Who may read it, if it says.
    pub audience: Option<Spanned<String>>,
    /// The criteria and the bar.
    pub rubric: Rubric,
    /// Where each criterion is declared, in the order of `rubric.criteria`.
    pub spans: Vec<Span>,
    /// Where it says when a test is passed.
    pub pass_span: Option<Span>,
    /// Its text.
    pub body: Body,
}

/// The criteria of a task.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rubric {
    /// At least one.
    pub criteria: Vec<Criterion>,
    /// The quality that must be shown; may be empty.
    pub bar: Vec<BarPart>,
    /// When a test is passed, if it says.
    pub pass: Option<Condition>,
}

impl Rubric {
    /// The criterion of this id.
    pub fn criterion(&self, id: &str) -> Option<&Criterion> {
        self.criteria.iter().find(|criterion| criterion.id == id)
    }

    /// Every name that the mark of a test may have.
    pub fn names_of_figures(&self) -> BTreeSet<String> {
        let scored = self.criteria.iter().filter(|criterion| criterion.scale.is_scored());
        let shares = ["accuracy".to_owned()].into_iter().chain(scored.map(|criterion| figure_name(&criterion.id)));
        let parts = shares.flat_map(|share| PARTS_OF_FIGURES.map(|part| format!("{share}.{part}")));
        parts.chain(["items".to_owned()]).collect()
    }
}

/// What of a figure a mark can ask.
const PARTS_OF_FIGURES: [&str; 5] = ["point", "low", "high", "right", "asked"];

/// What a mark calls a criterion: its id with `_` for `-`, which would subtract.
pub fn figure_name(id: &str) -> String {
    id.replace('-', "_")
}

/// One question with a scale.
#[derive(Clone, Debug, PartialEq)]
pub struct Criterion {
    /// Its id, which is also the id of its section.
    pub id: String,
    /// What may be answered.
    pub scale: Scale,
    /// Whether "unsure" is an answer.
    pub unsure: bool,
    /// Its share in overall figures; 1 unless said.
    pub weight: f64,
    /// How far from gold an answer still counts as right: steps for `steps`, units for `number`.
    pub tolerance: f64,
    /// Attributes of each flag of a `steps` scale.
    pub attributes: Vec<Attribute>,
    /// Whether every step gets a value, rather than some steps a flag.
    pub each: bool,
}

/// An attribute of a flag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// Its name.
    pub name: String,
    /// Its values.
    pub values: Vec<String>,
}

/// Reads a rubric.
pub fn parse(path: &str, files: &FileSet<'_>, diagnostics: &mut Diagnostics) -> Option<RubricDocument> {
    if files.is_unreadable(path) {
        return None;
    }
    if !files.contains(path) {
        diagnostics
            .add(rules::MISSING_FILE, Place::file(path), "a task needs a `rubric.md`")
            .help(format!("its front matter lists the criteria, for example\n{EXAMPLE}"));
        return None;
    }
    let split = body::split(path, files, diagnostics)?;
    let front = split.front("a rubric needs front matter with `criteria`", EXAMPLE, diagnostics)?;
    let RubricKeys { title, audience, criteria, bar, pass, moved } = RubricKeys::from_yaml(front, diagnostics)?;
    let body = split.body.clone().with_moved(moved);
    let (criteria, spans) = criteria.map_or_else(Default::default, |Criteria(criteria)| criteria.into_iter().unzip());
    let bar = bar.unwrap_or_default();
    let pass_span = pass.as_ref().map(|pass| pass.span);
    let pass = pass.and_then(|Spanned { value, span }| {
        Condition::parse(&value).map_err(|fault| diagnostics.fault(rules::INVALID_VALUE, span, fault)).ok()
    });
    let title_in_body = title.is_none() && body.title().is_some();
    let title = title.or_else(|| body.title().map(str::to_owned)).unwrap_or_else(|| UNTITLED_RUBRIC.to_owned());
    Some(RubricDocument {
        title,
        title_in_body,
        audience,
        rubric: Rubric { criteria, bar, pass },
        spans,
        pass_span,
        body,
    })
}

const EXAMPLE: &str =
    "---\ncriteria:\n  - id: correct\n    scale: {nominal: [yes, no]}\n---\n\n## Is it correct? {#correct}";

/// The criteria, and where each is declared.
#[derive(Clone, Debug)]
pub struct Criteria(Vec<(Criterion, Span)>);

impl FromYaml for Criteria {
    fn schema() -> Json {
        OneOrMore::<Criterion>::schema()
    }

    fn from_yaml(node: &Node, diagnostics: &mut Diagnostics) -> Option<Self> {
        let mut criteria: Vec<(Criterion, Span)> = Vec::new();
        let nodes = node.list(diagnostics)?;
        if let Some(node) = nodes.get(MOST_CRITERIA) {
            diagnostics.add(rules::BEYOND_LIMIT, node.span, format!("more than {MOST_CRITERIA} criteria"));
        }
        for node in nodes.iter().take(MOST_CRITERIA) {
            let Some(criterion) = Criterion::from_yaml(node, diagnostics) else { continue };
            if criteria.iter().any(|(known, _)| known.id == criterion.id) {
                let message = format!("two criteria have the id `{}`", criterion.id);
                diagnostics.add(rules::DUPLICATE_ID, node.span, message);
            }
            criteria.push((criterion, node.span));
        }
        Some(Self(criteria))
    }
}

impl FromYaml for Criterion {
    fn schema() -> Json {
        CriterionKeys::schema()
    }

    fn from_yaml(node: &Node, diagnostics: &mut Diagnostics) -> Option<Self> {
        let CriterionKeys { id, scale, unsure, weight, tolerance, with, each } =
            CriterionKeys::from_yaml(node, diagnostics)?;
        let (Id(id), scale) = (id?, scale?);
        if let (Some(tolerance), None) = (&tolerance, scale.tolerance_unit()) {
            let message = format!("a {} scale has no `tolerance`: an answer is right or not", scale.name());
            diagnostics.add(rules::INVALID_VALUE, tolerance.span, message);
        }
        Some(Self {
            id,
            scale,
            unsure,
            weight: weight.0,
            tolerance: tolerance.map_or(0.0, |tolerance| tolerance.value.0),
            attributes: with.map_or_else(Vec::new, |Attributes(attributes)| attributes),
            each,
        })
    }
}

/// The attributes of a criterion's flags.
#[derive(Clone, Debug)]
struct Attributes(Vec<Attribute>);

impl FromYaml for Attributes {
    fn schema() -> Json {
        keyed_by_ids(OpenMapping::<Vec<String>>::schema())
    }

    fn from_yaml(node: &Node, diagnostics: &mut Diagnostics) -> Option<Self> {
        let OpenMapping(entries) = OpenMapping::from_yaml(node, diagnostics)?;
        let of_flags = FlagKeys::schema();
        for (key, _) in &entries {
            super::check_id(&key.text, key.span, diagnostics);
            if of_flags["properties"].get(&key.text).is_some() {
                let message = format!("`{}` is what each flag of gold may say anyway", key.text);
                diagnostics.add(rules::INVALID_VALUE, key.span, message).help("call the attribute otherwise");
            }
        }
        Some(Self(entries.into_iter().map(|(key, values)| Attribute { name: key.text, values }).collect()))
    }
}
