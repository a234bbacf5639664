//! Editions: one set of instructions at one place of the site.
//!
//! In: a task of the projected Model. Out: the newest version at `/tasks/<task>/`, each version for good at
//! `/tasks/<task>/v/<version>/`, and the working text at `/tasks/<task>/next/` for those who see it.

use crate::document::{TASKS, Use};
use crate::markdown::slug;
use crate::model::{Example, Instructions, Page, Release, Task};

/// Which text an edition shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The newest version, at the task's own address.
    Latest,
    /// A version at its address for good.
    Version,
    /// The text being worked on.
    Working,
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
    pub standing: Standing,
    /// Where it lies, such as `tasks/agent-setup-mistakes/v/1.0.0/`.
    pub root: String,
}

/// All editions of a task.
pub fn editions(task: &Task) -> Vec<Edition<'_>> {
    let root = format!("tasks/{}/", task.id);
    let mut editions = Vec::new();
    if let Some(release) = task.latest() {
        editions.push(Edition::sealed(task, release, Standing::Latest, root.clone()));
    }
    for release in &task.releases {
        editions.push(Edition::sealed(task, release, Standing::Version, format!("{root}v/{}/", release.version)));
    }
    if let Some(working) = &task.working {
        let root = format!("{root}next/");
        editions.push(Edition { task, instructions: working, release: None, standing: Standing::Working, root });
    }
    editions
}

impl<'a> Edition<'a> {
    fn sealed(task: &'a Task, release: &'a Release, standing: Standing, root: String) -> Self {
        Self { task, instructions: &release.instructions, release: Some(release), standing, root }
    }

    /// Whether a newer version is there.
    pub fn superseded_by(&self) -> Option<&'a Release> {
        let latest = self.task.latest()?;
        self.release.filter(|release| release.version < latest.version).map(|_| latest)
    }

    /// Where the file at `path` is shown in this edition.
    pub fn page_path(&self, path: &str) -> Option<String> {
        let set = self.instructions;
        if path == &*set.page.path {
            return Some(format!("{}index.html", self.root));
        }
        if path == &*set.rubric_page.path {
            return Some(format!("{}rubric/index.html", self.root));
        }
        if let Some(page) = set.pages.iter().find(|page| *page.path == *path) {
            return Some(self.further_page_path(page));
        }
        let example = set.examples.iter().find(|example| *example.page.path == *path)?;
        Some(self.example_path(example))
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
        };
        format!("{}{folder}/{}/index.html", self.root, slug::path(&example.id))
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

/// The folder of the page made from a Markdown file: `a/B c.md` → `a/b-c/`, `a/README.md` → `a/`.
pub fn page_folder(name: &str) -> String {
    let stem = name.strip_suffix(".md").unwrap_or(name);
    let (folders, last) = stem.rsplit_once('/').map_or(("", stem), |(folders, last)| (folders, last));
    let mut out = String::new();
    for folder in folders.split('/').filter(|folder| !folder.is_empty()) {
        out.push_str(&slug::path(folder));
        out.push('/');
    }
    if !is_folder_page(last) {
        out.push_str(&slug::path(last));
        out.push('/');
    }
    out
}

/// Whether a file of this name (without extension) is its folder's page.
pub fn is_folder_page(stem: &str) -> bool {
    stem.eq_ignore_ascii_case("readme") || stem.eq_ignore_ascii_case("index")
}
