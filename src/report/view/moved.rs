//! A moved figure, in a view: a change with its interval, and what is shown of it or could have been.
//!
//! In: shares of two spans and their difference, or a trend. Out: what templates and files see of them, in words and in
//! numbers. It judges nothing.

use super::FigureView;
use crate::figures::words;
use crate::quality::Undefined;
use crate::quality::contrast::Contrast;
use crate::report::change::{ChangePolicy, Compared, Movement, SpanShare, TREND_WEEKS, WeekTrend};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// A change as a figure.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ComparedView {
    /// The share now.
    pub now: Option<f64>,
    /// The share before.
    pub before: Option<f64>,
    /// Both in words, `88.3 % to 71.0 %`.
    pub shares: Option<String>,
    /// Gold items now, and before.
    pub items: [u64; 2],
    /// Raters now, and before.
    pub raters: [u64; 2],
    /// The change.
    pub point: Option<f64>,
    /// Its two-sided bounds.
    pub low: Option<f64>,
    /// Its two-sided bounds.
    pub high: Option<f64>,
    /// Their coverage.
    pub level: Option<f64>,
    /// The change in words, `17.3 points lower`.
    pub value: String,
    /// Its bounds in words.
    pub interval: Option<String>,
    /// The p-value, as it is.
    pub p_value: Option<f64>,
    /// The p-value, adjusted for all differences of the report.
    pub adjusted: Option<f64>,
    /// The smallest fall that would have been shown.
    pub smallest: Option<f64>,
    /// `fell`, `rose`, `within-margin`, `others-moved` or `not-shown`.
    pub movement: Cow<'static, str>,
    /// What is shown, or could have been, in words.
    pub verdict: String,
    /// How the interval was found.
    pub method: Option<Cow<'static, str>>,
}

/// Two shares in words.
pub fn between(now: &SpanShare, before: &SpanShare) -> Option<String> {
    Some(format!("{} to {}", words::percent(before.share?), words::percent(now.share?)))
}

impl ComparedView {
    /// The view of a difference.
    pub fn of(of: &Compared, policy: &ChangePolicy) -> Self {
        Self {
            now: of.now.share,
            before: of.before.share,
            shares: between(&of.now, &of.before),
            items: [of.now.items, of.before.items],
            raters: [of.now.raters, of.before.raters],
            adjusted: of.adjusted,
            smallest: of.smallest,
            movement: movement(of.movement).into(),
            verdict: verdict(of, policy),
            ..Self::of_contrast(&of.change)
        }
    }

    /// What is known of it, as a figure.
    pub fn figure(&self) -> FigureView {
        let Self { value, interval, point, low, high, level, method, items, raters, .. } = self.clone();
        let (n_items, n_raters) = (items[0], Some(raters[0]).filter(|raters| *raters > 0));
        FigureView { value, interval, point, low, high, level, method, n_items, n_raters, ..FigureView::default() }
    }

    /// The view of a trend.
    pub fn of_trend(trend: &WeekTrend) -> Self {
        let text = match (trend.movement, &trend.slope) {
            (_, Err(_)) if trend.weeks < TREND_WEEKS => "fewer than three weeks with gold".to_owned(),
            (_, Err(undefined)) => undefined.reason().to_owned(),
            (Movement::Fell, _) => "falls".to_owned(),
            (Movement::Rose, _) => "rises".to_owned(),
            _ => "no trend is shown".to_owned(),
        };
        Self { movement: movement(trend.movement).into(), verdict: text, ..Self::of_contrast(&trend.slope) }
    }

    fn of_contrast(of: &Result<Contrast, Undefined>) -> Self {
        let change = of.as_ref().ok();
        let estimate = change.map(|change| change.estimate);
        Self {
            now: None,
            before: None,
            shares: None,
            items: [0, 0],
            raters: [0, 0],
            point: estimate.map(|of| of.point),
            low: estimate.map(|of| of.low),
            high: estimate.map(|of| of.high),
            level: estimate.map(|of| of.level),
            value: estimate.map_or_else(|| words::UNDEFINED.to_owned(), |of| words::points(of.point)),
            interval: estimate.map(|of| words::points_between(of.low, of.high)),
            p_value: change.map(|change| change.p_value),
            adjusted: None,
            smallest: None,
            movement: movement(Movement::NotShown).into(),
            verdict: String::new(),
            method: estimate.map(|of| of.method.name().into()),
        }
    }
}

/// Its name for machines.
pub fn movement(movement: Movement) -> &'static str {
    match movement {
        Movement::Fell => "fell",
        Movement::Rose => "rose",
        Movement::WithinMargin => "within-margin",
        Movement::OthersMoved => "others-moved",
        Movement::NotShown => "not-shown",
    }
}

/// What is shown of a difference, or what could have been.
pub fn verdict(of: &Compared, policy: &ChangePolicy) -> String {
    match (of.movement, &of.change, of.smallest) {
        (Movement::Fell, ..) => "fell".to_owned(),
        (Movement::Rose, ..) => "rose".to_owned(),
        (Movement::OthersMoved, ..) => "differs, and the others moved more".to_owned(),
        (Movement::WithinMargin, ..) => {
            format!("unchanged within the margin of {} points", points(policy.margin.unwrap_or_default()))
        }
        (_, Err(_), _) if of.now.items == 0 => "no gold was rated".to_owned(),
        (_, Err(_), _) if of.before.items == 0 => "no gold was rated before".to_owned(),
        (_, Err(undefined), _) => undefined.reason().to_owned(),
        // So much is looked at that some intervals lie off zero by chance.
        (_, Ok(change), _) if change.estimate.low > 0.0 || change.estimate.high < 0.0 => {
            "not shown: among all that is looked at, as much turns up by chance".to_owned()
        }
        (.., Some(smallest)) if smallest < of.before.share.unwrap_or(1.0) => {
            format!("a fall of less than {:.0} points could not have been seen", (smallest * 100.0).ceil())
        }
        _ => "no fall could have been seen with so little gold".to_owned(),
    }
}

/// Points without a needless zero.
pub fn points(share: f64) -> String {
    let text = format!("{:.1}", share * 100.0);
    text.trim_end_matches(".0").to_owned()
}
