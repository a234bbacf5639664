//! Simulation: made-up ratings from a plan, to try out reports and plans of measurement before real ratings come.
//!
//! In: a plan, the Model and the written gold. Out: a table of ratings as `ratings` reads it. The same plan, site and
//! seed give the same bytes. It never looks at real ratings, and knows no statistic: what the reports find in its
//! tables is their own finding.
//!
//! Items without gold get a truth, drawn as often as the plan says. Raters answer as the truth with the chance that is
//! their skill, and err as the scale suggests: that is the model of Dawid and Skene 1979, in its one-coin form where
//! all errors of a rater are one number (`answer`, `flags`). Errors on different items are independent. Times taken are
//! log-normal (van der Linden 2006, on response times).
//!
//! Each truth and each answer has a random stream of its own, named by what it is about (`chance`), so that another
//! rater or criterion in the plan changes no answer that was there before, and so does another item without gold.

mod answer;
mod chance;
mod flags;
mod items;
mod plan;
mod read;
mod submission;
mod table;
#[cfg(test)]
mod tests;
mod truth;

pub use table::{OutputFormat, SimulatedTable};

use crate::diagnostic::Diagnostics;
use crate::model::Model;
use crate::ratings::Written;
use crate::source::Sources;

/// Simulates what the only file of `source` plans; `written` is the gold of the site. None if the plan has errors.
pub fn simulate<'m>(
    source: &Sources,
    model: &'m Model,
    written: &'m [Written],
    diagnostics: &mut Diagnostics,
) -> Option<SimulatedTable<'m>> {
    let plan = read::plan(source, model, written, diagnostics)?;
    let mut submissions = submission::all(&plan);
    submissions.sort_by(|a, b| (a.at, a.task, &a.item, a.rater).cmp(&(b.at, b.task, &b.item, b.rater)));
    Some(SimulatedTable { seed: plan.seed, submissions })
}
