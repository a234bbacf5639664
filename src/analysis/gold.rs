//! Against gold: accuracy with its intervals, confusion, kappa, and how far off numbers are.
//!
//! In: the study's ratings of items that have gold. Out: figures by rater, and of all of them pooled. Pooled accuracy has
//! an interval over items and raters; that of one rater takes answers to be independent, as one rater's are one an item.

use super::pairs::KINDS;
use super::sheet::Sheet;
use super::{CONF, MOST_CATEGORIES, Study};
use crate::quality::closeness::answers::{self, Answer, Answers};
use crate::quality::closeness::{self, Scores, rank};
use crate::quality::clustered::{self, kappa::Answered};
use crate::quality::confusion::Confusion;
use crate::quality::proportion::{clopper_pearson, jeffreys_tails, wilson};
use crate::quality::table::Coded;
use crate::quality::weights::Weights;
use crate::quality::{Estimate, Proportion, Undefined, cohen};
use serde_json::{Value, json};

/// Figures from a table of gold by answer.
pub const TABLES: [&str; 2] = ["confusion_vs_gold", "kappa_vs_gold"];
/// All raters pooled.
const ALL: &str = "*all*";

/// How far numbers are from gold.
type Distance = fn(&Scores) -> f64;
/// The same with its interval, items as units.
type DistanceInterval = fn(&Answers, f64) -> Result<Estimate, Undefined>;

/// Ratings of gold items, each with its gold, of one rater or of all.
struct Scored<'a> {
    rater: &'a str,
    pairs: Vec<(u32, Coded)>,
}

/// Adds the figures; none where no item has gold.
pub fn add(sheet: &mut Sheet, study: &Study<'_>) {
    if !study.has_gold() {
        return;
    }
    let mut of_raters: Vec<Scored<'_>> = study.raters.iter().map(|rater| Scored { rater, pairs: Vec::new() }).collect();
    let mut of_all = Scored { rater: ALL, pairs: Vec::new() };
    for rating in study.table.ratings() {
        let Some(gold) = study.gold[rating.item as usize] else { continue };
        of_raters[rating.rater as usize].pairs.push((gold, *rating));
        of_all.pairs.push((gold, *rating));
    }
    pooled(sheet, study, &of_all);
    if study.categories.len() <= MOST_CATEGORIES {
        [&of_all].into_iter().chain(&of_raters).for_each(|scored| compared(sheet, study, scored));
    }
    of_raters.iter().for_each(|scored| accuracy(sheet, scored));
}

impl Scored<'_> {
    fn right(&self) -> u64 {
        self.pairs.iter().filter(|(gold, rating)| rating.category == *gold).count() as u64
    }

    fn proportion(&self) -> Result<Proportion, Undefined> {
        Proportion::new(self.right(), self.pairs.len() as u64).map_err(|_| Undefined::NoGold)
    }

    /// The ratings as numbers.
    fn answers<'n>(&'n self, numbers: &'n [f64]) -> impl Iterator<Item = Answer> + 'n {
        self.pairs.iter().map(|(gold, rating)| Answer {
            item: rating.item,
            gold: numbers[*gold as usize],
            given: numbers[rating.category as usize],
        })
    }

    /// Gold by answer.
    fn confusion(&self, categories: usize) -> Confusion {
        let mut confusion = Confusion::new(categories);
        for (gold, rating) in &self.pairs {
            confusion.add(*gold as usize, rating.category as usize, 1);
        }
        confusion
    }
}

/// Accuracy over all raters, with an interval that honours items and raters, and what a constant answer would score.
fn pooled(sheet: &mut Sheet, study: &Study<'_>, all: &Scored<'_>) {
    let cell = |(gold, rating): &(u32, Coded)| clustered::Cell {
        item: rating.item,
        rater: rating.rater,
        right: f64::from(u8::from(rating.category == *gold)),
        asked: 1.0,
    };
    let cells: Vec<clustered::Cell> = all.pairs.iter().map(cell).collect();
    let accuracy = clustered::ratio(&cells, CONF).map_err(|_| Undefined::NoGold);
    let args = || json!({ "rater": ALL });
    sheet.add_with("accuracy", args(), || all.proportion().map(Proportion::share), || accuracy.map(|of| of.estimate));
    sheet.add("accuracy_counts", args(), || all.proportion().map(|of| json!([of.successes(), of.trials()])));
    let effects = |of: clustered::Clustered| json!({"items": of.design_effect_items, "raters": of.design_effect_raters, "both": of.design_effect});
    sheet.add("design_effects", args(), || accuracy.map(effects));
    let mut gold_counts = vec![0_u64; study.categories.len()];
    all.pairs.iter().for_each(|(gold, _)| gold_counts[*gold as usize] += 1);
    let most = gold_counts.into_iter().max().unwrap_or(0);
    sheet.add("constant_answer_accuracy", json!({}), || {
        Proportion::new(most, all.pairs.len() as u64).map(Proportion::share).map_err(|_| Undefined::NoGold)
    });
}

