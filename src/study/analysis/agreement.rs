//! Agreement over items: raw, and every coefficient beyond chance, with analytic and bootstrap intervals.
//!
//! In: the study's patterns. Out: figures at each level and with each kind of weights. Nothing here asks who rated.

use super::sheet::Sheet;
use super::{MOST_CATEGORIES, Study, StudyRequest, weighing};
use crate::figures::LEVEL;
use crate::figures::agreement::measured;
use crate::figures::categories::{Categories, ac_weighting, weighting};
use crate::figures::caution::{self, Caution};
use crate::quality::Undefined;
use crate::quality::agreement::{Averaging, Coefficient, Level};
use crate::quality::bootstrap::{Additive, Bootstrapped, Resampling, over_items};
use crate::quality::conger;
use crate::quality::patterns::Patterns;
use crate::quality::weights::{Weighting, Weights};
use serde_json::{Value, json};

/// Figures that draw samples, whatever rule the others' intervals follow.
pub const BOOTSTRAPS: [&str; 3] =
    ["krippendorff_alpha_bootstrap_ci", "gwet_ac_bootstrap_ci", "percent_agreement_bootstrap_ci"];

/// Figures that weigh pairs of categories.
pub const WEIGHTED: [&str; 8] = [
    "fleiss_kappa",
    "fleiss_kappa_se",
    "gwet_ac",
    "gwet_ac_se",
    "gwet_ac_bootstrap_ci",
    "brennan_prediger",
    "brennan_prediger_se",
    "conger_kappa",
];

/// Adds coefficients.
pub fn add(sheet: &mut Sheet, study: &Study<'_>, request: &StudyRequest) {
    let patterns = study.table.patterns();
    let numbers = study.numbers();
    for (averaging, name) in [(Averaging::Items, "item"), (Averaging::Pairs, "pair")] {
        let percent = Coefficient::Percent(averaging);
        let args = json!({ "averaging": name });
        sheet.add_agreed("percent_agreement", args, || measured(&percent, &patterns, request.interval));
    }
    for level in levels(study) {
        let alpha = Coefficient::Alpha { level, numbers: &numbers };
        let args = json!({ "level": level.name() });
        let order = order_for(level, study);
        let value = || order.and_then(|()| measured(&alpha, &patterns, request.interval));
        sheet.add_agreed("krippendorff_alpha", args.clone(), value);
        sheet.add("krippendorff_alpha_se", args, || order.and_then(|()| alpha.standard_error(&patterns)));
    }
    let kinds = if sheet.wants_any(&WEIGHTED) { Weighting::ALL.as_slice() } else { &[] };
    for kind in kinds.iter().copied() {
        weighted(sheet, study, request, &patterns, kind);
    }
    bootstrap(sheet, study, request, &patterns);
}

/// Whether the categories have the order that a level takes.
fn order_for(level: Level, study: &Study<'_>) -> Result<(), Undefined> {
    if level == Level::Ordinal { weighing::check_order(study) } else { Ok(()) }
}

/// Adds what there is to count, repeated ratings included.
pub fn count(sheet: &mut Sheet, study: &Study<'_>, once: &Study<'_>) {
    sheet.add("n_items", json!({}), || Ok(study.table.n_items()));
    sheet.add("n_raters", json!({}), || Ok(study.table.n_raters()));
    sheet.add("n_ratings", json!({}), || Ok(study.table.ratings().len()));
    sheet.add("n_items_pairable", json!({}), || Ok(once.table.by_item().filter(|ratings| ratings.len() > 1).count()));
}

/// A coefficient that takes weights.
type OfWeights = fn(&Weights) -> Coefficient<'_>;

/// Coefficients that take weights.
fn weighted(sheet: &mut Sheet, study: &Study<'_>, request: &StudyRequest, patterns: &Patterns, kind: Weighting) {
    let weights = weighing::weights(study, request.level, kind);
    let weights = || weights.as_ref().map_err(|undefined| *undefined);
    let args = weighing::args(study, request.level, kind, kind.name());
    let coefficients: [(_, _, OfWeights); 3] = [
        ("fleiss_kappa", "fleiss_kappa_se", |weights| Coefficient::Fleiss(weights)),
        ("gwet_ac", "gwet_ac_se", |weights| Coefficient::Gwet(weights)),
        ("brennan_prediger", "brennan_prediger_se", |weights| Coefficient::BrennanPrediger(weights)),
    ];
    for (name, error, coefficient) in coefficients {
        sheet.add_agreed(name, args.clone(), || measured(&coefficient(weights()?), patterns, request.interval));
        sheet.add(error, args.clone(), || coefficient(weights()?).standard_error(patterns));
    }
    let (value, estimate) =
        (|| conger::kappa(&study.table, weights()?), || conger::estimate(&study.table, weights()?, LEVEL));
    sheet.add_with("conger_kappa", args, value, estimate);
}

