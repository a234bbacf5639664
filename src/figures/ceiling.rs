//! The ceiling: how close experts are to gold that the others of them make, and how far a cohort is from that.
//!
//! In: what answers of experts and of a cohort are worth by the same gold. Out: both shares on the items that both rated, and
//! their difference, with intervals that honour items and raters. It never decides what is right.

use super::{LEVEL, Share};
use crate::quality::Undefined;
use crate::quality::clustered::{ScoredCell, ratio_of};
use crate::quality::compare::Difference;
use crate::quality::compare::non_inferiority::{Standing, standing};
use crate::quality::compare::paired::sides_on_shared_items;
use ahash::AHashSet;

/// What an answer is worth by gold without one expert each.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AnswerWorth {
    /// What was asked, by any number: a criterion of an item, under versions that ask the same.
    pub asked: (u16, u32),
    /// The item, by any number.
    pub item: u32,
    /// The rater, by any number.
    pub rater: u32,
    /// The weight of its criterion.
    pub weight: f64,
    /// The share of those golds by which it is right.
    pub right: f64,
}

/// Experts beside each other, and a cohort beside them.
#[derive(Clone, Debug)]
pub struct Ceiling {
    /// Right out of asked of the experts, each by gold made without them.
    pub experts: Share,
    /// The cohort beside them; none of experts themselves.
    pub beside: Option<BesideExperts>,
}

/// A cohort beside experts, on the items that both rated.
#[derive(Clone, Debug)]
pub struct BesideExperts {
    /// Right out of asked of the cohort, by the same gold.
    pub cohort: Share,
    /// The cohort's less the experts'.
    pub difference: Result<Difference, Undefined>,
    /// Whether it is shown to be no worse than them but for the margin, where one is set.
    pub standing: Option<Standing>,
}

impl Ceiling {
    /// The ceiling of experts themselves, on all items that enough of them rated; none where there is none.
    pub fn alone(experts: &[AnswerWorth]) -> Option<Self> {
        (!experts.is_empty()).then(|| Self { experts: ratio_of(cells(experts), LEVEL), beside: None })
    }

    /// The same beside a cohort, on what both were asked; none where there is nothing.
    pub fn beside(experts: &[AnswerWorth], cohort: &[AnswerWorth], margin: Option<f64>) -> Option<Self> {
        let [experts, cohort] = [shared(experts, cohort), shared(cohort, experts)].map(|of| cells(&of));
        if experts.is_empty() {
            return None;
        }
        let both = sides_on_shared_items(&cohort, &experts, LEVEL);
        let difference = both.map(|of| of.difference);
        let standing = difference.ok().zip(margin).and_then(|(of, margin)| standing(&of, margin).ok());
        let beside = BesideExperts { cohort: both.map(|of| of.first), difference, standing };
        Some(Self { experts: both.map(|of| of.second), beside: Some(beside) })
    }
}

/// Those of what the others were asked too.
fn shared(of: &[AnswerWorth], others: &[AnswerWorth]) -> Vec<AnswerWorth> {
    let asked: AHashSet<(u16, u32)> = others.iter().map(|of| of.asked).collect();
    of.iter().filter(|of| asked.contains(&of.asked)).copied().collect()
}

/// Cells whose weights average one, so that the number of ratings stays what it is.
fn cells(of: &[AnswerWorth]) -> Vec<ScoredCell> {
    let scale = of.len() as f64 / of.iter().map(|of| of.weight).sum::<f64>();
    let cell = |of: &AnswerWorth| ScoredCell {
        item: of.item,
        rater: of.rater,
        right: scale * of.weight * of.right,
        asked: scale * of.weight,
    };
    of.iter().map(cell).collect()
}
