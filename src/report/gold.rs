//! Gold of a criterion: what labels and answers stand for on its scale.
//!
//! In: a part, and the names of labels and answers. Out: kappa, how far off answers are, the overlap of sets, the best
//! constant answer, and what flags are matched with. It says what fits what, and leaves every formula to `figures`.

use super::part::{Part, without};
use super::work::Volume;
use crate::document::Criterion;
use crate::figures::closeness::{AnsweredNumber, Closeness};
use crate::figures::confusion::{Constant, GoldByAnswer};
use crate::figures::detection::{Detection, FlaggedRun, FlagsGiven};
use crate::figures::overlap::Overlap;
use crate::figures::{Agreed, AnswerCount, kappa};
use crate::model::{self, Outcome};
use crate::quality::Undefined;
use crate::quality::clustered::kappa::Answered;
use crate::quality::detection::{Flag, Reading};
use crate::quality::sets::jaccard;
use crate::quality::weights::Weights;
use crate::ratings::{Counted, GivenAnswer, GoldLabel, Ratings};
use ahash::{AHashMap, AHashSet};
use std::collections::{BTreeMap, BTreeSet};

/// Kappa against gold. Answers without a value, and gold that takes several for right, have no part in it.
pub fn kappa(part: &Part<'_>, work: Volume, ratings: &Ratings) -> Option<Agreed> {
    let weighting = part.criterion.scale.weighting()?;
    let choices = part.criterion.scale.choices();
    let place = |value: &str| u32::try_from(choices.iter().position(|choice| choice.value == value)?).ok();
    let answered = |(of, gold, given): (&AnswerCount, u32, u32)| Answered {
        item: of.item,
        rater: of.rater,
        gold,
        given,
        times: u64::from(of.answered),
    };
    let placed: Vec<Answered> = single(part, ratings, place).into_iter().map(answered).collect();
    let without = without_single(part, work);
    Some(kappa::of_gold(&placed, &Weights::of(weighting, choices.len()), without))
}

/// How far answers are from gold; none unless one value of the scale is higher than another.
pub fn closeness(part: &Part<'_>, work: Volume, ratings: &Ratings) -> Option<Closeness> {
    let distances = part.criterion.scale.distances()?;
    let number = |(of, gold, given): (&AnswerCount, f64, f64)| AnsweredNumber {
        item: of.item,
        rater: of.rater,
        gold,
        given,
        times: of.answered,
    };
    let placed = single(part, ratings, |value| distances.position(value));
    let numbers: Vec<AnsweredNumber> = placed.into_iter().map(number).collect();
    Some(Closeness::of(&numbers, distances.unit, distances.span, without_single(part, work)))
}

/// Answers and their gold by what each value stands for. Answers without a value, and gold that takes several for right,
/// have no part in it.
fn single<'a, T: Copy>(
    part: &'a Part<'_>,
    ratings: &Ratings,
    stands_for: impl Fn(&str) -> Option<T>,
) -> Vec<(&'a AnswerCount, T, T)> {
    // Labels repeat from answer to answer: each is looked up once.
    let (mut golds, mut givens) = (AHashMap::new(), AHashMap::new());
    let answers = part.answers.iter().filter_map(|of| {
        let gold =
            *golds.entry(of.gold).or_insert_with(|| match ratings.gold.labels[of.gold as usize].values.as_slice() {
                [value] => stands_for(value),
                _ => None,
            });
        let given = *givens.entry(of.given).or_insert_with(|| {
            let answer = &ratings.names.answers[of.given as usize];
            stands_for(answer.label()).filter(|_| answer.has_value())
        });
        Some((of, gold?, given?))
    });
    let mut placed = Vec::with_capacity(part.answers.len());
    placed.extend(answers);
    placed
}

/// Why no answer has a value that met gold of one value.
fn without_single(part: &Part<'_>, work: Volume) -> Undefined {
    let is_answered = part.answers.iter().any(|of| of.answered > 0);
    if is_answered { Undefined::NoGoldValue } else { part.unanswered(work) }
}

/// The overlap of sets with those of the gold; none unless the criterion's answers are sets.
pub fn overlap(part: &Part<'_>, work: Volume, ratings: &Ratings) -> Option<Overlap> {
    let scale = &part.criterion.scale;
    let gold = |of: u32| {
        let label = &ratings.gold.labels[of as usize];
        let has_value = !label.values.is_empty() || label.text == Outcome::None.name();
        scale.set(&label.text).filter(|_| has_value)
    };
    let given = |of: u32| {
        let answer = &ratings.names.answers[of as usize];
        scale.set(answer.label()).filter(|_| answer.has_value())
    };
    let compared = |of: u32, by: u32| gold(of).zip(given(by)).map_or(0.0, |(gold, given)| jaccard(&gold, &given));
    scale.has_sets().then(|| Overlap::of(&part.answers, compared, without(work)))
}