fn accuracy(sheet: &mut Sheet, scored: &Scored<'_>) {
    let rater = scored.rater;
    let of = scored.proportion();
    let share = || of.map(Proportion::share);
    sheet.add_with("accuracy", json!({ "rater": rater }), share, || of.map(|of| wilson(of, CONF)));
    let counts = || of.map(|of| json!([of.successes(), of.trials()]));
    sheet.add("accuracy_counts", json!({ "rater": rater }), counts);
    let wilson = |of| bounds(wilson(of, CONF));
    let exact = |of| bounds(clopper_pearson(of, CONF));
    let args = || json!({ "rater": rater, "conf": CONF });
    sheet.add("ci_wilson", args(), || of.map(wilson));
    sheet.add("ci_clopper_pearson", args(), || of.map(exact));
    sheet.add("ci_jeffreys", args(), || of.map(|of| json!(<[f64; 2]>::from(jeffreys_tails(of, CONF)))));
}

fn bounds(estimate: Estimate) -> Value {
    json!([estimate.low, estimate.high])
}

/// Confusion, kappa, and distances from gold.
fn compared(sheet: &mut Sheet, study: &Study<'_>, scored: &Scored<'_>) {
    let (rater, categories) = (scored.rater, study.categories);
    let confusion = scored.confusion(categories.len());
    let rows = || -> Vec<Vec<u64>> {
        let row = |gold: usize| (0..categories.len()).map(|given| confusion.count(gold, given)).collect();
        (0..categories.len()).map(row).collect()
    };
    let any = || scored.proportion().map(|_| ());
    let args = json!({ "rater": rater, "categories": categories });
    sheet.add("confusion_vs_gold", args, || any().map(|()| json!(rows())));
    for (kind, name) in KINDS {
        let weights = Weights::of(kind, categories.len());
        let args = json!({ "rater": rater, "weights": name, "categories": categories });
        let value = || any().and_then(|()| cohen::kappa(&confusion, &weights));
        sheet.add_with("kappa_vs_gold", args, value, || kappa_estimate(scored, &weights));
    }
    let numbers = study.numbers();
    let scores = match any() {
        Ok(()) if numbers.is_empty() => Err(Undefined::NotNumbers),
        any => any.and_then(|()| Scores::of_confusion(&confusion, &numbers)),
    };
    let args = || json!({ "rater": rater });
    let answers = if numbers.is_empty() { Err(Undefined::NotNumbers) } else { Answers::of(scored.answers(&numbers)) };
    let distances: [(&'static str, Distance, DistanceInterval); 3] = [
        ("bias_vs_gold", closeness::bias, answers::bias),
        ("mae_vs_gold", closeness::mean_absolute_error, answers::mean_absolute_error),
        ("rmse_vs_gold", closeness::root_mean_square_error, answers::root_mean_square_error),
    ];
    for (name, distance, interval) in distances {
        let value = || scores.as_ref().map(distance).map_err(|undefined| *undefined);
        let estimate = || interval(answers.as_ref().map_err(|undefined| *undefined)?, CONF);
        sheet.add_with(name, args(), value, estimate);
    }
    let of = |figure: fn(&Scores) -> Result<f64, Undefined>| {
        scores.as_ref().map_err(|undefined| *undefined).and_then(figure).map(Value::from)
    };
    sheet.add("spearman_vs_gold", args(), || of(rank::spearman));
    sheet.add("kendall_tau_b_vs_gold", args(), || of(rank::kendall_tau_b));
}

/// Kappa's interval, over items and raters.
fn kappa_estimate(scored: &Scored<'_>, weights: &Weights) -> Result<Estimate, Undefined> {
    let answer = |(gold, rating): &(u32, Coded)| Answered {
        item: rating.item,
        rater: rating.rater,
        gold: *gold,
        given: rating.category,
        times: 1,
    };
    let answers: Vec<Answered> = scored.pairs.iter().map(answer).collect();
    Ok(clustered::kappa::against_gold(&answers, weights, CONF)?.interval?.estimate)
}
