//! Scoring: each rating that may be compared with gold, and whether it is right.
//!
//! In: the table, and those of its ratings that are to be scored. Out: scored ratings, and counts of those that are not
//! scored, by reason. Only independent ratings count; a rater's repeated exposure to one gold answer counts once, the
//! first time; nobody is scored on gold they made, nor experts on gold that experts' ratings made. It computes no figure.

use super::answer::GivenAnswer;
use super::entry::RatingBasis;
use super::gold::Standard;
use super::meanings::Meanings;
use super::scheme::compare;
use super::table::{QuestionRatings, Rating};
use super::{Ratings, Scope, Week};
use crate::document::{CohortRole, Criterion};
use crate::model::{self, Model, Outcome};
use crate::quality::detection::{Counts, Flag};
use semver::Version;
use std::collections::BTreeMap;

/// A rating compared with gold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scored {
    /// The criterion's number.
    pub question: u16,
    /// The cohort's place in the Model.
    pub cohort: u16,
    /// The version's number.
    pub version: Option<u16>,
    /// The week of its day.
    pub week: Option<Week>,
    /// The item's number.
    pub item: u32,
    /// The rater's number.
    pub rater: u32,
    /// Number of the gold's label.
    pub gold: u32,
    /// Number of the answer given.
    pub given: u32,
    /// Whether a value was given, or what the gold has in the place of one.
    pub answered: bool,
    /// Whether that is right.
    pub right: bool,
    /// How flags on steps match the gold's; nothing for criteria with values.
    pub flags: Counts,
    /// Whether the rater could have seen the gold: such ratings are reported apart.
    pub shown: bool,
}

/// Why a rating is not scored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LeftOut {
    /// It was made after the day of the report.
    AfterDate,
    /// It is not independent.
    Basis,
    /// Its criterion meant something else in the version of the gold.
    NotComparable,
    /// The rater had answered the same gold before.
    Repeated,
    /// The rater, or the experts as a group, made the gold.
    OwnGold,
    /// The gold is unsure, and the rating is not.
    UnsureGold,
}

/// All ratings that were compared with gold, and counts of the others.
#[derive(Debug, Default)]
pub struct ScoredRatings {
    /// Ratings with gold, by criterion, item and rater.
    pub scored: Vec<Scored>,
    /// By cohort, reason and week: ratings that are not scored although they are there.
    pub left_out: LeftOutCounts,
}

/// Counts of ratings that are not scored, by cohort, reason and week.
pub type LeftOutCounts = BTreeMap<(Option<u16>, LeftOut, Option<Week>), u64>;

impl ScoredRatings {
    fn leave_out(&mut self, rating: &Rating, reason: LeftOut) {
        *self.left_out.entry((rating.of.cohort(), reason, rating.of.day.map(Week::of))).or_default() += 1;
    }
}

/// Scores the ratings of a criterion.
pub fn score(ratings: QuestionRatings<'_>, table: &Ratings, model: &Model, scope: Scope) -> ScoredRatings {
    let meanings = Meanings::of(table, model);
    let mut scores = ScoredRatings::default();
    // The number of the gold, the rater, and the place of the rating.
    let mut candidates: Vec<(usize, u32, u32)> = Vec::new();
    for (place, rating) in ratings.iter_with_places() {
        // The ledger counts the rows that are of no cohort.
        let Some(cohort) = rating.of.cohort() else { continue };
        if scope.is_too_late(&rating.of) {
            scores.leave_out(&rating, LeftOut::AfterDate);
        } else if rating.of.basis != RatingBasis::Independent {
            scores.leave_out(&rating, LeftOut::Basis);
        } else {
            let is_expert = model.cohorts[usize::from(cohort)].role == CohortRole::Expert;
            match standard(table, &rating, meanings.of_rating(&rating), is_expert) {
                Ok(number) => candidates.push((number, rating.of.rater, place)),
                Err(reason) => reason.into_iter().for_each(|reason| scores.leave_out(&rating, reason)),
            }
        }
    }
    candidates.sort_by_key(|(number, rater, place)| (*number, *rater, ratings.get(*place).of.order()));
    scores.scored.reserve(candidates.len());
    for exposures in candidates.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
        for (index, (number, _, place)) in exposures.iter().enumerate() {
            let rating = ratings.get(*place);
            match (index, compared(table, &rating, table.gold.numbered(*number))) {
                (0, Some(scored)) => scores.scored.extend(scope.cohort_of(&rating.of).map(|_| scored)),
                (0, None) => scores.leave_out(&rating, LeftOut::UnsureGold),
                _ => scores.leave_out(&rating, LeftOut::Repeated),
            }
        }
    }
    scores
}

/// The number of the strongest gold that a rating meets; `Err` if none, with a reason if there is gold all the same.
fn standard(
    table: &Ratings,
    rating: &Rating,
    asked: Option<&Version>,
    is_expert: bool,
) -> Result<usize, Option<LeftOut>> {
    let mut reason = None;
    for (number, standard) in table.gold.of(rating.question, rating.of.item) {
        if is_expert && standard.from_experts {
            reason = reason.or(Some(LeftOut::OwnGold));
        } else if !compare(standard.meaning.as_ref(), asked) {
            reason = Some(LeftOut::NotComparable);
        } else if standard.by.binary_search(&rating.of.rater).is_ok() {
            return Err(Some(LeftOut::OwnGold));
        } else {
            return Ok(number);
        }
    }
    Err(reason)
}

