//! Pages: what each says, includes put in, with the runs that it shows.
//!
//! In: bodies and other words for them. Out: texts in which each link names its target. It decides nothing about who
//! reads them.

use crate::audience::AudienceId;
use crate::digest::{Digest, Inputs};
use crate::document::Body;
use crate::document::links::{self, Target};
use crate::markdown::blocks::{LazyBlocks, TextBlock};
use crate::markdown::outline::{Heading, Link, Outline};
use crate::markdown::project::{Origin, OutlinedText, Pieces};
use crate::markdown::slug;
use crate::trajectory::{Step, Trajectory};
use std::cell::LazyCell;
use std::collections::{BTreeMap, HashMap};
use std::ops::Deref;
use std::sync::Arc;

/// A page.
#[derive(Clone)]
pub struct Page {
    /// Its file's path in the site, such as `content/pages/pay.md`.
    pub path: Arc<str>,
    /// What it is called.
    pub title: String,
    /// Who may read it; nobody if none.
    pub audience: Option<AudienceId>,
    /// Its place among its neighbours; lower comes first.
    pub order: u32,
    /// What it says.
    pub text: Text,
    /// The digest of its file.
    pub source: Digest,
    /// The digest of everything that the page says, front matter included.
    pub digest: Digest,
}

impl Page {
    /// A page that comes after all that have an order.
    pub fn new(path: Arc<str>, title: String, audience: Option<AudienceId>, text: Text, source: Digest) -> Self {
        let digest = Inputs::of("page").text(&path).text(&title).digest(&source).digest(&text.digest()).end();
        Self { path, title, audience, order: u32::MAX, text, source, digest }
    }

    /// The same page with another text.
    pub fn with(&self, text: Text) -> Self {
        let page = Self::new(self.path.clone(), self.title.clone(), self.audience, text, self.source);
        Self { order: self.order, ..page }
    }
}

/// The text of a page, includes put in.
#[derive(Clone)]
pub struct Text {
    /// The Markdown, in pieces of the files it came from.
    pub pieces: Pieces,
    /// What it holds.
    pub outline: Arc<Outline>,
    /// What each link of the outline names.
    pub targets: Arc<[Target]>,
    /// The digest of every place that a link can lead to.
    pub places: Digest,
    /// Whether its first heading is the page's title, and not to be shown twice.
    pub title_in_body: bool,
    /// What its trajectory blocks show, by their arguments.
    pub excerpts: BTreeMap<String, Excerpt>,
    /// The digest of the pieces, and of where they come from.
    said: Digest,
    blocks: LazyBlocks,
}

/// Some steps of a recorded run.
#[derive(Clone)]
pub struct Excerpt {
    /// The run.
    pub trajectory: Run,
    /// First step shown.
    pub from: usize,
    /// Last step shown.
    pub to: usize,
    /// Whether gold stands at its steps, where it is shown to all.
    pub gold: bool,
}

impl Excerpt {
    /// The steps that are shown.
    pub fn steps(&self) -> impl Iterator<Item = &Step> {
        self.trajectory.steps.iter().filter(|step| (self.from..=self.to).contains(&step.step_id))
    }
}

/// A recorded run.
#[derive(Clone)]
pub struct Run {
    /// The file that it was read from.
    pub path: Arc<str>,
    /// What that is called, without its ending.
    pub file: Arc<str>,
    /// What was recorded.
    pub trajectory: Arc<Trajectory>,
    /// The files of the site that its pictures are, by the names that it has for them.
    pub pictures: Arc<BTreeMap<String, String>>,
    /// The digest of what it was read from, and of its pictures.
    pub digest: Digest,
}

impl Deref for Run {
    type Target = Trajectory;

    fn deref(&self) -> &Trajectory {
        &self.trajectory
    }
}

impl Text {
    /// The text of a body without includes.
    pub fn of(body: &Body, title_in_body: bool) -> Self {
        Self {
            pieces: body.pieces(),
            outline: body.outline.clone(),
            targets: body.targets.clone(),
            places: body.places,
            title_in_body,
            excerpts: BTreeMap::new(),
            blocks: body.blocks.clone(),
            said: Inputs::of("file").text(&body.path).number(body.file.number()).digest(&body.digest).end(),
        }
    }

