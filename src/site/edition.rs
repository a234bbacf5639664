//! Editions: one set of instructions at one place of the site.
//!
//! In: a task of the projected Model. Out: the newest version at `/tasks/<task>/`, each version for good at
//! `/tasks/<task>/v/<version>/`, and the working text at `/tasks/<task>/next/` for those who see it.

use super::steps::parts::RunParts;
use crate::digest::{Digest, Inputs};
use crate::document::links::StepCounts;
use crate::document::{TASKS, Use};
use crate::markdown::ids::RunSide;
use crate::markdown::slug::{self, page_folder};
use crate::model::{Example, Instructions, Page, Release, Task, Text};
use crate::release;
use ahash::AHashMap;
use std::sync::Arc;

/// Which text an edition shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EditionStanding {
    /// The newest version, at the task's own address.
    Latest,
    /// A version at its address for good.
    Version,
    /// The text being worked on.
    Working,
    /// A version in a folder of its own, to be taken along: nothing lies around it.
    Alone,
}

/// One set of instructions at one place.
pub struct Edition<'a> {
    /// The task.
    pub task: &'a Task,
    /// What it says.
    pub instructions: &'a Instructions,
    /// The release, unless this is the working text.
    pub release: Option<&'a Release>,
    /// Which text it shows.
    pub standing: EditionStanding,
    /// Where it lies, such as `tasks/agent-setup-mistakes/v/1.0.0/`.
    pub root: String,
    /// The titles and addresses of its pages, in the order in which they are read.
    pub order: Vec<(&'a str, String)>,
    /// The digest of what its pages show of it.
    pub digest: Digest,
    /// Where in that order each address is.
    places: AHashMap<String, usize>,
    /// What each of its files is shown as.
    shown: AHashMap<&'a str, ShownFile<'a>>,
}

/// What a file or folder of the sources is shown as.
#[derive(Clone)]
pub struct ShownFile<'a> {
    /// Where it is.
    pub address: Arc<str>,
    /// What it says, if it is a page that shows a file.
    pub text: Option<&'a Text>,
    /// How many steps its runs have.
    pub steps: StepCounts,
}

/// The name of a feed of releases: that of all tasks lies at the top, that of each at the task's address.
pub const FEED: &str = "feed.xml";

/// The folder of the index of what is in force and of shared pages; those of versions lie in it.
pub const SEARCH: &str = "search/";

/// From how many older versions there is a page of what changed to the newest.
const MOST_CHANGE_PAGES: usize = 20;

/// All editions of a task.
pub fn editions(task: &Task) -> Vec<Edition<'_>> {
    let root = format!("tasks/{}/", task.id);
    let mut editions = Vec::new();
    if let Some(release) = task.latest() {
        editions.push(Edition::new(task, Some(release), &release.instructions, EditionStanding::Latest, root.clone()));
    }
    for release in &task.releases {
        let root = format!("{root}v/{}/", release.version);
        editions.push(Edition::new(task, Some(release), &release.instructions, EditionStanding::Version, root));
    }
    if let Some(working) = &task.working {
        let root = format!("{root}next/");
        editions.push(Edition::new(task, None, working, EditionStanding::Working, root));
    }
    editions
}

impl<'a> Edition<'a> {
    fn new(
        task: &'a Task,
        release: Option<&'a Release>,
        instructions: &'a Instructions,
        standing: EditionStanding,
        root: String,
    ) -> Self {
        let (order, places, shown) = (Vec::new(), AHashMap::new(), AHashMap::new());
        let digest = digest(task, instructions, &root);
        let edition = Self { task, instructions, release, standing, root, order, digest, places, shown };
        let (order, shown) = (edition.reading_order(), edition.shown());
        let places = order.iter().enumerate().map(|(at, (_, path))| (path.clone(), at)).collect();
        Self { order, places, shown, ..edition }
    }

    /// The same in a folder of its own.
    pub fn alone(&self) -> Self {
        Self::new(self.task, self.release, self.instructions, EditionStanding::Alone, String::new())
    }

    /// Whether a cohort may work under it.
    pub fn may_serve(&self) -> bool {
        self.release.is_some_and(|release| release::may_serve(self.task, release))
    }

    /// Where a page is in the order.
    pub fn place(&self, path: &str) -> Option<usize> {
        self.places.get(path).copied()
    }

