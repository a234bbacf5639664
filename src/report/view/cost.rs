//! Time and cost in a view: a line for each thing that is known, of the week and so far.
//!
//! In: `WorkCost` of both spans. Out: what templates and files see of it. It computes nothing.

use super::FigureView;
use crate::figures::words;
use crate::report::cost::{BoundedAmount, PaidWork, WorkCost};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// One thing that takes time or money.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
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

/// How a thing is told of a span, where it is known.
type CostFigure = fn(&WorkCost) -> Option<FigureView>;

/// What is told of a span: id, words, figure.
const LINES: [(&str, &str, CostFigure); 7] = [
    ("time-of-item", "Item, median time", time_of_item),
    ("time-of-rating", "Rating, mean time", |of| Some(amount(of.seconds?.any, &words::duration))),
    ("time-of-right-rating", "Right rating, time", time_of_right),
    ("paid", "Paid", |of| of.paid.as_ref().map(paid)),
    ("cost-of-item", "Item, cost", |of| of.paid.as_ref().map(|of| amount(of.item, &money(of)))),
    ("cost-of-rating", "Rating, cost", |of| of.paid.as_ref().map(|of| amount(of.rating.any, &money(of)))),
    ("cost-of-right-rating", "Right rating, cost", |of| of.paid.as_ref().and_then(cost_of_right)),
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
    let n = words::counted(timed, "submission", "submissions");
    Some(FigureView { n: Some(n), ..amount(seconds, &words::duration) })
}

fn time_of_right(of: &WorkCost) -> Option<FigureView> {
    let BoundedAmount { point, low, high } = of.seconds?.right?;
    let interval = between(low, high, words::duration);
    Some(FigureView { interval: Some(interval), low: Some(low), high, ..amount(point, &words::duration) })
}

fn cost_of_right(of: &PaidWork) -> Option<FigureView> {
    let BoundedAmount { point, low, high } = of.rating.right?;
    let interval = of.unit.around(&between(low, high, words::money));
    Some(FigureView { interval: Some(interval), low: Some(low), high, ..amount(point, &money(of)) })
}

/// Between which two amounts; where hardly anything might be right, from which on.
fn between(low: f64, high: Option<f64>, told: fn(f64) -> String) -> String {
    high.map_or_else(|| format!("at least {}", told(low)), |high| format!("{} to {}", told(low), told(high)))
}

fn paid(of: &PaidWork) -> FigureView {
    FigureView { n: Some(words::counted(of.submissions, "submission", "submissions")), ..amount(of.total, &money(of)) }
}

fn amount(of: f64, told: &dyn Fn(f64) -> String) -> FigureView {
    FigureView { value: told(of), point: Some(of), ..FigureView::default() }
}
