//! Percent agreement and the coefficients of Fleiss, Brennan and Prediger, and Gwet, as sums over items.
//!
//! In: a pattern, or the sums over items. Out: what the pattern adds, or the coefficient.
//! The sums are: items with two ratings or more (or pairs of ratings), their disagreement, and where chance depends
//! on the category shares, items with a rating and the shares of their ratings. Never sees distances made from data.

use super::super::Undefined;
use super::super::patterns::Pattern;
use super::super::weights::Weights;
use super::{Averaging, Coefficient};

/// Sums before the category shares.
const FIXED: usize = 3;
/// A sum of shares below this is what rounding leaves of none.
const NONE: f64 = 1e-9;

/// How many sums there are.
pub(super) fn width(coefficient: &Coefficient<'_>, categories: usize) -> usize {
    match coefficient {
        Coefficient::Fleiss(_) | Coefficient::Gwet(_) => FIXED + categories,
        _ => 2,
    }
}

/// What one item with this pattern adds.
pub(super) fn each_feature(coefficient: &Coefficient<'_>, pattern: &Pattern<'_>, add: &mut dyn FnMut(usize, f64)) {
    if pattern.ratings >= 2 {
        let pairs = pattern.ratings as f64 * (pattern.ratings - 1) as f64;
        let unit = if *coefficient == Coefficient::Percent(Averaging::Pairs) { 1.0 } else { pairs };
        add(0, pairs / unit);
        add(1, disagreeing(coefficient, pattern) / unit);
    }
    if let Coefficient::Fleiss(_) | Coefficient::Gwet(_) = coefficient {
        add(2, 1.0);
        for count in pattern.counts {
            add(FIXED + count.category as usize, f64::from(count.ratings) / pattern.ratings as f64);
        }
    }
}

/// Ordered pairs of the item's ratings, each by its disagreement.
pub(super) fn disagreeing(coefficient: &Coefficient<'_>, pattern: &Pattern<'_>) -> f64 {
    let Some(weights) = weights(coefficient) else {
        let other = |ratings: u32| f64::from(ratings) * (pattern.ratings - u64::from(ratings)) as f64;
        return pattern.counts.iter().map(|count| other(count.ratings)).sum();
    };
    let mut sum = 0.0;
    for (index, one) in pattern.counts.iter().enumerate() {
        let row = weights.row(one.category as usize);
        for other in &pattern.counts[index + 1..] {
            sum += f64::from(one.ratings) * f64::from(other.ratings) * (1.0 - row[other.category as usize]);
        }
    }
    2.0 * sum
}

/// The coefficient from the sums.
pub(super) fn value(coefficient: &Coefficient<'_>, sums: &[f64], categories: usize) -> Result<f64, Undefined> {
    let chance = Chance::of(coefficient, sums, categories)?;
    Ok(1.0 - sums[1] / sums[0] / chance.disagreement())
}

/// What chance alone would do.
pub(super) struct Chance<'a> {
    coefficient: &'a Coefficient<'a>,
    sums: &'a [f64],
    categories: usize,
    /// Gwet's T_w, where it is needed.
    total: f64,
}

impl<'a> Chance<'a> {
    /// Refuses sums for which the coefficient is undefined.
    pub(super) fn of(coefficient: &'a Coefficient<'a>, sums: &'a [f64], categories: usize) -> Result<Self, Undefined> {
        let weights = weights(coefficient);
        assert!(weights.is_none_or(|weights| weights.n_categories() == categories), "one weight a pair of categories");
        let needs_two = matches!(coefficient, Coefficient::BrennanPrediger(_) | Coefficient::Gwet(_));
        if needs_two && categories < 2 {
            return Err(Undefined::OneDeclared);
        }
        if sums[0] < 0.5 {
            return Err(Undefined::NoPairs);
        }
        let total = if needs_two { weights.map_or(0.0, Weights::total) } else { 0.0 };
        let chance = Self { coefficient, sums, categories, total };
        if chance.disagreement() > 0.0 { Ok(chance) } else { Err(Undefined::OneCategory) }
    }

    /// D_e, the disagreement that chance would bring.
    pub(super) fn disagreement(&self) -> f64 {
        match self.coefficient {
            Coefficient::Fleiss(_) | Coefficient::Gwet(_) => (0..self.categories)
                .map(|category| (category, self.share(category)))
                .filter(|&(_, share)| share > 0.0)
                .map(|(category, share)| share * self.disagreement_with(category))
                .sum(),
            _ => self.disagreement_with(0),
        }
    }

    /// The disagreement with a category that chance would bring; its mean over the shares is D_e.
    pub(super) fn disagreement_with(&self, category: usize) -> f64 {
        let declared = self.categories as f64;
        match self.coefficient {
            Coefficient::Fleiss(weights) => {
                let row = weights.row(category).iter().enumerate();
                row.map(|(other, weight)| (1.0 - weight) * self.share(other)).sum()
            }
            Coefficient::BrennanPrediger(_) => 1.0 - self.total / (declared * declared),
            Coefficient::Gwet(_) => 1.0 - self.total * (1.0 - self.share(category)) / (declared * (declared - 1.0)),
            Coefficient::Percent(_) | Coefficient::Alpha { .. } | Coefficient::AlphaOf(_) => 1.0,
        }
    }

    /// π_k.
    fn share(&self, category: usize) -> f64 {
        let sum = self.sums[FIXED + category];
        if sum < NONE { 0.0 } else { sum / self.sums[2] }
    }
}

/// The weights, of those that have them.
fn weights<'a>(coefficient: &Coefficient<'a>) -> Option<&'a Weights> {
    match *coefficient {
        Coefficient::Fleiss(weights) | Coefficient::BrennanPrediger(weights) | Coefficient::Gwet(weights) => {
            Some(weights)
        }
        Coefficient::Percent(_) | Coefficient::Alpha { .. } | Coefficient::AlphaOf(_) => None,
    }
}
