//! The version that a release takes.
//!
//! In: what is wanted, and what the changes come to. Out: the version, or why it can't be: it is there, it does not
//! follow the newest, or it is too small for what changed.

use super::changes::{Action, ChangeList, Claims, Class, Judgement, Subject, TaskChange, Unjudged, VersionStep};
use crate::diagnostic::Fault;
use crate::model::{SealedChange, Task};
use crate::schema::Words;
use crate::text::{distinct, listed};
use semver::Version;

/// Which version is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WantedVersion {
    /// The smallest that is allowed.
    Smallest,
    /// The next of a step.
    Step(VersionStep),
    /// This one.
    Exactly(Version),
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

    /// Whether a release of this version may say all that changed.
    fn check(&self, version: &Version, latest: &Version) -> Result<(), Fault> {
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

/// Whether a version that is asked for is one, is not there yet, and follows the newest.
pub fn check_number(task: &Task, wanted: &WantedVersion) -> Result<(), Fault> {
    let WantedVersion::Exactly(version) = wanted else { return Ok(()) };
    if !version.pre.is_empty() || !version.build.is_empty() {
        return Err(Fault::whole(format!("`{version}` is not a version of three numbers, such as 1.0.0")));
    }
    let Some(latest) = task.last_sealed().map(|release| &release.version) else { return Ok(()) };
    if task.sealed().any(|release| release.version == *version) {
        let message = format!("version {version} of `{}` is sealed already: a sealed version never changes", task.id);
        return Err(Fault::whole(message).help(next_versions(latest)));
    }
    if version <= latest {
        let message = format!("version {version} does not follow {latest}, the newest of `{}`", task.id);
        return Err(Fault::whole(message).help(next_versions(latest)));
    }
    Ok(())
}

/// The version of the next release of a task, which may be the first.
pub fn choose(task: &Task, wanted: &WantedVersion, changes: Option<&JudgedChanges>) -> Result<Version, Fault> {
    let Some((latest, changes)) = task.last_sealed().map(|release| &release.version).zip(changes) else {
        return Ok(match wanted {
            WantedVersion::Exactly(version) => version.clone(),
            WantedVersion::Smallest | WantedVersion::Step(_) => Version::new(1, 0, 0),
        });
    };
    let version = match wanted {
        WantedVersion::Smallest => changes.judgement.least.after(latest),
        WantedVersion::Step(step) => step.after(latest),
        WantedVersion::Exactly(version) => version.clone(),
    };
    changes.check(&version, latest)?;
    Ok(version)
}

fn next_versions(latest: &Version) -> String {
    let [patch, minor, major] =
        [VersionStep::Patch, VersionStep::Minor, VersionStep::Major].map(|step| step.after(latest));
    format!("the next are {patch} (editorial), {minor} (rules) and {major} (meaning)")
}

/// Which ratings from before are compared with those of a release, in a sentence.
pub fn comparability(version: &Version, changes: &JudgedChanges) -> String {
    let lost = changes.judgement.incomparable(&changes.list);
    let gone = changes.list.changes.iter().filter_map(|change| match &change.subject {
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
