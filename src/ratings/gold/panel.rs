//! A panel: what several experts said of one item, each in rows of their own.
//!
//! In: written gold. Out: the same, with single answers of several experts made one: what more than half of them say, as
//! for experts' ratings. Where they are split there is no gold, and the item is listed. What stronger gold settles stays.

use super::experts::settled;
use super::standard::{Rank, Written, same};
use crate::document::Criterion;
use crate::model::{GoldAnswer, GoldFlag, Task, each_once};
use crate::ratings::answer::{GivenAnswer, GivenFlag};
use crate::ratings::scheme::meaning;
use semver::Version;
use std::collections::{BTreeMap, BTreeSet};

/// A criterion of an item under versions that ask the same.
type AskedItem<'a> = (&'a str, &'a str, Option<Version>);

/// Makes the single answers of several experts one; also those on which they are split, as `item (criterion)`.
pub fn settle(written: Vec<Written>, task: &Task) -> (Vec<Written>, BTreeSet<String>) {
    let mut panels: BTreeMap<AskedItem<'_>, Vec<usize>> = BTreeMap::new();
    for (at, gold) in written.iter().enumerate() {
        let meaning = meaning(task, &gold.criterion, Some(&gold.item), gold.version.as_ref());
        panels.entry((&gold.item, &gold.criterion, meaning)).or_default().push(at);
    }
    let (mut made, mut gone, mut ties) = (Vec::new(), BTreeSet::new(), BTreeSet::new());
    for ((item, criterion, _), places) in panels {
        let all: Vec<&Written> = places.iter().map(|at| &written[*at]).collect();
        let Some(asked) = task.asks(criterion, all[0].version.as_ref()) else { continue };
        let Some(votes) = votes(&all) else { continue };
        gone.extend(places);
        match consensus(&votes, asked) {
            Some(answer) => made.push(answer),
            None => drop(ties.insert(format!("{item} ({criterion})"))),
        }
    }
    let mut at = 0..;
    let mut written = written;
    written.retain(|_| !gone.contains(&at.next().unwrap_or_default()));
    written.extend(made);
    (written, ties)
}

/// The answer of each expert; none unless all gold of a case is single answers of several experts who each gave one.
fn votes<'w>(all: &[&'w Written]) -> Option<BTreeMap<&'w str, (&'w Written, GivenAnswer)>> {
    let mut votes: BTreeMap<&str, (&Written, GivenAnswer)> = BTreeMap::new();
    for gold in all {
        let ([expert], Rank::Single) = (gold.by.as_slice(), gold.rank) else { return None };
        let vote = (*gold, as_given(&gold.answer)?);
        let before = votes.insert(expert, vote);
        if before.is_some_and(|(before, _)| !same(&before.answer, &gold.answer)) {
            return None;
        }
    }
    (votes.len() > 1).then_some(votes)
}

/// An answer as a rater would give it; none of one that leaves several values right.
fn as_given(answer: &GoldAnswer) -> Option<GivenAnswer> {
    let given = |flag: &GoldFlag| GivenFlag {
        step: u32::try_from(flag.step).unwrap_or(u32::MAX),
        kind: flag.kind.clone(),
        attributes: Vec::new(),
    };
    match answer {
        GoldAnswer::Values(values) => match values.as_slice() {
            [value] => Some(GivenAnswer::Value(value.clone())),
            _ => None,
        },
        GoldAnswer::Flags(flags) => Some(GivenAnswer::Flags(flags.iter().map(given).collect())),
        GoldAnswer::Outcome(outcome) => Some(GivenAnswer::Outcome(*outcome)),
    }
}

/// What more than half say, with the reasons of those who say so.
fn consensus(votes: &BTreeMap<&str, (&Written, GivenAnswer)>, asked: &Criterion) -> Option<Written> {
    let answers: Vec<&GivenAnswer> = votes.values().map(|(_, answer)| answer).collect();
    let answer = settled(&answers, asked)?;
    let all = || votes.values().map(|(gold, _)| *gold);
    let first = all().next()?;
    let agrees = |gold: &&Written| same(&gold.answer, &answer) || !answer.flags().is_empty();
    let reasons: Vec<&str> = all().filter(agrees).filter_map(|gold| gold.why.as_deref()).collect();
    Some(Written {
        answer: answer.clone(),
        by: votes.keys().map(|expert| (*expert).to_owned()).collect(),
        rank: Rank::Consensus,
        shown: all().fold(first.shown, |shown, gold| shown.earlier(gold.shown)),
        why: (!reasons.is_empty()).then(|| reasons.join(" ").into()),
        rules: each_once(all().filter(agrees).flat_map(|gold| gold.rules.clone()).collect()),
        ..first.clone()
    })
}
