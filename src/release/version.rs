//! The version that a release takes.
//!
//! In: what is wanted, and what the changes come to. Out: the version, or why it can't be: it is there, it does not
//! follow the newest, or it is too small for what changed.

use super::changes::{JudgedChanges, VersionStep};
use crate::diagnostic::Fault;
use crate::model::Task;
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
    changes.allow(&version, latest)?;
    Ok(version)
}

fn next_versions(latest: &Version) -> String {
    let [patch, minor, major] =
        [VersionStep::Patch, VersionStep::Minor, VersionStep::Major].map(|step| step.after(latest));
    format!("the next are {patch} (editorial), {minor} (rules) and {major} (meaning)")
}
