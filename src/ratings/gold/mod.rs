//! The gold standard: for each item and criterion, the answers that ratings are compared with.
//!
//! In: examples, `gold.csv`, and the ratings of expert cohorts. Out: for a rating, the gold it may be scored against.
//! Adjudicated beats consensus beats single; example gold counts as adjudicated. Single answers of several experts are votes:
//! what more than half of them say is a consensus. Otherwise two written answers of one rank that differ are an error, unless
//! stronger gold settles it; where experts' ratings and written gold of one rank differ, the written one stands and the
//! item is listed. Gold and ratings meet only where the criterion means the same in both versions.

pub mod added;
mod answers;
mod cells;
mod experts;
mod panel;
mod standard;
#[cfg(test)]
mod tests;
mod written;

use super::notes::ReadNotes;
use super::scheme::{self, Scheme};
use super::table::{RatingNames, RatingTable};
use crate::diagnostic::{Diagnostics, Place, rules};
use crate::document::TASKS;
use crate::model::{Gold, GoldFlag, Task, each_once};
use crate::source::Sources;
use semver::Version;
use standard::same;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

pub use experts::{settled, takes_a_stand};
pub use standard::{GoldLabel, Rank, ShownFrom, Standard, Written};

/// All gold that speaks of items which were rated.
#[derive(Clone, Debug, Default)]
pub struct GoldStandard {
    /// By criterion, item, then strongest first.
    standards: Vec<Standard>,
    /// What tables call the answers, by number.
    pub labels: Vec<GoldLabel>,
}

impl GoldStandard {
    /// All gold of an item and criterion, strongest first, with its number.
    pub fn of(&self, question: u16, item: u32) -> impl Iterator<Item = (usize, &Standard)> {
        let key = |standard: &Standard| (standard.question, standard.item);
        let from = self.standards.partition_point(|standard| key(standard) < (question, item));
        let known = self.standards.iter().enumerate().skip(from);
        known.take_while(move |(_, standard)| key(standard) == (question, item))
    }

    /// The gold with this label that answers of one meaning met; none if it was made under versions that ask otherwise.
    pub fn met(&self, (question, item): (u16, u32), label: u32, meaning: Option<&Version>) -> Option<&Standard> {
        let mut all = self.of(question, item).map(|(_, standard)| standard);
        all.find(|standard| standard.label == label && scheme::compare(standard.meaning.as_ref(), meaning))
    }

    /// Whether gold of a criterion names the rules that it was decided by.
    pub fn cites(&self, question: u16) -> bool {
        self.standards.iter().any(|standard| standard.question == question && !standard.rules.is_empty())
    }

    /// All gold: by criterion, item, then strongest first.
    pub fn all(&self) -> impl Iterator<Item = &Standard> {
        self.standards.iter()
    }

    /// The gold of a number.
    pub fn numbered(&self, number: usize) -> &Standard {
        &self.standards[number]
    }
}

/// The gold that is written.
#[derive(Debug, Default)]
pub struct WrittenAnswers {
    /// The answers.
    pub answers: Vec<Written>,
    /// By task: what experts are split on, as `item (criterion)`.
    ties: BTreeMap<u16, BTreeSet<String>>,
}

/// Gathers the gold standard from what is written and from experts' ratings.
pub fn standard(
    written: &WrittenAnswers,
    scheme: &Scheme<'_>,
    names: &RatingNames,
    ratings: &RatingTable,
    notes: &mut ReadNotes,
    diagnostics: &mut Diagnostics,
) -> GoldStandard {
    let mut standards: Vec<Standard> = written.answers.iter().filter_map(|gold| gold.numbered(scheme, names)).collect();
    standards.sort_by_key(|standard| (standard.question, standard.item));
    let derived = experts::standards(scheme, names, ratings, &standards, notes, diagnostics);
    note_differing(&standards, &derived, names, notes);
    standards.extend(derived);
    for (task, ties) in &written.ties {
        notes.ties.entry(*task).or_default().extend(ties.iter().cloned());
    }
    assembled(standards)
}

/// Gathers the gold that is written, with the days from which raters could see it.
pub fn written(scheme: &Scheme<'_>, sources: &Sources, diagnostics: &mut Diagnostics) -> WrittenAnswers {
    let mut written = WrittenAnswers::default();
    for (index, task) in (0_u16..).zip(&scheme.model.tasks) {
        let mut of_task = examples(index, task);
        of_task.extend(written::read(index, scheme, sources, diagnostics));
        let shown = shown_items(task);
        for gold in &mut of_task {
            gold.shown = shown.get(gold.item.as_str()).map_or(gold.shown, |shown| gold.shown.earlier(*shown));
        }
        let (of_task, ties) = panel::settle(of_task, task);
        check_conflicts(&of_task, task, diagnostics);
        written.answers.extend(of_task);
        if !ties.is_empty() {
            report_ties(&task.id, &ties, diagnostics);
            written.ties.insert(index, ties);
        }
    }
    written
}

