//! Resolving: from entries to one rating for each key.
//!
//! In: entries in any order. Out: what each rater's newest submission says of each criterion. The newest submission
//! replaces all rows of an earlier one, flags included; at equal times the later row wins, files in path order.
//! Rows of one submission id and time belong together; without an id, rows of one file and time do.
//! The result does not depend on the order of rows whose times differ. It drops nothing without counting it.

use super::answer::GivenFlag;
use super::entry::{AnswerCell, At, Entries, Entry, Said};
use super::fates::Fate;
use super::intake::{Intake, IntakeNames};
use super::ledger::Fates;
use super::names::Numbering;
use super::rejected::{Reason, Refusal, RejectedRow};
use super::scheme::{Question, Scheme};
use super::withdraw;
use crate::model::Outcome;
use rayon::prelude::*;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The ratings of a criterion, their names still numbers of the intake.
pub struct SettledRatings {
    /// In the order of what they are ratings of.
    pub cells: Vec<AnswerCell>,
    /// Their answers by their numbers.
    pub answers: Vec<Draft>,
}

/// An answer as it was read.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Draft {
    /// The intake's number of a value.
    Value(u32),
    /// Flags, each once.
    Flags(Vec<GivenFlag>),
    /// No value, for this reason.
    Outcome(Outcome),
    /// What the criterion does not allow.
    Invalid,
}

/// What settling the rows of a criterion finds beside its ratings.
#[derive(Default)]
struct RowsSettled {
    fates: Fates,
    /// Attributes without a flag, with their cohorts.
    orphans: Vec<(At, Option<u16>)>,
}

/// Resolves everything that was taken in: by criterion, one rating for each key, in the order of the keys.
pub fn resolve(intake: &mut Intake<'_>, scheme: &Scheme<'_>) -> Vec<SettledRatings> {
    let mut fates = Fates::with(intake.row_fates.take());
    withdraw::apply(&mut intake.entries, &intake.withdrawals, scheme, &mut fates, &mut intake.notes);
    let by_question = intake.entries.take_sorted();
    let (entries, names) = (&intake.entries, &intake.names);
    let nothing = || RowsSettled { fates: fates.empty(), orphans: Vec::new() };
    let all = scheme.questions.par_iter().zip(by_question);
    let settled = all.map(|(question, list)| {
        let mut rows = nothing();
        (settled_ratings(question, &list, entries, names, &mut rows), rows)
    });
    let (settled, rows): (Vec<SettledRatings>, Vec<RowsSettled>) = settled.collect();
    let mut orphans = Vec::new();
    for rows in rows {
        fates.join(rows.fates);
        orphans.extend(rows.orphans);
    }
    intake.notes.ledger.settle(&fates);
    intake.row_fates = fates.by_row.map(|rows| rows.with_orphans(orphans.iter().map(|(at, _)| *at)));
    orphans.sort_unstable();
    for (At { file, line }, cohort) in orphans {
        let refusal = Refusal::new(Reason::AttributeWithoutFlag, "no flag at this step");
        intake.reject(file, &RejectedRow::on(line, refusal, cohort));
    }
    settled
}

/// The ratings of a criterion, from the rows that speak of it, which are in the order of their keys.
fn settled_ratings(
    question: &Question,
    list: &[Entry],
    entries: &Entries,
    names: &IntakeNames,
    settled: &mut RowsSettled,
) -> SettledRatings {
    let has_flags = question.criterion.scale.has_flags();
    let key = |entry: &Entry| entries.of(entry).key();
    let mut answers = Numbering::default();
    // More than is needed where rows are replaced; what is not filled takes no memory.
    let mut cells = Vec::with_capacity(list.len());
    for all in list.chunk_by(|a, b| key(a) == key(b)) {
        // What is not allowed stands in nobody's way.
        let is_valid = |entry: &&Entry| entry.said != Said::Invalid;
        let Entry { occasion, .. } = all[all.len() - 1];
        let valid: Cow<'_, [Entry]> = if all.iter().all(|entry| is_valid(&entry)) {
            Cow::Borrowed(all)
        } else {
            Cow::Owned(all.iter().filter(is_valid).copied().collect())
        };
        let rows = &*valid;
        if rows.is_empty() {
            cells.push(AnswerCell { occasion, answer: answers.add(Draft::Invalid) });
            continue;
        }
        let newest = newest(rows, entries, names);
        let settling = settle(newest, has_flags, entries, names);
        settled.count(rows, &settling, entries);
        let Entry { occasion, .. } = newest[newest.len() - 1];
        cells.extend(settling.answer.map(|answer| AnswerCell { occasion, answer: answers.add(answer) }));
    }
    SettledRatings { cells, answers: answers.into_values() }
}

