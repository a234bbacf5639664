//! Gold from experts' ratings: what more than half of the experts say of an item.
//!
//! In: the independent ratings of expert cohorts. Out: standards; items on which experts are split are listed for
//! adjudication, not dropped in silence. Two or more experts make a consensus, one a single answer.
//! Numbers within the tolerance of each other agree. A flag is gold if more than half flagged that kind within the
//! tolerance; if exactly half did, the experts are split.

use super::{Rank, ShownFrom, Standard, of_case, report_ties, shown_items};
use crate::diagnostic::Diagnostics;
use crate::document::{CohortRole, Criterion};
use crate::model::{self, Outcome};
use crate::ratings::answer::{GivenAnswer, GivenFlag};
use crate::ratings::entry::RatingBasis;
use crate::ratings::notes::ReadNotes;
use crate::ratings::scheme::{Scheme, meaning};
use crate::ratings::table::{Rating, RatingNames, RatingTable};
use semver::Version;
use std::collections::BTreeMap;

/// An item and criterion under versions that ask the same.
pub type Case = (u16, u32, Option<Version>);

/// The gold that experts' ratings make. A split that written gold of two experts or more settles is none.
pub fn standards(
    scheme: &Scheme<'_>,
    names: &RatingNames,
    ratings: &RatingTable,
    written: &[Standard],
    notes: &mut ReadNotes,
    diagnostics: &mut Diagnostics,
) -> Vec<Standard> {
    let mut standards = Vec::new();
    for (case, votes) in votes(scheme, names, ratings) {
        let (question, item) = (case.0, case.1);
        let asked = &names.questions[usize::from(question)];
        let answers: Vec<&GivenAnswer> = votes.values().map(|rating| &names.answers[rating.answer as usize]).collect();
        match settled(&answers, &asked.criterion) {
            Some(answer) => standards.push(Standard {
                question,
                item,
                meaning: case.2,
                answer,
                label: 0,
                by: votes.keys().copied().collect(),
                makers: votes.keys().map(|rater| names.raters[*rater as usize].to_string()).collect(),
                from_experts: true,
                shown: shown(scheme, asked.task, &names.items[item as usize]),
                rank: if votes.len() > 1 { Rank::Consensus } else { Rank::Single },
                why: None,
                rules: Vec::new(),
                is_held_out: false,
            }),
            None if of_case(written, &case).any(|standard| standard.rank >= Rank::Consensus) => {}
            None => {
                let item = names.items[item as usize].to_string();
                notes.ties.entry(asked.task).or_default().insert(format!("{item} ({})", asked.criterion.id));
            }
        }
    }
    for (task, items) in &notes.ties {
        report_ties(&scheme.model.tasks[usize::from(*task)].id, items, diagnostics);
    }
    standards
}

/// Each expert's first rating of each case, of those that take a stand.
fn votes(scheme: &Scheme<'_>, names: &RatingNames, ratings: &RatingTable) -> BTreeMap<Case, BTreeMap<u32, Rating>> {
    let cohorts = &scheme.model.cohorts;
    let is_expert = |rating: &Rating| {
        rating.of.cohort().is_some_and(|cohort| cohorts[usize::from(cohort)].role == CohortRole::Expert)
    };
    let mut votes: BTreeMap<Case, BTreeMap<u32, Rating>> = BTreeMap::new();
    for rating in ratings.iter().filter(|rating| is_expert(rating) && rating.of.basis == RatingBasis::Independent) {
        let asked = &names.questions[usize::from(rating.question)];
        if !takes_a_stand(&names.answers[rating.answer as usize], &asked.criterion) {
            continue;
        }
        let task = &scheme.model.tasks[usize::from(asked.task)];
        let version = rating.of.version().map(|version| &names.versions[usize::from(version)]);
        let item = &names.items[rating.of.item as usize];
        let case = (rating.question, rating.of.item, meaning(task, &asked.criterion.id, Some(item), version));
        let first = votes.entry(case).or_default().entry(rating.of.rater).or_insert(rating);
        if rating.of.order() < first.of.order() {
            *first = rating;
        }
    }
    votes
}

