//! Beside: the weeks in which a cohort and others rated the same gold items, side by side.
//!
//! In: the series of a cohort, and of others by the same criterion. Out: week by week the answers of both to the items
//! that both rated in it. Others are the cohorts of the same role; where none of them rated these items, the experts: they
//! made part of the gold, and stand in for others only where nobody else can. It compares nothing.

use super::series::{AllSeries, Series, SeriesWeek};
use crate::document::CohortRole;
use crate::model::Model;
use crate::quality::clustered::ScoredCell;
use crate::quality::contrast::{AnswerSums, AnswerTotal, ContrastSide, ItemPairs, PooledEffect, SharedItems};
use crate::ratings::Week;
use std::collections::BTreeSet;

/// A series beside those of others.
pub struct BesideSeries {
    /// The other cohorts by their places in the Model.
    pub others: Vec<u16>,
    /// The weeks in which both rated the same items, in order.
    pub weeks: Vec<SharedWeek>,
}

/// A week in which a cohort and others rated the same items.
pub struct SharedWeek {
    /// The week.
    pub week: Week,
    /// As in the cohort's series.
    meaning: u16,
    own: AnswerSums,
    others: AnswerSums,
    pairs: ItemPairs,
    /// Whether some of the others' answers are under the newest version that the cohort rated under.
    pub same_version: bool,
    /// The effect learnt until this week.
    effect: PooledEffect,
}

/// Answers to the same items in some weeks, added up.
#[derive(Default)]
pub struct SharedSpan {
    /// The cohort's.
    pub own: AnswerSums,
    /// The others'.
    pub others: AnswerSums,
    pairs: ItemPairs,
}

impl BesideSeries {
    /// A cohort's series beside those of others by the same criterion; none where nobody else rated the same items.
    pub fn of(series: &Series, (task, cohort): (u16, u16), all: &AllSeries, model: &Model) -> Option<Self> {
        let role = model.cohorts[usize::from(cohort)].role;
        let of_role = |wanted: CohortRole| -> Vec<(u16, &Series)> {
            let cohorts = (0_u16..).zip(&model.cohorts).filter(|(of, other)| *of != cohort && other.role == wanted);
            let same = |(of, _)| {
                let found = all.get(&(task, of))?.iter().find(|other| other.criterion == series.criterion)?;
                Some((of, found))
            };
            cohorts.filter_map(same).collect()
        };
        [role, CohortRole::Expert]
            .into_iter()
            .map(|role| Self::with(series, &of_role(role)))
            .find(|of| !of.weeks.is_empty())
    }

    fn with(series: &Series, others: &[(u16, &Series)]) -> Self {
        let mut weeks: Vec<SharedWeek> = Vec::new();
        let (mut before, mut effect) = (SharedSpan::default(), PooledEffect::default());
        let mut found = BTreeSet::new();
        for own in &series.weeks {
            let of_week = |(cohort, other): &(u16, &Series)| {
                let place = other.weeks.binary_search_by_key(&own.week, |of| of.week).ok()?;
                Some((*cohort, place))
            };
            let beside: Vec<(u16, usize)> = others.iter().filter_map(of_week).collect();
            let theirs = |(cohort, place): &(u16, usize)| {
                let series = others.iter().find(|(of, _)| of == cohort)?.1;
                series.weeks.get(*place)
            };
            let theirs: Vec<(u16, &SeriesWeek)> = beside.iter().filter_map(|of| Some((of.0, theirs(of)?))).collect();
            let Some(mut shared) = SharedWeek::of(own, &theirs, &mut found) else { continue };
            if weeks.last().is_some_and(|last| last.meaning != shared.meaning) {
                (before, effect) = (SharedSpan::default(), PooledEffect::default());
            }
            let span = SharedSpan::of(std::slice::from_ref(&shared));
            span.less(&before, |groups, items| effect.add(groups, items));
            before.join(&span);
            shared.effect = effect;
            weeks.push(shared);
        }
        Self { others: found.into_iter().collect(), weeks }
    }

