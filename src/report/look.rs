//! Where to look: gold items that were most often missed, and items on which raters were most split.
//!
//! In: a criterion's counts of the last weeks. Out: a few items of each kind, with what was answered, why the gold says
//! otherwise, and what raters wrote beside it. Raters have no names here; a held-out item has a number instead of its name.

use super::cited::{self, CitableTexts, RuleCounts};
use super::hidden_comments;
use super::looked::Looked;
use crate::model::GoldAnswer;
use crate::ratings::{Comment, GivenAnswer, Tallied, Week};
use crate::text::{addresses, beginning};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt::Display;

/// How many weeks are looked back on, the report's own among them.
pub const LOOK_BACK: u8 = 4;
/// Most items of a kind, for each criterion.
const MOST_ITEMS: usize = 5;
/// Longest beginning of a comment, in characters.
const LONGEST_COMMENT: usize = 400;
/// Most comments beside an item.
const MOST_COMMENTS: usize = 4;
/// Fewest wrong answers to one gold item, and fewest ratings of one item, that are worth a look.
pub const FEWEST: u64 = 2;

/// Where to look on one criterion.
#[derive(Clone, Debug)]
pub struct WhereToLook {
    /// The criterion's id.
    pub criterion: String,
    /// Gold items by how often they were missed, the most often first.
    pub missed: Vec<MissedItem>,
    /// Items by how much raters differ on them, the most first.
    pub split: Vec<SplitItem>,
    /// Rules that gold cites, those most often missed first.
    pub rules: Vec<RuleCounts>,
    /// How many more of them there are.
    pub further_rules: u64,
}

impl WhereToLook {
    /// Whether there is nothing to look at.
    pub fn is_empty(&self) -> bool {
        self.missed.is_empty() && self.split.is_empty() && self.rules.is_empty()
    }
}

/// An item to look at.
#[derive(Clone, Debug)]
pub struct LookedItem {
    /// Its name; of a held-out one a number that stands for it on this report, once all are numbered.
    pub name: String,
    /// The held-out item that it is.
    held_out: Option<u32>,
    /// Answers with how often each was given, the most frequent first.
    pub answers: Vec<(String, u64)>,
    /// Beginnings of what raters wrote beside it, each with its place.
    pub comments: Vec<(String, String)>,
    /// How many more comments there are.
    pub further_comments: u64,
}

/// A gold item that was missed, with the answers that are not right.
#[derive(Clone, Debug)]
pub struct MissedItem {
    /// The item.
    pub item: LookedItem,
    /// The gold answer.
    pub gold: String,
    /// Why it is right, in its makers' words.
    pub why: Option<String>,
    /// Ratings of it.
    pub asked: u64,
    /// Those that are not right.
    pub wrong: u64,
}

/// An item on which raters differ.
#[derive(Clone, Debug)]
pub struct SplitItem {
    /// The item.
    pub item: LookedItem,
    /// The share of pairs of ratings that differ.
    pub differing: f64,
}

/// Numbers held-out items as they come on one report.
pub fn number_held_out(looks: &mut [WhereToLook]) {
    let mut numbers: BTreeMap<u32, usize> = BTreeMap::new();
    let items = looks.iter_mut().flat_map(|look| {
        let missed = look.missed.iter_mut().map(|missed| &mut missed.item);
        missed.chain(look.split.iter_mut().map(|split| &mut split.item))
    });
    for (item, held_out) in items.filter_map(|item| item.held_out.map(|held_out| (item, held_out))) {
        let next = numbers.len() + 1;
        item.name = format!("held-out item {}", numbers.entry(held_out).or_insert(next));
    }
}

