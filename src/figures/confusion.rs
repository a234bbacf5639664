//! Confusion: which answers meet which gold, how often each is given, and what a constant answer would score.
//!
//! In: answers to the gold of one criterion, and what its gold and its answers are called. Out: a table in the order of
//! the scale, rates, the most frequent mistake, and gold that prevails or is rare.
//! Gold is counted by the ratings that met it, as accuracy is, so that the figures can be compared.

use super::accuracy::{of_asked, of_one};
use super::limits::{PREVAILS, RARE};
use super::{AnswerCount, Share};
use crate::quality::Undefined;
use ahash::AHashMap;
use std::collections::{BTreeMap, BTreeSet};

/// How often a category occurs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CategoryCount {
    /// The value or outcome.
    pub category: String,
    /// By ratings.
    pub count: u64,
}

/// Gold by answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfusionTable {
    /// The answers, in the order of the scale, then others.
    pub answers: Vec<String>,
    /// For each gold category, how often each answer met it.
    pub rows: Vec<(String, Vec<u64>)>,
}

/// The answer that most often stood where the gold says another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mixup {
    /// The gold.
    pub gold: String,
    /// The answer.
    pub answer: String,
    /// How often it was given to that gold.
    pub count: u64,
    /// Ratings of that gold.
    pub asked: u64,
}

/// What the best constant answer would score.
#[derive(Clone, Debug, PartialEq)]
pub struct Constant {
    /// The answer.
    pub answer: String,
    /// The share of ratings for which it would be right.
    pub share: f64,
}

/// A category that makes up most of the gold, so that accuracy says little of the others.
#[derive(Clone, Debug)]
pub struct Most {
    /// The category.
    pub category: String,
    /// Its share of the gold.
    pub share: f64,
    /// Right out of asked on all other categories.
    pub others: Share,
}

/// A category with hardly any gold, of which the figures say next to nothing.
#[derive(Clone, Debug, PartialEq)]
pub struct Rare {
    /// The category.
    pub category: String,
    /// Its share of the gold.
    pub share: f64,
    /// Gold items.
    pub items: u64,
    /// Ratings of them.
    pub asked: u64,
    /// Those that are right.
    pub right: u64,
}

/// How often an answer met a gold.
#[derive(Clone, Copy, Default)]
struct RightOfAsked {
    asked: u64,
    right: u64,
}

impl RightOfAsked {
    fn add(&mut self, asked: u64, right: u64) {
        self.asked += asked;
        self.right += right;
    }
}

/// Answers to gold by what both are called.
pub struct GoldByAnswer<'a> {
    answers: &'a [AnswerCount],
    gold: &'a dyn Fn(u32) -> &'a str,
    pairs: BTreeMap<(&'a str, &'a str), RightOfAsked>,
    by_gold: BTreeMap<&'a str, u64>,
    total: u64,
}

impl<'a> GoldByAnswer<'a> {
    /// Adds up the answers to one criterion; `gold` and `given` name their numbers.
    pub fn of(answers: &'a [AnswerCount], gold: &'a dyn Fn(u32) -> &'a str, given: impl Fn(u32) -> &'a str) -> Self {
        // By number first: labels repeat from answer to answer, and each pair is named once.
        let mut by_number: AHashMap<(u32, u32), RightOfAsked> = AHashMap::new();
        for of in answers {
            by_number.entry((of.gold, of.given)).or_default().add(u64::from(of.asked), u64::from(of.right));
        }
        let mut pairs: BTreeMap<(&str, &str), RightOfAsked> = BTreeMap::new();
        for ((label, answer), met) in by_number {
            pairs.entry((gold(label), given(answer))).or_default().add(met.asked, met.right);
        }
        let mut by_gold: BTreeMap<&str, u64> = BTreeMap::new();
        pairs.iter().for_each(|((gold, _), met)| *by_gold.entry(gold).or_default() += met.asked);
        let total = by_gold.values().sum();
        Self { answers, gold, pairs, by_gold, total }
    }

    /// How often each category is gold, the most frequent first.
    pub fn gold_rates(&self) -> Vec<CategoryCount> {
        rates(self.by_gold.iter().map(|(gold, count)| (*gold, *count)))
    }

    /// How often each answer was given, the most frequent first.
    pub fn answer_rates(&self) -> Vec<CategoryCount> {
        rates(self.pairs.iter().map(|((_, answer), met)| (*answer, met.asked)))
    }

