//! Find the mistake: how well each rater's flags match those of the gold rater.
//!
//! In: readings of trajectories by rater. Out: counts, precision, recall and F1 by rater and of all, beside what somebody
//! would get who does not read. A trajectory that the gold rater did not read has no gold and is left out.

use super::sheet::Sheet;
use super::{Analysis, CONF, Request};
use crate::labels::{self, steps::Steps};
use crate::quality::detection::{Counts, Figure, Flag, Reading, Trajectory, blind_f1, cells};
use crate::quality::{Estimate, Undefined, clustered};
use serde_json::json;

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
pub fn analyse_steps(study: &StepStudy<'_>, request: &Request) -> Analysis {
    let mut sheet = Sheet::wanting(request.wanted.clone());
    sheet.add("n_items", json!({}), || Ok(study.steps.items.len()));
    sheet.add("n_raters", json!({}), || Ok(study.steps.raters.len()));
    let readings = study.scored();
    for (rater, name) in (0..).zip(study.steps.raters.iter()) {
        let own: Vec<Reading> = readings.iter().filter(|reading| reading.rater == rater).copied().collect();
        of_readings(&mut sheet, study, name, &own);
    }
    of_readings(&mut sheet, study, ALL, &readings);
    blind(&mut sheet, study);
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

    /// By item: the last step that anyone flags.
    fn last_flags(&self) -> Vec<u32> {
        let items = 0..self.steps.items.len() as u32;
        let last = |flags: &[labels::steps::Flag]| flags.iter().map(|flag| flag.step).max().unwrap_or(0);
        let mut lasts: Vec<u32> = items.map(|item| self.steps.gold(item).map_or(0, last)).collect();
        for reading in &self.steps.readings {
            let of = &mut lasts[reading.item as usize];
            *of = last(self.steps.flags(reading)).max(*of);
        }
        lasts
    }
}

/// Flags as matching takes them; those without a kind have one of their own.
fn flags(read: &[labels::steps::Flag]) -> Vec<Flag> {
    read.iter().map(|flag| Flag { step: flag.step, kind: flag.kind.unwrap_or(u32::MAX) }).collect()
}

fn of_readings(sheet: &mut Sheet, study: &StepStudy<'_>, rater: &str, readings: &[Reading]) {
    let counts = readings.iter().fold(Counts::default(), |sum, reading| sum.merged(reading.counts));
    let any = if readings.is_empty() { Err(Undefined::NoGold) } else { Ok(counts) };
    let args = || json!({ "rater": rater, "gold_rater": study.gold_name, "tolerance": study.tolerance });
    sheet.add("step_readings", args(), || Ok(readings.len()));
    sheet.add("step_counts", args(), || {
        any.map(|of| json!([of.true_positives(), of.false_positives(), of.false_negatives()]))
    });
    sheet.add("step_prf", args(), || any.and_then(|of| Ok(json!([of.precision()?, of.recall()?, of.f1()?]))));
    let figures = [
        ("step_precision", Figure::Precision),
        ("step_recall", Figure::Recall),
        ("step_f1", Figure::F1),
        ("step_macro_f1", Figure::MacroF1),
        ("step_kind_accuracy", Figure::KindAccuracy),
        ("step_first_mistake_accuracy", Figure::FirstMistake),
    ];
    for (name, figure) in figures {
        let estimate =
            || -> Result<Estimate, Undefined> { Ok(clustered::ratio(&cells(readings, figure), CONF)?.estimate) };
        sheet.add_with(name, args(), || any.and_then(|_| figure.over(readings)), estimate);
    }
}

/// What flagging without reading gets. An item whose length is not known is taken to end with the last flag of anyone, which
/// makes the figure rough.
fn blind(sheet: &mut Sheet, study: &StepStudy<'_>) {
    let args = json!({ "gold_rater": study.gold_name, "tolerance": study.tolerance });
    sheet.add("step_blind_f1", args, || {
        let lasts = study.last_flags();
        let items = (0_u32..).zip(lasts.iter().zip(&study.steps.lengths));
        let gold: Vec<(u32, Vec<Flag>)> = items
            .filter_map(|(item, (last, length))| {
                Some((length.unwrap_or(*last).max(*last), flags(study.steps.gold(item)?)))
            })
            .collect();
        // Tables that have a step 0 count from there.
        let first = u32::from(!gold.iter().flat_map(|(_, flags)| flags).any(|flag| flag.step == 0));
        let runs: Vec<Trajectory<'_>> =
            gold.iter().map(|(last, gold)| Trajectory { first, last: Some((*last).max(first)), gold }).collect();
        if runs.is_empty() { Err(Undefined::NoGold) } else { blind_f1(&runs, study.tolerance).map(|blind| blind.f1) }
    });
}
