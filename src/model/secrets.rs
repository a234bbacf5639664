//! Secrets: what the leak check looks for.
//!
//! In: the whole Model, working text and releases. Out: texts and names, each with who may see it and where it is
//! from. It says what is secret, never where it must not be.

use super::{Example, GoldAnswer, Instructions, Model, Page};
use crate::audience::AudienceId;
use crate::diagnostic::{Diagnostics, Fault, rules};
use crate::digest::Digest;
use crate::document::{FileSet, TASKS, Use};
use crate::markdown::{self, outline::CALLOUTS};
use crate::table::head::usual;
use crate::table::{Meant, Purpose, Rows, Sizes, Stream, TableSource};
use std::collections::BTreeSet;

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
    /// A passage for one audience.
    Passage,
    /// A string in pages of held-out examples.
    Canary,
    /// A rater's id.
    Rater,
    /// A cohort's id.
    Cohort,
    /// A cohort's title.
    CohortTitle,
}

impl SecretKind {
    /// The kind in words.
    pub fn what(self) -> &'static str {
        match self {
            Self::Reason => "a reason of test or held-out gold",
            Self::GoldRow => "a reason of gold.csv",
            Self::HeldOut => "text of a held-out example",
            Self::Passage => "a passage for another audience",
            Self::Canary => "the canary of a held-out example",
            Self::Rater => "a rater's id",
            Self::Cohort => "a cohort's id",
            Self::CohortTitle => "a cohort's title",
        }
    }

    /// Whether it is matched as a name, letter by letter, rather than as text.
    pub fn is_name(self) -> bool {
        matches!(self, Self::Rater | Self::Cohort)
    }
}

/// All secrets of a site.
pub fn of(model: &Model, files: &FileSet<'_>, diagnostics: &mut Diagnostics) -> Vec<Secret> {
    let mut secrets = BTreeSet::new();
    let narrowed = model.sections.iter().filter(|section| section.has_passages);
    narrowed.flat_map(|section| &section.pages).for_each(|page| passages(page, model, &mut secrets));
    for task in &model.tasks {
        let sealed = task.releases.iter().map(|release| &release.instructions);
        for set in task.working.iter().chain(sealed) {
            instructions(set, model, &mut secrets);
        }
        gold_rows(&task.id, model, files, &mut secrets, diagnostics);
    }
    for cohort in &model.cohorts {
        let place = format!("{}{}.yaml", crate::document::COHORTS, cohort.id);
        let mut name = |kind, text: &str| {
            let secret =
                Secret { kind, text: text.to_owned(), place: place.clone(), audience: model.config.report_audience };
            secrets.insert(secret);
        };
        name(SecretKind::Cohort, &cohort.id);
        name(SecretKind::CohortTitle, &cohort.title);
        cohort.raters.iter().for_each(|member| name(SecretKind::Rater, &member.rater));
    }
    secrets.retain(|secret| !secret.text.trim().is_empty());
    secrets.into_iter().collect()
}

fn instructions(set: &Instructions, model: &Model, secrets: &mut BTreeSet<Secret>) {
    let examples = set.examples.iter().map(|example| &example.page);
    for page in [&set.page, &set.rubric_page].into_iter().chain(&set.pages).chain(examples) {
        passages(page, model, secrets);
    }
    let hidden = set.examples.iter().filter(|example| matches!(example.used, Use::Test | Use::HeldOut));
    hidden.for_each(|example| gold(example, model, secrets));
}

fn gold(example: &Example, model: &Model, secrets: &mut BTreeSet<Secret>) {
    let mut add = |kind, text: &str| {
        let place = example.page.path.to_string();
        secrets.insert(Secret { kind, text: text.to_owned(), place, audience: model.config.gold_audience });
    };
    for gold in &example.gold {
        gold.why.iter().for_each(|why| add(SecretKind::Reason, why));
        if let GoldAnswer::Flags(flags) = &gold.answer {
            flags.iter().filter_map(|flag| flag.why.as_ref()).for_each(|why| add(SecretKind::Reason, why));
        }
    }
    if example.used == Use::HeldOut {
        let canary = canary(&model.config.title, &example.page.path);
        add(SecretKind::Canary, &canary);
        add(SecretKind::HeldOut, &markdown::plain(&example.page.text.pieces.text));
    }
}

/// A string that stands in every page of a held-out example, so that a copy elsewhere is found.
pub fn canary(site: &str, path: &str) -> String {
    format!("goldbook-canary-{}", &Digest::of(format!("{site}\n{path}").as_bytes()).to_string()[..24])
}

fn passages(page: &Page, model: &Model, secrets: &mut BTreeSet<Secret>) {
    for passage in &page.text.outline.passages {
        let audiences = &model.config.audiences;
        let audience = audiences.find(&passage.audience);
        if audience.is_none() && CALLOUTS.contains(&passage.audience.as_str()) {
            continue;
        }
        let text = &page.text.pieces.text[passage.range.clone()];
        let text = markdown::plain(text).replacen(&format!("[!{}]", passage.audience.to_uppercase()), "", 1);
        let place = page.text.pieces.base(passage.range.start).to_owned();
        secrets.insert(Secret { kind: SecretKind::Passage, text, place, audience });
    }
}

/// The reasons in a task's `gold.csv`. What can't be read can't be searched for, so that it is an error here too.
fn gold_rows(
    task: &str,
    model: &Model,
    files: &FileSet<'_>,
    secrets: &mut BTreeSet<Secret>,
    diagnostics: &mut Diagnostics,
) {
    let place = format!("{TASKS}{task}/gold.csv");
    let Some(text) = files.get(&place).and_then(|file| file.text()) else { return };
    let mut take = |text: String| {
        let (kind, audience) = (SecretKind::GoldRow, model.config.gold_audience);
        secrets.insert(Secret { kind, text, place: place.clone(), audience });
    };
    for fault in each_reason(TableSource::new(place.clone(), text.as_bytes()), &mut take) {
        let fault = fault.prefixed("its reasons cannot be searched for: ");
        diagnostics.fault(rules::INVALID_VALUE, fault.place(&*place), fault);
    }
}

/// Takes each cell in a column of reasons; returns what could not be read.
fn each_reason(gold: TableSource<'_>, take: &mut (impl FnMut(String) + Send)) -> Vec<Fault> {
    let stream = match Stream::open(gold, Sizes::default()) {
        Ok(stream) => stream,
        Err(fault) => return vec![fault],
    };
    let read: Vec<bool> = stream.head().iter().map(|name| usual(name) == "reason").collect();
    let of_block = |rows: &mut Rows<'_>| {
        let mut reasons = Vec::new();
        rows.read(|_, cells, _| {
            let wanted = cells.iter().zip(&read).filter(|(_, read)| **read);
            reasons.extend(wanted.map(|(cell, _)| (**cell).to_owned()));
        });
        reasons
    };
    let used = Purpose { read: &read, lists: None, means: &|_| Meant::Nothing };
    let met = stream.each_block(&used, of_block, |reasons: Vec<String>| reasons.into_iter().for_each(&mut *take));
    met.faults.kept.into_iter().chain(met.faults.end).collect()
}
