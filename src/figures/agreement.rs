//! Agreement among raters: raw, beyond chance, and what may mislead about it.
//!
//! In: the patterns in which items were rated, and the scale as agreement sees it. Out: percent agreement, Krippendorff's
//! alpha at the scale's level, Gwet's coefficient where its weights are known, and cautions. Gold has no part in it, and
//! raters are not told apart.

use super::categories::{Categories, ac_name};
use super::caution::{self, Caution};
use super::{Agreed, LEVEL};
use crate::quality::agreement::{Averaging, Coefficient, IntervalRule};
use crate::quality::patterns::Patterns;
use crate::quality::weights::Weights;
use crate::quality::{Interval, Measured, Undefined};

/// How far raters agree on one criterion.
#[derive(Clone, Debug)]
pub struct Agreement {
    /// Items with at least two ratings.
    pub items: u64,
    /// Ratings of them.
    pub ratings: u64,
    /// The level of measurement that alpha is computed at, or what its distances are called.
    pub level: &'static str,
    /// Percent agreement: the mean over items of the share of pairs that agree.
    pub raw: Agreed,
    /// Krippendorff's alpha.
    pub alpha: Agreed,
    /// Gwet's AC1, or AC2 with weights.
    pub ac: Option<Agreed>,
    /// `AC1`, or `AC2` where weights count near misses in part.
    pub ac_name: &'static str,
    /// Whether one category prevails, so that alpha must not be read alone.
    pub prevails: bool,
    /// What to keep in mind.
    pub cautions: Vec<Caution>,
}

impl Agreement {
    /// All figures of one criterion.
    pub fn of(patterns: &Patterns, categories: &Categories<'_>, rule: IntervalRule) -> Self {
        let (alpha, level) = categories.alpha();
        let weights = categories.weighting.map(|kind| Weights::of(kind, categories.names.len()));
        let pairable = patterns.iter().filter(|pattern| pattern.ratings >= 2);
        let cautions = caution::of_agreement(patterns, categories);
        Self {
            items: patterns.n_pairable(),
            ratings: pairable.map(|pattern| pattern.ratings * pattern.items).sum(),
            level,
            raw: measured(&Coefficient::Percent(Averaging::Items), patterns, rule),
            alpha: measured(&alpha, patterns, rule),
            ac: weights.map(|weights| measured(&Coefficient::Gwet(&weights), patterns, rule)),
            ac_name: ac_name(categories.weighting),
            prevails: cautions.iter().any(|caution| matches!(caution, Caution::Prevails { .. })),
            cautions,
        }
    }
}

/// A coefficient with its two-sided interval and one-sided bounds.
pub fn measured(coefficient: &Coefficient<'_>, patterns: &Patterns, rule: IntervalRule) -> Agreed {
    let point = coefficient.of(patterns)?;
    Ok(Measured { point, items: patterns.n_pairable(), interval: interval(coefficient, patterns, rule) })
}

fn interval(coefficient: &Coefficient<'_>, patterns: &Patterns, rule: IntervalRule) -> Result<Interval, Undefined> {
    let [estimate, one_sided] = coefficient.estimates_by(rule, patterns, [LEVEL, 2.0 * LEVEL - 1.0]);
    let (estimate, one_sided) = (estimate?, one_sided?);
    let standard_error = coefficient.standard_error(patterns)?;
    Ok(Interval { estimate, lower: one_sided.low, upper: one_sided.high, standard_error })
}
