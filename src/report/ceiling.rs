//! The ceiling of a task: experts beside each other, and the cohort beside them, over all criteria with values and by each.
//!
//! In: what answers are worth by gold without one expert each, and a week. Out: figures of everything until its end. It
//! decides nothing: a margin that was set says what counts as no worse.

use super::Data;
use super::part::weight;
use crate::document::{CohortRole, Criterion};
use crate::figures::ceiling::{AnswerWorth, Ceiling};
use crate::ratings::{PeerAnswer, Week};

/// The ceiling by one criterion, or over all that have values.
#[derive(Clone, Debug)]
pub struct CriterionCeiling {
    /// The criterion's id; none for all with values together.
    pub criterion: Option<String>,
    /// The figures.
    pub ceiling: Ceiling,
}

/// What experts and a cohort answered of a task's criteria, of those that enough experts answered.
pub struct TaskPeers<'a> {
    margin: Option<f64>,
    is_expert: bool,
    criteria: Vec<CriterionPeers<'a>>,
}

struct CriterionPeers<'a> {
    criterion: &'a Criterion,
    experts: &'a [PeerAnswer],
    cohort: &'a [PeerAnswer],
}

impl<'a> TaskPeers<'a> {
    /// Those of these criteria, each with its number.
    pub fn of(cohort: u16, criteria: impl Iterator<Item = (u16, &'a Criterion)>, data: &'a Data<'_>) -> Self {
        let peers = criteria.filter_map(|(question, criterion)| {
            let answers = data.peers.get(&question)?;
            let cohort = answers.cohorts.get(&cohort).map_or(&[][..], Vec::as_slice);
            Some(CriterionPeers { criterion, experts: &answers.experts, cohort })
        });
        Self {
            margin: data.model.config.margin,
            is_expert: data.model.cohorts[usize::from(cohort)].role == CohortRole::Expert,
            criteria: peers.collect(),
        }
    }

    /// The figures of everything until the end of a week: over all criteria with values first, then of each.
    pub fn until(&self, week: Week) -> Vec<CriterionCeiling> {
        let weighted: Vec<(&CriterionPeers<'a>, f64)> =
            self.criteria.iter().filter_map(|of| Some((of, weight(of.criterion)?))).collect();
        let overall = self.ceiling(&weighted, week).map(|ceiling| CriterionCeiling { criterion: None, ceiling });
        let each = self.criteria.iter().filter_map(|of| {
            let ceiling = self.ceiling(&[(of, 1.0)], week)?;
            Some(CriterionCeiling { criterion: Some(of.criterion.id.clone()), ceiling })
        });
        overall.into_iter().chain(each).collect()
    }

    fn ceiling(&self, criteria: &[(&CriterionPeers<'a>, f64)], week: Week) -> Option<Ceiling> {
        let worth = |answers: fn(&CriterionPeers<'a>) -> &'a [PeerAnswer]| -> Vec<AnswerWorth> {
            let of = |(place, (of, weight)): (u16, &(&CriterionPeers<'a>, f64))| {
                let (made, weight) = (answers(of).iter().filter(|of| of.week.is_none_or(|of| of <= week)), *weight);
                made.map(move |of| AnswerWorth {
                    asked: (place, of.asked),
                    item: of.item,
                    rater: of.rater,
                    weight,
                    right: of.right,
                })
            };
            (0..).zip(criteria).flat_map(of).collect()
        };
        let experts = worth(|of| of.experts);
        match self.is_expert {
            true => Ceiling::alone(&experts),
            false => Ceiling::beside(&experts, &worth(|of| of.cohort), self.margin),
        }
    }
}
