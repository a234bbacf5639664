//! Figures of an analysis: a name, what it was asked of, and a value or why there is none.
//!
//! In: results of `quality`. Out: entries for machines, in the order in which they were asked for. Names and arguments are
//! those of published comparisons of packages, so that the same figure is found under the same name. It computes nothing.

use crate::quality::{Estimate, Undefined};
use serde::Serialize;
use serde_json::{Map, Value};

/// One figure.
#[derive(Clone, Debug, Serialize)]
pub struct Figure {
    /// What it is, such as `krippendorff_alpha`.
    pub metric: &'static str,
    /// The group of ratings, where they were taken apart.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// What it was asked of.
    pub args: Map<String, Value>,
    /// The figure; null where it is undefined.
    pub value: Value,
    /// Why it is undefined.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'static str>,
    /// Its interval, where one comes with the figure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interval: Option<Between>,
    /// Why it has no interval, where one would be expected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub no_interval: Option<&'static str>,
}

/// Two bounds and where they come from.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Between {
    /// Lower bound.
    pub low: f64,
    /// Upper bound.
    pub high: f64,
    /// Coverage.
    pub conf: f64,
    /// Items behind it.
    pub n: u64,
    /// How it was found.
    pub method: &'static str,
}

impl Figure {
    /// A figure of `metric`; `args` is a JSON object.
    pub fn new(metric: &'static str, args: Value, value: Result<Value, Undefined>) -> Self {
        let args = if let Value::Object(args) = args { args } else { Map::new() };
        // A number that is not finite has no JSON.
        let value = value.and_then(|value| if value.is_null() { Err(Undefined::TooLarge) } else { Ok(value) });
        let reason = value.as_ref().err().map(|undefined| undefined.reason());
        Self { metric, group: None, args, value: value.unwrap_or_default(), reason, interval: None, no_interval: None }
    }

    /// The same with its interval, where it has one.
    pub fn with(self, estimate: Result<Estimate, Undefined>) -> Self {
        let between = |estimate: Estimate| Between {
            low: estimate.low,
            high: estimate.high,
            conf: estimate.level,
            n: estimate.n,
            method: estimate.method.name(),
        };
        let is_finite = |of: &Estimate| of.low.is_finite() && of.high.is_finite();
        let estimate = estimate.and_then(|of| if is_finite(&of) { Ok(of) } else { Err(Undefined::TooLarge) });
        let no_interval = estimate.err().filter(|_| self.reason.is_none()).map(|undefined| undefined.reason());
        Self { interval: estimate.ok().map(between), no_interval, ..self }
    }

    /// The same, said of one group of ratings.
    pub fn of_group(self, group: Option<&str>) -> Self {
        Self { group: group.map(str::to_owned), ..self }
    }

    /// Whether an argument has this value.
    pub fn is(&self, argument: &str, value: &str) -> bool {
        self.args.get(argument).and_then(Value::as_str) == Some(value)
    }
}
