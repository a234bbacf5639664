//! Calculations on many raters at once: partial pooling of their accuracies.

use super::{Arguments, CalcFault, Calculator, shares};
use crate::quality::pooling::{Fitted, fit};
use crate::quality::{Estimate, Undefined};
use serde_json::{Value, json};

pub const ALL: &[Calculator] = &[
    Calculator {
        name: "beta_binomial_mle",
        summary: "Mean and log-likelihood of the beta prior fitted to raters' k right out of n.",
        example: "k=[18,25,9,30,22,14,28,5] n=[20,30,15,33,30,20,30,10]",
        compute: |arguments| {
            let (_, fitted) = fitted(arguments)?;
            Ok(json!({"mean": fitted.mean(), "loglik": fitted.log_likelihood()}))
        },
    },
    Calculator {
        name: "beta_binomial_shrunk",
        summary: "Each rater's accuracy, drawn towards the mean of all by how little is known of the rater.",
        example: "k=[18,25,9,30,22,14,28,5] n=[20,30,15,33,30,20,30,10]",
        compute: |arguments| {
            let (counts, fitted) = fitted(arguments)?;
            let shrunk: Result<Vec<f64>, Undefined> = counts.iter().map(|(k, n)| fitted.shrunk(*k, *n)).collect();
            Ok(json!(shrunk?))
        },
    },
    Calculator {
        name: "beta_binomial_interval",
        summary: "Each rater's interval at the fitted prior, as other packages have it: too short with few raters.",
        example: "k=[18,25,9,30,22,14,28,5] n=[20,30,15,33,30,20,30,10] conf=0.95",
        compute: |arguments| intervals(arguments, Fitted::at_fitted_prior),
    },
    Calculator {
        name: "beta_binomial_interval_integrated",
        summary: "Each rater's interval, integrated over the priors that may be: the one to report.",
        example: "k=[18,25,9,30,22,14,28,5] n=[20,30,15,33,30,20,30,10] conf=0.95",
        compute: |arguments| intervals(arguments, Fitted::estimate),
    },
    Calculator {
        name: "beta_binomial_chance",
        summary: "The chance that each rater's accuracy is at least the bar.",
        example: "k=[18,25,9,30,22,14,28,5] n=[20,30,15,33,30,20,30,10] bar=0.8",
        compute: |arguments| {
            let (counts, fitted) = fitted(arguments)?;
            let bar = arguments.number("bar")?;
            let chances: Result<Vec<f64>, Undefined> =
                counts.iter().map(|(k, n)| fitted.chance_to_reach(*k, *n, bar)).collect();
            Ok(json!(chances?))
        },
    },
];

/// Raters' right and asked.
type RightAndAsked = Vec<(u64, u64)>;

fn fitted(arguments: &mut Arguments) -> Result<(RightAndAsked, Fitted), CalcFault> {
    let (right, asked) = (arguments.counts("k")?, arguments.counts("n")?);
    if right.len() != asked.len() {
        return Err(Undefined::UnequalLengths.into());
    }
    let counts: RightAndAsked = right.into_iter().zip(asked).collect();
    let fitted = fit(&counts)?;
    Ok((counts, fitted))
}

/// A rater's interval under a fitted prior.
type RaterInterval = fn(&Fitted, u64, u64, f64) -> Result<Estimate, Undefined>;

fn intervals(arguments: &mut Arguments, of: RaterInterval) -> Result<Value, CalcFault> {
    let (counts, fitted) = fitted(arguments)?;
    let conf = shares::confidence(arguments)?;
    let bounds = |(right, asked): &(u64, u64)| of(&fitted, *right, *asked, conf).map(|of| [of.low, of.high]);
    let intervals: Result<Vec<[f64; 2]>, Undefined> = counts.iter().map(bounds).collect();
    Ok(json!(intervals?))
}