    /// The same place with other words.
    pub fn with(&self, OutlinedText { pieces, outline }: OutlinedText) -> Self {
        let outline = if self.outline.is_beside_run() { Arc::new(outline.beside_run()) } else { outline };
        let included = LazyCell::new(|| IncludedPlaces::of(&outline, &pieces));
        let target = |link: &Link| {
            let origin = pieces.origin_at(link.range.start);
            match links::parse(&link.target, &origin.path) {
                Target::Here(place) if origin.include > 0 => included.target(place, origin),
                target => target,
            }
        };
        let targets = outline.links.iter().map(target).collect();
        let origins = pieces.origins.iter();
        let said = Inputs::of("pieces").text(&pieces.text).list(origins, |inputs, (start, origin)| {
            let inputs = inputs.number(*start as u64).text(&origin.path).number(origin.file.number());
            inputs.number(origin.at as u64).number(origin.include as u64)
        });
        let (places, blocks) = (outline.places(), LazyBlocks::default());
        Self { pieces, places, outline, targets, said: said.end(), blocks, ..self.clone() }
    }

    /// The Markdown without the heading that is its page's title.
    pub fn below_title(&self) -> &str {
        match &self.outline.title {
            Some(title) if self.title_in_body => &self.pieces.text[title.end..],
            _ => &self.pieces.text,
        }
    }

    /// The text as a tree of blocks, to be compared with another one.
    pub fn blocks(&self) -> &TextBlock {
        self.blocks.of(&self.pieces.text, &self.outline)
    }

    /// What the link that stands at a byte of the text names.
    pub fn target_at(&self, offset: usize) -> Option<&Target> {
        let links = &self.outline.links;
        let at = links.binary_search_by_key(&offset, |link| link.range.start).ok()?;
        self.targets.get(at)
    }

    /// The paths of the files that the text links to or shows.
    pub fn linked_files(&self) -> impl Iterator<Item = &str> {
        let linked = self.targets.iter().filter_map(|target| match target {
            Target::File(path, _) => Some(path.as_str()),
            _ => None,
        });
        let runs = self.excerpts.values().map(|excerpt| &excerpt.trajectory);
        linked.chain(runs.flat_map(|run| run.pictures.values()).map(String::as_str))
    }

    /// The digest of everything that the text shows.
    pub fn digest(&self) -> Digest {
        let inputs = Inputs::of("text").digest(&self.said).number(self.title_in_body.into());
        let inputs = inputs.number(self.outline.is_beside_run().into());
        let excerpts = self.excerpts.iter();
        let excerpts = inputs
            .list(excerpts, |inputs, (arguments, excerpt)| inputs.text(arguments).digest(&excerpt.trajectory.digest));
        excerpts.end()
    }
}

/// What a link to a place of its own file leads to, where that file was included: the same place here, or the file's own
/// page if the place was not included.
struct IncludedPlaces(HashMap<(usize, String), String>);

impl IncludedPlaces {
    fn of(outline: &Outline, pieces: &Pieces) -> Self {
        let mut by_include: BTreeMap<usize, Vec<&Heading>> = BTreeMap::new();
        for heading in &outline.headings {
            by_include.entry(pieces.origin_at(heading.range.start).include).or_default().push(heading);
        }
        let mut places = HashMap::new();
        for (include, headings) in by_include {
            let own = slug::ids(headings.iter().map(|heading| heading.naming()), |_| false);
            places.extend(headings.iter().zip(own).map(|(heading, own)| ((include, own), heading.id.clone())));
        }
        Self(places)
    }

    fn target(&self, place: String, origin: &Origin) -> Target {
        let key = (origin.include, place);
        match self.0.get(&key) {
            Some(id) => Target::Here(id.clone()),
            None if key.1.is_empty() || key.1 == "top" => Target::Here(key.1),
            None => Target::File(origin.path.to_string(), Some(key.1)),
        }
    }
}
