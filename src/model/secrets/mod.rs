//! Secrets: what the leak check looks for.
//!
//! In: the whole Model, working text and releases. Out: texts and names, each with who may see it and where it is
//! from. It says what is secret, never where it must not be.

mod acts;
mod given;
mod gold_rows;
mod runs;
mod words;

pub use given::{Declared, SealedText, given, sealed_texts};
pub use runs::shown as check_runs;

use super::{Example, Instructions, Model, Page, Run, Task};
use crate::audience::AudienceId;
use crate::config::Config;
use crate::diagnostic::Diagnostics;
use crate::digest::Digest;
use crate::document::{COHORTS, FileSet, TASKS};
use crate::markdown::{self, outline::CALLOUTS};
use crate::text::normal::NormalText;
use acts::Act;
use runs::HeldOutRun;
use std::collections::{BTreeMap, BTreeSet};
pub use words::is_unmistakable;
use words::{own_text, path, reasons, without_mark};

/// Something that some audiences may not see.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Secret {
    /// What kind of thing it is.
    pub kind: SecretKind,
    /// The text or name.
    pub text: String,
    /// The file it is from.
    pub place: String,
    /// Who may see it; nobody if none.
    pub audience: Option<AudienceId>,
}

/// Kinds of secrets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SecretKind {
    /// A reason of test or held-out gold.
    Reason,
    /// A reason in `gold.csv`.
    GoldRow,
    /// The text of a held-out example.
    HeldOut,
    /// The title of a held-out example.
    Title,
    /// The item of a held-out example.
    Item,
    /// The path of a held-out example.
    Path,
    /// What the agent said in the run of a held-out example.
    RunText,
    /// What the agent said or did in a step of that run: several make the run.
    Step,
    /// A passage for one audience.
    Passage,
    /// A string in the pages of an audience.
    Canary,
    /// A rater's id.
    Rater,
    /// A cohort's id.
    Cohort,
    /// A cohort's title.
    CohortTitle,
}

/// How a secret is recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recognised {
    /// By its parts: every long run of letters, and every whole sentence.
    InParts,
    /// By every long run of letters alone: its sentences are anybody's.
    InRuns,
    /// As a whole text.
    Whole,
    /// As a whole text, if several of one file are there.
    WithOthers,
    /// As a word of its own; where it is short, behind one of these words only.
    AsName(&'static [&'static str]),
}

impl SecretKind {
    /// The kind in words.
    pub fn what(self) -> &'static str {
        match self {
            Self::Reason => "a reason of test or held-out gold",
            Self::GoldRow => "a reason of gold.csv",
            Self::HeldOut => "text of a held-out example",
            Self::Title => "the title of a held-out example",
            Self::Item => "the item of a held-out example",
            Self::Path => "the path of a held-out example",
            Self::RunText => "words of the run of a held-out example",
            Self::Step => "steps of the run of a held-out example",
            Self::Passage => "a passage for another audience",
            Self::Canary => "the canary of another audience",
            Self::Rater => "a rater's id",
            Self::Cohort => "a cohort's id",
            Self::CohortTitle => "a cohort's title",
        }
    }

    /// How it is recognised.
    pub fn recognised(self) -> Recognised {
        match self {
            Self::Reason | Self::GoldRow | Self::HeldOut | Self::Passage => Recognised::InParts,
            Self::RunText => Recognised::InRuns,
            Self::Title | Self::CohortTitle | Self::Canary => Recognised::Whole,
            Self::Step => Recognised::WithOthers,
            Self::Rater | Self::Cohort => Recognised::AsName(&["rater", "cohort"]),
            Self::Item | Self::Path => Recognised::AsName(&[]),
        }
    }

    /// Whether it names a cohort or somebody in it.
    pub fn is_of_cohort(self) -> bool {
        matches!(self, Self::Rater | Self::Cohort | Self::CohortTitle)
    }

    /// Whether an audience may have been given it by what is declared for that audience.
    pub fn can_be_given(self) -> bool {
        self != Self::Canary && !self.is_of_cohort()
    }
}

/// Everything of a site that some audiences may not see.
pub struct Secrets {
    /// Each with the release that hides it, if no text of today does.
    pub texts: BTreeMap<Secret, Option<String>>,
    /// The runs of held-out examples.
    pub runs: Vec<HeldOutRun>,
}

/// All secrets of a site.
pub fn of(model: &Model, files: &FileSet<'_>, diagnostics: &mut Diagnostics) -> Secrets {
    let mut found =
        SecretFinder { model, secrets: Secrets { texts: BTreeMap::new(), runs: Vec::new() }, release: None };
    let narrowed = model.sections.iter().filter(|section| section.has_passages);
    narrowed.flat_map(|section| &section.pages).for_each(|page| found.passages(page));
    model.commentaries.iter().for_each(|of| found.passages(&of.page));
    for task in &model.tasks {
        found.task(task);
        let audience = model.config.gold_audience;
        let place = format!("{TASKS}{}/gold.csv", task.id);
        for reason in gold_rows::reasons(&place, files, diagnostics) {
            found.add(SecretKind::GoldRow, &reason, &place, audience);
        }
    }
    found.cohorts();
    found.secrets
}

