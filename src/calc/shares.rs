//! Calculations on one share: its intervals, and whether it is above a bar.

use super::{Arguments, CalcFault, Calculator};
use crate::quality::compare::non_inferiority::{p_value_at_least, p_value_within_margin};
use crate::quality::planning::anytime;
use crate::quality::proportion::{clopper_pearson, jeffreys_tails, wilson};
use crate::quality::{Estimate, Proportion, Undefined};
use serde_json::{Value, json};

/// The default coverage.
pub const CONF: f64 = 0.95;

pub const ALL: &[Calculator] = &[
    Calculator {
        name: "ci_wilson",
        summary: "Wilson score interval of k right out of n (Wilson 1927).",
        example: "k=81 n=263 conf=0.95",
        compute: |arguments| interval(arguments, wilson),
    },
    Calculator {
        name: "ci_clopper_pearson",
        summary: "Exact interval of k right out of n (Clopper and Pearson 1934).",
        example: "k=81 n=263 conf=0.95",
        compute: |arguments| interval(arguments, clopper_pearson),
    },
    Calculator {
        name: "ci_jeffreys",
        summary: "Equal tails of Jeffreys' posterior for k right out of n; Brown, Cai and DasGupta 2001 set the lower one \
                  to 0 at k=0 and the upper one to 1 at k=n.",
        example: "k=81 n=263 conf=0.95",
        compute: |arguments| {
            let (proportion, conf) = counted(arguments)?;
            let (low, high) = jeffreys_tails(proportion, conf);
            Ok(json!([low, high]))
        },
    },
    Calculator {
        name: "ci_anytime",
        summary: "Interval of k right out of n that holds at every look together (Ville 1939; Robbins 1970).",
        example: "k=81 n=263 conf=0.95",
        compute: |arguments| {
            let (proportion, conf) = counted(arguments)?;
            let found = anytime::estimate(proportion.successes() as f64, proportion.trials() as f64, conf)?;
            Ok(json!([found.low, found.high]))
        },
    },
    Calculator {
        name: "anytime_lower_bound",
        summary: "One-sided lower bound of k right out of n that holds at every look: for cumulative verdicts.",
        example: "k=95 n=100 conf=0.95",
        compute: |arguments| {
            let (proportion, conf) = counted(arguments)?;
            let bounds = anytime::bounds(proportion.successes() as f64, proportion.trials() as f64, conf)?;
            Ok(json!(bounds.0))
        },
    },
    Calculator {
        name: "binom_test_at_least",
        summary: "Exact one-sided p-value against the claim that accuracy is at most the bar.",
        example: "k=92 n=100 bar=0.85",
        compute: |arguments| {
            let proportion = share(arguments)?;
            Ok(json!(p_value_at_least(proportion, arguments.number("bar")?)?))
        },
    },
    Calculator {
        name: "non_inferiority",
        summary: "Exact one-sided p-value against the claim that accuracy is below the bar by the margin or more.",
        example: "k=83 n=100 bar=0.85 margin=0.1",
        compute: |arguments| {
            let proportion = share(arguments)?;
            let (bar, margin) = (arguments.number("bar")?, arguments.number("margin")?);
            Ok(json!(p_value_within_margin(proportion, bar, margin)?))
        },
    },
];

fn share(arguments: &mut Arguments) -> Result<Proportion, CalcFault> {
    let (k, n) = (arguments.count("k")?, arguments.count("n")?);
    Ok(Proportion::new(k, n)?)
}

fn counted(arguments: &mut Arguments) -> Result<(Proportion, f64), CalcFault> {
    let (k, n, conf) = (arguments.count("k")?, arguments.count("n")?, confidence(arguments)?);
    Ok((Proportion::new(k, n)?, conf))
}

/// The coverage, between one half and one, as far as quantiles can tell it from one.
pub fn confidence(arguments: &mut Arguments) -> Result<f64, CalcFault> {
    let conf = arguments.number_or("conf", CONF)?;
    if conf > 0.5 && conf < 1.0 - 1e-9 { Ok(conf) } else { Err(Undefined::BadParameter.into()) }
}

fn interval(arguments: &mut Arguments, of: fn(Proportion, f64) -> Estimate) -> Result<Value, CalcFault> {
    let (proportion, conf) = counted(arguments)?;
    let found = of(proportion, conf);
    Ok(json!([found.low, found.high]))
}
