//! A figure of a view: numbers beside the words that people read.
//!
//! In: shares, means, and figures of agreement. Out: what templates and files see of them. It computes nothing.

use crate::figures::accuracy::Accuracy;
use crate::figures::closeness::Mean;
use crate::figures::{Agreed, Share, caution, words};
use crate::quality::compare::Difference;
use crate::quality::{Estimate, Measured, Undefined};
use crate::report::evidence::JudgedOn;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// Accuracy against gold.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct AccuracyView {
    /// Ratings of gold.
    pub asked: u64,
    /// Those that answered.
    pub answered: u64,
    /// Those that are right.
    pub right: u64,
    /// Right out of answered.
    pub of_answered: FigureView,
    /// Right out of asked.
    pub of_asked: FigureView,
    /// Answered out of asked.
    pub share_answered: FigureView,
}

/// A share or a coefficient with its interval.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct FigureView {
    /// `82.1 %`, or `undefined`.
    pub value: String,
    /// `74.0 to 88.5 %`.
    pub interval: Option<String>,
    /// `1,770 ratings of 177 items by 34 raters`.
    pub n: Option<String>,
    /// What limits it.
    pub remark: Option<Cow<'static, str>>,
    /// Why it is undefined.
    pub undefined: Option<Cow<'static, str>>,
    /// The share.
    pub point: Option<f64>,
    /// Two-sided bounds.
    pub low: Option<f64>,
    /// Two-sided bounds.
    pub high: Option<f64>,
    /// Their coverage.
    pub level: Option<f64>,
    /// One-sided bounds.
    pub lower: Option<f64>,
    /// One-sided bounds.
    pub upper: Option<f64>,
    /// Ratings, or flags; none where the figure does not count them.
    pub n_ratings: Option<u64>,
    /// Items.
    pub n_items: u64,
    /// Raters; none where the figure does not tell them apart.
    pub n_raters: Option<u64>,
    /// How many times larger the variance is than that of independent ratings.
    pub design_effect: Option<f64>,
    /// The part of items.
    pub design_effect_items: Option<f64>,
    /// The part of raters.
    pub design_effect_raters: Option<f64>,
    /// How the interval was found.
    pub method: Option<Cow<'static, str>>,
}

impl AccuracyView {
    /// The view of an accuracy.
    pub fn of(accuracy: &Accuracy) -> Self {
        Self {
            asked: accuracy.asked,
            answered: accuracy.answered,
            right: accuracy.right,
            of_answered: FigureView::of(&accuracy.of_answered),
            of_asked: FigureView::of(&accuracy.of_asked),
            share_answered: FigureView::of(&accuracy.share_answered),
        }
    }
}

impl FigureView {
    /// The view of what a bar is judged on.
    pub fn of_bar(of: &JudgedOn) -> Self {
        match of {
            JudgedOn::Share(figure) => Self::of(figure),
            JudgedOn::Flags(figure) => Self::of_flags(figure),
            JudgedOn::Raw(agreed) => Self::of_raw(agreed),
            JudgedOn::Agreement(agreed) | JudgedOn::WithGold(agreed) => Self::of_coefficient(agreed),
        }
    }

    /// The view of raw agreement, which is a share.
    pub fn of_raw(agreed: &Agreed) -> Self {
        Self::of_agreed(agreed, words::percent, words::interval)
    }

    /// The view of a coefficient, which is none.
    pub fn of_coefficient(agreed: &Agreed) -> Self {
        Self::of_agreed(agreed, words::coefficient, words::coefficient_interval)
    }

