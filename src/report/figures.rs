//! Figures of a span of time: every criterion's, and accuracy over all of them.
//!
//! In: the part of a criterion. Out: what `figures` makes of it. Overall is the criteria with values, each rating weighted
//! by its criterion's weight; flags on steps are shown by criterion and are no part of it.

use super::gold;
use super::part::{Part, weight};
use super::work::Volume;
use crate::figures::accuracy::Accuracy;
use crate::figures::agreement::Agreement;
use crate::figures::closeness::Closeness;
use crate::figures::confusion::{CategoryCount, ConfusionTable, Constant, GoldByAnswer, Mixup, Most, Rare};
use crate::figures::detection::Detection;
use crate::figures::overlap::Overlap;
use crate::figures::{Agreed, kappa};
use crate::model::Outcome;
use crate::quality::agreement::IntervalRule;
use crate::ratings::Ratings;

/// What is reported of one criterion.
#[derive(Clone, Debug)]
pub struct CriterionFigures {
    /// Its id.
    pub id: String,
    /// Its scale's name.
    pub scale: &'static str,
    /// Its weight in overall figures; none if it is no part of them.
    pub weight: Option<f64>,
    /// How far off still counts as right.
    pub tolerance: f64,
    /// Accuracy against gold.
    pub accuracy: Accuracy,
    /// What the best constant answer would score.
    pub constant: Option<Constant>,
    /// How often each category is gold, by ratings asked; not for numbers.
    pub gold_rates: Vec<CategoryCount>,
    /// How often each category was answered; not for numbers.
    pub answer_rates: Vec<CategoryCount>,
    /// Gold by answer, for scales with categories.
    pub confusion: Option<ConfusionTable>,
    /// The answer that most often stood where the gold says another.
    pub mixup: Option<Mixup>,
    /// The category that makes up most of the gold, if one does.
    pub most: Option<Most>,
    /// Categories with hardly any gold.
    pub rare: Vec<Rare>,
    /// Agreement with gold beyond chance, for scales with categories.
    pub kappa: Option<Agreed>,
    /// What that is called.
    pub kappa_name: &'static str,
    /// What answers have in common with gold, for sets.
    pub overlap: Option<Overlap>,
    /// How far answers are from gold, for numbers and values in order.
    pub closeness: Option<Closeness>,
    /// Agreement among raters, for scales with values.
    pub agreement: Option<Agreement>,
    /// How well flags match gold, for steps.
    pub detection: Option<Detection>,
}

/// What is reported of a task for a span of time.
#[derive(Clone, Debug)]
pub struct Figures {
    /// How much was rated.
    pub work: Volume,
    /// Accuracy over the criteria that have values.
    pub overall: Accuracy,
    /// By criterion, as in the rubric.
    pub criteria: Vec<CriterionFigures>,
}

impl CriterionFigures {
    /// All figures of a criterion.
    pub fn of(part: &Part<'_>, work: Volume, ratings: &Ratings) -> Self {
        let gold_label = |label: u32| ratings.gold.labels[label as usize].text.as_str();
        let counts = GoldByAnswer::of(&part.answers, &gold_label, |of| ratings.names.answers[of as usize].label());
        let scale = &part.criterion.scale;
        let is_number = scale.has_numbers();
        let categories: Vec<&str> = scale.values().collect();
        let by_category = scale.has_categories().then_some(&counts);
        // Where the gold is unsure, only ratings that are right are scored at all.
        let rare = by_category.map_or_else(Vec::new, |counts| counts.rare(Outcome::Unsure.name()));
        Self {
            id: part.criterion.id.clone(),
            scale: scale.name(),
            weight: weight(part.criterion),
            tolerance: part.criterion.tolerance,
            accuracy: part.accuracy(work),
            constant: gold::constant(part, &counts, ratings),
            gold_rates: if is_number { Vec::new() } else { counts.gold_rates() },
            answer_rates: if is_number { Vec::new() } else { counts.answer_rates() },
            confusion: by_category.and_then(|counts| counts.table(&categories)),
            mixup: by_category.and_then(GoldByAnswer::mixup),
            most: by_category.and_then(GoldByAnswer::most),
            rare,
            kappa: gold::kappa(part, work, ratings),
            kappa_name: scale.weighting().map_or("", kappa::name),
            overlap: gold::overlap(part, work, ratings),
            closeness: gold::closeness(part, work, ratings),
            agreement: part
                .rated
                .map(|rated| Agreement::of(&rated.patterns, &rated.categories, IntervalRule::default())),
            detection: gold::detection(part, work, ratings),
        }
    }
}
