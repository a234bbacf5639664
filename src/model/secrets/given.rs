//! Given: what an audience has, so that it is no secret to it.
//!
//! In: the Model as one audience may have it, working text included. Out: what was declared for that audience (the gold
//! of examples that are worked or practice, passages of its own, the names of examples it sees), and what sealed texts
//! say. A text that merely stands on a page is not given by that.

use super::Secrets;
use super::acts::{Likeness, acts};
use super::words::{path, reasons, without_mark};
use crate::markdown;
use crate::model::{Example, Facts, Instructions, Model, Page, Run};
use std::collections::{BTreeMap, BTreeSet};

/// What was declared for an audience.
#[derive(Default)]
pub struct Declared {
    /// Texts of its own.
    pub texts: Vec<String>,
    /// What its own cohort and the raters in it are called, if it gets a cohort's reports.
    pub cohorts: BTreeSet<String>,
    /// Names of examples that it sees.
    pub names: BTreeSet<String>,
    /// Pages as it has them today, by file, of which an older release hid a passage: if it is shown there now, it is
    /// hidden no longer.
    pub pages: BTreeMap<String, String>,
    /// The runs of examples that it sees.
    pub runs: Vec<Likeness>,
}

/// What is declared for the audience that `model` was projected for, as far as it can be one of `secrets`.
pub fn given(model: &Model, secrets: &Secrets) -> Declared {
    let mut given = Declared::default();
    for cohort in &model.cohorts {
        given.cohorts.extend([cohort.id.clone(), cohort.title.clone()]);
        given.cohorts.extend(cohort.raters.iter().map(|member| member.rater.clone()));
    }
    let old = secrets.places_of_old_passages();
    let narrowed = model.sections.iter().filter(|section| section.has_passages);
    narrowed.flat_map(|section| &section.pages).for_each(|page| given.passages(page));
    model.commentaries.iter().for_each(|of| given.passages(&of.page));
    for task in &model.tasks {
        let newest = task.working.as_ref().or(task.latest().map(|release| &release.instructions));
        newest.iter().for_each(|set| given.today(set, &old));
        task.working.iter().for_each(|set| given.examples(set));
        // What a release gave, and no text of today declares, is found in the release itself.
        if task.working.is_none() {
            task.latest().iter().for_each(|release| given.examples(&release.instructions));
        }
    }
    given
}

impl Declared {
    fn passages(&mut self, page: &Page) {
        for passage in &page.text.outline.passages {
            self.texts.push(without_mark(&page.text.pieces.text[passage.range.clone()]));
        }
    }

    fn today(&mut self, set: &Instructions, old: &BTreeSet<&str>) {
        set.all_pages().for_each(|page| self.passages(page));
        for page in set.all_pages().filter(|page| old.contains(&*page.path)) {
            self.pages.insert(page.path.to_string(), markdown::plain(&page.text.pieces.text));
        }
    }

    fn examples(&mut self, set: &Instructions) {
        for example in set.examples.iter().filter(|example| example.used.is_shipped()) {
            self.names.extend([example.item.clone(), path(example)]);
            self.texts.push(example.page.title.clone());
            self.texts.extend(reasons(example).into_iter().map(str::to_owned));
            for run in example.runs() {
                let acts = acts(run.steps.iter());
                self.runs.push(Likeness::of(run, &acts));
                self.texts.extend(acts.into_iter().map(|act| act.text));
            }
        }
    }
}

/// A text of a release, as one audience got it.
pub struct SealedText {
    /// The release in words.
    pub release: String,
    /// The file it is from.
    pub place: String,
    /// How the text is to be read: the path of a file of its kind.
    pub path: String,
    /// What it says.
    pub bytes: Vec<u8>,
}

/// All that releases say to the audience that `model` was projected for.
pub fn sealed_texts(model: &Model) -> Vec<SealedText> {
    let mut texts = Vec::new();
    for task in &model.tasks {
        for release in &task.releases {
            let mut add = |place: &str, path: &str, bytes: Vec<u8>| {
                let (release, place, path) = (task.release_name(release), place.to_owned(), path.to_owned());
                texts.push(SealedText { release, place, path, bytes });
            };
            let set = &release.instructions;
            for page in set.all_pages() {
                add(&page.path, &page.path, page_text(page).into_bytes());
            }
            for example in &set.examples {
                add(&example.page.path, &example.page.path, example_text(example).into_bytes());
            }
            add(&set.page.path, "task.txt", facts_text(&set.facts, &release.note).into_bytes());
            release.projected.values().for_each(|text| add(&set.page.path, "instructions.md", text.bytes().to_vec()));
            set.files.iter().for_each(|(path, (file, _))| add(path, path, file.bytes().to_vec()));
        }
    }
    texts
}

fn page_text(page: &Page) -> String {
    let excerpts = page.text.excerpts.values().map(|excerpt| run_text(&excerpt.trajectory));
    let texts = [page.title.clone(), page.text.pieces.text.to_string()].into_iter().chain(excerpts);
    texts.collect::<Vec<_>>().join("\n\n")
}

fn example_text(example: &Example) -> String {
    let runs = example.runs().map(run_text);
    let texts =
        [example.item.clone(), path(example)].into_iter().chain(reasons(example).into_iter().map(str::to_owned));
    texts.chain(runs).collect::<Vec<_>>().join("\n\n")
}

fn facts_text(facts: &Facts, note: &str) -> String {
    let facts = [&facts.summary, &facts.owner, &facts.time, &facts.pay, &facts.interests];
    facts.into_iter().flatten().map(String::as_str).chain([note]).collect::<Vec<_>>().join("\n")
}

fn run_text(run: &Run) -> String {
    run.steps.iter().map(|step| step.text()).collect::<Vec<_>>().join("\n")
}
