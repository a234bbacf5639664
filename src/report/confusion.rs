//! Confusion: which answers meet which gold, how often each is given, and what a constant answer would score.
//!
//! In: counts of gold labels by answers. Out: tables in the order of the scale, and remarks on rare categories.
//! Gold is counted by the ratings that met it, as accuracy is, so that the figures can be compared.

use super::figures::{Accuracy, Figure, Part};
use super::work::Volume;
use crate::document::{Criterion, Scale};
use crate::model::Outcome;
use crate::ratings::{GoldLabel, Ratings, is_near};
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
pub struct Confusion {
    /// The answers, in the order of the scale, then outcomes.
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
    pub others: Figure,
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

/// Above this share a category makes up most of the gold.
const MOST: f64 = 0.8;
/// Below this share a category is rare.
const RARE: f64 = 0.05;

/// Counts of gold labels by answers.
pub struct Counts<'a> {
    ratings: &'a Ratings,
    pairs: BTreeMap<(u32, u32), u64>,
    total: u64,
}

impl<'a> Counts<'a> {
    /// Adds up the counts of a criterion.
    pub fn of(part: &Part<'_>, ratings: &'a Ratings) -> Self {
        let mut pairs: BTreeMap<(u32, u32), u64> = BTreeMap::new();
        for (cell, count) in part.cells() {
            *pairs.entry((cell.gold, cell.given)).or_default() += count.asked;
        }
        let total = pairs.values().sum();
        Self { ratings, pairs, total }
    }

    fn gold(&self, label: u32) -> &'a GoldLabel {
        &self.ratings.gold.labels[label as usize]
    }

    fn answer(&self, answer: u32) -> &'a str {
        self.ratings.names.answers[answer as usize].label()
    }

    /// Ratings by gold label.
    fn by_gold(&self) -> BTreeMap<u32, u64> {
        let mut by_gold: BTreeMap<u32, u64> = BTreeMap::new();
        for ((gold, _), count) in &self.pairs {
            *by_gold.entry(*gold).or_default() += count;
        }
        by_gold
    }

    /// How often each category is gold, the most frequent first.
    pub fn gold_rates(&self) -> Vec<CategoryCount> {
        rates(self.pairs.iter().map(|((gold, _), count)| (self.gold(*gold).text.as_str(), *count)))
    }

    /// How often each answer was given, the most frequent first.
    pub fn answer_rates(&self) -> Vec<CategoryCount> {
        rates(self.pairs.iter().map(|((_, answer), count)| (self.answer(*answer), *count)))
    }

    /// The constant answer that would be right most often: a gold value, an outcome, or no flag at all.
    pub fn constant(&self, criterion: &Criterion) -> Option<Constant> {
        let by_gold = self.by_gold();
        let golds: Vec<(Vec<Category<'_>>, u64)> =
            by_gold.iter().map(|(gold, count)| (categories(self.gold(*gold), criterion), *count)).collect();
        let none = Category { text: Outcome::None.name(), number: None };
        let candidates: BTreeMap<&str, Category<'_>> = match criterion.scale {
            Scale::Steps(_) => [(none.text, none)].into(),
            _ => {
                golds.iter().flat_map(|(categories, _)| categories).map(|category| (category.text, *category)).collect()
            }
        };
        let right = |candidate: &Category<'_>| -> u64 {
            let fits = |gold: &Category<'_>| gold.is_met_by(candidate, criterion.tolerance);
            golds.iter().filter(|(categories, _)| categories.iter().any(fits)).map(|(_, count)| count).sum()
        };
        let scored = candidates.into_values().map(|candidate| (right(&candidate), candidate.text));
        let (count, answer) = scored.rev().max_by_key(|(count, _)| *count).filter(|_| self.total > 0)?;
        Some(Constant { answer: answer.to_owned(), share: count as f64 / self.total as f64 })
    }

    /// Gold by answer; none for scales without categories, and without gold.
    pub fn table(&self, criterion: &Criterion) -> Option<Confusion> {
        if self.total == 0 || !has_categories(criterion) {
            return None;
        }
        let scale: Vec<&str> = criterion.scale.choices().iter().map(|choice| choice.value.as_str()).collect();
        let order = |category: &str| {
            (scale.iter().position(|value| *value == category).unwrap_or(scale.len()), category.to_owned())
        };
        let mut answers: Vec<&str> = scale.clone();
        answers.extend(self.pairs.keys().map(|(_, answer)| self.answer(*answer)));
        let mut gold: Vec<&str> = self.pairs.keys().map(|(gold, _)| self.gold(*gold).text.as_str()).collect();
        for list in [&mut answers, &mut gold] {
            list.sort_by_key(|category| order(category));
            list.dedup();
        }
        let mut counts: BTreeMap<(&str, &str), u64> = BTreeMap::new();
        for ((gold, answer), count) in &self.pairs {
            *counts.entry((self.gold(*gold).text.as_str(), self.answer(*answer))).or_default() += count;
        }
        let row =
            |gold: &str| answers.iter().map(|answer| counts.get(&(gold, *answer)).copied().unwrap_or(0)).collect();
        let rows = gold.into_iter().map(|gold| (gold.to_owned(), row(gold))).collect();
        Some(Confusion { answers: answers.iter().map(|answer| (*answer).to_owned()).collect(), rows })
    }

    /// The most frequent answer that is not right; none where no two ratings were wrong in the same way.
    pub fn mixup(&self, part: &Part<'_>) -> Option<Mixup> {
        let mut wrong: BTreeMap<(&str, &str), u64> = BTreeMap::new();
        let mut asked: BTreeMap<&str, u64> = BTreeMap::new();
        for (cell, count) in part.cells().filter(|_| has_categories(part.criterion)) {
            let gold = self.gold(cell.gold).text.as_str();
            *wrong.entry((gold, self.answer(cell.given))).or_default() += count.asked - count.right;
            *asked.entry(gold).or_default() += count.asked;
        }
        let ((gold, answer), count) = wrong.into_iter().rev().max_by_key(|(_, count)| *count)?;
        let mixup = Mixup { gold: gold.to_owned(), answer: answer.to_owned(), count, asked: asked[gold] };
        (count > 1).then_some(mixup)
    }

    /// The category that makes up more than four fifths of the gold.
    pub fn most(&self, part: &Part<'_>, work: Volume) -> Option<Most> {
        let (most, count) =
            self.by_gold().into_iter().max_by_key(|(_, count)| *count).filter(|_| has_categories(part.criterion))?;
        let share = count as f64 / self.total as f64;
        if share <= MOST {
            return None;
        }
        let others = Accuracy::of(&[(1.0, part)], work, |gold| gold != most).of_asked;
        Some(Most { category: self.gold(most).text.clone(), share, others })
    }

    /// Categories that make up less than a twentieth of the gold, rarest last.
    pub fn rare(&self, part: &Part<'_>) -> Vec<Rare> {
        let by_gold = self.by_gold();
        let is_rare = |count: u64| has_categories(part.criterion) && (count as f64) < RARE * self.total as f64;
        // Where the gold is unsure, only ratings that are right are scored at all.
        let by_gold = by_gold.into_iter().filter(|(label, _)| self.gold(*label).text != Outcome::Unsure.name());
        let rare = by_gold.filter(|(_, count)| is_rare(*count)).map(|(label, count)| {
            let cells = part.cells().filter(|(cell, _)| cell.gold == label);
            let items: BTreeSet<u32> = cells.clone().map(|(cell, _)| cell.item).collect();
            Rare {
                category: self.gold(label).text.clone(),
                share: count as f64 / self.total as f64,
                items: items.len() as u64,
                asked: count,
                right: cells.map(|(_, of)| of.right).sum(),
            }
        });
        let mut rare: Vec<Rare> = rare.collect();
        rare.sort_by(|a, b| b.asked.cmp(&a.asked).then_with(|| a.category.cmp(&b.category)));
        rare
    }
}

