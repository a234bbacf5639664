//! Truth: what the right answers to an item are.
//!
//! In: an item and the rubric. Out: an answer to each criterion: its gold where it has some, else one drawn as often
//! as the plan says, each criterion by itself but for the plan's rules. It never looks at a rater.

use super::chance::{one_of, poisson, stream, weighted};
use super::items::Item;
use super::plan::{AnswerRule, SimulationPlan, TaskPlan};
use crate::document::{Criterion, Rubric};
use crate::model::{GoldAnswer, GoldFlag};
use crate::quality::random::Random;
use std::collections::{BTreeMap, BTreeSet};

/// Answers by criterion.
pub type AnswersByCriterion = BTreeMap<String, GoldAnswer>;

/// The right answers to an item; free text has none.
pub fn of(item: &Item<'_, '_>, rubric: &Rubric, task: &TaskPlan<'_>, plan: &SimulationPlan<'_>) -> AnswersByCriterion {
    let scored = || rubric.criteria.iter().filter(|criterion| criterion.scale.is_scored());
    let mut answers = AnswersByCriterion::new();
    for criterion in scored() {
        let mut random = stream(plan.seed, &["truth", &task.task.id, &item.name, &criterion.id]);
        let gold = item.gold.and_then(|gold| gold.answers.get(criterion.id.as_str()));
        let gold = gold.and_then(|gold| on_scale(gold, criterion));
        let truth = match (gold, criterion.scale.has_flags()) {
            (Some(GoldAnswer::Flags(gold)), true) => flags(Some(gold), item.steps, criterion, task, &mut random),
            (Some(gold), _) => gold,
            (None, true) => flags(None, item.steps, criterion, task, &mut random),
            (None, false) => {
                let value = drawn(task.answers.get(&criterion.id), &task.ladder(criterion, &[]), &mut random);
                GoldAnswer::Values(value.into_iter().collect())
            }
        };
        answers.insert(criterion.id.clone(), truth);
    }
    settle(&mut answers, rubric, task, &|criterion| item.gold.is_some_and(|gold| gold.answers.contains_key(criterion)));
    answers
}

/// The gold as far as it is on this version's scale.
fn on_scale(gold: &GoldAnswer, criterion: &Criterion) -> Option<GoldAnswer> {
    let known = |value: &String| criterion.scale.refuses(value).is_none();
    match gold {
        GoldAnswer::Values(values) => {
            let values: Vec<String> = values.iter().filter(|value| known(value)).cloned().collect();
            (!values.is_empty()).then_some(GoldAnswer::Values(values))
        }
        GoldAnswer::Flags(flags) => {
            Some(GoldAnswer::Flags(flags.iter().filter(|flag| known(&flag.kind)).cloned().collect()))
        }
        GoldAnswer::Outcome(outcome) => Some(GoldAnswer::Outcome(*outcome)),
    }
}

/// One of the allowed values, as often as the plan says.
fn drawn(planned: Option<&Vec<(String, f64)>>, allowed: &[String], random: &mut Random) -> Option<String> {
    let planned = planned.into_iter().flatten().filter(|(value, _)| allowed.contains(value));
    let planned: Vec<(&String, f64)> = planned.map(|(value, weight)| (value, *weight)).collect();
    weighted(&planned, random).copied().or_else(|| one_of(allowed, random)).cloned()
}

/// Flags of an item: those of its gold, else a Poisson number of each kind; a kind for every step where the rubric
/// asks for that.
fn flags(
    gold: Option<Vec<GoldFlag>>,
    steps: u32,
    criterion: &Criterion,
    task: &TaskPlan<'_>,
    random: &mut Random,
) -> GoldAnswer {
    let mut flags = match gold {
        Some(gold) => gold,
        None if criterion.each => Vec::new(),
        None => scattered(steps, criterion, task, random),
    };
    if criterion.each {
        let flagged: BTreeSet<usize> = flags.iter().map(|flag| flag.step).collect();
        let (planned, kinds) = (task.answers.get(&criterion.id), task.ladder(criterion, &[]));
        for step in 1..=steps as usize {
            let kind = drawn(planned, &kinds, random).filter(|_| !flagged.contains(&step));
            flags.extend(kind.map(|kind| bare(step, kind)));
        }
    }
    flags.sort_by(|a, b| (a.step, &a.kind).cmp(&(b.step, &b.kind)));
    flags.dedup_by(|a, b| (a.step, &a.kind) == (b.step, &b.kind));
    for flag in &mut flags {
        complete(flag, criterion, task, random);
    }
    GoldAnswer::Flags(flags)
}

fn scattered(steps: u32, criterion: &Criterion, task: &TaskPlan<'_>, random: &mut Random) -> Vec<GoldFlag> {
    let kinds = task.ladder(criterion, &[]);
    let planned = task.answers.get(&criterion.id);
    let mean = |kind: &String| match planned {
        Some(planned) => planned.iter().find(|(name, _)| name == kind).map_or(0.0, |(_, mean)| *mean),
        None => 1.0 / kinds.len() as f64,
    };
    let mut flags = Vec::new();
    for kind in &kinds {
        for _ in 0..poisson(mean(kind), random) {
            flags.push(bare(any_step(steps, random), kind.clone()));
        }
    }
    flags
}

/// A flag without attributes.
pub fn bare(step: usize, kind: String) -> GoldFlag {
    GoldFlag { step, kind, ..GoldFlag::default() }
}

/// Any step of an item.
pub fn any_step(steps: u32, random: &mut Random) -> usize {
    1 + random.below(u64::from(steps.max(1))) as usize
}

/// Gives a flag the attributes that it lacks.
pub fn complete(flag: &mut GoldFlag, criterion: &Criterion, task: &TaskPlan<'_>, random: &mut Random) {
    for attribute in &criterion.attributes {
        let planned = task.answers.get(&format!("{}.{}", criterion.id, attribute.name));
        let value = drawn(planned, &attribute.values, random);
        if let Some(value) = value.filter(|_| !flag.attributes.contains_key(&attribute.name)) {
            flag.attributes.insert(attribute.name.clone(), value);
        }
    }
}

/// Makes answers keep the plan's rules: what is not allowed becomes the nearest value that is, unless it is `fixed`.
pub fn settle(answers: &mut AnswersByCriterion, rubric: &Rubric, task: &TaskPlan<'_>, fixed: &dyn Fn(&str) -> bool) {
    for AnswerRule { when: (criterion, value), then } in &task.rules {
        if !answers.get(criterion).is_some_and(|answer| is(answer, value)) {
            continue;
        }
        for (criterion, allowed) in then.iter().filter(|(criterion, _)| !fixed(criterion)) {
            if let Some(GoldAnswer::Values(values)) = answers.get_mut(criterion)
                && let Some(criterion) = rubric.criterion(criterion)
            {
                let ladder = task.ladder(criterion, &[values.as_slice(), allowed].concat());
                values.iter_mut().for_each(|value| *value = nearest(value, allowed, &ladder));
            }
        }
    }
}

fn is(answer: &GoldAnswer, wanted: &str) -> bool {
    match answer {
        GoldAnswer::Values(values) => values.iter().any(|value| value == wanted),
        GoldAnswer::Flags(flags) => flags.is_empty() && wanted == "none",
        GoldAnswer::Outcome(_) => false,
    }
}

fn nearest(value: &str, allowed: &[String], ladder: &[String]) -> String {
    let place = |value: &str| ladder.iter().position(|rung| rung == value).unwrap_or(0);
    let near = allowed.iter().min_by_key(|other| place(other).abs_diff(place(value)));
    near.map_or_else(|| value.to_owned(), Clone::clone)
}
