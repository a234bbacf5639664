//! Plans of a cohort's own bar: on how many items each part is decided, written into the log before the first rating.
//!
//! In: a request. Out: a line of the log for each part with `decide_at`. A cohort that has rated the task gets none, for its
//! plan could have been made for what its ratings showed.

use super::act::{StoreChanges, in_store};
use crate::diagnostic::{Diagnosed, Diagnostics, Fault, Halt, Place, rules};
use crate::disk;
use crate::document::{BarPart, COHORTS};
use crate::model::{BarPlan, Cohort, Model, Task};
use crate::progress::Progress;
use crate::release::act::ReleaseAct;
use crate::report::{ReportRequest, Reportable};
use crate::workspace::ReportsAsked;
use std::path::PathBuf;

/// A complete, checked request to fix the plans of a cohort's bar.
pub struct PlanRequest {
    /// The folder of `goldbook.yaml`.
    pub root: PathBuf,
    /// The cohort.
    pub cohort: String,
}

/// Fixes the plans of a cohort's bar; returns those that the log did not have.
pub fn plan(request: &PlanRequest, progress: &Progress) -> Diagnosed<Vec<BarPlan>> {
    let is_there = disk::is_folder(&request.root.join(COHORTS));
    in_store(&request.root, is_there, progress, |workspace, model, store, diagnostics| {
        let index = model.find_cohort(&request.cohort, diagnostics)?;
        let cohort = &model.cohorts[usize::from(index)];
        let planned = planned(cohort, model);
        if planned.is_empty() {
            return Err(nothing_planned(cohort, diagnostics));
        }
        let ratings = workspace.read_ratings(model, &mut |_, _| (), progress, diagnostics);
        let inputs = workspace.report_inputs(ReportsAsked::default());
        let asked = ReportRequest { date: None, cohort: Some(index), without: &[], inputs };
        let reportable = Reportable::of(model, ratings, asked, &mut Diagnostics::default());
        workspace.gate(diagnostics)?;
        let is_kept = |task, part| cohort.plan_of(task, part).is_some_and(|last| last.plan.is_kept_by(part));
        let mut new = Vec::new();
        for (task, _, plan) in planned.into_iter().filter(|(task, part, _)| !is_kept(task, part)) {
            if let Some(since) = reportable.rated_since(index, task) {
                return Err(too_late(&plan, &since, diagnostics));
            }
            new.push(plan);
        }
        if !new.is_empty() {
            let acts = new.iter().cloned().map(ReleaseAct::Plan);
            store.ok_or(Halt)?.act(acts, StoreChanges::new(), &workspace.sources, &workspace.config, diagnostics)?;
        }
        Ok(new)
    })
}

/// The parts of a cohort's own bars that have a plan.
fn planned<'a>(cohort: &'a Cohort, model: &'a Model) -> Vec<(&'a Task, &'a BarPart, BarPlan)> {
    let parts = cohort.bars.iter().flat_map(|(task, bar)| bar.iter().map(move |part| (task, part)));
    let of = |(task, part): (&String, &'a BarPart)| {
        let task = model.tasks.iter().find(|of| of.id == *task)?;
        Some((task, part, BarPlan::of(&cohort.id, &task.id, part)?))
    };
    parts.filter_map(of).collect()
}

fn nothing_planned(cohort: &Cohort, diagnostics: &mut Diagnostics) -> Halt {
    let fault =
        Fault::whole(format!("`{}` has no bar of its own with `decide_at`: there is nothing to plan", cohort.id))
            .help("write it beside `at_least`: `bar: {TASK: [{figure: accuracy, at_least: 0.85, decide_at: 100}]}`")
            .help("the plan of a rubric's bar is sealed with its release, and needs no line in the log");
    diagnostics.stop(rules::INVALID_RELEASE, Place::file(format!("{COHORTS}{}.yaml", cohort.id)), fault)
}

fn too_late(plan: &BarPlan, since: &str, diagnostics: &mut Diagnostics) -> Halt {
    let BarPlan { cohort, task, figure, decide_at, .. } = plan;
    let fault = Fault::whole(format!("`{cohort}` has rated `{task}` {since}: a plan for `{figure}` comes too late"))
        .help("a plan is fixed before the first rating, for it could be made for what the ratings show")
        .help(format!(
            "leave `decide_at: {decide_at}` out, and the verdict holds at every look; or plan it for a new cohort"
        ));
    diagnostics.stop(rules::INVALID_RELEASE, Place::file(format!("{COHORTS}{cohort}.yaml")), fault)
}