/// Whether a scale's values are categories.
fn has_categories(criterion: &Criterion) -> bool {
    matches!(criterion.scale, Scale::Nominal(_) | Scale::Ordinal(_))
}

/// An answer that a gold label takes for right.
#[derive(Clone, Copy)]
struct Category<'a> {
    text: &'a str,
    /// The number that it is, on a scale of numbers.
    number: Option<f64>,
}

impl Category<'_> {
    fn is_met_by(&self, given: &Category<'_>, tolerance: f64) -> bool {
        let near = self.number.zip(given.number).is_some_and(|(gold, given)| is_near(gold, given, tolerance));
        near || self.text == given.text
    }
}

fn categories<'g>(gold: &'g GoldLabel, criterion: &Criterion) -> Vec<Category<'g>> {
    let is_number = matches!(criterion.scale, Scale::Number { .. });
    let outcome = gold.values.is_empty().then_some(gold.text.as_str());
    let texts = gold.values.iter().map(String::as_str).chain(outcome);
    texts.map(|text| Category { text, number: text.parse().ok().filter(|_| is_number) }).collect()
}

fn rates<'c>(counts: impl Iterator<Item = (&'c str, u64)>) -> Vec<CategoryCount> {
    let mut sums: BTreeMap<&str, u64> = BTreeMap::new();
    for (category, count) in counts {
        *sums.entry(category).or_default() += count;
    }
    let mut rates: Vec<CategoryCount> =
        sums.into_iter().map(|(category, count)| CategoryCount { category: category.to_owned(), count }).collect();
    rates.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.category.cmp(&b.category)));
    rates
}
