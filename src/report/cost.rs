//! Time and cost of work: of an item, of a rating, and of a rating that is right.
//!
//! In: a cohort and a task: how much was rated and how long it took, right out of asked, what an accepted item is paid. Out: amounts, with
//! intervals where they depend on how much is right. Where no times are known, or pay is in other words than an amount, there
//! is none.

use super::Data;
use super::figures::Figures;
use super::work::Volume;
use crate::document::{CohortRole, Pay, PayUnit};
use crate::figures::Share;
use crate::model::{Cohort, Facts};
use crate::ratings::Week;

/// What a span of work took.
#[derive(Clone, Debug)]
pub struct WorkCost {
    /// The time that half of the submissions took at most, in seconds, and how many are timed.
    pub item_seconds: Option<(f64, u64)>,
    /// Seconds of a rating.
    pub seconds: Option<PerRating>,
    /// What was paid.
    pub paid: Option<PaidWork>,
}

/// What was paid for a span of work.
#[derive(Clone, Debug)]
pub struct PaidWork {
    /// In which money.
    pub unit: PayUnit,
    /// Submissions that are not rejected.
    pub submissions: u64,
    /// In all.
    pub total: f64,
    /// For an item, by all who rated it.
    pub item: f64,
    /// For a rating.
    pub rating: PerRating,
}

/// What a rating takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PerRating {
    /// Any rating.
    pub any: f64,
    /// One that is right: that of any, divided by right out of asked.
    pub right: Option<BoundedAmount>,
}

/// An amount with what it could be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BoundedAmount {
    /// The amount.
    pub point: f64,
    /// The least.
    pub low: f64,
    /// The most; none where hardly anything might be right.
    pub high: Option<f64>,
}

/// Where less than this might be right, a right rating may take any amount.
const LEAST_SHARE: f64 = 0.05;

/// What a cohort was paid for a task.
pub struct TaskPayments {
    /// Submissions that are not rejected, by week, with the pay for each; none if that is no plain amount.
    all: Vec<(Option<Week>, u64, Option<Pay>)>,
}

impl TaskPayments {
    /// Those of a cohort and a task, by their places in the Model. An item is paid as the version says that it was rated
    /// under; without one, as the newest text does.
    pub fn of(cohort: u16, index: u16, data: &Data<'_>) -> Self {
        let (of, task) = (&data.model.cohorts[usize::from(cohort)], &data.model.tasks[usize::from(index)]);
        let pay = |version: Option<u16>| {
            let named = version.and_then(|version| task.release(&data.ratings.names.versions[usize::from(version)]));
            let sealed = named.or(task.latest()).map(|release| &release.instructions);
            pay(of, sealed.or(task.working.as_ref()).map(|text| &text.facts))
        };
        let accepted = data.work.accepted(cohort, index);
        Self { all: accepted.map(|(week, version, submissions)| (week, submissions, pay(version))).collect() }
    }

    /// What work took that has these figures and is of the weeks that are wanted.
    pub fn cost(&self, of: &Figures, wanted: impl Fn(Option<Week>) -> bool) -> WorkCost {
        let (work, right) = (of.work, &of.overall.of_asked);
        let seconds = (work.timed_ratings > 0).then(|| work.seconds / work.timed_ratings as f64);
        WorkCost {
            item_seconds: work.median_seconds.map(|seconds| (seconds, work.timed)),
            seconds: seconds.map(|seconds| PerRating::of(seconds, right)),
            paid: self.paid(work, right, wanted),
        }
    }

    /// What was paid; none unless all of it is in one money.
    fn paid(&self, work: Volume, right: &Share, wanted: impl Fn(Option<Week>) -> bool) -> Option<PaidWork> {
        let of_span = || self.all.iter().filter(|(week, ..)| wanted(*week));
        let unit = of_span().next()?.2.as_ref()?.unit.clone();
        let amount = |(_, submissions, pay): &(Option<Week>, u64, Option<Pay>)| {
            let pay = pay.as_ref().filter(|pay| pay.unit == unit)?;
            Some(*submissions as f64 * pay.amount)
        };
        let total: f64 = of_span().map(amount).sum::<Option<f64>>()?;
        (work.items > 0 && work.ratings > 0).then(|| PaidWork {
            submissions: of_span().map(|(_, submissions, _)| submissions).sum(),
            total,
            item: total / work.items as f64,
            rating: PerRating::of(total / work.ratings as f64, right),
            unit,
        })
    }
}

impl PerRating {
    fn of(any: f64, right: &Share) -> Self {
        let estimate = right.as_ref().ok().map(|right| right.estimate).filter(|estimate| estimate.point > 0.0);
        let right = estimate.map(|estimate| BoundedAmount {
            point: any / estimate.point,
            low: any / estimate.high,
            high: (estimate.low >= LEAST_SHARE).then(|| any / estimate.low),
        });
        Self { any, right }
    }
}

/// What a cohort is paid for an accepted item of a task that says this of itself: experts and models only what their cohort
/// says. None unless that is a plain amount of money.
fn pay(cohort: &Cohort, task: Option<&Facts>) -> Option<Pay> {
    let of_task = task.filter(|_| cohort.role == CohortRole::Rater).and_then(|facts| facts.pay.as_deref());
    Pay::parse(cohort.pay.as_deref().or(of_task)?).filter(|pay| pay.unit.is_currency())
}