    /// The spec, the rubric, further pages, then the examples: worked before practice before test.
    fn reading_order(&self) -> Vec<(&'a str, String)> {
        let set = self.instructions;
        let first = [("Instructions", self.home_path()), (&*set.rubric_page.title, self.rubric_path())];
        let pages = set.pages.iter().map(|page| (&*page.title, self.further_page_path(page)));
        let examples = self.examples_by_use().into_iter();
        let examples = examples.map(|example| (&*example.page.title, self.example_path(example)));
        first.into_iter().chain(pages).chain(examples).collect()
    }

    /// What the list of its examples is called.
    pub fn examples_title(&self) -> &'static str {
        let is_answered = self.instructions.examples.iter().any(|example| example.used == Use::Gold);
        if is_answered { "Items and examples" } else { "Examples" }
    }

    /// The examples, those that show most first; of one use by their `order`.
    pub fn examples_by_use(&self) -> Vec<&'a Example> {
        let mut examples: Vec<&Example> = self.instructions.examples.iter().collect();
        examples.sort_by_key(|example| (example.used, example.page.order));
        examples
    }

    /// Where the spec is shown.
    pub fn home_path(&self) -> String {
        format!("{}index.html", self.root)
    }

    /// Where the rubric is shown.
    pub fn rubric_path(&self) -> String {
        format!("{}rubric/index.html", self.root)
    }

    /// Where the examples are listed.
    pub fn examples_path(&self) -> String {
        format!("{}examples/index.html", self.root)
    }

    /// Where what changed since the version before is shown.
    pub fn changes_path(&self) -> String {
        format!("{}changes/index.html", self.root)
    }

    /// Where what changed since an older version is shown, at the address of the newest.
    pub fn changes_since_path(&self, older: &Release) -> String {
        format!("tasks/{}/changes/from-{}/index.html", self.task.id, older.version)
    }

    /// Where all of a version is shown on one page, below its address for good; none for the working text, and where a
    /// page that was sealed before there were such pages has that address.
    pub fn print_path(&self) -> Option<String> {
        let root = self.version_root()?;
        let is_taken = self.place(&self.at("print/index.html")).is_some();
        (!is_taken).then(|| format!("{root}print/index.html"))
    }

    /// Where a file that is made of a version lies beside it; none for the working text, and where a file that was sealed
    /// has that name: it came first.
    pub fn beside(&self, name: &str) -> Option<String> {
        let own = format!("{TASKS}{}/{name}", self.task.id);
        self.version_root().filter(|_| !self.instructions.files.contains_key(&own)).map(|root| format!("{root}{name}"))
    }

    /// Whether the audience may see the rubric.
    pub fn has_rubric(&self) -> bool {
        !self.instructions.rubric.criteria.is_empty()
    }

    /// Where a version lies for good; none for the working text, and where nothing lies around this.
    pub fn version_root(&self) -> Option<String> {
        let release = self.release.filter(|_| self.standing != EditionStanding::Alone)?;
        Some(format!("tasks/{}/v/{}/", self.task.id, release.version))
    }

    /// Where something lies in this edition.
    pub fn at(&self, name: &str) -> String {
        format!("{}{name}", self.root)
    }

    /// Where the script lies that says how much changed since older versions.
    pub fn since_path(&self) -> String {
        format!("tasks/{}/changes/since.js", self.task.id)
    }

    /// The versions from which there is a page of what changed to this one, the newest: newest first.
    pub fn older(&self) -> impl Iterator<Item = &'a Release> {
        let newest = self.task.latest().map(|release| &release.version);
        let is_older = move |release: &&Release| newest.is_some_and(|newest| release.version < *newest);
        self.task.releases.iter().rev().filter(is_older).take(MOST_CHANGE_PAGES)
    }

    /// The version before this one; for the working text the newest.
    pub fn before(&self) -> Option<&'a Release> {
        let is_before = |release: &&Release| self.release.is_none_or(|own| release.version < own.version);
        self.task.releases.iter().rev().find(is_before)
    }

    /// Where the task's versions are listed.
    pub fn versions_path(&self) -> String {
        format!("tasks/{}/v/index.html", self.task.id)
    }

    /// The folder of the index that its words are in: a version that is kept has its own, a text that is being worked on or
    /// taken along has none.
    pub fn search_folder(&self) -> Option<String> {
        match self.standing {
            EditionStanding::Latest => Some(SEARCH.to_owned()),
            EditionStanding::Version => {
                self.release.map(|release| format!("{SEARCH}{}/{}/", self.task.id, release.version))
            }
            EditionStanding::Working | EditionStanding::Alone => None,
        }
    }

    /// Whether this is the newest text of its task that may be shown: lists of tasks lead to it.
    pub fn is_newest(&self) -> bool {
        self.standing == EditionStanding::Latest || self.release.is_none() && self.task.releases.is_empty()
    }

    /// The heading of a criterion's section; its id where it has none.
    pub fn criterion_title<'b>(&'b self, id: &'b str) -> &'b str {
        self.instructions.criterion_title(id)
    }

    /// The release, if no newer version is there.
    pub fn newest_release(&self) -> Option<&'a Release> {
        self.release.filter(|_| self.superseded_by().is_none())
    }

    /// The version to work from in the place of this one, if there is one.
    pub fn superseded_by(&self) -> Option<&'a Release> {
        let latest = self.task.latest()?;
        self.release.filter(|release| release.version != latest.version).map(|_| latest)
    }

    /// What the file at `path` is shown as in this edition.
    pub fn find(&self, path: &str) -> Option<ShownFile<'a>> {
        self.shown.get(path).cloned()
    }

    /// What each file is shown as; of two in one file the first.
    fn shown(&self) -> AHashMap<&'a str, ShownFile<'a>> {
        let set = self.instructions;
        let of_page = |page: &'a Page, address: String, steps| {
            let shown = ShownFile { address: address.into(), text: Some(&page.text), steps };
            (&*page.path, shown)
        };
        let examples = set
            .examples
            .iter()
            .map(|example| of_page(&example.page, self.example_path(example), example.step_counts()));
        let pages = set.pages.iter().map(|page| of_page(page, self.further_page_path(page), StepCounts::default()));
        let first = [(&set.rubric_page, self.rubric_path()), (&set.page, self.home_path())];
        let first = first.map(|(page, address)| of_page(page, address, StepCounts::default()));
        examples.chain(pages).chain(first).collect()
    }

    /// The release as findings name it; none for the working text.
    pub fn release_name(&self) -> Option<String> {
        self.release.map(|release| self.task.release_name(release))
    }

    /// Where a further page is shown.
    pub fn further_page_path(&self, page: &Page) -> String {
        let folder = format!("{TASKS}{}/", self.task.id);
        let name = page.path.strip_prefix(&folder).unwrap_or(&page.path);
        format!("{}{}index.html", self.root, page_folder(name))
    }

    /// Where an example is shown.
    pub fn example_path(&self, example: &Example) -> String {
        let folder = match example.used {
            Use::Worked | Use::HeldOut => "examples",
            Use::Practice => "practice",
            Use::Test => "test",
            Use::Gold => "rate",
        };
        format!("{}{folder}/{}/index.html", self.root, slug::path(&example.id))
    }

    /// Where a part of one of an example's runs is shown, but for the first.
    pub fn run_part_path(&self, example: &Example, side: RunSide, part: usize) -> String {
        let path = self.example_path(example);
        let folder = path.strip_suffix("index.html").unwrap_or(&path);
        format!("{folder}{}{}index.html", side.prefix(), RunParts::folder(part))
    }

    /// Where an image or another file of the instructions lies.
    pub fn asset_path(&self, path: &str) -> String {
        let folder = format!("{TASKS}{}/", self.task.id);
        match path.strip_prefix(&folder) {
            Some(name) => format!("{}{name}", self.root),
            None => format!("{}files/{}", self.root, path.strip_prefix("content/").unwrap_or(path)),
        }
    }
}

/// What the pages of an edition show of it: its spec and rubric, what else is in it, and the task's versions.
fn digest(task: &Task, set: &Instructions, root: &str) -> Digest {
    let examples = set.examples.iter();
    let inputs = Inputs::of("edition")
        .text(&task.id)
        .text(root)
        .list(task.releases.iter(), |inputs, release| {
            inputs.text(&release.digest).text(&format!("{:?}", release.withdrawn))
        })
        .text(&format!("{:?}", task.state))
        .digest(&set.page.digest)
        .digest(&set.rubric_page.digest)
        .list(set.pages.iter(), |inputs, page| inputs.text(&page.path).text(&page.title));
    inputs
        .list(examples, |inputs, example| {
            let inputs = inputs.text(&example.page.path).text(&example.page.title).text(example.used.name());
            inputs.number(u64::from(example.page.order))
        })
        .end()
}
