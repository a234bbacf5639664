//! What a fault in a sealed release touches: pages that show it, and ratings that were made under it.
//!
//! In: a site, and a release that is not what was sealed. Out: addresses and counts. It mends nothing.

use crate::diagnostic::Diagnostics;
use crate::document::TASKS;
use crate::model::{Model, Release, Task};
use crate::progress::Progress;
use crate::ratings::Ratings;
use crate::release::FaultyRelease;
use crate::release::text::NAME;
use crate::workspace::{self, Workspace};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// What one faulty release touches.
pub struct TouchedRelease {
    /// The release.
    pub release: FaultyRelease,
    /// Addresses below each audience's folder; one that ends in `/` is all that lies below it.
    pub pages: Vec<String>,
    /// How many ratings were made under it; none where nothing says what they answer.
    pub ratings: Option<TouchedRatings>,
}

/// The ratings under one version.
#[derive(Default)]
pub struct TouchedRatings {
    /// How many there are.
    pub all: usize,
    /// How many of them name no version and are taken to be under it by their time.
    pub assumed: usize,
}

/// Looks up what faulty releases touch, of all that is below `root`. What is wrong there was found already.
pub fn touched(faulty: Vec<FaultyRelease>, root: &Path, progress: &Progress) -> Vec<TouchedRelease> {
    if faulty.is_empty() {
        return Vec::new();
    }
    let looked_up =
        workspace::once(root, progress, |workspace, diagnostics| Ok(of_site(faulty, workspace, progress, diagnostics)));
    looked_up.value.unwrap_or_default()
}

fn of_site(
    faulty: Vec<FaultyRelease>,
    workspace: &Workspace<'_>,
    progress: &Progress,
    known: &mut Diagnostics,
) -> Vec<TouchedRelease> {
    let mut model = workspace.model(progress, known);
    let stood_for: Vec<bool> = faulty.iter().map(|release| stand_for(release, &mut model).is_some()).collect();
    let ratings = workspace.read_ratings(&model, &mut |_, _| (), progress, known);
    let counts = counted(&ratings, &model);
    let newest: BTreeMap<&str, _> =
        model.tasks.iter().filter_map(|task| Some((&*task.id, &task.latest()?.version))).collect();
    let touched = faulty.into_iter().zip(stood_for).map(|(release, is_counted)| {
        let of = (release.task.clone(), release.version.to_string());
        let (all, assumed) = counts.get(&of).copied().unwrap_or_default();
        let is_newest = newest.get(&*release.task).is_none_or(|newest| release.version >= **newest);
        TouchedRelease {
            pages: pages(&release, is_newest),
            ratings: is_counted.then_some(TouchedRatings { all, assumed }),
            release,
        }
    });
    touched.collect()
}

/// Puts a release into the Model that is read as the one beside it, so that ratings under it are counted as such.
fn stand_for(faulty: &FaultyRelease, model: &mut Model) -> Option<()> {
    let task = model.tasks.iter_mut().find(|task| task.id == faulty.task)?;
    let beside = task.latest().map(|release| &release.instructions);
    let instructions = beside.or(task.working.as_ref())?.clone();
    task.releases.push(Release {
        version: faulty.version.clone(),
        time: faulty.time,
        scheduled: false,
        note: String::new(),
        because: None,
        changes: Vec::new(),
        digest: String::new(),
        lock: String::new(),
        withdrawn: None,
        comparable_since: BTreeMap::new(),
        projected: BTreeMap::new(),
        instructions,
    });
    task.releases.sort_by(|a, b| a.version.cmp(&b.version));
    Some(())
}

/// For each task and version, how many ratings there are under it, and how many of them do not say so.
fn counted(ratings: &Ratings, model: &Model) -> BTreeMap<(String, String), (usize, usize)> {
    let mut counts: BTreeMap<_, (usize, usize)> = BTreeMap::new();
    let tasks: Vec<&Task> = model.tasks.iter().collect();
    for rating in ratings.ratings.iter() {
        let Some(version) = rating.of.version() else { continue };
        let task = &tasks[usize::from(ratings.names.questions[usize::from(rating.question)].task)].id;
        let of = (task.clone(), ratings.names.versions[usize::from(version)].to_string());
        let count = counts.entry(of).or_default();
        count.0 += 1;
        count.1 += usize::from(rating.of.version_assumed);
    }
    counts
}

/// The addresses at which a release shows what is faulty.
fn pages(release: &FaultyRelease, is_newest: bool) -> Vec<String> {
    let FaultyRelease { task, version, files, .. } = release;
    let folder = format!("{TASKS}{task}/");
    let page = |path: &String| match path.strip_prefix(&folder).unwrap_or(path) {
        "task.md" => "index.html",
        "rubric.md" => "rubric/index.html",
        NAME => NAME,
        _ => "",
    };
    let mut own: BTreeSet<&str> = files.iter().map(page).collect();
    if own.is_empty() || own.contains("") {
        own = BTreeSet::from([""]);
    }
    let version = format!("tasks/{task}/v/{version}/");
    let newest = is_newest.then(|| format!("tasks/{task}/"));
    [version].iter().chain(&newest).flat_map(|root| own.iter().map(move |page| format!("{root}{page}"))).collect()
}
