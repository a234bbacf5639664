//! An example: its run, and the gold that may be shown.

use super::cited::RuleView;
use super::form::FormView;
use super::{PageKind, SiteContext, cited, pictures};
use crate::digest::{Digest, Inputs};
use crate::document::Use;
use crate::markdown::ids::RunSide;
use crate::memo::Function;
use crate::model::{Example, Gold, GoldAnswer, Run, Text};
use crate::site::edition::Edition;
use crate::site::frame::link;
use crate::site::host::{PageHost, TextPlace, title_range};
use crate::site::steps::pair::PairView;
use crate::site::steps::parts::RunParts;
use crate::site::steps::{self, FlagView, StepsView, conservation};
use crate::site::view::{ContentsView, Frame};
use crate::site::{File, LostText};
use crate::trajectory::Trajectory;
use serde::Serialize;
use std::sync::Arc;

/// An example of an edition.
pub struct ExamplePage<'a>(pub Arc<Edition<'a>>, pub &'a Example);

const TEMPLATE: &str = "example.html";
/// The template of two runs.
const PAIR: &str = "pair.html";

/// An example.
#[derive(Serialize)]
struct ExampleView {
    /// Around it.
    frame: Frame,
    /// What it says.
    #[serde(flatten)]
    text: ExampleText,
}

/// What an example says, on a page of its own or as a part of one.
#[derive(Serialize)]
pub struct ExampleText {
    /// `worked`, `practice`, `test` or `held-out`.
    used: &'static str,
    /// The item.
    item: String,
    /// What stands above the run.
    intro: String,
    /// The discussion; folded in a practice example.
    discussion: String,
    /// The gold answers; empty where they are not shown.
    answers: Vec<AnswerView>,
    /// The run, or both of a pair.
    steps: String,
    /// Whether it shows two runs.
    is_pair: bool,
    /// The questions; none where nothing is to be answered.
    form: Option<FormView>,
    /// The ids of its text.
    ids: Vec<String>,
    /// What all ids of the example begin with.
    prefix: String,
    /// The level of its own headings.
    level: u8,
}

/// A gold answer.
#[derive(Serialize)]
struct AnswerView {
    /// The criterion's id.
    criterion: String,
    /// The heading of its section.
    title: String,
    /// Where it is explained.
    url: String,
    /// The answer in words; empty if it is flags.
    value: String,
    /// What the value means.
    meaning: String,
    /// Why.
    why: Option<String>,
    /// The rules by which it was decided.
    rules: Vec<RuleView>,
    /// The flags.
    flags: Vec<AnsweredFlagView>,
    /// Whether it is flags, perhaps none.
    is_flags: bool,
}

impl PageKind for ExamplePage<'_> {
    fn source(&self) -> Option<&str> {
        Some(&self.1.page.path)
    }

    fn searched(&self) -> Option<String> {
        self.0.search_folder()
    }

    fn inputs(&self, path: &str, site: &SiteContext<'_>) -> Option<Digest> {
        Some(inputs("example", path, &self.0, self.1, site).end())
    }

    fn make(&self, path: &str, site: &SiteContext<'_>) -> Result<File, String> {
        let edition = &*self.0;
        let mut frame = site.frames.edition(edition, path, &self.1.page.title);
        frame.crumbs.push(link(edition.examples_title(), &frame.up, &edition.examples_path(), path));
        let place = TextPlace::alone(path, Some(edition));
        let form = FormView::of(edition, self.1, &frame.site, place);
        let text = ExampleText { form, ..text(edition, self.1, place, RunParts::of, site, &mut frame)? };
        if text.form.is_some() {
            frame.contents.push(heading("page/answers", "Your answers"));
        }
        let view = ExampleView { frame, text };
        Ok(site.render(TEMPLATE, &view)?.without(&view.frame.lost))
    }
}

/// What goes into a page of an example.
pub fn inputs<'a>(kind: &str, path: &str, edition: &Edition<'a>, example: &Example, site: &SiteContext<'a>) -> Inputs {
    let inputs = site.inputs_of_text(kind, path, edition, &example.page);
    let runs: Vec<&Run> = example.runs().collect();
    let inputs = inputs.list(runs.into_iter(), |inputs, run| inputs.digest(&run.digest));
    inputs.list(cited::titles(example, edition).into_iter(), |inputs, title| inputs.text(&title))
}

