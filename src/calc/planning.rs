//! Calculations for planning: how much gold a claim needs, and what a plan can show.

use super::{Calculator, shares};
use crate::quality::drift::Shift;
use crate::quality::planning::power::{chance_to_pass, pass_mark};
use crate::quality::planning::sample_size::{allowing_errors, to_show, to_tell_apart};
use crate::quality::planning::weekly::{Watch, to_notice};
use serde_json::json;

pub const ALL: &[Calculator] = &[
    Calculator {
        name: "gold_sample_size",
        summary: "Fewest gold answers that show the bar with at most so many errors.",
        example: "bar=0.95 conf=0.95 max_errors=0",
        compute: |arguments| {
            let (bar, conf) = (arguments.number("bar")?, arguments.number_or("conf", shares::CONF)?);
            Ok(json!(allowing_errors(bar, conf, arguments.count_or("max_errors", 0)?)?))
        },
    },
    Calculator {
        name: "gold_to_show_bar",
        summary: "Gold answers that show the bar with the given chance if the truth is `truth`: the first number that does, \
                  and the one from which all do.",
        example: "bar=0.85 truth=0.9 conf=0.95 power=0.8",
        compute: |arguments| {
            let (bar, truth) = (arguments.number("bar")?, arguments.number("truth")?);
            let (conf, power) = (arguments.number_or("conf", shares::CONF)?, arguments.number_or("power", 0.8)?);
            let found = to_show(bar, truth, conf, power)?;
            Ok(json!({"first": found.first, "for_good": found.for_good}))
        },
    },
    Calculator {
        name: "pass_mark",
        summary: "Fewest right answers of n that show the bar.",
        example: "n=100 bar=0.85 conf=0.95",
        compute: |arguments| {
            let (n, bar) = (arguments.count("n")?, arguments.number("bar")?);
            let mark = pass_mark(n, bar, arguments.number_or("conf", shares::CONF)?)?;
            Ok(json!(mark.ok_or(crate::quality::Undefined::OutOfReach)?))
        },
    },
    Calculator {
        name: "chance_to_pass",
        summary: "The chance that n gold answers show the bar if the truth is `truth`.",
        example: "n=100 bar=0.85 truth=0.9 conf=0.95",
        compute: |arguments| {
            let (n, bar) = (arguments.count("n")?, arguments.number("bar")?);
            let (truth, conf) = (arguments.number("truth")?, arguments.number_or("conf", shares::CONF)?);
            Ok(json!(chance_to_pass(n, bar, conf, truth)?))
        },
    },
    Calculator {
        name: "sample_size_two_shares",
        summary: "Gold answers a side that tell two accuracies apart, on different items, two-sided.",
        example: "p1=0.8 p2=0.85 conf=0.95 power=0.8",
        compute: |arguments| {
            let (first, second) = (arguments.number("p1")?, arguments.number("p2")?);
            let (conf, power) = (arguments.number_or("conf", shares::CONF)?, arguments.number_or("power", 0.8)?);
            Ok(json!(to_tell_apart(first, second, conf, power)?))
        },
    },
    Calculator {
        name: "gold_per_week",
        summary: "Gold answers a week and rater that notice a rise of the error rate in time, with a CUSUM.",
        example: "p0=0.1 p1=0.25 raters=10 weeks_between_false_alarms=52 within_weeks=4 chance=0.8",
        compute: |arguments| {
            let shift = Shift::new(arguments.number("p0")?, arguments.number("p1")?)?;
            let watch = Watch {
                shift,
                raters: arguments.count_or("raters", 1)?,
                weeks_between_false_alarms: arguments.number("weeks_between_false_alarms")?,
                within_weeks: arguments.count("within_weeks")?,
                chance: arguments.number_or("chance", 0.8)?,
            };
            let found = to_notice(watch)?;
            Ok(json!({"answers": found.answers, "threshold": found.threshold, "chance": found.chance}))
        },
    },
];
