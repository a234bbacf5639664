//! Find the mistake: how well each rater's flags match those of the gold rater.
//!
//! In: readings of trajectories by rater. Out: counts, precision, recall and F1 by rater and of all, beside what somebody
//! would get who does not read. A trajectory that the gold rater did not read has no gold and is left out.

use super::sheet::Sheet;
use super::{Analysis, StudyRequest};
use crate::figures::detection::{FlaggedRun, blind, counts, share};
use crate::quality::Undefined;
use crate::quality::detection::{Flag, FlagMeasure, Reading};
use crate::study::{self, steps::Steps};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

/// All raters pooled.
const ALL: &str = "*all*";

/// Who flagged what, and how it is to be compared.
pub struct StepStudy<'a> {
    /// The table that was read.
    pub steps: &'a Steps,
    /// What the gold rater is called.
    pub gold_name: &'a str,
    /// How many steps off a flag still matches.
    pub tolerance: u32,
}

/// Computes the figures that are wanted.
pub fn analyse_steps(study: &StepStudy<'_>, request: &StudyRequest) -> Analysis {
    let mut sheet = Sheet::wanting(request.wanted.clone());
    sheet.add("n_items", json!({}), || Ok(study.steps.items.len()));
    sheet.add("n_raters", json!({}), || Ok(study.steps.raters.len()));
    let readings = study.scored();
    for (rater, name) in (0..).zip(study.steps.raters.iter()) {
        let own: Vec<Reading> = readings.iter().filter(|reading| reading.rater == rater).copied().collect();
        of_readings(&mut sheet, study, name, &own);
    }
    of_readings(&mut sheet, study, ALL, &readings);
    let args = json!({ "gold_rater": study.gold_name, "tolerance": study.tolerance });
    sheet.add("step_blind_f1", args, || {
        blind(&study.runs(&readings), study.tolerance, Undefined::NoGold).map(|blind| blind.f1)
    });
    Analysis::of(sheet)
}

impl StepStudy<'_> {
    /// Every reading of an item that has gold.
    fn scored(&self) -> Vec<Reading> {
        let scored = self.steps.readings.iter().filter_map(|reading| {
            let (gold, given) = (flags(self.steps.gold(reading.item)?), flags(self.steps.flags(reading)));
            Some(Reading::of(reading.item, reading.rater, &gold, &given, self.tolerance))
        });
        scored.collect()
    }

    /// The items that somebody read and that have gold.
    fn runs(&self, readings: &[Reading]) -> Vec<FlaggedRun> {
        let read: BTreeSet<u32> = readings.iter().map(|reading| reading.item).collect();
        let run = |item: u32| {
            let gold = flags(self.steps.gold(item)?);
            Some((item, FlaggedRun { gold, last_flag: 0, length: self.steps.lengths[item as usize] }))
        };
        let mut runs: BTreeMap<u32, FlaggedRun> = read.into_iter().filter_map(run).collect();
        for reading in &self.steps.readings {
            let Some(run) = runs.get_mut(&reading.item) else { continue };
            let last = self.steps.flags(reading).iter().map(|flag| flag.step).max();
            run.last_flag = last.unwrap_or(0).max(run.last_flag);
        }
        runs.into_values().collect()
    }
}

/// Flags as matching takes them; those without a kind have one of their own.
fn flags(read: &[study::steps::StepFlag]) -> Vec<Flag> {
    read.iter().map(|flag| Flag { step: flag.step, kind: flag.kind.unwrap_or(u32::MAX) }).collect()
}

fn of_readings(sheet: &mut Sheet, study: &StepStudy<'_>, rater: &str, readings: &[Reading]) {
    let any = if readings.is_empty() { Err(Undefined::NoGold) } else { Ok(counts(readings)) };
    let args = || json!({ "rater": rater, "gold_rater": study.gold_name, "tolerance": study.tolerance });
    sheet.add("step_readings", args(), || Ok(readings.len()));
    sheet.add("step_counts", args(), || {
        any.map(|of| json!([of.true_positives(), of.false_positives(), of.false_negatives()]))
    });
    sheet.add("step_prf", args(), || any.and_then(|of| Ok(json!([of.precision()?, of.recall()?, of.f1()?]))));
    let measures = [
        ("step_precision", FlagMeasure::Precision),
        ("step_recall", FlagMeasure::Recall),
        ("step_f1", FlagMeasure::F1),
        ("step_macro_f1", FlagMeasure::MacroF1),
        ("step_kind_accuracy", FlagMeasure::KindAccuracy),
        ("step_first_mistake_accuracy", FlagMeasure::FirstMistake),
    ];
    for (name, measure) in measures {
        sheet.add_share(name, args(), || share(measure, readings, Undefined::NoGold));
    }
}