/// An answer that was compared with gold, whoever gave it.
#[derive(Clone, Debug)]
pub struct GradedAnswer<'t> {
    /// The criterion's number.
    pub question: u16,
    /// The item's number.
    pub item: u32,
    /// Whether it is right; of flags, whether all are as in the gold.
    pub right: bool,
    /// Whether a value was given or flags were set, or the gold has none either.
    pub answered: bool,
    /// The answer in words.
    pub given: String,
    /// The gold in words.
    pub gold: String,
    /// Why the gold is so.
    pub why: Option<&'t str>,
}

/// Compares a rating with the gold that it meets; none if it meets none, or the gold is unsure and the rating is not.
pub fn against_gold<'t>(table: &'t Ratings, rating: &Rating, meanings: &Meanings) -> Option<GradedAnswer<'t>> {
    let number = standard(table, rating, meanings.of_rating(rating), false).ok()?;
    let gold = table.gold.numbered(number);
    let given = &table.names.answers[rating.answer as usize];
    let judged = judged(&gold.answer, given, &table.names.questions[usize::from(rating.question)].criterion)?;
    Some(GradedAnswer {
        question: rating.question,
        item: rating.of.item,
        right: judged.right,
        answered: is_answered(given, judged.right),
        given: given.in_words(),
        gold: gold.answer.in_words(),
        why: gold.why.as_deref(),
    })
}

/// How an answer compares with gold.
pub struct Judged {
    /// Whether it is right; of flags, whether all are as in the gold.
    pub right: bool,
    flags: Option<Counts>,
}

/// Compares an answer with gold; none if the gold is unsure and the answer is not.
pub fn judged(gold: &model::GoldAnswer, given: &GivenAnswer, criterion: &Criterion) -> Option<Judged> {
    let flags = matched(gold, given, criterion);
    let right = match flags {
        Some(flags) => flags.is_flawless(),
        None => is_right(gold, given, criterion),
    };
    let is_open = *gold == model::GoldAnswer::Outcome(Outcome::Unsure) && !right;
    (!is_open).then_some(Judged { right, flags })
}

/// Compares a rating with its gold; none if the gold is unsure and the rating is not.
fn compared(table: &Ratings, rating: &Rating, standard: &Standard) -> Option<Scored> {
    let given = &table.names.answers[rating.answer as usize];
    let criterion = &table.names.questions[usize::from(rating.question)].criterion;
    let Judged { right, flags } = judged(&standard.answer, given, criterion)?;
    Some(Scored {
        question: rating.question,
        cohort: rating.of.cohort()?,
        version: rating.of.version(),
        week: rating.of.day.map(Week::of),
        item: rating.of.item,
        rater: rating.of.rater,
        gold: standard.label,
        given: rating.answer,
        answered: is_answered(given, right),
        right,
        flags: flags.unwrap_or_default(),
        shown: standard.shown.by(rating.of.day),
    })
}

/// Whether something was answered, other than that one can't tell.
fn is_answered(given: &GivenAnswer, right: bool) -> bool {
    right || given.has_value() || matches!(given, GivenAnswer::Flags(_))
}

/// Whether there is gold for an item and a criterion that an answer can miss.
pub fn has_gold(table: &Ratings, question: u16, item: u32) -> bool {
    let open = model::GoldAnswer::Outcome(Outcome::Unsure);
    table.gold.of(question, item).next().is_some_and(|(_, standard)| standard.answer != open)
}

/// Whether a value is right: equal to a gold value, or within the tolerance of a number; or the same outcome.
fn is_right(gold: &model::GoldAnswer, given: &GivenAnswer, criterion: &Criterion) -> bool {
    match (gold, given) {
        (model::GoldAnswer::Values(values), GivenAnswer::Value(given)) => {
            values.iter().any(|value| criterion.scale.equals(value, given, criterion.tolerance))
        }
        (model::GoldAnswer::Outcome(gold), GivenAnswer::Outcome(given)) => gold == given,
        _ => false,
    }
}

/// How the flags of an answer match those of the gold; none where either has no flags to match.
fn matched(gold: &model::GoldAnswer, given: &GivenAnswer, criterion: &Criterion) -> Option<Counts> {
    let (model::GoldAnswer::Flags(gold), GivenAnswer::Flags(given)) = (gold, given) else { return None };
    let kinds = criterion.scale.choices();
    let flag = |step: usize, kind: &str| Flag {
        step: u32::try_from(step).unwrap_or(u32::MAX),
        kind: kinds.iter().position(|choice| choice.value == kind).map_or(u32::MAX, |kind| kind as u32),
    };
    let gold: Vec<Flag> = gold.iter().map(|of| flag(of.step, &of.kind)).collect();
    let given: Vec<Flag> = given.iter().map(|of| flag(of.step as usize, &of.kind)).collect();
    Some(Counts::of(&gold, &given, criterion.tolerance as u32))
}
