//! Steps: a recorded run as a page shows it.
//!
//! In: a run (or some of its steps), the gold that may be shown, and where pictures lie. Out: plain values for the
//! template `steps.html`. All text is from outside: it stays text, and every word of it is on the page.

mod call;
pub mod conservation;
mod content;
mod list;
pub mod pair;
pub mod parts;
mod passages;
mod screen;
mod shown;
mod step;
#[cfg(test)]
mod tests;

use crate::document::CitedRule;
use crate::model::{Excerpt, Gold, GoldAnswer, Run};
use call::{BlockView, ToldCall, ValueView};
use content::Piece;
use list::{ListedRun, ListedStep};
use parts::{RunPart, RunParts};
use passages::SaidPassage;
use serde::Serialize;
use shown::ShownText;
use std::collections::BTreeMap;
use step::{CallView, InnerRunView, MarkLink, OutputView, Showing, StepView, after, before, who};

/// A run, or a part of it.
#[derive(Serialize)]
pub struct StepsView {
    /// The steps shown.
    steps: Vec<StepView>,
    /// A line for each step, to find it by; empty where a part of a run is shown within a text.
    list: Vec<ListedStep>,
    /// Which part of the run this is; none where it is all on one page, or shown within a text.
    part: Option<RunPart>,
    /// Whether gold stands at a step.
    has_gold: bool,
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
    /// What the run is called beside another one; none where it is the only one.
    called: Option<&'static str>,
    /// What must be known before the steps are read.
    before: Vec<String>,
    /// How the run ended.
    after: Vec<String>,
    /// Runs within it that no step names.
    others: Vec<InnerRunView>,
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
    /// What of the step it speaks of, word for word.
    pub quote: Option<String>,
    /// The rules by which it was decided: each page has its own links to them.
    #[serde(skip)]
    pub rules: Vec<CitedRule>,
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
            quote: Some(text()),
            rules: Vec::new(),
        };
        let shown = |long| ShownText { html: text(), extent: text(), long };
        let pieces = || {
            let passages =
                ["words", "heading", "code", "table"].map(|kind| SaidPassage::specimen(kind, kind == "code"));
            vec![
                Piece::Said { passages: passages.into(), first_line: text() },
                Piece::Text { shown: shown(true), unseen: text() },
                Piece::Text { shown: shown(false), unseen: String::new() },
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
            deed: String::new(),
            remarks: Vec::new(),
            message: Vec::new(),
            reasoning: Vec::new(),
            calls: Vec::new(),
            results: Vec::new(),
            branches: Vec::new(),
            gold: Vec::new(),
            mark_before: None,
            mark_after: None,
        };
        let remarks = || vec![text()];
        let inner = |steps, others, id| {
            let (title, listed) = (text(), text());
            InnerRunView { title, listed, id, before: remarks(), steps, after: remarks(), others }
        };
        let absent = || inner(Vec::new(), Vec::new(), None);
        let nested = inner(vec![bare], vec![absent()], Some(text()));
        let output = |subagents| OutputView { label: text(), pieces: pieces(), subagents };
        let told = |argument, values| ToldCall {
            name: text(),
            argument,
            values,
            blocks: [true, false].map(|long| BlockView { name: text(), kind: "file", shown: shown(long) }).into(),
            remarks: remarks(),
            deed: text(),
            first_words: text(),
        };
        let call = |argument, values| CallView { told: told(argument, values), results: vec![output(Vec::new())] };
        let mark = || MarkLink { number: 1, url: text() };
        let listed = |marks, took, id| {
            let (who, deed, url) = (text(), text(), text());
            let run = |runs| ListedRun { url: text(), title: text(), runs };
            let runs = vec![run(vec![run(Vec::new())])];
            ListedStep { number: 1, url, id, who, is_agent: true, deed, took, marks, runs }
        };
        let way = || Some(text());
        let part = RunPart { number: 2, of: 3, from: 1, to: 1, previous: way(), next: way(), list: way() };
        let full = StepView {
            number: 1,
            source: "Agent",
            speaker: Some(text()),
            time: Some(text()),
            first_words: text(),
            deed: text(),
            remarks: remarks(),
            message: pieces(),
            reasoning: vec![SaidPassage::specimen("words", false)],
            calls: vec![call(None, vec![ValueView { name: text(), html: text() }]), call(Some(text()), Vec::new())],
            results: vec![output(vec![nested])],
            branches: vec![absent()],
            gold: vec![FlagView { attributes: Vec::new(), why: None, quote: None, ..flag.clone() }, flag],
            mark_before: Some(mark()),
            mark_after: Some(mark()),
        };
        [
            Self {
                steps: vec![full],
                list: vec![listed(vec![text()], Some(text()), Some(text())), listed(Vec::new(), None, None)],
                part: Some(part),
                has_gold: true,
                total: 1,
                whole: true,
                agent: Some(text()),
                anchored: true,
                prefix: text(),
                called: Some("text"),
                before: remarks(),
                after: remarks(),
                others: Vec::new(),
            },
            Self {
                steps: Vec::new(),
                list: Vec::new(),
                part: None,
                has_gold: false,
                total: 2,
                whole: false,
                agent: None,
                anchored: false,
                prefix: String::new(),
                called: None,
                before: Vec::new(),
                after: Vec::new(),
                others: Vec::new(),
            },
        ]
    }

    /// The parts of a run with its gold marks, in order: what it is called beside another one, and what the ids of all on
    /// its page begin with. The first part lists all steps, each other one its own.
    pub fn parts(
        run: &Run,
        flags: &[FlagView],
        parts: &RunParts,
        (called, page): (Option<&'static str>, &str),
        files: FilePlaces<'_>,
    ) -> Vec<Self> {
        let prefix = format!("{page}{}", parts.side().prefix());
        let mut by_step = by_step(flags);
        let pictures = |name: &str| run.pictures.get(name).and_then(|path| files(path));
        let mut showing = Showing::of(run, &pictures, Some(&prefix));
        let steps = run.steps.iter();
        let steps = steps.map(|step| showing.step(step, by_step.remove(&step.step_id).unwrap_or_default()));
        let mut steps: Vec<StepView> = steps.collect();
        let mut others = showing.others();
        let id = |number: usize| format!("{prefix}step-{number}");
        let url = |part, number| format!("{}#{}", parts.url(part, parts.part_of(number)), id(number));
        lead_between_marks(&mut steps, |from, to| MarkLink { number: to, url: url(parts.part_of(from), to) });
        let has_gold = steps.iter().any(|step| !step.gold.is_empty());
        let listed = |part: usize, at: usize| {
            let line = ListedStep::of(&run.steps[at], &steps[at], run.steps.get(at + 1));
            let on = parts.part_of(line.number);
            let page = parts.url(part, on);
            let is_last = at + 1 == steps.len();
            let inner = steps[at].inner_runs().chain(others.iter().filter(|_| is_last));
            let runs = ListedRun::all(inner, &page);
            ListedStep { url: url(part, line.number), id: (on != part).then(|| id(line.number)), runs, ..line }
        };
        let ranges = parts.ranges().iter().enumerate();
        let lists: Vec<Vec<ListedStep>> = ranges
            .map(|(part, range)| if part == 0 { (part, 0..steps.len()) } else { (part, range.clone()) })
            .map(|(part, range)| range.map(|at| listed(part, at)).collect())
            .collect();
        let mut steps = steps.into_iter();
        let views = parts.ranges().iter().zip(lists).enumerate().map(|(part, (range, list))| {
            let is_last = part + 1 == parts.len();
            Self {
                steps: steps.by_ref().take(range.len()).collect(),
                list,
                part: parts.around(part),
                has_gold,
                total: run.steps.len(),
                whole: parts.len() == 1,
                agent: who(run),
                anchored: true,
                prefix: prefix.clone(),
                called,
                before: if part == 0 { before(run) } else { Vec::new() },
                after: if is_last { after(run) } else { Vec::new() },
                others: if is_last { std::mem::take(&mut others) } else { Vec::new() },
            }
        });
        views.collect()
    }

    /// Some steps of a run with their gold marks.
    pub fn excerpt(excerpt: &Excerpt, flags: &[FlagView], files: FilePlaces<'_>) -> Self {
        let run = &excerpt.trajectory;
        let pictures = |name: &str| run.pictures.get(name).and_then(|path| files(path));
        let mut showing = Showing::of(run, &pictures, None);
        let shown = excerpt.steps();
        let mut by_step = by_step(flags);
        let steps = shown.map(|step| showing.step(step, by_step.remove(&step.step_id).unwrap_or_default()));
        let steps: Vec<StepView> = steps.collect();
        let whole = steps.len() == run.steps.len();
        Self {
            has_gold: steps.iter().any(|step| !step.gold.is_empty()),
            steps,
            list: Vec::new(),
            part: None,
            total: run.steps.len(),
            whole,
            agent: who(run),
            anchored: false,
            prefix: String::new(),
            called: None,
            before: before(run),
            after: if excerpt.to == run.steps.len() { after(run) } else { Vec::new() },
            others: if whole { showing.others() } else { Vec::new() },
        }
    }
}

/// The flags of each step.
fn by_step(flags: &[FlagView]) -> BTreeMap<usize, Vec<FlagView>> {
    let mut by_step: BTreeMap<usize, Vec<FlagView>> = BTreeMap::new();
    flags.iter().for_each(|flag| by_step.entry(flag.step).or_default().push(flag.clone()));
    by_step
}

/// Links each step with marks to those around it; `link` leads from one step to another.
fn lead_between_marks(steps: &mut [StepView], link: impl Fn(usize, usize) -> MarkLink) {
    let mut marked: Vec<&mut StepView> = steps.iter_mut().filter(|step| !step.gold.is_empty()).collect();
    for at in 1..marked.len() {
        let (before, after) = (marked[at - 1].number, marked[at].number);
        marked[at].mark_before = Some(link(after, before));
        marked[at - 1].mark_after = Some(link(before, after));
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
                quote: flag.quote.clone(),
                rules: flag.rules.clone(),
            });
        }
    }
    views.sort_by_key(|flag| flag.step);
    views
}
