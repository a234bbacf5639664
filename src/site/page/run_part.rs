//! A part of a long run, below its example: its steps, and the way to those before and after.
//!
//! In: an example, which of its runs, and which part of that. Out: the page. The first part of a run is on the page of its
//! example.

use super::form::FormView;
use super::{PageKind, SiteContext, example};
use crate::digest::Digest;
use crate::markdown::ids::RunSide;
use crate::model::Example;
use crate::site::File;
use crate::site::edition::Edition;
use crate::site::frame::link;
use crate::site::host::TextPlace;
use crate::site::steps::pair::OtherRun;
use crate::site::steps::parts::RunParts;
use crate::site::view::Frame;
use serde::Serialize;
use std::sync::Arc;

/// A part of a run of an example, but for the first, which is on the example's own page.
pub struct RunPartPage<'a> {
    /// The edition.
    pub edition: Arc<Edition<'a>>,
    /// The example.
    pub example: &'a Example,
    /// Which of its runs.
    pub side: RunSide,
    /// Which part, from 0.
    pub part: usize,
}

const TEMPLATE: &str = "run-part.html";

/// A part of a run.
#[derive(Serialize)]
struct RunPartView {
    /// Around it.
    frame: Frame,
    /// Its steps.
    steps: String,
    /// The other run of a pair; none where there is one run.
    other: Option<OtherRun>,
    /// What sets flags at them; none where nothing is to be answered.
    form: Option<FormView>,
    /// What ids of the page begin with.
    prefix: &'static str,
    /// The level of its own headings.
    level: u8,
}

impl PageKind for RunPartPage<'_> {
    fn source(&self) -> Option<&str> {
        Some(&self.example.page.path)
    }

    fn inputs(&self, path: &str, site: &SiteContext<'_>) -> Option<Digest> {
        Some(example::inputs("part of a run", path, &self.edition, self.example, site).end())
    }

    fn make(&self, path: &str, site: &SiteContext<'_>) -> Result<File, String> {
        let Self { edition, example, side, part } = self;
        let run = example.run(*side).ok_or_else(|| format!("{} shows no such run", example.id))?;
        let parts = RunParts::of(run, *side);
        let range = &parts.ranges()[*part];
        let is_pair = example.against.is_some();
        let which = if is_pair { format!("{}, ", side.name()) } else { String::new() };
        let title = format!("{}: {which}steps {} to {}", example.page.title, range.start + 1, range.end);
        let mut frame = site.frames.edition(edition, path, &title);
        frame.crumbs.push(link(edition.examples_title(), &frame.up, &edition.examples_path(), path));
        frame.crumbs.push(link(&example.page.title, &frame.up, &edition.example_path(example), path));
        let place = TextPlace::alone(path, Some(edition));
        let steps = example::run_part(edition, (example, *side), place, (&parts, *part), site, &mut frame);
        let own = place.url(&edition.example_path(example), None);
        let address = format!("{own}#page/answers");
        let other = is_pair.then(|| OtherRun::of(*side, &own, ""));
        let form = FormView::of(edition, example, &frame.site, place).map(|form| form.of_part(address));
        let view = RunPartView { frame, steps, other, form, prefix: "", level: 2 };
        Ok(site.render(TEMPLATE, &view)?.without(&view.frame.lost))
    }
}
