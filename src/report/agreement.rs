//! Agreement among raters: raw, beyond chance, and what misleads about it.
//!
//! In: counts of values by item. Out: percent agreement, Krippendorff's alpha at the scale's level and, where one category
//! prevails, Gwet's AC1 or AC2. A week's figures are of the items rated in it, each with all its ratings until then.
//! Gold has no part in it, and raters are not told apart. Flags on steps are left to `detection`.

use super::figures::LEVEL;
use crate::document::{Criterion, Scale};
use crate::quality::agreement::{Averaging, Coefficient, Level};
use crate::quality::patterns::Patterns;
use crate::quality::weights::{Weighting, Weights};
use crate::quality::{Interval, Measured, Undefined};
use crate::ratings::{ByWeek, Ratings, Week};
use std::collections::BTreeMap;

/// One category makes up so much that chance-corrected figures fall although raters agree.
const PREVAILS: f64 = 0.8;
/// Below this many items an interval over items is not to be trusted.
const FEW_ITEMS: u64 = 30;

/// How far raters agree on one criterion.
#[derive(Clone, Debug)]
pub struct Agreement {
    /// Items with at least two ratings.
    pub items: u64,
    /// Ratings of them.
    pub ratings: u64,
    /// The level of measurement that alpha is computed at.
    pub level: Level,
    /// Percent agreement: the mean over items of the share of pairs that agree.
    pub raw: Agreed,
    /// Krippendorff's alpha.
    pub alpha: Agreed,
    /// Gwet's AC1, or AC2 with quadratic weights on an ordinal scale; none for numbers.
    pub ac: Option<Agreed>,
    /// The category that makes up most of the values, if one does, and its share.
    pub prevailing: Option<(String, f64)>,
}

/// A figure of agreement, or why it is undefined.
pub type Agreed = Result<Measured, Undefined>;

/// The units of a span of time.
#[derive(Clone, Copy)]
pub enum Span {
    /// Units rated in the week, with all their ratings until its end.
    In(Week),
    /// All units rated until the end of the week.
    Until(Week),
}

impl Agreement {
    /// The agreement on a criterion; none for scales whose values cannot agree: flags and text.
    pub fn of<'a>(
        criterion: &Criterion,
        units: impl Iterator<Item = &'a ByWeek>,
        span: Span,
        ratings: &Ratings,
    ) -> Option<Self> {
        let level = match criterion.scale {
            Scale::Nominal(_) => Level::Nominal,
            Scale::Ordinal(_) => Level::Ordinal,
            Scale::Number { .. } => Level::Interval,
            Scale::Steps(_) | Scale::Text => return None,
        };
        let units: Vec<Vec<u32>> = units.filter_map(|unit| answers(unit, span)).collect();
        let scale = Categories::of(criterion, units.iter().flatten().copied(), ratings);
        let coded = units.iter().map(|unit| unit.iter().filter_map(|answer| scale.code(*answer)));
        let patterns = Patterns::of(scale.names.len(), coded);
        let alpha = Coefficient::Alpha { level, numbers: &scale.numbers };
        let kind = if level == Level::Ordinal { Weighting::Quadratic } else { Weighting::Identity };
        let weights = (level != Level::Interval).then(|| Weights::of(kind, scale.names.len()));
        let pairable = patterns.iter().filter(|pattern| pattern.ratings >= 2);
        Some(Self {
            items: patterns.n_pairable(),
            ratings: pairable.map(|pattern| pattern.ratings * pattern.items).sum(),
            level,
            raw: agreed(&Coefficient::Percent(Averaging::Items), &patterns),
            alpha: agreed(&alpha, &patterns),
            ac: weights.map(|weights| agreed(&Coefficient::Gwet(&weights), &patterns)),
            prevailing: scale.prevailing(&patterns).filter(|_| level != Level::Interval),
        })
    }

    /// What to keep in mind where one category prevails.
    pub fn caution(&self) -> Option<String> {
        let (category, share) = self.prevailing.as_ref()?;
        let (share, ac) = (super::words::percent(*share), self.ac_name());
        Some(format!(
            "{share} of the values are `{category}`, so that chance alone would agree often and alpha is low even where \
             raters agree: read it beside raw agreement and {ac}, which does not fall with the share of one category."
        ))
    }

    /// Whether there are so few items that the intervals are rough.
    pub fn is_rough(&self) -> bool {
        (1..FEW_ITEMS).contains(&self.items)
    }

    /// `AC1`, or `AC2` where weights count near misses in part.
    pub fn ac_name(&self) -> &'static str {
        if self.level == Level::Ordinal { "AC2" } else { "AC1" }
    }
}

