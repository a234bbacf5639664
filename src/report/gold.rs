//! Gold of a criterion: what labels and answers stand for on its scale.
//!
//! In: a part, and the names of labels and answers. Out: kappa, the best constant answer, and what flags are matched
//! with. It says what fits what, and leaves every formula to `figures`.

use super::part::Part;
use crate::document::Criterion;
use crate::figures::confusion::{Constant, GoldByAnswer};
use crate::figures::detection::{Detection, FlaggedRun};
use crate::figures::{Agreed, kappa};
use crate::model::{self, Outcome};
use crate::quality::clustered::kappa::Answered;
use crate::quality::detection::{Flag, Reading};
use crate::ratings::{GoldLabel, Ratings};
use std::collections::{BTreeMap, BTreeSet};

/// Kappa against gold. Answers without a value, and gold that takes several for right, have no part in it.
pub fn kappa(part: &Part<'_>, ratings: &Ratings) -> Option<Agreed> {
    let weighting = part.criterion.scale.weighting()?;
    let choices = part.criterion.scale.choices();
    let place = |value: &str| u32::try_from(choices.iter().position(|choice| choice.value == value)?).ok();
    let answers = part.answers.iter().filter_map(|of| {
        let [gold] = ratings.gold.labels[of.gold as usize].values.as_slice() else { return None };
        let given = place(ratings.names.answers[of.given as usize].label())?;
        Some(Answered { item: of.item, rater: of.rater, gold: place(gold)?, given, times: of.answered })
    });
    Some(kappa::of_gold(&answers.collect::<Vec<_>>(), weighting, choices.len()))
}

/// The constant answer that would be right most often: a gold value, an outcome, or no flag at all.
pub fn constant(part: &Part<'_>, counts: &GoldByAnswer<'_>, ratings: &Ratings) -> Option<Constant> {
    let Criterion { scale, tolerance, .. } = part.criterion;
    let label = |of: u32| &ratings.gold.labels[of as usize];
    let gold: BTreeMap<&str, Vec<&str>> =
        part.answers.iter().map(|of| (label(of.gold).text.as_str(), taken_for_right(label(of.gold)))).collect();
    let candidates: BTreeSet<&str> = match scale.has_flags() {
        true => [Outcome::None.name()].into(),
        false => gold.values().flatten().copied().collect(),
    };
    let fits = |text: &str, candidate: &str| gold[text].iter().any(|right| scale.equals(right, candidate, *tolerance));
    counts.constant(candidates.into_iter(), fits)
}

/// The answers that a gold label takes for right.
fn taken_for_right(gold: &GoldLabel) -> Vec<&str> {
    let outcome = gold.values.is_empty().then_some(gold.text.as_str());
    gold.values.iter().map(String::as_str).chain(outcome).collect()
}

/// How well flags match gold; none unless the criterion's answers are flags. Readings without an answer are left out.
pub fn detection(part: &Part<'_>, ratings: &Ratings) -> Option<Detection> {
    if !part.criterion.scale.has_flags() {
        return None;
    }
    let mut readings = Vec::new();
    let mut runs: BTreeMap<u32, FlaggedRun> = BTreeMap::new();
    for (cell, count) in part.counted.iter().copied().flatten().filter(|(_, count)| count.answered > 0) {
        let (item, rater) = (cell.item, cell.rater);
        readings.push(Reading { item, rater, counts: count.flags, first_right: false });
        let gold = || FlaggedRun { gold: gold_flags(part.question, item, ratings), last_flag: 0, length: None };
        let run = runs.entry(item).or_insert_with(gold);
        run.last_flag = ratings.names.answers[cell.given as usize].last_step().unwrap_or(0).max(run.last_flag);
    }
    let runs: Vec<FlaggedRun> = runs.into_values().collect();
    Some(Detection::of(&readings, &runs, part.criterion.tolerance as u32))
}

/// The steps that the gold of an item flags; kinds do not matter to somebody who does not read.
fn gold_flags(question: u16, item: u32, ratings: &Ratings) -> Vec<Flag> {
    let answer = ratings.gold.of(question, item).map(|(_, standard)| &standard.answer).next();
    let Some(model::Answer::Flags(flags)) = answer else { return Vec::new() };
    flags.iter().filter_map(|flag| Some(Flag { step: u32::try_from(flag.step).ok()?, kind: 0 })).collect()
}
