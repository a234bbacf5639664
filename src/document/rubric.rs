//! Rubrics: `rubric.md`, the criteria and their scales.
//!
//! In: the file. Out: a `Rubric` and its text. The smallest is one criterion with a scale; all else has a default.

use super::{BarPart, Body, FileSet, Spanned, bar, body, page};
use crate::diagnostic::{Diagnostics, Place, rules};
use crate::source::Span;
use crate::yaml::{Fields, Node, Value};

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
}

impl Rubric {
    /// The criterion of this id.
    pub fn criterion(&self, id: &str) -> Option<&Criterion> {
        self.criteria.iter().find(|criterion| criterion.id == id)
    }
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

/// What may be answered.
#[derive(Clone, Debug, PartialEq)]
pub enum Scale {
    /// One of several, without order.
    Nominal(Vec<Choice>),
    /// One of several, in order.
    Ordinal(Vec<Choice>),
    /// A number.
    Number {
        /// Smallest allowed.
        min: Option<f64>,
        /// Largest allowed.
        max: Option<f64>,
        /// Such as `min`.
        unit: Option<String>,
    },
    /// Flags on steps, each of a kind.
    Steps(Vec<Choice>),
    /// Free text: kept, never scored.
    Text,
}

/// One value of a scale and what it means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// As raters write it.
    pub value: String,
    /// What it means; empty if only its section says.
    pub meaning: String,
}

/// An attribute of a flag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// Its name.
    pub name: String,
    /// Its values.
    pub values: Vec<String>,
}

impl Scale {
    /// The scales' names.
    pub const NAMES: [&str; 5] = ["nominal", "ordinal", "number", "steps", "text"];

    /// This scale's name.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Nominal(_) => "nominal",
            Self::Ordinal(_) => "ordinal",
            Self::Number { .. } => "number",
            Self::Steps(_) => "steps",
            Self::Text => "text",
        }
    }

    /// The values of a scale that lists them.
    pub fn choices(&self) -> &[Choice] {
        match self {
            Self::Nominal(choices) | Self::Ordinal(choices) | Self::Steps(choices) => choices,
            Self::Number { .. } | Self::Text => &[],
        }
    }

    /// Why `value` is not on this scale; none if it is.
    pub fn refuses(&self, value: &str) -> Option<String> {
        match self {
            Self::Nominal(choices) | Self::Ordinal(choices) | Self::Steps(choices) => {
                let known = choices.iter().any(|choice| choice.value == value);
                (!known).then(|| format!("`{value}` is not on the scale"))
            }
            Self::Number { min, max, .. } => match value.parse::<f64>().ok().filter(|number| number.is_finite()) {
                None => Some(format!("`{value}` is not a number")),
                Some(number) if min.is_some_and(|min| number < min) => Some(format!("{value} is below the scale")),
                Some(number) if max.is_some_and(|max| number > max) => Some(format!("{value} is above the scale")),
                Some(_) => None,
            },
            Self::Text => None,
        }
    }
}

/// Reads a rubric.
pub fn parse(path: &str, files: &FileSet<'_>, diagnostics: &mut Diagnostics) -> Option<RubricDocument> {
    if !files.contains(path) {
        diagnostics
            .add(rules::MISSING_FILE, Place::file(path), "a task needs a `rubric.md`")
            .help(format!("its front matter lists the criteria, for example\n{EXAMPLE}"));
        return None;
    }
    let split = body::split(path, files, diagnostics)?;
    let body = split.body.clone();
    let Some(front) = &split.front else {
        diagnostics
            .add(rules::MISSING_KEY, body.top(), "a rubric needs front matter with `criteria`")
            .help(format!("for example\n{EXAMPLE}"));
        return None;
    };
    let mut fields = Fields::of(front, "a rubric", diagnostics)?;
    let title = fields.text("title", diagnostics);
    let audience = fields.get("audience").and_then(|node| page::spanned_text(node, diagnostics));
    let list = fields.require("criteria", "[{id: correct, scale: {nominal: [yes, no]}}]", diagnostics);
    let bar = fields.get("bar").map(|node| bar::parse(node, diagnostics)).unwrap_or_default();
    fields.finish(diagnostics);
    let mut criteria = Vec::new();
    let mut spans = Vec::new();
    for node in list.and_then(|list| list.list(diagnostics)).unwrap_or_default() {
        if let Some(criterion) = criterion(node, diagnostics) {
            reject_twice(&criteria, &criterion, node.span, diagnostics);
            criteria.push(criterion);
            spans.push(node.span);
        }
    }
    let title_in_body = title.is_none() && body.title().is_some();
    let title = title.or_else(|| body.title().map(str::to_owned)).unwrap_or_else(|| "Rubric".to_owned());
    Some(RubricDocument { title, title_in_body, audience, rubric: Rubric { criteria, bar }, spans, body })
}

const EXAMPLE: &str =
    "---\ncriteria:\n  - id: correct\n    scale: {nominal: [yes, no]}\n---\n\n## Is it correct? {#correct}";

fn reject_twice(known: &[Criterion], new: &Criterion, span: Span, diagnostics: &mut Diagnostics) {
    if known.iter().any(|criterion| criterion.id == new.id) {
        diagnostics.add(rules::DUPLICATE_ID, span, format!("two criteria have the id `{}`", new.id));
    }
}

