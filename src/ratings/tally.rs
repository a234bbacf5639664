//! Tallies: counts of right answers, from which every figure on accuracy is computed.
//!
//! In: scored ratings. Out: counts by cohort, criterion, week and version, each with a cell for every item,
//! rater, gold and answer.
//! Tallies of ratings with different keys add up to the tally of all of them. They know no statistic.

use super::{Scored, Week};
use crate::quality::detection;
use std::collections::BTreeMap;

/// What a set of counts is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stratum {
    /// The cohort's place in the Model.
    pub cohort: u16,
    /// The criterion's number, which also names the task.
    pub question: u16,
    /// Whether raters could have seen the gold.
    pub shown: bool,
    /// The week; none for ratings without a time.
    pub week: Option<Week>,
    /// The version's number.
    pub version: Option<u16>,
}

/// What was answered to which gold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cell {
    /// The item's number.
    pub item: u32,
    /// The rater's number.
    pub rater: u32,
    /// Number of the gold's label.
    pub gold: u32,
    /// Number of the answer given.
    pub given: u32,
}

/// Counts of one cell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CellCount {
    /// Ratings, those without a value included.
    pub asked: u64,
    /// Ratings that answered.
    pub answered: u64,
    /// Ratings that are right.
    pub right: u64,
    /// Flags that match gold, and those that do not; nothing for criteria with values.
    pub flags: detection::Counts,
}

impl CellCount {
    fn add(&mut self, other: &Self) {
        self.asked += other.asked;
        self.answered += other.answered;
        self.right += other.right;
        self.flags = self.flags.merged(other.flags);
    }
}

/// The counts of one stratum.
pub type Counted = BTreeMap<Cell, CellCount>;

/// All counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    strata: BTreeMap<Stratum, Counted>,
}

impl Tally {
    /// Counts scored ratings.
    pub fn of(scored: &[Scored]) -> Self {
        let mut tally = Self::default();
        for rating in scored {
            tally.add(rating);
        }
        tally
    }

    fn add(&mut self, rating: &Scored) {
        let Scored { cohort, question, shown, week, version, item, rater, gold, given, .. } = *rating;
        let counted = self.strata.entry(Stratum { cohort, question, shown, week, version }).or_default();
        counted.entry(Cell { item, rater, gold, given }).or_default().add(&CellCount {
            asked: 1,
            answered: u64::from(rating.answered),
            right: u64::from(rating.right),
            flags: rating.flags,
        });
    }

    /// This tally with the counts of other ratings.
    pub fn merged(mut self, other: Self) -> Self {
        for (stratum, counted) in other.strata {
            let sum = self.strata.entry(stratum).or_default();
            for (cell, count) in counted {
                sum.entry(cell).or_default().add(&count);
            }
        }
        self
    }

    /// The strata of a cohort and criterion, by week and version; shown gold apart.
    pub fn of_question(&self, cohort: u16, question: u16, shown: bool) -> impl Iterator<Item = (&Stratum, &Counted)> {
        let first = Stratum { cohort, question, shown, week: None, version: None };
        let key = |stratum: &Stratum| (stratum.cohort, stratum.question, stratum.shown);
        self.strata.range(first..).take_while(move |(stratum, _)| key(stratum) == key(&first))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn scored() -> impl Strategy<Value = Scored> {
        let week = prop::option::of((1_i8..4).prop_map(|week| Week { year: 2026, week }));
        (0_u16..2, 0_u16..2, week, 0_u32..4, 0_u32..4, 0_u32..2, 0_u32..3, any::<(bool, bool, bool)>()).prop_map(
            |(cohort, question, week, item, rater, gold, given, (answered, right, shown))| Scored {
                question,
                cohort,
                version: None,
                week,
                item,
                rater,
                gold,
                given,
                answered: answered || right,
                right,
                flags: detection::Counts::default(),
                shown,
            },
        )
    }

    proptest! {
        #[test]
        fn a_merge_of_tallies_is_the_tally_of_all(ratings in prop::collection::vec(scored(), 0..60), parts in 1_u32..4) {
            let mut merged = Tally::default();
            for part in 0..parts {
                let of_part: Vec<Scored> =
                    ratings.iter().filter(|rating| (rating.item * 7 + rating.rater) % parts == part).copied().collect();
                merged = merged.merged(Tally::of(&of_part));
            }
            prop_assert_eq!(merged, Tally::of(&ratings));
        }
    }
}