    fn of_agreed(agreed: &Agreed, value: fn(f64) -> String, between: fn(f64, f64) -> String) -> Self {
        let of = agreed.as_ref().ok();
        let interval = of.and_then(|of| of.interval.ok());
        let estimate = interval.map(|interval| interval.estimate);
        let undefined = agreed.as_ref().err();
        let without = of.and_then(|of| of.interval.err()).map(|undefined| undefined.reason());
        Self {
            value: of.map_or(words::UNDEFINED.to_owned(), |of| value(of.point)),
            interval: estimate.map(|estimate| between(estimate.low, estimate.high)),
            n: of.map(|of| words::counted(of.items, "item", "items")),
            remark: without.map(Cow::Borrowed),
            undefined: undefined.map(|undefined| undefined.reason().into()),
            point: of.map(|of| of.point),
            lower: interval.map(|interval| interval.lower),
            upper: interval.map(|interval| interval.upper),
            n_items: of.map_or(0, |of| of.items),
            ..Self::bounded(estimate)
        }
    }

    /// The view of a mean, in words for what it is a mean of.
    pub fn of_mean(figure: &Mean, value: fn(f64) -> String, between: fn(f64, f64) -> String) -> Self {
        let of = figure.as_ref().ok();
        let measured = figure.map(|of| Measured { point: of.point, items: of.n_items, interval: of.interval });
        let agreed = Self::of_agreed(&measured, value, between);
        let few = of.and_then(|of| caution::of_clusters(of.n_items, of.n_raters)).map(Cow::Borrowed);
        Self {
            n: of.map(|of| words::ratings_of(of.n_ratings, of.n_items, of.n_raters)),
            remark: agreed.remark.or(few),
            n_ratings: Some(of.map_or(0, |of| of.n_ratings)),
            n_raters: Some(of.map_or(0, |of| of.n_raters)),
            ..agreed
        }
    }

    /// What an interval says, and nothing else.
    fn bounded(estimate: Option<Estimate>) -> Self {
        Self {
            low: estimate.map(|estimate| estimate.low),
            high: estimate.map(|estimate| estimate.high),
            level: estimate.map(|estimate| estimate.level),
            method: estimate.map(|estimate| estimate.method.name().into()),
            ..Self::default()
        }
    }

    /// The view of a difference of two shares, in points.
    pub fn of_difference(of: &Result<Difference, Undefined>) -> Self {
        let estimate = of.as_ref().ok().map(|of| of.estimate);
        Self {
            value: estimate.map_or(words::UNDEFINED.to_owned(), |of| words::points(of.point)),
            interval: estimate.map(|of| words::points_between(of.low, of.high)),
            n: estimate.map(|of| words::counted(of.n, "item", "items")),
            undefined: of.as_ref().err().map(|undefined| undefined.reason().into()),
            point: estimate.map(|of| of.point),
            lower: of.as_ref().ok().map(|of| of.lower),
            upper: of.as_ref().ok().map(|of| of.upper),
            n_items: estimate.map_or(0, |of| of.n),
            ..Self::bounded(estimate)
        }
    }

    /// The view of a share of flags: how many there are stands beside it, and is no number of ratings.
    pub fn of_flags(figure: &Share) -> Self {
        let n = figure.as_ref().ok().map(words::items_by_raters);
        Self { n, n_ratings: None, ..Self::of(figure) }
    }

    /// The view of a share.
    pub fn of(figure: &Share) -> Self {
        let of = figure.as_ref().ok();
        let estimate = of.map(|of| of.estimate);
        let (n_ratings, n_items, n_raters) = of.map_or((0, 0, 0), |of| (of.n_ratings, of.n_items, of.n_raters));
        Self {
            value: estimate.map_or(words::UNDEFINED.to_owned(), |estimate| words::percent(estimate.point)),
            interval: estimate.map(|estimate| words::interval(estimate.low, estimate.high)),
            n: of.map(words::counts),
            remark: caution::of_share(figure).map(Cow::Borrowed),
            undefined: figure.as_ref().err().map(|undefined| undefined.reason().into()),
            point: estimate.map(|estimate| estimate.point),
            lower: of.map(|of| of.lower),
            upper: of.map(|of| of.upper),
            n_ratings: Some(n_ratings),
            n_items,
            n_raters: Some(n_raters),
            design_effect: of.map(|of| of.design_effect),
            design_effect_items: of.and_then(|of| of.design_effect_items),
            design_effect_raters: of.and_then(|of| of.design_effect_raters),
            ..Self::bounded(estimate)
        }
    }
}
