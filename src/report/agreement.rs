//! Agreement in a span of time: which ratings of which items are compared.
//!
//! In: counts of values by item and week. Out: patterns for `figures::agreement`, and what it makes of them. A week's
//! figures are of the items rated in it, each with all its ratings until then. Flags on steps are left to `gold`.

use crate::document::Criterion;
use crate::figures::agreement::Agreement;
use crate::figures::categories::{Categories, ac_weighting};
use crate::quality::agreement::{IntervalRule, Level};
use crate::quality::patterns::Patterns;
use crate::ratings::{ByWeek, Ratings, Week};
use std::collections::BTreeMap;

/// The units of a span of time.
#[derive(Clone, Copy)]
pub enum Span {
    /// Units rated in the week, with all their ratings until its end.
    In(Week),
    /// All units rated until the end of the week.
    Until(Week),
}

/// The agreement on a criterion; none for scales whose values cannot agree: flags and text.
pub fn of<'a>(
    criterion: &Criterion,
    units: impl Iterator<Item = &'a ByWeek>,
    span: Span,
    ratings: &Ratings,
) -> Option<Agreement> {
    let level = criterion.scale.level()?;
    let units: Vec<Vec<u32>> = units.filter_map(|unit| answers(unit, span)).collect();
    let (categories, codes) = categories(criterion, level, units.iter().flatten().copied(), ratings);
    // An answer without a code is one that the newest rubric no longer has.
    let coded = units.iter().map(|unit| unit.iter().filter_map(|answer| codes.get(answer).copied()));
    let patterns = Patterns::of(categories.names.len(), coded);
    Some(Agreement::of(&patterns, &categories, IntervalRule::default()))
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

/// The categories of a criterion, those of its scale or the numbers that were given, and the place of each answer.
fn categories<'a>(
    criterion: &'a Criterion,
    level: Level,
    answers: impl Iterator<Item = u32>,
    ratings: &'a Ratings,
) -> (Categories<'a>, BTreeMap<u32, u32>) {
    let mut given: Vec<u32> = answers.collect();
    given.sort_unstable();
    given.dedup();
    let label = |answer: u32| ratings.names.answers[answer as usize].label();
    let number = |text: &str| text.parse().unwrap_or(f64::NAN);
    let is_number = level == Level::Interval;
    let mut names: Vec<&str> = criterion.scale.values().collect();
    if is_number {
        names = given.iter().map(|answer| label(*answer)).collect();
        names.sort_by(|a, b| f64::total_cmp(&number(a), &number(b)));
        names.dedup_by(|a, b| number(a) == number(b));
    }
    let is_same = |name: &str, label: &str| name == label || (is_number && number(name) == number(label));
    let place = |answer: u32| names.iter().position(|name| is_same(name, label(answer)));
    let codes = given.iter().filter_map(|answer| Some((*answer, u32::try_from(place(*answer)?).ok()?))).collect();
    let numbers = if is_number { names.iter().map(|name| number(name)).collect() } else { Vec::new() };
    (Categories { level, names, numbers, weighting: ac_weighting(level) }, codes)
}
