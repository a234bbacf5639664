//! Classes of changes, the step of a version that each needs, and what the rules presume of a change.
//!
//! In: what changed. Out: `Presumed`, which follows from it alone. It never hears what an author says (`judged`).

use super::Action;
use crate::document::{Pay, ScaleChange};
use crate::schema::Words;
use semver::Version;
use std::collections::BTreeMap;

/// What a change does to ratings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// It reads better and says the same.
    Editorial,
    /// The same ratings are scored otherwise.
    Scoring,
    /// It says more clearly, or newly, what was meant or is asked.
    Clarification,
    /// Answers mean something else: ratings from before are not compared with later ones.
    Meaning,
}

/// How far a version goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum VersionStep {
    /// The third number.
    Patch,
    /// The second.
    Minor,
    /// The first.
    Major,
}

/// What the rules presume of a change.
#[derive(Clone, Debug, PartialEq)]
pub struct Presumed {
    /// Its class; none if only its author can tell.
    pub class: Option<Class>,
    /// The smallest step it needs, whatever its class.
    pub least: VersionStep,
    /// Whether neither a class nor a reason makes it smaller.
    pub fixed: bool,
    /// The criterion that the changed text explains.
    pub criterion: Option<String>,
}

impl Presumed {
    const fn new(class: Class, least: VersionStep, fixed: bool) -> Self {
        Self { class: Some(class), least, fixed, criterion: None }
    }

    /// What the text tells its readers to do.
    pub const RULES: Self = Self::new(Class::Clarification, VersionStep::Patch, false);
    /// How answers are scored.
    pub const SCORING: Self = Self::new(Class::Scoring, VersionStep::Patch, false);
    /// A new question.
    pub const NEW_CRITERION: Self = Self::new(Class::Clarification, VersionStep::Minor, true);
    /// A further answer that was not there before, or words where there were none.
    pub const ADDED_TO_SCALE: Self = Self::new(Class::Clarification, VersionStep::Minor, false);
    /// A question that is not what it was.
    pub const OTHER_QUESTION: Self = Self::new(Class::Meaning, VersionStep::Major, true);
    /// Words beside a value: what they mean is for their author to say.
    pub const WORDS_OF_VALUE: Self = Self::new(Class::Meaning, VersionStep::Patch, false);
    /// Less pay, or what cannot be told to be as much.
    pub const WORSE_TERMS: Self = Self::new(Class::Clarification, VersionStep::Minor, true);
    const EDITORIAL: Self = Self::new(Class::Editorial, VersionStep::Patch, false);

    /// A change of text. In the section of a criterion only its author can tell what it does.
    pub fn of_text(action: Action, criterion: Option<String>) -> Self {
        match (criterion, action) {
            (_, Action::Moved) => Self::EDITORIAL,
            (Some(criterion), _) => {
                Self { class: None, least: VersionStep::Minor, fixed: false, criterion: Some(criterion) }
            }
            (None, _) => Self::RULES,
        }
    }

    /// A change of a key of the task.
    pub fn of_fact(key: &str, before: &str, after: &str) -> Self {
        match key {
            "pay" if is_less(before, after) => Self::WORSE_TERMS,
            "owner" | "status" | "kind" => Self::EDITORIAL,
            _ => Self::RULES,
        }
    }

    /// A change of a scale.
    pub fn of_scale(change: &ScaleChange) -> Self {
        match change {
            ScaleChange::Kind
            | ScaleChange::Gone(_)
            | ScaleChange::Come(_)
            | ScaleChange::Order { .. }
            | ScaleChange::Swapped { .. }
            | ScaleChange::Bounds { .. } => Self::OTHER_QUESTION,
            ScaleChange::Meaning { before, .. } | ScaleChange::Unit { before, .. } if before.is_empty() => {
                Self::ADDED_TO_SCALE
            }
            ScaleChange::Unit { .. } => Self::OTHER_QUESTION,
            ScaleChange::Meaning { .. } => Self::WORDS_OF_VALUE,
        }
    }
}

/// Whether a pay is less than another, or cannot be told to be as much.
fn is_less(before: &str, after: &str) -> bool {
    match (Pay::parse(before), Pay::parse(after)) {
        (Some(was), Some(is)) => was.unit != is.unit || is.amount < was.amount,
        _ => !before.is_empty(),
    }
}

/// How many of each class there are, the gravest first.
pub fn counts(classes: &[Class]) -> Vec<(Class, usize)> {
    let mut counts: BTreeMap<Class, usize> = BTreeMap::new();
    classes.iter().for_each(|class| *counts.entry(*class).or_default() += 1);
    counts.into_iter().rev().collect()
}

impl Class {
    /// The smallest step for it.
    pub fn step(self) -> VersionStep {
        match self {
            Self::Editorial | Self::Scoring => VersionStep::Patch,
            Self::Clarification => VersionStep::Minor,
            Self::Meaning => VersionStep::Major,
        }
    }
}

impl VersionStep {
    /// The version that this step leads to.
    pub fn after(self, version: &Version) -> Version {
        match self {
            Self::Patch => Version::new(version.major, version.minor, version.patch + 1),
            Self::Minor => Version::new(version.major, version.minor + 1, 0),
            Self::Major => Version::new(version.major + 1, 0, 0),
        }
    }

    /// The step from one version to a later one.
    pub fn between(from: &Version, to: &Version) -> Self {
        if to.major > from.major {
            Self::Major
        } else if to.minor > from.minor {
            Self::Minor
        } else {
            Self::Patch
        }
    }
}

impl Words for Class {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("editorial", Self::Editorial),
        ("scoring", Self::Scoring),
        ("clarification", Self::Clarification),
        ("meaning", Self::Meaning),
    ];
}

impl Words for VersionStep {
    const WORDS: &'static [(&'static str, Self)] =
        &[("patch", Self::Patch), ("minor", Self::Minor), ("major", Self::Major)];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pay_is_less_only_where_that_can_be_told_or_nothing_can() {
        assert!(is_less("30 USD", "25 USD") && is_less("30 USD", "30 EUR") && is_less("30 USD", "by agreement"));
        assert!(is_less("30 USD", ""));
        assert!(!is_less("30 USD", "30.50 USD") && !is_less("", "30 USD") && !is_less("USD 30", "USD 31"));
    }
}