/// What an example of an edition says at a place, with the first part of each of its runs as `cut` has them.
pub fn text<'a>(
    edition: &Edition<'a>,
    example: &Example,
    place: TextPlace<'_, 'a>,
    cut: fn(&Trajectory, RunSide) -> RunParts,
    site: &SiteContext<'a>,
    frame: &mut Frame,
) -> Result<ExampleText, String> {
    let practice = example.used == Use::Practice;
    let flags = steps::flags(&example.gold, &edition.instructions.rubric);
    let level = 2 + place.part.lower;
    let is_pair = example.against.is_some();
    let cut = |side| Some((side, cut(example.run(side)?, side)));
    let runs: Vec<(RunSide, RunParts)> = RunSide::ALL.into_iter().filter_map(cut).collect();
    let shown = runs.iter().map(|(side, parts)| run_part(edition, (example, *side), place, (parts, 0), site, frame));
    let steps = match <[String; 2]>::try_from(shown.collect::<Vec<_>>()) {
        Ok(both) => {
            let html = site.theme.render(PAIR, &PairView::of(both.clone(), &place.part.prefix, level + 1))?;
            for ((side, parts), _) in runs.iter().zip(&both).filter(|(_, own)| !html.contains(*own)) {
                // A theme's own template may leave one out, or write it otherwise.
                let steps = example.run(*side).map_or(&[][..], |run| &run.steps[parts.ranges()[0].clone()]);
                note_lost(conservation::missing_of_steps(steps.iter(), &html), edition, example, frame);
            }
            html
        }
        Err(one) => one.concat(),
    };
    let (intro, discussion) = split_text(&example.page.text, place, site, frame);
    if practice {
        frame.contents.clear();
    }
    if !example.gold.is_empty() && !practice {
        frame.contents.insert(0, heading("page/gold", "Gold answers"));
    }
    if example.trajectory.is_some() {
        frame.contents.push(heading("page/run", if is_pair { "The runs" } else { "The run" }));
    }
    let answers = example.gold.iter().map(|gold| answer(gold, place, edition, &flags)).collect();
    let ids = example.page.text.outline.ids().map(str::to_owned).collect();
    Ok(ExampleText {
        used: example.used.name(),
        item: example.item.clone(),
        intro,
        discussion,
        answers,
        steps,
        is_pair,
        form: None,
        ids,
        prefix: place.part.prefix.clone(),
        level,
    })
}

fn heading(id: &str, title: &str) -> ContentsView {
    ContentsView { level: 2, id: id.to_owned(), title: title.to_owned() }
}

/// One of the parts of one of an example's runs as HTML, with the gold at its steps, unless that is to be guessed first.
pub fn run_part<'a>(
    edition: &Edition<'a>,
    (example, side): (&Example, RunSide),
    place: TextPlace<'_, 'a>,
    (parts, part): (&RunParts, usize),
    site: &SiteContext<'a>,
    frame: &mut Frame,
) -> String {
    let Some(run) = example.run(side) else { return String::new() };
    let marks = match (example.used, side) {
        // What flags there are in gold, they are the first run's.
        (Use::Practice, _) | (_, RunSide::Second) => Vec::new(),
        _ => steps::flags(&example.gold, &edition.instructions.rubric),
    };
    let host = site.host(&example.page.text, place);
    let called = example.against.is_some().then(|| side.name());
    let shown = shown_run(run, &marks, (parts, called), &host, site);
    let ShownRun { html, lost } = &shown[part];
    note_lost(lost.clone(), edition, example, frame);
    html.clone()
}

/// Notes what of a run is not on the page.
fn note_lost(lost: Vec<String>, edition: &Edition<'_>, example: &Example, frame: &mut Frame) {
    if !lost.is_empty() {
        let top = example.page.text.pieces.span(&(0..0));
        frame.lost.push(LostText { place: top, of_run: lost, release: edition.release_name() });
    }
}