/// The constant answer that would be right most often: a gold value, an outcome, or no flag at all.
pub fn constant(part: &Part<'_>, counts: &GoldByAnswer<'_>, ratings: &Ratings) -> Option<Constant> {
    let Criterion { scale, tolerance, .. } = part.criterion;
    let label = |of: u32| &ratings.gold.labels[of as usize];
    let met: AHashSet<u32> = part.answers.iter().map(|of| of.gold).collect();
    let gold: BTreeMap<&str, Vec<&str>> =
        met.into_iter().map(|of| (label(of).text.as_str(), taken_for_right(label(of)))).collect();
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
pub fn detection(part: &Part<'_>, work: Volume, ratings: &Ratings) -> Option<Detection> {
    if !part.criterion.scale.has_flags() {
        return None;
    }
    let answered: Vec<&Counted> = part.flagged.iter().filter(|of| of.count.answered > 0).collect();
    let reading = |of: &&Counted| Reading {
        item: of.cell.item,
        rater: of.cell.rater,
        counts: of.count.flags,
        first_right: false,
    };
    let readings: Vec<Reading> = answered.iter().map(reading).collect();
    let last_step = |of: &&Counted| ratings.names.answers[of.cell.given as usize].last_step();
    let runs = answered.chunk_by(|a, b| a.cell.item == b.cell.item).map(|of_item| FlaggedRun {
        gold: gold_flags(part.question, of_item[0].cell.item, ratings),
        last_flag: of_item.iter().filter_map(last_step).max().unwrap_or(0),
        length: None,
    });
    let runs: Vec<FlaggedRun> = runs.collect();
    let mut kinds = Kinds(part.criterion.scale.values().collect());
    let flags: Vec<FlagsGiven> =
        answered.iter().map(|of| flags_given(part.question, of, ratings, &mut kinds)).collect();
    let (tolerance, without) = (part.criterion.tolerance as u32, part.unanswered(work));
    Some(Detection::of(&readings, &runs, (&flags, &kinds.0), tolerance, without))
}

/// Kinds of flags by their numbers: those of the scale, then those that it had in earlier versions.
struct Kinds<'a>(Vec<&'a str>);

impl<'a> Kinds<'a> {
    fn flag(&mut self, step: u32, kind: &'a str) -> Flag {
        let known = self.0.iter().position(|known| *known == kind);
        let number = known.unwrap_or_else(|| {
            self.0.push(kind);
            self.0.len() - 1
        });
        Flag { step, kind: u32::try_from(number).unwrap_or(u32::MAX) }
    }
}

/// The flags of readings that are alike, and those of the gold that they met.
fn flags_given<'a>(question: u16, of: &Counted, ratings: &'a Ratings, kinds: &mut Kinds<'a>) -> FlagsGiven {
    let mut standards = ratings.gold.of(question, of.cell.item).map(|(_, standard)| standard);
    let gold = match standards.find(|standard| standard.label == of.cell.gold).map(|standard| &standard.answer) {
        Some(model::GoldAnswer::Flags(flags)) => {
            flags.iter().filter_map(|flag| Some(kinds.flag(u32::try_from(flag.step).ok()?, &flag.kind))).collect()
        }
        _ => Vec::new(),
    };
    let given = match &ratings.names.answers[of.cell.given as usize] {
        GivenAnswer::Flags(flags) => flags.iter().map(|flag| kinds.flag(flag.step, &flag.kind)).collect(),
        _ => Vec::new(),
    };
    FlagsGiven { gold, given, times: of.count.answered.into() }
}

/// The steps that the gold of an item flags; kinds do not matter to somebody who does not read.
fn gold_flags(question: u16, item: u32, ratings: &Ratings) -> Vec<Flag> {
    let answer = ratings.gold.of(question, item).map(|(_, standard)| &standard.answer).next();
    let Some(model::GoldAnswer::Flags(flags)) = answer else { return Vec::new() };
    flags.iter().filter_map(|flag| Some(Flag { step: u32::try_from(flag.step).ok()?, kind: 0 })).collect()
}
