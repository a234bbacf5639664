//! Peers: experts' answers beside gold that the other experts make, and cohorts' answers beside that same gold.
//!
//! In: the table. Out: what each answer to an item is worth that three experts or more rated, by criterion. Whoever helped
//! to make gold is closer to it than somebody as good who did not, so an expert's answer never meets gold that it is part
//! of. It computes no figure.

use super::answer::{GivenAnswer, GivenFlag};
use super::entry::RatingBasis;
use super::gold::{settled, takes_a_stand};
use super::meanings::Meanings;
use super::scheme::compare;
use super::score::judged;
use super::table::{QuestionRatings, Rating};
use super::{Ratings, Scope, Week};
use crate::document::{CohortRole, Criterion};
use crate::model::{GoldAnswer, GoldFlag, Model};
use ahash::AHashMap;
use rayon::prelude::*;
use semver::Version;
use std::collections::BTreeMap;

/// Fewest experts on an item: of two, each would be gold for the other.
const FEWEST: usize = 3;

/// An answer to an item that several experts rated.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PeerAnswer {
    /// The week by whose end it and all answers of the experts were there, if it is known.
    pub week: Option<Week>,
    /// A number of what was asked: the item, under versions that ask the same.
    pub asked: u32,
    /// The item's number.
    pub item: u32,
    /// The rater's number.
    pub rater: u32,
    /// The share of the golds that are made without one expert each by which it is right.
    pub right: f64,
}

/// The answers of a criterion.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PeerAnswers {
    /// Those of experts.
    pub experts: Vec<PeerAnswer>,
    /// Those of the other cohorts, by their places in the Model.
    pub cohorts: BTreeMap<u16, Vec<PeerAnswer>>,
}

/// What experts said of an item under versions that ask the same.
struct Panel<'t> {
    number: u32,
    meaning: Option<Version>,
    /// The week of the last answer.
    week: Option<Week>,
    /// Each expert with their answer; none where they took no stand.
    votes: BTreeMap<u32, (Option<&'t GivenAnswer>, Rating)>,
    /// The answers that are gold without one of those who took a stand; each alike where the others are split.
    golds: Vec<(u32, Vec<GoldAnswer>)>,
    /// What an answer of this number is worth; none if it is not compared.
    worth: AHashMap<u32, Option<f64>>,
}

/// The answers of each criterion that three experts or more answered of some item, by its number.
///
/// Gold without an expert is what more than half of the others say. Where they are split, the item stays: an answer is
/// right by the share of the others that it agrees with. Only independent ratings count, a rater's first of each item, and
/// none that was made with the gold in sight.
pub fn peer_answers(table: &Ratings, model: &Model, scope: Scope) -> BTreeMap<u16, PeerAnswers> {
    let meanings = Meanings::of(table, model);
    let all = table.ratings.by_question().into_par_iter();
    let answers = all.map(|of| (of.question, of_question(of, table, model, (&meanings, scope))));
    let answers: Vec<(u16, PeerAnswers)> = answers.collect();
    answers.into_iter().filter(|(_, answers)| !answers.experts.is_empty()).collect()
}