impl Secret {
    /// Whether a release hides it as a passage, and no text of today does (`release` is none then).
    pub fn is_old_passage(&self, release: Option<&str>) -> bool {
        self.kind == SecretKind::Passage && release.is_some()
    }
}

impl Secrets {
    /// The files with a passage that only older releases hide.
    fn places_of_old_passages(&self) -> BTreeSet<&str> {
        let old = self.texts.iter().filter(|(secret, release)| secret.is_old_passage(release.as_deref()));
        old.map(|(secret, _)| secret.place.as_str()).collect()
    }

    /// Adds the canaries of all audiences in a folder.
    pub fn add_canaries(&mut self, config: &Config, folder: &str) {
        for audience in config.audiences.iter() {
            let text = canary(&config.title, config.audiences.name(audience), folder);
            let place = format!("a page for `{}`", config.audiences.name(audience));
            let secret = Secret { kind: SecretKind::Canary, text, place, audience: Some(audience) };
            self.texts.insert(secret, None);
        }
    }
}

/// Where it is recorded which canary stands in which folder, below the root.
pub const CANARIES: &str = "canaries.csv";

/// The string that stands in every page that `audience` gets in a folder, so that a copy says whose it was.
pub fn canary(site: &str, audience: &str, folder: &str) -> String {
    let digest = Digest::of(format!("{site}\n{audience}\n{folder}").as_bytes());
    format!("goldbook-canary-{}", &digest.to_string()[..24])
}

struct SecretFinder<'a> {
    model: &'a Model,
    secrets: Secrets,
    /// The release that is looked at, unless it is the text of today.
    release: Option<String>,
}

impl<'a> SecretFinder<'a> {
    fn add(&mut self, kind: SecretKind, text: &str, place: &str, audience: Option<AudienceId>) {
        if !text.trim().is_empty() {
            let secret = Secret { kind, text: text.to_owned(), place: place.to_owned(), audience };
            let release = &self.release;
            self.secrets.texts.entry(secret).or_insert_with(|| release.clone());
        }
    }

    /// The text of today first: what it hides is hidden whatever older releases say.
    fn task(&mut self, task: &'a Task) {
        task.working.iter().for_each(|set| self.instructions(set));
        for (at, release) in task.releases.iter().enumerate().rev() {
            let is_newest = task.working.is_none() && at + 1 == task.releases.len();
            self.release = (!is_newest).then(|| task.release_name(release));
            self.instructions(&release.instructions);
        }
        self.release = None;
    }

    fn instructions(&mut self, set: &'a Instructions) {
        set.all_pages().for_each(|page| self.passages(page));
        for example in set.examples.iter().filter(|example| !example.used.shows_gold()) {
            self.gold(example);
            if !example.used.is_shipped() {
                self.held_out(example);
            }
        }
    }

    fn gold(&mut self, example: &Example) {
        for why in reasons(example) {
            self.add(SecretKind::Reason, why, &example.page.path, self.model.config.gold_audience);
        }
    }

    fn held_out(&mut self, example: &'a Example) {
        let mut add = |kind, text: &str| self.add(kind, text, &example.page.path, self.model.config.gold_audience);
        let own = own_text(&example.page);
        add(SecretKind::HeldOut, &markdown::plain(&own));
        add(SecretKind::Title, &example.page.title);
        if is_unmistakable(&example.item) {
            add(SecretKind::Item, &example.item);
        }
        add(SecretKind::Path, &path(example));
        let runs: Vec<(&Run, Vec<Act>)> = example.runs().map(|run| (run, acts::acts(run.steps.iter()))).collect();
        for act in runs.iter().flat_map(|(_, acts)| acts) {
            if act.is_speech && NormalText::of(&act.text).letters().len() >= LONG_SPEECH {
                add(SecretKind::RunText, &act.text);
            } else {
                add(SecretKind::Step, &act.text);
            }
        }
        self.secrets.runs.extend(runs.iter().map(|(run, acts)| HeldOutRun::of(example, run, acts)));
    }

    fn passages(&mut self, page: &Page) {
        for passage in &page.text.outline.passages {
            let audience = self.model.config.audiences.find(&passage.audience);
            if audience.is_none() && CALLOUTS.contains(&passage.audience.as_str()) {
                continue;
            }
            let text = &page.text.pieces.text[passage.range.clone()];
            let place = page.text.pieces.base(passage.range.start).to_owned();
            self.add(SecretKind::Passage, &without_mark(text), &place, audience);
        }
    }

    fn cohorts(&mut self) {
        let audience = self.model.config.report_audience;
        for cohort in &self.model.cohorts {
            let place = format!("{COHORTS}{}.yaml", cohort.id);
            self.add(SecretKind::Cohort, &cohort.id, &place, audience);
            self.add(SecretKind::CohortTitle, &cohort.title, &place, audience);
            for member in &cohort.raters {
                self.add(SecretKind::Rater, &member.rater, &place, audience);
            }
        }
    }
}

/// Fewest letters of a message of a run that is hidden for itself.
const LONG_SPEECH: usize = 40;
