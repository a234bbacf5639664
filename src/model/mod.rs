//! The Model: everything a site says, checked, with nothing unresolved in it.
//!
//! In: documents (working and sealed). Out: values that pages and reports are made from.
//! `check` makes it, `project` narrows it; nothing after that asks whether something exists.

pub mod asset;
pub mod check;
mod check_links;
mod check_text;
mod gold;
mod instructions;
pub mod project;
mod seal_time;
pub mod secrets;
mod section;
mod state;
pub mod suggestions;
mod svg;
mod text;

pub use crate::document::Outcome;
pub use check_text::TextCheck;
pub use gold::{Gold, GoldAnswer, GoldFlag};
pub use instructions::check as instructions;
pub use seal_time::SealTime;
pub use section::Section;
pub use state::{Ending, ServingPeriod, State};

use crate::audience::AudienceId;
use crate::config::Config;
use crate::diagnostic::{Diagnostics, Fault, Halt, Place, did_you_mean, one_of, rules};
use crate::digest::{Digest, Inputs};
use crate::document::links::{self, Target};
use crate::document::{BarPart, Body, ItemKind, Member, Rubric, TaskKind, TaskStatus, Use};
use crate::markdown::outline::{Heading, Link, Outline};
use crate::markdown::project::{Origin, OutlinedText, Pieces};
use crate::markdown::slug;
use crate::source::Source;
use crate::trajectory::{Step, Trajectory};
use jiff::civil::Date;
use semver::Version;
use std::cell::LazyCell;
use std::collections::{BTreeMap, HashMap};
use std::ops::Deref;
use std::sync::Arc;

/// A checked site.
#[derive(Clone)]
pub struct Model {
    /// The settings.
    pub config: Arc<Config>,
    /// Shared pages, folder by folder; they are live, not sealed.
    pub sections: Vec<Arc<Section>>,
    /// Tasks by id.
    pub tasks: Vec<Task>,
    /// Cohorts by id.
    pub cohorts: Vec<Cohort>,
}

impl Model {
    /// The task of this name.
    pub fn find_task(&self, id: &str, diagnostics: &mut Diagnostics) -> Result<&Task, Halt> {
        self.tasks.iter().find(|task| task.id == id).ok_or_else(|| {
            let known = || self.tasks.iter().map(|task| task.id.as_str());
            let fault = Fault::whole(format!("there is no task `{id}`")).maybe(did_you_mean(id, known()));
            let fault = fault.help(format!("content/tasks holds {}", one_of(known())));
            diagnostics.stop(rules::UNKNOWN_TASK, Place::Nowhere, fault)
        })
    }
}

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
        Self { pieces, places: outline.places(), outline, targets, said: said.end(), ..self.clone() }
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

/// A task: its working text, and what has been sealed.
#[derive(Clone)]
pub struct Task {
    /// Its folder's name.
    pub id: String,
    /// The text being worked on; for those who see gold only.
    pub working: Option<Instructions>,
    /// Sealed versions that readers may have, oldest first.
    pub releases: Vec<Release>,
    /// Sealed versions whose day has not come, oldest first; they follow the others.
    pub waiting: Vec<Release>,
    /// Which version serves whom, what is over, and what it was called.
    pub state: State,
}

impl Task {
    /// The newest version that readers may have and work from: of those that were withdrawn only if all were.
    pub fn latest(&self) -> Option<&Release> {
        self.releases.iter().rev().find(|release| release.withdrawn.is_none()).or(self.releases.last())
    }

    /// Whether this id was its own before.
    pub fn was_called(&self, id: &str) -> bool {
        self.state.was.iter().any(|was| was == id)
    }

    /// Every sealed version, oldest first.
    pub fn sealed(&self) -> impl Iterator<Item = &Release> {
        self.releases.iter().chain(&self.waiting)
    }

    /// The version that was sealed last, which the next one follows.
    pub fn last_sealed(&self) -> Option<&Release> {
        self.waiting.last().or(self.releases.last())
    }

    /// Sets aside what is scheduled for a day after `today`, and whatever follows it. Without a day, all of that waits.
    pub fn wait_for(&mut self, today: Option<Date>) {
        let is_later = |release: &Release| today.is_none_or(|today| today < release.time.day());
        let first = self.releases.iter().position(|release| release.scheduled && is_later(release));
        self.waiting = self.releases.split_off(first.unwrap_or(self.releases.len()));
    }

    /// The last steps of items whose runs examples show, one for each text with it.
    pub fn last_steps(&self) -> impl Iterator<Item = (&str, u32)> {
        let sealed = self.releases.iter().map(|release| &release.instructions);
        let examples = sealed.chain(&self.working).flat_map(|set| &set.examples);
        examples.filter_map(|example| {
            let last = example.trajectory.as_ref()?.steps.len();
            Some((example.item.as_str(), u32::try_from(last).unwrap_or(u32::MAX)))
        })
    }

    /// The last step of an item's run, where that is known: of several texts the longest run counts.
    pub fn last_step(&self, item: &str) -> Option<u32> {
        self.last_steps().filter(|(known, _)| *known == item).map(|(_, last)| last).max()
    }

