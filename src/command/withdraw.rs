//! Withdrawing: a version that must not be worked from any more.
//!
//! In: a request. Out: a line more in the state of the task. The version stays readable, with a notice.

use super::task_state::{self, Ended, StateRequest};
use crate::diagnostic::{Diagnosed, Fault};
use crate::progress::Progress;
use crate::release::act::ReleaseAct;
use crate::release::status_file;
use semver::Version;

/// Withdraws a version of a task.
pub fn withdraw(request: &StateRequest, version: &Version, progress: &Progress) -> Diagnosed<Ended> {
    let act = ReleaseAct::Withdraw { task: request.task.clone(), version: version.to_string() };
    task_state::change(request, act, progress, |task, old, time| {
        let Some(release) = task.sealed().find(|release| release.version == *version) else {
            let sealed: Vec<String> = task.sealed().map(|release| release.version.to_string()).collect();
            return Err(Fault::whole(format!("`{}` has no version {version}", task.id))
                .maybe((!sealed.is_empty()).then(|| format!("sealed are {}", sealed.join(", ")))));
        };
        if let Some(end) = &release.withdrawn {
            let message = format!("version {version} was withdrawn on {}: {}", end.time.day(), end.because);
            return Err(Fault::whole(message));
        }
        if time.instant() < release.time.instant() {
            let (time, sealed) = (time.in_words(), release.time.in_words());
            return Err(Fault::whole(format!("{time} is before {sealed}, when {version} was sealed")));
        }
        status_file::withdrawn(old, version, time.instant(), &request.because)
    })
}
