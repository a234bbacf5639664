//! Text: an analysis as people read it in a terminal.
//!
//! In: an analysis. Out: tables with n and intervals, confusion tables, and a few plain sentences. It says no more than
//! the figures do, and computes none.

use super::figure::{Between, Figure};
use super::grid::Grid;
use super::pairs::KINDS;
use super::{Analysis, Study, StudyCaution, groups};
use crate::figures::categories::{ac_name, weighting};
use crate::figures::{caution, kappa, words};
use crate::quality::agreement::Level;
use crate::quality::weights::Weighting;
use crate::text::line;
use serde_json::Value;
use std::fmt::Write;

/// The figures that the page shows; nothing else needs to be computed for it.
pub const PAGE: [&str; 19] = [
    "n_items",
    "n_raters",
    "n_ratings",
    "n_items_pairable",
    "percent_agreement",
    "krippendorff_alpha",
    "gwet_ac",
    "fleiss_kappa",
    "conger_kappa",
    "brennan_prediger",
    "icc",
    "cohen_kappa",
    "accuracy",
    "accuracy_counts",
    "accuracy_difference",
    "kappa_vs_gold",
    "confusion_vs_gold",
    "held_out_accuracy",
    "aggregate_accuracy",
];

/// Raters and pairs are listed up to this many.
const LISTED: usize = 30;

/// The page for a table of ratings.
pub fn text(analysis: &Analysis, study: &Study<'_>, level: Option<Level>) -> String {
    let mut out = String::new();
    let count = |metric: &str| analysis.find(metric, &[]).and_then(|figure| figure.value.as_u64()).unwrap_or(0);
    let [items, raters, ratings, pairable] = ["n_items", "n_raters", "n_ratings", "n_items_pairable"].map(count);
    let raters = match study.is_anonymous {
        true => "raters without names".to_owned(),
        false => words::counted(raters, "rater", "raters"),
    };
    let (items, ratings) = (words::counted(items, "item", "items"), words::counted(ratings, "rating", "ratings"));
    let head = [items, raters, ratings].join(", ");
    let have = if pairable == 1 { "has" } else { "have" };
    let _ = writeln!(out, "{head}; {} {have} two ratings or more.", words::counted(pairable, "item", "items"));
    let _ = writeln!(out, "Categories: {}.\n", shortened(study.categories));
    let level = level.unwrap_or(Level::Nominal);
    coefficients(analysis, level, &mut out);
    if study.has_gold() {
        against_gold(analysis, study, level, &mut out);
    }
    pairs(analysis, &mut out);
    confusion(analysis, study, &mut out);
    consensus(analysis, &mut out);
    truth(analysis, &mut out);
    reading(analysis, study, level, &mut out);
    not_computed(analysis, &mut out);
    out
}

/// Figures that were asked for by name, a line each.
pub fn list(analysis: &Analysis) -> String {
    let mut out = String::new();
    let mut grid = Grid::new(&["figure", "of", "value", "95 % interval"]);
    for figure in &analysis.metrics {
        let of = figure.args.iter().filter(|(key, _)| *key != "categories");
        let of = of.map(|(key, value)| format!("{key} {}", plain(value)));
        let value = figure.reason.map_or_else(|| plain(&figure.value), |reason| format!("undefined: {reason}"));
        let between = figure.interval.map(|between| format!("{:.4} to {:.4}", between.low, between.high));
        let group = figure.group.iter().cloned();
        grid.row([
            figure.metric.to_owned(),
            group.chain(of).collect::<Vec<_>>().join(", "),
            value,
            between.or(figure.no_interval.map(str::to_owned)).unwrap_or_default(),
        ]);
    }
    grid.write(&mut out, false);
    for StudyCaution { group, text } in &analysis.cautions {
        let group = group.iter().map(|group| format!("{}: ", line(group))).collect::<String>();
        let _ = writeln!(out, "{group}{}", line(text));
    }
    not_computed(analysis, &mut out);
    out
}

