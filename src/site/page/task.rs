//! A task's spec: what it asks, its criteria and its examples.

use super::{PageKind, SiteContext, bundle};
use crate::digest::Digest;
use crate::document::{ItemKind, TaskKind};
use crate::release::{self, receipt::Receipt};
use crate::schema::Words;
use crate::site::File;
use crate::site::edition::Edition;
use crate::site::frame::link;
use crate::site::host::TextPlace;
use crate::site::state;
use crate::site::view::{Fact, Frame, LinkView};
use serde::Serialize;
use std::sync::Arc;

/// The spec of an edition.
pub struct TaskPage<'a>(pub Arc<Edition<'a>>);

const TEMPLATE: &str = "task.html";

/// A task's spec.
#[derive(Serialize)]
struct SpecView {
    /// Around it.
    frame: Frame,
    /// Short facts.
    facts: Vec<Fact>,
    /// One sentence.
    summary: Option<String>,
    /// The spec.
    html: String,
    /// The criteria, each with a link to its section.
    criteria: Vec<LinkView>,
    /// The examples.
    examples: Vec<LinkView>,
    /// All of a version in other forms; empty for the working text.
    beside: Vec<LinkView>,
    /// The SHA-256 of the text as sealed, and where that text is.
    sealed_text: Option<SealedTextView>,
}

/// The text of a version, for whoever wants to check it.
#[derive(Serialize)]
struct SealedTextView {
    /// Where it is.
    url: String,
    /// Its SHA-256.
    sha256: String,
    /// What a labelling tool writes into the version of its rows.
    receipt: String,
}

impl PageKind for TaskPage<'_> {
    fn searched(&self) -> Option<String> {
        self.0.search_folder()
    }

    fn inputs(&self, path: &str, site: &SiteContext<'_>) -> Option<Digest> {
        Some(site.inputs_of_text("task", path, &self.0, &self.0.instructions.page).end())
    }

    fn make(&self, path: &str, site: &SiteContext<'_>) -> Result<File, String> {
        let view = view(&self.0, path, site);
        Ok(site.render(TEMPLATE, &view)?.without(&view.frame.lost))
    }
}

fn view<'a>(edition: &Edition<'a>, path: &str, site: &SiteContext<'a>) -> SpecView {
    let set = edition.instructions;
    let mut frame = site.frames.edition(edition, path, &set.page.title);
    let html = site.text(&set.page.text, TextPlace::alone(path, Some(edition)), &mut frame);
    let up = frame.up.clone();
    let rubric = edition.rubric_path();
    let criteria = set.rubric.criteria.iter().map(|criterion| {
        link(edition.criterion_title(&criterion.id), &up, &format!("{rubric}#{}", criterion.id), path)
    });
    let text = edition.release.and_then(|release| Some((release, release.projected.values().next()?)));
    let url = format!("{up}{}{}", edition.root, release::text::NAME);
    SpecView {
        facts: facts(edition),
        summary: set.facts.summary.clone(),
        html,
        criteria: criteria.collect(),
        examples: example_links(edition, path, &up),
        beside: other_forms(edition, &up, path),
        sealed_text: text.map(|(release, text)| SealedTextView {
            url,
            sha256: text.digest.to_string(),
            receipt: Receipt::of(&release.version, &text.digest).to_string(),
        }),
        frame,
    }
}

fn other_forms(edition: &Edition<'_>, up: &str, path: &str) -> Vec<LinkView> {
    let forms = [
        ("one page", edition.print_path()),
        ("a folder to take along", edition.beside(bundle::NAME).filter(|_| edition.may_serve())),
    ];
    forms.into_iter().filter_map(|(title, target)| Some(link(title, up, &target?, path))).collect()
}

fn example_links(edition: &Edition<'_>, path: &str, up: &str) -> Vec<LinkView> {
    let links = edition.examples_by_use().into_iter().map(|example| {
        let link = link(&example.page.title, up, &edition.example_path(example), path);
        LinkView { note: Some(example.used.name().to_owned()), ..link }
    });
    links.collect()
}

/// What is known of a task, in short. One that is over is not paid for any more.
pub fn facts(edition: &Edition<'_>) -> Vec<Fact> {
    let facts = &edition.instructions.facts;
    let is_over = edition.task.state.retired.is_some();
    let status = if is_over { "retired" } else { facts.status.word() };
    let pay = facts.pay.as_ref().filter(|_| !is_over);
    let item = match facts.items {
        ItemKind::Trajectory => Some("one recorded run"),
        ItemKind::Text => Some("one text"),
        ItemKind::Pair => Some("a pair to compare"),
        ItemKind::Debate => Some("one debate"),
        ItemKind::None => None,
    };
    let known = [
        ("Item", item.map(str::to_owned)),
        ("Kind", (facts.kind == TaskKind::OneOff).then(|| "a one-off analysis".to_owned())),
        ("Time", facts.time.as_ref().map(|time| format!("{time} for an item"))),
        ("Pay", pay.map(|pay| format!("{pay} for an accepted item"))),
        ("Serves", edition.release.and_then(|release| state::serves(edition.task, release))),
        ("Status", (status != "active").then(|| status.to_owned())),
        ("Owner", facts.owner.clone()),
        ("Interests", facts.interests.clone()),
    ];
    known.into_iter().filter_map(|(name, value)| Some(Fact { name, value: value? })).collect()
}
