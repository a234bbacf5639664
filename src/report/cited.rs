//! Rules in question: how ratings met gold by the rule of the text that the gold cites.
//!
//! In: a criterion's counts of the last weeks, and the version that served. Out: for each rule its counts and where it
//! stands, so that a sentence can be clarified and not a section. Gold without a rule is not counted here.

use super::looked::Looked;
use crate::document::{CitedRule, Outcome};
use crate::markdown::slug;
use crate::model::{Instructions, Release};
use crate::ratings::{GivenAnswer, Week};
use crate::text::beginning;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Most rules of a criterion.
const MOST_RULES: usize = 12;
/// Longest beginning of a rule, in characters.
const LONGEST_RULE: usize = 200;

/// How ratings met gold that cites a rule.
#[derive(Clone, Debug)]
pub struct RuleCounts {
    /// The rule, such as `rubric#partly-counts`.
    pub rule: CitedRule,
    /// Where it stands in the version that served; none if that does not have it.
    pub place: Option<RulePlace>,
    /// Gold items of it that were rated.
    pub items: u64,
    /// Ratings of them.
    pub asked: u64,
    /// Those that are not right.
    pub wrong: u64,
    /// Those that say "unsure".
    pub unsure: u64,
    /// What raters wrote beside these items, in pieces.
    pub comments: u64,
}

/// Where a rule stands in a version.
#[derive(Clone, Debug)]
pub struct RulePlace {
    /// The version.
    pub version: String,
    /// The folder of its page below that of the version: empty for the task's own, else with a `/` at the end.
    pub folder: String,
    /// What it says, from its beginning; none where that is its id, or not for everyone who sees the report.
    pub words: Option<String>,
}

/// The counts of each rule in the weeks from one to another, those most often missed first.
pub fn counts(looked: &Looked<'_>, text: Option<&Release>, (from, until): (Week, Week)) -> Vec<RuleCounts> {
    let ratings = &looked.data.ratings;
    let is_in = |week: Option<Week>| week.is_some_and(|week| from <= week && week <= until);
    let mut all: BTreeMap<&CitedRule, (RuleCounts, BTreeSet<u32>)> = BTreeMap::new();
    for tallied in looked.cells.iter().filter(|tallied| is_in(tallied.week)) {
        let (cell, count) = (tallied.counted.cell, tallied.counted.count);
        let mut standards = ratings.gold.of(looked.question, cell.item).map(|(_, standard)| standard);
        let Some(standard) = standards.find(|standard| standard.label == cell.gold) else { continue };
        let is_unsure = ratings.names.answers[cell.given as usize] == GivenAnswer::Outcome(Outcome::Unsure);
        for rule in &standard.rules {
            let (counts, items) = all.entry(rule).or_insert_with(|| (RuleCounts::none(rule), BTreeSet::new()));
            counts.asked += u64::from(count.asked);
            counts.wrong += u64::from(count.asked - count.right);
            counts.unsure += if is_unsure { u64::from(count.asked) } else { 0 };
            items.insert(cell.item);
        }
    }
    let mut counted: Vec<RuleCounts> = all
        .into_values()
        .map(|(counts, items)| RuleCounts {
            items: items.len() as u64,
            comments: items.iter().map(|item| looked.told(*item, &is_in).count() as u64).sum(),
            place: text.and_then(|release| place(&counts.rule, release, looked)),
            ..counts
        })
        .filter(|counts| counts.wrong + counts.comments > 0)
        .collect();
    counted.sort_by_key(|counts| (Reverse(counts.wrong), counts.asked));
    counted.truncate(MOST_RULES);
    counted
}

impl RuleCounts {
    fn none(rule: &CitedRule) -> Self {
        Self { rule: rule.clone(), place: None, items: 0, asked: 0, wrong: 0, unsure: 0, comments: 0 }
    }
}

fn place(rule: &CitedRule, release: &Release, looked: &Looked<'_>) -> Option<RulePlace> {
    let text: &Instructions = &release.instructions;
    let page = text.rule_page(rule)?;
    let config = &looked.data.model.config;
    let may_see = config.report_audience.is_some_and(|reader| config.audiences.may_see(reader, page.audience));
    let words = page.words_at(&rule.id).filter(|_| may_see);
    let folder = match page.path == text.page.path {
        true => String::new(),
        false => format!("{}/", slug::path(&rule.page)),
    };
    let words = words.filter(|words| *words != rule.id).map(|words| beginning(&words, LONGEST_RULE).into_owned());
    Some(RulePlace { version: release.version.to_string(), folder, words })
}
