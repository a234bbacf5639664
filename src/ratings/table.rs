//! The table: resolved ratings in their compact form, sorted, with names in their own order.
//!
//! In: settled ratings and the intake's names. Out: eight bytes for each rating, and what the ratings of a submission have
//! in common once. Two sets of rows that say the same make the same table, whatever their order.

use super::answer::GivenAnswer;
use super::comments::{Comment, CommentRows, CommentedRating};
use super::entry::{AnswerCell, Entries, NO_VERSION, Occasion, RatingBasis};
use super::intake::IntakeNames;
use super::names::{Numbering, compact};
use super::reading::FrozenNames;
use super::resolve::{Draft, SettledRatings};
use super::scheme::Question;
use super::submissions::{Submission, Submissions};
use crate::table::Frozen;
use jiff::civil::Date;
use rayon::prelude::*;
use semver::Version;
use std::sync::Arc;

/// One rater's resolved rating of one item and criterion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rating {
    /// Number of the criterion, which also names the task.
    pub question: u16,
    /// Number of the answer.
    pub answer: u32,
    /// What it has in common with others.
    pub of: RatedOccasion,
}

/// What ratings of one submission have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RatedOccasion {
    /// Number of the item.
    pub item: u32,
    /// Number of the rater.
    pub rater: u32,
    /// Number of the submission it came with.
    pub submission: u32,
    cohort: u16,
    version: u16,
    /// Its day in the site's time zone, if its time is known.
    pub day: Option<Date>,
    /// Which time the rater was asked this, from 1.
    pub pass: u8,
    /// How independent it is.
    pub basis: RatingBasis,
    /// Whether the version was inferred from the day.
    pub version_assumed: bool,
}

const _: () = assert!(size_of::<RatedOccasion>() <= 28, "an occasion stays small");

const NO_COHORT: u16 = u16::MAX;

impl RatedOccasion {
    /// The cohort it counts for, as a place in the Model.
    pub fn cohort(&self) -> Option<u16> {
        (self.cohort != NO_COHORT).then_some(self.cohort)
    }

    /// What puts a rater's ratings of one thing in the order in which they were made. The ratings of one version are in
    /// this order already: a stable sort merges the versions.
    pub fn order(&self) -> (u8, bool, Option<Date>, Option<u16>) {
        (self.pass, self.day.is_none(), self.day, self.version())
    }

    /// The number of its version.
    pub fn version(&self) -> Option<u16> {
        (self.version != NO_VERSION).then_some(self.version)
    }
}

/// All resolved ratings.
#[derive(Debug, Default)]
pub struct RatingTable {
    /// By version, item, rater and pass.
    occasions: Vec<RatedOccasion>,
    /// By criterion, in the order of the occasions.
    by_question: Vec<Vec<AnswerCell>>,
}

impl RatingTable {
    /// The ratings of each criterion that has any.
    pub fn by_question(&self) -> Vec<QuestionRatings<'_>> {
        let all = (0..).zip(&self.by_question).filter(|(_, cells)| !cells.is_empty());
        all.map(|(question, cells)| QuestionRatings { question, cells, occasions: &self.occasions }).collect()
    }

    /// What the rating of a criterion has in common with others that was made on an occasion; none if it made none.
    fn rated(&self, question: u16, occasion: u32) -> Option<RatedOccasion> {
        let cells = self.by_question.get(usize::from(question))?;
        let at = cells.binary_search_by_key(&occasion, |cell| cell.occasion).ok()?;
        Some(self.occasions[cells[at].occasion as usize])
    }

    /// All ratings by criterion, version, item, rater and pass.
    pub fn iter(&self) -> impl Iterator<Item = Rating> {
        self.by_question().into_iter().flat_map(|ratings| ratings.iter())
    }
}

/// The ratings of one criterion by version, item, rater and pass.
#[derive(Clone, Copy, Debug)]
pub struct QuestionRatings<'t> {
    /// Number of the criterion, which also names the task.
    pub question: u16,
    cells: &'t [AnswerCell],
    occasions: &'t [RatedOccasion],
}

