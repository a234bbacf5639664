//! The figures that a mark can speak of, by name.
//!
//! In: a candidate's scores. Out: values for a condition: `accuracy` for all answers with values, each criterion by its id
//! with `_` for `-`, and `items`, how many test items were answered.

use super::{Candidate, CriterionScore, ScoreShare};
use crate::document::figure_name;
use serde::Serialize;
use std::collections::BTreeMap;

/// The figures of a candidate.
#[derive(Serialize)]
pub struct MarkFigures {
    items: usize,
    #[serde(flatten)]
    shares: BTreeMap<String, ScoreShare>,
}

impl MarkFigures {
    /// Those of a candidate who answered; what was not answered has no figure.
    pub fn of(candidate: &Candidate) -> Self {
        Self::new(candidate.items, candidate.overall, &candidate.criteria)
    }

    /// Those of these scores.
    pub fn new(items: usize, overall: Option<ScoreShare>, criteria: &[CriterionScore]) -> Self {
        let overall = overall.map(|share| ("accuracy".to_owned(), share));
        let criteria = criteria.iter().map(|score| (figure_name(&score.criterion), score.share));
        Self { items, shares: overall.into_iter().chain(criteria).collect() }
    }
}
