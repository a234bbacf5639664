//! The trend of one criterion: right out of asked by week.
//!
//! In: a criterion's answers to gold, and the weeks of its task with how much was rated in each. Out: a share for each week.
//! Each answer is gone past once, however many weeks there are.

use super::part::Part;
use super::work::Volume;
use crate::document::Criterion;
use crate::figures::Share;
use crate::ratings::{Tallied, Week};
use std::collections::BTreeMap;

/// The trend of one criterion.
#[derive(Clone, Debug)]
pub struct CriterionTrend {
    /// The criterion's id.
    pub criterion: String,
    /// Right out of asked of each week.
    pub points: Vec<(Week, Share)>,
}

impl CriterionTrend {
    /// The trend over these weeks.
    pub fn of(asked: (u16, &Criterion), cells: &[Tallied], weeks: &[(Week, Volume)]) -> Self {
        let mut by_week: BTreeMap<Week, Vec<&Tallied>> = BTreeMap::new();
        for cell in cells {
            if let Some(week) = cell.week {
                by_week.entry(week).or_default().push(cell);
            }
        }
        let none = Vec::new();
        let point = |(week, work): &(Week, Volume)| {
            let cells = by_week.get(week).unwrap_or(&none);
            (*week, Part::of(asked, cells.iter().copied(), None).accuracy(*work).of_asked)
        };
        Self { criterion: asked.1.id.clone(), points: weeks.iter().map(point).collect() }
    }

    /// The newest `most` weeks of those until the end of one.
    #[must_use]
    pub fn until(&self, week: Week, most: usize) -> Self {
        let points: Vec<_> = self.points.iter().filter(|(of, _)| *of <= week).copied().collect();
        Self { criterion: self.criterion.clone(), points: points[points.len().saturating_sub(most)..].to_vec() }
    }
}
