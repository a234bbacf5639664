//! The criteria of a view: accuracy, what a constant answer would score, and gold by answer.
//!
//! In: `CriterionFigures`. Out: what templates and files see of them, with remarks as sentences.

use super::figures::{AccuracyView, FigureView};
use crate::report::confusion::{CategoryCount, Confusion, Most, Rare};
use crate::report::figures::CriterionFigures;
use crate::report::words;
use serde::Serialize;

/// One criterion.
#[derive(Serialize)]
pub struct CriterionView {
    /// Its id.
    pub id: String,
    /// Its section in the sealed rubric.
    pub url: Option<String>,
    /// Its scale's name.
    pub scale: &'static str,
    /// Its weight; none if it is no part of overall.
    pub weight: Option<f64>,
    /// How far off still counts as right.
    pub tolerance: f64,
    /// Accuracy against gold.
    pub accuracy: AccuracyView,
    /// The best constant answer.
    pub constant: Option<ConstantView>,
    /// How often each category is gold.
    pub gold_rates: Vec<RateView>,
    /// How often each was answered.
    pub answer_rates: Vec<RateView>,
    /// Gold by answer.
    pub confusion: Option<ConfusionView>,
    /// What to know where one category makes up most of the gold, or hardly any of it.
    pub remarks: Vec<String>,
}

/// The best constant answer.
#[derive(Serialize)]
pub struct ConstantView {
    /// The answer.
    pub answer: String,
    /// How often it would be right.
    pub share: f64,
    /// The same in words.
    pub share_text: String,
}

/// How often a category occurs.
#[derive(Serialize)]
pub struct RateView {
    /// The category.
    pub category: String,
    /// By ratings.
    pub count: u64,
    /// Its share.
    pub share: f64,
    /// The same in words.
    pub share_text: String,
}

/// Gold by answer.
#[derive(Serialize)]
pub struct ConfusionView {
    /// The answers.
    pub answers: Vec<String>,
    /// A row for each gold category.
    pub rows: Vec<ConfusionRowView>,
}

/// The answers that met one gold category.
#[derive(Serialize)]
pub struct ConfusionRowView {
    /// The category.
    pub gold: String,
    /// How often each answer met it.
    pub counts: Vec<u64>,
    /// All of them.
    pub total: u64,
}

impl CriterionView {
    /// The view of a criterion.
    pub fn of(figures: &CriterionFigures, url: Option<&str>) -> Self {
        Self {
            id: figures.id.clone(),
            url: url.map(|url| format!("{url}#{}", figures.id)),
            scale: figures.scale,
            weight: figures.weight,
            tolerance: figures.tolerance,
            accuracy: AccuracyView::of(&figures.accuracy),
            constant: figures.constant.as_ref().map(|constant| ConstantView {
                answer: constant.answer.clone(),
                share: constant.share,
                share_text: words::percent(constant.share),
            }),
            gold_rates: rates(&figures.gold_rates),
            answer_rates: rates(&figures.answer_rates),
            confusion: figures.confusion.as_ref().map(ConfusionView::of),
            remarks: figures.most.iter().map(most).chain(figures.rare.iter().map(rare)).collect(),
        }
    }
}

impl ConfusionView {
    fn of(confusion: &Confusion) -> Self {
        let row = |(gold, counts): &(String, Vec<u64>)| ConfusionRowView {
            gold: gold.clone(),
            counts: counts.clone(),
            total: counts.iter().sum(),
        };
        Self { answers: confusion.answers.clone(), rows: confusion.rows.iter().map(row).collect() }
    }
}

fn most(most: &Most) -> String {
    let (share, category) = (words::percent(most.share), &most.category);
    let others = FigureView::of(&most.others);
    let of_others = match (&others.interval, &others.n) {
        (Some(interval), Some(n)) => {
            format!("on the other categories {} ({interval}; {n}) is right out of asked", others.value)
        }
        _ => "there is no gold of other categories".to_owned(),
    };
    format!("{share} of the gold is `{category}`, so that accuracy says little of the rest: {of_others}.")
}

fn rare(rare: &Rare) -> String {
    let (share, category) = (words::percent(rare.share), &rare.category);
    let ratings = words::counted(rare.asked, "rating", "ratings");
    let items = words::counted(rare.items, "item", "items");
    format!(
        "`{category}` is rare: {share} of the gold ({ratings} of {items}, {} of them right).",
        words::number(rare.right)
    )
}

fn rates(counts: &[CategoryCount]) -> Vec<RateView> {
    let total: u64 = counts.iter().map(|rate| rate.count).sum();
    let rate = |rate: &CategoryCount| {
        let share = rate.count as f64 / total as f64;
        RateView { category: rate.category.clone(), count: rate.count, share, share_text: words::percent(share) }
    };
    counts.iter().map(rate).collect()
}
