//! Figures: accuracy against gold, by criterion and overall, with intervals that honour items and raters.
//!
//! In: strata of a tally, and counts of values. Out: accuracies and what is needed to read them. Overall is the criteria with values, each
//! rating weighted by its criterion's weight; flags on steps are shown by criterion and are no part of it.

use super::agreement::{Agreed, Agreement, Span};
use super::confusion::{self, CategoryCount, Confusion, Constant, Mixup, Most, Rare};
use super::detection::Detection;
use super::kappa;
use super::work::Volume;
use crate::document::{Criterion, Scale};
use crate::quality::Undefined;
use crate::quality::clustered::{Cell, Clustered, ratio};
use crate::ratings::{self, ByWeek, CellCount, Counted, Ratings};

/// Coverage of intervals; bars use one-sided bounds at the same level.
pub const LEVEL: f64 = 0.95;

/// A share with its interval, or why it is undefined.
pub type Figure = Result<Clustered, Undefined>;

/// Accuracy against gold.
#[derive(Clone, Debug)]
pub struct Accuracy {
    /// Ratings of gold, those without a value included.
    pub asked: u64,
    /// Ratings of gold that answered.
    pub answered: u64,
    /// Ratings of gold that are right.
    pub right: u64,
    /// Right out of answered.
    pub of_answered: Figure,
    /// Right out of asked: what bars are set on.
    pub of_asked: Figure,
    /// Answered out of asked.
    pub share_answered: Figure,
}

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
    pub confusion: Option<Confusion>,
    /// The answer that most often stood where the gold says another.
    pub mixup: Option<Mixup>,
    /// The category that makes up most of the gold, if one does.
    pub most: Option<Most>,
    /// Categories with hardly any gold.
    pub rare: Vec<Rare>,
    /// Agreement with gold beyond chance, for scales with categories.
    pub kappa: Option<Agreed>,
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

/// A criterion and its counts in a span of time.
pub struct Part<'a> {
    /// The criterion's number.
    pub question: u16,
    /// The criterion.
    pub criterion: &'a Criterion,
    /// Its strata.
    pub counted: Vec<&'a Counted>,
    /// All values that were given, whenever.
    pub units: Vec<&'a ByWeek>,
}

impl Part<'_> {
    /// The weight in overall figures; none if it is no part of them.
    pub fn weight(&self) -> Option<f64> {
        let has_values = matches!(self.criterion.scale, Scale::Nominal(_) | Scale::Ordinal(_) | Scale::Number { .. });
        Some(self.criterion.weight).filter(|weight| has_values && *weight > 0.0)
    }

    /// Its cells in every stratum.
    pub fn cells(&self) -> impl Iterator<Item = (&ratings::Cell, &CellCount)> + Clone {
        self.counted.iter().copied().flatten()
    }
}

impl Figures {
    /// All figures of a span.
    pub fn of(work: Volume, parts: &[Part<'_>], span: Span, ratings: &Ratings) -> Self {
        let overall = Accuracy::overall(parts, work);
        let criteria = parts.iter().map(|part| CriterionFigures::of(part, work, span, ratings));
        Self { work, overall, criteria: criteria.collect() }
    }
}

impl CriterionFigures {
    fn of(part: &Part<'_>, work: Volume, span: Span, ratings: &Ratings) -> Self {
        let counts = confusion::Counts::of(part, ratings);
        let accuracy = Accuracy::of(&[(1.0, part)], work, |_| true);
        let is_number = matches!(part.criterion.scale, Scale::Number { .. });
        Self {
            id: part.criterion.id.clone(),
            scale: part.criterion.scale.name(),
            weight: part.weight(),
            tolerance: part.criterion.tolerance,
            constant: counts.constant(part.criterion),
            gold_rates: if is_number { Vec::new() } else { counts.gold_rates() },
            answer_rates: if is_number { Vec::new() } else { counts.answer_rates() },
            confusion: counts.table(part.criterion),
            mixup: counts.mixup(part),
            most: counts.most(part, work),
            rare: counts.rare(part),
            kappa: kappa::of(part, ratings),
            agreement: Agreement::of(part.criterion, part.units.iter().copied(), span, ratings),
            detection: Detection::of(part, ratings),
            accuracy,
        }
    }
}

impl Accuracy {
    /// Accuracy over all criteria with values, by weight.
    pub fn overall(parts: &[Part<'_>], work: Volume) -> Self {
        let weighted: Vec<(f64, &Part<'_>)> = parts.iter().filter_map(|part| Some((part.weight()?, part))).collect();
        Self::of(&weighted, work, |_| true)
    }

    /// Accuracy over weighted criteria, of the gold labels that are wanted.
    pub fn of(parts: &[(f64, &Part<'_>)], work: Volume, wanted: impl Fn(u32) -> bool) -> Self {
        let cells = || {
            let cells =
                parts.iter().flat_map(|(weight, part)| part.cells().map(move |(cell, count)| (*weight, *cell, *count)));
            cells.filter(|(_, cell, _)| wanted(cell.gold))
        };
        let total = |count: fn(&CellCount) -> u64| cells().map(|(_, _, of)| count(&of)).sum();
        let figure = |part: fn(&CellCount) -> u64, whole: fn(&CellCount) -> u64| {
            let weighted: f64 = cells().map(|(weight, _, of)| weight * whole(&of) as f64).sum();
            let number: u64 = cells().map(|(_, _, of)| whole(&of)).sum();
            if number == 0 {
                return Err(if work.ratings == 0 { Undefined::NoData } else { Undefined::NoGold });
            }
            // Weights average one over the ratings, so that the number of ratings stays what it is.
            let scale = number as f64 / weighted;
            let scaled = cells().filter(|(_, _, of)| whole(of) > 0).map(|(weight, cell, of)| Cell {
                item: cell.item,
                rater: cell.rater,
                right: weight * scale * part(&of) as f64,
                asked: weight * scale * whole(&of) as f64,
            });
            ratio(&scaled.collect::<Vec<_>>(), LEVEL)
        };
        Self {
            asked: total(|cell| cell.asked),
            answered: total(|cell| cell.answered),
            right: total(|cell| cell.right),
            of_answered: figure(|cell| cell.right, |cell| cell.answered),
            of_asked: figure(|cell| cell.right, |cell| cell.asked),
            share_answered: figure(|cell| cell.answered, |cell| cell.asked),
        }
    }
}
