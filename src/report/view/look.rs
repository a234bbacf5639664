//! Where to look, as templates and files see it.
//!
//! In: items with what was answered to them. Out: their views. Comments are text of raters, and may hold anything.

use crate::figures::words;
use crate::report::cited::RuleCounts;
use crate::report::look::{LookedItem, MissedItem, SplitItem, WhereToLook};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Where to look on one criterion.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct LookView {
    /// The criterion's id.
    pub criterion: String,
    /// Gold items that were missed, the most often missed first.
    pub missed: Vec<MissedItemView>,
    /// Items on which raters differ, the most split first.
    pub split: Vec<SplitItemView>,
    /// Rules that gold cites, those most often missed first.
    #[serde(default)]
    pub rules: Vec<RuleCountsView>,
    /// How many more of them there are.
    #[serde(default)]
    pub further_rules: u64,
}

/// How ratings met gold that cites a rule.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct RuleCountsView {
    /// The rule, such as `rubric#partly-counts`.
    pub rule: String,
    /// Its id.
    pub id: String,
    /// The version that has it; none where nothing is sealed.
    pub version: Option<String>,
    /// The folder of its page below that of the version.
    pub folder: String,
    /// What it says; none where that is its id.
    pub words: Option<String>,
    /// Gold items that cite it and were rated.
    pub items: u64,
    /// Ratings of them.
    pub asked: u64,
    /// Those that are not right.
    pub wrong: u64,
    /// Those that say "unsure".
    pub unsure: u64,
    /// How many comments stand beside these ratings.
    pub comments: u64,
}

/// An item to look at.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct LookedItemView {
    /// The item's name, or a number that stands for it on this report.
    pub item: String,
    /// Answers, the most frequent first.
    pub answers: Vec<AnswerCountView>,
    /// Beginnings of what raters wrote beside it, without addresses.
    pub comments: Vec<CommentView>,
    /// How many more comments there are.
    pub further_comments: u64,
}

/// What a rater wrote.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct CommentView {
    /// Its beginning.
    pub text: String,
    /// Its file below `content/ratings/` and its line, by which it can be hidden.
    pub place: String,
}

/// A gold item that was missed, with the answers that are not right.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct MissedItemView {
    /// The item.
    #[serde(flatten)]
    pub of: LookedItemView,
    /// The gold answer.
    pub gold: String,
    /// Why it is right; none where nobody wrote it down.
    pub why: Option<String>,
    /// Ratings of it.
    pub asked: u64,
    /// Those that are not right.
    pub wrong: u64,
}

/// An item on which raters differ.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct SplitItemView {
    /// The item.
    #[serde(flatten)]
    pub of: LookedItemView,
    /// The share of pairs of ratings that differ.
    pub differing: f64,
    /// The same in words.
    pub differing_text: String,
}

/// An answer and how often it was given.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct AnswerCountView {
    /// The answer.
    pub answer: String,
    /// How often it was given.
    pub count: u64,
}

impl LookView {
    /// The view of a criterion.
    pub fn of(look: &WhereToLook) -> Self {
        let missed = look.missed.iter().map(MissedItemView::of).collect();
        Self {
            criterion: look.criterion.clone(),
            missed,
            split: look.split.iter().map(SplitItemView::of).collect(),
            rules: look.rules.iter().map(RuleCountsView::of).collect(),
            further_rules: look.further_rules,
        }
    }

    /// Drops what raters wrote; how much it was stays.
    pub fn drop_comments(&mut self) {
        let missed = self.missed.iter_mut().map(|missed| &mut missed.of);
        for item in missed.chain(self.split.iter_mut().map(|split| &mut split.of)) {
            item.further_comments += item.comments.len() as u64;
            item.comments.clear();
        }
    }
}

impl RuleCountsView {
    fn of(of: &RuleCounts) -> Self {
        let RuleCounts { rule, place, items, asked, wrong, unsure, comments } = of;
        Self {
            rule: rule.to_string(),
            id: rule.id.clone(),
            version: place.version.as_ref().map(ToString::to_string),
            folder: place.folder.clone(),
            words: place.words.clone(),
            items: *items,
            asked: *asked,
            wrong: *wrong,
            unsure: *unsure,
            comments: *comments,
        }
    }
}

impl LookedItemView {
    fn of(of: &LookedItem) -> Self {
        let answer = |(answer, count): &(String, u64)| AnswerCountView { answer: answer.clone(), count: *count };
        Self {
            item: of.name.clone(),
            answers: of.answers.iter().map(answer).collect(),
            comments: of.comments.iter().cloned().map(|(text, place)| CommentView { text, place }).collect(),
            further_comments: of.further_comments,
        }
    }
}

impl MissedItemView {
    fn of(missed: &MissedItem) -> Self {
        let MissedItem { item, gold, why, asked, wrong } = missed;
        let of = LookedItemView::of(item);
        Self { of, gold: gold.clone(), why: why.clone(), asked: *asked, wrong: *wrong }
    }
}

impl SplitItemView {
    fn of(of: &SplitItem) -> Self {
        Self { of: LookedItemView::of(&of.item), differing: of.differing, differing_text: words::percent(of.differing) }
    }
}
