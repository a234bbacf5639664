//! Retiring: a task that is over.
//!
//! In: a request. Out: a line more in the state of the task. It goes from the list of tasks and stays readable.

use super::task_state::{self, Ended, StateRequest};
use crate::diagnostic::{Diagnosed, Fault};
use crate::progress::Progress;
use crate::release::act::ReleaseAct;
use crate::release::status_file;

/// Retires a task.
pub fn retire(request: &StateRequest, progress: &Progress) -> Diagnosed<Ended> {
    let act = ReleaseAct::Retire { task: request.task.clone() };
    task_state::change(request, act, progress, |task, old, time| {
        if let Some(end) = &task.state.retired {
            return Err(Fault::whole(format!("`{}` was retired on {}: {}", task.id, end.time.day(), end.because)));
        }
        if task.sealed().next().is_none() {
            return Err(Fault::whole(format!("nothing of `{}` is sealed, so that nobody reads it", task.id))
                .help("delete its folder"));
        }
        status_file::retired(old, time.instant(), &request.because)
    })
}
