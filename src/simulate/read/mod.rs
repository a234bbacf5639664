//! Reading a plan: from YAML to names that are resolved against the site.
//!
//! In: the file, the Model and the written gold. Out: a `SimulationPlan`, or findings with their places, all of them at
//! once. What could not be written as ratings, or would be read with a finding, is refused here.

mod cohort;
mod manner;
mod task;

use super::plan::SimulationPlan;
use crate::diagnostic::{Diagnostics, did_you_mean, one_of, rules};
use crate::document::{Criterion, Rubric};
use crate::model::{Model, Task};
use crate::quality::random::DEFAULT_SEED;
use crate::ratings::{Week, Written, current};
use crate::source::{Sources, Span};
use crate::yaml::{self, Fields, Node};
use jiff::ToSpan;
use std::ops::RangeInclusive;

/// Most weeks, items a week, and steps of an item.
const MOST_WEEKS: u32 = 520;
const MOST_ITEMS: u32 = 100_000;
const MOST_STEPS: u32 = 10_000;
/// Years in which a plan may begin.
const YEARS: RangeInclusive<i16> = 1900..=9000;
/// Most submissions of a cohort.
const MOST_SUBMISSIONS: usize = 2_000_000;

/// Reads the plan that is the only file of `source`.
pub fn plan<'m>(
    source: &Sources,
    model: &'m Model,
    written: &'m [Written],
    diagnostics: &mut Diagnostics,
) -> Option<SimulationPlan<'m>> {
    let source = source.below("").next()?;
    let node = yaml::parse(source.text()?, source.id, 0, diagnostics)?;
    let plan = PlanReader { model, written }.plan(&node, diagnostics)?;
    diagnostics.gate().is_ok().then_some(plan)
}

/// What names are resolved against.
struct PlanReader<'m> {
    model: &'m Model,
    written: &'m [Written],
}

impl<'m> PlanReader<'m> {
    fn plan(&self, node: &Node, diagnostics: &mut Diagnostics) -> Option<SimulationPlan<'m>> {
        let mut fields = Fields::of(node, "a plan", diagnostics)?;
        let seed = fields.get("seed").and_then(|node| node.count(diagnostics)).map_or(DEFAULT_SEED, u64::from);
        let first = fields.require("first", "2026-W43", diagnostics).and_then(|node| week(node, diagnostics));
        let weeks = fields.require("weeks", "8", diagnostics);
        let weeks = weeks.and_then(|node| at_most(node, MOST_WEEKS, diagnostics));
        let tasks = fields.require("tasks", "{my-task: {minutes: 20}}", diagnostics);
        let cohorts = fields.require(
            "cohorts",
            "{my-cohort: {tasks: {my-task: {items: 10, overlap: 3}}, manner: {skill: 0.8}}}",
            diagnostics,
        );
        fields.finish(diagnostics);
        let weeks = first.zip(weeks).map_or_else(Vec::new, |(first, count)| following(first, count));
        let mut plan =
            SimulationPlan { seed, zone: &self.model.config.time_zone, tasks: Vec::new(), cohorts: Vec::new() };
        for (key, node) in tasks.and_then(|node| node.map(diagnostics)).unwrap_or_default() {
            if let Some(task) = find(&key.text, key.span, &self.model.tasks, "task", diagnostics) {
                plan.tasks.extend(self.task(task, node, seed, &weeks, diagnostics));
            }
        }
        for (key, node) in cohorts.and_then(|node| node.map(diagnostics)).unwrap_or_default() {
            if let Some(cohort) = find(&key.text, key.span, &self.model.cohorts, "cohort", diagnostics) {
                let planned = self.cohort(cohort, node, key.span, &mut plan, diagnostics);
                plan.cohorts.extend(planned);
            }
        }
        Some(plan)
    }
}

/// Something of the site that has an id.
trait HasId {
    const MISSING: &'static rules::Rule;
    fn id(&self) -> &str;
}

