//! Flags: what a rater marks on the steps of an item, given the flags that are true.
//!
//! In: true flags and how the rater bears. Out: the rater's flags. A true flag is found with the chance that is the
//! skill; what is found has the right step, the right kind and each right attribute with that chance too, else a step
//! beside it and another kind or value. Where there is nothing, a flag is set with the chance that is left, and after
//! it another with the same chance. Where every step gets a value, no flag is missed or too many: only kinds and
//! attributes can be wrong.

use super::answer::misread;
use super::chance::{happens, one_of};
use super::plan::{Bearing, TaskPlan};
use super::truth::{any_step, bare, complete};
use crate::document::Criterion;
use crate::model::{GoldAnswer, GoldFlag};
use crate::quality::random::Random;

/// Most flags on nothing.
const MOST_FALSE: usize = 8;

/// The answer to a criterion of flags.
pub fn flags(
    truth: &GoldAnswer,
    steps: u32,
    criterion: &Criterion,
    task: &TaskPlan<'_>,
    bearing: &Bearing<'_>,
    random: &mut Random,
) -> GoldAnswer {
    let GoldAnswer::Flags(truth) = truth else { return truth.clone() };
    let kinds = task.ladder(criterion, &[]);
    let mut given: Vec<GoldFlag> = Vec::new();
    for flag in truth {
        if criterion.each || happens(bearing.skill, random) {
            given.push(seen(flag, steps, &kinds, criterion, bearing, random));
        }
    }
    while !criterion.each && given.len() < truth.len() + MOST_FALSE && !happens(bearing.skill, random) {
        let kind = one_of(&kinds, random).cloned().unwrap_or_default();
        let mut flag = bare(any_step(steps, random), kind);
        complete(&mut flag, criterion, task, random);
        given.push(flag);
    }
    given.sort_by(|a, b| (a.step, &a.kind).cmp(&(b.step, &b.kind)));
    given.dedup_by(|a, b| (a.step, &a.kind) == (b.step, &b.kind));
    GoldAnswer::Flags(given)
}

/// A true flag as the rater sets it.
fn seen(
    flag: &GoldFlag,
    steps: u32,
    kinds: &[String],
    criterion: &Criterion,
    bearing: &Bearing<'_>,
    random: &mut Random,
) -> GoldFlag {
    let mut step = flag.step;
    if !criterion.each && !happens(bearing.skill, random) {
        let later = step < steps as usize && (step == 1 || happens(0.5, random));
        step = if later { step + 1 } else { step.saturating_sub(1).max(1) };
    }
    let kind = misread(&flag.kind, bearing, kinds, random);
    let kind = kind.unwrap_or_else(|| mistaken(&flag.kind, kinds, bearing.skill, random));
    let mut set = bare(step, kind);
    for attribute in &criterion.attributes {
        if let Some(value) = flag.attributes.get(&attribute.name) {
            let value = mistaken(value, &attribute.values, bearing.skill, random);
            set.attributes.insert(attribute.name.clone(), value);
        }
    }
    set
}

/// The value with the chance that is the skill, else another one.
fn mistaken(right: &str, all: &[String], skill: f64, random: &mut Random) -> String {
    let others: Vec<&String> = all.iter().filter(|other| *other != right).collect();
    match one_of(&others, random) {
        Some(other) if !happens(skill, random) => (*other).clone(),
        _ => right.to_owned(),
    }
}