    /// The weeks from one to another that have the meaning of the last of them.
    pub fn span(&self, from: Week, until: Week) -> &[SharedWeek] {
        let end = self.weeks.partition_point(|of| of.week <= until);
        let last = self.weeks[..end].last().map(|of| of.meaning);
        let start = self.weeks[..end].partition_point(|of| of.week < from || Some(of.meaning) < last);
        &self.weeks[start..end]
    }

    /// The effect learnt until a week.
    pub fn effect(&self, until: Week) -> PooledEffect {
        let end = self.weeks.partition_point(|of| of.week <= until);
        self.weeks[..end].last().map_or_else(PooledEffect::default, |of| of.effect)
    }
}

impl SharedWeek {
    /// What both said of the items that both rated; none without any. `found` takes the others who are in it.
    fn of(own: &SeriesWeek, others: &[(u16, &SeriesWeek)], found: &mut BTreeSet<u16>) -> Option<Self> {
        let is_rated = |cells: &[ScoredCell], item: u32| cells.binary_search_by_key(&item, |cell| cell.item).is_ok();
        let mut theirs: Vec<ScoredCell> = Vec::new();
        for (cohort, other) in others {
            let before = theirs.len();
            theirs.extend(other.cells.iter().filter(|cell| is_rated(&own.cells, cell.item)));
            if theirs.len() > before {
                found.insert(*cohort);
            }
        }
        theirs.sort_by_key(|cell| (cell.item, cell.rater));
        let ours: Vec<ScoredCell> = own.cells.iter().filter(|cell| is_rated(&theirs, cell.item)).copied().collect();
        let mut pairs = ItemPairs::default();
        let mut rest = theirs.as_slice();
        for of_item in ours.chunk_by(|a, b| a.item == b.item) {
            let until = rest.partition_point(|cell| cell.item <= of_item[0].item);
            pairs.add(total(of_item), total(&rest[..until]));
            rest = &rest[until..];
        }
        (!ours.is_empty()).then(|| Self {
            week: own.week,
            meaning: own.meaning,
            own: AnswerSums::of(&ours),
            others: AnswerSums::of(&theirs),
            pairs,
            same_version: others.iter().any(|(_, other)| other.version >= own.version),
            effect: PooledEffect::default(),
        })
    }
}

impl SharedSpan {
    /// The answers of some weeks.
    pub fn of(weeks: &[SharedWeek]) -> Self {
        let mut pairs = ItemPairs::default();
        weeks.iter().for_each(|week| pairs.join(&week.pairs));
        Self {
            own: AnswerSums::joined(weeks.iter().map(|week| &week.own)),
            others: AnswerSums::joined(weeks.iter().map(|week| &week.others)),
            pairs,
        }
    }

    fn join(&mut self, other: &Self) {
        self.own.join(&other.own);
        self.others.join(&other.others);
        self.pairs.join(&other.pairs);
    }

    /// Gives on the contrast of this span less an earlier one, own less others.
    pub fn less<T>(&self, before: &Self, with: impl FnOnce(&[&[ContrastSide<'_>]], &[SharedItems<'_>]) -> T) -> T {
        let side = |coefficient, sums| ContrastSide { coefficient, sums };
        let own = [side(1.0, &self.own), side(-1.0, &before.own)];
        let others = [side(-1.0, &self.others), side(1.0, &before.others)];
        let shared = [(0, &self.pairs), (1, &before.pairs)].map(|(side, pairs)| SharedItems { side, pairs });
        with(&[&own, &others], &shared)
    }
}

fn total(cells: &[ScoredCell]) -> AnswerTotal {
    let mut total = AnswerTotal::default();
    cells.iter().for_each(|cell| total.add(AnswerTotal { right: cell.right, asked: cell.asked }));
    total
}