impl<'t> QuestionRatings<'t> {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    /// The rating at a place.
    pub fn get(&self, place: u32) -> Rating {
        let AnswerCell { occasion, answer } = self.cells[place as usize];
        Rating { question: self.question, answer, of: self.occasions[occasion as usize] }
    }

    /// All of them, each with its place.
    pub fn iter_with_places(self) -> impl Iterator<Item = (u32, Rating)> + use<'t> {
        (0..u32::try_from(self.len()).unwrap_or(u32::MAX)).map(move |place| (place, self.get(place)))
    }

    /// All of them.
    pub fn iter(self) -> impl Iterator<Item = Rating> + use<'t> {
        self.iter_with_places().map(|(_, rating)| rating)
    }
}

/// Names of what ratings number.
#[derive(Debug, Default)]
pub struct RatingNames {
    /// Criteria: by task, then as in the newest rubric.
    pub questions: Vec<Question>,
    /// Items in order.
    pub items: Vec<Arc<str>>,
    /// Raters in order.
    pub raters: Vec<Arc<str>>,
    /// Versions in order.
    pub versions: Vec<Version>,
    /// Answers in order.
    pub answers: Vec<GivenAnswer>,
}

impl RatingNames {
    /// The number of an item that was rated.
    pub fn item(&self, name: &str) -> Option<u32> {
        number(self.items.binary_search_by(|item| (**item).cmp(name)))
    }

    /// The number of a rater who rated.
    pub fn rater(&self, name: &str) -> Option<u32> {
        number(self.raters.binary_search_by(|rater| (**rater).cmp(name)))
    }
}

fn number(found: Result<usize, usize>) -> Option<u32> {
    found.ok().and_then(|index| u32::try_from(index).ok())
}

/// Settled ratings in their compact form.
pub struct CompactRatings {
    /// What their numbers stand for.
    pub names: RatingNames,
    /// The ratings.
    pub ratings: RatingTable,
    /// Submissions by their number.
    pub submissions: Vec<Submission>,
    /// What was written beside them.
    pub comments: Vec<Comment>,
}

/// Puts settled ratings into their compact form.
pub fn compacted(
    settled: Vec<SettledRatings>,
    entries: &Entries,
    questions: Vec<Question>,
    names: IntakeNames,
    comments: &CommentRows,
    texts: &FrozenNames,
) -> CompactRatings {
    let (answers, answer) = numbered_answers(&settled, &texts.values);
    let mut by_question: Vec<Vec<AnswerCell>> = settled.into_iter().map(|of| of.cells).collect();
    let used = used_occasions(by_question.iter().flatten(), entries.occasions().len());
    let occasions = || entries.occasions().iter().zip(&used).filter(|(_, is_used)| **is_used).map(|(of, _)| of);
    let (items, item) = in_order(&texts.items, occasions().map(|of| of.item));
    let (raters, rater) = in_order(&texts.raters, occasions().map(|of| of.rater));
    let versioned = occasions().map(|of| of.version).filter(|version| *version != NO_VERSION);
    let (versions, version) = compact(names.versions.into_values(), versioned.map(u32::from));
    let version_number = |old: u16| version.get(usize::from(old)).map_or(NO_VERSION, |new| *new as u16);
    let rated = |of: &Occasion| RatedOccasion {
        item: item[of.item as usize],
        rater: rater[of.rater as usize],
        submission: of.submission,
        cohort: of.cohort.unwrap_or(NO_COHORT),
        version: version_number(of.version),
        day: of.day,
        pass: of.pass,
        basis: of.basis,
        version_assumed: of.version_assumed,
    };
    let (mut occasions, place) =
        sorted(entries.occasions().iter().zip(&used).map(|(of, used)| used.then(|| rated(of))));
    by_question.par_iter_mut().zip(&answer).for_each(|(cells, answer)| {
        for cell in &mut *cells {
            *cell = AnswerCell { occasion: place[cell.occasion as usize], answer: answer[cell.answer as usize] };
        }
        cells.sort_unstable_by_key(|cell| cell.occasion);
    });
    let submissions = renumber_submissions(&mut occasions, &by_question, &names.submissions);
    let ratings = RatingTable { occasions, by_question };
    let rated_by = |question, occasion: u32| {
        let rated = ratings.rated(question, place[occasion as usize])?;
        let RatedOccasion { item, rater, pass, .. } = rated;
        Some(CommentedRating { item, rater, pass, version: rated.version() })
    };
    CompactRatings {
        names: RatingNames { questions, items, raters, versions, answers },
        comments: comments.of_ratings(rated_by, entries),
        ratings,
        submissions,
    }
}

