//! Reading what a plan says of a cohort: how much it rates, and what its raters are like.
//!
//! In: YAML and the cohort. Out: a `CohortPlan`. There must be gold and raters enough for what is asked.

use super::manner::{Base, manner};
use super::{MOST_ITEMS, MOST_SUBMISSIONS, PlanReader, at_most, within};
use crate::diagnostic::{Diagnostics, did_you_mean, one_of, rules};
use crate::model::Cohort;
use crate::simulate::plan::{CohortPlan, SimulationPlan, TaskPlan, WorkPlan};
use crate::simulate::submission::present;
use crate::source::Span;
use crate::yaml::{Fields, Key, Node};
use std::collections::{BTreeMap, BTreeSet};

impl<'m> PlanReader<'m> {
    /// Reads what the plan says of one cohort; what it needs of each task's gold is noted there.
    pub fn cohort(
        &self,
        cohort: &'m Cohort,
        node: &Node,
        span: Span,
        plan: &mut SimulationPlan<'m>,
        diagnostics: &mut Diagnostics,
    ) -> Option<CohortPlan<'m>> {
        let mut fields = Fields::of(node, "a cohort of a plan", diagnostics)?;
        let tasks = fields.require("tasks", "{my-task: {items: 10, gold: 0.5, overlap: 3}}", diagnostics);
        let usual = fields.require("manner", "{skill: 0.8}", diagnostics);
        let raters = fields.get("raters");
        fields.finish(diagnostics);
        let planned: Vec<_> = plan.tasks.iter().map(|task| task.task).collect();
        let usual = usual.and_then(|node| manner(node, &Base::Cohort, &planned, diagnostics));
        let mut work = Vec::new();
        for (key, node) in tasks.and_then(|node| node.map(diagnostics)).unwrap_or_default() {
            work.extend(self.work(cohort, key, node, plan, diagnostics));
        }
        check_total(plan, &work, span, diagnostics);
        check_twice(cohort, plan, span, diagnostics);
        let usual = usual?;
        let members: BTreeSet<&str> = cohort.raters.iter().map(|member| member.rater.as_str()).collect();
        let mut manners: BTreeMap<&str, _> = members.iter().map(|rater| (*rater, usual.clone())).collect();
        for (key, node) in raters.and_then(|node| node.map(diagnostics)).unwrap_or_default() {
            let Some(rater) = members.get(key.text.as_str()) else {
                diagnostics
                    .add(rules::INVALID_VALUE, key.span, format!("`{}` has no rater `{}`", cohort.id, key.text))
                    .maybe_help(did_you_mean(&key.text, members.iter().copied()))
                    .help(format!("it has {}", one_of(members.iter().copied())));
                continue;
            };
            if let Some(own) = manner(node, &Base::Rater(&usual), &planned, diagnostics) {
                manners.insert(rater, own);
            }
        }
        Some(CohortPlan { cohort, work, raters: manners })
    }

    fn work(
        &self,
        cohort: &Cohort,
        key: &Key,
        node: &Node,
        plan: &mut SimulationPlan<'m>,
        diagnostics: &mut Diagnostics,
    ) -> Option<WorkPlan> {
        let mut fields = Fields::of(node, "a cohort's work on a task", diagnostics)?;
        let items = fields.require("items", "10", diagnostics);
        let items = items.and_then(|node| at_most(node, MOST_ITEMS, diagnostics));
        let share = fields.get("gold").map(|node| (within(node, 0.0, 1.0, diagnostics), node.span));
        let overlap = fields.get("overlap").and_then(|node| at_most(node, MOST_ITEMS, diagnostics)).unwrap_or(1);
        fields.finish(diagnostics);
        let names = || plan.tasks.iter().map(|task| task.task.id.as_str());
        let Some(index) = names().position(|name| name == key.text) else {
            diagnostics
                .add(rules::UNKNOWN_TASK, key.span, format!("the plan has no task `{}`", key.text))
                .maybe_help(did_you_mean(&key.text, names()))
                .help("describe it under `tasks` of the plan");
            return None;
        };
        if !cohort.tasks.contains(&key.text) {
            let message = format!("`{}` does not rate `{}`", cohort.id, key.text);
            diagnostics
                .add(rules::INVALID_VALUE, key.span, message)
                .help(format!("its file in content/cohorts names {}", one_of(cohort.tasks.iter().map(String::as_str))));
        }
        let (items, overlap) = (items? as usize, overlap as usize);
        let (share, span) = share.map_or((Some(0.0), key.span), |(share, span)| (share, span));
        let gold = (share? * items as f64).round() as usize;
        let task = &mut plan.tasks[index];
        task.gold_a_week = task.gold_a_week.max(gold);
        check_gold(task, gold, span, diagnostics);
        check_raters(task, cohort, overlap, key.span, diagnostics);
        Some(WorkPlan { task: index, items, gold, overlap })
    }
}

/// Gold is met once by a rater: there must be as much as all weeks take.
fn check_gold(task: &TaskPlan<'_>, gold: usize, span: Span, diagnostics: &mut Diagnostics) {
    let (needed, there) = (gold * task.weeks.len(), task.gold.len());
    if needed > there {
        let message = format!(
            "this takes {needed} gold items ({gold} a week), and `{}` has {there} that raters can't see",
            task.task.id
        );
        diagnostics
            .add(rules::INVALID_VALUE, span, message)
            .help("rate fewer with gold, or add some to gold.csv")
            .help("`shown_gold: true` takes worked and practice examples too");
    }
}

fn check_raters(task: &TaskPlan<'_>, cohort: &Cohort, overlap: usize, span: Span, diagnostics: &mut Diagnostics) {
    let there = |week| present(cohort, week).collect::<BTreeSet<_>>().len();
    let few = task.weeks.iter().map(|week| (*week, there(*week))).find(|(_, count)| *count < overlap);
    if let Some((week, count)) = few {
        let message = format!("in {week} `{}` has {count} of the {overlap} raters of an item", cohort.id);
        diagnostics
            .add(rules::INVALID_VALUE, span, message)
            .help("raters count if they are there from Monday to Friday");
    }
}

fn check_total(plan: &SimulationPlan<'_>, work: &[WorkPlan], span: Span, diagnostics: &mut Diagnostics) {
    let of = |work: &WorkPlan| plan.tasks[work.task].weeks.len() * work.items * work.overlap;
    let total: usize = work.iter().map(of).sum();
    if total > MOST_SUBMISSIONS {
        let message = format!("this makes {total} submissions, and {MOST_SUBMISSIONS} are the most");
        diagnostics.add(rules::INVALID_VALUE, span, message);
    }
}

/// A rater of two cohorts would rate the same items twice, with the same answers.
fn check_twice(cohort: &Cohort, plan: &SimulationPlan<'_>, span: Span, diagnostics: &mut Diagnostics) {
    for other in &plan.cohorts {
        let shared = cohort.raters.iter().find(|member| other.raters.contains_key(member.rater.as_str()));
        if let Some(member) = shared {
            let message = format!("`{}` is a rater of `{}` and of `{}`", member.rater, other.cohort.id, cohort.id);
            diagnostics.add(rules::INVALID_VALUE, span, message).help("plan one of the two cohorts at a time");
        }
    }
}
