//! The split of a difference: other items, raters who joined or left, and the rest.
//!
//! In: cells of the tally in two spans. Out: parts that add up to the difference. It computes parts of a difference that is
//! there; it never says that one of them caused it.

use crate::quality::contrast::AnswerTotal;
use crate::ratings::{Ratings, Stratum, Tallied, Tally, Week};
use ahash::AHashMap;
use std::collections::BTreeMap;

/// A difference of two shares in parts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DifferenceSplit {
    /// What raters make who rated in the later span alone.
    pub joined: f64,
    /// What those make who rated in the earlier one alone.
    pub left: f64,
    /// Of the raters in both, what other gold makes: more or less of each value.
    pub items: f64,
    /// What is left: the same raters on the same kinds of gold.
    pub rest: f64,
}

/// What is gold of one criterion: its value, or that there are flags.
type GoldKind = (u16, u32);

/// Answers of the later span and of the earlier one.
type Both = [AnswerTotal; 2];

/// The spans of a split, each from one week to another, the later first.
pub type SplitSpans = [(Week, Week); 2];

/// Splits the difference of a cohort's shares in two spans over criteria with their weights.
///
/// p₁ - p₀ = (p₁ - s₁) + (s₀ - p₀) + (s₁ - s₀), where s is the share of the raters who are in both spans: what those who
/// joined, and those who left, make, and what the others did. That last part is split by what the gold says (Kitagawa
/// 1955): Σ (w₁ - w₀)(q₁ + q₀)/2 over gold values with their weights w and shares right q, and the rest. A value that is in
/// one span only has the same q in both. Numbers are one value; so are all gold flags, beside no flag.
///
/// None where no rater is in both spans.
pub fn split(
    cohort: u16,
    questions: &[(u16, f64)],
    spans: SplitSpans,
    (ratings, tally): (&Ratings, &Tally),
) -> Option<DifferenceSplit> {
    let mut by_rater: BTreeMap<u32, Both> = BTreeMap::new();
    let mut answers: Vec<(u32, GoldKind, usize, AnswerTotal)> = Vec::new();
    for (question, weight) in questions {
        let mut kinds = AHashMap::new();
        for of in tally.of_stratum(Stratum { cohort, question: *question, shown: false }) {
            let Some(span) = spans.iter().position(|span| is_in(of, *span)) else { continue };
            let kind = *kinds.entry(of.counted.cell.gold).or_insert_with_key(|gold| kind(*question, *gold, ratings));
            let (right, asked) = (of.counted.count.right, of.counted.count.asked);
            let total = AnswerTotal { right: weight * f64::from(right), asked: weight * f64::from(asked) };
            by_rater.entry(of.counted.cell.rater).or_default()[span].add(total);
            answers.push((of.counted.cell.rater, (*question, kind), span, total));
        }
    }
    let stays = |rater: &u32| by_rater.get(rater).is_some_and(|both| both.iter().all(|span| span.asked > 0.0));
    let (mut all, mut stayed, mut kinds) = (Both::default(), Both::default(), BTreeMap::<GoldKind, Both>::new());
    for (rater, kind, span, total) in answers {
        all[span].add(total);
        if stays(&rater) {
            stayed[span].add(total);
            kinds.entry(kind).or_default()[span].add(total);
        }
    }
    let [now, before] = [all[0].share()?, all[1].share()?];
    let [stayed_now, stayed_before] = [stayed[0].share()?, stayed[1].share()?];
    let items = kinds.values().filter_map(|kind| of_kind(kind, &stayed)).sum();
    Some(DifferenceSplit {
        joined: now - stayed_now,
        left: stayed_before - before,
        items,
        rest: stayed_now - stayed_before - items,
    })
}

/// What more or less of one kind of gold makes.
fn of_kind(kind: &Both, all: &Both) -> Option<f64> {
    let weights = [0, 1].map(|span| kind[span].asked / all[span].asked);
    let shares = [kind[0].share().or(kind[1].share())?, kind[1].share().or(kind[0].share())?];
    Some((weights[0] - weights[1]) * f64::midpoint(shares[0], shares[1]))
}

fn is_in(of: &Tallied, (from, until): (Week, Week)) -> bool {
    of.week.is_some_and(|week| from <= week && week <= until)
}

/// A number for what the gold says, the same for what is not told apart.
fn kind(question: u16, gold: u32, ratings: &Ratings) -> u32 {
    if ratings.names.questions[usize::from(question)].criterion.scale.has_numbers() { 0 } else { gold }
}