impl Looked<'_> {
    /// Where to look in the weeks from one to another, the rules in the version that served at their end.
    pub fn weeks(&self, (from, until): (Week, Week), texts: CitableTexts<'_>) -> WhereToLook {
        let is_in = |week: Option<Week>| week.is_some_and(|week| from <= week && week <= until);
        let (rules, further_rules) = cited::counts(self, texts, (from, until));
        WhereToLook {
            criterion: self.criterion.id.clone(),
            missed: self.missed(&is_in, until),
            split: self.split(&is_in, until),
            rules,
            further_rules,
        }
    }

    fn missed(&self, is_in: &dyn Fn(Option<Week>) -> bool, until: Week) -> Vec<MissedItem> {
        let by_item = self.cells.chunk_by(|a, b| a.counted.cell.item == b.counted.cell.item);
        let counted = by_item.filter_map(|all| {
            let cells = || all.iter().filter(|cell| is_in(cell.week));
            let sum = |of: fn(&Tallied) -> u32| cells().map(|cell| u64::from(of(cell))).sum::<u64>();
            let (asked, right) = (sum(|cell| cell.counted.count.asked), sum(|cell| cell.counted.count.right));
            // Few items are missed: what was answered to the others is not gathered.
            (asked - right >= FEWEST).then(|| (asked - right, asked, cells().collect::<Vec<&Tallied>>()))
        });
        let mut counted: Vec<_> = counted.collect();
        counted.sort_by_key(|(wrong, asked, cells)| (Reverse(*wrong), *asked, cells[0].counted.cell.item));
        let item = |(wrong, asked, cells): (u64, u64, Vec<&Tallied>)| {
            let cell = cells[0].counted.cell;
            let wrong_answers = cells.iter().map(|cell| {
                let count = cell.counted.count;
                (cell.counted.cell.given, u64::from(count.asked - count.right))
            });
            let (gold, why) = self.gold(cell.item, cell.gold);
            MissedItem { item: self.item(cell.item, wrong_answers, until), gold, why, asked, wrong }
        };
        counted.into_iter().take(MOST_ITEMS).map(item).collect()
    }

    fn split(&self, is_in: &dyn Fn(Option<Week>) -> bool, until: Week) -> Vec<SplitItem> {
        let by_unit = self.given.chunk_by(|a, b| a.unit == b.unit);
        let counted = by_unit.filter_map(|given| {
            // An item that was rated over several weeks is looked at in that of its last rating, with all of them.
            let last = given.iter().rev().find(|given| given.week.is_none_or(|week| week <= until))?;
            // Most items were last rated in other weeks, or by nobody else.
            if given.len() < 2 || !is_in(last.week) {
                return None;
            }
            let until_then = given.iter().filter(|given| given.week <= last.week);
            let mut counts: BTreeMap<u32, u64> = BTreeMap::new();
            until_then.for_each(|given| *counts.entry(given.answer).or_default() += u64::from(given.count));
            Some((differing(&counts)?, given[0].unit.item, counts))
        });
        let mut counted: Vec<_> = counted.collect();
        counted.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let item = |(differing, item, counts): (f64, u32, BTreeMap<u32, u64>)| SplitItem {
            item: self.item(item, counts.into_iter(), until),
            differing,
        };
        counted.into_iter().take(MOST_ITEMS).map(item).collect()
    }

    /// An item with how often each of some answers was given to it, and what was written beside it until the end of a week.
    fn item(&self, item: u32, answers: impl Iterator<Item = (u32, u64)>, until: Week) -> LookedItem {
        let ratings = &self.data.ratings;
        let is_held_out = ratings.gold.of(self.question, item).any(|(_, standard)| standard.is_held_out);
        let (comments, further_comments) = self.comments(item, until);
        LookedItem {
            name: if is_held_out { String::new() } else { ratings.names.items[item as usize].to_string() },
            held_out: is_held_out.then_some(item),
            answers: self.answers(answers),
            comments,
            further_comments,
        }
    }

    /// The gold answer of an item in words, and why it is right.
    fn gold(&self, item: u32, label: u32) -> (String, Option<String>) {
        let mut standards = self.data.ratings.gold.of(self.question, item).map(|(_, standard)| standard);
        let Some(standard) = standards.find(|standard| standard.label == label) else {
            return (self.data.ratings.gold.labels[label as usize].text.clone(), None);
        };
        let gold = match &standard.answer {
            GoldAnswer::Flags(flags) if !flags.is_empty() => {
                flags_in_words(flags.iter().map(|flag| (&*flag.kind, flag.step)))
            }
            _ => self.data.ratings.gold.labels[label as usize].text.clone(),
        };
        (gold, standard.why.as_ref().filter(|_| self.may_see_gold()).map(ToString::to_string))
    }

    /// Whether those who see reports may see why gold is what it is.
    fn may_see_gold(&self) -> bool {
        let config = &self.data.model.config;
        config.report_audience.is_some_and(|reader| config.audiences.may_see(reader, config.gold_audience))
    }

    /// Answers in words with how often each was given.
    fn answers(&self, counts: impl Iterator<Item = (u32, u64)>) -> Vec<(String, u64)> {
        let mut by_answer: BTreeMap<String, u64> = BTreeMap::new();
        for (answer, count) in counts.filter(|(_, count)| *count > 0) {
            *by_answer.entry(in_words(&self.data.ratings.names.answers[answer as usize])).or_default() += count;
        }
        let mut answers: Vec<(String, u64)> = by_answer.into_iter().collect();
        answers.sort_by_key(|(_, count)| Reverse(*count));
        answers
    }

    /// What raters of the cohort wrote beside an item until the end of a week, and how much more there is.
    fn comments(&self, item: u32, until: Week) -> (Vec<(String, String)>, u64) {
        let is_told = |week: Option<Week>| week.is_none_or(|week| week <= until);
        let text = |comment: &Comment| {
            let (file, line) = hidden_comments::place(comment, &self.data.ratings);
            let text = beginning(&addresses::masked(&comment.text), LONGEST_COMMENT).into_owned();
            (text, format!("{file}:{line}"))
        };
        let mut texts: Vec<(String, String)> = self.told(item, &is_told).map(text).collect();
        texts.dedup_by(|a, b| a.0 == b.0);
        let further = texts.len().saturating_sub(MOST_COMMENTS);
        texts.truncate(MOST_COMMENTS);
        (texts, further as u64)
    }
}

/// The share of pairs of ratings that differ; none where there are too few, or all are alike.
fn differing(counts: &BTreeMap<u32, u64>) -> Option<f64> {
    let ratings: u64 = counts.values().sum();
    if ratings < FEWEST || counts.len() < 2 {
        return None;
    }
    let pairs = |of: u64| (of * (of - 1)) as f64;
    let alike: f64 = counts.values().map(|count| pairs(*count)).sum();
    Some(1.0 - alike / pairs(ratings))
}

/// An answer as people read it.
fn in_words(answer: &GivenAnswer) -> String {
    match answer {
        GivenAnswer::Flags(flags) if !flags.is_empty() => {
            flags_in_words(flags.iter().map(|flag| (&*flag.kind, flag.step)))
        }
        _ => answer.label().to_owned(),
    }
}

fn flags_in_words<'f>(flags: impl Iterator<Item = (&'f str, impl Display)>) -> String {
    flags.map(|(kind, step)| format!("{kind} at {step}")).collect::<Vec<_>>().join(", ")
}