/// Text as it is, numbers with four decimals where they have any.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) if number.is_f64() => match number.as_f64().unwrap_or_default() {
            small if small != 0.0 && small.abs() < 0.0001 => format!("{small:.2e}"),
            number => format!("{number:.4}"),
        },
        Value::Array(list) => format!("[{}]", list.iter().map(plain).collect::<Vec<_>>().join(", ")),
        other => other.to_string(),
    }
}

/// The differences between groups, if any are known.
pub fn differences(analysis: &Analysis) -> String {
    let mut out = String::new();
    let mut grid = Grid::new(&["difference of accuracy", "value", "95 % interval", "found by"]);
    for (name, figure) in groups::rows(analysis) {
        let interval = figure.interval.map_or(String::new(), |between| share_interval(&between));
        let how = figure.interval.map(|between| between.method);
        let how = how.or(figure.reason).or(figure.no_interval).unwrap_or_default();
        grid.row([name, share(figure), interval, how.to_owned()]);
    }
    if !grid.is_empty() {
        out.push_str("== Differences ==\n\n");
        grid.write(&mut out, false);
    }
    out
}

/// The page for flags on steps.
pub fn steps_text(analysis: &Analysis, tolerance: u32) -> String {
    let mut out = String::new();
    let mut grid =
        Grid::new(&["rater", "read", "matched", "wrong", "missed", "precision", "recall", "F1", "95 % interval of F1"]);
    for counts in analysis.metrics.iter().filter(|figure| figure.metric == "step_counts") {
        let rater = counts.args.get("rater").and_then(Value::as_str).unwrap_or_default();
        let of = |metric: &str| analysis.find(metric, &[("rater", rater)]);
        let part = |place: usize| counts.value.get(place).map_or("–".to_owned(), Value::to_string);
        let read = of("step_readings").map_or(String::new(), |figure| figure.value.to_string());
        let f1 = of("step_f1");
        grid.row([
            if rater == "*all*" { "all".to_owned() } else { rater.to_owned() },
            read,
            part(0),
            part(1),
            part(2),
            of("step_precision").map_or(String::new(), share),
            of("step_recall").map_or(String::new(), share),
            f1.map_or(String::new(), share),
            f1.and_then(|figure| figure.interval).map_or(String::new(), |between| share_interval(&between)),
        ]);
    }
    let _ = writeln!(out, "Flags against gold, at most {} apart:\n", words::counted(tolerance.into(), "step", "steps"));
    grid.write(&mut out, true);
    if let Some(blind) = analysis.find("step_blind_f1", &[]) {
        let _ = match blind.reason {
            None => {
                writeln!(
                    out,
                    "Somebody who flags every so many steps without reading gets an F1 of about {}.",
                    share(blind)
                )
            }
            Some(reason) => writeln!(out, "What somebody would get who does not read is not known: {reason}"),
        };
    }
    out.push_str(
        "Intervals of one rater speak of that rater; the interval of all speaks of raters and items like these.\n",
    );
    out
}

/// What was left out, once for each reason.
fn not_computed(analysis: &Analysis, out: &mut String) {
    for left_out in analysis.left_out.chunk_by(|a, b| a.reason == b.reason) {
        let metrics: Vec<&str> = left_out.iter().map(|of| of.metric).collect();
        let _ = writeln!(out, "Not computed: {} ({}).", metrics.join(", "), left_out[0].reason);
    }
}

