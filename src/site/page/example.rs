//! An example: its run, and the gold that may be shown.

use super::{PageKind, SiteContext};
use crate::digest::Digest;
use crate::document::Use;
use crate::model::{Example, Gold, GoldAnswer, Text};
use crate::site::edition::Edition;
use crate::site::frame::link;
use crate::site::host::title_range;
use crate::site::steps::{self, FlagView, StepsView, conservation};
use crate::site::view::{ContentsView, Frame};
use crate::site::{File, LostText};
use serde::Serialize;
use std::sync::Arc;

/// An example of an edition.
pub struct ExamplePage<'a>(pub Arc<Edition<'a>>, pub &'a Example);

const TEMPLATE: &str = "example.html";

/// An example.
#[derive(Serialize)]
struct ExampleView {
    /// Around it.
    frame: Frame,
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
    /// The run.
    steps: String,
    /// The ids of its text.
    ids: Vec<String>,
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
    /// The flags.
    flags: Vec<FlagView>,
    /// Whether it is flags, perhaps none.
    is_flags: bool,
}

impl PageKind for ExamplePage<'_> {
    fn source(&self) -> Option<&str> {
        Some(&self.1.page.path)
    }

    fn inputs(&self, path: &str, site: &SiteContext<'_>) -> Option<Digest> {
        let run = self.1.trajectory.iter();
        let inputs = site.inputs_of_text("example", path, &self.0, &self.1.page);
        Some(inputs.list(run, |inputs, run| inputs.digest(&run.digest)).end())
    }

    fn make(&self, path: &str, site: &SiteContext<'_>) -> Result<File, String> {
        let view = view(&self.0, self.1, path, site);
        Ok(site.render(TEMPLATE, &view)?.without(&view.frame.lost))
    }
}

fn view<'a>(edition: &Edition<'a>, example: &Example, path: &str, site: &SiteContext<'a>) -> ExampleView {
    let mut frame = site.frames.edition(edition, path, &example.page.title);
    let up = frame.up.clone();
    let index = format!("{}examples/index.html", edition.root);
    frame.crumbs.push(link("Examples", &up, &index, path));
    let set = edition.instructions;
    let practice = example.used == Use::Practice;
    let flags = steps::flags(&example.gold, &set.rubric);
    let marks = if practice { &[][..] } else { &flags };
    let host = site.host(&example.page.text, Some(edition), &up);
    let run = example.trajectory.as_ref().map(|run| StepsView::run(run, marks, &|path| host.file(path)));
    let steps = run.and_then(|run| site.theme.steps(&run)).unwrap_or_default();
    let lost = example.trajectory.as_ref().map_or_else(Vec::new, |run| conservation::missing(run, &steps));
    if !lost.is_empty() {
        let place = example.page.text.pieces.span(&(0..0));
        frame.lost.push(LostText { place, of_run: lost, release: edition.release_name() });
    }
    let (intro, discussion) = split_text(&example.page.text, edition, site, &mut frame);
    if practice {
        frame.contents.clear();
    }
    let place = |id: &str, title: &str| ContentsView { level: 2, id: id.to_owned(), title: title.to_owned() };
    if !example.gold.is_empty() && !practice {
        frame.contents.insert(0, place("page/gold", "Gold answers"));
    }
    if example.trajectory.is_some() {
        frame.contents.push(place("page/run", "The run"));
    }
    let answers = example.gold.iter().map(|gold| answer(gold, edition, &up, &flags)).collect();
    let ids = example.page.text.outline.ids().map(str::to_owned).collect();
    ExampleView { frame, used: example.used.name(), item: example.item.clone(), intro, discussion, answers, steps, ids }
}

/// What stands before the first heading, and the rest.
fn split_text<'a>(text: &Text, edition: &Edition<'a>, site: &SiteContext<'a>, frame: &mut Frame) -> (String, String) {
    let first = text
        .outline
        .headings
        .iter()
        .find(|heading| title_range(text).is_none_or(|title| heading.range.start >= title.end));
    let at = first.map_or(text.pieces.text.len(), |heading| heading.range.start);
    let length = text.pieces.text.len();
    let intro = site.part(text, Some(at..length), Some(edition), frame);
    let discussion = site.part(text, Some(0..at), Some(edition), frame);
    (intro, discussion)
}

fn answer(gold: &Gold, edition: &Edition<'_>, up: &str, flags: &[FlagView]) -> AnswerView {
    let criterion = edition.instructions.rubric.criterion(&gold.criterion);
    let (value, is_flags) = match &gold.answer {
        GoldAnswer::Values(values) => (values.join(" or "), false),
        GoldAnswer::Outcome(outcome) => (outcome.name().to_owned(), false),
        GoldAnswer::Flags(_) => (String::new(), true),
    };
    let meaning = criterion.and_then(|criterion| {
        criterion.scale.choices().iter().find(|choice| choice.value == value).map(|choice| choice.meaning.clone())
    });
    AnswerView {
        criterion: gold.criterion.clone(),
        title: edition.criterion_title(&gold.criterion).to_owned(),
        url: format!("{up}{}#{}", edition.rubric_path(), gold.criterion),
        value,
        meaning: meaning.unwrap_or_default(),
        why: gold.why.clone(),
        flags: flags.iter().filter(|flag| flag.criterion == gold.criterion).cloned().collect(),
        is_flags,
    }
}
