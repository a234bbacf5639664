//! Rules in question: how ratings met gold by the rule of the text that the gold cites.
//!
//! In: a criterion's counts of the last weeks, and the texts as those have them who see reports. Out: for each rule its
//! counts and where it stands, so that a sentence can be clarified and not a section. A rule that these readers may not
//! see is not there; gold that cites none is not counted here.

use super::Data;
use super::looked::Looked;
use crate::document::{CitedRule, Outcome};
use crate::markdown::slug::page_folder;
use crate::model::{Instructions, Task, project};
use crate::ratings::{Comment, GivenAnswer, Week};
use crate::text::beginning;
use semver::Version;
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
    /// Where it stands.
    pub place: RulePlace,
    /// Gold items of it that were rated.
    pub items: u64,
    /// Ratings of them.
    pub asked: u64,
    /// Those that are not right.
    pub wrong: u64,
    /// Those that say "unsure".
    pub unsure: u64,
    /// What raters wrote beside them, in pieces.
    pub comments: u64,
}

/// Where a rule stands.
#[derive(Clone, Debug)]
pub struct RulePlace {
    /// The version; none of the working text, where nothing is sealed.
    pub version: Option<Version>,
    /// The folder of its page below that of the version: empty for the task's own, else with a `/` at the end.
    pub folder: String,
    /// What it says, from its beginning; none where that is its id.
    pub words: Option<String>,
}

/// A text of a task as those have it who see reports, and its version.
pub type CitableText<'a> = (Option<&'a Version>, Instructions);

/// Where rules are looked up: in the version that served, else in the newest that has them.
#[derive(Clone, Copy)]
pub struct CitableTexts<'a> {
    /// The newest first.
    pub all: &'a [CitableText<'a>],
    /// The version that served.
    pub serving: Option<&'a Version>,
}

/// The texts of a task in which rules are looked up; none where no gold of these criteria cites any.
pub fn texts<'a>(task: &'a Task, mut criteria: impl Iterator<Item = u16>, data: &Data<'a>) -> Vec<CitableText<'a>> {
    let Some(reader) = data.model.config.report_audience else { return Vec::new() };
    if !criteria.any(|question| data.ratings.gold.cites(question)) {
        return Vec::new();
    }
    let sealed = task.releases.iter().rev().map(|release| (Some(&release.version), &release.instructions));
    let working = task.working.iter().filter(|_| task.releases.is_empty()).map(|text| (None, text));
    let shown = |(version, text)| Some((version, project::instructions(data.model, text, reader)?));
    sealed.chain(working).filter_map(shown).collect()
}

impl CitableTexts<'_> {
    fn place(&self, rule: &CitedRule) -> Option<RulePlace> {
        let (serving, others): (Vec<_>, Vec<_>) = self.all.iter().partition(|(version, _)| *version == self.serving);
        serving.into_iter().chain(others).find_map(|(version, text)| place(rule, *version, text))
    }
}

fn place(rule: &CitedRule, version: Option<&Version>, text: &Instructions) -> Option<RulePlace> {
    let page = text.rule_page(rule)?;
    let folder = match &page.path {
        path if *path == text.page.path => String::new(),
        path if *path == text.rubric_page.path => "rubric/".to_owned(),
        _ => page_folder(page.path_in_task()),
    };
    let words = page.words_at(&rule.id).filter(|words| *words != rule.id);
    let words = words.map(|words| beginning(&words, LONGEST_RULE).into_owned());
    Some(RulePlace { version: version.cloned(), folder, words })
}

/// The counts of each rule in the weeks from one to another, those most often missed first, and how many more there are.
pub fn counts(looked: &Looked<'_>, texts: CitableTexts<'_>, (from, until): (Week, Week)) -> (Vec<RuleCounts>, u64) {
    if texts.all.is_empty() {
        return (Vec::new(), 0);
    }
    let (question, data) = (looked.question, looked.data);
    let is_in = |week: Option<Week>| week.is_some_and(|week| from <= week && week <= until);
    let mut by_rule: BTreeMap<&CitedRule, RuleSum> = BTreeMap::new();
    for tallied in looked.cells.iter().filter(|tallied| is_in(tallied.week)) {
        let (cell, count) = (tallied.counted.cell, tallied.counted.count);
        let meaning = data.meanings.of_item(question, cell.item, tallied.version);
        let Some(met) = data.ratings.gold.met((question, cell.item), cell.gold, meaning) else { continue };
        let is_unsure = data.ratings.names.answers[cell.given as usize] == GivenAnswer::Outcome(Outcome::Unsure);
        for rule in &met.rules {
            let sum = by_rule.entry(rule).or_default();
            sum.asked += u64::from(count.asked);
            sum.wrong += u64::from(count.asked - count.right);
            sum.unsure += if is_unsure { u64::from(count.asked) } else { 0 };
            sum.rated.insert((cell.item, tallied.version));
        }
    }
    let counted = by_rule.into_iter().filter_map(|(rule, sum)| {
        let place = texts.place(rule)?;
        let RuleSum { asked, wrong, unsure, ref rated } = sum;
        let items = rated.iter().map(|(item, _)| *item).collect::<BTreeSet<u32>>();
        let told = items.iter().flat_map(|item| looked.told(*item, &is_in));
        let told = told.filter(|comment| rated.contains(&(comment.item, comment.version)));
        let comments = told.map(said).collect::<BTreeSet<_>>().len() as u64;
        let items = items.len() as u64;
        Some(RuleCounts { rule: rule.clone(), place, items, asked, wrong, unsure, comments })
    });
    let mut counted: Vec<RuleCounts> = counted.filter(|counts| counts.wrong + counts.comments > 0).collect();
    counted.sort_by_key(|counts| (Reverse(counts.wrong), counts.asked));
    let further = counted.len().saturating_sub(MOST_RULES);
    counted.truncate(MOST_RULES);
    (counted, further as u64)
}

/// What is counted of a rule.
#[derive(Default)]
struct RuleSum {
    asked: u64,
    wrong: u64,
    unsure: u64,
    /// Items with the version under which they were rated.
    rated: BTreeSet<(u32, Option<u16>)>,
}

/// What makes a comment one: rows of an answer may repeat it.
fn said(comment: &Comment) -> (u32, u32, u8, &str) {
    (comment.item, comment.rater, comment.pass, &comment.text)
}