/// The levels that are computed: with very many categories those that need no table of pairs of them.
fn levels(study: &Study<'_>) -> Vec<Level> {
    match study.categories.len() > MOST_CATEGORIES {
        true => vec![Level::Nominal, Level::Interval],
        false => Level::ALL.to_vec(),
    }
}

/// What to keep in mind of agreement at the level that the page shows.
pub fn cautions(study: &Study<'_>, level: Level) -> Vec<String> {
    let names = study.categories.iter().map(String::as_str).collect();
    let categories = Categories { level, names, numbers: Vec::new(), in_common: None, weighting: ac_weighting(level) };
    caution::of_agreement(&study.table.patterns(), &categories).iter().map(Caution::sentence).collect()
}

/// Bootstrap intervals of alpha, raw agreement and Gwet's coefficient, all from the same samples.
fn bootstrap(sheet: &mut Sheet, study: &Study<'_>, request: &StudyRequest, patterns: &Patterns) {
    if request.replicates == 0 || !sheet.wants_any(&BOOTSTRAPS) {
        return;
    }
    let numbers = study.numbers();
    let levels = levels(study).into_iter().filter(|level| request.level.is_none_or(|of| of == *level));
    let levels: Vec<Level> = levels.collect();
    let mut kinds: Vec<Weighting> = levels.iter().map(|level| weighting(*level)).collect();
    kinds.dedup();
    if !sheet.wants("gwet_ac_bootstrap_ci") {
        kinds.clear();
    }
    let mut weights: Vec<(Weighting, Weights)> = Vec::new();
    for kind in kinds {
        let args = weighing::args(study, request.level, kind, kind.name());
        match weighing::weights(study, request.level, kind) {
            Ok(of_kind) => weights.push((kind, of_kind)),
            Err(undefined) => sheet.add(BOOTSTRAPS[1], args, || Err::<Value, _>(undefined)),
        }
    }
    let mut wanted: Vec<(&'static str, Value, Coefficient<'_>)> = Vec::new();
    for level in levels {
        let (alpha, args) = (Coefficient::Alpha { level, numbers: &numbers }, json!({ "level": level.name() }));
        match order_for(level, study) {
            Ok(()) => wanted.push((BOOTSTRAPS[0], args, alpha)),
            Err(undefined) => sheet.add(BOOTSTRAPS[0], args, || Err::<Value, _>(undefined)),
        }
    }
    for (kind, weights) in &weights {
        let args = weighing::args(study, request.level, *kind, kind.name());
        wanted.push((BOOTSTRAPS[1], args, Coefficient::Gwet(weights)));
    }
    wanted.push((BOOTSTRAPS[2], json!({ "averaging": "item" }), Coefficient::Percent(Averaging::Items)));
    wanted.retain(|(name, ..)| sheet.wants(name));
    let statistics: Vec<&dyn Additive> =
        wanted.iter().map(|(_, _, coefficient)| coefficient as &dyn Additive).collect();
    let resampling = Resampling { replicates: request.replicates, seed: request.seed, level: LEVEL };
    let results = over_items(&statistics, patterns, &resampling);
    for ((name, args, _), result) in wanted.into_iter().zip(results) {
        // Samples that are all alike show no spread: a point is no interval.
        let spread = |of: &Bootstrapped| if of.is_degenerate() { Err(Undefined::NoSpread) } else { Ok(of.percentile) };
        let percentile = result.as_ref().map_err(|undefined| *undefined).and_then(spread);
        let bca = result.and_then(|of| of.bca);
        for (method, interval) in [("item resampling, percentile", percentile), ("item resampling, BCa", bca)] {
            let mut args = args.clone();
            args["conf"] = json!(LEVEL);
            args["method"] = json!(method);
            sheet.add(name, args, || interval.map(|interval| json!([interval.low, interval.high])));
        }
    }
}