fn coefficients(analysis: &Analysis, level: Level, out: &mut String) {
    let kind = weighting(level);
    let mut grid = Grid::new(&["agreement", "value", "95 % interval", "found by"]);
    let mut add = |name: String, metric: &str, arguments: &[(&str, &str)]| {
        let Some(figure) = analysis.find(metric, arguments) else { return };
        let (value, interval): (_, fn(f64, f64) -> String) = match metric {
            "percent_agreement" => (share(figure), words::interval),
            _ => (number(figure), words::coefficient_interval),
        };
        let shown = figure.interval.map_or(String::new(), |between| interval(between.low, between.high));
        let how = figure.interval.map(|between| between.method).or(figure.reason).or(figure.no_interval);
        grid.row([name, value, shown, how.unwrap_or_default().to_owned()]);
    };
    add("raw".to_owned(), "percent_agreement", &[("averaging", "item")]);
    let alpha = format!("Krippendorff's alpha, {}", level.name());
    add(alpha, "krippendorff_alpha", &[("level", level.name())]);
    let weighted = |name: &str| match kind {
        Weighting::Identity => name.to_owned(),
        _ => format!("{name}, {} weights", kind.name()),
    };
    let weights = [("weights", kind.name())];
    add(weighted(&format!("Gwet's {}", ac_name(Some(kind)))), "gwet_ac", &weights);
    add(weighted("Fleiss' kappa"), "fleiss_kappa", &weights);
    add(weighted("Conger's kappa"), "conger_kappa", &weights);
    add(weighted("Brennan-Prediger"), "brennan_prediger", &weights);
    if level == Level::Interval || level == Level::Ratio {
        add("ICC(2,1), absolute agreement".to_owned(), "icc", &[("form", "2,1")]);
    }
    if !grid.is_empty() {
        grid.write(out, false);
    }
}

fn against_gold(analysis: &Analysis, study: &Study<'_>, level: Level, out: &mut String) {
    let kind = weighting(level);
    let weights = KINDS.iter().find(|(of, _)| *of == kind).map_or("", |(_, name)| name);
    let mut grid =
        Grid::new(&["against gold", "right", "of", "accuracy", "95 % interval", kappa::name(kind), "95 % interval"]);
    let raters = ["*all*"].into_iter().chain(study.raters.iter().copied().take(LISTED));
    for rater in raters {
        let of = |metric: &str| analysis.find(metric, &[("rater", rater)]);
        let Some(accuracy) = of("accuracy") else { continue };
        let part =
            |place: usize| of("accuracy_counts").and_then(|counts| counts.value.get(place)).map(Value::to_string);
        let kappa = analysis.find("kappa_vs_gold", &[("rater", rater), ("weights", weights)]);
        grid.row([
            if rater == "*all*" { "all raters".to_owned() } else { rater.to_owned() },
            part(0).unwrap_or_default(),
            part(1).unwrap_or_default(),
            share(accuracy),
            accuracy.interval.map_or(String::new(), |between| share_interval(&between)),
            kappa.map_or(String::new(), number),
            interval(kappa.and_then(|kappa| kappa.interval)),
        ]);
    }
    if !grid.is_empty() {
        grid.write(out, true);
        more(study.raters.len(), "raters", out);
    }
}

