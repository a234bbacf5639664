//! Resolving: from entries to one rating for each key.
//!
//! In: entries in any order. Out: what each rater's newest submission says of each criterion. The newest submission
//! replaces all rows of an earlier one, flags included; at equal times the later row wins, files in path order.
//! Rows of one submission id and time belong together; without an id, rows of one file and time do.
//! The result does not depend on the order of rows whose times differ. It drops nothing without counting it.

use super::answer::Flag;
use super::entry::{At, Basis, Entry, Key, Said};
use super::intake::{Intake, IntakeNames};
use super::names::Interner;
use super::notes::ReadNotes;
use super::rejected::{Reason, Refusal};
use super::scheme::Scheme;
use super::withdraw;
use crate::model::Outcome;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// One rating, its names still numbers of the intake.
pub struct Settled {
    /// What it is a rating of.
    pub key: Key,
    /// The submission it comes from.
    pub submission: u32,
    /// The day it was submitted on.
    pub day: Option<Date>,
    /// The cohort it counts for.
    pub cohort: Option<u16>,
    /// How independent it is.
    pub basis: Basis,
    /// Whether the version was inferred.
    pub version_assumed: bool,
    /// The answer, interned.
    pub answer: u32,
}

/// An answer whose parts are numbers of the intake.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Draft {
    /// A value.
    Value(u32),
    /// Flags, each once.
    Flags(Vec<u32>),
    /// No value, for this reason.
    Outcome(Outcome),
}

/// Resolves everything that was taken in.
pub fn resolve(intake: &mut Intake<'_>, scheme: &Scheme<'_>) -> (Vec<Settled>, Interner<Draft>) {
    let mut entries = std::mem::take(&mut intake.entries);
    withdraw::apply(&mut entries, &intake.withdrawals, scheme, &mut intake.notes);
    entries.sort_unstable_by_key(|entry| (entry.key.packed(), entry.time, entry.submission, entry.at));
    let mut answers = Interner::default();
    let mut settled = Vec::with_capacity(entries.len());
    for rows in entries.chunk_by(|a, b| a.key == b.key) {
        let newest = newest(rows, &intake.names);
        let scale = &scheme.questions[usize::from(newest[0].key.question)].criterion.scale;
        let settling = settle(newest, scale.has_flags(), &mut intake.names);
        count(rows, &settling, &intake.files, &mut intake.notes);
        let last = newest[newest.len() - 1];
        settled.extend(settling.answer.map(|answer| Settled {
            key: last.key,
            submission: last.submission,
            day: last.day,
            cohort: last.cohort,
            basis: last.basis,
            version_assumed: last.version_assumed,
            answer: answers.add(answer),
        }));
    }
    (settled, answers)
}

/// Counts what does not stand: rows that were replaced, and attributes without a flag.
fn count(rows: &[Entry], settling: &Settling, files: &[String], notes: &mut ReadNotes) {
    for entry in rows.iter().filter(|entry| settling.kept.binary_search(&entry.at).is_err()) {
        let is_orphan = settling.orphans.binary_search_by_key(&entry.at, |orphan| orphan.at).is_ok();
        if is_orphan {
            let file = files.get(entry.at.file as usize).map_or("", String::as_str);
            let refusal = Refusal::new(Reason::AttributeWithoutFlag, "no flag at this step");
            notes.rejected.add(&refusal, entry.cohort, file, entry.at.line);
        } else {
            notes.count(entry.cohort).replaced += 1;
        }
    }
}

/// The rows of the newest submission among those of one key, which are sorted by time, submission and place.
fn newest<'e>(rows: &'e [Entry], names: &IntakeNames) -> &'e [Entry] {
    let last = &rows[rows.len() - 1];
    let from = rows.partition_point(|entry| entry.time < last.time);
    let together = |a: &Entry, b: &Entry| {
        let named = names.submissions.key(a.submission).is_named();
        a.submission == b.submission && (named || a.at.file == b.at.file)
    };
    let acts = rows[from..].chunk_by(together);
    acts.max_by_key(|act| act[act.len() - 1].at).unwrap_or(rows)
}

/// What the rows of one submission come to.
struct Settling {
    /// None if they are nothing but attributes of flags that are not there.
    answer: Option<Draft>,
    /// Places of the rows that made the answer, in order.
    kept: Vec<At>,
    /// Attributes without a flag, in order.
    orphans: Vec<Entry>,
}

/// Settles the rows of one submission on one criterion. A row that names the criterion beats one for the whole item.
fn settle(rows: &[Entry], is_steps: bool, names: &mut IntakeNames) -> Settling {
    let named: Vec<Entry> = rows.iter().filter(|entry| !entry.whole).copied().collect();
    let rows = if named.is_empty() { rows } else { &named };
    if is_steps && rows.iter().any(|entry| matches!(entry.said, Said::Flag(_))) {
        return flags(rows, names);
    }
    let is_attribute = |entry: &&Entry| matches!(entry.said, Said::Attribute(_));
    let last = rows.iter().rfind(|entry| !is_attribute(entry));
    let answer = last.and_then(|entry| match entry.said {
        Said::Outcome(Outcome::None) => Some(Draft::Flags(Vec::new())),
        Said::Outcome(outcome) => Some(Draft::Outcome(outcome)),
        Said::Value(value) => Some(Draft::Value(value)),
        Said::Flag(_) | Said::Attribute(_) => None,
    });
    let orphans = rows.iter().filter(is_attribute).copied().collect();
    Settling { answer, kept: last.map(|entry| entry.at).into_iter().collect(), orphans }
}

/// All flags of a submission, each once, with the attributes that came in rows of their own.
fn flags(rows: &[Entry], names: &mut IntakeNames) -> Settling {
    let mut settling = Settling { answer: None, kept: Vec::new(), orphans: Vec::new() };
    let mut by_step: BTreeMap<u32, Vec<Flag>> = BTreeMap::new();
    for entry in rows {
        if let Said::Flag(flag) = entry.said {
            let flag = names.flags.get(flag);
            let at_step = by_step.entry(flag.step).or_default();
            if !at_step.contains(flag) {
                at_step.push(flag.clone());
                settling.kept.push(entry.at);
            }
        }
    }
    for entry in rows {
        if let Said::Attribute(attribute) = entry.said {
            let found = names.attributes.get(attribute);
            let Some(meant) = by_step.get_mut(&found.step) else {
                settling.orphans.push(*entry);
                continue;
            };
            settling.kept.push(entry.at);
            for flag in meant {
                flag.attributes.retain(|(name, _)| *name != found.name);
                flag.attributes.push((found.name.clone(), found.value.clone()));
                flag.attributes.sort();
            }
        }
    }
    let mut flags: Vec<Flag> = by_step.into_values().flatten().collect();
    flags.sort();
    flags.dedup();
    settling.kept.sort_unstable();
    settling.answer = Some(Draft::Flags(flags.into_iter().map(|flag| names.flags.add(flag)).collect()));
    settling
}
