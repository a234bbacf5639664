//! Consensus: one label an item from many raters, by several methods, and how good each is on gold it did not see.
//!
//! In: the study's table, gold and, if there is any, truth. Out: labels, posteriors, raters' confusions, and accuracies.
//! Models are fitted with and without the known gold, and without and with smoothing, from vote shares to convergence.

use super::sheet::Sheet;
use super::{MOST_CATEGORIES, Study, newcomers, weighing};
use crate::figures::LEVEL;
use crate::quality::Undefined;
use crate::quality::consensus::{
    Aggregation, Consensus, Fitting, accuracy_on_held_out_gold, dawid_skene, majority, one_coin, ordinal,
};
use crate::quality::table::Table;
use serde_json::{Map, Value, json};

/// Until the largest change of a posterior is below this.
const TOLERANCE: f64 = 1e-13;
/// Models that need more steps are said not to converge.
const MOST_ITERATIONS: u32 = 20_000;
/// Added to every cell of a rater's confusion in the smoothed fits.
const SMOOTHING: f64 = 0.1;
/// Models are fitted to more ratings only if asked for by name.
const MOST_RATINGS: usize = 200_000;
/// Labels of more items are listed only if asked for by name.
const MOST_ITEMS: usize = 10_000;
/// Gold is left out in so many turns.
const FOLDS: usize = 10;

const LISTED: [&str; 4] = ["majority_vote", BY_ITEM[0], BY_ITEM[1], BY_ITEM[2]];
/// Figures of a fitted model that say something of each item.
pub const BY_ITEM: [&str; 3] = ["dawid_skene_posterior", "dawid_skene_labels", "dawid_skene_base_rate_only"];
/// Figures of a fitted model, which has a table of categories by categories for each rater.
pub const MODEL: [&str; 7] = [
    "dawid_skene_prior",
    "dawid_skene_loglik",
    "dawid_skene_iterations",
    "dawid_skene_confusion",
    BY_ITEM[0],
    BY_ITEM[1],
    BY_ITEM[2],
];
/// Figures of how well such a model foretells answers that were held out.
pub const HELD_OUT: [&str; 3] = ["held_out_accuracy", "held_out_confidence", "held_out_brier"];
const JUDGED: [&str; 4] = ["aggregate_accuracy", HELD_OUT[0], HELD_OUT[1], HELD_OUT[2]];

/// Adds the figures.
pub fn add(sheet: &mut Sheet, study: &Study<'_>) {
    let (items, ratings) = (study.table.n_items(), study.table.ratings().len());
    if items > MOST_ITEMS {
        sheet.leave_out(&LISTED, &format!("there are {items} items to list"));
    }
    if ratings > MOST_RATINGS {
        let why = format!("fitting {ratings} ratings takes long");
        sheet.leave_out(&MODEL, &why);
        sheet.leave_out(&JUDGED, &why);
    }
    let tied = if sheet.wants("majority_vote") { majority(&study.table) } else { Vec::new() };
    let names = |item: usize| -> Vec<&str> {
        tied[item].iter().map(|category| study.categories[*category as usize].as_str()).collect()
    };
    let rated = |item: usize| Some(names(item)).filter(|names| !names.is_empty()).map(|names| json!(names));
    sheet.add("majority_vote", json!({}), || Ok(by_item(study, rated)));
    if sheet.wants_any(&MODEL) {
        let gold = if study.has_gold() { vec![false, true] } else { vec![false] };
        for smoothing in [0.0, SMOOTHING] {
            gold.iter().for_each(|known| model(sheet, study, smoothing, *known));
        }
    }
    if sheet.wants("aggregate_accuracy") {
        aggregate(sheet, study);
    }
    if sheet.wants_any(&HELD_OUT) && study.has_gold() && study.categories.len() <= MOST_CATEGORIES {
        held_out(sheet, study);
    }
}

fn fitting<'a>(study: &'a Study<'_>, smoothing: f64, known: bool) -> Fitting<'a> {
    let known = known.then_some(study.gold.as_slice());
    Fitting { known, smoothing, tolerance: TOLERANCE, most_iterations: MOST_ITERATIONS }
}

/// One fit of Dawid and Skene's model.
fn model(sheet: &mut Sheet, study: &Study<'_>, smoothing: f64, known: bool) {
    let fit = settled(dawid_skene(&study.table, &fitting(study, smoothing, known)));
    let fit = fit.as_ref().map_err(|undefined| *undefined);
    let args = || {
        json!({
            "init": "vote_fractions",
            "smoothing": smoothing,
            "to_convergence": TOLERANCE,
            "known_gold": known,
        })
    };
    sheet.add("dawid_skene_prior", args(), || fit.map(|fit| by_category(study, fit.prior())));
    sheet.add("dawid_skene_loglik", args(), || fit.map(|fit| fit.convergence().log_likelihood));
    sheet.add("dawid_skene_iterations", args(), || fit.map(|fit| fit.convergence().iterations));
    sheet.add("dawid_skene_confusion", args(), || fit.map(|fit| confusions(study, fit)));
    let of = |fit: &Consensus, item| fit.posterior(item).map(|of| by_category(study, of));
    sheet.add("dawid_skene_posterior", args(), || fit.map(|fit| by_item(study, |item| of(fit, item))));
    let of = |fit: &Consensus, item| fit.label(item).map(|label| json!(study.categories[label]));
    sheet.add("dawid_skene_labels", args(), || fit.map(|fit| by_item(study, |item| of(fit, item))));
    let gold = known.then_some(study.gold.as_slice());
    let names = || -> Vec<&str> {
        newcomers::on_base_rate(&study.table, gold).into_iter().map(|item| study.items[item]).collect()
    };
    sheet.add("dawid_skene_base_rate_only", args(), || fit.map(|_| json!(names())));
}

