//! Pages: a file a kind. Each says which template shows it, what that template sees, what it is made from, and how.
//!
//! In: what is planned at an address, and the site around it. Out: a finished file. It decides nothing about who sees
//! what: what is not in the Model can't be shown.

pub mod bundle;
pub mod changes;
mod cited;
pub mod example;
pub mod examples;
pub mod feed;
pub mod file;
pub mod folder;
mod form;
pub mod forward;
pub mod further;
pub mod home;
pub mod llms;
pub mod not_found;
pub mod print;
pub mod program_page;
pub mod raters;
pub mod report;
pub mod reports;
pub mod rubric;
pub mod rubric_file;
pub mod run_part;
pub mod shared;
pub mod since;
pub mod task;
pub mod versions;
pub mod versions_file;

use super::ask::PageQuestions;
use super::edition::Edition;
use super::frame::Frames;
use super::host::{Outside, PageHost, TextPlace, title_range};
use super::inputs::SiteInputs;
use super::places::Places;
use super::steps::conservation;
use super::terms::{self, ListedValues, PageTerms};
use super::theme::Theme;
use super::view::{ContentsView, Frame};
use super::{File, LostText};
use crate::config::AskedPlace;
use crate::digest::{Digest, Inputs};
use crate::markdown::outline::Fence;
use crate::markdown::render::{self, Destination, PagePart, Rendered};
use crate::memo::{Function, Memo};
use crate::model::{GLOSSARY_PATH, Glossary, Model, Page, Run, Text};
use ahash::AHashSet;
use serde::Serialize;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

/// A page of some kind, or another file, as it is planned at one address.
pub trait PageKind: Sync {
    /// The source to name when two meet at one address; none for what every site has.
    fn source(&self) -> Option<&str> {
        None
    }

    /// The folder of the index in which its words are looked for; none for what is not searched.
    fn searched(&self) -> Option<String> {
        None
    }

    /// The digest of everything that it is made from, so that it is made again only when something in it is new; none
    /// for what is cheap and depends on much, and is made every time. `build --audit` finds what was forgotten.
    fn inputs(&self, path: &str, site: &SiteContext<'_>) -> Option<Digest>;

    /// Makes the file at `path`, or says why it can't be made.
    fn make(&self, path: &str, site: &SiteContext<'_>) -> Result<File, String>;
}

/// The site around a page.
pub struct SiteContext<'a> {
    /// The projected Model.
    pub model: &'a Model,
    /// Where everything is shown.
    pub places: &'a Places<'a>,
    /// What surrounds pages.
    pub frames: Frames<'a>,
    /// The templates.
    pub theme: &'a Theme,
    /// The digests of what pages have in common.
    pub inputs: SiteInputs<'a>,
    /// What was made before.
    pub memo: &'a Memo,
    /// The words that the site defines.
    pub glossary: Option<Glossary>,
    /// What lies around a version that is alone, if its address is known.
    pub outside: Option<Outside<'a>>,
}

impl<'a> SiteContext<'a> {
    /// The site in these frames.
    pub fn new(frames: Frames<'a>, theme: &'a Theme, memo: &'a Memo) -> Self {
        let glossary = Glossary::of(frames.model);
        let inputs = SiteInputs::of(&frames, theme, glossary.as_ref());
        Self { model: frames.model, places: frames.places, frames, theme, inputs, memo, glossary, outside: None }
    }

    /// A page made from a template.
    pub fn render(&self, template: &str, view: &impl Serialize) -> Result<File, String> {
        let html = self.theme.render(template, view)?;
        let ids_twice = ids_twice(&html);
        Ok(File { ids_twice, ..File::new(html.into_bytes()) })
    }

    /// Renders a text, and puts its headings into the frame.
    fn text(&self, text: &Text, place: TextPlace<'_, 'a>, frame: &mut Frame) -> String {
        self.part(text, None, place, frame)
    }

