//! Time and cost in a view: a line for each thing that is known, of the week and so far.
//!
//! In: `WorkCost` of both spans. Out: what templates and files see of it. It computes nothing.

use super::FigureView;
use crate::figures::words;
use crate::report::cost::{BoundedAmount, PaidWork, PerRating, WorkCost};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// One thing that takes time or money.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CostView {
    /// What it is: `time-of-item`, `time-of-rating`, `time-of-right-rating`, `paid`, `cost-of-item`, `cost-of-rating` or
    /// `cost-of-right-rating`.
    pub id: Cow<'static, str>,
    /// The same in words.
    pub title: Cow<'static, str>,
    /// What it took in the week, in seconds or money.
    pub in_week: Option<FigureView>,
    /// What it took so far.
    pub so_far: Option<FigureView>,
}

/// What is told of a span, by id.
const LINES: [(&str, &str, fn(&WorkCost) -> Option<FigureView>); 7] = [
    ("time-of-item", "Time of an item, median", time_of_item),
    ("time-of-rating", "Time of a rating, mean", |of| Some(any(of.seconds.as_ref()?, &words::duration))),
    ("time-of-right-rating", "Time of a right rating", |of| right(of.seconds.as_ref()?, &words::duration)),
    ("paid", "Paid", |of| Some(paid(of.paid.as_ref()?))),
    ("cost-of-item", "Cost of an item, by all who rated it", |of| {
        of.paid.as_ref().map(|of| amount(of.item, &money(of)))
    }),
    ("cost-of-rating", "Cost of a rating", |of| of.paid.as_ref().map(|of| any(&of.rating, &money(of)))),
    ("cost-of-right-rating", "Cost of a right rating", |of| {
        of.paid.as_ref().and_then(|of| right(&of.rating, &money(of)))
    }),
];

impl CostView {
    /// All that is known of a week and so far.
    pub fn all(in_week: &WorkCost, so_far: &WorkCost) -> Vec<Self> {
        let lines = LINES.iter().map(|(id, title, figure)| Self {
            id: (*id).into(),
            title: (*title).into(),
            in_week: figure(in_week),
            so_far: figure(so_far),
        });
        lines.filter(|line| line.in_week.is_some() || line.so_far.is_some()).collect()
    }
}

fn money(of: &PaidWork) -> impl Fn(f64) -> String {
    |amount| of.unit.around(&words::money(amount))
}

fn time_of_item(of: &WorkCost) -> Option<FigureView> {
    let (seconds, timed) = of.item_seconds?;
    let n = words::counted(timed, "timed submission", "timed submissions");
    Some(FigureView { n: Some(n), ..amount(seconds, &words::duration) })
}

fn paid(of: &PaidWork) -> FigureView {
    let n = format!("{} not rejected", words::counted(of.submissions, "submission", "submissions"));
    FigureView { n: Some(n), ..amount(of.total, &money(of)) }
}

fn any(of: &PerRating, told: &dyn Fn(f64) -> String) -> FigureView {
    amount(of.any, told)
}

fn right(of: &PerRating, told: &dyn Fn(f64) -> String) -> Option<FigureView> {
    let BoundedAmount { point, low, high } = of.right?;
    let interval =
        high.map_or_else(|| format!("{} or more", told(low)), |high| format!("{} to {}", told(low), told(high)));
    Some(FigureView { interval: Some(interval), low: Some(low), high, ..amount(point, told) })
}

fn amount(of: f64, told: &dyn Fn(f64) -> String) -> FigureView {
    FigureView { value: told(of), point: Some(of), ..FigureView::default() }
}
