//! Values: how often each answer was given to each item, whether there is gold or not.
//!
//! In: the table. Out: counts by cohort, criterion, item, week and answer, from which agreement is computed. Only
//! independent ratings count, and of those that one rater made of one item the first; where raters could have seen the gold,
//! they would agree with it and not with each other, so those do not count. Counts of ratings with different
//! keys add up to the counts of all of them. They know no rater, and no statistic.

use super::answer::Answer;
use super::entry::Basis;
use super::meanings::Meanings;
use super::table::Rating;
use super::{Ratings, Week};
use crate::model::Model;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// A value that a rater gave to an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Given {
    /// The cohort's place in the Model.
    pub cohort: u16,
    /// The criterion's number.
    pub question: u16,
    /// What was rated.
    pub unit: Unit,
    /// The week of its day.
    pub week: Option<Week>,
    /// Number of the answer.
    pub answer: u32,
}

/// An item under one meaning of the criterion: ratings of two meanings are never compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unit {
    /// The item's number.
    pub item: u32,
    /// Number of the first version that asked the same; none where ratings have no version.
    pub meaning: Option<u16>,
}

/// Counts of one unit by week and answer.
pub type ByWeek = BTreeMap<(Option<Week>, u32), u64>;

/// How often each answer was given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Values {
    questions: BTreeMap<(u16, u16), BTreeMap<Unit, ByWeek>>,
}

/// Every rater's first independent rating of each item made until a day, where it has a value.
pub fn first_values(table: &Ratings, model: &Model, until: Option<Date>) -> Vec<Given> {
    let meanings = Meanings::of(table, model);
    let is_later = |day: Option<Date>| day.zip(until).is_some_and(|(day, until)| day > until);
    let is_shown = |rating: &Rating| {
        table.gold.of(rating.question, rating.item).any(|(_, standard)| standard.shown.by(rating.day))
    };
    let counting = table.ratings.iter().filter(|rating| rating.basis == Basis::Independent && !is_later(rating.day));
    let counting = counting.filter(|rating| !is_shown(rating));
    let mut candidates: Vec<_> = counting
        .filter_map(|rating| {
            let unit = Unit { item: rating.item, meaning: meanings.number(rating) };
            Some(((rating.question, unit, rating.rater), rating.cohort()?, rating))
        })
        .collect();
    candidates.sort_by_key(|(key, _, rating)| (*key, rating.pass, rating.day.is_none(), rating.day, rating.version()));
    let first = candidates.chunk_by(|a, b| a.0 == b.0).map(|of_rater| of_rater[0]);
    let has_value = |answer: u32| matches!(table.names.answers[answer as usize], Answer::Value(_));
    let values = first.filter(|(.., rating)| has_value(rating.answer)).map(|((question, unit, _), cohort, rating)| {
        Given { cohort, question, unit, week: rating.day.map(Week::of), answer: rating.answer }
    });
    values.collect()
}

impl Values {
    /// Counts values.
    pub fn of(given: &[Given]) -> Self {
        let mut values = Self::default();
        for given in given {
            let units = values.questions.entry((given.cohort, given.question)).or_default();
            *units.entry(given.unit).or_default().entry((given.week, given.answer)).or_default() += 1;
        }
        values
    }

    /// These counts with those of other values.
    pub fn merged(mut self, other: Self) -> Self {
        for (question, units) in other.questions {
            let own = self.questions.entry(question).or_default();
            for (unit, by_week) in units {
                let own = own.entry(unit).or_default();
                by_week.into_iter().for_each(|(key, count)| *own.entry(key).or_default() += count);
            }
        }
        self
    }

    /// The units that a cohort rated by a criterion, in order.
    pub fn of_question(&self, cohort: u16, question: u16) -> impl Iterator<Item = &ByWeek> + Clone {
        self.questions.get(&(cohort, question)).into_iter().flat_map(BTreeMap::values)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn given() -> impl Strategy<Value = Given> {
        let week = prop::option::of((1_i8..4).prop_map(|week| Week { year: 2026, week }));
        (0_u16..2, 0_u16..2, 0_u32..4, week, 0_u32..3).prop_map(|(cohort, question, item, week, answer)| Given {
            cohort,
            question,
            unit: Unit { item, meaning: None },
            week,
            answer,
        })
    }

    proptest! {
        #[test]
        fn a_merge_of_counts_is_the_count_of_all(given in prop::collection::vec(given(), 0..60), cut in 0_usize..60) {
            let (first, rest) = given.split_at(cut.min(given.len()));
            prop_assert_eq!(Values::of(first).merged(Values::of(rest)), Values::of(&given));
        }
    }
}