    /// Renders a text without the range that another part of the page shows.
    fn part(
        &self,
        text: &Text,
        elsewhere: Option<Range<usize>>,
        place: TextPlace<'_, 'a>,
        frame: &mut Frame,
    ) -> String {
        let skip: Vec<Range<usize>> = title_range(text).cloned().into_iter().chain(elsewhere).collect();
        let Rendered { html, contents, title, lost } = Arc::unwrap_or_clone(self.rendered(text, &skip, place));
        frame.title_html = title.filter(|title| title.contains('<'));
        let title_id = title_range(text).and_then(|title| text.outline.id_at(title.start));
        frame.title_id = title_id.map(|id| place.part.id(id));
        let contents = contents.into_iter().map(|(level, id, title)| ContentsView { level, id, title });
        let release = place.edition.and_then(Edition::release_name);
        frame.lost.extend(lost_of_excerpts(text, &skip, &html, &release));
        let lost = lost.iter().map(|range| LostText {
            place: text.pieces.span(range),
            of_run: Vec::new(),
            release: release.clone(),
        });
        frame.contents.extend(contents);
        frame.quiz |= text.outline.has_quiz();
        frame.lost.extend(lost);
        let html = self.with_terms(&html, place, frame);
        match self.questions(&place) {
            Some(questions) => {
                frame.ask.get_or_insert_with(|| questions.url(""));
                questions.add(&html)
            }
            None => html,
        }
    }

    /// Where readers ask about the page that a text stands on; nowhere on one that is taken along or printed.
    fn questions<'b>(&'b self, place: &TextPlace<'b, 'a>) -> Option<PageQuestions<'b>> {
        let address = self.model.config.ask.as_ref().filter(|_| place.is_live())?;
        let edition = place.edition;
        let page = AskedPlace {
            task: edition.map_or("", |edition| &edition.task.id),
            version: edition
                .and_then(|edition| edition.release)
                .map_or(String::new(), |release| release.version.to_string()),
            page: place.page,
            place: "",
        };
        Some(PageQuestions { address, page })
    }

    /// The HTML of a text with its terms marked, and the notes of the glossary's words put into the frame. The glossary is
    /// live: a version that is alone has none, and nor has a page that shows everything to be printed.
    fn with_terms(&self, html: &str, place: TextPlace<'_, 'a>, frame: &mut Frame) -> String {
        let address = self.places.find(GLOSSARY_PATH, None).map(|shown| shown.address);
        let is_marked = |address: &&Arc<str>| place.is_live() && ***address != *place.page;
        let glossary = self.glossary.as_ref().zip(address.as_ref().filter(is_marked));
        let values = place.edition.map(|edition| {
            let rubric = edition.rubric_path();
            let url = |id: &str| match rubric == place.page {
                true => format!("#{id}"),
                false => place.url(&rubric, Some(id)),
            };
            ListedValues::of(&edition.instructions.rubric, &place.part.prefix, url)
        });
        let terms = PageTerms { glossary: glossary.map(|(glossary, _)| glossary), values };
        let (html, words) = terms.mark(html);
        for (word, (glossary, address)) in words.into_iter().zip(std::iter::repeat(glossary).flatten()) {
            let note = terms::note(glossary, word, place.page, address);
            if !frame.words.iter().any(|known| known.id == note.id) {
                frame.words.push(note);
            }
        }
        html
    }

    /// A text as HTML. What audiences get of it, and the versions of a task, often say the same and are rendered once.
    fn rendered(&self, text: &Text, skip: &[Range<usize>], place: TextPlace<'_, 'a>) -> Arc<Rendered> {
        let host = self.host(text, place);
        let make = || Arc::new(render::render(&text.pieces, &text.outline, skip, &host));
        let is_shared = place.edition.is_none();
        if is_shared && self.model.config.audiences.iter().nth(1).is_none() {
            return make();
        }
        let inputs = self.inputs_of_part("text", &host).digest(&text.digest());
        let inputs = inputs
            .list(skip.iter(), |inputs, skip| inputs.number(skip.start as u64).number(skip.end as u64))
            .list(text.excerpts.values(), |inputs, excerpt| pictures(inputs, &excerpt.trajectory, &host));
        let inputs = shown_with(inputs, text, &host).end();
        // A shared page is one in each site, and there may be very many.
        if is_shared {
            self.memo.hand_over::<TextRendering>(inputs, make)
        } else {
            self.memo.take::<TextRendering>(inputs, make)
        }
    }

    /// What goes into a part of pages, wherever these lie.
    fn inputs_of_part(&self, kind: &str, host: &PageHost<'_>) -> Inputs {
        let PagePart { prefix, lower } = host.place.part;
        let inputs = Inputs::of(kind).digest(&self.theme.digest).digest(&self.model.config.digest);
        inputs.text(prefix).number((*lower).into())
    }

    /// What a text may ask while it is rendered.
    fn host<'b>(&'b self, text: &'b Text, place: TextPlace<'b, 'a>) -> PageHost<'b> {
        let audiences = &self.model.config.audiences;
        PageHost { places: self.places, place, outside: self.outside, text, theme: self.theme, audiences }
    }

    /// What goes into every page of a kind at an address.
    fn inputs_of(&self, kind: &str, path: &str) -> Inputs {
        Inputs::of(kind).digest(&self.inputs.site).text(path)
    }

    /// What goes into a page of an edition.
    fn inputs_of_edition(&self, kind: &str, path: &str, edition: &Edition<'_>) -> Inputs {
        self.inputs_of(kind, path).digest(&edition.digest)
    }

    /// What goes into a page of an edition that shows the text of `page`.
    fn inputs_of_text(&self, kind: &str, path: &str, edition: &Edition<'a>, page: &Page) -> Inputs {
        let inputs = self.inputs_of_edition(kind, path, edition).digest(&page.digest);
        shown_with(inputs, &page.text, &self.host(&page.text, TextPlace::alone(path, Some(edition))))
    }
}

