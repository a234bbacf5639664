//! Turnover: who rated in a week and not before, who did before and not in it, and how the time taken compares.
//!
//! In: raters and times of weeks in order. Out: for each a `Turnover`, against the four weeks before it. It names nobody.

use crate::ratings::Week;
use ahash::AHashSet;
use std::collections::VecDeque;

/// Weeks that a week is compared with.
const BEFORE: i64 = 4;

/// Who rated in a week, and how fast, beside the four weeks before.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Turnover {
    /// Raters of the week.
    pub raters: u64,
    /// Those who had never rated the task before.
    pub joined: u64,
    /// Raters of the four weeks before who did not rate in this one; none in the first week.
    pub left: u64,
    /// The time that half of the week's submissions took at most, in seconds.
    pub median_seconds: Option<f64>,
    /// The same of the four weeks before.
    pub median_before: Option<f64>,
}

/// Counts turnover as weeks go by.
#[derive(Default)]
pub struct TurnoverCounter {
    known: AHashSet<u32>,
    recent: VecDeque<(Week, AHashSet<u32>, Vec<f32>)>,
}

impl TurnoverCounter {
    /// Takes a week along.
    pub fn week(&mut self, week: Week, raters: &AHashSet<u32>, seconds: &[f32]) -> Turnover {
        while self.recent.front().is_some_and(|(of, ..)| *of < week.before(BEFORE)) {
            self.recent.pop_front();
        }
        let before: AHashSet<u32> = self.recent.iter().flat_map(|(_, raters, _)| raters).copied().collect();
        let mut times: Vec<f32> = self.recent.iter().flat_map(|(.., seconds)| seconds).copied().collect();
        let turnover = Turnover {
            raters: raters.len() as u64,
            joined: if self.known.is_empty() { 0 } else { raters.difference(&self.known).count() as u64 },
            left: before.difference(raters).count() as u64,
            median_seconds: median(&mut seconds.to_vec()),
            median_before: median(&mut times),
        };
        self.known.extend(raters);
        self.recent.push_back((week, raters.clone(), seconds.to_vec()));
        turnover
    }
}

/// The middle one, or the mean of the two in the middle. What was sorted the last time is only merged with what is new.
pub fn median(values: &mut [f32]) -> Option<f64> {
    values.sort_by(f32::total_cmp);
    let upper = f64::from(*values.get(values.len() / 2)?);
    let lower = f64::from(values[(values.len() - 1) / 2]);
    Some(f64::midpoint(lower, upper))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joining_is_for_good_and_leaving_is_not_having_rated_for_a_week() {
        let mut counter = TurnoverCounter::default();
        let mut of = |week: i8, raters: &[u32], seconds: &[f32]| {
            counter.week(Week { year: 2026, week }, &raters.iter().copied().collect(), seconds)
        };
        let first = of(10, &[1, 2], &[60.0, 80.0]);
        assert_eq!((first.raters, first.joined, first.left, first.median_before), (2, 0, 0, None));
        let second = of(11, &[2, 3], &[50.0]);
        assert_eq!((second.joined, second.left), (1, 1));
        assert_eq!((second.median_seconds, second.median_before), (Some(50.0), Some(70.0)));
        // Week 10 is no longer among the four before: nobody left, and who comes back had joined already.
        let third = of(15, &[1, 2, 3], &[]);
        assert_eq!((third.joined, third.left, third.median_before), (0, 0, Some(50.0)));
    }
}
