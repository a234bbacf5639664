//! Init: a small site to start from.
//!
//! In: a folder. Out: the starter's files in it, with its task sealed, so that the first build shows something to a
//! contractor. A file that is there already is never touched.

use super::release::{ReleaseRequest, Released, release};
use crate::diagnostic::{Diagnosed, Diagnostics, Place, rules};
use crate::disk;
use crate::progress::Progress;
use jiff::civil::Date;
use semver::Version;
use std::path::{Path, PathBuf};

macro_rules! starter {
    ($($path:literal),* $(,)?) => {
        [$(($path, include_str!(concat!("../../starter/", $path)))),*]
    };
}

const STARTER: [(&str, &str); 11] = starter![
    "goldbook.yaml",
    "gitignore",
    "content/pages/welcome.md",
    "content/tasks/summary-check/task.md",
    "content/tasks/summary-check/rubric.md",
    "content/tasks/summary-check/examples/missed-total.md",
    "content/tasks/summary-check/examples/wrong-file.md",
    "content/tasks/summary-check/trajectories/run-001.json",
    "content/tasks/summary-check/trajectories/run-002.json",
    "content/cohorts/first-cohort.yaml",
    "content/ratings/first-week.csv",
];

/// The starter's task.
const TASK: &str = "summary-check";
/// The day it is sealed, whatever day it is: the starter's ratings were made under this version.
const SEALED: Date = jiff::civil::date(2026, 10, 30);
/// Its seal, which is written last.
const LOCK: &str = "content/releases/summary-check/1.0.0.yaml";

/// Writes the starter into `folder` and seals its task.
pub fn init(folder: &Path) -> Diagnosed<Released> {
    let mut diagnostics = Diagnostics::default();
    // What is there with the very same bytes was left by a run that was cut short, unless its seal is there too.
    let is_taken = |place: &PathBuf, text: &str| disk::exists(place) && !disk::holds(place, text.as_bytes());
    let mut files = [(LOCK, "")].into_iter().chain(STARTER).map(|(path, text)| (folder.join(path), text));
    let taken = files.find(|(place, text)| is_taken(place, text));
    if let Some((place, _)) = taken {
        let message = "there is a file here already: nothing was written";
        diagnostics
            .add(rules::FOREIGN_FOLDER, Place::file(place.display().to_string()), message)
            .help("name an empty folder: `goldbook init my-programme`");
        return Diagnosed { value: None, diagnostics };
    }
    for (path, text) in STARTER {
        let path = if path == "gitignore" { ".gitignore" } else { path };
        let place = folder.join(path);
        if disk::exists(&place) {
            continue;
        }
        if let Err(error) = disk::write_new(&place, text.as_bytes()) {
            diagnostics.machine(&error, Path::new(""));
            return Diagnosed { value: None, diagnostics };
        }
    }
    let request = ReleaseRequest {
        root: folder.to_owned(),
        task: TASK.to_owned(),
        version: Version::new(1, 0, 0),
        note: "First version".to_owned(),
        date: SEALED,
    };
    release(&request, &Progress::hidden())
}
