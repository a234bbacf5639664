//! The trend of one criterion: right out of asked by week.
//!
//! In: a criterion's answers to gold, the weeks of its task with how much was rated in each, and the shares that are known
//! already. Out: a share for each week. Each answer is gone past once, however many weeks there are.

use super::part::Part;
use super::work::Volume;
use crate::document::Criterion;
use crate::figures::Share;
use crate::ratings::{Tallied, Week};
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

/// The trend of one criterion in some weeks.
#[derive(Clone, Debug)]
pub struct CriterionTrend {
    /// The criterion's id.
    pub criterion: Arc<str>,
    /// All weeks: reports of many weeks share them.
    all: Arc<[(Week, Share)]>,
    shown: Range<usize>,
}

impl CriterionTrend {
    /// The trend over these weeks.
    pub fn of(
        asked: (u16, &Criterion),
        cells: &[Tallied],
        weeks: &[(Week, Volume)],
        known: &BTreeMap<Week, Share>,
    ) -> Self {
        let mut by_week: BTreeMap<Week, Vec<&Tallied>> = BTreeMap::new();
        for cell in cells {
            if let Some(week) = cell.week.filter(|week| !known.contains_key(week)) {
                by_week.entry(week).or_default().push(cell);
            }
        }
        let none = Vec::new();
        let share = |week: Week, work: Volume| {
            let cells = by_week.get(&week).unwrap_or(&none);
            Part::of(asked, cells.iter().copied(), None).accuracy(work).of_asked
        };
        let point =
            |(week, work): &(Week, Volume)| (*week, known.get(week).copied().unwrap_or_else(|| share(*week, *work)));
        let all: Arc<[_]> = weeks.iter().map(point).collect();
        Self { criterion: asked.1.id.as_str().into(), shown: 0..all.len(), all }
    }

    /// The newest `most` weeks of those until the end of one.
    #[must_use]
    pub fn until(&self, week: Week, most: usize) -> Self {
        let end = self.all.partition_point(|(of, _)| *of <= week);
        Self { shown: end.saturating_sub(most)..end, ..self.clone() }
    }

    /// Right out of asked of each week.
    pub fn points(&self) -> &[(Week, Share)] {
        &self.all[self.shown.clone()]
    }
}
