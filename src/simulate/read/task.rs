//! Reading what a plan says of a task: when it is rated, what its items are like, and what raters write.
//!
//! In: YAML and the task. Out: a `TaskPlan` with its gold items. Values are checked against the rubrics that serve.

use super::{MOST_STEPS, PlanReader, at_most, criteria, find, on_scale, value, week, within};
use crate::diagnostic::{Diagnostics, did_you_mean, one_of, rules};
use crate::document::Criterion;
use crate::model::Task;
use crate::ratings::{Week, columns};
use crate::simulate::items;
use crate::simulate::plan::{AnswerRule, TaskPlan};
use crate::source::Span;
use crate::yaml::{Fields, Node};
use std::collections::BTreeMap;

impl<'m> PlanReader<'m> {
    /// Reads what the plan says of one task.
    pub fn task(
        &self,
        task: &'m Task,
        node: &Node,
        seed: u64,
        weeks: &[Week],
        diagnostics: &mut Diagnostics,
    ) -> Option<TaskPlan<'m>> {
        let criteria = criteria(task);
        let mut fields = Fields::of(node, "a task of a plan", diagnostics)?;
        let from = fields.get("from").and_then(|node| week(node, diagnostics));
        let until = fields.get("until").and_then(|node| week(node, diagnostics));
        let prefix = fields.text("prefix", diagnostics);
        let steps = fields.get("steps").and_then(|node| at_most(node, MOST_STEPS, diagnostics));
        let minutes = fields.get("minutes").and_then(|node| within(node, 0.1, 10_000.0, diagnostics));
        let spread = fields.get("spread").and_then(|node| within(node, 0.0, 3.0, diagnostics));
        let shown = fields.get("shown_gold").and_then(|node| node.bool(diagnostics)).unwrap_or(false);
        let answers = fields.get("answers").map(|node| answers(node, &criteria, diagnostics));
        let rules = fields.get("rules").map(|node| rules(node, &criteria, diagnostics));
        let comments = fields.get("comments").map(|node| comments(node, &criteria, diagnostics));
        fields.finish(diagnostics);
        let rated = |week: &Week| from.is_none_or(|from| from <= *week) && until.is_none_or(|until| *week <= until);
        let rated: Vec<Week> = weeks.iter().copied().filter(rated).collect();
        if !weeks.is_empty() {
            check_weeks(task, &rated, node.span, diagnostics);
        }
        let answers = answers.unwrap_or_default();
        check_criteria(&criteria, &answers, node.span, diagnostics);
        let index = self.model.tasks.iter().position(|known| known.id == task.id)?;
        let index = u16::try_from(index).ok()?;
        Some(TaskPlan {
            task,
            weeks: rated,
            prefix: prefix.unwrap_or_else(|| "item-".to_owned()),
            steps: steps.unwrap_or(30),
            minutes: minutes.unwrap_or(10.0),
            spread: spread.unwrap_or(0.4),
            answers,
            rules: rules.unwrap_or_default(),
            comments: comments.unwrap_or_default(),
            gold: items::with_gold(task, index, self.written, shown, seed),
            gold_a_week: 0,
        })
    }
}

/// Nothing is rated before there is something to read.
fn check_weeks(task: &Task, weeks: &[Week], span: Span, diagnostics: &mut Diagnostics) {
    let Some(first) = weeks.first() else {
        diagnostics
            .add(rules::INVALID_VALUE, span, format!("`{}` is rated in none of the plan's weeks", task.id))
            .help("`from` and `until` are weeks of the plan");
        return;
    };
    if let Some(release) = task.releases.first().filter(|release| first.days().0 < release.time.day()) {
        let message = format!(
            "`{}` is rated from {first} on, and its first release, {}, is of {}",
            task.id,
            release.version,
            release.time.day()
        );
        let later = weeks.iter().find(|week| release.time.day() <= week.days().0);
        let way_out = later.map(|week| format!("let the task begin later: `from: {week}`"));
        diagnostics.add(rules::INVALID_VALUE, span, message).maybe_help(way_out);
    }
}

/// What no default can settle, and what no table can hold.
fn check_criteria(
    criteria: &[&Criterion],
    answers: &BTreeMap<String, Vec<(String, f64)>>,
    span: Span,
    diagnostics: &mut Diagnostics,
) {
    for criterion in criteria {
        if criterion.scale.has_numbers() && !answers.contains_key(&criterion.id) {
            diagnostics
                .add(rules::MISSING_KEY, span, format!("the numbers of `{}` must be named", criterion.id))
                .help(format!("for example `answers: {{{}: {{0: 0.5, 10: 0.3, 30: 0.2}}}}`", criterion.id));
        }
        for attribute in criterion.attributes.iter().filter(|one| columns().any(|column| column == one.name)) {
            let message = format!("flags of `{}` have `{}`, which is also a column", criterion.id, attribute.name);
            diagnostics.add(rules::INVALID_VALUE, span, message).help("a table of ratings can't hold both");
        }
    }
}

