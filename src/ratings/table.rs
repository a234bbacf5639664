//! The table: resolved ratings in their compact form, sorted, with names in their own order.
//!
//! In: settled ratings and the intake's names. Out: rows of at most 32 bytes and the names they use. Two sets of rows
//! that say the same make the same table, whatever their order.

use super::answer::GivenAnswer;
use super::entry::{Entries, NO_VERSION, RatingBasis};
use super::intake::IntakeNames;
use super::names::{Numbering, compact};
use super::reading::FrozenNames;
use super::resolve::{Draft, Settled};
use super::scheme::Question;
use super::submissions::{Submission, Submissions};
use crate::table::Frozen;
use jiff::civil::Date;
use semver::Version;
use std::sync::Arc;

/// One rater's resolved rating of one item and criterion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rating {
    /// Number of the item.
    pub item: u32,
    /// Number of the rater.
    pub rater: u32,
    /// Number of the answer.
    pub answer: u32,
    /// Number of the submission it came with.
    pub submission: u32,
    /// Number of the criterion, which also names the task.
    pub question: u16,
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

const _: () = assert!(size_of::<Rating>() <= 32, "a rating stays small");

const NO_COHORT: u16 = u16::MAX;

impl Rating {
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

/// Puts settled ratings, by criterion, into their compact form.
pub fn compacted(
    settled: Vec<Vec<Settled>>,
    entries: &Entries,
    answers: Numbering<Draft>,
    questions: Vec<Question>,
    names: IntakeNames,
    texts: &FrozenNames,
) -> (RatingNames, Vec<Rating>, Vec<Submission>) {
    let answers = written_out(answers, &names, &texts.values);
    let all = || settled.iter().flatten();
    let occasions = || all().map(|rating| entries.numbered(rating.occasion));
    let (items, item) = in_order(&texts.items, occasions().map(|of| of.item));
    let (raters, rater) = in_order(&texts.raters, occasions().map(|of| of.rater));
    let (answers, answer) = compact(answers, all().map(|rating| rating.answer));
    let used = occasions().map(|of| of.version).filter(|version| *version != NO_VERSION);
    let (versions, version) = compact(names.versions.into_values(), used.map(u32::from));
    let version_number = |old: u16| version.get(usize::from(old)).map_or(NO_VERSION, |new| *new as u16);
    let rating = |settled: &Settled| {
        let of = entries.numbered(settled.occasion);
        Rating {
            item: item[of.item as usize],
            rater: rater[of.rater as usize],
            answer: answer[settled.answer as usize],
            submission: of.submission,
            question: settled.question,
            cohort: of.cohort.unwrap_or(NO_COHORT),
            version: version_number(of.version),
            day: of.day,
            pass: of.pass,
            basis: of.basis,
            version_assumed: of.version_assumed,
        }
    };
    let mut ratings: Vec<Rating> = Vec::with_capacity(all().count());
    settled.into_iter().for_each(|of_question| ratings.extend(of_question.iter().map(rating)));
    ratings.sort_unstable_by_key(|rating| (rating.question, rating.version, rating.item, rating.rater, rating.pass));
    let submissions = renumber_submissions(&mut ratings, &names.submissions);
    (RatingNames { questions, items, raters, versions, answers }, ratings, submissions)
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

fn written_out(drafts: Numbering<Draft>, names: &IntakeNames, values: &Frozen) -> Vec<GivenAnswer> {
    let written = drafts.into_values().into_iter().map(|draft| match draft {
        Draft::Value(value) => GivenAnswer::Value(values.get(value).to_owned()),
        Draft::Flags(flags) => {
            GivenAnswer::Flags(flags.into_iter().map(|flag| names.flags.get(flag).clone()).collect())
        }
        Draft::Outcome(outcome) => GivenAnswer::Outcome(outcome),
        Draft::Invalid => GivenAnswer::Invalid,
    });
    written.collect()
}

/// Numbers submissions by their first rating in the sorted table.
fn renumber_submissions(ratings: &mut [Rating], all: &Submissions) -> Vec<Submission> {
    let mut renumbered = vec![u32::MAX; all.len()];
    let mut submissions = Vec::new();
    for rating in ratings {
        let number = &mut renumbered[rating.submission as usize];
        if *number == u32::MAX {
            *number = u32::try_from(submissions.len()).unwrap_or(u32::MAX);
            submissions.push(all.of(rating.submission));
        }
        rating.submission = *number;
    }
    submissions
}