/// The answers to a unit in a span, once for each rating; none if the unit is not part of it.
fn answers(unit: &ByWeek, span: Span) -> Option<Vec<u32>> {
    let (until, rated_in) = match span {
        Span::In(week) => (week, Some(week)),
        Span::Until(week) => (week, None),
    };
    let before = || unit.iter().filter(|((week, _), _)| week.is_none_or(|week| week <= until));
    if rated_in.is_some_and(|rated_in| !before().any(|((week, _), _)| *week == Some(rated_in))) {
        return None;
    }
    Some(before().flat_map(|((_, answer), count)| std::iter::repeat_n(*answer, *count as usize)).collect())
}

/// The categories of a criterion: those of its scale, or the numbers that were given.
struct Categories<'a> {
    names: Vec<&'a str>,
    numbers: Vec<f64>,
    codes: BTreeMap<u32, u32>,
}

impl<'a> Categories<'a> {
    fn of(criterion: &'a Criterion, answers: impl Iterator<Item = u32>, ratings: &'a Ratings) -> Self {
        let mut given: Vec<u32> = answers.collect();
        given.sort_unstable();
        given.dedup();
        let label = |answer: u32| ratings.names.answers[answer as usize].label();
        let number = |text: &str| text.parse().unwrap_or(f64::NAN);
        let mut names: Vec<&str> = criterion.scale.choices().iter().map(|choice| choice.value.as_str()).collect();
        if matches!(criterion.scale, Scale::Number { .. }) {
            names = given.iter().map(|answer| label(*answer)).collect();
            names.sort_by(|a, b| f64::total_cmp(&number(a), &number(b)));
            names.dedup_by(|a, b| number(a) == number(b));
        }
        let is_number = criterion.scale.choices().is_empty();
        let is_same = |name: &str, label: &str| name == label || (is_number && number(name) == number(label));
        let place = |answer: u32| names.iter().position(|name| is_same(name, label(answer)));
        let codes = given.iter().filter_map(|answer| Some((*answer, u32::try_from(place(*answer)?).ok()?))).collect();
        let numbers = if is_number { names.iter().map(|name| number(name)).collect() } else { Vec::new() };
        Self { names, numbers, codes }
    }

    /// An answer's category; none for what the newest rubric no longer has.
    fn code(&self, answer: u32) -> Option<u32> {
        self.codes.get(&answer).copied()
    }

    /// The category with most values, if it has more than four fifths of them.
    fn prevailing(&self, patterns: &Patterns) -> Option<(String, f64)> {
        let mut counts = vec![0_u64; self.names.len()];
        for pattern in patterns.iter() {
            for count in pattern.counts {
                counts[count.category as usize] += u64::from(count.ratings) * pattern.items;
            }
        }
        let (category, most) = counts.iter().enumerate().max_by_key(|(_, count)| **count)?;
        let share = *most as f64 / counts.iter().sum::<u64>() as f64;
        (share > PREVAILS).then(|| (self.names[category].to_owned(), share))
    }
}

fn agreed(coefficient: &Coefficient<'_>, patterns: &Patterns) -> Agreed {
    let point = coefficient.of(patterns)?;
    let one_sided = 2.0 * LEVEL - 1.0;
    let interval = coefficient.estimate(patterns, LEVEL).and_then(|estimate| {
        let bounds = coefficient.estimate(patterns, one_sided)?;
        let standard_error = coefficient.standard_error(patterns)?;
        Ok(Interval { estimate, lower: bounds.low, upper: bounds.high, standard_error })
    });
    Ok(Measured { point, items: patterns.n_pairable(), interval })
}