/// A text to its HTML.
struct TextRendering;

impl Function for TextRendering {
    type Value = Arc<Rendered>;
}

/// A file for other programs.
fn json_file(said: &impl Serialize) -> Result<File, String> {
    let mut text = serde_json::to_string_pretty(said).map_err(|error| error.to_string())?;
    text.push('\n');
    Ok(File::new(text.into_bytes()))
}

/// The ids that more than one thing on a page has.
fn ids_twice(html: &str) -> Arc<[String]> {
    const ID: &str = " id=\"";
    // In text no sign of a tag stands as it is, but quotes may.
    let bytes = html.as_bytes();
    let is_in_tag = |at: &usize| memchr::memrchr2(b'<', b'>', &bytes[..*at]).is_some_and(|sign| bytes[sign] == b'<');
    let starts = memchr::memmem::find_iter(bytes, ID).filter(is_in_tag).map(|at| &html[at + ID.len()..]);
    let mut seen = AHashSet::new();
    let twice = starts.filter_map(|rest| rest.split('"').next()).filter(|id| !seen.insert(*id));
    twice.map(str::to_owned).collect::<BTreeSet<_>>().into_iter().collect()
}

/// What of the steps that a text shows, but for those in ranges that are skipped, is not in its HTML.
fn lost_of_excerpts(text: &Text, skip: &[Range<usize>], html: &str, release: &Option<String>) -> Vec<LostText> {
    let is_here = |fence: &&Fence| !skip.iter().any(|skip| skip.contains(&fence.range.start));
    let shown =
        text.outline.runs().filter(is_here).filter_map(|fence| Some((fence, text.excerpts.get(&fence.arguments)?)));
    let lost = shown.map(|(fence, excerpt)| LostText {
        place: text.pieces.span(&fence.range),
        of_run: conservation::missing_of_steps(excerpt.steps(), html),
        release: release.clone(),
    });
    lost.filter(|lost| !lost.of_run.is_empty()).collect()
}

/// Where the pictures of a run are.
fn pictures(inputs: Inputs, run: &Run, host: &PageHost<'_>) -> Inputs {
    inputs
        .list(run.pictures.values(), |inputs, path| inputs.list(host.file(path).iter(), |inputs, url| inputs.text(url)))
}

/// What a text shows and does not say: where its links lead, and the gold at the steps of runs that it shows.
fn shown_with(inputs: Inputs, text: &Text, host: &PageHost<'_>) -> Inputs {
    let inputs = inputs.list(text.excerpts.values(), |inputs, excerpt| {
        let marks = host.marks(excerpt);
        inputs.list(marks.iter(), |inputs, mark| inputs.text(&format!("{mark:?}")))
    });
    inputs.list(text.targets.iter(), |inputs, target| match host.destination(target) {
        Destination::Inside(url) => inputs.number(0).text(&url),
        Destination::Outside(url) => inputs.number(1).text(&url),
        Destination::Nowhere => inputs.number(2),
    })
}
