//! Trends, as templates and files see them.
//!
//! In: shares by week. Out: their views: with all that is known of one figure, and with what a line shows of each criterion.

use super::FigureView;
use crate::figures::{LEVEL, Share};
use crate::ratings::Week;
use crate::report::criterion_trend::CriterionTrend;
use crate::report::task::TrendPoint;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// A week of a trend.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct PointView {
    /// The ISO week.
    pub week: String,
    /// Right out of asked.
    pub figure: FigureView,
}

/// The trend of one criterion.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct CriterionTrendView {
    /// The criterion's id.
    pub criterion: String,
    /// Right out of asked by week, the newest weeks alone.
    pub points: Vec<ShareView>,
}

/// A share of one week.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ShareView {
    /// The ISO week.
    pub week: String,
    /// `82.1 %`, or `undefined`.
    pub value: String,
    /// `74.0 to 88.5 %`.
    pub interval: Option<String>,
    /// Why it is undefined.
    pub undefined: Option<Cow<'static, str>>,
    /// The share.
    pub point: Option<f64>,
    /// The two-sided bounds, at 95 %.
    pub low: Option<f64>,
    /// The two-sided bounds, at 95 %.
    pub high: Option<f64>,
    /// Gold items behind it.
    pub items: u64,
}

impl PointView {
    /// The view of a point.
    pub fn of(point: &TrendPoint) -> Self {
        Self { week: point.week.to_string(), figure: FigureView::of(&point.figure) }
    }
}

impl CriterionTrendView {
    /// The view of a trend.
    pub fn of(trend: &CriterionTrend) -> Self {
        let points = trend.points().iter().map(ShareView::of).collect();
        Self { criterion: trend.criterion.to_string(), points }
    }
}

impl ShareView {
    /// What is known of it, as a figure.
    pub fn figure(&self) -> FigureView {
        let Self { week: _, value, interval, undefined, point, low, high, items } = self.clone();
        let level = low.map(|_| LEVEL);
        FigureView { value, interval, undefined, point, low, high, level, n_items: items, ..FigureView::default() }
    }

    fn of((week, share): &(Week, Share)) -> Self {
        let FigureView { value, interval, undefined, point, low, high, n_items, .. } = FigureView::of(share);
        Self { week: week.to_string(), value, interval, undefined, point, low, high, items: n_items }
    }
}
