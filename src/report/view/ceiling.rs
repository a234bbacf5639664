//! The ceiling in a view: experts beside each other, and a cohort beside them.
//!
//! In: a `CriterionCeiling`. Out: what templates and files see of it. It computes nothing.

use super::FigureView;
use crate::figures::ceiling::BesideExperts;
use crate::quality::compare::non_inferiority::Standing;
use crate::report::ceiling::CriterionCeiling;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// The ceiling by one criterion, or over all that have values.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct CeilingView {
    /// The criterion's id; null for all with values together.
    pub criterion: Option<String>,
    /// Right out of asked of the experts, each by gold that the others make.
    pub experts: FigureView,
    /// The same of the cohort, by the same gold of the same items; null in the experts' own report.
    pub cohort: Option<FigureView>,
    /// The cohort's less the experts'.
    pub difference: Option<FigureView>,
    /// `better`, `not-worse`, `worse` or `not-yet-shown`; null where no margin is set.
    pub standing: Option<Cow<'static, str>>,
    /// The same in words.
    pub standing_text: Option<Cow<'static, str>>,
}

impl CeilingView {
    /// The view of a ceiling.
    pub fn of(of: &CriterionCeiling) -> Self {
        let beside: Option<&BesideExperts> = of.ceiling.beside.as_ref();
        let standing = beside.and_then(|beside| beside.standing);
        Self {
            criterion: of.criterion.clone(),
            experts: FigureView::of(&of.ceiling.experts),
            cohort: beside.map(|beside| FigureView::of(&beside.cohort)),
            difference: beside.map(|beside| FigureView::of_difference(&beside.difference)),
            standing: standing.map(|standing| name(standing).into()),
            standing_text: standing.map(|standing| standing.words().into()),
        }
    }
}

/// Its name for machines.
fn name(standing: Standing) -> &'static str {
    match standing {
        Standing::Better => "better",
        Standing::NotWorse => "not-worse",
        Standing::Worse => "worse",
        Standing::NotYetShown => "not-yet-shown",
    }
}