/// The gold of a task's examples. Of what a criterion means today it is as the working text has it (else the newest
/// release); of what it meant before, as the last release that meant it has it, so that ratings made then keep theirs.
fn examples(index: u16, task: &Task) -> Vec<Written> {
    let latest = task.latest().map(|release| &release.version);
    let sealed = task.releases.iter().rev().map(|release| (Some(&release.version), &release.instructions));
    let today = task.working.as_ref().map(|working| (latest, working)).or(sealed.clone().next());
    let Some((_, text)) = today else { return Vec::new() };
    // Flags of a run that was imported anew and is not sealed yet name steps that no rater has seen so.
    let is_ahead = |criterion: &str, item: &str| {
        let asked = text.rubric.criterion(criterion);
        task.recounted.is_unsealed(item) && asked.is_some_and(|asked| asked.scale.has_flags())
    };
    // What today's text says of a meaning stands, and so does what it does not say any more.
    let is_of_today = |criterion: &str, item: &str, version| {
        let meaning = |version| scheme::meaning(task, criterion, Some(item), version);
        text.rubric.criterion(criterion).is_none() || meaning(version) == meaning(latest) && !is_ahead(criterion, item)
    };
    let mut known = BTreeSet::new();
    let mut written = Vec::new();
    for (at, (version, instructions)) in today.into_iter().chain(sealed).enumerate() {
        for example in &instructions.examples {
            for gold in &example.gold {
                let is_passed = match at {
                    0 => is_ahead(&gold.criterion, &example.item),
                    _ => is_of_today(&gold.criterion, &example.item, version),
                };
                if is_passed {
                    continue;
                }
                let meaning = scheme::meaning(task, &gold.criterion, Some(&example.item), version);
                if known.insert((&example.item, &gold.criterion, meaning)) {
                    written.push(Written {
                        task: index,
                        item: example.item.clone(),
                        criterion: gold.criterion.clone(),
                        answer: gold.answer.clone(),
                        version: version.cloned(),
                        by: Vec::new(),
                        rank: Rank::Adjudicated,
                        shown: ShownFrom::Never,
                        why: reasons(gold),
                        rules: each_once(gold.cited().cloned().collect()),
                        is_held_out: !example.used.is_shipped(),
                        place: Place::file(example.page.path.to_string()),
                    });
                }
            }
        }
    }
    written
}

/// The reasons of an example's gold, those of flags with their steps.
fn reasons(gold: &Gold) -> Option<Arc<str>> {
    let own = gold.why.as_deref().and_then(|why| reason_of(None, why));
    let flags = gold.answer.flags();
    let of_flag = |flag: &GoldFlag| reason_of(Some(&flag.step.to_string()), flag.why.as_deref()?);
    joined_reasons(own.into_iter().chain(flags.iter().filter_map(of_flag)))
}

/// A reason that somebody gave, of a step if it is of one.
fn reason_of(step: Option<&str>, reason: &str) -> Option<String> {
    let reason = Some(reason.trim()).filter(|reason| !reason.is_empty())?;
    Some(step.map_or_else(|| reason.to_owned(), |step| format!("step {step}: {reason}")))
}

/// Several reasons of one answer as one text.
fn joined_reasons(reasons: impl Iterator<Item = String>) -> Option<Arc<str>> {
    let reasons: Vec<String> = reasons.collect();
    (!reasons.is_empty()).then(|| reasons.join(" ").into())
}

/// Items whose gold raters can see: from the first release in which they are worked or practice examples.
fn shown_items(task: &Task) -> BTreeMap<&str, ShownFrom> {
    let mut shown: BTreeMap<&str, ShownFrom> = BTreeMap::new();
    let releases = task.releases.iter().map(|release| (&release.instructions, ShownFrom::From(release.time.day())));
    let working = task.working.iter().map(|working| (working, ShownFrom::Always));
    for (instructions, from) in releases.chain(working) {
        for example in &instructions.examples {
            if example.used.shows_gold() {
                shown.entry(example.item.as_str()).or_insert(from);
            }
        }
    }
    shown
}

/// How many items a finding names.
const NAMED: usize = 8;

fn report_ties(task: &str, items: &BTreeSet<String>, diagnostics: &mut Diagnostics) {
    let named: Vec<&str> = items.iter().take(NAMED).map(String::as_str).collect();
    let more = if items.len() > NAMED { ", …" } else { "" };
    let message = format!("experts are split on {} answers of `{task}`: {}{more}", items.len(), named.join(", "));
    diagnostics
        .add(rules::GOLD_TIE, Place::file(format!("{TASKS}{task}/gold.csv")), message)
        .help("settle them, and append the answers to gold.csv with `method` adjudicated");
}

