//! Gold: an expert's answer, typed by the scale it answers.
//!
//! In: a YAML tree of an example, and the criterion. Out: `Gold`, checked against the scale and the trajectory.
//! It never decides whether the gold may be shown or may score.

use super::quote;
use crate::diagnostic::{Diagnostics, did_you_mean, one_of, rules};
use crate::document::{self, CitedRule, Criterion, FlagKeys, GoldKeys, Outcome};
use crate::schema::Spanned;
use crate::schema::{FromYaml, OneOrMore, Several};
use crate::source::Span;
use crate::table::PARTING;
use crate::trajectory::Trajectory;
use crate::yaml::{Fields, Key, Node, Value};
use std::collections::BTreeMap;

/// The gold of one criterion.
#[derive(Clone, Debug, PartialEq)]
pub struct Gold {
    /// The criterion.
    pub criterion: String,
    /// The answer.
    pub answer: GoldAnswer,
    /// Why, in the expert's words.
    pub why: Option<String>,
    /// The rules by which it was decided; flags have their own.
    pub rules: Vec<CitedRule>,
}

/// An answer to a criterion.
#[derive(Clone, Debug, PartialEq)]
pub enum GoldAnswer {
    /// Any of these values is right (usually one), as written.
    Values(Vec<String>),
    /// These flags; none means that there is nothing to flag.
    Flags(Vec<GoldFlag>),
    /// No value, for this reason.
    Outcome(Outcome),
}

impl GoldAnswer {
    /// The answer in words, flags with their steps.
    pub fn in_words(&self) -> String {
        match self {
            Self::Values(values) => values.join(" or "),
            Self::Flags(flags) if flags.is_empty() => Outcome::None.name().to_owned(),
            Self::Flags(flags) => {
                let flags = flags.iter().map(|flag| format!("{} at step {}", flag.kind, flag.step));
                flags.collect::<Vec<_>>().join(", ")
            }
            Self::Outcome(outcome) => outcome.name().to_owned(),
        }
    }

    /// Its flags on steps; none of an answer that has none.
    pub fn flags(&self) -> &[GoldFlag] {
        match self {
            Self::Flags(flags) => flags,
            _ => &[],
        }
    }
}

/// A flag on a step.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GoldFlag {
    /// The step's number.
    pub step: usize,
    /// The kind, one of the scale's.
    pub kind: String,
    /// Attributes by name.
    pub attributes: BTreeMap<String, String>,
    /// What of the step it speaks of, word for word.
    pub quote: Option<String>,
    /// Why, in the expert's words.
    pub why: Option<String>,
    /// The rules by which it was decided.
    pub rules: Vec<CitedRule>,
}

impl GoldFlag {
    /// Its quote on one line, as lists of gold have it after a space; empty without one.
    pub fn quote_in_words(&self) -> String {
        let on_a_line = |quote: &String| quote.split_whitespace().collect::<Vec<_>>().join(" ");
        self.quote.as_ref().map_or_else(String::new, |quote| format!(" “{}”", on_a_line(quote)))
    }
}

impl Gold {
    /// All rules that it cites, those of its flags behind its own.
    pub fn cited(&self) -> impl Iterator<Item = &CitedRule> {
        self.rules.iter().chain(self.answer.flags().iter().flat_map(|flag| &flag.rules))
    }

    /// Reads the gold of one criterion.
    pub fn read(
        (key, document::WrittenGold { node }): &(Key, document::WrittenGold),
        criterion: &Criterion,
        trajectory: Option<&Trajectory>,
        diagnostics: &mut Diagnostics,
    ) -> Option<Self> {
        let name = criterion.id.clone();
        if !criterion.scale.is_scored() {
            let message = format!("`{name}` is free text, which is never scored: it has no gold");
            diagnostics.add(rules::INVALID_VALUE, key.span, message);
            return None;
        }
        match &node.value {
            Value::List(nodes) if criterion.scale.has_flags() => {
                let flags = nodes.iter().filter_map(|node| flag(node, criterion, trajectory, diagnostics)).collect();
                Some(Self { criterion: name, answer: GoldAnswer::Flags(flags), why: None, rules: Vec::new() })
            }
            Value::Map(_) => with_reason(node, criterion, diagnostics),
            Value::Scalar { .. } if !criterion.scale.has_flags() => {
                let value = value(node, criterion, diagnostics)?;
                Some(Self { criterion: name, answer: GoldAnswer::Values(vec![value]), why: None, rules: Vec::new() })
            }
            _ => {
                node.wrong(shape(criterion), diagnostics);
                None
            }
        }
    }
}

fn shape(criterion: &Criterion) -> &'static str {
    match (criterion.scale.has_flags(), criterion.scale.has_sets()) {
        (true, _) => "a list of flags: `[{step: 12, value: ignored-error, why: …}]`, or `[]`",
        (_, true) => "all values of the set: `{value: [first, second], why: …}`, or `{outcome: none}`",
        _ => "a value: `{value: partly, why: …}`",
    }
}

