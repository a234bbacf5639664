//! Meanings: which versions of a task ask the same by a criterion.
//!
//! In: the table's names and the Model. Out: for each criterion and version, the first version that asked the same, and
//! a number for it. Ratings of one meaning may be compared; those of two may not.

use super::Ratings;
use super::scheme::meaning;
use super::table::Rating;
use crate::model::Model;
use semver::Version;

/// What each criterion meant in each version, and to those who rated before there was one.
pub struct Meanings {
    versions: usize,
    /// By criterion: a meaning for each version, then that of ratings without a version.
    by_question: Vec<Option<Version>>,
}

impl Meanings {
    /// Looks them all up.
    pub fn of(table: &Ratings, model: &Model) -> Self {
        let names = &table.names;
        let versions = || names.versions.iter().map(Some).chain([None]);
        let meaning_of = |question: &super::Question, version: Option<&Version>| {
            meaning(&model.tasks[usize::from(question.task)], &question.criterion.id, version)
        };
        let by_question =
            names.questions.iter().flat_map(|question| versions().map(move |version| meaning_of(question, version)));
        Self { versions: names.versions.len(), by_question: by_question.collect() }
    }

    /// The first version that asked what the rating answers; none where nothing is sealed and it names none.
    pub fn of_rating(&self, rating: &Rating) -> Option<&Version> {
        let number = rating.of.version().map_or(self.versions, usize::from);
        self.of_question(rating).get(number)?.as_ref()
    }

    /// The first version that asked by a criterion what this one asks; none where nothing is sealed and there is none.
    pub fn of_version(&self, question: u16, version: Option<u16>) -> Option<&Version> {
        let each = self.versions + 1;
        let number = version.map_or(self.versions, usize::from);
        self.by_question.get(usize::from(question) * each + number)?.as_ref()
    }

    /// A number for this meaning, the same for all ratings that have it; none where the rating has none.
    pub fn number(&self, rating: &Rating) -> Option<u16> {
        let of = self.of_rating(rating)?;
        let same = self.of_question(rating).iter().position(|other| other.as_ref() == Some(of));
        same.and_then(|number| u16::try_from(number).ok())
    }

    fn of_question(&self, rating: &Rating) -> &[Option<Version>] {
        let each = self.versions + 1;
        &self.by_question[usize::from(rating.question) * each..][..each]
    }
}
