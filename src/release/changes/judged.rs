//! What changes come to: their classes, and the step that all of them need.
//!
//! In: a change list, and what its author says of it. Out: `JudgedChanges`, or what is still to be said. What the rules
//! presume of a change holds until its author says otherwise, but for what no words can undo.

use super::class::{Class, VersionStep, counts};
use super::{Action, ChangeList, Subject, TaskChange};
use crate::diagnostic::Fault;
use crate::model::{Release, SealedChange};
use crate::schema::Words;
use crate::text::{distinct, listed};
use semver::Version;

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

/// What changed since the newest version, and what it comes to.
#[derive(Clone, Debug)]
pub struct JudgedChanges {
    /// What changed.
    pub list: ChangeList,
    /// What it comes to.
    pub judgement: Judgement,
}

impl JudgedChanges {
    /// The changes with their classes.
    pub fn iter(&self) -> impl Iterator<Item = (&TaskChange, Class)> {
        self.list.changes.iter().zip(self.judgement.classes.iter().copied())
    }

    /// The gravest class of a change.
    pub fn gravest(&self) -> Option<Class> {
        self.judgement.classes.iter().max().copied()
    }

    /// The changes as a lock records them.
    pub fn locked(&self) -> Vec<SealedChange> {
        let locked = self.iter().map(|(change, class)| SealedChange {
            place: change.name(),
            what: change.in_words(),
            class: class.word().to_owned(),
        });
        locked.collect()
    }

    /// Says what changes come to by what is claimed of them, or what is still to be said.
    pub fn of(list: ChangeList, claims: &Claims) -> Result<Self, Fault> {
        if let Some(unknown) = claims.unused(&list).first() {
            let message = format!("`--class {unknown}=…`: nothing changed there");
            let places = named(list.changes.iter().map(TaskChange::name));
            return Err(Fault::whole(message).help(format!("changes are at {places}")));
        }
        match list.judge(claims) {
            Ok(judgement) => Ok(Self { list, judgement }),
            Err(unjudged) => Err(unanswered(&list, &unjudged)),
        }
    }

    /// Whether a release of this version, which follows `latest`, may say all that changed.
    pub fn allow(&self, version: &Version, latest: &Version) -> Result<(), Fault> {
        let step = VersionStep::between(latest, version);
        if step >= self.judgement.least {
            return Ok(());
        }
        let judgement = &self.judgement;
        let needs = |change: &TaskChange, class: Class| match judgement.least < judgement.step {
            true if class == Class::Meaning => VersionStep::Major,
            true => change.presumed.least,
            false => class.step().max(change.presumed.least),
        };
        let forbid =
            named(self.iter().filter(|(change, class)| needs(change, *class) > step).map(|(change, _)| change.name()));
        let message = format!("{version} is too small a step for what changed at {forbid}");
        let fault = Fault::whole(message).help(format!("the smallest version is {}", judgement.least.after(latest)));
        Err(match judgement.floor < judgement.least {
            true => fault
                .help(format!("`--because \"…\"` allows {}, and is shown to readers", judgement.floor.after(latest))),
            false => fault,
        })
    }

    /// Which ratings from before are compared with those of `version`, in a sentence.
    pub fn comparability(&self, version: &Version) -> String {
        let lost = self.judgement.incomparable(&self.list);
        let gone = self.list.changes.iter().filter_map(|change| match &change.subject {
            Subject::Criterion(id) if change.action == Action::Removed => Some(id.as_str()),
            _ => None,
        });
        let gone: Vec<&str> = gone.collect();
        let compared = match lost.len() {
            0 => format!("all ratings made before {version} are compared with later ones"),
            _ => format!(
                "ratings of {} made before {version} are not compared with later ones; all others are",
                listed(lost)
            ),
        };
        match gone.len() {
            0 => compared,
            _ => format!("{compared}; {} is not asked any more", listed(gone)),
        }
    }
}

/// What is to be said of changes before a release can be made.
fn unanswered(list: &ChangeList, unjudged: &Unjudged) -> Fault {
    let at = |places: &[usize]| named(places.iter().map(|at| list.changes[*at].name()));
    match unjudged {
        Unjudged::Unanswered(places) => {
            Fault::whole(format!("only you can say what these changes do to ratings: {}", at(places)))
                .help("`--class editorial` if they say the same, `--class clarification` if they say more clearly what was meant, `--class meaning` if an answer now means something else")
                .help(format!(
                    "`--class {}=editorial` speaks of one place, and may be given several times",
                    list.changes[places[0]].name()
                ))
                .help("`goldbook diff` shows them")
        }
        Unjudged::Fixed(places) => {
            Fault::whole(format!("these changes are more than they are said to be: {}", at(places)))
                .help("what they do to ratings follows from the change itself: name the places that `--class` is meant for")
        }
        Unjudged::WithoutReason(places) => {
            Fault::whole(format!("these changes are said to be less than they seem: {}", at(places)))
                .help("say why with `--because \"…\"`: it is recorded, and shown to readers")
        }
    }
}

/// Names, once each.
fn named(names: impl Iterator<Item = String>) -> String {
    let names: Vec<String> = names.collect();
    listed(distinct(names.iter().map(String::as_str)))
}

#[cfg(test)]
mod tests {
    use super::super::ChangePlace;
    use super::super::class::Presumed;
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
}