/// How likely each answer is to be the truth, by `criterion` or `criterion.attribute`.
fn answers(
    node: &Node,
    criteria: &[&Criterion],
    diagnostics: &mut Diagnostics,
) -> BTreeMap<String, Vec<(String, f64)>> {
    let mut answers = BTreeMap::new();
    for (key, node) in node.map(diagnostics).unwrap_or_default() {
        let (id, attribute) = key.text.split_once('.').map_or((&*key.text, None), |(id, name)| (id, Some(name)));
        let Some(criterion) = find(id, key.span, criteria.iter().copied(), "criterion", diagnostics) else { continue };
        if !criterion.scale.is_scored() {
            let message = format!("`{id}` is free text, which has no right answer");
            diagnostics.add(rules::INVALID_VALUE, key.span, message).help("sentences stand in `comments`");
            continue;
        }
        let known = match attribute {
            None => None,
            Some(name) => match criterion.attributes.iter().find(|one| one.name == name) {
                Some(attribute) => Some(attribute.values.as_slice()),
                None => {
                    let known = || criterion.attributes.iter().map(|one| one.name.as_str());
                    diagnostics
                        .add(rules::INVALID_VALUE, key.span, format!("flags of `{id}` have no `{name}`"))
                        .maybe_help(did_you_mean(name, known()))
                        .help(format!("they have {}", one_of(known())));
                    continue;
                }
            },
        };
        let read = weights(node, diagnostics, |text, span, diagnostics| match known {
            None => on_scale(text, span, criterion, diagnostics),
            Some(values) if values.iter().any(|value| value == text) => Some(text.to_owned()),
            Some(values) => {
                let message = format!("`{text}` is not one of {}", one_of(values.iter().map(String::as_str)));
                diagnostics.add(rules::INVALID_VALUE, span, message);
                None
            }
        });
        answers.insert(key.text.clone(), read);
    }
    answers
}

/// Values and their weights, which are not all zero.
fn weights(
    node: &Node,
    diagnostics: &mut Diagnostics,
    allowed: impl Fn(&str, Span, &mut Diagnostics) -> Option<String>,
) -> Vec<(String, f64)> {
    let entries = node.map(diagnostics).unwrap_or_default();
    let read = entries.iter().filter_map(|(key, node)| {
        let weight = within(node, 0.0, 100.0, diagnostics);
        Some((allowed(&key.text, key.span, diagnostics)?, weight?))
    });
    let read: Vec<(String, f64)> = read.collect();
    if read.len() == entries.len() && read.iter().all(|(_, weight)| *weight == 0.0) {
        let finding = diagnostics.add(rules::INVALID_VALUE, node.span, "no value has a weight above zero");
        finding.help("for example `{yes: 0.7, no: 0.3}`");
    }
    read
}

fn rules(node: &Node, criteria: &[&Criterion], diagnostics: &mut Diagnostics) -> Vec<AnswerRule> {
    let nodes = node.list(diagnostics).unwrap_or_default();
    nodes.iter().filter_map(|node| rule(node, criteria, diagnostics)).collect()
}

fn rule(node: &Node, criteria: &[&Criterion], diagnostics: &mut Diagnostics) -> Option<AnswerRule> {
    let mut fields = Fields::of(node, "a rule", diagnostics)?;
    let when = fields.require("when", "{safety: 1}", diagnostics);
    let then = fields.require("then", "{overall: [1, 2]}", diagnostics);
    fields.finish(diagnostics);
    let when_node = when?;
    let [(key, wanted)] = when_node.map(diagnostics)? else {
        when_node.wrong("one criterion with one value: `{safety: 1}`", diagnostics);
        return None;
    };
    let criterion = find(&key.text, key.span, criteria.iter().copied(), "criterion", diagnostics)?;
    let wanted = match (criterion.scale.has_flags(), wanted.text(diagnostics)?) {
        (true, "none") => "none".to_owned(),
        (true, _) => {
            wanted.wrong("`none`: a rule looks only at whether there are flags", diagnostics);
            return None;
        }
        _ => value(wanted, criterion, diagnostics)?,
    };
    let mut allowed = BTreeMap::new();
    for (key, node) in then?.map(diagnostics)? {
        let criterion = find(&key.text, key.span, criteria.iter().copied(), "criterion", diagnostics)?;
        if !criterion.scale.has_values() {
            let message = format!("a rule can't change `{}`: it has a {} scale", key.text, criterion.scale.name());
            diagnostics.add(rules::INVALID_VALUE, key.span, message);
            return None;
        }
        let values = node.list(diagnostics)?.iter().map(|node| value(node, criterion, diagnostics));
        let values: Vec<String> = values.collect::<Option<_>>()?;
        if values.is_empty() {
            node.wrong("at least one value", diagnostics);
        }
        allowed.insert(key.text.clone(), values);
    }
    Some(AnswerRule { when: (key.text.clone(), wanted), then: allowed })
}

fn comments(node: &Node, criteria: &[&Criterion], diagnostics: &mut Diagnostics) -> BTreeMap<String, Vec<String>> {
    let mut comments = BTreeMap::new();
    for (key, node) in node.map(diagnostics).unwrap_or_default() {
        if find(&key.text, key.span, criteria.iter().copied(), "criterion", diagnostics).is_some() {
            let sentences = node.list(diagnostics).unwrap_or_default().iter();
            let sentences = sentences.filter_map(|node| node.text(diagnostics).map(|text| text.trim().to_owned()));
            comments.insert(key.text.clone(), sentences.filter(|text| !text.is_empty()).collect());
        }
    }
    comments
}