    /// The name of one of its releases.
    pub fn release_name(&self, release: &Release) -> String {
        release_name(&self.id, &release.version)
    }

    /// The sealed instructions of a version that readers may have.
    pub fn release(&self, version: &Version) -> Option<&Release> {
        self.releases.iter().find(|release| release.version == *version)
    }
}

/// A sealed version of a task's instructions.
#[derive(Clone)]
pub struct Release {
    /// Its number.
    pub version: Version,
    /// When it was sealed; of a scheduled one, when it begins to serve.
    pub time: SealTime,
    /// Whether it was sealed for a later time, and is shown from that day on.
    pub scheduled: bool,
    /// What its author said of it.
    pub note: String,
    /// Where its lock lies, in the folder of the task's name by then.
    pub lock: String,
    /// SHA-256 of the lock file's bytes, in hexadecimal: the release's id.
    pub digest: String,
    /// Why it is a smaller step than its changes ask for, or some of them less than they seem, if so.
    pub because: Option<String>,
    /// What changed since the release before it, as its author said it; nothing if that was not recorded.
    pub changes: Vec<SealedChange>,
    /// For each criterion, the first version whose ratings compare with this one's.
    pub comparable_since: BTreeMap<String, Version>,
    /// For each audience by name, its text as sealed: what is shipped as `instructions.md`.
    pub projected: BTreeMap<String, Source>,
    /// Since when it must not be worked from any more.
    pub withdrawn: Option<Ending>,
    /// What was sealed.
    pub instructions: Instructions,
}

/// One change since the release before.
#[derive(Clone, Debug, PartialEq)]
pub struct SealedChange {
    /// Where it is, such as `rubric.md#fixed`.
    pub place: String,
    /// What it is.
    pub what: String,
    /// Its class.
    pub class: String,
}

/// A release as findings name it: `run-quality 1.0.0`.
pub fn release_name(task: &str, version: &Version) -> String {
    format!("{task} {version}")
}

/// One task's instruction set.
#[derive(Clone)]
pub struct Instructions {
    /// `task.md`.
    pub page: Page,
    /// What the front matter of `task.md` says.
    pub facts: Facts,
    /// `rubric.md`.
    pub rubric_page: Page,
    /// The criteria.
    pub rubric: Rubric,
    /// Further pages.
    pub pages: Vec<Page>,
    /// Examples by id.
    pub examples: Vec<Example>,
    /// Every file that a release of this set holds, with who may see it.
    pub files: BTreeMap<String, (Source, Option<AudienceId>)>,
}

impl Instructions {
    /// Its pages, those of examples included.
    pub fn all_pages(&self) -> impl Iterator<Item = &Page> {
        let examples = self.examples.iter().map(|example| &example.page);
        [&self.page, &self.rubric_page].into_iter().chain(&self.pages).chain(examples)
    }

    /// What a release of the set holds: held-out examples are never sealed.
    pub fn without_held_out(&self) -> Self {
        let mut set = self.clone();
        set.examples.retain(|example| example.used != Use::HeldOut);
        set
    }

    /// The paths of the files that are not as in another set, or are in one of them only. A file that was checked out may
    /// end its lines otherwise.
    pub fn changed_files<'a>(&'a self, other: &'a Self) -> Vec<&'a str> {
        let is_same = |path: &str, file: &Source| {
            other.files.get(path).is_some_and(|(old, _)| crate::text::same_lines(old.bytes(), file.bytes()))
        };
        let changed = self.files.iter().filter(|(path, (file, _))| !is_same(path, file));
        let gone = other.files.keys().filter(|path| !self.files.contains_key(*path));
        changed.map(|(path, _)| path).chain(gone).map(String::as_str).collect()
    }
}

/// What a task says of itself.
#[derive(Clone)]
pub struct Facts {
    /// One sentence for lists.
    pub summary: Option<String>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// What an item is.
    pub items: ItemKind,
    /// Expected time for one item.
    pub time: Option<String>,
    /// Pay for an accepted item.
    pub pay: Option<String>,
    /// Where it stands.
    pub status: TaskStatus,
    /// Whether it goes on.
    pub kind: TaskKind,
    /// What a reader should know about who asks.
    pub interests: Option<String>,
}

/// An item with its gold explained.
#[derive(Clone)]
pub struct Example {
    /// Its file's name.
    pub id: String,
    /// Its page.
    pub page: Page,
    /// The item, as ratings name it.
    pub item: String,
    /// How it is used.
    pub used: Use,
    /// The run it shows.
    pub trajectory: Option<Run>,
    /// Its gold; empty for those who may not see it.
    pub gold: Vec<Gold>,
}

/// A cohort.
#[derive(Clone)]
pub struct Cohort {
    /// Its file's name.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// The contracting service.
    pub vendor: Option<String>,
    /// Whether these are the people whose ratings make gold.
    pub expert: bool,
    /// Who belongs to it.
    pub raters: Vec<Member>,
    /// Ids of the tasks it rates.
    pub tasks: Vec<String>,
    /// First day.
    pub from: Option<Date>,
    /// Last day.
    pub until: Option<Date>,
    /// Bars that replace those of a task's rubric.
    pub bars: BTreeMap<String, Vec<BarPart>>,
}
