//! Classes of changes, and the smallest step that a version must take for them.
//!
//! In: the changes of a release, and what its author says of them. Out: for each change its class, and for the release the
//! step, or what is still to be answered. What is presumed follows from what changed alone; what the author says can
//! lower or raise it, but for what no words can undo.

use super::{Action, ChangeList, Subject, TaskChange};
use crate::document::ScaleChange;
use crate::model::Release;
use crate::schema::Words;
use crate::text::distinct;
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
    const WORDS_OF_VALUE: Self = Self::new(Class::Meaning, VersionStep::Patch, false);
    const WORSE_TERMS: Self = Self::new(Class::Clarification, VersionStep::Minor, true);
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
    let amount = |text: &str| -> Option<(f64, String)> {
        let is_number = |c: char| c.is_ascii_digit() || c == '.';
        let start = text.find(|c: char| c.is_ascii_digit())?;
        let end = text[start..].find(|c| !is_number(c)).map_or(text.len(), |end| start + end);
        Some((text[start..end].parse().ok()?, format!("{}{}", text[..start].trim(), text[end..].trim())))
    };
    match (amount(before), amount(after)) {
        (Some((was, of)), Some((is, unit))) => of != unit || is < was,
        _ => !before.is_empty(),
    }
}

/// What the author of a release says of its changes.
#[derive(Clone, Debug, Default)]
pub struct Claims {
    /// The class of all that is left to say.
    pub rest: Option<Class>,
    /// The class of what is at a place: a change's name, its file, its section or its criterion.
    pub at: Vec<(String, Class)>,
    /// Why a step is smaller than what changed asks for, or a change less than it is presumed to be.
    pub because: Option<String>,
}

impl Claims {
    /// What is said of a change.
    pub fn of(&self, change: &TaskChange) -> Option<Class> {
        self.named(change).or_else(|| self.rest.filter(|_| !change.presumed.fixed))
    }

    /// What is said of the place of a change: of the very change, else of what it lies in.
    fn named(&self, change: &TaskChange) -> Option<Class> {
        let last = |is_so: &dyn Fn(&str) -> bool| self.at.iter().rev().find(|(place, _)| is_so(place));
        let name = change.name();
        let found = last(&|place| place == name).or_else(|| last(&|place| is_at(change, place)));
        found.map(|(_, class)| *class)
    }

    /// The places that are named and at which nothing changed.
    pub fn unused<'c>(&'c self, list: &ChangeList) -> Vec<&'c str> {
        let is_unused = |place: &str| !list.changes.iter().any(|change| is_at(change, place));
        self.at.iter().map(|(place, _)| place.as_str()).filter(|place| is_unused(place)).collect()
    }
}

/// Whether a change is at a place as an author names it.
fn is_at(change: &TaskChange, place: &str) -> bool {
    change.name() == place || change.place.file == place || change.criterion() == Some(place)
}

/// What a release's changes come to.
#[derive(Clone, Debug)]
pub struct Judgement {
    /// The class of each change, in the order of the list.
    pub classes: Vec<Class>,
    /// The smallest step that what changed asks for.
    pub step: VersionStep,
    /// The smallest step that a reason can bring it down to.
    pub floor: VersionStep,
    /// The smallest step that is allowed: smaller than what is asked for only where a reason is given.
    pub least: VersionStep,
}

/// Why a release cannot be judged: places in the list of changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unjudged {
    /// Nobody said what these do.
    Unanswered(Vec<usize>),
    /// These were said to be less than they are, and cannot be.
    Fixed(Vec<usize>),
    /// These were said to be less than is presumed, and no reason is given.
    WithoutReason(Vec<usize>),
}

impl ChangeList {
    /// The class of each change and the step that all of them need.
    pub fn judge(&self, claims: &Claims) -> Result<Judgement, Unjudged> {
        let at = |is_so: &dyn Fn(&TaskChange) -> bool| -> Vec<usize> {
            let places = self.changes.iter().enumerate().filter(|(_, change)| is_so(change));
            places.map(|(at, _)| at).collect()
        };
        let unanswered = at(&|change| change.presumed.class.is_none() && claims.of(change).is_none());
        if !unanswered.is_empty() {
            return Err(Unjudged::Unanswered(unanswered));
        }
        let is_less = |change: &TaskChange| claims.of(change) < change.presumed.class && claims.of(change).is_some();
        // What is said of all the rest leaves what is fixed as it is, but that one of them ends what ratings mean is not
        // passed over.
        let is_meaning = |change: &TaskChange| change.presumed.class == Some(Class::Meaning);
        let fixed = at(&|change| {
            let passed_over = is_meaning(change) && claims.rest.is_some_and(|rest| rest < Class::Meaning);
            change.presumed.fixed && (is_less(change) || passed_over && claims.named(change).is_none())
        });
        if !fixed.is_empty() {
            return Err(Unjudged::Fixed(fixed));
        }
        let lowered = at(&|change| is_less(change) && claims.because.is_none());
        if !lowered.is_empty() {
            return Err(Unjudged::WithoutReason(lowered));
        }
        let class = |change: &TaskChange| claims.of(change).or(change.presumed.class).unwrap_or(Class::Clarification);
        let classes: Vec<Class> = self.changes.iter().map(class).collect();
        let with_class = || self.changes.iter().zip(&classes);
        let step = with_class().map(|(change, class)| class.step().max(change.presumed.least)).max();
        let floor = with_class().map(|(change, class)| {
            let own = if change.presumed.fixed { change.presumed.least } else { VersionStep::Patch };
            if *class == Class::Meaning { VersionStep::Major } else { own }
        });
        let (step, floor) = (step.unwrap_or(VersionStep::Patch), floor.max().unwrap_or(VersionStep::Patch));
        Ok(Judgement { classes, step, floor, least: if claims.because.is_some() { floor } else { step } })
    }
}

