//! Meanings: which versions of a task ask the same by a criterion.
//!
//! In: the table's names and the Model. Out: for each criterion and version, the first version that asked the same, and
//! a number for it. Ratings of one meaning may be compared; those of two may not.

use super::scheme::meaning;
use super::table::Rating;
use super::{Question, Ratings};
use crate::model::Model;
use ahash::AHashMap;
use semver::Version;

/// What each criterion meant in each version, and to those who rated before there was one.
pub struct Meanings {
    versions: usize,
    /// By criterion: a meaning for each version, then that of ratings without a version.
    by_question: Vec<Option<Version>>,
    /// The same by criterion and item, where an item's run is counted otherwise from some version on.
    by_item: AHashMap<(u16, u32), Vec<Option<Version>>>,
}

impl Meanings {
    /// Looks them all up.
    pub fn of(table: &Ratings, model: &Model) -> Self {
        let names = &table.names;
        let versions = || names.versions.iter().map(Some).chain([None]);
        let meanings = |question: &Question, item: Option<&str>| {
            let task = &model.tasks[usize::from(question.task)];
            versions().map(|version| meaning(task, &question.criterion.id, item, version)).collect::<Vec<_>>()
        };
        let by_question = names.questions.iter().flat_map(|question| meanings(question, None)).collect();
        let mut by_item = AHashMap::new();
        for (question, number) in names.questions.iter().zip(0..) {
            let recounted = model.tasks[usize::from(question.task)].recounted.items();
            let rated = recounted.filter_map(|item| Some((item, names.item(item)?)));
            by_item.extend(rated.map(|(item, at)| ((number, at), meanings(question, Some(item)))));
        }
        Self { versions: names.versions.len(), by_question, by_item }
    }

    /// The first version that asked what the rating answers; none where nothing is sealed and it names none.
    pub fn of_rating(&self, rating: &Rating) -> Option<&Version> {
        self.of_item(rating.question, rating.of.item, rating.of.version())
    }

    /// The first version that asked by a criterion what this one asks; none where nothing is sealed and there is none.
    pub fn of_version(&self, question: u16, version: Option<u16>) -> Option<&Version> {
        let each = self.versions + 1;
        let number = version.map_or(self.versions, usize::from);
        self.by_question.get(usize::from(question) * each + number)?.as_ref()
    }

    /// The first version that asked by a criterion of an item what this one asks; none where nothing is sealed.
    pub fn of_item(&self, question: u16, item: u32, version: Option<u16>) -> Option<&Version> {
        self.each_of(question, item).get(version.map_or(self.versions, usize::from))?.as_ref()
    }

    /// A number for this meaning, the same for all ratings that have it; none where the rating has none.
    pub fn number(&self, rating: &Rating) -> Option<u16> {
        let of = self.of_rating(rating)?;
        let same = self.each_of(rating.question, rating.of.item).iter().position(|other| other.as_ref() == Some(of));
        same.and_then(|number| u16::try_from(number).ok())
    }

    /// What is asked in each version, and in none.
    fn each_of(&self, question: u16, item: u32) -> &[Option<Version>] {
        if !self.by_item.is_empty()
            && let Some(own) = self.by_item.get(&(question, item))
        {
            return own;
        }
        let each = self.versions + 1;
        &self.by_question[usize::from(question) * each..][..each]
    }
}
