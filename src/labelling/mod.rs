//! Labelling: what other tools ask by, made from a task's rubric, so that no question is typed twice.
//!
//! In: a task's rubric, its titles, and the receipt of the sealed text. Out: files for a tool, with a `ratings.yaml` that reads
//! what the tool exports; or a prompt and an answer schema for a model judge. It holds no gold.

mod judge;
mod label_studio;

pub use judge::judge;
pub use label_studio::label_studio;

use crate::document::{Criterion, Rubric};

/// What files are made from.
pub struct AskedRubric<'a> {
    /// The task's id.
    pub task: &'a str,
    /// What the task is called.
    pub title: &'a str,
    /// The receipt of the text that raters read; none of a text that is not sealed.
    pub receipt: Option<&'a str>,
    /// The questions.
    pub rubric: &'a Rubric,
    /// What the section of a criterion is called.
    pub titles: &'a dyn Fn(&str) -> String,
}

/// A file for a tool: its name, and what it holds.
pub type ToolFile = (&'static str, String);

/// The control for answers that the criterion's own control can't take, if there are any: that there is nothing, or that
/// the rater is unsure.
fn other_control(criterion: &Criterion) -> Option<String> {
    let scale = &criterion.scale;
    let takes_unsure = scale.has_categories();
    let needs = scale.allows_none() || (criterion.unsure && !takes_unsure);
    needs.then(|| format!("{}-other", criterion.id))
}
