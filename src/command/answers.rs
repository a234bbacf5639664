//! Answers: what candidates and experts send back, for the commands that are about them.
//!
//! In: files as they were typed, and the site. Out: their ratings, resolved, and who gave some of them. Who answers need be in
//! no cohort. Who really answered, or when, is the sender's word.

use crate::diagnostic::{Diagnostics, Halt, rules};
use crate::model::{Model, Task};
use crate::progress::Progress;
use crate::ratings::{self, Rating, Ratings};
use crate::text::{line, listed};
use crate::workspace::Workspace;
use std::collections::BTreeSet;
use std::path::PathBuf;

/// A task, and its place in the Model.
pub type PlacedTask<'m> = (u16, &'m Task);

/// The task of an id.
pub fn find_task<'m>(id: &str, model: &'m Model, diagnostics: &mut Diagnostics) -> Result<PlacedTask<'m>, Halt> {
    let task = model.find_task(id, diagnostics)?;
    (0..).zip(&model.tasks).find(|(_, other)| other.id == task.id).ok_or(Halt)
}

/// Reads what came back.
pub fn read(
    files: &[PathBuf],
    model: &Model,
    workspace: &Workspace<'_>,
    progress: &Progress,
    diagnostics: &mut Diagnostics,
) -> Ratings {
    let files: Vec<(String, PathBuf)> = files.iter().map(|file| (file.display().to_string(), file.clone())).collect();
    let stage = progress.stage("Reading answers", files.len());
    let mut found = Diagnostics::default();
    let ratings = ratings::read(&files, model, &workspace.sources, &mut |_, _| (), &mut found);
    drop(stage);
    drop(found.take(rules::NO_COHORT));
    diagnostics.append(found.take(rules::UNREAD_RATINGS).under(rules::UNREADABLE_TABLE).without_help());
    diagnostics.append(found);
    ratings
}

/// Whether a rating is an answer to a task.
pub fn is_of((number, _): PlacedTask<'_>, rating: &Rating, ratings: &Ratings) -> bool {
    ratings.names.questions[usize::from(rating.question)].task == number
}

/// Whether a rating was made under a version of the task that is not to be used any more.
pub fn is_under_withdrawn((_, task): PlacedTask<'_>, rating: &Rating, ratings: &Ratings) -> bool {
    let version = rating.of.version().map(|number| &ratings.names.versions[usize::from(number)]);
    version.and_then(|version| task.release(version)).is_some_and(|release| release.withdrawn.is_some())
}

/// Who gave answers to a task of which this is so, in words; none if nobody did.
pub fn raters(task: PlacedTask<'_>, ratings: &Ratings, is_so: &dyn Fn(&Rating) -> bool) -> Option<String> {
    let found = ratings.ratings.iter().filter(|rating| is_of(task, rating, ratings) && is_so(rating));
    let found: BTreeSet<&str> = found.map(|rating| &*ratings.names.raters[rating.of.rater as usize]).collect();
    (!found.is_empty()).then(|| line(&listed(found)).into_owned())
}