    /// The constant answer of these, in order, that would be right most often, the first of equals; `fits` says whether
    /// one is right for a gold.
    pub fn constant<'c>(
        &self,
        candidates: impl Iterator<Item = &'c str>,
        fits: impl Fn(&str, &str) -> bool,
    ) -> Option<Constant> {
        let mut best: Option<(u64, &str)> = None;
        for answer in candidates.filter(|_| self.total > 0) {
            let fitting = self.by_gold.iter().filter(|(gold, _)| fits(gold, answer));
            let right = fitting.map(|(_, count)| count).sum();
            if best.is_none_or(|(most, _)| right > most) {
                best = Some((right, answer));
            }
        }
        let (right, answer) = best?;
        Some(Constant { answer: answer.to_owned(), share: right as f64 / self.total as f64 })
    }

    /// Gold by answer, every category of the scale among the answers; none without gold.
    pub fn table(&self, scale: &[&'a str]) -> Option<ConfusionTable> {
        if self.total == 0 {
            return None;
        }
        let order = |category: &&str| {
            (scale.iter().position(|value| value == category).unwrap_or(scale.len()), (*category).to_owned())
        };
        let mut answers: Vec<&str> =
            self.pairs.keys().map(|(_, answer)| *answer).chain(scale.iter().copied()).collect();
        let mut gold: Vec<&str> = self.by_gold.keys().copied().collect();
        for list in [&mut answers, &mut gold] {
            list.sort_by_key(order);
            list.dedup();
        }
        let count = |gold: &'a str, answer: &'a str| self.pairs.get(&(gold, answer)).map_or(0, |met| met.asked);
        let row = |gold: &'a str| answers.iter().map(|answer| count(gold, answer)).collect();
        let rows = gold.into_iter().map(|gold| (gold.to_owned(), row(gold))).collect();
        Some(ConfusionTable { answers: answers.iter().map(|answer| (*answer).to_owned()).collect(), rows })
    }

    /// The most frequent answer that is not right; none where no two ratings were wrong in the same way.
    pub fn mixup(&self) -> Option<Mixup> {
        let wrong = self.pairs.iter().map(|(pair, met)| (pair, met.asked - met.right));
        let ((gold, answer), count) = wrong.rev().max_by_key(|(_, count)| *count).filter(|(_, count)| *count > 1)?;
        let asked = self.by_gold[gold];
        Some(Mixup { gold: (*gold).to_owned(), answer: (*answer).to_owned(), count, asked })
    }

    /// The category that prevails in the gold, if one does.
    pub fn most(&self) -> Option<Most> {
        let (most, count) = self.by_gold.iter().max_by_key(|(_, count)| **count)?;
        let share = *count as f64 / self.total as f64;
        if share.is_nan() || share <= PREVAILS {
            return None;
        }
        let others = of_one(self.answers).zip(self.answers).filter(|(_, of)| (self.gold)(of.gold) != *most);
        let others = of_asked(others.map(|(marks, _)| marks), &[1.0], Undefined::NoGold);
        Some(Most { category: (*most).to_owned(), share, others })
    }

    /// Categories that are rare in the gold, rarest last, but for one that is not scored as others are.
    pub fn rare(&self, but: &str) -> Vec<Rare> {
        let rare =
            self.by_gold.iter().filter(|(gold, count)| **gold != but && (**count as f64) < RARE * self.total as f64);
        let mut rare: Vec<Rare> = rare.map(|(gold, count)| self.rare_category(gold, *count)).collect();
        rare.sort_by(|a, b| b.asked.cmp(&a.asked).then_with(|| a.category.cmp(&b.category)));
        rare
    }

    fn rare_category(&self, gold: &str, asked: u64) -> Rare {
        let answers = || self.answers.iter().filter(|of| (self.gold)(of.gold) == gold);
        Rare {
            category: gold.to_owned(),
            share: asked as f64 / self.total as f64,
            items: answers().map(|of| of.item).collect::<BTreeSet<u32>>().len() as u64,
            asked,
            right: answers().map(|of| u64::from(of.right)).sum(),
        }
    }
}

fn rates<'c>(counts: impl Iterator<Item = (&'c str, u64)>) -> Vec<CategoryCount> {
    let mut sums: BTreeMap<&str, u64> = BTreeMap::new();
    counts.for_each(|(category, count)| *sums.entry(category).or_default() += count);
    let rate = |(category, count): (&str, u64)| CategoryCount { category: category.to_owned(), count };
    let mut rates: Vec<CategoryCount> = sums.into_iter().map(rate).collect();
    rates.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.category.cmp(&b.category)));
    rates
}