/// Finds written gold of one rank that differs where versions ask the same, and nothing stronger settles it.
fn check_conflicts(written: &[Written], task: &Task, diagnostics: &mut Diagnostics) {
    let mut by_key: BTreeMap<(&str, &str), Vec<&Written>> = BTreeMap::new();
    let meaning = |gold: &Written| scheme::meaning(task, &gold.criterion, Some(&gold.item), gold.version.as_ref());
    for gold in written {
        by_key.entry((&gold.item, &gold.criterion)).or_default().push(gold);
    }
    for all in by_key.values() {
        for (at, gold) in all.iter().enumerate() {
            let asks_same = |other: &&&Written| scheme::compare(meaning(gold).as_ref(), meaning(other).as_ref());
            let differs = |other: &&&Written| other.rank == gold.rank && !same(&gold.answer, &other.answer);
            let Some(other) = all[..at].iter().filter(differs).find(asks_same) else { continue };
            if all.iter().filter(|other| other.rank > gold.rank).any(|other| asks_same(&other)) {
                continue;
            }
            let rank = gold.rank.name();
            let message = format!("`{}` has two {rank} gold answers to `{}` that differ", gold.item, gold.criterion);
            diagnostics
                .add(rules::GOLD_CONFLICT, gold.place.clone(), message)
                .related(other.place.clone(), "the other one")
                .help(match gold.rank {
                    Rank::Adjudicated => "nothing is stronger: take out the one that does not stand",
                    _ => "settle it, and append the answer with `method` adjudicated",
                });
        }
    }
}

/// Written gold of one item and criterion, of versions that ask the same; `written` is sorted by those two.
fn of_case<'w>(written: &'w [Standard], case: &'w experts::Case) -> impl Iterator<Item = &'w Standard> {
    let (question, item, meaning) = case;
    let key = |standard: &Standard| (standard.question, standard.item);
    let from = written.partition_point(|standard| key(standard) < (*question, *item));
    let of_item = written[from..].iter().take_while(move |standard| key(standard) == (*question, *item));
    of_item.filter(|standard| scheme::compare(standard.meaning.as_ref(), meaning.as_ref()))
}

/// Lists items where experts' ratings say something else than written gold of the same rank, and nothing settles it.
fn note_differing(written: &[Standard], derived: &[Standard], names: &RatingNames, notes: &mut ReadNotes) {
    for standard in derived {
        let case = (standard.question, standard.item, standard.meaning.clone());
        let strongest = of_case(written, &case).map(|other| other.rank).max();
        let differs = |other: &Standard| other.rank == standard.rank && !same(&other.answer, &standard.answer);
        if strongest == Some(standard.rank) && of_case(written, &case).any(differs) {
            let asked = &names.questions[usize::from(standard.question)];
            let item = format!("{} ({})", names.items[standard.item as usize], asked.criterion.id);
            notes.differing.entry(asked.task).or_default().insert(item);
        }
    }
}

/// Sorts the standards, strongest first, and numbers their labels.
fn assembled(mut standards: Vec<Standard>) -> GoldStandard {
    standards.sort_by(|a, b| {
        let order = |standard: &Standard| (standard.question, standard.item);
        let strength = |standard: &Standard| (standard.rank, !standard.from_experts);
        order(a).cmp(&order(b)).then_with(|| strength(b).cmp(&strength(a))).then_with(|| b.meaning.cmp(&a.meaning))
    });
    let labels: BTreeSet<GoldLabel> = standards.iter().map(|standard| GoldLabel::of(&standard.answer)).collect();
    let labels: Vec<GoldLabel> = labels.into_iter().collect();
    for standard in &mut standards {
        let found = labels.binary_search(&GoldLabel::of(&standard.answer));
        standard.label = found.ok().and_then(|index| u32::try_from(index).ok()).unwrap_or(u32::MAX);
    }
    share_rules(&mut standards);
    GoldStandard { standards, labels }
}

/// Hands the rules of weaker or repeated gold on to the first that says the same: only that one is met.
fn share_rules(standards: &mut [Standard]) {
    let of_item = standards.chunk_by_mut(|a, b| (a.question, a.item) == (b.question, b.item));
    for all in of_item.filter(|all| all.iter().any(|standard| !standard.rules.is_empty())) {
        for at in 1..all.len() {
            let (before, after) = all.split_at_mut(at);
            let other = &after[0];
            let says_same = |first: &&mut Standard| {
                scheme::compare(first.meaning.as_ref(), other.meaning.as_ref()) && same(&first.answer, &other.answer)
            };
            if let Some(first) = before.iter_mut().find(says_same) {
                first.rules = each_once([&first.rules[..], &other.rules].concat());
            }
        }
    }
}
