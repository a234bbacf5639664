//! Items: what lies on the raters' desks in a week.
//!
//! In: a task's plan, a week, and how many. Out: items with gold, and others. All cohorts draw from the same two lists
//! of a week, from their beginning, so that cohorts rate the same items as far as they rate as many.

use super::chance::stream;
use super::plan::{GoldItem, TaskPlan, WorkPlan};
use crate::model::{GoldAnswer, Task};
use crate::ratings::{ShownFrom, Week, Written};
use std::collections::BTreeMap;

/// One thing to rate.
pub struct Item<'p, 'm> {
    /// Its name.
    pub name: String,
    /// What is known of it.
    pub gold: Option<&'p GoldItem<'m>>,
    /// How many steps it has.
    pub steps: u32,
}

/// The items of a week, the `index`th in which the task is rated.
pub fn of_week<'p, 'm>(plan: &'p TaskPlan<'m>, index: usize, work: &WorkPlan) -> Vec<Item<'p, 'm>> {
    let gold = plan.gold.iter().skip(index * plan.gold_a_week).take(work.gold);
    let gold = gold.map(|gold| Item {
        name: gold.item.to_owned(),
        gold: Some(gold),
        steps: gold.steps.unwrap_or(plan.steps).max(last_step(gold)),
    });
    let Week { year, week } = plan.weeks[index];
    let others = (1..=work.items - work.gold).map(|number| Item {
        name: format!("{}{year}w{week:02}-{number:02}", plan.prefix),
        gold: None,
        steps: plan.steps,
    });
    gold.chain(others).collect()
}

/// The items of a task that have gold, in an order drawn from the seed; those whose gold raters can see only if `shown`.
pub fn with_gold<'m>(task: &'m Task, index: u16, written: &'m [Written], shown: bool, seed: u64) -> Vec<GoldItem<'m>> {
    let mut by_item: BTreeMap<&str, BTreeMap<&str, &Written>> = BTreeMap::new();
    let usable = |gold: &&Written| gold.task == index && (shown || gold.shown == ShownFrom::Never);
    for gold in written.iter().filter(usable) {
        let known = by_item.entry(&gold.item).or_default().entry(&gold.criterion).or_insert(gold);
        if (known.rank, &known.version) <= (gold.rank, &gold.version) {
            *known = gold;
        }
    }
    let mut items: Vec<GoldItem<'m>> = by_item.into_iter().map(|(item, gold)| gold_item(task, item, gold)).collect();
    items.sort_by_key(|gold| (stream(seed, &["gold", &task.id, gold.item]).bits(), gold.item));
    items
}

fn gold_item<'m>(task: &Task, item: &'m str, gold: BTreeMap<&'m str, &'m Written>) -> GoldItem<'m> {
    let instructions = task.working.iter().chain(task.releases.iter().rev().map(|release| &release.instructions));
    let examples = instructions.flat_map(|instructions| &instructions.examples);
    let run = examples.filter(|example| example.item == item).find_map(|example| example.trajectory.as_ref());
    let answers = gold.into_iter().map(|(criterion, gold)| (criterion, &gold.answer)).collect();
    GoldItem { item, answers, steps: run.and_then(|run| u32::try_from(run.steps.len()).ok()) }
}

/// The last step that the gold of an item flags.
fn last_step(gold: &GoldItem<'_>) -> u32 {
    let flags = gold.answers.values().filter_map(|answer| match answer {
        GoldAnswer::Flags(flags) => flags.iter().map(|flag| flag.step).max(),
        _ => None,
    });
    flags.max().and_then(|step| u32::try_from(step).ok()).unwrap_or(0)
}
