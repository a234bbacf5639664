//! Kappa: how far ratings agree with gold beyond chance.
//!
//! In: counts of one criterion by item, rater, gold and answer. Out: Cohen's kappa over all raters, unweighted on a nominal
//! and with quadratic weights on an ordinal scale. Answers without a value, and gold that takes several for right, have no
//! place in such a table and are left out.

use super::agreement::Agreed;
use super::figures::{LEVEL, Part};
use crate::document::{Criterion, Scale};
use crate::quality::Undefined;
use crate::quality::clustered::kappa::{Answered, against_gold};
use crate::quality::weights::{Weighting, Weights};
use crate::ratings::Ratings;

/// Kappa against gold; none for scales without categories.
pub fn of(part: &Part<'_>, ratings: &Ratings) -> Option<Agreed> {
    let kind = match part.criterion.scale {
        Scale::Nominal(_) => Weighting::Identity,
        Scale::Ordinal(_) => Weighting::Quadratic,
        _ => return None,
    };
    let weights = Weights::of(kind, part.criterion.scale.choices().len());
    let answers: Vec<Answered> = answers(part, ratings).collect();
    Some(against_gold(&answers, &weights, LEVEL).map_err(|undefined| match undefined {
        Undefined::NoData => Undefined::NoGold,
        other => other,
    }))
}

fn answers<'a>(part: &'a Part<'_>, ratings: &'a Ratings) -> impl Iterator<Item = Answered> + 'a {
    part.cells().filter_map(|(cell, count)| {
        let [gold_value] = ratings.gold.labels[cell.gold as usize].values.as_slice() else { return None };
        let gold = category(part.criterion, gold_value)?;
        let given = category(part.criterion, ratings.names.answers[cell.given as usize].label())?;
        Some(Answered { item: cell.item, rater: cell.rater, gold, given, times: count.answered })
    })
}

fn category(criterion: &Criterion, value: &str) -> Option<u32> {
    let place = criterion.scale.choices().iter().position(|choice| choice.value == value);
    place.and_then(|place| u32::try_from(place).ok())
}