/// Whether an expert's answer is a vote: leaving an item out is none.
pub fn takes_a_stand(answer: &GivenAnswer, criterion: &Criterion) -> bool {
    match answer {
        GivenAnswer::Outcome(outcome) => matches!(outcome, Outcome::None | Outcome::Unsure | Outcome::NotApplicable),
        GivenAnswer::Invalid => false,
        GivenAnswer::Value(_) | GivenAnswer::Flags(_) => criterion.scale.is_scored(),
    }
}

fn shown(scheme: &Scheme<'_>, task: u16, item: &str) -> ShownFrom {
    shown_items(&scheme.model.tasks[usize::from(task)]).get(item).copied().unwrap_or(ShownFrom::Never)
}

/// What more than half say; none if they are split.
pub fn settled(answers: &[&GivenAnswer], criterion: &Criterion) -> Option<model::GoldAnswer> {
    let flags = answers.iter().filter_map(|answer| match answer {
        GivenAnswer::Flags(flags) => Some(flags.as_slice()),
        _ => None,
    });
    let lists: Vec<&[GivenFlag]> = flags.collect();
    if 2 * lists.len() > answers.len() {
        return common_flags(&lists, criterion.tolerance).map(model::GoldAnswer::Flags);
    }
    let agree = |a: &GivenAnswer, b: &GivenAnswer| match (a, b) {
        (GivenAnswer::Value(a), GivenAnswer::Value(b)) => criterion.scale.equals(a, b, criterion.tolerance),
        _ => a == b,
    };
    let support = |answer: &GivenAnswer| answers.iter().filter(|other| agree(answer, other)).count();
    let most = answers.iter().map(|answer| support(answer)).max()?;
    if 2 * most <= answers.len() {
        return None;
    }
    // Of several that agree within the tolerance the one in the middle, as values of the scale.
    let mut best: Vec<&GivenAnswer> = answers.iter().copied().filter(|answer| support(answer) == most).collect();
    let distances = criterion.scale.distances();
    let place =
        |answer: &GivenAnswer| distances.as_ref().and_then(|of| of.position(answer.label())).unwrap_or_default();
    best.sort_by(|a, b| place(a).total_cmp(&place(b)).then_with(|| a.cmp(b)));
    let best = best[(best.len() - 1) / 2];
    match best {
        GivenAnswer::Value(value) => Some(model::GoldAnswer::Values(vec![value.clone()])),
        GivenAnswer::Outcome(outcome) => Some(model::GoldAnswer::Outcome(*outcome)),
        GivenAnswer::Flags(_) | GivenAnswer::Invalid => None,
    }
}

/// Flags that more than half of the lists have. Walks the steps of each kind: flags within the tolerance of the first
/// one left are one flag, at the middle of their steps. None if exactly half have one.
fn common_flags(lists: &[&[GivenFlag]], tolerance: f64) -> Option<Vec<model::GoldFlag>> {
    let mut by_kind: BTreeMap<&str, Vec<(u32, usize)>> = BTreeMap::new();
    for (expert, flags) in lists.iter().enumerate() {
        for flag in *flags {
            by_kind.entry(&flag.kind).or_default().push((flag.step, expert));
        }
    }
    let mut common = Vec::new();
    for (kind, mut marks) in by_kind {
        marks.sort_unstable();
        let mut taken = vec![false; marks.len()];
        for first in 0..marks.len() {
            if taken[first] {
                continue;
            }
            let near = |(step, _): &(u32, usize)| f64::from(step - marks[first].0) <= tolerance;
            let mut seen = BTreeMap::new();
            for (mark, taken) in marks.iter().zip(&mut taken).skip(first).take_while(|(mark, _)| near(mark)) {
                if !*taken && !seen.contains_key(&mark.1) {
                    seen.insert(mark.1, mark.0);
                    *taken = true;
                }
            }
            if 2 * seen.len() == lists.len() {
                return None;
            }
            if 2 * seen.len() > lists.len() {
                let mut steps: Vec<u32> = seen.into_values().collect();
                steps.sort_unstable();
                let step = steps[(steps.len() - 1) / 2] as usize;
                common.push(model::GoldFlag { step, kind: kind.to_owned(), ..model::GoldFlag::default() });
            }
        }
    }
    common.sort_by(|a, b| (a.step, &a.kind).cmp(&(b.step, &b.kind)));
    Some(common)
}