fn of_question(
    ratings: QuestionRatings<'_>,
    table: &Ratings,
    model: &Model,
    (meanings, scope): (&Meanings, Scope),
) -> PeerAnswers {
    let criterion = &table.names.questions[usize::from(ratings.question)].criterion;
    let is_expert = |cohort: u16| model.cohorts[usize::from(cohort)].role == CohortRole::Expert;
    let in_sight =
        |rating: &Rating| table.gold.of(rating.question, rating.of.item).any(|(_, gold)| gold.shown.by(rating.of.day));
    let counted = |rating: &Rating| {
        rating.of.basis == RatingBasis::Independent && !scope.is_too_late(&rating.of) && !in_sight(rating)
    };
    let mut panels: AHashMap<u32, Vec<Panel<'_>>> = AHashMap::new();
    for rating in ratings.iter().filter(|rating| rating.of.cohort().is_some_and(is_expert) && counted(rating)) {
        Panel::add(panels.entry(rating.of.item).or_default(), rating, meanings.of_rating(&rating), (table, criterion));
    }
    panels.values_mut().flatten().for_each(|panel| panel.settle(criterion));
    panels.values_mut().for_each(|of_item| of_item.retain(|panel| panel.golds.len() >= FEWEST));
    panels.retain(|_, of_item| !of_item.is_empty());
    let mut numbered: Vec<(&u32, &mut Vec<Panel<'_>>)> = panels.iter_mut().collect();
    numbered.sort_by_key(|(item, _)| **item);
    (0..).zip(numbered.into_iter().flat_map(|(_, of_item)| of_item)).for_each(|(number, panel)| panel.number = number);
    let mut answers = PeerAnswers::default();
    if panels.is_empty() {
        return answers;
    }
    answers.experts = panels.values().flatten().flat_map(|panel| panel.of_experts(criterion)).collect();
    answers.experts.sort_by_key(|of| (of.asked, of.rater));
    let mut others: Vec<(u16, Rating)> = Vec::new();
    for rating in ratings.iter().filter(|rating| panels.contains_key(&rating.of.item) && counted(rating)) {
        if let Some(cohort) = rating.of.cohort().filter(|cohort| !is_expert(*cohort)) {
            others.push((cohort, rating));
        }
    }
    others.sort_by_key(|(cohort, rating)| (*cohort, rating.of.item, rating.of.rater, rating.of.order()));
    for (cohort, rating) in others {
        let of_item = panels.entry(rating.of.item).or_default();
        let asked = meanings.of_rating(&rating);
        let Some(panel) = of_item.iter_mut().find(|panel| compare(panel.meaning.as_ref(), asked)) else { continue };
        let given = &table.names.answers[rating.answer as usize];
        let Some(right) = panel.worth(rating, given, criterion) else { continue };
        let of_cohort = answers.cohorts.entry(cohort).or_default();
        let answer = panel.answer(&rating, right);
        let mut before = of_cohort.iter().rev().take_while(|of| (of.item, of.rater) == (answer.item, answer.rater));
        if !before.any(|of| of.asked == answer.asked) {
            of_cohort.push(answer);
        }
    }
    answers
}

impl<'t> Panel<'t> {
    /// Adds an expert's rating to the panel of its meaning; the first of several counts.
    fn add(
        of_item: &mut Vec<Self>,
        rating: Rating,
        meaning: Option<&Version>,
        (table, criterion): (&'t Ratings, &Criterion),
    ) {
        let given = &table.names.answers[rating.answer as usize];
        let stand = Some(given).filter(|given| takes_a_stand(given, criterion));
        let at = of_item.iter().position(|panel| panel.meaning.as_ref() == meaning).unwrap_or_else(|| {
            let (votes, golds, worth) = (BTreeMap::new(), Vec::new(), AHashMap::new());
            of_item.push(Self { number: 0, meaning: meaning.cloned(), week: None, votes, golds, worth });
            of_item.len() - 1
        });
        let vote = of_item[at].votes.entry(rating.of.rater).or_insert((stand, rating));
        if rating.of.order() < vote.1.of.order() {
            *vote = (stand, rating);
        }
    }

    /// Makes the golds without one expert each.
    fn settle(&mut self, criterion: &Criterion) {
        let stands: Vec<(u32, &GivenAnswer)> =
            self.votes.iter().filter_map(|(expert, (stand, _))| Some((*expert, (*stand)?))).collect();
        let without = |expert: u32| {
            let others: Vec<&GivenAnswer> =
                stands.iter().filter(|(other, _)| *other != expert).map(|(_, answer)| *answer).collect();
            let split = || others.iter().filter_map(|answer| as_gold(answer)).collect();
            settled(&others, criterion).map_or_else(split, |gold| vec![gold])
        };
        self.golds = stands.iter().map(|(expert, _)| (*expert, without(*expert))).collect();
        self.week = self.votes.values().filter_map(|(_, rating)| rating.of.day.map(Week::of)).max();
    }

    /// An answer to what it is about.
    fn answer(&self, rating: &Rating, right: f64) -> PeerAnswer {
        let week = self.week.max(rating.of.day.map(Week::of));
        PeerAnswer { week, asked: self.number, item: rating.of.item, rater: rating.of.rater, right }
    }

    /// What each expert's answer is worth by gold without them; who took no stand is right by none.
    fn of_experts(&self, criterion: &Criterion) -> Vec<PeerAnswer> {
        let answers = self.votes.iter().filter_map(|(expert, (stand, rating))| {
            let own = self.golds.iter().find(|(without, _)| without == expert);
            let right = match stand.zip(own) {
                Some((given, (_, golds))) => right_by(golds, given, criterion)?,
                None => 0.0,
            };
            Some(self.answer(rating, right))
        });
        answers.collect()
    }

    /// What somebody else's answer is worth by the same golds, each counting alike.
    fn worth(&mut self, rating: Rating, given: &GivenAnswer, criterion: &Criterion) -> Option<f64> {
        if self.votes.contains_key(&rating.of.rater) {
            return None;
        }
        let golds = &self.golds;
        *self.worth.entry(rating.answer).or_insert_with(|| {
            let worth: Vec<f64> = golds.iter().filter_map(|(_, golds)| right_by(golds, given, criterion)).collect();
            (!worth.is_empty()).then(|| worth.iter().sum::<f64>() / worth.len() as f64)
        })
    }
}

/// The share of golds by which an answer is right; none if the one gold there is is unsure, and the answer is not.
fn right_by(golds: &[GoldAnswer], given: &GivenAnswer, criterion: &Criterion) -> Option<f64> {
    let right = |gold: &GoldAnswer| Some(f64::from(u8::from(judged(gold, given, criterion)?.right)));
    match golds {
        [gold] => right(gold),
        _ => Some(golds.iter().filter_map(right).sum::<f64>() / golds.len() as f64),
    }
}

/// An answer as gold; none of one that is none.
fn as_gold(answer: &GivenAnswer) -> Option<GoldAnswer> {
    match answer {
        GivenAnswer::Value(value) => Some(GoldAnswer::Values(vec![value.clone()])),
        GivenAnswer::Outcome(outcome) => Some(GoldAnswer::Outcome(*outcome)),
        GivenAnswer::Flags(flags) => {
            let flag = |flag: &GivenFlag| GoldFlag {
                step: flag.step as usize,
                kind: flag.kind.clone(),
                ..GoldFlag::default()
            };
            Some(GoldAnswer::Flags(flags.iter().map(flag).collect()))
        }
        GivenAnswer::Invalid => None,
    }
}
