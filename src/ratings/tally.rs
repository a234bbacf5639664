//! Tallies: counts of right answers, from which every figure on accuracy is computed.
//!
//! In: scored ratings. Out: for each criterion one sorted column of cells with their counts: by cohort, item, rater,
//! gold and answer, then by version and week. What a span of time or a version adds up to is a pass over the cells of a
//! criterion. Tallies of ratings with different keys add up to the tally of all of them. They know no statistic.

use super::{Scored, Week};
use crate::quality::detection;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// What a set of cells is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stratum {
    /// The criterion's number, which also names the task.
    pub question: u16,
    /// The cohort's place in the Model.
    pub cohort: u16,
    /// Whether raters could have seen the gold.
    pub shown: bool,
}

/// What was answered to which gold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TallyCell {
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
    pub asked: u32,
    /// Ratings that answered.
    pub answered: u32,
    /// Ratings that are right.
    pub right: u32,
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

/// A cell and its counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counted {
    /// Which cell.
    pub cell: TallyCell,
    /// Its counts.
    pub count: CellCount,
}

/// A cell of one version and week.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tallied {
    stratum: Stratum,
    /// The version's number.
    pub version: Option<u16>,
    /// The week; none for ratings without a time.
    pub week: Option<Week>,
    /// The cell and its counts.
    pub counted: Counted,
}

impl Tallied {
    fn of(rating: &Scored) -> Self {
        let Scored { cohort, question, shown, version, week, item, rater, gold, given, flags, .. } = *rating;
        let (answered, right) = (u32::from(rating.answered), u32::from(rating.right));
        let count = CellCount { asked: 1, answered, right, flags };
        let counted = Counted { cell: TallyCell { item, rater, gold, given }, count };
        Self { stratum: Stratum { cohort, question, shown }, version, week, counted }
    }

    fn key(&self) -> (Stratum, TallyCell, Option<u16>, Option<Week>) {
        (self.stratum, self.counted.cell, self.version, self.week)
    }
}

/// All counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    by_question: BTreeMap<u16, Vec<Tallied>>,
}

impl Tally {
    /// Counts scored ratings.
    pub fn of(scored: &[Scored]) -> Self {
        let mut tally = Self::default();
        for of_question in scored.chunk_by(|a, b| a.question == b.question) {
            let cells = tally.by_question.entry(of_question[0].question).or_default();
            cells.extend(of_question.iter().map(Tallied::of));
        }
        tally.by_question.values_mut().for_each(add_up);
        tally
    }

    /// This tally with the counts of other ratings.
    pub fn merged(mut self, other: Self) -> Self {
        for (question, mut cells) in other.by_question {
            match self.by_question.entry(question) {
                Entry::Vacant(place) => {
                    place.insert(cells);
                }
                Entry::Occupied(own) => {
                    let own = own.into_mut();
                    own.append(&mut cells);
                    add_up(own);
                }
            }
        }
        self
    }

    /// The cells of a stratum, by item, rater, gold and answer.
    pub fn of_stratum(&self, stratum: Stratum) -> &[Tallied] {
        let cells = self.by_question.get(&stratum.question).map_or(&[][..], Vec::as_slice);
        let from = cells.partition_point(|cell| cell.stratum < stratum);
        let until = cells.partition_point(|cell| cell.stratum <= stratum);
        &cells[from..until]
    }
}

/// Sorts the cells of a criterion and adds up those of one key. Lists that were put one behind the other are only merged.
fn add_up(cells: &mut Vec<Tallied>) {
    cells.sort_by_key(Tallied::key);
    cells.dedup_by(|next, kept| {
        let is_same = next.key() == kept.key();
        if is_same {
            kept.counted.count.add(&next.counted.count);
        }
        is_same
    });
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
