//! Steps: a recorded run as a page shows it.
//!
//! In: a run (or some of its steps), the gold that may be shown, and where pictures lie. Out: plain values for the
//! template `steps.html`. All text is from outside: it stays text, and every word of it is on the page.

pub mod conservation;
mod content;
mod screen;
mod step;
#[cfg(test)]
mod tests;

use crate::model::{Excerpt, Gold, GoldAnswer, Run};
use content::Piece;
use serde::Serialize;
use std::collections::BTreeMap;
use step::{CallView, OutputView, Showing, StepView, SubagentView, after, before, who};

/// A run, or a part of it.
#[derive(Serialize)]
pub struct StepsView {
    /// The steps shown.
    steps: Vec<StepView>,
    /// How many steps the run has.
    total: usize,
    /// Whether these are all of them.
    whole: bool,
    /// Who acted, where the log says.
    agent: Option<String>,
    /// Whether steps can be linked to on this page.
    anchored: bool,
    /// What the ids of steps begin with on this page; empty where it shows one run.
    prefix: String,
    /// What must be known before the steps are read.
    before: Vec<String>,
    /// How the run ended.
    after: Vec<String>,
    /// Runs of subagents that no step names.
    subagents: Vec<SubagentView>,
}

/// A gold flag at its step.
#[derive(Clone, Debug, Serialize)]
pub struct FlagView {
    /// The criterion.
    pub criterion: String,
    /// The step.
    pub step: usize,
    /// The kind.
    pub kind: String,
    /// What the kind means.
    pub meaning: String,
    /// Attributes, such as the origin.
    pub attributes: Vec<String>,
    /// Why.
    pub why: Option<String>,
}

/// Where a file of the site can be had from a page, by its path in the site.
pub type FilePlaces<'a> = &'a dyn Fn(&str) -> Option<String>;

impl StepsView {
    /// A run that has everything a run can have, and an excerpt that has nothing: a template is tried on both.
    pub fn specimens() -> [Self; 2] {
        let text = || "text".to_owned();
        let flag = FlagView {
            criterion: text(),
            step: 1,
            kind: text(),
            meaning: text(),
            attributes: vec![text()],
            why: Some(text()),
        };
        let pieces = || {
            let folded = Piece::Text { text: text(), extent: text(), long: true, unseen: text() };
            vec![
                folded,
                Piece::text(text(), String::new()),
                Piece::Picture { url: text() },
                Piece::Named { name: text() },
            ]
        };
        let bare = StepView {
            number: 1,
            source: "User",
            speaker: None,
            time: None,
            first_words: String::new(),
            remarks: Vec::new(),
            message: Vec::new(),
            reasoning: None,
            calls: Vec::new(),
            results: Vec::new(),
            gold: Vec::new(),
        };
        let remarks = || vec![text()];
        let subagent =
            |steps, subagents| SubagentView { title: text(), before: remarks(), steps, after: remarks(), subagents };
        let absent = subagent(Vec::new(), Vec::new());
        let nested = subagent(vec![bare], vec![absent]);
        let output = |subagents| OutputView { label: text(), pieces: pieces(), subagents };
        let call = |argument| CallView {
            name: text(),
            argument,
            arguments: text(),
            remarks: remarks(),
            results: vec![output(Vec::new())],
        };
        let full = StepView {
            number: 1,
            source: "Agent",
            speaker: Some(text()),
            time: Some(text()),
            first_words: text(),
            remarks: remarks(),
            message: pieces(),
            reasoning: Some(text()),
            calls: vec![call(None), call(Some(text()))],
            results: vec![output(vec![nested])],
            gold: vec![FlagView { attributes: Vec::new(), why: None, ..flag.clone() }, flag],
        };
        [
            Self {
                steps: vec![full],
                total: 1,
                whole: true,
                agent: Some(text()),
                anchored: true,
                prefix: text(),
                before: remarks(),
                after: remarks(),
                subagents: Vec::new(),
            },
            Self {
                steps: Vec::new(),
                total: 2,
                whole: false,
                agent: None,
                anchored: false,
                prefix: String::new(),
                before: Vec::new(),
                after: Vec::new(),
                subagents: Vec::new(),
            },
        ]
    }

    /// A whole run with its gold marks; the ids of its steps begin with `prefix`.
    pub fn run(run: &Run, flags: &[FlagView], prefix: &str, files: FilePlaces<'_>) -> Self {
        let mut by_step: BTreeMap<usize, Vec<FlagView>> = BTreeMap::new();
        for flag in flags {
            by_step.entry(flag.step).or_default().push(flag.clone());
        }
        let pictures = |name: &str| run.pictures.get(name).and_then(|path| files(path));
        let mut showing = Showing::of(run, &pictures);
        let steps = run.steps.iter();
        let steps = steps.map(|step| showing.step(step, by_step.remove(&step.step_id).unwrap_or_default())).collect();
        Self {
            steps,
            total: run.steps.len(),
            whole: true,
            agent: who(run),
            anchored: true,
            prefix: prefix.to_owned(),
            before: before(run),
            after: after(run),
            subagents: showing.others(),
        }
    }

    /// Some steps of a run, without gold.
    pub fn excerpt(excerpt: &Excerpt, files: FilePlaces<'_>) -> Self {
        let run = &excerpt.trajectory;
        let pictures = |name: &str| run.pictures.get(name).and_then(|path| files(path));
        let mut showing = Showing::of(run, &pictures);
        let shown = excerpt.steps();
        let steps: Vec<StepView> = shown.map(|step| showing.step(step, Vec::new())).collect();
        let whole = steps.len() == run.steps.len();
        Self {
            steps,
            total: run.steps.len(),
            whole,
            agent: who(run),
            anchored: false,
            prefix: String::new(),
            before: before(run),
            after: if excerpt.to == run.steps.len() { after(run) } else { Vec::new() },
            subagents: if whole { showing.others() } else { Vec::new() },
        }
    }
}

/// The flags of all criteria, with what their kinds mean.
pub fn flags(gold: &[Gold], rubric: &crate::document::Rubric) -> Vec<FlagView> {
    let mut views = Vec::new();
    for gold in gold {
        let GoldAnswer::Flags(flags) = &gold.answer else { continue };
        let choices = rubric.criterion(&gold.criterion).map_or(&[][..], |criterion| criterion.scale.choices());
        for flag in flags {
            let meaning = choices.iter().find(|choice| choice.value == flag.kind);
            views.push(FlagView {
                criterion: gold.criterion.clone(),
                step: flag.step,
                kind: flag.kind.clone(),
                meaning: meaning.map_or(String::new(), |choice| choice.meaning.clone()),
                attributes: flag.attributes.values().cloned().collect(),
                why: flag.why.clone(),
            });
        }
    }
    views.sort_by_key(|flag| flag.step);
    views
}
