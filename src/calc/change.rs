//! Calculations on change over time: alarms, charts and trends.

use super::{Arguments, CalcFault, Calculator};
use crate::quality::Proportion;
use crate::quality::drift::charts::{Basis, ewma, p_chart};
use crate::quality::drift::cusum::{self, Programme};
use crate::quality::drift::sprt::SequentialTest;
use crate::quality::drift::trend::cochran_armitage;
use crate::quality::drift::{Shift, pooled, weeks};
use serde_json::json;

pub const ALL: &[Calculator] = &[
    Calculator {
        name: "cochran_armitage",
        summary: "Trend of k out of n independent answers over weeks with these scores (Cochran 1954; Armitage 1955).",
        example: "k=[45,44,41,40] n=[50,50,50,50] scores=[1,2,3,4]",
        compute: |arguments| {
            let weeks = counted(arguments)?;
            let scores = arguments.numbers("scores")?;
            let found = cochran_armitage(&weeks, &scores, 1.0)?;
            Ok(json!({"z": found.z, "p_two_sided": found.p_value}))
        },
    },
    Calculator {
        name: "cusum_bernoulli",
        summary: "CUSUM path over errors in order, for a rise from p0 to p1 (Page 1954).",
        example: "errors=[0,0,1,0,0,0,1,1,0,0] p0=0.1 p1=0.25",
        compute: |arguments| {
            let (errors, shift) = (arguments.marks("errors")?, shift(arguments)?);
            Ok(json!(cusum::path(&errors, shift)))
        },
    },
    Calculator {
        name: "cusum_run_length",
        summary: "Mean number of answers until a CUSUM with threshold h alarms, at an error rate (Brook and Evans 1972).",
        example: "p0=0.1 p1=0.25 h=3 error_rate=0.1",
        compute: |arguments| {
            let (shift, h) = (shift(arguments)?, arguments.number("h")?);
            Ok(json!(cusum::average_run_length(shift, h, arguments.number("error_rate")?)?))
        },
    },
    Calculator {
        name: "cusum_threshold",
        summary: "CUSUM threshold that keeps the chance of any false alarm in a whole programme.",
        example: "p0=0.1 p1=0.25 raters=10 answers_each=100 chance=0.05",
        compute: |arguments| {
            let shift = shift(arguments)?;
            let programme = Programme {
                raters: arguments.count_or("raters", 1)?,
                answers_each: arguments.count("answers_each")?,
                chance: arguments.number_or("chance", 0.05)?,
            };
            Ok(json!(cusum::threshold_for_programme(shift, programme)?))
        },
    },
    Calculator {
        name: "sprt",
        summary: "Sequential test between the error rates p0 and p1: path and bounds (Wald 1945).",
        example: "errors=[0,0,1,0,0,0,1,1,0,0] p0=0.1 p1=0.25 alpha=0.05 beta=0.1",
        compute: |arguments| {
            let (errors, shift) = (arguments.marks("errors")?, shift(arguments)?);
            let test =
                SequentialTest::new(shift, arguments.number_or("alpha", 0.05)?, arguments.number_or("beta", 0.1)?)?;
            Ok(json!({"path": test.path(&errors), "upper": test.upper(), "lower": test.lower()}))
        },
    },
    Calculator {
        name: "p_chart",
        summary: "Limits of a share of independent answers by week around the pooled share (Shewhart 1931).",
        example: "k=[5,6,9,10] n=[50,50,50,50] sigma=3",
        compute: |arguments| {
            let weeks = counted(arguments)?;
            let center = pooled(&weeks)?.share();
            let points = p_chart(&weeks, Basis::new(center, arguments.number_or("sigma", 3.0)?, 1.0)?)?;
            let limits: Vec<[f64; 2]> = points.iter().map(|point| [point.low, point.high]).collect();
            Ok(json!({"center": center, "limits": limits}))
        },
    },
    Calculator {
        name: "ewma",
        summary: "Moving average of a share by week that starts at the pooled share (Roberts 1959).",
        example: "k=[5,6,9,10] n=[50,50,50,50] lambda=0.3",
        compute: |arguments| {
            let weeks = counted(arguments)?;
            let basis = Basis::new(pooled(&weeks)?.share(), 3.0, 1.0)?;
            let points = ewma(&weeks, arguments.number_or("lambda", 0.3)?, basis)?;
            Ok(json!(points.iter().map(|point| point.value).collect::<Vec<f64>>()))
        },
    },
];

fn counted(arguments: &mut Arguments) -> Result<Vec<Proportion>, CalcFault> {
    let (counts, asked) = (arguments.counts("k")?, arguments.counts("n")?);
    Ok(weeks(&counts, &asked)?)
}

fn shift(arguments: &mut Arguments) -> Result<Shift, CalcFault> {
    let (acceptable, unacceptable) = (arguments.number("p0")?, arguments.number("p1")?);
    Ok(Shift::new(acceptable, unacceptable)?)
}
