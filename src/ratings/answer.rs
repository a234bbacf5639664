//! Answers: what a rater said of one criterion of one item.
//!
//! In: values and flags as read. Out: an `Answer` that can be compared, ordered and interned, and how many flags of
//! two lists match. It never knows what is right: that is `score`.

use crate::model::Outcome;

/// What a rater said.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Answer {
    /// A value of the scale, as the rubric writes it; a number in its shortest form.
    Value(String),
    /// Flags on steps in order; none means that there is nothing to flag.
    Flags(Vec<Flag>),
    /// No value, for this reason.
    Outcome(Outcome),
}

impl Answer {
    /// What a confusion table calls it.
    pub fn label(&self) -> &str {
        match self {
            Self::Value(value) => value,
            Self::Flags(flags) if flags.is_empty() => Outcome::None.name(),
            Self::Flags(_) => "flags",
            Self::Outcome(outcome) => outcome.name(),
        }
    }
}

/// A flag on a step.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Flag {
    /// The step's number.
    pub step: u32,
    /// The kind, one of the scale's.
    pub kind: String,
    /// Attributes by name, in order.
    pub attributes: Vec<(String, String)>,
}

/// How many of two lists of (step, kind) match one-to-one: equal kinds, at most `tolerance` steps apart.
///
/// On sorted steps of one kind the greedy two-pointer walk finds the largest matching.
pub fn matched(gold: &[(u32, &str)], given: &[(u32, &str)], tolerance: f64) -> usize {
    let by_kind = |flags: &[(u32, &str)]| {
        let mut flags: Vec<(String, u32)> = flags.iter().map(|(step, kind)| ((*kind).to_owned(), *step)).collect();
        flags.sort_unstable();
        flags
    };
    let (gold, given) = (by_kind(gold), by_kind(given));
    let (mut g, mut r, mut count) = (0, 0, 0);
    while g < gold.len() && r < given.len() {
        let near = f64::from(gold[g].1.abs_diff(given[r].1)) <= tolerance;
        if gold[g].0 == given[r].0 && near {
            (g, r, count) = (g + 1, r + 1, count + 1);
        } else if gold[g] < given[r] {
            g += 1;
        } else {
            r += 1;
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn flags_match_once_each_and_by_kind() {
        assert_eq!(matched(&[(12, "a")], &[(13, "a")], 1.0), 1);
        assert_eq!(matched(&[(12, "a")], &[(14, "a")], 1.0), 0);
        assert_eq!(matched(&[(12, "a")], &[(12, "b")], 1.0), 0);
        assert_eq!(matched(&[(12, "a")], &[(11, "a"), (13, "a")], 1.0), 1);
        assert_eq!(matched(&[(3, "a"), (4, "a")], &[(4, "a"), (5, "a")], 1.0), 2);
        assert_eq!(matched(&[], &[], 1.0), 0);
    }

    /// Every assignment, tried one by one.
    fn most(gold: &[(u32, &str)], given: &[(u32, &str)], tolerance: f64) -> usize {
        let Some(((step, kind), rest)) = gold.split_first() else { return 0 };
        let fits = |(other, name): &(u32, &str)| name == kind && f64::from(step.abs_diff(*other)) <= tolerance;
        let taking = (0..given.len()).filter(|index| fits(&given[*index])).map(|index| {
            let left: Vec<_> = given.iter().enumerate().filter(|(at, _)| *at != index).map(|(_, flag)| *flag).collect();
            1 + most(rest, &left, tolerance)
        });
        taking.max().unwrap_or(0).max(most(rest, given, tolerance))
    }

    proptest! {
        #[test]
        fn the_greedy_walk_finds_the_largest_matching(
            gold in prop::collection::vec((0_u32..9, prop::sample::select(vec!["a", "b"])), 0..5),
            given in prop::collection::vec((0_u32..9, prop::sample::select(vec!["a", "b"])), 0..5),
            tolerance in 0_u8..3,
        ) {
            let tolerance = f64::from(tolerance);
            prop_assert_eq!(matched(&gold, &given, tolerance), most(&gold, &given, tolerance));
        }
    }
}