/// A fit that came to rest.
fn settled(fit: Result<Consensus, Undefined>) -> Result<Consensus, Undefined> {
    fit.and_then(|fit| if fit.convergence().converged { Ok(fit) } else { Err(Undefined::NotConverged) })
}

fn confusions(study: &Study<'_>, fit: &Consensus) -> Value {
    let rows = |rater: usize| {
        let confusion = fit.confusion(rater)?;
        let rows = (0..study.categories.len()).map(|truth| json!(confusion.row(truth)));
        Some(Value::Array(rows.collect()))
    };
    let named = study.raters.iter().enumerate().filter_map(|(rater, name)| Some(((*name).to_owned(), rows(rater)?)));
    Value::Object(named.collect())
}

fn by_category(study: &Study<'_>, shares: &[f64]) -> Value {
    let named = study.categories.iter().cloned().zip(shares.iter().map(|share| json!(share)));
    Value::Object(named.collect())
}

fn by_item(study: &Study<'_>, of: impl Fn(usize) -> Option<Value>) -> Value {
    let named = study.items.iter().enumerate().filter_map(|(item, name)| Some(((*name).to_owned(), of(item)?)));
    Value::Object(named.collect::<Map<String, Value>>())
}

/// Accuracy of labels on items without gold, where the truth is known from elsewhere.
fn aggregate(sheet: &mut Sheet, study: &Study<'_>) {
    if study.truth.iter().all(Option::is_none) {
        return;
    }
    let on = "items without gold";
    let votes = majority(&study.table);
    let split = |item: usize, truth: u32| {
        let tied = votes.get(item).filter(|tied| !tied.is_empty())?;
        Some(if tied.contains(&truth) { 1.0 / tied.len() as f64 } else { 0.0 })
    };
    let args = json!({ "method": "majority_vote", "ties": "split", "on": on });
    sheet.add("aggregate_accuracy", args, || mean_over(study, split));
    if study.is_anonymous {
        return;
    }
    for known in [false, true] {
        for (name, fit) in MODELS {
            // A model that ties says nothing, and is not right.
            let args = json!({ "method": name, "smoothing": SMOOTHING, "known_gold": known, "on": on });
            sheet.add("aggregate_accuracy", args, || {
                if name == ORDINAL {
                    weighing::check_order(study)?;
                }
                let fit = settled(fit(&study.table, &fitting(study, SMOOTHING, known)))?;
                mean_over(study, |item, truth| {
                    fit.posterior(item)?;
                    Some(f64::from(u8::from(fit.label(item) == Some(truth as usize))))
                })
            });
        }
    }
}

/// A way to fit raters and labels together.
type FitModel = fn(&Table, &Fitting<'_>) -> Result<Consensus, Undefined>;

const MODELS: [(&str, FitModel); 3] = [("dawid_skene", dawid_skene), ("one_coin", one_coin), (ORDINAL, ordinal)];

/// The model that takes the order of the categories.
const ORDINAL: &str = "ordinal";

/// Accuracy of every method on gold that it did not see, and whether its chances can be believed.
fn held_out(sheet: &mut Sheet, study: &Study<'_>) {
    for method in Aggregation::ALL {
        let fitting = Fitting { smoothing: SMOOTHING, ..Fitting::default() };
        let order = if method == Aggregation::Ordinal { weighing::check_order(study) } else { Ok(()) };
        let found = order.and_then(|()| accuracy_on_held_out_gold(&study.table, &study.gold, method, &fitting, FOLDS));
        let found = found.as_ref().map_err(|undefined| *undefined);
        let args = || json!({ "method": method.name(), "folds": FOLDS });
        let accuracy = || found.map(|of| of.accuracy(LEVEL));
        sheet.add_with("held_out_accuracy", args(), || accuracy().map(|of| of.point), accuracy);
        sheet.add("held_out_confidence", args(), || found.map(|of| of.confidence));
        sheet.add("held_out_brier", args(), || found.map(|of| of.brier));
    }
}

/// The mean score of items that have a truth, no gold, and a label.
fn mean_over(study: &Study<'_>, score: impl Fn(usize, u32) -> Option<f64>) -> Result<f64, Undefined> {
    let unseen = study.truth.iter().enumerate().filter(|(item, _)| study.gold[*item].is_none());
    let scores: Vec<f64> = unseen.filter_map(|(item, truth)| score(item, (*truth)?)).collect();
    if scores.is_empty() { Err(Undefined::NoData) } else { Ok(scores.iter().sum::<f64>() / scores.len() as f64) }
}