/// Which occasions made a rating.
fn used_occasions<'c>(cells: impl Iterator<Item = &'c AnswerCell>, count: usize) -> Vec<bool> {
    let mut used = vec![false; count];
    cells.for_each(|cell| used[cell.occasion as usize] = true);
    used
}

/// The occasions that are used, in order, and for each old number the new one. The ratings of a criterion are of
/// different items, raters or passes, so that the order of those that share all these shows nowhere.
fn sorted(all: impl ExactSizeIterator<Item = Option<RatedOccasion>>) -> (Vec<RatedOccasion>, Vec<u32>) {
    let mut place = vec![u32::MAX; all.len()];
    let used = (0..).zip(all).filter_map(|(number, occasion)| Some((occasion?, number)));
    let mut numbered: Vec<(RatedOccasion, u32)> = used.collect();
    numbered.par_sort_unstable_by_key(|(of, number)| (of.version, of.item, of.rater, of.pass, *number));
    (0..).zip(&numbered).for_each(|(new, (_, old))| place[*old as usize] = new);
    (numbered.into_iter().map(|(occasion, _)| occasion).collect(), place)
}

/// The texts that are used, in order, and for each old number the new one (meaningless where not used).
fn in_order(known: &Frozen, used: impl Iterator<Item = u32>) -> (Vec<Arc<str>>, Vec<u32>) {
    let mut renumbered = vec![u32::MAX; known.bound()];
    used.for_each(|id| renumbered[id as usize] = 0);
    let mut kept: Vec<u32> = known.ids().filter(|id| renumbered[*id as usize] == 0).collect();
    kept.sort_unstable_by_key(|id| known.get(*id));
    kept.iter().zip(0..).for_each(|(id, new)| renumbered[*id as usize] = new);
    (kept.into_iter().map(|id| known.get(id).into()).collect(), renumbered)
}

/// All answers in order, and for each criterion and number of an answer to it the new number.
fn numbered_answers(settled: &[SettledRatings], values: &Frozen) -> (Vec<GivenAnswer>, Vec<Vec<u32>>) {
    let mut all = Numbering::default();
    let of_question =
        |of: &SettledRatings| of.answers.iter().map(|draft| all.add(written_out(draft, values))).collect();
    let mut numbers: Vec<Vec<u32>> = settled.iter().map(of_question).collect();
    let used: Vec<u32> = numbers.iter().flatten().copied().collect();
    let (answers, renumbered) = compact(all.into_values(), used.into_iter());
    numbers.iter_mut().flatten().for_each(|number| *number = renumbered[*number as usize]);
    (answers, numbers)
}

fn written_out(draft: &Draft, values: &Frozen) -> GivenAnswer {
    match draft {
        Draft::Value(value) => GivenAnswer::Value(values.get(*value).to_owned()),
        Draft::Flags(flags) => GivenAnswer::Flags(flags.clone()),
        Draft::Outcome(outcome) => GivenAnswer::Outcome(*outcome),
        Draft::Invalid => GivenAnswer::Invalid,
    }
}

/// Numbers submissions by their first rating in the sorted table.
fn renumber_submissions(
    occasions: &mut [RatedOccasion],
    by_question: &[Vec<AnswerCell>],
    all: &Submissions,
) -> Vec<Submission> {
    let mut renumbered = vec![u32::MAX; all.len()];
    let mut submissions = Vec::new();
    for cell in by_question.iter().flatten() {
        let old = occasions[cell.occasion as usize].submission;
        let number = &mut renumbered[old as usize];
        if *number == u32::MAX {
            *number = u32::try_from(submissions.len()).unwrap_or(u32::MAX);
            submissions.push(all.of(old));
        }
    }
    occasions.iter_mut().for_each(|occasion| occasion.submission = renumbered[occasion.submission as usize]);
    submissions
}
