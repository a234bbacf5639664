//! All of a version on one page, to print or to keep: each of its pages as a part.
//!
//! The ids of a part begin with its address below the version (`#rubric/severity`), those of the spec are as they are.
//! Links to another part lead there.

use super::task::facts;
use super::{PageKind, SiteContext, example, rubric, shown_with};
use crate::digest::Digest;
use crate::markdown::render::PagePart;
use crate::model::{Example, Page};
use crate::site::edition::Edition;
use crate::site::host::{PageParts, TextPlace};
use crate::site::steps::parts::RunParts;
use crate::site::view::{Fact, Frame};
use crate::site::{File, LostText};
use serde::Serialize;
use std::sync::Arc;

/// All of an edition.
pub struct PrintPage<'a>(pub Arc<Edition<'a>>);

const TEMPLATE: &str = "print.html";
/// The template of a part that is its text.
const TEXT: &str = "text-part.html";
/// The template of the rubric.
const RUBRIC: &str = "rubric-part.html";
/// The template of an example.
const EXAMPLE: &str = "example-part.html";

/// All of a version.
#[derive(Serialize)]
struct PrintView {
    /// Around it.
    frame: Frame,
    /// Short facts.
    facts: Vec<Fact>,
    /// One sentence.
    summary: Option<String>,
    /// What its pages say.
    parts: Vec<PartView>,
}

/// A page as a part of another one.
#[derive(Serialize)]
struct PartView {
    /// Its id here.
    id: String,
    /// What it is called.
    title: String,
    /// The same with its links and its markup, as HTML; none where it is plain text.
    title_html: Option<String>,
    /// The id of its title.
    title_id: Option<String>,
    /// What it says, as HTML.
    html: String,
}

/// A part that is its text.
#[derive(Serialize)]
struct TextPart {
    /// The text, as HTML.
    html: String,
}

impl PageKind for PrintPage<'_> {
    fn inputs(&self, path: &str, site: &SiteContext<'_>) -> Option<Digest> {
        let set = self.0.instructions;
        let place = TextPlace::alone(path, Some(&self.0));
        let mut inputs = site.inputs_of_edition("print", path, &self.0);
        for page in set.all_pages() {
            inputs = shown_with(inputs.digest(&page.digest), &page.text, &site.host(&page.text, place));
        }
        let runs: Vec<_> = set.examples.iter().flat_map(Example::runs).collect();
        Some(inputs.list(runs.into_iter(), |inputs, run| inputs.digest(&run.digest)).end())
    }

    fn make(&self, path: &str, site: &SiteContext<'_>) -> Result<File, String> {
        let edition = &*self.0;
        let set = edition.instructions;
        let mut frame = site.frames.edition(edition, path, &set.page.title);
        let mut book = Book { edition, path, up: frame.up.clone(), places: places(edition), parts: Vec::new() };
        let mut lost = Vec::new();
        book.add(&edition.home_path(), "Instructions", &mut lost, |place, own| text(&set.page, place, site, own))?;
        book.add(&edition.rubric_path(), &set.rubric_page.title, &mut lost, |place, own| {
            site.theme.render(RUBRIC, &rubric::text(edition, place, site, own))
        })?;
        for page in &set.pages {
            let address = edition.further_page_path(page);
            book.add(&address, &page.title, &mut lost, |place, own| text(page, place, site, own))?;
        }
        for one in edition.examples_by_use() {
            book.add(&edition.example_path(one), &one.page.title, &mut lost, |place, own| {
                site.theme.render(EXAMPLE, &example::text(edition, one, place, RunParts::one, site, own)?)
            })?;
        }
        let parts = book.parts;
        frame.lost = lost;
        let view = PrintView { frame, facts: facts(edition), summary: set.facts.summary.clone(), parts };
        Ok(site.render(TEMPLATE, &view)?.without(&view.frame.lost))
    }
}

/// Where each page of an edition stands on the page that shows all of it.
fn places(edition: &Edition<'_>) -> PageParts {
    let addresses = edition.order.iter().map(|(_, address)| address);
    let part = |address: &String| {
        let folder = address.strip_suffix("index.html").unwrap_or(address);
        let prefix = folder.strip_prefix(&*edition.root).unwrap_or(folder).to_owned();
        (address.clone(), PagePart { prefix, lower: 1 })
    };
    PageParts(addresses.map(part).collect())
}

fn text<'a>(
    page: &Page,
    place: TextPlace<'_, 'a>,
    site: &SiteContext<'a>,
    frame: &mut Frame,
) -> Result<String, String> {
    site.theme.render(TEXT, &TextPart { html: site.text(&page.text, place, frame) })
}

/// The page while it is put together.
struct Book<'s, 'a> {
    edition: &'s Edition<'a>,
    /// Its address.
    path: &'s str,
    /// What leads up to the root.
    up: String,
    places: PageParts,
    parts: Vec<PartView>,
}

impl<'a> Book<'_, 'a> {
    /// Adds the page at an address; `shown` makes it, and puts into a frame of its own what is to be known of it.
    fn add(
        &mut self,
        address: &str,
        title: &str,
        lost: &mut Vec<LostText>,
        shown: impl FnOnce(TextPlace<'_, 'a>, &mut Frame) -> Result<String, String>,
    ) -> Result<(), String> {
        let part = self.places.0.get(address).ok_or_else(|| format!("nothing is at {address}"))?;
        let place = TextPlace { page: self.path, edition: Some(self.edition), part, parts: &self.places };
        let mut own = Frame { up: self.up.clone(), ..Frame::default() };
        let html = shown(place, &mut own)?;
        lost.append(&mut own.lost);
        self.parts.push(PartView {
            id: part.top().to_owned(),
            title: title.to_owned(),
            title_html: own.title_html,
            title_id: own.title_id,
            html,
        });
        Ok(())
    }
}