impl RowsSettled {
    /// Counts what becomes of the rows of a key.
    fn count(&mut self, rows: &[Entry], settling: &Settling, entries: &Entries) {
        for entry in rows {
            let (occasion, at) = (entries.of(entry), entries.at(entry));
            if settling.orphans.binary_search(&at).is_ok() {
                self.orphans.push((at, occasion.cohort));
            } else {
                let is_kept = settling.kept.binary_search(&at).is_ok();
                self.fates.add(entry, occasion, if is_kept { Fate::Used } else { Fate::Replaced });
            }
        }
    }
}

/// The rows of the newest submission among those of one key, which are sorted by time, submission and place.
fn newest<'e>(rows: &'e [Entry], entries: &Entries, names: &IntakeNames) -> &'e [Entry] {
    let of = |entry: &Entry| entries.of(entry);
    let last = of(&rows[rows.len() - 1]);
    let from = rows.partition_point(|entry| of(entry).time < last.time);
    let together = |a: &Entry, b: &Entry| {
        let named = names.submissions.key(of(a).submission).is_named();
        of(a).submission == of(b).submission && (named || of(a).file == of(b).file)
    };
    let acts = rows[from..].chunk_by(together);
    acts.max_by_key(|act| entries.at(&act[act.len() - 1])).unwrap_or(rows)
}

/// What the rows of one submission come to.
struct Settling {
    /// None if they are nothing but attributes of flags that are not there.
    answer: Option<Draft>,
    /// Places of the rows that made the answer, in order.
    kept: Vec<At>,
    /// Places of attributes without a flag, in order.
    orphans: Vec<At>,
}

/// Settles the rows of one submission on one criterion. A row that names the criterion beats one for the whole item.
fn settle(rows: &[Entry], is_steps: bool, entries: &Entries, names: &IntakeNames) -> Settling {
    let is_mixed = rows.iter().any(Entry::is_of_whole) && !rows.iter().all(Entry::is_of_whole);
    let named: Vec<Entry> = rows.iter().filter(|entry| is_mixed && !entry.is_of_whole()).copied().collect();
    let rows = if is_mixed { &named } else { rows };
    if is_steps && rows.iter().any(|entry| matches!(entry.said, Said::Flag(_))) {
        return flags(rows, entries, names);
    }
    let is_attribute = |entry: &&Entry| matches!(entry.said, Said::Attribute(_));
    let last = rows.iter().rfind(|entry| !is_attribute(entry));
    let answer = last.and_then(|entry| match entry.said {
        Said::Outcome(Outcome::None) | Said::OfWhole(Outcome::None) if is_steps => Some(Draft::Flags(Vec::new())),
        Said::Outcome(outcome) | Said::OfWhole(outcome) => Some(Draft::Outcome(outcome)),
        Said::Value(value) => Some(Draft::Value(value)),
        Said::Flag(_) | Said::Attribute(_) | Said::Invalid => None,
    });
    let orphans = rows.iter().filter(is_attribute).map(|entry| entries.at(entry)).collect();
    Settling { answer, kept: last.map(|entry| entries.at(entry)).into_iter().collect(), orphans }
}

/// All flags of a submission, each once, with the attributes that came in rows of their own.
fn flags(rows: &[Entry], entries: &Entries, names: &IntakeNames) -> Settling {
    let mut settling = Settling { answer: None, kept: Vec::new(), orphans: Vec::new() };
    let mut by_step: BTreeMap<u32, Vec<GivenFlag>> = BTreeMap::new();
    for entry in rows {
        if let Said::Flag(flag) = entry.said {
            let flag = names.flags.get(flag);
            let at_step = by_step.entry(flag.step).or_default();
            if !at_step.contains(flag) {
                at_step.push(flag.clone());
                settling.kept.push(entries.at(entry));
            }
        }
    }
    for entry in rows {
        if let Said::Attribute(attribute) = entry.said {
            let found = names.attributes.get(attribute);
            let Some(meant) = by_step.get_mut(&found.step) else {
                settling.orphans.push(entries.at(entry));
                continue;
            };
            settling.kept.push(entries.at(entry));
            for flag in meant {
                flag.attributes.retain(|(name, _)| *name != found.name);
                flag.attributes.push((found.name.clone(), found.value.clone()));
                flag.attributes.sort();
            }
        }
    }
    let mut flags: Vec<GivenFlag> = by_step.into_values().flatten().collect();
    flags.sort();
    flags.dedup();
    settling.kept.sort_unstable();
    settling.answer = Some(Draft::Flags(flags));
    settling
}