fn with_reason(node: &Node, criterion: &Criterion, diagnostics: &mut Diagnostics) -> Option<Gold> {
    let GoldKeys { value: one, any_of, outcome, why, rule } = GoldKeys::from_yaml(node, diagnostics)?;
    let steps = criterion.scale.has_flags();
    let answer = match (one, any_of, outcome) {
        (None, None, Some(Outcome::None)) if steps => GoldAnswer::Flags(Vec::new()),
        (None, None, Some(outcome)) => GoldAnswer::Outcome(outcome),
        (Some(one), None, None) if !steps => GoldAnswer::Values(vec![values(&one.node, criterion, diagnostics)?]),
        (None, Some(any), None) if criterion.scale.allows_any_of() => {
            let OneOrMore(values) = any.read(diagnostics)?;
            GoldAnswer::Values(values.iter().filter_map(|one| value(&one.node, criterion, diagnostics)).collect())
        }
        (None, Some(_), None) => {
            let scale = criterion.scale.name();
            let message = format!("gold of `{}`, which has a {scale} scale, has no `any_of`", criterion.id);
            diagnostics.add(rules::INVALID_VALUE, node.span, message).help(shape(criterion));
            return None;
        }
        _ => {
            let message = format!("gold of `{}` holds just one of `value`, `any_of` and `outcome`", criterion.id);
            diagnostics.add(rules::INVALID_VALUE, node.span, message).help(shape(criterion));
            return None;
        }
    };
    let rules = each_once(rule.map(|Several(rules)| rules).unwrap_or_default());
    Some(Gold { criterion: criterion.id.clone(), answer, why, rules })
}

/// Rules that are cited, each once, as they were written.
pub fn each_once(rules: Vec<CitedRule>) -> Vec<CitedRule> {
    let mut once: Vec<CitedRule> = Vec::with_capacity(rules.len());
    for rule in rules {
        if !once.contains(&rule) {
            once.push(rule);
        }
    }
    once
}

fn value(node: &Node, criterion: &Criterion, diagnostics: &mut Diagnostics) -> Option<String> {
    let text = node.text(diagnostics)?;
    on_scale(text, node.span, criterion, diagnostics)
}

/// A value, or a list of all values of a set.
fn values(node: &Node, criterion: &Criterion, diagnostics: &mut Diagnostics) -> Option<String> {
    let Several::<String>(values) = Several::from_yaml(node, diagnostics)?;
    on_scale(&values.join(&PARTING.to_string()), node.span, criterion, diagnostics)
}

fn on_scale(text: &str, span: Span, criterion: &Criterion, diagnostics: &mut Diagnostics) -> Option<String> {
    if let Some(refusal) = criterion.scale.refuses(text) {
        let known = || criterion.scale.values();
        let finding = diagnostics.add(rules::INVALID_VALUE, span, format!("{refusal} of `{}`", criterion.id));
        finding.maybe_help(did_you_mean(text, known()));
        if known().next().is_some() {
            finding.help(format!("it has {}", one_of(known())));
        }
        return None;
    }
    Some(criterion.scale.in_order(text).into_owned())
}

fn flag(
    node: &Node,
    criterion: &Criterion,
    trajectory: Option<&Trajectory>,
    diagnostics: &mut Diagnostics,
) -> Option<GoldFlag> {
    let mut fields = Fields::of(node, FlagKeys::WHAT, diagnostics)?;
    let FlagKeys { step, value: kind, quote, why, rule } = FlagKeys::take(&mut fields, diagnostics);
    let mut attributes = BTreeMap::new();
    for attribute in &criterion.attributes {
        if let Some(node) = fields.get(&attribute.name)
            && let Some(text) = allowed(node, &attribute.values, diagnostics)
        {
            attributes.insert(attribute.name.clone(), text);
        }
    }
    fields.finish(diagnostics);
    let Spanned { value: step, span } = step?;
    let step = usize::try_from(step).unwrap_or(usize::MAX);
    if let Some(trajectory) = trajectory {
        match trajectory.steps.iter().find(|known| known.step_id == step) {
            Some(step) => quote.iter().for_each(|quote| quote::check(quote, step, trajectory, diagnostics)),
            None => {
                let message = format!("there is no step {step}: the trajectory has {} steps", trajectory.steps.len());
                diagnostics.add(rules::MISSING_STEP, span, message);
            }
        }
    }
    let kind = value(&kind?.node, criterion, diagnostics)?;
    let rules = each_once(rule.map(|Several(rules)| rules).unwrap_or_default());
    Some(GoldFlag { step, kind, attributes, quote: quote.map(|quote| quote.value), why, rules })
}

fn allowed(node: &Node, values: &[String], diagnostics: &mut Diagnostics) -> Option<String> {
    let text = node.text(diagnostics)?;
    if values.iter().any(|value| value == text) {
        return Some(text.to_owned());
    }
    node.wrong(&one_of(values.iter().map(String::as_str)), diagnostics);
    None
}