fn criterion(node: &Node, diagnostics: &mut Diagnostics) -> Option<Criterion> {
    let mut fields = Fields::of(node, "a criterion", diagnostics)?;
    let id = fields.require("id", "goal-reached", diagnostics);
    let scale_node = fields.require("scale", "{nominal: [yes, no]}", diagnostics);
    let unsure = fields.get("unsure").and_then(|node| node.bool(diagnostics)).unwrap_or(false);
    let weight = fields.get("weight").and_then(|node| not_negative(node, diagnostics)).unwrap_or(1.0);
    let tolerance_node = fields.get("tolerance");
    let tolerance = tolerance_node.and_then(|node| not_negative(node, diagnostics)).unwrap_or(0.0);
    let attributes = fields.get("with").map(|node| attributes(node, diagnostics)).unwrap_or_default();
    let each = fields.get("each").and_then(|node| node.bool(diagnostics)).unwrap_or(false);
    fields.finish(diagnostics);
    let scale = scale_node.and_then(|node| scale(node, diagnostics))?;
    let spread = matches!(scale, Scale::Steps(_) | Scale::Number { .. });
    if let (Some(node), false) = (tolerance_node, spread) {
        let message = format!("a {} scale has no `tolerance`: an answer is right or not", scale.name());
        diagnostics.add(rules::INVALID_VALUE, node.span, message);
    }
    let id_node = id?;
    let id = id_node.text(diagnostics)?.to_owned();
    super::check_id(&id, id_node.span, diagnostics);
    Some(Criterion { id, scale, unsure, weight, tolerance, attributes, each })
}

fn not_negative(node: &Node, diagnostics: &mut Diagnostics) -> Option<f64> {
    let number = node.number(diagnostics)?;
    if number < 0.0 {
        node.wrong("0 or more", diagnostics);
        return None;
    }
    Some(number)
}

fn attributes(node: &Node, diagnostics: &mut Diagnostics) -> Vec<Attribute> {
    let mut attributes = Vec::new();
    for (key, value) in node.map(diagnostics).unwrap_or_default() {
        let values = value.list(diagnostics).unwrap_or_default();
        let values = values.iter().filter_map(|value| value.text(diagnostics).map(str::to_owned)).collect();
        super::check_id(&key.text, key.span, diagnostics);
        attributes.push(Attribute { name: key.text.clone(), values });
    }
    attributes
}

fn scale(node: &Node, diagnostics: &mut Diagnostics) -> Option<Scale> {
    if matches!(&node.value, Value::Scalar { text, .. } if text == "text") {
        return Some(Scale::Text);
    }
    if let Value::Map(entries) = &node.value
        && let Some((key, _)) = entries.get(1)
    {
        let message = format!("a scale is of one kind; `{}` is a second one", key.text);
        diagnostics
            .add(rules::INVALID_VALUE, key.span, message)
            .help("what is not the scale, such as `unsure`, stands beside it");
    }
    let found = match &node.value {
        Value::Map(entries) => entries.first().map(|(key, value)| (key.text.as_str(), value)),
        Value::Scalar { text, .. } => Some((text.as_str(), node)),
        Value::List(_) => None,
    };
    match found {
        Some(("nominal", value)) => choices(value, 2, diagnostics).map(Scale::Nominal),
        Some(("ordinal", value)) => choices(value, 2, diagnostics).map(Scale::Ordinal),
        Some(("steps", value)) => choices(value, 1, diagnostics).map(Scale::Steps),
        Some(("number", value)) => number(value, diagnostics),
        other => {
            let typed = other.map_or("", |(name, _)| name);
            diagnostics
                .add(rules::INVALID_VALUE, node.span, format!("`{typed}` is not a scale"))
                .maybe_help(crate::diagnostic::did_you_mean(typed, Scale::NAMES))
                .help(format!("scales are {}", crate::diagnostic::one_of(Scale::NAMES)))
                .help("for example `scale: {nominal: {yes: It works, no: It does not}}`");
            None
        }
    }
}

fn number(node: &Node, diagnostics: &mut Diagnostics) -> Option<Scale> {
    if matches!(&node.value, Value::Scalar { text, .. } if text == "number") {
        return Some(Scale::Number { min: None, max: None, unit: None });
    }
    let mut fields = Fields::of(node, "a number scale", diagnostics)?;
    let min = fields.get("min").and_then(|node| node.number(diagnostics));
    let max = fields.get("max").and_then(|node| node.number(diagnostics));
    let unit = fields.text("unit", diagnostics);
    fields.finish(diagnostics);
    if let (Some(min), Some(max)) = (min, max)
        && min >= max
    {
        diagnostics.add(rules::INVALID_VALUE, node.span, format!("`min` ({min}) is not below `max` ({max})"));
    }
    Some(Scale::Number { min, max, unit })
}

/// `[yes, no]` or `{yes: meaning, no: meaning}`.
fn choices(node: &Node, fewest: usize, diagnostics: &mut Diagnostics) -> Option<Vec<Choice>> {
    let mut choices: Vec<Choice> = Vec::new();
    match &node.value {
        Value::List(nodes) => {
            for node in nodes {
                let value = node.text(diagnostics)?.to_owned();
                choices.push(Choice { value, meaning: String::new() });
            }
        }
        Value::Map(entries) => {
            for (key, meaning) in entries {
                let meaning = if meaning.is_null() { "" } else { meaning.text(diagnostics)? };
                choices.push(Choice { value: key.text.clone(), meaning: meaning.to_owned() });
            }
        }
        Value::Scalar { .. } => {
            node.wrong("the scale's values: `[yes, no]` or `{yes: It works, no: It does not}`", diagnostics);
            return None;
        }
    }
    let mut values: Vec<&str> = choices.iter().map(|choice| choice.value.as_str()).collect();
    values.sort_unstable();
    if let Some(twice) = values.windows(2).find(|pair| pair[0] == pair[1]) {
        diagnostics.add(rules::DUPLICATE_ID, node.span, format!("the scale has `{}` twice", twice[0]));
    }
    if choices.len() < fewest {
        diagnostics.add(rules::INVALID_VALUE, node.span, format!("a scale needs at least {fewest} values"));
    }
    Some(choices)
}