impl HasId for Task {
    const MISSING: &'static rules::Rule = rules::UNKNOWN_TASK;
    fn id(&self) -> &str {
        &self.id
    }
}

impl HasId for crate::model::Cohort {
    const MISSING: &'static rules::Rule = rules::UNKNOWN_COHORT;
    fn id(&self) -> &str {
        &self.id
    }
}

impl HasId for Criterion {
    const MISSING: &'static rules::Rule = rules::UNKNOWN_CRITERION;
    fn id(&self) -> &str {
        &self.id
    }
}

/// The one of this id, else a finding with those there are.
fn find<'m, T: HasId>(
    id: &str,
    span: Span,
    all: impl IntoIterator<Item = &'m T>,
    what: &str,
    diagnostics: &mut Diagnostics,
) -> Option<&'m T> {
    let all: Vec<&T> = all.into_iter().collect();
    let found = all.iter().find(|one| one.id() == id);
    if found.is_none() {
        let known = || all.iter().map(|one| one.id());
        diagnostics
            .add(T::MISSING, span, format!("there is no {what} `{id}`"))
            .maybe_help(did_you_mean(id, known()))
            .help(format!("there is {}", one_of(known())));
    }
    found.copied()
}

/// The rubrics that raters answer: sealed ones, newest first; the working text where nothing is sealed.
fn rubrics(task: &Task) -> impl Iterator<Item = &Rubric> {
    let sealed = task.releases.iter().rev().map(|release| &release.instructions.rubric);
    sealed.chain(current(task).filter(|_| task.releases.is_empty()))
}

/// Every criterion that raters answer, as its newest rubric has it.
fn criteria(task: &Task) -> Vec<&Criterion> {
    let mut criteria: Vec<&Criterion> = Vec::new();
    for criterion in rubrics(task).flat_map(|rubric| &rubric.criteria) {
        if !criteria.iter().any(|known| known.id == criterion.id) {
            criteria.push(criterion);
        }
    }
    criteria
}

fn week(node: &Node, diagnostics: &mut Diagnostics) -> Option<Week> {
    let week = Week::parse(node.text(diagnostics)?).filter(|week| YEARS.contains(&week.year));
    if week.is_none() {
        node.wrong("an ISO week such as 2026-W43", diagnostics);
    }
    week
}

fn following(first: Week, count: u32) -> Vec<Week> {
    let monday = first.days().0;
    (0..i64::from(count)).map(|weeks| Week::of(monday.saturating_add((7 * weeks).days()))).collect()
}

/// A whole number from 1 to `most`.
fn at_most(node: &Node, most: u32, diagnostics: &mut Diagnostics) -> Option<u32> {
    let count = node.count(diagnostics)?;
    if (1..=most).contains(&count) {
        return Some(count);
    }
    node.wrong(&format!("a whole number from 1 to {most}"), diagnostics);
    None
}

/// A number from `least` to `most`.
fn within(node: &Node, least: f64, most: f64, diagnostics: &mut Diagnostics) -> Option<f64> {
    let number = node.number(diagnostics)?;
    if (least..=most).contains(&number) {
        return Some(number);
    }
    node.wrong(&format!("a number from {least} to {most}"), diagnostics);
    None
}

/// A value that a criterion has, else a finding.
fn value(node: &Node, criterion: &Criterion, diagnostics: &mut Diagnostics) -> Option<String> {
    let text = node.text(diagnostics)?;
    on_scale(text, node.span, criterion, diagnostics)
}

fn on_scale(text: &str, span: Span, criterion: &Criterion, diagnostics: &mut Diagnostics) -> Option<String> {
    let Some(refusal) = criterion.scale.refuses(text) else { return Some(text.to_owned()) };
    let known = || criterion.scale.choices().iter().map(|choice| choice.value.as_str());
    let finding = diagnostics.add(rules::INVALID_VALUE, span, format!("{refusal} of `{}`", criterion.id));
    finding.maybe_help(did_you_mean(text, known()));
    if known().next().is_some() {
        finding.help(format!("it has {}", one_of(known())));
    }
    None
}
