//! Calculations on two sides, and on several claims at once.

use super::{Arguments, CalcFault, Calculator, shares};
use crate::quality::adjust::{benjamini_hochberg, bonferroni, holm};
use crate::quality::compare::difference::newcombe;
use crate::quality::compare::paired::{Pairs, mcnemar, tango};
use crate::quality::{Proportion, Undefined};
use serde_json::json;

/// A way to adjust p-values.
type Adjust = fn(&[f64]) -> Result<Vec<f64>, Undefined>;

pub const ALL: &[Calculator] = &[
    Calculator {
        name: "diff_ci_newcombe",
        summary: "Interval of the difference of two shares from different items, one answer an item (Newcombe 1998, method 10).",
        example: "k1=56 n1=70 k2=48 n2=80 conf=0.95",
        compute: |arguments| {
            let first = (arguments.count("k1")?, arguments.count("n1")?);
            let second = (arguments.count("k2")?, arguments.count("n2")?);
            let conf = shares::confidence(arguments)?;
            let found = newcombe(Proportion::new(first.0, first.1)?, Proportion::new(second.0, second.1)?, conf)?;
            Ok(json!([found.estimate.low, found.estimate.high]))
        },
    },
    Calculator {
        name: "diff_ci_paired",
        summary: "Interval of the difference of two shares on the same items, one answer of each side an item (Tango 1998).",
        example: "both=40 only_first=12 only_second=4 neither=9 conf=0.95",
        compute: |arguments| {
            let pairs = pairs(arguments)?;
            let found = tango(pairs, shares::confidence(arguments)?)?;
            Ok(json!([found.estimate.low, found.estimate.high]))
        },
    },
    Calculator {
        name: "mcnemar",
        summary: "Whether two sides are right equally often on the same items: exact and mid-p-values (McNemar 1947).",
        example: "both=40 only_first=12 only_second=4 neither=9",
        compute: |arguments| {
            let found = mcnemar(pairs(arguments)?)?;
            Ok(json!({"p_exact": found.exact, "p_mid": found.mid_p, "p_first_is_better": found.first_is_better}))
        },
    },
    Calculator {
        name: "adjust_p",
        summary: "Adjusts p-values for several claims: holm, benjamini_hochberg or bonferroni.",
        example: "method=holm p=[0.01,0.02,0.03,0.04,0.05]",
        compute: |arguments| {
            let methods: [(&str, Adjust); 3] =
                [("holm", holm), ("benjamini_hochberg", benjamini_hochberg), ("bonferroni", bonferroni)];
            let adjust = arguments.word("method", &methods)?;
            Ok(json!(adjust(&arguments.numbers("p")?)?))
        },
    },
];

fn pairs(arguments: &mut Arguments) -> Result<Pairs, CalcFault> {
    Ok(Pairs {
        both: arguments.count("both")?,
        only_first: arguments.count("only_first")?,
        only_second: arguments.count("only_second")?,
        neither: arguments.count("neither")?,
    })
}