/// The class of each change between two releases, as the authors of those between them said it; where none was recorded,
/// what is presumed, and a clarification where only an author could tell. `between` are the releases after the older
/// one, up to the newer.
pub fn as_sealed(list: &ChangeList, between: &[&Release]) -> Vec<Class> {
    let said = |change: &TaskChange| {
        let (name, what) = (change.name(), change.in_words());
        let sealed = between.iter().flat_map(|release| &release.changes);
        let own = sealed.filter(|sealed| sealed.place == name && sealed.what == what);
        own.filter_map(|sealed| Class::of_word(&sealed.class)).max()
    };
    let class = |change: &TaskChange| said(change).or(change.presumed.class).unwrap_or(Class::Clarification);
    list.changes.iter().map(class).collect()
}

impl Judgement {
    /// The criteria whose ratings from before are not compared with later ones.
    pub fn incomparable<'l>(&self, list: &'l ChangeList) -> Vec<&'l str> {
        let meant = list.changes.iter().zip(&self.classes).filter(|(change, class)| {
            let is_gone = matches!(change.subject, Subject::Criterion(_));
            **class == Class::Meaning && !is_gone
        });
        distinct(meant.filter_map(|(change, _)| change.criterion()))
    }

    /// How many changes there are of each class, the gravest first.
    pub fn counts(&self) -> Vec<(Class, usize)> {
        counts(&self.classes)
    }
}

/// How many of each class there are, the gravest first.
pub fn counts(classes: &[Class]) -> Vec<(Class, usize)> {
    let mut counts: BTreeMap<Class, usize> = BTreeMap::new();
    classes.iter().for_each(|class| *counts.entry(*class).or_default() += 1);
    counts.into_iter().rev().collect()
}

impl Class {
    /// The class that a word stands for.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::WORDS.iter().find(|(known, _)| *known == word).map(|(_, class)| *class)
    }

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
    use super::super::ChangePlace;
    use super::*;
    use proptest::prelude::*;

    fn change(at: usize, presumed: Presumed) -> TaskChange {
        let place = ChangePlace { file: format!("page-{at}.md"), sections: Vec::new(), title: String::new() };
        let (before, after) = ("was".to_owned(), "is".to_owned());
        TaskChange { place, action: Action::Changed, subject: Subject::Text("paragraph"), before, after, presumed }
    }

    fn presumed() -> impl Strategy<Value = Presumed> {
        prop_oneof![
            Just(Presumed::RULES),
            Just(Presumed::SCORING),
            Just(Presumed::NEW_CRITERION),
            Just(Presumed::ADDED_TO_SCALE),
            Just(Presumed::OTHER_QUESTION),
            Just(Presumed::WORDS_OF_VALUE),
            Just(Presumed::WORSE_TERMS),
            Just(Presumed::of_text(Action::Changed, Some("fixed".to_owned()))),
        ]
    }

    fn class() -> impl Strategy<Value = Class> {
        prop::sample::select(Class::WORDS.iter().map(|(_, class)| *class).collect::<Vec<_>>())
    }

    proptest! {
        #[test]
        fn no_claim_and_no_reason_undoes_what_is_fixed(
            presumed in prop::collection::vec(presumed(), 1..6),
            rest in prop::option::of(class()),
            at in prop::collection::vec((0_usize..6, class()), 0..3),
            because in prop::option::of(Just("a reason".to_owned())),
        ) {
            let changes = presumed.into_iter().enumerate().map(|(at, presumed)| change(at, presumed)).collect();
            let list = ChangeList { changes };
            let at = at.into_iter().map(|(at, class)| (format!("page-{at}.md"), class)).collect();
            let claims = Claims { rest, at, because };
            let Ok(judgement) = list.judge(&claims) else { return Ok(()) };
            prop_assert!(judgement.floor <= judgement.step);
            prop_assert_eq!(judgement.least, if claims.because.is_some() { judgement.floor } else { judgement.step });
            for (change, class) in list.changes.iter().zip(&judgement.classes) {
                if change.presumed.fixed {
                    prop_assert!(judgement.least >= change.presumed.least);
                    prop_assert!(Some(*class) >= change.presumed.class);
                }
                prop_assert!(*class != Class::Meaning || judgement.least == VersionStep::Major);
                if claims.because.is_none() {
                    prop_assert!(Some(*class) >= change.presumed.class);
                    prop_assert!(judgement.least >= change.presumed.least.max(class.step()));
                }
            }
        }
    }

    #[test]
    fn a_pay_is_less_only_where_that_can_be_told_or_nothing_can() {
        assert!(is_less("30 USD", "25 USD") && is_less("30 USD", "30 EUR") && is_less("30 USD", "by agreement"));
        assert!(is_less("30 USD", ""));
        assert!(!is_less("30 USD", "30.50 USD") && !is_less("", "30 USD") && !is_less("USD 30", "USD 31"));
    }
}
