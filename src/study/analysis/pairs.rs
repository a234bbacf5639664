//! Pairs: figures that ask who rated. Cohen's kappa of each two raters, and intraclass correlations.
//!
//! In: the study's table. Out: figures by pair of raters, and of all raters. Gold is no rater here.

use super::sheet::Sheet;
use super::{Study, StudyRequest, weighing};
use crate::figures::LEVEL;
use crate::quality::confusion::Confusion;
use crate::quality::pairs::pairs;
use crate::quality::weights::{Weighting, Weights};
use crate::quality::{Undefined, cohen, icc};
use serde_json::json;
use std::collections::BTreeMap;

/// Among more raters than this, pairs are compared only if asked for by name: they grow with its square.
const MOST_RATERS: usize = 20;

/// Figures that weigh pairs of categories.
pub const WEIGHTED: [&str; 5] = ["light_kappa", "cohen_kappa", "cohen_kappa_se", "cohen_kappa_custom", "confusion"];
/// Figures of each pair of raters.
const PAIRED: [&str; 3] = ["cohen_kappa", "cohen_kappa_se", "confusion"];

/// The kinds of weights of kappa, with the names that comparisons of packages use.
pub const KINDS: [(Weighting, &str); 3] =
    [(Weighting::Identity, "unweighted"), (Weighting::Linear, "linear"), (Weighting::Quadratic, "quadratic")];

/// Adds the figures.
pub fn add(sheet: &mut Sheet, study: &Study<'_>, request: &StudyRequest) {
    for (kind, name) in KINDS.into_iter().filter(|_| sheet.wants("light_kappa")).collect::<Vec<_>>() {
        let args = weighing::args(study, request.level, kind, name);
        let weights = || weighing::weights(study, request.level, kind);
        sheet.add("light_kappa", args, || cohen::light(&study.table, &weights()?).map(|light| light.kappa));
    }
    let raters = study.raters.len();
    if raters > MOST_RATERS {
        let why = format!("{raters} raters make {} pairs", raters * (raters - 1) / 2);
        sheet.leave_out(&PAIRED, &why);
    }
    if sheet.wants_any(&PAIRED) || (request.disagreements.is_some() && sheet.wants("cohen_kappa_custom")) {
        let met: BTreeMap<(u32, u32), Confusion> =
            pairs(&study.table).map(|pair| ((pair.first, pair.second), pair.confusion)).collect();
        let every = (0..raters as u32).flat_map(|first| (first + 1..raters as u32).map(move |second| (first, second)));
        let listed: Vec<(u32, u32)> =
            if raters <= MOST_RATERS { every.collect() } else { met.keys().copied().collect() };
        let strangers = Confusion::new(study.categories.len());
        let weights = KINDS.map(|(kind, _)| weighing::weights(study, request.level, kind));
        for of in listed {
            pair(sheet, study, request, &weights, of, met.get(&of).unwrap_or(&strangers));
        }
    }
    intraclass(sheet, study);
}

/// Figures of two raters; `weights` are those of `KINDS`.
fn pair(
    sheet: &mut Sheet,
    study: &Study<'_>,
    request: &StudyRequest,
    weights: &[Result<Weights, Undefined>; KINDS.len()],
    of: (u32, u32),
    confusion: &Confusion,
) {
    let (raters, categories) = ([study.raters[of.0 as usize], study.raters[of.1 as usize]], study.categories);
    let rows = || -> Vec<Vec<u64>> {
        let row = |first: usize| (0..categories.len()).map(|second| confusion.count(first, second)).collect();
        (0..categories.len()).map(row).collect()
    };
    sheet.add("confusion", json!({ "raters": raters, "categories": categories }), || Ok(json!(rows())));
    for ((kind, name), weights) in KINDS.into_iter().zip(weights) {
        let mut args = weighing::args(study, request.level, kind, name);
        args["raters"] = json!(raters);
        let weights = || weights.as_ref().map_err(|undefined| *undefined);
        let (value, estimate) =
            (|| cohen::kappa(confusion, weights()?), || cohen::estimate(confusion, weights()?, LEVEL));
        sheet.add_with("cohen_kappa", args.clone(), value, estimate);
        sheet.add("cohen_kappa_se", args, || cohen::standard_error(confusion, weights()?));
    }
    if let Some(rows) = &request.disagreements {
        let args = json!({ "raters": raters, "categories": categories, "disagreement_weights": rows });
        let weights = || Weights::from_disagreements(rows).ok_or(Undefined::BadParameter);
        let value = || cohen::kappa(confusion, &weights()?);
        let estimate = || cohen::estimate(confusion, &weights()?, LEVEL);
        sheet.add_with("cohen_kappa_custom", args, value, estimate);
    }
}

fn intraclass(sheet: &mut Sheet, study: &Study<'_>) {
    let numbers = study.numbers();
    let numbers = || if numbers.is_empty() { Err(Undefined::NotNumbers) } else { Ok(numbers.as_slice()) };
    for form in icc::Form::ALL {
        let value = || icc::icc(&study.table, numbers()?, form);
        let estimate = || icc::estimate(&study.table, numbers()?, form, LEVEL);
        sheet.add_with("icc", json!({ "form": form.name() }), value, estimate);
        let args = json!({ "form": form.name(), "conf": LEVEL });
        sheet.add("icc_ci", args, || estimate().map(|icc| json!([icc.low, icc.high])));
    }
}
