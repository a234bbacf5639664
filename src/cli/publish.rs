//! `goldbook publish`.

use super::{Common, moment};
use crate::command::publish::{PublishRequest, PublishedReport, publish};
use crate::command::publish_plan::{PlanRequest, plan};
use crate::model::BarPlan;
use crate::release::When;
use crate::schema::Moment;
use clap::Args;
use jiff::Timestamp;
use std::process::ExitCode;

/// Seal a cohort's report of a week, so that it can't change unseen
///
/// The figures, the data lead's words and what became of the rows are written into
/// content/reports/<cohort>/<week>.json, and a line of the log of releases names that file's digest. Later builds show
/// what was published; where today's data would print other figures, the page says restated and shows both. No rater's
/// figures and no comment are kept, so that a rater can be forgotten. Until a week is published its page says
/// provisional.
///
/// Example: goldbook publish atlas-2026q4 2026-W46
///
/// Example: goldbook publish --all 2026-W46
///
/// Example: goldbook publish atlas-2026q4 2026-W46 --revise --because "A file came late."
///
/// With --plan nothing is published: the parts of the cohort's own bar that have `decide_at` are
/// written into the log, which counts if it is done before the cohort's first rating. The plan of a
/// rubric's bar is sealed with its release.
///
/// Example: goldbook publish atlas-2026q4 --plan
#[derive(Args)]
#[command(verbatim_doc_comment)]
pub struct PublishArguments {
    /// The cohort: the name of its file in content/cohorts
    #[arg(required_unless_present = "all")]
    cohort: Option<String>,
    /// The ISO week, such as 2026-W46 [default: the newest with ratings]
    week: Option<String>,
    /// Publish the reports of all cohorts of this week that are not published yet
    #[arg(long, value_name = "WEEK", conflicts_with_all = ["cohort", "week"])]
    all: Option<String>,
    /// Publish a revision beside what was published
    #[arg(long, requires = "because")]
    revise: bool,
    /// Why it is revised, in a sentence for readers
    #[arg(long, value_name = "TEXT", requires = "revise")]
    because: Option<String>,
    /// Write into the log on how many items the cohort's own bar is decided, before its first rating
    #[arg(long, conflicts_with_all = ["week", "all", "revise", "date"])]
    plan: bool,
    /// When it counts as published, if not now: a time such as 2026-11-29T10:15, or a day, which is its end
    #[arg(long, value_name = "TIME", value_parser = moment)]
    date: Option<Moment>,
}

pub fn run(arguments: &PublishArguments, common: &Common) -> ExitCode {
    if arguments.plan {
        let request = PlanRequest { root: common.root(), cohort: arguments.cohort.clone().unwrap_or_default() };
        return common.finish(plan(&request, &common.progress()), |plans| planned(&plans, common.json));
    }
    let request = PublishRequest {
        root: common.root(),
        cohort: arguments.cohort.clone(),
        week: arguments.all.clone().or(arguments.week.clone()),
        because: arguments.because.clone(),
        when: arguments.date.map_or(When::Now, When::Given),
        now: Timestamp::now(),
    };
    common.finish(publish(&request, &common.progress()), |published| told(&published, common.json))
}

fn told(published: &[PublishedReport], json: bool) -> String {
    if json {
        let reports = published.iter().map(
            |of| serde_json::json!({"cohort": of.cohort, "week": of.week, "revision": of.revision, "path": of.path}),
        );
        return format!("{}\n", serde_json::json!({"published": reports.collect::<Vec<_>>()}));
    }
    if published.is_empty() {
        return "nothing to publish: every report of the week is published\n".to_owned();
    }
    let line = |of: &PublishedReport| {
        let revision = if of.revision > 1 { format!(", revision {}", of.revision) } else { String::new() };
        format!("published {} {}{revision}\n{}\n", of.cohort, of.week, of.path)
    };
    published.iter().map(line).collect()
}

fn planned(plans: &[BarPlan], json: bool) -> String {
    if json {
        let plans = plans.iter().map(|of| {
            let BarPlan { cohort, task, figure, at_least, decide_at } = of;
            let at_least: f64 = at_least.parse().unwrap_or_default();
            serde_json::json!({
                "cohort": cohort, "task": task, "figure": figure, "at_least": at_least, "decide_at": decide_at
            })
        });
        return format!("{}\n", serde_json::json!({"planned": plans.collect::<Vec<_>>()}));
    }
    if plans.is_empty() {
        return "nothing to plan: the log has every part as it is\n".to_owned();
    }
    let line = |of: &BarPlan| {
        let BarPlan { cohort, task, figure, at_least, decide_at } = of;
        format!("planned {cohort} {task}: {figure} of at least {at_least} is decided at {decide_at} items\n")
    };
    plans.iter().map(line).collect()
}