fn pairs(analysis: &Analysis, out: &mut String) {
    let all: Vec<&Figure> = analysis
        .metrics
        .iter()
        .filter(|figure| figure.metric == "cohen_kappa" && figure.is("weights", "unweighted"))
        .collect();
    let mut grid = Grid::new(&["unweighted kappa of", "value", "95 % interval", "items"]);
    for figure in all.iter().take(LISTED) {
        let raters: Vec<&str> =
            figure.args["raters"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let between = interval(figure.interval);
        let items = figure.interval.map_or(String::new(), |between| between.n.to_string());
        let why = figure.reason.or(figure.no_interval).unwrap_or_default().to_owned();
        grid.row([raters.join(" and "), number(figure), if between.is_empty() { why } else { between }, items]);
    }
    if !grid.is_empty() {
        grid.write(out, false);
        more(all.len(), "pairs", out);
    }
}

/// Gold by answer.
fn confusion(analysis: &Analysis, study: &Study<'_>, out: &mut String) {
    let Some(figure) = analysis.find("confusion_vs_gold", &[("rater", "*all*")]).filter(|of| of.reason.is_none())
    else {
        return;
    };
    if study.categories.len() > LISTED {
        return;
    }
    let head: Vec<&str> = ["gold \\ given"].into_iter().chain(study.categories.iter().map(String::as_str)).collect();
    let mut grid = Grid::new(&head);
    for (category, row) in study.categories.iter().zip(figure.value.as_array().into_iter().flatten()) {
        let counts = row.as_array().into_iter().flatten().map(Value::to_string);
        grid.row([category.clone()].into_iter().chain(counts));
    }
    grid.write(out, true);
}

/// How often each method's label is right on gold that it did not see.
fn consensus(analysis: &Analysis, out: &mut String) {
    let mut grid = Grid::new(&["consensus label", "right on gold it did not see", "95 % interval", "items"]);
    for figure in analysis.metrics.iter().filter(|figure| figure.metric == "held_out_accuracy") {
        let method = figure.args.get("method").and_then(Value::as_str).unwrap_or_default();
        let interval = figure.interval.map_or(String::new(), |between| share_interval(&between));
        let items = figure.interval.map_or(String::new(), |between| between.n.to_string());
        grid.row([method.to_owned(), share(figure), interval, items]);
    }
    if !grid.is_empty() {
        grid.write(out, true);
    }
}

/// How often each method's label is the truth, on items without gold.
fn truth(analysis: &Analysis, out: &mut String) {
    let mut grid = Grid::new(&["consensus label", "with known gold", "right of the truth"]);
    let judged = analysis.metrics.iter().filter(|figure| figure.metric == "aggregate_accuracy");
    for figure in judged.filter(|figure| figure.args.contains_key("method")) {
        let method = figure.args["method"].as_str().unwrap_or_default().to_owned();
        let known = match figure.args.get("known_gold").and_then(Value::as_bool) {
            Some(true) => "yes",
            Some(false) => "no",
            None => "–",
        };
        grid.row([method, known.to_owned(), share(figure)]);
    }
    if !grid.is_empty() {
        grid.write(out, true);
    }
}

fn reading(analysis: &Analysis, study: &Study<'_>, level: Level, out: &mut String) {
    let alpha = analysis.find("krippendorff_alpha", &[("level", level.name())]);
    let guide = alpha.and_then(|alpha| alpha.interval).map(|between| caution::guide(between.low, between.high));
    let mut sentences: Vec<String> =
        guide.into_iter().chain(analysis.cautions.iter().map(|caution| line(&caution.text).into_owned())).collect();
    if level == Level::Nominal && !study.numbers().is_empty() && study.categories.len() > 2 {
        sentences.push("The categories are numbers. With `--level ordinal` near misses count in part.".to_owned());
    }
    for sentence in sentences {
        let _ = writeln!(out, "{sentence}");
    }
}

fn more(of: usize, what: &str, out: &mut String) {
    if of > LISTED {
        let _ = writeln!(out, "  … {} more {what}; `--json` has them all\n", of - LISTED);
    }
}

fn shortened(categories: &[String]) -> String {
    let shown = categories.iter().take(LISTED).map(|category| line(category)).collect::<Vec<_>>().join(", ");
    if categories.is_empty() {
        "none".to_owned()
    } else if categories.len() > LISTED {
        format!("{shown}, … ({} in all)", categories.len())
    } else {
        shown
    }
}

fn number(figure: &Figure) -> String {
    figure.value.as_f64().map_or(words::UNDEFINED.to_owned(), words::coefficient)
}

fn share(figure: &Figure) -> String {
    figure.value.as_f64().map_or(words::UNDEFINED.to_owned(), words::percent)
}

/// The interval of a coefficient, if it has one.
fn interval(between: Option<Between>) -> String {
    between.map_or(String::new(), |between| words::coefficient_interval(between.low, between.high))
}

fn share_interval(between: &Between) -> String {
    words::interval(between.low, between.high)
}
