//! Meanings: which versions of a task ask the same by a criterion.
//!
//! In: the table's names and the Model. Out: for each criterion and version, the first version that asked the same, and
//! a number for it. Ratings of one meaning may be compared; those of two may not.

use super::Ratings;
use super::scheme::meaning;
use super::table::Rating;
use crate::model::Model;
use semver::Version;

/// What each criterion meant in each version.
pub struct Meanings {
    versions: usize,
    by_question: Vec<Option<Version>>,
}

impl Meanings {
    /// Looks them all up.
    pub fn of(table: &Ratings, model: &Model) -> Self {
        let versions = table.names.versions.len();
        let meaning_of = |question: &super::Question, version: &Version| {
            meaning(&model.tasks[usize::from(question.task)], &question.criterion.id, Some(version))
        };
        let questions = table.names.questions.iter();
        let by_question = questions
            .flat_map(|question| table.names.versions.iter().map(move |version| meaning_of(question, version)));
        Self { versions, by_question: by_question.collect() }
    }

    /// The first version that asked what the rating answers; none where it has no version.
    pub fn of_rating(&self, rating: &Rating) -> Option<&Version> {
        let row = usize::from(rating.question) * self.versions;
        self.by_question.get(row + usize::from(rating.version()?))?.as_ref()
    }

    /// The number of the first version in use with this meaning; none where the rating has no version.
    pub fn number(&self, rating: &Rating) -> Option<u16> {
        let of = self.of_rating(rating)?;
        let row = &self.by_question[usize::from(rating.question) * self.versions..][..self.versions];
        row.iter().position(|other| other.as_ref() == Some(of)).and_then(|number| u16::try_from(number).ok())
    }
}