/// A part of the run of an example as HTML.
struct ShownRun {
    html: String,
    /// What of it is not there.
    lost: Vec<String>,
}

/// A run with the gold at its steps to the HTML of its parts.
struct RunRendering;

impl Function for RunRendering {
    type Value = Arc<Vec<ShownRun>>;
}

/// The parts of a run with gold at its steps as HTML. Versions of a task often show the same.
fn shown_run(
    run: &Run,
    marks: &[FlagView],
    (parts, called): (&RunParts, Option<&'static str>),
    host: &PageHost<'_>,
    site: &SiteContext<'_>,
) -> Arc<Vec<ShownRun>> {
    let inputs = pictures(site.inputs_of_part("run", host).digest(&run.digest), run, host).number(parts.len() as u64);
    let inputs = inputs.list(marks.iter(), |inputs, mark| inputs.text(&format!("{mark:?}")));
    let inputs = inputs.list(called.iter(), |inputs, called| inputs.text(called));
    site.memo.take::<RunRendering>(inputs.end(), || {
        let views = StepsView::parts(run, marks, parts, (called, &host.place.part.prefix), &|path| host.file(path));
        let pages: Vec<String> = views.iter().map(|view| site.theme.steps(view).unwrap_or_default()).collect();
        // What no step names, runs of subagents among it, is looked for on all pages, and named on the first.
        let all = conservation::missing(run, &pages.concat());
        let own = parts.ranges().iter().zip(&pages).skip(1);
        let own = own.map(|(range, html)| conservation::missing_of_steps(run.steps[range.clone()].iter(), html));
        let lost: Vec<Vec<String>> = [all].into_iter().chain(own).collect();
        Arc::new(pages.into_iter().zip(lost).map(|(html, lost)| ShownRun { html, lost }).collect())
    })
}

/// What stands before the first heading, and the rest.
fn split_text<'a>(
    text: &Text,
    place: TextPlace<'_, 'a>,
    site: &SiteContext<'a>,
    frame: &mut Frame,
) -> (String, String) {
    let first = text
        .outline
        .headings
        .iter()
        .find(|heading| title_range(text).is_none_or(|title| heading.range.start >= title.end));
    let at = first.map_or(text.pieces.text.len(), |heading| heading.range.start);
    let length = text.pieces.text.len();
    let intro = site.part(text, Some(at..length), place, frame);
    let discussion = site.part(text, Some(0..at), place, frame);
    (intro, discussion)
}

/// A flag of a gold answer.
#[derive(Serialize)]
struct AnsweredFlagView {
    /// The flag.
    #[serde(flatten)]
    flag: FlagView,
    /// The rules by which it was decided.
    rules: Vec<RuleView>,
}

fn answer(gold: &Gold, place: TextPlace<'_, '_>, edition: &Edition<'_>, flags: &[FlagView]) -> AnswerView {
    let criterion = edition.instructions.rubric.criterion(&gold.criterion);
    let (value, is_flags) = match &gold.answer {
        GoldAnswer::Values(values) => (values.join(" or "), false),
        GoldAnswer::Outcome(outcome) => (outcome.name().to_owned(), false),
        GoldAnswer::Flags(_) => (String::new(), true),
    };
    let meaning = criterion.and_then(|criterion| {
        criterion.scale.choices().iter().find(|choice| choice.value == value).map(|choice| choice.meaning.clone())
    });
    let flag =
        |flag: &FlagView| AnsweredFlagView { flag: flag.clone(), rules: RuleView::all(&flag.rules, edition, place) };
    AnswerView {
        criterion: gold.criterion.clone(),
        title: edition.criterion_title(&gold.criterion).to_owned(),
        url: place.url(&edition.rubric_path(), Some(&gold.criterion)),
        value,
        meaning: meaning.unwrap_or_default(),
        why: gold.why.clone(),
        rules: RuleView::all(&gold.rules, edition, place),
        flags: flags.iter().filter(|flag| flag.criterion == gold.criterion).map(flag).collect(),
        is_flags,
    }
}
