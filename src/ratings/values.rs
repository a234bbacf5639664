//! Values: how often each answer was given to each item, whether there is gold or not.
//!
//! In: the table. Out: for each criterion one sorted column of counts by cohort, item, week and answer, from which agreement
//! is computed. Only independent ratings count, and of those that one rater made of one item the first; where raters could
//! have seen the gold, they would agree with it and not with each other, so those do not count. Counts of ratings with
//! different keys add up to the counts of all of them. They know no rater, and no statistic.

use super::entry::RatingBasis;
use super::meanings::Meanings;
use super::table::{QuestionRatings, Rating};
use super::{Ratings, Scope, Week};
use crate::model::Model;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// A value that raters gave to an item, and how many of them did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Given {
    /// The cohort's place in the Model.
    pub cohort: u16,
    /// What was rated.
    pub unit: Unit,
    /// The week of its day.
    pub week: Option<Week>,
    /// Number of the answer.
    pub answer: u32,
    /// How often it was given.
    pub count: u32,
}

impl Given {
    fn key(&self) -> (u16, Unit, Option<Week>, u32) {
        (self.cohort, self.unit, self.week, self.answer)
    }
}

/// An item under one meaning of the criterion: ratings of two meanings are never compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unit {
    /// The item's number.
    pub item: u32,
    /// Number of the first version that asked the same; none where ratings have no version.
    pub meaning: Option<u16>,
}

/// How often each answer was given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Values {
    by_question: BTreeMap<u16, Vec<Given>>,
}

/// Counts every rater's first independent rating of each item, where it has a value.
pub fn values(table: &Ratings, model: &Model, scope: Scope) -> Values {
    let meanings = Meanings::of(table, model);
    let of_question =
        |ratings: QuestionRatings<'_>| Values::of(ratings.question, first_values(ratings, table, &meanings, scope));
    table.ratings.by_question().into_par_iter().map(of_question).reduce(Values::default, Values::merged)
}

/// The values among one criterion's ratings.
fn first_values(ratings: QuestionRatings<'_>, table: &Ratings, meanings: &Meanings, scope: Scope) -> Vec<Given> {
    let is_independent = |rating: &Rating| rating.of.basis == RatingBasis::Independent;
    let counts = |rating: &Rating| {
        let is_counting = is_independent(rating) && !scope.is_too_late(&rating.of);
        is_counting && !is_shown(rating, table) && rating.of.cohort().is_some()
    };
    let counting = ratings.iter_with_places().filter(|(_, rating)| counts(rating));
    let mut candidates: Vec<(Unit, u32, u32)> = Vec::with_capacity(ratings.len());
    candidates.extend(counting.map(|(place, rating)| {
        (Unit { item: rating.of.item, meaning: meanings.number(&rating) }, rating.of.rater, place)
    }));
    candidates.sort_by_key(|(unit, rater, place)| (*unit, *rater, ratings.get(*place).of.order()));
    let by_rater = candidates.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1));
    let first = by_rater.map(|of_rater| (of_rater[0].0, ratings.get(of_rater[0].2)));
    let has_value = |answer: u32| table.names.answers[answer as usize].has_value();
    let mut values = Vec::with_capacity(candidates.len());
    values.extend(first.filter(|(_, rating)| has_value(rating.answer)).filter_map(|(unit, rating)| {
        let (week, answer) = (rating.of.day.map(Week::of), rating.answer);
        Some(Given { cohort: scope.cohort_of(&rating.of)?, unit, week, answer, count: 1 })
    }));
    values
}

/// Whether the rater could have seen a gold answer.
fn is_shown(rating: &Rating, table: &Ratings) -> bool {
    table.gold.of(rating.question, rating.of.item).any(|(_, standard)| standard.shown.by(rating.of.day))
}

impl Values {
    /// Adds up the values of a criterion.
    pub fn of(question: u16, mut given: Vec<Given>) -> Self {
        add_up(&mut given);
        given.shrink_to_fit();
        Self { by_question: BTreeMap::from([(question, given)]) }
    }

    /// These counts with those of other values.
    pub fn merged(mut self, other: Self) -> Self {
        for (question, mut given) in other.by_question {
            match self.by_question.entry(question) {
                Entry::Vacant(place) => {
                    place.insert(given);
                }
                Entry::Occupied(own) => {
                    let own = own.into_mut();
                    own.append(&mut given);
                    add_up(own);
                }
            }
        }
        self
    }

    /// What a cohort said by a criterion: by unit, week and answer.
    pub fn of_question(&self, cohort: u16, question: u16) -> &[Given] {
        let given = self.by_question.get(&question).map_or(&[][..], Vec::as_slice);
        let from = given.partition_point(|given| given.cohort < cohort);
        let until = given.partition_point(|given| given.cohort <= cohort);
        &given[from..until]
    }
}

/// Sorts the values of a criterion and adds up those of one key. Lists that were put one behind the other are only merged.
fn add_up(given: &mut Vec<Given>) {
    given.sort_by_key(Given::key);
    given.dedup_by(|next, kept| {
        let is_same = next.key() == kept.key();
        if is_same {
            kept.count += next.count;
        }
        is_same
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn given() -> impl Strategy<Value = Given> {
        let week = prop::option::of((1_i8..4).prop_map(|week| Week { year: 2026, week }));
        (0_u16..2, 0_u32..4, week, 0_u32..3).prop_map(|(cohort, item, week, answer)| Given {
            cohort,
            unit: Unit { item, meaning: None },
            week,
            answer,
            count: 1,
        })
    }

    /// The values of two criteria.
    fn counted(given: &[(u16, Given)]) -> Values {
        let of = |question| given.iter().filter(|(of, _)| *of == question).map(|(_, given)| *given).collect();
        Values::of(0, of(0)).merged(Values::of(1, of(1)))
    }

    proptest! {
        #[test]
        fn a_merge_of_counts_is_the_count_of_all(
            given in prop::collection::vec((0_u16..2, given()), 0..60),
            cut in 0_usize..60,
        ) {
            let (first, rest) = given.split_at(cut.min(given.len()));
            prop_assert_eq!(counted(first).merged(counted(rest)), counted(&given));
        }
    }
}
